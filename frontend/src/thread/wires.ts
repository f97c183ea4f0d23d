// The browser's socket, clock and fetch in the shapes that the chat modules expect.

import type { Answer } from "../chat/session.ts";
import type { Clock, Dial } from "../chat/transport.ts";

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => setTimeout(run, milliseconds),
  cancel: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  random: () => Math.random(),
};

export function dialTo(path: string): Dial {
  return (events) => {
    const address = new URL(path, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.addEventListener("open", () => events.opened());
    socket.addEventListener("message", (event) => events.heard(String(event.data)));
    socket.addEventListener("close", (event) => events.closed(event.code));
    return { send: (text) => socket.send(text), close: () => socket.close() };
  };
}

const GIVE_UP = 8000;

/** One request with JSON both ways; never throws. Status 0: nothing came back in time. */
export async function ask<Body>(
  method: "GET" | "POST",
  url: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer<Body>> {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), GIVE_UP);
  try {
    const response = await fetch(url, {
      method,
      signal: control.signal,
      cache: "no-store",
      headers: { ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json().catch(() => null)) as (Body & { error?: string }) | null;
    return { status: response.status, body: answer, error: answer?.error ?? "" };
  } catch {
    return { status: 0, body: null, error: "" };
  } finally {
    clearTimeout(timer);
  }
}
