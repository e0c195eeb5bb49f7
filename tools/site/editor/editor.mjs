// The editor of a page's code cells, made of CodeMirror's parts. `make editor` bundles it into ../static/editor.min.js.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The colours of the page's own code, see site.css.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "var(--keyword)", fontWeight: "600" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.className, tags.meta], color: "var(--name)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--string)" },
  { tag: tags.number, color: "var(--number)" },
  { tag: tags.comment, color: "var(--comment)" },
]);

// An editor in `parent`. `run` is called at Shift+Enter, `change` with the text whenever it is another.
export function lectureEditor(parent, text, { label, run, change }) {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        highlightSpecialChars(), history(), drawSelection(), indentOnInput(), bracketMatching(), indentUnit.of("    "), python(),
        syntaxHighlighting(colours), EditorView.contentAttributes.of({ "aria-label": label }),
        keymap.of([{ key: "Shift-Enter", run: () => (run(), true) }, { key: "Mod-Enter", run: () => (run(), true) }, indentWithTab, ...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of(({ docChanged, state }) => docChanged && change(state.doc.toString())),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    text: () => view.state.doc.toString(),
    set: (doc) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: doc } }),
    at: (x, y) => view.dispatch({ selection: { anchor: view.posAtCoords({ x, y }, false) } }),
  };
}
