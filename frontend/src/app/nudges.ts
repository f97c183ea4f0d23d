// Which nudge concerns which region, and how long to wait between attempts. Pure: tested without a browser.

export interface Nudge {
  type: "nudge";
  topic: string;
  name: string;
  id: number;
}

/** Whether one of the words of a data-live attribute names this nudge. */
export function matches(pattern: string, nudge: Pick<Nudge, "topic" | "name">): boolean {
  return pattern.split(/\s+/).filter(Boolean).some((word) => {
    const cut = word.lastIndexOf(":");
    const [topic, name] = [word.slice(0, cut), word.slice(cut + 1)];
    const isTopic = nudge.topic === topic || nudge.topic.startsWith(`${topic}:`);
    return isTopic && (name === "*" || name === nudge.name);
  });
}

/** Waits that double from half a second to 30 seconds, each between half and the whole of itself. */
export class Backoff {
  #attempt = 0;
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  next(): number {
    const whole = Math.min(30_000, 500 * 2 ** this.#attempt++);
    return whole / 2 + (whole / 2) * this.#random();
  }

  reset(): void {
    this.#attempt = 0;
  }
}
