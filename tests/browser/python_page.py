"""A page with Python in it, for tests: every control moved, and the same moves made in this process, with native NumPy."""

import base64
import io
import json
from contextlib import redirect_stdout

import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image
from playwright.sync_api import TimeoutError

from lecture_lib.explore import Explorer

LISTEN = """() => {
    lectureLive.said = new Map(); // id of an explorer → what the page has told it, in order
    const { open } = LectureNotebook.prototype;
    LectureNotebook.prototype.open = function (widget, state) {
        open.call(this, widget, state);
        const model = this.models.get(widget.id);
        if (!model) return;
        const { end } = model;
        const said = [];
        lectureLive.said.set(widget.id, said);
        const base64 = (each) => btoa(Array.from(new Uint8Array(each.buffer ?? each, each.byteOffset ?? 0, each.byteLength), (byte) => String.fromCharCode(byte)).join(''));
        model.end = {
            update: (changes) => (said.push({ update: structuredClone(changes) }), end.update(changes)),
            custom: (content, buffers) => (said.push({ content: structuredClone(content), buffers: [...buffers].map(base64) }), end.custom(content, buffers)),
        };
    };
}"""
"""From now on the page writes down what it tells each explorer."""
RUNS = "lectureLive.state === 'idle' && !lectureLive.running && lectureLive.strip.dataset.left === '0'"
QUIET = """(place) => {
    const { sent, waiting } = lectureLive.kernel.widgets.get(place.dataset.explorer);
    return place.querySelector('.lecture').explorer.timer === undefined && !sent && !waiting && lectureLive.state === 'idle';
}"""
"""Python has heard all that an explorer has told, and has said all."""
SHOWN = """(place) => {
    const model = lectureExplorers.modelAt(place);
    const arrays = [];
    const look = (value, path) => {
        if (Array.isArray(value)) value.forEach((each, at) => look(each, [...path, at]));
        else if (value?.shape) {
            const { data, dtype, shape } = value;
            const kind = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array, float64: Float64Array }[dtype];
            const values = new kind(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
            let [sum, size, count] = [0, 0, 0];
            values.forEach((each, at) => { if (Number.isFinite(each)) { sum += each * (1 + at % 7); size += Math.abs(each); count++; } });
            arrays.push([path.join('/'), shape, sum, size, count, dtype]);
        } else if (value && typeof value === 'object') Object.entries(value).forEach(([name, each]) => look(each, [...path, name]));
    };
    look(model.get('arrays'), ['arrays']);
    look(model.get('extra'), ['extra']);
    return { state: model.get('_state'), sentence: JSON.stringify(model.get('sentence')), problem: model.get('problem'), arrays };
}"""
"""What a model holds: where it stands, what it says, and of each array its shape and sums that a wrong place or number would change."""


def lives(cell):
    """Whether a cell's explorer is Python's, and drawn."""
    return f"document.querySelector('[data-cell=\"{cell}\"] .explorer.lives.ready .lecture')?.explorer"


def start(page, path):
    """Open a page, start Python, and wait until every explorer lives in its place."""
    page.goto(path)
    page.evaluate("sessionStorage.clear(); localStorage.clear()")
    page.reload()
    page.evaluate(LISTEN)
    page.evaluate("for (const each of document.querySelectorAll('details.deeper')) each.open = true")
    page.locator("button.python").click()
    page.locator("dialog .main").click()
    page.wait_for_function(RUNS, timeout=180_000)
    assert page.evaluate("lectureLive.cells.flatMap(({ problem }) => (problem ? [problem] : []))") == []


def cells(plan):
    """Runs a plan's cells here: cell → its explorers, for those that have one."""
    shell = InteractiveShell.instance()
    shell.reset(new_session=False)
    shell.history_manager.enabled = False
    found, wanted = {}, set()
    for each in plan["cells"]:
        if each["explorer"]:
            wanted |= {each["id"], *(plan["cells"][at]["id"] for at in each["needs"])}
    try:
        with redirect_stdout(io.StringIO()):
            for each in plan["cells"]:
                if each["id"] not in wanted:
                    continue
                result = shell.run_cell(each["source"])
                result.raise_error()
                if isinstance(result.result, Explorer):
                    found[each["id"]] = result.result
    finally:
        shell.reset(new_session=False)
        shell.restore_sys_module_state()  # the shell's module stood as __main__, where new processes look
        InteractiveShell.clear_instance()
    return found


def replay(explorer, said):
    """Tell an explorer of this process what a page has told its own."""
    for each in said:
        if "update" in each:
            explorer.set_state(each["update"])
        else:
            explorer._handle_custom_msg(each["content"], [base64.b64decode(data) for data in each["buffers"]])


def here(explorer):
    """What an explorer of this process holds, as SHOWN says it of a page's."""
    arrays = []

    def look(value, path):
        if isinstance(value, list):
            for at, each in enumerate(value):
                look(each, [*path, at])
        elif isinstance(value, dict) and "shape" in value:
            values = np.frombuffer(value["data"], value["dtype"]).astype(float)
            finite = np.isfinite(values)
            weights = 1 + np.arange(len(values)) % 7
            sums = [float((values * weights)[finite].sum()), float(np.abs(values[finite]).sum()), int(finite.sum())]
            arrays.append(["/".join(map(str, path)), value["shape"], *sums, value["dtype"]])
        elif isinstance(value, dict):
            for name, each in value.items():
                look(each, [*path, name])

    look(explorer.arrays, ["arrays"])
    look(explorer.extra, ["extra"])
    return {"state": explorer.state, "sentence": explorer.sentence, "problem": explorer.problem, "arrays": arrays}


def differences(there, now):
    """What of two accounts is not the same: arrays to four digits of their size, photos (which another Pillow decodes) to three, all
    else to the letter."""
    found = [name for name in ("state", "problem") if json.loads(json.dumps(now[name])) != there[name]]
    if json.loads(json.dumps(now["sentence"])) != json.loads(there["sentence"]):
        found.append("sentence")
    if [each[:2] for each in there["arrays"]] != [each[:2] for each in now["arrays"]]:
        return [*found, "shapes"]
    for one, other in zip(there["arrays"], now["arrays"], strict=True):
        near = 4 * max(one[3], other[3], 1e-6) * (1e-3 if one[5] == "uint8" else 1e-4)
        if one[4] != other[4] or abs(one[2] - other[2]) > near or abs(one[3] - other[3]) > near:
            found.append(f"{one[0]}: {one[2:]} and {other[2:]}")
    return found


def photo(path):
    """A small picture in a file."""
    Image.fromarray(np.arange(64 * 64 * 3, dtype=np.uint32).reshape(64, 64, 3).astype(np.uint8)).save(path)
    return path


TOUCH = ":is(input:not([type=file]), select, button, canvas):visible:enabled"
BRING = """([place, at]) => {
    const { explorer } = place.querySelector('.lecture');
    const { control, el } = explorer.made[at];
    el.dataset.at = at;
    const wanted = Object.entries(control.when).filter(([name, values]) => !values.some((each) => JSON.stringify(each) === JSON.stringify(explorer.state[name])));
    if (el.hidden && wanted.length) explorer.choose(Object.fromEntries(wanted.map(([name, values]) => [name, values[0]])));
    if (el.closest('.lecture-few')?.hidden) explorer.icons.own.click();
    return control.kind;
}"""
"""Bring a control into sight: where others must be chosen before, they are, and what stands behind an icon is opened."""


def move(place, at, picture):
    """Move control number ``at`` of an explorer by a hand's own means; returns whether it could be moved."""
    page = place.page
    kind = place.evaluate("(place, at) => (" + BRING + ")([place, at])", at)
    element = place.locator(f"[data-at='{at}']")
    if kind == "file":
        element.locator("input[type=file]").first.set_input_files(picture)
        return True
    if kind in ("bar", "code"):  # which nobody moves
        return True
    if not element.is_visible():
        return False
    if kind in ("press", "toggle", "broken"):
        button = element.locator("xpath=descendant-or-self::button").first
        if not button.is_enabled():
            return False
        button.click()
    elif kind == "play":
        element.click()
        if (element.get_attribute("aria-label") or "").startswith("Pause"):
            element.click()
    elif kind == "guess":
        part = element.locator("input").first
        if part.count() and part.is_enabled():
            part.check() if part.get_attribute("type") == "radio" else part.fill("1")
        element.get_by_role("button", name="Show").first.click()
    else:
        part = element.locator(TOUCH).first
        if not part.count():
            return False
        part.focus()
        page.keyboard.press("ArrowRight")
    return True


def settled(page, place):
    """Wait until Python has answered all; a training that a press began is stopped, as a reader stops it."""
    try:
        page.wait_for_function(QUIET, arg=place.element_handle(), timeout=15_000)
    except TimeoutError:
        page.evaluate("void lectureLive.stop()")
        page.wait_for_function(QUIET, arg=place.element_handle(), timeout=30_000)
        return False
    return True
