// A list above the field from which one takes with the keyboard: phrases after "/", colleagues after "@".

import { ask } from "../thread/wires.ts";
import { el } from "../thread/dom.ts";

export interface Choice {
  key: string;
  title: string;
  text: string;
  hint: string;
}

export interface MenuSource<Found> {
  url: string;
  about?: Record<string, string>; // What else the server should know.
  choice(found: Found): Choice;
  take(found: Found): void;
  label: string;
  empty: string;
}

const PAUSE = 120;
const MOST = 8;

export class Menu<Found> {
  readonly #root: HTMLElement;
  readonly #field: HTMLTextAreaElement;
  readonly #source: MenuSource<Found>;
  #found: Found[] = [];
  #at = 0;
  #asked = "";
  #isEager = false; // Opened on purpose: Enter takes. Otherwise Enter sends, and only Tab takes.
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, field: HTMLTextAreaElement, source: MenuSource<Found>) {
    this.#root = root;
    this.#field = field;
    this.#source = source;
  }

  get isOpen(): boolean {
    return !this.#root.hidden && this.#root.dataset.of === this.#source.url;
  }

  /** Looks for what was typed; an empty answer to something not asked for on purpose shows nothing. */
  ask(query: string, isEager: boolean): void {
    clearTimeout(this.#timer);
    this.#asked = query;
    this.#isEager = isEager;
    this.#timer = setTimeout(() => void this.#fetch(query), PAUSE);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asked = "\u0000";
    if (!this.isOpen) return;
    this.#root.hidden = true;
    this.#field.removeAttribute("aria-activedescendant");
  }

  /** Whether the menu took the key. */
  takesKey(event: KeyboardEvent): boolean {
    if (!this.isOpen) return false;
    if (event.key === "Escape") this.close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#move(event.key === "ArrowDown" ? 1 : -1);
    else if ((event.key === "Tab" && !event.shiftKey) || (event.key === "Enter" && this.#isEager)) {
      const found = this.#found[this.#at];
      if (!found) return false;
      this.#take(found);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  async #fetch(query: string): Promise<void> {
    const address = new URL(this.#source.url, location.href);
    for (const [name, value] of Object.entries({ ...this.#source.about, q: query })) address.searchParams.set(name, value);
    const { body } = await ask<Found[] | { results?: Found[] }>("GET", address.href, {});
    if (query !== this.#asked) return;
    this.#found = (Array.isArray(body) ? body : (body?.results ?? [])).slice(0, MOST);
    this.#at = 0;
    if (this.#found.length === 0 && !this.#isEager) return this.close();
    this.#show();
  }

  #show(): void {
    const options = this.#found.map((found, index) => {
      const { title, text, hint } = this.#source.choice(found);
      const option = el(
        "div",
        { class: "choice", role: "option", id: `choice-${index}`, "aria-selected": index === this.#at },
        el("b", {}, title),
        text && el("span", {}, text),
        hint && el("kbd", {}, hint),
      );
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => this.#take(found));
      return option;
    });
    this.#root.replaceChildren(...(options.length ? options : [el("p", { class: "sw-hint", role: "status" }, this.#source.empty)]));
    this.#root.dataset.of = this.#source.url;
    this.#root.setAttribute("role", "listbox");
    this.#root.setAttribute("aria-label", this.#source.label);
    this.#root.hidden = false;
    if (options.length) this.#field.setAttribute("aria-activedescendant", `choice-${this.#at}`);
    options[this.#at]?.scrollIntoView({ block: "nearest" });
  }

  #move(step: number): void {
    this.#isEager = true;
    this.#at = (this.#at + step + this.#found.length) % Math.max(1, this.#found.length);
    this.#show();
  }

  #take(found: Found): void {
    this.close();
    this.#source.take(found);
  }
}
