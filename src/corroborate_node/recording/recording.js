// Quicker typing: Enter goes on to the next row, Ctrl+Enter looks over and records, names are found as they are typed,
// and what was typed is kept by itself. Without this script the buttons of the page do the same.
"use strict";
const form = document.querySelector("form.recording");
const said = document.getElementById("kept");
const somebody = document.getElementById("somebody");
const local = [...somebody.options].map((one) => one.value);
let changed = 0;
let timer = null;

const focusOn = (row) => row.querySelector("input, select, textarea")?.focus();

const add = (section) => {
  const template = section.querySelector("template");
  if (!template) return null;
  const rows = section.querySelector(".rows");
  const number = 1 + Math.max(-1, ...[...rows.children].map((one) => Number(one.id.split("-").pop())));
  const made = template.content.firstElementChild.cloneNode(true);
  const part = section.dataset.part;
  const numbered = (text) => text.replaceAll(`${part}-999`, `${part}-${number}`);
  for (const one of [made, ...made.querySelectorAll("*")]) {
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      if (one.hasAttribute(name)) one.setAttribute(name, numbered(one.getAttribute(name)));
    }
  }
  made.querySelector("legend").append(` ${rows.children.length + 1}`);
  rows.append(made);
  return made;
};

const next = (row) => {
  const made = row.nextElementSibling ?? add(row.closest("[data-part]"));
  if (made) focusOn(made);
};

// --- kept as one types ---

const SOON = 1000;  // milliseconds from the first key that is not kept yet, however long one types on
let saving = Promise.resolve("kept");
let leaving = false;

const post = async () => {
  const sent = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  sent.set("act", "keep");
  return fetch(location.pathname, { method: "POST", body: sent, headers: { Accept: "application/json" } });
};
const renewed = async () => {  // another log-in, in another window, has made the page's token old
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
  const token = page.querySelector("form.recording [name=csrfmiddlewaretoken]");
  if (token) form.elements.csrfmiddlewaretoken.value = token.value;
  return Boolean(token);
};
const once = async () => {
  const before = changed;
  try {
    let answer = await post();
    if (answer.status === 403 && (await renewed())) answer = await post();
    const now = await answer.json();
    if (now.kept) form.elements.version.value = now.version;
    said.textContent = now.said;
    if (now.kept && before === changed) changed = 0;
    return now.kept ? "kept" : "refused";
  } catch {
    said.textContent = said.dataset.away;  // the server is away, or the session has ended: it stays on the page
    return "away";
  }
};
const keep = () => (saving = saving.then(() => (changed ? once() : "kept")));  // one after the other: each has a version
const soon = (wait) => {
  timer ??= setTimeout(async () => {
    timer = null;
    const told = await keep();
    if (changed && told !== "refused") soon(told === "away" ? 5 * SOON : SOON);
  }, wait);
};

form.addEventListener("input", (event) => {
  if (event.target.name === "reviewer") return;  // who is to read it is no word of the draft
  changed += 1;
  form.elements.looked.value = "";
  soon(SOON);
});
addEventListener("beforeunload", (event) => {
  if (changed && !leaving) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keep();
});
document.addEventListener("submit", async (event) => {
  const { target, submitter } = event;
  if (leaving) return;
  if (!changed || submitter?.value === "discard-now") {
    leaving = true;
    return;
  }
  event.preventDefault();
  const told = await keep();
  if (told === "away") return;
  leaving = true;
  target.requestSubmit(submitter);  // what was refused is told on the page, with everything that was typed
});
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  if (!changed || !link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.target || link.pathname === location.pathname) return;
  event.preventDefault();
  if ((await keep()) !== "kept") return;
  leaving = true;
  location.assign(link.href);
});
addEventListener("pageshow", () => {
  leaving = false;
});
for (const one of document.querySelectorAll('input[form="draft"][type=search]')) {
  one.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(document.querySelector('button[form="draft"][value="find"]'));
  });
}

// --- keys ---

form.addEventListener("click", (event) => {
  const button = event.target.closest('button[value^="add-"]');
  if (!button) return;
  const made = add(button.closest("[data-part]"));
  if (made) {
    event.preventDefault();
    focusOn(made);
  }
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit(document.getElementById("record-now") ?? document.getElementById("look"));
    return;
  }
  if (event.target.matches("button, textarea, select, summary")) return;
  event.preventDefault();
  const row = event.target.closest(".row");
  if (row) next(row);
});

// --- people, found as their names are typed ---

const offered = (field, found) => {
  const [, before] = field.value.match(/^(.*[,，、;；]\s*)?[^,，、;；]*$/s) ?? [];
  const typed = field.value.slice((before ?? "").length);
  const names = [...local, ...named(), ...found].filter((one) => one && one !== typed);
  somebody.replaceChildren(
    ...[...new Set(names)].map((name) => {
      const one = document.createElement("option");
      one.value = (before ?? "") + name;
      return one;
    }),
  );
};
const named = () => [...form.querySelectorAll('[name^="people-"][name$="-names"]')].flatMap((one) => one.value.split(/[;；]/)).map((one) => one.trim());
let asking = null;
form.addEventListener("input", (event) => {
  if (event.target.getAttribute("list") !== "somebody") return;
  const typed = event.target.value.split(/[,，、;；]/).pop().trim();
  offered(event.target, []);
  clearTimeout(asking);
  if (typed.length < 2 || event.target.name.startsWith("consent")) return;
  asking = setTimeout(async () => {
    try {
      const answer = await fetch(`/record/people.json?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) offered(event.target, (await answer.json()).found.map((one) => one.name));
    } catch {
      // the server is away: names of the draft are offered
    }
  }, 300);
});
const first = document.getElementById("sure") ?? document.getElementById("wrong-here") ?? document.getElementById("record-now");
if (first) first.focus();
const begun = document.querySelector("[data-focus] .row:last-child");
if (begun) focusOn(begun);
