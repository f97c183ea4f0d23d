// Storage lent by the host page, where the browser closes its own to frames of other sites.

import { MemoryStore } from "../chat/outbox.ts";
import type { Host } from "./host.ts";

export class HostStore extends MemoryStore {
  readonly #host: Host;

  constructor(host: Host, kept: Record<string, string>) {
    super();
    this.#host = host;
    for (const [key, value] of Object.entries(kept)) super.set(key, value);
  }

  override set(key: string, value: string): void {
    super.set(key, value);
    this.#host.tell({ type: "keep", key, value });
  }

  override remove(key: string): void {
    if (this.get(key) === null) return;
    super.remove(key);
    this.#host.tell({ type: "keep", key, value: null });
  }
}
