// A deck whose other end is a kernel: runs the notebook's cells, what is shown first, and puts what they give in its place.
// Until then, and where something fails, the slide shows what the notebook's file holds.
import { Kernel } from "./kernel.js";
import { pictures, setFormulas, shown as shownOf, VIEW } from "./outputs.js";

const plan = JSON.parse(document.getElementById("plan").textContent);
const KEPT = `lecture-live ${plan.notebook}`;
const BASE = new URL("../../", location.href).pathname;
const SETUP = "from lecture_lib.explore import Explorer as _Explorer\n_Explorer.pictured = False"; // no still pictures: nobody would see them
const AGAIN = 1000; // ms between two tries to reach the server
const WORDS = {
  restarted: "Python has stopped. Press r: it starts again, and the explorers stand as they stood.",
  lost: "No connection to Python; trying again. If the server has ended, start it again by the same command: this page finds it.",
};

class Live {
  constructor() {
    this.kept = this.read(sessionStorage) ?? {};
    this.cells = plan.cells.map((cell, at) => {
      const part = document.querySelector(`[data-cell="${cell.id}"]`);
      const slide = lectureDeck.slides.indexOf(part?.closest(".slide"));
      return { ...cell, at, part, slide, state: "waiting", outputs: [], places: [], hand: this.kept.hand?.[cell.id] ?? [], problem: "" };
    });
    this.models = new Map(); // id of a widget → its model
    this.awaited = new Map(); // id of a widget that lived before this page → what to do once its state has come
    this.at = 0;
    this.state = "starting";
    this.strip = document.body.appendChild(Object.assign(document.createElement("div"), { className: "live-strip", role: "status" }));
    this.kernel = new Kernel(BASE, {
      opened: (widget, state) => this.open(widget, state),
      changed: (widget, state) => this.change(widget, state),
      message: (message, cell) => this.message(message, cell),
      state: (state) => this.hear(state),
    });
    lectureExplorers.modelOf = async (id) => this.models.get(id);
    addEventListener("lecture-slide", ({ detail }) => this.turn(detail));
    lectureDeck.key(["e"], "e", "this slide's code in JupyterLab", () => this.edit());
    lectureDeck.key(["R"], "R", "starts Python again; r does where it has stopped", () => void this.revive());
    lectureDeck.key(["I"], "I", "interrupts Python", () => void this.kernel.interrupt().catch((error) => console.warn(error.message)));
    addEventListener("pagehide", () => this.write());
  }

  // ---------------------------------------------------------------- from a page to a living deck

  async begin() {
    if (this.kept.slide && Number(location.hash.slice(1)) === this.kept.slide.at + 1) lectureDeck.go(this.kept.slide.at, this.kept.slide.shown);
    this.at = Math.max(0, lectureDeck.slides.findIndex((each) => each.classList.contains("here")));
    this.say();
    if (!(await this.reach(() => this.kernel.start(plan.notebook)))) return;
    if (!this.kept.kernel) this.inherit(this.read(localStorage) ?? {});
    if (this.kept.kernel === this.kernel.id) await this.takeUp().catch((error) => console.warn(error.message));
    await this.run();
  }

  // A tab like this one has ended, with its browser perhaps, and its Python has gone on: this one takes its place.
  inherit(kept) {
    if (kept.kernel !== this.kernel.id) return;
    this.kept = kept;
    for (const cell of this.cells) cell.hand = kept.hand[cell.id] ?? [];
    if (this.at === 0 && kept.slide) lectureDeck.go(kept.slide.at, kept.slide.shown);
  }

  // Try until the server answers, or somebody else tries; returns whether it did.
  async reach(act) {
    const turn = (this.turns = (this.turns ?? 0) + 1);
    this.kernel.close(); // who waits for an answer waits no longer
    await this.reaching;
    this.reaching = this.tries(act, turn);
    return this.reaching;
  }

  async tries(act, turn) {
    while (turn === this.turns) {
      try {
        await act();
        this.state = "idle";
        this.say();
        return true;
      } catch (error) {
        console.warn(error.message);
        if (turn !== this.turns) break;
        this.state = "lost";
        this.say();
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    }
    return false;
  }

  // The page was loaded anew and Python has gone on: explorers stand as they stood.
  async takeUp() {
    const living = new Set(await this.kernel.living());
    for (const cell of this.byNeed()) {
      const ids = this.kept.done?.[cell.id];
      if (!ids?.every((id) => living.has(id))) continue;
      cell.state = "done";
      cell.widgets = ids;
      ids.forEach((id, n) => {
        const widget = this.kernel.widgets.get(id);
        this.awaited.set(id, (state) => (this.open(widget, state), this.place(cell, n, id)));
        widget.ask();
      });
    }
  }

  // Runs cells until none is left that a slide shows. One at a time: between two of them Python hears the explorers.
  run() {
    return (this.running ??= this.runAll().catch((error) => console.warn(error.message)).finally(() => (this.running = null)));
  }

  async runAll() {
    await this.kernel.run(SETUP);
    for (let cell = this.next(); cell; cell = this.next()) {
      Object.assign(cell, { state: "running", outputs: [], widgets: [], problem: "" });
      this.say();
      try {
        const reply = await this.kernel.run(cell.source, cell, { cellId: cell.id });
        cell.state = reply.status === "ok" ? "done" : "failed";
        if (cell.state === "failed") cell.problem = `${reply.ename ?? "stopped"}: ${reply.evalue ?? ""}`.replace(/\x1b\[[\d;]*m/g, "");
      } finally {
        if (cell.state === "running") cell.state = "waiting"; // Python was lost on the way
        await this.fill(cell);
        this.write();
      }
    }
    this.say();
  }

  // Cells with an explorer first, those of this slide and of the next ones before those behind us.
  byNeed() {
    const rank = ({ explorer, slide, at }) => [explorer ? 0 : 1, slide >= this.at ? slide - this.at : 1000 + this.at - slide, at];
    return this.cells.filter(({ shows, slide }) => shows && slide >= 0)
      .map((cell) => [rank(cell), cell]).sort(([a], [b]) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]).map(([, cell]) => cell);
  }

  next() {
    const failed = (cell) => cell.needs.some((each) => this.cells[each].state === "failed");
    const cell = this.byNeed().find((each) => each.state === "waiting" && !failed(each));
    return cell && (cell.needs.map((each) => this.cells[each]).find(({ state }) => state === "waiting") ?? cell);
  }

  // ---------------------------------------------------------------- widgets

  open(widget, state) {
    if (state._model_module !== "anywidget") return; // the layout that each explorer has
    const model = new lectureExplorers.Model(state, {
      update: (changes) => {
        this.remember(model, changes._state);
        widget.update(changes);
      },
      custom: (content, buffers) => widget.custom(content, buffers),
    });
    model.known = state._state;
    this.models.set(widget.id, model);
  }

  change(widget, state) {
    const model = this.models.get(widget.id);
    if (model) {
      model.known = state._state ?? model.known;
      return model.hear(state);
    }
    this.awaited.get(widget.id)?.(state);
    this.awaited.delete(widget.id);
  }

  // What a hand has chosen is kept, also for a Python that starts anew; what Python itself has changed comes from there.
  remember(model, state) {
    if (!state || !model.hand) return;
    for (const [name, value] of Object.entries(state)) {
      if (JSON.stringify(model.known?.[name]) !== JSON.stringify(value)) model.hand[name] = value;
    }
    model.known = state;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.write(), 200);
  }

  // Explorer number `n` of a cell: its model, where the hand left it, and its place on the slide.
  place(cell, n, id) {
    const before = cell.places[n] ?? cell.part?.querySelectorAll(".explorer")[n];
    const model = this.models.get(id);
    if (!model || before?.dataset.explorer === id) return before;
    model.hand = cell.hand[n] ??= {};
    const indices = model.get("indices");
    const left = Object.entries(model.hand).filter(([name, value]) => name in indices && JSON.stringify(model.get("_state")[name]) !== JSON.stringify(value));
    if (left.length) {
      model.set("_state", { ...model.get("_state"), ...Object.fromEntries(left) });
      model.set("told", model.get("told") + 1);
      model.save_changes();
    }
    const place = Object.assign(document.createElement("div"), { className: "explorer" });
    place.classList.toggle("veiled", before?.matches(".veiled") ?? false);
    if (before?.dataset.hides) place.dataset.hides = before.dataset.hides;
    const stage = place.appendChild(Object.assign(document.createElement("div"), { className: "stage" }));
    stage.append(...(before?.querySelector(".stage")?.childNodes ?? [])); // what was seen there stays until this one is drawn
    place.dataset.explorer = id;
    place.dataset.still = before?.dataset.still ?? before?.querySelector("figure")?.outerHTML ?? "";
    place.dataset.presses = Math.max(0, (model.get("presses") ?? []).length - 1);
    if (before?.isConnected) before.replaceWith(place);
    if (before) lectureExplorers.end(before);
    cell.places[n] = place;
    if (Math.abs(cell.slide - this.at) <= 1) lectureExplorers.show(place);
    return place;
  }

  // ---------------------------------------------------------------- outputs

  message({ header: { msg_type: type }, content }, cell) {
    if (type === "update_display_data") {
      for (const each of this.cells) {
        const found = each.outputs.filter(({ display }) => display && display === content.transient?.display_id);
        for (const output of found) output.data = content.data;
        if (found.length) this.fillSoon(each);
      }
      return;
    }
    if (type === "stream" && content.name === "stderr") return console.warn(content.text);
    if (!cell || !["stream", "display_data", "execute_result", "clear_output"].includes(type)) return;
    if (type === "clear_output" || cell.clearing) cell.outputs = [];
    cell.clearing = type === "clear_output";
    const last = cell.outputs.at(-1);
    if (type === "stream" && last?.text !== undefined) last.text += content.text;
    else if (type === "stream") cell.outputs.push({ text: content.text });
    else if (type !== "clear_output") cell.outputs.push({ data: content.data, display: content.transient?.display_id });
    this.fillSoon(cell);
  }

  fillSoon(cell) {
    cell.filling ??= setTimeout(() => this.fill(cell), 30);
  }

  async fill(cell) {
    clearTimeout(cell.filling);
    cell.filling = undefined;
    if (!cell.outputs.length) return; // then what was recorded stays
    cell.widgets = cell.outputs.map(({ data }) => data?.[VIEW]?.model_id).filter((id) => this.models.has(id));
    if (!cell.part) return;
    const turn = (cell.turn = (cell.turn ?? 0) + 1);
    const others = cell.outputs.map((each) => (this.models.has(each.data?.[VIEW]?.model_id) ? null : shownOf(each)));
    await pictures(others.filter(Boolean));
    if (turn !== cell.turn) return;
    let n = 0;
    const nodes = cell.outputs.map((each, at) => others[at] ?? this.place(cell, n++, each.data[VIEW].model_id));
    const area = cell.part.querySelector(":scope > .outputs") ?? cell.part.appendChild(Object.assign(document.createElement("div"), { className: "outputs" }));
    const same = area.children.length === nodes.length && nodes.every((each, at) => area.children[at] === each || area.children[at].isEqualNode(each));
    if (!same) area.replaceChildren(...nodes);
    for (const each of others.filter(Boolean)) setFormulas(each);
  }

  // ---------------------------------------------------------------- what the lecturer hears, and does

  hear(state) {
    if (state === "lost" && this.state !== "lost") this.reconnect();
    // What was told stays so until Python is revived, or reached.
    if (state in WORDS || (this.state !== "restarted" && !this.kernel.connecting)) this.state = state;
    this.say();
  }

  // The kernel again; of a server that has been started anew, the new one, which then runs everything.
  async reconnect() {
    await this.running;
    const before = this.kernel.python;
    if (!(await this.reach(() => this.kernel.start(plan.notebook)))) return;
    if (this.kernel.python !== before) this.forget();
    await this.run();
  }

  forget() {
    this.models.clear();
    for (const cell of this.cells) Object.assign(cell, { state: "waiting", problem: "" });
  }

  // A new Python in the place of one that is dead, or of one that shall start anew.
  async revive() {
    if (this.reviving) return;
    this.reviving = true;
    this.say();
    const start = () => this.kernel.start(plan.notebook);
    const begins = await this.reach(() => (this.kernel.id ? this.kernel.restart().catch(start) : start()));
    await this.running;
    this.reviving = false;
    if (!begins) return;
    this.forget();
    await this.run();
  }

  // JupyterLab in a tab of its own, at this slide's code; its Python is this one. What is typed there stays.
  edit() {
    const code = this.cells.filter(({ slide }) => slide >= 0);
    const cell = code.find(({ slide }) => slide === this.at) ?? code.findLast(({ slide }) => slide < this.at) ?? code[0];
    const [lab, place] = [window.open("", "lecture-edit"), `#cell-id=${cell?.id ?? ""}`];
    if (!lab) return; // the browser allows no new tab
    if (lab.location.href === "about:blank") lab.location = `${BASE}stage/edit/${plan.notebook}${place}`;
    else lab.location.hash = place;
    lab.focus();
  }

  turn({ at, shown }) {
    Object.assign(this, { at, slide: { at, shown } });
    this.write();
    this.say();
  }

  say() {
    const wanted = this.cells.filter(({ shows, slide, state }) => shows && slide >= 0 && (state === "waiting" || state === "running"));
    const problem = this.cells.find(({ slide, problem }) => slide === this.at && problem)?.problem;
    const words = this.reviving ? "Python starts again." : WORDS[this.state]
      ?? (problem ? `A cell stopped, the slide shows what was recorded. ${problem.slice(0, 160)}`
        : this.state === "starting" ? "Python starts." : wanted.length ? `Python: ${wanted.length} to go` : "");
    if (this.strip.textContent !== words) this.strip.textContent = words;
    this.strip.dataset.state = this.reviving ? "starting" : this.state;
    this.strip.dataset.left = wanted.length; // for tests
  }

  // ---------------------------------------------------------------- what a reload finds

  read(shelf) {
    try {
      return JSON.parse(shelf.getItem(KEPT));
    } catch {
      return null;
    }
  }

  write() {
    const done = this.cells.filter(({ state }) => state === "done").map(({ id, widgets = [] }) => [id, widgets]);
    const hand = this.cells.filter(({ hand }) => hand.length).map(({ id, hand }) => [id, hand]);
    const kept = { kernel: this.kernel.id, slide: this.slide ?? this.kept.slide, done: Object.fromEntries(done), hand: Object.fromEntries(hand) };
    for (const shelf of [sessionStorage, localStorage]) shelf.setItem(KEPT, JSON.stringify(kept)); // this tab's, and of who comes after it
  }
}

if (!lectureDeck.presenter) {
  window.lectureLive = new Live();
  lectureLive.begin();
}
