// When nobody is there: who to answer, how to reach him, what he wants to say.

import { newClientId, type Store } from "../chat/outbox.ts";
import type { Session } from "../chat/session.ts";
import type { VisitorState } from "../chat/types.ts";
import { byId, setText } from "../thread/dom.ts";
import { say } from "../thread/texts.ts";
import type { VisitorHttp } from "./visitor.ts";

const KEPT_FOR = 24 * 3600_000; // Who left his number today is not asked again.

export interface ContactParts {
  session: Session<VisitorState>;
  http: VisitorHttp;
  store: Store;
  key: string;
  changed(): void;
}

/** The form shows out of hours or when nobody is free, until it was sent; further words go by the ordinary field. */
export function showContact(state: VisitorState | null, store: Store, key: string): boolean {
  const isOffline = state?.status === "offline" || (state?.status === "new" && state.is_open === false);
  const isDone = Date.now() - Number(store.get(key) ?? 0) < KEPT_FOR;
  byId("contact").hidden = !isOffline || isDone;
  return isOffline && !isDone;
}

export function startContact({ session, http, store, key, changed }: ContactParts): void {
  const form = byId<HTMLFormElement>("contact");
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement | HTMLTextAreaElement;
  const complain = (text: string, at?: string) => {
    setText(byId("contact-error"), text);
    if (at) field(at).focus();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [name, reach, text] = ["name", "reach", "words"].map((one) => field(one).value.trim());
    if (!text && session.thread.lastSeq("visitor") === 0) return complain(say("need_words"), "words");
    if (!reach) return complain(say("need_reach"), "reach");
    complain("");
    const isMail = reach.includes("@");
    const button = byId<HTMLButtonElement>("contact-send");
    button.disabled = true;
    const answer = await http.contact({ name: name ?? "", phone: isMail ? "" : reach, mail: isMail ? reach : "" });
    button.disabled = false;
    if (answer.status !== 200) return complain(answer.error || say("failed"));
    store.set(key, String(Date.now()));
    if (text) session.send({ client_id: newClientId(), text, files: [] });
    field("words").value = "";
    changed();
    byId("text").focus();
  });
}
