// The server's side of the protocol in memory: keeps each line once per client id, and a network that can be cut anywhere.

import { Session, type Answer, type LineHttp } from "../../src/chat/session.ts";
import { MemoryStore, Outbox, type Entry } from "../../src/chat/outbox.ts";
import { SocketLink, type Frame, type Wire, type WireEvents } from "../../src/chat/transport.ts";
import type { Line, LinesFrame, VisitorState } from "../../src/chat/types.ts";
import { FakeClock } from "./clock.ts";

type Where = "before" | "after" | null;

export class FakeServer {
  number = "C1";
  lines: Line[] = [];
  rev = 0;
  token = "first";
  sessions = 0;
  posts = 0;
  page = 200;
  // Faults.
  isSocketBlocked = false; // A proxy that lets no socket through.
  isDown = false;
  isBlackHole = false; // Packets vanish, nothing says so.
  loseAnswerOf: string | null = null; // "send": keeps the line, the acknowledgement is lost and the socket cut.
  cutBefore: string | null = null; // "send": cut before the server has seen it.
  refuses: ((text: string) => string | null) | null = null;
  #wires = new Set<FakeWire>();

  state(): VisitorState {
    return { status: "open", position: null, expected_wait_s: null, handler: { name: "Li Min" }, read_seq: 0, can_write: true, closed_reason: "", number: this.number, last_rev: this.rev };
  }

  after(rev: number): LinesFrame<VisitorState> {
    const from = rev > this.rev ? 0 : rev;
    const lines = this.lines.filter((line) => line.rev > from).sort((a, b) => a.rev - b.rev).slice(0, this.page);
    return { lines: structuredClone(lines), cursor: lines.at(-1)?.rev ?? from, state: this.state() };
  }

  add(kind: Line["kind"], text: string, clientId = ""): Line {
    const known = this.lines.find((line) => clientId && line.client_id === clientId);
    if (known) return known;
    const line: Line = {
      seq: this.lines.length + 1, rev: ++this.rev, kind, author: { id: null, name: kind }, text,
      at: new Date(1_000_000 + this.rev).toISOString(), files: [], recalled: false, client_id: clientId, meta: {},
    };
    this.lines.push(line);
    return line;
  }

  says(text: string): Line {
    const line = this.add("agent", text);
    this.push();
    return line;
  }

  recall(seq: number): void {
    const line = this.lines[seq - 1];
    if (line) Object.assign(line, { rev: ++this.rev, text: "", recalled: true });
    this.push();
  }

  startOver(number: string): void {
    this.number = number;
    this.lines = [];
    this.rev = 0;
    for (const wire of this.#wires) wire.cursor = 0;
  }

  push(): void {
    for (const wire of [...this.#wires]) wire.push();
  }

  cut(): void {
    for (const wire of [...this.#wires]) wire.cut();
  }

  dial(clock: FakeClock): (events: WireEvents) => Wire {
    return (events) => {
      const wire = new FakeWire(this, events);
      this.#wires.add(wire);
      clock.after(5, () => {
        if (this.isBlackHole) return;
        if (this.isDown || this.isSocketBlocked) wire.cut();
        else wire.open();
      });
      return wire;
    };
  }

  gone(wire: FakeWire): void {
    this.#wires.delete(wire);
  }

  take(clientId: string, text: string): { line: Line } | { error: string } {
    const error = this.refuses?.(text);
    return error ? { error } : { line: this.add("visitor", text, clientId) };
  }
}

class FakeWire implements Wire {
  cursor = 0;
  #isReady = false;
  #isClosed = false;
  readonly #server: FakeServer;
  readonly #events: WireEvents;

  constructor(server: FakeServer, events: WireEvents) {
    this.#server = server;
    this.#events = events;
  }

  open(): void {
    if (!this.#isClosed) this.#events.opened();
  }

  send(text: string): void {
    if (this.#isClosed || this.#server.isBlackHole) return;
    const frame = JSON.parse(text) as Frame;
    if (this.#server.cutBefore === frame.type) return this.#fault("cutBefore");
    this.#hear(frame);
  }

  close(): void {
    this.#isClosed = true;
    this.#server.gone(this);
  }

  cut(): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.closed(1006);
  }

  push(): void {
    if (!this.#isReady || this.#isClosed || this.#server.isBlackHole) return;
    const frame = this.#server.after(this.cursor);
    this.cursor = frame.cursor ?? 0;
    this.#say({ type: "lines", ...frame });
    if (this.cursor < this.#server.rev) this.push();
  }

  #fault(which: "cutBefore" | "loseAnswerOf"): void {
    this.#server[which] = null;
    this.cut();
  }

  #hear(frame: Frame): void {
    if (frame.type === "ping") return this.#say({ type: "pong" });
    if (frame.type === "hello") {
      if (frame.token !== this.#server.token) return this.#events.closed(4401);
      this.cursor = Number(frame.after);
      this.#isReady = true;
      return this.push();
    }
    if (frame.type !== "send") return;
    const taken = this.#server.take(String(frame.client_id), String(frame.text));
    if (this.#server.loseAnswerOf === "send") return this.#fault("loseAnswerOf");
    if ("error" in taken) return this.#say({ type: "refused", client_id: frame.client_id, message: taken.error });
    this.#say({ type: "ack", client_id: frame.client_id, seq: taken.line.seq, rev: taken.line.rev });
    this.#server.push();
  }

  #say(frame: Frame): void {
    this.#events.heard(JSON.stringify(frame));
  }
}

export class FakeHttp implements LineHttp<VisitorState> {
  loses: Where = null; // The next post is lost before or after the server kept it.
  token: string | null = null;
  readonly told: string[] = [];
  readonly #server: FakeServer;
  readonly #clock: FakeClock;

  constructor(server: FakeServer, clock: FakeClock) {
    this.#server = server;
    this.#clock = clock;
  }

  open() {
    return this.#answer(() => {
      if (this.token !== this.#server.token) this.#server.sessions++;
      this.token = this.#server.token;
      return this.#server.after(0);
    });
  }

  fetchLines(after: number) {
    if (this.token !== this.#server.token) return Promise.resolve({ status: 401, body: null, error: "" });
    return this.#answer(() => this.#server.after(after));
  }

  async post(entry: Entry) {
    this.#server.posts++;
    const loses = this.loses;
    this.loses = null;
    if (loses === "before") return { status: 0, body: null, error: "" };
    const taken = this.#server.isDown ? null : this.#server.take(entry.client_id, entry.text);
    if (taken && "error" in taken) return { status: 409, body: null, error: taken.error };
    const answer = await this.#answer(() => ({ line: (taken as { line: Line }).line, state: this.#server.state() }));
    return loses === "after" ? { status: 0, body: null, error: "" } : answer;
  }

  tell(what: "read" | "typing"): void {
    this.told.push(what);
  }

  #answer<Body>(body: () => Body): Promise<Answer<Body>> {
    const isLost = this.#server.isDown || this.#server.isBlackHole;
    return new Promise((resolve) => {
      this.#clock.after(isLost ? 4000 : 5, () => {
        const works = !isLost && !this.#server.isDown;
        resolve(works ? { status: 200, body: body(), error: "" } : { status: 0, body: null, error: "" });
      });
    });
  }
}

/** A visitor's screen on that server. The same store again is a reload of the page. */
export function screen(server: FakeServer, clock = new FakeClock(), store = new MemoryStore()) {
  const http = new FakeHttp(server, clock);
  const manner = { isWatched: () => true, isServed: (): boolean => session.isServed };
  const session: Session<VisitorState> = new Session<VisitorState>({
    link: new SocketLink(server.dial(clock), clock, manner),
    http, clock, manner,
    outbox: new Outbox(store, "out:"),
    hello: (after) => ({ type: "hello", token: http.token, after }),
    changed: () => undefined,
  });
  const texts = () => session.rows().flatMap((row) => (row.type === "line" ? [row.line.text] : row.type === "entry" ? [`(${row.entry.text})`] : []));
  return { session, http, clock, store, texts };
}
