// ---------------------------------------------------------------- where windows lie

// One of a list of arrays; where each is a list by window size, the one of the size chosen.
function oneOf(list, index, { f }) {
  const chosen = list[clampIndex(index, list.length)];
  return Array.isArray(chosen) ? chosen[clampIndex(f - 1, chosen.length)] : chosen;
}

// Which plane or row of an array leading indices choose: numbers, or names of sliders.
function flatIndex(shape, at, geo) {
  return at.reduce((index, each, axis) => index * shape[axis]
    + (typeof each === "number" ? each : clampIndex(geo[each], shape[axis])), 0);
}

// What the sliders say now, and where that puts the windows.
function geometry(view) {
  const at = (name) => view.model.get(name) ?? 0;
  const state = { kernel: at("kernel"), stride: at("stride"), padding: at("padding"), dilation: at("dilation"),
    margin: at("margin"), row: at("row"), col: at("col"), step: at("step"), layer: at("layer"),
    item: at("item"), level: at("level"), f: at("f") };
  const { maps, spans } = view.arrays;
  if (spans) state.layer = Math.min(state.layer, spans.length - 1); // layers may go before their slider hears of it
  if (!maps) return state;
  const map = plane(oneOf(maps, state.kernel, state));
  const skip = state.margin - state.padding; // the map was computed with the widest padding
  const fits = (length) => Math.max(0, Math.floor((length - 1 - 2 * skip) / state.stride) + 1);
  const weights = view.arrays.weights ? plane(view.arrays.weights[state.kernel]) : null;
  const window = weights ?? { rows: view.model.get("f"), cols: view.model.get("f") };
  return { ...state, map, weights, window, skip, rows: fits(map.rows), cols: fits(map.cols) };
}

// The part of a plane that a panel shows: first row and column, step, and how many.
function slice(panel, source, geo) {
  const whole = { top: 0, left: 0, step: 1, rows: source.rows, cols: source.cols };
  if (panel.slice === "map") return { top: geo.skip, left: geo.skip, step: geo.stride, rows: geo.rows, cols: geo.cols };
  if (panel.slice === "window") {
    return { top: geo.row * geo.stride + geo.skip, left: geo.col * geo.stride + geo.skip, step: geo.dilation,
      rows: geo.window.rows, cols: geo.window.cols };
  }
  if (panel.slice === "pan") { // moved by up to `reach`; row and column say how far
    const { reach } = panel;
    return { top: 2 * reach - geo.row, left: 2 * reach - geo.col, step: 1, rows: source.rows - 2 * reach, cols: source.cols - 2 * reach };
  }
  return whole;
}

const value = (source, part, r, c) =>
  source.values[source.offset + (part.top + r * part.step) * source.cols + part.left + c * part.step];
