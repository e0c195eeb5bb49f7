// Where controls stand: chips and lists left, sliders with short choices in the middle, small ones right; however they take the fewest rows.
import { node } from "./node.js";

const TINY = ["number", "play", "press", "toggle"]; // neighbours of these kinds stand in one row
const BETWEEN = 24; // px between columns, as in the style sheet
const LEAST_WIDE = { chips: 248, sliders: 400, others: 248 }; // px of a column
const SLIDER = 380; // px of one on a slide, where two stand side by side in 800
const BUTTON = 112; // px of a column with nothing but a button or two
const LISTED = 648; // px of a column with a list, which has two rows side by side
// Rows of areas, each a region's first letter: c chips, s sliders, o others.
const PLANS = ["cso", "cs/co", "cs/os", "cc/so", "c/s/o"].map((plan) => plan.split("/").map((row) => [...row]));

// The region in which an element stands; what needs the whole width stands in none. Short choices fill a gap among the sliders.
function regionOf(el, gap) {
  if (el.matches(".lecture-rows") || el.querySelector(".lecture-chips")) return "chips";
  if (el.matches(".lecture-slider") || el.querySelector(".lecture-slider")) return "sliders";
  if (el.querySelector(".lecture-segments")) return gap ? "sliders" : "others";
  return el.matches(".lecture-menu, .lecture-few:not(:has(> :nth-child(5)))") ? "others" : undefined;
}

// Controls in their regions: neighbours of one group in a row of their own, behind its name; small neighbours in one row; play before what it plays.
export function inRegions(made) {
  const rows = [];
  let before;
  for (const { el, control } of made) {
    const joins = before && !before.group && (before.kind === "play" || [before, control].every(({ kind }) => TINY.includes(kind)));
    if (control.group) {
      if (rows.at(-1)?.ariaLabel === control.group) rows.at(-1).append(el);
      else {
        const name = node("span", { className: "lecture-label", textContent: control.group });
        rows.push(node("div", { className: "lecture-group", role: "group", ariaLabel: control.group }, name, el));
      }
    } else if (joins) rows.at(-1).append(el);
    else rows.push(TINY.includes(control.kind) ? node("div", { className: "lecture-few" }, el) : el);
    before = control;
  }
  const gap = rows.filter((el) => regionOf(el) === "sliders").length % 2 === 1;
  const regions = Object.keys(LEAST_WIDE).map((name) => [name, rows.filter((el) => regionOf(el, gap) === name)]).filter(([, some]) => some.length);
  const areas = regions.map(([name, some]) => node("div", { className: `lecture-area-${name}` }, ...some));
  // Labels of sliders are as wide as the longest.
  for (const area of areas) area.style.setProperty("--label", Math.max(...[...area.children].map((el) => el.firstChild?.textContent.length ?? 0)));
  return [...areas, ...rows.filter((el) => !regionOf(el))];
}

const LINE = 48; // px; short choices that are higher have broken into two lines

// Chooses the plan that breaks the fewest short choices, of these the one that takes the least height; the first of several.
export function arrange(controls, width) {
  const slider = controls.closest(".slide") ? SLIDER : LEAST_WIDE.sliders;
  const there = Object.keys(LEAST_WIDE).filter((name) => controls.querySelector(`:scope > .lecture-area-${name}`));
  let best = { high: Infinity };
  const stand = ({ areas, columns, side }) => {
    Object.assign(controls.style, { gridTemplateAreas: areas, gridTemplateColumns: columns });
    controls.style.setProperty("--side", side);
  };
  if (width < 700 || !there.length) return stand({ areas: "", columns: "", side: 1 });
  const letters = there.map((name) => name[0]);
  const wide = [...controls.querySelectorAll(".lecture-area-others :is(.lecture-segments, select, input, .lecture-play)")].some((el) => el.offsetParent);
  for (const plan of PLANS) {
    const rows = plan.map((row) => row.filter((letter) => letters.includes(letter))).filter((row) => row.length);
    if (rows.some((row) => row.length !== rows[0].length)) continue;
    for (const side of [1, 2]) {
      const leasts = rows[0].map((_, at) => Math.max(...rows.map((row) => {
        const name = there[letters.indexOf(row[at])];
        if (name === "others" && !wide) return BUTTON;
        if (name === "chips" && controls.querySelector(".lecture-rows")) return LISTED;
        return name === "sliders" ? side * slider + (side - 1) * BETWEEN : LEAST_WIDE[name];
      })));
      if (leasts.reduce((sum, each) => sum + each + BETWEEN, -BETWEEN) > width) continue;
      // Chips and others take what they need in one line, as far as there is room; sliders the rest.
      const most = leasts.map((_, at) => (leasts.length === 1 || rows.some((row) => row[at] === "s") ? "1fr" : "max-content"));
      const found = { side, areas: rows.map((row) => `"${row.join(" ")}"`).join(" "), columns: leasts.map((least, at) => `minmax(${least}px, ${most[at]})`).join(" ") };
      stand(found);
      const broken = [...controls.querySelectorAll(".lecture-segments")].filter((el) => el.offsetHeight > LINE);
      found.high = controls.offsetHeight + 1000 * broken.length;
      if (found.high < best.high) best = found;
    }
  }
  stand(best);
}
