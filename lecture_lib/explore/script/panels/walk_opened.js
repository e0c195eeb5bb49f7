// A unit opened where it stands: windows × weights = products, their sums, the bias, the activation; pooling's winner.
import { clamp } from "../numbers.js";
import { signed } from "./opened.js";
import { fixed, framed, LIT, short, squares, thick, bezier, words } from "./walk_marks.js";
import { placeOf, pooledFrom, strongest, windowOf } from "./walk_net.js";
import { tileAt, unitBox } from "./walk_layout.js";

const ROWS = 8; // strongest inputs of a linear unit; the others together
const APART = 14; // px between window, weights and products
// px of a sum, of what comes after the sums (bias and activation), from a value's end to its weight's and on to their product's, of a weight,
// and how far what stands above and below is away. On a slide letters are larger, and scales and names are left out: lines say where from.
const ON_PAGE = { sum: 62, out: 100, weight: 68, product: 62, number: 52, head: 12, line: 18 };
const ON_SLIDE = { sum: 86, out: 130, weight: 104, product: 104, number: 80, head: 20, line: 25 };
const sizesOf = (view) => (view.least ? ON_SLIDE : ON_PAGE);

// Sums of a convolution by input map, in order; beyond `most` the largest, then what the others give together.
function byMap({ terms, stage }, most) {
  const each = stage.kernel[0] * stage.kernel[1];
  const all = Array.from({ length: stage.depth }, (_, at) => {
    const own = terms.slice(at * each, (at + 1) * each);
    return { own, map: own[0].map, sum: own.reduce((sum, { product }) => sum + product, 0) };
  });
  if (all.length <= most) return { shown: all, rest: undefined };
  const size = (part) => Math.abs(part.sum);
  const largest = [...all].sort((one, other) => size(other) - size(one)).slice(0, most - 1);
  const rest = all.filter((part) => !largest.includes(part));
  return { shown: all.filter((part) => largest.includes(part)), rest: { count: rest.length, sum: rest.reduce((sum, part) => sum + part.sum, 0) } };
}

// What the ends of the colours stand for, below a head; a slide has no scales.
const scaleWords = (view, text, x, y, align = "center") => view.least || words(view, text, x, y, { colour: view.ink.muted, align });

// The card behind the arithmetic.
function card(view, { x, y, w, h }) {
  const { ctx } = view;
  ctx.save();
  Object.assign(ctx, { fillStyle: view.ink.paper, strokeStyle: view.ink.faint, lineWidth: 1.5 });
  ctx.globalAlpha = 0.94;
  ctx.beginPath();
  ctx.roundRect(x, y, w, h, 12);
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.stroke();
  ctx.restore();
}

// Σ, the bias below it, the activation, and the line on to the unit.
function ending(view, laid, { stage, sum, bias }, shown, to, wide) {
  const { ctx } = view;
  const { opened, top, high } = laid;
  const { out, line } = sizesOf(view);
  const [x, y, right] = [opened.x + opened.w - (stage.act ? out : out - 36) + 18, top + high / 2, opened.x + opened.w];
  const [colour, width] = [signed(view, shown), shown ? 6 : 1];
  bezier(ctx, x + 17, y, right, y, colour, width);
  if (!laid.phone) bezier(ctx, right, y, to.x - 2, to.y + to.h / 2, colour, width);
  Object.assign(ctx, { fillStyle: view.ink.paper, strokeStyle: view.ink.text, lineWidth: 2 });
  ctx.beginPath();
  ctx.arc(x, y, 17, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  words(view, "Σ", x, y + 1, { size: 19, bold: true });
  words(view, "+ bias", x, y + 34, { colour: view.ink.muted, halo: true });
  words(view, fixed(bias), x, y + 34 + line, { bold: true, size: 15, halo: true });
  words(view, fixed(sum), x - 2, y - 32, { bold: true, size: 17, colour: signed(view, sum), halo: true });
  if (stage.act) {
    Object.assign(ctx, { fillStyle: view.ink.paper, strokeStyle: view.ink.text, lineWidth: 2 });
    ctx.beginPath();
    ctx.roundRect(right - 44, y - 16, 32, 32, 6);
    ctx.fill();
    ctx.stroke();
    Object.assign(ctx, { strokeStyle: view.ink.act, lineWidth: 3 });
    ctx.beginPath();
    if (stage.relu) [[-11, 6], [0, 6], [10, -8]].forEach(([dx, dy], i) => ctx[i ? "lineTo" : "moveTo"](right - 28 + dx, y + dy));
    else {
      ctx.moveTo(right - 39, y + 8);
      ctx.bezierCurveTo(right - 26, y + 8, right - 30, y - 8, right - 17, y - 8);
    }
    ctx.stroke();
    words(view, stage.act, right - 28, y + 34, { colour: view.ink.muted, most: 52 });
    words(view, fixed(shown), right - 28, y - 32, { bold: true, size: 17, colour: signed(view, shown) });
  }
  return [x - 17, y];
}

function openConv(view, laid, found, at) {
  const { ctx } = view;
  const { opened, top, high, columns } = laid;
  const { stage, terms } = found;
  const [rows, cols] = stage.kernel;
  const { shown, rest } = byMap(found, Math.max(2, Math.min(8, Math.floor(high / 44))));
  const below = columns[at.level - 1];
  if (stage.depth === 1) return openSingle(view, laid, found, at);
  const pitch = high / (shown.length + (rest ? 1 : 0));
  const { out, sum: ofSum, head } = sizesOf(view);
  const room = (opened.w - out - 20 - 2 * APART - ofSum) / 3;
  const cell = Math.max(1, Math.floor(Math.min(room / cols, (pitch - 6) / rows, 28)));
  const [wide, tall] = [cell * cols, cell * rows];
  const spare = (room - wide) / 2;
  const lefts = [0, 1, 2].map((i) => Math.round(opened.x + 12 + spare + i * (room + APART)));
  const limits = [below.stage.limit, stage.weighs, stage.products];
  [["window", whiteOf(below.stage, terms)], ["weights", endsOf(limits[1], terms, "weight")], ["products", endsOf(limits[2], terms, "product")]].forEach(([name, ends], i) => {
    const middle = lefts[i] + wide / 2;
    words(view, name, middle, opened.y + head, { bold: true, size: 15, most: room + APART - 2 });
    scaleWords(view, ends, middle, opened.y + 29);
  });
  const most = Math.max(...shown.map(({ sum }) => Math.abs(sum)), Math.abs(rest?.sum ?? 0));
  const best = strongest(found);
  const [sigmaX, sigmaY] = [opened.x + opened.w - out, top + high / 2];
  const zones = [];
  words(view, "sum", lefts[2] + wide + ofSum - 26, opened.y + head, { bold: true, size: 15 });
  const window = windowOf(stage, at.unit);
  shown.forEach(({ own, map, sum }, i) => {
    const y = Math.round(top + (i + 0.5) * pitch - tall / 2);
    const middle = y + tall / 2;
    zoomLines(view, laid, below, map, window, { x: lefts[0], y, h: tall });
    squares(view, { x: lefts[0], y, cell }, own.map(({ value }) => value), cols, below.stage.role, limits[0]);
    squares(view, { x: lefts[1], y, cell }, own.map(({ weight }) => weight), cols, "weight", limits[1]);
    squares(view, { x: lefts[2], y, cell }, own.map(({ product }) => product), cols, "weight", limits[2]);
    for (const [sign, left] of [["×", lefts[0]], ["=", lefts[1]]]) words(view, sign, left + wide + (room + APART - wide) / 2, middle, { size: 17, colour: view.ink.muted });
    const number = lefts[2] + wide + ofSum - 8;
    if (Math.abs(sum) >= LIT * most) {
      const width = thick(sum, most);
      bezier(ctx, number + 4 + width / 2, middle, sigmaX, sigmaY, signed(view, sum), width);
    }
    words(view, fixed(sum), number, middle + 1, { size: 16, bold: true, align: "right", colour: signed(view, sum) });
    const place = own.indexOf(best);
    if (place >= 0) for (const left of lefts) framed(view, { x: left + (place % cols) * cell, y: y + Math.floor(place / cols) * cell, w: cell, h: cell }, 2);
    const channel = terms.indexOf(own[0]) / (rows * cols);
    markChanged(view, at, channel, { x: lefts[1], y, w: wide, h: tall }, cols, cell);
    zones.push({ x: lefts[1], y, w: wide, h: tall, pick: { channel: () => channel, cell: (term) => own.indexOf(term) }, unitAt: (px, py) => own[clamp(Math.floor((py - y) / cell), rows) * cols + clamp(Math.floor((px - lefts[1]) / cell), cols)] });
    zones.push({ x: lefts[0], y, w: lefts[2] + wide - lefts[0], h: tall, unitAt: (px, py) => {
      const c = clamp(Math.floor(((px - lefts[0]) % (room + APART)) / cell), cols);
      return own[clamp(Math.floor((py - y) / cell), rows) * cols + c];
    } });
  });
  if (rest) {
    const y = top + (shown.length + 0.5) * pitch;
    words(view, view.least ? `the other ${rest.count}` : `the other ${rest.count} maps together`, lefts[2] + wide, y, { align: "right", colour: view.ink.muted });
    words(view, fixed(rest.sum), lefts[2] + wide + ofSum - 8, y + 1, { size: 16, bold: true, align: "right", colour: signed(view, rest.sum) });
    if (Math.abs(rest.sum) >= LIT * most) bezier(ctx, lefts[2] + wide + ofSum, y, sigmaX, sigmaY, signed(view, rest.sum), thick(rest.sum, most));
  }
  return zones;
}

// Violet around a kernel that was changed, thicker around the one that the slider below changes, and its one weight.
function markChanged(view, { stage, target, changes, unit }, channel, box, cols, cell) {
  const { ctx } = view;
  const [map] = placeOf(stage, unit);
  const there = changes.some((each) => each.layer === stage.label && each.map === map && (each.channel ?? channel) === channel && each.what !== "bias");
  const aimed = target && target.channel === channel && target.kind !== "bias";
  if (!there && !aimed) return;
  Object.assign(ctx, { strokeStyle: view.ink.you, lineWidth: aimed ? 3 : 1.5 });
  if (!aimed) ctx.setLineDash([4, 3]);
  ctx.strokeRect(box.x - 3, box.y - 3, box.w + 6, box.h + 6);
  ctx.setLineDash([]);
  if (aimed && target.kind === "weight" && cell) ctx.strokeRect(box.x + target.col * cell, box.y + target.row * cell, cell, cell);
}

// From the corners of the window in its map to where it is opened.
function zoomLines(view, laid, below, map, [top, left, high, wide], to) {
  const { ctx } = view;
  const { cell, stage } = below;
  const [x, y] = tileAt(below, map);
  const [r0, r1] = [clamp(top, stage.rows + 1), clamp(top + high, stage.rows + 1)];
  const [c0, c1] = [clamp(left, stage.cols + 1), clamp(left + wide, stage.cols + 1)];
  const frame = { x: x + c0 * cell, y: y + r0 * cell, w: (c1 - c0) * cell, h: (r1 - r0) * cell };
  if (laid.phone) return framed(view, frame, 2);
  Object.assign(ctx, { strokeStyle: view.ink.bright, lineWidth: 1.6 });
  ctx.globalAlpha = 0.7;
  ctx.beginPath();
  for (const [from, end] of [[frame.y, to.y], [frame.y + frame.h, to.y + to.h]]) {
    ctx.moveTo(frame.x + frame.w, from);
    ctx.lineTo(to.x - 1, end);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
  return framed(view, frame, 2); // whole pixels: an edge between them would be half dark
}

// A convolution of one map: window, weights and products one below the other, large.
function openSingle(view, laid, found, at) {
  const { ctx } = view;
  const { opened, top, high, columns } = laid;
  const { stage, terms, bias, sum } = found;
  const below = columns[at.level - 1];
  const [rows, cols] = stage.kernel;
  const { out, sum: ofSum, head } = sizesOf(view);
  const cell = Math.max(1, Math.floor(Math.min((opened.w - out - ofSum - 20) / cols, (high / 3 - 36) / rows)));
  const left = Math.round(opened.x + 4 + head + (view.least && 14)); // what stands above is wider there
  const middle = left + (cols * cell) / 2;
  const best = strongest(found);
  const parts = [["window", below.stage.role, below.stage.limit, "value"], ["× weights", "weight", stage.weighs, "weight"], ["= products", "weight", stage.products, "product"]];
  const zones = parts.map(([name, role, limit, part], i) => {
    const y = Math.round(opened.y + 40 + (i * (opened.h - 6)) / 3);
    words(view, name, middle, y - (view.least ? 18 : 28), { bold: true, size: 15 });
    scaleWords(view, role === "weight" ? endsOf(limit, terms, part) : whiteOf(below.stage, terms), middle, y - 11);
    if (!i) zoomLines(view, laid, below, terms[0].map, windowOf(stage, at.unit), { x: left, y, h: rows * cell });
    squares(view, { x: left, y, cell }, terms.map((term) => term[part]), cols, role, limit);
    const place = terms.indexOf(best);
    if (place >= 0) framed(view, { x: left + (place % cols) * cell, y: y + Math.floor(place / cols) * cell, w: cell, h: cell }, 2);
    if (i === 1) markChanged(view, at, 0, { x: left, y, w: cols * cell, h: rows * cell }, cols, cell);
    return { pick: i === 1 ? { channel: () => 0, cell: (term) => terms.indexOf(term) } : undefined, x: left, y, w: cols * cell, h: rows * cell, unitAt: (px, py) => terms[clamp(Math.floor((py - y) / cell), rows) * cols + clamp(Math.floor((px - left) / cell), cols)] };
  });
  const [x, y] = [left + cols * cell + 8, zones[2].y + (rows * cell) / 2];
  const products = sum - bias;
  words(view, "sum", x + ofSum / 2 - 9, y - 2 - sizesOf(view).line, { bold: true, size: 15 });
  words(view, fixed(products), x, y + 1, { size: 16, bold: true, align: "left", colour: signed(view, products) });
  bezier(ctx, x + ofSum - 12, y, opened.x + opened.w - out, top + high / 2, signed(view, products), products ? 6 : 1);
  return zones;
}

function openLinear(view, laid, found, at) {
  const { ctx } = view;
  const { opened, top, high, columns } = laid;
  const below = columns[at.level - 1];
  const sorted = [...found.terms].sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
  const shown = sorted.slice(0, ROWS).sort((one, other) => one.from - other.from);
  const others = sorted.slice(ROWS);
  const rest = others.reduce((sum, { product }) => sum + product, 0);
  const pitch = high / (shown.length + (others.length ? 1 : 0));
  const most = Math.max(Math.abs(sorted[0].product), Math.abs(rest));
  const { head, number, ...size } = sizesOf(view);
  const out = found.stage.act ? size.out : size.out - 36; // px of sum, bias and activation
  const product = opened.x + opened.w - out - 36;
  const weight = product - size.product;
  const [value, name] = [weight - size.weight, opened.x + 14];
  for (const [text, right, ends] of [["value", value, ""], ["weight", weight, endsOf(found.stage.weighs, found.terms, "weight")], ["product", product, ""]]) {
    words(view, text, right, opened.y + head, { bold: true, size: 15, align: "right" });
    scaleWords(view, ends, right, opened.y + 29, "right");
  }
  const [sigmaX, sigmaY] = [opened.x + opened.w - out, top + high / 2];
  const best = strongest(found);
  const zones = [];
  shown.forEach((term, i) => {
    const y = top + (i + 0.5) * pitch;
    const from = unitBox(below, term.from);
    const colour = signed(view, term.product);
    const lit = term.product !== 0 && Math.abs(term.product) >= LIT * most;
    if (lit && !laid.phone) bezier(ctx, from.x + from.w, from.y + from.h / 2, name - 6, y, colour, thick(term.product, most));
    framed(view, from, 1.2);
    if (lit) bezier(ctx, product + 5 + thick(term.product, most) / 2, y, sigmaX, sigmaY, colour, thick(term.product, most));
    if (!view.least) words(view, nameOf(below.stage, term.from), name, y, { align: "left", colour: term === best ? view.ink.text : view.ink.muted, bold: term === best, most: value - 50 - name });
    words(view, fixed(term.value, 3), value, y, { align: "right", size: 15 });
    words(view, fixed(term.weight, 3), weight, y, { align: "right", size: 15 });
    words(view, "×", value + (view.least ? 13 : 9), y, { colour: view.ink.muted, size: 15 });
    words(view, "=", weight + (view.least ? 13 : 8), y, { colour: view.ink.muted, size: 15 });
    words(view, fixed(term.product), product, y, { align: "right", bold: true, size: 16, colour });
    const units = below.stage.rows * below.stage.cols;
    markChanged(view, at, term.map, { x: weight - number, y: y - 12, w: number + 4, h: 24 });
    zones.push({ x: weight - number, y: y - pitch / 2, w: number + 4, h: pitch, pick: { channel: () => term.map, cell: () => term.from % units }, unitAt: () => term });
    zones.push({ x: name, y: y - pitch / 2, w: product - name, h: pitch, unitAt: () => term });
  });
  if (others.length) {
    const y = top + (shown.length + 0.5) * pitch;
    words(view, view.least ? `the other ${others.length}` : `the other ${others.length} together`, name, y, { align: "left", colour: view.ink.muted, most: product - 52 - name });
    words(view, fixed(rest), product, y, { align: "right", bold: true, size: 16, colour: signed(view, rest) });
    if (Math.abs(rest) >= LIT * most) bezier(ctx, product + 5 + thick(rest, most) / 2, y, sigmaX, sigmaY, signed(view, rest), thick(rest, most));
  }
  return zones;
}

// The same in words: of a window white, of weights and products both signs; what is beyond looks as the end does.
const beyond = (limit, numbers) => (numbers.some((each) => each > limit * (1 + 1e-6)) ? "≥ " : "");
const whiteOf = ({ limit }, terms) => `white ${beyond(limit[1], terms.map(({ value }) => value))}${short(limit[1])}`;
const endsOf = (limit, terms, name) => `${beyond(limit[1], terms.map((term) => Math.abs(term[name])))}±${short(limit[1])}`;

function openPool(view, laid, found, at) {
  const { ctx } = view;
  const { opened, top, high, columns } = laid;
  const { stage, terms, winner, sum } = found;
  const below = columns[at.level - 1];
  const [rows, cols] = stage.kernel;
  const cell = Math.max(4, Math.floor(Math.min((opened.w - 100) / cols, (high - 20) / rows, 56)));
  const box = { x: Math.round(opened.x + 20), y: Math.round(top + high / 2 - (rows * cell) / 2), cell };
  words(view, "window", box.x + (cols * cell) / 2, opened.y + sizesOf(view).head, { bold: true, size: 15 });
  scaleWords(view, whiteOf(below.stage, terms), box.x + (cols * cell) / 2, opened.y + 29);
  zoomLines(view, laid, below, terms[0].map, windowOf(stage, at.unit), { x: box.x, y: box.y, h: rows * cell });
  const to = unitBox(columns[at.level], at.unit);
  const place = winner ? terms.indexOf(winner) : -1;
  const y = place < 0 ? top + high / 2 : box.y + (Math.floor(place / cols) + 0.5) * cell;
  const from = place < 0 ? box.x + cols * cell : box.x + ((place % cols) + 1) * cell;
  if (!laid.phone) bezier(ctx, from, y, to.x - 2, to.y + to.h / 2, signed(view, sum), sum ? 6 : 1);
  // Over the line, which would hide a number of the window.
  squares(view, box, terms.map(({ value }) => value), cols, below.stage.role, below.stage.limit);
  if (cell >= 40) terms.forEach(({ value, from }, i) => {
    const light = from >= 0 && Math.abs(value) > 0.55 * below.stage.limit[1];
    words(view, from < 0 ? "" : fixed(value), box.x + ((i % cols) + 0.5) * cell, box.y + (Math.floor(i / cols) + 0.5) * cell, { size: 14, bold: true, colour: light ? "#000" : "#fff" });
  });
  if (place >= 0) framed(view, { x: box.x + (place % cols) * cell, y: box.y + Math.floor(place / cols) * cell, w: cell, h: cell }, 3);
  const right = opened.x + opened.w - 40;
  words(view, winner ? `largest of ${pooledFrom(terms)}` : `mean of ${pooledFrom(terms)}`, box.x + (cols * cell) / 2, box.y + rows * cell + 20, { colour: view.ink.muted });
  words(view, fixed(sum), right, y - 20, { bold: true, size: 20, colour: signed(view, sum), halo: true });
  return [{ x: box.x, y: box.y, w: cols * cell, h: rows * cell, unitAt: (px, py) => terms[clamp(Math.floor((py - box.y) / cell), rows) * cols + clamp(Math.floor((px - box.x) / cell), cols)] }];
}

const OPEN = { conv: openConv, linear: openLinear, max: openPool, mean: openPool };

// Gives zones of the opened unit, each with the input under a point of it.
export function openUnit(view, laid, found, net, at) {
  const draw = OPEN[found.stage.kind];
  if (!draw || !laid.opened) return [];
  card(view, laid.opened);
  const zones = draw(view, laid, found, at);
  if (found.stage.kind === "conv" || found.stage.kind === "linear") ending(view, laid, found, net.after(at.level)[at.unit], unitBox(laid.columns[at.level], at.unit));
  return zones;
}

// A unit in few words.
function nameOf(stage, unit) {
  const size = stage.rows * stage.cols;
  const at = unit % size;
  if (stage.role === "image") return `pixel [${Math.floor(unit / stage.cols)}, ${unit % stage.cols}]`;
  const name = `${stage.label} ${Math.floor(unit / size)}`;
  return size === 1 ? name : `${name} [${Math.floor(at / stage.cols)}, ${at % stage.cols}]`;
}

// The same in full.
export function fullName(stage, unit) {
  const size = stage.rows * stage.cols;
  const [row, col] = [Math.floor((unit % size) / stage.cols), unit % stage.cols];
  if (stage.role === "image") return `the pixel in row ${row}, column ${col}`;
  return size === 1 ? `${stage.label}, unit ${unit}` : `${stage.label}, map ${Math.floor(unit / size)}, row ${row}, column ${col}`;
}
