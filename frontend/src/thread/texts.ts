// What people read comes from the page, translated there: a JSON block, with {name} for what is filled in.

let texts: Record<string, string> = {};

export function readJson<Content>(id: string): Content {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null") as Content;
}

export function setTexts(given: Record<string, string>): void {
  texts = given;
}

export function say(name: string, values: Record<string, string | number> = {}): string {
  return (texts[name] ?? "").replace(/\{(\w+)\}/g, (whole, key: string) => String(values[key] ?? whole));
}

const language = (): string => document.documentElement.lang || "zh-Hans";

function dayOf(at: number): number {
  return Math.floor((at - new Date(at).getTimezoneOffset() * 60_000) / 86_400_000);
}

/** "10:36" today, "yesterday 10:36", then with the day, then with the year. */
export function moment(at: number, now = Date.now()): string {
  const time = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
  const days = dayOf(now) - dayOf(at);
  if (days === 0) return time;
  if (days === 1) return `${new Intl.RelativeTimeFormat(language(), { numeric: "auto" }).format(-1, "day")} ${time}`;
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const day = new Intl.DateTimeFormat(language(), { month: "numeric", day: "numeric", ...(isThisYear ? {} : { year: "numeric" }) }).format(at);
  return `${day} ${time}`;
}

export function clockTime(at: number): string {
  return new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
}

/** A length of time in one unit: seconds up to a minute and a half, then minutes. */
export function duration(seconds: number): string {
  return seconds < 90 ? say("seconds", { n: Math.max(1, Math.round(seconds)) }) : say("minutes", { n: Math.round(seconds / 60) });
}

export function size(bytes: number): string {
  const step = Math.min(2, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** step;
  return `${value.toFixed(step && value < 10 ? 1 : 0).replace(/\.0$/, "")} ${["B", "KB", "MB"][step] ?? "B"}`;
}
