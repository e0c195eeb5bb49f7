// The cells of a notebook on a page or a deck with a Python as its other end: what is shown first runs first, with what it
// needs before it, and what it gives stands where it was recorded. Until then, and where something fails, that stays. Of a cell that somebody asked for (`asked`) warnings and errors are shown, too.
// Whoever extends this says what Python it is (`kernel`, of class Kernel or one that is used alike), what is said while it does
// not answer (`silent`), and where the reader is.
"use strict";

class LectureNotebook {
  static SETUP = "from lecture_lib.explore import Explorer as _Explorer\n_Explorer.pictured = False"; // no still pictures: nobody would see them

  constructor(plan) {
    this.plan = plan;
    this.cells = plan.cells.map((cell, at) => ({
      ...cell, at, part: document.querySelector(`[data-cell="${cell.id}"]`), state: "waiting", outputs: [], places: [], hand: [], problem: "",
    }));
    this.models = new Map(); // id of a widget → its model
    this.awaited = new Map(); // id of a widget that lived before this page → what to do once its state has come
    this.setup = LectureNotebook.SETUP;
  }

  // What a kernel tells.
  get ends() {
    return {
      opened: (widget, state) => this.open(widget, state),
      changed: (widget, state) => this.change(widget, state),
      message: (message, cell) => this.message(message, cell),
      state: (state) => this.hear(state),
    };
  }

  // rank(cell): how early it runs, a list of numbers; nothing where nobody waits for it. near(cell): whether it is drawn at
  // once. say(): what the reader is told has changed. write(): what a reload finds has changed.
  rank() {}
  near() {
    return true;
  }
  say() {}
  write() {}

  // ---------------------------------------------------------------- cells

  // Runs cells until nobody waits for one. One at a time: between two of them Python hears the explorers.
  run() {
    return (this.running ??= this.runAll().catch((error) => console.warn(error.message)).finally(() => (this.running = null)));
  }

  async runAll() {
    await this.kernel.run(this.setup);
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
        cell.ended?.();
        this.write();
      }
    }
    this.say();
  }

  byNeed() {
    const earlier = ([a], [b]) => a.map((each, at) => each - b[at]).find((each) => each) ?? 0;
    return this.cells.map((cell) => [this.rank(cell), cell]).filter(([rank]) => rank).sort(earlier).map(([, cell]) => cell);
  }

  next() {
    const failed = (cell) => cell.needs.some((each) => this.cells[each].state === "failed");
    const cell = this.byNeed().find((each) => each.state === "waiting" && !failed(each));
    return cell && (cell.needs.map((each) => this.cells[each]).find(({ state }) => state === "waiting") ?? cell);
  }

  // A new Python knows nothing of what ran.
  forget() {
    this.models.clear();
    for (const cell of this.cells) Object.assign(cell, { state: "waiting", problem: "" });
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
    model.silent = this.silent;
    this.models.set(widget.id, model);
  }

  change(widget, state) {
    const model = this.models.get(widget.id);
    if (model) {
      model.known = state._state ?? model.known;
      model.hear(state);
      // Where Python has answered with something else than the hand had chosen, and the hand has not gone on, that stands.
      if (model.hand && model.get("heard") === model.get("told")) for (const name of Object.keys(model.hand)) model.hand[name] = model.known[name];
      return;
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
    this.writeSoon();
  }

  writeSoon() {
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
    if (this.near(cell)) lectureExplorers.show(place);
    return place;
  }

  // ---------------------------------------------------------------- outputs

  message({ header: { msg_type: type }, content }, cell) {
    if (type === "update_display_data") {
      for (const each of this.cells) {
        const found = each.outputs.filter(({ display }) => display && display === content.transient?.display_id);
        for (const output of found) Object.assign(output, { data: content.data, about: content.metadata });
        if (found.length) this.fillSoon(each);
      }
      return;
    }
    if (type === "stream" && content.name === "stderr" && !cell?.asked) return console.warn(content.text);
    if (type === "error" && cell?.asked) cell.outputs.push({ text: content.ename === "KeyboardInterrupt" ? "Stopped." : content.traceback.join("\n"), wrong: true });
    else if (!cell || !["stream", "display_data", "execute_result", "clear_output"].includes(type)) return;
    else this.output(type, content, cell);
    this.fillSoon(cell);
  }

  output(type, content, cell) {
    if (type === "clear_output" || cell.clearing) cell.outputs = [];
    cell.clearing = type === "clear_output";
    const last = cell.outputs.at(-1);
    if (type === "stream" && last?.text !== undefined && !last.wrong) last.text += content.text;
    else if (type === "stream") cell.outputs.push({ text: content.text });
    else if (type !== "clear_output") cell.outputs.push({ data: content.data, about: content.metadata, display: content.transient?.display_id });
  }

  fillSoon(cell) {
    cell.filling ??= setTimeout(() => this.fill(cell), 30);
  }

  async fill(cell) {
    clearTimeout(cell.filling);
    cell.filling = undefined;
    if (!cell.outputs.length && !cell.asked) return; // then what was recorded stays
    cell.widgets = cell.outputs.map(({ data }) => data?.[lectureOutputs.VIEW]?.model_id).filter((id) => this.models.has(id));
    if (!cell.part) return;
    const turn = (cell.turn = (cell.turn ?? 0) + 1);
    const others = cell.outputs.map((each) => (this.models.has(each.data?.[lectureOutputs.VIEW]?.model_id) ? null : lectureOutputs.shown(each)));
    await lectureOutputs.pictures(others.filter(Boolean));
    if (turn !== cell.turn) return;
    let n = 0;
    const nodes = cell.outputs.map((each, at) => others[at] ?? this.place(cell, n++, each.data[lectureOutputs.VIEW].model_id));
    const area = cell.part.querySelector(":scope > .outputs") ?? cell.part.appendChild(Object.assign(document.createElement("div"), { className: "outputs" }));
    const same = area.children.length === nodes.length && nodes.every((each, at) => area.children[at] === each || area.children[at].isEqualNode(each));
    if (!same) area.replaceChildren(...nodes);
    for (const each of others.filter(Boolean)) lectureOutputs.setFormulas(each);
  }
}
