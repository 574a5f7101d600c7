// Asks how far the estimate is, and shows the result when there is one. Without this script the link "look again" does.
"use strict";
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
if (shown) setTimeout(ask, 1000);
