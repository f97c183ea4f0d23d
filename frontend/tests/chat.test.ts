// Merging, the outbox, web addresses and origins.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "../src/chat/links.ts";
import { SILENCE, Thread, timeline } from "../src/chat/merge.ts";
import { isAllowed } from "../src/chat/origins.ts";
import { MemoryStore, newClientId, Outbox } from "../src/chat/outbox.ts";
import type { Line } from "../src/chat/types.ts";

function made(seq: number, rev: number, more: Partial<Line> = {}): Line {
  return {
    seq, rev, kind: "agent", author: { id: 1, name: "Li" }, text: `line ${seq}`, at: new Date(seq * 1000).toISOString(),
    files: [], recalled: false, client_id: "", meta: {}, ...more,
  };
}

test("an older change never overwrites a newer one", () => {
  const thread = new Thread();
  thread.merge([made(1, 5, { text: "newer" })], 5);
  assert.deepEqual(thread.merge([made(1, 2, { text: "older" })], 2), []);
  assert.equal(thread.get(1)?.text, "newer");
  assert.equal(thread.cursor, 5);
});

test("a single line does not move the cursor, or what lies between would be missed", () => {
  const thread = new Thread();
  thread.merge([made(1, 1)], 1);
  thread.merge([made(9, 9)]);
  assert.equal(thread.cursor, 1);
});

test("lines that come out of order are shown in order", () => {
  const thread = new Thread();
  thread.merge([made(3, 3), made(1, 1)]);
  thread.merge([made(2, 2)]);
  assert.deepEqual(thread.lines().map((line) => line.seq), [1, 2, 3]);
});

test("an acknowledged line keeps its place until it arrives, then it is shown once", () => {
  const outbox = new Outbox(new MemoryStore(), "o:");
  outbox.add({ client_id: "a", text: "mine", files: [], at: 2000 });
  outbox.acknowledge("a", 2);
  const rows = (lines: Line[]) => timeline(lines, outbox.entries()).filter((row) => row.type !== "time").map((row) => row.key);
  assert.deepEqual(rows([made(1, 1), made(3, 3)]), ["s1", "a", "s3"]);
  assert.deepEqual(rows([made(1, 1), made(2, 2, { client_id: "a" }), made(3, 3)]), ["s1", "a", "s3"]);
});

test("a time is shown at the top and after a silence", () => {
  const late = made(3, 3, { at: new Date(SILENCE + 10_000).toISOString() });
  assert.deepEqual(timeline([made(1, 1), made(2, 2), late], []).map((row) => row.type), ["time", "line", "line", "time", "line"]);
});

test("two tabs share the store and do not overwrite each other", () => {
  const store = new MemoryStore();
  const [one, two] = [new Outbox(store, "o:"), new Outbox(store, "o:")];
  one.add({ client_id: "a", text: "one", files: [], at: 1 });
  two.add({ client_id: "b", text: "two", files: [], at: 2 });
  assert.deepEqual(new Outbox(store, "o:").entries().map((entry) => entry.text), ["one", "two"]);
});

test("a broken stored entry is thrown away, the others stay", () => {
  const store = new MemoryStore();
  store.set("o:x", "{broken");
  new Outbox(store, "o:").add({ client_id: "a", text: "fine", files: [], at: 1 });
  assert.deepEqual(new Outbox(store, "o:").entries().map((entry) => entry.text), ["fine"]);
  assert.equal(store.get("o:x"), null);
});

test("an acknowledgement after a refusal wins, a refusal after an acknowledgement does not", () => {
  const outbox = new Outbox(new MemoryStore(), "o:");
  outbox.add({ client_id: "a", text: "x", files: [], at: 1 });
  outbox.acknowledge("a", 4);
  outbox.refuse("a", "no");
  assert.equal(outbox.get("a")?.state, "sent");
});

test("a client number is a version 4 UUID also without randomUUID", () => {
  const old = { getRandomValues: (array: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(array) } as unknown as Crypto;
  assert.match(newClientId(old), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("web addresses end where Chinese text goes on", () => {
  const found = pieces("请看 https://a.example/x?y=1，谢谢www.b.example/路径。再见");
  assert.deepEqual(found.filter((one) => one.href).map((one) => one.text), ["https://a.example/x?y=1", "www.b.example/"]);
  assert.equal(found.map((one) => one.text).join(""), "请看 https://a.example/x?y=1，谢谢www.b.example/路径。再见");
});

test("only web addresses become links", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "https://user:pass@a.example/", "http://localhost", "https://", "<a href=x>"]) {
    assert.deepEqual(pieces(text).filter((one) => one.href), [], text);
  }
});

test("only the named origins may talk to the widget", () => {
  const allowed = ["https://shop.example", "https://*.estate.example"];
  for (const origin of ["https://shop.example", "https://www.estate.example", "https://a.b.estate.example"]) assert.ok(isAllowed(origin, allowed), origin);
  for (const origin of [
    "null", "", "http://shop.example", "https://shop.example:8443", "https://shop.example.evil.example", "https://evilshop.example",
    "https://estate.example", "https://evilestate.example", "https://evil.example/.estate.example", "https://evil.example#.estate.example",
    "https://a@www.estate.example", "http://www.estate.example", "file://", "https://shop.example/",
  ]) assert.ok(!isAllowed(origin, allowed), origin);
});
