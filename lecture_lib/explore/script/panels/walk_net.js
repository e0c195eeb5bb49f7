// The numbers of a network that is walked: what goes into a unit, its sum, its strongest input, where it leads.
// Level 0 is the input. A unit is a place in its level: map by map, row by row.

// Values of all levels before and after their activation, and what pixels gave to the last unit that was asked about; kept until Python sends others.
const kept = new WeakMap();
export function network(panel, where, stages = panel.stages, { values } = where.arrays[panel.values]) {
  const [weights, biases] = [where.arrays[panel.weights], where.arrays[panel.biases]];
  if (!kept.has(values)) {
    const after = stages.map(({ offset, shown, size, relu }) => {
      const own = values.subarray(shown ?? offset, (shown ?? offset) + size);
      return relu ? own.map((each) => Math.max(0, each)) : own;
    });
    kept.set(values, { after, pixels: {} });
  }
  const { after, pixels } = kept.get(values);
  const before = (level) => values.subarray(stages[level].offset, stages[level].offset + stages[level].size);
  return { stages, weights, biases, pixels, before, after: (level) => after[level] };
}

// Map, row and column of a unit.
export function placeOf({ rows, cols }, unit) {
  const k = Math.floor(unit / (rows * cols));
  return [k, Math.floor(unit / cols) % rows, unit % cols];
}
export const unitAt = ({ rows, cols }, k, r, c) => (k * rows + r) * cols + c;

// First row, first column, rows and columns of the window below a unit; it may reach into the padding.
export function windowOf(stage, unit) {
  const [, r, c] = placeOf(stage, unit);
  const { stride, padding, kernel, dilation } = stage;
  const span = (axis) => dilation[axis] * (kernel[axis] - 1) + 1;
  return [r * stride[0] - padding[0], c * stride[1] - padding[1], span(0), span(1)];
}

// Calls add(from, map, weight) for each input of a unit, `from` is the unit of the level below, or -1 in the padding. A pooled unit has
// weights as well: 1/n for the mean, 1 for each of which the largest is taken.
function visit(net, level, unit, add) {
  const stage = net.stages[level];
  const below = net.stages[level - 1];
  const weights = net.weights[stage.weight]?.values;
  if (stage.kind === "linear") {
    const plane = below.rows * below.cols;
    for (let i = 0; i < below.size; i++) add(i, Math.floor(i / plane), weights[unit * below.size + i]);
    return;
  }
  const [k] = placeOf(stage, unit);
  const [top, left] = windowOf(stage, unit);
  const { kernel: [high, wide], dilation } = stage;
  const each = stage.kind === "conv" ? stage.depth : 1;
  const first = stage.kind === "conv" ? Math.floor(k / (stage.count / stage.groups)) * each : k;
  const there = (start, axis, length) => Array.from({ length: stage.kernel[axis] }, (_, a) => start + a * dilation[axis]).filter((at) => at >= 0 && at < length).length;
  const share = stage.kind === "mean" ? 1 / (there(top, 0, below.rows) * there(left, 1, below.cols)) : 1; // padding is not counted
  for (let at = 0; at < each; at++) {
    for (let a = 0; a < high; a++) {
      for (let b = 0; b < wide; b++) {
        const [r, c] = [top + a * dilation[0], left + b * dilation[1]];
        const inside = r >= 0 && c >= 0 && r < below.rows && c < below.cols;
        add(inside ? unitAt(below, first + at, r, c) : -1, first + at, weights ? weights[((k * each + at) * high + a) * wide + b] : share);
      }
    }
  }
}

// What goes into a unit: [{ from, map, value, weight, product }]. Sums are made in float64; `sum` is what stands before the activation. Of
// pooling the winner alone has a weight, 1.
export function inputs(net, level, unit) {
  const stage = net.stages[level];
  const terms = [];
  if (level === 0 || stage.kind === "other") return { stage, terms, bias: 0, sum: net.before(level)[unit] };
  const values = net.after(level - 1);
  visit(net, level, unit, (from, map, weight) => {
    const value = from < 0 ? 0 : values[from];
    terms.push({ from, map, value, weight, product: value * weight });
  });
  if (stage.kind === "max") {
    const winner = terms.filter(({ from }) => from >= 0).reduce((one, other) => (other.value > one.value ? other : one)); // padding is not compared
    for (const term of terms) if (term !== winner) Object.assign(term, { weight: 0, product: 0 });
    return { stage, terms, winner, bias: 0, sum: winner.value };
  }
  const bias = stage.weight === undefined ? 0 : net.biases[stage.weight].values[placeOf(stage, unit)[0]];
  return { stage, terms, bias, sum: terms.reduce((sum, { product }) => sum + product, bias) };
}

// What each pixel gives to a unit's sum: its value times how the sum follows it, all else as it is. With ReLU and pooling the sum is exactly these and
// what the biases give. Nothing where a layer on the way is none of those that open, or has another activation.
export function pixelsOf(net, level, unit) {
  if (net.pixels.of === `${level} ${unit}`) return net.pixels.found;
  const open = net.stages.slice(1, level + 1).every(({ kind, act, relu }, at) => kind !== "other" && (!act || relu || at === level - 1));
  let follows = new Float64Array(net.stages[level].size);
  follows[unit] = 1;
  for (let at = level; at > 0 && open; at--) {
    const [values, sums, { relu, kind, size }] = [net.after(at - 1), net.before(at), net.stages[at]];
    const below = new Float64Array(values.length);
    for (let to = 0; to < size; to++) {
      const slope = follows[to];
      if (!slope || (at < level && relu && sums[to] <= 0)) continue;
      let winner = -1;
      visit(net, at, to, (from, _, weight) => {
        if (from < 0) return;
        if (kind !== "max") below[from] += slope * weight;
        else if (winner < 0 || values[from] > values[winner]) winner = from;
      });
      if (winner >= 0) below[winner] += slope;
    }
    follows = below;
  }
  const pixels = net.after(0);
  Object.assign(net.pixels, { of: `${level} ${unit}`, found: open ? follows.map((slope, i) => slope * pixels[i]) : undefined });
  return net.pixels.found;
}

// How many of the inputs are none of the padding.
export const pooledFrom = (terms) => terms.filter(({ from }) => from >= 0).length;

// The input with the largest product; of pooling its winner. Nothing where every input is 0.
export function strongest({ terms, winner }) {
  if (winner) return winner;
  const there = terms.filter(({ from, product }) => from >= 0 && product !== 0);
  return there.length ? there.reduce((one, other) => (other.product > one.product ? other : one)) : undefined;
}

// From a unit down to a pixel, at each layer the input with the largest product: [[level, unit, product], …].
export function wayDown(net, level, unit) {
  const way = [[level, unit, 0]];
  while (level > 0) {
    const next = strongest(inputs(net, level, unit));
    if (!next) break;
    way.push([(level -= 1), (unit = next.from), next.product]);
  }
  return way;
}

// The units of the level above that a unit goes into, with what it gives to each, largest first.
export function outputs(net, level, unit) {
  const stage = net.stages[level + 1];
  if (!stage || stage.kind === "other") return [];
  const reached = [];
  const value = net.after(level)[unit];
  if (stage.kind === "linear") {
    const { values } = net.weights[stage.weight];
    for (let to = 0; to < stage.size; to++) reached.push({ to, product: value * values[to * net.stages[level].size + unit] });
  } else {
    const [k, r, c] = placeOf(net.stages[level], unit);
    const { kernel, stride, padding, dilation, count, rows, cols } = stage;
    const among = (at, axis, length) => Array.from({ length: kernel[axis] }, (_, a) => (at + padding[axis] - a * dilation[axis]) / stride[axis])
      .filter((to) => Number.isInteger(to) && to >= 0 && to < length);
    const maps = stage.kind === "conv" ? [...Array(count).keys()].filter((m) => Math.floor(m / (count / stage.groups)) === Math.floor(k / stage.depth)) : [k];
    for (const m of maps) {
      for (const row of among(r, 0, rows)) {
        for (const col of among(c, 1, cols)) {
          const to = unitAt(stage, m, row, col);
          const [a, b] = [(r + padding[0] - row * stride[0]) / dilation[0], (c + padding[1] - col * stride[1]) / dilation[1]];
          const product = stage.kind === "conv" ? value * net.weights[stage.weight].values[((m * stage.depth + (k % stage.depth)) * kernel[0] + a) * kernel[1] + b]
            : inputs(net, level + 1, to).terms.find(({ from }) => from === unit)?.product ?? 0;
          reached.push({ to, product });
        }
      }
    }
  }
  return reached.sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
}
