// A key presses the button or follows the link that carries its letter. Without this script the same buttons and links
// are there; nothing else depends on it.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  if (typing) {
    if (event.key === "Escape") document.activeElement.blur();
    return;
  }
  // by the key's place as well: under a Korean or Japanese input method the letter typed is another
  const letter = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
  const target = document.querySelector(`[data-key="${CSS.escape(letter)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("textarea, input, details")) target.focus();
  else target.click();
});
