// What forms do beyond the browser: filters that apply at once, no double sending, Ctrl+Enter sends.

import { onWithin } from "./dom";

const RELEASE = 10_000; // A download does not leave the page: the form may be sent again after this long.

function release(form: HTMLElement): void {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy=true]").forEach((one) => one.removeAttribute("aria-busy"));
}

export function startForms(): void {
  onWithin("change", "form[data-apply-on-change]", (form) => (form as HTMLFormElement).requestSubmit());
  onWithin("submit", "form[method=post]:not([hx-post], [hx-put], [hx-delete])", (form, event) => {
    if (event.defaultPrevented) return;
    const button = (event as SubmitEvent).submitter;
    // After the browser has collected the values: a disabled button would not be among them.
    setTimeout(() => button?.setAttribute("aria-busy", "true"));
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => release(form), RELEASE);
  });
  // Coming back with the back button shows the old page: its forms may be sent again.
  addEventListener("pageshow", () => {
    document.querySelectorAll<HTMLElement>("form[data-sent]").forEach(release);
  });
  onWithin("keydown", "textarea", (area, event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    area.closest("form")?.requestSubmit();
  });
  // Focus lands on the first field that was refused.
  document.addEventListener("htmx:afterSettle", (event) => {
    const refused = (event.target as Element).querySelector<HTMLElement>('[aria-invalid="true"]');
    refused?.focus();
  });
}
