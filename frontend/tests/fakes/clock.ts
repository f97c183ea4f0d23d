// A clock that moves only when told.

import type { Clock } from "../../src/chat/transport.ts";

export class FakeClock implements Clock {
  #now = 1_000_000;
  #number = 0;
  #timers = new Map<number, { at: number; run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): number {
    this.#timers.set(++this.#number, { at: this.#now + milliseconds, run });
    return this.#number;
  }

  cancel(timer: unknown): void {
    this.#timers.delete(timer as number);
  }

  random(): number {
    return 0.5;
  }

  /** Lets time pass; promises settle between the timers. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next[1].at);
      this.#timers.delete(next[0]);
      next[1].run();
      await settle();
    }
    this.#now = end;
  }

  #next(end: number) {
    return [...this.#timers].filter(([, one]) => one.at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
  }
}

export async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve();
}
