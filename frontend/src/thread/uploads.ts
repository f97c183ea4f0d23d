// Files on their way up: one at a time, with progress, kept on the screen until they are a line.

import { newClientId } from "../chat/outbox.ts";
import type { UploadedFile } from "../chat/types.ts";

export interface Upload {
  id: string; // Becomes the client id of the line.
  file: File;
  preview: string; // An address of the local picture, or "".
  state: "waiting" | "running" | "failed";
  progress: number; // 0 to 1.
  error: string;
}

export interface UploadParts {
  url(): string;
  headers(): Record<string, string>;
  sizeLimit: number;
  tooLarge(): string;
  unreachable(): string;
  changed(): void;
  done(upload: Upload, file: UploadedFile): void;
}

export class Uploads {
  #all: Upload[] = [];
  readonly #parts: UploadParts;

  constructor(parts: UploadParts) {
    this.#parts = parts;
  }

  all(): readonly Upload[] {
    return this.#all;
  }

  add(files: readonly File[]): void {
    for (const file of files) {
      const isTooLarge = file.size > this.#parts.sizeLimit;
      this.#all.push({
        id: newClientId(), file, progress: 0,
        preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : "",
        state: isTooLarge ? "failed" : "waiting",
        error: isTooLarge ? this.#parts.tooLarge() : "",
      });
    }
    this.#next();
  }

  retry(id: string): void {
    const upload = this.#all.find((one) => one.id === id);
    if (upload && upload.file.size <= this.#parts.sizeLimit) Object.assign(upload, { state: "waiting", error: "", progress: 0 });
    this.#next();
  }

  remove(id: string): void {
    const upload = this.#all.find((one) => one.id === id);
    if (upload?.preview) URL.revokeObjectURL(upload.preview);
    this.#all = this.#all.filter((one) => one.id !== id);
    this.#parts.changed();
  }

  #next(): void {
    this.#parts.changed();
    if (this.#all.some((one) => one.state === "running")) return;
    const upload = this.#all.find((one) => one.state === "waiting");
    if (upload) this.#run(upload);
  }

  #run(upload: Upload): void {
    upload.state = "running";
    const request = new XMLHttpRequest();
    request.open("POST", this.#parts.url());
    request.responseType = "json";
    request.timeout = 5 * 60_000;
    for (const [name, value] of Object.entries(this.#parts.headers())) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      upload.progress = event.total ? event.loaded / event.total : 0;
      this.#parts.changed();
    });
    request.addEventListener("loadend", () => this.#ended(upload, request));
    const body = new FormData();
    body.append("file", upload.file);
    request.send(body);
    this.#parts.changed();
  }

  #ended(upload: Upload, request: XMLHttpRequest): void {
    const answer = request.response as (UploadedFile & { error?: string }) | null;
    if (request.status === 200 && answer?.file) {
      this.#parts.done(upload, answer);
      this.remove(upload.id);
    } else {
      upload.state = "failed";
      upload.error = answer?.error ?? (request.status === 413 ? this.#parts.tooLarge() : this.#parts.unreachable());
    }
    this.#next();
  }
}
