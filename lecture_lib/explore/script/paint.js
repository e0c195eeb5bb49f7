// What panels are painted with: grids, marks, boxes, lines of text.
import { colourIndex, textColour } from "./arrays.js";
import { number } from "./numbers.js";
import { PALETTE } from "./palette.js";

// Colours of what lies on no scale: ±∞, NaN, and the gaps of a picture that has some.
const [ENDLESS, NAN, GAP] = [PALETTE.nothing, PALETTE.nan, PALETTE.gap].map((text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)));
const odd = (value, { gaps }) => (Number.isFinite(value) ? undefined : !Number.isNaN(value) ? ENDLESS : gaps ? GAP : NAN);
const pixelOf = ([r, g, b]) => 0xff000000 | (b << 16) | (g << 8) | r;
export const BAR = 26; // pixels that a scale takes below a picture: the bar, and its ends below it

const LEAST_LETTER = 11; // px of a number on a phone

export const inside = ({ x, y, w, h }, px, py) => px >= x && px <= x + w && py >= y && py <= y + h;

export function fitGrid(box, rows, cols) {
  const cell = Math.min(box.w / cols, box.h / rows);
  return { x: box.x + (box.w - cell * cols) / 2, y: box.y + (box.h - cell * rows) / 2, cell, rows, cols };
}

// The part of a plane that is shown, as pixels; kept for the panel until something else is shown.
export function picture(view, key, source, part) {
  const words = [source.offset, part.top, part.left, part.step, part.rows, part.cols, source.limit].join();
  const kept = view.pictures.get(key);
  if (kept?.words === words && kept.values === source.values) return kept.canvas;
  const canvas = kept?.canvas ?? document.createElement("canvas");
  paintPlane(view, canvas, source, part);
  view.pictures.set(key, { words, canvas, values: source.values });
  return canvas;
}

// The part of a plane on a canvas, a pixel for each value.
export function paintPlane(view, canvas, source, part = whole(source)) {
  canvas.width = part.cols;
  canvas.height = part.rows;
  const image = new ImageData(part.cols, part.rows);
  const pixels = new Uint32Array(image.data.buffer);
  const { values, limit, colour } = source;
  const paints = view.paints[source.role];
  for (let r = 0, to = 0; r < part.rows; r++) {
    let from = source.offset / (colour ? 3 : 1) + (part.top + r * part.step) * source.cols + part.left;
    for (let c = 0; c < part.cols; c++, to++, from += part.step) {
      const value = values[from];
      pixels[to] = colour ? 0xff000000 | (values[3 * from + 2] << 16) | (values[3 * from + 1] << 8) | values[3 * from]
        : Number.isFinite(value) ? paints[colourIndex(value, limit)] : pixelOf(odd(value, source));
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

export const whole = (source) => ({ top: 0, left: 0, step: 1, rows: source.rows, cols: source.cols });

// Whether a picture has a scale to be read, and the room that is left above it.
export const hasScale = (view, source, box) => !source.colour && source.role in view.tables && box.h >= 150 && box.w >= 90;
export const aboveScale = (box) => ({ ...box, h: box.h - BAR });

// The scale in force: as declared, or, once its bar was pressed, fitted to what is shown now.
export function scaled(view, name, source, part) {
  const found = extremes(view, name, source, part);
  if (!view.fitted?.has(name)) return { source, found };
  const most = Math.max(Math.abs(found.low), Math.abs(found.high)) || 1;
  const limit = source.limit[0] < 0 ? [-most, most] : [source.limit[0], Math.max(found.high, source.limit[0] + 1e-9)];
  return { found, source: { ...source, limit, ends: limit } };
}

// Lowest and highest finite value of what is shown, and whether some are beyond all numbers.
function extremes(view, name, source, part) {
  view.extremes ??= new Map();
  const words = [source.offset, part.top, part.left, part.step, part.rows, part.cols].join();
  const kept = view.extremes.get(name);
  if (kept?.words === words && kept.values === source.values) return kept;
  const found = { words, values: source.values, low: Infinity, high: -Infinity, signs: new Set() };
  for (let r = 0; r < part.rows; r++) {
    for (let c = 0; c < part.cols; c++) {
      const value = valueAt(source, part, r, c);
      if (Number.isNaN(value)) source.gaps || found.signs.add("NaN");
      else if (!Number.isFinite(value)) found.signs.add(value > 0 ? "∞" : "−∞");
      else [found.low, found.high] = [Math.min(found.low, value), Math.max(found.high, value)];
    }
  }
  view.extremes.set(name, found);
  return found;
}

// The scale below a picture with both ends and 0; a press fits it to what is shown, another one brings it back.
export function scaleBar(view, name, box, source, found) {
  const { ctx } = view;
  const wide = Math.floor(Math.min(box.w - 8, 230));
  const [x, y] = [box.x + (box.w - wide) / 2, box.y + box.h - BAR + 3];
  const table = view.tables[source.role];
  const signed = source.role !== "image";
  const first = signed ? 1 : 0;
  for (let at = 0; at < wide; at++) {
    const from = 3 * Math.round(first + (at / (wide - 1)) * (255 - first));
    ctx.fillStyle = `rgb(${table[from]} ${table[from + 1]} ${table[from + 2]})`;
    ctx.fillRect(x + at, y, Math.min(2, wide - at), 8); // one over the other, or the page shines through
  }
  ctx.strokeStyle = view.ink.line;
  ctx.lineWidth = 1;
  ctx.strokeRect(x, y, wide, 8);
  const fitted = view.fitted?.has(name);
  const tolerance = 1e-6 * Math.abs(source.limit[1]);
  const ends = [(found.low < source.limit[0] - tolerance ? "≤ " : "") + number(source.ends[0]),
    (found.high > source.limit[1] + tolerance ? "≥ " : "") + number(source.ends[1])];
  view.font(14);
  ctx.fillStyle = view.ink.text;
  const middle = `${signed ? "0" : ""}${fitted ? (signed ? ", fitted" : "fitted") : ""}`;
  const words = [["left", x, ends[0]], ["center", x + wide / 2, middle], ["right", x + wide, ends[1]]];
  const needed = words.reduce((sum, [, , text]) => sum + ctx.measureText(text).width + 6, 0);
  for (const [align, at, text] of words) {
    if (align === "center" && needed > wide && !fitted) continue; // no room: the middle of a scale with a sign is 0
    ctx.textAlign = align;
    ctx.fillText(text, at, y + 17, wide);
  }
  ctx.textAlign = "center";
  [...found.signs].forEach((sign, at) => {
    ctx.fillStyle = sign === "NaN" ? PALETTE.nan : PALETTE.nothing;
    ctx.fillRect(x + wide + 10 + 30 * at, y, 8, 8);
    ctx.fillStyle = view.ink.text;
    ctx.fillText(sign, x + wide + 14 + 30 * at, y + 17);
  });
  return (px, py) => {
    if (!inside({ x, y: y - 3, w: wide, h: BAR }, px, py)) return;
    view.fitted ??= new Set();
    if (!view.fitted.delete(name)) view.fitted.add(name);
    view.draw();
  };
}

export const valueAt = (source, part, r, c) =>
  source.values[source.offset + (part.top + r * part.step) * source.cols + part.left + c * part.step];

// A text in each cell, or several lines of it, in the ink that stands out on the cell's colour, or in its own.
export function writeCells(view, grid, source, part, label, own = () => undefined) {
  const { ctx } = view;
  const size = Math.min(26, grid.cell * 0.42);
  const texts = Array.from({ length: part.rows }, (_, r) => Array.from({ length: part.cols }, (_, c) => label(valueAt(source, part, r, c), r, c)));
  const widest = [0, 1].map((i) => { // all cells are written in one size, as large as the widest text allows
    view.font(100, i === 0);
    return Math.max(50, ...texts.flat().map((text) => (text[i] ? ctx.measureText(text[i]).width : 0)));
  });
  if (view.narrow && Math.min(size, (86 * grid.cell) / widest[0]) < LEAST_LETTER) return; // colours have to do
  if ((100 * grid.cell) / widest[0] < view.least) return; // on a slide a number that cannot be read is not written
  for (let r = 0; r < part.rows; r++) {
    for (let c = 0; c < part.cols; c++) {
      const text = texts[r][c];
      if (!text.length) continue;
      const value = valueAt(source, part, r, c);
      const base = 3 * colourIndex(value, source.limit);
      ctx.fillStyle = own(r, c) ?? textColour(odd(value, source) ?? view.tables[source.role].slice(base, base + 3));
      const [x, y] = [grid.x + (c + 0.5) * grid.cell, grid.y + (r + 0.5) * grid.cell];
      text.forEach((line, i) => {
        view.font(Math.min(size, (86 * grid.cell) / widest[i]), i === 0);
        ctx.fillText(line, x, y + (i - (text.length - 1) / 2) * size * 1.15);
      });
    }
  }
}

export function lines(view, grid) {
  const { ctx } = view;
  ctx.strokeStyle = view.ink.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let r = 0; r <= grid.rows; r++) {
    ctx.moveTo(grid.x, grid.y + r * grid.cell);
    ctx.lineTo(grid.x + grid.cols * grid.cell, grid.y + r * grid.cell);
  }
  for (let c = 0; c <= grid.cols; c++) {
    ctx.moveTo(grid.x + c * grid.cell, grid.y);
    ctx.lineTo(grid.x + c * grid.cell, grid.y + grid.rows * grid.cell);
  }
  ctx.stroke();
}

export function frame(view, { x, y, cell, rows, cols }) {
  view.ctx.strokeStyle = view.ink.line;
  view.ctx.lineWidth = 1;
  view.ctx.strokeRect(x, y, cols * cell, rows * cell);
}

// Marks are dark with a bright line inside, to be seen on every colour.
export function outline(view, grid, top, left, rows, cols) {
  const { ctx } = view;
  [top, left, rows, cols] = view.motion.place([top, left, rows, cols]);
  const grow = Math.max(0, (7 - Math.min(rows, cols) * grid.cell) / 2);
  const frame = [grid.x + left * grid.cell - grow, grid.y + top * grid.cell - grow,
    cols * grid.cell + 2 * grow, rows * grid.cell + 2 * grow];
  for (const [style, width] of [["#000", 5], [view.ink.bright, 2.5]]) {
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.strokeRect(...frame);
  }
}

export function hatch(view, x, y, w, h) {
  const { ctx } = view;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, w, h);
  ctx.clip();
  ctx.strokeStyle = view.ink.mark;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (let k = -h; k < w; k += 7) {
    ctx.moveTo(x + k, y + h);
    ctx.lineTo(x + k + h, y);
  }
  ctx.stroke();
  ctx.restore();
}

// All but the cells from first to last row and column lies in the dark.
export function dimOutside(view, grid, [top, bottom], [left, right]) {
  const { ctx } = view;
  const clip = (at, most) => Math.min(most, Math.max(0, at));
  const [t, b] = [clip(top, grid.rows), clip(bottom + 1, grid.rows)];
  const [l, r] = [clip(left, grid.cols), clip(right + 1, grid.cols)];
  const rect = (r0, c0, r1, c1) => ctx.rect(grid.x + c0 * grid.cell, grid.y + r0 * grid.cell, (c1 - c0) * grid.cell, (r1 - r0) * grid.cell);
  ctx.fillStyle = "rgba(0, 0, 0, 0.62)";
  ctx.beginPath();
  rect(0, 0, grid.rows, grid.cols);
  rect(t, l, b, r);
  ctx.fill("evenodd"); // in one piece: parts would leave seams
  outline(view, grid, t, l, b - t, r - l);
}

// A box seen from the front right.
export function solid(view, { x, y, w, h, dx, dy }, role, alpha) {
  const { ctx } = view;
  ctx.save();
  ctx.fillStyle = role === "mark" ? view.ink.mark : view.series[role === "weight" ? 1 : 0];
  ctx.strokeStyle = view.ink.text;
  ctx.lineWidth = 1;
  const faces = [[[x, y], [x + w, y], [x + w, y + h], [x, y + h]],
    [[x, y], [x + dx, y - dy], [x + w + dx, y - dy], [x + w, y]],
    [[x + w, y], [x + w + dx, y - dy], [x + w + dx, y + h - dy], [x + w, y + h]]];
  faces.forEach((points, i) => {
    ctx.beginPath();
    points.forEach((p, k) => (k ? ctx.lineTo(...p) : ctx.moveTo(...p)));
    ctx.closePath();
    ctx.globalAlpha = alpha * [1, 0.6, 0.8][i];
    ctx.fill();
    ctx.globalAlpha = 0.85;
    ctx.stroke();
  });
  ctx.restore();
}

export function dot(view, x, y, size, colour) {
  const { ctx } = view;
  ctx.fillStyle = colour;
  ctx.strokeStyle = view.ink.paper;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.arc(x, y, size, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
}
