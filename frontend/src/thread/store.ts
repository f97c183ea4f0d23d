// What survives a reload: the browser's storage where it is allowed, memory where it is not.

import { MemoryStore, type Store } from "../chat/outbox.ts";

class BrowserStore implements Store {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  get(key: string): string | null {
    return this.#storage.getItem(key);
  }

  set(key: string, value: string): void {
    try {
      this.#storage.setItem(key, value);
    } catch {
      // Full: the line still goes out, it only would not survive a reload.
    }
  }

  remove(key: string): void {
    this.#storage.removeItem(key);
  }

  keys(prefix: string): string[] {
    return Object.keys(this.#storage).filter((key) => key.startsWith(prefix));
  }
}

export function openStore(): { store: Store; isLasting: boolean } {
  try {
    localStorage.setItem("shouwen:probe", "1");
    localStorage.removeItem("shouwen:probe");
    return { store: new BrowserStore(localStorage), isLasting: true };
  } catch {
    return { store: new MemoryStore(), isLasting: false };
  }
}
