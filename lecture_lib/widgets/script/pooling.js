// ---------------------------------------------------------------- pooling

// The pixels under the chosen window, the largest of them framed where `kernel` 0 is the maximum.
function drawPooled(view, panel, box, geo) {
  const drawn = drawGrid(view, panel, box, geo);
  if (drawn === "no output" || geo.kernel !== 0) return drawn;
  const { grid, part, source } = drawn;
  const most = value(geo.map, slice({ slice: "map" }, geo.map, geo), geo.row, geo.col);
  for (let at = 0; at < part.rows * part.cols; at++) {
    const [r, c] = [Math.floor(at / part.cols), at % part.cols];
    if (value(source, part, r, c) !== most) continue;
    outline(view, grid, r, c, 1, 1);
    break; // of equal ones the first
  }
  return drawn;
}

// One output value with the numbers it came from, and Python's sentence on the sizes at these settings.
function pooled(view, geo) {
  const sizes = view.model.get("texts")[4 * (geo.f - 1) + geo.stride - 1];
  if (!geo.rows || !geo.cols) return [["strong", sizes]];
  const source = plane(view.arrays.padded);
  const part = slice({ slice: "window" }, source, geo);
  const pixels = Array.from({ length: part.rows * part.cols },
    (_, at) => number(value(source, part, Math.floor(at / part.cols), at % part.cols)));
  if (pixels.length > 16) pixels.splice(3, pixels.length - 4, `… ${pixels.length - 4} more …`);
  const total = number(value(geo.map, slice({ slice: "map" }, geo.map, geo), geo.row, geo.col));
  const made = `${["max", "mean", "first of "][geo.kernel]}(${pixels.join(", ")}) = `;
  return [["b", `output[${geo.row}, ${geo.col}] = `], ["span", made], ["strong", total], ["span", `. ${sizes}`]];
}

DRAW.pooled = drawPooled;
READ.pooled = pooled;
