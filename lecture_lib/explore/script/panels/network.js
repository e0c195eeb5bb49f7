// A network: its volumes to scale, and its table.
import { clamp } from "../numbers.js";
import { solid } from "../paint.js";

// Pixels of every volume and every slot, for the largest scale at which all of them fit.
function fitVolumes(net, wide, high, root) {
  const side = (n) => (root ? Math.sqrt(n) : n);
  const most = Math.max(...net.volumes.map((each) => each.c / each.parts));
  let deep = Math.min(0.9, 76 / Math.sqrt(most)); // pixels for the root of one channel
  const measure = (each, unit) => {
    const [h, w] = [Math.max(2, side(each.h) * unit), side(each.w) * unit];
    return { w: Math.max(2, Math.sqrt(each.c / each.parts) * deep), h, dx: Math.max(1, w * 0.42), dy: Math.max(1, w * 0.24) };
  };
  const label = Math.min(84, wide / net.volumes.length);
  const slots = (unit) => net.volumes.map((each) => {
    const { w, dx } = measure(each, unit);
    return Math.max(label, w + dx + Math.min(10, label / 3));
  });
  const sum = (list) => list.reduce((total, each) => total + each, 0);
  const tall = (unit) => Math.max(...net.volumes.map((each) => {
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
  return { measure: (each) => measure(each, unit), widths: widths.map((each) => Math.min(wide / widths.length * 3, each + spare)) };
}

function drawVolumes(view, net, box, { row, measure: part, root, choose }) {
  const { ctx } = view;
  const base = box.y + box.h;
  const [bars, labels] = [38, 36];
  const high = box.h - bars - labels;
  const { measure, widths } = fitVolumes(net, box.w, high, root);
  const chosen = net.rows[row]?.volume ?? -1;
  const most = Math.max(1e-9, ...net.volumes.map((each) => each.shares[part]));
  ctx.textAlign = "right";
  ctx.fillStyle = view.ink.text;
  view.font(13);
  if (high > 50) ctx.fillText(net.scales[Number(root)], box.x + box.w - 4, box.y + 6); // or it would lie on the volumes
  ctx.textAlign = "center";
  const zones = [];
  let left = box.x;
  let before = null;
  const drawn = net.volumes.map((each, i) => {
    const { w, h, dx, dy } = measure(each);
    const x = left + (widths[i] - w - dx) / 2;
    const gap = each.parts > 2 ? 2 : 6;
    const whole = each.parts * (h + dy) + (each.parts - 1) * gap;
    const parts = Array.from({ length: each.parts }, (_, part) =>
      ({ x, y: box.y + (high - whole) / 2 + part * (h + dy + gap) + dy, w, h, dx, dy }));
    zones.push({ x: left, y: box.y, w: widths[i], h: box.h, choose: choose(each.row) });
    const middle = left + widths[i] / 2;
    left += widths[i];
    return { each, i, parts, middle };
  });
  ctx.strokeStyle = view.ink.line;
  ctx.lineWidth = 1.5;
  for (const { each, parts } of drawn) { // who reads whom: towers read their own half, or everything
    if (each.joined && before) {
      before.parts.forEach((from, a) => parts.forEach((to, b) => {
        if (each.apart && a !== b) return;
        ctx.beginPath();
        ctx.moveTo(from.x + from.w + from.dx + 2, from.y - from.dy / 2 + from.h / 2);
        ctx.lineTo(to.x - 3, to.y + to.h / 2 - to.dy / 2);
        ctx.stroke();
      }));
    }
    before = { parts };
  }
  for (const { each, i, parts, middle } of drawn) {
    const lit = i === chosen;
    for (const part of parts) solid(view, part, lit ? "mark" : "map", lit ? 0.75 : 0.3);
    ctx.fillStyle = lit ? view.ink.mark : view.ink.text;
    view.font(14, lit);
    if (widths[i] >= 30 || lit) ctx.fillText(each.name, middle, base - bars - 25, Math.max(44, widths[i] - 3));
    view.font(13, lit);
    if (widths[i] >= 56 || lit) ctx.fillText(each.size, middle, base - bars - 9, Math.max(62, widths[i] - 3));
    const share = each.shares[part];
    const tall = share > 0 ? Math.max(1, (20 * share) / most) : 0;
    ctx.fillStyle = lit ? view.ink.mark : view.series[0];
    ctx.fillRect(middle - Math.min(20, widths[i] * 0.3), base - tall, 2 * Math.min(20, widths[i] * 0.3), tall);
    ctx.fillStyle = view.ink.text;
    view.font(12, lit);
    if (each.percents[part]) ctx.fillText(each.percents[part], middle, base - tall - 7);
  }
  ctx.fillStyle = view.ink.line;
  ctx.fillRect(box.x, base, box.w, 1);
  return zones;
}

// Where a column ends or begins, and how much room it has, as shares of the table.
const COLUMNS = [[0, "left", 0.08], [0.085, "left", 0.165], [0.345, "right", 0.09], [0.45, "right", 0.1], [0.575, "right", 0.12],
  [0.685, "right", 0.105], [0.755, "right", 0.065]];

function drawTable(view, net, box, { row: chosen, measure, against, choose }) {
  const { ctx } = view;
  const high = 19;
  const total = net.total.length > 0;
  const count = Math.max(1, Math.min(net.rows.length, Math.floor(box.h / high) - 1 - total));
  // The window on the rows moves only as far as the chosen row asks, with one more row in sight.
  let top = view.table?.of === net.name ? view.table.top : 0;
  top = Math.max(Math.min(top, chosen - 1), chosen + 2 - count, 0);
  top = Math.min(top, net.rows.length - count);
  view.table = { of: net.name, top };
  const right = box.x + box.w - 14;
  const bar = [box.x + 0.775 * box.w, (against ? 0.115 : 0.2) * box.w];
  const line = (cells, y, ink, bold) => {
    ctx.fillStyle = ink;
    view.font(box.w < 960 ? 13 : 14, bold);
    cells.forEach((cell, i) => {
      const [at, align, room] = COLUMNS[i];
      ctx.textAlign = align;
      ctx.fillText(cell, box.x + 6 + at * box.w, y + high / 2, room * box.w);
    });
  };
  line(net.heads, box.y, view.ink.text, true);
  ctx.textAlign = "left";
  ctx.fillText(against ? "share" : net.measures[measure], bar[0], box.y + high / 2, bar[1]);
  ctx.textAlign = "right";
  if (against) ctx.fillText("difference", right, box.y + high / 2);
  ctx.fillStyle = view.ink.line;
  ctx.fillRect(box.x, box.y + high - 1, box.w, 1);
  const most = Math.max(1e-9, ...net.rows.map((row) => row.shares[measure]));
  const zones = [];
  for (let at = top; at < top + count; at++) {
    const row = net.rows[at];
    const y = box.y + (at - top + 1) * high + 1;
    const lit = at === chosen;
    if (lit) {
      ctx.fillStyle = view.ink.bright + "44";
      ctx.fillRect(box.x, y + 1, box.w - 10, high - 1);
      ctx.fillStyle = view.ink.mark;
      ctx.fillRect(box.x, y + 1, 3, high - 1);
    }
    line(row.cells, y, row.state === "bad" ? view.ink.mark : row.state === "after" ? view.ink.line : view.ink.text, lit || row.state === "bad");
    ctx.fillStyle = lit ? view.ink.mark : view.series[0];
    const share = row.shares[measure];
    if (share > 0) ctx.fillRect(bar[0], y + 4, Math.max(1.5, ((bar[1] - 62) * share) / most), high - 8);
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "right";
    ctx.fillText(row.percents[measure], bar[0] + bar[1], y + high / 2);
    if (against) ctx.fillText(against.cells[at]?.[measure] ?? "", right, y + high / 2);
    zones.push({ x: box.x, y, w: box.w, h: high, choose: choose(at) });
  }
  const foot = box.y + (count + 1) * high + 2;
  ctx.fillStyle = view.ink.line;
  ctx.fillRect(box.x, foot, box.w, 1);
  if (total) line(net.total, foot, view.ink.text, true);
  ctx.textAlign = "right";
  if (against) ctx.fillText(against.total[measure], right, foot + high / 2);
  if (count < net.rows.length) { // where the window on the rows is
    const track = count * high;
    ctx.fillStyle = view.ink.faint;
    ctx.fillRect(box.x + box.w - 7, box.y + high + 1, 6, track);
    ctx.fillStyle = view.ink.line;
    ctx.fillRect(box.x + box.w - 7, box.y + high + 1 + (track * top) / net.rows.length, 6, (track * count) / net.rows.length);
  }
  ctx.textAlign = "center";
  return zones;
}

export function drawNetwork(view, panel, box, where) {
  const [network, other, measure, sides, row] = [panel.network, panel.other, panel.measure, panel.sides, panel.row].map((name) => where.place(name));
  const net = panel.networks[clamp(network, panel.networks.length)];
  const chosen = { row, measure, root: sides === 1, against: net.against[other - 1], choose: (at) => ({ [panel.row]: at }) };
  const upper = Math.round(box.h * panel.part);
  const zones = drawVolumes(view, net, { ...box, h: upper - 10 }, chosen);
  return { zones: [...zones, ...drawTable(view, net, { ...box, y: box.y + upper, h: box.h - upper }, chosen)] };
}
