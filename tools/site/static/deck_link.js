// A deck tells its presenter window where it stands, with this slide and what the next press leads to as pictures, and does
// what that window asks. Nothing is copied until such a window has said that it is there.
"use strict";

if (!lectureDeck.presenter) {
  const deck = lectureDeck;
  const SETTLED = 250; // ms after which a slide is copied
  const channel = new BroadcastChannel(`lecture ${location.pathname}`);
  let watched = false;
  let timer;
  deck.began = deck.kept("began"); // when the lecture's clock stood at 0, as Date.now() counts

  function tell() {
    const { at, shown, short, began, goal } = deck;
    channel.postMessage({ at, shown, short, began, goal, next: deck.after(1) });
    clearTimeout(timer);
    if (watched) timer = setTimeout(picture, SETTLED);
  }

  const copyOf = ([at, shown]) => ({ html: deck.copyOf(deck.slides[at], shown, true).outerHTML, fits: deck.slides[at].dataset.ready === "yes" });

  function picture() {
    const next = deck.after(1);
    channel.postMessage({ pictures: [copyOf([deck.at, deck.shown]), next && copyOf(next)] });
  }

  // The clock shows `seconds` now.
  function setClock(seconds) {
    deck.began = Date.now() - seconds * 1000;
    deck.keep("began", deck.began);
    tell();
  }

  const acts = { hello: () => (watched = true, tell()), step: (by) => deck.light() || deck.step(by), go: (to) => deck.go(to), press: (name) => deck.press(name), goal: deck.setGoal, clock: setClock };
  channel.addEventListener("message", ({ data }) => {
    for (const [name, value] of Object.entries(data)) acts[name]?.(value);
  });

  let last = deck.at;
  addEventListener("lecture-slide", ({ detail: { at } }) => {
    if (!deck.began && last === 0 && at === 1) setClock(deck.starts()[1]); // the lecture begins with its second slide
    last = at;
    tell();
  });
  for (const each of ["lecture-ready", "lecture-goal", "pointerup", "keyup", "change"]) addEventListener(each, () => watched && tell(), true);
  deck.key(["n"], "n", "presenter window: notes, next slide, clock", () => void open(`${location.pathname}?presenter`, "lecture-presenter", "width=1280,height=720"));
  document.querySelector(".speak").addEventListener("click", () => deck.press("n"));
  channel.postMessage({ begun: true });
  tell();
}
