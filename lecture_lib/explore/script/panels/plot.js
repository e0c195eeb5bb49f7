// Curves on one pair of axes, read with a cursor.
import { row } from "../arrays.js";
import { number } from "../numbers.js";
import { dot } from "../paint.js";

const DASHES = [[], [9, 4], [2, 4], [9, 4, 2, 4]]; // a second cue beside colour

const dashes = (trace) => DASHES[trace.dash ?? 0];
const paint = (view, trace) => (typeof trace.colour === "number" ? view.series[trace.colour % view.series.length] : view.ink[trace.colour]);

// From values to pixels, with round numbers for the ticks.
export function axis([low, high], log, from, to, apart) {
  const scale = log ? Math.log10 : (v) => v;
  const [a, b] = [scale(low), scale(high)];
  const place = (v) => from + ((scale(v) - a) / (b - a)) * (to - from);
  const most = Math.max(2, Math.floor(Math.abs(to - from) / apart));
  const ticks = [];
  if (log) {
    const every = Math.max(1, Math.ceil((b - a) / most));
    const steps = b - a <= 2 ? [1, 2, 5] : [1];
    for (let power = Math.floor(a); power <= b; power += every) {
      for (const digit of steps) ticks.push(Number(`${digit}e${power}`));
    }
  } else {
    const rough = (b - a) / most;
    const power = 10 ** Math.floor(Math.log10(rough));
    const steps = [1, 2, 5, 10].map((each) => each * power);
    const within = (step) => Math.floor(b / step + 1e-6) - Math.ceil(a / step - 1e-6);
    const step = steps.filter((each) => within(each) > 0).findLast((each) => each <= steps.find((wide) => wide >= rough * 0.999)) ?? power; // two numbers at least
    const first = Math.ceil(a / step - 1e-6);
    for (let i = 0; i <= most + 1 && (first + i) * step <= b + 1e-6 * step; i++) ticks.push(Number(((first + i) * step).toPrecision(12)));
  }
  return { place, ticks: ticks.filter((tick) => tick >= low - 1e-9 * Math.abs(low) - 1e-12 && tick <= high + 1e-9 * Math.abs(high)) };
}

// Powers of ten as such, other numbers as the readout writes them.
export function tickText(value, log) {
  const power = Math.log10(value);
  if (!log || power !== Math.round(power) || Math.abs(power) < 3) return number(value);
  return "10" + [...String(power)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");
}

// Names of the traces in rows above the plot; returns where the plot may begin. A "shared" legend is that of
// the first panel, above all of them: the others leave the same room.
function legend(view, panel, box) {
  const { ctx } = view;
  const shared = panel.legend === "shared";
  const owner = shared ? view.get("panels")[0] : panel;
  const named = owner.traces.filter((trace) => trace.label);
  if (!named.length || panel.legend === false || (shared && box.row)) return box.y + 6;
  view.font(14);
  const [left, right] = shared ? [56, view.width - 4] : [box.x + 52, box.x + box.w];
  let [x, y] = [left, box.y + 8];
  ctx.textAlign = "left";
  for (const trace of named) {
    const wide = 34 + ctx.measureText(trace.label).width + 14;
    if (x + wide > right && x > left) [x, y] = [left, y + 20];
    const at = x;
    x += wide;
    if (owner !== panel) continue;
    stroke(view, trace, [[at, y], [at + 26, y]], 3);
    if (trace.kind === "points") dot(view, at + 13, y, 5, paint(view, trace));
    ctx.fillStyle = view.ink.text;
    ctx.fillText(trace.label, at + 32, y);
  }
  ctx.textAlign = "center";
  return y + 18;
}

// From where to where lists of points have places on the canvas: NaN and infinity are gaps.
export function stretches(...lists) {
  const found = [];
  let from = 0;
  for (let at = 0; at <= lists[0].length; at++) {
    if (lists.every((list) => list[at]?.every(Number.isFinite))) continue;
    if (at > from) found.push([from, at]);
    from = at + 1;
  }
  return found;
}

function stroke(view, trace, points, width) {
  const { ctx } = view;
  ctx.strokeStyle = paint(view, trace);
  ctx.lineWidth = trace.kind === "points" ? 0.01 : width;
  ctx.setLineDash(dashes(trace));
  ctx.beginPath();
  for (const [from, to] of stretches(points)) {
    ctx.moveTo(...points[from]);
    for (let i = from + 1; i < to; i++) ctx.lineTo(...points[i]);
  }
  ctx.stroke();
  ctx.setLineDash([]);
}

// A trace's points, in values.
export function points(view, trace, where, name = "y") {
  const [xs, ys] = [where.arrays[trace.x], where.arrays[trace[name]]];
  const places = where.places(trace.at);
  const y = row(ys, places);
  const x = xs.shape.length > 1 ? row(xs, places) : xs.values;
  const count = trace.upto ? Math.min(y.length, where.place(trace.upto) + 1) : y.length;
  return Array.from({ length: count }, (_, i) => [x[i], y[i]]);
}

function drawTrace(view, trace, where, { x, y, area }) {
  const { ctx } = view;
  const place = (list) => list.map(([u, v]) => [x.place(u), y.place(v)]);
  const at = place(points(view, trace, where));
  if (trace.low) { // the spread around a mean
    const [high, low] = ["high", "low"].map((name) => place(points(view, trace, where, name)));
    for (const [from, to] of stretches(high, low)) fill(view, [...high.slice(from, to), ...low.slice(from, to).reverse()], trace, 0.22);
  }
  if (trace.kind === "area") {
    const foot = area.y + area.h;
    for (const [from, to] of stretches(at)) fill(view, [[at[from][0], foot], ...at.slice(from, to), [at[to - 1][0], foot]], trace, 0.2);
  }
  stroke(view, trace, at, trace.width ?? 2.5);
  if (trace.kind === "points") for (const [px, py] of at) dot(view, px, py, trace.size ?? 5, paint(view, trace));
  if (trace.head && at.length) dot(view, ...at.at(-1), 7, paint(view, trace));
  ctx.globalAlpha = 1;
}

function fill(view, rim, trace, alpha) {
  const { ctx } = view;
  ctx.globalAlpha = alpha;
  ctx.fillStyle = paint(view, trace);
  ctx.beginPath();
  rim.forEach(([px, py], i) => (i ? ctx.lineTo(px, py) : ctx.moveTo(px, py)));
  ctx.fill();
  ctx.globalAlpha = 1;
}

function axes(view, panel, { x, y, area }) {
  const { ctx } = view;
  ctx.strokeStyle = view.ink.faint;
  ctx.fillStyle = view.ink.text;
  ctx.lineWidth = 1;
  view.font(14);
  const logs = panel.log ?? "";
  for (const tick of x.ticks) {
    ctx.strokeRect(x.place(tick), area.y, 0, area.h);
    ctx.fillText(tickText(tick, logs.includes("x")), x.place(tick), area.y + area.h + 12);
  }
  ctx.textAlign = "right";
  for (const tick of y.ticks) {
    ctx.strokeRect(area.x, y.place(tick), area.w, 0);
    ctx.fillText(tickText(tick, logs.includes("y")), area.x - 6, y.place(tick));
  }
  ctx.textAlign = "center";
  ctx.strokeStyle = view.ink.line;
  if (panel.x[0] < 0 && panel.x[1] > 0) ctx.strokeRect(x.place(0), area.y, 0, area.h);
  if (panel.y[0] < 0 && panel.y[1] > 0) ctx.strokeRect(area.x, y.place(0), area.w, 0);
  ctx.strokeRect(area.x, area.y, area.w, area.h);
  const said = (axis, label) => (label && panel.log?.includes(axis) && !label.includes("log scale") ? `${label} (log scale)` : label);
  if (panel.xlabel) ctx.fillText(said("x", panel.xlabel), area.x + area.w / 2, area.y + area.h + 31);
  if (!panel.ylabel) return;
  ctx.save();
  ctx.translate(area.x - 52, area.y + area.h / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(said("y", panel.ylabel), 0, 0);
  ctx.restore();
}

// Where the panel has a cursor, that place of every curve is marked.
export function drawPlot(view, panel, box, where) {
  const { ctx } = view;
  if (panel.equal) box = equalBox(panel, box);
  const logs = panel.log ?? "";
  const top = legend(view, panel, box);
  const area = { x: box.x + 60, y: top, w: box.w - 68, h: box.y + box.h - top - (panel.xlabel ? 40 : 22) };
  const x = axis(panel.x, logs.includes("x"), area.x, area.x + area.w, 70);
  const y = axis(panel.y, logs.includes("y"), area.y + area.h, area.y, 44);
  const plot = { area, x, y };
  axes(view, panel, plot);
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.x, area.y, area.w, area.h);
  ctx.clip();
  for (const trace of panel.traces) drawTrace(view, trace, where, plot);
  if (panel.cursor) {
    ctx.strokeStyle = view.ink.text;
    ctx.lineWidth = 1;
    for (const trace of panel.traces.filter((each) => each.read !== false)) {
      const [u, v] = points(view, trace, where)[where.place(panel.cursor)] ?? [NaN, NaN];
      if (trace === panel.traces[0]) ctx.strokeRect(x.place(u), area.y, 0, area.h);
      if (!Number.isNaN(v)) dot(view, x.place(u), y.place(v), 6, paint(view, trace));
    }
  }
  ctx.restore();
  if (panel.equal) return { plot: { area } }; // a path crosses itself: a place says nothing about the step
  plot.nearest = (px) => {
    const apart = points(view, panel.traces[0], where).map(([u]) => Math.abs(x.place(u) - px));
    return apart.reduce((best, each, at) => (each < apart[best] ? at : best), 0);
  };
  return { plot, press: panel.line && ((px, py, first) => drag(view, panel, where, plot, [px, py], first)) };
}

const REACH = 24; // pixels from a line within which a hand takes hold of it

// A straight line is dragged: its middle moves it up and down, its ends turn it about the other end. True while one is held.
function drag(view, panel, where, { area, x, y }, [px, py], first) {
  const names = [panel.line, panel.slope, panel.offset];
  if (view.alone && names.some((name) => view.spec.indices[name].python === true)) return false;
  const value = (at, from, to, [low, high]) => low + ((at - from) / (to - from)) * (high - low);
  const u = value(Math.min(Math.max(px, area.x), area.x + area.w), area.x, area.x + area.w, panel.x);
  const v = value(Math.min(Math.max(py, area.y), area.y + area.h), area.y + area.h, area.y, panel.y);
  if (first) view.held = hold(view, panel, where, { area, x, y }, [px, py], u);
  if (!view.held) return false;
  const { line, pivot, slope } = view.held;
  const turned = pivot && (v - pivot[1]) / (u - pivot[0]);
  const [steep, high] = pivot ? [turned, pivot[1] - turned * pivot[0]] : [slope, v - slope * u];
  const within = (name, number) => {
    const { low, high: top, step } = view.spec.indices[name];
    return Number((low + Math.round((Math.min(Math.max(number, low), top) - low) / step) * step).toFixed(6));
  };
  view.choose({ [names[0]]: where.valueAt(names[0], line), [names[1]]: within(names[1], steep), [names[2]]: within(names[2], high) });
  return true;
}

// Which line a hand takes hold of, and about which point it turns; undefined where there is none.
function hold(view, panel, where, { area, x, y }, [px, py], u) {
  if (px < area.x || px > area.x + area.w || py < area.y || py > area.y + area.h) return undefined;
  const found = panel.traces.filter((trace) => trace.grab !== undefined).map((trace) => {
    const list = points(view, trace, where);
    const [[x0, y0], [x1, y1]] = [list[0], list.at(-1)];
    const slope = (y1 - y0) / (x1 - x0);
    const there = [x.place(x1) - x.place(x0), y.place(y1) - y.place(y0)];
    const apart = Math.abs(py - y.place(y0 + slope * (u - x0))) * (there[0] / Math.hypot(...there)); // straight across the line
    return { line: trace.grab, apart, slope, ends: [[x0, y0], [x1, y1]] };
  });
  const nearest = found.sort((a, b) => a.apart - b.apart)[0];
  if (!nearest || nearest.apart > REACH) return undefined;
  const share = (px - area.x) / area.w;
  return { ...nearest, pivot: share < 1 / 3 ? nearest.ends[1] : share > 2 / 3 ? nearest.ends[0] : undefined };
}

// Both axes with one unit, so that right angles stay right.
function equalBox(panel, box) {
  const [across, up] = [panel.x[1] - panel.x[0], panel.y[1] - panel.y[0]];
  const [wide, high] = [68, 46]; // what the ticks and labels of a plot without a legend take
  const unit = Math.min((box.w - wide) / across, (box.h - high) / up);
  const [w, h] = [across * unit + wide, up * unit + high];
  return { x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w, h };
}
