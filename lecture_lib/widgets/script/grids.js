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

function chosenPlane(stack, { list, index, at = index ?? [] }, geo) {
  if (list) stack = stack[clampIndex(geo[list], stack.length)];
  if (Array.isArray(stack)) return plane(oneOf(stack, geo[index] ?? 0, geo));
  return plane(stack, flatIndex(stack.shape, [at].flat(), geo));
}

// An array as coloured cells, with numbers where they can be read.
function drawGrid(view, panel, box, geo) {
  const source = chosenPlane(view.arrays[panel.array], panel, geo);
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
      if (!inside(r, c) || (panel.reveal && r * geo.cols + c > geo.step) || (panel.gaps && Number.isNaN(v))) return [];
      if (panel.slice !== "window" || !geo.weights) return [number(v)];
      return [number(v), "× " + number(geo.weights.values[r * geo.weights.cols + c])];
    };
    lines(view, grid);
    writeCells(view, grid, source, part, label);
  }
  if (panel.mark === "cell") outline(view, grid, geo.row, geo.col, 1, 1);
  if (panel.mark === "window" && geo.rows * geo.cols) markWindow(view, grid, geo);
  if (panel.winner) { // the pixel that alone made the chosen output value
    const at = 2 * geo.step;
    outline(view, grid, view.arrays.winner.values[at], view.arrays.winner.values[at + 1], 1, 1);
  }
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

DRAW.grid = drawGrid;
