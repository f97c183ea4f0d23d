// Times that move: <time data-ago> ("5 minutes ago") and <time data-elapsed> (a wait that counts up and turns red), <time data-due> (a promise that counts down).

import { pageText } from "./dom";

const HOUR = 3600;

function secondsSince(element: HTMLTimeElement): number {
  return Math.max(0, Math.floor((Date.now() - Date.parse(element.dateTime)) / 1000));
}

/** Only within the hour: beyond, the server's text (time, day) stays true. */
function ago(element: HTMLTimeElement): void {
  const seconds = secondsSince(element);
  if (Date.parse(element.dateTime) > Date.now() || seconds >= HOUR) return;
  element.textContent = seconds < 60 ? pageText("just-now") : pageText("minutes-ago").replace("{n}", String(Math.floor(seconds / 60)));
}

function length(seconds: number): string {
  const [name, n] = seconds < 180 ? ["seconds", seconds] : seconds < 3 * HOUR ? ["minutes", Math.floor(seconds / 60)] : ["hours", Math.floor(seconds / HOUR)];
  return pageText(String(name)).replace("{n}", String(n));
}

function elapsed(element: HTMLTimeElement): void {
  const seconds = secondsSince(element);
  const { near, late } = element.dataset;
  element.textContent = length(seconds);
  element.dataset.tone = late && seconds >= Number(late) ? "late" : near && seconds >= Number(near) ? "near" : "plain";
}

/** A promise: how long is left, and from its moment on how long it is overdue. */
function due(element: HTMLTimeElement): void {
  const seconds = Math.floor((Date.parse(element.dateTime) - Date.now()) / 1000);
  element.textContent = pageText(seconds < 0 ? "overdue" : "left").replace("{n}", length(Math.abs(seconds)));
  element.dataset.tone = seconds < 0 ? "late" : seconds < Number(element.dataset.near) ? "near" : "plain";
}

export function startTimes(): void {
  const every = (selector: string, show: (one: HTMLTimeElement) => void) => () =>
    document.querySelectorAll<HTMLTimeElement>(selector).forEach(show);
  setInterval(every("time[data-elapsed]", elapsed), 1000);
  setInterval(every("time[data-due]", due), 1000);
  setInterval(every("time[data-ago]", ago), 20_000);
  document.addEventListener("htmx:load", every("time[data-elapsed]", elapsed));
  document.addEventListener("htmx:load", every("time[data-due]", due));
  every("time[data-elapsed]", elapsed)();
  every("time[data-due]", due)();
}
