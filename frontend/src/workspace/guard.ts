// The phrase guard while one types: what should not be said, what to say instead, and why it goes out after all.

import { el } from "../thread/dom.ts";
import { say } from "../thread/texts.ts";
import { ask } from "../thread/wires.ts";
import { csrf, type WorkspaceConfig } from "./config.ts";
import { swapped } from "./swapped.ts";

interface Hit {
  text: string;
  severity: "block" | "warn" | "suggest";
  instead: string;
}

export interface Verdict {
  hits: Hit[];
  stops: boolean;
  may_reason: boolean;
}

export interface Leave {
  mayGo: boolean;
  reason: string;
  verdict: Verdict;
}

const PAUSE = 300;
const PATIENCE = 700;
const FINE: Verdict = { hits: [], stops: false, may_reason: true };

export class PhraseGuard {
  readonly #root: HTMLElement;
  readonly #url: string;
  readonly #department: number;
  readonly #rewrite: (change: (text: string) => string) => void;
  readonly #reason: HTMLInputElement;
  #known = new Map<string, Verdict>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #now = "";

  constructor(root: HTMLElement, config: WorkspaceConfig, department: number, rewrite: (change: (text: string) => string) => void) {
    this.#root = root;
    this.#url = config.urls.guard ?? "";
    this.#department = department;
    this.#rewrite = rewrite;
    this.#reason = el("input", { type: "text", class: "form-control", maxlength: 200, placeholder: say("taboo_reason"), "aria-label": say("taboo_reason") });
  }

  /** Looks at what is typed, a moment after the last key. */
  look(text: string): void {
    clearTimeout(this.#timer);
    this.#now = text;
    if (!text.trim()) return this.#show(FINE);
    this.#timer = setTimeout(() => void this.#judge(text).then((verdict) => this.#now === text && this.#show(verdict)), PAUSE);
  }

  /** Whether these words may go out. When the server cannot be asked they may: it looks again itself. */
  async leave(text: string): Promise<Leave> {
    // A network that hangs must not hold the words back: the server looks at them again itself.
    const verdict = await Promise.race([this.#judge(text), new Promise<Verdict>((done) => setTimeout(() => done(FINE), PATIENCE))]);
    const reason = this.#reason.value.trim();
    const mayGo = !verdict.stops || (verdict.may_reason && reason !== "");
    if (mayGo) this.#reason.value = "";
    return { mayGo, reason: mayGo ? reason : "", verdict };
  }

  /** These words did not go out: why, and a place for the reason to say them after all. */
  stop(text: string, verdict: Verdict, takesFocus: boolean): void {
    clearTimeout(this.#timer);
    this.#now = text;
    this.#show(verdict);
    if (verdict.may_reason && takesFocus) this.#reason.focus();
  }

  async #judge(text: string): Promise<Verdict> {
    const known = this.#known.get(text);
    if (known || !this.#url || !text.trim()) return known ?? FINE;
    const answer = await ask<Verdict>("POST", this.#url, csrf(), { text, department: this.#department });
    if (!answer.body || !Array.isArray(answer.body.hits)) return FINE;
    this.#known = new Map([[text, answer.body]]);
    return answer.body;
  }

  #show(verdict: Verdict): void {
    this.#root.hidden = verdict.hits.length === 0;
    this.#root.dataset.tone = verdict.stops ? (verdict.may_reason ? "near" : "late") : "plain";
    const isAsked = verdict.stops && verdict.may_reason;
    this.#root.replaceChildren(...verdict.hits.map((hit) => this.#hit(hit)), ...(isAsked ? [this.#reason] : []));
  }

  #hit(hit: Hit): HTMLElement {
    const row = el("p", {}, say(`taboo_${hit.severity}`, { text: hit.text }));
    if (!hit.instead) return row;
    const take = el("button", { type: "button", class: "btn btn-sm" }, say("taboo_take", { text: hit.instead }));
    take.addEventListener("click", () => this.#rewrite((text) => swapped(text, hit.text, hit.instead)));
    row.append(" ", take);
    return row;
  }
}
