import { solid } from "../paint.js";

// Volumes as boxes seen from the front right, all to one scale.
export function drawBoxes(view, panel, box, where) {
  const { ctx } = view;
  const { boxes } = panel;
  const [down, across] = view.names(panel).map((name) => where.place(name));
  if (!boxes.length) return "no output";
  const slant = 0.5;
  const reach = ({ w, h, d }) => [w + d * slant * 0.8, h + d * slant * 0.6];
  const gap = Math.min(46, box.w * 0.06);
  const tall = Math.max(...boxes.map((each) => reach(each)[1]));
  const free = box.w - gap * (boxes.length - 1);
  const label = Math.min(104, free / boxes.length); // needs its room
  const slot = (each, unit) => Math.max(label, reach(each)[0] * unit);
  const taken = (unit) => boxes.reduce((sum, each) => sum + slot(each, unit), 0);
  let unit = (box.h - 50) / tall;
  while (taken(unit) > free + 0.5 && unit > 1e-3) unit *= 0.97;
  let left = box.x + (free - taken(unit)) / 2;
  let front = null;
  for (const each of boxes) {
    const [w, h] = [Math.max(3, each.w * unit), Math.max(3, each.h * unit)];
    const [dx, dy] = [Math.max(2, each.d * slant * 0.8 * unit), Math.max(2, each.d * slant * 0.6 * unit)];
    const x = left + (slot(each, unit) - w - dx) / 2;
    const y = box.y + (box.h - 50 + dy - h) / 2;
    solid(view, { x, y, w, h, dx, dy }, each.role, 0.28);
    const [hits, last] = [each.window, boxes.at(-1)];
    if (hits) { // the window that makes the chosen output value
      const at = (index, edge) => Math.min(edge, Math.max(0, index * hits.stride - hits.padding)) * unit;
      const span = (index, edge) => Math.min(edge, index * hits.stride - hits.padding + hits.size) * unit;
      const [from, top] = [at(across, each.w), at(down, each.h)];
      const [over, high] = [span(across, each.w) - from, span(down, each.h) - top];
      if (over > 0 && high > 0) { // not when the window lies in the padding alone
        solid(view, { x: x + from, y: y + top, w: Math.max(3, over), h: Math.max(3, high), dx, dy }, "mark", 0.55);
      }
    }
    if (each === last) {
      solid(view, { x: x + across * unit, y: y + down * unit, w: Math.max(3, unit), h: Math.max(3, unit), dx, dy }, "mark", 0.7);
      front = { x, y, cell: unit, rows: each.h, cols: each.w };
    }
    ctx.fillStyle = view.ink.text;
    view.font(15, true);
    const middle = left + slot(each, unit) / 2;
    ctx.fillText(each.label, middle, box.y + box.h - 34);
    view.font(14);
    ctx.fillText(each.size, middle, box.y + box.h - 14);
    left += slot(each, unit) + gap;
  }
  return { grid: front };
}
