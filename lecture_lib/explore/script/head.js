// The head of an explorer: its title, and icons for what can be done with the whole of it.
import { startCompare } from "./compare.js";
import { iconButton } from "./icons.js";
import { written } from "./node.js";
import { asPython, asText, fromText } from "./share.js";

const ICONS = [["own", "Your own picture"], ["compare", "Compare A and B"], ["undo", "Undo"], ["reset", "Reset"], ["code", "Copy as Python"],
  ["share", "Share where it stands"], ["full", "Full screen"]];

// Title, icons and the field below them that holds a text to copy or to paste.
export function makeHead(view) {
  const add = (parent, tag, className) => parent.appendChild(Object.assign(document.createElement(tag), { className }));
  const head = add(view.el, "div", "lecture-head");
  const title = add(head, "span", "lecture-title");
  const note = add(view.el, "div", "lecture-note");
  const own = add(view.el, "div", "lecture-few");
  const text = add(note, "textarea", "");
  const copy = add(note, "button", "");
  Object.assign(text, { rows: 1, spellcheck: false });
  Object.assign(copy, { type: "button" });
  note.hidden = own.hidden = true;
  const put = async () => {
    text.select(); // who may not write to the clipboard presses Ctrl+C
    await navigator.clipboard?.writeText(text.value).then(() => (copy.textContent = "Copied"), () => {});
  };
  const open = (button, words, rows, name) => {
    const again = note.open === button && !note.hidden;
    note.hidden = again;
    note.open = button;
    for (const each of [icons.code, icons.share]) each.setAttribute("aria-expanded", each === button && !again);
    Object.assign(text, { value: words, rows, readOnly: button === icons.code });
    text.setAttribute("aria-label", name);
    copy.textContent = "Copy";
    if (!again) put();
  };
  const act = {
    own: (button) => button.setAttribute("aria-expanded", !(own.hidden = !own.hidden)),
    compare: () => startCompare(view),
    undo: () => view.undo(),
    reset: () => view.reset(),
    code: (button) => open(button, asPython(view), asPython(view).split("\n").length, "Python that makes this explorer stand as it stands"),
    share: (button) => open(button, asText(view), 2, "Where this explorer stands. Paste another text here, and it stands there"),
    full: () => (document.fullscreenElement === view.el ? document.exitFullscreen() : view.el.requestFullscreen()),
  };
  const icons = Object.fromEntries(ICONS.map(([icon, name]) => [icon, head.appendChild(iconButton(icon, name, act[icon]))]));
  copy.addEventListener("click", put);
  text.addEventListener("input", () => {
    const state = fromText(view, text.value);
    if (state) {
      view.remember(true);
      view.goTo(state);
    }
    copy.textContent = state ? "Opened" : "No text of this explorer";
  });
  icons.own.place = own;
  return { head, title, ...icons };
}

// Only what makes sense for this explorer is there.
export function showHead({ head, title, ...icons }, view) {
  const panels = view.get("panels");
  written(title, view.get("title"));
  const moves = view.made.some(({ control }) => control.kind !== "bar") || panels.some((panel) => panel.pick);
  icons.own.hidden = !icons.own.place.childElementCount;
  icons.compare.hidden = !panels.some((panel) => panel.compare);
  icons.undo.hidden = icons.reset.hidden = !moves;
  icons.code.hidden = icons.share.hidden = !moves || !panels.length;
  icons.full.hidden = !panels.length || !document.fullscreenEnabled;
  head.hidden = !title.textContent && !moves;
}
