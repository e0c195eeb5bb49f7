// ---------------------------------------------------------------- a pad to draw on, and what a network makes of it

const LIFT = 0xffff; // stands between the strokes, where no coordinate can be
const KEY_STEP = 8; // pixels of the drawing that an arrow key moves the pen

// Strokes as bytes: x and y of each point as uint16, a pair of LIFT after each stroke. And back.
function packStrokes(strokes) {
  return new DataView(Uint16Array.from(strokes.flatMap((stroke) => [...stroke.flat(), LIFT, LIFT])).buffer);
}

function unpackStrokes(data) {
  const points = new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  const strokes = [[]];
  for (let i = 0; i + 1 < points.length; i += 2) {
    if (points[i] === LIFT) strokes.push([]);
    else strokes.at(-1).push([points[i], points[i + 1]]);
  }
  return strokes.filter((stroke) => stroke.length);
}

// The pad is an element of its own above the view's canvas: it takes fingers that would scroll the page elsewhere,
// has its own place among the tab stops, and is drawn at once, whatever Python does.
class Pad {
  constructor(view, panel) {
    Object.assign(this, { view, side: panel.side, width: panel.pen, most: panel.most, strokes: [], down: false, sent: null });
    this.at = [panel.side / 2, panel.side / 2]; // where the pen of the keyboard is
    this.el = view.el.appendChild(document.createElement("div"));
    this.el.className = "lecture-pad";
    this.canvas = this.el.appendChild(document.createElement("canvas"));
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label",
      "Drawing pad. Arrow keys move the pen, Space puts it down and lifts it, Z takes back a stroke, Delete clears the pad.");
    this.ctx = this.canvas.getContext("2d", { alpha: false });
    this.pen = this.el.appendChild(document.createElement("i"));
    const tools = this.el.appendChild(document.createElement("div"));
    for (const [name, act] of [["Clear", () => this.set([], null)], ["Undo", () => this.undo()], ["Random test digit", () => this.random()]]) {
      const button = tools.appendChild(document.createElement("button"));
      Object.assign(button, { type: "button", textContent: name, className: "jupyter-button" });
      button.addEventListener("click", act);
    }
    this.note = this.el.appendChild(document.createElement("p"));
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) this.canvas.addEventListener(type, (event) => this.lift(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    const { model } = view;
    const load = () => this.load();
    this.load();
    model.on("change:strokes change:digit", load);
    view.stop.signal.addEventListener("abort", () => model.off("change:strokes change:digit", load));
  }

  // Where the panel is; nothing happens while it stays there.
  place(box) {
    const side = Math.max(80, Math.min(box.w, box.h - 102));
    const ratio = window.devicePixelRatio || 1;
    const where = [box.x, box.y, box.w, side, ratio].join();
    if (where === this.where) return;
    this.where = where;
    Object.assign(this.el.style, { left: `${box.x}px`, top: `${box.y}px`, width: `${box.w}px` });
    Object.assign(this.canvas.style, { width: `${side}px`, height: `${side}px` });
    this.canvas.width = this.canvas.height = Math.round(side * ratio);
    this.shown = side;
    this.paint();
  }

  // What another view of this model, or Python, has put on the pad.
  load() {
    const [data, digit] = [this.view.model.get("strokes"), this.view.model.get("digit")];
    if (data === this.sent && digit === this.digit) return;
    if (data !== this.sent) this.strokes = unpackStrokes(data);
    Object.assign(this, { sent: data, digit });
    if (this.shown) this.paint();
  }

  paint() {
    const { ctx, canvas, view, digit } = this;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = "#000";
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    const scale = canvas.width / this.side;
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    if (digit !== null) {
      const { rows, cols, values, offset } = plane(view.arrays.digits, digit);
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
    if (digit === null && !this.strokes.length) {
      Object.assign(ctx, { fillStyle: "#a0a0a0", textAlign: "center", textBaseline: "middle", font: `20px ${view.family}` });
      ctx.fillText("Draw a digit here", this.side / 2, this.side / 2);
    }
    this.say();
  }

  line(points) {
    const { ctx } = this;
    ctx.beginPath();
    ctx.moveTo(...points[0]);
    for (const point of points) ctx.lineTo(...point); // the first one again: a point alone is a dot
    ctx.stroke();
  }

  say() {
    const full = this.count() >= this.most;
    const text = full ? "The pad is full: press Clear."
      : "Mouse, pen or finger. Keys: arrows move the pen, Space puts it down or lifts it, Z undoes, Delete clears.";
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
    this.stroke = null;
    this.down = false;
    this.strokes = strokes;
    this.send(digit);
    this.paint();
  }

  // The model keeps what is newest until Python has answered what it got before: nothing queues up.
  // The view has nothing new to draw before that answer.
  send(digit = this.digit) {
    const { model } = this.view;
    Object.assign(this, { sent: packStrokes(this.strokes), digit });
    this.view.settling = true;
    model.set({ strokes: this.sent, digit });
    this.view.settling = false;
    model.save_changes();
  }

  undo() {
    this.set(this.strokes.slice(0, -1), this.digit);
  }

  random() {
    const [count] = this.view.arrays.digits.shape;
    const now = this.digit;
    const other = Math.floor(Math.random() * (count - (now === null || count === 1 ? 0 : 1)));
    this.set([], other + (now !== null && other >= now && count > 1 ? 1 : 0));
  }

  // A point of the drawing goes to the stroke, and at once to the picture.
  add(point) {
    if (this.count() >= this.most) return;
    if (!this.stroke) {
      const first = !this.strokes.length;
      this.strokes.push((this.stroke = [point]));
      if (first) this.paint(); // away with the invitation
    }
    const last = this.stroke.at(-1);
    if (last !== point && Math.hypot(point[0] - last[0], point[1] - last[1]) < 2) return;
    if (last !== point) this.stroke.push(point);
    this.line([last, point]);
    this.sending ??= requestAnimationFrame(() => {
      this.sending = null;
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
    else if (event.key === "z" || event.key === "Z") this.undo();
    else return;
    event.preventDefault();
    this.el.classList.add("lecture-keys");
    this.say();
  }
}

function drawPad(view, panel, box) {
  (view.pad ??= new Pad(view, panel)).place(box);
  return {};
}

// ---------------------------------------------------------------- tiles

// Tiles of rows × cols numbers in lines of `per`, as large as the box lets them; units of a vector lie without gaps.
function layTiles({ count, rows, cols, per }, box) {
  const gap = rows * cols === 1 ? 0 : 4;
  const lines = Math.ceil(count / per);
  const cell = Math.min((box.w - gap * (per - 1)) / (per * cols), (box.h - gap * (lines - 1)) / (lines * rows));
  const [wide, high] = [cell * cols, cell * rows];
  return { count, rows, cols, per, lines, cell, gap, wide, high, x: box.x, y: box.y,
    tall: lines * (high + gap) - gap, broad: per * (wide + gap) - gap };
}

const tileAt = (tiles, k) => [tiles.x + (k % tiles.per) * (tiles.wide + tiles.gap), tiles.y + Math.floor(k / tiles.per) * (tiles.high + tiles.gap)];

// Each tile in the colours of its role, with numbers where they can be read.
function paintTiles(view, key, tiles, { values, offset = 0, role, limit }) {
  const { ctx } = view;
  ctx.imageSmoothingEnabled = false;
  const size = tiles.rows * tiles.cols;
  const stack = { rows: tiles.count * tiles.rows, cols: tiles.cols, values, offset, role, limit };
  const painted = picture(view, key, stack, { top: 0, left: 0, step: 1, rows: stack.rows, cols: stack.cols });
  for (let k = 0; k < tiles.count; k++) {
    const [x, y] = tileAt(tiles, k);
    ctx.drawImage(painted, 0, k * tiles.rows, tiles.cols, tiles.rows, x, y, tiles.wide, tiles.high);
    if (tiles.cell < 24) continue;
    const part = { top: 0, left: 0, step: 1, rows: tiles.rows, cols: tiles.cols };
    writeCells(view, { x, y, cell: tiles.cell }, { ...stack, offset: offset + k * size }, part, (v) => [number(v)]);
  }
  ctx.strokeStyle = view.ink.line;
  ctx.lineWidth = 1;
  if (tiles.gap) for (let k = 0; k < tiles.count; k++) ctx.strokeRect(...tileAt(tiles, k), tiles.wide, tiles.high);
  else ctx.strokeRect(tiles.x, tiles.y, tiles.broad, tiles.tall);
}

// A frame in tile k, kept inside it; a window may reach into the padding.
function frameInTile(view, tiles, k, [top, left, high, wide]) {
  const [x, y] = tileAt(tiles, k);
  const [r0, c0] = [Math.max(0, top), Math.max(0, left)];
  const [r1, c1] = [Math.min(tiles.rows, top + high), Math.min(tiles.cols, left + wide)];
  outline(view, { x, y, cell: tiles.cell }, r0, c0, r1 - r0, c1 - c0);
}

// ---------------------------------------------------------------- what the network sees, its maps, its answer

// The unit that is chosen: its row of maps, and map, row and column in it.
function chosenUnit(view, rows) {
  const [level, r, c] = view.model.get("unit");
  const row = rows[clampIndex(level, rows.length)];
  const map = Math.min(Math.floor(r / row.rows) * row.per + Math.min(Math.floor(c / row.cols), row.per - 1), row.count - 1);
  return { level, row, map, r: r % row.rows, c: c % row.cols };
}

// The input with what the chosen unit sees of it; below, the unit's weights.
function drawPadInput(view, panel, box) {
  const { ctx } = view;
  const [, rows, cols] = view.arrays.seen.shape;
  const side = Math.min(box.w, box.h * 0.5);
  const input = layTiles({ count: 1, rows, cols, per: 1 }, { x: box.x + (box.w - side) / 2, y: box.y, w: side, h: side });
  paintTiles(view, panel, input, view.arrays.seen);
  frameInTile(view, input, 0, [...view.arrays.field.values.slice(0, 4)]);
  const { weights } = view.arrays;
  const unit = chosenUnit(view, panel.rows);
  const top = box.y + side + 16;
  ctx.fillStyle = view.ink.text;
  view.font(16, true);
  const name = `${unit.row.label}${unit.row.count > 1 ? ` [${unit.row.rows > 1 ? `${unit.map}, ${unit.r}, ${unit.c}` : unit.map}]` : ""}`;
  ctx.fillText(`${weights.role === "weight" ? "Weights of" : "What goes into"} ${name}`, box.x + box.w / 2, top, box.w);
  const [count, h, w] = weights.shape;
  const room = { x: box.x, y: top + 16, w: box.w, h: box.y + box.h - top - 16 };
  const across = [...Array(Math.min(count, 60)).keys()].map((i) => layTiles({ count, rows: h, cols: w, per: i + 1 }, room));
  const best = across.reduce((one, other) => (other.cell > one.cell ? other : one));
  const tiles = { ...best, x: box.x + (box.w - best.broad) / 2 };
  paintTiles(view, panel.rows, tiles, weights); // one key for the weights of every unit, and gone with the panel
  return { input };
}

// Every layer as a row of maps, the first layer's filters above; a press or the arrow keys choose a unit.
function drawPadMaps(view, panel, box) {
  const { ctx, model } = view;
  const { units, filters, field } = view.arrays;
  const shown = panel.rows.map((row) => ({ ...row, key: row, source: { ...units, offset: row.offset, limit: row.limit } }));
  if (panel.filters) {
    const [count, rows, cols] = filters.shape;
    shown.unshift({ key: panel, label: "filters", count, rows, cols, per: count, source: filters });
  }
  const labels = 58;
  const needs = shown.map(({ count, per, rows }) => Math.ceil(count / per) * (rows > 1 ? 12 + rows : 7) + 4);
  const unit = (box.h - 7 * shown.length) / needs.reduce((sum, each) => sum + each, 0);
  const laid = shown.map((row, i) => layTiles(row, { x: box.x + labels, y: 0, w: box.w - labels, h: needs[i] * unit }));
  const gap = (box.h - laid.reduce((sum, { tall }) => sum + tall, 0)) / (laid.length - 1); // what is left, between them
  let top = box.y;
  laid.forEach((tiles, i) => {
    tiles.y = top;
    top += tiles.tall + gap;
    paintTiles(view, shown[i].key, tiles, shown[i].source);
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "left";
    view.font(15, true);
    ctx.fillText(shown[i].label, box.x, tiles.y + tiles.tall / 2, labels - 6);
    ctx.textAlign = "center";
  });
  if (panel.filters) laid.shift();
  const chosen = chosenUnit(view, panel.rows);
  frameInTile(view, laid[chosen.level], chosen.map, [chosen.r, chosen.c, 1, 1]);
  if (chosen.level) {
    const [map, ...window] = field.values.slice(4, 9);
    const below = laid[chosen.level - 1];
    if (!below.gap) outline(view, below, 0, 0, below.lines, below.per);
    else for (let k = 0; k < below.count; k++) if (map < 0 || map === k) frameInTile(view, below, k, window);
  }
  const choose = (level, r, c) => {
    const next = [level, r, c];
    if (next.join() === model.get("unit").join()) return;
    model.set({ unit: next });
    model.save_changes();
  };
  const press = (x, y) => {
    for (const [level, tiles] of laid.entries()) {
      const [down, over] = [y - tiles.y, x - tiles.x];
      if (down < 0 || over < 0 || down >= tiles.tall || over >= tiles.broad) continue;
      const [line, tile] = [Math.floor(down / (tiles.high + tiles.gap)), Math.floor(over / (tiles.wide + tiles.gap))];
      const r = Math.floor((down - line * (tiles.high + tiles.gap)) / tiles.cell);
      const c = Math.floor((over - tile * (tiles.wide + tiles.gap)) / tiles.cell);
      if (r >= tiles.rows || c >= tiles.cols || line * tiles.per + tile >= tiles.count) continue; // between two maps
      choose(level, line * tiles.rows + r, tile * tiles.cols + c);
    }
  };
  // Up and down go on into the layer before and after, at the same place from the left.
  const move = (down, over) => {
    const [level, r, c] = model.get("unit");
    const tall = (tiles) => tiles.lines * tiles.rows;
    const wide = (tiles) => tiles.per * tiles.cols;
    const next = r + down < 0 ? level - 1 : r + down >= tall(laid[level]) ? level + 1 : level;
    if (!laid[next]) return;
    if (next === level) return choose(level, r + down, clampIndex(c + over, wide(laid[level])));
    const [from, to] = [laid[level], laid[next]];
    const at = Math.floor(((c + 0.5) * wide(to)) / wide(from));
    choose(next, next < level ? tall(to) - 1 : 0, clampIndex(at, wide(to)));
  };
  return { press, move, laid };
}

// How likely each class is, as bars with the digits' names; arrow and letters mark the winner, ✓ what a test digit is.
function drawPadClasses(view, panel, box) {
  const { ctx } = view;
  const { values } = view.arrays.classes;
  const right = view.arrays.label.values[0];
  const top = values.some((each) => each > 0) ? values.indexOf(Math.max(...values)) : -1;
  const high = Math.min(44, box.h / values.length);
  const [names, share] = [Math.min(80, box.w * 0.4), 66];
  values.forEach((each, i) => {
    const y = box.y + (i + 0.5) * high;
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "left";
    view.font(16, i === top);
    ctx.fillText(`${i} ${panel.names[i]}${i === right ? " ✓" : ""}`, box.x, y, names - 4);
    ctx.fillStyle = view.ink.faint;
    ctx.fillRect(box.x + names, y - high * 0.3, box.w - names - share, high * 0.6);
    ctx.fillStyle = i === right ? view.series[2] : i === top ? view.ink.mark : view.series[0];
    ctx.fillRect(box.x + names, y - high * 0.3, (box.w - names - share) * each, high * 0.6);
    if (top < 0 || each < 0.005) return;
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "right";
    ctx.fillText(`${i === top ? "◀ " : ""}${(100 * each).toFixed(0)} %`, box.x + box.w, y, share - 4);
  });
  ctx.textAlign = "center";
  return { top };
}

Object.assign(DRAW, { pad: drawPad, "pad input": drawPadInput, "pad maps": drawPadMaps, "pad classes": drawPadClasses });
