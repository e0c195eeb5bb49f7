// Brings the explorers of a page to life, without a kernel: unpacks their state, lets Jupyter's widget manager draw them.
// Classic scripts only, and nothing is fetched: a page opened from a file may do neither.
"use strict";

const lectureExplorers = (() => {
  const ASSETS = document.currentScript.src.replace(/[^/]*$/, "");
  const SHARED = { "@jupyter-widgets/base": "html-manager", "@jupyter-widgets/controls": "html-manager", "@jupyter-widgets/html-manager": "html-manager", anywidget: "anywidget" };
  let arrived;
  const data = new Promise((resolve) => (arrived = resolve));
  window.lectureData = (m, models, n, bytes) => arrived(Promise.all([inflate(m, models), inflate(n, bytes)]));
  let ready = null; // the manager and the state, once somebody asks
  const shown = new Map(); // element → promise of its explorer

  // `length` bytes stand in a string, 15 bits a character; see state.py.
  function packedBytes(length, text) {
    const bytes = new Uint8Array(length);
    let [bits, held, at] = [0, 0, 0];
    for (let i = 0; i < text.length; i++) {
      bits = ((bits & 0xff) << 15) | (text.charCodeAt(i) - 0x3000); // at most 7 bits are held over
      for (held += 15; held >= 8 && at < length; ) bytes[at++] = (bits >> (held -= 8)) & 0xff;
    }
    return bytes;
  }

  async function inflate(length, text) {
    const stream = new Blob([packedBytes(length, text)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  const script = (src) => new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject }));
  });

  const wanted = (names) => new Promise((resolve, reject) => window.requirejs(names, (...found) => resolve(found), reject));

  async function begin() {
    const [[models, bytes]] = await Promise.all([data, script(`${ASSETS}require.js`)]);
    window.requirejs.config({ paths: Object.fromEntries(Object.entries(SHARED).map(([name, file]) => [name, ASSETS + file])), waitSeconds: 0 });
    const [{ HTMLManager }] = await wanted(["@jupyter-widgets/html-manager"]);
    const manager = new HTMLManager({ loader: (name) => wanted([name]).then(([found]) => found) });
    return { manager, bytes, models: JSON.parse(new TextDecoder().decode(models)), sorted: new Map() };
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

  function restore(all, value) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((each) => restore(all, each));
    if (value.$) return bytesOf(all, value.$);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, restore(all, each)]));
  }

  async function draw(place) {
    const all = await (ready ??= begin());
    const id = place.dataset.explorer;
    const state = {};
    for (const [each, [model_name, model_module, model_module_version, values]] of Object.entries(all.models[id])) {
      const own = model_module === "anywidget" ? { ...values, ...lectureView } : values;
      state[each] = { model_name, model_module, model_module_version, state: restore(all, own) };
    }
    await all.manager.set_state({ version_major: 2, version_minor: 0, state });
    const view = await all.manager.create_view(await all.manager.get_model(id));
    const stage = place.querySelector(".stage");
    stage.replaceChildren();
    await all.manager.display_view(view, stage);
    await drawn(stage);
    place.classList.add("ready");
  }

  // A view of an explorer is there some time after its frame.
  const drawn = (stage) => new Promise((resolve) => {
    const look = () => stage.querySelector(".lecture-view canvas")?.lecture;
    if (look()) return resolve();
    const watch = new MutationObserver(() => look() && (watch.disconnect(), resolve()));
    watch.observe(stage, { childList: true, subtree: true });
  });

  // Where something fails, the still picture stands, and the page says so.
  function failed(place, error) {
    console.error(error);
    const stage = place.querySelector(".stage");
    stage.innerHTML = place.dataset.still;
    stage.append(Object.assign(document.createElement("p"), { className: "needs", textContent: "This browser could not start the explorer." }));
  }

  function show(place) {
    if (!shown.has(place)) {
      place.dataset.still = place.querySelector("noscript")?.textContent ?? "";
      shown.set(place, draw(place).catch((error) => failed(place, error)));
    }
    return shown.get(place);
  }

  // What is in sight at once, the rest when the browser has nothing else to do.
  async function showAll(places) {
    const near = new IntersectionObserver((seen) => {
      for (const each of seen) if (each.isIntersecting) near.unobserve(each.target), show(each.target);
    }, { rootMargin: "600px" });
    places.forEach((each) => near.observe(each));
    const rest = window.requestIdleCallback ?? ((act) => setTimeout(act, 50));
    for (const each of places) {
      await new Promise((resolve) => rest(resolve));
      await show(each);
    }
  }

  return { show, showAll };
})();
