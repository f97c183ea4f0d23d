// The points of a summary: rows added and removed without asking the server; numbered as Django's formset wants them.

import { onWithin } from "../app/dom.ts";

const rowsOf = (form: HTMLElement): HTMLElement[] => [...form.querySelectorAll<HTMLElement>("[data-point-rows] > [data-point]")];

function renumber(form: HTMLElement): void {
  const prefix = form.dataset.points ?? "";
  rowsOf(form).forEach((row, place) => {
    for (const field of row.querySelectorAll<HTMLElement>("[name], [for]")) {
      for (const name of ["name", "id", "for"]) {
        const value = field.getAttribute(name);
        if (value) field.setAttribute(name, value.replace(/-(\d+|__prefix__)-/, `-${place}-`));
      }
    }
  });
  const total = form.querySelector<HTMLInputElement>(`[name="${prefix}-TOTAL_FORMS"]`);
  if (total) total.value = String(rowsOf(form).length);
}

function changed(form: HTMLElement): void {
  renumber(form);
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function add(form: HTMLElement): void {
  const model = form.querySelector<HTMLTemplateElement>("[data-point-model]");
  const row = model?.content.querySelector<HTMLElement>("[data-point]")?.cloneNode(true) as HTMLElement | undefined;
  const limit = Number(form.querySelector<HTMLInputElement>(`[name="${form.dataset.points}-MAX_NUM_FORMS"]`)?.value ?? 20);
  if (!row || rowsOf(form).length >= limit) return;
  form.querySelector("[data-point-rows]")?.append(row);
  changed(form);
  row.querySelector<HTMLElement>("input")?.focus();
}

function remove(form: HTMLElement, row: HTMLElement): void {
  if (rowsOf(form).length > 1) row.remove();
  else row.querySelectorAll<HTMLInputElement>("input").forEach((field) => (field.type === "checkbox" ? (field.checked = false) : (field.value = "")));
  changed(form);
  rowsOf(form).at(-1)?.querySelector<HTMLElement>("input")?.focus();
}

export function startPoints(): void {
  const formOf = (one: Element) => one.closest<HTMLElement>("form[data-points]");
  onWithin("click", "[data-point-add]", (button) => {
    const form = formOf(button);
    if (form) add(form);
  });
  onWithin("click", "[data-point-remove]", (button) => {
    const [form, row] = [formOf(button), button.closest<HTMLElement>("[data-point]")];
    if (form && row) remove(form, row);
  });
  // Enter in a point makes the next one; sending is Ctrl+Enter or the button.
  onWithin("keydown", "[data-point] input[type=text]", (field, event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const form = formOf(field);
    if (!form) return;
    if (event.ctrlKey || event.metaKey) form.closest("form")?.requestSubmit();
    else add(form);
  });
}
