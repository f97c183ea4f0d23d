// Writing a contact down: only the fields that its channel and outcome need are shown.

function chosen(form: HTMLFormElement, name: string): string {
  return form.querySelector<HTMLInputElement>(`[name="${name}"]:checked`)?.value ?? "";
}

function show(form: HTMLFormElement): void {
  const [channel, outcome] = [chosen(form, "channel"), chosen(form, "outcome")];
  for (const part of form.querySelectorAll<HTMLElement>("[data-for-channels]")) {
    part.hidden = !(part.dataset.forChannels ?? "").split(" ").includes(channel);
  }
  for (const part of form.querySelectorAll<HTMLElement>("[data-for-outcomes]")) {
    part.hidden = !(part.dataset.forOutcomes ?? "").split(" ").includes(outcome);
  }
}

export function startContact(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-contact]");
  if (!form) return;
  form.addEventListener("change", () => show(form));
  show(form);
}
