// The ways a conversation travels: a socket with heartbeat, back-off and jitter. Knows frames, not what they mean.

export type Timer = unknown;

export interface Clock {
  now(): number;
  after(milliseconds: number, run: () => void): Timer;
  cancel(timer: Timer): void;
  random(): number;
}

export type Frame = { type: string } & Record<string, unknown>;

export interface LinkEvents {
  up(): void;
  frame(frame: Frame): void;
  down(): void;
  /** The server closed with one of its own codes (4000 and up): trying again would not help. */
  turnedAway(code: number): void;
}

/** A way to send frames, up or down by itself. */
export interface Link {
  readonly isUp: boolean;
  start(events: LinkEvents): void;
  stop(): void;
  /** Whether the frame was handed to an open socket; that it arrived only the answer proves. */
  transmit(frame: Frame): boolean;
  /** The network may be back, or the other side silent: prove it or dial again, now. */
  check(): void;
  /** An answer is overdue: give this socket up and dial again. */
  drop(): void;
}

export interface Wire {
  send(text: string): void;
  close(): void;
}

export interface WireEvents {
  opened(): void;
  heard(text: string): void;
  closed(code: number): void;
}

export type Dial = (events: WireEvents) => Wire;

/** Waits that double from `first` to a cap, each between half and the whole of itself. */
export class Waits {
  #attempt = 0;
  readonly #random: () => number;
  readonly #first: number;
  readonly #cap: () => number;

  constructor(random: () => number, first: number, cap: () => number) {
    this.#random = random;
    this.#first = first;
    this.#cap = cap;
  }

  get attempt(): number {
    return this.#attempt;
  }

  next(): number {
    const whole = Math.min(this.#cap(), this.#first * 2 ** Math.min(this.#attempt++, 20));
    return whole / 2 + (whole / 2) * this.#random();
  }

  reset(): void {
    this.#attempt = 0;
  }
}

export interface Manner {
  isWatched(): boolean; // Somebody looks at the page.
  isServed(): boolean; // The other way (polling) works meanwhile.
}

export const OPENING = 4000; // A socket that has not opened by now will not.
export const PATIENCE = 3500; // Silence after a ping that means death.
const BEAT_WATCHED = 5000;
const BEAT_UNWATCHED = 25_000;
const EAGER = 2 * 60_000; // So long after a loss we try almost every second.

/** The longest wait between attempts: short while somebody looks, the loss is fresh and nothing else serves. */
export function longestWait(manner: Manner, lostFor: number): number {
  if (!manner.isWatched() || manner.isServed()) return 30_000;
  return lostFor < EAGER ? 1500 : 10_000;
}

export class SocketLink implements Link {
  #events: LinkEvents | null = null;
  #wire: Wire | null = null;
  #isOpen = false;
  #generation = 0; // Frames of an earlier socket are not listened to.
  #heardAt = 0;
  #lostAt = 0;
  #timer: Timer = null; // The one thing being waited for: opening, next attempt, next beat.
  #probe: Timer = null;
  readonly #dial: Dial;
  readonly #clock: Clock;
  readonly #manner: Manner;
  readonly #waits: Waits;

  constructor(dial: Dial, clock: Clock, manner: Manner) {
    this.#dial = dial;
    this.#clock = clock;
    this.#manner = manner;
    this.#waits = new Waits(() => clock.random(), 400, () => longestWait(manner, clock.now() - this.#lostAt));
  }

  get isUp(): boolean {
    return this.#isOpen;
  }

  start(events: LinkEvents): void {
    this.#events = events;
    this.#lostAt = this.#clock.now();
    this.#connect();
  }

  stop(): void {
    this.#events = null;
    this.#hangUp();
  }

  transmit(frame: Frame): boolean {
    if (!this.#isOpen || !this.#wire) return false;
    this.#wire.send(JSON.stringify(frame));
    return true;
  }

  check(): void {
    if (!this.#events) return;
    if (this.#isOpen) this.#ping();
    else if (!this.#wire) this.#connect();
  }

  drop(): void {
    if (this.#events && this.#isOpen) this.#lost();
  }

  #connect(): void {
    this.#hangUp();
    const mine = ++this.#generation;
    const isMine = () => mine === this.#generation;
    this.#timer = this.#clock.after(OPENING, () => isMine() && this.#lost());
    this.#wire = this.#dial({
      opened: () => isMine() && this.#opened(),
      heard: (text) => isMine() && this.#heard(text),
      closed: (code) => isMine() && (code >= 4000 ? this.#turnedAway(code) : this.#lost()),
    });
  }

  #opened(): void {
    this.#isOpen = true;
    this.#heardAt = this.#clock.now();
    this.#rest();
    this.#events?.up();
  }

  #heard(text: string): void {
    this.#heardAt = this.#clock.now();
    this.#waits.reset();
    const frame = JSON.parse(text) as Frame;
    if (frame.type !== "pong") this.#events?.frame(frame);
  }

  #rest(): void {
    this.#clock.cancel(this.#timer);
    this.#timer = this.#clock.after(this.#manner.isWatched() ? BEAT_WATCHED : BEAT_UNWATCHED, () => {
      this.#ping();
      this.#rest();
    });
  }

  #ping(): void {
    const askedAt = this.#clock.now();
    if (!this.transmit({ type: "ping" })) return;
    this.#clock.cancel(this.#probe);
    this.#probe = this.#clock.after(PATIENCE, () => this.#isOpen && this.#heardAt < askedAt && this.#lost());
  }

  #lost(): void {
    const wasOpen = this.#isOpen;
    this.#hangUp();
    if (wasOpen) this.#lostAt = this.#clock.now();
    this.#timer = this.#clock.after(this.#waits.next(), () => this.#connect());
    this.#events?.down();
  }

  #turnedAway(code: number): void {
    const events = this.#events;
    this.stop();
    events?.turnedAway(code);
  }

  #hangUp(): void {
    this.#generation++;
    this.#clock.cancel(this.#timer);
    this.#clock.cancel(this.#probe);
    const wire = this.#wire;
    this.#wire = null;
    this.#isOpen = false;
    wire?.close();
  }
}
