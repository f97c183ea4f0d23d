// Where staff write: answers and notes, phrases, mentions, files, voice; the draft survives.

import type { Store } from "../chat/outbox.ts";
import type { SendExtra, UploadedFile } from "../chat/types.ts";
import { startComposer } from "../thread/composer.ts";
import { el } from "../thread/dom.ts";
import { startEmoji } from "../thread/emoji.ts";
import { Recorder } from "../thread/recorder.ts";
import { say } from "../thread/texts.ts";
import { ask } from "../thread/wires.ts";
import { Attached } from "./attached.ts";
import { csrf, part, type Place, type WorkspaceConfig } from "./config.ts";
import { Drafts, named, type Draft } from "./draft.ts";
import { PhraseGuard, type Verdict } from "./guard.ts";
import { Menu } from "./menu.ts";
import { tokenAt, withToken, type Token } from "./token.ts";

export interface FieldParts {
  place: Place;
  config: WorkspaceConfig;
  store: Store;
  send(text: string, files: UploadedFile[], extra: SendExtra): void;
  typing(): void;
}

interface FoundPhrase {
  id: number;
  answer?: number; // An approved answer: its number goes with the line.
  title: string;
  text: string;
  shortcut?: string;
  files?: UploadedFile[];
}

interface FoundColleague {
  value: string | number;
  text: string;
  hint?: string;
}

/** What was taken out of the field to be sent. */
interface Leaving {
  text: string;
  files: UploadedFile[];
  mentions: number[];
  answers: { id: number; text: string }[];
  isNote: boolean;
}

const COUNTER_FROM = 0.9;

export class Field {
  readonly #parts: FieldParts;
  readonly #text: HTMLTextAreaElement;
  readonly #hint: HTMLElement;
  readonly #drafts: Drafts;
  readonly #attached: Attached;
  readonly #composer: ReturnType<typeof startComposer>;
  readonly #phrases: Menu<FoundPhrase>;
  readonly #colleagues: Menu<FoundColleague>;
  #draft: Draft;
  #token: Token | null = null;
  #mayAnswer = true;
  #isClosed = false;
  readonly #guard: PhraseGuard;
  #answers: { id: number; text: string }[] = [];
  #leaving: Promise<void> = Promise.resolve(); // The guard looks at one after the other.
  #isDue = false; // Send as soon as the files are up.

  constructor(parts: FieldParts) {
    const { place, config, store } = parts;
    this.#parts = parts;
    this.#text = part(place, "field");
    this.#hint = part(place, "hint");
    this.#drafts = new Drafts(store, place.conversation);
    this.#draft = this.#drafts.read();
    this.#attached = new Attached(part(place, "uploads"), config, () => this.#filesChanged());
    this.#guard = new PhraseGuard(part(place, "taboo"), config, place.department, (change) => {
      this.#composer.setText(change(this.#text.value));
      this.focus();
    });
    const menu = part(place, "phrases");
    this.#phrases = new Menu<FoundPhrase>(menu, this.#text, {
      url: config.urls.phrases ?? "",
      about: { customer: place.customer, ...(place.isApprovedOnly ? { approved: "1" } : {}) },
      choice: (found) => ({ key: String(found.id), title: found.title, text: found.text, hint: found.answer ? `${say("approved")} ${found.shortcut ?? ""}` : (found.shortcut ?? "") }),
      take: (found) => this.#takePhrase(found),
      label: this.#tool("phrases")?.getAttribute("aria-label") ?? "",
      empty: say("no_phrases"),
    });
    this.#colleagues = new Menu<FoundColleague>(menu, this.#text, {
      url: config.urls.colleagues ?? "",
      choice: (found) => ({ key: String(found.value), title: found.text, text: "", hint: found.hint ?? "" }),
      take: (found) => this.#mention(found),
      label: say("colleagues"),
      empty: say("no_colleagues"),
    });
    this.#composer = startComposer({
      field: this.#text,
      dropArea: place.root,
      files: (files) => this.#attached.add(files),
      submit: () => this.#submit(),
      changed: (text) => this.#changed(text),
      takesKey: (event) => this.#takesKey(event),
    });
    this.#startTools();
    this.#text.dataset.shortcut = "r";
    const note = this.#tool("note");
    if (note) note.dataset.shortcut = "n";
    part<HTMLFormElement>(place, "composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#composer.setText(this.#draft.text);
    this.#showMode();
  }

  /** What this person may do here now; without leave to answer there are only notes. */
  allow(mayAnswer: boolean, isClosed: boolean): void {
    if (mayAnswer === this.#mayAnswer && isClosed === this.#isClosed) return;
    this.#mayAnswer = mayAnswer;
    this.#isClosed = isClosed;
    this.#showMode();
  }

  focus(): void {
    this.#text.focus();
  }

  insert(text: string): void {
    this.#composer.insert(text);
  }

  /** Words come back into the field: of a recalled or refused line. */
  edit(text: string, isNote: boolean): void {
    this.#draft.isNote = isNote;
    this.#showMode();
    this.#composer.setText(this.#text.value ? `${this.#text.value}\n${text}` : text);
    this.focus();
  }

  get #isNote(): boolean {
    return this.#draft.isNote || !this.#mayAnswer || this.#isClosed;
  }

  #showMode(): void {
    const isNote = this.#isNote;
    const { root } = this.#parts.place;
    root.dataset.mode = isNote ? "note" : "answer";
    root.querySelector('[data-tool="note"]')?.setAttribute("aria-pressed", String(isNote));
    this.#text.placeholder = say(isNote ? "write_note" : "write");
    this.#say(this.#isClosed ? say("closed") : this.#mayAnswer ? "" : say("only_notes"));
  }

  #say(text: string): void {
    if (this.#hint.textContent !== text) this.#hint.textContent = text;
  }

  #changed(text: string): void {
    const limit = this.#parts.config.lineLimit;
    const isMail = this.#parts.place.channel === "mail" && !this.#isNote;
    const over = isMail ? 0 : text.length - limit;
    if (over > 0) this.#say(say("over", { n: over, limit }));
    else if (!isMail && text.length > limit * COUNTER_FROM) this.#say(`${text.length}/${limit}`);
    else this.#say(this.#isClosed ? say("closed") : this.#mayAnswer ? "" : say("only_notes"));
    this.#hint.dataset.tone = over > 0 ? "late" : "";
    part<HTMLButtonElement>(this.#parts.place, "send").disabled = over > 0 || (!text.trim() && this.#attached.isEmpty);
    this.#draft.text = text;
    this.#drafts.keep(this.#draft);
    if (text && !this.#isNote) this.#parts.typing();
    this.#guard.look(this.#isNote ? "" : text);
    this.#lookForToken(text);
  }

  #lookForToken(text: string): void {
    this.#token = tokenAt(text, this.#text.selectionStart);
    const { urls } = this.#parts.config;
    const sign = this.#token?.sign;
    if (this.#token && sign !== "@" && urls.phrases) this.#phrases.ask(this.#token.query, sign === "/");
    else this.#phrases.close();
    if (this.#token && sign === "@" && this.#isNote && urls.colleagues) this.#colleagues.ask(this.#token.query, true);
    else this.#colleagues.close();
  }

  #takesKey(event: KeyboardEvent): boolean {
    if (this.#phrases.takesKey(event) || this.#colleagues.takesKey(event)) return true;
    if (event.key !== "Escape") return false;
    this.#text.blur();
    return true;
  }

  #replaceToken(words: string): void {
    const caret = this.#text.selectionStart;
    const token = this.#token ?? { sign: "" as const, query: "", start: caret };
    const made = withToken(this.#text.value, token, caret, words);
    this.#composer.setText(made.text);
    this.#text.setSelectionRange(made.caret, made.caret);
    this.focus();
  }

  #takePhrase(found: FoundPhrase): void {
    this.#replaceToken(found.text);
    this.#phrases.close();
    if (found.files?.length) this.#attached.put(found.files);
    if (found.answer) {
      this.#answers.push({ id: found.answer, text: found.text });
      return;
    }
    const { phraseUsed } = this.#parts.config.urls;
    if (phraseUsed) void ask("POST", phraseUsed.replace("/0/", `/${found.id}/`), csrf(), {});
  }

  #mention(found: FoundColleague): void {
    this.#draft.mentions = [...this.#draft.mentions, { id: Number(found.value), name: found.text }];
    this.#replaceToken(`@${found.text} `);
  }

  #filesChanged(): void {
    if (this.#isDue && !this.#attached.isBusy) this.#submit();
    else this.#changed(this.#text.value);
  }

  #submit(): void {
    const text = this.#text.value.trim();
    const isMail = this.#parts.place.channel === "mail" && !this.#isNote;
    if ((!text && this.#attached.isEmpty) || (!isMail && text.length > this.#parts.config.lineLimit)) return;
    if (this.#attached.isBusy) {
      this.#isDue = true;
      return this.#say(say("uploading"));
    }
    this.#isDue = false;
    const leaving = this.#take(text);
    if (leaving.isNote) return this.#go(leaving, "");
    this.#leaving = this.#leaving.then(async () => {
      const { mayGo, reason, verdict } = await this.#guard.leave(text);
      if (mayGo) this.#go(leaving, reason);
      else this.#giveBack(leaving, verdict);
    });
  }

  /** What was written leaves the field at once: what is typed while the guard looks is another line. */
  #take(text: string): Leaving {
    const answers = this.#answers.filter((one) => text.includes(one.text));
    const mentions = named(text, this.#draft.mentions);
    const leaving = { text, files: this.#attached.take(), mentions, answers, isNote: this.#isNote };
    this.#answers = [];
    this.#draft.mentions = [];
    this.#composer.setText("");
    this.#drafts.keep({ ...this.#draft, text }); // A reload before the guard has spoken gives it back.
    return leaving;
  }

  #go({ text, files, mentions, answers, isNote }: Leaving, reason: string): void {
    const said = { ...(reason ? { guard_reason: reason } : {}), ...(answers.length ? { answers: answers.map((one) => one.id) } : {}) };
    const extra: SendExtra = isNote ? { kind: "note", ...(mentions.length ? { mentions } : {}) } : { kind: "agent", ...said };
    this.#parts.send(text, files, extra);
    this.#drafts.keep(this.#draft);
  }

  /** The guard stopped it: it stands in the field again, before what was typed meanwhile. */
  #giveBack({ text, files, answers }: Leaving, verdict: Verdict): void {
    const since = this.#text.value;
    this.#answers = [...answers, ...this.#answers];
    if (files.length) this.#attached.put(files);
    this.#composer.setText(since ? `${text}\n${since}` : text);
    this.#guard.stop(this.#text.value, verdict, !since);
  }

  #tool(name: string): HTMLElement | null {
    return this.#parts.place.root.querySelector<HTMLElement>(`[data-tool="${name}"]`);
  }

  #startTools(): void {
    const picker = part<HTMLInputElement>(this.#parts.place, "picker");
    const pick = (accept: string) => () => {
      picker.accept = accept;
      picker.click();
    };
    picker.addEventListener("change", () => {
      this.#attached.add([...(picker.files ?? [])]);
      picker.value = "";
    });
    this.#tool("picture")?.addEventListener("click", pick("image/*"));
    this.#tool("file")?.addEventListener("click", pick(""));
    this.#tool("phrases")?.addEventListener("click", () => this.#composer.insert(/(^|\s)$/.test(this.#text.value) ? "/" : " /"));
    this.#tool("note")?.addEventListener("click", () => {
      this.#draft.isNote = !this.#draft.isNote;
      this.#showMode();
      this.#changed(this.#text.value);
      this.focus();
    });
    this.#startEmoji();
    this.#startVoice();
  }

  #startEmoji(): void {
    const button = this.#tool("smile");
    if (!button) return;
    const panel = el("div", { class: "emoji", hidden: true, role: "group", "aria-label": button.getAttribute("aria-label") ?? "" });
    this.#text.before(panel);
    startEmoji(button, panel, this.#composer.insert);
  }

  #startVoice(): void {
    const button = this.#tool("voice");
    if (!button) return;
    const [time, send, cancel] = [el("span", {}), el("button", { type: "button", class: "btn btn-primary" }, say("done")), el("button", { type: "button", class: "btn" }, say("discard"))];
    const bar = el("div", { class: "recording", hidden: true }, el("i", { "aria-hidden": "true" }), time, cancel, send);
    this.#text.before(bar);
    new Recorder({ button, bar, time, send, cancel, done: (file) => this.#attached.add([file]), warn: (text) => this.#say(text) });
  }
}
