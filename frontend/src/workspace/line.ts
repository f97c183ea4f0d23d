// How one line looks to staff: who, when, words, files, mail's quote and fate, what can be done with it.

import type { Line } from "../chat/types.ts";
import { fileView, words } from "../thread/content.ts";
import { el } from "../thread/dom.ts";
import { clockTime, say } from "../thread/texts.ts";

export interface LineView {
  line: Line;
  name: string; // Who said it, as this person may know him.
  isOwn: boolean;
  mark: string; // "Read" or "Not read yet".
  canRecall: boolean;
  isFound: boolean; // The line that a search led to.
}

export interface LineDeeds {
  recall(line: Line): void;
  /** Sends a mail once more that did not get through; null when this person may not. */
  resendMail(line: Line): (() => void) | null;
  /** Puts the words of a recalled own line back into the field; null when they are not known here. */
  editAgain(line: Line): (() => void) | null;
}

export function stampOf(view: LineView): string {
  return [view.line.rev, view.name, view.mark, view.canRecall, view.isFound].join("|");
}

export function drawLine(view: LineView, deeds: LineDeeds): HTMLElement {
  const { line } = view;
  if (line.recalled) return drawRecalled(view, deeds);
  if (line.kind === "system") return el("li", { class: "said", "data-seq": line.seq }, line.text, " ", el("time", { datetime: line.at }, clockTime(Date.parse(line.at))));
  const row = el("li", { class: classOf(line), "data-seq": line.seq, "data-found": view.isFound });
  row.append(drawWho(view), drawBubble(line));
  const { delivery, delivery_error: error } = line.meta;
  if (typeof delivery === "string" && delivery) row.append(drawDelivery(delivery, typeof error === "string" ? error : "", deeds.resendMail(line)));
  const acts = el("p", { class: "acts" });
  if (line.text) acts.append(act("copy", () => void navigator.clipboard?.writeText(line.text)));
  if (view.canRecall) acts.append(act("recall", () => deeds.recall(line)));
  row.append(acts);
  return row;
}

function classOf(line: Line): string {
  const side = line.kind === "visitor" ? "line" : line.kind === "note" ? "line note" : "line ours";
  return line.meta.subject === undefined ? side : `${side} mail`;
}

function drawWho({ line, name, mark }: LineView): HTMLElement {
  const automatic = typeof line.meta.automatic === "string" && line.meta.automatic ? say("automatic") : "";
  const kind = line.kind === "note" ? say("note") : "";
  return el(
    "p",
    { class: "who" },
    [kind, name].filter(Boolean).join(" · "),
    " ",
    el("time", { datetime: line.at }, clockTime(Date.parse(line.at))),
    mark && ` · ${mark}`,
    automatic && ` · ${automatic}`,
  );
}

function drawBubble(line: Line): HTMLElement {
  const isBare = !line.text && line.files.length > 0 && line.files.every((file) => file.kind === "picture");
  const bubble = el("div", { class: isBare ? "bubble is-bare" : "bubble" });
  if (line.text) bubble.append(words(line.text));
  bubble.append(...line.files.map(fileView));
  const folded = [line.meta.signature, line.meta.folded].filter((one): one is string => typeof one === "string" && one.trim() !== "");
  if (folded.length) bubble.append(drawFolded(folded.join("\n\n")));
  return bubble;
}

/** The quoted mail below a reply: there when asked for. */
function drawFolded(text: string): HTMLElement {
  const summary = el("summary", {}, say("show_quote"));
  const details = el("details", { class: "folded" }, summary);
  details.addEventListener("toggle", () => {
    summary.textContent = say(details.open ? "hide_quote" : "show_quote");
    if (details.open && details.childElementCount === 1) details.append(words(text));
  });
  return details;
}

const LOST = ["failed", "given_up", "returned"];

function drawDelivery(state: string, error: string, resend: (() => void) | null): HTMLElement {
  const tone = LOST.includes(state) ? "late" : state === "handed_over" ? "kept" : "near";
  const fate = el("p", { class: "fate", "data-tone": tone, role: tone === "late" ? "alert" : "note" }, say(`delivery_${state}`), error && `：${error}`);
  if (tone === "late" && resend) fate.append(" ", act("resend", resend));
  return fate;
}

function act(name: "copy" | "recall" | "resend", run: () => void): HTMLElement {
  const button = el("button", { type: "button" }, say(name));
  button.addEventListener("click", run);
  return button;
}

function drawRecalled({ line, isOwn }: LineView, deeds: LineDeeds): HTMLElement {
  const row = el("li", { class: "said", "data-seq": line.seq }, say(isOwn ? "recalled_own" : "recalled"));
  const again = isOwn ? deeds.editAgain(line) : null;
  if (!again) return row;
  const button = el("button", { type: "button" }, say("edit_again"));
  button.addEventListener("click", again);
  row.append(" ", button);
  return row;
}
