// The visitor's view of the conversation: bubbles, times, what is on its way.

import type { Row } from "../chat/merge.ts";
import type { Line } from "../chat/types.ts";
import type { Session } from "../chat/session.ts";
import type { VisitorState } from "../chat/types.ts";
import { fileView, words } from "../thread/content.ts";
import { el, icon } from "../thread/dom.ts";
import { Rows } from "../thread/rows.ts";
import { moment, say } from "../thread/texts.ts";
import type { Upload, Uploads } from "../thread/uploads.ts";

type Item = { type: "row"; row: Row; mark: string } | { type: "upload"; upload: Upload };

export class Log {
  readonly #rows: Rows<Item>;
  readonly #session: Session<VisitorState>;
  readonly #uploads: Uploads;

  constructor(root: HTMLElement, session: Session<VisitorState>, uploads: Uploads) {
    this.#session = session;
    this.#uploads = uploads;
    this.#rows = new Rows<Item>(root, {
      key: (item) => (item.type === "row" ? item.row.key : item.upload.id),
      stamp: (item) => (item.type === "row" ? stampOf(item.row, item.mark) : `${item.upload.state}${Math.round(item.upload.progress * 20)}`),
      draw: (item) => (item.type === "row" ? this.#draw(item.row, item.mark) : this.#drawUpload(item.upload)),
    });
  }

  show(): void {
    // That it has ended, the page says below; the line about it is for staff.
    const rows = this.#session.rows().filter((row) => row.type !== "line" || row.line.meta.code !== "closed");
    const marked = this.#markedSeq(rows);
    this.#rows.show([
      ...rows.map((row): Item => ({ type: "row", row, mark: row.type === "line" && row.line.seq === marked ? say("read") : "" })),
      ...this.#uploads.all().map((upload): Item => ({ type: "upload", upload })),
    ]);
  }

  /** Only the last own line that was read says so. */
  #markedSeq(rows: readonly Row[]): number {
    const read = this.#session.state?.read_seq ?? 0;
    const own = rows.flatMap((row) => (row.type === "line" && row.line.kind === "visitor" && row.line.seq <= read ? [row.line.seq] : []));
    return own.at(-1) ?? 0;
  }

  #draw(row: Row, mark: string): HTMLElement {
    if (row.type === "time") return el("li", { class: "when" }, el("time", { datetime: new Date(row.at).toISOString() }, moment(row.at)));
    if (row.type === "line") return drawLine(row.line, mark);
    const { entry } = row;
    const bubble = el("div", { class: "bubble" }, entry.text && words(entry.text), ...entry.files.map(fileView));
    if (entry.state !== "refused") return el("li", { class: "line own is-sending" }, bubble, el("p", { class: "mark" }, say(entry.state === "sent" ? "sent" : "sending")));
    return el("li", { class: "line own is-failed" }, bubble, this.#failure(entry.error, () => this.#session.retry(entry.client_id), () => {
      this.#session.outbox.forget(entry.client_id);
      this.show();
    }));
  }

  #failure(reason: string, retry: () => void, remove: () => void): HTMLElement {
    const again = el("button", { type: "button", class: "again" }, icon("refresh"), say("resend"));
    const gone = el("button", { type: "button", class: "again" }, say("discard"));
    again.addEventListener("click", retry);
    gone.addEventListener("click", remove);
    return el("p", { class: "mark", role: "alert" }, `${reason || say("failed")} `, again, gone);
  }

  #drawUpload(upload: Upload): HTMLElement {
    const preview = upload.preview ? el("img", { class: "picture", src: upload.preview, alt: upload.file.name }) : el("span", { class: "file" }, icon("file"), upload.file.name);
    const bubble = el("div", { class: "bubble" }, preview);
    if (upload.state === "failed") {
      return el("li", { class: "line own is-failed" }, bubble, this.#failure(upload.error, () => this.#uploads.retry(upload.id), () => this.#uploads.remove(upload.id)));
    }
    const bar = el("progress", { max: 1, value: upload.progress, "aria-label": say("uploading") });
    return el("li", { class: "line own is-sending" }, bubble, el("p", { class: "mark" }, bar, say("uploading")));
  }
}

function stampOf(row: Row, mark: string): string {
  if (row.type === "line") return `l${row.line.rev}${mark}`;
  return row.type === "entry" ? `e${row.entry.state}${row.entry.error}` : "t";
}

function drawLine(line: Line, mark: string): HTMLElement {
  const isOwn = line.kind === "visitor";
  if (line.recalled) return el("li", { class: "said" }, say(isOwn ? "recalled_own" : "recalled"));
  if (line.kind === "system") return el("li", { class: "said" }, line.text);
  const isBare = !line.text && line.files.every((file) => file.kind === "picture");
  const bubble = el("div", { class: isBare ? "bubble is-bare" : "bubble" }, line.text && words(line.text), ...line.files.map(fileView));
  const who = el("span", { class: "hidden-words" }, isOwn ? say("you") : line.author.name);
  return el("li", { class: isOwn ? "line own" : "line" }, who, bubble, mark && el("p", { class: "mark" }, mark));
}
