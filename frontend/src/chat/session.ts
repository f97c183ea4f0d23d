// One conversation kept whole on one screen: lines come by socket or polling, own lines go out exactly once.

import { Thread, timeline, type Row } from "./merge.ts";
import type { Entry, Outbox } from "./outbox.ts";
import { longestWait, Waits, type Clock, type Frame, type Link, type Manner, type Timer } from "./transport.ts";
import type { CommonState, Line, LinesFrame, SendExtra, UploadedFile } from "./types.ts";

/** What came back: `status` 0 when nothing did. `error` is the server's word for the person. */
export interface Answer<Body> {
  status: number;
  body: Body | null;
  error: string;
}

export interface Posted<State> {
  line: Line;
  state?: State | null;
}

export interface LineHttp<State> {
  /** Everything from the beginning; makes the session where one is needed. */
  open(): Promise<Answer<LinesFrame<State>>>;
  fetchLines(after: number): Promise<Answer<LinesFrame<State>>>;
  post(entry: Entry): Promise<Answer<Posted<State>>>;
  tell(what: "read" | "typing", body: Record<string, unknown>): void;
}

export type Connection = "connecting" | "online" | "offline" | "gone";

export interface SessionParts<State> {
  link: Link;
  http: LineHttp<State>;
  clock: Clock;
  manner: Manner;
  outbox: Outbox;
  hello(after: number): Frame;
  changed(): void;
  /** Another answered meanwhile: the lines to look at before sending again. */
  newer?(entry: Entry, lines: Line[]): void;
}

export const ACTIVE = 2000;
export const IDLE = 8000;
const ACTIVE_FOR = 60_000;
const FIRST_POLL = 1000;
const ACK_OVERDUE = 6000;
const TYPING_EVERY = 3000;
const TYPING_SHOWN = 6000;
const TOO_MANY = 30_000;

export class Session<State extends CommonState> {
  readonly thread = new Thread();
  readonly outbox: Outbox;
  state: State | null = null;
  typing = "";
  /** Why it cannot begin, in the server's words. */
  problem = "";
  /** Whether the first whole answer is here. */
  isOpened = false;

  readonly #parts: SessionParts<State>;
  readonly #clock: Clock;
  readonly #waits: Waits;
  #number = ""; // Which conversation this is: its lines count from one.
  #leftBehind = ""; // The closed conversation that the visitor put away.
  #epoch = 0; // Answers asked for before the session began anew are thrown away.
  #isStopped = false;
  #isGone = false;
  #isLive = false; // The socket has answered hello.
  #isPollOk = false;
  #isPolling = false;
  #isPosting = false;
  #lostAt = 0;
  #touchedAt = 0;
  #typedAt = Number.NEGATIVE_INFINITY;
  #readSeq = 0;
  #overdue = 0;
  #reopened = 0;
  #transmitted = ""; // The line that awaits its acknowledgement on this socket.
  #pollTimer: Timer = null;
  #ackTimer: Timer = null;
  #typingTimer: Timer = null;

  constructor(parts: SessionParts<State>) {
    this.#parts = parts;
    this.outbox = parts.outbox;
    this.#clock = parts.clock;
    this.#waits = new Waits(() => parts.clock.random(), 400, () => longestWait({ ...parts.manner, isServed: () => false }, this.#clock.now() - this.#lostAt));
  }

  get connection(): Connection {
    if (this.#isGone) return "gone";
    if (this.#isLive || this.#isPollOk) return "online";
    return this.isOpened || this.#waits.attempt > 0 ? "offline" : "connecting";
  }

  /** Whether polling serves while the socket does not. */
  get isServed(): boolean {
    return this.#isPollOk;
  }

  rows(): Row[] {
    return timeline(this.thread.lines(), this.outbox.entries());
  }

  start(): void {
    this.#lostAt = this.#touchedAt = this.#clock.now();
    void this.#open();
  }

  stop(): void {
    this.#isStopped = true;
    this.#epoch++;
    this.#parts.link.stop();
    for (const timer of [this.#pollTimer, this.#ackTimer, this.#typingTimer]) this.#clock.cancel(timer);
  }

  /** The page is looked at again, or the network says it is back: find out now. */
  check(): void {
    if (this.#isStopped || this.#isGone) return;
    this.#waits.reset();
    this.#parts.link.check();
    if (!this.#isLive) this.#pollIn(0);
  }

  send(line: { client_id: string; text: string; files: UploadedFile[]; extra?: SendExtra }): void {
    this.outbox.add({ ...line, at: this.#clock.now() });
    this.#typedAt = Number.NEGATIVE_INFINITY;
    this.#afterWriting();
  }

  retry(clientId: string, extra?: SendExtra): void {
    this.outbox.retry(clientId, extra);
    this.#afterWriting();
  }

  /** Everything up to this line has been seen here. Told once. */
  read(seq: number): void {
    if (seq <= this.#readSeq || !this.isOpened) return;
    this.#readSeq = seq;
    this.#tell("read", { seq });
  }

  isTyping(): void {
    this.#touch();
    if (this.#clock.now() - this.#typedAt < TYPING_EVERY || !this.isOpened) return;
    this.#typedAt = this.#clock.now();
    this.#tell("typing", {});
  }

  /** Puts a closed conversation away; the next line opens a new one. */
  putAway(): void {
    this.#leftBehind = this.#number;
    this.#number = "";
    this.state = null;
    this.#readSeq = 0;
    this.thread.clear();
    this.#parts.changed();
  }

  /** Begins anew, with another key if ours is not known any more; what is in the outbox goes there. */
  reopen(wait = 0): void {
    this.#epoch++;
    this.#parts.link.stop();
    this.#isLive = this.#isPollOk = this.isOpened = this.#isPosting = this.#isPolling = false;
    this.#transmitted = "";
    this.#readSeq = 0;
    this.#clock.cancel(this.#pollTimer);
    this.#pollTimer = this.#clock.after(wait, () => void this.#open());
  }

  #afterWriting(): void {
    this.#touch();
    this.#parts.changed();
    if (this.#parts.link.isUp || this.#isPollOk) this.#flush();
    else if (this.isOpened) this.check();
  }

  async #open(): Promise<void> {
    const epoch = this.#epoch;
    const answer = await this.#parts.http.open();
    if (epoch !== this.#epoch) return;
    if (answer.status === 200 && answer.body) {
      this.thread.clear();
      this.isOpened = this.#isPollOk = true;
      this.problem = "";
      this.#waits.reset();
      this.#take(answer.body);
      this.#parts.link.start({
        up: () => this.#up(),
        frame: (frame) => this.#frame(frame),
        down: () => this.#down(),
        turnedAway: (code) => this.#turnedAway(code),
      });
      this.#pollIn(FIRST_POLL);
      this.#flush();
    } else if ([403, 404, 410].includes(answer.status)) {
      this.#end();
    } else {
      this.problem = answer.error;
      const wait = answer.status === 429 ? TOO_MANY : this.#waits.next();
      this.#pollTimer = this.#clock.after(wait, () => void this.#open());
      this.#parts.changed();
    }
  }

  #up(): void {
    this.#transmitted = "";
    this.#parts.link.transmit(this.#parts.hello(this.thread.cursor));
    this.#flush();
  }

  #down(): void {
    if (this.#isLive) {
      this.#lostAt = this.#clock.now();
      this.#isPollOk = false;
      this.#pollIn(FIRST_POLL);
    }
    this.#isLive = false;
    this.#transmitted = "";
    this.#parts.changed();
  }

  #turnedAway(code: number): void {
    if (code !== 4401) return this.#end();
    this.reopen(Math.min(30_000, 500 * 2 ** this.#reopened++) - 500);
  }

  #end(): void {
    this.#isGone = true;
    this.stop();
    this.#parts.changed();
  }

  #frame(frame: Frame): void {
    if (frame.type === "lines") {
      this.#isLive = true;
      this.#isPollOk = false;
      this.#reopened = 0;
      this.#take(frame as unknown as LinesFrame<State>);
    } else if (frame.type === "ack") {
      this.#overdue = 0;
      this.outbox.acknowledge(String(frame.client_id), Number(frame.seq));
      this.outbox.settle((id) => this.thread.has(id));
      this.#parts.changed();
      this.#flush();
    } else if (frame.type === "refused") {
      this.#overdue = 0;
      this.#refused(String(frame.client_id), frame);
      this.#flush();
    }
    if (frame.type === "typing") this.#showTyping(String(frame.who ?? ""));
  }

  #refused(clientId: string, why: Record<string, unknown>): void {
    this.outbox.refuse(clientId, String(why.message ?? why.error ?? ""));
    if (this.#transmitted === clientId) this.#transmitted = "";
    const lines = Array.isArray(why.lines) ? (why.lines as Line[]) : [];
    this.thread.merge(lines);
    const entry = this.outbox.get(clientId);
    if (why.code === "newer" && entry) this.#parts.newer?.(entry, lines);
    this.#parts.changed();
  }

  #take(frame: LinesFrame<State>): void {
    const number = frame.state?.number ?? "";
    if (number && number === this.#leftBehind) return this.#parts.changed();
    if (number && number !== this.#number) this.#turnTo(number);
    const changed = this.thread.merge(frame.lines, frame.cursor);
    if (changed.length > 0) this.#touch();
    if (changed.some((line) => line.author.name === this.typing || String(line.author.id ?? 0) === this.typing)) this.#showTyping("");
    if (frame.state) this.state = frame.state;
    this.outbox.settle((id) => this.thread.has(id));
    this.#parts.changed();
  }

  /** Another conversation counts anew: what was asked for "after" the old one's cursor may lack its beginning. */
  #turnTo(number: string): void {
    const isAnother = this.#number !== "";
    this.#number = number;
    if (!isAnother) return;
    this.thread.clear();
    this.#readSeq = 0;
    void this.#refill(number);
  }

  async #refill(number: string): Promise<void> {
    const answer = await this.#parts.http.fetchLines(0);
    if (this.#isStopped || this.#number !== number) return;
    if (answer.status === 200 && answer.body) this.#take(answer.body);
    else this.#clock.after(ACTIVE, () => void this.#refill(number));
  }

  #showTyping(who: string): void {
    this.typing = who;
    this.#clock.cancel(this.#typingTimer);
    if (who) this.#typingTimer = this.#clock.after(TYPING_SHOWN, () => this.#showTyping(""));
    this.#parts.changed();
  }

  /** One line at a time, the next when this one is answered for: so they keep their order everywhere. */
  #flush(): void {
    const { link } = this.#parts;
    const entry = this.outbox.waiting()[0];
    if (!this.isOpened || !entry) return;
    if (!link.isUp || this.#overdue >= 2) void this.#postWaiting();
    else if (this.#transmitted !== entry.client_id) {
      const { client_id, text, files, extra } = entry;
      if (!link.transmit({ type: "send", client_id, text, files: files.map((file) => file.file), ...extra })) return;
      this.#transmitted = client_id;
      this.#watchAck(client_id);
    }
  }

  #watchAck(clientId: string): void {
    this.#clock.cancel(this.#ackTimer);
    this.#ackTimer = this.#clock.after(ACK_OVERDUE, () => {
      if (this.#transmitted !== clientId || this.outbox.get(clientId)?.state !== "waiting") return;
      this.#overdue++;
      this.#parts.link.drop();
    });
  }

  async #postWaiting(): Promise<void> {
    if (this.#isPosting) return;
    this.#isPosting = true;
    const epoch = this.#epoch;
    for (let entry = this.outbox.waiting()[0]; entry; entry = this.outbox.waiting()[0]) {
      const answer = await this.#parts.http.post(entry);
      if (epoch !== this.#epoch) return;
      if (!this.#posted(entry, answer)) break;
    }
    this.#isPosting = false;
  }

  /** Whether the next one may follow. */
  #posted(entry: Entry, answer: Answer<Posted<State>>): boolean {
    const { status, body } = answer;
    if (status === 200 && body) {
      this.outbox.acknowledge(entry.client_id, body.line.seq);
      // Only the line: what else came in between, the cursor brings.
      this.#take({ lines: [body.line], state: body.state ?? null });
      return true;
    }
    if ([400, 409, 413, 422].includes(status)) {
      this.#refused(entry.client_id, { ...(body as object | null), message: answer.error });
      return true;
    }
    this.#failed(status);
    return false;
  }

  #failed(status: number): void {
    if (status === 401) return this.#turnedAway(4401);
    if ([403, 404, 410].includes(status)) return this.#end();
    if (this.#isPollOk) this.#lostAt = this.#clock.now();
    this.#isPollOk = false;
    if (!this.#isLive) this.#pollIn(this.#waits.next());
    this.#parts.changed();
  }

  #pollIn(milliseconds: number): void {
    this.#clock.cancel(this.#pollTimer);
    if (!this.isOpened || this.#isStopped) return;
    this.#pollTimer = this.#clock.after(milliseconds, () => void this.#poll());
  }

  async #poll(): Promise<void> {
    if (this.#isLive || this.#isPolling) return;
    this.#isPolling = true;
    const epoch = this.#epoch;
    const answer = await this.#parts.http.fetchLines(this.thread.cursor);
    if (epoch !== this.#epoch) return;
    this.#isPolling = false;
    if (answer.status !== 200 || !answer.body) return this.#failed(answer.status);
    this.#waits.reset();
    this.#isPollOk = !this.#isLive;
    this.#take(answer.body);
    if (this.#isLive) return;
    this.#flush();
    if ((this.state?.last_rev ?? 0) > this.thread.cursor && answer.body.lines.length > 0) return this.#pollIn(0);
    const isActive = this.#clock.now() - this.#touchedAt < ACTIVE_FOR && this.#parts.manner.isWatched();
    this.#pollIn(isActive ? ACTIVE : IDLE);
  }

  #tell(what: "read" | "typing", body: Record<string, unknown>): void {
    if (!this.#parts.link.transmit({ type: what, ...body })) this.#parts.http.tell(what, body);
  }

  #touch(): void {
    this.#touchedAt = this.#clock.now();
  }
}
