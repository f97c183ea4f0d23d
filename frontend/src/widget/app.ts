// The visitor's chat on the page: session, log, field and buttons brought together.

import { newClientId, type Store } from "../chat/outbox.ts";
import type { Session } from "../chat/session.ts";
import type { VisitorState } from "../chat/types.ts";
import { startComposer } from "../thread/composer.ts";
import { byId, setText } from "../thread/dom.ts";
import { goToEnd, isAtEnd } from "../thread/rows.ts";
import { say, size } from "../thread/texts.ts";
import { Uploads } from "../thread/uploads.ts";
import type { Config } from "./config.ts";
import { showContact, startContact } from "./contact.ts";
import type { Host } from "./host.ts";
import { Log } from "./log.ts";
import { showConnection, showStatus } from "./status.ts";
import { startTools } from "./tools.ts";
import { Unread } from "./unread.ts";
import { VisitorHttp, visitorSession, type TokenKeeper } from "./visitor.ts";

const COUNTER_FROM = 0.9;

export interface Start {
  config: Config;
  store: Store;
  tokens: TokenKeeper;
  page: { url: string; title: string };
  host: Host | null;
  isOpen: boolean;
}

export class ChatApp {
  readonly #start: Start;
  readonly #session: Session<VisitorState>;
  readonly #http: VisitorHttp;
  readonly #uploads: Uploads;
  readonly #log: Log;
  readonly #unread: Unread;
  readonly #box = byId("log");
  readonly #field = byId<HTMLTextAreaElement>("text");
  #isOpen: boolean;
  #isDue = false;
  #isNear = true; // The reader is at the newest line; new ones pull him along.

  constructor(start: Start) {
    const { config, store, tokens } = start;
    this.#start = start;
    this.#isOpen = start.isOpen;
    this.#http = new VisitorHttp(config, tokens, start.page);
    const changed = () => this.#changed();
    this.#session = visitorSession(config, this.#http, tokens, { store, isWatched: () => this.#isWatched(), changed });
    this.#uploads = new Uploads({
      url: () => config.urls.files,
      headers: () => this.#http.headers(),
      sizeLimit: config.fileLimit,
      tooLarge: () => say("too_large", { size: size(config.fileLimit) }),
      unreachable: () => say("failed"),
      changed,
      done: (upload, file) => this.#session.send({ client_id: upload.id, text: "", files: [file] }),
    });
    this.#log = new Log(byId("rows"), this.#session, this.#uploads);
    this.#unread = new Unread(this.#session);
    this.#startField();
    this.#startButtons();
    this.#startWaking();
    this.#session.start();
    this.#show();
  }

  /** The visitor opened or closed the window that holds the chat. */
  turn(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (!isOpen) return;
    this.#wake();
    this.#goToEnd();
    // On a phone the keyboard would cover half of what there is to read.
    if (matchMedia("(hover: hover)").matches) this.#field.focus();
  }

  #isWatched(): boolean {
    return this.#isOpen && !document.hidden;
  }

  /** Many changes in one turn are drawn once. */
  #changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#show();
    });
  }

  #show(): void {
    const { state, connection } = this.#session;
    this.#log.show();
    const isLeavingWords = showContact(state, this.#start.store, `shouwen:${this.#start.config.key}:contact`);
    showStatus(this.#session, this.#start.config);
    showConnection(this.#session);
    const canWrite = state?.status !== "closed" && connection !== "gone" && (state?.can_write ?? true);
    byId("composer").hidden = isLeavingWords || !canWrite;
    if (this.#isNear) this.#goToEnd();
    this.#showUnread();
  }

  #showUnread(): void {
    if (this.#isWatched() && this.#isNear) this.#unread.see();
    const count = this.#session.isOpened ? this.#unread.count() : 0;
    byId("newest").hidden = !(this.#isOpen && count > 0 && !this.#isNear);
    this.#start.host?.tell({ type: "unread", count: this.#isOpen ? 0 : count });
  }

  #goToEnd(): void {
    this.#isNear = true;
    goToEnd(this.#box);
  }

  #warn(text: string): void {
    setText(byId("warning"), text);
    byId("warning").hidden = !text;
  }

  #takeFiles(files: File[]): void {
    this.#warn("");
    this.#uploads.add(files);
    this.#goToEnd();
  }

  #startField(): void {
    const { config, store } = this.#start;
    const draftKey = `shouwen:${config.key}:draft`;
    const composer = startComposer({
      field: this.#field,
      dropArea: document.body,
      files: (files) => this.#takeFiles(files),
      submit: (text) => {
        if (text.length > config.lineLimit) return;
        this.#warn("");
        this.#session.send({ client_id: newClientId(), text, files: [] });
        composer.setText("");
        this.#goToEnd();
      },
      changed: (text) => {
        this.#count(text);
        if (text) store.set(draftKey, text);
        else store.remove(draftKey);
        if (text) this.#session.isTyping();
      },
    });
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      composer.submit();
      this.#field.focus();
    });
    startTools({ insert: composer.insert, files: (files) => this.#takeFiles(files), warn: (text) => this.#warn(text) });
    composer.setText(store.get(draftKey) ?? "");
  }

  #count(text: string): void {
    const limit = this.#start.config.lineLimit;
    const over = text.length - limit;
    const counter = byId("counter");
    counter.hidden = text.length < limit * COUNTER_FROM;
    counter.classList.toggle("is-over", over > 0);
    setText(counter, over > 0 ? say("over", { n: over, limit }) : `${text.length}/${limit}`);
    byId<HTMLButtonElement>("send").disabled = !text.trim() || over > 0;
  }

  #startButtons(): void {
    const { host } = this.#start;
    const ending = byId<HTMLDialogElement>("ending");
    startContact({ session: this.#session, http: this.#http, store: this.#start.store, key: `shouwen:${this.#start.config.key}:contact`, changed: () => this.#changed() });
    byId("newest").addEventListener("click", () => this.#goToEnd());
    byId("bar-retry").addEventListener("click", () => this.#session.check());
    byId("end").addEventListener("click", () => ending.showModal());
    ending.addEventListener("close", () => ending.returnValue === "end" && void this.#leave());
    byId("again").addEventListener("click", () => {
      this.#session.putAway();
      this.#field.focus();
    });
    byId("minimise").hidden = host === null;
    byId("minimise").addEventListener("click", () => host?.tell({ type: "close" }));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open], #emoji:not([hidden])")) host?.tell({ type: "close" });
    });
  }

  async #leave(): Promise<void> {
    const answer = await this.#http.leave();
    if (answer.status !== 200) this.#warn(answer.error || say("failed"));
    this.#session.check();
  }

  #startWaking(): void {
    this.#box.addEventListener("scroll", () => {
      this.#isNear = isAtEnd(this.#box);
      this.#showUnread();
    }, { passive: true });
    // Pictures that load late must not push the newest line out of sight.
    new ResizeObserver(() => this.#isNear && this.#goToEnd()).observe(byId("rows"));
    document.addEventListener("visibilitychange", () => this.#wake());
    addEventListener("online", () => this.#wake());
    addEventListener("offline", () => showConnection(this.#session));
    addEventListener("pageshow", (event) => event.persisted && this.#wake());
  }

  #wake(): void {
    if (document.hidden) return;
    this.#session.check();
    this.#changed();
  }
}
