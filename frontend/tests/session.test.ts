// The promise of the chat: every line once, in order, on every screen, wherever the network is cut.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStore } from "../src/chat/outbox.ts";
import { FakeClock } from "./fakes/clock.ts";
import { FakeServer, screen } from "./fakes/server.ts";

let number = 0;
const line = (text: string) => ({ client_id: `id-${++number}`, text, files: [] });

async function opened(server = new FakeServer()) {
  const made = screen(server);
  made.session.start();
  await made.clock.pass(100);
  return { server, ...made };
}

test("lines of both sides appear once and in order", async () => {
  const { server, session, clock, texts } = await opened();
  session.send(line("hello"));
  server.says("good morning");
  session.send(line("the lift is broken"));
  await clock.pass(100);
  assert.deepEqual(texts(), ["hello", "good morning", "the lift is broken"]);
  assert.equal(session.outbox.entries().length, 0);
  assert.equal(session.connection, "online");
});

test("a line written while the network is down goes out when it is back", async () => {
  const { server, session, clock, texts } = await opened();
  server.isDown = true;
  server.cut();
  session.send(line("are you there"));
  await clock.pass(30_000);
  assert.deepEqual(texts(), ["(are you there)"]);
  assert.equal(session.connection, "offline");
  server.isDown = false;
  await clock.pass(3000);
  assert.deepEqual(texts(), ["are you there"]);
});

for (const fault of ["cutBefore", "loseAnswerOf"] as const) {
  test(`a socket cut around a line (${fault}) neither loses nor doubles it`, async () => {
    const { server, session, clock, texts } = await opened();
    server[fault] = "send";
    session.send(line("only once"));
    await clock.pass(3000);
    assert.deepEqual(texts(), ["only once"]);
    assert.equal(server.lines.length, 1);
  });
}

for (const loses of ["before", "after"] as const) {
  test(`a post lost ${loses} the server kept it is repeated under the same number`, async () => {
    const server = new FakeServer();
    server.isSocketBlocked = true;
    const { session, http, clock, texts } = await opened(server);
    await clock.pass(3000);
    http.loses = loses;
    session.send(line("only once"));
    await clock.pass(5000);
    assert.equal(server.lines.length, 1);
    assert.deepEqual(texts(), ["only once"]);
  });
}

test("what was missed during a cut is all there within three seconds of its end", async () => {
  const { server, session, clock, texts } = await opened();
  server.says("one");
  server.isDown = true;
  server.cut();
  for (const text of ["two", "three", "four"]) server.says(text);
  server.recall(1);
  await clock.pass(60_000);
  server.isDown = false;
  await clock.pass(3000);
  assert.deepEqual(texts(), ["", "two", "three", "four"]);
  assert.equal(session.thread.get(1)?.recalled, true);
});

test("a half-open socket is found dead and replaced", async () => {
  const { server, session, clock, texts } = await opened();
  server.isBlackHole = true;
  session.send(line("into the void"));
  server.says("can you hear me");
  await clock.pass(20_000);
  assert.equal(session.connection, "offline");
  server.isBlackHole = false;
  await clock.pass(3000);
  assert.deepEqual(texts(), ["can you hear me", "into the void"]);
});

test("behind a proxy without sockets polling shows the same", async () => {
  const blocked = new FakeServer();
  blocked.isSocketBlocked = true;
  const free = new FakeServer();
  const [polling, socket] = [await opened(blocked), await opened(free)];
  for (const one of [polling, socket]) {
    one.session.send(line("a"));
    one.server.says("b");
    await one.clock.pass(9000);
    one.server.recall(2);
    one.session.send(line("c"));
    await one.clock.pass(9000);
    one.server.says("d");
    await one.clock.pass(9000);
  }
  assert.deepEqual(polling.texts(), ["a", "", "c", "d"]);
  assert.deepEqual(polling.texts(), socket.texts());
  assert.equal(polling.session.connection, "online");
});

test("polling gives way to the socket as soon as one opens", async () => {
  const server = new FakeServer();
  server.isSocketBlocked = true;
  const { session, clock, texts } = await opened(server);
  await clock.pass(5000);
  assert.equal(session.isServed, true);
  server.isSocketBlocked = false;
  await clock.pass(31_000);
  assert.equal(session.isServed, false);
  server.says("by socket");
  await clock.pass(10);
  assert.deepEqual(texts(), ["by socket"]);
});

test("after a reload the outbox goes out again under the same numbers", async () => {
  const server = new FakeServer();
  const first = await opened(server);
  server.loseAnswerOf = "send";
  first.session.send(line("kept, but nobody told us"));
  server.isDown = true;
  first.session.send(line("never left"));
  first.session.stop();
  server.isDown = false;
  const second = screen(server, new FakeClock(), first.store);
  second.session.start();
  await second.clock.pass(1000);
  assert.deepEqual(second.texts(), ["kept, but nobody told us", "never left"]);
  assert.equal(server.lines.length, 2);
  assert.equal(first.store.keys("").length, 0);
});

test("a refused line stays with its reason and can be sent again", async () => {
  const server = new FakeServer();
  server.refuses = (text) => (text === "too long" ? "Please shorten it." : null);
  const { session, clock, texts } = await opened(server);
  const long = line("too long");
  session.send(long);
  session.send(line("next"));
  await clock.pass(100);
  assert.equal(session.outbox.get(long.client_id)?.error, "Please shorten it.");
  assert.deepEqual(texts(), ["next", "(too long)"]);
  server.refuses = null;
  session.retry(long.client_id);
  await clock.pass(100);
  assert.deepEqual(texts(), ["next", "too long"]);
});

test("an unknown token makes a new session and loses no word", async () => {
  const { server, session, clock, texts } = await opened();
  server.token = "second";
  server.startOver("C2");
  server.cut();
  session.send(line("still here"));
  await clock.pass(3000);
  assert.equal(server.sessions, 2);
  assert.deepEqual(texts(), ["still here"]);
});

test("a new conversation counts anew and starts on an empty screen", async () => {
  const { server, session, clock, texts } = await opened();
  session.send(line("first matter"));
  await clock.pass(100);
  session.putAway();
  assert.deepEqual(texts(), []);
  server.push();
  assert.deepEqual(texts(), []);
  server.startOver("C2");
  session.send(line("second matter"));
  await clock.pass(100);
  assert.deepEqual(texts(), ["second matter"]);
});

for (const isSocketBlocked of [true, false]) {
  test(`a conversation begun elsewhere is shown whole (${isSocketBlocked ? "polling" : "socket"})`, async () => {
    const server = new FakeServer();
    server.isSocketBlocked = isSocketBlocked;
    const { session, clock, texts } = await opened(server);
    session.send(line("old"));
    await clock.pass(5000);
    server.cut();
    server.startOver("C2");
    for (const text of ["one", "two", "three"]) server.add("agent", text);
    await clock.pass(15_000);
    assert.deepEqual(texts(), ["one", "two", "three"]);
  });

  test(`a long history comes in pages and whole (${isSocketBlocked ? "polling" : "socket"})`, async () => {
    const server = new FakeServer();
    server.isSocketBlocked = isSocketBlocked;
    server.page = 4;
    for (let i = 0; i < 30; i++) server.add("agent", `line ${i}`);
    const { clock, texts } = await opened(server);
    await clock.pass(3000);
    assert.equal(texts().length, 30);
  });
}

test("nothing is told twice about what was read", async () => {
  const server = new FakeServer();
  server.isSocketBlocked = true;
  const { session, http, clock } = await opened(server);
  await clock.pass(3000);
  session.read(3);
  session.read(3);
  session.read(2);
  assert.deepEqual(http.told, ["read"]);
});

test("cut at random for an hour: every line once, in the order the server gave", async () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const server = new FakeServer();
  const one = screen(server);
  const two = screen(server, one.clock, new MemoryStore());
  one.session.start();
  await one.clock.pass(200);
  two.session.start();
  const said: string[] = [];
  for (let round = 0; round < 400; round++) {
    const dice = random();
    if (dice < 0.2) server.cut();
    else if (dice < 0.3) server.isDown = !server.isDown;
    else if (dice < 0.35) server.isSocketBlocked = !server.isSocketBlocked;
    else if (dice < 0.4) server.isBlackHole = !server.isBlackHole;
    else if (dice < 0.45) server.loseAnswerOf = "send";
    else if (dice < 0.5) server.cutBefore = "send";
    else if (dice < 0.55) one.http.loses = random() < 0.5 ? "before" : "after";
    else if (dice < 0.7) said.push(server.says(`agent ${round}`).text);
    else {
      said.push(`visitor ${round}`);
      one.session.send(line(`visitor ${round}`));
    }
    await one.clock.pass(Math.floor(random() * 9000));
  }
  server.isDown = server.isSocketBlocked = server.isBlackHole = false;
  server.loseAnswerOf = server.cutBefore = null;
  await one.clock.pass(60_000);
  const kept = server.lines.map((each) => each.text);
  assert.deepEqual([...kept].sort(), [...said].sort());
  assert.deepEqual(one.texts(), kept);
  assert.deepEqual(two.texts(), kept);
});
