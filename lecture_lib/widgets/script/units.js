// ---------------------------------------------------------------- what units see, and what a class vector says

// One of a list of arrays by layer, perhaps of a list by rule, or the only one.
const layered = (array, geo) => [geo.level, geo.item].reduce((each, at) => (Array.isArray(each) ? each[clampIndex(at, each.length)] : each), array);

// Small pictures of one array below each other on a canvas, kept until others are chosen.
function strip(view, panel, stack, first, count) {
  const [high, wide] = stack.shape.slice(-2);
  const kept = view.pictures.get(panel);
  if (kept?.values === stack.values && kept.first === first && kept.count === count) return kept.canvas;
  const canvas = kept?.canvas ?? document.createElement("canvas");
  canvas.width = wide;
  canvas.height = high * Math.max(1, count);
  const image = new ImageData(wide, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const from = first * high * wide;
  for (let i = 0; i < count * high * wide; i++) pixels[i] = view.paints[stack.role][colourIndex(stack.values[from + i], stack.limit)];
  canvas.getContext("2d").putImageData(image, 0, 0);
  view.pictures.set(panel, { values: stack.values, first, count, canvas });
  return canvas;
}

// Pictures in rows and columns, perhaps with a share below each; a click chooses row and column.
function drawSheet(view, panel, box, geo) {
  const { ctx } = view;
  const stack = layered(view.arrays[panel.array], geo);
  const [most, high, wide] = stack.shape.slice(-3);
  const place = flatIndex(stack.shape, panel.at, geo);
  const count = panel.counts ? Math.min(most, chosenRow(view.arrays[panel.counts], panel.at, geo)[0]) : most;
  const [columns, rows, gap, foot] = [panel.columns, Math.ceil(most / panel.columns), 4, panel.captions ? 18 : 0];
  const cell = Math.min((box.w - gap * (columns - 1)) / (columns * wide), (box.h - (gap + foot) * rows + gap) / (rows * high));
  const [w, h] = [wide * cell, high * cell];
  const left = box.x + (box.w - columns * (w + gap) + gap) / 2;
  const top = box.y + Math.max(0, (box.h - rows * (h + gap + foot) + gap) / 2);
  const painted = strip(view, panel, stack, place * most, count);
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
    ctx.fillText(`${Math.round(100 * view.arrays[panel.captions].values[place * most + i])} %`, x + w / 2, y + h + 10);
  }
  if (!panel.pick) return {};
  outline(view, { x: 0, y: 0, cell: 1 }, top + geo.row * (h + gap), left + geo.col * (w + gap), h, w);
  return { grid: { x: left, y: top, cell: w + gap, rows, cols: columns } };
}

// The whole digit of the patch that is chosen, dark where the unit does not see.
function drawFieldOnDigit(view, panel, box, geo) {
  const image = layered(view.arrays.image, geo);
  const at = flatIndex(image.shape.slice(0, 1), ["kernel"], geo) * image.shape[1] + 3 * geo.row + geo.col;
  const digits = view.arrays.digits;
  const source = plane(digits, image.values[at]);
  const part = slice({}, source, geo);
  const grid = fitGrid(box, part.rows, part.cols);
  view.ctx.imageSmoothingEnabled = false;
  view.ctx.drawImage(picture(view, panel, source, part), grid.x, grid.y, part.cols * grid.cell, part.rows * grid.cell);
  const [top, left, side] = layered(view.arrays.frames, geo).values.subarray(3 * at, 3 * at + 3);
  dimOutside(view, grid, [top, top + side - 1], [left, left + side - 1]);
  return {};
}

// Python's sentence for the chosen kernel of the chosen level; each level may have another number of them.
function unit(view, geo) {
  const counts = view.model.get("counts");
  const level = clampIndex(geo.level, counts.length);
  const before = counts.slice(0, level).reduce((sum, each) => sum + each, 0);
  return [["span", `${view.model.get("texts")[before + clampIndex(geo.kernel, counts[level])]} `]];
}

// A unit in words, and the patch of it that is chosen.
function units(view, geo) {
  const numbers = layered(view.arrays.numbers, geo);
  const at = 3 * (9 * clampIndex(geo.kernel, numbers.shape[0]) + 3 * geo.row + geo.col);
  const [label, image, answer] = numbers.values.subarray(at, at + 3);
  return [...unit(view, geo), ["strong", `Framed: number ${3 * geo.row + geo.col + 1}, digit ${label}`],
    ["span", ` (number ${number(image)} of the test set), answer ${number(answer)}.`]];
}

// ---------------------------------------------------------------- occlusion

// What the square covers along one axis: Python's `covered`.
function coveredPixels(view, index, geo) {
  const [size, stride, side] = [view.arrays.sizes.values[geo.level], view.arrays.stride.values[0], view.arrays.digits.shape.at(-1)];
  const first = index * stride - Math.floor(size / 2);
  return [Math.max(0, first), Math.min(side, first + size)];
}

function drawCovered(view, panel, box, geo) {
  const drawn = drawGrid(view, panel, box, geo);
  const { grid } = drawn;
  const [[top, bottom], [left, right]] = [coveredPixels(view, geo.row, geo), coveredPixels(view, geo.col, geo)];
  view.ctx.fillStyle = panel.grey;
  view.ctx.fillRect(grid.x + left * grid.cell, grid.y + top * grid.cell, (right - left) * grid.cell, (bottom - top) * grid.cell);
  outline(view, grid, top, left, bottom - top, right - left);
  view.ctx.strokeStyle = view.ink.line;
  view.ctx.lineWidth = 1;
  view.ctx.strokeRect(grid.x, grid.y, grid.cols * grid.cell, grid.rows * grid.cell);
  const stride = view.arrays.stride.values[0];
  return { grid: { ...grid, cell: stride * grid.cell, rows: Math.ceil(grid.rows / stride), cols: Math.ceil(grid.cols / stride) } };
}

function occlusion(view, geo) {
  const [rows, cols] = [coveredPixels(view, geo.row, geo), coveredPixels(view, geo.col, geo)];
  const values = chosenRow(view.arrays.classes, ["item", "level", "row", "col"], geo);
  const right = view.arrays.labels.values[geo.item];
  const top = values.indexOf(Math.max(...values));
  const percent = (value) => `${Math.round(100 * value)} %`;
  const words = top === right ? "which is still the most likely class. " : `and the net says ${top}, with ${percent(values[top])}. `;
  return [["b", `Rows ${rows[0]} to ${rows[1] - 1}, columns ${cols[0]} to ${cols[1] - 1} are covered. `],
    ["strong", `Right class, ${right}: ${percent(values[right])}, `], ["span", words],
    ["span", view.model.get("texts")[geo.item * view.arrays.sizes.shape[0] + geo.level] ?? ""]];
}

// ---------------------------------------------------------------- the class vector

// One number for each class as bars from a line at 0, each with its number; the right class has a colour of its own.
function drawScores(view, panel, box, geo) {
  const { ctx } = view;
  const values = chosenRow(view.arrays[panel.array], panel.at, geo);
  const right = chosenRow(view.arrays.labels, ["row"], geo)[0];
  const most = panel.most ?? Math.max(...values, 0);
  const least = panel.most ? 0 : Math.min(...values, 0);
  const [wide, above, below] = [box.w / values.length, box.y + 20, box.y + box.h - 26 - (least < 0 ? 20 : 0)];
  const unit = (below - above) / (most - least || 1);
  const zero = above + most * unit;
  const size = Math.min(15, wide * 0.43);
  values.forEach((each, i) => {
    const x = box.x + i * wide;
    ctx.fillStyle = i === right ? view.series[2] : view.series[1];
    ctx.fillRect(x + wide * 0.12, Math.min(zero, zero - each * unit), wide * 0.76, Math.max(1, Math.abs(each) * unit));
    ctx.fillStyle = view.ink.text;
    view.font(size, i === right);
    ctx.fillText(brief(each, panel.most ? 2 : 1), x + wide / 2, zero - each * unit + (each < 0 ? 10 : -10), wide - 4);
    view.font(16, i === right);
    ctx.fillText(i + (i === right ? "✓" : ""), x + wide / 2, box.y + box.h - 10);
  });
  ctx.fillStyle = view.ink.line;
  ctx.fillRect(box.x, zero, box.w, 1);
  return {};
}

// A number in four characters or so.
function brief(value, digits) {
  const size = Math.abs(value);
  if (size > 0 && size < 0.5 / 10 ** digits) return "≈0";
  return number(Number(value.toFixed(size >= 10 ? 0 : digits)));
}

// What the temperature does, and Python's first text with the numbers of the chosen digit at this temperature.
const classes = (view, geo) => [["b", `${view.model.get("texts")[1 + geo.col]} `], ["span", filled(view, "numbers", ["row", "col"], geo)]];

// ---------------------------------------------------------------- the confusion matrix

// Counts, true classes down and answers across; the diagonal without a colour, so that mistakes can be seen.
function drawConfusion(view, panel, box, geo) {
  const { ctx } = view;
  const counts = plane(view.arrays.counts);
  const part = slice({}, counts, geo);
  const grid = fitGrid({ x: box.x + 44, y: box.y, w: box.w - 44, h: box.h - 44 }, part.rows, part.cols);
  const { cell } = grid;
  for (let r = 0; r < part.rows; r++) {
    for (let c = 0; c < part.cols; c++) {
      const count = counts.values[r * part.cols + c];
      const base = 3 * colourIndex(count, counts.limit);
      const rgb = view.tables[counts.role].subarray(base, base + 3);
      const [x, y] = [grid.x + c * cell, grid.y + r * cell];
      ctx.fillStyle = r === c ? view.ink.faint : `rgb(${rgb.join()})`;
      ctx.fillRect(x, y, cell, cell);
      ctx.fillStyle = r === c ? view.ink.text : textColour(rgb);
      view.font(Math.min(16, cell * (count < 1000 ? 0.4 : 0.33)), r !== c);
      if (count) ctx.fillText(String(count), x + cell / 2, y + cell / 2);
    }
    ctx.fillStyle = view.ink.text;
    view.font(16, r === geo.row);
    ctx.fillText(String(r), grid.x - 12, grid.y + (r + 0.5) * cell);
    view.font(16, r === geo.col);
    ctx.fillText(String(r), grid.x + (r + 0.5) * cell, grid.y + part.rows * cell + 13);
  }
  lines(view, grid);
  outline(view, grid, geo.row, geo.col, 1, 1);
  view.font(15);
  ctx.fillStyle = view.ink.text;
  ctx.fillText("the net says", grid.x + (part.cols * cell) / 2, grid.y + part.rows * cell + 34);
  ctx.save();
  ctx.translate(grid.x - 34, grid.y + (part.rows * cell) / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText("it is", 0, 0);
  ctx.restore();
  return { grid };
}

const confusion = (view, geo) => [["span", view.model.get("texts")[geo.row * view.arrays.counts.shape[1] + geo.col] ?? ""]];

Object.assign(DRAW, { sheet: drawSheet, seen: drawFieldOnDigit, covered: drawCovered, scores: drawScores, confusion: drawConfusion });
Object.assign(READ, { unit, units, occlusion, classes, confusion });
