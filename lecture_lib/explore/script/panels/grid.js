// An array as coloured cells, with numbers where they can be read.
import { item, plane, row } from "../arrays.js";
import { equals, number, valued } from "../numbers.js";
import { aboveScale, dimOutside, fitGrid, frame, hasScale, lines, outline, picture, scaleBar, scaled, valueAt, whole, writeCells } from "../paint.js";
import { pill, signed, zoom } from "./opened.js";

// The part of a plane that a panel shows: first row and column, step, and how many.
function partOf(panel, source, windows, where, [down, across]) {
  if (panel.slice === "map") return { top: windows.skip, left: windows.skip, step: windows.stride, rows: windows.rows, cols: windows.cols };
  if (panel.slice === "window") {
    return { top: windows.row * windows.stride + windows.skip, left: windows.col * windows.stride + windows.skip, step: windows.dilation,
      rows: windows.window.rows, cols: windows.window.cols };
  }
  if (panel.slice === "pan") { // moved by up to `reach`; row and column say how far
    const { reach } = panel;
    return { top: 2 * reach - where.place(down), left: 2 * reach - where.place(across), step: 1, rows: source.rows - 2 * reach, cols: source.cols - 2 * reach };
  }
  return whole(source);
}

// The pixels under the chosen window, as a plane and a part of it.
export function underWindow(where) {
  const windows = where.windows();
  const source = plane(where.arrays[where.spec.slide.source]);
  return { source, windows, part: partOf({ slice: "window" }, source, windows, where, []) };
}

// What is made of the pixels of a pooling's window, in words: "max 8", "mean ≈ 2.33". `name` says in which way.
export function pooledText(name, pixels, made) {
  const mean = pixels.reduce((sum, each) => sum + valued(number(each)), 0) / pixels.length;
  const sign = name === "mean" ? equals(mean, number(made)) : "=";
  return { sign, text: `${name} ${sign === "=" ? "" : `${sign} `}${number(made)}` };
}

// The way from a pooling's window into the output; `opened` says for each kind what is made of it.
function openPooled(view, panel, grid, { windows, source, part }) {
  outline(view, grid, 0, 0, grid.rows, grid.cols);
  const pixels = Array.from({ length: part.rows * part.cols }, (_, at) => valueAt(source, part, Math.floor(at / part.cols), at % part.cols));
  const { text } = pooledText(panel.opened[windows.kernel], pixels, mapValue(windows));
  return (drawn) => {
    zoom(view, drawn, grid, windows);
    pill(view, drawn, grid, text, signed(view, mapValue(windows)), true);
  };
}

// The chosen value of the map.
export const mapValue = ({ map, skip, stride, row: r, col: c }) => map.values[map.offset + (skip + r * stride) * map.cols + skip + c * stride];

export function drawGrid(view, panel, box, where) {
  const { ctx } = view;
  const names = view.names(panel);
  const sliced = ["map", "window", "input"].includes(panel.slice) || panel.reveal;
  const windows = sliced ? where.windows() : null;
  const declared = { ...(panel.slice === "map" ? windows.map : plane(where.array(panel.array, panel.among), where.places(panel.at))), gaps: panel.gaps };
  const part = partOf(panel, declared, windows, where, names);
  if (part.rows < 1 || part.cols < 1 || (panel.slice === "window" && windows.rows * windows.cols === 0)) return "no output";
  const scale = panel.slice !== "window" && !panel.heads && hasScale(view, declared, box);
  const { source, found } = scale ? scaled(view, panel.array, declared, part) : { source: declared };
  const press = scale ? scaleBar(view, panel.array, box, source, found) : undefined;
  if (scale || panel.opened || panel.level) box = aboveScale(box); // as high as the pictures beside it
  const room = panel.columns ? { ...box, h: box.h - 24 } : panel.heads ? { x: box.x + 44, y: box.y, w: box.w - 44, h: box.h - 44 } : box;
  const grid = fitGrid(room, part.rows, part.cols);
  ctx.imageSmoothingEnabled = false;
  const painted = picture(view, panel, source, part);
  if (panel.slice === "input") paintInput(view, painted, grid, windows);
  else ctx.drawImage(painted, grid.x, grid.y, part.cols * grid.cell, part.rows * grid.cell);
  if (panel.diagonal) paintDiagonal(view, grid);
  const step = windows ? windows.row * windows.cols + windows.col : 0;
  if (panel.reveal) hide(view, grid, step);
  if (panel.numbers ?? (grid.cell >= 22 && !source.colour)) {
    lines(view, grid);
    const there = (r, c) => panel.slice !== "input"
      || (Math.min(r, c) >= windows.skip && r < part.rows - windows.skip && c < part.cols - windows.skip);
    writeCells(view, grid, source, part, (v, r, c) => {
      if (!there(r, c) || (panel.reveal && r * windows.cols + c > step) || (panel.gaps && Number.isNaN(v))) return [];
      if (panel.heads && !v) return [];
      if (panel.slice !== "window" || !windows.weights) return [number(v)];
      return [number(v), "× " + number(windows.weights.values[windows.weights.offset + r * windows.weights.cols + c])];
    }, (r, c) => (panel.diagonal && r === c ? view.ink.text : undefined));
  }
  if (panel.frame) frame(view, grid);
  if (panel.columns) nameColumns(view, panel, grid, where);
  if (panel.heads) nameHeads(view, panel, grid, where, names);
  const drawn = { press, grid, size: panel.slice === "input" ? [part.rows - 2 * windows.skip, part.cols - 2 * windows.skip] : [part.rows, part.cols] };
  markGrid(view, panel, grid, where, { windows, names, source, part });
  if (panel.opened) drawn.over = openPooled(view, panel, grid, { windows, source, part });
  return panel.cover ? cover(view, panel, drawn, where, names) : drawn;
}

// Only the padding chosen is there; the rest of the margin stays empty.
function paintInput(view, painted, grid, { skip, padding, margin }) {
  const { ctx } = view;
  const { x, y, cell, rows, cols } = grid;
  ctx.drawImage(painted, skip, skip, cols - 2 * skip, rows - 2 * skip, x + skip * cell, y + skip * cell, (cols - 2 * skip) * cell, (rows - 2 * skip) * cell);
  if (!padding) return;
  ctx.setLineDash([5, 4]);
  ctx.strokeStyle = view.ink.bright;
  ctx.lineWidth = 1.5;
  ctx.strokeRect(x + margin * cell, y + margin * cell, (cols - 2 * margin) * cell, (rows - 2 * margin) * cell);
  ctx.setLineDash([]);
}

function markGrid(view, panel, grid, where, { windows, names, source, part }) {
  const [r, c] = names.map((name) => (name ? where.place(name) : 0));
  const mark = panel.marks ? panel.marks[where.place(panel.index)] : panel.mark;
  if (mark === "cell") outline(view, grid, r, c, 1, 1);
  if (mark === "window" && windows.rows * windows.cols) markWindow(view, grid, windows);
  if (mark === "largest" && windows.rows * windows.cols) markLargest(view, grid, source, part);
  if (panel.winner) { // the pixel that alone made the chosen output value
    const [down, across] = row(where.array(panel.winner, panel.among), [windows.row * windows.cols + windows.col]);
    if (down >= 0) outline(view, grid, down, across, 1, 1); // below 0: there is none
  }
  if (panel.field) { // first and last row and column that count, all else dark
    const [top, bottom, left, right] = panel.field.map((look) => where.place(look));
    dimOutside(view, grid, [top, bottom], [left, right]);
  }
}

function markWindow(view, grid, { row: r, col: c, stride, skip, dilation, window }) {
  const [top, left] = [r * stride + skip, c * stride + skip];
  const span = (count) => dilation * (count - 1) + 1;
  outline(view, grid, top, left, span(window.rows), span(window.cols));
  if (dilation === 1) return;
  const size = Math.max(3, grid.cell); // dilated: show which pixels count
  view.ctx.fillStyle = view.ink.bright;
  for (let a = 0; a < window.rows; a++) {
    for (let b = 0; b < window.cols; b++) {
      const [y, x] = [top + a * dilation + 0.5, left + b * dilation + 0.5];
      view.ctx.fillRect(grid.x + x * grid.cell - size / 2, grid.y + y * grid.cell - size / 2, size, size);
    }
  }
}

function markLargest(view, grid, source, part) {
  let best = [0, 0];
  for (let r = 0; r < part.rows; r++) { // of equal ones the first
    for (let c = 0; c < part.cols; c++) if (valueAt(source, part, r, c) > valueAt(source, part, ...best)) best = [r, c];
  }
  outline(view, grid, ...best, 1, 1);
}

function hide(view, grid, step) {
  const { ctx } = view;
  ctx.fillStyle = view.ink.faint;
  for (let at = step + 1; at < grid.rows * grid.cols; at++) {
    const [r, c] = [Math.floor(at / grid.cols), at % grid.cols];
    ctx.fillRect(grid.x + c * grid.cell, grid.y + r * grid.cell, grid.cell, grid.cell);
  }
}

// Tiles in columns, the number of each column below it, and the column that `marked` names framed.
function nameColumns(view, panel, grid, where) {
  const { ctx } = view;
  const { x, y, cell, rows, cols } = grid;
  const gap = panel.gap ?? 0;
  const wide = (cols + gap) / panel.columns;
  const right = panel.marked ? item(where.arrays[panel.marked], where.places(panel.at).slice(0, 1)) : -1;
  for (let j = 0; j < panel.columns; j++) {
    view.font(16, j === right);
    ctx.fillStyle = view.ink.text;
    ctx.fillText(String(j), x + (j * wide + (wide - gap) / 2) * cell, y + rows * cell + 14);
  }
  if (right >= 0) outline(view, grid, 0, right * wide, rows, wide - gap);
}

// The cells of the diagonal without a colour.
function paintDiagonal(view, { x, y, cell, rows }) {
  view.ctx.fillStyle = view.ink.faint;
  for (let at = 0; at < rows; at++) view.ctx.fillRect(x + at * cell, y + at * cell, cell, cell);
}

// Rows and columns by number, and what both are.
function nameHeads(view, panel, grid, where, [down, across]) {
  const { ctx } = view;
  const { x, y, cell, rows, cols } = grid;
  ctx.fillStyle = view.ink.text;
  for (let at = 0; at < rows; at++) {
    view.font(16, at === where.place(down));
    ctx.fillText(String(at), x - 12, y + (at + 0.5) * cell);
    view.font(16, at === where.place(across));
    ctx.fillText(String(at), x + (at + 0.5) * cell, y + rows * cell + 13);
  }
  view.font(15);
  ctx.fillText(panel.heads[1], x + (cols * cell) / 2, y + rows * cell + 34);
  ctx.save();
  ctx.translate(x - 34, y + (rows * cell) / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(panel.heads[0], 0, 0);
  ctx.restore();
}

// What a square covers along one axis.
export function covered(where, panel, place, side) {
  const size = where.place(panel.cover);
  const first = place * panel.stride - Math.floor(size / 2);
  return [Math.max(0, first), Math.min(side, first + size)];
}

// A grey square at the chosen place; places lie `stride` pixels apart.
function cover(view, panel, drawn, where, names) {
  const { grid } = drawn;
  const [[top, bottom], [left, right]] = names.map((name, axis) => covered(where, panel, where.place(name), axis ? grid.cols : grid.rows));
  view.ctx.fillStyle = panel.grey;
  view.ctx.fillRect(grid.x + left * grid.cell, grid.y + top * grid.cell, (right - left) * grid.cell, (bottom - top) * grid.cell);
  outline(view, grid, top, left, bottom - top, right - left);
  const { stride } = panel;
  return { ...drawn, grid: { ...grid, cell: stride * grid.cell, rows: Math.ceil(grid.rows / stride), cols: Math.ceil(grid.cols / stride) } };
}
