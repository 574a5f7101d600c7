// Quicker looking: keys for the player and for pages, and regions drawn on a page. Without this script the player has
// its own buttons, passages lead to their place, pages have their links, and regions are written as numbers.
"use strict";
const typing = (event) => event.ctrlKey || event.metaKey || event.altKey || event.isComposing ||
  ["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName);

// --- playing ---

const player = document.getElementById("player");
const two = (number) => String(number).padStart(2, "0");
const code = (at) => [Math.floor(at / 3600), Math.floor(at / 60) % 60, Math.floor(at) % 60].map(two).join(":");
if (player) {
  const now = document.getElementById("now");
  const passages = [...document.querySelectorAll("li[data-at]")];
  const step = { play: () => (player.paused ? player.play() : player.pause()),
                 back: () => { player.currentTime = Math.max(0, player.currentTime - 2); },
                 on: () => { player.currentTime += 2; } };
  const words = document.querySelector("#typing textarea[name=text]");
  if (words) {
    step.mark = () => {
      const before = words.value.slice(0, words.selectionStart).trimEnd();
      const line = `${before ? "\n" : ""}[${code(player.currentTime)}] `;
      words.setRangeText(line, before.length, words.selectionEnd, "end");
      words.dispatchEvent(new Event("input", { bubbles: true }));
      words.focus();
    };
    words.addEventListener("keydown", (event) => {
      const name = { Escape: "play", F2: "back", F4: "mark" }[event.key];
      if (!name || event.isComposing) return;
      event.preventDefault();
      step[name]();
    });
  }
  for (const one of document.querySelectorAll(".playing")) one.hidden = false;
  for (const one of document.querySelectorAll("[data-play]")) one.addEventListener("click", step[one.dataset.play]);
  for (const one of document.querySelectorAll("[data-jump]")) {
    one.addEventListener("click", (event) => {
      event.preventDefault();
      player.currentTime = Number(one.dataset.jump);
      player.play();
    });
  }
  player.addEventListener("timeupdate", () => {
    if (now) now.textContent = code(player.currentTime);
    const here = passages.filter((one) => Number(one.dataset.at) <= player.currentTime + 0.05).pop();
    for (const one of passages) one.toggleAttribute("aria-current", one === here);
  });
  document.addEventListener("keydown", (event) => {
    const name = { k: "play", j: "back", l: "on" }[event.key.toLowerCase()];
    if (typing(event) || !name) return;
    event.preventDefault();
    step[name]();
  });
}

// --- kept as one types ---

const form = document.getElementById("typing");
if (form) {
  const said = document.getElementById("kept");
  let timer = null;
  const keep = async () => {
    timer = null;
    const sent = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    sent.set("act", "keep");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: sent, headers: { Accept: "application/json" } });
      said.textContent = (await answer.json()).said;
    } catch {
      said.textContent = said.dataset.away;
      timer ??= setTimeout(keep, 5000);
    }
  };
  form.addEventListener("input", () => { timer ??= setTimeout(keep, 1000); });
}

// --- pages ---

document.addEventListener("keydown", (event) => {
  if (typing(event) || event.target.id === "sheet") return;
  const link = { PageUp: "prev", PageDown: "next" }[event.key];
  const found = link && document.querySelector(`a[rel=${link}]`);
  if (!found) return;
  event.preventDefault();
  found.click();
});

// --- regions drawn on a page ---

const marking = document.querySelector(".marking");
const leaf = document.getElementById("leaf");
const out = document.querySelector("textarea[name=out]");
if (marking && leaf && out) {
  const page = Number(marking.dataset.page);
  const sheet = document.createElement("div");
  sheet.id = "sheet";
  sheet.tabIndex = 0;
  sheet.setAttribute("role", "application");
  sheet.setAttribute("aria-label", marking.dataset.label);
  leaf.replaceWith(sheet);
  sheet.append(leaf);
  const waiting = { left: 40, top: 45, width: 20, height: 4, at: false };
  const round = (number) => Math.round(number * 100) / 100;
  const place = (box, one) => {
    for (const side of ["left", "top", "width", "height"]) box.style[side] = `${one[side]}%`;
  };
  const box = (one, kind) => {
    const made = document.createElement("div");
    made.className = kind;
    place(made, one);
    sheet.append(made);
    return made;
  };
  const shown = () => {
    for (const one of sheet.querySelectorAll("div")) one.remove();
    for (const line of out.value.split("\n")) {
      const [of, left, top, width, height] = line.trim().split(/[\s,%]+/).map(Number);
      if (of === page && height > 0) box({ left, top, width, height }, "black");
    }
    if (waiting.at) box(waiting, "frame");
  };
  const add = (one) => {
    const line = [page, one.left, one.top, one.width, one.height].map(round).join(" ");
    out.value = `${out.value.trimEnd()}\n${line}`.trim();
    shown();
  };
  const at = (event) => {
    const here = sheet.getBoundingClientRect();
    const within = (number) => Math.min(100, Math.max(0, number));
    return { x: within(((event.clientX - here.left) / here.width) * 100),
             y: within(((event.clientY - here.top) / here.height) * 100) };
  };
  let from = null;
  let drawing = null;
  const between = (a, b) => ({ left: Math.min(a.x, b.x), top: Math.min(a.y, b.y),
                               width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) });
  leaf.draggable = false;
  sheet.addEventListener("pointerdown", (event) => {
    from = at(event);
    drawing = box(between(from, from), "frame");
    sheet.setPointerCapture(event.pointerId);
    event.preventDefault();
    sheet.focus();
  });
  sheet.addEventListener("pointermove", (event) => {
    if (from) place(drawing, between(from, at(event)));
  });
  sheet.addEventListener("pointerup", (event) => {
    const one = from && between(from, at(event));
    from = null;
    drawing?.remove();
    if (one && one.width > 0.2 && one.height > 0.2) add(one);
  });
  sheet.addEventListener("pointercancel", () => {
    from = null;
    drawing?.remove();
  });
  sheet.addEventListener("focus", () => { waiting.at = sheet.matches(":focus-visible"); shown(); });
  sheet.addEventListener("blur", () => { waiting.at = false; shown(); });
  sheet.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Enter") add(waiting);
    else if (event.key === "Backspace") {
      out.value = out.value.trimEnd().split("\n").slice(0, -1).join("\n");
      shown();
    } else if (by && event.shiftKey) {
      waiting.width = Math.min(100 - waiting.left, Math.max(0.5, waiting.width + by[0]));
      waiting.height = Math.min(100 - waiting.top, Math.max(0.5, waiting.height + by[1]));
    } else if (by) {
      waiting.left = Math.min(100 - waiting.width, Math.max(0, waiting.left + by[0]));
      waiting.top = Math.min(100 - waiting.height, Math.max(0, waiting.top + by[1]));
    } else return;
    event.preventDefault();
    waiting.at = true;
    shown();
  });
  out.addEventListener("input", shown);
  shown();
}
