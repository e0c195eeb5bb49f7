// A deck whose other end is a kernel: runs the notebook's cells, what is shown first, and puts what they give in its place.
// Until then, and where something fails, the slide shows what the notebook's file holds.
import { Kernel } from "./kernel.js";

const plan = JSON.parse(document.getElementById("plan").textContent);
const KEPT = `lecture-live ${plan.notebook}`;
const BASE = new URL("../../", location.href).pathname;
const AGAIN = 1000; // ms between two tries to reach the server
const WORDS = {
  restarted: "Python has stopped. Press r: it starts again, and the explorers stand as they stood.",
  lost: "No connection to Python; trying again. If the server has ended, start it again by the same command: this page finds it.",
};

class Live extends LectureNotebook {
  constructor() {
    super(plan);
    this.kept = this.read(sessionStorage) ?? {};
    for (const cell of this.cells) Object.assign(cell, { slide: lectureDeck.slides.indexOf(cell.part?.closest(".slide")), hand: this.kept.hand?.[cell.id] ?? [] });
    this.at = 0;
    this.state = "starting";
    this.silent = "Python does not answer yet: what runs there comes first. The key I interrupts that.";
    this.strip = document.body.appendChild(Object.assign(document.createElement("div"), { className: "live-strip", role: "status" }));
    this.kernel = new Kernel(BASE, this.ends);
    lectureExplorers.modelOf = async (id) => this.models.get(id);
    addEventListener("lecture-slide", ({ detail }) => this.turn(detail));
    lectureDeck.key(["e"], "e", "this slide's code in JupyterLab", () => this.edit());
    lectureDeck.key(["R"], "R", "starts Python again; r does where it has stopped", () => void this.revive());
    lectureDeck.key(["I"], "I", "interrupts Python", () => void this.kernel.interrupt().catch((error) => console.warn(error.message)));
    addEventListener("pagehide", () => this.write());
    addEventListener("lecture-kept", () => this.writeSoon());
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
    for (const [name, value] of Object.entries(kept.deck ?? {})) lectureDeck.keep(name, value); // clock, countdown, ink
    lectureDeck.short = lectureDeck.kept("short") ?? false;
    dispatchEvent(new Event("lecture-inherit"));
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

  // Cells with an explorer first, those of this slide and of the next ones before those behind us.
  rank({ shows, explorer, slide, at }) {
    return shows && slide >= 0 && [explorer ? 0 : 1, slide >= this.at ? slide - this.at : 1000 + this.at - slide, at];
  }

  near({ slide }) {
    return Math.abs(slide - this.at) <= 1;
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

  // JupyterLab in a tab of its own, at this slide's code, or at its words; its Python is this one. What is typed there stays.
  edit() {
    const code = this.cells.find(({ slide }) => slide === this.at)?.part;
    const { cell } = (code ?? lectureDeck.slides[this.at].querySelector("[data-cell]")).dataset;
    const [lab, place] = [window.open("", "lecture-edit"), `#cell-id=${cell}`];
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
    sessionStorage.setItem(KEPT, JSON.stringify(kept)); // this tab's
    try {
      localStorage.setItem(KEPT, JSON.stringify({ ...kept, deck: lectureDeck.kept() })); // of who comes after it
    } catch (error) { // very much ink
      console.warn(error.message);
    }
  }
}

if (!lectureDeck.presenter) {
  window.lectureLive = new Live();
  lectureLive.begin();
}
