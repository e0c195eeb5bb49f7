// One explorer: its controls, its pictures, its sentence. It asks its page for nothing but a model with get, set, on, off,
// save_changes and send; whether JupyterLab, a deck or a page without a server has made that model is all the same.
import { unpackAll } from "./arrays.js";
import { inRows, makeControl } from "./controls.js";
import { keepKeys, moveOf } from "./keys.js";
import { clamp } from "./numbers.js";
import { PALETTE } from "./palette.js";
import { inside } from "./paint.js";
import { DRAW } from "./panels/index.js";
import { read } from "./sentence.js";
import { settle, Where } from "./where.js";

const REST = 150; // ms without a move before Python hears where the hand is
const TURN = 600; // ms without a move after which the next one can be undone by itself
const DECLARED = ["indices", "controls", "panels", "slide", "flat", "sentence", "arrows"];
const same = (one, other) => Object.keys(other).every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]));

class Explorer {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.pictures = new WeakMap(); // panel → what is painted of it; Python may send other panels with every move
    this.drawn = [];
    this.past = [];
    this.changed = {}; // index → the number of the message that tells of its last change by hand
    this.seen = {};
    this.stop = new AbortController();
    this.signal = this.stop.signal;
    this.alone = model.get("alone") === true;
    this.tables = PALETTE.tables;
    this.paints = Object.fromEntries(Object.entries(PALETTE.tables).map(([role, table]) => [role,
      Uint32Array.from({ length: table.length / 3 }, (_, i) => 0xff000000 | (table[3 * i + 2] << 16) | (table[3 * i + 1] << 8) | table[3 * i])]));
    this.build();
    this.onChange = () => this.hear();
    model.on("change", this.onChange);
    this.resize = new ResizeObserver(() => this.place());
    this.resize.observe(this.stage);
    this.theme = new MutationObserver(() => this.place());
    this.theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
    this.hear();
  }

  get(name) {
    return this.model.get(name);
  }

  build() {
    const add = (parent, tag, className, attributes = {}) => {
      const element = parent.appendChild(Object.assign(document.createElement(tag), { className }));
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      return element;
    };
    this.el.classList.add("lecture");
    const head = (this.head = add(this.el, "div", "lecture-head"));
    this.title = add(head, "span", "lecture-title");
    const icon = (text, name, act) => {
      const button = add(head, "button", "lecture-icon", { type: "button", title: name, "aria-label": name });
      button.textContent = text;
      button.addEventListener("click", act);
      return button;
    };
    this.undoButton = icon("↶", "Undo", () => this.undo());
    this.resetButton = icon("⟲", "Reset", () => this.reset());
    this.stage = add(this.el, "div", "lecture-stage");
    this.canvas = add(this.stage, "canvas", "", { role: "application", tabindex: 0 });
    this.ctx = this.canvas.getContext("2d", { alpha: false });
    this.controls = add(this.el, "div", "lecture-controls");
    const words = add(this.el, "div", "lecture-words");
    this.problem = add(words, "p", "lecture-problem", { role: "alert" });
    this.readout = add(words, "p", "lecture-readout", { role: "status" });
    const on = { signal: this.signal };
    this.canvas.addEventListener("pointermove", (event) => this.point(event, event.buttons > 0), on);
    this.canvas.addEventListener("pointerdown", (event) => this.point(event, true), on);
    this.canvas.addEventListener("keydown", (event) => this.key(event), on);
    // Who leaves an explorer may ask Python next; where it leaves because its page closes, there is nobody to tell.
    this.el.addEventListener("focusout", ({ relatedTarget }) => this.el.contains(relatedTarget) || setTimeout(() => this.el.isConnected && this.flush()), on);
    keepKeys(this.el, this.signal);
  }

  // What has come from Python, or from another view of the same model.
  hear() {
    if (this.telling) return;
    const isNew = (name) => this.seen[name] !== this.model.get(name);
    const fresh = [...DECLARED, "arrays", "extra", "_state"].filter(isNew);
    for (const name of fresh) this.seen[name] = this.model.get(name);
    if (fresh.some((name) => DECLARED.includes(name))) {
      this.spec = Object.fromEntries(["indices", "slide", "flat"].map((name) => [name, this.model.get(name)]));
      this.arrows = this.model.get("arrows");
    }
    if (fresh.includes("arrays") || fresh.includes("extra")) this.arrays = unpackAll(this.model.get("arrays"), this.model.get("extra"));
    const theirs = this.model.get("_state");
    const heard = this.model.get("heard");
    const mine = Object.fromEntries(Object.entries(this.changed).filter(([name, told]) => told > heard && name in theirs).map(([name]) => [name, this.state[name]]));
    this.stand({ ...theirs, ...mine });
    // A new range is no new control: the hand may be on it.
    const made = JSON.stringify(Object.entries(this.spec.indices).map(([name, { kind, labels, python }]) => [name, kind, labels, python]));
    if (fresh.includes("controls") || made !== this.madeOf) this.makeControls();
    this.madeOf = made;
    this.title.textContent = this.model.get("title");
    this.head.hidden = !this.title.textContent && this.made.every(({ control }) => control.kind === "bar"); // nothing to take back
    this.show();
  }

  stand(state) {
    const before = this.state;
    this.state = settle(this.spec, this.arrays, before, state);
    this.where = new Where(this.spec, this.arrays, this.state);
  }

  makeControls() {
    const focused = this.made?.findIndex(({ el }) => el.contains(document.activeElement)) ?? -1;
    this.made = this.model.get("controls").map((control) => makeControl(this, control));
    this.controls.replaceChildren(...inRows(this.made));
    if (focused >= 0) this.made[focused]?.parts[0]?.focus();
  }

  // What a hand chooses: name → value. `turn`: whether this can be undone by itself; else that depends on the time since the last move.
  choose(changes, turn) {
    if (Object.entries(changes).every(([name, value]) => this.state[name] === value)) return;
    this.remember(turn);
    this.aim = undefined;
    const before = this.state;
    this.stand({ ...before, ...changes });
    this.show();
    this.tell(Object.keys(this.state).filter((name) => this.state[name] !== before[name]));
  }

  tell(names) {
    if (!names.length) return;
    for (const name of names) this.changed[name] = this.model.get("told") + 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), REST);
    if (names.some((name) => this.spec.indices[name].python === true)) this.flush();
  }

  // Python hears where the hand is. While it is busy only the newest is kept for it.
  flush() {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.telling = true;
    this.model.set("_state", (this.seen._state = { ...this.state, ...this.aim }));
    this.aim = undefined;
    this.model.set("told", this.model.get("told") + 1);
    this.telling = false;
    this.model.save_changes();
  }

  // ---------------------------------------------------------------- undo

  remember(turn) {
    if (this.hovering) return;
    const now = performance.now();
    if (turn ?? now - (this.lastMove ?? -TURN) > TURN) this.past.push(this.state);
    if (this.past.length > 100) this.past.shift();
    this.lastMove = now;
    this.undoButton.disabled = false;
  }

  undo() {
    let before;
    do before = this.past.pop(); while (before && same(before, this.state)); // a press may have changed nothing
    if (before) this.goTo(before);
    this.undoButton.disabled = !this.past.length;
  }

  reset() {
    this.remember(true);
    this.goTo(Object.fromEntries(Object.entries(this.spec.indices).map(([name, index]) => [name, index.start])));
  }

  goTo(state) {
    const before = this.state;
    this.state = undefined; // no index follows another one on the way
    this.stand({ ...before, ...state });
    this.aim = state; // with places, too, that there are only once Python has answered
    this.lastMove = undefined;
    this.show();
    this.tell(Object.keys(this.state).filter((name) => this.state[name] !== before[name]));
  }

  // ---------------------------------------------------------------- what is seen

  show() {
    for (const each of this.made) each.update(this.where);
    this.undoButton.disabled = !this.past.length;
    this.draw();
    const parts = read(this, this.model.get("sentence"), this.where);
    this.readout.replaceChildren(...parts.map(([tag, textContent]) => Object.assign(document.createElement(tag), { textContent })));
    const problem = this.model.get("problem");
    if (this.problem.textContent !== problem) this.problem.textContent = problem;
  }

  // Called when the view is first in the page, and whenever its size or the theme changes.
  place() {
    this.width = this.stage.clientWidth || this.width; // a page that changes its theme hides for a moment
    this.zoom = this.stage.getBoundingClientRect().width / this.width || 1; // slides are laid out small and enlarged
    const theme = this.el.closest('[data-jp-theme-light="false"]') ? "dark" : "light";
    this.ink = { ...PALETTE.inks[theme], bright: PALETTE.bright };
    this.series = PALETTE.series[theme];
    this.family = getComputedStyle(this.el).fontFamily;
    this.draw();
  }

  font(size, bold = false) {
    this.ctx.font = `${bold ? "600 " : ""}${size}px ${this.family}`;
  }

  draw() {
    const panels = this.model.get("panels");
    const { width } = this; // asking the element now would lay out the page once more
    if (!panels.length) this.stage.style.display = "none";
    if (!width || !panels.length) return;
    this.stage.style.display = "";
    const height = this.model.get("height");
    const ratio = (window.devicePixelRatio || 1) * this.zoom;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      Object.assign(this.canvas, { width: wide, height: high });
      this.canvas.style.height = `${height}px`;
    }
    const { ctx, where } = this;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.fillStyle = this.ink.paper;
    ctx.fillRect(0, 0, width, height);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    const sum = panels.reduce((total, panel) => total + (panel.share ?? 1), 0);
    const gap = 30;
    const free = width - 8 - gap * (panels.length - 1);
    let x = 4;
    const top = panels.every((panel) => panel.title === "") ? 8 : 34; // no title, no room for one
    this.drawn = panels.map((panel) => {
      const w = (free * (panel.share ?? 1)) / sum;
      const box = { x, y: top, w, h: height - top - 8 };
      const result = DRAW[panel.kind](this, panel, box, where);
      ctx.fillStyle = this.ink.text;
      ctx.textAlign = "center";
      this.font(16, true);
      const title = panel.titles ? panel.titles[clamp(where.place(panel.index), panel.titles.length)] : panel.title;
      const size = result.size && panel.size !== false ? `  ${result.size[0]} × ${result.size[1]}` : "";
      ctx.fillText((title ?? "") + size, x + w / 2, 16, w + 8);
      if (result === "no output") {
        this.font(16);
        ctx.fillText("no output", x + w / 2, height / 2);
      }
      if (panel.sign) {
        this.font(26, true);
        ctx.fillText(panel.sign, x + w + gap / 2, height / 2);
      }
      x += w + gap;
      return { panel, ...(result === "no output" ? {} : result) };
    });
    this.canvas.setAttribute("aria-label", `${this.model.get("about")} Arrow keys move what is marked.`);
  }

  // The indices for rows and columns of a panel.
  names(panel) {
    return [panel.row ?? this.arrows[0], panel.col ?? this.arrows[1]];
  }

  // ---------------------------------------------------------------- a hand in the picture

  // Places of two indices; null stands for one that there is not. What only Python could answer stays where it is on a page without it.
  chooseAt(names, places) {
    const changes = {};
    names.forEach((name, i) => {
      if (name && !(this.alone && this.spec.indices[name].python === true)) changes[name] = this.where.valueAt(name, clamp(places[i], this.where.count(name)));
    });
    this.choose(changes);
  }

  point(event, pressed) {
    const { left, top, width } = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top].map((at) => (at * this.canvas.clientWidth) / width);
    const hover = this.model.get("hover");
    this.hovering = !pressed;
    try {
      this.pointAt(x, y, pressed, hover);
    } finally {
      this.hovering = false;
    }
  }

  pointAt(x, y, pressed, hover) {
    for (const { panel, grid, hits, plot, zones, press } of this.drawn) {
      const names = this.names(panel);
      if (press && pressed) press(x, y);
      const zone = pressed && zones?.find((each) => inside(each, x, y));
      if (zone) return this.choose(zone.choose);
      const hit = pressed && hits?.find((each) => each.level > 0 && y >= each.y && y <= each.y + each.high && x >= each.x && x < each.x + each.cols * each.cell);
      if (hit) return this.choose({ [panel.layer]: this.where.valueAt(panel.layer, hit.level - 1), [names[1]]: Math.floor((x - hit.x) / hit.cell) });
      if (plot?.nearest && panel.cursor && (hover || pressed) && inside(plot.area, x, y)) {
        return this.choose({ [panel.cursor]: this.where.valueAt(panel.cursor, plot.nearest(x)) });
      }
      if (!grid || !panel.pick || !(hover || pressed)) continue;
      const [r, c] = [Math.floor((y - grid.y) / grid.cell), Math.floor((x - grid.x) / grid.cell)];
      if (r < 0 || c < 0 || r >= grid.rows || c >= grid.cols) continue;
      if (panel.pick === "output") return this.chooseAt(names, [r, c]);
      if (panel.pick === "pan") { // what is shown comes to the pointer
        if (pressed) this.chooseAt(names, [r - Math.floor(grid.rows / 2) + panel.reach, c - Math.floor(grid.cols / 2) + panel.reach]);
        continue;
      }
      const { skip, dilation, stride, window } = this.where.windows();
      const middle = (at, count) => Math.round((at - skip - (dilation * (count - 1)) / 2) / stride);
      return this.chooseAt(names, [middle(r, window.rows), middle(c, window.cols)]);
    }
  }

  key(event) {
    const move = moveOf(event);
    if (!move) return;
    event.preventDefault();
    const own = this.drawn.find((each) => each.move); // a panel that says itself where its arrow keys lead
    if (own) return void own.move(...move);
    const [down, across] = this.arrows;
    const at = (name) => (name ? this.where.place(name) : 0);
    const one = !down || !across || this.where.count(down) === 1 || this.where.count(across) === 1; // all arrows go along the only one
    const sum = move[0] + move[1];
    this.chooseAt(this.arrows, one ? [at(down) + sum, at(across) + sum] : [at(down) + move[0], at(across) + move[1]]);
  }

  remove() {
    clearTimeout(this.timer); // with the last view the kernel may be gone, too
    this.stop.abort();
    this.resize.disconnect();
    this.theme.disconnect();
    this.model.off("change", this.onChange);
  }
}

export default {
  render({ model, el }) {
    const explorer = new Explorer(model, el);
    return () => explorer.remove();
  },
};
