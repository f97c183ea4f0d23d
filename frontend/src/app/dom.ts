// Small things that the other modules share.

type Start<E extends Element> = (element: E) => void;

/** Runs `start` once for each matching element: those here now and those that htmx brings later. */
export function onEach<E extends Element>(selector: string, start: Start<E>): void {
  const started = new WeakSet<Element>();
  const visit = (root: ParentNode) => {
    const found = [...root.querySelectorAll<E>(selector)];
    if (root instanceof Element && root.matches(selector)) found.unshift(root as unknown as E);
    for (const element of found) {
      if (started.has(element)) continue;
      started.add(element);
      start(element);
    }
  };
  visit(document);
  document.addEventListener("htmx:load", (event) => visit(event.target as Element));
}

/** Listens on the document for events inside elements that match. */
export function onWithin<K extends keyof DocumentEventMap>(
  kind: K,
  selector: string,
  react: (element: HTMLElement, event: DocumentEventMap[K]) => void,
): void {
  document.addEventListener(kind, (event) => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
    if (element) react(element, event);
  });
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select");
}

/** A text that the template gave: `<html data-text-...>`; nothing a person reads is written in scripts. */
export function pageText(name: string): string {
  return document.body.getAttribute(`data-text-${name}`) ?? "";
}
