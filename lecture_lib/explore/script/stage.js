// The pictures of an explorer side by side: how large they are, and how they are painted.
import { drawCompared } from "./compare.js";
import { arrange } from "./layout.js";
import { clamp } from "./numbers.js";
import { BAR } from "./paint.js";
import { PALETTE } from "./palette.js";
import { DRAW } from "./panels/index.js";

const HIGH = 640; // px of an explorer with all around its pictures
const LEAST = 200; // px of pictures that are left at least
const HEAD = 26; // px of a panel's title
const SPACE = 30; // px between panels

// Called when the view is first in the page, and whenever its size, its controls or the theme change.
export function place(view) {
  view.width = view.stage.clientWidth || view.width; // a page that changes its theme hides for a moment
  view.zoom = view.stage.getBoundingClientRect().width / view.width || 1; // slides are laid out small and enlarged
  measure(view);
  const theme = view.el.closest('[data-jp-theme-light="false"]') ? "dark" : "light";
  view.ink = { ...PALETTE.inks[theme], bright: PALETTE.bright };
  view.series = PALETTE.series[theme];
  view.family = getComputedStyle(view.el).fontFamily;
  drawStage(view);
  const tall = view.drawn.map(({ panel, grid }) => (panel.kind === "grid" && grid ? grid.rows * grid.cell : Infinity));
  const needed = Math.ceil(Math.max(...tall)) + HEAD + BAR + 5 + (view.drawn.some(({ panel }) => panel.columns) ? 24 : 0);
  if (document.fullscreenElement === view.el || !(needed < view.high) || !tall.length) return;
  view.high = needed; // they are as wide as there is room: no empty stripe above and below
  drawStage(view);
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
  view.high = view.given && !full ? view.given : full ? Math.max(declared, innerHeight - rest) : view.width < 700 ? view.get("panels").find(({ phone }) => phone)?.phone ?? Math.min(declared, 384) : Math.min(declared, Math.max(LEAST, most - rest));
}

export function drawStage(view) {
  const { ctx, where, width, high: height } = view; // asking the element for its size now would lay out the page once more
  const panels = view.get("panels");
  if (!panels.length) view.stage.style.display = "none";
  if (!width || !panels.length) {
    view.tour.paint(view);
    return;
  }
  view.stage.style.display = "";
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
  const sum = panels.reduce((total, panel) => total + (panel.share ?? 1), 0);
  const free = width - 8 - SPACE * (panels.length - 1);
  let x = 4;
  const top = panels.every((panel) => panel.title === "") ? 8 : HEAD; // no title, no room for one
  view.drawn = panels.map((panel, at) => {
    const w = (free * (panel.share ?? 1)) / sum;
    const box = { x, y: top, w, h: height - top - 4 };
    view.motion.panel(at);
    const compared = view.kept && panel.compare;
    const result = compared ? drawCompared(view, panel, box, where) : DRAW[panel.kind](view, panel, box, where);
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "center";
    view.font(16, true);
    const title = panel.titles ? panel.titles[clamp(where.place(panel.index), panel.titles.length)] : panel.title;
    const size = result.size && panel.size !== false ? `  ${result.size[0]} × ${result.size[1]}` : "";
    if (!compared) ctx.fillText((title ?? "") + size, x + w / 2, HEAD / 2 - 1, w + 8);
    if (result === "no output") {
      view.font(16);
      ctx.fillText("no output", x + w / 2, height / 2);
    }
    if (panel.sign) {
      view.font(26, true);
      ctx.fillText(panel.sign, x + w + SPACE / 2, height / 2);
    }
    x += w + SPACE;
    return { panel, whole: { x: box.x, y: 2, w, h: height - 4 }, ...(result === "no output" ? {} : result) };
  });
  if (!view.presses.hidden.size) for (const { over } of view.drawn) over?.(view.drawn); // what goes from one panel to another
  view.presses.paint(view);
  view.tour.paint(view);
  const about = `${view.get("about")} Arrow keys move what is marked.${panels.some((panel) => panel.edit) ? " Enter types into a cell." : ""}`;
  if (view.canvas.ariaLabel !== about) view.canvas.ariaLabel = about;
}
