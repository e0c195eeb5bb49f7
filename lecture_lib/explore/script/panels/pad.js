// A pad to draw on: an element of its own above the picture. It takes fingers that would scroll the page elsewhere, has its own
// place among the tab stops, and is drawn at once, whatever Python does.
import { plane } from "../arrays.js";

const KEY_STEP = 8; // pixels of the drawing that an arrow key moves the pen
const PAD_KEYS = "Arrow keys move the pen, Space puts it down or lifts it, Z takes back, Delete clears.";

class Pad {
  constructor(view, panel) {
    Object.assign(this, { view, panel, side: panel.side, width: panel.pen, strokes: [], digit: null, photo: 0, opened: null, down: false });
    this.at = [panel.side / 2, panel.side / 2]; // where the pen of the keyboard is
    const add = (parent, tag, attributes = {}) => parent.appendChild(Object.assign(document.createElement(tag), attributes));
    this.el = add(view.stage, "div", { className: "lecture-pad", inert: view.alone });
    this.canvas = add(this.el, "canvas", { tabIndex: 0 });
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", `Drawing pad. ${PAD_KEYS}`);
    this.ctx = this.canvas.getContext("2d", { alpha: false });
    this.pen = add(this.el, "i");
    const tools = add(this.el, "div");
    for (const [name, act] of [["Clear", () => this.set([], null)], ["Random test digit", () => this.random()]]) {
      add(tools, "button", { type: "button", textContent: name }).addEventListener("click", act);
    }
    this.note = add(this.el, "p", { title: PAD_KEYS });
    const hear = (types, act) => types.forEach((type) => this.canvas.addEventListener(type, (event) => act.call(this, event)));
    hear(["pointerdown"], this.press);
    hear(["pointermove"], this.move);
    hear(["pointerup", "pointercancel", "lostpointercapture"], this.lift);
    hear(["keydown"], this.key);
  }

  // Where the panel is, and what is on the pad; nothing happens while both stay.
  place(box, state) {
    const side = Math.max(80, Math.min(box.w, box.h - (box.below ?? 82)));
    const ratio = (window.devicePixelRatio || 1) * this.view.zoom;
    const where = [box.x, box.y, box.w, side, ratio].join();
    const [strokes, digit, photo] = ["strokes", "digit", "photo"].map((name) => state[this.panel[name]]);
    const opened = this.view.arrays[this.panel.opened]; // the ink of a photo; Python sends it
    if (where === this.where && strokes === this.told && digit === this.digit && photo === this.photo && (!photo || opened === this.opened)) return;
    if (strokes !== this.told) { // not from this hand
      this.rest();
      this.stroke = null;
      this.strokes = [...strokes];
    }
    Object.assign(this, { where, told: strokes, digit, photo, opened, shown: side });
    Object.assign(this.el.style, { left: `${box.x}px`, top: `${box.y}px`, width: `${box.w}px` });
    Object.assign(this.canvas.style, { width: `${side}px`, height: `${side}px` });
    this.canvas.width = this.canvas.height = Math.round(side * ratio);
    this.paint();
  }

  paint() {
    const { ctx, canvas, view, digit, photo } = this;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = "#000";
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    const scale = canvas.width / this.side;
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    if (digit !== null || photo) {
      const { rows, cols, values, offset } = photo ? plane(this.opened, [0]) : plane(view.arrays[this.panel.array], [digit]);
      const [high, wide] = [this.side / rows, this.side / cols];
      for (let i = 0; i < rows * cols; i++) {
        const grey = values[offset + i];
        if (!grey) continue;
        ctx.fillStyle = `rgb(${grey} ${grey} ${grey})`;
        ctx.fillRect((i % cols) * wide, Math.floor(i / cols) * high, wide + 0.5, high + 0.5);
      }
    }
    Object.assign(ctx, { strokeStyle: "#fff", lineWidth: this.width, lineCap: "round", lineJoin: "round" });
    for (const stroke of this.strokes) this.line(stroke);
    if (digit === null && !photo && !this.strokes.length) {
      Object.assign(ctx, { fillStyle: "#fffa", textAlign: "center", textBaseline: "middle", font: `20px ${view.family}` });
      ctx.fillText("Draw a digit here", this.side / 2, this.side / 2);
    }
    this.say();
  }

  line(points) {
    const { ctx } = this;
    ctx.fillStyle = "#fff";
    ctx.beginPath();
    ctx.arc(...points[0], this.width / 2, 0, 2 * Math.PI); // a line from a point to itself is not painted by every browser
    ctx.fill();
    ctx.beginPath();
    ctx.moveTo(...points[0]);
    for (const point of points) ctx.lineTo(...point);
    ctx.stroke();
  }

  say() {
    const text = this.view.alone ? "To draw here needs Python."
      : this.count() >= this.panel.most ? "The pad is full: press Clear." : "Keys: arrows, Space, Del.";
    if (this.note.textContent !== text) this.note.textContent = text;
    const unit = this.shown / this.side;
    Object.assign(this.pen.style, { left: `${this.at[0] * unit}px`, top: `${this.at[1] * unit}px`, width: `${this.width * unit}px`, height: `${this.width * unit}px` });
    this.pen.classList.toggle("lecture-down", this.down);
  }

  count() {
    return this.strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  }

  // Put something else on the pad.
  set(strokes, digit) {
    this.down = false;
    this.view.choose({ [this.panel.strokes]: strokes, [this.panel.digit]: digit, [this.panel.photo]: 0 }, true);
  }

  // The model keeps what is newest until Python has answered what it got before: nothing queues up. A stroke is taken back as one.
  send() {
    this.rest();
    this.told = this.strokes.map((stroke) => (stroke === this.stroke ? [...stroke] : stroke)); // what was told changes no more
    this.view.choose({ [this.panel.strokes]: this.told }, this.begun);
    this.begun = false;
  }

  rest() {
    cancelAnimationFrame(this.sending);
    this.sending = null;
  }

  random() {
    const [count] = this.view.arrays[this.panel.array].shape;
    const now = this.digit;
    const other = Math.floor(Math.random() * (count - (now === null || count === 1 ? 0 : 1)));
    this.set([], other + (now !== null && other >= now && count > 1 ? 1 : 0));
  }

  // A point of the drawing goes to the stroke, and at once to the picture.
  add(point) {
    if (this.count() >= this.panel.most) return;
    if (!this.stroke) {
      if (this.sending) this.send(); // two strokes are two steps back
      const first = !this.strokes.length;
      this.strokes.push((this.stroke = [point]));
      this.begun = true;
      if (first) this.paint(); // away with the invitation
    }
    const last = this.stroke.at(-1);
    if (last !== point && Math.hypot(point[0] - last[0], point[1] - last[1]) < 2) return;
    if (last !== point) this.stroke.push(point);
    this.line([last, point]);
    this.sending ??= requestAnimationFrame(() => {
      this.send();
      this.say();
    });
  }

  // Places in the drawing that the pointer went through; outside of the pad there are none.
  places(event) {
    const { left, top, width } = this.canvas.getBoundingClientRect();
    const passed = event.getCoalescedEvents?.() ?? [];
    return (passed.length ? passed : [event]).map(({ clientX, clientY }) =>
      [clientX - left, clientY - top].map((at) => Math.round((at * this.side) / width)));
  }

  press(event) {
    if (this.pointer != null || event.button > 0) return; // one finger draws
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.focus({ preventScroll: true });
    this.el.classList.remove("lecture-keys");
    this.down = false;
    this.stroke = null;
    this.move(event);
    event.preventDefault();
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    for (const place of this.places(event)) {
      if (place.every((at) => at >= 0 && at < this.side)) this.add(place);
      else this.stroke = null; // it left the pad; where it comes back a new stroke begins
    }
  }

  lift(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = this.stroke = null;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 1 : KEY_STEP;
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (by) {
      this.at = this.at.map((at, axis) => Math.max(0, Math.min(this.side - 1, at + by[axis])));
      if (this.down) this.add(this.at);
    } else if (event.key === " ") {
      this.down = !this.down;
      this.stroke = null;
      if (this.down) this.add(this.at);
    } else if (event.key === "Delete" || event.key === "Backspace") this.set([], null);
    else if (event.key === "z" || event.key === "Z") this.view.undo();
    else return;
    event.preventDefault();
    this.el.classList.add("lecture-keys");
    this.say();
  }
}

export function drawPad(view, panel, box, where) {
  (view.pad ??= new Pad(view, panel)).place(box, where.state);
  return {};
}
