// A point is marked with the words that are selected in the talk, else with what the customer said last.

function selectedWords(): string {
  const selection = document.getSelection();
  const place = document.querySelector("[data-lines]");
  if (!selection || !place?.contains(selection.anchorNode)) return "";
  return selection.toString().trim().slice(0, 300);
}

export function startMarks(): void {
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = (event as CustomEvent<{ elt: Element; parameters: FormData | Record<string, string> }>).detail;
    if (!elt.matches("[data-mark]")) return;
    if (parameters instanceof FormData) parameters.set("words", selectedWords());
    else parameters.words = selectedWords();
  });
}
