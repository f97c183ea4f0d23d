// select[data-choices]: Tom Select, for long lists; with data-choices-url it asks the server as one types.

import TomSelect from "tom-select/popular";
import { onEach } from "./dom";

interface Choice {
  value: string;
  text: string;
  hint?: string;
}

async function load(url: string, words: string): Promise<Choice[]> {
  const address = new URL(url, location.href);
  address.searchParams.set("q", words);
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  return response.ok ? ((await response.json()) as { results: Choice[] }).results : [];
}

function start(select: HTMLSelectElement): void {
  const { choicesUrl, choicesEmpty = "", choicesCreate } = select.dataset;
  // Its label goes to the field that takes its place; the select keeps the words.
  if (!select.hasAttribute("aria-label")) select.setAttribute("aria-label", select.labels[0]?.textContent ?? "");
  const chooser = new TomSelect(select, {
    plugins: select.multiple ? ["remove_button"] : ["dropdown_input"],
    maxOptions: 200,
    create: choicesCreate !== undefined,
    // The option without a value is what to say before a choice.
    placeholder: select.querySelector('option[value=""]')?.textContent?.trim() ?? "",
    searchField: ["text", "hint"],
    valueField: "value",
    labelField: "text",
    ...(choicesUrl && {
      load: (words: string, done: (choices?: Choice[]) => void) => {
        load(choicesUrl, words).then(done, () => done());
      },
    }),
    render: {
      no_results: () => `<div class="no-results">${choicesEmpty.replaceAll("<", "&lt;")}</div>`,
      option: (choice: Choice, escape: (text: string) => string) =>
        `<div>${escape(choice.text)}${choice.hint ? `<small>${escape(choice.hint)}</small>` : ""}</div>`,
    },
  });
  select.addEventListener("htmx:beforeCleanupElement", () => chooser.destroy());
}

export function startChoices(): void {
  onEach<HTMLSelectElement>("select[data-choices]", start);
}
