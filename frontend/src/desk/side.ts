// What stands beside the talk: not redrawn under somebody's fingers, and shown over the talk where there is no room.

import { onWithin } from "../app/dom.ts";

function isInUse(side: Element): boolean {
  const at = document.activeElement;
  return side.querySelector("dialog[open]") !== null || (at !== null && side.contains(at) && at.matches("input, textarea, select"));
}

export function startSide(): void {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const swap = (event as CustomEvent<{ shouldSwap: boolean; target: Element }>).detail;
    if (swap.target?.id === "ws-side" && isInUse(swap.target)) swap.shouldSwap = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) document.querySelector(".ws-open")?.classList.remove("shows-side");
  });
  onWithin("click", "[data-side-switch]", (button) => {
    const open = button.closest(".ws-open");
    const isShown = open?.classList.toggle("shows-side") ?? false;
    button.setAttribute("aria-expanded", String(isShown));
  });
}
