// One explorer: its controls, its pictures, its sentence. It asks its page for nothing but a model with get, set, on, off,
// save_changes and send; whether JupyterLab, a deck or a page without a server has made that model is all the same.
import { unpackAll } from "./arrays.js";
import { makeControl } from "./controls.js";
import { listen } from "./hand.js";
import { makeHead, showHead } from "./head.js";
import { keepKeys } from "./keys.js";
import { inRegions } from "./layout.js";
import { Motion } from "./motion.js";
import { written } from "./node.js";
import { PALETTE } from "./palette.js";
import { Presses } from "./presses.js";
import { read } from "./sentence.js";
import { fromText } from "./share.js";
import { drawStage, place } from "./stage.js";
import { Tour } from "./tour.js";
import { settle, Where } from "./where.js";

const REST = 150; // ms without a move before Python hears where the hand is
const TURN = 600; // ms without a move after which the next one can be undone by itself
const LONG = 1000; // ms after which what Python does is said
const SILENCE = 3000; // ms without an answer of Python after which that is said
const SILENT = "Python does not answer. If a cell is running it comes after it; otherwise: Run → Run All Cells.";
const MOST_HIGH = 1.5; // of the height on a page
const FULL_ZOOMS = [1.25, 1.2, 1.15, 1.1, 1.05, 1]; // of an explorer in full screen on a deck
const LEAST_HIGH = { walk: 0.9, network: 0.6 }; // of it, on a slide with much else; others need less
const DECLARED = ["indices", "controls", "panels", "slide", "flat", "sentence", "arrows"];
const SHOWN = [...DECLARED, "arrays", "extra", "_state", "height", "title", "about", "problem", "call"];
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
    this.motion = new Motion(() => this.draw());
    this.alone = model.get("alone") === true;
    this.tables = PALETTE.tables;
    this.paints = Object.fromEntries(Object.entries(PALETTE.tables).map(([role, table]) => [role,
      Uint32Array.from({ length: table.length / 3 }, (_, i) => 0xff000000 | (table[3 * i + 2] << 16) | (table[3 * i + 1] << 8) | table[3 * i])]));
    this.build();
    this.onChange = () => {
      if (!this.telling) this.answered();
      this.hear();
    };
    model.on("change", this.onChange);
    this.resize = new ResizeObserver(() => this.place());
    this.resize.observe(this.stage);
    this.theme = new MutationObserver(() => this.place());
    this.theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
    this.hear();
    const linked = this.alone && fromText(this, location.hash);
    if (linked) this.goTo(linked);
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
    this.el.classList.toggle("lecture-short", this.get("sentence").length > 0 && this.get("sentence").every(({ kind }) => kind === "sum")); // never more than a line
    this.icons = makeHead(this);
    this.undoButton = this.icons.undo;
    this.stage = add(this.el, "div", "lecture-stage");
    this.canvas = add(this.stage, "canvas", "", { role: "application", tabindex: 0 });
    this.ctx = this.canvas.getContext("2d", { alpha: false });
    this.controls = add(this.el, "div", "lecture-controls");
    const words = add(this.el, "div", "lecture-words");
    this.problem = add(words, "p", "lecture-problem", { role: "alert" });
    this.readout = add(words, "p", "lecture-readout", { role: "status" });
    const on = { signal: this.signal };
    this.tour = new Tour(this);
    this.presses = new Presses(this);
    listen(this);
    this.el.addEventListener("fullscreenchange", () => {
      if (this.get("on_slide").length) this.makeControls();
      this.show();
      this.placeFull();
    }, on);
    this.el.addEventListener("lecture-high", ({ detail }) => { // a slide says how much of it its pictures may take
      const declared = this.get("height");
      detail.least = declared * Math.max(...this.get("panels").map(({ kind }) => LEAST_HIGH[kind] ?? 0.36));
      this.letters = detail.letters;
      this.given = Math.floor(Math.min(Math.max(detail.high, detail.least), MOST_HIGH * declared));
      this.place();
    }, on);
    // Who leaves an explorer may ask Python next; where it leaves because its page closes, there is nobody to tell.
    this.el.addEventListener("focusout", ({ relatedTarget }) => this.el.contains(relatedTarget) || setTimeout(() => this.el.isConnected && this.flush()), on);
    keepKeys(this.el, this.signal);
  }

  // What has come from Python, or from another view of the same model.
  hear() {
    if (this.telling) return;
    const isNew = (name) => this.seen[name] !== this.model.get(name);
    const fresh = SHOWN.filter(isNew);
    for (const name of fresh) this.seen[name] = this.model.get(name);
    if (fresh.some((name) => DECLARED.includes(name))) {
      this.spec = Object.fromEntries(["indices", "slide", "flat"].map((name) => [name, this.model.get(name)]));
      this.arrows = this.model.get("arrows");
    }
    if (fresh.includes("arrays") || fresh.includes("extra")) this.arrays = unpackAll(this.model.get("arrays"), this.model.get("extra"));
    const theirs = this.model.get("_state");
    const heard = this.model.get("heard");
    const mine = Object.fromEntries(Object.entries(this.changed).filter(([name, told]) => told > heard && name in theirs).map(([name]) => [name, this.state[name]]));
    const before = this.state;
    this.stand({ ...theirs, ...mine });
    if (!fresh.length && Object.keys(theirs).every((name) => before[name] === this.state[name])) return this.say(this.model.get("problem")); // it has heard all
    // A new range is no new control: the hand may be on it.
    const made = JSON.stringify(Object.entries(this.spec.indices).map(([name, { kind, labels, python }]) => [name, kind, labels, python]));
    const remade = fresh.includes("controls") || made !== this.madeOf;
    if (remade) this.makeControls();
    this.madeOf = made;
    showHead(this.icons, this);
    this.show();
    if (this.width && (remade || fresh.includes("height"))) this.place();
  }

  stand(state, follow = true) {
    this.state = settle(this.spec, this.arrays, this.state, state, follow);
    this.where = new Where(this.spec, this.arrays, this.state);
  }

  // On a slide there are those alone that it has room for.
  makeControls() {
    const focused = this.made?.findIndex(({ el }) => el.contains(document.activeElement)) ?? -1;
    const kept = this.el.closest(".deck") && document.fullscreenElement !== this.el ? this.get("on_slide") : [];
    this.made = this.model.get("controls").filter(({ name }) => !kept.length || kept.includes(name)).map((control) => makeControl(this, control));
    // A picture of one's own stands behind an icon, with what is of its group.
    const groups = this.made.filter(({ control }) => control.kind === "file").map(({ control }) => control.group);
    const own = ({ control }) => control.kind === "file" || (control.group && groups.includes(control.group));
    this.icons.own.place.replaceChildren(...this.made.filter(own).map(({ el }) => el));
    this.controls.replaceChildren(...inRegions(this.made.filter((each) => !own(each))));
    if (focused >= 0) this.made[focused]?.parts[0]?.focus();
  }

  // What a hand chooses: name → value. `turn`: whether this can be undone by itself; else that depends on the time since the last move.
  choose(changes, turn) {
    if (Object.entries(changes).every(([name, value]) => this.state[name] === value)) return;
    this.remember(turn);
    this.aim = undefined;
    const before = this.state;
    this.stand({ ...before, ...changes });
    this.tell(Object.keys(this.state).filter((name) => this.state[name] !== before[name])); // Python answers while this draws
    this.show();
  }

  tell(names) {
    if (!names.length) return;
    for (const name of names) this.changed[name] = this.model.get("told") + 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), REST);
    if (!names.some((name) => this.spec.indices[name].python === true)) return;
    this.flush();
    this.ask();
  }

  // Python must answer; where nothing comes of it that is said. `words`: what it does, where that may take a while.
  ask(words = "") {
    if (!this.alone) this.waiting ??= [setTimeout(() => this.say(words), LONG), setTimeout(() => this.say(this.silent), SILENCE)];
  }

  // Who is no JupyterLab says what can be done there.
  get silent() {
    return this.model.silent ?? SILENT;
  }

  answered() {
    this.waiting?.forEach((each) => clearTimeout(each));
    this.waiting = undefined;
  }

  say(problem) {
    written(this.problem, problem);
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
    const movable = Object.entries(this.spec.indices).filter(([, { python }]) => !(this.alone && python === true));
    this.goTo(Object.fromEntries(movable.map(([name, index]) => [name, index.start])));
  }

  // What Python answered where it was there to be asked: a page without it shows that, and goes on from there.
  recall(answer) {
    this.past = [];
    for (const [name, value] of Object.entries(answer)) this.model.set(name, value);
    this.model.set("heard", this.model.get("told") + 1);
    this.hear();
    this.draw();
  }

  // `follow`: whether indices that follow others do so on the way.
  goTo(state, follow = false) {
    const before = this.state;
    this.stand({ ...before, ...state }, follow);
    this.aim = state; // with places, too, that there are only once Python has answered
    this.lastMove = undefined;
    this.tell(Object.keys(this.state).filter((name) => this.state[name] !== before[name]));
    this.show();
  }

  // ---------------------------------------------------------------- what is seen

  show() {
    for (const each of this.made) each.update(this.where);
    this.undoButton.disabled = !this.past.length;
    this.tour.follow();
    this.draw();
    const parts = read(this, this.model.get("sentence"), this.where);
    const said = JSON.stringify(parts);
    if (said !== this.said) this.readout.replaceChildren(...parts.map(([tag, textContent]) => Object.assign(document.createElement(tag), { textContent })));
    this.said = said; // the same sentence anew would cost a layout
    if (this.waiting === undefined || this.problem.textContent !== this.silent) this.say(this.model.get("problem"));
  }

  place() {
    place(this);
  }

  // In full screen on a deck, as large as lets all of it be seen without scrolling.
  placeFull() {
    for (const zoom of FULL_ZOOMS) {
      this.el.style.setProperty("--full-zoom", zoom);
      this.place();
      if (document.fullscreenElement !== this.el || this.el.scrollHeight <= this.el.clientHeight) return;
    }
  }

  draw() {
    drawStage(this);
  }

  // On a slide no letter is smaller than the slide says: as it is enlarged, the last row of seats can read it.
  font(size, bold = false) {
    this.ctx.font = `${bold ? "700 " : ""}${Math.max(size, this.least)}px ${this.family}`;
  }

  // The indices for rows and columns of a panel.
  names(panel) {
    return [panel.row ?? this.arrows[0], panel.col ?? this.arrows[1]];
  }

  remove() {
    this.motion.stop();
    this.answered();
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
