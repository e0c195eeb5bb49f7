const MOVES = ["right", "down", "rotate", "thicken"];
// Where the sliders that move the digit stand when they change nothing.
const unmoved = (view) => Object.fromEntries(MOVES.map((name) => [name, name === "thicken" ? view.spec.indices.thicken.labels.indexOf("0") : 0]));
const standsAt = (where, places) => MOVES.every((name) => where.state[name] === places[name]);

// Back to where the digit was, beside a tool that has no sliders; shown while it is moved.
function upright(view) {
  const el = node("button", { type: "button", textContent: "Sliders to 0", title: "the digit as it was, before it was moved" });
  el.addEventListener("click", () => view.choose(unmoved(view), true));
  return { el, show: (where) => (el.hidden = standsAt(where, unmoved(view))) };
}

// What if: another kernel, weight or bias of the opened unit, a map silenced; and the moves that break an answer.
import { node, unique, written } from "../node.js";
import { clamp, typed } from "../numbers.js";
import { fixed } from "./walk_marks.js";
import { inputs, network, placeOf, strongest } from "./walk_net.js";

const SETTLED = 300; // ms without a change before the accuracy is counted
const STEPS = 60; // of the slider
const sameChange = (one, other) => ["layer", "what", "map", "channel", "row", "col"].every((name) => one[name] === other[name]);

// What the opened unit has that can be changed: its layer, map, the channel whose kernel it is, one weight of it.
export function target(view, panel, where) {
  const net = network(panel, where);
  const [level, unit] = [where.place(panel.layer), where.place(panel.unit)];
  const stage = net.stages[level];
  if (stage.weight === undefined) return undefined;
  const below = net.stages[level - 1];
  const found = inputs(net, level, unit);
  const [map] = placeOf(stage, unit);
  const [rows, cols] = stage.kind === "conv" ? stage.kernel : [below.rows, below.cols];
  const channels = stage.kind === "conv" ? stage.depth : below.count;
  const best = Math.max(0, found.terms.indexOf(strongest(found)));
  const picked = view.picked?.level === level && view.picked.channel < channels && (view.picked.unit ?? unit) === unit ? view.picked : undefined;
  const channel = picked?.channel ?? Math.floor(best / (rows * cols));
  const own = picked?.cell ?? (Math.floor(best / (rows * cols)) === channel ? best % (rows * cols) : 0);
  const [row, col] = [Math.floor(own / cols), own % cols];
  const at = channel * rows * cols + own;
  return { level, unit, stage, below, map, channel, channels, own, row, col, kind: picked?.kind ?? "scale", weight: found.terms[at].weight, bias: found.bias };
}

// What a change is: its words for the three kinds, and how far the slider goes.
function meaning(at, changes) {
  const base = { layer: at.stage.label, what: at.kind, map: at.map };
  const kernel = { ...base, channel: at.channel };
  if (at.kind === "bias") return { change: base, key: "to", low: -2, high: 2, value: at.bias };
  if (at.kind === "weight") {
    const most = 2 * at.stage.weighs[1];
    return { change: { ...kernel, row: at.row, col: at.col }, key: "to", low: -most, high: most, value: at.weight };
  }
  return { change: kernel, key: "by", low: -1, high: 2, value: changes.find((each) => sameChange(each, kernel))?.by ?? 1 };
}

export function whatIf(view, control) {
  const walk = () => view.get("panels").find(({ kind }) => kind === "walk");
  const [slider, field] = [node("input", { type: "range", id: unique(), min: 0, max: STEPS }), node("input", { type: "text", inputMode: "decimal" })];
  const [kind, channel] = [node("select", { ariaLabel: "What is changed" }), node("select", { ariaLabel: "On which map" })];
  const label = node("label", { htmlFor: slider.id, textContent: "What if" });
  const note = node("span", {});
  slider.style.setProperty("--steps", "none");
  kind.append(...[["scale", "the kernel"], ["weight", "one weight"], ["bias", "the bias"]].map(([value, textContent]) => node("option", { value, textContent })));
  let at;
  const changes = () => view.state[control.name];
  const put = (next, turn) => view.choose({ [control.name]: next }, turn);
  const set = (value, wanted = at, turn = undefined) => {
    const { change, key } = meaning(wanted, changes());
    const others = changes().filter((each) => !sameChange(each, change));
    pin(wanted);
    put(key === "by" && value === 1 ? others : [...others, { ...change, [key]: value }], turn);
  };
  // Once changed, another product may be the strongest: in this unit the hand stays with what it has changed.
  const pin = ({ level, unit, channel, own }) => (view.picked = { level, unit, kind: at.kind, channel, cell: own });
  const pick = (name) => {
    view.picked = { level: at.level, kind: at.kind, channel: at.channel, cell: at.kind === "weight" ? view.picked?.cell : undefined, ...name };
    view.show();
  };
  kind.addEventListener("change", () => pick({ kind: kind.value }));
  channel.addEventListener("change", () => pick({ channel: Number(channel.value), cell: undefined }));
  slider.addEventListener("input", () => {
    const { low, high } = meaning(at, changes());
    set(Number((low + ((high - low) * slider.value) / STEPS).toFixed(3)));
  });
  let typing = false; // what was typed and is beyond the ends of the slider is not what stands
  field.addEventListener("input", () => (typing = true));
  field.addEventListener("change", () => {
    typing = false;
    const { low, high } = meaning(at, changes());
    const value = typed(field.value.replace("×", ""));
    if (Number.isFinite(value)) set(Math.max(low, Math.min(high, value)), at, true);
    view.show();
  });
  const button = (textContent, act) => {
    const made = node("button", { type: "button", textContent });
    made.addEventListener("click", act);
    return made;
  };
  const zero = button("Zero", () => set(0, at, true));
  const negate = button("Negate", () => set(-meaning(at, changes()).value, at, true));
  const silence = button("Silence map", () => {
    const change = { layer: at.stage.label, what: "silence", map: at.map };
    const others = changes().filter((each) => !sameChange(each, change));
    put(others.length < changes().length ? others : [...changes(), change], true);
  });
  const all = button("Undo all changes", () => put([], true));
  const back = upright(view);
  let counted;
  const show = (where) => {
    at = target(view, walk(), where);
    back.show(where);
    for (const each of [slider, field, kind, channel, zero, negate, silence]) each.disabled = view.alone || !at;
    all.disabled = view.alone || !changes().length;
    written(note, at ? `${changes().length} change${changes().length === 1 ? "" : "s"}` : "Open a unit with weights: of a layer C or F, or a class.");
    if (at) {
      const { low, high, value } = meaning(at, changes());
      const text = `${at.kind === "scale" ? "× " : ""}${fixed(value, at.kind === "scale" ? 2 : 3)}`;
      kind.value = at.kind;
      if (channel.dataset.of !== `${at.below.label} ${at.channels}`) {
        channel.dataset.of = `${at.below.label} ${at.channels}`;
        const unit = at.below.role === "image" ? "the pixels" : "";
        channel.replaceChildren(...Array.from({ length: at.channels }, (_, k) => node("option", { value: k, textContent: unit ? "on the pixels" : `on ${at.below.label} ${k}` })));
      }
      channel.value = at.channel;
      channel.hidden = at.kind === "bias";
      const place = (value - low) / (high - low);
      slider.value = clamp(Math.round(place * STEPS), STEPS + 1);
      slider.style.setProperty("--at", Math.min(1, Math.max(0, place)));
      slider.setAttribute("aria-valuetext", text);
      slider.setAttribute("aria-label", `What if ${kind.selectedOptions[0].textContent} counted`);
      if (field.value !== text && !(typing && document.activeElement === field)) field.value = text;
      field.setAttribute("aria-label", "Its value, as a number");
      const silent = changes().some((each) => sameChange(each, { layer: at.stage.label, what: "silence", map: at.map }));
      written(silence, at.stage.rows * at.stage.cols === 1 ? "Silence unit" : "Silence map");
      silence.setAttribute("aria-pressed", silent);
    }
    const text = JSON.stringify(changes());
    if (text === counted || view.alone) return;
    const first = counted === undefined;
    counted = text;
    clearTimeout(view.counting);
    if (first || text === "[]") return;
    view.counting = setTimeout(() => {
      view.stand({ ...view.state, counted: (view.state.counted + 1) % 1e6 }); // asked for by no hand: nothing to undo
      view.tell(["counted"]);
    }, SETTLED);
  };
  view.signal.addEventListener("abort", () => clearTimeout(view.counting));
  const el = node("div", { className: "lecture-what" }, node("div", { className: "lecture-what-row" }, label, kind, channel, slider, field),
    node("div", { className: "lecture-few" }, zero, negate, silence, all, back.el, note));
  return { el, parts: [slider, field, kind, channel, zero, negate, silence, all, back.el], show };
}

// Moves that break an answer: a press puts the slider there and the others to 0.
export function broken(view, control) {
  const find = node("button", { type: "button", textContent: control.label, title: control.tip });
  find.addEventListener("click", () => {
    view.flush();
    view.remember(true);
    view.model.send({ press: control.name });
    view.ask();
  });
  const el = node("div", { className: "lecture-broken", ariaLabel: control.label, role: "group" }, find);
  const back = upright(view);
  el.append(back.el);
  const parts = [find, back.el];
  let was;
  let presses = []; // each with where it puts the sliders
  return { el, parts, show: (where) => {
    const found = where.value(control.found);
    back.show(where);
    for (const [press, places] of presses) press.setAttribute("aria-pressed", standsAt(where, places));
    if (found === was) return;
    was = found;
    presses = [];
    const made = found.map(([words, slider, place]) => {
      if (place === null) return node("span", { textContent: words });
      const press = node("button", { type: "button", textContent: words });
      const places = { ...unmoved(view), [slider]: place };
      press.addEventListener("click", () => view.choose(places, true));
      press.setAttribute("aria-pressed", standsAt(where, places));
      presses.push([press, places]);
      return press;
    });
    parts.splice(2, parts.length, ...presses.map(([press]) => press));
    el.replaceChildren(find, ...made, back.el);
  } };
}
