// The visitor's chat: in a frame on the customer's website, or a page of its own behind a QR code.

import arrowDown from "@tabler/icons/outline/arrow-down.svg";
import logout from "@tabler/icons/outline/logout.svg";
import microphone from "@tabler/icons/outline/microphone.svg";
import moodSmile from "@tabler/icons/outline/mood-smile.svg";
import paperclip from "@tabler/icons/outline/paperclip.svg";
import photo from "@tabler/icons/outline/photo.svg";
import send from "@tabler/icons/outline/send-2.svg";
import type { Store } from "../chat/outbox.ts";
import { addIcons, icon } from "../thread/dom.ts";
import { openStore } from "../thread/store.ts";
import { readJson, setTexts } from "../thread/texts.ts";
import { ChatApp } from "./app.ts";
import type { Config } from "./config.ts";
import { listenToHost, type Hello, type Host } from "./host.ts";
import { HostStore } from "./hoststore.ts";
import type { TokenKeeper } from "./visitor.ts";

const LOADER_PATIENCE = 3000; // A frame without our loader around it begins by itself.

const config = readJson<Config>("config");
const own = openStore();
let app: ChatApp | null = null;

setTexts(config.texts);
addIcons({ "arrow-down": arrowDown, logout, microphone, "mood-smile": moodSmile, paperclip, photo, send });
for (const place of document.querySelectorAll<HTMLElement>("[data-icon]")) place.append(icon(place.dataset.icon ?? ""));

/** In a frame the host page keeps the visitor's key; a page of its own keeps it here. */
function keeperOf(host: Host | null, token: string, store: Store): TokenKeeper {
  const key = `shouwen:${config.key}:token`;
  let known = host ? token : (store.get(key) ?? "");
  return {
    read: () => known,
    keep(given) {
      known = given;
      if (host) host.tell({ type: "token", token: given });
      else if (given) store.set(key, given);
      else store.remove(key);
    },
  };
}

function begin(hello: Hello | null, host: Host | null): void {
  if (app) return;
  const page = hello?.page ?? { url: location.href, title: document.title };
  const store = host && !own.isLasting ? new HostStore(host, hello?.kept ?? {}) : own.store;
  app = new ChatApp({ config, store, tokens: keeperOf(host, hello?.token ?? "", store), page, host, isOpen: hello?.isOpen ?? true });
}

if (window.parent === window) {
  begin(null, null);
} else {
  document.documentElement.classList.add("is-framed");
  listenToHost([location.origin, ...config.origins], { hello: begin, changed: (isOpen) => app?.turn(isOpen) });
  setTimeout(() => begin(null, null), LOADER_PATIENCE);
}
