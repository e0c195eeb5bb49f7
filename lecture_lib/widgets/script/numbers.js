// Draws linked pictures from arrays that Python computed, and follows sliders without asking Python.
// All it knows of convolution is where windows lie: output i starts at input i*stride - padding.
//
// view.py joins the files of this folder, in the order it names, to one script: what stands
// here first is known to all that follow. Each kind of panel and of readout adds itself to a table.

const DRAW = {}; // kind of panel → (view, panel, box, geo) => what of it can be pointed at
const READ = {}; // kind of readout → (view, geo) => [[tag, text], …]

// ---------------------------------------------------------------- numbers and arrays

// An index moved to where there is something to choose, 0 to count - 1.
const clampIndex = (at, count) => Math.max(0, Math.min(at, count - 1));

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
function inWords(value) {
  const size = Math.abs(value);
  const text = size > 0 && size < 1e-4 ? (value < 0 ? "−" : "") + size.toExponential(2).replace(/\.?0*e/, "e") : number(value);
  return text.replace(/e(-?\d+)$/, (_, power) => `·10${[...power].map((each) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(each)]).join("")}`);
}

const TYPES = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array, float64: Float64Array };

function unpack(packed) {
  if (Array.isArray(packed)) return packed.map(unpack);
  const { shape, dtype, data, role, limit } = packed;
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  return { shape, role, limit, values: new TYPES[dtype](bytes) };
}

// One plane of an array, [rows, cols] or [rows, cols, rgb], by leading index.
function plane(array, index = 0) {
  const colour = array.role === "rgb";
  const [rows, cols] = array.shape.slice(colour ? -3 : -2);
  const size = rows * cols * (colour ? 3 : 1);
  return { ...array, rows, cols, colour, offset: index * size };
}

function colourIndex(value, [lowest, highest]) {
  if (Number.isNaN(value)) return lowest < 0 ? 128 : 0;
  const at = lowest < 0 ? 128 + Math.floor((value / highest) * 127 + 0.5)
    : Math.floor(((value - lowest) / (highest - lowest)) * 255 + 0.5);
  return Math.min(255, Math.max(lowest < 0 ? 1 : 0, at));
}

function textColour([r, g, b]) {
  const linear = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 ? "#000" : "#fff";
}
