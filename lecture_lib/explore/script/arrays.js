// Arrays that Python packed, and their colours.
import { clamp } from "./numbers.js";

const TYPES = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array, float64: Float64Array };

const unpacked = new WeakMap(); // most arrays of an explorer stay while others come

export function unpack(packed) {
  if (Array.isArray(packed)) return packed.map(unpack);
  if (!unpacked.has(packed)) {
    const { shape, dtype, data, role, limit, ends } = packed;
    const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
    unpacked.set(packed, { shape, role, limit, ends, values: new TYPES[dtype](bytes) });
  }
  return unpacked.get(packed);
}

// All arrays by name; those that came later ("maps:3" is the fourth of "maps") go before the others.
export function unpackAll(arrays, extra) {
  const found = Object.fromEntries(Object.entries(arrays).map(([name, packed]) => [name, unpack(packed)]));
  for (const [name, packed] of Object.entries(extra)) {
    const [list, index] = name.split(":");
    if (index === undefined) found[name] = unpack(packed);
    else found[list][index] = unpack(packed);
  }
  return found;
}

// Which item of an array leading places choose, counted through.
export const offset = (shape, places) => places.reduce((index, each, axis) => index * shape[axis] + clamp(each, shape[axis]), 0);

// One plane of an array, [rows, cols] or [rows, cols, rgb], by leading places.
export function plane(array, places = []) {
  const colour = array.role === "rgb";
  const [rows, cols] = array.shape.slice(colour ? -3 : -2);
  const size = rows * cols * (colour ? 3 : 1);
  return { ...array, rows, cols, colour, offset: offset(array.shape, places) * size };
}

// The last axis of an array at leading places.
export function row(array, places = []) {
  const count = places.length < array.shape.length ? array.shape.at(-1) : 1;
  const from = offset(array.shape, places) * count;
  return array.values.subarray(from, from + count);
}

// One number of an array.
export const item = (array, places) => array.values[offset(array.shape, places)];

export function colourIndex(value, [lowest, highest]) {
  if (Number.isNaN(value)) return lowest < 0 ? 128 : 0;
  const at = lowest < 0 ? 128 + Math.floor((value / highest) * 127 + 0.5)
    : Math.floor(((value - lowest) / (highest - lowest)) * 255 + 0.5);
  return Math.min(255, Math.max(lowest < 0 ? 1 : 0, at));
}

// Black or white, whichever stands out more on a colour.
export function textColour([r, g, b]) {
  const linear = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 ? "#000" : "#fff";
}
