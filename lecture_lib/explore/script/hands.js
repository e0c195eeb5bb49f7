// Hands that were counted for each answer, typed or by + and −. Nobody in the room sees a number before all are shown, as bars.
import { node } from "./node.js";

const MOST_HANDS = 999;

// Adds a field and a reply to each answer; returns the fields, and what shows where the explorer stands.
export function countHands(view, control, labels) {
  const [counts, counted] = control.hands;
  const words = view.where.labels(control.name);
  const fields = labels.map((label, at) => {
    const field = node("input", { type: "text", className: "lecture-hands", inputMode: "numeric", maxLength: 3, autocomplete: "off", ariaLabel: `Hands for ${words[at]}` });
    const put = (value) => view.choose({ [counts]: view.where.value(counts).map((each, i) => (i === at ? Math.max(0, Math.min(MOST_HANDS, value)) : each)) });
    field.addEventListener("input", () => put(Number(field.value.replace(/\D/g, ""))));
    field.addEventListener("focus", () => field.select());
    field.addEventListener("keydown", (event) => {
      const by = { "+": 1, ArrowUp: 1, "-": -1, "−": -1, ArrowDown: -1 }[event.key];
      if (by) put(view.where.value(counts)[at] + by);
      else if (event.key === "Enter") (fields[at + 1] ?? fields[0]).focus();
      else if (event.key === "Escape") field.blur();
      else return;
      event.preventDefault();
    });
    label.append(node("small", { textContent: control.replies[at] }), field);
    return field;
  });
  const show = (where) => {
    const now = where.value(counts);
    const all = Math.max(1, now.reduce((sum, each) => sum + each, 0));
    labels[0].parentElement.classList.toggle("lecture-counted", where.place(counted) === 1);
    labels[0].parentElement.classList.toggle("lecture-answered", where.value(control.name) !== null);
    labels.forEach((label, at) => label.style.setProperty("--share", `${(100 * now[at]) / all}%`));
    fields.forEach((field, at) => {
      if (field.value !== String(now[at])) field.value = now[at];
    });
  };
  return { fields, show };
}
