// The sentence below the pictures: what Python declared, filled with numbers that Python computed.
import { plane, row } from "./arrays.js";
import { clamp, equals, exact, inWords, number, percent, valued } from "./numbers.js";
import { valueAt } from "./paint.js";
import { mapValue, pooledText, underWindow } from "./panels/grid.js";
import { points } from "./panels/plot.js";
import { walkWords } from "./panels/walk.js";
import { sumText, terms } from "./panels/window.js";

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

const NO_OUTPUT = "No output: the window does not fit into the padded image. Use more padding, less dilation or a smaller kernel.";

// One output value with its products.
function equation(view, say, where) {
  const { source, windows, part } = underWindow(where);
  if (!windows.rows || !windows.cols) {
    return [["strong", NO_OUTPUT]];
  }
  const { weights } = windows;
  const terms = [];
  let total = 0;
  for (let a = 0; a < part.rows; a++) {
    for (let b = 0; b < part.cols; b++) {
      const [pixel, weight] = [valueAt(source, part, a, b), weights.values[weights.offset + a * part.cols + b]].map(exact);
      terms.push(`(${pixel}×${weight})`);
      total += valued(pixel) * valued(weight);
    }
  }
  if (terms.length > 25) terms.splice(3, terms.length - 4, `… ${terms.length - 4} more products …`);
  return [["b", `output[${windows.row}, ${windows.col}] = `], ["span", `${terms.join(" + ")} ${equals(total, number(mapValue(windows)))} `], ["strong", number(mapValue(windows))]];
}

// One output value as what adds to it and what takes away.
function summed(view, say, where) {
  const all = terms(where);
  if (!all.length) return [["strong", NO_OUTPUT]];
  const windows = where.windows();
  const [more, less] = [1, -1].map((sign) => all.filter(({ pixel, weight }) => pixel * weight * sign > 0));
  const part = (some) => sumText(some, some.reduce((total, { pixel, weight }) => total + pixel * weight, 0));
  return [["b", `output[${windows.row}, ${windows.col}]: `], ["span", `${more.length} ${more.length === 1 ? "product adds" : "products add"} ${part(more)}, `],
    ["span", `${less.length} ${less.length === 1 ? "takes" : "take"} away ${part(less).replace("−", "")}, `], ["strong", `together ${sumText(all, mapValue(windows))}`], ["span", "."]];
}

// One pooled value with the pixels it came from; `made` says how for each of the kernels.
function pooled(view, say, where) {
  const { source, windows, part } = underWindow(where);
  if (!windows.rows || !windows.cols) return [];
  const values = Array.from({ length: part.rows * part.cols }, (_, at) => valueAt(source, part, Math.floor(at / part.cols), at % part.cols));
  const pixels = values.map(number);
  const made = say.options.made[windows.kernel];
  const { sign } = pooledText(made, values, mapValue(windows));
  if (pixels.length > 16) pixels.splice(3, pixels.length - 4, `… ${pixels.length - 4} more …`);
  return [["b", `output[${windows.row}, ${windows.col}] = `], ["span", `${made}(${pixels.join(", ")}) ${sign} `],
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
  const factors = weights.map((weight, k) => [at(plane(channels, [k])), weight].map(exact));
  const terms = factors.map(([value, weight]) => `(${value}×${weight})`);
  const total = factors.reduce((sum, [value, weight]) => sum + valued(value) * valued(weight), valued(exact(bias)));
  const made = number(at(plane(output)));
  return [["b", `new[${r}, ${c}] = `], ["span", `${terms.join(" + ")} + ${exact(bias)} ${equals(total, made)} `], ["strong", made]];
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
    const right = panel.marked ? row(where.arrays[panel.marked], where.places(panel.at).slice(0, 1))[0] : -1;
    const judged = top < 0 || right < 0 ? "" : top === right ? ", right ✓" : `, wrong: it is ${panel.labels?.[right] ?? right}`;
    return ["span", `${panel.title}: ${words}${judged}. `];
  });
}

export const READ = { curves, equation, mixture, pooled, sum: summed, verdicts, walk: walkWords };

// Whether the indices stand at values at which something is of use.
export const holds = (when, where) => Object.entries(when).every(([name, values]) => values.includes(where.value(name)));

// [[tag, text], …] of the whole sentence.
export const read = (view, sentence, where) => sentence.filter((say) => holds(say.when, where)).flatMap((say) =>
  say.kind === "text" ? [[say.tag, text(view, say, where)]] : READ[say.kind](view, say, where));
