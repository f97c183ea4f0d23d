// A board of columns with cards: the arrow keys go from card to card. A redrawn board keeps the card that had the focus.

import { isTyping } from "./dom";

type Step = readonly [columns: number, cards: number];

const STEPS: Record<string, Step> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function columnsOf(board: Element): HTMLElement[][] {
  return [...board.children]
    .map((column) => [...column.querySelectorAll<HTMLElement>("li > a[href]")])
    .filter((cards) => cards.length > 0);
}

function neighbour(columns: HTMLElement[][], from: Element, [aside, down]: Step): HTMLElement | undefined {
  const x = columns.findIndex((cards) => cards.some((card) => card === from));
  if (x < 0) return columns[0]?.[0];
  const y = columns[x]?.findIndex((card) => card === from) ?? 0;
  const cards = columns[x + aside];
  return cards?.[down ? y + down : Math.min(y, cards.length - 1)];
}

function onKey(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  const board = document.querySelector("[data-board]");
  if (!step || !board || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const from = document.activeElement ?? document.body;
  if (isTyping(from) || (from !== document.body && !board.contains(from))) return;
  const card = neighbour(columnsOf(board), from, step);
  if (!card) return;
  event.preventDefault();
  card.focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

let held: string | undefined;

export function startBoard(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!(event.target instanceof Element) || !event.target.matches("[data-board]")) return;
    held = document.activeElement?.closest<HTMLElement>("[data-board] li")?.id;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (held) document.getElementById(held)?.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
    held = undefined;
  });
}
