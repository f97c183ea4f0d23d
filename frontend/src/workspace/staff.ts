// A staff screen's session: lines come over the one socket of the page, or by polling.

import { Outbox, type Entry, type Store } from "../chat/outbox.ts";
import { Session, type Answer, type LineHttp, type Posted } from "../chat/session.ts";
import type { Frame, Link, LinkEvents } from "../chat/transport.ts";
import type { Line, LinesFrame, StaffState } from "../chat/types.ts";
import { ask, browserClock } from "../thread/wires.ts";
import { csrf, type Place } from "./config.ts";

/** The page's socket (src/app/live.ts) as the link of one conversation. */
export class LiveLink implements Link {
  readonly #conversation: number;
  #events: LinkEvents | null = null;
  #listening = new AbortController();

  constructor(conversation: number) {
    this.#conversation = conversation;
  }

  get isUp(): boolean {
    return document.documentElement.dataset.liveState === "up";
  }

  start(events: LinkEvents): void {
    this.#listening = new AbortController();
    this.#events = events;
    const { signal } = this.#listening;
    document.addEventListener("live:up", () => events.up(), { signal });
    document.addEventListener("live:down", () => events.down(), { signal });
    document.addEventListener("live:frame", (event) => this.#heard((event as CustomEvent<Frame>).detail), { signal });
    if (this.isUp) events.up();
  }

  stop(): void {
    if (!this.#events) return;
    this.#listening.abort();
    this.#events = null;
    this.transmit({ type: "unfollow" });
  }

  transmit(frame: Frame): boolean {
    const detail = { ...frame, conversation: this.#conversation };
    return !document.dispatchEvent(new CustomEvent("live:send", { detail, cancelable: true }));
  }

  check(): void {
    document.dispatchEvent(new CustomEvent("live:check"));
  }

  drop(): void {
    document.dispatchEvent(new CustomEvent("live:drop"));
  }

  #heard(frame: Frame): void {
    if (frame.conversation === this.#conversation) this.#events?.frame(frame);
  }
}

class StaffHttp implements LineHttp<StaffState> {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  open(): Promise<Answer<LinesFrame<StaffState>>> {
    return this.fetchLines(0);
  }

  fetchLines(after: number): Promise<Answer<LinesFrame<StaffState>>> {
    return ask("GET", `${this.#url}?after=${after}`, {});
  }

  post(entry: Entry): Promise<Answer<Posted<StaffState>>> {
    const { client_id, text, files, extra } = entry;
    return ask("POST", this.#url, csrf(), { client_id, text, files: files.map((file) => file.file), ...extra });
  }

  /** What is seen and typed goes by the socket only: a screen that polls says it when it is back. */
  tell(): void {}
}

export function staffSession(
  place: Place,
  store: Store,
  parts: { changed(): void; newer(entry: Entry, lines: Line[]): void },
): Session<StaffState> {
  const manner = { isWatched: () => !document.hidden, isServed: () => false };
  return new Session<StaffState>({
    link: new LiveLink(place.conversation),
    http: new StaffHttp(place.linesUrl),
    clock: browserClock,
    manner,
    outbox: new Outbox(store, `shouwen:desk:${place.conversation}:`),
    hello: (after) => ({ type: "follow", after }),
    ...parts,
  });
}
