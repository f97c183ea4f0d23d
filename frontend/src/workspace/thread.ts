// One open conversation: its session, its lines, its field, what the page around it says.

import { newClientId, type Entry, type Store } from "../chat/outbox.ts";
import type { Session } from "../chat/session.ts";
import type { Line, SendExtra, StaffState, UploadedFile } from "../chat/types.ts";
import { el, setText } from "../thread/dom.ts";
import { say } from "../thread/texts.ts";
import { ask } from "../thread/wires.ts";
import { csrf, part, placeOf, type Place, type WorkspaceConfig } from "./config.ts";
import { Field } from "./field.ts";
import { Lines } from "./lines.ts";
import { staffSession } from "./staff.ts";

const AGEING = 10_000; // How often the marks that depend on the hour are looked at.

export class OpenThread {
  readonly #place: Place;
  readonly #session: Session<StaffState>;
  readonly #lines: Lines;
  readonly #field: Field;
  readonly #listening = new AbortController();
  readonly #ageing: ReturnType<typeof setInterval>;
  readonly #said = new Map<number, string>(); // Words of own lines recalled here, for writing them anew.
  #isDue = false;

  constructor(root: HTMLElement, config: WorkspaceConfig, store: Store) {
    this.#place = placeOf(root);
    this.#session = staffSession(this.#place, store, {
      changed: () => this.#changed(),
      newer: (entry) => this.#warnOfNewer(entry),
    });
    this.#lines = new Lines(this.#place, config, this.#session, {
      recall: (line) => void this.#recall(line),
      editAgain: (line) => this.#editAgain(line),
      resendMail: (line) => this.#resendMail(line, config.urls.resendMail ?? ""),
      resend: (clientId) => this.#session.retry(clientId, { seen: this.#session.thread.lastSeq() }),
      discard: (clientId) => this.#discard(clientId),
    });
    this.#field = new Field({
      place: this.#place,
      config,
      store,
      send: (text, files, extra) => this.#send(text, files, extra),
      typing: () => this.#session.isTyping(),
    });
    this.#listen();
    this.#ageing = setInterval(() => this.#changed(), AGEING);
    this.#allow();
    this.#session.start();
    this.#lines.show();
  }

  get isOnPage(): boolean {
    return this.#place.root.isConnected;
  }

  stop(): void {
    clearInterval(this.#ageing);
    this.#listening.abort();
    this.#lines.stop();
    this.#session.stop();
  }

  #listen(): void {
    const { signal } = this.#listening;
    const wake = () => {
      if (document.hidden) return;
      this.#session.check();
      this.#changed();
    };
    document.addEventListener("visibilitychange", wake, { signal });
    addEventListener("online", wake, { signal });
    document.addEventListener("htmx:load", () => this.#allow(), { signal });
    document.addEventListener("thread:insert", (event) => this.#field.insert((event as CustomEvent<{ text: string }>).detail.text), { signal });
  }

  /** The head of the conversation is redrawn by every move and says what may be done now. */
  #allow(): void {
    const head = this.#place.root.querySelector<HTMLElement>("[data-head-state]");
    const mayAnswer = (head?.dataset.headMayAnswer ?? this.#place.root.dataset.mayAnswer) === "true";
    const isClosed = (head?.dataset.headState ?? this.#place.root.dataset.state) === "closed";
    this.#place.root.toggleAttribute("data-closed", isClosed);
    this.#place.root.dataset.mayAnswer = String(mayAnswer);
    this.#field.allow(mayAnswer, isClosed);
  }

  /** Many changes in one turn are drawn once. */
  #changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.isOnPage) this.#show();
    });
  }

  #show(): void {
    this.#lines.show();
    this.#showTyping();
    // Who only looks in must not tell the customer that he was read.
    const isServing = this.#place.root.dataset.mayAnswer === "true";
    if (isServing && this.#lines.isRead) this.#session.read(this.#session.thread.lastSeq());
  }

  #showTyping(): void {
    const { typing, thread } = this.#session;
    const colleague = thread.lines().find((line) => line.author.id !== null && String(line.author.id) === typing);
    const text = !typing ? "" : typing === "0" ? say("typing_customer") : colleague ? say("typing", { name: colleague.author.name }) : say("typing_colleague");
    const place = part(this.#place, "typing");
    place.dataset.who = typing === "0" || !typing ? "" : "colleague";
    setText(place, text);
  }

  #send(text: string, files: UploadedFile[], extra: SendExtra): void {
    this.#hideGuard();
    this.#session.send({ client_id: newClientId(), text, files, extra: { ...extra, seen: this.#session.thread.lastSeq() } });
    this.#lines.goToEnd();
  }

  #discard(clientId: string): void {
    const entry = this.#session.outbox.forget(clientId);
    this.#hideGuard();
    this.#changed();
    if (entry?.text) this.#field.edit(entry.text, entry.extra.kind === "note");
  }

  /** A colleague has just answered: what he said is on the screen; ask before sending after all. */
  #warnOfNewer(entry: Entry): void {
    const guard = part(this.#place, "guard");
    const anyway = el("button", { type: "button", class: "btn" }, say("send_anyway"));
    const back = el("button", { type: "button", class: "btn btn-quiet" }, say("edit_again"));
    anyway.addEventListener("click", () => {
      this.#hideGuard();
      this.#session.retry(entry.client_id, { seen: this.#session.thread.lastSeq() });
    });
    back.addEventListener("click", () => this.#discard(entry.client_id));
    guard.replaceChildren(el("p", {}, entry.error), back, anyway);
    guard.hidden = false;
    this.#lines.goToEnd();
    anyway.focus();
  }

  #hideGuard(): void {
    const guard = part(this.#place, "guard");
    guard.hidden = true;
    guard.replaceChildren();
  }

  async #recall(line: Line): Promise<void> {
    const address = this.#place.recallUrl.replace("/0/", `/${line.id}/`);
    this.#said.set(line.seq, line.text);
    await this.#ask(address);
  }

  #resendMail(line: Line, address: string): (() => void) | null {
    const id = line.meta.outbound_id;
    return address && typeof id === "number" ? () => void this.#ask(address.replace("/0/", `/${id}/`)) : null;
  }

  async #ask(address: string): Promise<void> {
    const answer = await ask("POST", address, csrf(), {});
    if (answer.status !== 200) document.dispatchEvent(new CustomEvent("toast", { detail: { message: answer.error || say("failed"), tone: "late" } }));
    this.#session.check();
  }

  #editAgain(line: Line): (() => void) | null {
    const text = this.#said.get(line.seq);
    return text ? () => this.#field.edit(text, line.kind === "note") : null;
  }
}
