// Keys: any element with data-shortcut ("/", "g c", "Alt+1") is focused or clicked by it; "?" lists them all.

import { isTyping } from "./dom";
import { openDialog } from "./dialogs";

const PAUSE = 900;
let typed = "";
let typedAt = 0;

function name(event: KeyboardEvent): string {
  const held = [event.ctrlKey || event.metaKey ? "Mod" : "", event.altKey ? "Alt" : ""].filter(Boolean);
  const key = event.altKey ? event.code.replace(/^(Key|Digit)/, "").toLowerCase() : event.key;
  return [...held, key].join("+");
}

function find(keys: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>("[data-shortcut]")].find(
    (one) => one.dataset.shortcut === keys && one.checkVisibility?.() !== false,
  );
}

function run(element: HTMLElement): void {
  if (isTyping(element) || element.matches("summary")) element.focus();
  if (!isTyping(element)) element.click();
}

function label(element: HTMLElement): string {
  return (element.dataset.shortcutLabel ?? element.getAttribute("aria-label") ?? element.textContent ?? "").trim();
}

function showHelp(dialog: HTMLDialogElement): void {
  const list = dialog.querySelector("dl");
  const seen = new Set<string>();
  list?.replaceChildren();
  for (const element of document.querySelectorAll<HTMLElement>("[data-shortcut]")) {
    const keys = element.dataset.shortcut ?? "";
    if (seen.has(keys) || !label(element)) continue;
    seen.add(keys);
    const term = document.createElement("dt");
    for (const key of keys.split(/[ +]/)) term.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
    list?.append(term, Object.assign(document.createElement("dd"), { textContent: label(element) }));
  }
  openDialog(dialog);
}

export function startShortcuts(): void {
  document.addEventListener("keydown", (event) => {
    const key = name(event);
    const isPlain = !key.startsWith("Mod") && !key.startsWith("Alt");
    if (event.defaultPrevented || event.isComposing || (isPlain && isTyping(event.target))) return;
    if (document.querySelector("dialog[open]")) return;
    typed = Date.now() - typedAt < PAUSE && isPlain ? `${typed} ${key}` : key;
    typedAt = Date.now();
    const element = find(typed) ?? find(key);
    const help = document.querySelector<HTMLDialogElement>("#shortcut-help");
    if (element) {
      event.preventDefault();
      run(element);
    } else if (key === "?" && help) {
      event.preventDefault();
      showHelp(help);
    }
  });
}
