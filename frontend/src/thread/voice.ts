// Voice: recording with the browser's own recorder, and a player small enough for a bubble.

import { el, icon } from "./dom.ts";
import { say } from "./texts.ts";

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
export const LONGEST = 60; // Seconds.

export interface Recording {
  stop(): Promise<File>;
  cancel(): void;
}

export const canRecord = (): boolean => Boolean(navigator.mediaDevices?.getUserMedia) && typeof MediaRecorder === "function";

/** Starts recording; refuses when there is no microphone or no leave to use it. */
export async function record(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const kind = KINDS.find((one) => MediaRecorder.isTypeSupported(one)) ?? "";
  const recorder = new MediaRecorder(stream, { ...(kind ? { mimeType: kind } : {}), audioBitsPerSecond: 32_000 });
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  const ended = new Promise<void>((resolve) => recorder.addEventListener("stop", () => resolve()));
  const finish = () => {
    if (recorder.state !== "inactive") recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  };
  recorder.start();
  return {
    cancel: finish,
    async stop() {
      finish();
      await ended;
      const type = recorder.mimeType.split(";")[0] || "audio/webm";
      return new File(parts, `voice.${type.split("/")[1] ?? "webm"}`, { type });
    },
  };
}

export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

let playing: HTMLAudioElement | null = null;

export function voicePlayer(url: string): HTMLElement {
  const audio = el("audio", { src: url, preload: "metadata" });
  const button = el("button", { type: "button", class: "voice-play" }, icon("play"));
  const track = el("progress", { class: "voice-track", max: 1, value: 0 });
  const time = el("span", { class: "voice-time" }, "0:00");
  const length = () => (Number.isFinite(audio.duration) ? audio.duration : 0);
  const show = () => {
    button.setAttribute("aria-label", say(audio.paused ? "play_voice" : "pause_voice"));
    button.replaceChildren(icon(audio.paused ? "play" : "pause"));
    track.value = length() ? audio.currentTime / length() : 0;
    time.textContent = minutes(audio.paused && !audio.currentTime ? length() : audio.currentTime);
  };
  button.addEventListener("click", () => {
    if (!audio.paused) return audio.pause();
    playing?.pause();
    playing = audio;
    void audio.play().catch(show);
  });
  for (const kind of ["play", "pause", "timeupdate", "durationchange"]) audio.addEventListener(kind, show);
  audio.addEventListener("ended", () => (audio.currentTime = 0));
  audio.addEventListener("loadedmetadata", () => findLength(audio), { once: true });
  show();
  return el("div", { class: "voice", role: "group", "aria-label": say("voice") }, button, track, time, audio);
}

/** A recording does not say how long it is until somebody has been at its end. */
function findLength(audio: HTMLAudioElement): void {
  if (Number.isFinite(audio.duration)) return;
  audio.addEventListener("durationchange", () => Number.isFinite(audio.duration) && (audio.currentTime = 0));
  audio.currentTime = 1e7;
}
