// ---------------------------------------------------------------- the readout

function equation(view, geo) {
  if (!geo.rows || !geo.cols) {
    return [["strong", `No output: the window does not fit into the padded image. Use more padding, less dilation or a smaller kernel.`]];
  }
  const image = plane(view.arrays.padded);
  const part = slice({ slice: "window" }, image, geo);
  const terms = [];
  for (let a = 0; a < part.rows; a++) {
    for (let b = 0; b < part.cols; b++) {
      terms.push(`(${number(value(image, part, a, b))}×${number(geo.weights.values[a * part.cols + b])})`);
    }
  }
  if (terms.length > 25) terms.splice(3, terms.length - 4, `… ${terms.length - 4} more products …`);
  const total = value(geo.map, slice({ slice: "map" }, geo.map, geo), geo.row, geo.col);
  return [["b", `output[${geo.row}, ${geo.col}] = `], ["span", terms.join(" + ") + " = "], ["strong", number(total)]];
}

function mixture(view, geo) {
  const weights = view.model.get("mix");
  const pixels = view.arrays.channels;
  const at = weights.map((_, c) => plane(pixels, c)).map((p) => p.values[p.offset + geo.row * p.cols + geo.col]);
  const out = plane(view.arrays.output);
  const terms = at.map((v, c) => `(${number(v)}×${number(weights[c])})`).join(" + ");
  return [["b", `new[${geo.row}, ${geo.col}] = `], ["span", `${terms} + ${number(view.model.get("bias"))} = `],
    ["strong", number(out.values[geo.row * out.cols + geo.col])]];
}

// Sentences come from Python; {name} is replaced by a number that Python computed or a slider chose.
function sentence(view, geo) {
  const texts = view.model.get("texts");
  const chosen = view.model.get("choice");
  if (view.model.get("readout") === "choice") return [["span", chosen == null ? view.model.get("text") : texts[chosen]]];
  const words = view.fit();
  const text = words.out === 0 ? texts[0] : words.dropped ? texts[2] : texts[1];
  return [["span", text.replace(/{(\w+)}/g, (_, name) => number(words[name]))]];
}

function field(view, geo) {
  const layer = view.model.get("layers")[geo.layer];
  const spans = [view.span(geo.row, geo)[0], view.span(geo.col, geo)[0]];
  const range = ([first, last]) => `${number(first)} to ${number(last)}`;
  return [["b", `${layer.label}: unit [${geo.row}, ${geo.col}] `],
    ["span", `sees input rows ${range(spans[0])} and columns ${range(spans[1])}, `], ["strong", layer.field],
    ["span", layer.apart], ["span", spans.flat().some((at) => at < 0 || at >= view.model.get("layers")[0].size) ? " Indices outside the input lie in the padding." : ""]];
}

// The value of every curve at the cursor.
function curves(view, geo) {
  const parts = [];
  for (const panel of view.model.get("panels").filter((each) => each.cursor)) {
    const read = panel.traces.filter((trace) => trace.read !== false && trace.label);
    const at = points(view, panel.traces[0], geo)[geo.col];
    if (!parts.length) parts.push(["b", `${panel.xlabel} ${number(at[0])}: `]);
    const values = read.map((trace) => `${trace.label} ${number(points(view, trace, geo)[geo.col]?.[1] ?? NaN)}`);
    parts.push(["span", `${panel.name ?? panel.ylabel ?? panel.title}: ${values.join(", ")}. `]);
  }
  return parts;
}

// Which class each network finds most likely, and how far what it sees was moved.
function verdicts(view, geo) {
  const [moved] = view.model.get("panels").filter((panel) => panel.slice === "pan");
  const parts = [];
  if (moved) {
    const [down, right] = [geo.row - moved.reach, geo.col - moved.reach];
    parts.push(["b", `Moved by ${number(right)} to the right and ${number(down)} down. `]);
  }
  for (const panel of view.model.get("panels").filter((each) => each.kind === "columns")) {
    const values = chosenRow(view.arrays[panel.array], panel.at, geo);
    const top = values.indexOf(Math.max(...values));
    const words = top < 0 ? "NaN for every class" : `${panel.labels?.[top] ?? top} with ${Math.round(100 * values[top])} %`;
    parts.push(["span", `${panel.title}: ${words}. `]);
  }
  return parts;
}

const steps = (view, geo) => [["span", view.model.get("texts")[geo.step] ?? ""]];

// A sentence for each stop of the slider that chooses `col`.
const stops = (view, geo) => [["span", view.model.get("texts")[geo.col] ?? ""]];

Object.assign(READ, { curves, verdicts, steps, stops, equation, mixture, fit: sentence, choice: sentence, field, text: (view) => [["span", view.model.get("text")]] });
