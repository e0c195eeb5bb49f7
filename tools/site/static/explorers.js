// Brings the explorers of a page to life: gives each a model, whose other end is a saved state, or a kernel (tools/stage).
// Classic scripts only, and nothing is fetched: a page opened from a file may do neither.
"use strict";

const lectureExplorers = (() => {
  let arrived;
  const data = new Promise((resolve) => (arrived = resolve));
  window.lectureData = (m, states, n, bytes) => arrived(Promise.all([inflate(m, states), inflate(n, bytes)]));
  let script = null; // of the explorers, once somebody asks
  let ready = null; // the saved states, likewise
  const shown = new WeakMap(); // element → promise of its explorer's end
  const models = new WeakMap(); // element → its explorer's model

  // `length` bytes stand in a string, or in its codes, 15 bits a character; see state.py.
  function packedBytes(length, text) {
    const code = typeof text === "string" ? (i) => text.charCodeAt(i) : (i) => text[i];
    const bytes = new Uint8Array(length);
    let [bits, held, at] = [0, 0, 0];
    for (let i = 0; i < text.length; i++) {
      bits = ((bits & 0xff) << 15) | (code(i) - 0x3000); // at most 7 bits are held over
      for (held += 15; held >= 8 && at < length; ) bytes[at++] = (bits >> (held -= 8)) & 0xff;
    }
    return bytes;
  }

  async function inflate(length, text) {
    const stream = new Blob([packedBytes(length, text)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // What an explorer asks of its page: a place for its state. `end` hears what it says; without one nobody does.
  class Model {
    constructor(state, end = null) {
      Object.assign(this, { state, end, first: state._state, changed: {}, listeners: new Set() });
    }
    get(name) {
      return this.state[name];
    }
    set(name, value) {
      this.state[name] = this.changed[name] = value;
    }
    on(_, act) {
      this.listeners.add(act);
    }
    off(_, act) {
      this.listeners.delete(act);
    }
    save_changes() {
      const changes = this.changed;
      this.changed = {};
      this.end?.update(changes);
    }
    send(content, _, buffers = []) {
      this.end?.custom(content, buffers);
    }
    hear(changes) {
      Object.assign(this.state, changes);
      for (const act of [...this.listeners]) act();
    }
  }

  const start = () => (script ??= import(URL.createObjectURL(new Blob([lectureScript], { type: "text/javascript" })))); // a page from a file imports no files

  async function begin() {
    const [states, bytes] = await data;
    return { bytes, states: JSON.parse(new TextDecoder().decode(states)), sorted: new Map() };
  }

  async function saved(name) {
    const all = await (ready ??= begin());
    return new Model(await restore(all, all.states[name]));
  }

  // Bytes [place, length, width]; items of more than one byte were shuffled to compress well: all first bytes come first.
  function bytesOf({ bytes, sorted }, [place, length, width]) {
    const key = `${place},${width}`;
    if (sorted.has(key)) return sorted.get(key);
    let view = new DataView(bytes.buffer, place, length);
    if (width > 1) {
      const [items, out] = [length / width, new Uint8Array(length)];
      for (let byte = 0; byte < width; byte++) for (let i = 0; i < items; i++) out[i * width + byte] = bytes[place + byte * items + i];
      view = new DataView(out.buffer);
    }
    sorted.set(key, view);
    return view;
  }

  // The colours of a photo, which stands there as a WebP.
  async function coloursOf({ bytes }, [place, length]) {
    const photo = await createImageBitmap(new Blob([bytes.subarray(place, place + length)]), { colorSpaceConversion: "none" });
    const ctx = new OffscreenCanvas(photo.width, photo.height).getContext("2d", { willReadFrequently: true });
    ctx.drawImage(photo, 0, 0);
    const pixels = ctx.getImageData(0, 0, photo.width, photo.height).data;
    return new DataView(pixels.filter((_, at) => at % 4 < 3).buffer);
  }

  async function restore(all, value) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return Promise.all(value.map((each) => restore(all, each)));
    if (value.$) return bytesOf(all, value.$);
    if (value.$picture) return coloursOf(all, value.$picture);
    return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([name, each]) => [name, await restore(all, each)])));
  }

  async function draw(place) {
    const [{ default: explorer }, model] = await Promise.all([start(), here.modelOf(place.dataset.explorer)]);
    models.set(place, model);
    here.begun?.(place, model);
    const el = document.createElement("div");
    place.querySelector(".stage").replaceChildren(el);
    const end = explorer.render({ model, el });
    place.classList.add("ready");
    place.dispatchEvent(new Event("lecture-ready", { bubbles: true }));
    return end;
  }

  // Where something fails, the still picture stands, and the page says so.
  function failed(place, error) {
    console.error(error);
    const stage = place.querySelector(".stage");
    stage.innerHTML = place.dataset.still;
    stage.append(Object.assign(document.createElement("p"), { className: "needs", textContent: "This browser could not start the explorer." }));
  }

  function show(place) {
    if (!shown.has(place)) {
      place.dataset.still ??= place.querySelector("noscript")?.textContent ?? "";
      shown.set(place, draw(place).catch((error) => failed(place, error)));
    }
    return shown.get(place);
  }

  // The explorer of a place that leaves the page.
  async function end(place) {
    (await shown.get(place))?.();
    shown.delete(place);
  }

  // What is in sight at once, what is folded when it is opened, the rest when the browser has nothing else to do.
  async function showAll(places) {
    const near = new IntersectionObserver((seen) => {
      for (const each of seen) if (each.isIntersecting) near.unobserve(each.target), show(each.target);
    }, { rootMargin: "600px" });
    places.forEach((each) => near.observe(each));
    const rest = window.requestIdleCallback ?? ((act) => setTimeout(act, 50));
    for (const each of places) {
      await new Promise((resolve) => rest(resolve));
      if (!each.isConnected) continue; // Python has put another in its place
      const fold = each.closest("details:not([open])");
      if (fold) fold.addEventListener("toggle", () => show(each), { once: true });
      else await show(each);
    }
  }

  const here = { show, end, showAll, Model, modelOf: saved, modelAt: (place) => models.get(place), inflate, packedBytes };
  return here;
})();
