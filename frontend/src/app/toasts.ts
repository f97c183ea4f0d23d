// Short notes at the edge: those the page came with, and those a response sends as HX-Trigger "toast".

import { onWithin, pageText } from "./dom";

interface Toast {
  message: string;
  tone?: string;
}

const STAY = 6000;

function leaveAfter(toast: HTMLElement): void {
  // What went wrong stays until it is read; a pointer or focus on it holds the others.
  if (toast.dataset.tone === "late") return;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 1000) : toast.remove());
  setTimeout(leave, STAY);
}

/** Shows a note; `tone` is plain, kept, near or late. */
export function showToast({ message, tone = "plain" }: Toast): void {
  const region = document.getElementById("toasts");
  const model = document.querySelector<HTMLTemplateElement>("#toast-model");
  const toast = model?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
  if (!region || !toast) return;
  toast.dataset.tone = tone;
  const text = toast.querySelector(".sw-toast-text");
  if (text) text.textContent = message;
  region.append(toast);
  leaveAfter(toast);
}

export function startToasts(): void {
  document.querySelectorAll<HTMLElement>("#toasts > .sw-toast").forEach(leaveAfter);
  onWithin("click", "[data-toast-close]", (button) => button.closest(".sw-toast")?.remove());
  document.addEventListener("toast", (event) => showToast((event as CustomEvent<Toast>).detail));
  document.addEventListener("htmx:responseError", (event) => {
    const status = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr.status;
    const name = status === 403 ? "forbidden" : status === 404 ? "missing" : status === 409 ? "conflict" : "broken";
    showToast({ message: pageText(name), tone: "late" });
  });
  for (const kind of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(kind, () => showToast({ message: pageText("unreachable"), tone: "late" }));
  }
}
