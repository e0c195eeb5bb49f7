// The start page's picture: draw a digit, and LeNet-5 reads it, with the weights that the lecture trained. The maps and numbers are
// computed here, as `lecture_lib` computes them; a test holds one against the other. A wire is drawn where a product was computed.
"use strict";

{
  const [SIDE, PAD, PEN, WELL, BOX, CENTRE, SMALLEST] = [28, 280, 20, 160, 20, 14, 280 / 6]; // as in lecture_lib/data/drawings.py
  const figure = document.querySelector(".hero-net");
  const [net, pad] = figure.querySelectorAll("canvas");
  const said = figure.querySelector("[role=status]");
  let weights, digits, shapes, strokes = [], shown = 0, passed;

  // ---------------------------------------------------------------- the network

  const floats = (bytes, from, count) => { // all first bytes come first, see state.py
    const out = new Uint8Array(4 * count);
    for (let byte = 0; byte < 4; byte++) for (let i = 0; i < count; i++) out[4 * i + byte] = bytes[from + byte * count + i];
    return new Float32Array(out.buffer);
  };

  // x: channels of side × side; gives filters of (side + 2·padding − 4)², behind ReLU.
  function conv(x, channels, side, weight, bias, padding) {
    const out = side + 2 * padding - 4;
    const made = new Float32Array(bias.length * out * out);
    for (let f = 0, at = 0; f < bias.length; f++) for (let row = 0; row < out; row++) for (let col = 0; col < out; col++, at++) {
      let sum = bias[f];
      for (let c = 0; c < channels; c++) for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) {
        const [r, s] = [row + i - padding, col + j - padding];
        if (r >= 0 && r < side && s >= 0 && s < side) sum += x[(c * side + r) * side + s] * weight[((f * channels + c) * 5 + i) * 5 + j];
      }
      made[at] = Math.max(0, sum);
    }
    return made;
  }

  function pool(x, channels, side) {
    const half = side / 2;
    return Float32Array.from({ length: channels * half * half }, (_, at) => {
      const from = 2 * (Math.floor(at / half) * side + (at % half));
      return Math.max(x[from], x[from + 1], x[from + side], x[from + side + 1]);
    });
  }

  const linear = (x, weight, bias) => Float32Array.from(bias, (b, unit) => x.reduce((sum, value, i) => sum + value * weight[unit * x.length + i], b));
  const relu = (x) => x.map((value) => Math.max(0, value));

  function forward(digit) {
    const [w1, b1, w3, b3, w5, b5, w6, b6, w7, b7] = weights;
    const c1 = conv(Float32Array.from(digit, (value) => (value * (1.175 + 0.1)) / 255 - 0.1), 1, SIDE, w1, b1, 2);
    const s2 = pool(c1, 6, SIDE);
    const c3 = conv(s2, 6, 14, w3, b3, 0);
    const s4 = pool(c3, 16, 10);
    const f5 = relu(linear(s4, w5, b5));
    const f6 = relu(linear(f5, w6, b6));
    const scores = linear(f6, w7, b7);
    const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
    const all = powers.reduce((sum, each) => sum + each, 0);
    return { digit, c1, s2, c3, s4, f5, f6, chances: [...powers].map((each) => each / all) };
  }

  // ---------------------------------------------------------------- from a drawing to a digit as MNIST has them

  function paint(ctx, lines, scale = 1, [left, top] = [0, 0], margin = 0) {
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = "#000";
    ctx.fillRect(0, 0, PAD, PAD);
    Object.assign(ctx, { strokeStyle: "#fff", lineWidth: PEN, lineCap: "round", lineJoin: "round" });
    for (const line of lines) {
      const points = line.map(([x, y]) => [(x - left) * scale + margin, (y - top) * scale + margin]);
      ctx.beginPath();
      ctx.moveTo(points[0][0], points[0][1] + 0.01); // a dot needs some length
      for (const [x, y] of points) ctx.lineTo(x, y);
      ctx.stroke();
    }
  }

  // The mean of what each of `after` pixels covers of `before`: shares by row.
  const shares = (before, after) => Array.from({ length: after }, (_, at) => Array.from({ length: before }, (_, from) =>
    Math.max(0, Math.min((at + 1) * before / after, from + 1) - Math.max(at * before / after, from)) * after / before));

  function asDigit(lines) {
    const points = lines.flat();
    const [left, top] = [0, 1].map((axis) => Math.min(...points.map((each) => each[axis])));
    const long = Math.max(...[0, 1].map((axis, at) => Math.max(...points.map((each) => each[axis])) - [left, top][at]));
    if (long + PEN < SMALLEST) return null;
    const ctx = new OffscreenCanvas(PAD, PAD).getContext("2d", { willReadFrequently: true });
    paint(ctx, lines, (WELL - PEN) / long, [left, top], (PAD - WELL + PEN) / 2);
    const pixels = ctx.getImageData(0, 0, PAD, PAD).data;
    const ink = (row, col) => pixels[4 * (row * PAD + col)];
    const range = [...Array(PAD).keys()];
    const rows = range.filter((row) => range.some((col) => ink(row, col) > 127));
    const cols = range.filter((col) => range.some((row) => ink(row, col) > 127));
    const [high, wide] = [rows, cols].map((each) => Math.max(1, Math.round(each.length * BOX / Math.max(rows.length, cols.length))));
    const [down, across] = [shares(rows.length, high), shares(cols.length, wide)];
    const part = down.map((weight) => across.map((other) => rows.reduce((sum, row, i) => weight[i] ? sum + weight[i] * cols.reduce((s, col, j) => other[j] ? s + other[j] * ink(row, col) : s, 0) : sum, 0)));
    const mass = part.flat().reduce((sum, each) => sum + each, 0);
    const middle = (of) => part.flatMap((line, row) => line.map((each, col) => each * of(row, col))).reduce((sum, each) => sum + each, 0) / mass;
    const [y, x] = [Math.round(CENTRE - middle((row) => row)), Math.round(CENTRE - middle((_, col) => col))];
    const digit = new Uint8Array(SIDE * SIDE);
    part.forEach((line, row) => line.forEach((each, col) => {
      if (row + y >= 0 && row + y < SIDE && col + x >= 0 && col + x < SIDE) digit[(row + y) * SIDE + col + x] = Math.round(each);
    }));
    return digit;
  }

  // ---------------------------------------------------------------- the picture

  const inks = (name) => getComputedStyle(figure).getPropertyValue(`--lecture-${name}`).trim();

  // Values of rows × cols as squares of a whole number of pixels, the largest white.
  function map(ctx, values, cols, x, y, size, most) {
    const rows = values.length / cols;
    const image = new ImageData(cols, rows);
    values.forEach((value, at) => image.data.set([...Array(3).fill(most ? 255 * value / most : 0), 255], 4 * at));
    const small = new OffscreenCanvas(cols, rows);
    small.getContext("2d").putImageData(image, 0, 0);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(small, x, y, size, size * rows / cols);
    ctx.strokeStyle = inks("line");
    ctx.lineWidth = 1;
    ctx.strokeRect(x - 0.5, y - 0.5, size + 1, size * rows / cols + 1);
  }

  // The strongest of these products as Bézier curves that leave and arrive level: [product, from, to].
  function wires(ctx, products, count) {
    const lit = products.filter(([value]) => value).sort(([a], [b]) => Math.abs(b) - Math.abs(a)).slice(0, count);
    const most = Math.abs(lit[0]?.[0] ?? 1);
    for (const [value, [x0, y0], [x1, y1]] of lit.reverse()) {
      const share = Math.abs(value) / most;
      if (share < 0.03) continue;
      ctx.strokeStyle = inks(value > 0 ? "adds" : "takes");
      ctx.globalAlpha = 0.35 + 0.65 * share;
      ctx.lineWidth = 0.7 + 2.6 * share;
      ctx.beginPath();
      ctx.moveTo(x0, y0);
      ctx.bezierCurveTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1);
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }

  // What one layer's outputs `x` add to a unit of the next.
  const sums = (x, weight, unit, from, count) => {
    let sum = 0;
    for (let i = from; i < from + count; i++) sum += x[i] * weight[unit * x.length + i];
    return sum;
  };

  const share = (percent) => `${percent > 99 ? Math.floor(10 * percent) / 10 : Math.round(percent)} %`; // what is not sure is not said to be

  function draw() {
    const { width, height } = net.getBoundingClientRect();
    if (!width) return; // on paper
    const ratio = devicePixelRatio || 1;
    [net.width, net.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const ctx = net.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    const side = pad.getBoundingClientRect().width;
    const narrow = width < 560;
    const start = side + 4;
    const at = (share) => Math.round(start + share * (width - start - (narrow ? 104 : 110)));
    const row = (n, of, size) => Math.round(8 + (n + 0.5) * (height - 16) / of - size / 2);
    const [m1, m3] = narrow ? [28, 20] : [56, 40];
    const columns = narrow ? { c1: at(0.08), c3: at(0.36), f5: at(0.74), f6: at(0.9), out: at(1) } : { c1: at(0.2), c3: at(0.45), f5: at(0.7), f6: at(0.86), out: at(1) };
    const C1 = (n) => [columns.c1, row(n, 6, m1)];
    const C3 = (n) => [columns.c3 + (n % 2) * (m3 + (narrow ? 4 : 8)), row(Math.floor(n / 2), 8, m3)];
    const cell = narrow ? 5 : Math.floor((height - 16) / 42);
    const column = (x, n, of, count) => [x + (n % of) * cell, Math.round((height - cell * Math.ceil(count / of)) / 2) + Math.floor(n / of) * cell];
    const F5 = (n) => column(columns.f5, n, 3, 120);
    const F6 = (n) => column(columns.f6, n, 2, 84);
    const OUT = (n) => [columns.out + 8, 8 + (n + 0.5) * (height - 16) / 10];
    const best = passed ? passed.chances.indexOf(Math.max(...passed.chances)) : -1;
    if (passed) {
      const { c1, s2, s4, f5, f6 } = passed;
      const [, , w3, , w5, , w6, , w7] = weights;
      const right = ([x, y], size) => [x + size, y + size / 2];
      const left = ([x, y], size) => [x, y + size / 2];
      const each = (count) => [...Array(count).keys()];
      const ink = each(6).map((n) => c1.slice(n * 784, (n + 1) * 784).reduce((sum, value) => sum + value, 0));
      wires(ctx, each(6).map((n) => [ink[n], [side, height / 2], left(C1(n), m1)]), 6);
      const used = each(16).flatMap((to) => each(6).map((from) => { // a map's share in all that another one gets
        let sum = 0;
        for (let r = 0; r < 10; r++) for (let c = 0; c < 10; c++) for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) sum += s2[(from * 14 + r + i) * 14 + c + j] * w3[((to * 6 + from) * 5 + i) * 5 + j];
        return [sum, right(C1(from), m1), left(C3(to), m3)];
      }));
      wires(ctx, used, 60);
      wires(ctx, each(120).flatMap((to) => (f5[to] ? each(16).map((from) => [sums(s4, w5, to, 25 * from, 25), right(C3(from), m3), left(F5(to), cell)]) : [])), 90);
      wires(ctx, each(84).flatMap((to) => (f6[to] ? each(120).map((from) => [f5[from] * w6[to * 120 + from], right(F5(from), cell), left(F6(to), cell)]) : [])), 90);
      wires(ctx, each(10).flatMap((to) => each(84).map((from) => [f6[from] * w7[to * 84 + from], right(F6(from), cell), OUT(to)])), 90);
    }
    const layer = (values, count, cols, place, size) => {
      const each = values ? values.length / count : cols * cols;
      const most = values ? Math.max(...values) : 0;
      for (let n = 0; n < count; n++) map(ctx, values ? values.slice(n * each, (n + 1) * each) : new Float32Array(each), cols, ...place(n), size, most);
    };
    layer(passed?.c1, 6, 28, C1, m1);
    layer(passed?.c3, 16, 10, C3, m3);
    layer(passed?.f5, 120, 1, F5, cell);
    layer(passed?.f6, 84, 1, F6, cell);
    ctx.textBaseline = "middle";
    for (let n = 0; n < 10; n++) {
      const [x, y] = OUT(n);
      ctx.font = `${n === best ? "700 30px" : "18px"} ${getComputedStyle(figure).fontFamily}`;
      ctx.fillStyle = inks(n === best ? "text" : "muted");
      ctx.fillText(String(n), x + 8, y);
      const percent = passed ? 100 * passed.chances[n] : 0;
      ctx.font = `${n === best ? "700 18px" : "15px"} ${getComputedStyle(figure).fontFamily}`;
      ctx.fillStyle = inks(n === best ? "bright" : "muted");
      if (percent >= 0.5) ctx.fillText(share(percent), x + 34, y);
    }
    const words = passed ? `The network says ${best}, with ${share(100 * passed.chances[best])}.` : "Draw a digit.";
    if (said.textContent !== words) said.textContent = words;
  }

  function drawPad() {
    const ctx = pad.getContext("2d");
    if (strokes.length) return paint(ctx, strokes);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = "#000";
    ctx.fillRect(0, 0, PAD, PAD);
    if (passed) return map(ctx, passed.digit, SIDE, 0, 0, PAD, 255);
    Object.assign(ctx, { fillStyle: inks("muted"), font: `24px ${getComputedStyle(figure).fontFamily}`, textAlign: "center" });
    ctx.fillText("Draw a digit here", PAD / 2, PAD / 2);
  }

  let waits = false;
  function show(digit) {
    passed = digit && forward(digit);
    drawPad();
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => (waits = false, draw()));
  }

  // ---------------------------------------------------------------- the pen

  const place = ({ clientX, clientY }) => {
    const { left, top, width } = pad.getBoundingClientRect();
    return [(clientX - left) * PAD / width, (clientY - top) * PAD / width];
  };
  let drawing = false;
  pad.addEventListener("pointerdown", (event) => {
    if (!weights || event.button) return;
    pad.setPointerCapture(event.pointerId);
    drawing = true;
    strokes.push([place(event)]);
    show(asDigit(strokes));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    strokes.at(-1).push(...(event.getCoalescedEvents?.() ?? [event]).map(place));
    show(asDigit(strokes));
  });
  for (const type of ["pointerup", "pointercancel"]) pad.addEventListener(type, () => (drawing = false));

  const clear = () => ((strokes = []), show(null));
  const next = () => {
    strokes = [];
    show(digits[shown++ % digits.length]);
  };
  document.querySelector(".hero .clear").addEventListener("click", clear);
  document.querySelector(".hero .next").addEventListener("click", () => weights && next());
  new ResizeObserver(draw).observe(net);

  window.lectureDigits = async (length, text, made) => {
    const bytes = await lectureExplorers.inflate(length, text);
    let at = 0;
    shapes = made;
    weights = shapes.map((shape) => {
      const count = shape.reduce((product, each) => product * each, 1);
      const found = floats(bytes, at, count);
      at += 4 * count;
      return found;
    });
    digits = [];
    for (; at < bytes.length; at += SIDE * SIDE) digits.push(bytes.slice(at, at + SIDE * SIDE));
    figure.read = (digit) => forward(digit).chances; // for tests
    next();
  };
}
