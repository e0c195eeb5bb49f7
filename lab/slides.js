// In slides (of jupyterlab-slideshow): steps slide by slide instead of cell by cell, fits each slide to the window,
// shows speaker notes in a window of their own, and starts by itself in a copy made to be presented.

const STOPS = ["slide", "subslide", "fragment"];

const typeOf = (cell) => cell.model.getMetadata("slideshow")?.slide_type;
const presenting = () => document.body.dataset.jpDeckMode === "presenting";

export class Deck {
  constructor(app) {
    this.app = app;
    this.place = Object.assign(document.createElement("div"), { id: "lecture-place" });
    this.resized = new ResizeObserver(() => this.size !== this.measure() && this.fitSoon());
    window.addEventListener("keydown", (event) => this.key(event), true);
    window.addEventListener("resize", () => presenting() && this.fitSoon());
    new MutationObserver(() => this.turn()).observe(document.body, { attributes: true, attributeFilter: ["data-jp-deck-mode"] });
    app.commands.addCommand("lecture:notes", { label: "Speaker Notes", execute: () => this.openNotes() });
    app.commands.addCommand("lecture:present", { label: "Present this Notebook", execute: () => this.present() });
    this.turn();
  }

  get panel() {
    const widget = this.app.shell.currentWidget;
    return widget?.content?.activeCellChanged && widget.content.widgets ? widget : null;
  }

  get cells() {
    return this.panel?.content.widgets ?? [];
  }

  // Indices of the cells at which a press of the remote stops.
  get stops() {
    return this.cells.flatMap((cell, at) => (STOPS.includes(typeOf(cell)) ? [at] : []));
  }

  // Begin or end to follow a notebook, when slides begin or end.
  turn() {
    if (!presenting() || !this.panel) {
      this.resized.disconnect();
      this.place.remove();
      this.followed?.content.activeCellChanged.disconnect(this.moved, this);
      this.followed?.content.scrollToItem(this.followed.content.activeCellIndex, "start").catch(() => null); // where the lecture was
      return void (this.followed = null);
    }
    if (this.followed === this.panel) return;
    this.followed = this.panel;
    this.panel.content.activeCellChanged.connect(this.moved, this);
    document.body.append(this.place);
    const first = this.stops.findLast((at) => at <= this.panel.content.activeCellIndex) ?? this.stops[0];
    if (first !== undefined) this.go(first);
    this.moved();
  }

  go(at) {
    const notebook = this.panel.content;
    notebook.mode = "command";
    notebook.activeCellIndex = at;
    notebook.activate();
  }

  step(by) {
    const now = this.panel.content.activeCellIndex;
    const next = by > 0 ? this.stops.find((at) => at > now) : this.stops.findLast((at) => at < (this.stops.findLast((each) => each <= now) ?? 0));
    if (next !== undefined) this.go(next);
  }

  // A remote sends PageUp and PageDown: they always step. Other keys step unless something has them that needs them.
  key(event) {
    if (!presenting() || !this.panel || event.ctrlKey || event.metaKey || event.altKey) return;
    const take = () => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    if (this.leavesEditor(event)) return take(); // the cursor stays
    const step = { PageDown: 1, ArrowRight: 1, ArrowDown: 1, " ": event.shiftKey ? -1 : 1, PageUp: -1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const busy = event.target.closest?.(".cm-content, input, select, textarea, [contenteditable=true], .lecture canvas, [role=dialog], .lm-Menu");
    const pressed = event.key === " " && event.target.closest?.("summary, button, a");
    if ((busy || pressed) && !event.key.startsWith("Page")) return;
    if (step && (!event.shiftKey || event.key === " ")) this.step(step);
    else if (event.key === "Home" || event.key === "End") this.go(this.stops.at(event.key === "Home" ? 0 : -1));
    else if (event.key === "n" && !event.shiftKey) this.openNotes();
    else if (event.key.length > 1 && !step) return; // single letters are commands of JupyterLab: they cut and insert cells
    take();
  }

  // Whether JupyterLab would go on to the next or the last cell, since the cursor is at an end of this one's editor.
  leavesEditor(event) {
    const editor = event.target.closest?.(".cm-content") && this.panel.content.activeCell?.editor;
    if (!editor || !["ArrowUp", "ArrowDown"].includes(event.key)) return false;
    const { line, column } = editor.getCursorPosition();
    const last = editor.lineCount - 1;
    return event.key === "ArrowUp" ? line === 0 && column === 0 : line === last && column === editor.getLine(last).length;
  }

  moved() {
    if (!presenting() || !this.panel) return;
    requestAnimationFrame(() => {
      this.fit();
      this.say();
    });
  }

  say() {
    const slides = this.stops.filter((at) => typeOf(this.cells[at]) !== "fragment");
    const number = slides.filter((at) => at <= this.panel.content.activeCellIndex).length;
    const left = this.cells.filter((cell) => cell.prompt === "*" || cell.model.executionState === "running").length;
    this.place.textContent = (left ? `${left} ${left === 1 ? "cell is" : "cells are"} still to run · ` : "") + `${number} / ${slides.length}`;
    if (left) setTimeout(() => presenting() && this.panel && this.say(), 500);
    this.writeNotes(number, slides);
  }

  get shown() {
    return this.cells.map((cell) => cell.node).filter((node) => node.classList.contains("jp-deck-mod-onscreen"));
  }

  // Heights of what is shown: after a fit, a change of them is not the fit's own.
  measure() {
    return this.shown.map((node) => Math.round(node.offsetHeight)).join();
  }

  fitSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => presenting() && this.panel && this.fit(), 80);
  }

  fit() {
    const slide = this.panel.content.node;
    document.body.style.setProperty("--slide-scale", lectureFit.scale());
    slide.classList.remove("lecture-too-long");
    slide.classList.toggle("lecture-too-long", !lectureFit.fit(this.shown, this.shown));
    this.resized.disconnect();
    this.size = this.measure();
    for (const node of this.shown) this.resized.observe(node);
    this.place.dataset.fitted = [this.panel.content.activeCellIndex, innerWidth, innerHeight]; // for tests
  }

  // ---- speaker notes: the texts between the slides, in a window for the lecturer's own screen

  openNotes() {
    this.notes = window.open("", "lecture-notes", "width=760,height=820");
    if (!this.notes) return;
    this.began ??= Date.now();
    this.notes.addEventListener("keydown", (event) => this.key(event));
    this.say();
  }

  writeNotes(number, slides) {
    if (!this.notes || this.notes.closed) return;
    const text = (from, to) => this.cells.slice(Math.max(from, 0), to).filter((cell) => typeOf(cell) === "notes")
      .map((cell) => `<section>${cell.node.querySelector(".jp-RenderedMarkdown")?.innerHTML ?? ""}</section>`).join("");
    const [before, here, next] = [slides[number - 2], slides[number - 1], slides[number]];
    const title = (at) => this.cells.slice(0, (at ?? -1) + 1).findLast((cell) => /^#+ /.test(cell.model.sharedModel.source))
      ?.model.sharedModel.source.split("\n")[0].replace(/^#+ /, "") ?? "";
    const first = (at) => this.cells[at]?.model.sharedModel.source.split("\n")[0].replace(/^#+ |\*\*/g, "").slice(0, 90) ?? "the end";
    const { document: page } = this.notes;
    const minutes = Math.floor((Date.now() - this.began) / 60_000);
    page.title = "Speaker notes";
    page.head.innerHTML = `<style>${NOTES_STYLE}</style>${document.getElementById("MJX-CHTML-styles")?.outerHTML ?? ""}`;
    page.body.innerHTML = `<h1>${number} / ${slides.length}</h1><p class="title"></p><h2>Before this slide</h2>${text(before + 1, here) || "<p>–</p>"}
      <h2>After it</h2>${text(here + 1, next ?? this.cells.length) || "<p>–</p>"}<p class="next"></p><p>${minutes} min</p>`;
    page.querySelector(".title").textContent = title(here);
    page.querySelector(".next").textContent = `Next: ${first(next)}`;
  }

  // ---- a notebook from nothing to its first slide, with every cell run

  async presentIfAsked() {
    while (!this.panel?.context?.isReady) await new Promise((resolve) => setTimeout(resolve, 100));
    if (this.panel.content.model.getMetadata("lecture")?.present) await this.present();
    else if (presenting()) await this.app.commands.execute("deck:stop"); // slides of another day do not open by themselves
  }

  async present() {
    const { app, panel } = this;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.revealed;
    await app.commands.execute("deck:start");
    const first = this.stops[0] ?? 0;
    const done = app.commands.execute("notebook:run-all-cells"); // it goes on while the first slides are shown
    this.go(first);
    this.say();
    await done;
    this.fit();
  }
}

const NOTES_STYLE = `:root { color-scheme: light dark; } body { font: 20px/1.45 system-ui, sans-serif; margin: 24px; max-width: 46em; }
  h1 { font-size: 22px; margin: 0; } h2 { font-size: 16px; margin: 1.2em 0 0; } .title, .next { font-weight: 600; }`;
