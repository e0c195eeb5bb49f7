// ---------------------------------------------------------------- activation functions

// A plot of two weights: both axes have one unit, so that right angles stay right.
function drawWeights(view, panel, box, geo) {
  const [across, up] = [panel.x[1] - panel.x[0], panel.y[1] - panel.y[0]];
  const [wide, high] = [68, 46]; // what the ticks and labels of a plot without a legend take
  const unit = Math.min((box.w - wide) / across, (box.h - high) / up);
  const [w, h] = [across * unit + wide, up * unit + high];
  const drawn = drawPlot(view, panel, { x: box.x + (box.w - w) / 2, y: box.y + (box.h - h) / 2, w, h }, geo);
  drawn.plot.nearest = () => geo.col; // a path crosses itself: a place says nothing about the step
  return drawn;
}

// The sentence that Python wrote, with {0}, {1}, … replaced by the numbers of a row that the sliders choose.
function filled(view, array, at, geo) {
  const numbers = chosenRow(view.arrays[array], at, geo);
  return view.model.get("texts")[0].replace(/{(\d)}/g, (_, i) => inWords(numbers[i]));
}

// Each function and its slope at the cursor, and what of a gradient gets through.
function zoo(view, geo) {
  const [f, slope] = view.model.get("panels");
  const at = (trace) => inWords(points(view, trace, geo)[geo.col][1]);
  const values = slope.traces.map((trace, i) => `${trace.label} ${at(f.traces[i])} (slope ${at(trace)})`);
  return [["b", `x ${number(view.arrays.x.values[geo.col])}: `], ["span", `${values.join(", ")}. `],
    ["b", filled(view, "through", f.traces[0].at.concat(["level", "kernel"]), geo)]];
}

// Which of Maxout's lines is the highest at the cursor.
function envelope(view, geo) {
  const at = view.arrays.winner.values[geo.col];
  const [x, height] = [view.arrays.x.values[geo.col], view.arrays.envelope.values[geo.col]];
  return [["b", `x ${number(x)}: `], ["strong", `line ${at + 1} is the highest. `],
    ["span", `${view.model.get("texts")[at]} gives ${number(height)}. ${view.model.get("text")}`]];
}

Object.assign(DRAW, { weights: drawWeights });
Object.assign(READ, { zoo, envelope });
