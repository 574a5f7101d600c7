// The microphone: what it records lies in the browser's memory until it is laid beside the draft, sealed, as any file.
// Without this script, or without a microphone, a file is chosen.
"use strict";
const place = document.getElementById("microphone");
const given = document.querySelector("#files input[type=file]");
if (place && given && navigator.mediaDevices && window.MediaRecorder) {
  const button = place.querySelector("button");
  const told = place.querySelector("output");
  let recorder = null;
  let clock = null;
  place.hidden = false;
  const two = (number) => String(number).padStart(2, "0");
  const ended = (parts, media) => {
    clearInterval(clock);
    const day = new Date();
    const name = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}-${two(day.getHours())}${two(day.getMinutes())}`;
    const holder = new DataTransfer();
    holder.items.add(new File(parts, `${name}.${media.includes("ogg") ? "ogg" : media.includes("mp4") ? "m4a" : "webm"}`, { type: media }));
    given.files = holder.files;
    given.dispatchEvent(new Event("change", { bubbles: true }));
    button.textContent = place.dataset.off;
    told.textContent = place.dataset.ready;
    recorder = null;
  };
  button.addEventListener("click", async () => {
    if (recorder) return recorder.stop();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      told.textContent = place.dataset.refused;
      return;
    }
    const parts = [];
    const began = Date.now();
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      for (const one of stream.getTracks()) one.stop();  // the browser's sign that it listens goes out
      ended(parts, recorder?.mimeType || "audio/webm");
    });
    recorder.start(1000);
    button.textContent = place.dataset.on;
    clock = setInterval(() => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      told.textContent = `● ${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    }, 500);
  });
  window.addEventListener("beforeunload", (event) => { if (recorder) event.preventDefault(); });
}
