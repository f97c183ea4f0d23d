// What stands before the caret, and who is still named in a note.

import assert from "node:assert/strict";
import { test } from "node:test";
import { named } from "../src/workspace/draft.ts";
import { alarmOf } from "../src/workspace/waits.ts";
import { tokenAt, withToken } from "../src/workspace/token.ts";

test("a slash at the start or after a pause opens phrases", () => {
  assert.deepEqual(tokenAt("/dt", 3), { sign: "/", query: "dt", start: 0 });
  assert.deepEqual(tokenAt("您好，/dt", 6), { sign: "/", query: "dt", start: 3 });
  assert.deepEqual(tokenAt("请 /", 3), { sign: "/", query: "", start: 2 });
});

test("a slash inside an address or a date does not", () => {
  assert.equal(tokenAt("https://a", 9), null);
  assert.equal(tokenAt("11/22", 5), null);
});

test("initials count only while they are all that was written", () => {
  assert.deepEqual(tokenAt("dtgz", 4), { sign: "", query: "dtgz", start: 0 });
  assert.equal(tokenAt("电梯 dtgz", 7), null);
  assert.equal(tokenAt("d", 1), null);
});

test("an at sign names a colleague, a mail address does not", () => {
  assert.deepEqual(tokenAt("@张", 2), { sign: "@", query: "张", start: 0 });
  assert.equal(tokenAt("a@b", 3), null);
});

test("what is taken stands where the token stood", () => {
  const token = tokenAt("您好，/dt", 6);
  assert.ok(token);
  assert.deepEqual(withToken("您好，/dt请稍等", token, 6, "电梯已报修。"), { text: "您好，电梯已报修。请稍等", caret: 9 });
});

test("who was taken out of the note again is not told", () => {
  const mentions = [{ id: 1, name: "张工" }, { id: 2, name: "王芳" }, { id: 1, name: "张工" }];
  assert.deepEqual(named("@张工 请看", mentions), [1]);
});

test("one alarm for all who wait too long, and it leads to the longest", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  const wait = (id: number, seconds: number, limit = 100) => ({ id, limit, since: new Date(now - seconds * 1000).toISOString() });
  assert.equal(alarmOf([wait(1, 99), wait(2, 10)], now), null);
  assert.deepEqual(alarmOf([wait(1, 100), wait(2, 250), wait(3, 120, 300)], now), { count: 2, id: 2, seconds: 250 });
});
