"""A page that hosts explorers by itself: no server, no widget manager, a model of a few lines.

It is what anywidget's front-end interface asks for, and no more, so that whatever an explorer needs beyond it fails here.
The test that uses it sees each living explorer as ``explorers[n]`` and its model as ``models[n]``.
"""

import base64
import json

from ipywidgets.widgets.widget import _remove_buffers

from lecture_lib.explore import join

_PAGE = """<!doctype html><meta charset="utf-8"><title></title><style>body {{ margin: 12px; background: {paper}; }} {css}</style>
<body data-jp-theme-light="{light}">
<script type="module">
const source = {source} + "\\nexport {{ Explorer, number }};";
const {{ Explorer, number }} = await import(URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }})));
window.explorers = [];
window.number = number;
window.models = {states}.map(([state, buffers]) => {{
  for (const [path, text] of buffers) {{
    const holder = path.slice(0, -1).reduce((each, name) => each[name], state);
    holder[path.at(-1)] = new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  }}
  const listeners = new Set();
  return {{ state, saved: 0, sent: [], get: (name) => state[name], set: (name, value) => (state[name] = value),
    listening: () => listeners.size, on: (_, act) => listeners.add(act), off: (_, act) => listeners.delete(act), save_changes() {{ this.saved++; }},
    send(content, callbacks, buffers) {{ this.sent.push([content, buffers?.length ?? 0]); this.buffers = buffers; }},
    hear(changes) {{ Object.assign(state, changes); listeners.forEach((act) => act()); }} }};
}});
for (const model of models) {{
  const el = document.body.appendChild(document.createElement("div"));
  explorers.push(new Explorer(model, el));
}}
document.title = "ready";
</script>"""


def html(*explorers, alone=False, theme="light"):
    """The page with some explorers, one below the other."""
    states = []
    for each in explorers:
        state = {
            name: value for name, value in each.get_state().items() if name not in ("_esm", "_css", "layout", "style")
        }
        state, paths, buffers = _remove_buffers(state | {"alone": alone})
        states.append(
            [state, [[path, base64.b64encode(each).decode()] for path, each in zip(paths, buffers, strict=True)]]
        )
    light = theme == "light"
    return _PAGE.format(
        css=join.css(), paper="#fff" if light else "#111", light=str(light).lower(), source=_js(join.script()),
        states=_js(states),
    )  # fmt: skip


def _js(value):
    return json.dumps(value).replace("</", "<\\/")
