// Waits between attempts, and a socket that is kept honest.

import assert from "node:assert/strict";
import { test } from "node:test";
import { longestWait, SocketLink, Waits, type Frame, type WireEvents } from "../src/chat/transport.ts";
import { FakeClock } from "./fakes/clock.ts";

const watched = { isWatched: () => true, isServed: () => false };

function linked() {
  const clock = new FakeClock();
  const dialled: WireEvents[] = [];
  const sent: Frame[] = [];
  const heard: string[] = [];
  const link = new SocketLink((events) => {
    dialled.push(events);
    return { send: (text) => sent.push(JSON.parse(text) as Frame), close: () => undefined };
  }, clock, watched);
  link.start({
    up: () => heard.push("up"),
    down: () => heard.push("down"),
    frame: (frame) => heard.push(frame.type),
    turnedAway: (code) => heard.push(String(code)),
  });
  return { clock, dialled, sent, heard, link };
}

test("waits double up to the cap and begin anew after success", () => {
  const waits = new Waits(() => 1, 500, () => 30_000);
  assert.deepEqual([1, 2, 3].map(() => waits.next()), [500, 1000, 2000]);
  for (let i = 0; i < 10; i++) waits.next();
  assert.equal(waits.next(), 30_000);
  waits.reset();
  assert.equal(waits.next(), 500);
});

test("while somebody looks and the loss is fresh, attempts follow within 1.5 seconds", () => {
  assert.equal(longestWait(watched, 60_000), 1500);
  assert.equal(longestWait(watched, 600_000), 10_000);
  assert.equal(longestWait({ ...watched, isWatched: () => false }, 0), 30_000);
  assert.equal(longestWait({ ...watched, isServed: () => true }, 0), 30_000);
});

test("a socket that does not open in time is given up and dialled again", async () => {
  const { clock, dialled } = linked();
  await clock.pass(6000);
  assert.equal(dialled.length, 2);
});

test("silence after a ping means death; an answer keeps the socket", async () => {
  const { clock, dialled, sent, heard } = linked();
  dialled[0]?.opened();
  await clock.pass(5100);
  assert.equal(sent.at(-1)?.type, "ping");
  dialled[0]?.heard('{"type":"pong"}');
  await clock.pass(4000);
  assert.deepEqual(heard, ["up"]);
  await clock.pass(5000);
  assert.deepEqual(heard, ["up", "down"]);
});

test("an old socket's frames are not listened to", async () => {
  const { clock, dialled, heard, link } = linked();
  dialled[0]?.opened();
  link.drop();
  await clock.pass(2000);
  dialled[1]?.opened();
  dialled[0]?.heard('{"type":"lines"}');
  dialled[0]?.closed(1006);
  assert.deepEqual(heard, ["up", "down", "up"]);
});

test("the server's own close codes end the attempts", async () => {
  const { clock, dialled, heard } = linked();
  dialled[0]?.opened();
  dialled[0]?.closed(4401);
  await clock.pass(60_000);
  assert.deepEqual(heard, ["up", "4401"]);
  assert.equal(dialled.length, 1);
});
