// Search over all pages: a window with a field. The index was made with the site; it comes when somebody asks, as a classic
// script, for a page from a file can fetch nothing.
"use strict";

{
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  const MOST = 12; // results that are shown
  const AROUND = 150; // letters of an excerpt
  const make = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const load = (name) => new Promise((resolve, reject) => document.head.append(make("script", { src: folder + name, onload: resolve, onerror: reject })));

  let ready; // promise of { sections, index }, once somebody asks
  const begin = async () => {
    let found;
    window.lectureFound = (all) => (found = all);
    await Promise.all([load("lunr.min.js"), load("search.data.js")]);
    return { sections: found.sections, index: lunr.Index.load(found.index) };
  };

  // The whole word counts most, then words that begin so, other forms of it, and words with a letter wrong.
  const ask = (index, words) => index.query((query) => {
    const begins = { usePipeline: false, wildcard: lunr.Query.wildcard.TRAILING };
    for (const token of lunr.tokenizer(words)) {
      const [word, stem] = [token.toString(), lunr.stemmer(token.clone()).toString()];
      query.term(word, { boost: 20, usePipeline: false });
      query.term(word, { boost: 4, ...begins });
      if (stem.length > 2) query.term(stem, begins);
      if (word.length > 4) query.term(word, { boost: 0.5, usePipeline: false, editDistance: 1 });
    }
  });

  // A piece of the text around the first word that was found, and the words that were found in it.
  function excerpt(text, found) {
    const words = new RegExp(`(?<![\\p{L}\\p{N}])(?:${found.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})[\\p{L}\\p{N}]*`, "giu");
    const first = text.search(words);
    const from = first < 60 ? 0 : text.indexOf(" ", first - 50) + 1;
    const piece = (from ? "… " : "") + text.slice(from, from + AROUND).replace(from + AROUND < text.length ? / \S*$/ : "", "") + (from + AROUND < text.length ? " …" : "");
    const parts = [];
    let at = 0;
    for (const { 0: word, index } of piece.matchAll(words)) {
      parts.push(piece.slice(at, index), make("mark", { textContent: word }));
      at = index + word.length;
    }
    return [...parts, piece.slice(at)];
  }

  const field = make("input", { type: "search", placeholder: "Search all pages", enterKeyHint: "search", autocomplete: "off", spellcheck: false, ariaLabel: "Search all pages" });
  const close = make("button", { type: "button", textContent: "Close", onclick: () => box.close() });
  const said = make("p", { role: "status", className: "hint" });
  const list = make("ol");
  const box = make("dialog", { className: "search", ariaLabel: "Search" }, make("div", {}, field, close), said, list);

  async function show() {
    const words = field.value.trim();
    const { sections, index } = await (ready ??= begin());
    if (words !== field.value.trim()) return; // somebody has typed on
    const found = words ? ask(index, words) : [];
    list.replaceChildren(...found.slice(0, MOST).map(({ ref, matchData }) => {
      const [page, title, address, text] = sections[ref];
      const link = make("a", { href: `${folder}../${address}` }, make("b", { textContent: title }), make("small", { textContent: page === title ? "" : page }),
        make("span", {}, ...excerpt(text, Object.keys(matchData.metadata))));
      return make("li", {}, link);
    }));
    const count = found.length > MOST ? `The best ${MOST} of ${found.length} sections` : `${found.length} section${found.length === 1 ? "" : "s"}`;
    said.textContent = words ? (found.length ? count : `Nothing is found for “${words}”.`) : "Type a word. Arrow keys choose, Enter opens.";
  }

  function open() {
    if (box.open) return;
    if (!box.isConnected) document.body.append(box);
    box.showModal();
    field.select();
    show().catch(() => (said.textContent = "The index of this site could not be read."));
  }

  field.addEventListener("input", () => show().catch(() => {}));
  box.addEventListener("click", (event) => (event.target === box || event.target.closest("a")) && box.close());
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { // a field would only be emptied
      event.preventDefault();
      return box.close();
    }
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Enter" && document.activeElement === field) links[0]?.click();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    ([field, ...links][at + 1 + step] ?? field).focus();
  });
  addEventListener("keydown", (event) => {
    const typed = event.target.closest?.("input, textarea, select, [contenteditable], .cm-editor");
    if (event.key !== "/" || typed || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  for (const button of document.querySelectorAll("button.find")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
}
