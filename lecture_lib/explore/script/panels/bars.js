// Quantities as bars: lying, each with its words, or upright, one for each class.
import { row } from "../arrays.js";
import { brief, percent } from "../numbers.js";

const BAR_ROLES = { total: "mark", rest: "muted" };

// Quantities as bars to one scale, which goes to `most` at least; of several lists the one that `at` chooses.
export function drawBars(view, panel, box, where) {
  const { ctx } = view;
  const bars = panel.at ? panel.bars[where.place(panel.at[0])] : panel.bars;
  const most = Math.max(...bars.map((bar) => bar.value), panel.most ?? 1);
  const high = Math.min(62, box.h / bars.length);
  ctx.textAlign = "left";
  bars.forEach((bar, i) => {
    const y = box.y + i * high;
    ctx.fillStyle = view.ink.text;
    view.font(15);
    const colour = bar.role ? view.ink[BAR_ROLES[bar.role]] : view.series[0];
    const wide = Math.max(2, (box.w * bar.value) / most);
    if (high < 42) { // no room for both: the words stand on the bar
      Object.assign(ctx, { fillStyle: colour, globalAlpha: 0.3 });
      ctx.fillRect(box.x, y, wide, high - 3);
      Object.assign(ctx, { globalAlpha: 1, fillStyle: view.ink.text });
      return ctx.fillText(`${bar.label}: ${bar.text}`, box.x + 4, y + high / 2 - 1, box.w - 4);
    }
    ctx.fillText(`${bar.label}: ${bar.text}`, box.x, y + 12, box.w);
    ctx.fillStyle = colour;
    ctx.fillRect(box.x, y + 24, wide, Math.max(8, high - 34));
  });
  ctx.textAlign = "center";
  return {};
}

// The colour of a class's bar: right, problem where another class wins, and one that judges nothing.
export const judged = (view, at, top, right) => (at === right ? view.ink.right : at === top && right >= 0 ? view.ink.mark : view.series[0]);

// One number for each class as upright bars from a line at 0; the class that `marked` names is the right one. The largest has its
// number above it, as a percentage or `plain`; with `brief` every bar has that is not 0 in so many digits. `most` is the top of the scale.
export function drawColumns(view, panel, box, where) {
  const { ctx } = view;
  const places = where.places(panel.at);
  const values = row(where.arrays[panel.array], places);
  const right = panel.marked ? row(where.arrays[panel.marked], places.slice(0, 1))[0] : -1;
  const top = values.indexOf(Math.max(...values));
  const most = panel.most ?? Math.max(...values, 0);
  const least = panel.most ? 0 : Math.min(...values, 0);
  const [wide, above, below] = [box.w / values.length, box.y + 22, box.y + box.h - 26 - (least < 0 ? 20 : 0)];
  const unit = (below - above) / (most - least || 1);
  const zero = above + most * unit;
  const each = panel.brief !== undefined;
  const written = []; // of short numbers those that are largest and do not lie on another, nor on a bar
  if (each) view.font(14, true);
  const order = each ? [...values.keys()].sort((a, b) => values[b] - values[a]) : [];
  for (const i of order) {
    const one = { i, x: (i + 0.5) * wide, y: values[i] * unit, w: ctx.measureText(brief(values[i], panel.brief)).width };
    const onBar = values.some((value, k) => k !== i && value * values[i] > 0 && Math.abs(value) * unit > Math.abs(one.y) + 4
      && Math.abs(one.x - (k + 0.5) * wide) < (one.w + 0.76 * wide) / 2);
    if (!onBar && written.every((other) => Math.abs(one.x - other.x) > (one.w + other.w) / 2 || Math.abs(one.y - other.y) > 18)) written.push(one);
  }
  values.forEach((value, i) => {
    const x = box.x + i * wide;
    const tall = Math.max(1, Math.abs(value) * unit);
    ctx.fillStyle = judged(view, i, top, right);
    ctx.fillRect(x + wide * 0.12, value < 0 ? zero : zero - tall, wide * 0.76, tall);
    ctx.fillStyle = view.ink.text;
    view.font(Math.min(16, wide * 0.7), i === right);
    const ticked = `${panel.labels?.[i] ?? i}✓`;
    const crowded = ctx.measureText(ticked).width > 1.15 * wide; // then the right class is underlined
    ctx.fillText(i === right && !crowded ? ticked : panel.labels?.[i] ?? i, x + wide / 2, box.y + box.h - 12);
    if (i === right && crowded) ctx.fillRect(x + 0.12 * wide, box.y + box.h - 3, 0.76 * wide, 3);
    if (each ? !Number(value.toFixed(panel.brief)) || !written.some((one) => one.i === i) : i !== top) return;
    const text = each ? brief(value, panel.brief) : panel.plain ? value.toFixed(2) : percent(value);
    if (each) view.font(14, i === right);
    const middle = Math.min(x + wide / 2, box.x + box.w - (each ? ctx.measureText(text).width / 2 : 22));
    ctx.fillText(text, middle, zero - value * unit + (value < 0 ? 10 : -11));
  });
  ctx.fillStyle = view.ink.line;
  ctx.fillRect(box.x, zero, box.w, 1);
  return { values, top };
}
