// Notebooks of the lecture in JupyterLab: their explorers live without a cell being run by hand, a picture stands where
// none lives (never "model not found"), and each cell is shown to whom it is for.

const VIEW = "application/vnd.jupyter.widget-view+json";
const AFTER = 600; // ms in which an output that has drawn itself grows no more
const LONGEST = 20; // times so long an output keeps its old height at most

export function keepAlive(app, tracker, wanted, lab) {
  const Living = livingViews(lab);
  const notebooks = new WeakMap();
  let place = location.hash; // before JupyterLab makes an address of its own
  addEventListener("hashchange", () => tracker.currentWidget && lead(tracker.currentWidget, location.hash));
  const open = (panel) => {
    lead(panel, place);
    place = "";
    const views = picturesFirst(panel.content.rendermime, Living);
    panel.context.ready.then(() => {
      if (!panel.isDisposed && panel.content.model.getMetadata("lecture")) notebooks.set(panel, new Alive(panel, views, wanted, lab));
    });
  };
  tracker.forEach(open);
  tracker.widgetAdded.connect((_, panel) => open(panel));

  const current = () => notebooks.get(tracker.currentWidget);
  const command = (id, label, does) => app.commands.addCommand(id, { label, isEnabled: () => Boolean(current()), execute: () => does(current()) });
  command("lecture:wake", "Lecture: Wake Up this Notebook", (alive) => alive.wake());
  command("lecture:checks", "Lecture: Show or Hide Check Cells", (alive) => alive.panel.content.node.classList.toggle("lecture-checks-shown"));
  return notebooks;
}

// A deck leads here: #cell-id=… is the cell to be changed.
async function lead({ context, content, revealed }, place) {
  await Promise.all([context.ready, revealed]);
  const at = content.widgets.findIndex(({ model }) => `#cell-id=${model.id}` === place);
  if (at < 0) return;
  content.activeCellIndex = at;
  content.activeCell.inputHidden = false; // a folded one is opened
  await content.scrollToItem(at, "start").catch(() => null);
  content.activate();
}

// ---- a picture first, and the living explorer in its place as soon as Python has one

// Gives a notebook's outputs views that begin as pictures; returns a promise of the widgets' manager.
function picturesFirst(rendermime, Living) {
  const { addFactory, removeMimeType } = rendermime;
  const widgets = Promise.withResolvers();
  removeMimeType.call(rendermime, VIEW);
  addFactory.call(rendermime, { safe: false, mimeTypes: [VIEW], createRenderer: (options) => new Living(options, rendermime, widgets.promise) }, -10);
  // ipywidgets puts its own factory here once there is a kernel: it makes the explorer inside of a view.
  rendermime.removeMimeType = (type) => type !== VIEW && removeMimeType.call(rendermime, type);
  rendermime.addFactory = (factory, rank) => {
    if (!factory.mimeTypes.includes(VIEW)) return addFactory.call(rendermime, factory, rank);
    const create = (options) => factory.createRenderer(options);
    Promise.resolve(create({ mimeType: VIEW })._manager?.promise).then((manager) => widgets.resolve({ manager, create }));
  };
  return widgets.promise;
}

const livingViews = ({ Panel }) => class Living extends Panel {
  constructor(options, rendermime, widgets) {
    super();
    Object.assign(this, { options, rendermime, explorers: widgets });
    this.addClass("lecture-living");
  }

  async renderModel(model) {
    const { [VIEW]: view, ...others } = model.data;
    const still = this.rendermime.preferredMimeType(others, "any");
    if (still) {
      this.addWidget(this.rendermime.createRenderer(still));
      await this.widgets[0].renderModel(model);
    }
    const { manager, create } = await this.explorers;
    if (this.isDisposed) return;
    const live = async () => {
      if (this.isDisposed || this.lives || !(await manager.get_model(view.model_id).catch(() => null))) return;
      if (this.isDisposed || this.lives) return;
      this.lives = true;
      const explorer = create(this.options);
      this.addWidget(explorer); // beside the picture and not seen: it draws itself in the width that it will have
      await explorer.renderModel(model);
      this.addClass("lecture-lives");
      if (!this.isDisposed && still) this.widgets[0].dispose();
    };
    manager.restored.connect(live, this);
    await live();
  }
};

// ---- one notebook

class Alive {
  constructor(panel, widgets, wanted, lab) {
    Object.assign(this, { panel, widgets, lab });
    this.bar = Object.assign(document.createElement("div"), { className: "lecture-wake" });
    this.word = Object.assign(document.createElement("span"), { role: "status" });
    this.button = Object.assign(document.createElement("button"), { onclick: () => this.press() });
    this.bar.append(this.word, this.button);
    this.say();
    panel.content.node.classList.add("lecture-page");
    panel.toolbar.insertBefore("spacer", "lecture-wake", new lab.Widget({ node: this.bar }))
      || panel.toolbar.addItem("lecture-wake", new lab.Widget({ node: this.bar }));
    panel.content.model.cells.changed.connect(() => this.dress());
    this.dress();
    lab.NotebookActions.executed.connect((_, { notebook }) => notebook === panel.content && !this.waking && this.say()); // an offer taken by hand
    this.begin(wanted);
  }

  get cells() {
    return this.panel.content.widgets;
  }

  get trusted() {
    return this.cells.every((cell) => cell.model.type !== "code" || cell.model.trusted);
  }

  async begin(wanted) {
    const { sessionContext } = this.panel;
    await sessionContext.ready;
    const settings = this.panel.content.model.getMetadata("lecture");
    sessionContext.statusChanged.connect((_, status) => {
      if (status === "restarting" || status === "autorestarting") this.restarted();
    });
    sessionContext.kernelChanged.connect((_, { oldValue, newValue }) => oldValue && newValue && this.restarted());
    if (settings.wake === false || !wanted() || !sessionContext.session?.kernel) return;
    if (await this.lives()) return; // the page was loaded anew, and Python has gone on
    if (this.trusted) await this.wake(false);
    else this.say("Its explorers are pictures.", "Wake up"); // somebody else's file: it runs nothing by itself
  }

  // Whether the kernel still has an explorer that stands in this notebook.
  async lives() {
    const { content } = await this.panel.sessionContext.session.kernel.requestCommInfo({ target_name: "jupyter.widget" });
    const outputs = this.cells.flatMap((cell) => cell.model.outputs?.toJSON() ?? []);
    return outputs.some(({ data }) => data?.[VIEW]?.model_id in (content.comms ?? {}));
  }

  restarted() {
    this.stopped = "restarted";
    this.say("Python has started anew: explorers stand still.", "Wake up");
  }

  press() {
    if (!this.waking) return void this.wake();
    this.stopped = "stopped";
    this.panel.sessionContext.session?.kernel?.interrupt();
  }

  // Run all cells from above, without moving what the reader looks at or has chosen; at an error it stops, as Run All does.
  async wake(dirty = this.panel.content.model.dirty) {
    await this.waking; // of before a restart
    this.waking = this.run(dirty);
    return this.waking.finally(() => (this.waking = null));
  }

  async run(dirty) {
    const { model } = this.panel.content;
    const cells = this.cells.filter((cell) => cell.model.type === "code" && cell.model.sharedModel.source.trim());
    const written = () => JSON.stringify(this.cells.map((cell) => cell.model.sharedModel.source));
    const before = written();
    this.stopped = "";
    this.bar.dataset.state = "waking";
    let at = 0, ended = "awake";
    while (at < cells.length && ended === "awake") {
      const cell = cells[at++];
      this.say(`waking up: ${at} of ${cells.length}`, "Stop");
      const status = cell.isDisposed ? "ok" : await this.runCell(cell);
      if (this.panel.isDisposed) return;
      ended = this.stopped || (status === "ok" ? "awake" : "failed");
    }
    this.bar.dataset.state = ended;
    if (ended === "awake") this.say();
    if (ended === "stopped") this.say(`Stopped at cell ${at} of ${cells.length}.`, "Wake up");
    if (ended === "failed") this.say(`Woke up to cell ${at} of ${cells.length}, which stopped with an error.`, "Wake up");
    if (!dirty && written() === before) model.dirty = false; // who only looked has nothing to save
  }

  // The old output stays until there is a new one, and its place keeps its height while that draws itself: nothing jumps.
  async runCell(cell) {
    const { outputArea } = cell, outputs = cell.model.outputs;
    const { style, offsetHeight, children } = outputArea.node;
    if (offsetHeight) style.minHeight = `${offsetHeight}px`;
    outputs.clear = () => (outputs.clearNext = true);
    outputArea._clear = () => null;
    const ran = this.lab.CodeCell.execute(cell, this.panel.sessionContext, { deletedCells: [], recordTiming: false });
    delete outputs.clear;
    delete outputArea._clear;
    const reply = await ran.catch((error) => ({ content: { status: String(error).includes("Canceled") ? "ok" : "error" } }));
    if (outputs.clearNext) Object.assign(outputs, { clearNext: false }).clear();
    const settle = (before, times) => {
      const high = [...children].reduce((sum, each) => sum + each.offsetHeight, 0);
      const waits = outputArea.node.querySelector(".lecture-living:not(.lecture-lives)");
      if (times && (waits || high !== before)) setTimeout(settle, AFTER, high, times - 1);
      else style.minHeight = "";
    };
    if (offsetHeight) settle(-1, LONGEST);
    return reply?.content.status ?? "ok";
  }

  say(words = "", button = "") {
    this.word.ariaLive = button === "Stop" ? "off" : "polite"; // nobody wants to hear a hundred numbers
    this.word.textContent = words;
    this.button.textContent = button;
    this.bar.hidden = !words;
  }

  // ---- cells by their tags

  dress() {
    for (const { model } of this.cells) {
      if (model.lecture) continue;
      model.lecture = true;
      model.metadataChanged.connect(() => this.dressOne(model));
      model.contentChanged.connect(() => this.dressOne(model));
    }
    for (const cell of this.cells) {
      dressCell(cell);
      cell.ready.then(() => dressCell(cell)); // what is far below is made when it is scrolled to
    }
  }

  dressOne(model) {
    const cell = this.cells.find((each) => each.model === model);
    if (cell) dressCell(cell);
  }
}

const CALL = /^[\w.]+\([^\n]*\)$/;

function dressCell({ node, model, isDisposed }) {
  if (isDisposed) return;
  const tags = model.getMetadata("tags") ?? [];
  const lines = model.sharedModel.source.trim().split("\n");
  const title = `${lines[0].replace(/^#+\s*/, "")}   ·   ${lines.length} ${lines.length === 1 ? "line" : "lines"}`;
  node.classList.toggle("lecture-fold", tags.includes("fold"));
  node.classList.toggle("lecture-call", tags.includes("fold") && CALL.test(lines.join("\n")));
  node.classList.toggle("lecture-check", tags.includes("check"));
  node.style.setProperty("--lecture-title", JSON.stringify(title)); // a placeholder that is made later finds it, too
  const bar = tags.includes("fold") && node.querySelector(".jp-InputPlaceholder .jp-Placeholder-content");
  if (!bar || bar.tabIndex === 0) return;
  Object.assign(bar, { tabIndex: 0, role: "button", ariaLabel: `Show the code: ${title}` });
  bar.onkeydown = (event) => {
    if (["Enter", " "].includes(event.key)) (event.preventDefault(), event.stopPropagation(), bar.click());
  }; // gives nothing: false would keep Tab from going on
}
