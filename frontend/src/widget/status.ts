// Who serves, where in the queue, whether the network is there, what can be done now.

import type { Session } from "../chat/session.ts";
import type { VisitorState } from "../chat/types.ts";
import { byId, setText } from "../thread/dom.ts";
import { duration, say } from "../thread/texts.ts";
import type { Config } from "./config.ts";

const BAR_AFTER = 2000; // A hiccup of two seconds is nobody's concern.
let downSince = 0;

export function showStatus(session: Session<VisitorState>, config: Config): void {
  const { state } = session;
  const handler = state?.status === "open" ? state.handler : null;
  setText(byId("who"), handler?.name ?? config.name);
  setText(byId("face"), [...(handler?.name ?? config.name)][0] ?? "");
  setText(byId("presence"), handler ? say("served_by", { name: config.name }) : say(state?.status === "offline" ? "away" : "there"));
  showQueue(state);
  setText(byId("typing-words"), session.typing ? say("typing", { name: session.typing }) : "");
  byId("typing").hidden = !session.typing;
  const isClosed = state?.status === "closed";
  byId("closed").hidden = !isClosed;
  setText(byId("closed-words"), isClosed ? state.closed_reason || say("closed") : "");
  byId("end").hidden = !(state?.status === "open" || state?.status === "queued");
}

function showQueue(state: VisitorState | null): void {
  const queue = byId("queue");
  const hasLeftWords = state?.status === "offline" && byId("contact").hidden;
  const isQueued = state?.status === "queued";
  queue.hidden = !isQueued && !hasLeftWords;
  if (hasLeftWords) setText(byId("queue-words"), say("left"));
  if (!isQueued) return;
  const ahead = Math.max(0, (state.position ?? 1) - 1);
  const where = ahead ? say("ahead", { n: ahead }) : say("next");
  const wait = state.expected_wait_s ? say("wait", { time: duration(state.expected_wait_s) }) : "";
  setText(byId("queue-words"), where + wait);
}

export function showConnection(session: Session<VisitorState>): void {
  const { connection } = session;
  const isDown = connection === "offline" || connection === "gone" || !navigator.onLine;
  if (!isDown) downSince = 0;
  else downSince ||= Date.now();
  const shown = isDown && (connection === "gone" || Date.now() - downSince >= BAR_AFTER);
  const bar = byId("bar");
  bar.hidden = !shown;
  if (shown) setText(byId("bar-words"), say(connection === "gone" ? "gone" : "reconnecting"));
  if (isDown && !shown) setTimeout(() => showConnection(session), BAR_AFTER);
}
