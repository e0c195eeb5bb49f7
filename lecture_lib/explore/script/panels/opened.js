// A window that is opened beside the picture: lines from where it lies, and what is made of it on its way into the output.

const NUMBERED = 22; // px of a cell, from which on its number stands in it; no line lies on one

// Lines from where the window lies to where it is opened; between numbers they run along the grid's own lines.
export function zoom(view, drawn, grid, { row, col, stride, skip, dilation, window }) {
  const from = drawn.find(({ panel, grid }) => grid && panel.mark === "window")?.grid;
  if (!from || from.x > grid.x || from.y + from.rows * from.cell <= grid.y) return; // beside it, and not below
  const span = (count) => dilation * (count - 1) + 1;
  const right = from.x + (col * stride + skip + span(window.cols)) * from.cell;
  const top = from.y + (row * stride + skip) * from.cell;
  const edge = from.cell >= NUMBERED ? from.x + from.cols * from.cell : right;
  const { ctx } = view;
  for (const [style, width] of [["#000", 3.2], [view.ink.bright, 1.6]]) {
    ctx.strokeStyle = style;
    ctx.lineWidth = width;
    ctx.beginPath();
    for (const [y, end] of [[top, grid.y], [top + span(window.rows) * from.cell, grid.y + grid.rows * grid.cell]]) {
      ctx.moveTo(right, y);
      ctx.lineTo(edge, y);
      ctx.lineTo(grid.x - 2, end);
    }
    ctx.stroke();
  }
}

// What adds has one colour, what takes away another.
export const signed = (view, value) => (value > 0 ? view.ink.adds : value < 0 ? view.ink.takes : view.ink.text);

// From a number to the cell of the output that holds it.
export function wire(view, drawn, x, y, colour) {
  const to = drawn.find(({ panel, grid }) => grid && panel.mark === "cell" && panel.slice === "map");
  if (!to || view.narrow) return; // it would cross what lies between
  const [down, across] = view.names(to.panel).map((name) => view.where.place(name));
  const beside = to.grid.cell >= NUMBERED;
  const [endX, endY] = [to.grid.x + (beside ? 0 : across * to.grid.cell) - 4, to.grid.y + (down + 0.5) * to.grid.cell];
  const { ctx } = view;
  const reach = Math.max(24, (endX - x) / 2);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 3.5;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.bezierCurveTo(x + reach, y, endX - reach, endY, endX, endY);
  ctx.stroke();
}

// What is made of the window, between the window and the output, or below it where numbers would be covered.
export function pill(view, drawn, grid, text, colour, under = view.narrow || grid.cell < 100) {
  const next = drawn.find(({ panel, grid: other }) => other && panel.mark === "cell" && (view.narrow || other.x > grid.x))?.grid;
  if (!next) return;
  const { ctx } = view;
  view.font(17, true);
  const wide = ctx.measureText(text).width + 20;
  const [between, below] = [(grid.x + grid.cols * grid.cell + next.x) / 2, grid.y + grid.rows * grid.cell];
  const [x, y] = under ? [grid.x + grid.cols * grid.cell - wide / 2, below + 15] : [between, (grid.y + below) / 2]; // on no number
  wire(view, drawn, x + wide / 2, y, colour);
  ctx.fillStyle = view.ink.paper;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 3;
  ctx.beginPath();
  ctx.roundRect(x - wide / 2, y - 14, wide, 28, 8); // below the window it has the height of the scales beside it
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = view.ink.text;
  ctx.textAlign = "center";
  view.font(17, true);
  ctx.fillText(text, x, y + 1);
}
