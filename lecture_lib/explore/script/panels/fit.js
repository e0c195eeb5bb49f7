// "Does it fit?": the padded input, or the output, as empty cells of one size; and the windows of one row as bars.
import { row } from "../arrays.js";
import { hatch, lines, outline } from "../paint.js";

// The settings, Python's answers for them, and how large a cell may be drawn: alike in all three parts, which are equally wide.
function sizes(panel, where, { w, h }) {
  const [n, f, s, p] = ["n", "f", "stride", "padding"].map((name) => where.value(name));
  const [out, dropped] = row(where.arrays[panel.table], where.places(["n", "f", "stride", "padding"]));
  const padded = n + 2 * p;
  return { n, f, s, p, out, dropped, padded, cell: Math.min(49, h / padded, w / padded) };
}

export function drawFit(view, panel, box, where) {
  const { n, f, s, p, out, dropped, padded, cell } = sizes(panel, where, box);
  const [r, c] = view.names(panel).map((name) => where.place(name));
  const output = panel.part === "output";
  const rows = output ? out : padded;
  if (!rows) return "no output";
  const grid = { x: box.x + (box.w - rows * cell) / 2, y: box.y, cell, rows, cols: rows };
  const { ctx } = view;
  ctx.fillStyle = view.ink.faint;
  ctx.fillRect(grid.x, grid.y, rows * cell, rows * cell);
  if (output) {
    lines(view, grid);
    outline(view, grid, r, c, 1, 1);
    return { grid };
  }
  ctx.fillStyle = view.ink.paper;
  ctx.fillRect(grid.x + p * cell, grid.y + p * cell, n * cell, n * cell);
  lines(view, grid);
  ctx.fillStyle = view.ink.text;
  view.font(Math.min(16, cell * 0.6));
  const room = cell > 1.1 * view.least; // below, the colour has to do
  for (let i = 0; i < padded && room; i++) {
    for (let j = 0; j < padded; j++) {
      const inside = Math.min(i, j) >= p && Math.max(i, j) < p + n;
      if (!inside) ctx.fillText("0", grid.x + (j + 0.5) * cell, grid.y + (i + 0.5) * cell);
    }
  }
  if (!out) return { grid };
  const end = (padded - dropped) * cell;
  hatch(view, grid.x + end, grid.y, dropped * cell, padded * cell);
  hatch(view, grid.x, grid.y + end, end, dropped * cell);
  ctx.fillStyle = view.ink.bright + "66";
  ctx.fillRect(grid.x + c * s * cell, grid.y + r * s * cell, f * cell, f * cell);
  outline(view, grid, r * s, c * s, f, f);
  return { grid };
}

// Every window of one row as a bar under the columns it covers.
export function drawBrackets(view, panel, box, where) {
  const { n, f, s, p, out, dropped, padded, cell } = sizes(panel, where, box);
  const chosen = where.place(view.names(panel)[1]);
  const { ctx } = view;
  const left = box.x + (box.w - padded * cell) / 2;
  for (let at = 0; at < padded; at++) {
    const inside = at >= p && at < p + n;
    ctx.fillStyle = inside ? view.ink.paper : view.ink.faint;
    ctx.fillRect(left + at * cell, box.y, cell, cell);
    if (out && at >= padded - dropped) hatch(view, left + at * cell, box.y, cell, cell);
    ctx.fillStyle = view.ink.text;
    view.font(Math.min(16, cell * 0.6));
    if (!inside || cell < 1.1 * view.least) continue;
    Object.assign(ctx, { strokeStyle: view.ink.paper, lineWidth: 5 });
    ctx.strokeText(String(at - p), left + (at + 0.5) * cell, box.y + cell / 2); // readable on the hatching, too
    ctx.fillText(String(at - p), left + (at + 0.5) * cell, box.y + cell / 2);
  }
  lines(view, { x: left, y: box.y, cell, rows: 1, cols: padded });
  const drop = Math.min(22, (box.h - cell - 8) / Math.max(1, out));
  for (let i = 0; i < out; i++) {
    ctx.fillStyle = i === chosen ? view.ink.mark : view.ink.line;
    ctx.fillRect(left + i * s * cell + 2, box.y + cell + 8 + i * drop, f * cell - 4, Math.max(3, drop * 0.6));
  }
  return {};
}
