// Python inside this page: started by its button, or by the first touch of what needs it. Until then, and without it,
// everything stays as it was saved. What the reader asks for goes first, then explorers, the nearest one before the others.
"use strict";

{
  const SITE = new URL("..", document.currentScript.src).href;
  const VISIT = "lecture-python"; // kept while the visit lasts: whether pages start Python by themselves
  const PICTURES = LectureNotebook.SETUP;
  const PATIENCE = 400; // ms of work after which it is said
  const node = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const visit = (value) => {
    try {
      if (value === undefined) return sessionStorage.getItem(VISIT) === "yes";
      if (value) sessionStorage.setItem(VISIT, "yes");
      else sessionStorage.removeItem(VISIT);
    } catch {} // a browser may keep nothing for files
    return false;
  };
  const deck = window.lectureDeck;

  class Here extends LectureNotebook {
    constructor(plan) {
      super(plan);
      this.state = "off";
      this.silent = "Python does not answer yet: what runs there comes first. ■ Stop ends that.";
      this.asked = 0;
      this.button = node("button", { type: "button", className: "python", textContent: "Start Python" });
      this.words = node("span", { role: "status" });
      this.bar = node("progress", { max: 1, ariaLabel: "Python starts" });
      this.stopper = node("button", { type: "button", className: "stop", textContent: "■ Stop" });
      this.again = node("button", { type: "button", className: "again", textContent: "Start Python again" });
      this.strip = document.body.appendChild(node("div", { className: "python-strip", hidden: true }, this.words, this.bar, this.stopper, this.again));
      document.querySelector(".top nav, .steer").prepend(this.button);
      this.button.addEventListener("click", () => this.ask());
      this.stopper.addEventListener("click", () => this.stop());
      this.again.addEventListener("click", () => void this.revive());
      this.saved = lectureExplorers.modelOf;
      lectureExplorers.modelOf = async (id) => this.models.get(id) ?? this.saved(id);
      for (const each of document.querySelectorAll(".explorer > .needs")) each.append(" ", this.starter());
      addEventListener("pointerdown", (event) => this.touched(event), true);
      addEventListener("resize", () => this.cells.flatMap(({ places }) => places).forEach((each) => each.style.removeProperty("min-height")));
      addEventListener("lecture-slide", () => this.say());
      deck?.key(["P"], "P", "starts Python in this deck", () => void this.ask());
      this.say();
      if (visit()) this.start();
    }

    starter() {
      const made = node("button", { type: "button", className: "starter", textContent: "Start Python" });
      made.addEventListener("click", () => this.ask("This needs Python"));
      return made;
    }

    // ---------------------------------------------------------------- the question

    // A touch of what is grey, or of a picture that only Python moves.
    touched({ target, clientX: x, clientY: y }) {
      const place = target.closest?.(".explorer");
      if (this.state !== "off" || !place || target.closest("button:not(:disabled), a")) return;
      const inside = (each) => (({ left, right, top, bottom }) => left <= x && x < right && top <= y && y < bottom)(each.getBoundingClientRect());
      if (place.matches(".still") || [...place.querySelectorAll(".lecture-dead, [inert]")].some(inside)) this.ask("This needs Python");
    }

    // Resolves with whether Python starts, or runs.
    async ask(words = "Python for this page") {
      if (this.state !== "off" && this.state !== "failed") return this.about();
      const remember = node("input", { type: "checkbox", checked: visit() });
      const size = `${words}: ${Math.ceil(PagePython.size / 1e6)} MB from this ${location.protocol === "file:" ? "folder" : "site"}, nothing from elsewhere. Everything on the page then moves, and its code can be changed and run.`;
      const text = typeof WebAssembly === "object" ? size : "This browser has no WebAssembly, without which Python does not run in it. What moves here without Python goes on.";
      const yes = typeof WebAssembly === "object" ? node("button", { value: "yes", className: "main", textContent: "Start Python" }) : null;
      const tick = yes && node("label", {}, remember, " for this visit, on every page");
      if (await this.dialog("Python", text, tick, yes, "Not now") !== "yes") return false;
      visit(remember.checked);
      this.start();
      return true;
    }

    async about() {
      const again = node("button", { value: "again", textContent: "Start again" });
      const answer = await this.dialog("Python", "Python runs in this page. Started again, it forgets what ran; explorers stand as they stood.", null, again, "Close");
      if (answer === "again") this.revive();
      return true;
    }

    async dialog(title, text, tick, yes, no) {
      document.querySelector("dialog.python-ask")?.remove();
      const form = node("form", { method: "dialog" }, ...[tick, yes, node("button", { value: "no", textContent: no })].filter(Boolean));
      const made = document.body.appendChild(node("dialog", { className: "python-ask" }, node("h2", { textContent: title }), node("p", { textContent: text }), form));
      made.setAttribute("aria-label", title);
      made.showModal();
      yes?.focus();
      await new Promise((resolve) => made.addEventListener("close", resolve, { once: true }));
      made.remove();
      return made.returnValue;
    }

    // ---------------------------------------------------------------- Python

    async start() {
      if (this.state !== "off" && this.state !== "failed") return;
      this.tell("starting");
      const progress = (how) => this.tell(this.state, how);
      this.kernel = new PagePython(SITE, { ...this.ends, progress });
      this.begins = this.begin(() => this.kernel.start(this.plan.notebook));
      await this.begins;
    }

    // A new Python in the place of one that has ended, or of one that shall start anew.
    async revive() {
      if (this.state === "starting") return;
      this.tell("starting");
      this.kernel.close();
      await this.running;
      this.forget();
      this.begins = this.begin(() => this.kernel.restart());
      await this.begins;
    }

    async begin(act) {
      try {
        await act();
      } catch (error) {
        if (this.state === "starting") this.tell("failed", { words: error.message });
        return;
      }
      document.documentElement.classList.add("python-runs");
      this.setup = [PICTURES, window.lectureWork?.setup() ?? ""].join("\n");
      this.tell("idle");
      this.run();
    }

    // What works is interrupted; what starts is given up.
    stop() {
      if (this.state !== "starting") return void this.kernel.interrupt();
      this.tell("off");
      visit(false);
      this.kernel.close();
    }

    // ---------------------------------------------------------------- which cells, and when

    rank(cell) {
      if (cell.asked) return [0, cell.asked, 0];
      if (!cell.part || cell.problem) return undefined;
      if (cell.explorer) return [1, this.away(cell.part), cell.at];
      return cell.counts && [2, 0, cell.at];
    }

    // How far the reader is from a cell: slides, or pixels; what is behind comes after what is still to come.
    away(part) {
      if (deck) {
        const slide = deck.slides.indexOf(part.closest(".slide"));
        return slide >= deck.at ? slide - deck.at : 1000 + deck.at - slide;
      }
      const fold = part.closest("details:not([open])");
      const { top, bottom } = (fold ?? part).getBoundingClientRect();
      const far = bottom < 0 ? 1e6 - bottom : Math.max(0, top);
      return far + (fold ? 2e6 : 0);
    }

    near({ part }) {
      return deck ? Math.abs(deck.slides.indexOf(part.closest(".slide")) - deck.at) <= 1 : this.away(part) < innerHeight + 600;
    }

    // Run a cell of the reader's, with `source` in the place of what stood there. Resolves once it has run.
    async runCell(cell, source) {
      if (cell.state === "running") return;
      Object.assign(cell, { source, needs: this.needsOf(cell, source), asked: ++this.asked, state: "waiting", problem: "" });
      for (const each of cell.needs) if (this.cells[each].state === "failed") this.cells[each].state = "waiting";
      const ended = new Promise((resolve) => (cell.ended = resolve));
      if ((this.state === "off" || this.state === "failed") && !(await this.ask("To run this"))) return;
      await this.begins;
      if (this.state !== "idle" && this.state !== "busy") return;
      this.runSoon();
      await ended;
    }

    // Also what became known while the last cell of before was running.
    async runSoon() {
      await this.running;
      await this.run();
    }

    // Of a name that a cell uses: the nearest cell above that makes it, with all that this one needs.
    needsOf(cell, source) {
      const found = new Set(source === this.plan.cells[cell.at].source ? cell.needs : []);
      for (const name of new Set(source.match(/[\p{L}_][\p{L}\p{N}_]*/gu))) {
        const maker = this.cells.slice(0, cell.at).findLast(({ makes }) => makes.includes(name));
        if (maker) for (const each of [...maker.needs, maker.at]) found.add(each);
      }
      return [...found].sort((a, b) => a - b);
    }

    forget() {
      super.forget();
      for (const cell of this.cells) cell.asked = 0;
    }

    // ---------------------------------------------------------------- explorers in their places

    // The place of a living explorer: as high as what stood there, and where the reader had left that.
    place(cell, n, id) {
      const before = cell.places[n] ?? cell.part?.querySelectorAll(".explorer")[n];
      if (before?.dataset.explorer === id) return before;
      cell.hand[n] ??= this.moved(before);
      const high = before?.isConnected ? before.getBoundingClientRect().height : 0;
      const place = super.place(cell, n, id);
      if (!place || place === before) return place;
      place.classList.add("lives");
      if (before?.dataset.keeps) place.dataset.keeps = before.dataset.keeps;
      if (high && !deck) place.style.minHeight = `${high}px`;
      if (!this.near(cell)) lectureExplorers.showAll([place]);
      return place;
    }

    moved(place) {
      const model = place && lectureExplorers.modelAt(place);
      if (!model) return {};
      const [first, now] = [model.first, model.get("_state")];
      return Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(first[name]) !== JSON.stringify(value)));
    }

    message(message, cell) {
      const note = message.content.data?.["application/vnd.lecture.note+json"];
      if (!note) return super.message(message, cell);
      window.lectureWork?.note(note);
      for (const each of this.cells) if (each.counts && each.state === "done") each.state = "waiting";
      this.runSoon();
    }

    // ---------------------------------------------------------------- what the reader is told

    hear(state) {
      if (this.state === "starting" || this.state === "off") return;
      if (this.state === "failed" && state !== "idle") return;
      this.tell(state === "restarted" || state === "lost" ? "ended" : state);
    }

    tell(state, how = {}) {
      clearTimeout(this.later);
      if (state === "busy" && this.state !== "busy") this.since = performance.now();
      Object.assign(this, { state, how });
      if (["off", "failed", "ended"].includes(state)) for (const cell of this.cells) cell.ended?.(); // nobody waits for it any longer
      if (state === "busy") this.later = setTimeout(() => this.say(), PATIENCE);
      this.say();
    }

    say() {
      const { state, how = {} } = this;
      const left = this.cells.filter((cell) => this.rank(cell) && (cell.state === "waiting" || cell.state === "running")).length;
      const works = state === "busy" && performance.now() - this.since >= PATIENCE - 20;
      const words = state === "starting" ? how.words ?? "Python starts"
        : state === "failed" ? `Python could not start: ${how.words}`
        : state === "ended" ? "Python has stopped. Explorers stay as they stand."
        : state === "silent" ? "Python does not answer. Start it again?"
        : state === "off" ? "" : left ? `Python: ${left} to go` : works ? "Python works" : "";
      if (this.words.textContent !== words) this.words.textContent = words;
      this.strip.hidden = !words;
      this.bar.hidden = state !== "starting";
      if (how.total) this.bar.value = how.done / how.total;
      else this.bar.removeAttribute("value");
      this.stopper.hidden = !["starting", "busy", "silent", "idle"].includes(state);
      this.again.hidden = !["failed", "ended", "silent"].includes(state);
      this.button.textContent = state === "off" || state === "failed" ? "Start Python" : state === "starting" ? "Python starts" : state === "ended" ? "Python stopped" : "Python runs";
      this.strip.dataset.left = left; // for tests
    }
  }

  if (!deck?.presenter) window.lectureLive = new Here(JSON.parse(document.getElementById("plan").textContent));
}
