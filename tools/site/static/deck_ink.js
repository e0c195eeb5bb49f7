// A pen on the slides, and a dot that points. Ink belongs to its slide, on 1280 × 720 whatever the window is.
"use strict";

{
  const deck = lectureDeck;
  const WIDTH = 4; // px of 1280
  let ink; // slide → strokes, each a list of [x, y]
  const canvas = Object.assign(document.createElement("canvas"), { className: "ink" });
  const dot = Object.assign(document.createElement("div"), { className: "dot", hidden: true });
  document.body.append(canvas, dot);
  const main = document.querySelector("main");
  const ctx = canvas.getContext("2d");
  let stroke = null;

  const frame = () => {
    const scale = lectureFit.scale();
    const { left, top, width, height } = main.getBoundingClientRect(); // the slide stands in its middle
    return { scale, left: left + (width - scale * lectureFit.WIDE) / 2, top: top + (height - scale * lectureFit.HIGH) / 2 };
  };

  function paint() {
    const { scale, left, top } = frame();
    const ratio = devicePixelRatio || 1;
    Object.assign(canvas, { width: innerWidth * ratio, height: innerHeight * ratio });
    ctx.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top);
    Object.assign(ctx, { strokeStyle: getComputedStyle(document.body).getPropertyValue("--lecture-you"), lineWidth: WIDTH, lineCap: "round", lineJoin: "round" });
    for (const points of ink[deck.at] ?? []) draw(points);
  }

  // Through the middles between points, so that a quick hand makes no corners.
  function draw(points) {
    ctx.beginPath();
    ctx.moveTo(...points[0]);
    for (let i = 1; i < points.length - 1; i++) {
      const [[x, y], [u, v]] = [points[i], points[i + 1]];
      ctx.quadraticCurveTo(x, y, (x + u) / 2, (y + v) / 2);
    }
    ctx.lineTo(...points.at(-1));
    ctx.stroke();
  }

  const at = ({ clientX, clientY }) => {
    const { scale, left, top } = frame();
    return [(clientX - left) / scale, (clientY - top) / scale].map((each) => Math.round(each * 10) / 10);
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke = [at(event)];
    (ink[deck.at] ??= []).push(stroke);
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    stroke.push(...(event.getCoalescedEvents?.() ?? [event]).map(at));
    paint();
  });
  for (const each of ["pointerup", "pointercancel"]) canvas.addEventListener(each, () => {
    stroke = null;
    deck.keep("ink", ink);
  });

  const point = ({ clientX, clientY }) => Object.assign(dot.style, { left: `${clientX}px`, top: `${clientY}px` });
  addEventListener("pointermove", point, { capture: true, passive: true });

  function use(tool) {
    const { classList } = document.body;
    const on = !classList.contains(tool);
    classList.remove("pen", "pointer");
    classList.toggle(tool, on);
    dot.hidden = !classList.contains("pointer");
  }

  function wipe() {
    if (document.activeElement?.closest(".lecture canvas")) return false; // it walks by w
    delete ink[deck.at];
    deck.keep("ink", ink);
    paint();
  }

  addEventListener("lecture-slide", paint);
  addEventListener("resize", paint);
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  deck.key(["p"], "p", "pen, and back; what is drawn stays with its slide", () => use("pen"));
  deck.key(["w"], "w", "wipe this slide", wipe);
  deck.key(["l"], "l", "pointer, and back", () => use("pointer"));
  const read = () => {
    ink = deck.kept("ink") ?? {};
    paint();
  };
  addEventListener("lecture-inherit", read); // a tab that takes the place of one that has crashed
  read();
}
