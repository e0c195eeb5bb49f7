// Lines between a picture and its window opened beside it, at small and large cells.
import assert from "node:assert/strict";
import { test } from "node:test";
import { zoom } from "../../lecture_lib/explore/script/panels/opened.js";

// The lines that are drawn for a window of 3×3 at row 1, column 2 of a picture of 6×6.
function linesAt(cell) {
  const found = [];
  let at;
  const ctx = { beginPath() {}, stroke() {}, moveTo: (...to) => (at = to), lineTo: (...to) => found.push([at, (at = to)]) };
  const from = { panel: { mark: "window" }, grid: { x: 0, y: 0, cell, rows: 6, cols: 6 } };
  const windows = { row: 1, col: 2, stride: 1, skip: 0, dilation: 1, window: { rows: 3, cols: 3 } };
  zoom({ ctx, ink: { bright: "" } }, [from], { x: 500, y: 0, cell: 60, rows: 3, cols: 3 }, windows);
  return found;
}

test("lines to an opened window cross no number", () => {
  const crossed = linesAt(30).filter(([[x, y], [endX, endY]]) => Math.min(x, endX) < 6 * 30 && y !== endY && x !== endX);
  assert.deepEqual(crossed, []);
  assert.ok(linesAt(30).every(([[x, y]]) => x === 180 || y % 30 === 0), "where there are numbers, lines lie on the grid's");
});

test("without numbers they go straight from the window to where it is opened", () => {
  const slanted = linesAt(10).filter(([[x], [endX]]) => x !== endX);
  assert.deepEqual(slanted.slice(0, 2), [[[50, 10], [498, 0]], [[50, 40], [498, 180]]]);
});
