// Where everything of a network that is walked stands: the pad, a column for each layer, the opened unit, the answer.
import { clamp } from "../numbers.js";
import { placeOf, unitAt } from "./walk_net.js";

const NAMED = 34; // px of a column's name and shape
const FOOT = 16; // px of what its white stands for
const STRIP = 40; // px of buttons and the legend
const LARGEST = 58; // px of a map at most
const UNIT = 8; // px of a unit of a vector at most
const ANSWER = 156; // px of the classes
const PAD = 176; // px of what stands on the left
const DRAWN = 168; // px of the pad
const INPUT = 112; // px of what the network gets, 4 a pixel
const SPARED = 30; // px: what is wider and alone in its column is not made smaller while there may be so much
// px of a unit that is opened
const OPENED = { conv: 372, single: 276, linear: 404, max: 236, mean: 236, other: 20, input: 0 };
// and on a slide, where its letters are larger and its columns have no scales.
const OPENED_LARGE = { ...OPENED, conv: 520, single: 380, linear: 480, max: 260, mean: 260 };
// How wide the opened unit's own column and the one below it may be, all others, and the opened unit itself: the first that leaves room for lines.
const TRIES = [[90, 90, 1], [90, 60, 1], [90, 40, 1], [60, 40, 1], [40, 40, 1], [40, 28, 1], [40, 28, 0.95], [28, 28, 0.9], [15, 15, 0.8]];
const TRIES_LARGE = [[90, 90, 1], [90, 60, 1], [60, 40, 1], [40, 40, 1], [40, 28, 1], [28, 28, 1], [28, 15, 1], [15, 15, 0.95]];
const BETWEEN_TWO = 24; // px between two networks
const LINES = 16; // px between columns at least

// Maps of whole pixels in as few columns as their height allows; units of a vector without gaps.
function tiles({ count, rows, cols }, high, most) {
  const vector = rows * cols === 1;
  for (let cell = vector ? UNIT : Math.max(1, Math.floor(LARGEST / rows)); ; cell--) {
    const gap = vector ? 0 : cell * rows < 30 ? 1 : 2;
    const per = Math.ceil(count / Math.max(1, Math.floor((high + gap) / (cell * rows + gap))));
    const wide = per * (cell * cols + gap) - gap;
    if (wide > most && cell > 1 && (per > 1 || most < SPARED)) continue;
    const lines = Math.ceil(count / per);
    return { cell, per, gap, w: wide, h: lines * (cell * rows + gap) - gap, lines };
  }
}

const inputAt = (box, y) => ({ cell: 4, per: 1, gap: 0, lines: 1, w: INPUT, h: INPUT, x: box.x + Math.round((DRAWN - INPUT) / 2), y });
const answerAt = (stage, place) => ({ cell: place.h / stage.count, per: 1, gap: 0, lines: stage.count, answer: true, ...place });
// The pad, with its buttons and hints, which are `below` high, above the input, which ends at `end`.
const padAt = (box, end, below = 82) => ({ x: box.x, y: box.y + 22, w: PAD, h: Math.min(DRAWN, end - INPUT - below - 2 - box.y - 22) + below, below });

// On a slide there are no buttons and no scales below the columns.
export function layWalk(panel, box, open, slide) {
  if (box.w < 640 || (box.w < 852 && box.h > 1000)) return layPhone(panel, box, open); // on a tablet held upright, too, which has given it the height
  const { stages } = panel;
  const last = stages.length - 1;
  const [named, left] = slide ? [60, 204] : [NAMED, PAD]; // buttons are wider there, too
  const high = box.h - named - (slide ? 4 : FOOT + STRIP);
  const top = box.y + named;
  let found;
  for (const [own, other, scale] of slide ? TRIES_LARGE : TRIES) {
    const columns = stages.map((stage, level) => (level === 0 || level === last ? null : tiles(stage, high, level === open || level === open - 1 ? own : other)));
    const wide = Math.round((slide ? OPENED_LARGE : OPENED)[stages[open].depth === 1 ? "single" : stages[open].kind] * scale);
    const free = box.w - left - ANSWER - wide - columns.reduce((sum, each) => sum + (each?.w ?? 0), 0);
    found = { columns, wide, gap: free / last };
    if (found.gap >= LINES) break;
  }
  const { columns } = found;
  const gap = Math.min(found.gap, 56);
  const opened = found.wide && found.wide + (found.gap - gap) * last;
  const spread = opened ? gap : found.gap; // with nothing opened the columns share all there is
  let x = box.x + left;
  let space;
  for (let level = 1; level <= last; level++) {
    if (level === open && opened) {
      space = { x: x + spread / 2, y: box.y, w: opened + Math.min(0, spread - 12), h: named + high + 6, top, high };
      x += opened;
    }
    x += spread;
    if (level < last) {
      Object.assign(columns[level], { x: Math.round(x), y: top + Math.round((high - columns[level].h) / 2) });
      x += columns[level].w;
    }
  }
  columns[0] = inputAt(box, top + high - INPUT);
  columns[last] = answerAt(stages[last], { x: box.x + box.w - ANSWER, y: top, w: ANSWER, h: high });
  columns.forEach((column, level) => Object.assign(column, { stage: stages[level], level, room: spread + column.w - 6 }));
  return { columns, opened: space, top, columnsTop: top, high, foot: top + high + FOOT, pad: slide ? padAt({ ...box, y: box.y + 10 }, top + high, 132) : padAt(box, top + high), strip: box.y + box.h - STRIP };
}

// Two networks one above the other, each half as high, no unit opened: the layout of one, `at` 0 or 1 which.
export function layHalf(stages, box, at) {
  const last = stages.length - 1;
  const all = box.h - NAMED - FOOT - STRIP;
  const [high, top] = [Math.floor((all - BETWEEN_TWO) / 2), box.y + NAMED + at * Math.ceil((all + BETWEEN_TWO) / 2)];
  let columns, gap;
  for (const most of [180, 120, 90, 60, 40, 20]) {
    columns = stages.map((stage, level) => (level === 0 || level === last ? {} : tiles(stage, high, most)));
    gap = (box.w - PAD - ANSWER - columns.reduce((sum, each) => sum + (each.w ?? 0), 0)) / last;
    if (gap >= LINES) break;
  }
  let x = box.x + PAD + gap;
  for (const column of columns.slice(1, last)) {
    Object.assign(column, { x: Math.round(x), y: top + Math.round((high - column.h) / 2) });
    x += column.w + gap;
  }
  const end = box.y + NAMED + all;
  columns[0] = inputAt(box, end - INPUT);
  columns[last] = answerAt(stages[last], { x: box.x + box.w - ANSWER, y: top, w: ANSWER, h: high });
  columns.forEach((column, level) => Object.assign(column, { stage: stages[level], level, room: gap + (column.w ?? 0) - 6 }));
  return { columns, columnsTop: top, top, high, foot: end + FOOT, pad: padAt(box, end), strip: box.y + box.h - STRIP };
}

// On a phone one below the other: pad and classes, the layers, the opened unit.
function layPhone(panel, box, open) {
  const { stages } = panel;
  const last = stages.length - 1;
  const [high, first] = [346, box.y + DRAWN + 82 + 22 + 22 + INPUT + FOOT];
  const top = first + NAMED;
  const columns = stages.map((stage, level) => (level === 0 || level === last ? {} : tiles(stage, high, 44)));
  const gap = (box.w - columns.reduce((sum, each) => sum + (each.w ?? 0), 0)) / Math.max(1, last - 2);
  let x = box.x;
  for (const column of columns.slice(1, last)) {
    Object.assign(column, { x: Math.round(x), y: top + Math.round((high - column.h) / 2) });
    x += column.w + gap;
  }
  columns[0] = inputAt(box, first - FOOT - INPUT);
  const tall = first - FOOT - box.y - NAMED;
  columns[last] = answerAt(stages[last], { x: box.x + PAD, y: box.y + NAMED, w: box.w - PAD, h: tall });
  columns.forEach((column, level) => Object.assign(column, { stage: stages[level], level, room: gap + (column.w ?? 0) - 6 }));
  const second = top + high + FOOT + 10;
  const opened = stages[open].kind in OPENED && OPENED[stages[open].kind] ? { x: box.x, y: second, w: box.w, h: NAMED + high + 6, top: second + NAMED, high } : undefined;
  return { columns, opened, top: second + NAMED, columnsTop: top, high, foot: top + high + FOOT, phone: true, inputFoot: first, pad: { x: box.x, y: box.y + 22, w: PAD, h: DRAWN + 82, below: 82 }, strip: box.y + box.h - 2 * STRIP };
}

// Where a unit stands: its left and upper edge, width and height.
export function unitBox(column, unit) {
  const { stage, cell, gap, per, x, y, answer } = column;
  if (answer) return { x: x - 2, y: y + unit * cell + cell / 2 - 12, w: 24, h: 24 };
  const [k, r, c] = placeOf(stage, unit);
  const [left, up] = tileAt(column, k);
  return { x: left + c * cell, y: up + r * cell, w: cell, h: cell, per, gap };
}

export const tileAt = ({ stage, cell, gap, per, x, y }, k) => [x + (k % per) * (cell * stage.cols + gap), y + Math.floor(k / per) * (cell * stage.rows + gap)];

// The unit under a point, or nothing.
export function unitUnder(column, px, py) {
  const { stage, cell, gap, per, x, y, w, h, lines, answer } = column;
  if (px < x || py < y || px >= x + w || py >= y + h) return undefined;
  if (answer) return Math.floor((py - y) / cell);
  const [wide, tall] = [cell * stage.cols + gap, cell * stage.rows + gap];
  const [across, down] = [Math.min(per - 1, Math.floor((px - x) / wide)), Math.min(lines - 1, Math.floor((py - y) / tall))];
  const k = down * per + across;
  if (k >= stage.count) return undefined;
  const at = (from, length) => clamp(Math.floor(from / cell), length);
  return unitAt(stage, k, at(py - y - down * tall, stage.rows), at(px - x - across * wide, stage.cols));
}

// Where the parts lie that a tour lights; the buttons light themselves.
export function walkParts({ columns, pad, opened, high, foot, inputFoot = foot }, { down, path, group }) {
  const around = (left, up, right, down) => ({ x: left - 5, y: up, w: right - left + 10, h: down - up });
  const named = columns.map(({ stage, level, answer, x, y, w, h }) => {
    if (level === 0) return ["input", around(x, y - 19, x + w, inputFoot)];
    return answer ? ["answer", around(x, y - NAMED, x + w, y + h)] : [stage.label, around(x, foot - FOOT - high - NAMED, x + w, foot)];
  });
  return { ...Object.fromEntries(named), "draw here": around(pad.x, pad.y - 19, pad.x + pad.w, pad.y + pad.h - 20), opened, strongest: down, path, tools: group };
}
