// A list on the page kept like a list in memory: rows are made once, changed where they changed, never drawn twice.

export interface Drawn<Item> {
  key(item: Item): string;
  /** Everything the drawing depends on; the row is drawn again when it differs. */
  stamp(item: Item): string;
  draw(item: Item): HTMLElement;
}

export class Rows<Item> {
  #shown = new Map<string, { element: HTMLElement; stamp: string }>();
  readonly #root: HTMLElement;
  readonly #drawn: Drawn<Item>;

  constructor(root: HTMLElement, drawn: Drawn<Item>) {
    this.#root = root;
    this.#drawn = drawn;
  }

  show(items: readonly Item[]): void {
    const keys = new Set(items.map((item) => this.#drawn.key(item)));
    for (const [key, { element }] of this.#shown) {
      if (keys.has(key)) continue;
      element.remove();
      this.#shown.delete(key);
    }
    const elements = items.map((item) => this.#element(item));
    let before: ChildNode | null = this.#root.firstChild;
    for (const element of elements) {
      if (element === before) before = before.nextSibling;
      else this.#root.insertBefore(element, before);
    }
  }

  #element(item: Item): HTMLElement {
    const [key, stamp] = [this.#drawn.key(item), this.#drawn.stamp(item)];
    const known = this.#shown.get(key);
    if (known?.stamp === stamp) return known.element;
    const element = this.#drawn.draw(item);
    known?.element.replaceWith(element);
    this.#shown.set(key, { element, stamp });
    return element;
  }
}

const NEAR = 80;

/** Whether the reader is at the newest line (so that new ones may pull him along). */
export function isAtEnd(box: HTMLElement): boolean {
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
}

export function goToEnd(box: HTMLElement): void {
  box.scrollTop = box.scrollHeight;
}
