// Controls as native inputs, made from their declaration. Each knows how to show where the explorer stands.
import { clamp, number, typed } from "./numbers.js";
import { holds } from "./sentence.js";
import { shrunk } from "./upload.js";

const node = (tag, attributes = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
};

let count = 0; // for names and ids that no other explorer of the page has

const decimals = ({ step = 1 }) => (String(step).split(".")[1] ?? "").length;
const shown = (index, value) => (index.kind === "numbers" && decimals(index) ? value.toFixed(decimals(index)).replace("-", "−") : number(value));

// A slider over the places of an index; beside it a field to type into, or what is chosen in words.
function slider(view, control) {
  const id = `lecture-${++count}`;
  const label = node("label", { htmlFor: id, textContent: control.label, title: control.tip });
  const range = node("input", { type: "range", id, min: 0, title: control.tip });
  const index = view.spec.indices[control.name];
  const words = index.kind === "options";
  const field = words ? node("output", { htmlFor: id }) : node("input", { type: "text", inputMode: "decimal", title: `${control.label}: a number` });
  if (!words) field.setAttribute("aria-label", `${control.label}, as a number`);
  range.addEventListener("input", () => view.choose({ [control.name]: view.where.valueAt(control.name, Number(range.value)) }));
  field.addEventListener("change", () => {
    const { low = 0, step = 1 } = view.spec.indices[control.name];
    const place = Math.round((typed(field.value) - low) / step);
    if (Number.isFinite(place)) view.choose({ [control.name]: view.where.valueAt(control.name, clamp(place, view.where.count(control.name))) });
    show(view.where);
  });
  let last = "";
  const show = (where) => {
    const [place, most] = [where.place(control.name), where.count(control.name) - 1];
    const index = where.spec.indices[control.name];
    const text = words ? index.labels[place] ?? "" : shown(index, where.number(control.name));
    const now = `${place}/${most}/${text}`;
    if (now === last && document.activeElement !== field) return;
    last = now;
    if (Number(range.max) !== most) range.max = most;
    if (Number(range.value) !== place) range.value = place;
    range.setAttribute("aria-valuetext", text);
    if (words) field.value = text;
    else if (field.value !== text) field.value = text;
  };
  return { el: node("div", { className: "lecture-slider" }, label, range, field), parts: [range, field], show };
}

// One of several options: side by side where they fit, else a menu.
function choice(view, control) {
  const { labels } = view.spec.indices[control.name];
  return labels.length <= 5 && labels.join("").length <= 44 ? radios(view, control, "lecture-segments") : menu(view, control);
}

function menu(view, control) {
  const id = `lecture-${++count}`;
  const select = node("select", { id, title: control.tip });
  const { labels } = view.spec.indices[control.name];
  select.append(...labels.map((text, at) => node("option", { value: at, textContent: text })));
  select.addEventListener("change", () => view.choose({ [control.name]: Number(select.value) }));
  return { el: node("div", { className: "lecture-menu" }, node("label", { htmlFor: id, textContent: control.label, title: control.tip }), select),
    parts: [select], show: (where) => (select.value = where.value(control.name) ?? "") };
}

function radios(view, control, className) {
  const name = `lecture-${++count}`;
  const { labels } = view.spec.indices[control.name];
  const buttons = labels.map((text, at) => {
    const input = node("input", { type: "radio", name, value: at });
    input.addEventListener("change", () => view.choose({ [control.name]: at }));
    return input;
  });
  const group = node("div", { className }, ...buttons.map((input, at) => node("label", {}, input, node("span", { textContent: labels[at] }))));
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", control.label || view.get("title"));
  const label = className === "lecture-segments" && control.label ? [node("span", { className: "lecture-label", textContent: control.label, title: control.tip })] : [];
  return { el: node("div", { className: "lecture-choice" }, ...label, group), parts: buttons,
    show: (where) => buttons.forEach((input, at) => (input.checked = where.value(control.name) === at)) };
}

const answers = (view, control) => radios(view, control, "lecture-answers");

function toggle(view, control) {
  const button = node("button", { type: "button", textContent: control.label, title: control.tip });
  button.addEventListener("click", () => view.choose({ [control.name]: 1 - view.where.place(control.name) }));
  return { el: button, parts: [button], show: (where) => button.setAttribute("aria-pressed", where.place(control.name) === 1) };
}

function field(view, control) {
  const id = `lecture-${++count}`;
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

// A matrix of texts. Cells stay the same elements while their number changes, so that a hand in one of them stays there.
function cells(view, control) {
  const grid = node("div", { className: "lecture-cells" });
  grid.setAttribute("role", "group");
  grid.setAttribute("aria-label", control.label);
  const made = [];
  const rows = () => view.where.value(control.name);
  const cell = (r, c) => {
    const input = node("input", { type: "text", title: `row ${r + 1}, column ${c + 1}` });
    input.setAttribute("aria-label", `${control.label}, row ${r + 1}, column ${c + 1}`);
    input.addEventListener("input", () => view.choose({ [control.name]: rows().map((row, i) => row.map((text, j) => (i === r && j === c ? input.value : text))) }));
    return input;
  };
  const parts = [];
  const show = (where) => {
    const now = where.value(control.name);
    grid.style.gridTemplateColumns = `repeat(${now[0].length}, minmax(0, 1fr))`;
    const inputs = now.flatMap((row, r) => row.map((text, c) => {
      const input = ((made[r] ??= [])[c] ??= cell(r, c));
      if (input.value !== text) input.value = text;
      return input;
    }));
    if (inputs.length !== grid.children.length || inputs.some((each, at) => each !== grid.children[at])) grid.replaceChildren(...inputs);
    parts.splice(0, parts.length, ...inputs);
  };
  return { el: node("div", { className: "lecture-matrix" }, node("span", { className: "lecture-label", textContent: control.label, title: control.tip }), grid), parts, show };
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

// A picture of one's own, from a file or pasted anywhere in the explorer; a large one is made smaller here.
function file(view, control) {
  const input = node("input", { type: "file", accept: "image/*", hidden: true });
  const button = node("button", { type: "button", textContent: control.label, title: control.tip });
  const open = async (chosen) => {
    if (!chosen) return;
    const content = await shrunk(chosen);
    view.flush();
    view.model.send({ picture: chosen.name }, undefined, [content]);
  };
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => open(input.files[0]).then(() => (input.value = ""))); // the same file may come again
  view.el.addEventListener("paste", (event) => open([...(event.clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"))), { signal: view.signal });
  return { el: node("div", {}, button, input), parts: [button], show: () => {} };
}

function press(view, control) {
  const button = node("button", { type: "button", textContent: control.label, title: control.tip });
  button.addEventListener("click", () => {
    view.flush();
    view.remember(true); // what Python makes of it can be undone
    view.model.send({ press: control.name });
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

const MAKE = { answers, bar, cells, choice, code, file, number: field, play, press, rows, slider, toggle };

// A control with what shows it: hidden or grey where it is of no use, grey where it needs Python and there is none.
export function makeControl(view, control) {
  const made = MAKE[control.kind](view, control);
  made.el.classList.add("lecture-control");
  const python = !(control.name in view.spec.indices) || view.spec.indices[control.name].python === true;
  const dead = view.alone && python && !["bar", "code"].includes(control.kind);
  const title = made.el.title;
  let was;
  return { ...made, control, update(where) {
    made.show(where);
    const useful = holds(control.when, where);
    if (useful === was && !["cells", "rows"].includes(control.kind)) return; // whatever is written anew costs a layout
    was = useful;
    made.el.hidden = (!useful && !control.why) || (dead && control.follows); // what it says would soon be of yesterday
    for (const part of made.parts) part.disabled = dead || !useful;
    made.el.title = dead ? "needs Python" : useful ? title : control.why;
  } };
}

// Controls as they stand: neighbours of one group in a row of their own, behind its name.
export function inRows(made) {
  const rows = [];
  for (const { el, control } of made) {
    if (!control.group) rows.push(el);
    else if (rows.at(-1)?.ariaLabel === control.group) rows.at(-1).append(el);
    else {
      const name = node("span", { className: "lecture-label", textContent: control.group });
      rows.push(node("div", { className: "lecture-group", role: "group", ariaLabel: control.group }, name, el));
    }
  }
  return rows;
}
