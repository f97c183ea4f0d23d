// Which nudge concerns which region. Pure: tested without a browser.

export interface Nudge {
  type: "nudge";
  topic: string;
  name: string;
  id: number;
}

/** Whether one of the words of a data-live attribute names this nudge; `#5` at its end: only of the fifth. */
export function matches(pattern: string, nudge: Pick<Nudge, "topic" | "name"> & { id?: number }): boolean {
  return pattern.split(/\s+/).filter(Boolean).some((full) => {
    const [word = "", id] = full.split("#");
    if (id !== undefined && Number(id) !== nudge.id) return false;
    const cut = word.lastIndexOf(":");
    const [topic, name] = [word.slice(0, cut), word.slice(cut + 1)];
    const isTopic = nudge.topic === topic || nudge.topic.startsWith(`${topic}:`);
    return isTopic && (name === "*" || name === nudge.name);
  });
}
