// One key: / goes to the box of the question, wherever somebody is on the page.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || event.key !== "/") return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "")) return;
  const box = document.querySelector('[data-key="/"]');
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
