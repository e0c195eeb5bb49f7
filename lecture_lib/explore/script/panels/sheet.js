import { item, offset } from "../arrays.js";
import { aboveScale, hasScale, outline, picture, scaleBar, scaled } from "../paint.js";

// Pictures in rows and columns, perhaps with a share below each; a click chooses row and column.
export function drawSheet(view, panel, box, where) {
  const { ctx } = view;
  const stack = where.array(panel.array, panel.among);
  const places = where.places(panel.at);
  const colour = stack.role === "rgb";
  const [most, high, wide] = colour ? stack.shape.slice(-4) : stack.shape.slice(-3);
  const place = offset(stack.shape, places);
  const count = panel.counts ? Math.min(most, item(where.arrays[panel.counts], places)) : most;
  const column = { ...stack, colour, cols: wide, offset: place * most * high * wide * (colour ? 3 : 1) }; // all of them below each other as one picture
  const part = { top: 0, left: 0, step: 1, rows: high * Math.max(1, count), cols: wide };
  const scale = hasScale(view, column, box);
  const { source, found } = scale ? scaled(view, panel.array, column, part) : { source: column };
  const press = scale ? scaleBar(view, panel.array, box, source, found) : undefined;
  if (scale) box = aboveScale(box);
  const [columns, rows, gap, foot] = [panel.columns, Math.ceil(most / panel.columns), 4, panel.captions ? 18 : 0];
  const cell = Math.min((box.w - gap * (columns - 1)) / (columns * wide), (box.h - (gap + foot) * rows + gap) / (rows * high));
  const [w, h] = [wide * cell, high * cell];
  const left = box.x + (box.w - columns * (w + gap) + gap) / 2;
  const top = box.y + Math.max(0, (box.h - rows * (h + gap + foot) + gap) / 2);
  const painted = picture(view, panel, source, part);
  ctx.imageSmoothingEnabled = false;
  for (let i = 0; i < count; i++) {
    const [x, y] = [left + (i % columns) * (w + gap), top + Math.floor(i / columns) * (h + gap + foot)];
    ctx.drawImage(painted, 0, i * high, wide, high, x, y, w, h);
    ctx.strokeStyle = view.ink.line;
    ctx.lineWidth = 1;
    ctx.strokeRect(x, y, w, h);
    if (!panel.captions) continue;
    ctx.fillStyle = view.ink.text;
    view.font(14);
    ctx.fillText(`${Math.round(100 * where.arrays[panel.captions].values[place * most + i])} %`, x + w / 2, y + h + 10);
  }
  if (!panel.pick) return { press };
  const [down, across] = view.names(panel).map((name) => where.place(name));
  outline(view, { x: 0, y: 0, cell: 1 }, top + down * (h + gap), left + across * (w + gap), h, w);
  return { press, grid: { x: left, y: top, cell: w + gap, rows, cols: columns } };
}
