// Walking by keys and by the buttons below the picture: along places and maps, down to the strongest input, back again.
import { node } from "../node.js";
import { clamp } from "../numbers.js";
import { placeOf, strongest, outputs, unitAt } from "./walk_net.js";

const KEYS = "Arrow keys: places and maps. Enter: to the strongest input. Backspace: back.";
const [BACK, ONWARD] = ["Back", "To its strongest output"]; // where one came from; without that, the unit that it gives most
const RULE = "Path: from the class that won, at each layer the input with the largest product.";

// What keys and buttons do from where the walk stands.
export function walkKeys(view, panel, net, { columns }, at, found) {
  // The trail: units that one came down from, each a layer above the next. Along its own layer it is kept, a jump begins anew.
  const trail = (view.trail ?? []).filter(([level]) => level > at.level); // undo may have gone above it
  const go = (level, unit, way = []) => {
    view.trail = way;
    view.choose({ [panel.layer]: level, [panel.unit]: unit }, true);
    return true;
  };
  const next = strongest(found);
  const into = (unit) => go(at.level - 1, unit, [...trail, [at.level, at.unit]]);
  const down = at.level > 0 && next ? () => into(next.from) : undefined;
  const up = trail.length ? () => go(...trail.at(-1), trail.slice(0, -1))
    : at.level + 1 < columns.length ? () => {
      const [first] = outputs(net, at.level, at.unit).sort((one, other) => other.product - one.product);
      if (first) go(at.level + 1, first.to);
    } : undefined;
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const act = event.key === "Enter" || event.key === "w" ? down : event.key === "Backspace" || event.key === "W" ? up : undefined;
    if (!act) return ["Enter", "w", "W", "Backspace"].includes(event.key);
    act();
    return true;
  };
  // Along the maps as they stand; beyond the left or right edge into the next layer, at the same height.
  const move = (over, across) => {
    const column = columns[at.level];
    const { stage, per, lines } = column;
    const [k, r, c] = placeOf(stage, at.unit);
    const [row, col] = [Math.floor(k / per) * stage.rows + r, (k % per) * stage.cols + c];
    const to = (target, y, x) => {
      const { stage, per, lines } = target;
      const [down, right] = [clamp(y, lines * stage.rows), clamp(x, per * stage.cols)];
      const map = Math.floor(down / stage.rows) * per + Math.floor(right / stage.cols);
      return map < stage.count ? unitAt(stage, map, down % stage.rows, right % stage.cols) : unitAt(stage, stage.count - 1, down % stage.rows, right % stage.cols);
    };
    const beyond = Math.abs(across) < 1000 ? (col + across < 0 ? -1 : col + across >= per * stage.cols ? 1 : 0) : 0;
    const other = columns[at.level + beyond];
    if (!beyond || !other) return go(at.level, to(column, row + over, col + across), trail);
    const high = Math.floor(((row + 0.5) / (lines * stage.rows)) * other.lines * other.stage.rows);
    return go(other.level, to(other, high, beyond > 0 ? 0 : Infinity), trail.filter(([level]) => level > other.level));
  };
  return { go, into, down, up, back: trail.length > 0, key, move };
}

// Buttons in the page, not in the picture: they have names, a focus and a place among the tab stops.
export class Strip {
  constructor(view, panel) {
    const button = (textContent, title, act) => {
      const made = node("button", { type: "button", textContent, title });
      made.addEventListener("click", () => act());
      return made;
    };
    this.down = button("To its strongest input", "Enter or W in the picture", () => this.walk.down?.());
    this.up = button(BACK, "Backspace or Shift+W in the picture", () => this.walk.up?.());
    this.path = button("Path", RULE, () => view.choose({ [panel.path]: 1 - view.where.place(panel.path) }));
    this.tip = node("span", {});
    this.tools = view.get("indices")[panel.tool].labels.map((text, at) => button(text, "", () => view.choose({ [panel.tool]: at })));
    this.group = node("div", { className: "lecture-tools", role: "group", ariaLabel: "What to do", hidden: view.alone }, ...this.tools);
    view.icons.title.after(this.group);
    this.el = view.stage.appendChild(node("div", { className: "lecture-strip" }, this.down, this.up, this.path, this.tip));
    this.panel = panel;
  }

  place({ strip }, walk, where) {
    this.walk = walk;
    const on = where.place(this.panel.path) === 1;
    const tool = where.place(this.panel.tool);
    const words = [strip, Boolean(walk.down), Boolean(walk.up), walk.back, on, tool].join();
    if (words === this.words) return;
    this.words = words;
    this.el.style.top = `${strip + 4}px`;
    this.down.disabled = !walk.down;
    this.up.disabled = !walk.up;
    this.up.textContent = walk.back || !walk.up ? BACK : ONWARD;
    this.path.setAttribute("aria-pressed", on);
    this.tools.forEach((each, at) => each.setAttribute("aria-pressed", at === tool));
    this.tip.textContent = on ? RULE : KEYS;
  }
}
