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

const common = (a, b) => (b ? common(b, a % b) : a);
const reduced = (above, below) => [above / (common(Math.abs(above), below) || 1), below / (common(Math.abs(above), below) || 1)];

// A number as [above, below] with a small denominator, or undefined: 1/9 is meant, though float32 holds it only nearly.
export function fraction(value, most = 256) {
  for (let below = 1; below <= most; below++) {
    const above = Math.round(value * below);
    if (Math.abs(above / below - value) <= 1.2e-7 * Math.abs(value)) return [above, below];
  }
}

export const product = (one, other) => one && other && reduced(one[0] * other[0], one[1] * other[1]);
export const sum = (all) => all.reduce((total, each) => total && each && reduced(total[0] * each[1] + each[0] * total[1], total[1] * each[1]), [0, 1]);

// A fraction as it is: with digits behind the point where four are enough, else above/below.
export function inFull([above, below]) {
  const ends = (above * 10 ** 4) % below === 0;
  return (above < 0 ? "−" : "") + (ends ? String(Math.abs(above) / below) : `${Math.abs(above)}/${below}`);
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

// Neither all nor nothing is said of a share that is only close to it; lecture_lib.style.percent does the same.
export const percent = (share) => (share > 0 && share < 0.005 ? "< 1 %" : share >= 0.995 && share < 1 ? "> 99 %" : `${Math.round(100 * share)} %`);

// A factor of a sum: as it is written everywhere if that is exact, else as a fraction, else with five digits.
export function exact(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || near(valued(number(size)), size)) return number(value);
  let text = String(Number(size.toPrecision(5)));
  for (let q = 2; q <= 256; q++) {
    if (!near(Math.round(size * q) / q, size)) continue;
    text = `${Math.round(size * q)}/${q}`;
    break;
  }
  return (value < 0 ? "−" : "") + text;
}
const near = (one, other) => Math.abs(one - other) <= 2e-7 * Math.abs(other);
export const valued = (text) => {
  const [p, q] = text.replace("−", "-").split("/");
  return Number(p) / Number(q ?? 1);
};

// What stands between a sum and its result: whoever reckons with the numbers as they are printed gets the printed one, or about it.
export function equals(total, result) {
  return Math.abs(total - valued(result)) <= 1e-6 * Math.max(1, Math.abs(total)) || !Number.isFinite(total) ? "=" : "≈";
}

// What somebody typed as a number, or NaN: a comma for a point, a real minus sign, a fraction.
export function typed(text) {
  const [above, below] = text.trim().replace("−", "-").replace(",", ".").split("/");
  if (above === "" || below === "") return NaN;
  return below === undefined ? Number(above) : Number(above) / Number(below);
}
