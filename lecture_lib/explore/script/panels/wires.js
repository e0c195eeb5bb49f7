import { clamp } from "../numbers.js";

// Input pixels below, hidden units above, and a line for each weight between them. Lines of one
// colour are one and the same weight; those of the chosen unit are drawn strong.
export function drawWires(view, panel, box, where) {
  const { ctx } = view;
  const { inputs, units, lines: wires } = panel.wires;
  const cell = Math.min(46, box.w / Math.max(inputs, units));
  const size = Math.min(30, cell * 0.8);
  const left = (count) => box.x + (box.w - count * cell) / 2;
  const middle = (count, i) => left(count) + (i + 0.5) * cell;
  const [above, below] = [box.y + size / 2 + 4, box.y + box.h - size / 2 - 4];
  const chosen = clamp(where.place(panel.unit), units);
  for (const strong of [false, true]) {
    for (const [from, to, weight] of wires) {
      if (strong !== (to === chosen)) continue;
      ctx.strokeStyle = weight === null ? view.ink.line : view.series[weight % view.series.length];
      ctx.globalAlpha = strong ? 1 : 0.35;
      ctx.lineWidth = strong ? 3.5 : 1.2;
      ctx.beginPath();
      ctx.moveTo(middle(inputs, from), below - size / 2);
      ctx.lineTo(middle(units, to), above + size / 2);
      ctx.stroke();
    }
  }
  ctx.globalAlpha = 1;
  const seen = new Set(wires.filter(([, to]) => to === chosen).map(([from]) => from));
  const node = (x, y, lit) => {
    ctx.fillStyle = lit ? view.ink.mark : view.ink.faint;
    ctx.strokeStyle = view.ink.text;
    ctx.lineWidth = 1;
    ctx.fillRect(x - size / 2, y - size / 2, size, size);
    ctx.strokeRect(x - size / 2, y - size / 2, size, size);
  };
  for (let i = 0; i < inputs; i++) node(middle(inputs, i), below, seen.has(i));
  for (let i = 0; i < units; i++) node(middle(units, i), above, i === chosen);
  return { grid: { x: left(units), y: above - cell / 2, cell, rows: 1, cols: units } };
}
