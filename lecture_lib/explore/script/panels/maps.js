// What a network sees and says: its input with the field of one unit, every layer as a row of maps, its answer.
import { clamp, number } from "../numbers.js";
import { outline, picture, writeCells } from "../paint.js";

// Tiles of rows × cols numbers in lines of `per`, as large as the box lets them; units of a vector lie without gaps.
function layTiles({ count, rows, cols, per }, box) {
  const gap = rows * cols === 1 ? 0 : 4;
  const lines = Math.ceil(count / per);
  const cell = Math.min((box.w - gap * (per - 1)) / (per * cols), (box.h - gap * (lines - 1)) / (lines * rows));
  const [wide, high] = [cell * cols, cell * rows];
  return { count, rows, cols, per, lines, cell, gap, wide, high, x: box.x, y: box.y,
    tall: lines * (high + gap) - gap, broad: per * (wide + gap) - gap };
}

const tileAt = (tiles, k) => [tiles.x + (k % tiles.per) * (tiles.wide + tiles.gap), tiles.y + Math.floor(k / tiles.per) * (tiles.high + tiles.gap)];

// Each tile in the colours of its role, with numbers where they can be read.
function paintTiles(view, key, tiles, { values, offset = 0, role, limit }) {
  const { ctx } = view;
  ctx.imageSmoothingEnabled = false;
  const size = tiles.rows * tiles.cols;
  const stack = { rows: tiles.count * tiles.rows, cols: tiles.cols, values, offset, role, limit };
  const painted = picture(view, key, stack, { top: 0, left: 0, step: 1, rows: stack.rows, cols: stack.cols });
  for (let k = 0; k < tiles.count; k++) {
    const [x, y] = tileAt(tiles, k);
    ctx.drawImage(painted, 0, k * tiles.rows, tiles.cols, tiles.rows, x, y, tiles.wide, tiles.high);
    if (tiles.cell < 24) continue;
    const part = { top: 0, left: 0, step: 1, rows: tiles.rows, cols: tiles.cols };
    writeCells(view, { x, y, cell: tiles.cell }, { ...stack, offset: offset + k * size }, part, (v) => [number(v)]);
  }
  ctx.strokeStyle = view.ink.line;
  ctx.lineWidth = 1;
  if (tiles.gap) for (let k = 0; k < tiles.count; k++) ctx.strokeRect(...tileAt(tiles, k), tiles.wide, tiles.high);
  else ctx.strokeRect(tiles.x, tiles.y, tiles.broad, tiles.tall);
}

// A frame in tile k, kept inside it; a window may reach into the padding.
function frameInTile(view, tiles, k, [top, left, high, wide]) {
  const [x, y] = tileAt(tiles, k);
  const [r0, c0] = [Math.max(0, top), Math.max(0, left)];
  const [r1, c1] = [Math.min(tiles.rows, top + high), Math.min(tiles.cols, left + wide)];
  outline(view, { x, y, cell: tiles.cell }, r0, c0, r1 - r0, c1 - c0);
}

// The unit that is chosen: its row of maps, and map, row and column in it.
function chosenUnit(panel, where) {
  const [level, r, c] = [panel.layer, panel.row, panel.col].map((name) => where.place(name));
  const row = panel.rows[level];
  const map = Math.min(Math.floor(r / row.rows) * row.per + Math.min(Math.floor(c / row.cols), row.per - 1), row.count - 1);
  return { level, row, map, r: r % row.rows, c: c % row.cols };
}

// The input with what the chosen unit sees of it; below, the unit's weights.
export function drawSeen(view, panel, box, where) {
  const { ctx } = view;
  const [seen, weights, field] = [panel.array, panel.weights, panel.field].map((name) => where.arrays[name]);
  const [, rows, cols] = seen.shape;
  const side = Math.min(box.w, box.h * 0.5);
  const input = layTiles({ count: 1, rows, cols, per: 1 }, { x: box.x + (box.w - side) / 2, y: box.y, w: side, h: side });
  paintTiles(view, panel, input, seen);
  frameInTile(view, input, 0, [...field.values.slice(0, 4)]);
  const unit = chosenUnit(panel, where);
  const top = box.y + side + 16;
  ctx.fillStyle = view.ink.text;
  view.font(16, true);
  const name = `${unit.row.label}${unit.row.count > 1 ? ` [${unit.row.rows > 1 ? `${unit.map}, ${unit.r}, ${unit.c}` : unit.map}]` : ""}`;
  ctx.fillText(`${weights.role === "weight" ? "Weights of" : "What goes into"} ${name}`, box.x + box.w / 2, top, box.w);
  const [count, h, w] = weights.shape;
  const room = { x: box.x, y: top + 16, w: box.w, h: box.y + box.h - top - 16 };
  const across = [...Array(Math.min(count, 60)).keys()].map((i) => layTiles({ count, rows: h, cols: w, per: i + 1 }, room));
  const best = across.reduce((one, other) => (other.cell > one.cell ? other : one));
  const tiles = { ...best, x: box.x + (box.w - best.broad) / 2 };
  paintTiles(view, panel.rows, tiles, weights); // one key for the weights of every unit, and gone with the panel
  return { input };
}

// Every layer as a row of maps, the first layer's filters above; a press or the arrow keys choose a unit.
export function drawMaps(view, panel, box, where) {
  const { ctx } = view;
  const [units, filters, field] = [panel.array, panel.filters, panel.field].map((name) => where.arrays[name]);
  const shown = panel.rows.map((row) => ({ ...row, key: row, source: { ...units, offset: row.offset, limit: row.limit } }));
  if (panel.filters) {
    const [count, rows, cols] = filters.shape;
    shown.unshift({ key: panel, label: "filters", count, rows, cols, per: count, source: filters });
  }
  const labels = 58;
  const needs = shown.map(({ count, per, rows }) => Math.ceil(count / per) * (rows > 1 ? 12 + rows : 7) + 4);
  const unit = (box.h - 7 * shown.length) / needs.reduce((sum, each) => sum + each, 0);
  const laid = shown.map((row, i) => layTiles(row, { x: box.x + labels, y: 0, w: box.w - labels, h: needs[i] * unit }));
  const gap = (box.h - laid.reduce((sum, { tall }) => sum + tall, 0)) / (laid.length - 1); // what is left, between them
  let top = box.y;
  laid.forEach((tiles, i) => {
    tiles.y = top;
    top += tiles.tall + gap;
    paintTiles(view, shown[i].key, tiles, shown[i].source);
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "left";
    view.font(15, true);
    ctx.fillText(shown[i].label, box.x, tiles.y + tiles.tall / 2, labels - 6);
    ctx.textAlign = "center";
  });
  if (panel.filters) laid.shift();
  const chosen = chosenUnit(panel, where);
  frameInTile(view, laid[chosen.level], chosen.map, [chosen.r, chosen.c, 1, 1]);
  if (chosen.level) {
    const [map, ...window] = field.values.slice(4, 9);
    const below = laid[chosen.level - 1];
    if (!below.gap) outline(view, below, 0, 0, below.lines, below.per);
    else for (let k = 0; k < below.count; k++) if (map < 0 || map === k) frameInTile(view, below, k, window);
  }
  const choose = (level, r, c) => view.choose({ [panel.layer]: level, [panel.row]: r, [panel.col]: c });
  const press = (x, y) => {
    for (const [level, tiles] of laid.entries()) {
      const [down, over] = [y - tiles.y, x - tiles.x];
      if (down < 0 || over < 0 || down >= tiles.tall || over >= tiles.broad) continue;
      const [line, tile] = [Math.floor(down / (tiles.high + tiles.gap)), Math.floor(over / (tiles.wide + tiles.gap))];
      const r = Math.floor((down - line * (tiles.high + tiles.gap)) / tiles.cell);
      const c = Math.floor((over - tile * (tiles.wide + tiles.gap)) / tiles.cell);
      if (r >= tiles.rows || c >= tiles.cols || line * tiles.per + tile >= tiles.count) continue; // between two maps
      choose(level, line * tiles.rows + r, tile * tiles.cols + c);
    }
  };
  // Up and down go on into the layer before and after, at the same place from the left.
  const move = (down, over) => {
    const [level, r, c] = [panel.layer, panel.row, panel.col].map((name) => view.where.place(name));
    const tall = (tiles) => tiles.lines * tiles.rows;
    const wide = (tiles) => tiles.per * tiles.cols;
    const next = r + down < 0 ? level - 1 : r + down >= tall(laid[level]) ? level + 1 : level;
    if (!laid[next]) return;
    if (next === level) return choose(level, r + down, clamp(c + over, wide(laid[level])));
    const [from, to] = [laid[level], laid[next]];
    const at = Math.floor(((c + 0.5) * wide(to)) / wide(from));
    choose(next, next < level ? tall(to) - 1 : 0, clamp(at, wide(to)));
  };
  return { press, move, laid };
}

// How likely each class is, as bars with the digits' names; arrow and letters mark the winner, ✓ what a test digit is.
export function drawVerdict(view, panel, box, where) {
  const { ctx } = view;
  const { values } = where.arrays[panel.array];
  const right = where.arrays[panel.marked].values[0];
  const top = values.some((each) => each > 0) ? values.indexOf(Math.max(...values)) : -1;
  const high = Math.min(44, box.h / values.length);
  const [names, share] = [Math.min(80, box.w * 0.4), 66];
  values.forEach((each, i) => {
    const y = box.y + (i + 0.5) * high;
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "left";
    view.font(16, i === top);
    ctx.fillText(`${i} ${panel.names[i]}${i === right ? " ✓" : ""}`, box.x, y, names - 4);
    ctx.fillStyle = view.ink.faint;
    ctx.fillRect(box.x + names, y - high * 0.3, box.w - names - share, high * 0.6);
    ctx.fillStyle = i === right ? view.series[2] : i === top ? view.ink.mark : view.series[0];
    ctx.fillRect(box.x + names, y - high * 0.3, (box.w - names - share) * each, high * 0.6);
    if (top < 0 || each < 0.005) return;
    ctx.fillStyle = view.ink.text;
    ctx.textAlign = "right";
    ctx.fillText(`${i === top ? "◀ " : ""}${(100 * each).toFixed(0)} %`, box.x + box.w, y, share - 4);
  });
  ctx.textAlign = "center";
  return { top };
}
