// Quantities as bars: lying, each with its words, or upright, one for each class.
import { row } from "../arrays.js";
import { brief } from "../numbers.js";

// Quantities as bars to one scale.
export function drawBars(view, panel, box) {
  const { ctx } = view;
  const bars = panel.bars;
  const most = Math.max(...bars.map((bar) => bar.value), 1);
  const high = Math.min(62, box.h / bars.length);
  ctx.textAlign = "left";
  bars.forEach((bar, i) => {
    const y = box.y + i * high;
    ctx.fillStyle = view.ink.text;
    view.font(15);
    ctx.fillText(`${bar.label}: ${bar.text}`, box.x, y + 12);
    ctx.fillStyle = bar.role === "total" ? view.ink.mark : view.series[0];
    ctx.fillRect(box.x, y + 24, Math.max(2, (box.w * bar.value) / most), Math.max(8, high - 34));
  });
  ctx.textAlign = "center";
  return {};
}

// One number for each class as upright bars from a line at 0; the class that `marked` names is the right one. The largest has its
// number above it, as a percentage or `plain`; with `brief` every bar has, in so many digits. `most` is the top of the scale.
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
  values.forEach((value, i) => {
    const x = box.x + i * wide;
    const tall = Math.max(1, Math.abs(value) * unit);
    ctx.fillStyle = i === right ? view.series[2] : view.series[1];
    ctx.fillRect(x + wide * 0.12, value < 0 ? zero : zero - tall, wide * 0.76, tall);
    ctx.fillStyle = view.ink.text;
    view.font(Math.min(16, wide * 0.7), i === right);
    ctx.fillText((panel.labels?.[i] ?? i) + (i === right ? "✓" : ""), x + wide / 2, box.y + box.h - 12);
    if (!each && i !== top) return;
    const text = each ? brief(value, panel.brief) : panel.plain ? value.toFixed(2) : `${(100 * value).toFixed(0)} %`;
    if (each) view.font(Math.min(15, wide * 0.43), i === right);
    const middle = each ? x + wide / 2 : Math.min(x + wide / 2, box.x + box.w - 22);
    ctx.fillText(text, middle, zero - value * unit + (value < 0 ? 10 : -11), each ? wide - 4 : undefined);
  });
  ctx.fillStyle = view.ink.line;
  ctx.fillRect(box.x, zero, box.w, 1);
  return { values, top };
}
