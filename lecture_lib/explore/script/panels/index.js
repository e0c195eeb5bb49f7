// Kind of panel → (view, panel, box, where) => what of it can be pointed at, or "no output".
import { drawBars, drawColumns } from "./bars.js";
import { drawBoxes } from "./boxes.js";
import { drawBrackets, drawFit } from "./fit.js";
import { drawGrid } from "./grid.js";
import { drawMaps, drawSeen, drawVerdict } from "./maps.js";
import { drawNetwork } from "./network.js";
import { drawPad } from "./pad.js";
import { drawPlot } from "./plot.js";
import { drawPyramid } from "./pyramid.js";
import { drawSheet } from "./sheet.js";
import { drawWires } from "./wires.js";

export const DRAW = {
  bars: drawBars,
  boxes: drawBoxes,
  brackets: drawBrackets,
  columns: drawColumns,
  fit: drawFit,
  grid: drawGrid,
  maps: drawMaps,
  network: drawNetwork,
  pad: drawPad,
  plot: drawPlot,
  pyramid: drawPyramid,
  seen: drawSeen,
  sheet: drawSheet,
  verdict: drawVerdict,
  wires: drawWires,
};
