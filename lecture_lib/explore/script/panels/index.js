// Kind of panel → (view, panel, box, where) => what of it can be pointed at, or "no output".
import { drawBars, drawColumns } from "./bars.js";
import { drawBoxes } from "./boxes.js";
import { drawBrackets, drawFit } from "./fit.js";
import { drawGrid } from "./grid.js";
import { drawNetwork } from "./network.js";
import { drawPlot } from "./plot.js";
import { drawPyramid } from "./pyramid.js";
import { drawSheet } from "./sheet.js";
import { drawWalk } from "./walk.js";
import { drawTerms, drawWindow } from "./window.js";
import { drawWires } from "./wires.js";

export const DRAW = {
  bars: drawBars,
  boxes: drawBoxes,
  brackets: drawBrackets,
  columns: drawColumns,
  fit: drawFit,
  grid: drawGrid,
  network: drawNetwork,
  plot: drawPlot,
  pyramid: drawPyramid,
  sheet: drawSheet,
  terms: drawTerms,
  walk: drawWalk,
  window: drawWindow,
  wires: drawWires,
};
