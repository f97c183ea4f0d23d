// The widget's side of the talk with the page that embeds it. Anybody else is not listened to.

import { isAllowed } from "../chat/origins.ts";

export interface Hello {
  token: string;
  kept: Record<string, string>; // What the host page keeps for us where our own storage is closed.
  page: { url: string; title: string };
  isOpen: boolean;
}

export interface Host {
  tell(message: Record<string, unknown>): void;
}

interface Message extends Partial<Hello> {
  shouwen?: number;
  type?: string;
}

/** Waits for the loader's hello. `changed` hears whether the visitor sees the widget. */
export function listenToHost(
  allowed: readonly string[],
  parts: { hello(hello: Hello, host: Host): void; changed(isOpen: boolean): void },
): void {
  let greeted = "";
  addEventListener("message", (event: MessageEvent<Message | null>) => {
    const message = event.data;
    if (event.source !== window.parent || event.source === window || !isAllowed(event.origin, allowed)) return;
    if (message?.shouwen !== 1 || (greeted && greeted !== event.origin)) return;
    if (message.type === "hello" && !greeted) {
      greeted = event.origin;
      const host = { tell: (words: Record<string, unknown>) => window.parent.postMessage({ shouwen: 1, ...words }, greeted) };
      parts.hello({ token: text(message.token), kept: keptOf(message.kept), page: pageOf(message.page), isOpen: message.isOpen === true }, host);
    } else if (message.type === "open" || message.type === "close") parts.changed(message.type === "open");
  });
}

const text = (value: unknown, longest = 500): string => (typeof value === "string" ? value.slice(0, longest) : "");

function pageOf(page: unknown): Hello["page"] {
  const { url, title } = (page ?? {}) as Record<string, unknown>;
  return { url: text(url), title: text(title, 200) };
}

function keptOf(kept: unknown): Record<string, string> {
  const entries = Object.entries((kept ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
