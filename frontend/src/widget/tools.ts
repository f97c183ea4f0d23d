// Beside the field: pictures, files, emoji, voice.

import { byId, el } from "../thread/dom.ts";
import { say } from "../thread/texts.ts";
import { canRecord, LONGEST, minutes, record, type Recording } from "../thread/voice.ts";

const EMOJI = "😊 😄 😁 😂 🤣 😅 😉 😍 🥰 😘 🤔 😐 😳 😢 😭 😤 😡 😱 😴 🤒 👍 👎 👌 🙏 👏 💪 🤝 👋 ❤️ 💔 🎉 🌹 ☀️ 🌧️ 🔥 ✅ ❌ ❓ ❗ 📦".split(" ");

export function startEmoji(insert: (text: string) => void): void {
  const panel = byId("emoji");
  const button = byId("emoji-button");
  const show = (open: boolean) => {
    if (open && !panel.firstChild) {
      for (const sign of EMOJI) panel.append(el("button", { type: "button", "aria-label": sign }, sign));
    }
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(panel.hidden === true));
  panel.addEventListener("click", (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    insert(event.target.textContent ?? "");
    show(false);
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !panel.contains(event.target) && !button.contains(event.target)) show(false);
  });
}

export function startPicking(files: (files: File[]) => void): void {
  for (const name of ["picture", "file"]) {
    const input = byId<HTMLInputElement>(`${name}-input`);
    byId(`${name}-button`).addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      files([...(input.files ?? [])]);
      input.value = "";
    });
  }
}

export function startVoice(files: (files: File[]) => void, warn: (text: string) => void): void {
  const button = byId("voice-button");
  const bar = byId("recording");
  button.hidden = !canRecord();
  let recording: Recording | null = null;
  let startedAt = 0;
  let ticking: ReturnType<typeof setInterval> | undefined;
  const end = () => {
    clearInterval(ticking);
    bar.hidden = true;
    recording = null;
    button.focus();
  };
  const send = async () => {
    const mine = recording;
    const isTooShort = Date.now() - startedAt < 700;
    end();
    if (isTooShort) {
      mine?.cancel();
      return warn(say("voice_short"));
    }
    if (mine) files([await mine.stop()]);
  };
  const tick = () => {
    const seconds = (Date.now() - startedAt) / 1000;
    byId("recording-time").textContent = `${minutes(seconds)} / ${minutes(LONGEST)}`;
    if (seconds >= LONGEST) void send();
  };
  button.addEventListener("click", async () => {
    if (recording) return;
    try {
      recording = await record();
    } catch {
      return warn(say("no_microphone"));
    }
    startedAt = Date.now();
    bar.hidden = false;
    tick();
    ticking = setInterval(tick, 250);
    byId("recording-send").focus();
  });
  byId("recording-send").addEventListener("click", () => void send());
  byId("recording-cancel").addEventListener("click", () => {
    recording?.cancel();
    end();
  });
}
