// Slides: one press is one slide, one part of it, or one state of an explorer on it. What else a lecturer does stands in the
// files beside this one; they add to `lectureDeck` and tell it their keys.
"use strict";

{
  const slides = [...document.querySelectorAll("main > .slide")];
  const place = document.querySelector(".place");
  const KEPT = `lecture-deck ${location.pathname}`;

  // at: the slide, from 0; shown: how many of its stops are behind us; short: whether slides that are marked as cut are left out.
  const deck = { slides, at: -1, shown: 0, presenter: new URLSearchParams(location.search).has("presenter") };
  window.lectureDeck = deck;

  // ---------------------------------------------------------------- what a reload finds

  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
    } catch {
      return {}; // a browser may keep nothing for files
    }
  };
  deck.kept = (name) => (name ? read()[name] : read());
  deck.keep = (name, value) => {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ ...read(), [name]: value }));
    } catch {} // then it lasts as long as the page
    dispatchEvent(new Event("lecture-kept"));
  };
  deck.short = deck.kept("short") ?? false;

  // ---------------------------------------------------------------- a slide

  // What the presses of a slide do, in the order of the page: each shows a part, or takes an explorer to its next state.
  const stopsOf = (slide) => [...slide.querySelectorAll(".part.fragment, [data-presses]")].flatMap((each) => Array(Number(each.dataset.presses ?? 1)).fill(each));
  const behind = (explorer) => stopsOf(slides[deck.at]).slice(0, deck.shown).filter((each) => each === explorer).length;
  function tell(explorer, how) {
    const at = behind(explorer);
    explorer.classList.toggle("veiled", at < Number(explorer.dataset.hides ?? 0)); // a picture of it would show the answer
    explorer.querySelector(".lecture")?.dispatchEvent(new CustomEvent("lecture-presses", { detail: { at, how } }));
  }
  const show = (slide, shown) => stopsOf(slide).forEach((each, i) => each.classList.toggle("later", i >= shown && each.matches(".fragment")));

  const titles = slides.map((slide) => (slide.querySelector("h1, h2, h3") ?? slide.querySelector("p, li, pre"))?.textContent.trim().split("\n")[0].slice(0, 90) ?? "");
  const slugs = titles.map((title) => (title.toLowerCase().match(/[a-z0-9]+/g) ?? []).join("-"));

  // As large as fits; where even the smallest type is too much, the whole slide gets smaller: nothing is cut off.
  function fit(slide, scale) {
    const parts = [...slide.querySelectorAll(".part")];
    for (const shrink of [1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5]) {
      slide.style.setProperty("--shrink", shrink);
      slide.dataset.shrink = shrink;
      const fits = lectureFit.fit([slide], parts, { room: lectureFit.HIGH / shrink - 56, zoomed: scale * shrink });
      slide.classList.toggle("too-long", !fits);
      if (fits) return;
    }
  }

  function fitHere(scale = lectureFit.scale()) {
    document.body.style.setProperty("--slide-scale", scale);
    fit(slides[deck.at], scale);
  }

  let waiting = null;
  function fitSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(fitHere, 80);
  }
  const resized = new ResizeObserver(fitSoon); // an explorer that draws itself, an answer that is opened

  let coming = new Set(); // numbers of the explorers that had not come yet when their slide was entered
  const explorersOf = (slide) => [...slide.querySelectorAll(".explorer")];

  // An explorer has come: to where its slide stands, as if nobody had moved it if it was awaited, else as far as no hand has.
  function come({ target }) {
    const number = deck.at < 0 ? -1 : explorersOf(slides[deck.at]).indexOf(target);
    if (number >= 0) tell(target, coming.delete(number) ? "whole" : "taken up");
  }

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
    document.body.style.setProperty("--slide-scale", 1);
    for (const slide of slides) {
      slide.classList.add("here");
      fit(slide, 1);
      slide.classList.toggle("here", slide === slides[deck.at]);
    }
  });
  addEventListener("afterprint", () => fitHere());

  // ---------------------------------------------------------------- from slide to slide

  // Show slide `next` with `shown` of its stops behind us.
  function go(next, shown = 0) {
    next = Math.max(0, Math.min(slides.length - 1, next));
    const how = deck.at === next ? "press" : deck.at < 0 ? "taken up" : "whole";
    const slide = slides[next];
    if (next !== deck.at) {
      slides[deck.at]?.classList.remove("here");
      slide.classList.add("here");
      deck.at = next;
      coming = new Set(how === "whole" ? explorersOf(slide).flatMap((each, number) => (each.querySelector(".lecture") ? [] : [number])) : []);
      slide.dataset.ready = "";
      prepare(slide).then(painted).then(() => {
        if (slide === slides[deck.at]) fitHere();
        slide.dataset.ready = "yes"; // for tests
        if (slides[next + 1]) prepare(slides[next + 1]);
      });
      fitHere();
      resized.disconnect();
      for (const part of slide.querySelectorAll(".part")) resized.observe(part);
      if (document.activeElement?.closest(".slide")) document.activeElement.blur();
    }
    deck.shown = Math.min(shown, stopsOf(slide).length);
    show(slide, deck.shown);
    for (const explorer of slide.querySelectorAll("[data-presses]")) tell(explorer, how);
    history.replaceState(null, "", `${location.search}#${next + 1}`);
    say();
  }

  function say() {
    place.textContent = `${deck.at + 1} / ${slides.length}${deck.short ? " · short" : ""}`;
    dispatchEvent(new CustomEvent("lecture-slide", { detail: { at: deck.at, shown: deck.shown } }));
  }

  // Where a press of "next" (1) or "back" (-1) leads: a slide and how many of its stops are behind us; nothing beyond the ends.
  function after(by) {
    const { at, shown } = deck;
    if (by > 0 && shown < stopsOf(slides[at]).length) return [at, shown + 1];
    if (by < 0 && shown > 0) return [at, shown - 1];
    let next = at + by;
    while (deck.short && slides[next]?.dataset.cut) next += by;
    return slides[next] && [next, by < 0 ? Infinity : 0];
  }

  const step = (by) => {
    const next = after(by);
    if (next) go(...next);
  };

  function shorten() {
    deck.short = !deck.short;
    deck.keep("short", deck.short);
    say();
  }

  // The slide that an address names: by its number, or by words of its title.
  function named() {
    const name = decodeURIComponent(location.hash.slice(1)).toLowerCase();
    if (!name || /^\d+$/.test(name)) return Number(name || 1) - 1;
    const found = [slugs.indexOf(name), slugs.findIndex((slug) => slug.includes(name))].find((at) => at >= 0);
    return found ?? Math.max(0, deck.at);
  }

  // ---------------------------------------------------------------- start

  Object.assign(deck, { titles, stopsOf, go, step, after, show, fit, prepare, shorten });
  if (!deck.presenter) {
    addEventListener("lecture-ready", come);
    addEventListener("resize", fitSoon);
    addEventListener("hashchange", () => go(named()));
    document.querySelector(".back").addEventListener("click", () => step(-1));
    document.querySelector(".on").addEventListener("click", () => step(1));
    document.fonts.ready.then(fitSoon);
    go(named());
  }
}
