import { clamp } from "../numbers.js";

// First and last place that one unit sees in every layer below it.
export function seen(table, unit) {
  const depth = table.shape[1];
  const at = clamp(unit, table.shape[0]) * depth * 2;
  return Array.from({ length: depth }, (_, level) => [table.values[at + 2 * level], table.values[at + 2 * level + 1]]);
}

// A stack of layers from the side. Every unit stands above the middle of what it sees of the
// input, as wide as the step to its neighbour; the chosen unit's field is lit all the way down.
export function drawPyramid(view, panel, box, where) {
  const { ctx } = view;
  const { layers } = panel;
  const layer = where.place(panel.layer) + 1; // below all layers lies the input
  const spans = seen(where.arrays[panel.spans][layer - 1], where.place(view.names(panel)[1]));
  const labels = view.narrow ? 0 : box.w > 500 ? 204 : 178; // on a phone they stand above
  const edge = layers[0].margin;
  const cell = (box.w - labels) / (layers[0].size + 2 * edge);
  const gap = box.h / layers.length;
  const high = Math.min(30, gap * (view.narrow ? 0.45 : 0.6));
  const place = ({ start, jump, seen }, unit) => box.x + labels + (edge + start + unit * jump + (seen - jump) / 2) * cell;
  const hits = [];
  let above = null;
  for (let level = layers.length - 1; level >= 0; level--) {
    const each = layers[level];
    const y = box.y + (layers.length - 1 - level) * gap + (view.narrow ? 20 : 0);
    const [first, last] = level <= layer ? spans[level] : [0, -1];
    const ends = [place(each, first), place(each, last + 1)];
    if (above && level < layer) {
      ctx.fillStyle = view.ink.bright + "55";
      ctx.beginPath();
      ctx.moveTo(above.ends[0], above.y + high);
      ctx.lineTo(above.ends[1], above.y + high);
      ctx.lineTo(ends[1], y);
      ctx.lineTo(ends[0], y);
      ctx.fill();
    }
    for (let at = Math.min(0, first); at < Math.max(each.size, last + 1); at++) {
      const lit = at >= first && at <= last;
      const padding = at < 0 || at >= each.size;
      ctx.fillStyle = lit ? (padding ? view.ink.bright : view.ink.mark) : view.ink.faint;
      ctx.fillRect(place(each, at) + 0.5, y, Math.max(1, each.jump * cell - 1), high);
    }
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "left";
    view.font(15, level === layer);
    ctx.fillText(each.label, box.x, view.narrow ? y - 10 : y + high / 2, labels ? labels - 8 : box.w);
    ctx.textAlign = "center";
    hits.push({ level, x: place(each, 0), y, cell: each.jump * cell, cols: each.size, high });
    above = { y, ends };
  }
  return { hits };
}
