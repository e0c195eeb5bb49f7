// A deck tells its presenter window where it stands, with this slide and what the next press leads to as pictures, and does
// what that window asks. Nothing is copied until such a window has said that it is there. A deck on stage tells it to a tablet,
// too: `lectureDeck.far` sends to it, and what it asks comes to `lectureDeck.asked`.
"use strict";

if (!lectureDeck.presenter) {
  const deck = lectureDeck;
  const SETTLED = 250; // ms after which a slide is copied
  const channel = new BroadcastChannel(`lecture ${location.pathname}`);
  let watched = false;
  let timer;
  const began = () => (deck.began = deck.kept("began")); // when the lecture's clock stood at 0, as Date.now() counts

  function say(what) {
    channel.postMessage(what);
    deck.far?.(what);
  }

  // What the next press changes in an explorer, in words: its picture does not show it before the press.
  function sets() {
    const [stops, { shown }] = [deck.stopsOf(deck.slides[deck.at]), deck];
    const detail = { at: stops.slice(0, shown + 1).filter((each) => each === stops[shown]).length, words: "" };
    if (stops[shown]?.dataset.presses) stops[shown].querySelector(".lecture")?.dispatchEvent(new CustomEvent("lecture-sets", { detail }));
    return detail.words;
  }

  function tell() {
    const { at, shown, short, began, goal } = deck;
    say({ at, shown, short, began, goal, now: Date.now(), next: deck.after(1), sets: sets(), theme: document.documentElement.dataset.theme });
    clearTimeout(timer);
    if (watched) timer = setTimeout(picture, SETTLED);
  }

  const copyOf = ([at, shown]) => ({ html: deck.copyOf(deck.slides[at], shown, true).outerHTML, fits: deck.slides[at].dataset.ready === "yes" });

  function picture() {
    const next = deck.after(1);
    say({ pictures: [copyOf([deck.at, deck.shown]), next && copyOf(next)] });
  }

  // The clock shows `seconds` now.
  function setClock(seconds) {
    deck.began = Date.now() - seconds * 1000;
    deck.keep("began", deck.began);
    tell();
  }

  const acts = { hello: () => (watched = true, tell()), step: (by) => deck.light() || deck.step(by), go: (to) => deck.go(to), press: (name) => deck.press(name), goal: deck.setGoal, clock: setClock, tablet: (ends) => deck.tablet?.(ends, (places) => channel.postMessage({ tablet: places })) };
  deck.asked = (what) => {
    for (const [name, value] of Object.entries(what)) acts[name]?.(value);
  };
  channel.addEventListener("message", ({ data }) => deck.asked(data));

  let last = deck.at;
  addEventListener("lecture-slide", ({ detail: { at } }) => {
    if (!deck.began && last === 0 && at === 1) setClock(deck.starts()[1]); // the lecture begins with its second slide
    last = at;
    tell();
  });
  for (const each of ["lecture-ready", "lecture-goal", "lecture-votes", "pointerup", "keyup", "change"]) addEventListener(each, () => watched && tell(), true);
  new MutationObserver(tell).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  addEventListener("lecture-inherit", () => (began(), tell())); // a tab that takes the place of one that has crashed
  deck.key(["n"], "n", "presenter window: notes, next slide, clock", () => void open(`${location.pathname}?presenter`, "lecture-presenter", "width=1280,height=720"));
  document.querySelector(".speak").addEventListener("click", () => deck.press("n"));
  began();
  say({ begun: true });
  tell();
}
