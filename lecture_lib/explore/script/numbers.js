// Numbers as the pages write them.

// An index moved to where there is something to choose, 0 to count - 1.
export const clamp = (at, count) => Math.max(0, Math.min(at, count - 1));

// Writes a number as lecture_lib.style.number does; a test compares the two.
export function number(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size >= 1e16 ? size.toExponential(2).replace(/\.?0*e\+/, "e")
    : Number.isInteger(size) ? String(size)
    : String(Number(size >= 0.1 ? size.toFixed(size >= 100 ? 1 : 2) : size.toPrecision(3)));
  return (value < 0 && text !== "0" ? "−" : "") + text;
}

// A number in a sentence: tiny and huge ones with powers of ten as people write them.
export function inWords(value) {
  const size = Math.abs(value);
  const text = size > 0 && size < 1e-4 ? (value < 0 ? "−" : "") + size.toExponential(2).replace(/\.?0*e/, "e") : number(value);
  return text.replace(/e(-?\d+)$/, (_, power) => `·10${[...power].map((each) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(each)]).join("")}`);
}

// A number in four characters or so.
export function brief(value, digits) {
  const size = Math.abs(value);
  if (size > 0 && size < 0.5 / 10 ** digits) return "≈0";
  return number(Number(value.toFixed(size >= 10 ? 0 : digits)));
}

export const percent = (share) => `${Math.round(100 * share)} %`;

// What somebody typed as a number, or NaN: a comma for a point, a real minus sign, a fraction.
export function typed(text) {
  const [above, below] = text.trim().replace("−", "-").replace(",", ".").split("/");
  if (above === "" || below === "") return NaN;
  return below === undefined ? Number(above) : Number(above) / Number(below);
}
