// Files beside the words: on their way up, then waiting to go with the next line.

import type { UploadedFile } from "../chat/types.ts";
import { el, icon } from "../thread/dom.ts";
import { say, size } from "../thread/texts.ts";
import { Uploads, type Upload } from "../thread/uploads.ts";
import { csrf, type WorkspaceConfig } from "./config.ts";

export class Attached {
  readonly #root: HTMLElement;
  readonly #uploads: Uploads;
  readonly #changed: () => void;
  #files: UploadedFile[] = [];

  constructor(root: HTMLElement, config: WorkspaceConfig, changed: () => void) {
    this.#root = root;
    this.#changed = changed;
    this.#uploads = new Uploads({
      url: () => config.urls.upload,
      headers: csrf,
      sizeLimit: config.fileLimit,
      tooLarge: () => say("too_large", { size: size(config.fileLimit) }),
      unreachable: () => say("failed"),
      changed: () => this.#show(),
      done: (_upload, file) => this.put([file]),
    });
  }

  get isBusy(): boolean {
    return this.#uploads.all().some((upload) => upload.state !== "failed");
  }

  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  add(files: File[]): void {
    this.#uploads.add(files);
  }

  /** Files that the server has already: a phrase's pictures. */
  put(files: UploadedFile[]): void {
    this.#files = [...this.#files, ...files];
    this.#show();
  }

  /** Takes them for a line. */
  take(): UploadedFile[] {
    const taken = this.#files;
    this.#files = [];
    this.#show();
    return taken;
  }

  #show(): void {
    this.#root.replaceChildren(
      ...this.#files.map((file) => this.#chip(file)),
      ...this.#uploads.all().map((upload) => this.#progress(upload)),
    );
    this.#root.hidden = this.#root.childElementCount === 0;
    this.#changed();
  }

  #chip(file: UploadedFile): HTMLElement {
    const look = file.kind === "picture" ? el("img", { src: file.url, alt: "" }) : icon("file");
    return el("span", { class: "attached" }, look, el("span", {}, file.name), this.#removal(file.name, () => {
      this.#files = this.#files.filter((one) => one !== file);
      this.#show();
    }));
  }

  #progress(upload: Upload): HTMLElement {
    const hasFailed = upload.state === "failed";
    const fate = hasFailed
      ? el("small", { role: "alert" }, upload.error)
      : el("progress", { max: 1, value: upload.progress, "aria-label": say("uploading") });
    const chip = el("span", { class: "attached", "data-failed": hasFailed }, icon("file"), el("span", {}, upload.file.name), fate);
    if (hasFailed) {
      const again = el("button", { type: "button", "aria-label": say("resend") }, icon("refresh"));
      again.addEventListener("click", () => this.#uploads.retry(upload.id));
      chip.append(again);
    }
    chip.append(this.#removal(upload.file.name, () => this.#uploads.remove(upload.id)));
    return chip;
  }

  #removal(name: string, remove: () => void): HTMLElement {
    const button = el("button", { type: "button", "aria-label": `${say("discard")} ${name}` }, icon("x"));
    button.addEventListener("click", remove);
    return button;
  }
}
