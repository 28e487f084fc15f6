// node --test desktop/: where the popover of the header stands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { place } from "./header.js";

test("stands below its button and inside the window", () => {
  const button = { left: 500, bottom: 48 };
  assert.deepEqual(place(button, { width: 1280, height: 800 }), { left: 500, top: 54, width: 400, height: 600 });
  assert.deepEqual(place({ left: 1200, bottom: 48 }, { width: 1280, height: 800 }), { left: 874, top: 54, width: 400, height: 600 });
  assert.deepEqual(place({ left: 90, bottom: 48 }, { width: 1280, height: 500 }), { left: 90, top: 54, width: 400, height: 440 });
  assert.deepEqual(place({ left: 90, bottom: 48 }, { width: 320, height: 400 }), { left: 6, top: 54, width: 308, height: 340 });
  assert.equal(place(button, { width: 1280, height: 64 }).height, 4); // A frame of the header's own height.
});
