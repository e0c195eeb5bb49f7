// Where an explorer stands: what its indices mean, how far each can go, where windows lie.
import { item, plane } from "./arrays.js";
import { clamp, number } from "./numbers.js";

// One of nested lists of arrays.
const among = (list, places) => places.reduce((each, at) => (Array.isArray(each) ? each[clamp(at, each.length)] : each), list);

export class Where {
  // spec: indices, slide, flat as declared; arrays: unpacked; state: name → value.
  constructor(spec, arrays, state) {
    Object.assign(this, { spec, arrays, state });
  }

  // What an index says; a number stands for itself.
  value(name) {
    return typeof name === "string" ? this.state[name] : name;
  }

  // The place of an index in what it chooses from, from 0 on; {array, at} looks it up.
  place(name) {
    if (typeof name === "object" && name !== null) return this.look(name);
    const value = this.value(name);
    const index = this.spec.indices[name];
    return index?.kind === "numbers" ? Math.round((value - index.low) / index.step) : value ?? 0;
  }

  // A number in an array; of nested lists of arrays the first places choose one.
  look({ array, at }) {
    const places = this.places(at);
    let found = this.arrays[array];
    while (Array.isArray(found)) found = found[clamp(places.shift(), found.length)];
    return item(found, places);
  }

  places(names = []) {
    return [names].flat().map((each) => this.place(each));
  }

  // What people read of the options of an index; the words may depend on where another index stands.
  labels(name) {
    const { labels, among } = this.spec.indices[name];
    return labels && among ? labels[this.place(among)] : labels;
  }

  // How many places an index has.
  count(name) {
    const index = this.spec.indices[name];
    if (index.kind === "numbers") return Math.round((index.high - index.low) / index.step) + 1;
    if (index.kind === "options") return this.labels(name).length;
    if (index.kind === "free") return Infinity;
    const { of } = index;
    if (typeof of === "number") return of;
    if (of === "rows" || of === "cols") return this.windows()[of];
    if (of.axis === undefined) return this.place(of);
    return among(this.arrays[of.array], [of.among === null ? 0 : this.place(of.among)]).shape.at(of.axis);
  }

  // The value at a place.
  valueAt(name, place) {
    const index = this.spec.indices[name];
    return index.kind === "numbers" ? Number((index.low + place * index.step).toPrecision(12)) : place;
  }

  // The number that people read of an index.
  number(name) {
    const index = this.spec.indices[name];
    return index.kind === "places" ? this.state[name] + index.low : this.state[name];
  }

  // What people read of an index.
  words(name) {
    const index = this.spec.indices[name];
    const value = this.number(name);
    return index.kind === "options" ? this.labels(name)[value] ?? "" : typeof value === "number" ? number(value) : String(value);
  }

  // An array, or one of a list of them.
  array(name, names = []) {
    return among(this.arrays[name], this.places(names));
  }

  // Where the windows of the slide lie: how many, from where, and what is under the chosen one.
  windows() {
    const { slide } = this.spec;
    const [kernel, size] = [this.place(slide.kernel), this.value(slide.size)];
    const map = plane(among(this.arrays[slide.maps], [kernel, size - 1]));
    const [stride, padding, dilation] = [slide.stride, slide.padding, slide.dilation].map((name) => this.value(name));
    const skip = slide.margin - padding; // the maps were computed with the widest padding
    const fits = (length) => Math.max(0, Math.floor((length - 1 - 2 * skip) / stride) + 1);
    const weights = slide.weights === null ? null : plane(among(this.arrays[slide.weights], [kernel]));
    const window = weights ?? { rows: size, cols: size };
    return { map, weights, window, kernel, stride, padding, dilation, skip, margin: slide.margin,
      rows: fits(map.rows), cols: fits(map.cols), row: this.state[slide.row], col: this.state[slide.col] };
  }
}

// A state with every index in its range; an index that counts through two others goes with them. `follow`: windows stay
// where they are while stride and padding change.
export function settle(spec, arrays, before, after, follow = true) {
  const state = { ...after };
  const where = new Where(spec, arrays, state);
  const kinds = (...wanted) => Object.entries(spec.indices).filter(([, index]) => wanted.includes(index.kind)).map(([name]) => name);
  for (const name of kinds("numbers", "options")) {
    if (state[name] !== null) state[name] = where.valueAt(name, clamp(where.place(name), where.count(name)));
  }
  if (follow && spec.slide && before) keepPlace(spec.slide, before, state);
  for (const [name, [down, across]] of Object.entries(spec.flat)) {
    if (before && before[name] !== state[name]) {
      const count = where.count(across);
      if (count) Object.assign(state, { [down]: Math.floor(state[name] / count), [across]: state[name] % count });
    }
  }
  for (const name of kinds("places")) state[name] = clamp(state[name], where.count(name));
  for (const [name, [down, across]] of Object.entries(spec.flat)) {
    if (where.count(across)) state[name] = state[down] * where.count(across) + state[across];
  }
  return state;
}

function keepPlace(slide, before, state) {
  const now = (from, name) => (typeof name === "string" ? from[name] : name);
  const [[stride, padding], [newStride, newPadding]] = [before, state].map((each) => [now(each, slide.stride), now(each, slide.padding)]);
  if (stride === newStride && padding === newPadding) return;
  for (const name of [slide.row, slide.col]) {
    if (before[name] === state[name]) state[name] = Math.round((state[name] * stride - padding + newPadding) / newStride);
  }
}
