// A tour: a strip that says one thing to do and lights what it speaks of; it goes on when that has been done. Where it stands is
// the reader's own: no part of what is shared, undone or saved.
import { node, unique } from "./node.js";

const LOOKED_AT = 900; // ms without a change before it goes on: what was done is looked at first
const END = { words: "That was the tour. Go on by yourself.", light: [], until: {}, changed: [] };

export class Tour {
  constructor(view) {
    Object.assign(this, { view, at: 0, lit: [], marked: new Set() });
    const lives = (names) => names.every((name) => view.get("indices")[name].python !== true);
    this.steps = (view.get("tour") ?? []).filter(({ until, changed }) => !view.alone || lives([...Object.keys(until), ...changed]));
    if (!this.steps.length) return;
    const button = (textContent, onclick, attributes) => node("button", { type: "button", textContent, onclick, ...attributes });
    this.count = node("span", { className: "lecture-unit" });
    this.words = node("p", { ariaLive: "polite", id: unique() });
    this.back = button("Back", () => this.go(this.at - 1), { ariaLabel: "Back in the tour" });
    this.next = button("Next", () => (this.at < this.steps.length ? this.go(this.at + 1) : this.turn()));
    this.next.setAttribute("aria-describedby", this.words.id);
    const leave = button("×", () => this.turn(), { ariaLabel: "Leave the tour", title: "Leave the tour; Tour takes it up again" });
    this.strip = node("div", { className: "lecture-tour", role: "region", ariaLabel: "Tour", hidden: true }, this.count, this.words, this.back, this.next, leave);
    this.strip.addEventListener("keydown", (event) => {
      const act = { ArrowLeft: () => this.go(this.at - 1), ArrowRight: () => this.go(this.at + 1), Escape: () => this.turn() }[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation(); // a notebook would leave the cell
      act();
    });
    this.button = button("Tour", () => this.turn(), { title: "What there is to do here, step by step", ariaExpanded: "false" });
    view.icons.title.after(this.button);
    view.icons.head.after(this.strip);
    view.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  // Opens it where it was left, or leaves it.
  turn() {
    const open = this.strip.hidden;
    this.strip.hidden = !open;
    this.button.ariaExpanded = `${open}`;
    this.go(open && this.at === this.steps.length ? 0 : this.at);
    (open ? this.next : this.button).focus();
  }

  go(at, seen = "") {
    if (at < 0 || at > this.steps.length) return;
    this.at = at;
    this.step = this.steps[at] ?? END;
    this.start = this.view.state;
    this.before = this.done(); // it was so already: only a press goes on
    this.count.textContent = this.step === END ? "" : `${at + 1} of ${this.steps.length}`;
    this.words.replaceChildren(...(seen ? [node("b", { textContent: `✓ ${seen} ` })] : []), this.step.words);
    this.back.ariaDisabled = `${at === 0}`;
    this.next.textContent = this.step === END ? "Close" : "Next";
    this.follow();
    this.view.place(); // its words may take more or fewer lines
  }

  done() {
    const same = (name, value) => JSON.stringify(this.view.state[name]) === JSON.stringify(value);
    const empty = (value) => value === null || value?.length === 0; // what is emptied is about to be made anew
    const stands = Object.entries(this.step.until);
    this.moved = this.step.changed.some((name) => !empty(this.view.state[name]) && !same(name, this.start[name]));
    return stands.length ? stands.every(([name, value]) => same(name, value)) : this.moved;
  }

  // Called with all that is shown anew.
  follow() {
    if (!this.step) return;
    clearTimeout(this.timer);
    this.lit = this.strip.hidden ? [] : this.step.light;
    const done = this.done();
    this.before &&= done; // left and done once more, it is done
    if (!this.strip.hidden && done && (!this.before || this.moved)) this.timer = setTimeout(() => this.go(this.at + 1, this.step.seen), LOOKED_AT);
  }

  // A frame around the controls and panels that are lit, or the parts of these: boxes in the picture, or elements of the page.
  paint({ ctx, drawn, ink, width, made }) {
    const marked = new Set();
    for (const [name, part] of this.lit) {
      for (const { el, control } of made) if (!part && control.name === name) marked.add(el);
      const found = drawn.find(({ panel }) => (panel.title || panel.kind) === name || panel.titles?.includes(name));
      const box = part ? found?.parts?.[part] : found?.whole;
      if (box instanceof Element) marked.add(box);
      if (!(box?.w > 0)) continue;
      const [left, right] = [Math.max(2, box.x - 2), Math.min(width - 2, box.x + box.w + 2)];
      Object.assign(ctx, { strokeStyle: ink.act, lineWidth: 3 });
      ctx.beginPath();
      ctx.roundRect(left, box.y, right - left, box.h, 8);
      ctx.stroke();
    }
    for (const each of [...this.marked, ...marked]) each.classList.toggle("lecture-lit", marked.has(each));
    this.marked = marked;
  }
}
