// Asks before what cannot be undone: hx-confirm on htmx elements, data-confirm on plain forms and links.

import { onWithin } from "./dom";

function ask(question: string): Promise<boolean> {
  const dialog = document.querySelector<HTMLDialogElement>("#confirm-dialog");
  if (!dialog) return Promise.resolve(window.confirm(question));
  const text = dialog.querySelector("[data-confirm-text]");
  if (text) text.textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

export function startConfirm(): void {
  document.addEventListener("htmx:confirm", (event) => {
    const detail = (event as CustomEvent<{ question: string | null; issueRequest(skip: boolean): void }>).detail;
    const { question } = detail;
    if (!question) return;
    event.preventDefault();
    void ask(question).then((yes) => yes && detail.issueRequest(true));
  });
  onWithin("submit", "form[data-confirm]", (form, event) => {
    if (form.dataset.confirmed) return;
    event.preventDefault();
    void ask(form.dataset.confirm ?? "").then((yes) => {
      if (!yes) return;
      form.dataset.confirmed = "yes";
      (form as HTMLFormElement).requestSubmit((event as SubmitEvent).submitter);
    });
  });
}
