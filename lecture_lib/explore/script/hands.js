// Hands that were counted for each answer, typed or by + and −, and votes from phones, which a deck on stage tells. Nobody in
// the room sees a number before all are shown, as bars. On a page without Python nobody but hands can vote, and it says so.
import { node } from "./node.js";

const MOST_HANDS = 999;

// Adds a field and a reply to each answer; returns the fields, and what shows where the explorer stands.
export function countHands(view, control, labels) {
  const [counts, phones, counted] = control.hands;
  const words = view.where.labels(control.name);
  const group = labels[0].parentElement;
  const all = (at) => view.where.value(counts)[at] + view.where.value(phones)[at];
  const fields = labels.map((label, at) => {
    const field = node("input", { type: "text", className: "lecture-hands", inputMode: "numeric", maxLength: 4, autocomplete: "off", ariaLabel: `Hands for ${words[at]}` });
    const put = (value) => { // of all of them; what phones have said stays
      const hands = Math.max(0, Math.min(MOST_HANDS, value - view.where.value(phones)[at]));
      view.choose({ [counts]: view.where.value(counts).map((each, i) => (i === at ? hands : each)) });
    };
    field.addEventListener("input", () => put(Number(field.value.replace(/\D/g, ""))));
    field.addEventListener("focus", () => field.select());
    field.addEventListener("keydown", (event) => {
      const by = { "+": 1, ArrowUp: 1, "-": -1, "−": -1, ArrowDown: -1 }[event.key];
      if (by) put(all(at) + by);
      else if (event.key === "Enter") (fields[at + 1] ?? fields[0]).focus();
      else if (event.key === "Escape") field.blur();
      else return;
      event.preventDefault();
    });
    label.append(node("small", { textContent: control.replies[at] }), field);
    return field;
  });
  if (view.alone) group.append(node("p", { className: "lecture-how", textContent: "Hands are counted: + and −, or typed; Enter goes to the next answer." }));
  group.addEventListener("lecture-phones", ({ detail }) => view.choose({ [phones]: detail }, false));
  group.addEventListener("lecture-counted", () => view.choose({ [counted]: 1 - view.where.place(counted) }));
  const show = (where) => {
    const now = labels.map((_, at) => all(at));
    const sum = Math.max(1, now.reduce((one, other) => one + other, 0));
    group.classList.toggle("lecture-counted", where.place(counted) === 1);
    group.classList.toggle("lecture-answered", where.value(control.name) !== null);
    labels.forEach((label, at) => label.style.setProperty("--share", `${(100 * now[at]) / sum}%`));
    fields.forEach((field, at) => {
      if (field.value !== String(now[at])) field.value = now[at];
    });
  };
  return { fields, show };
}
