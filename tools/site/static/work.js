// What a reader has done, kept in this browser: guesses, answers, solved exercises, as the notebooks' own file of progress has
// them, and changed code. It can be saved as that file, and deleted.
"use strict";

window.lectureWork = (() => {
  const [NOTES, CODE] = ["lecture-notes", "lecture-code"];
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name)) ?? {};
    } catch {
      return {}; // a browser may keep nothing for files
    }
  };
  const write = (name, value) => {
    try {
      if (Object.keys(value).length) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
    } catch {} // then it lasts as long as the page
    say();
  };
  const lines = () => Object.entries(read(NOTES)).map(([name, text]) => `${JSON.stringify({ [name]: text })}\n`).join("");

  function note(more) {
    write(NOTES, { ...read(NOTES), ...more });
  }

  // The code that a reader has put into a cell: what it is, or with `text` what it becomes; null is none.
  function code(notebook, cell, text) {
    const all = read(CODE);
    if (text === undefined) return all[notebook]?.[cell];
    const { [cell]: _, ...others } = all[notebook] ?? {};
    const { [notebook]: __, ...rest } = all;
    const here = text === null ? others : { ...others, [cell]: text };
    write(CODE, Object.keys(here).length ? { ...rest, [notebook]: here } : rest);
  }

  // ---------------------------------------------------------------- guesses and answers, which need no Python

  const label = (text) => text.replace(/^[A-Z]\. /, "");
  // What a note says is the state of its explorer; nothing where it does not fit.
  function stateOf(keeps, text, model) {
    if (keeps.startsWith("quiz ")) {
      const answer = model.get("indices").answer.labels.map(label).indexOf(text);
      return answer < 0 ? null : { answer };
    }
    try {
      const said = JSON.parse(text);
      const fits = Array.isArray(said) && said.length === model.get("controls")[0].parts.length;
      return fits ? { guess: { said, open: true } } : null;
    } catch {
      return null;
    }
  }

  function noteOf(keeps, { answer, guess }, model) {
    if (keeps.startsWith("quiz ")) return answer === null ? null : label(model.get("indices").answer.labels[answer]);
    return guess?.said.every((each) => each !== null) ? JSON.stringify(guess.said).replaceAll(",", ", ") : null;
  }

  lectureExplorers.begun = (place, model) => {
    const { keeps } = place.dataset;
    if (model.end || !keeps) return; // Python's own tells by itself
    const text = read(NOTES)[keeps];
    const state = text && stateOf(keeps, text, model);
    if (state) model.set("_state", { ...model.get("_state"), ...state });
    model.end = { custom() {}, update({ _state }) {
      const now = _state ? noteOf(keeps, _state, model) : null;
      if (now !== null && now !== read(NOTES)[keeps]) note({ [keeps]: now });
    } };
  };

  // ---------------------------------------------------------------- what is kept, in words, and its two buttons

  const node = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);
  const place = document.querySelector("footer")?.appendChild(node("p", { className: "work" }));

  function save() {
    const link = node("a", { href: URL.createObjectURL(new Blob([lines()], { type: "application/json" })), download: "my_progress.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function forget() {
    if (!confirm("Delete guesses, answers, solved exercises and changed code that this browser keeps for these pages?")) return;
    for (const name of [NOTES, CODE]) write(name, {});
    location.reload();
  }

  function say() {
    const names = Object.keys(read(NOTES));
    const changed = Object.values(read(CODE)).reduce((sum, each) => sum + Object.keys(each).length, 0);
    const count = (kind) => names.filter((name) => name.startsWith(kind)).length;
    const [guesses, answers] = [count("guess "), count("quiz ")];
    const said = [[names.length - guesses - answers, "exercise", " solved"], [guesses, "guess", ""], [answers, "answer", ""], [changed, "cell", " changed"]]
      .filter(([n]) => n).map(([n, word, more]) => `${n} ${word}${n === 1 ? "" : word === "guess" ? "es" : "s"}${more}`);
    place?.replaceChildren(...(said.length ? [`Kept in this browser alone: ${said.join(", ")}. `,
      node("button", { type: "button", textContent: "Save as a file", onclick: save }), node("button", { type: "button", textContent: "Delete", onclick: forget })] : []));
  }

  say();
  // What Python reads before the first cell: the notes so far, and whom it tells of new ones.
  const setup = () => [
    "from IPython.display import display as _display", "from lecture_lib.practice.progress import share as _share",
    `_share(${JSON.stringify(lines())}, lambda name, text: _display({"application/vnd.lecture.note+json": {name: text}}, raw=True))`,
  ].join("\n");
  return { note, code, setup };
})();
