// ---------------------------------------------------------------- one view

const REST = 150; // ms without a move before Python hears where the hand is

// Let a model tell Python of its changes only when the hand rests. Each message makes the
// kernel busy, and JupyterLab redraws its toolbars for that: more work than our picture.
function calm(model, view) {
  if (model.lectureViews) return void model.lectureViews.add(view);
  const views = (model.lectureViews = new Set([view]));
  const save = model.save_changes.bind(model); // keeps what has changed until it is called
  const apply = model.set_state.bind(model);
  const sync = model.sync.bind(model);
  let timer = null;
  let last = [];
  let unsent = {};
  let hearing = false;
  model.on("change", () => hearing || Object.assign(unsent, model.changedAttributes()));
  // Python's echo of an older value must not take back what the hand has chosen since.
  model.set_state = (state) => {
    hearing = true;
    apply(Object.fromEntries(Object.entries(state).filter(([name]) => !(name in unsent))));
    hearing = false;
  };
  // What is sent is Python's again, also where it did not go through save_changes below: a view's own moves do not.
  model.sync = (...args) => {
    unsent = {};
    return sync(...args);
  };
  model.lectureFlush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    unsent = {};
    if (views.size) save(...last); // with the last view the kernel may be gone, too
  };
  model.save_changes = (...args) => {
    last = args;
    clearTimeout(timer);
    timer = setTimeout(model.lectureFlush, REST);
  };
}

// Plain keys pressed in an explorer are for its controls. JupyterLab would take them
// for commands: arrow keys change the cell, letters copy and delete cells.
const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape" || (event.shiftKey && event.key === "Enter"));

function keepKeys(explorer, signal) {
  explorer.addEventListener("keydown", (event) => isPlain(event) && event.stopPropagation(), { signal });
  // Notebook 7 takes keys on their way to the explorer, before it can stop them, but for an element that says so.
  window.addEventListener("keydown", (event) => {
    if (explorer.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", isPlain(event));
  }, { capture: true, signal });
}

// Home and End lead to the ends that a slider has now. noUiSlider keeps for them those it was made with.
function reachEnds(event) {
  const slider = ["Home", "End"].includes(event.key) && isPlain(event) && event.target.closest(".noUi-target")?.noUiSlider;
  if (!slider || event.target.closest("[disabled]")) return;
  event.preventDefault();
  event.stopPropagation();
  slider.set(slider.options.range[event.key === "Home" ? "min" : "max"]);
}

// Screen readers say where a slider stands: what is read beside it, not the number of its stop.
function sayStop(handle) {
  const shown = handle.closest(".widget-inline-hbox")?.querySelector(".widget-readout")?.textContent;
  if (shown && handle.getAttribute("aria-valuetext") !== shown) handle.setAttribute("aria-valuetext", shown);
}

// Screen readers announce what a control is: ipywidgets leaves its sliders without a name.
function nameControls(explorer) {
  for (const control of explorer.querySelectorAll(".widget-inline-hbox")) {
    const label = control.querySelector(".widget-label");
    const [text, tip] = [label?.textContent, label?.title];
    const name = tip && tip !== text ? `${text}: ${tip}` : text;
    for (const part of control.querySelectorAll("select, input, [role=slider], [contenteditable]")) {
      if (name && part.type !== "radio" && part.getAttribute("aria-label") !== name) part.setAttribute("aria-label", name);
    }
    for (const handle of control.querySelectorAll("[role=slider]")) sayStop(handle);
  }
  for (const cell of explorer.querySelectorAll("input[title]:not([aria-label])")) cell.setAttribute("aria-label", cell.title);
  explorer.querySelectorAll(".widget-play button").forEach((button, at) => {
    const name = ["Play or pause", "Stop, back to the start", "Repeat"][at % 3];
    if (!button.getAttribute("aria-label")) button.setAttribute("aria-label", name);
  });
  const choices = explorer.querySelector(".widget-radio-box");
  if (!choices) return;
  choices.setAttribute("role", "radiogroup");
  choices.setAttribute("aria-label", explorer.querySelector(".widget-html-content")?.textContent || "answers");
  // Radio buttons without a name are one group with those of all other quizzes: arrow keys would go on there.
  const buttons = [...choices.querySelectorAll("input")];
  const group = buttons[0]?.name || `answers-${Math.random()}`;
  for (const button of buttons) if (button.name !== group) button.name = group;
}

class View {
  constructor(model, el) {
    this.model = model;
    this.pictures = new WeakMap(); // Python may send other panels with every move
    this.calmed = [];
    this.drawn = [];
    el.classList.add("lecture-view");
    this.canvas = el.appendChild(document.createElement("canvas"));
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    const words = el.appendChild(document.createElement("div"));
    words.className = "lecture-words";
    this.problem = words.appendChild(document.createElement("p"));
    this.problem.setAttribute("role", "alert");
    this.problem.className = "lecture-problem";
    this.readout = words.appendChild(document.createElement("p"));
    this.readout.setAttribute("role", "status");
    this.readout.className = "lecture-readout";
    this.el = el;
    this.ctx = this.canvas.getContext("2d", { alpha: false });
    this.stop = new AbortController();
    const on = { signal: this.stop.signal };
    this.canvas.addEventListener("pointermove", (event) => this.point(event, event.buttons > 0), on);
    this.canvas.addEventListener("pointerdown", (event) => this.point(event, true), on);
    this.canvas.addEventListener("keydown", (event) => this.key(event), on);
    this.resize = new ResizeObserver(() => this.place());
    this.resize.observe(el);
    this.theme = new MutationObserver(() => this.place());
    this.theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
    this.onArrays = () => this.loadArrays();
    this.onChange = () => this.change();
    model.on("change:arrays change:extra", this.onArrays);
    model.on("change", this.onChange);
    this.onCalm = () => this.calmAll();
    model.on("change:calm", this.onCalm);
    this.calmAll();
    this.loadTables();
    this.loadArrays();
    this.look();
    this.change();
  }

  // Controls may be replaced while the explorer is used.
  calmAll() {
    const ids = this.model.get("calm");
    for (const each of this.calmed) if (!ids.includes(each.model_id)) each.lectureViews.delete(this);
    this.calmed = this.calmed.filter((each) => ids.includes(each.model_id));
    for (const id of ids) {
      this.model.widget_manager?.get_model(id).then((each) => {
        if (this.calmed.includes(each)) return;
        this.calmed.push(each);
        calm(each, this);
      });
    }
  }

  // Called when the view is first in the page, and whenever its size or the theme changes.
  place() {
    const explorer = this.el.closest(".lecture-explorer");
    if (explorer && explorer !== this.explorer) {
      this.explorer = explorer;
      const on = { signal: this.stop.signal };
      keepKeys(explorer, this.stop.signal);
      explorer.addEventListener("keydown", reachEnds, { capture: true, ...on });
      // What one control says must not be overtaken by the next one.
      explorer.addEventListener("focusout", ({ relatedTarget }) => {
        if (explorer.contains(relatedTarget)) this.calmed.forEach((model) => model.lectureFlush());
      }, on);
      this.names = new MutationObserver(() => nameControls(explorer)); // with each move, too: what a slider shows is new
      this.names.observe(explorer, { childList: true, subtree: true });
    }
    if (explorer) nameControls(explorer);
    this.width = this.el.clientWidth || this.width; // a page that changes its theme hides for a moment
    this.zoom = this.el.getBoundingClientRect().width / this.width || 1; // slides are laid out small and enlarged
    this.look();
    this.draw();
  }

  remove() {
    for (const model of this.calmed) model.lectureViews.delete(this);
    this.stop.abort();
    this.resize.disconnect();
    this.names?.disconnect();
    this.theme.disconnect();
    this.model.off("change:arrays change:extra", this.onArrays);
    this.model.off("change", this.onChange);
    this.model.off("change:calm", this.onCalm);
  }

  loadTables() {
    this.tables = {};
    this.paints = {}; // the same colours, as the 32-bit pixels of a canvas
    for (const [role, data] of Object.entries(this.model.get("tables"))) {
      const table = new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
      this.tables[role] = table;
      this.paints[role] = Uint32Array.from({ length: 256 },
        (_, i) => 0xff000000 | (table[3 * i + 2] << 16) | (table[3 * i + 1] << 8) | table[3 * i]);
    }
  }

  loadArrays() {
    this.arrays = {};
    for (const [name, packed] of Object.entries(this.model.get("arrays"))) {
      this.arrays[name] = unpack(packed);
    }
    for (const [name, packed] of Object.entries(this.model.get("extra"))) {
      const [list, index] = name.split(":"); // "maps:3" is the fourth map
      if (index === undefined) this.arrays[name] = unpack(packed);
      else this.arrays[list][index] = unpack(packed);
    }
  }

  // N and F, Python's answers for the chosen N, F, S, P, and how large a cell may be drawn.
  fit(height = 0) {
    const table = this.arrays.fit;
    const [n, f, stride, padding] = ["n", "f", "stride", "padding"].map((name) => this.model.get(name));
    const at = 2 * [n, f, stride, padding].reduce((index, each, axis) => index * table.shape[axis] + each, 0);
    const padded = n + 2 * padding;
    return { n, f, p: padding, s: stride, out: table.values[at], dropped: table.values[at + 1], padded,
      cell: Math.min(34, height / Math.max(padded, 9)) };
  }

  // First and last index that one unit of the chosen layer sees in every layer below it.
  span(unit, geo) {
    const table = this.arrays.spans[geo.layer];
    const depth = table.shape[1];
    const at = Math.min(unit, table.shape[0] - 1) * depth * 2;
    return Array.from({ length: depth }, (_, level) => [table.values[at + 2 * level], table.values[at + 2 * level + 1]]);
  }

  // How many rows and columns there are to choose from.
  extent(geo) {
    if (this.model.get("extent").length) return this.model.get("extent");
    if (this.model.get("networks").length) return [chosenNet(this, geo).rows.length, 1];
    const panels = this.model.get("panels");
    const [moved] = panels.filter((panel) => panel.slice === "pan");
    if (moved) return [2 * moved.reach + 1, 2 * moved.reach + 1];
    const [plot] = panels.filter((panel) => panel.cursor);
    if (plot) return [1, this.arrays[plot.traces[0].x].shape.at(-1)];
    if (this.model.get("wires").units) return [1, this.model.get("wires").units];
    if (this.arrays.maps) return [geo.rows, geo.cols];
    if (this.arrays.fit) return [this.fit().out, this.fit().out];
    if (this.arrays.spans) return [this.arrays.spans[geo.layer].shape[0], this.arrays.spans[geo.layer].shape[0]];
    if (this.arrays.output) return this.arrays.output.shape;
    const last = (this.model.get("boxes") ?? []).at(-1);
    return last ? [last.h, last.w] : [0, 0];
  }

  // Keep row, column and step inside what the sliders allow, and at the same place of the input.
  settle() {
    const { model } = this;
    let geo = geometry(this);
    const [rows, cols] = this.extent(geo);
    const was = this.was;
    let { row, col } = geo;
    if (was && was.row === row && was.col === col && geo.stride && (was.stride !== geo.stride || was.padding !== geo.padding)) {
      const moved = (at) => Math.round((at * was.stride - was.padding + geo.padding) / geo.stride);
      [row, col] = [moved(row), moved(col)];
    }
    if (model.get("stepped") && cols) {
      if (was && was.step !== geo.step) [row, col] = [Math.floor(geo.step / cols), geo.step % cols];
    }
    [row, col] = [clampIndex(row, rows), clampIndex(col, cols)];
    const step = model.get("stepped") && cols ? row * cols + col : geo.step;
    this.was = { row, col, step, stride: geo.stride, padding: geo.padding };
    const counts = model.get("counts");
    const last = counts.length ? counts[clampIndex(geo.level, counts.length)] - 1 : model.get("last");
    const kernel = counts.length ? Math.min(geo.kernel, last) : geo.kernel;
    if (row !== geo.row || col !== geo.col || step !== geo.step || kernel !== geo.kernel || last !== model.get("last")) {
      model.set({ row, col, step, kernel, last }); // in this order: a slider's value before its end
      this.model.save_changes();
      geo = geometry(this);
    }
    return geo;
  }

  change() {
    if (this.settling) return;
    this.settling = true;
    let geo;
    try {
      geo = this.settle();
    } finally {
      this.settling = false;
    }
    this.draw(geo);
    this.read(geo);
  }

  font(size, bold = false) {
    this.ctx.font = `${bold ? "600 " : ""}${size}px ${this.family}`;
  }

  look() {
    const style = getComputedStyle(this.el);
    this.family = style.fontFamily;
    this.ink = {};
    for (const name of ["text", "paper", "line", "faint", "mark", "bright"]) {
      this.ink[name] = style.getPropertyValue(`--lecture-${name}`).trim();
    }
    this.series = this.model.get("series")[this.el.closest('[data-jp-theme-light="false"]') ? "dark" : "light"];
  }

  draw(geo = geometry(this)) {
    const panels = this.model.get("panels");
    const { width } = this; // asking the element now would lay out the page once more
    if (!width || !panels.length) return void (this.canvas.style.display = panels.length ? "" : "none");
    const height = this.model.get("height");
    const ratio = (window.devicePixelRatio || 1) * (this.zoom || 1);
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
      this.canvas.style.height = `${height}px`;
    }
    const { ctx } = this;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.fillStyle = this.ink.paper;
    ctx.fillRect(0, 0, width, height);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    const sum = panels.reduce((total, panel) => total + panel.share, 0);
    const gap = 30;
    const free = width - 8 - gap * (panels.length - 1);
    let x = 4;
    const top = panels.every((panel) => panel.title === "" && panel.size === false) ? 8 : 34; // no title, no room for one
    this.drawn = panels.map((panel) => {
      const w = (free * panel.share) / sum;
      const box = { x, y: top, w, h: height - top - 8 };
      const result = DRAW[panel.kind](this, panel, box, geo);
      const size = result.part ? `  ${panel.slice === "input" ? result.part.rows - 2 * geo.skip : result.part.rows} × ${panel.slice === "input" ? result.part.cols - 2 * geo.skip : result.part.cols}` : "";
      ctx.fillStyle = this.ink.text;
      this.font(16, true);
      const title = (panel.titles ? panel.titles[Math.min(geo[panel.index] ?? 0, panel.titles.length - 1)] : panel.title) + (panel.size === false ? "" : size);
      ctx.fillText(title, x + w / 2, 16, w + 8);
      if (result === "no output") {
        this.font(16);
        ctx.fillText("no output", x + w / 2, height / 2);
      }
      if (panel.sign) {
        this.font(26, true);
        ctx.fillText(panel.sign, x + w + gap / 2, height / 2);
      }
      x += w + gap;
      return { panel, box, ...(result === "no output" ? {} : result) };
    });
    this.canvas.setAttribute("aria-label", this.model.get("label"));
  }

  read(geo) {
    const parts = READ[this.model.get("readout")](this, geo);
    this.readout.replaceChildren(...parts.map(([tag, text]) => Object.assign(document.createElement(tag), { textContent: text })));
    if (this.problem.textContent !== this.model.get("problem")) this.problem.textContent = this.model.get("problem");
  }

  choose(row, col) {
    const geo = geometry(this);
    const [rows, cols] = this.extent(geo);
    [row, col] = [clampIndex(row, rows), clampIndex(col, cols)];
    if (row === geo.row && col === geo.col) return;
    this.model.set({ row, col });
    this.model.save_changes();
  }

  point(event, pressed) {
    const { left, top, width } = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top].map((at) => (at * this.canvas.clientWidth) / width);
    const geo = geometry(this);
    for (const { panel, grid, hits, plot, zones, press } of this.drawn) {
      if (press && pressed) press(x, y);
      const hover = this.model.get("hover");
      const zone = pressed && zones?.find((each) => inside(each, x, y));
      if (zone) return this.choose(zone.row, zone.col);
      if (hits && pressed) this.pickLayer(hits, x, y);
      if (plot && panel.cursor && (hover || pressed) && inside(plot.area, x, y)) return this.choose(geo.row, plot.nearest(x));
      if (!grid || !panel.pick || !(hover || pressed)) continue;
      const [r, c] = [Math.floor((y - grid.y) / grid.cell), Math.floor((x - grid.x) / grid.cell)];
      if (r < 0 || c < 0 || r >= grid.rows || c >= grid.cols) continue;
      if (panel.pick === "output") return this.choose(r, c);
      if (panel.pick === "pan") { // what is shown comes to the pointer
        if (pressed) this.choose(r - Math.floor(grid.rows / 2) + panel.reach, c - Math.floor(grid.cols / 2) + panel.reach);
        continue;
      }
      const middle = (at, count) => Math.round((at - geo.skip - (geo.dilation * (count - 1)) / 2) / geo.stride);
      return this.choose(middle(r, geo.window.rows), middle(c, geo.window.cols));
    }
  }

  pickLayer(hits, x, y) {
    for (const hit of hits) {
      const col = Math.floor((x - hit.x) / hit.cell);
      if (y < hit.y || y > hit.y + hit.high || col < 0 || col >= hit.cols || hit.level === 0) continue;
      this.model.set({ layer: hit.level, col });
      this.model.save_changes();
    }
  }

  key(event) {
    const far = event.shiftKey ? 10 : 1;
    const move = { ArrowLeft: [0, -far], ArrowRight: [0, far], ArrowUp: [-far, 0], ArrowDown: [far, 0],
      Home: [-1e9, -1e9], End: [1e9, 1e9] }[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const own = this.drawn.find((each) => each.move); // a panel that says itself where its arrow keys lead
    if (own) return void own.move(...move);
    const geo = geometry(this);
    const list = this.extent(geo)[1] === 1; // one column: all arrows go along it
    this.choose(geo.row + move[0] + (list ? move[1] : 0), geo.col + move[1]);
  }
}

export default {
  render({ model, el }) {
    const view = new View(model, el);
    view.canvas.lecture = view; // for tests and the console
    return () => view.remove();
  },
};
