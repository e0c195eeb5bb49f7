// A guess, and what is measured beside it. The page compares by itself; nothing of the answer is in it before Show.
import { marked, node, unique } from "./node.js";
import { moveOf } from "./keys.js";
import { clamp, inWords, number, typed } from "./numbers.js";

// A number with its thousands in groups.
const grouped = (value) => {
  if (Math.abs(value) < 1e-4) return inWords(value);
  const [whole, rest] = number(value).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest === undefined ? "" : `.${rest}`);
};

// What somebody typed, also "120 million", "1,600" and "5 %"; NaN where it is no number.
export function guessed(text) {
  const [, digits, power] = text.trim().replace(/%$/, "").match(/^(.*?)\s*(thousand|million|billion)?$/i) ?? [];
  const plain = (digits ?? "").replace(/\s/g, "");
  const value = typed(/^[-−]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain) ? plain.replaceAll(",", "") : plain);
  return value * { thousand: 1e3, million: 1e6, billion: 1e9 }[power?.toLowerCase()] || value;
}

const FEW = ["", "one", "two", "three"];

// How far a guess is from what was measured, in plain words; "" where both are the same.
export function apart(said, { measured, unit, times, near }) {
  const counted = /[a-z]s$/.test(unit);
  const off = Math.abs(said - measured);
  if (off <= 1e-9 * Math.abs(measured) || off <= near * Math.abs(measured)) return "";
  const [much, little] = counted ? ["too many", "too few"] : ["too high", "too low"];
  const way = said > measured ? much : little;
  const ratio = said * measured > 0 ? Math.max(said / measured, measured / said) : 0;
  if (times && said * measured <= 0) return way;
  if (ratio >= 1e4) return `about 10${[...String(Math.round(Math.log10(ratio)))].map((each) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[each]).join("")} times ${way}`;
  if (ratio >= (times ? 1.2 : 2) && (times || off > 3)) return `${grouped(Number(ratio.toPrecision(ratio < 3 ? 2 : ratio < 1000 ? 3 : 2)))} times ${way}`;
  if (times) return `close, ${Math.max(1, Math.round(100 * (ratio - 1)))} % ${way}`;
  const size = Number(off.toPrecision(3));
  return Number.isInteger(size) && size <= 3 ? `${FEW[size]} off` : `${grouped(size)}${unit === "%" ? " points" : ""} ${way}`;
}

const withUnit = (value, unit) => grouped(value) + (unit ? ` ${unit}` : "");

// Each kind: a field with what stands in it (null while it is empty, undefined where it is no guess), and what is said when it is open.
const FIELD = {
  number(part, id, enter) {
    const input = node("input", { type: "text", inputMode: "text", id, autocomplete: "off", size: 9 });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault(); // else the button that gets the focus would be pressed, too
      enter();
    });
    return {
      el: node("span", { className: "lecture-guess-field" }, input, part.unit ? node("span", { className: "lecture-unit", textContent: part.unit }) : ""),
      inputs: [input],
      read: () => (input.value.trim() === "" ? null : Number.isFinite(guessed(input.value)) ? guessed(input.value) : undefined),
      show: (said, open) => {
        if (open) input.value = said === null ? "" : grouped(said);
        input.readOnly = open;
      },
      said: (value) => withUnit(value, part.unit),
      verdict: (value) => [withUnit(part.measured, part.unit), value === null ? null : apart(value, part)],
      problem: part.low === null && part.high === null ? "A number, please." : `A number${part.low === null ? "" : ` from ${grouped(part.low)}`}${part.high === null ? "" : ` to ${grouped(part.high)}`}, please.`,
      allowed: (value) => (part.low ?? -Infinity) <= value && value <= (part.high ?? Infinity),
    };
  },
  choice(part, id) {
    const inputs = part.options.map((_, at) => node("input", { type: "radio", name: id, value: at }));
    const labels = inputs.map((input, at) => node("label", {}, input, node("span", { textContent: part.options[at] })));
    const el = node("span", { className: "lecture-guess-options", role: "radiogroup", ariaLabel: part.label || "your guess" }, ...labels);
    return {
      el, inputs,
      read: () => (inputs.some((each) => each.checked) ? inputs.findIndex((each) => each.checked) : null),
      show: (said, open) => inputs.forEach((input, at) => {
        if (open) input.checked = at === said;
        input.disabled = open;
        labels[at].classList.toggle("lecture-measured", open && at === part.measured);
      }),
      said: (value) => part.options[value],
      verdict: (value) => [part.options[part.measured], value === null ? null : value === part.measured ? "" : "another one"],
      allowed: () => true,
    };
  },
  mark(part, id) {
    let at = null;
    const rows = part.cells.map((row, r) => row.map((text, c) => {
      const cell = node("button", { type: "button", textContent: text, tabIndex: r || c ? -1 : 0 });
      cell.setAttribute("aria-label", `row ${r + 1}, column ${c + 1}: ${text}`);
      cell.addEventListener("click", () => put([r, c]));
      return cell;
    }));
    const inputs = rows.flat();
    const put = (place) => {
      at = place;
      inputs.forEach((cell) => {
        cell.setAttribute("aria-pressed", rows[at?.[0]]?.[at?.[1]] === cell);
        cell.tabIndex = cell === (at ? rows[at[0]][at[1]] : inputs[0]) ? 0 : -1;
      });
    };
    put(null);
    const el = node("span", { className: "lecture-guess-cells", role: "group", ariaLabel: part.label || "your guess" }, ...inputs);
    el.style.gridTemplateColumns = `repeat(${rows[0].length}, auto)`;
    el.addEventListener("keydown", (event) => {
      const move = moveOf(event);
      if (!move || inputs[0].disabled) return;
      event.preventDefault();
      const from = at ?? [0, 0];
      const to = at ? [clamp(from[0] + move[0], rows.length), clamp(from[1] + move[1], rows[0].length)] : from;
      put(to);
      rows[to[0]][to[1]].focus();
    });
    const words = ([r, c]) => `row ${r + 1}, column ${c + 1}`;
    const right = ([r, c]) => part.measured.some((each) => each[0] === r && each[1] === c);
    return {
      el, inputs,
      read: () => at,
      show: (said, open) => {
        if (open) put(said);
        rows.forEach((row, r) => row.forEach((cell, c) => {
          cell.disabled = open;
          cell.classList.toggle("lecture-measured", open && right([r, c]));
        }));
      },
      said: words,
      verdict: (value) => [part.measured.map(words).join("; "), value === null ? null : right(value) ? "" : "another place"],
      allowed: () => true,
    };
  },
};

// Room for the answer, kept from the start where it needs little, so that nothing below jumps: the height of a twin that is open, gone
// before anybody sees it. More would be empty space.
const MOST_ROOM = 100;
function keepRoom(card, fields, why) {
  const twin = card.cloneNode(true);
  twin.querySelectorAll("[name]").forEach((each) => each.removeAttribute("name")); // else its radios would undo those of the card
  twin.querySelectorAll("[hidden]").forEach((each) => each.hidden = false);
  twin.querySelector(".lecture-show").hidden = true;
  twin.querySelectorAll(".lecture-guess-verdict").forEach((each, at) => each.replaceChildren("It is ", node("b", { textContent: fields[at].verdict(null)[0] }), fields[at].part.kind === "number" ? ": 1,000 times too high." : ": another place."));
  twin.querySelectorAll(".lecture-guess-part > .lecture-unit").forEach((each, at) => each.hidden = at > 0 && fields[at].part.label !== "");
  twin.querySelector(".lecture-guess-note").replaceChildren();
  twin.querySelector(".lecture-guess-why").replaceChildren(...marked(why));
  twin.classList.add("lecture-open");
  card.style.minHeight = "";
  const closed = card.classList.contains("lecture-open") ? 0 : card.offsetHeight;
  Object.assign(twin.style, { position: "absolute", visibility: "hidden", boxSizing: "border-box", width: `${card.offsetWidth}px`, minHeight: "" });
  card.after(twin);
  const open = twin.offsetHeight;
  twin.remove();
  if (closed && open > closed && open <= closed + MOST_ROOM) card.style.minHeight = `${open}px`;
}

export function guess(view, control) {
  const fields = control.parts.map((part) => {
    const id = unique();
    const field = FIELD[part.kind](part, id, () => press());
    const label = node(part.kind === "number" ? "label" : "span", { className: "lecture-label", htmlFor: id, textContent: part.label });
    const [said, verdict] = [node("span", { className: "lecture-unit", textContent: "You said" }), node("span", { className: "lecture-guess-verdict" })];
    field.inputs.forEach((each) => part.kind === "number" && !part.label && each.setAttribute("aria-label", `your guess${part.unit && `, ${part.unit}`}`));
    return { ...field, part, told: verdict, row: node("div", { className: "lecture-guess-part" }, part.label ? label : "", said, field.el, verdict), before: said };
  });
  const show = node("button", { type: "button", className: "lecture-show" });
  const again = node("button", { type: "button", textContent: "Undo", title: "Close the answer, and guess again" });
  const [note, why] = [node("p", { className: "lecture-guess-note", role: "alert" }), node("p", { className: "lecture-guess-why" })];
  const question = node("p", { className: "lecture-guess-question" }, ...marked(control.question));
  let asked = false; // whether Show was pressed without a guess
  const press = () => {
    const said = fields.map((field) => field.read());
    const wrong = fields.find((field, at) => said[at] === undefined || (said[at] !== null && !field.allowed(said[at])));
    if (wrong) {
      note.textContent = wrong.problem;
      return wrong.inputs[0].focus();
    }
    const whole = said.every((each) => each !== null);
    if (!whole && !asked) {
      asked = true;
      note.textContent = said.every((each) => each === null) ? "Make a guess first: any will do." : "One is still empty: any guess will do.";
      show.textContent = "Show without guess";
      return;
    }
    view.choose({ [control.name]: { said: whole ? said : said.map(() => null), open: true } }, true);
    view.flush(); // it is kept, also where the page closes now
    again.focus();
  };
  show.addEventListener("click", press);
  again.addEventListener("click", () => {
    view.choose({ [control.name]: null }, true);
    (fields[0].inputs.find((each) => each.checked) ?? fields[0].inputs[0]).focus();
  });
  const card = node("div", { className: "lecture-guess" }, question, node("div", { className: "lecture-guess-answers" }, ...fields.map((each) => each.row), node("div", { className: "lecture-guess-part lecture-guess-press" }, show, again)), note, why);
  let width = 0;
  new ResizeObserver(() => {
    if (card.offsetWidth === width) return;
    width = card.offsetWidth;
    if (width) keepRoom(card, fields, control.why);
  }).observe(card);
  let was;
  return { el: card, parts: fields.flatMap((each) => each.inputs).concat(show, again), show: (where) => {
    const value = where.value(control.name);
    if (value === was) return;
    was = value;
    const open = value !== null;
    card.classList.toggle("lecture-open", open);
    fields.forEach((field, at) => {
      const said = value?.said[at] ?? null;
      field.show(said, open);
      field.before.hidden = !open || said === null || (at > 0 && field.part.label !== ""); // its colour says it again
      if (!open) return field.told.replaceChildren();
      const [measured, off] = field.verdict(said);
      const verdict = off === null ? ["."] : off === "" ? [": ", node("b", { className: "lecture-right", textContent: "✓ right" }), "."] : [`: ${off}.`];
      field.told.replaceChildren(field.part.measured.length > 1 ? "It is any of " : "It is ", node("b", { textContent: measured }), ...verdict);
    });
    asked = false;
    show.textContent = "Show";
    show.hidden = open;
    again.hidden = !open;
    note.textContent = "";
    why.replaceChildren(...(open ? marked(control.why) : []));
    why.hidden = !open;
  } };
}
