// <details class="sw-dropdown">: works without script; this adds closing, arrow keys and one open at a time.

import { onWithin } from "./dom";

const OPEN = "details.sw-dropdown[open]";

function move(menu: HTMLElement, step: number): void {
  const items = [...menu.querySelectorAll<HTMLElement>("a[href], button:not([disabled])")].filter((one) => !one.closest("summary"));
  if (!items.length) return;
  const here = items.indexOf(document.activeElement as HTMLElement);
  items[(here + step + items.length) % items.length]?.focus();
}

export function startDropdowns(): void {
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll<HTMLDetailsElement>(OPEN)) {
      const inside = event.target instanceof Node && open.contains(event.target);
      const chose = event.target instanceof Element && event.target.closest(".sw-menu a, .sw-menu button:not([data-menu-stay])");
      // Not before the form is sent: htmx forgets the button that lost its focus.
      if (chose && open.contains(document.activeElement)) setTimeout(() => !document.querySelector("dialog[open]") && open.querySelector("summary")?.focus());
      if (!inside || chose) open.open = false;
    }
  });
  onWithin("keydown", OPEN, (open, event) => {
    if (event.key === "Escape") {
      (open as HTMLDetailsElement).open = false;
      open.querySelector("summary")?.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(open, event.key === "ArrowDown" ? 1 : -1);
    }
  });
}
