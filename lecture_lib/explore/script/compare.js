// A | B: the state that is kept as A beside the one that the hand goes on with, in one panel at one scale.
import { plane } from "./arrays.js";
import { DRAW } from "./panels/index.js";
import { Where } from "./where.js";

// Keeps what is shown as A, or lets it go.
export function startCompare(view) {
  const panel = view.get("panels").find((each) => each.compare);
  view.kept?.divider.remove();
  if (view.kept) view.kept = undefined;
  else {
    const divider = Object.assign(document.createElement("input"), { type: "range", className: "lecture-divider", min: 0, max: 100, value: 50 });
    divider.setAttribute("aria-label", "Divider between A on its left and B on its right, in percent");
    divider.addEventListener("input", () => view.draw());
    view.stage.append(divider);
    // Its arrays stay the same objects, whatever Python sends next.
    view.kept = { where: view.where, panel: { ...panel, mark: undefined, marks: undefined, winner: undefined }, divider };
  }
  view.icons.compare.setAttribute("aria-pressed", Boolean(view.kept));
  view.draw();
}

// What is chosen differently in the two.
const difference = (view, where, other) => view.made.map(({ control }) => control.name)
  .filter((name) => ["options", "numbers"].includes(view.spec.indices[name]?.kind) && where.state[name] !== other.state[name])
  .slice(0, 2).map((name) => where.words(name)).join(", ");

// Both with the wider of their two scales.
function oneScale(panel, both) {
  const name = panel.slice === "map" ? both[0].spec.slide.maps : panel.array;
  if (!name) return both;
  const limits = both.map((where) => (panel.slice === "map" ? where.windows().map : plane(where.array(name, panel.among))).limit);
  const limit = [Math.min(limits[0][0], limits[1][0]), Math.max(limits[0][1], limits[1][1])];
  const scaled = (array) => (Array.isArray(array) ? array.map(scaled) : { ...array, limit });
  return both.map((where) => new Where(where.spec, { ...where.arrays, [name]: scaled(where.arrays[name]) }, where.state));
}

// B, over its left part A, and the titles of both.
export function drawCompared(view, panel, box, where) {
  const { ctx, kept } = view;
  const [a, b] = oneScale(panel, [kept.where, where]);
  const drawn = DRAW[panel.kind](view, panel, box, b);
  const { grid } = drawn; // what stands below it, its scale, is that of both
  const area = grid ? { x: grid.x, y: grid.y, w: grid.cols * grid.cell, h: grid.rows * grid.cell } : box;
  const at = area.x + (area.w * kept.divider.value) / 100;
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.x, area.y, at - area.x, area.h);
  ctx.clip();
  ctx.fillStyle = view.ink.paper;
  ctx.fillRect(area.x, area.y, area.w, area.h);
  ctx.textAlign = "center";
  if (DRAW[panel.kind](view, kept.panel, box, a) === "no output") {
    ctx.fillStyle = view.ink.text;
    view.font(16);
    ctx.fillText("no output", area.x + area.w / 4, area.y + area.h / 2);
  }
  ctx.restore();
  ctx.fillStyle = view.ink.paper;
  ctx.fillRect(at - 3, area.y, 6, area.h);
  ctx.fillStyle = view.ink.text;
  ctx.fillRect(at - 1, area.y, 2, area.h);
  view.font(16, true);
  [["left", box.x, `A  ${difference(view, a, b)}`], ["right", box.x + box.w, `B  ${difference(view, b, a)}`]].forEach(([side, x, text]) => {
    ctx.textAlign = side;
    ctx.fillText(text, x, box.row + 16, box.w / 2 - 4);
  });
  // The middle of its handle, 28 px wide, goes from end to end of the picture.
  Object.assign(kept.divider.style, { left: `${area.x - 14}px`, width: `${area.w + 28}px`, top: `${area.y + area.h - 44}px` });
  return drawn;
}
