// The live socket of a staff page. The server says that something changed, never what: regions re-fetch themselves.
//
//   <section data-live="staff:message conversation:12:*" hx-get="..." hx-trigger="live">
//
// Each word is a topic (or the beginning of one) and, after the last colon, the name of the nudge; * is any name.
// After a break every region re-fetches (live:resync), so that nothing is missed.

import { SocketLink, type Frame } from "../chat/transport.ts";
import { browserClock, dialTo } from "../thread/wires.ts";
import { pageText } from "./dom";
import { matches, type Nudge } from "./nudges";

const CALM = 400; // Several nudges within this time redraw a region once more, not each time.
const SPREAD = 1500; // After a restart of the server, clients come back spread over this time.

const resting = new WeakMap<Element, { again: boolean }>();
let barAfter: ReturnType<typeof setTimeout> | undefined;
let wasUp = false;

function say(name: string, detail?: unknown): void {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

function redraw(element: Element): void {
  const rest = resting.get(element);
  if (rest) {
    rest.again = true;
    return;
  }
  const mine = { again: false };
  resting.set(element, mine);
  window.htmx.trigger(element, "live");
  setTimeout(() => {
    resting.delete(element);
    // Drawn anew, it is another element under the same name.
    const now = element.isConnected ? element : element.id ? document.getElementById(element.id) : null;
    if (mine.again && now) redraw(now);
  }, CALM);
}

function onNudge(nudge: Nudge): void {
  say("live:nudge", nudge);
  for (const element of document.querySelectorAll<HTMLElement>("[data-live]")) {
    if (element.dataset.liveId && Number(element.dataset.liveId) !== nudge.id) continue;
    if (matches(element.dataset.live ?? "", nudge)) redraw(element);
  }
}

function resync(): void {
  say("live:resync");
  document.querySelectorAll("[data-live]").forEach(redraw);
}

function showBar(text: string): void {
  const bar = document.querySelector<HTMLElement>("#live-bar");
  if (!bar) return;
  const words = bar.querySelector("[data-live-text]");
  if (words) words.textContent = text;
  bar.hidden = text === "";
}

function onDown(): void {
  document.documentElement.dataset.liveState = "down";
  say("live:down");
  // A hiccup of two seconds is nobody's concern.
  barAfter ??= setTimeout(() => showBar(pageText("live-down")), 2000);
}

function onUp(): void {
  clearTimeout(barAfter);
  barAfter = undefined;
  showBar("");
  document.documentElement.dataset.liveState = "up";
  say("live:up");
  if (wasUp) setTimeout(resync, Math.random() * SPREAD);
  wasUp = true;
}

function onTurnedAway(): void {
  clearTimeout(barAfter);
  document.documentElement.dataset.liveState = "ended";
  say("live:down");
  showBar(pageText("signed-out"));
}

export function startLive(): void {
  const address = document.body.dataset.liveUrl;
  if (!address) return;
  const link = new SocketLink(dialTo(address), browserClock, { isWatched: () => !document.hidden, isServed: () => false });
  link.start({
    up: onUp,
    down: onDown,
    turnedAway: onTurnedAway,
    frame: (frame) => (frame.type === "nudge" ? onNudge(frame as unknown as Nudge) : say("live:frame", frame)),
  });
  const wake = () => {
    if (!document.hidden) link.check();
  };
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  document.addEventListener("live:check", wake);
  document.addEventListener("live:drop", () => link.drop());
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-live-retry]")) link.check();
  });
  // Whoever sends learns from the event whether an open socket took the frame.
  document.addEventListener("live:send", (event) => {
    if (link.transmit((event as CustomEvent<Frame>).detail)) event.preventDefault();
  });
}
