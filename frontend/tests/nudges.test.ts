// Regions and nudges.

import assert from "node:assert/strict";
import { test } from "node:test";
import { matches } from "../src/app/nudges.ts";

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

test("a region of one thing hears of that thing only", () => {
  assert.ok(matches("department:case#5", { topic: "department:3", name: "case", id: 5 }));
  assert.ok(!matches("department:case#5", { topic: "department:3", name: "case", id: 6 }));
  assert.ok(!matches("department:case#5", { topic: "department:3", name: "case", id: 0 }));
});
