// What a deck's "next" does with an explorer: its author has given it states, one for each press. A deck says where it is
// by an event "lecture-presses"; on a page that is no deck nobody does, and nothing is hidden.
import { Where } from "./where.js";

const titlesOf = (panel) => [...(panel.titles ?? []), panel.title || panel.kind];

export class Presses {
  constructor(view) {
    this.view = view;
    this.hidden = new Set(); // titles of panels that a later press shows
    view.el.addEventListener("lecture-presses", ({ detail: { at, how } }) => this.go(at, how), { signal: view.signal });
    view.el.addEventListener("lecture-sets", ({ detail }) => (detail.words = this.words(detail.at)), { signal: view.signal });
    view.el.addEventListener("lecture-reset", () => (this.at === undefined ? view.reset() : this.go(this.at, "whole")), { signal: view.signal });
  }

  // Stand where `at` presses lead. how: "whole", as if no hand had moved anything; "press", only what the presses between
  // there and here set; "taken up", for one that has only now come: what no hand has moved since.
  go(at, how) {
    const { view, at: was = 0 } = this;
    const all = view.get("presses");
    if (!all.length) return;
    const after = (count) => Object.assign({}, ...all.slice(0, count + 1).map(({ state }) => state));
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    this.at = at;
    this.hidden = new Set(all.slice(at + 1).flatMap(({ show }) => show));
    view.readout.style.visibility = this.hidden.size ? "hidden" : ""; // it would say what is hidden
    const kept = view.alone && view.get("recorded")?.[at];
    if (kept) return view.recall(kept);
    const between = how === "press" ? all.slice(Math.min(was, at) + 1, Math.max(was, at) + 1) : all.slice(how === "whole" ? 0 : 1, at + 1);
    let names = [...new Set(between.flatMap(({ state }) => Object.keys(state)))].filter((name) => !(view.alone && view.spec.indices[name].python === true));
    if (how === "taken up" && !names.every((name) => same(view.state[name], all[0].state[name]))) names = [];
    const wanted = after(at);
    if (how === "press") view.motion.begin();
    if (names.some((name) => !same(view.state[name], wanted[name]))) {
      view.remember(true);
      view.goTo(Object.fromEntries(names.map((name) => [name, wanted[name]])), how !== "whole");
    } else view.draw();
    if (how === "press" && at > was) for (const { press } of between) if (press && !view.alone) view.model.send({ press });
  }

  // What a press sets and shows, by the names on the controls and above the panels.
  words(at) {
    const { spec, arrays, state: now } = this.view.where;
    const [controls, { state, show, press }] = [this.view.get("controls"), this.view.get("presses")[at] ?? { state: {}, show: [] }];
    const there = new Where(spec, arrays, { ...now, ...state });
    const called = (name) => controls.find((each) => each.name === name)?.label || name;
    return [...Object.keys(state).map((name) => `${called(name)} ${there.words(name)}`), ...show, ...(press ? [called(press)] : [])].join(", ");
  }

  // Covers what a later press shows; called when all is painted.
  paint({ ctx, drawn, ink, font }) {
    for (const { panel, whole } of drawn) {
      if (!titlesOf(panel).some((title) => this.hidden.has(title))) continue;
      ctx.fillStyle = ink.paper;
      ctx.fillRect(whole.x - 4, whole.y - 2, whole.w + 8, whole.h + 4);
      Object.assign(ctx, { strokeStyle: ink.muted, lineWidth: 2, fillStyle: ink.muted, textAlign: "center" });
      ctx.setLineDash([6, 6]);
      ctx.strokeRect(whole.x + 8, whole.y + 28, whole.w - 16, whole.h - 40);
      ctx.setLineDash([]);
      font.call(this.view, 16, true);
      ctx.fillText(panel.title ?? "", whole.x + whole.w / 2, whole.y + 10, whole.w);
      font.call(this.view, 48, true);
      ctx.fillText("?", whole.x + whole.w / 2, whole.y + whole.h / 2);
    }
  }
}
