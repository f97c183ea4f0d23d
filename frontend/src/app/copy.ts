// Copy buttons: data-copy="text" or data-copy-from="#field"; data-copied is what to say after.

import { onWithin } from "./dom";
import { showToast } from "./toasts";

async function write(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Plain http on an office network has no clipboard API.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function startCopy(): void {
  onWithin("click", "[data-copy], [data-copy-from]", (button) => {
    const from = button.dataset.copyFrom ? document.querySelector<HTMLElement>(button.dataset.copyFrom) : null;
    const text = from ? ("value" in from ? String(from.value) : (from.textContent ?? "")) : (button.dataset.copy ?? "");
    void write(text.trim()).then(() => showToast({ message: button.dataset.copied ?? "", tone: "kept" }));
  });
}
