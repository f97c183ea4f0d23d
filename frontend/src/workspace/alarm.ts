// The one alarm above the list: how many wait too long, and the way to whoever waits longest.

import { el } from "../thread/dom.ts";
import { duration, readJson, say } from "../thread/texts.ts";
import { alarmOf, type Wait } from "./waits.ts";

const title = document.title;
const said = el("div", { class: "sw-hidden-visually", role: "status" });
let lastCount = 0;

function show(): void {
  const place = document.querySelector<HTMLAnchorElement>("#ws-alarm");
  const alarm = alarmOf(readJson<Wait[] | null>("workspace-waits") ?? [], Date.now());
  document.title = alarm ? `(${alarm.count}) ${title}` : title;
  if (!place) return;
  place.hidden = alarm === null;
  if (!alarm) {
    lastCount = 0;
    return;
  }
  const words = place.querySelector("[data-alarm-words]");
  const text = say("alarm", { n: alarm.count, time: duration(alarm.seconds) });
  if (words && words.textContent !== text) words.textContent = text;
  // The seconds tick silently; only one more who waits is worth saying.
  if (alarm.count > lastCount) said.textContent = text;
  place.dataset.id = String(alarm.id);
  lastCount = alarm.count;
  place.href = (place.dataset.url ?? "").replace("/0", `/${alarm.id}`);
}

/** Where the row is in the list, opening it keeps the page; else the page is loaded. */
function onClick(event: MouseEvent): void {
  const place = event.target instanceof Element ? event.target.closest<HTMLElement>("#ws-alarm") : null;
  const row = place && document.querySelector<HTMLElement>(`#ws-rows a[data-row="${place.dataset.id}"]`);
  if (!row) return;
  event.preventDefault();
  row.click();
}

export function startAlarm(): void {
  document.body.append(said);
  setInterval(show, 1000);
  document.addEventListener("click", onClick);
  document.addEventListener("htmx:afterSettle", show);
  show();
}
