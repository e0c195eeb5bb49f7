// A hand in the pictures: what pointing, pressing, dragging and arrow keys choose.
import { editable, editCell } from "./edit.js";
import { moveOf } from "./keys.js";
import { clamp } from "./numbers.js";
import { inside } from "./paint.js";

export function listen(view) {
  const on = { signal: view.signal };
  view.canvas.addEventListener("pointermove", (event) => point(view, event, event.buttons > 0, false), on);
  view.canvas.addEventListener("pointerdown", (event) => point(view, event, true, true), on);
  view.canvas.addEventListener("keydown", (event) => key(view, event), on);
}

// Places of two indices; null stands for one that there is not. What only Python could answer stays where it is on a page without it.
function chooseAt(view, names, places) {
  const changes = {};
  names.forEach((name, i) => {
    if (name && !(view.alone && view.spec.indices[name].python === true)) changes[name] = view.where.valueAt(name, clamp(places[i], view.where.count(name)));
  });
  view.choose(changes);
}

function point(view, event, pressed, first) {
  if (first) view.motion.begin();
  else if (pressed) view.motion.stop();
  const { left, top, width } = view.canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - left, event.clientY - top].map((at) => (at * view.width) / width);
  view.hovering = !pressed;
  try {
    const cell = cellAt(view, x, y);
    view.canvas.style.cursor = cell ? "text" : "";
    if (!cell) pointAt(view, x, y, pressed, first);
    else if (first) {
      event.preventDefault(); // the focus goes into the cell
      editCell(view, ...cell);
    }
  } finally {
    view.hovering = false;
  }
}

// The cell under a point that can be typed into: which panel, row and column.
function cellAt(view, x, y) {
  const at = view.drawn.findIndex((each) => editable(view, each) && inside({ ...each.grid, w: each.grid.cols * each.grid.cell, h: each.grid.rows * each.grid.cell }, x, y));
  if (at < 0) return undefined;
  const { grid } = view.drawn[at];
  return [at, clamp(Math.floor((y - grid.y) / grid.cell), grid.rows), clamp(Math.floor((x - grid.x) / grid.cell), grid.cols)];
}

function pointAt(view, x, y, pressed, first) {
  const hover = pressed || view.get("hover");
  for (const { panel, grid, hits, plot, zones, press } of view.drawn) {
    const names = view.names(panel);
    if (press && pressed && press(x, y, first) === true) return;
    const zone = pressed && zones?.find((each) => inside(each, x, y));
    if (zone) return view.choose(zone.choose);
    const hit = pressed && hits?.find((each) => each.level > 0 && inside({ ...each, w: each.cols * each.cell, h: each.high }, x, y));
    if (hit) return view.choose({ [panel.layer]: view.where.valueAt(panel.layer, hit.level - 1), [names[1]]: clamp(Math.floor((x - hit.x) / hit.cell), hit.cols) });
    if (plot?.nearest && panel.cursor && hover && inside(plot.area, x, y)) {
      return view.choose({ [panel.cursor]: view.where.valueAt(panel.cursor, plot.nearest(x)) });
    }
    if (!grid || !panel.pick || !hover) continue;
    const [r, c] = [Math.floor((y - grid.y) / grid.cell), Math.floor((x - grid.x) / grid.cell)];
    if (r < 0 || c < 0 || r >= grid.rows || c >= grid.cols) continue;
    if (panel.pick === "output") return chooseAt(view, names, [r, c]);
    if (panel.pick === "pan") { // what is shown comes to the pointer
      if (pressed) chooseAt(view, names, [r - Math.floor(grid.rows / 2) + panel.reach, c - Math.floor(grid.cols / 2) + panel.reach]);
      continue;
    }
    const { skip, dilation, stride, window } = view.where.windows();
    const middle = (at, count) => Math.round((at - skip - (dilation * (count - 1)) / 2) / stride);
    return chooseAt(view, names, [middle(r, window.rows), middle(c, window.cols)]);
  }
}

function key(view, event) {
  const typedInto = event.key === "Enter" ? view.drawn.findIndex((each) => editable(view, each)) : -1;
  if (typedInto >= 0) {
    event.preventDefault();
    return editCell(view, typedInto, 0, 0);
  }
  if (view.drawn.some((each) => each.key?.(event))) return void event.preventDefault(); // a panel with keys of its own
  const move = moveOf(event);
  if (!move) return;
  event.preventDefault();
  view.motion.begin();
  const own = view.drawn.find((each) => each.move); // a panel that says itself where its arrow keys lead
  if (own) return void own.move(...move);
  const [down, across] = view.arrows;
  const at = (name) => (name ? view.where.place(name) : 0);
  const one = !down || !across || view.where.count(down) === 1 || view.where.count(across) === 1; // all arrows go along the only one
  const sum = move[0] + move[1];
  chooseAt(view, view.arrows, one ? [at(down) + sum, at(across) + sum] : [at(down) + move[0], at(across) + move[1]]);
}
