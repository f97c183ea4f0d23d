// The list: which row is open, moving by j and k or the arrows, and rows that stay in place when it is redrawn.

import { isTyping } from "../app/dom.ts";

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("#ws-rows [data-row]")];

function openId(): string {
  return document.querySelector<HTMLElement>("#ws-open")?.dataset.conversation ?? "";
}

/** The list is drawn without knowing what is open: the page knows. */
function markOpen(): void {
  const open = openId();
  for (const row of rows()) {
    if (open && row.dataset.row === open) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function link(row: HTMLElement | undefined): HTMLElement | null {
  if (!row) return null;
  return row.matches("a") ? row : row.querySelector<HTMLElement>("a");
}

function move(step: number): void {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const from = here >= 0 ? here : all.findIndex((row) => row.hasAttribute("aria-current"));
  const next = from < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, from + step));
  link(all[next])?.focus();
}

const STEPS: Record<string, number> = { j: 1, k: -1 };
const ARROWS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const isInList = event.target instanceof Element && event.target.closest("#ws-rows") !== null;
  const step = STEPS[event.key] ?? (isInList ? ARROWS[event.key] : undefined);
  if (step === undefined) return;
  event.preventDefault();
  move(step);
}

/** A redraw between press and release would swallow the click: it waits until the finger is up. */
function keepStillWhilePressed(): void {
  let isPressed = false;
  let isDue = false;
  document.addEventListener("pointerdown", (event) => {
    isPressed = event.target instanceof Element && event.target.closest("#ws-list-body") !== null;
  });
  const release = (): void => {
    isPressed = false;
    if (isDue) document.querySelector("#ws-list-body")?.dispatchEvent(new Event("live"));
    isDue = false;
  };
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => setTimeout(release));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event as CustomEvent<{ shouldSwap: boolean; requestConfig: { elt: Element } }>;
    if (!isPressed || detail.requestConfig.elt.id !== "ws-list-body") return;
    detail.shouldSwap = false;
    isDue = true;
  });
}

interface Asked {
  elt: Element;
  target: Element | null;
  xhr: XMLHttpRequest;
}

/** What a person asks of the list (a tab, a search) comes before redraws: one on its way would undo it. */
function putPersonFirst(): void {
  let isAsking = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target, xhr } = (event as CustomEvent<Asked>).detail;
    if (target?.id !== "ws-list-body") return;
    if (elt.id === "ws-list-body") {
      if (isAsking) event.preventDefault();
      return;
    }
    isAsking = true;
    xhr.addEventListener("loadend", () => (isAsking = false));
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event as CustomEvent<{ shouldSwap: boolean; requestConfig: { elt: Element } }>;
    if (isAsking && detail.requestConfig.elt.id === "ws-list-body") detail.shouldSwap = false;
  });
}

export function startList(): void {
  if (!document.querySelector(".ws-list")) return;
  let scrolled = 0;
  keepStillWhilePressed();
  putPersonFirst();
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ((event.target as Element).id === "ws-list-body") scrolled = document.querySelector("#ws-rows")?.scrollTop ?? 0;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const body = document.querySelector<HTMLElement>("#ws-list-body");
    const tab = document.querySelector<HTMLInputElement>("[data-tab]");
    if (body && tab) {
      const isSame = tab.value === body.dataset.tabName;
      const box = document.querySelector("#ws-rows");
      if ((event.target as Element).id === "ws-list-body" && box) box.scrollTop = isSame ? scrolled : 0;
      tab.value = body.dataset.tabName ?? "";
    }
    markOpen();
  });
  // Going online is told by a nudge; without a socket, by this.
  document.addEventListener("htmx:afterRequest", (event) => {
    if ((event.target as Element).matches?.("[data-go-online], #presence-switch form")) document.body.dispatchEvent(new Event("workspace:changed"));
  });
  markOpen();
}
