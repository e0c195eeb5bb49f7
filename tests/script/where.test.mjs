// Indices and their ranges, windows, states that settle.
import assert from "node:assert/strict";
import test from "node:test";
import { settle, Where } from "../../lecture_lib/explore/script/where.js";

const array = (shape, values, extra = {}) => ({ shape, values: Float32Array.from(values), role: "map", limit: [-1, 1], ...extra });
const zeros = (...shape) => array(shape, new Array(shape.reduce((a, b) => a * b)).fill(0));
const numbers = (low, high, step = 1, python = false) => ({ kind: "numbers", low, high, step, python, start: low });
const places = (of, low = 0) => ({ kind: "places", of, low, python: false, start: 0 });
const options = (...labels) => ({ kind: "options", labels, python: false, start: 0 });

test("the place of a number counts from its lowest value", () => {
  const where = new Where({ indices: { n: numbers(3, 9, 2) }, flat: {} }, {}, { n: 7 });
  assert.equal(where.place("n"), 2);
  assert.equal(where.count("n"), 4);
  assert.equal(where.valueAt("n", 3), 9);
});

test("steps of a fraction do not drift", () => {
  const where = new Where({ indices: { n: numbers(-2, 2, 0.01) }, flat: {} }, {}, { n: 0.3 });
  assert.equal(where.valueAt("n", 230), 0.3);
  assert.equal(where.place("n"), 230);
});

test("a range can be an axis, one of a list's, or a number in an array", () => {
  const spec = { indices: { level: options("a", "b"), row: places({ array: "maps", axis: 0, among: null }),
    col: places({ array: "list", axis: 1, among: "level" }), unit: places({ array: "counts", at: ["level"] }) }, flat: {} };
  const arrays = { maps: zeros(3, 4), list: [zeros(2, 5), zeros(2, 6)], counts: array([2], [7, 8]) };
  const where = new Where(spec, arrays, { level: 1, row: 0, col: 0, unit: 0 });
  assert.deepEqual(["row", "col", "unit"].map((name) => where.count(name)), [3, 6, 8]);
});

test("what people read of an option may depend on where another index stands", () => {
  const chips = { ...options(), labels: [["eyes", "rims"], ["legs", "towers", "heads"]], among: "depth" };
  const at = (depth, unit) => new Where({ indices: { depth: options("near", "far"), unit: chips }, flat: {} }, {}, { depth, unit });
  assert.deepEqual([at(0, 1).words("unit"), at(1, 1).words("unit"), at(0, 0).words("depth")], ["rims", "towers", "near"]);
  assert.deepEqual([at(0, 1).count("unit"), at(1, 1).count("unit")], [2, 3]);
});

const SLIDE = { maps: "maps", source: "padded", weights: "weights", kernel: 0, stride: "stride", padding: "padding", dilation: 1, size: 0, margin: 2, row: "row", col: "col" };
const LAB = { indices: { stride: numbers(1, 4), padding: numbers(0, 2), row: places("rows"), col: places("cols") }, flat: {}, slide: SLIDE };
const ARRAYS = { maps: [zeros(12, 10)], padded: zeros(14, 12), weights: [zeros(3, 3)] };

test("as many windows fit as the formula says", () => {
  for (const [stride, padding] of [[1, 2], [1, 0], [2, 1], [3, 0], [4, 2]]) {
    const { rows, cols } = new Where(LAB, ARRAYS, { stride, padding, row: 0, col: 0 }).windows();
    const fits = (n) => Math.floor((n - 4 + 2 * padding - 3) / stride) + 1; // the padded source has 2 of padding on each side
    assert.deepEqual([rows, cols], [fits(14), fits(12)]);
  }
});

test("windows stay where they are while stride and padding change", () => {
  const before = { stride: 1, padding: 0, row: 6, col: 4 };
  const after = settle(LAB, ARRAYS, before, { ...before, stride: 2, padding: 0 });
  assert.deepEqual([after.row, after.col], [3, 2]);
  const padded = settle(LAB, ARRAYS, before, { ...before, padding: 2 });
  assert.deepEqual([padded.row, padded.col], [8, 6]);
  const whole = settle(LAB, ARRAYS, before, { ...before, stride: 2, row: 1, col: 1 }, false);
  assert.deepEqual([whole.row, whole.col], [1, 1]);
});

test("no index is left outside of its range", () => {
  const state = settle(LAB, ARRAYS, undefined, { stride: 9, padding: -1, row: 99, col: -5 });
  assert.deepEqual(state, { stride: 4, padding: 0, row: 1, col: 0 });
});

test("nothing chosen stays nothing", () => {
  assert.deepEqual(settle({ indices: { answer: options("A", "B") }, flat: {} }, {}, undefined, { answer: null }), { answer: null });
});

const STEPS = { indices: { step: numbers(0, 11), row: places(3), col: places(4) }, flat: { step: ["row", "col"] } };

test("an index that counts through two others goes with them, and they with it", () => {
  const start = settle(STEPS, {}, undefined, { step: 0, row: 0, col: 0 });
  assert.deepEqual(settle(STEPS, {}, start, { ...start, step: 6 }), { step: 6, row: 1, col: 2 });
  assert.deepEqual(settle(STEPS, {}, start, { ...start, row: 2, col: 3 }), { step: 11, row: 2, col: 3 });
  assert.deepEqual(settle(STEPS, {}, start, { ...start, step: 6 }, false), { step: 6, row: 1, col: 2 }); // set as a whole, too
});

test("people read places from their lowest number on", () => {
  const spec = { indices: { layer: places(4, 1), row: places(4), colour: options("red", "blue") }, flat: {} };
  const where = new Where(spec, {}, { layer: 2, row: 2, colour: 1 });
  assert.deepEqual(["layer", "row", "colour"].map((name) => where.words(name)), ["3", "2", "blue"]);
  assert.deepEqual(where.places(["layer", "row"]), [2, 2]);
});
