// What a line holds: words with links, pictures, voice, video, files.

import { pieces } from "../chat/links.ts";
import type { ChatFile } from "../chat/types.ts";
import { el, icon } from "./dom.ts";
import { say, size } from "./texts.ts";
import { voicePlayer } from "./voice.ts";

/** The words as text; web addresses become links that tell the other site nothing of ours. */
export function words(text: string): HTMLElement {
  const made = el("div", { class: "words" });
  for (const piece of pieces(text)) {
    if (!piece.href) made.append(piece.text);
    else made.append(el("a", { href: piece.href, target: "_blank", rel: "noopener noreferrer nofollow" }, piece.text));
  }
  return made;
}

export function fileView(file: ChatFile): HTMLElement {
  if (file.kind === "picture") return picture(file);
  if (file.kind === "voice") return voicePlayer(file.url);
  if (file.kind === "video") return el("video", { class: "video", src: file.url, controls: true, preload: "metadata", playsinline: true });
  return document_(file);
}

const BOX = 220;

/** The room a picture will take, known before it is loaded so that nothing jumps. */
export function fit(width: number, height: number, box = BOX): [number, number] {
  const scale = Math.min(1, box / width, box / height);
  return [Math.max(48, Math.round(width * scale)), Math.max(36, Math.round(height * scale))];
}

function picture(file: ChatFile): HTMLElement {
  const image = el("img", { class: "picture", src: file.url, alt: file.name, loading: "lazy", decoding: "async" });
  if (file.width && file.height) {
    const [width, height] = fit(file.width, file.height);
    image.width = width;
    image.height = height;
  }
  const button = el("button", { type: "button", class: "opens", "aria-label": `${say("open_picture")} ${file.name}` }, image);
  button.addEventListener("click", () => showWhole(file));
  image.addEventListener("error", () => button.replaceWith(document_(file)));
  return button;
}

function document_(file: ChatFile): HTMLElement {
  const address = new URL(file.url, location.href);
  address.searchParams.set("download", "");
  return el(
    "a",
    { class: "file", href: address.href, download: file.name, target: "_blank", rel: "noopener" },
    icon("file"),
    el("span", { class: "file-name" }, file.name, el("small", {}, size(file.size))),
    icon("download"),
  );
}

function showWhole(file: ChatFile): void {
  const close = el("button", { type: "button", class: "zoom-close", "aria-label": say("close") }, icon("x"));
  const dialog = el("dialog", { class: "zoom", "aria-label": file.name }, el("img", { src: file.url, alt: file.name }), close);
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
