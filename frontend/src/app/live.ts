// The live socket of a staff page. The server says that something changed, never what: regions re-fetch themselves.
//
//   <section data-live="staff:message conversation:12:*" hx-get="..." hx-trigger="live">
//
// Each word is a topic (or the beginning of one) and, after the last colon, the name of the nudge; * is any name.
// After a break every region re-fetches (live:resync), so that nothing is missed.

import { pageText } from "./dom";
import { Backoff, matches, type Nudge } from "./nudges";

const CALM = 400; // Several nudges within this time redraw a region once more, not each time.
const SPREAD = 1500; // After a restart of the server, clients come back spread over this time.
const SIGNED_OUT = [4401, 4403];

const backoff = new Backoff();
const resting = new WeakMap<Element, { again: boolean }>();
let socket: WebSocket | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let barAfter: ReturnType<typeof setTimeout> | undefined;
let wasUp = false;
let heartbeat = 0;
let heardAt = 0;

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
    if (mine.again && element.isConnected) redraw(element);
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

function onDown(event: CloseEvent): void {
  socket = null;
  say("live:down");
  if (SIGNED_OUT.includes(event.code)) return showBar(pageText("signed-out"));
  // A hiccup of two seconds is nobody's concern.
  barAfter ??= setTimeout(() => showBar(pageText("live-down")), 2000);
  retry = setTimeout(connect, backoff.next());
}

function onUp(): void {
  clearTimeout(barAfter);
  barAfter = undefined;
  backoff.reset();
  showBar("");
  say("live:up");
  if (wasUp) setTimeout(resync, Math.random() * SPREAD);
  wasUp = true;
}

function onFrame(text: string): void {
  heardAt = Date.now();
  const frame = JSON.parse(text) as { type: string; every?: number };
  if (frame.type === "nudge") onNudge(frame as Nudge);
  else if (frame.type === "hello") heartbeat = (frame.every ?? 0) * 1000;
  else say("live:frame", frame);
}

function connect(): void {
  clearTimeout(retry);
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  const address = new URL(document.body.dataset.liveUrl ?? "", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  heartbeat = 0;
  const mine = (socket = new WebSocket(address));
  mine.addEventListener("open", onUp);
  mine.addEventListener("message", (event) => onFrame(String(event.data)));
  mine.addEventListener("close", (event) => mine === socket && onDown(event));
}

/** A socket that promised a heartbeat and is silent for twice as long is dead, whatever the browser thinks. */
function watchHeartbeat(): void {
  if (heartbeat && socket?.readyState === WebSocket.OPEN && Date.now() - heardAt > 2 * heartbeat) socket.close();
}

export function startLive(): void {
  if (!document.body.dataset.liveUrl) return;
  connect();
  setInterval(watchHeartbeat, 5000);
  addEventListener("online", () => (socket ? resync() : connect()));
  document.addEventListener("visibilitychange", () => !document.hidden && !socket && connect());
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-live-retry]")) connect();
  });
  document.addEventListener("live:send", (event) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify((event as CustomEvent<unknown>).detail));
  });
}
