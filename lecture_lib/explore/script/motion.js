// A mark slides to its next place, so that the eye can follow; never while a hand drags it.
const TIME = 160; // ms
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Motion {
  constructor(draw) {
    this.draw = draw;
    this.shown = new Map(); // which mark → where it is painted now
    this.from = new Map();
    this.start = -TIME;
  }

  // From now on marks slide to where they are next.
  begin() {
    if (still.matches || !this.shown.size) return; // no marks, nothing to slide
    this.from = new Map(this.shown);
    this.start = performance.now();
    this.next ??= requestAnimationFrame(() => this.step());
  }

  stop() {
    cancelAnimationFrame(this.next);
    this.next = undefined;
    this.start = -TIME;
  }

  step() {
    this.next = performance.now() - this.start < TIME ? requestAnimationFrame(() => this.step()) : undefined;
    this.draw();
  }

  // The marks of a panel come in the order in which they are painted.
  panel(at) {
    [this.at, this.mark] = [at, 0];
  }

  // Where a mark is painted that stands at `place`, [top, left, rows, cols].
  place(place) {
    const name = `${this.at} ${this.mark++}`;
    const left = 1 - Math.min(1, (performance.now() - this.start) / TIME);
    const from = this.from.get(name);
    const now = left > 0 && from ? place.map((to, i) => to + (from[i] - to) * left ** 3) : place;
    this.shown.set(name, now);
    return now;
  }
}
