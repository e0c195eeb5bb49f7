// A network: its volumes to scale, and below each its layers, its size and its numbers.
import { clamp } from "../numbers.js";
import { solid } from "../paint.js";

// Pixels of every volume and every slot, for the largest scale at which all of them fit.
function fitVolumes(net, wide, high, root) {
  const side = (n) => (root ? Math.sqrt(n) : n);
  const whole = net.volumes.filter((each) => each.parts); // a layer that is not possible makes none
  const label = Math.min(84, wide / net.volumes.length);
  let deep = Math.min(4, (label - 20) / Math.sqrt(Math.max(...whole.map((each) => each.c / each.parts)))); // pixels for the root of one channel
  const measure = (each, unit) => {
    const [h, w] = [Math.max(2, side(each.h) * unit), side(each.w) * unit];
    return { w: Math.max(2, Math.sqrt(each.c / each.parts) * deep), h, dx: Math.max(1, w * 0.42), dy: Math.max(1, w * 0.24) };
  };
  const slots = (unit) => net.volumes.map((each) => {
    if (!each.parts) return label;
    const { w, dx } = measure(each, unit);
    return Math.max(label, w + dx + Math.min(10, label / 3));
  });
  const sum = (list) => list.reduce((total, each) => total + each, 0);
  const tall = (unit) => Math.max(...whole.map((each) => {
    const { h, dy } = measure(each, unit);
    return each.parts * (h + dy) + (each.parts - 1) * 6;
  }));
  let unit = high;
  while ((tall(unit) > high || sum(slots(unit)) > wide + 0.5) && unit > 1e-4) {
    unit *= 0.96;
    if (tall(unit) <= high) deep *= 0.97; // it is the depths that are too wide
  }
  const widths = slots(unit);
  const spare = Math.max(0, wide - sum(widths)) / widths.length;
  return { measure: (each) => measure(each, unit), widths: widths.map((each) => each + spare) };
}

// The table below the volumes: a column for each of them, a row for each count. Narrow columns write only the chosen one's numbers.
const ROW_HIGH = 20;
const HEADS_WIDE = 106; // pixels for the heads of the rows, at the left
const BARS_HIGH = 46;

// A count of ten million and more for a narrow column; the sentence below writes that of the chosen layer out.
function shortCount(text) {
  const count = Number(text.replaceAll(",", ""));
  return count >= 1e7 ? `${(count / 1e6).toFixed(1)} M` : text;
}

function drawCounts(view, net, columns, box, { measure, against, chosen }) {
  const { ctx } = view;
  const lines = [...net.heads.map((head, at) => [head, (each) => shortCount(each.numbers?.[at] ?? "")])];
  if (against) lines.push(["difference", (each, at) => against.columns[at]?.[measure] ?? ""]);
  lines.forEach(([head, text], line) => {
    const y = box.y + (line + 0.5) * ROW_HIGH;
    const bold = line === measure || line === net.heads.length;
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "left";
    view.font(14, bold);
    ctx.fillText(head, box.x, y, HEADS_WIDE - 8);
    ctx.textAlign = "center";
    columns.forEach((each, at) => {
      const lit = at === chosen;
      if (each.wide < 58 && !lit) return;
      ctx.fillStyle = lit ? view.ink.mark : view.ink.text;
      view.font(14, bold || lit);
      ctx.fillText(text(each, at), each.middle, y, each.wide < 58 ? 84 : each.wide - 6);
    });
  });
  ctx.textAlign = "left";
  ctx.fillStyle = view.ink.text;
  view.font(14, true);
  ctx.fillText(net.total + (against ? against.total[measure] : ""), box.x, box.y + (lines.length + 0.6) * ROW_HIGH, box.w);
}

// Below each volume the names of the layers that work on it, its size and its share, as a bar.
function drawLayers(view, net, columns, box, { row, measure, choose, names, chosen, split }) {
  const { ctx } = view;
  const zones = [];
  const most = Math.max(1e-9, ...columns.map((each) => each.shares?.[measure] ?? 0));
  const base = box.y + (names + split) * ROW_HIGH + 18 + BARS_HIGH;
  columns.forEach((each, at) => {
    const { middle, wide } = each;
    const lit = at === chosen;
    ctx.textAlign = "center";
    if (wide >= 30 || lit) {
      each.rows.forEach((place, line) => {
        const state = net.rows[place].state;
        const here = place === row;
        ctx.fillStyle = here || state === "bad" ? view.ink.mark : line || state ? view.ink.muted : view.ink.text;
        view.font(wide < 48 && view.narrow ? 12 : 14, here || (!line && !state));
        if (here || wide >= 30) ctx.fillText(net.rows[place].name, middle, box.y + (line + 0.5) * ROW_HIGH, Math.max(44, wide - 3));
      });
    }
    each.rows.forEach((place, line) => zones.push({ x: each.left, y: box.y + line * ROW_HIGH, w: wide, h: ROW_HIGH, choose: choose(place) }));
    ctx.fillStyle = lit ? view.ink.mark : view.ink.text;
    view.font(14, lit);
    const lines = split ? each.size.replace("×", "×\n").split("\n") : [each.size];
    if (wide >= 56 || lit) lines.forEach((text, line) => ctx.fillText(text, middle, base - BARS_HIGH - 10 - (lines.length - 1 - line) * ROW_HIGH, Math.max(62, wide - 3)));
    if (!each.shares) return;
    const tall = each.shares[measure] > 0 ? Math.max(1, ((BARS_HIGH - 22) * each.shares[measure]) / most) : 0;
    const half = Math.min(22, wide * 0.3);
    ctx.fillStyle = lit ? view.ink.mark : view.series[0];
    ctx.fillRect(middle - half, base - tall, 2 * half, tall);
    ctx.fillStyle = view.ink.text;
    if (wide >= 36 || lit) ctx.fillText(each.percents[measure], middle, base - tall - 9);
  });
  ctx.textAlign = "left";
  ctx.fillStyle = view.ink.text;
  view.font(14);
  if (columns[0].left > box.x) ctx.fillText("share", box.x, base - 10);
  ctx.fillStyle = view.ink.line;
  ctx.fillRect(box.x, base, box.w, 1);
  return [zones, base + 4];
}

function drawVolumes(view, net, columns, box, { chosen, root, measure, choose }) {
  const { ctx } = view;
  ctx.textAlign = "right";
  ctx.fillStyle = view.ink.text;
  view.font(14);
  const words = net.scales[Number(root)];
  const said = view.narrow ? words.split(/(?<=,) /) : [words]; // a phone has two lines for it
  if (box.h > 70) said.forEach((line, at) => ctx.fillText(line, box.x + box.w - 4, box.y + 6 + 18 * at)); // or it would lie on the volumes
  const zones = [];
  const drawn = columns.filter((each) => each.parts).map((each) => {
    const { w, h, dx, dy } = measure(each);
    const x = each.middle - (w + dx) / 2;
    const gap = each.parts > 2 ? 2 : 6;
    const whole = each.parts * (h + dy) + (each.parts - 1) * gap;
    const parts = Array.from({ length: each.parts }, (_, part) =>
      ({ x, y: box.y + (box.h - whole) / 2 + part * (h + dy + gap) + dy, w, h, dx, dy }));
    zones.push({ x: each.left, y: box.y, w: each.wide, h: box.h, choose: choose(each.row) });
    return { each, parts };
  });
  ctx.strokeStyle = view.ink.line;
  ctx.lineWidth = 1.5;
  let before = null;
  for (const { each, parts } of drawn) { // who reads whom: towers read their own half, or everything
    if (each.joined && before) {
      before.forEach((from, a) => parts.forEach((to, b) => {
        if (each.apart && a !== b) return;
        ctx.beginPath();
        ctx.moveTo(from.x + from.w + from.dx + 2, from.y - from.dy / 2 + from.h / 2);
        ctx.lineTo(to.x - 3, to.y + to.h / 2 - to.dy / 2);
        ctx.stroke();
      }));
    }
    before = parts;
  }
  for (const { each, parts } of drawn) for (const part of parts) solid(view, part, each === columns[chosen] ? "mark" : "map", each === columns[chosen] ? 0.75 : 0.3);
  return zones;
}

export function drawNetwork(view, panel, box, where) {
  const [network, other, measure, sides, row] = [panel.network, panel.other, panel.measure, panel.sides, panel.row].map((name) => where.place(name));
  const net = panel.networks[clamp(network, panel.networks.length)];
  const against = net.against[other - 1];
  const choose = (at) => ({ [panel.row]: at });
  const { ctx } = view;
  const names = Math.max(...net.volumes.map((each) => each.rows.length));
  const gutter = box.w > 700 && box.h > 300 ? HEADS_WIDE : 0; // there is room for numbers
  const [inner, table] = [box.w - gutter, gutter ? (net.heads.length + (against ? 1 : 0) + 1) * ROW_HIGH + 8 : 0];
  view.font(14);
  const split = Number(view.least > 0 && net.volumes.some(({ size }) => ctx.measureText(size).width > inner / net.volumes.length)); // a size in two lines
  const high = Math.max(16, box.h - (names + split) * ROW_HIGH - 18 - BARS_HIGH - table - 8);
  const { measure: sized, widths } = fitVolumes(net, inner, high, sides === 1);
  let left = box.x + gutter;
  const columns = net.volumes.map((each, at) => {
    const column = { ...each, left, wide: widths[at], middle: left + widths[at] / 2 };
    left += widths[at];
    return column;
  });
  const chosen = columns.findIndex((each) => each.rows.includes(row));
  const volumes = drawVolumes(view, net, columns, { x: box.x + gutter, y: box.y, w: inner, h: high }, { chosen, root: sides === 1, measure: sized, choose });
  const [zones, below] = drawLayers(view, net, columns, { ...box, y: box.y + high + 4 }, { row, measure, choose, names, chosen, split });
  if (gutter) drawCounts(view, net, columns, { ...box, y: below }, { measure, against, chosen });
  return { zones: [...volumes, ...zones] };
}
