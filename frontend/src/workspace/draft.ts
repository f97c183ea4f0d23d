// What was begun and not sent, kept for each conversation.

import type { Store } from "../chat/outbox.ts";

export interface Draft {
  text: string;
  isNote: boolean;
  mentions: { id: number; name: string }[];
}

const EMPTY: Draft = { text: "", isNote: false, mentions: [] };

export class Drafts {
  readonly #store: Store;
  readonly #key: string;

  constructor(store: Store, conversation: number) {
    this.#store = store;
    this.#key = `shouwen:draft:${conversation}`;
  }

  read(): Draft {
    try {
      return { ...EMPTY, ...(JSON.parse(this.#store.get(this.#key) ?? "{}") as Partial<Draft>) };
    } catch {
      return EMPTY;
    }
  }

  keep(draft: Draft): void {
    if (draft.text) this.#store.set(this.#key, JSON.stringify(draft));
    else this.#store.remove(this.#key);
  }
}

/** Those still named in the text. */
export function named(text: string, mentions: Draft["mentions"]): number[] {
  return [...new Set(mentions.filter((one) => text.includes(`@${one.name}`)).map((one) => one.id))];
}
