// A field that narrows a list on the page: <input data-narrow="selector">; the words of each are in its data-receiver.

import { onWithin } from "../app/dom.ts";

export function startNarrow(): void {
  onWithin("input", "[data-narrow]", (field) => {
    const asked = (field as HTMLInputElement).value.trim().toLowerCase().replaceAll(" ", "");
    for (const one of document.querySelectorAll<HTMLElement>(field.dataset.narrow ?? "")) {
      one.hidden = !(one.dataset.receiver ?? "").toLowerCase().replaceAll(" ", "").includes(asked);
    }
  });
}
