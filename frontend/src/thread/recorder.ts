// Recording a voice line: a bar with the time, Cancel and Send.

import { say } from "./texts.ts";
import { canRecord, LONGEST, minutes, record, type Recording } from "./voice.ts";

export interface RecorderParts {
  button: HTMLElement;
  bar: HTMLElement;
  time: HTMLElement;
  send: HTMLElement;
  cancel: HTMLElement;
  done(file: File): void;
  warn(text: string): void;
}

const SHORTEST = 700;

export class Recorder {
  readonly #parts: RecorderParts;
  #recording: Recording | null = null;
  #startedAt = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    parts.button.hidden = !canRecord();
    parts.button.addEventListener("click", () => void this.#start());
    parts.send.addEventListener("click", () => void this.#send());
    parts.cancel.addEventListener("click", () => this.cancel());
  }

  cancel(): void {
    this.#recording?.cancel();
    this.#end();
  }

  async #start(): Promise<void> {
    if (this.#recording) return;
    try {
      this.#recording = await record();
    } catch {
      return this.#parts.warn(say("no_microphone"));
    }
    this.#parts.warn("");
    this.#startedAt = Date.now();
    this.#parts.bar.hidden = false;
    this.#tick();
    this.#ticking = setInterval(() => this.#tick(), 250);
    this.#parts.send.focus();
  }

  #tick(): void {
    const seconds = (Date.now() - this.#startedAt) / 1000;
    this.#parts.time.textContent = `${minutes(seconds)} / ${minutes(LONGEST)}`;
    if (seconds >= LONGEST) void this.#send();
  }

  async #send(): Promise<void> {
    const mine = this.#recording;
    const isTooShort = Date.now() - this.#startedAt < SHORTEST;
    this.#end();
    if (isTooShort) {
      mine?.cancel();
      this.#parts.warn(say("voice_short"));
    } else if (mine) this.#parts.done(await mine.stop());
  }

  #end(): void {
    clearInterval(this.#ticking);
    this.#parts.bar.hidden = true;
    this.#recording = null;
    this.#parts.button.focus();
  }
}
