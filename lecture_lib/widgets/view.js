// Draws linked grids from arrays that Python computed, and follows sliders without asking Python.
// All it knows of convolution is where windows lie: output i starts at input i*stride - padding.

// ---------------------------------------------------------------- numbers and arrays

// Writes a number as lecture_lib.style.number does; a test compares the two.
export function number(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = Number.isInteger(size) ? String(size)
    : String(Number(size >= 0.1 ? size.toFixed(size >= 100 ? 1 : 2) : size.toPrecision(3)));
  return (value < 0 && text !== "0" ? "−" : "") + text;
}

const TYPES = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array, float64: Float64Array };

function unpack({ shape, dtype, data, role, limit }) {
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  return { shape, role, limit, values: new TYPES[dtype](bytes) };
}

// One plane of an array, [rows, cols] or [rows, cols, rgb], by leading index.
function plane(array, index = 0) {
  const colour = array.role === "rgb";
  const [rows, cols] = array.shape.slice(colour ? -3 : -2);
  const size = rows * cols * (colour ? 3 : 1);
  return { ...array, rows, cols, colour, offset: index * size };
}

function colourIndex(value, [lowest, highest]) {
  if (Number.isNaN(value)) return lowest < 0 ? 128 : 0;
  const at = lowest < 0 ? 128 + Math.floor((value / highest) * 127 + 0.5)
    : Math.floor(((value - lowest) / (highest - lowest)) * 255 + 0.5);
  return Math.min(255, Math.max(lowest < 0 ? 1 : 0, at));
}

function textColour([r, g, b]) {
  const linear = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 ? "#000" : "#fff";
}

// ---------------------------------------------------------------- where windows lie

// What the sliders say now, and where that puts the windows.
function geometry(view) {
  const at = (name) => view.model.get(name) ?? 0;
  const state = { kernel: at("kernel"), stride: at("stride"), padding: at("padding"), dilation: at("dilation"),
    margin: at("margin"), row: at("row"), col: at("col"), step: at("step"), layer: at("layer") };
  const { maps, spans } = view.arrays;
  if (spans) state.layer = Math.min(state.layer, spans.length - 1); // layers may go before their slider hears of it
  if (!maps) return state;
  const map = plane(maps[Math.min(state.kernel, maps.length - 1)]);
  const skip = state.margin - state.padding; // the map was computed with the widest padding
  const fits = (length) => Math.max(0, Math.floor((length - 1 - 2 * skip) / state.stride) + 1);
  const weights = view.arrays.weights ? plane(view.arrays.weights[state.kernel]) : null;
  const window = weights ?? { rows: view.model.get("f"), cols: view.model.get("f") };
  return { ...state, map, weights, window, skip, rows: fits(map.rows), cols: fits(map.cols) };
}

// The part of a plane that a panel shows: first row and column, step, and how many.
function slice(panel, source, geo) {
  const whole = { top: 0, left: 0, step: 1, rows: source.rows, cols: source.cols };
  if (panel.slice === "map") return { top: geo.skip, left: geo.skip, step: geo.stride, rows: geo.rows, cols: geo.cols };
  if (panel.slice === "window") {
    return { top: geo.row * geo.stride + geo.skip, left: geo.col * geo.stride + geo.skip, step: geo.dilation,
      rows: geo.window.rows, cols: geo.window.cols };
  }
  return whole;
}

const value = (source, part, r, c) =>
  source.values[source.offset + (part.top + r * part.step) * source.cols + part.left + c * part.step];

// ---------------------------------------------------------------- panels

function fitGrid(box, rows, cols) {
  const cell = Math.min(box.w / cols, box.h / rows);
  return { x: box.x + (box.w - cell * cols) / 2, y: box.y + (box.h - cell * rows) / 2, cell, rows, cols };
}

function picture(view, panel, source, part) {
  const key = [panel.array, source.offset, part.top, part.left, part.step, part.rows, part.cols].join();
  const kept = view.pictures.get(panel);
  if (kept?.key === key && kept.values === source.values) return kept.canvas;
  const canvas = kept?.canvas ?? document.createElement("canvas");
  canvas.width = part.cols;
  canvas.height = part.rows;
  const image = new ImageData(part.cols, part.rows);
  const pixels = new Uint32Array(image.data.buffer);
  const { values, limit, colour } = source;
  const paints = view.paints[source.role];
  for (let r = 0, to = 0; r < part.rows; r++) {
    let from = source.offset / (colour ? 3 : 1) + (part.top + r * part.step) * source.cols + part.left;
    for (let c = 0; c < part.cols; c++, to++, from += part.step) {
      pixels[to] = colour ? 0xff000000 | (values[3 * from + 2] << 16) | (values[3 * from + 1] << 8) | values[3 * from]
        : paints[colourIndex(values[from], limit)];
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  view.pictures.set(panel, { key, canvas, values: source.values });
  return canvas;
}

function writeCells(view, grid, source, part, label) {
  const { ctx } = view;
  const size = Math.min(26, grid.cell * 0.42);
  for (let r = 0; r < part.rows; r++) {
    for (let c = 0; c < part.cols; c++) {
      const text = label(value(source, part, r, c), r, c);
      if (!text.length) continue;
      const base = 3 * colourIndex(value(source, part, r, c), source.limit);
      ctx.fillStyle = textColour(view.tables[source.role].subarray(base, base + 3));
      const [x, y] = [grid.x + (c + 0.5) * grid.cell, grid.y + (r + 0.5) * grid.cell];
      text.forEach((line, i) => {
        view.font(Math.min(size, (1.4 * grid.cell) / line.length), i === 0);
        ctx.fillText(line, x, y + (i - (text.length - 1) / 2) * size * 1.15);
      });
    }
  }
}

function lines(view, grid) {
  const { ctx } = view;
  ctx.strokeStyle = view.ink.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let r = 0; r <= grid.rows; r++) {
    ctx.moveTo(grid.x, grid.y + r * grid.cell);
    ctx.lineTo(grid.x + grid.cols * grid.cell, grid.y + r * grid.cell);
  }
  for (let c = 0; c <= grid.cols; c++) {
    ctx.moveTo(grid.x + c * grid.cell, grid.y);
    ctx.lineTo(grid.x + c * grid.cell, grid.y + grid.rows * grid.cell);
  }
  ctx.stroke();
}

// Marks are dark with a bright line inside, to be seen on every colour.
function outline(view, grid, top, left, rows, cols) {
  const { ctx } = view;
  const grow = Math.max(0, (7 - Math.min(rows, cols) * grid.cell) / 2);
  const frame = [grid.x + left * grid.cell - grow, grid.y + top * grid.cell - grow,
    cols * grid.cell + 2 * grow, rows * grid.cell + 2 * grow];
  for (const [style, width] of [["#000", 5], [view.ink.bright, 2.5]]) {
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.strokeRect(...frame);
  }
}

function hatch(view, x, y, w, h) {
  const { ctx } = view;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, w, h);
  ctx.clip();
  ctx.strokeStyle = view.ink.mark;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (let k = -h; k < w; k += 7) {
    ctx.moveTo(x + k, y + h);
    ctx.lineTo(x + k + h, y);
  }
  ctx.stroke();
  ctx.restore();
}

// An array as coloured cells, with numbers where they can be read.
function drawGrid(view, panel, box, geo) {
  const stack = view.arrays[panel.array];
  const chosen = panel.index ? geo[panel.index] : 0;
  const source = Array.isArray(stack) ? plane(stack[Math.min(chosen, stack.length - 1)])
    : plane(stack, panel.at ?? (panel.index ? chosen : 0));
  const part = slice(panel, source, geo);
  if (part.rows < 1 || part.cols < 1 || (panel.slice === "window" && geo.rows * geo.cols === 0)) return "no output";
  const grid = fitGrid(box, part.rows, part.cols);
  const readable = grid.cell >= 22 && !source.colour;
  const { ctx } = view;
  ctx.imageSmoothingEnabled = false;
  const painted = picture(view, panel, source, part);
  const [wide, high] = [part.cols * grid.cell, part.rows * grid.cell];
  if (panel.slice === "input") { // only the padding chosen is there; the rest of the margin stays empty
    const { skip } = geo;
    ctx.drawImage(painted, skip, skip, part.cols - 2 * skip, part.rows - 2 * skip,
      grid.x + skip * grid.cell, grid.y + skip * grid.cell, wide - 2 * skip * grid.cell, high - 2 * skip * grid.cell);
    if (geo.padding) {
      ctx.setLineDash([5, 4]);
      ctx.strokeStyle = view.ink.bright;
      ctx.lineWidth = 1.5;
      ctx.strokeRect(grid.x + geo.margin * grid.cell, grid.y + geo.margin * grid.cell,
        wide - 2 * geo.margin * grid.cell, high - 2 * geo.margin * grid.cell);
      ctx.setLineDash([]);
    }
  } else ctx.drawImage(painted, grid.x, grid.y, wide, high);
  if (panel.reveal) hide(view, grid, geo);
  if (readable) {
    const inside = (r, c) => panel.slice !== "input"
      || (Math.min(r, c) >= geo.skip && r < part.rows - geo.skip && c < part.cols - geo.skip);
    const label = (v, r, c) => {
      if (!inside(r, c) || (panel.reveal && r * geo.cols + c > geo.step)) return [];
      if (panel.slice !== "window") return [number(v)];
      return [number(v), "× " + number(geo.weights.values[r * geo.weights.cols + c])];
    };
    lines(view, grid);
    writeCells(view, grid, source, part, label);
  }
  if (panel.mark === "cell") outline(view, grid, geo.row, geo.col, 1, 1);
  if (panel.mark === "window" && geo.rows * geo.cols) markWindow(view, grid, geo);
  if (panel.mark === "field") {
    const [rows, cols] = [view.span(geo.row, geo), view.span(geo.col, geo)].map((spans) => spans[0]);
    dimOutside(view, grid, rows, cols);
  }
  return { grid, part, source };
}

function hide(view, grid, geo) {
  const { ctx } = view;
  ctx.fillStyle = view.ink.faint;
  for (let at = geo.step + 1; at < grid.rows * grid.cols; at++) {
    const [r, c] = [Math.floor(at / grid.cols), at % grid.cols];
    ctx.fillRect(grid.x + c * grid.cell, grid.y + r * grid.cell, grid.cell, grid.cell);
  }
}

function markWindow(view, grid, geo) {
  const [top, left] = [geo.row * geo.stride + geo.skip, geo.col * geo.stride + geo.skip];
  const span = (count) => geo.dilation * (count - 1) + 1;
  outline(view, grid, top, left, span(geo.window.rows), span(geo.window.cols));
  if (geo.dilation === 1) return;
  const size = Math.max(3, grid.cell); // dilated: show which pixels count
  view.ctx.fillStyle = view.ink.bright;
  for (let a = 0; a < geo.window.rows; a++) {
    for (let b = 0; b < geo.window.cols; b++) {
      const [y, x] = [top + a * geo.dilation + 0.5, left + b * geo.dilation + 0.5];
      view.ctx.fillRect(grid.x + x * grid.cell - size / 2, grid.y + y * grid.cell - size / 2, size, size);
    }
  }
}

function dimOutside(view, grid, [top, bottom], [left, right]) {
  const { ctx } = view;
  const clip = (at, most) => Math.min(most, Math.max(0, at));
  const [t, b] = [clip(top, grid.rows), clip(bottom + 1, grid.rows)];
  const [l, r] = [clip(left, grid.cols), clip(right + 1, grid.cols)];
  const at = (row, col) => [grid.x + col * grid.cell, grid.y + row * grid.cell];
  ctx.fillStyle = "rgba(0, 0, 0, 0.62)";
  for (const [r0, c0, r1, c1] of [[0, 0, t, grid.cols], [b, 0, grid.rows, grid.cols], [t, 0, b, l], [t, r, b, grid.cols]]) {
    const [x, y] = at(r0, c0);
    ctx.fillRect(x, y, (c1 - c0) * grid.cell, (r1 - r0) * grid.cell);
  }
  outline(view, grid, t, l, b - t, r - l);
}

// "Does it fit?": the padded input, or the output, as empty cells of one size.
function drawFit(view, panel, box, geo) {
  const { n, f, out, dropped, padded, cell } = view.fit(box.h);
  const output = panel.part === "output";
  const rows = output ? out : padded;
  if (!rows) return "no output";
  const grid = { x: box.x + (box.w - rows * cell) / 2, y: box.y, cell, rows, cols: rows };
  const { ctx } = view;
  ctx.fillStyle = view.ink.faint;
  ctx.fillRect(grid.x, grid.y, rows * cell, rows * cell);
  if (output) {
    lines(view, grid);
    outline(view, grid, geo.row, geo.col, 1, 1);
    return { grid };
  }
  ctx.fillStyle = view.ink.paper;
  ctx.fillRect(grid.x + geo.padding * cell, grid.y + geo.padding * cell, n * cell, n * cell);
  lines(view, grid);
  ctx.fillStyle = view.ink.text;
  view.font(Math.min(16, cell * 0.6));
  for (let r = 0; r < padded; r++) {
    for (let c = 0; c < padded; c++) {
      const inside = Math.min(r, c) >= geo.padding && Math.max(r, c) < geo.padding + n;
      if (!inside) ctx.fillText("0", grid.x + (c + 0.5) * cell, grid.y + (r + 0.5) * cell);
    }
  }
  if (!out) return { grid };
  const end = (padded - dropped) * cell;
  hatch(view, grid.x + end, grid.y, dropped * cell, padded * cell);
  hatch(view, grid.x, grid.y + end, end, dropped * cell);
  ctx.fillStyle = view.ink.bright + "66";
  ctx.fillRect(grid.x + geo.col * geo.stride * cell, grid.y + geo.row * geo.stride * cell, f * cell, f * cell);
  outline(view, grid, geo.row * geo.stride, geo.col * geo.stride, f, f);
  return { grid };
}

// Every window of one row as a bar under the columns it covers.
function drawBrackets(view, panel, box, geo) {
  const { n, f, out, dropped, padded, cell } = view.fit(box.h);
  const { ctx } = view;
  const left = box.x + (box.w - padded * cell) / 2;
  for (let at = 0; at < padded; at++) {
    const inside = at >= geo.padding && at < geo.padding + n;
    ctx.fillStyle = inside ? view.ink.paper : view.ink.faint;
    ctx.fillRect(left + at * cell, box.y, cell, cell);
    ctx.fillStyle = view.ink.text;
    view.font(Math.min(16, cell * 0.6));
    if (inside) ctx.fillText(String(at - geo.padding), left + (at + 0.5) * cell, box.y + cell / 2);
  }
  lines(view, { x: left, y: box.y, cell, rows: 1, cols: padded });
  if (out) hatch(view, left + (padded - dropped) * cell, box.y, dropped * cell, cell);
  const drop = Math.min(22, (box.h - cell - 8) / Math.max(1, out));
  for (let i = 0; i < out; i++) {
    ctx.fillStyle = i === geo.col ? view.ink.mark : view.ink.line;
    ctx.fillRect(left + i * geo.stride * cell + 2, box.y + cell + 8 + i * drop, f * cell - 4, Math.max(3, drop * 0.6));
  }
  return {};
}

// Volumes as boxes seen from the front right, all to one scale.
function drawBoxes(view, panel, box, geo) {
  const { ctx } = view;
  const boxes = view.model.get("boxes");
  if (!boxes.length) return "no output";
  const slant = 0.5;
  const reach = ({ w, h, d }) => [w + d * slant * 0.8, h + d * slant * 0.6];
  const gap = 46;
  const tall = Math.max(...boxes.map((each) => reach(each)[1]));
  const free = box.w - gap * (boxes.length - 1);
  const slot = (each, unit) => Math.max(104, reach(each)[0] * unit); // a label needs its room
  const taken = (unit) => boxes.reduce((sum, each) => sum + slot(each, unit), 0);
  let unit = (box.h - 50) / tall;
  while (taken(unit) > free && unit > 1e-3) unit *= 0.97;
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
      const [from, top] = [at(geo.col, each.w), at(geo.row, each.h)];
      const [over, down] = [span(geo.col, each.w) - from, span(geo.row, each.h) - top];
      if (over > 0 && down > 0) { // not when the window lies in the padding alone
        solid(view, { x: x + from, y: y + top, w: Math.max(3, over), h: Math.max(3, down), dx, dy }, "mark", 0.55);
      }
    }
    if (each === last) {
      solid(view, { x: x + geo.col * unit, y: y + geo.row * unit, w: Math.max(3, unit), h: Math.max(3, unit), dx, dy }, "mark", 0.7);
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

function solid(view, { x, y, w, h, dx, dy }, role, alpha) {
  const { ctx } = view;
  ctx.save();
  ctx.fillStyle = role === "mark" ? view.ink.mark : role === "weight" ? "#d9730d" : "#3b82c4";
  ctx.strokeStyle = view.ink.text;
  ctx.lineWidth = 1;
  const faces = [[[x, y], [x + w, y], [x + w, y + h], [x, y + h]],
    [[x, y], [x + dx, y - dy], [x + w + dx, y - dy], [x + w, y]],
    [[x + w, y], [x + w + dx, y - dy], [x + w + dx, y + h - dy], [x + w, y + h]]];
  faces.forEach((points, i) => {
    ctx.beginPath();
    points.forEach((p, k) => (k ? ctx.lineTo(...p) : ctx.moveTo(...p)));
    ctx.closePath();
    ctx.globalAlpha = alpha * [1, 0.6, 0.8][i];
    ctx.fill();
    ctx.globalAlpha = 0.85;
    ctx.stroke();
  });
  ctx.restore();
}

// Quantities as bars to one scale.
function drawBars(view, panel, box) {
  const { ctx } = view;
  const bars = view.model.get("bars");
  const most = Math.max(...bars.map((bar) => bar.value), 1);
  const high = Math.min(62, box.h / bars.length);
  ctx.textAlign = "left";
  bars.forEach((bar, i) => {
    const y = box.y + i * high;
    ctx.fillStyle = view.ink.text;
    view.font(15);
    ctx.fillText(`${bar.label}: ${bar.text}`, box.x, y + 12);
    ctx.fillStyle = bar.role === "total" ? view.ink.mark : "#3b82c4";
    ctx.fillRect(box.x, y + 24, Math.max(2, (box.w * bar.value) / most), Math.max(8, high - 34));
  });
  ctx.textAlign = "center";
  return {};
}

// A stack of layers from the side. Every unit stands above the middle of what it sees of the
// input, as wide as the step to its neighbour; the chosen unit's field is lit all the way down.
function drawPyramid(view, panel, box, geo) {
  const { ctx } = view;
  const layers = view.model.get("layers");
  const spans = view.span(geo.col, geo);
  const labels = 178;
  const edge = layers[0].margin;
  const cell = (box.w - labels) / (layers[0].size + 2 * edge);
  const gap = box.h / layers.length;
  const high = Math.min(30, gap * 0.6);
  const place = ({ start, jump, seen }, unit) => box.x + labels + (edge + start + unit * jump + (seen - jump) / 2) * cell;
  const hits = [];
  let above = null;
  for (let level = layers.length - 1; level >= 0; level--) {
    const layer = layers[level];
    const y = box.y + (layers.length - 1 - level) * gap;
    const [first, last] = level <= geo.layer ? spans[level] : [0, -1];
    const ends = [place(layer, first), place(layer, last + 1)];
    if (above && level < geo.layer) {
      ctx.fillStyle = view.ink.bright + "55";
      ctx.beginPath();
      ctx.moveTo(above.ends[0], above.y + high);
      ctx.lineTo(above.ends[1], above.y + high);
      ctx.lineTo(ends[1], y);
      ctx.lineTo(ends[0], y);
      ctx.fill();
    }
    for (let unit = Math.min(0, first); unit < Math.max(layer.size, last + 1); unit++) {
      const lit = unit >= first && unit <= last;
      const padding = unit < 0 || unit >= layer.size;
      ctx.fillStyle = lit ? (padding ? view.ink.bright : view.ink.mark) : view.ink.faint;
      ctx.fillRect(place(layer, unit) + 0.5, y, Math.max(1, layer.jump * cell - 1), high);
    }
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "left";
    view.font(15, level === geo.layer);
    ctx.fillText(layer.label, box.x, y + high / 2, labels - 8);
    ctx.textAlign = "center";
    hits.push({ level, x: place(layer, 0), y, cell: layer.jump * cell, cols: layer.size, high });
    above = { y, ends };
  }
  return { hits };
}

const DRAW = { grid: drawGrid, fit: drawFit, brackets: drawBrackets, boxes: drawBoxes, bars: drawBars, pyramid: drawPyramid };

// ---------------------------------------------------------------- the readout

function equation(view, geo) {
  if (!geo.rows || !geo.cols) {
    return [["strong", `No output: the window does not fit into the padded image. Use more padding, less dilation or a smaller kernel.`]];
  }
  const image = plane(view.arrays.padded);
  const part = slice({ slice: "window" }, image, geo);
  const terms = [];
  for (let a = 0; a < part.rows; a++) {
    for (let b = 0; b < part.cols; b++) {
      terms.push(`(${number(value(image, part, a, b))}×${number(geo.weights.values[a * part.cols + b])})`);
    }
  }
  if (terms.length > 25) terms.splice(3, terms.length - 4, `… ${terms.length - 4} more products …`);
  const total = value(geo.map, slice({ slice: "map" }, geo.map, geo), geo.row, geo.col);
  return [["b", `output[${geo.row}, ${geo.col}] = `], ["span", terms.join(" + ") + " = "], ["strong", number(total)]];
}

function mixture(view, geo) {
  const weights = view.model.get("mix");
  const pixels = view.arrays.channels;
  const at = weights.map((_, c) => plane(pixels, c)).map((p) => p.values[p.offset + geo.row * p.cols + geo.col]);
  const out = plane(view.arrays.output);
  const terms = at.map((v, c) => `(${number(v)}×${number(weights[c])})`).join(" + ");
  return [["b", `new[${geo.row}, ${geo.col}] = `], ["span", `${terms} + ${number(view.model.get("bias"))} = `],
    ["strong", number(out.values[geo.row * out.cols + geo.col])]];
}

// Sentences come from Python; {name} is replaced by a number that Python computed or a slider chose.
function sentence(view, geo) {
  const texts = view.model.get("texts");
  const chosen = view.model.get("choice");
  if (view.model.get("readout") === "choice") return [["span", chosen == null ? view.model.get("text") : texts[chosen]]];
  const words = view.fit();
  const text = words.out === 0 ? texts[0] : words.dropped ? texts[2] : texts[1];
  return [["span", text.replace(/{(\w+)}/g, (_, name) => number(words[name]))]];
}

function field(view, geo) {
  const layer = view.model.get("layers")[geo.layer];
  const spans = [view.span(geo.row, geo)[0], view.span(geo.col, geo)[0]];
  const range = ([first, last]) => `${number(first)} to ${number(last)}`;
  return [["b", `${layer.label}: unit [${geo.row}, ${geo.col}] `],
    ["span", `sees input rows ${range(spans[0])} and columns ${range(spans[1])}, `], ["strong", layer.field],
    ["span", layer.apart], ["span", spans.flat().some((at) => at < 0 || at >= view.model.get("layers")[0].size) ? " Indices outside the input lie in the padding." : ""]];
}

const READ = { equation, mixture, fit: sentence, choice: sentence, field, text: (view) => [["span", view.model.get("text")]] };

// ---------------------------------------------------------------- one view

// An index moved to where there is something to choose, 0 to count - 1.
const clampIndex = (at, count) => Math.max(0, Math.min(at, count - 1));

const REST = 150; // ms without a move before Python hears where the hand is

// Let a model tell Python of its changes only when the hand rests. Each message makes the
// kernel busy, and JupyterLab redraws its toolbars for that: more work than our picture.
function calm(model, view) {
  if (model.lectureViews) return void model.lectureViews.add(view);
  const views = (model.lectureViews = new Set([view]));
  const save = model.save_changes.bind(model); // keeps what has changed until it is called
  const apply = model.set_state.bind(model);
  let timer = null;
  let last = [];
  let unsent = {};
  let hearing = false;
  model.on("change", () => hearing || Object.assign(unsent, model.changedAttributes()));
  // Python's echo of an older value must not take back what the hand has chosen since.
  model.set_state = (state) => {
    hearing = true;
    apply(Object.fromEntries(Object.entries(state).filter(([name]) => !(name in unsent))));
    hearing = false;
  };
  model.lectureFlush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    unsent = {};
    if (views.size) save(...last); // with the last view the kernel may be gone, too
  };
  model.save_changes = (...args) => {
    last = args;
    clearTimeout(timer);
    timer = setTimeout(model.lectureFlush, REST);
  };
}

// Plain keys pressed in an explorer are for its controls. JupyterLab would take them
// for commands: arrow keys change the cell, letters copy and delete cells.
function keepKeys(event) {
  const command = event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape";
  if (!command && !(event.shiftKey && event.key === "Enter")) event.stopPropagation();
}

// Screen readers announce what a control is: ipywidgets leaves its sliders without a name.
function nameControls(explorer) {
  for (const control of explorer.querySelectorAll(".widget-inline-hbox")) {
    const label = control.querySelector(".widget-label");
    const [text, tip] = [label?.textContent, label?.title];
    const name = tip && tip !== text ? `${text}: ${tip}` : text;
    for (const part of control.querySelectorAll("select, input, [role=slider], [contenteditable]")) {
      if (name && part.type !== "radio" && part.getAttribute("aria-label") !== name) part.setAttribute("aria-label", name);
    }
  }
  for (const cell of explorer.querySelectorAll("input[title]:not([aria-label])")) cell.setAttribute("aria-label", cell.title);
  const choices = explorer.querySelector(".widget-radio-box");
  choices?.setAttribute("role", "radiogroup");
  choices?.setAttribute("aria-label", "answers");
}

class View {
  constructor(model, el) {
    this.model = model;
    this.pictures = new Map();
    this.calmed = [];
    this.drawn = [];
    el.classList.add("lecture-view");
    this.canvas = el.appendChild(document.createElement("canvas"));
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    const words = el.appendChild(document.createElement("div"));
    words.className = "lecture-words";
    this.problem = words.appendChild(document.createElement("p"));
    this.problem.setAttribute("role", "alert");
    this.problem.className = "lecture-problem";
    this.readout = words.appendChild(document.createElement("p"));
    this.readout.setAttribute("role", "status");
    this.readout.className = "lecture-readout";
    this.el = el;
    this.ctx = this.canvas.getContext("2d", { alpha: false });
    this.stop = new AbortController();
    const on = { signal: this.stop.signal };
    this.canvas.addEventListener("pointermove", (event) => this.point(event, event.buttons > 0), on);
    this.canvas.addEventListener("pointerdown", (event) => this.point(event, true), on);
    this.canvas.addEventListener("keydown", (event) => this.key(event), on);
    this.resize = new ResizeObserver(() => this.place());
    this.resize.observe(el);
    this.theme = new MutationObserver(() => this.place());
    this.theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
    this.onArrays = () => this.loadArrays();
    this.onChange = () => this.change();
    model.on("change:arrays change:extra", this.onArrays);
    model.on("change", this.onChange);
    for (const id of model.get("calm")) {
      model.widget_manager?.get_model(id).then((each) => {
        this.calmed.push(each);
        calm(each, this);
      });
    }
    this.loadTables();
    this.loadArrays();
    this.look();
    this.change();
  }

  // Called when the view is first in the page, and whenever its size or the theme changes.
  place() {
    const explorer = this.el.closest(".lecture-explorer");
    if (explorer && explorer !== this.explorer) {
      this.explorer = explorer;
      const on = { signal: this.stop.signal };
      explorer.addEventListener("keydown", keepKeys, on);
      // What one control says must not be overtaken by the next one.
      explorer.addEventListener("focusout", ({ relatedTarget }) => {
        if (explorer.contains(relatedTarget)) this.calmed.forEach((model) => model.lectureFlush());
      }, on);
      this.names = new MutationObserver(() => nameControls(explorer));
      this.names.observe(explorer, { childList: true, subtree: true });
    }
    if (explorer) nameControls(explorer);
    this.width = this.el.clientWidth || this.width; // a page that changes its theme hides for a moment
    this.look();
    this.draw();
  }

  remove() {
    for (const model of this.calmed) model.lectureViews.delete(this);
    this.stop.abort();
    this.resize.disconnect();
    this.names?.disconnect();
    this.theme.disconnect();
    this.model.off("change:arrays change:extra", this.onArrays);
    this.model.off("change", this.onChange);
  }

  loadTables() {
    this.tables = {};
    this.paints = {}; // the same colours, as the 32-bit pixels of a canvas
    for (const [role, data] of Object.entries(this.model.get("tables"))) {
      const table = new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
      this.tables[role] = table;
      this.paints[role] = Uint32Array.from({ length: 256 },
        (_, i) => 0xff000000 | (table[3 * i + 2] << 16) | (table[3 * i + 1] << 8) | table[3 * i]);
    }
  }

  loadArrays() {
    this.arrays = {};
    for (const [name, packed] of Object.entries(this.model.get("arrays"))) {
      this.arrays[name] = Array.isArray(packed) ? packed.map(unpack) : unpack(packed);
    }
    for (const [name, packed] of Object.entries(this.model.get("extra"))) {
      const [list, index] = name.split(":"); // "maps:3" is the fourth map
      if (index === undefined) this.arrays[name] = unpack(packed);
      else this.arrays[list][index] = unpack(packed);
    }
  }

  // N and F, Python's answers for the chosen N, F, S, P, and how large a cell may be drawn.
  fit(height = 0) {
    const table = this.arrays.fit;
    const [n, f, stride, padding] = ["n", "f", "stride", "padding"].map((name) => this.model.get(name));
    const at = 2 * [n, f, stride, padding].reduce((index, each, axis) => index * table.shape[axis] + each, 0);
    const padded = n + 2 * padding;
    return { n, f, p: padding, s: stride, out: table.values[at], dropped: table.values[at + 1], padded,
      cell: Math.min(34, height / Math.max(padded, 9)) };
  }

  // First and last index that one unit of the chosen layer sees in every layer below it.
  span(unit, geo) {
    const table = this.arrays.spans[geo.layer];
    const depth = table.shape[1];
    const at = Math.min(unit, table.shape[0] - 1) * depth * 2;
    return Array.from({ length: depth }, (_, level) => [table.values[at + 2 * level], table.values[at + 2 * level + 1]]);
  }

  // How many rows and columns there are to choose from.
  extent(geo) {
    if (this.arrays.maps) return [geo.rows, geo.cols];
    if (this.arrays.fit) return [this.fit().out, this.fit().out];
    if (this.arrays.spans) return [this.arrays.spans[geo.layer].shape[0], this.arrays.spans[geo.layer].shape[0]];
    if (this.arrays.output) return this.arrays.output.shape;
    const last = (this.model.get("boxes") ?? []).at(-1);
    return last ? [last.h, last.w] : [0, 0];
  }

  // Keep row, column and step inside what the sliders allow, and at the same place of the input.
  settle() {
    const { model } = this;
    let geo = geometry(this);
    const [rows, cols] = this.extent(geo);
    const was = this.was;
    let { row, col } = geo;
    if (was && was.row === row && was.col === col && geo.stride && (was.stride !== geo.stride || was.padding !== geo.padding)) {
      const moved = (at) => Math.round((at * was.stride - was.padding + geo.padding) / geo.stride);
      [row, col] = [moved(row), moved(col)];
    }
    if (model.get("stepped") && cols) {
      if (was && was.step !== geo.step) [row, col] = [Math.floor(geo.step / cols), geo.step % cols];
    }
    [row, col] = [clampIndex(row, rows), clampIndex(col, cols)];
    const step = model.get("stepped") && cols ? row * cols + col : geo.step;
    this.was = { row, col, step, stride: geo.stride, padding: geo.padding };
    if (row !== geo.row || col !== geo.col || step !== geo.step) {
      model.set({ row, col, step });
      this.model.save_changes();
      geo = geometry(this);
    }
    return geo;
  }

  change() {
    if (this.settling) return;
    this.settling = true;
    let geo;
    try {
      geo = this.settle();
    } finally {
      this.settling = false;
    }
    this.draw(geo);
    this.read(geo);
  }

  font(size, bold = false) {
    this.ctx.font = `${bold ? "600 " : ""}${size}px ${this.family}`;
  }

  look() {
    const style = getComputedStyle(this.el);
    this.family = style.fontFamily;
    this.ink = {};
    for (const name of ["text", "paper", "line", "faint", "mark", "bright"]) {
      this.ink[name] = style.getPropertyValue(`--lecture-${name}`).trim();
    }
  }

  draw(geo = geometry(this)) {
    const panels = this.model.get("panels");
    const { width } = this; // asking the element now would lay out the page once more
    if (!width || !panels.length) return void (this.canvas.style.display = panels.length ? "" : "none");
    const height = this.model.get("height");
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
      this.canvas.style.height = `${height}px`;
    }
    const { ctx } = this;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.fillStyle = this.ink.paper;
    ctx.fillRect(0, 0, width, height);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    const sum = panels.reduce((total, panel) => total + panel.share, 0);
    const gap = 30;
    const free = width - 8 - gap * (panels.length - 1);
    let x = 4;
    this.drawn = panels.map((panel) => {
      const w = (free * panel.share) / sum;
      const box = { x, y: 34, w, h: height - 42 };
      const result = DRAW[panel.kind](this, panel, box, geo);
      const size = result.part ? `  ${panel.slice === "input" ? result.part.rows - 2 * geo.skip : result.part.rows} × ${panel.slice === "input" ? result.part.cols - 2 * geo.skip : result.part.cols}` : "";
      ctx.fillStyle = this.ink.text;
      this.font(16, true);
      const title = (panel.titles ? panel.titles[Math.min(geo[panel.index] ?? 0, panel.titles.length - 1)] : panel.title) + (panel.size === false ? "" : size);
      ctx.fillText(title, x + w / 2, 16, w + 8);
      if (result === "no output") {
        this.font(16);
        ctx.fillText("no output", x + w / 2, height / 2);
      }
      if (panel.sign) {
        this.font(26, true);
        ctx.fillText(panel.sign, x + w + gap / 2, height / 2);
      }
      x += w + gap;
      return { panel, box, ...(result === "no output" ? {} : result) };
    });
    this.canvas.setAttribute("aria-label", this.model.get("label"));
  }

  read(geo) {
    const parts = READ[this.model.get("readout")](this, geo);
    this.readout.replaceChildren(...parts.map(([tag, text]) => Object.assign(document.createElement(tag), { textContent: text })));
    if (this.problem.textContent !== this.model.get("problem")) this.problem.textContent = this.model.get("problem");
  }

  choose(row, col) {
    const geo = geometry(this);
    const [rows, cols] = this.extent(geo);
    [row, col] = [clampIndex(row, rows), clampIndex(col, cols)];
    if (row === geo.row && col === geo.col) return;
    this.model.set({ row, col });
    this.model.save_changes();
  }

  point(event, pressed) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const geo = geometry(this);
    for (const { panel, grid, hits } of this.drawn) {
      const hover = this.model.get("hover");
      if (hits && pressed) this.pickLayer(hits, x, y);
      if (!grid || !panel.pick || !(hover || pressed)) continue;
      const [r, c] = [Math.floor((y - grid.y) / grid.cell), Math.floor((x - grid.x) / grid.cell)];
      if (r < 0 || c < 0 || r >= grid.rows || c >= grid.cols) continue;
      if (panel.pick === "output") return this.choose(r, c);
      const middle = (at, count) => Math.round((at - geo.skip - (geo.dilation * (count - 1)) / 2) / geo.stride);
      return this.choose(middle(r, geo.window.rows), middle(c, geo.window.cols));
    }
  }

  pickLayer(hits, x, y) {
    for (const hit of hits) {
      const col = Math.floor((x - hit.x) / hit.cell);
      if (y < hit.y || y > hit.y + hit.high || col < 0 || col >= hit.cols || hit.level === 0) continue;
      this.model.set({ layer: hit.level, col });
      this.model.save_changes();
    }
  }

  key(event) {
    const far = event.shiftKey ? 10 : 1;
    const move = { ArrowLeft: [0, -far], ArrowRight: [0, far], ArrowUp: [-far, 0], ArrowDown: [far, 0],
      Home: [-1e9, -1e9], End: [1e9, 1e9] }[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { row, col } = geometry(this);
    this.choose(row + move[0], col + move[1]);
  }
}

export default {
  render({ model, el }) {
    const view = new View(model, el);
    view.canvas.lecture = view; // for tests and the console
    return () => view.remove();
  },
};
