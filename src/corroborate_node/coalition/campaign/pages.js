// A file that is dropped or chosen is sent at once; times get the reader's own clock, beside UTC or, in lists, in its place. Without it the button
// and UTC do.
"use strict";
for (const field of document.querySelectorAll("[data-at-once] input[type=file]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && zone !== "UTC") {
  for (const choice of document.querySelectorAll("select[data-zone]")) {
    if (![...choice.options].some((one) => one.value === zone)) choice.add(new Option(zone, zone));
    choice.value = zone;
  }
  const told = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "short" }); // 2026-03-01 18:00, as in UTC
  const named = new Intl.DateTimeFormat("en", { timeZoneName: "shortOffset" });
  // "UTC+9": a clock that is not named is read as any other
  const offset = (at) => named.formatToParts(at).find((one) => one.type === "timeZoneName").value.replace("GMT", "UTC");
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (!time.dateTime.includes("T") || Number.isNaN(at.getTime())) continue;
    if (time.closest("td, li") && !("both" in time.dataset)) {
      time.title = `${time.textContent.trim()}; ${zone}`;
      time.textContent = `${told.format(at)} ${offset(at)}`;
    } else {
      time.insertAdjacentText("afterend", ` (${told.format(at)} ${zone})`);
    }
  }
}
