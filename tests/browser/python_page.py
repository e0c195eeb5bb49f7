"""A page with Python in it, for tests: every control moved, and the same moves made in this process, with native NumPy."""

import base64
import io
import json
import re
from contextlib import redirect_stdout

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from ipywidgets.widgets.widget import _instances  # the only list of them that there is
from PIL import Image, ImageDraw

from lecture_lib.chapters.lenet_alexnet.photo_covers import cover_steps, uncovered
from lecture_lib.data import open_image
from lecture_lib.explore import Explorer
from lecture_lib.models import trained_photo_net

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
QUIET = """async (place) => {
    const { explorer } = place.querySelector('.lecture');
    const widget = lectureLive.kernel.widgets.get(place.dataset.explorer);
    do {
        explorer.flush();
        await lectureLive.kernel.request('kernel_info_request', {});
    } while (explorer.timer !== undefined || widget.sent || widget.waiting);
}"""
"""Until Python has heard all that an explorer has told, and has said all: it hears one after the other."""
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


VIEW = "application/vnd.jupyter.widget-view+json"


def lives(cell):
    """Whether a cell's explorer is Python's, and drawn."""
    return f"document.querySelector('[data-cell=\"{cell}\"] .explorer.lives.ready .lecture')?.explorer"


def start(page, path, cell=None, meanwhile=lambda plan: None):
    """Open a page, start Python, and wait until every explorer lives in its place, or that of one cell does.

    Returns what ``meanwhile`` has made of the page's plan: Python has its own processor.
    """
    page.goto(path)
    page.evaluate("sessionStorage.clear(); localStorage.clear()")
    page.reload()
    page.evaluate(LISTEN)
    page.evaluate("for (const each of document.querySelectorAll('details.deeper')) each.open = true")
    if cell:  # what is near is alive first
        page.locator(f"[data-cell='{cell}'] .explorer").scroll_into_view_if_needed()
    page.locator("button.python").click()
    page.locator("dialog .main").click()
    made = meanwhile(page.evaluate("lectureLive.plan"))
    page.wait_for_function(lives(cell) if cell else RUNS, timeout=180_000)
    assert page.evaluate("lectureLive.cells.flatMap(({ problem }) => (problem ? [problem] : []))") == []
    return made


def cells(plan):
    """Runs a plan's cells here; returns what explorers they show: (cell, which of its explorers) → explorer."""
    shell = InteractiveShell.instance()
    shell.reset(new_session=False)
    shell.history_manager.enabled = False
    found, wanted = {}, set()
    for each in plan["cells"]:
        if each["explorer"]:
            wanted |= {each["id"], *(plan["cells"][at]["id"] for at in each["needs"])}
    try:
        with redirect_stdout(io.StringIO()), pytest.MonkeyPatch.context() as patch:
            patch.setattr(Explorer, "pictured", False)
            for each in plan["cells"]:
                if each["id"] not in wanted:
                    continue
                shown = []
                patch.setattr(shell.display_pub, "publish", lambda data, *_, shown=shown, **__: shown.append(data))
                result = shell.run_cell(each["source"])
                result.raise_error()
                made = [_instances.get(data.get(VIEW, {}).get("model_id")) for data in shown] + [result.result]
                made = [one for one in made if isinstance(one, Explorer)]
                found |= {(each["id"], at): one for at, one in enumerate(made)} if each["explorer"] else {}
    finally:
        shell.reset(new_session=False)
        shell.restore_sys_module_state()  # the shell's module stood as __main__, where new processes look
        InteractiveShell.clear_instance()
    return found


def replay(explorer, said):
    """Tell an explorer of this process what a page has told its own, but not to train: how far that comes only chance knows."""
    for each in said:
        if "update" in each:
            explorer.set_state(each["update"])
        elif each["content"].get("press") not in ("train", "record"):
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


CLOCK = re.compile(r"It took [\d.]+ s here")


def differences(there, now):
    """What of two accounts is not the same: arrays to four digits of their size, photos (which another Pillow decodes) to three, all
    else to the letter, but for what a clock says."""
    found = [name for name in ("state", "problem") if json.loads(json.dumps(now[name])) != there[name]]
    said = [json.loads(CLOCK.sub("", text)) for text in (json.dumps(now["sentence"]), there["sentence"])]
    if said[0] != said[1]:
        found.append("sentence")
    if [each[:2] for each in there["arrays"]] != [each[:2] for each in now["arrays"]]:
        return [*found, "shapes"]
    for one, other in zip(there["arrays"], now["arrays"], strict=True):
        near = 4 * max(one[3], other[3], 1e-6) * (1e-3 if one[5] == "uint8" else 1e-4)
        if one[4] != other[4] or abs(one[2] - other[2]) > near or abs(one[3] - other[3]) > near:
            found.append(f"{one[0]}: {one[2:]} and {other[2:]}")
    return found


def photo(path):
    """A small picture in a file: a digit on paper of many colours."""
    picture = Image.fromarray(
        200 + np.arange(120 * 120 * 3, dtype=np.uint32).reshape(120, 120, 3).astype(np.uint8) % 50
    )
    ImageDraw.Draw(picture).line([(30, 25), (90, 25), (55, 95)], fill=(40, 30, 60), width=9, joint="curve")
    picture.save(path)
    return path


MADE = (
    """(place) => place.querySelector('.lecture').explorer.made.map(({ control }) => [control.kind, control.label])"""
)
BRING = """(place, at) => {
    const { explorer } = place.querySelector('.lecture');
    const { control, el } = explorer.made[at];
    const wanted = Object.entries(control.when).filter(([name, values]) => !values.some((each) => JSON.stringify(each) === JSON.stringify(explorer.state[name])));
    if (wanted.length) explorer.choose(Object.fromEntries(wanted.map(([name, values]) => [name, values[0]])));
    if (el.closest('.lecture-few')?.hidden) explorer.icons.own.click();
}"""
"""Bring a control into sight: where others must be chosen before, they are, and what stands behind an icon is opened."""
ROW = """(place, row) => {
    const { explorer } = place.querySelector('.lecture');
    if ('row' in explorer.state) explorer.choose({ row });
}"""
FIND = """(place, at) => {
    const { el } = place.querySelector('.lecture').explorer.made[at];
    el.dataset.at = at;
    return el.checkVisibility();
}"""
STANDS = """(place) => JSON.stringify([place.querySelector('.lecture').explorer.state, lectureLive.said.get(place.dataset.explorer).length])"""
"""Where an explorer stands, and how much it has told."""
STATE = """(place) => ({ ...place.querySelector('.lecture').explorer.state })"""
FAR = """([place, far]) => {
    const { training, done } = place.querySelector('.lecture').explorer.state;
    return far === null ? !training : done[0] > far;
}"""
RANGE = "self::input[@type='range']"
TOUCH = "self::input[not(@type='file')] or self::select or self::button or self::canvas"


def ready(place):
    """Bring an explorer into sight, and wait until it is drawn."""
    place.scroll_into_view_if_needed()
    place.page.wait_for_function("(place) => place.querySelector('.lecture')?.explorer", arg=place.element_handle())


def walk(place, picture, go_on=True):
    """Move each control of an explorer that a hand can move; returns how many moved, and the labels of those that did not."""
    ready(place)
    covers = "busy" in place.evaluate(STATE)  # a picture of one's own is worked on for minutes: see ``cover``
    made = [(at, *each) for at, each in enumerate(place.evaluate(MADE)) if each[0] not in ("bar", "code")]
    made = [each for each in made if not (covers and each[1] in ("file", "press"))]
    moved, still = 0, []
    early = [
        each for each in made if each[1] == "file" or "Train here" in each[2]
    ]  # these bring more, and move where it stands
    for at, kind, label in early + [each for each in made if each not in early]:
        if "Train here" in label:
            moved += train(place, go_on)
        elif move(place, at, kind, picture):
            moved += 1
        else:
            still.append(label)
        quiet(place)
    return moved, still


def quiet(place):
    """Wait until Python has answered all."""
    place.evaluate(QUIET)


def move(place, at, kind, picture):
    """Move control number ``at`` of an explorer by a hand's own means; returns whether anything came of it."""
    element = place.locator(f"[data-at='{at}']")
    if kind == "file":
        place.evaluate(BRING, at)
        place.evaluate(FIND, at)
        element.locator("input[type=file]").first.set_input_files(picture)
        return True
    for row in (None, 1, 2):  # of a list, another one may have more
        if row:
            place.evaluate(ROW, row)
            quiet(place)
        place.evaluate(BRING, at)
        quiet(place)
        if place.evaluate(FIND, at):
            part = (
                element.locator(f"xpath=descendant-or-self::*[{RANGE if kind == 'whatif' else TOUCH}]")
                .locator("visible=true")
                .first
            )
            if part.count() and part.is_enabled():
                return _touch(place, element, part, kind)
    return False


def _touch(place, element, part, kind):
    stood = place.evaluate(STANDS)
    if kind == "guess":
        for each in element.locator(".lecture-guess-cells").all():
            each.locator("button").first.click()
        for each in element.locator("input").all():
            each.check() if each.get_attribute("type") == "radio" else each.fill("1")
        element.get_by_role("button", name="Show").first.click()
    elif kind in ("press", "toggle", "broken", "play"):
        part.click()
        if kind == "play":
            place.page.wait_for_function(
                f"([place, stood]) => ({STANDS})(place) !== stood", arg=[place.element_handle(), stood]
            )
            if part.get_attribute("aria-label").startswith("Pause"):
                part.click()
    else:
        part.focus()
        for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
            place.page.keyboard.press(key)
            if place.evaluate(STANDS) != stood:
                break
    return place.evaluate(STANDS) != stood


def trains(place):
    """Whether a training can be begun in an explorer."""
    return any("Train here" in label for _, label in place.evaluate(MADE))


def train(place, go_on):
    """Begin a training, stop it, perhaps go on and stop it again, and go back to the recording; returns how many buttons that were."""
    buttons = 0
    for name in ("Train here", "Go on")[: 1 + go_on]:
        far = 0
        for press in (name, "■ Stop"):
            place.get_by_role("button", name=press).click()
            place.page.wait_for_function(FAR, arg=[place.element_handle(), far], timeout=60_000)
            far = None
            buttons += 1
    back = place.get_by_role("button", name="Show the recording")
    if back.count():
        back.click()
        buttons += 1
    return buttons


COVERED = """(place) => {
    const { explorer } = place.querySelector('.lecture');
    return [[...explorer.arrays.chances.at(-1).values], [...explorer.arrays.most.at(-1).values]];
}"""
"""Of a picture of one's own: how likely each kind is at each place of the square, and how likely the likeliest is; 0 where that is not known yet."""


def cover(place, picture):
    """Open a picture where each place of it is covered, see the time that it takes said, and stop; both of its controls have moved.

    Places that were computed until then hold what the network says here.
    """
    place.locator("input[type=file]").first.set_input_files(picture)
    left = "(place) => place.querySelector('.lecture').explorer.state.done[1].endsWith(' s left')"
    place.page.wait_for_function(left, arg=place.element_handle(), timeout=60_000)
    place.get_by_role("button", name="■ Stop").click()
    quiet(place)
    chances, most = (np.array(each) for each in place.evaluate(COVERED))
    net, image = trained_photo_net()[0], open_image(picture)
    here, known = uncovered(net, image), np.count_nonzero(most)
    assert 0 < known < most.size
    for _, done in zip(range(known), cover_steps(net, image, here), strict=False):
        assert done <= known / most.size
    np.testing.assert_allclose(
        chances.reshape(most.size, -1)[:known], here.covered.reshape(most.size, -1)[:known], atol=1e-5
    )
    np.testing.assert_allclose(most[:known], here.most.ravel()[:known], atol=1e-5)
    return 2


def paste(place, picture):
    """Paste a picture into an explorer."""
    data = base64.b64encode(picture.read_bytes()).decode()
    place.evaluate(PASTE, data)


PASTE = """(place, data) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([Uint8Array.from(atob(data), (each) => each.charCodeAt(0))], 'pasted.png', { type: 'image/png' }));
    place.querySelector('.lecture canvas').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}"""
