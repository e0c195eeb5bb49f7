// A cell of a picture that is typed into: panel.edit names the index that holds its rows.
import { typed } from "./numbers.js";

// Whether what a panel shows are the rows that can be typed into; while Python is still to say what they are they may not be.
export function editable(view, { panel, grid }) {
  const behind = Object.entries(view.changed).some(([name, told]) => told > view.get("heard") && name !== panel.edit && view.spec.indices[name]?.python);
  const rows = !behind && grid && panel.edit && !(view.alone && view.spec.indices[panel.edit].python === true) ? view.state[panel.edit] : null;
  return Boolean(rows) && rows.length === grid.rows && rows[0].length === grid.cols;
}

// A field over the cell. Enter keeps what is typed, Tab goes on to the next cell, Escape leaves it as it was.
export function editCell(view, at, r, c) {
  const { panel, grid } = view.drawn[at];
  const rows = () => view.state[panel.edit];
  const input = Object.assign(document.createElement("input"), { type: "text", className: "lecture-edit", value: rows()[r][c] });
  input.setAttribute("aria-label", `${panel.title}, row ${r + 1}, column ${c + 1}`);
  const size = Math.max(44, Math.min(grid.cell, 96));
  Object.assign(input.style, { left: `${grid.x + (c + 0.5) * grid.cell - size / 2}px`, top: `${grid.y + (r + 0.5) * grid.cell - 18}px`, width: `${size}px` });
  let open = true;
  const close = (keep, next) => {
    if (!open) return;
    open = false;
    const value = typeof rows()[r][c] === "number" ? typed(input.value) : input.value.trim();
    input.remove();
    if (keep && value !== "" && !Number.isNaN(value) && value !== rows()[r][c]) {
      view.choose({ [panel.edit]: rows().map((row, i) => row.map((each, j) => (i === r && j === c ? value : each))) }, true);
    }
    if (next === undefined) return;
    const place = r * grid.cols + c + next;
    if (next && place >= 0 && place < grid.rows * grid.cols && view.drawn[at] && editable(view, view.drawn[at])) editCell(view, at, Math.floor(place / grid.cols), place % grid.cols);
    else view.canvas.focus();
  };
  input.addEventListener("keydown", (event) => {
    const next = { Enter: 0, Escape: 0, Tab: event.shiftKey ? -1 : 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    close(event.key !== "Escape", next);
  });
  input.addEventListener("blur", () => close(true));
  view.stage.append(input);
  input.select();
}
