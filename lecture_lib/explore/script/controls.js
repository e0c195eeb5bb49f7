// Controls as native inputs, made from their declaration. Each knows how to show where the explorer stands.
import { plane } from "./arrays.js";
import { guess } from "./guess.js";
import { countHands } from "./hands.js";
import { moveOf } from "./keys.js";
import { node, unique } from "./node.js";
import { clamp, number, typed } from "./numbers.js";
import { file } from "./own.js";
import { paintPlane } from "./paint.js";
import { broken, whatIf } from "./panels/walk_what.js";
import { holds } from "./sentence.js";

const FINE = 56; // steps of a slider of which a hand cannot choose each: they get − and +

const decimals = ({ step = 1 }) => (String(step).split(".")[1] ?? "").length;
const shown = (index, value) => (index.kind === "numbers" && decimals(index) ? value.toFixed(decimals(index)).replace("-", "−") : number(value));

// A slider over the places of an index; beside it a field to type into, or what is chosen in words.
function slider(view, control) {
  const id = unique();
  const label = node("label", { htmlFor: id, textContent: control.label, title: control.tip });
  const range = node("input", { type: "range", id, min: 0, title: control.tip });
  const { kind } = view.spec.indices[control.name];
  const words = kind === "options" && !view.where.labels(control.name).every((text) => Number.isFinite(typed(text)));
  const field = words ? node("output", { htmlFor: id }) : node("input", { type: "text", inputMode: "decimal", title: `${control.label}: a number` });
  if (!words) field.setAttribute("aria-label", `${control.label}, as a number`);
  const choose = (place) => view.choose({ [control.name]: view.where.valueAt(control.name, clamp(place, view.where.count(control.name))) });
  const step = (by) => choose(view.where.place(control.name) + by);
  range.addEventListener("input", () => choose(Number(range.value)));
  // The browser's own arrow keys go by one; with Shift by five, and in the field up and down as well.
  for (const input of [range, field]) input.addEventListener("keydown", (event) => {
    const [down, across] = moveOf(event) ?? [0, 0];
    const by = input === range ? (event.shiftKey ? across - down : 0) : -down;
    if (!by || Math.abs(by) > 5) return;
    event.preventDefault();
    step(by);
    show(view.where);
  });
  const button = (text, by, name) => {
    const made = node("button", { type: "button", textContent: text, ariaLabel: `${control.label}, ${name}` });
    made.addEventListener("click", () => step(by));
    return made;
  };
  const fine = !words && view.where.count(control.name) > FINE ? [button("−", -1, "one less"), field, button("+", 1, "one more")] : undefined;
  field.addEventListener("change", () => {
    const { low = 0, step = 1 } = view.spec.indices[control.name];
    const value = typed(field.value);
    const far = view.where.labels(control.name)?.map((text) => Math.abs(typed(text) - value));
    const place = far ? far.indexOf(Math.min(...far)) : Math.round((value - low) / step);
    if (Number.isFinite(value)) choose(place);
    show(view.where);
  });
  let was = "";
  const show = (where) => {
    const [place, most] = [where.place(control.name), where.count(control.name) - 1];
    const index = where.spec.indices[control.name];
    const text = index.labels ? where.labels(control.name)[place] ?? "" : shown(index, where.number(control.name));
    const now = `${place}/${most}/${text}`;
    if (now === was && document.activeElement !== field) return;
    was = now;
    if (Number(range.max) !== most) {
      range.max = most;
      range.style.setProperty("--steps", most > 0 && most <= 20 ? most : "none");
    }
    range.style.setProperty("--at", most > 0 ? place / most : 0);
    if (Number(range.value) !== place) range.value = place;
    range.setAttribute("aria-valuetext", text);
    if (words) field.value = text;
    else if (field.value !== text) field.value = text;
  };
  const last = fine ? node("span", { className: "lecture-fine" }, ...fine) : field;
  return { el: node("div", { className: "lecture-slider" }, label, range, last), parts: [range, ...(fine ?? [field])], show };
}

// One of several options: side by side where they fit, as chips where they are more, in a menu where these would take the pictures' room.
function choice(view, control) {
  const labels = view.where.labels(control.name);
  const wide = labels.reduce((sum, text) => sum + 22 + 7.2 * text.length, 0);
  if (labels.length <= 5 && wide <= 320) return radios(view, control, "lecture-segments");
  const few = labels.length <= 12 && chipRows(labels) <= (view.get("controls").length > 8 ? 1 : 2);
  return few || control.pictures ? radios(view, control, "lecture-chips") : menu(view, control);
}

// The small pictures of chips: an item of the array for each option.
function pictures(view, name, spans) {
  const made = spans.map((span) => span.insertBefore(node("img", { className: "lecture-small", alt: "what it shows", ariaHidden: "true" }), span.firstChild));
  const painted = [];
  return () => made.forEach((small, at) => {
    const array = view.arrays[name][at];
    small.hidden = !array;
    if (!array || painted[at] === array) return;
    painted[at] = array;
    const canvas = node("canvas");
    small.classList.toggle("lecture-photo", array.role === "rgb");
    paintPlane(view, canvas, plane(array));
    small.src = canvas.toDataURL();
  });
}

function menu(view, control) {
  const id = unique();
  const select = node("select", { id, title: control.tip });
  const labels = view.where.labels(control.name);
  select.append(...labels.map((text, at) => node("option", { value: at, textContent: text })));
  select.addEventListener("change", () => view.choose({ [control.name]: Number(select.value) }));
  return { el: node("div", { className: "lecture-menu" }, node("label", { htmlFor: id, textContent: control.label, title: control.tip }), select),
    parts: [select], show: (where) => (select.value = where.value(control.name) ?? "") };
}

function radios(view, control, className) {
  const name = unique();
  const labels = view.where.labels(control.name);
  const changing = view.spec.indices[control.name].among;
  const buttons = labels.map((_, at) => {
    const input = node("input", { type: "radio", name, value: at });
    input.addEventListener("change", () => view.choose({ [control.name]: at }));
    return input;
  });
  const spans = labels.map((text) => node("span", {}, text));
  const group = node("div", { className }, ...buttons.map((input, at) => node("label", {}, input, spans[at])));
  const repaint = control.pictures ? pictures(view, control.pictures, spans) : () => {};
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", control.label || view.get("title"));
  const label = className !== "lecture-answers" && control.label ? [node("span", { className: "lecture-label", textContent: control.label, title: control.tip })] : [];
  const el = node("div", { className: "lecture-choice" }, ...label, group);
  return { el, parts: buttons, show: (where) => {
    buttons.forEach((input, at) => (input.checked = where.value(control.name) === at));
    if (changing) where.labels(control.name).forEach((text, at) => (spans[at].textContent = text));
    repaint();
  } };
}

// The chosen one says by a sign and a colour whether it is right.
function answers(view, control) {
  const made = radios(view, control, "lecture-answers");
  const hands = control.hands.length ? countHands(view, control, made.parts.map((input) => input.parentElement)) : undefined;
  const show = (where) => {
    made.show(where);
    hands?.show(where);
    made.parts.forEach((input, at) => (input.parentElement.className = !input.checked ? "" : control.right[at] ? "lecture-is-right" : "lecture-is-wrong"));
  };
  return { ...made, parts: [...made.parts, ...(hands?.fields ?? [])], show };
}

// About how many rows chips need in a column.
const chipRows = (labels) => Math.ceil(labels.reduce((wide, text) => wide + 24 + 7.2 * text.length, 80) / 532);

function toggle(view, control) {
  const button = node("button", { type: "button", textContent: control.label, title: control.tip });
  button.addEventListener("click", () => view.choose({ [control.name]: 1 - view.where.place(control.name) }));
  return { el: button, parts: [button], show: (where) => button.setAttribute("aria-pressed", where.place(control.name) === 1) };
}

function field(view, control) {
  const id = unique();
  const { low, high, step } = view.spec.indices[control.name];
  const input = node("input", { type: "number", id, min: low, max: high, step, title: control.tip });
  input.addEventListener("change", () => {
    const value = Number(input.value);
    if (input.value === "" || Number.isNaN(value)) input.value = view.where.value(control.name);
    else view.choose({ [control.name]: value });
  });
  return { el: node("div", { className: "lecture-number" }, node("label", { htmlFor: id, textContent: control.label, title: control.tip }), input),
    parts: [input], show: (where) => {
      const index = where.spec.indices[control.name];
      Object.assign(input, { min: index.low, max: index.high, step: index.step });
      if (document.activeElement !== input || Number(input.value) !== where.value(control.name)) input.value = where.value(control.name);
    } };
}

// A list of rows, each with a menu or a number in every column. Fields stay the same elements while the list grows.
function rows(view, control) {
  const list = node("div", { className: "lecture-rows" });
  const made = []; // a row of fields for each row that there has been
  const make = (r, [name, column], c) => {
    const menu = column.kind === "options";
    const input = menu ? node("select", {}, ...column.labels.map((text, at) => node("option", { value: at, textContent: text })))
      : node("input", { type: "number", min: column.low, max: column.high, step: column.step });
    input.setAttribute("aria-label", `${control.label} ${r + 1}, ${name}`);
    input.addEventListener("change", () => {
      const now = view.where.value(control.name);
      const value = menu ? Number(input.value) : Math.min(column.high, Math.max(column.low, Math.round(Number(input.value))));
      if (input.value !== "") view.choose({ [control.name]: now.map((row, i) => row.map((each, j) => (i === r && j === c ? value : each))) });
      input.value = view.where.value(control.name)[r][c];
    });
    return { input, el: menu ? input : node("label", {}, name, input) };
  };
  const parts = [];
  const show = (where) => {
    const now = where.value(control.name);
    for (let r = made.length; r < now.length; r++) {
      const fields = Object.entries(control.columns).map((column, c) => make(r, column, c));
      made.push(fields.map(({ input }) => input));
      list.append(node("div", {}, String(r + 1), ...fields.map(({ el }) => el)));
    }
    parts.splice(0, parts.length, ...made.flat());
    made.forEach((inputs, r) => {
      list.children[r].hidden = r >= now.length;
      inputs.forEach((input, c) => {
        if (r < now.length && document.activeElement !== input) input.value = now[r][c];
      });
    });
  };
  return { el: list, parts, show };
}

function press(view, control) {
  const button = node("button", { type: "button", textContent: control.label, title: control.tip });
  button.addEventListener("click", () => {
    view.flush();
    view.remember(true); // what Python makes of it can be undone
    view.model.send({ press: control.name });
    view.ask();
  });
  return { el: button, parts: [button], show: () => {} };
}

function code(view, control) {
  const text = node("textarea", { readOnly: true, rows: 6, spellcheck: false });
  text.setAttribute("aria-label", control.label);
  const copy = node("button", { type: "button", textContent: "Copy" });
  copy.addEventListener("click", async () => {
    text.select(); // who may not write to the clipboard presses Ctrl+C
    await navigator.clipboard?.writeText(text.value).then(() => (copy.textContent = "Copied"), () => {});
  });
  return { el: node("div", { className: "lecture-code" }, text, copy), parts: [], show: (where) => {
    if (text.value === where.value(control.name)) return;
    text.value = where.value(control.name);
    copy.textContent = "Copy";
  } };
}

function bar(view, control) {
  const [progress, words] = [node("progress", { max: 1 }), node("span", {})];
  progress.setAttribute("aria-label", control.label);
  return { el: node("div", { className: "lecture-progress" }, node("span", { className: "lecture-label", textContent: control.label }), progress, words), parts: [],
    show: (where) => {
      const [done, text] = where.value(control.name);
      progress.value = done;
      words.textContent = text;
    } };
}

// Steps through an index by itself. Where motion is not wanted, a press is one step.
function play(view, control) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const button = node("button", { type: "button", className: "lecture-play", title: control.tip });
  let timer = null;
  const step = () => {
    const next = view.where.place(control.name) + 1;
    if (next < view.where.count(control.name)) view.choose({ [control.name]: view.where.valueAt(control.name, next) });
    if (next >= view.where.count(control.name) - 1) stop();
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    say();
  };
  const say = () => {
    const words = timer === null ? (still.matches ? "Step" : "Play") : "Pause";
    button.textContent = { Step: "▶|", Play: "▶", Pause: "❚❚" }[words];
    button.setAttribute("aria-label", `${words}: ${control.label}`);
  };
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    const atEnd = view.where.place(control.name) >= view.where.count(control.name) - 1;
    if (atEnd) view.choose({ [control.name]: view.where.valueAt(control.name, 0) });
    if (still.matches) return atEnd ? undefined : step();
    timer = setInterval(step, control.interval);
    say();
  });
  view.signal.addEventListener("abort", () => clearInterval(timer));
  say();
  return { el: button, parts: [button], show: () => {} };
}

const MAKE = { answers, bar, broken, choice, code, file, guess, number: field, play, press, rows, slider, toggle, whatif: whatIf };

// A control with what shows it: hidden or grey where it is of no use, grey where it needs Python and there is none.
export function makeControl(view, control) {
  const made = MAKE[control.kind](view, control);
  const python = !(control.name in view.spec.indices) || view.spec.indices[control.name].python === true;
  const dead = view.alone && python && !["bar", "code"].includes(control.kind);
  made.el.classList.add("lecture-control");
  made.el.classList.toggle("lecture-dead", dead);
  const title = made.el.title;
  let was;
  return { ...made, control, update(where) {
    made.show(where);
    const useful = holds(control.when, where);
    if (useful === was && control.kind !== "rows") return; // whatever is written anew costs a layout
    was = useful;
    made.el.hidden = (!useful && !control.why) || (dead && control.follows); // what it says would soon be of yesterday
    for (const part of made.parts) part.disabled = dead || !useful;
    made.el.title = dead ? "needs Python" : useful ? title : control.why;
  } };
}
