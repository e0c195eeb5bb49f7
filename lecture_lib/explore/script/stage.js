// The pictures of an explorer side by side: how large they are, and how they are painted.
import { drawCompared } from "./compare.js";
import { arrange } from "./layout.js";
import { clamp } from "./numbers.js";
import { BAR } from "./paint.js";
import { PALETTE } from "./palette.js";
import { DRAW } from "./panels/index.js";
import { HEAD, placeRows, planRows, TABLET, titleLines } from "./rows.js";

const HIGH = 640; // px of an explorer with all around its pictures
const LEAST = 200; // px of pictures that are left at least

// Called when the view is first in the page, and whenever its size, its controls or the theme change.
export function place(view) {
  view.width = view.stage.clientWidth || view.width; // a page that changes its theme hides for a moment
  view.zoom = view.stage.getBoundingClientRect().width / view.width || 1; // slides are laid out small and enlarged
  view.least = view.el.closest(".slide") && document.fullscreenElement !== view.el ? view.letters ?? 0 : 0;
  measure(view);
  const theme = view.el.closest('[data-jp-theme-light="false"]') ? "dark" : "light";
  view.ink = { ...PALETTE.inks[theme], bright: PALETTE.bright };
  view.series = PALETTE.series[theme];
  view.family = getComputedStyle(view.el).fontFamily;
  if (view.width) view.rows = planRows(view, view.high);
  if (view.narrow) for (const each of view.controls.querySelectorAll(".lecture-chips")) showChosen(each);
  drawStage(view);
  if (!view.drawn.length || (document.fullscreenElement === view.el && !view.narrow)) return;
  const before = view.high;
  for (const row of view.rows) { // its pictures are as wide as there is room: no empty stripe above and below
    const drawn = row.cells.map(({ at }) => view.drawn[at]);
    const tall = drawn.map(({ panel, grid }) => (panel.kind === "grid" && grid ? grid.rows * grid.cell + (view.narrow && panel.heads ? 44 : 0) : Infinity));
    const needed = Math.ceil(Math.max(...tall)) + row.head + BAR + 5 + (drawn.some(({ panel }) => panel.columns) ? 24 : 0);
    if (needed < row.high) row.high = needed;
  }
  view.high = view.rows.reduce((sum, { high }) => sum + high, 0);
  if (view.high !== before) drawStage(view);
}

// In a line of choices that a finger moves, the one that is chosen is in sight.
function showChosen(chips) {
  const chosen = chips.querySelector("label:has(:checked)");
  if (chosen) chips.scrollLeft = chosen.offsetLeft - chips.offsetLeft - (chips.clientWidth - chosen.offsetWidth) / 2;
}

// How high the pictures are: as declared, but so that the whole fits a screen; in full screen all the height there is.
function measure(view) {
  if (view.arranged?.made !== view.made || view.arranged.width !== view.width) { // the observer tells of a new height, too
    arrange(view.controls, view.width);
    view.arranged = { made: view.made, width: view.width };
  }
  const [declared, full] = [view.get("height"), document.fullscreenElement === view.el];
  const [all, stage, words] = [view.el, view.stage, view.readout.parentElement].map((each) => each.getBoundingClientRect());
  // A tour comes on top of that where the page can be longer; a slide cannot.
  const tour = view.el.closest(".slide") ? 0 : view.tour.strip?.offsetHeight ?? 0;
  const most = HIGH + (tour && tour + 4); // with its margins
  const below = parseFloat(getComputedStyle(view.el).paddingBottom) + 1;
  const rest = Math.ceil((words.bottom - all.top - stage.height) / (view.zoom || 1) + below);
  const upright = view.width < TABLET && view.get("panels").find(({ phone }) => phone)?.phone;
  if (view.given && !full) view.high = view.given;
  else if (full) view.high = Math.max(upright || declared, Math.floor(innerHeight / (view.zoom || 1)) - rest);
  else view.high = upright || Math.min(declared, view.width < 700 ? 384 : Math.max(LEAST, most - rest));
}

export function drawStage(view) {
  const { ctx, where, width } = view; // asking the element for its size now would lay out the page once more
  const panels = view.get("panels");
  if (!panels.length) view.stage.style.display = "none";
  if (!width || !panels.length) {
    view.tour.paint(view);
    return;
  }
  view.stage.style.display = "";
  if (view.rows.flatMap(({ cells }) => cells).length !== panels.length) view.rows = planRows(view, view.high);
  const height = (view.high = view.rows.length > 1 ? view.rows.reduce((sum, { high }) => sum + high, 0) : view.high);
  const ratio = (window.devicePixelRatio || 1) * view.zoom;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (view.canvas.width !== wide || view.canvas.height !== high) {
    Object.assign(view.canvas, { width: wide, height: high });
    view.canvas.style.height = `${height}px`;
  }
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.fillStyle = view.ink.paper;
  ctx.fillRect(0, 0, width + 1, height + 1); // a part of a pixel, too, that rounding leaves
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const placed = placeRows(view);
  view.drawn = panels.map((panel, at) => {
    const { box, title: line, whole, sign, last } = placed[at];
    view.motion.panel(at);
    const compared = view.kept && panel.compare;
    const result = compared ? drawCompared(view, panel, box, where) : DRAW[panel.kind](view, panel, box, where);
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "center";
    view.font(16, true);
    const title = (panel.titles ? panel.titles[clamp(where.place(panel.index), panel.titles.length)] : panel.title) ?? "";
    const size = result.size && panel.size !== false ? `  ${result.size[0]} × ${result.size[1]}` : "";
    const lines = view.compact ? titleLines(view, title, size, box.w) : [title + size];
    if (!compared) lines.forEach((text, nth) => ctx.fillText(text, box.x + box.w / 2, line + nth * 18, box.w + 8));
    if (result === "no output") {
      view.font(16);
      ctx.fillText("no output", box.x + box.w / 2, box.y + box.h / 2);
    }
    if (panel.sign && !(last && panel.sign === "→")) { // what follows stands below
      view.font(26, true);
      ctx.fillText(panel.sign, ...sign);
    }
    return { panel, whole, ...(result === "no output" ? {} : result) };
  });
  if (!view.presses.hidden.size) for (const { over } of view.drawn) over?.(view.drawn); // what goes from one panel to another
  view.presses.paint(view);
  view.tour.paint(view);
  const about = `${view.get("about")} Arrow keys move what is marked.${panels.some((panel) => panel.edit) ? " Enter types into a cell." : ""}`;
  if (view.canvas.ariaLabel !== about) view.canvas.ariaLabel = about;
}
