// Who waits too long: pure, so that the one alarm can be proven.

export interface Wait {
  id: number;
  since: string;
  limit: number; // Seconds.
}

export interface Alarm {
  count: number;
  id: number; // Whoever waits longest.
  seconds: number;
}

/** One alarm for all whose wait is over its limit, or null. */
export function alarmOf(waits: readonly Wait[], now: number): Alarm | null {
  const slow = waits
    .map((wait) => ({ ...wait, seconds: Math.floor((now - Date.parse(wait.since)) / 1000) }))
    .filter((wait) => wait.seconds >= wait.limit)
    .sort((a, b) => b.seconds - a.seconds);
  const [longest] = slow;
  return longest ? { count: slow.length, id: longest.id, seconds: longest.seconds } : null;
}
