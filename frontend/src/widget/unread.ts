// What the visitor has not seen yet: told to the host page's button.

import type { Session } from "../chat/session.ts";
import type { VisitorState } from "../chat/types.ts";

export class Unread {
  readonly #session: Session<VisitorState>;
  #seen = { number: "", seq: 0 };

  constructor(session: Session<VisitorState>) {
    this.#session = session;
  }

  /** The newest answer is on the visitor's screen. */
  see(): void {
    const last = this.#session.thread.lastSeq("agent");
    if (last <= this.#seenSeq()) return;
    this.#seen = { number: this.#session.state?.number ?? "", seq: last };
    this.#session.read(last);
  }

  count(): number {
    const seen = this.#seenSeq();
    return this.#session.thread.lines().filter((line) => line.kind === "agent" && line.seq > seen).length;
  }

  #seenSeq(): number {
    const state = this.#session.state;
    return Math.max(state?.my_read_seq ?? 0, this.#seen.number === (state?.number ?? "") ? this.#seen.seq : 0);
  }
}
