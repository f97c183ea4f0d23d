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

/** An approved answer is taken over into the note of the call, and its number goes with it. */
function takeOffer(form: HTMLFormElement, offer: HTMLElement): void {
  const field = form.querySelector<HTMLTextAreaElement>('[name="answer"]');
  if (!field) return;
  field.value = [field.value.trim(), offer.dataset.offer ?? ""].filter(Boolean).join("\n");
  const taken = form.querySelector<HTMLInputElement>('[name="answer_ids"]');
  if (taken) taken.value = [taken.value, offer.dataset.offerId ?? ""].filter(Boolean).join(",");
  field.focus();
}

export function startContact(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-contact]");
  if (!form) return;
  form.addEventListener("change", () => show(form));
  form.addEventListener("click", (event) => {
    const offer = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-offer]") : null;
    if (offer) takeOffer(form, offer);
  });
  show(form);
}
