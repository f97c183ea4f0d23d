// The workspace's open conversation: started when one arrives on the page, stopped when it has left.

import { openStore } from "../thread/store.ts";
import { readJson, setTexts } from "../thread/texts.ts";
import { startAlarm } from "./alarm.ts";
import type { WorkspaceConfig } from "./config.ts";
import { OpenThread } from "./thread.ts";

const config = readJson<WorkspaceConfig | null>("workspace-config");
const { store } = openStore();
const started = new WeakSet<HTMLElement>();
let open: OpenThread | null = null;

function look(): void {
  if (open && !open.isOnPage) {
    open.stop();
    open = null;
  }
  const root = document.querySelector<HTMLElement>("[data-thread]");
  if (!config || !root || started.has(root)) return;
  started.add(root);
  open?.stop();
  open = new OpenThread(root, config, store);
}

if (config) {
  setTexts(config.texts);
  document.addEventListener("htmx:load", look);
  document.addEventListener("htmx:afterSettle", look);
  document.addEventListener("htmx:historyRestore", look);
  look();
  startAlarm();
}
