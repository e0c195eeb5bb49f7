// ---------------------------------------------------------------- layers: sizes, volumes, what a unit sees

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

// Input pixels below, hidden units above, and a line for each weight between them. Lines of one
// colour are one and the same weight; those of the chosen unit are drawn strong.
function drawWires(view, panel, box, geo) {
  const { ctx } = view;
  const { inputs, units, lines: wires } = view.model.get("wires");
  const cell = Math.min(46, box.w / Math.max(inputs, units));
  const size = Math.min(30, cell * 0.8);
  const left = (count) => box.x + (box.w - count * cell) / 2;
  const middle = (count, i) => left(count) + (i + 0.5) * cell;
  const [above, below] = [box.y + size / 2 + 4, box.y + box.h - size / 2 - 4];
  const chosen = clampIndex(geo.col, units);
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

Object.assign(DRAW, { wires: drawWires, fit: drawFit, brackets: drawBrackets, boxes: drawBoxes, pyramid: drawPyramid });
