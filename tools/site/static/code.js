// The code of a page or a deck: each cell has a ▶, and a press on its lines, or Enter, makes them an editor, which is loaded then.
// What was written on a page is kept in this browser; a deck opens as it was made.
"use strict";

{
  const folder = new URL(".", document.currentScript.src).href;
  const kept = (...what) => window.lectureWork?.code(lectureLive.plan.notebook, ...what);
  const node = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);
  let loading = null;
  const load = () => (loading ??= new Promise((resolve, reject) => {
    document.head.append(node("script", { src: `${folder}editor.min.js`, onload: () => resolve(lectureEditing.lectureEditor), onerror: reject }));
  }));

  class Code {
    constructor(page, cell, box) {
      Object.assign(this, { page, cell, box, lines: box.querySelector(".highlight") });
      const title = box.matches("details") ? cell.source.match(/^#+ *.+\n/)?.[0] ?? "" : ""; // a fold has it above its lines
      this.title = title;
      this.first = cell.source.slice(title.length);
      this.text = kept(cell.id) ?? this.first;
      this.bar = box.appendChild(node("div", { className: "run-bar" }));
      this.back = this.bar.appendChild(node("button", { type: "button", textContent: "Undo my changes", hidden: this.text === this.first }));
      this.button = this.bar.appendChild(node("button", { type: "button", className: "run" }));
      this.show(false);
      this.back.addEventListener("click", () => this.change(this.first));
      this.button.addEventListener("click", () => (this.runs ? page.stop() : void this.run()));
      const pre = this.lines.querySelector("pre");
      if (this.text !== this.first) pre.textContent = this.text;
      pre.setAttribute("aria-label", "code; Enter changes it");
      pre.addEventListener("click", ({ clientX, clientY }) => getSelection().isCollapsed && this.edit([clientX, clientY]));
      pre.addEventListener("keydown", (event) => {
        if (event.target !== pre || event.key !== "Enter") return;
        event.preventDefault();
        if (event.shiftKey) this.run();
        else this.edit();
      });
    }

    show(runs) {
      this.runs = runs;
      this.button.textContent = runs ? "■" : "▶";
      this.button.ariaLabel = runs ? "Stop" : "Run this code";
      this.button.title = runs ? "Stop" : "Run this code (Shift+Enter)";
    }

    async edit(at) {
      if (this.editor) return;
      const make = await load();
      if (this.editor) return;
      const place = node("div", { className: "editor" });
      this.lines.before(place);
      if (window.lectureDeck) place.addEventListener("keydown", ({ key }) => key === "Escape" && document.activeElement.blur()); // keys are the slides' again
      this.editor = make(place, this.text, { label: "code; Escape, then Tab leaves it", run: () => void this.run(), change: (text) => this.change(text) });
      this.lines.hidden = true;
      if (at) this.editor.at(...at);
      this.editor.focus();
    }

    change(text) {
      if (this.editor && this.editor.text() !== text) return this.editor.set(text); // which comes back here
      this.text = text;
      if (!this.editor) this.lines.querySelector("pre").textContent = text;
      this.back.hidden = text === this.first;
      kept(this.cell.id, text === this.first ? null : text);
    }

    async run() {
      if (this.runs) return;
      this.show(true);
      await this.page.runCell(this.cell, this.title + this.text);
      this.show(false);
    }
  }

  for (const cell of window.lectureLive?.cells ?? []) {
    const box = cell.part?.querySelector(":scope > .code");
    if (box?.querySelector(".highlight pre")) new Code(lectureLive, cell, box);
  }
}
