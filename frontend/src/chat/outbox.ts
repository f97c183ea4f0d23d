// What was written here and is not yet known to be kept there. Survives a reload; each line keeps its own number for life.

import type { SendExtra, UploadedFile } from "./types.ts";

export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(prefix: string): string[];
}

export interface Entry {
  client_id: string;
  text: string;
  files: UploadedFile[];
  at: number; // Milliseconds.
  order: number; // Tells lines of the same millisecond apart.
  state: "waiting" | "sent" | "refused";
  seq: number | null; // Known once the server has it.
  error: string;
  extra: SendExtra;
}

/** One stored item an entry: two tabs of one visitor never overwrite each other's lines. */
export class Outbox {
  #entries = new Map<string, Entry>();
  readonly #store: Store;
  readonly #prefix: string;

  constructor(store: Store, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
    for (const key of store.keys(prefix)) {
      const entry = parse(store.get(key));
      if (entry) this.#entries.set(entry.client_id, entry);
      else store.remove(key);
    }
  }

  add(entry: { client_id: string; text: string; files: UploadedFile[]; at: number; extra?: SendExtra }): Entry {
    const known = this.#entries.get(entry.client_id);
    if (known) return known;
    const order = 1 + Math.max(0, ...[...this.#entries.values()].map((one) => one.order));
    const made: Entry = { extra: {}, ...entry, order, state: "waiting", seq: null, error: "" };
    this.#keep(made);
    return made;
  }

  /** The server has it under this number. It stays until the line itself is on the screen. */
  acknowledge(clientId: string, seq: number): void {
    this.#change(clientId, { state: "sent", seq, error: "" });
  }

  /** The server will not take it; the words stay for the writer. */
  refuse(clientId: string, message: string): void {
    if (this.#entries.get(clientId)?.state === "waiting") this.#change(clientId, { state: "refused", error: message });
  }

  /** Once more, under the same number: it can never become a second line. */
  retry(clientId: string, extra?: SendExtra): void {
    const entry = this.#entries.get(clientId);
    if (entry?.state === "refused") this.#change(clientId, { state: "waiting", error: "", extra: { ...entry.extra, ...extra } });
  }

  forget(clientId: string): Entry | undefined {
    const entry = this.#entries.get(clientId);
    this.#entries.delete(clientId);
    this.#store.remove(this.#prefix + clientId);
    return entry;
  }

  /** Lets go of what the thread shows. */
  settle(isShown: (clientId: string) => boolean): void {
    for (const id of [...this.#entries.keys()]) if (isShown(id)) this.forget(id);
  }

  get(clientId: string): Entry | undefined {
    return this.#entries.get(clientId);
  }

  /** All that is held, oldest first. */
  entries(): Entry[] {
    return [...this.#entries.values()].sort((a, b) => a.at - b.at || a.order - b.order);
  }

  /** What must still go out, oldest first. */
  waiting(): Entry[] {
    return this.entries().filter((entry) => entry.state === "waiting");
  }

  #change(clientId: string, change: Partial<Entry>): void {
    const entry = this.#entries.get(clientId);
    if (entry) this.#keep({ ...entry, ...change });
  }

  #keep(entry: Entry): void {
    this.#entries.set(entry.client_id, entry);
    this.#store.set(this.#prefix + entry.client_id, JSON.stringify(entry));
  }
}

function parse(text: string | null): Entry | null {
  try {
    const entry = JSON.parse(text ?? "null") as Entry | null;
    return entry && typeof entry.client_id === "string" && typeof entry.text === "string" ? entry : null;
  } catch {
    return null;
  }
}

/** A new number for a line; also where the page is not a secure context. */
export function newClientId(source: Crypto = crypto): string {
  if (typeof source.randomUUID === "function") return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 4, 4, 4, 12].reduce<{ at: number; parts: string[] }>(
    ({ at, parts }, size) => ({ at: at + size, parts: [...parts, hex.slice(at, at + size)] }),
    { at: 0, parts: [] },
  ).parts.join("-");
}

export class MemoryStore implements Store {
  #items = new Map<string, string>();

  get(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  set(key: string, value: string): void {
    this.#items.set(key, value);
  }

  remove(key: string): void {
    this.#items.delete(key);
  }

  keys(prefix: string): string[] {
    return [...this.#items.keys()].filter((key) => key.startsWith(prefix));
  }
}
