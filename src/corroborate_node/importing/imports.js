// A file dropped on the page is put into the field; how far a job is, is asked. Without this script the field and the
// link "look again" do the same.
"use strict";
const field = document.querySelector("input[type=file]");
if (field) {
  const place = field.closest("form");
  for (const name of ["dragover", "drop"]) place.addEventListener(name, (event) => event.preventDefault());
  place.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
  });
}
const shown = document.querySelector("[data-progress]");
const ask = async () => {
  try {
    const answer = await fetch(shown.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) {
      const now = await answer.json();
      if (!now.under_way) return location.replace(location.pathname);
      shown.querySelector("progress").value = now.share;
      shown.querySelector("[data-share]").textContent = `${Math.round(100 * now.share)} %`;
      const step = shown.querySelector("[data-step]");
      if (step.textContent !== now.said) step.textContent = now.said;
    }
  } catch {
    // the server is away: ask again
  }
  setTimeout(ask, 1000);
};
if (shown) setTimeout(ask, 500);
