// Light, dark or as the system: a choice kept in this browser.

import { onWithin } from "./dom";

const KEY = "shouwen-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function apply(): void {
  const chosen = localStorage.getItem(KEY) ?? "auto";
  const isDark = chosen === "dark" || (chosen === "auto" && system.matches);
  const root = document.documentElement;
  root.dataset.bsTheme = isDark ? "dark" : "light";
  root.dataset.theme = chosen;
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}

export function startTheme(): void {
  onWithin("click", "[data-theme-choice]", (button) => {
    localStorage.setItem(KEY, button.dataset.themeChoice ?? "auto");
    apply();
    document.dispatchEvent(new CustomEvent("theme:change"));
  });
  system.addEventListener("change", apply);
  addEventListener("storage", (event) => event.key === KEY && apply());
  document.addEventListener("htmx:load", apply);
  apply();
}
