// What a walk through a network is drawn with: lines, frames, words, maps of whole pixels.
import { colourIndex } from "../arrays.js";
import { picture, whole } from "../paint.js";
import { tileAt } from "./walk_layout.js";

export const LIT = 0.03; // of the largest product; what is less is not lit
export const thick = (product, largest) => 1 + 8 * Math.abs(product / (largest || 1));

// A number with `digits` behind the point and a real minus sign.
export const fixed = (value, digits = 2) => value.toFixed(digits).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "");
export const short = (value) => String(Number(value.toPrecision(2))).replace("-", "−");

// A line that leaves and arrives level.
export function bezier(ctx, x0, y0, x1, y1, colour, width) {
  const reach = (x1 - x0) / 2;
  Object.assign(ctx, { strokeStyle: colour, lineWidth: width, lineCap: "round" });
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.bezierCurveTo(x0 + reach, y0, x1 - reach, y1, x1, y1);
  ctx.stroke();
  ctx.lineCap = "butt";
}

// Amber with a dark rim, seen on every colour.
export function framed(view, { x, y, w, h }, width = 3) {
  const { ctx } = view;
  for (const [colour, each] of [["#000", width + 2], [view.ink.bright, width]]) {
    Object.assign(ctx, { strokeStyle: colour, lineWidth: each });
    ctx.strokeRect(x, y, w, h);
  }
}

// Text; with a halo it can be read on a line, too.
export function words(view, text, x, y, { size = 14, bold = false, colour = view.ink.text, align = "center", halo = false, most } = {}) {
  view.font(size, bold);
  Object.assign(view.ctx, { fillStyle: colour, textAlign: align });
  if (halo) {
    Object.assign(view.ctx, { strokeStyle: view.ink.paper, lineWidth: 5, lineJoin: "round" });
    view.ctx.strokeText(text, x, y, most);
  }
  view.ctx.fillText(text, x, y, most);
}

// The maps of a level, each value a square of whole pixels. The units of a vector stand without gaps: they are one map, its last row may be short.
export function paintMaps(view, column, values, limit) {
  const { ctx } = view;
  const { stage, cell, per } = column;
  const vector = stage.rows * stage.cols === 1;
  const [rows, cols] = vector ? [Math.ceil(stage.count / per), per] : [stage.count * stage.rows, stage.cols];
  const source = { rows, cols, values, offset: 0, role: stage.role, limit };
  const painted = picture(view, stage, source, whole(source));
  const put = (from, high, wide, x, y) => ctx.drawImage(painted, 0, from, wide, high, x, y, cell * wide, cell * high);
  ctx.imageSmoothingEnabled = false;
  Object.assign(ctx, { strokeStyle: view.ink.line, lineWidth: 1 });
  if (vector) {
    const full = Math.floor(stage.count / per);
    put(0, full, per, column.x, column.y);
    if (full < rows) put(full, 1, stage.count % per, column.x, column.y + full * cell);
    ctx.strokeRect(column.x - 0.5, column.y - 0.5, column.w + 1, column.h + 1);
    return;
  }
  for (let k = 0; k < stage.count; k++) {
    const [x, y] = tileAt(column, k);
    put(k * stage.rows, stage.rows, cols, x, y);
    ctx.strokeRect(x - 0.5, y - 0.5, cell * cols + 1, cell * stage.rows + 1);
  }
}

// A square in the colour of a value.
function swatch(view, x, y, size, value, role, limit) {
  const { ctx } = view;
  const at = 3 * colourIndex(value, limit);
  const [r, g, b] = view.tables[role].slice(at, at + 3);
  ctx.fillStyle = `rgb(${r} ${g} ${b})`;
  ctx.fillRect(x, y, size, size);
}

// A few values as squares, row by row, with a rim around them.
export function squares(view, { x, y, cell }, values, cols, role, limit) {
  values.forEach((value, i) => swatch(view, x + (i % cols) * cell, y + Math.floor(i / cols) * cell, cell, value, role, limit));
  Object.assign(view.ctx, { strokeStyle: view.ink.line, lineWidth: 1 });
  view.ctx.strokeRect(x - 0.5, y - 0.5, cols * cell + 1, (values.length / cols) * cell + 1);
}

const RAMP = Float32Array.from({ length: 61 }, (_, i) => i / 30 - 1); // all values of a scale

// What the colours of maps and weights and of lines say, in one row that ends at x.
export function walkLegend(view, x, y) {
  const { ctx } = view;
  const bar = (role, left, wide) => {
    const source = { rows: 1, cols: RAMP.length, values: RAMP, offset: 0, role, limit: [-1, 1] };
    ctx.drawImage(picture(view, view.tables[role], source, whole(source)), left, y - 6, wide, 7);
    Object.assign(ctx, { strokeStyle: view.ink.line, lineWidth: 1 });
    ctx.strokeRect(left - 0.5, y - 6.5, wide + 1, 8);
    for (const [sign, at] of [["−", left + 4], ["0", left + wide / 2], [role === "map" ? "white" : "+", left + wide - 4]]) words(view, sign, at, y + 11, { colour: view.ink.muted });
  };
  const say = (text, at) => words(view, text, at, y, { colour: view.ink.muted, align: "left" });
  const left = x - 326;
  say("maps", left);
  bar("map", left + 38, 60);
  say("weights", left + 112);
  bar("weight", left + 166, 56);
  for (const [text, colour, width, down] of [["adds", view.ink.adds, 6, -7], ["takes away", view.ink.takes, 3, 11]]) {
    bezier(ctx, left + 236, y + down, left + 250, y + down, colour, width);
    words(view, text, left + 258, y + down, { align: "left" });
  }
}
