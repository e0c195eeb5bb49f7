"""What the browser draws is what NumPy computes: the explorers' script alone, without JupyterLab and without a kernel."""

import base64

import numpy as np
import pytest

from lecture_lib.widgets import view

PAGE = """<!doctype html><title>view</title><body style="margin: 0"><div class="lecture-explorer"><div id="here"></div></div>
<script type="module">
import widget, { number } from './view.js';
const restore = (value) => value === null || typeof value !== 'object' ? value
    : value.bytes !== undefined ? new DataView(Uint8Array.from(atob(value.bytes), (c) => c.charCodeAt(0)).buffer)
    : Array.isArray(value) ? value.map(restore)
    : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, restore(each)]));
class Model {
    state = {};
    listeners = [];
    get(name) { return this.state[name]; }
    set(changes) {
        Object.assign(this.state, changes);
        const events = [...Object.keys(changes).map((name) => 'change:' + name), 'change'];
        for (const event of events) for (const [names, act] of [...this.listeners]) if (names.split(' ').includes(event)) act();
    }
    on(names, act) { this.listeners.push([names, act]); }
    off(names, act) { this.listeners = this.listeners.filter((each) => each[1] !== act); }
    save_changes() {}
}
window.number = number;
window.open = async (state) => {
    window.close?.();
    const here = document.querySelector('#here');
    here.replaceChildren();
    window.model = new Model();
    model.state = restore(state);
    window.close = widget.render({ model, el: here });
    window.view = here.querySelector('canvas').lecture;
    for (let frames = 0; state.panels.length && !view.drawn.length; frames++) { // it is drawn when it is in the page
        if (frames === 300) throw new Error('the view does not draw itself');
        await new Promise(requestAnimationFrame);
    }
};
window.load = (state) => model.set(restore(state));
window.readout = () => here.querySelector('.lecture-readout').textContent;
// The colour in the middle of every cell of a panel, as bytes.
window.colours = (title) => {
    const { grid, part } = view.drawn.find(({ panel }) => panel.title === title);
    const { ctx, canvas } = view, { data, width } = ctx.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let r = 0; r < part.rows; r++) for (let c = 0; c < part.cols; c++) {
        const at = 4 * (Math.floor(grid.y + (r + 0.5) * grid.cell) * width + Math.floor(grid.x + (c + 0.5) * grid.cell));
        text += String.fromCharCode(data[at], data[at + 1], data[at + 2]);
    }
    return [part.rows, part.cols, btoa(text)];
};
window.ready = true;
</script>"""


VALUES = """title => {
    const { source, part } = view.drawn.find(({ panel }) => panel.title === title);
    return [...source.values.slice(source.offset, source.offset + part.rows * part.cols)];
}"""


@pytest.fixture
def bare(page):
    """A page with nothing but the explorers' script on it."""
    script, html = str(view.View._esm), PAGE.replace("<body", f"<style>{view.View._css}</style><body")

    def serve(route):
        is_script = route.request.url.endswith(".js")
        kind = "text/javascript" if is_script else "text/html; charset=utf-8"
        route.fulfill(body=script if is_script else html, content_type=kind)

    page.route("http://lecture.test/**", serve)
    page.goto("http://lecture.test/")
    page.wait_for_function("window.ready")
    yield page
    assert page.problems == []
    page.unroute("http://lecture.test/**")


def jsonable(value):
    """A widget's state as JSON, bytes in base64."""
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {name: jsonable(each) for name, each in value.items()}
    return [jsonable(each) for each in value] if isinstance(value, list | tuple) else value


def state_of(explorer, **changes):
    """The state of an explorer's view, without what only the widget machinery needs."""
    state = {
        name: each for name, each in explorer.view.get_state().items() if not name.startswith("_") and name != "layout"
    }
    return jsonable(state | changes)


def shown(page, title):
    rows, cols, data = page.evaluate("title => colours(title)", title)
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(rows, cols, 3)


def picture_of(explorer_state, bare):
    bare.evaluate("state => open(state)", explorer_state)
    width, height, data = bare.evaluate(
        """() => { const { ctx, canvas } = view, { data, width, height } = ctx.getImageData(0, 0, canvas.width, canvas.height);
            let text = ''; for (const byte of data) text += String.fromCharCode(byte); return [width, height, btoa(text)]; }"""
    )
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)
