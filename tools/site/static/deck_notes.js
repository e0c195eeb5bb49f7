// Speaker notes in a window of their own.
"use strict";

{
  const deck = lectureDeck;
  const { slides } = deck;
  let [notes, began] = [null, null];

  function openNotes() {
    notes = window.open("", "lecture-notes", "width=760,height=820");
    if (!notes) return;
    began ??= Date.now();
    notes.document.documentElement.lang = "en";
    notes.document.title = "Speaker notes";
    notes.document.head.innerHTML = `<style>${LOOK}</style>`;
    notes.addEventListener("keydown", ({ key }) => dispatchEvent(new KeyboardEvent("keydown", { key })));
    say();
  }

  function say() {
    if (!notes || notes.closed) return;
    const page = notes.document;
    const lines = [["h1", `${deck.at + 1} / ${slides.length}`], ["p", deck.titles[deck.at]], ["div", ""], ["h2", "Next"],
      ["p", deck.titles[deck.at + 1] ?? "the end"], ["p", `${Math.floor((Date.now() - began) / 60_000)} min`]];
    page.body.replaceChildren(...lines.map(([tag, words]) => Object.assign(page.createElement(tag), { textContent: words })));
    const here = slides[deck.at].querySelector(".notes");
    page.querySelector("div").innerHTML = here?.innerHTML ?? "<p>–</p>";
  }

  const LOOK = `:root { color-scheme: light dark; } body { font: 20px/1.45 system-ui, sans-serif; margin: 24px; max-width: 46em; }
    h1 { font-size: 22px; } h2 { font-size: 17px; margin: 1.4em 0 0; }`;

  addEventListener("lecture-slide", say);
  document.querySelector(".speak").addEventListener("click", openNotes);
  deck.key(["n"], "n", "speaker notes in a window of their own", openNotes);
}
