// The sentence below the pictures: what Python declared, filled with numbers that Python computed.
import { plane, row } from "./arrays.js";
import { clamp, inWords, number, percent } from "./numbers.js";
import { valueAt } from "./paint.js";
import { mapValue, underWindow } from "./panels/grid.js";
import { points } from "./panels/plot.js";

// A declared text: of nested lists the one that the indices choose, with its {names} filled in.
function text(view, say, where) {
  let chosen = say.text;
  for (const at of say.at) {
    if (at !== null && where.state[at] === null) return ""; // nothing is chosen yet
    chosen = chosen[clamp(where.place(at), chosen.length)];
  }
  return chosen.replace(/{(\w+)(%?)}/g, (_, name, share) => {
    if (!(name in say.numbers)) return where.words(name);
    const value = where.place(say.numbers[name]);
    return share ? percent(value) : inWords(value);
  });
}

// One output value with its products.
function equation(view, say, where) {
  const { source, windows, part } = underWindow(where);
  if (!windows.rows || !windows.cols) {
    return [["strong", "No output: the window does not fit into the padded image. Use more padding, less dilation or a smaller kernel."]];
  }
  const { weights } = windows;
  const terms = [];
  for (let a = 0; a < part.rows; a++) {
    for (let b = 0; b < part.cols; b++) {
      terms.push(`(${number(valueAt(source, part, a, b))}×${number(weights.values[weights.offset + a * part.cols + b])})`);
    }
  }
  if (terms.length > 25) terms.splice(3, terms.length - 4, `… ${terms.length - 4} more products …`);
  return [["b", `output[${windows.row}, ${windows.col}] = `], ["span", terms.join(" + ") + " = "], ["strong", number(mapValue(windows))]];
}

// One pooled value with the pixels it came from; `made` says how for each of the kernels.
function pooled(view, say, where) {
  const { source, windows, part } = underWindow(where);
  if (!windows.rows || !windows.cols) return [];
  const pixels = Array.from({ length: part.rows * part.cols },
    (_, at) => number(valueAt(source, part, Math.floor(at / part.cols), at % part.cols)));
  if (pixels.length > 16) pixels.splice(3, pixels.length - 4, `… ${pixels.length - 4} more …`);
  return [["b", `output[${windows.row}, ${windows.col}] = `], ["span", `${say.options.made[windows.kernel]}(${pixels.join(", ")}) = `],
    ["strong", number(mapValue(windows))], ["span", ". "]];
}

// The weighted sum of several channels at the chosen place. `channels` and `output` name arrays, `mix` that of the weights and the bias
// which made the output: while Python is busy a slider may be ahead of it.
function mixture(view, say, where) {
  const [channels, output, mix] = ["channels", "output", "mix"].map((name) => where.arrays[say.options[name]]);
  const [r, c] = view.arrows.map((name) => where.place(name));
  const at = (source) => source.values[source.offset + r * source.cols + c];
  const weights = [...mix.values];
  const bias = weights.pop();
  const terms = weights.map((weight, k) => `(${number(at(plane(channels, [k])))}×${number(weight)})`);
  return [["b", `new[${r}, ${c}] = `], ["span", `${terms.join(" + ")} + ${number(bias)} = `], ["strong", number(at(plane(output)))]];
}

// The value of every curve at the cursor.
function curves(view, say, where) {
  const parts = [];
  for (const panel of view.get("panels").filter((each) => each.cursor)) {
    const read = panel.traces.filter((trace) => trace.read !== false && trace.label);
    const at = where.place(panel.cursor);
    if (!parts.length) parts.push(["b", `${panel.xlabel} ${number(points(view, panel.traces[0], where)[at][0])}: `]);
    const values = read.map((trace) => `${trace.label} ${number(points(view, trace, where)[at]?.[1] ?? NaN)}`);
    parts.push(["span", `${panel.name ?? panel.ylabel ?? panel.title}: ${values.join(", ")}. `]);
  }
  return parts;
}

// The most likely class of each panel of columns.
function verdicts(view, say, where) {
  return view.get("panels").filter((each) => each.kind === "columns").map((panel) => {
    const values = row(where.arrays[panel.array], where.places(panel.at));
    const top = values.indexOf(Math.max(...values));
    const words = top < 0 ? "NaN for every class" : `${panel.labels?.[top] ?? top} with ${percent(values[top])}`;
    return ["span", `${panel.title}: ${words}. `];
  });
}

export const READ = { curves, equation, mixture, pooled, verdicts };

// Whether the indices stand at values at which something is of use.
export const holds = (when, where) => Object.entries(when).every(([name, values]) => values.includes(where.value(name)));

// [[tag, text], …] of the whole sentence.
export const read = (view, sentence, where) => sentence.filter((say) => holds(say.when, where)).flatMap((say) =>
  say.kind === "text" ? [[say.tag, text(view, say, where)]] : READ[say.kind](view, say, where));
