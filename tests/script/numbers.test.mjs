// Numbers, arrays and colours as the browser has them.
import assert from "node:assert/strict";
import test from "node:test";
import { colourIndex, item, plane, row, textColour, unpackAll } from "../../lecture_lib/explore/script/arrays.js";
import { brief, clamp, inWords, number, typed } from "../../lecture_lib/explore/script/numbers.js";

test("numbers are whole or rounded, with a real minus sign", () => {
  assert.deepEqual([-4, 12.125, 123.46, 0.0625, 1e-7, -2.5e40, Infinity, NaN].map(number),
    ["−4", "12.13", "123.5", "0.0625", "1e-7", "−2.5e40", "∞", "NaN"]);
});

test("tiny numbers in a sentence have powers of ten", () => assert.equal(inWords(-4.2e-16), "−4.2·10⁻¹⁶"));

test("a brief number has about four characters", () => assert.deepEqual([brief(12.34, 1), brief(0.001, 2), brief(-1.26, 1)], ["12", "≈0", "−1.3"]));

test("what is typed may be a fraction, a comma, a real minus sign", () => {
  assert.deepEqual(["1/4", "0,5", "−3", " 7 "].map(typed), [0.25, 0.5, -3, 7]);
  assert.ok(["", "a", "1/", "/2"].every((text) => Number.isNaN(typed(text))));
});

test("an index is moved to where there is something", () => assert.deepEqual([clamp(-1, 3), clamp(7, 3), clamp(1, 3)], [0, 2, 1]));

const packed = (shape, values) => ({ shape, dtype: "int32", role: "index", limit: [0, 255], data: new DataView(Int32Array.from(values).buffer) });

test("later arrays go before others, also one of a list", () => {
  const found = unpackAll({ a: packed([1], [1]), list: [packed([1], [2]), packed([1], [3])] }, { a: packed([1], [7]), "list:1": packed([1], [8]) });
  assert.deepEqual([found.a, found.list[0], found.list[1]].map((each) => each.values[0]), [7, 2, 8]);
});

test("planes, rows and items are found by leading places", () => {
  const array = { shape: [2, 2, 3], values: Int32Array.from({ length: 12 }, (_, i) => i), role: "map" };
  assert.equal(plane(array, [1]).offset, 6);
  assert.deepEqual([...row(array, [1, 0])], [6, 7, 8]);
  assert.equal(item(array, [1, 1, 2]), 11);
  assert.equal(item(array, [9, 9, 9]), 11);
});

test("zero has a colour of its own", () => {
  assert.deepEqual([-5, 0, 5, -9, 9, NaN].map((value) => colourIndex(value, [-5, 5])), [1, 128, 255, 1, 255, 128]);
  assert.deepEqual([0, 255, 300].map((value) => colourIndex(value, [0, 255])), [0, 255, 255]);
});

test("text stands out on every colour", () => assert.deepEqual([[255, 255, 255], [0, 0, 0]].map(textColour), ["#000", "#fff"]));
