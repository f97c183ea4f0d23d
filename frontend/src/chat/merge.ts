// One conversation as this screen knows it: each line once, in order, whatever arrives twice or late.

import type { Entry } from "./outbox.ts";
import type { Line, LineKind } from "./types.ts";

export class Thread {
  #lines = new Map<number, Line>();
  #clientIds = new Map<string, number>();
  #cursor = 0;

  /** The change number to resume after. Only whole answers move it, never a single line. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Takes lines in; returns those that are new or changed, in order. */
  merge(lines: readonly Line[], cursor?: number): Line[] {
    const changed = lines.filter((line) => {
      const known = this.#lines.get(line.seq);
      if (known && known.rev >= line.rev) return false;
      this.#lines.set(line.seq, line);
      if (line.client_id) this.#clientIds.set(line.client_id, line.seq);
      return true;
    });
    if (cursor !== undefined && cursor > this.#cursor) this.#cursor = cursor;
    return changed.sort((a, b) => a.seq - b.seq);
  }

  lines(): Line[] {
    return [...this.#lines.values()].sort((a, b) => a.seq - b.seq);
  }

  has(clientId: string): boolean {
    return this.#clientIds.has(clientId);
  }

  get(seq: number): Line | undefined {
    return this.#lines.get(seq);
  }

  /** The sequence number of the last line of these kinds (of any kind when none is named), or 0. */
  lastSeq(...kinds: LineKind[]): number {
    let last = 0;
    for (const line of this.#lines.values()) {
      if (line.seq > last && (kinds.length === 0 || kinds.includes(line.kind))) last = line.seq;
    }
    return last;
  }

  /** Another conversation begins on this screen. */
  clear(): void {
    this.#lines.clear();
    this.#clientIds.clear();
    this.#cursor = 0;
  }
}

export type Row =
  | { type: "time"; key: string; at: number }
  | { type: "line"; key: string; at: number; line: Line }
  | { type: "entry"; key: string; at: number; entry: Entry };

/** A time is shown above the first line and after every silence longer than this (milliseconds). */
export const SILENCE = 5 * 60_000;

/** What the screen shows, top to bottom: known lines by their number, then what is on its way. */
export function timeline(lines: readonly Line[], entries: readonly Entry[]): Row[] {
  const known = new Set(lines.map((line) => line.client_id).filter(Boolean));
  const own = entries.filter((entry) => !known.has(entry.client_id));
  const placed = [
    ...lines.map((line) => ({ seq: line.seq, row: lineRow(line) })),
    ...own.filter((entry) => entry.seq !== null).map((entry) => ({ seq: entry.seq ?? 0, row: entryRow(entry) })),
  ].sort((a, b) => a.seq - b.seq);
  const waiting = own.filter((entry) => entry.seq === null).sort((a, b) => a.at - b.at || a.order - b.order);
  return withTimes([...placed.map((one) => one.row), ...waiting.map(entryRow)]);
}

function lineRow(line: Line): Row {
  return { type: "line", key: line.client_id || `s${line.seq}`, at: Date.parse(line.at), line };
}

function entryRow(entry: Entry): Row {
  return { type: "entry", key: entry.client_id, at: entry.at, entry };
}

function withTimes(rows: readonly Row[]): Row[] {
  const shown: Row[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    if (row.at - last > SILENCE) shown.push({ type: "time", key: `t${row.key}`, at: row.at });
    last = Math.max(last, row.at);
    shown.push(row);
  }
  return shown;
}
