// Where the panels of an explorer stand: side by side, and on a phone in as many rows as their letters and cells need.
import { plane } from "./arrays.js";
import { BAR } from "./paint.js";

export const HEAD = 26; // px of a panel's title
const TITLE_LINE = 18; // px of each further line of it
const BETWEEN_PANELS = 30; // px between panels
const PHONE = 700; // px of all of them: below it is a phone,
export const TABLET = 860; // and up to here they stand below each other where side by side one of them would be too narrow
const NEEDS = { grid: 132, window: 132, terms: 132, fit: 132, bars: 200, plot: 230 }; // px that a panel needs,
const NEEDS_MOST = 250; // and one of any other kind
const READ_CELL = 27; // px of a cell whose number can be read, for arrays of so few columns that it is meant to be read:
const FEW_COLUMNS = 10;
const DETAILS = ["window", "terms", "brackets"]; // stand below the pictures of which they show a part
const TALL = { plot: 300, columns: 190, terms: 260, boxes: 280, pyramid: 320, wires: 260, brackets: 150, network: 384 }; // px
const BAR_TALL = 52; // px of one lying bar
const ALONE_TALL = 220; // px of a picture that stands alone in the last of several rows

const shareOf = (panel) => panel.share ?? 1;

// Rows and columns of what a panel shows; a square for what is no array.
function shownSize({ where }, panel) {
  if (panel.kind !== "grid") return [1, 1];
  const { rows, cols } = panel.slice === "map" ? where.windows() : panel.slice === "window" ? where.windows().window : plane(where.array(panel.array, panel.among));
  return rows && cols ? [rows, cols] : [1, 1];
}

function needsWide(view, panel) {
  const cols = shownSize(view, panel)[1];
  if (panel.heads || panel.columns) return NEEDS_MOST;
  if (panel.kind === "grid" && cols > 1 && cols <= FEW_COLUMNS) return Math.max(NEEDS.grid, READ_CELL * cols);
  return NEEDS[panel.kind] ?? NEEDS_MOST;
}

// Lines of a title for its width; none is longer than it if there is a gap where it can break.
export function titleLines(view, title, size, w) {
  view.font(16, true);
  const fits = (text) => view.ctx.measureText(text).width <= w + 8;
  if (fits(title + size)) return [title + size];
  const lines = [];
  for (const word of `${title} ${size.trim().replaceAll(" ", "\u00a0")}`.trim().split(" ")) {
    if (lines.length && fits(`${lines.at(-1)} ${word}`)) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}

const longestTitle = (panel) => [...(panel.titles ?? []), panel.title ?? ""].sort((a, b) => b.length - a.length)[0];

// Rows of panels, each { cells: [{ at, x, w }], head, high }; `high` is what there is for one row alone.
export function planRows(view, high) {
  const panels = view.get("panels");
  const { width } = view;
  const untitled = panels.every((panel) => panel.title === "");
  const places = panels.map((_, at) => at);
  const detail = (at) => DETAILS.includes(panels[at].kind);
  const signs = panels.some(({ sign }) => sign);
  const widthOf = (row, at) => ((width - 8 - BETWEEN_PANELS * (row.length - 1)) * shareOf(panels[at])) / row.reduce((sum, each) => sum + shareOf(panels[each]), 0);
  const fits = (row) => row.every((at) => widthOf(row, at) >= needsWide(view, panels[at]) * Math.min(1, shareOf(panels[at])));
  const compact = width < TABLET && !view.given && !panels.some(({ phone }) => phone);
  const narrow = compact && (width < PHONE || !fits(places));
  const rows = [];
  for (const at of narrow && !signs ? [...places.filter((each) => !detail(each)), ...places.filter(detail)] : places) {
    if (rows.length && (!narrow || fits([...rows.at(-1), at]))) rows.at(-1).push(at);
    else rows.push([at]);
  }
  Object.assign(view, { compact, narrow });
  const widths = new Map(); // of a picture that stands alone: as wide as its like in the row above
  const like = (at) => [panels[at].kind, shareOf(panels[at]), ...shownSize(view, panels[at])].join();
  return rows.map((row) => {
    let x = 4;
    const cells = row.map((at) => {
      const w = widthOf(row, at);
      const known = narrow && row.length === 1 ? widths.get(like(at)) : undefined;
      const cell = known ? { at, x: (width - known) / 2, w: known } : { at, x, w };
      if (narrow) widths.set(like(at), cell.w);
      x += w + BETWEEN_PANELS;
      return cell;
    });
    if (!compact) return { cells, head: untitled ? 8 : HEAD, high };
    const lines = Math.max(...cells.map(({ at, w }) => titleLines(view, longestTitle(panels[at]), panels[at].kind === "grid" && panels[at].size !== false ? "  000 × 000" : "", w).length));
    const head = untitled ? 8 : HEAD + (lines - 1) * TITLE_LINE;
    if (!narrow) return { cells, head, high };
    const tall = Math.max(...cells.map(({ at, w }) => {
      const panel = panels[at];
      if (panel.kind === "bars") return BAR_TALL * (panel.at ? panel.bars[0] : panel.bars).length + 8;
      if (TALL[panel.kind]) return TALL[panel.kind] * (rows.length > 1 && panel.kind === "plot" ? 0.8 : 1);
      const [down, across] = shownSize(view, panel);
      return Math.min((w * down) / across, rows.length > 1 && row.length === 1 ? ALONE_TALL : 344) + BAR + (panel.kind === "window" ? 16 : 5); // the sum below a window
    }));
    return { cells, head, high: rows.length === 1 ? Math.min(high, head + tall + 8) : head + tall + 8 };
  });
}

// Where each panel stands, in their order: its box below its title, the middle of its title, and the row it is in.
export function placeRows(view) {
  const placed = [];
  let top = 0;
  for (const { cells, head, high } of view.rows) {
    for (const [nth, { at, x, w }] of cells.entries()) {
      placed[at] = { box: { x, y: top + head, w, h: high - head - 4, row: top }, title: top + HEAD / 2 - 1, whole: { x, y: top + 2, w, h: high - 4 },
        last: nth + 1 === cells.length, sign: nth + 1 < cells.length ? [x + w + BETWEEN_PANELS / 2, top + high / 2] : [x + w - 10, top + HEAD / 2] };
    }
    top += high;
  }
  return placed;
}
