// ---------------------------------------------------------------- equivariance

// A grid with a thin frame, so that a white one can be seen, too.
function drawFramed(view, panel, box, geo) {
  const drawn = drawGrid(view, panel, box, geo);
  const { x, y, cell, rows, cols } = drawn.grid;
  view.ctx.strokeStyle = view.ink.line;
  view.ctx.lineWidth = 1;
  view.ctx.strokeRect(x, y, cols * cell, rows * cell);
  return drawn;
}

// Tiles in columns, the number of each column below it, and the column that `marked` names framed.
function drawTiles(view, panel, box, geo) {
  const drawn = drawGrid(view, panel, { ...box, h: box.h - 24 }, geo);
  const { x, y, cell, rows, cols } = drawn.grid;
  const { ctx } = view;
  const [wide, right] = [(cols + panel.gap) / panel.columns, panel.marked ? view.arrays[panel.marked].values[geo.row] : -1];
  for (let j = 0; j < panel.columns; j++) {
    view.font(16, j === right);
    ctx.fillStyle = view.ink.text;
    ctx.fillText(String(j), x + (j * wide + (wide - panel.gap) / 2) * cell, y + rows * cell + 14);
  }
  if (right >= 0) outline(view, drawn.grid, 0, right * wide, rows, wide - panel.gap);
  return drawn;
}

Object.assign(DRAW, { framed: drawFramed, tiles: drawTiles });

// A sentence for each digit and iteration.
const routing = (view, geo) => {
  const [, iterations] = view.arrays.couplings.shape;
  return [["span", view.model.get("texts")[geo.row * iterations + geo.col] ?? ""]];
};

// The number of the capsule that is changed, and by how much.
const capsule = (view, geo) => {
  const value = chosenRow(view.arrays.values, ["item"], geo)[geo.row];
  return [["span", `Number ${geo.row} of the capsule is ${number(value)}. Added to it: `],
    ["strong", view.model.get("texts")[geo.col] ?? ""], ["span", ". All other numbers stay as they are."]];
};

Object.assign(READ, { routing, capsule });
