// The visitor's session: his key, his requests, his socket.

import { Session, type Answer, type LineHttp, type Posted } from "../chat/session.ts";
import { Outbox, type Entry, type Store } from "../chat/outbox.ts";
import { SocketLink } from "../chat/transport.ts";
import type { LinesFrame, VisitorState } from "../chat/types.ts";
import { ask, browserClock, dialTo } from "../thread/wires.ts";
import type { Config } from "./config.ts";

export interface TokenKeeper {
  read(): string;
  keep(token: string): void;
}

export class VisitorHttp implements LineHttp<VisitorState> {
  readonly #config: Config;
  readonly #tokens: TokenKeeper;
  readonly #page: { url: string; title: string };

  constructor(config: Config, tokens: TokenKeeper, page: { url: string; title: string }) {
    this.#config = config;
    this.#tokens = tokens;
    this.#page = page;
  }

  headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.#tokens.read()}` };
  }

  async open(): Promise<Answer<LinesFrame<VisitorState>>> {
    const token = this.#tokens.read();
    const about = { page_url: this.#page.url, page_title: this.#page.title, ...(token ? { token } : {}) };
    const answer = await ask<LinesFrame<VisitorState> & { token: string }>("POST", this.#config.urls.session, {}, about);
    if (answer.status === 200 && answer.body?.token) this.#tokens.keep(answer.body.token);
    return answer;
  }

  fetchLines(after: number): Promise<Answer<LinesFrame<VisitorState>>> {
    return ask("GET", `${this.#config.urls.lines}?after=${after}`, this.headers());
  }

  post(entry: Entry): Promise<Answer<Posted<VisitorState>>> {
    const files = entry.files.map((file) => file.file);
    return ask("POST", this.#config.urls.lines, this.headers(), { client_id: entry.client_id, text: entry.text, files });
  }

  tell(what: "read" | "typing", body: Record<string, unknown>): void {
    void ask("POST", this.#config.urls[what], this.headers(), body);
  }

  contact(body: { name: string; phone: string; mail: string }): Promise<Answer<{ state?: VisitorState }>> {
    return ask("POST", this.#config.urls.contact, this.headers(), body);
  }

  leave(): Promise<Answer<{ state?: VisitorState }>> {
    return ask("POST", this.#config.urls.leave, this.headers(), {});
  }
}

export function visitorSession(
  config: Config,
  http: VisitorHttp,
  tokens: TokenKeeper,
  parts: { store: Store; isWatched(): boolean; changed(): void },
): Session<VisitorState> {
  const manner = { isWatched: parts.isWatched, isServed: (): boolean => session.isServed };
  const session: Session<VisitorState> = new Session<VisitorState>({
    link: new SocketLink(dialTo(config.urls.socket), browserClock, manner),
    http,
    clock: browserClock,
    manner,
    outbox: new Outbox(parts.store, `shouwen:${config.key}:out:`),
    hello: (after) => ({ type: "hello", token: tokens.read(), after }),
    changed: parts.changed,
  });
  return session;
}
