// The keys of a deck, and the window that lists them; the black screen; the mouse pointer that goes when nobody moves it.
"use strict";

{
  const deck = lectureDeck;
  const BY = { PageDown: 1, ArrowRight: 1, ArrowDown: 1, " ": 1, PageUp: -1, ArrowLeft: -1, ArrowUp: -1 };
  const TYPED = "input:not([type=range], [type=checkbox], [type=radio]), select, textarea, [contenteditable=true]"; // every key is theirs
  const MOVED = "input, .lecture canvas"; // arrow keys and space are theirs
  const STILL = 2000; // ms
  const keys = []; // [names of keys, how they are written, what they do in words, act], as help lists them

  // An `act` that returns false has not used the key.
  deck.key = (names, written, words, act) => keys.push([names, written, words, act]);

  deck.press = (name) => {
    const act = keys.find(([names]) => names.includes(name))?.[3];
    return act !== undefined && act(name) !== false;
  };

  // A window of its own above the slides; Escape closes it; remove() does, too, and nothing keeps the focus.
  deck.open = (className, label, ...children) => {
    const dialog = document.body.appendChild(Object.assign(document.createElement("dialog"), { className, ariaLabel: label }));
    dialog.append(...children);
    for (const each of ["cancel", "close"]) dialog.addEventListener(each, () => dialog.remove());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.remove()); // beside it
    dialog.showModal();
    return dialog;
  };

  // A remote sends PageUp and PageDown: they always step. Other keys step unless something has them that needs them.
  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const remote = event.key.startsWith("Page");
    if (event.target.closest?.(TYPED) && !remote) return;
    const by = event.key === " " && event.shiftKey ? -1 : BY[event.key];
    if (by) {
      if (event.target.closest?.(MOVED) && !remote) return;
      if (event.key === " " && event.target.closest?.("summary, button, a")) return; // it presses them
      if (event.shiftKey && event.key !== " ") return;
      if (!deck.light()) deck.step(by);
    } else if (event.repeat || !deck.press(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // ---------------------------------------------------------------- black screen

  const black = Object.assign(document.createElement("div"), { className: "black", hidden: true });
  document.body.append(black);
  black.addEventListener("click", () => deck.light());

  // Ends the black screen; returns whether there was one.
  deck.light = () => {
    const was = !black.hidden;
    black.hidden = true;
    return was;
  };

  // ---------------------------------------------------------------- the mouse pointer

  let timer;
  const moved = () => {
    clearTimeout(timer);
    document.body.classList.remove("nobody-points");
    timer = setTimeout(() => document.body.classList.add("nobody-points"), STILL);
  };
  for (const each of ["pointermove", "pointerdown"]) addEventListener(each, moved, { capture: true, passive: true });
  moved();

  // ---------------------------------------------------------------- help

  function help() {
    const table = document.createElement("table");
    table.createCaption().textContent = "Keys";
    for (const [written, words] of [["→ ↓ Space PageDown", "next"], ["← ↑ PageUp", "back"], ...keys.map(([, ...said]) => said)]) {
      const [names, does] = [table.insertRow().insertCell(), table.rows[table.rows.length - 1].insertCell()];
      names.append(...written.split(" ").map((each) => Object.assign(document.createElement("kbd"), { textContent: each })));
      does.textContent = words;
    }
    deck.open("keys", "Keys", table);
  }

  // What r resets: the explorer with the focus, or all of the slide.
  function reset() {
    if (window.lectureLive?.state === "restarted") return void lectureLive.revive(); // a deck with Python, which has stopped
    const focused = document.activeElement?.closest(".slide .lecture");
    const explorers = focused ? [focused] : deck.slides[deck.at].querySelectorAll(".lecture");
    for (const each of explorers) each.dispatchEvent(new Event("lecture-reset"));
    return explorers.length > 0;
  }

  // One hand more or less for the first answer of a poll; from then on its field has the keys.
  function count(name) {
    const field = deck.slides[deck.at].querySelector(".lecture-hands");
    if (!field) return false;
    field.focus();
    field.dispatchEvent(new KeyboardEvent("keydown", { key: name }));
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  }

  deck.key(["Home"], "Home", "first slide", () => deck.go(0));
  deck.key(["End"], "End", "last slide", () => deck.go(deck.slides.length - 1));
  deck.key(["b", "."], "b .", "black screen, and back", () => (black.hidden = !black.hidden, true));
  deck.key(["Escape"], "Esc", "closes what is open", deck.light);
  deck.key(["f"], "f", "full screen", full);
  deck.key(["r"], "r", "reset the explorer", reset);
  deck.key(["+", "-"], "+ −", "a hand more, or less, in a poll; Enter: the next answer", count);
  deck.key(["x"], "x", "short lecture: leaves out slides that are marked ✂", deck.shorten);
  deck.key(["?"], "?", "these keys", help);
  addEventListener("keydown", key, true);
  document.querySelector(".help").addEventListener("click", help);
}
