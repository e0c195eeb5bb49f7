// The window opened: its pixels, the weights that lie on them, their products; and the sum of these, term by term.
import { colourIndex, textColour } from "../arrays.js";
import { exact, fraction, inFull, number, product, sum } from "../numbers.js";
import { aboveScale, fitGrid, hasScale, lines, outline, picture, scaled, valueAt, whole } from "../paint.js";
import { mapValue, underWindow } from "./grid.js";
import { pill, signed, wire, zoom } from "./opened.js";

const SMALLEST = 14; // px of a number that can be read; below, the colours have to do

// Pixel, weight and product of every place of the window, row by row; where a number is no short fraction its part is undefined.
export function terms(where) {
  const { source, windows, part } = underWindow(where);
  const { weights, rows, cols } = windows;
  if (!rows || !cols || part.rows < 1) return [];
  return Array.from({ length: part.rows * part.cols }, (_, at) => {
    const pixel = valueAt(source, part, Math.floor(at / part.cols), at % part.cols);
    const weight = weights.values[weights.offset + at];
    return { pixel, weight, exact: product(fraction(pixel), fraction(weight)) };
  });
}

const productText = (term) => (term.exact ? inFull(term.exact) : number(term.pixel * term.weight));

// A sum as it is: in full where it ends, else rounded, and then it says so. `value` is what NumPy made of it.
export function sumText(all, value) {
  const found = sum(all.map((each) => each.exact));
  const text = found && inFull(found);
  return text && !text.includes("/") ? text : `≈ ${number(value)}`;
}

// As high as the pictures beside it, which have a scale below them.
const besideScale = (view, source, box) => (hasScale(view, source, box) ? aboveScale(box) : box);

export function drawWindow(view, panel, box, where) {
  const { ctx } = view;
  const { source: declared, windows, part } = underWindow(where);
  const all = terms(where);
  if (!all.length) return "no output";
  const { source } = scaled(view, where.spec.slide.source, declared, whole(declared)); // as in the picture that it is a part of
  const room = besideScale(view, declared, box);
  const grid = fitGrid(view.narrow && panel.sum ? { ...room, h: room.h - 16 } : room, part.rows, part.cols); // below it stands the sum
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(picture(view, panel, source, part), grid.x, grid.y, grid.cols * grid.cell, grid.rows * grid.cell);
  lines(view, grid);
  const factors = alike(all.map(({ weight }) => weight));
  const rows = rowsFor(view, panel, grid, factors);
  all.forEach((term, at) => writeTerm(view, rows, grid, at, term, source, windows.weights, factors[at]));
  outline(view, grid, 0, 0, grid.rows, grid.cols);
  return { grid, terms: all, size: [grid.rows, grid.cols], over: (drawn) => {
    zoom(view, drawn, grid, windows);
    if (panel.sum) pill(view, drawn, grid, `Σ ${sumText(all, mapValue(windows))}`, signed(view, mapValue(windows)));
  } };
}

// Weights as they are written in a sum; if one of them needs a fraction, all are fractions.
function alike(weights) {
  const texts = weights.map(exact);
  if (!texts.some((text) => text.includes("/"))) return texts;
  return weights.map((weight, at) => {
    const [above, below] = fraction(weight) ?? [];
    return below > 1 ? `${above < 0 ? "−" : ""}${Math.abs(above)}/${below}` : texts[at];
  });
}

// How many of pixel, weight and product a cell has room for, below each other; 0: the colours have to do.
function rowsFor(view, { products }, { cell }, factors) {
  const rows = products === false ? 2 : 3;
  if (!view.least) return cell / (rows + 1.6) < SMALLEST ? 0 : rows;
  view.font(SMALLEST, true);
  if (Math.max(...factors.map((each) => view.ctx.measureText(`× ${each}`).width)) > cell) return 0;
  return Math.min(rows, Math.floor(cell / (1.1 * view.least)));
}

// Pixel, weight and product below each other, as far as there is room.
function writeTerm(view, rows, grid, at, term, source, weights, factor) {
  const { ctx } = view;
  const [x, y] = [grid.x + ((at % grid.cols) + 0.5) * grid.cell, grid.y + (Math.floor(at / grid.cols) + 0.5) * grid.cell];
  const base = 3 * colourIndex(term.pixel, source.limit);
  const ink = textColour(view.tables[source.role].slice(base, base + 3));
  const size = Math.min(24, grid.cell / (rows + 1.6));
  const [upper, lower] = rows === 2 ? [y - grid.cell * 0.21, y] : [y - grid.cell * 0.29, y + grid.cell * 0.3];
  const chip = rows === 2 ? y + grid.cell * 0.2 : y;
  const tint = 3 * colourIndex(term.weight, weights.limit);
  const [r, g, b] = view.tables.weight.slice(tint, tint + 3);
  const wide = grid.cell * (grid.cell < 100 ? 0.94 : 0.66);
  const high = Math.min(30, grid.cell * 0.3);
  ctx.fillStyle = `rgb(${r}, ${g}, ${b})`;
  ctx.strokeStyle = view.ink.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.roundRect(x - wide / 2, chip - high / 2, wide, high, Math.min(6, high / 3));
  ctx.fill();
  ctx.stroke();
  if (!rows) return;
  const write = (text, ty, px, bold, style) => {
    view.font(px, bold);
    ctx.fillStyle = style;
    ctx.fillText(text, x, ty, grid.cell * 0.92);
  };
  if (rows > 1) write(number(term.pixel), upper, size, true, ink);
  write(`× ${factor}`, chip + 1, Math.max(SMALLEST, size * 0.72), true, textColour([r, g, b]));
  if (rows < 3) return;
  const text = `= ${productText(term)}`;
  view.font(SMALLEST);
  const fits = ctx.measureText(text).width < grid.cell;
  write(fits ? text : `≈ ${number(term.pixel * term.weight)}`, lower, Math.max(SMALLEST, size * 0.72), false, ink);
}

// The sum as bars, each from where the one before it ended; weights of 0 are left out.
export function drawTerms(view, panel, box, where) {
  const { ctx } = view;
  const all = terms(where);
  if (!all.length) return "no output";
  box = besideScale(view, underWindow(where).source, box);
  const steps = all.filter(({ weight }) => weight !== 0);
  const fits = steps.length + 1 <= box.h / 22;
  const high = Math.min(34, (box.h - 22) / ((fits ? steps.length : 0) + 1));
  const [left, right] = [box.x + 84, box.x + box.w - 76];
  const x = (value) => left + ((value - panel.low) / (panel.high - panel.low)) * (right - left);
  const total = mapValue(where.windows());
  ctx.strokeStyle = view.ink.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x(0), box.y);
  ctx.lineTo(x(0), box.y + high * ((fits ? steps.length : 0) + 1));
  ctx.stroke();
  let [at, y] = [0, box.y];
  const bar = (from, to, thick) => {
    ctx.fillStyle = signed(view, to - from);
    ctx.fillRect(Math.min(x(from), x(to)), y + (high - thick) / 2, Math.max(1, Math.abs(x(to) - x(from))), thick);
  };
  const row = (label, text, value, size) => {
    view.font(size, size > 15);
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "left";
    ctx.fillText(label, box.x, y + high / 2, 80);
    view.font(size > 15 ? 24 : 15, true);
    ctx.fillStyle = signed(view, value);
    ctx.textAlign = "right";
    ctx.fillText(text, box.x + box.w, y + high / 2, 74);
  };
  for (const term of fits ? steps : []) {
    const value = term.pixel * term.weight;
    bar(at, at + value, high * 0.6);
    row(`${number(term.pixel)} × ${exact(term.weight)}`, (value > 0 ? "+" : "") + productText(term), value, 15);
    at += value;
    y += high;
  }
  bar(0, total, high * 0.75);
  row("together", sumText(all, total), total, 16);
  const end = y + high / 2;
  view.font(14);
  ctx.fillStyle = view.ink.muted;
  ctx.textAlign = "center";
  ctx.fillText("0", x(0), y + high + 11);
  return { over: (drawn) => wire(view, drawn, box.x + box.w + 6, end, signed(view, total)) };
}
