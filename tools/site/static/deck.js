// Slides: one press is one slide, one part of it, or one state of an explorer on it; speaker notes open in a window of their own.
"use strict";

{
  const slides = [...document.querySelectorAll(".slide")];
  const BUSY = "input, select, textarea, [contenteditable=true], .lecture canvas";
  const BY = { PageDown: 1, ArrowRight: 1, ArrowDown: 1, " ": 1, PageUp: -1, ArrowLeft: -1, ArrowUp: -1 };
  const place = document.querySelector(".place");
  let [at, shown] = [-1, 0]; // the slide, and how many of its stops are behind us
  let notes = null;
  let began = null;

  // What the presses of a slide do, in the order of the page: each shows a part, or takes an explorer to its next state.
  const stopsOf = (slide) => [...slide.querySelectorAll(".part.fragment, [data-presses]")].flatMap((each) => Array(Number(each.dataset.presses ?? 1)).fill(each));
  const behind = (place) => stopsOf(slides[at]).slice(0, shown).filter((each) => each === place).length;
  const tell = (place, how) => place.querySelector(".lecture")?.dispatchEvent(new CustomEvent("lecture-presses", { detail: { at: behind(place), how } }));
  const first = (slide) => slide.querySelector("h1, h2, h3, p, li, pre")?.textContent.split("\n")[0].slice(0, 90) ?? "";
  const title = (from) => slides.slice(0, from + 1).findLast((each) => each.querySelector("h1, h2, h3"))?.querySelector("h1, h2, h3").textContent ?? "";

  // As large as fits; where even the smallest type is too much, the whole slide gets smaller: nothing is cut off.
  function fit(slide = slides[at], scale = lectureFit.scale()) {
    document.body.style.setProperty("--slide-scale", scale);
    const parts = [...slide.querySelectorAll(".part")];
    for (const shrink of [1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5]) {
      slide.style.setProperty("--shrink", shrink);
      slide.dataset.shrink = shrink;
      const fits = lectureFit.fit([slide], parts, { room: lectureFit.HIGH / shrink - 56, zoomed: scale * shrink });
      slide.classList.toggle("too-long", !fits);
      if (fits) return;
    }
  }

  let waiting = null;
  function fitSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(() => fit(), 80);
  }
  const resized = new ResizeObserver(fitSoon); // an explorer that draws itself, an answer that is opened

  const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

  // Pictures and explorers of a slide; the next one's are made ready while this one is shown.
  function prepare(slide) {
    const pictures = [...slide.querySelectorAll("img:not(.paper *)")].map((each) => {
      each.loading = "eager";
      return each.decode().catch(() => null);
    });
    return Promise.all([...pictures, ...[...slide.querySelectorAll("[data-explorer]")].map(lectureExplorers.show)]);
  }

  // On paper all slides are shown, and of each explorer its still picture.
  for (const each of document.querySelectorAll("[data-explorer]")) {
    each.append(Object.assign(document.createElement("div"), { className: "paper", innerHTML: each.querySelector("noscript").textContent }));
  }
  addEventListener("beforeprint", () => {
    for (const slide of slides) {
      slide.classList.add("here");
      fit(slide, 1);
      slide.classList.toggle("here", slide === slides[at]);
    }
  });
  addEventListener("afterprint", () => fit());

  // Show slide `next` with `parts` of its stops behind us.
  function go(next, parts = 0) {
    next = Math.max(0, Math.min(slides.length - 1, next));
    const how = at === next ? "press" : at < 0 ? "taken up" : "whole";
    if (next !== at) {
      slides[at]?.classList.remove("here");
      slides[next].classList.add("here");
      at = next;
      const slide = slides[at];
      slide.dataset.ready = "";
      prepare(slide).then(painted).then(() => {
        if (slide === slides[at]) fit();
        slide.dataset.ready = "yes"; // for tests
        if (slides[next + 1]) prepare(slides[next + 1]);
      });
      fit();
      resized.disconnect();
      for (const part of slide.querySelectorAll(".part")) resized.observe(part);
      if (document.activeElement?.closest(".slide")) document.activeElement.blur();
    }
    const stops = stopsOf(slides[at]);
    shown = Math.min(parts, stops.length);
    stops.forEach((each, i) => each.classList.toggle("later", i >= shown && each.matches(".fragment")));
    for (const place of slides[at].querySelectorAll("[data-presses]")) tell(place, how);
    place.textContent = `${at + 1} / ${slides.length}`;
    history.replaceState(null, "", `#${at + 1}`);
    say();
    dispatchEvent(new CustomEvent("lecture-slide", { detail: { at, shown } }));
  }

  function step(by) {
    if (by > 0 && shown < stopsOf(slides[at]).length) return go(at, shown + 1);
    if (by < 0 && shown > 0) return go(at, shown - 1);
    const next = at + by;
    if (slides[next]) go(next, by < 0 ? Infinity : 0);
  }

  // A remote sends PageUp and PageDown: they always step. Other keys step unless something has them that needs them.
  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.(BUSY) && !event.key.startsWith("Page")) return;
    if (event.key === " " && event.target.closest?.("summary, button, a")) return; // it presses them
    const by = event.key === " " && event.shiftKey ? -1 : BY[event.key];
    if (by && (!event.shiftKey || event.key === " ")) step(by);
    else if (event.key === "Home" || event.key === "End") go(event.key === "Home" ? 0 : slides.length - 1);
    else if (event.key === "n") openNotes();
    else if (event.key === "f") document.documentElement.requestFullscreen?.();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // ---------------------------------------------------------------- speaker notes

  function openNotes() {
    notes = window.open("", "lecture-notes", "width=760,height=820");
    if (!notes) return;
    began ??= Date.now();
    notes.document.documentElement.lang = "en";
    notes.document.title = "Speaker notes";
    notes.document.head.innerHTML = `<style>${LOOK}</style>`;
    notes.addEventListener("keydown", key);
    say();
  }

  function say() {
    if (!notes || notes.closed) return;
    const page = notes.document;
    const lines = [["h1", `${at + 1} / ${slides.length}`], ["p", title(at)], ["div", ""], ["h2", "Next"],
      ["p", at + 1 < slides.length ? first(slides[at + 1]) : "the end"], ["p", `${Math.floor((Date.now() - began) / 60_000)} min`]];
    page.body.replaceChildren(...lines.map(([tag, words]) => Object.assign(page.createElement(tag), { textContent: words })));
    const here = slides[at].querySelector(".notes");
    page.querySelector("div").innerHTML = here?.innerHTML ?? "<p>–</p>";
  }

  const LOOK = `:root { color-scheme: light dark; } body { font: 20px/1.45 system-ui, sans-serif; margin: 24px; max-width: 46em; }
    h1 { font-size: 22px; } h2 { font-size: 17px; margin: 1.4em 0 0; }`;

  // ---------------------------------------------------------------- start

  addEventListener("keydown", key, true);
  addEventListener("lecture-ready", ({ target }) => slides[at].contains(target) && tell(target, "taken up"));
  addEventListener("resize", fitSoon);
  addEventListener("hashchange", () => go(Number(location.hash.slice(1)) - 1 || 0));
  document.querySelector(".back").addEventListener("click", () => step(-1));
  document.querySelector(".on").addEventListener("click", () => step(1));
  document.querySelector(".speak").addEventListener("click", openNotes);
  document.fonts.ready.then(fitSoon);
  go(Number(location.hash.slice(1)) - 1 || 0);
  window.lectureDeck = { step, go, slides, prepare };
}
