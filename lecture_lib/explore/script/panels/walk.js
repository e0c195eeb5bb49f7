// The network walk: a drawn digit, every layer as a column of maps, one unit opened where it stands, the answer.
import { percent } from "../numbers.js";
import { signed } from "./opened.js";
import { drawPad } from "./pad.js";
import { Strip, walkKeys } from "./walk_keys.js";
import { layHalf, layWalk, tileAt, unitBox, unitUnder, walkParts } from "./walk_layout.js";
import { fixed, framed, LIT, walkLegend, paintMaps, short, thick, bezier, words } from "./walk_marks.js";
import { inputs, network, outputs, pixelsOf, pooledFrom, wayDown } from "./walk_net.js";
import { target } from "./walk_what.js";
import { fullName, openUnit } from "./walk_opened.js";

const MOST_WIRES = 160; // between two columns
const FORWARD = 8; // units above that are lit
const STRONG = 0.3; // of what the strongest pixel gives; those that give less are not lit

const laidOut = new WeakMap();

// A layout depends on the layers, on the box and on what else `parts` tells apart; who walks comes back to each.
function laidFor(stages, box, parts, make) {
  const words = [box.x, box.y, box.w, box.h, ...parts].join();
  const kept = laidOut.get(stages) ?? new Map();
  laidOut.set(stages, kept);
  if (kept.size > 20 && !kept.has(words)) kept.clear();
  if (!kept.has(words)) kept.set(words, make());
  return kept.get(words);
}

// The class that won, or -1 where nothing is drawn.
const winnerOf = (shares) => (shares.some((each) => each > 0) ? shares.indexOf(Math.max(...shares)) : -1);

// Where lines leave a column and arrive: a map's edge, or a unit's.
function wireEnds(column) {
  const { stage, cell } = column;
  const vector = stage.rows * stage.cols === 1;
  const step = Math.max(1, Math.ceil((vector ? column.lines : stage.count) / 16));
  const found = [];
  for (let k = 0; k < (vector ? column.lines : stage.count); k += step) {
    const [x, y] = column.answer ? [column.x, column.y + k * cell] : tileAt(column, vector ? k * column.per : k);
    const wide = column.answer ? 0 : vector ? column.w : cell * stage.cols;
    found.push({ k, left: x - (column.answer ? 4 : 0), right: x + wide, y: y + (cell * stage.rows) / 2 });
  }
  return found;
}

// Whether two columns stand side by side; on a phone the input and the classes do not.
const beside = ({ columns, phone }, level) => !phone || (level > 1 && level < columns.length - 1);

const paintedWires = new WeakMap();

// Lines that stay while units are chosen: painted once for a layout.
function faintWires(view, laid) {
  const { canvas, ink } = view;
  const words = [canvas.width, canvas.height, ink.faint].join();
  let kept = paintedWires.get(laid);
  if (kept?.words !== words) {
    kept = { words, canvas: Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height }) };
    const ctx = kept.canvas.getContext("2d");
    ctx.setTransform(view.ctx.getTransform());
    paintWires(ctx, laid, ink.faint);
    paintedWires.set(laid, kept);
  }
  view.ctx.save();
  view.ctx.setTransform(1, 0, 0, 1, 0, 0);
  view.ctx.drawImage(kept.canvas, 0, 0);
  view.ctx.restore();
}

function paintWires(ctx, laid, colour) {
  const { columns } = laid;
  for (let level = 1; level < columns.length; level++) {
    if (!beside(laid, level)) continue;
    const [from, to] = [wireEnds(columns[level - 1]), wireEnds(columns[level])];
    const own = ["max", "mean", "other"].includes(columns[level].stage.kind) && from.length === to.length;
    const step = own ? 1 : Math.max(1, Math.ceil((from.length * to.length) / MOST_WIRES));
    let at = 0;
    for (const one of from) for (const other of to) {
      if ((own && one.k !== other.k) || at++ % step) continue;
      bezier(ctx, one.right, one.y, other.left, other.y, colour, 0.7);
    }
  }
}

function walkHeads(view, { columns, foot, pad, inputFoot = foot, ...laid }, net, lit) {
  const top = laid.columnsTop; // of all columns
  columns.forEach((column) => {
    const { stage, answer, level } = column;
    if (answer) return words(view, "answer", column.x, column.y - (view.least ? 44 : 26), { bold: true, size: 15, align: "left" });
    const middle = column.x + column.w / 2;
    const shape = stage.rows * stage.cols === 1 ? `${stage.count}` : `${level ? `${stage.count}×` : ""}${stage.rows}×${stage.cols}`;
    const beyond = net.after(level).some((each) => each > stage.limit[1] * (1 + 1e-6));
    const white = `${beyond ? "≥ " : ""}${short(stage.limit[1])}`;
    if (level === 0) {
      words(view, "draw here", middle, pad.y - 10, { bold: true, size: 15, halo: true });
      words(view, view.least ? "what it gets" : `what it gets, ${shape}`, middle, column.y - 10, { colour: view.ink.muted, halo: true });
      return view.least || words(view, `white ${white}${lit ? ", strongest lit" : ""}`, middle, inputFoot - 7, { colour: view.ink.muted });
    }
    words(view, stage.label, middle, top - (view.least ? 44 : 26), { bold: true, size: 15 });
    const fits = (...texts) => texts.find((text) => view.ctx.measureText(text).width <= column.room) ?? texts.at(-1);
    view.font(14); // on a slide the least is more
    words(view, fits(shape, `${stage.count}`), middle, top - (view.least ? 16 : 9), { colour: view.ink.muted });
    if (!view.least) words(view, fits(`white ${white}`, white, white.replace(" ", "")), middle, foot - 7, { colour: view.ink.muted });
  });
}

function drawAnswer(view, column, arrays, panel) {
  const { ctx } = view;
  const shares = arrays[panel.classes].values;
  const right = arrays[panel.marked].values[0];
  const top = winnerOf([...shares]);
  const most = view.least ? 74 : 58; // px of a share in words
  const bar = { x: column.x + 42, w: column.w - 42 - most, h: Math.min(22, Math.floor(column.cell - 4)) };
  const small = bar.h < 22;
  shares.forEach((share, i) => {
    const y = column.y + (i + 0.5) * column.cell;
    words(view, `${i}`, column.x + 10, y + 1, { size: small ? 14 : i === top ? 24 : 18, bold: i === top });
    Object.assign(ctx, { fillStyle: view.ink.panel, strokeStyle: view.ink.faint, lineWidth: 1 });
    ctx.beginPath();
    ctx.roundRect(bar.x, y - bar.h / 2, bar.w, bar.h, 4);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = i === right ? view.ink.right : i !== top ? view.ink.line : right < 0 ? view.ink.text : view.ink.mark;
    ctx.fillRect(bar.x, y - bar.h / 2, bar.w * share, bar.h);
    const before = arrays[panel.before].values[i];
    if (before > 0.005) {
      Object.assign(ctx, { strokeStyle: view.ink.you, lineWidth: 2 });
      ctx.setLineDash([4, 3]);
      ctx.strokeRect(bar.x, y - bar.h / 2, bar.w * before, bar.h);
      ctx.setLineDash([]);
    }
    const sign = i === right ? "✓" : i === top && right >= 0 ? "✗" : "";
    words(view, sign, column.x + 33, y + 1, { size: 15, bold: true, colour: i === right ? view.ink.right : view.ink.mark });
    words(view, top < 0 ? "" : percent(share), column.x + column.w, y + 1, { size: i === top && !small ? 17 : 14, bold: i === top, align: "right", colour: share < 0.005 ? view.ink.muted : view.ink.text, most });
  });
}

// The network beside, below: its layers, its answer, the same unit where it has one.
function drawSecond(view, panel, box, where, beside) {
  const stages = panel.others[beside - 1];
  const net = network(panel, where, stages, where.arrays[panel.values2]);
  const laid = laidFor(stages, box, ["second"], () => layHalf(stages, box, 1));
  const { columns, top } = laid;
  faintWires(view, laid);
  columns.forEach((column, level) => column.answer || !level || paintMaps(view, column, net.after(level), column.stage.limit));
  drawAnswer(view, columns.at(-1), { ...where.arrays, [panel.classes]: where.arrays[panel.classes2], [panel.before]: { values: [] } }, panel);
  words(view, `beside it: ${view.spec.indices[panel.beside].labels[beside]}`, columns[1].x, top - 10, { bold: true, size: 15, align: "left" });
  const [level, unit] = [where.place(panel.layer), where.place(panel.unit)];
  if (level && level < columns.length && unit < stages[level].size) framed(view, unitBox(columns[level], unit));
}

// What the chosen unit sees of the input, pixel by pixel; the padding is not drawn. Lit are the pixels that give it most, in the colour of
// their sign; gives whether there are some.
function drawField(view, column, net, { level, unit }) {
  const { field, cols: across } = net.stages[level];
  const { x, y, cell, stage: { cols } } = column;
  const given = pixelsOf(net, level, unit) ?? [];
  const most = given.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  given.forEach((each, at) => {
    if (!each || Math.abs(each) < STRONG * most) return;
    view.ctx.fillStyle = signed(view, each);
    view.ctx.fillRect(x + (at % cols) * cell, y + Math.floor(at / cols) * cell, cell, cell);
  });
  if (field) {
    const [start, jump, size] = field;
    const at = [Math.floor(unit / across) % net.stages[level].rows, unit % across];
    const [[top, left], [bottom, right]] = [0, 1].map((end) => at.map((each, axis) => Math.min(cols, Math.max(0, start[axis] + each * jump[axis] + end * size[axis]))));
    framed(view, { x: x + left * cell, y: y + top * cell, w: (right - left) * cell, h: (bottom - top) * cell }, 2);
  }
  return most > 0;
}

function litAbove(view, laid, net, at) {
  const { columns } = laid;
  const above = outputs(net, at.level, at.unit).slice(0, FORWARD).filter(({ product }) => product !== 0);
  const most = Math.abs(above[0]?.product ?? 0);
  const from = unitBox(columns[at.level], at.unit);
  for (const { to, product } of above) {
    if (Math.abs(product) < LIT * most) continue;
    const end = unitBox(columns[at.level + 1], to);
    if (beside(laid, at.level + 1)) bezier(view.ctx, from.x + from.w, from.y + from.h / 2, end.x - 1, end.y + end.h / 2, signed(view, product), thick(product, most));
    if (!columns[at.level + 1].answer) framed(view, end, 1.2);
  }
}

function drawWay(view, laid, way) {
  const { columns } = laid;
  way.forEach(([level, unit], i) => {
    const to = unitBox(columns[level], unit);
    if (i < way.length - 1 && beside(laid, level)) {
      const [below, under] = way[i + 1];
      const from = unitBox(columns[below], under);
      bezier(view.ctx, from.x + from.w, from.y + from.h / 2, to.x, to.y + to.h / 2, signed(view, way[i + 1][2]), 3);
    }
  });
  for (const [level, unit] of way) if (!columns[level].answer) framed(view, unitBox(columns[level], unit), 1.6);
}

export function drawWalk(view, panel, box, where) {
  const net = network(panel, where);
  const at = { level: where.place(panel.layer), unit: where.place(panel.unit) };
  const beside = box.w < 640 ? 0 : where.place(panel.beside);
  const second = where.arrays[panel.values2];
  const half = beside > 0 && second.values.length > 0;
  const laid = laidFor(panel.stages, box, [at.level, half, view.least], () => (half ? layHalf(panel.stages, box, 0) : layWalk(panel, box, at.level, view.least > 0)));
  const { columns } = laid;
  const found = inputs(net, at.level, at.unit);
  const shares = [...where.arrays[panel.classes].values];
  faintWires(view, laid);
  columns.forEach((column, level) => column.answer || paintMaps(view, column, net.after(level), column.stage.limit));
  drawAnswer(view, columns.at(-1), where.arrays, panel);
  if (half) drawSecond(view, panel, box, where, beside);
  const top = winnerOf(shares);
  if (top >= 0 && where.value(panel.path)) drawWay(view, laid, wayDown(net, columns.length - 1, top));
  const lit = at.level > 0 && !half && drawField(view, columns[0], net, at);
  if (at.level + 1 < columns.length) litAbove(view, laid, net, at);
  const zones = openUnit(view, laid, found, net, { ...at, stage: found.stage, changes: where.value(panel.changes), target: where.place(panel.tool) === 1 ? target(view, panel, where) : undefined });
  walkHeads(view, laid, net, lit); // over all lines
  framed(view, unitBox(columns[at.level], at.unit));
  if (!view.least) walkLegend(view, box.x + box.w, laid.strip + (laid.phone ? 60 : 22));
  drawPad(view, panel, laid.pad, where);
  const walk = walkKeys(view, panel, net, laid, at, found);
  (view.strip ??= new Strip(view, panel)).place(laid, walk, where);
  const press = (x, y) => {
    for (const zone of zones) {
      if (x < zone.x || y < zone.y || x >= zone.x + zone.w || y >= zone.y + zone.h) continue;
      const term = zone.unitAt(x, y);
      if (zone.pick && term && at.level && where.place(panel.tool) === 1) {
        view.picked = { level: at.level, channel: zone.pick.channel(term), cell: zone.pick.cell(term), kind: view.picked?.kind === "weight" ? "weight" : "scale" };
        view.show();
        return true;
      }
      return term && term.from >= 0 && walk.into(term.from);
    }
    for (const column of columns) {
      const unit = unitUnder(column, x, y);
      if (unit !== undefined) return walk.go(column.level, unit);
    }
    return undefined;
  };
  return { press, move: walk.move, key: walk.key, laid, found, get pixels() { return pixelsOf(net, at.level, at.unit); }, get way() { return top < 0 ? [] : wayDown(net, columns.length - 1, top); }, terms: zones, parts: walkParts(laid, view.strip) };
}

// The chosen unit in words: where it is, what it says, what gives most of it.
export function walkWords(view, say, where) {
  const panel = view.get("panels").find(({ kind }) => kind === "walk");
  const net = network(panel, where);
  const [level, unit] = [where.place(panel.layer), where.place(panel.unit)];
  const { stage, terms, winner, sum } = inputs(net, level, unit);
  const value = net.after(level)[unit];
  const name = level === net.stages.length - 1 ? `The score of ${unit}` : fullName(stage, unit);
  if (level === 0) return [["span", `Chosen is ${name}, ${fixed(value)} for the network: ${fixed(stage.ends[0], 1)} is its black, ${fixed(stage.ends[1], 3)} its white.`]];
  const below = net.stages[level - 1];
  if (winner) return [["span", `${name} is ${fixed(value)}: the largest of ${pooledFrom(terms)}, from `], ["b", fullName(below, winner.from)], ["span", ". It has no weights."]];
  if (stage.kind === "mean") return [["span", `${name} is ${fixed(value)}: the mean of ${pooledFrom(terms)} of ${below.label}. It has no weights.`]];
  if (stage.kind === "other") return [["span", `${name} is ${fixed(value)}.`]];
  const best = terms.reduce((one, other) => (other.product > one.product ? other : one));
  const says = !stage.act ? ` is ${fixed(sum)}` : stage.relu && sum <= 0 ? ` sums to ${fixed(sum)}, so ReLU makes it 0` : stage.relu ? ` is ${fixed(value)}` : ` sums to ${fixed(sum)}, after ${stage.act} ${fixed(value)}`;
  const most = [["span", " Its largest product is "], ["b", `${fixed(best.value, 3)} × ${fixed(best.weight, 3)} ≈ ${fixed(best.product)}`], ["span", best.from < 0 ? ", in the padding." : `, from ${fullName(below, best.from)}.`]];
  return [["span", `${name}${says}.`], ...(best.product > 0 ? most : [["span", " None of its products adds anything."]])];
}
