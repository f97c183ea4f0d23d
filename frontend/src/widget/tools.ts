// Beside the field: pictures, files, emoji, voice.

import { byId } from "../thread/dom.ts";
import { startEmoji } from "../thread/emoji.ts";
import { Recorder } from "../thread/recorder.ts";

export interface ToolParts {
  insert(text: string): void;
  files(files: File[]): void;
  warn(text: string): void;
}

export function startTools({ insert, files, warn }: ToolParts): void {
  startEmoji(byId("emoji-button"), byId("emoji"), insert);
  for (const name of ["picture", "file"]) {
    const input = byId<HTMLInputElement>(`${name}-input`);
    byId(`${name}-button`).addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      files([...(input.files ?? [])]);
      input.value = "";
    });
  }
  new Recorder({
    button: byId("voice-button"),
    bar: byId("recording"),
    time: byId("recording-time"),
    send: byId("recording-send"),
    cancel: byId("recording-cancel"),
    done: (file) => files([file]),
    warn,
  });
}
