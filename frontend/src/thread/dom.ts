// Small tools to build the page. Words reach it as text only; nothing here reads HTML.

import file from "@tabler/icons/outline/file-text.svg";
import download from "@tabler/icons/outline/download.svg";
import pause from "@tabler/icons/outline/player-pause.svg";
import play from "@tabler/icons/outline/player-play.svg";
import refresh from "@tabler/icons/outline/refresh.svg";
import x from "@tabler/icons/outline/x.svg";

const ICONS: Record<string, string> = { file, download, pause, play, refresh, x };

type Child = Node | string | null | undefined | false;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    // To assistive technology "false" is an answer, an empty value is none.
    if (typeof value === "boolean" && name.startsWith("aria-")) made.setAttribute(name, String(value));
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child): child is Node | string => Boolean(child)));
  return made;
}

export function addIcons(icons: Record<string, string>): void {
  Object.assign(ICONS, icons);
}

export function icon(name: string): Element {
  const parsed = new DOMParser().parseFromString(ICONS[name] ?? "", "image/svg+xml").documentElement;
  const made = document.importNode(parsed, true);
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  return made;
}

export function byId<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as E;
}

/** Changes the text only when it differs, so that screen readers do not say it again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
