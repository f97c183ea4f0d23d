// Native <dialog>: opened by data-dialog-open="id", or by arriving in a response with data-dialog-arrives.

import { onEach, onWithin } from "./dom";

function differs(field: HTMLInputElement | HTMLTextAreaElement): boolean {
  if (field.type === "hidden" || field.type === "file") return false;
  if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
    return field.checked !== field.defaultChecked;
  }
  return field.value !== field.defaultValue;
}

function isChanged(dialog: HTMLDialogElement): boolean {
  return [...dialog.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")].some(differs);
}

export function openDialog(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  dialog.showModal();
  dialog.querySelector<HTMLElement>("[autofocus], .sw-field input:not([type=hidden]), .sw-field textarea, .sw-field select")?.focus();
}

export function startDialogs(): void {
  onWithin("click", "[data-dialog-open]", (button) => {
    const dialog = document.getElementById(button.dataset.dialogOpen ?? "");
    if (dialog instanceof HTMLDialogElement) openDialog(dialog);
  });
  onWithin("click", "[data-dialog-close]", (button) => button.closest("dialog")?.close());
  // A click beside the dialog closes it, unless something was typed.
  onWithin("mousedown", "dialog", (dialog, event) => {
    if (event.target === dialog && !isChanged(dialog as HTMLDialogElement)) (dialog as HTMLDialogElement).close();
  });
  onEach<HTMLDialogElement>("dialog[data-dialog-arrives]", (dialog) => {
    openDialog(dialog);
    dialog.addEventListener("close", () => dialog.remove());
  });
  // HX-Trigger: {"dialog:close": true} closes the dialog that sent the request.
  document.addEventListener("dialog:close", (event) => {
    const dialog = event.target instanceof Element ? event.target.closest("dialog") : null;
    (dialog ?? document.querySelector<HTMLDialogElement>("dialog[open]"))?.close();
  });
}
