// Regions and nudges, waits between attempts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff, matches } from "../src/app/nudges.ts";

const nudge = { topic: "conversation:12", name: "message" };

test("a region hears its topic by its whole name or by its beginning", () => {
  assert.ok(matches("conversation:12:message", nudge));
  assert.ok(matches("conversation:message", nudge));
  assert.ok(matches("staff:anything conversation:*", nudge));
});

test("a region does not hear other topics or names", () => {
  assert.ok(!matches("conversation:1:message", nudge));
  assert.ok(!matches("conversation:closed", nudge));
  assert.ok(!matches("", nudge));
});

test("waits grow to thirty seconds and begin anew after success", () => {
  const backoff = new Backoff(() => 1);
  assert.deepEqual([1, 2, 3].map(() => backoff.next()), [500, 1000, 2000]);
  for (let i = 0; i < 10; i++) backoff.next();
  assert.equal(backoff.next(), 30_000);
  backoff.reset();
  assert.equal(backoff.next(), 500);
});
