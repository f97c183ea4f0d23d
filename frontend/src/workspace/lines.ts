// The lines of the open conversation: drawn once each, kept at the newest, times and marks in place.

import type { Row } from "../chat/merge.ts";
import type { Session } from "../chat/session.ts";
import type { Line, StaffState } from "../chat/types.ts";
import { fileView, words } from "../thread/content.ts";
import { el } from "../thread/dom.ts";
import { goToEnd, isAtEnd, Rows } from "../thread/rows.ts";
import { moment, say } from "../thread/texts.ts";
import type { Place, WorkspaceConfig } from "./config.ts";
import { part } from "./config.ts";
import { drawLine, stampOf, type LineDeeds, type LineView } from "./line.ts";

const RECALL_FOR = 115_000; // The server allows two minutes; the button goes a little before.

export interface EntryDeeds extends LineDeeds {
  resend(clientId: string): void;
  discard(clientId: string): void;
}

type Item = { row: Row; view: LineView | null };

export class Lines {
  readonly #place: Place;
  readonly #config: WorkspaceConfig;
  readonly #session: Session<StaffState>;
  readonly #deeds: EntryDeeds;
  readonly #box: HTMLElement;
  readonly #list = el("ol", { class: "rows" });
  readonly #note = el("p", { class: "said", role: "status" });
  readonly #newest: HTMLElement;
  readonly #rows: Rows<Item>;
  readonly #watch: ResizeObserver;
  #isNear = true;
  #hasJumped = false;

  constructor(place: Place, config: WorkspaceConfig, session: Session<StaffState>, deeds: EntryDeeds) {
    this.#place = place;
    this.#config = config;
    this.#session = session;
    this.#deeds = deeds;
    this.#box = part(place, "lines");
    this.#newest = el("button", { type: "button", class: "btn newest", hidden: true }, say("newest"));
    this.#rows = new Rows<Item>(this.#list, {
      key: ({ row }) => row.key,
      stamp: ({ row, view }) => (view ? stampOf(view) : row.type === "entry" ? `${row.entry.state}${row.entry.error}` : ""),
      draw: (item) => this.#draw(item),
    });
    this.#box.replaceChildren(this.#note, this.#list, this.#newest);
    this.#box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#newest.addEventListener("click", () => this.goToEnd());
    // Pictures that load late must not push the newest line out of sight.
    this.#watch = new ResizeObserver(() => this.#isNear && this.goToEnd());
    this.#watch.observe(this.#list);
  }

  /** Whether the newest line is on the screen of somebody who looks. */
  get isRead(): boolean {
    return this.#isNear && !document.hidden;
  }

  stop(): void {
    this.#watch.disconnect();
  }

  show(): void {
    const rows = this.#session.rows();
    const lastOurs = this.#session.thread.lastSeq("agent");
    this.#rows.show(rows.map((row): Item => ({ row, view: row.type === "line" ? this.#view(row.line, lastOurs) : null })));
    const isEmpty = this.#session.isOpened && rows.length === 0;
    const isStuck = !this.#session.isOpened && this.#session.connection !== "connecting";
    this.#note.textContent = isStuck ? say("failed_load") : !this.#session.isOpened ? say("loading") : isEmpty ? say("empty") : "";
    this.#note.hidden = !this.#note.textContent;
    if (this.#jump()) return;
    if (this.#isNear) this.goToEnd();
    else this.#newest.hidden = this.#session.thread.lastSeq() <= this.#seenTo();
  }

  goToEnd(): void {
    this.#isNear = true;
    this.#newest.hidden = true;
    goToEnd(this.#box);
  }

  nameOf(line: Line): string {
    return line.kind === "visitor" ? this.#place.customer || line.author.name : line.author.name;
  }

  #view(line: Line, lastOurs: number): LineView {
    const isOwn = line.author.id === this.#config.staff.id;
    const isMarked = line.kind === "agent" && line.seq === lastOurs && this.#place.channel === "chat";
    const isRead = (this.#session.state?.read_seq ?? 0) >= line.seq;
    const isFresh = Date.now() - Date.parse(line.at) < RECALL_FOR;
    return {
      line,
      isOwn,
      name: this.nameOf(line),
      mark: isMarked ? say(isRead ? "read" : "unread") : "",
      canRecall: isOwn && isFresh && line.id !== undefined && !(this.#place.channel === "mail" && line.kind === "agent"),
      isFound: line.seq === this.#place.jump,
    };
  }

  #draw({ row, view }: Item): HTMLElement {
    if (view) return drawLine(view, this.#deeds);
    if (row.type !== "entry") return el("li", { class: "said" }, el("time", { datetime: new Date(row.at).toISOString() }, moment(row.at)));
    const { entry } = row;
    const side = entry.extra.kind === "note" ? "line note" : "line ours";
    const bubble = el("div", { class: "bubble" }, entry.text && words(entry.text), ...entry.files.map(fileView));
    if (entry.state !== "refused") return el("li", { class: `${side} is-sending` }, bubble, el("p", { class: "fate" }, say("sending")));
    const again = el("button", { type: "button" }, say("resend"));
    const gone = el("button", { type: "button" }, say("discard"));
    again.addEventListener("click", () => this.#deeds.resend(entry.client_id));
    gone.addEventListener("click", () => this.#deeds.discard(entry.client_id));
    return el("li", { class: `${side} is-failed` }, bubble, el("p", { class: "fate", "data-tone": "late", role: "alert" }, `${entry.error || say("failed")} `, again, gone));
  }

  /** The line that a search led to, once. */
  #jump(): boolean {
    const { jump } = this.#place;
    if (!jump || this.#hasJumped) return false;
    const row = this.#list.querySelector(`[data-seq="${jump}"]`);
    if (!row) return false;
    this.#hasJumped = true;
    this.#isNear = false;
    row.scrollIntoView({ block: "center" });
    return true;
  }

  #scrolled(): void {
    this.#isNear = isAtEnd(this.#box);
    if (this.#isNear) this.#newest.hidden = true;
  }

  /** The last line above the lower edge. */
  #seenTo(): number {
    const edge = this.#box.getBoundingClientRect().bottom;
    const rows = [...this.#list.querySelectorAll<HTMLElement>("[data-seq]")];
    return Number(rows.filter((row) => row.getBoundingClientRect().top < edge).at(-1)?.dataset.seq ?? 0);
  }
}
