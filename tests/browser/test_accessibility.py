"""Explorers and notebook outputs in JupyterLab for people who do not use a mouse, see little, or bear no movement."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.test_lab import EXPLORERS, TRAINING, explorer, gallery, open_cells
from tests.chapters.found import EXERCISES
from tools.browser import change_theme, scroll_to_explorer, serious_findings

__all__ = ["explorer", "gallery"]

OUTPUTS = {
    "import": "import numpy as np\nfrom lecture_lib import figures, widgets\nfrom lecture_lib.chapters import motivation\n"
    "from lecture_lib.chapters.convolution import check, hints, progress",
    "answer": 'motivation.answer("M1")',
    "open exercise": EXERCISES["output_size"].stub + "\n\ncheck(output_size)",
    "wrong": "def output_size(n, f, s, p):\n    return n\n\ncheck(output_size)",
    "right": EXERCISES["output_size"].source + "\n\ncheck(output_size)",
    "hints": 'hints("output_size")',
    "progress": "progress()",
    "quiz": "widgets.ask(motivation.LARGER_PHOTO)",
    "picture": "image = np.arange(16).reshape(4, 4)\n"
    "figures.show(figures.draw_fit(7, 3, 2, 0), 'Seven columns and three bars of length 3, each two columns further on.')",
    "table": 'figures.show_table(["layer", ""], [["C1", "$6$"]])',
    "track": "for _ in widgets.track(range(3), 'Squares'):\n    pass",
    "training": TRAINING.replace("epochs=200", "epochs=2") + "\nwidgets.watch(runs)",
}
ANSWERS, QUIZ = list(OUTPUTS).index("answer"), list(OUTPUTS).index("quiz")


def cell(index):
    return f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']"


def within(name):
    return f"{cell(list(EXPLORERS).index(name))} .lecture-explorer"


def to_explorer(page, name):
    scroll_to_explorer(page, list(EXPLORERS).index(name))
    page.wait_for_timeout(100)
    return within(name)


@pytest.fixture(scope="module", params=["light", "dark"])
def themed(gallery, request):
    """The gallery in one theme, in a window that shows an explorer whole: axe-core does not judge what is scrolled away."""
    gallery.set_viewport_size({"width": 1280, "height": 1100})
    change_theme(gallery, dark=request.param == "dark")
    yield gallery
    change_theme(gallery, dark=False)
    gallery.set_viewport_size({"width": 1280, "height": 720})


# What axe-core finds


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_has_no_serious_finding(themed, name):
    where = to_explorer(themed, name)
    assert themed.locator(f"{where} .lecture-readout").bounding_box()["y"] < 1050
    assert serious_findings(themed, where) == []


@pytest.mark.slow
def test_a_fault_is_found_and_named(gallery):
    where = to_explorer(gallery, "fit")
    gallery.evaluate("w => document.querySelector(`${w} [role=slider]`).removeAttribute('aria-label')", where)
    gallery.evaluate("w => document.querySelector(`${w} .lecture-readout`).style.color = '#777'", where)
    rules = sorted(text.split(" (")[0] for text in serious_findings(gallery, where))
    gallery.evaluate("w => document.querySelector(`${w} .lecture-readout`).style.color = ''", where)
    gallery.evaluate("w => document.querySelector(`${w} canvas`).lecture.place()", where)
    assert rules == ["aria-input-field-name", "color-contrast"]
    assert serious_findings(gallery, where) == []
    with pytest.raises(ValueError, match="within='.nowhere': must choose at least one element"):
        serious_findings(gallery, ".nowhere")


# Text on canvases, which axe-core cannot see: every text is compared with the pixels under it before it is written.

TEXT_CONTRASTS = """(where) => {
    const view = document.querySelector(`${where} .lecture-view > canvas`).lecture;
    const linear = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const one = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgb = (colour) => { one.fillStyle = colour; one.fillRect(0, 0, 1, 1); return [...one.getImageData(0, 0, 1, 1).data]; };
    const found = [], contexts = [view.ctx, view.pad?.ctx].filter(Boolean);
    for (const ctx of contexts) {
        ctx.fillText = function (text, x, y, most) {
            const size = parseFloat(this.font.match(/([0-9.]+)px/)[1]);
            const wide = Math.min(this.measureText(text).width, most ?? Infinity);
            const left = { left: 0, start: 0, center: -wide / 2, right: -wide, end: -wide }[this.textAlign];
            const ends = [[left, -size * 0.35], [left + wide, size * 0.35]].map(([dx, dy]) => this.getTransform().transformPoint({ x: x + dx, y: y + dy }));
            const [x0, x1] = [ends[0].x, ends[1].x].sort((a, b) => a - b).map(Math.round);
            const [y0, y1] = [ends[0].y, ends[1].y].sort((a, b) => a - b).map(Math.round);
            const { data } = this.getImageData(x0, y0, Math.max(1, x1 - x0), Math.max(1, y1 - y0));
            const counts = new Map();
            for (let i = 0; i < data.length; i += 4) {
                const key = data.slice(i, i + 3).join();
                counts.set(key, (counts.get(key) ?? 0) + 1);
            }
            const ink = rgb(this.fillStyle);
            let low = 0;
            for (const [key, count] of counts) {
                const paper = key.split(',').map(Number);
                const [dark, bright] = [light(paper), light(ink.map((c, i) => c * this.globalAlpha + paper[i] * (1 - this.globalAlpha)))].sort((a, b) => a - b);
                if ((bright + 0.05) / (dark + 0.05) < 4.5) low += count;
            }
            found.push([text, this.fillStyle, low / (data.length / 4)]);
            return CanvasRenderingContext2D.prototype.fillText.call(this, text, x, y, ...(most === undefined ? [] : [most]));
        };
    }
    view.draw();
    view.pad?.paint();
    for (const ctx of contexts) delete ctx.fillText;
    return found;
}"""


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPLORERS)
def test_text_in_a_picture_can_be_read_on_what_lies_under_it(themed, name):
    written = themed.evaluate(TEXT_CONTRASTS, to_explorer(themed, name))
    assert written or name == "quiz"
    assert [text for text in written if text[2] > 0.2] == []  # a line of the grid may run under a text


# The keyboard

STOPS = """(where) => {
    const root = document.querySelector(where), radios = new Set();
    const stops = [...root.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]')].filter((each) => {
        if (each.disabled || (each.tabIndex < 0 && !each.isContentEditable) || !each.offsetParent || each.type === 'file') return false;
        if (each.type !== 'radio') return true;
        if (radios.has(each.name)) return false;
        return radios.add(each.name);
    });
    stops.forEach((each, at) => { each.dataset.stop = at; });
    for (const [id, put] of [['before', 'before'], ['after', 'after']]) {
        root[put](Object.assign(document.createElement('button'), { id, textContent: id }));
    }
    return stops.length;
}"""
FOCUSED = """() => {
    const { id, dataset, tagName, className } = document.activeElement;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(document.activeElement);
    const box = (each) => { const { left, top, right, bottom } = each.getBoundingClientRect(); return { left, top, right, bottom }; };
    const group = document.activeElement.closest('.lecture-view, .widget-box, .jp-OutputArea');
    return { id, stop: dataset.stop === undefined ? null : Number(dataset.stop), tag: tagName, kind: `${tagName} ${className}`,
        ring: `${outlineStyle} ${outlineWidth} ${outlineColor}`, ...box(document.activeElement), group: group && box(group) };
}"""
TIDY = """() => {
    document.getElementById('before').remove();
    document.getElementById('after').remove();
    for (const each of document.querySelectorAll('[data-stop]')) delete each.dataset.stop;
}"""


def walk(page, where, key="Tab", each=lambda focused: None):
    """What has the focus, press by press, from before an explorer until after it (backwards with Shift+Tab)."""
    count = page.evaluate(STOPS, where)
    start, end = ("after", "before") if key == "Shift+Tab" else ("before", "after")
    page.evaluate("id => document.getElementById(id).focus()", start)
    seen = []
    try:
        for _ in range(count + 1):
            page.keyboard.press(key)
            focused = page.evaluate(FOCUSED)
            if focused["id"] == end:
                break
            seen.append(focused)
            each(focused)
        assert page.evaluate("document.activeElement.id") == end, "a trap, or another stop than those found"
    finally:
        page.evaluate(TIDY)
    return count, seen


def is_before(one, other):
    """Whether a box lies wholly above another, or beside it on the left."""
    beside = one["top"] < other["bottom"] and other["top"] < one["bottom"]
    return one["bottom"] <= other["top"] + 1 or (beside and one["right"] <= other["left"] + 1)


def is_back(one, other):
    """Whether the step from one stop to the other leads back on the page: within a group of controls, or between two."""
    if one["group"] == other["group"]:
        return is_before(other, one)
    return is_before(other["group"], one["group"])


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPLORERS)
def test_tab_goes_through_every_control_in_reading_order_with_a_ring_and_out_again(themed, name):
    where = to_explorer(themed, name)
    count, seen = walk(themed, where)
    assert [each["stop"] for each in seen] == list(range(count))
    assert ("CANVAS" in [each["tag"] for each in seen]) == (name != "quiz")
    steps = zip(seen, seen[1:], strict=False)
    assert [(one["kind"], other["kind"]) for one, other in steps if is_back(one, other)] == []
    ring = themed.evaluate(
        "w => { const b = document.createElement('b'); b.style.color = 'var(--lecture-focus)'; document.querySelector(w).append(b);"
        " const { color } = getComputedStyle(b); b.remove(); return color; }",
        where,
    )
    assert {each["ring"] for each in seen} == {f"solid 3px {ring}"}
    _, back = walk(themed, where, "Shift+Tab")
    assert [each["stop"] for each in back] == list(reversed(range(count)))


def luminance(pixels):
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def pixels_around(page, box, rim=5):
    clip = {"x": box["left"] - rim, "y": box["top"] - rim,
            "width": box["right"] - box["left"] + 2 * rim, "height": box["bottom"] - box["top"] + 2 * rim}  # fmt: skip
    return np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip, caret="hide"))).convert("RGB")) / 255


def ring_width(page, box):
    """Pixels that the focus changes by 3:1 or more, a pixel of the element's outline."""
    with_focus = luminance(pixels_around(page, box))
    page.evaluate("() => { window.left = document.activeElement; left.blur(); }")
    without = luminance(pixels_around(page, box))
    page.evaluate("left.focus({ preventScroll: true, focusVisible: true })")
    low, high = np.minimum(with_focus, without), np.maximum(with_focus, without)
    round_it = 2 * (box["right"] - box["left"] + box["bottom"] - box["top"])
    return ((high + 0.05) / (low + 0.05) >= 3).sum() / round_it


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lab", "layer editor", "draw a digit", "film", "quiz", "confusion"])
def test_the_ring_is_seen(themed, name):
    widths = {}

    def measure(focused):
        if focused["kind"] not in widths:
            widths[focused["kind"]] = round(float(ring_width(themed, focused)), 2)

    walk(themed, to_explorer(themed, name), each=measure)
    assert [kind for kind, width in widths.items() if width < 1.5] == [], widths


# What the mouse chooses in a picture

STATES = "['row', 'col', 'step', 'layer', 'item', 'kernel', 'unit'].map((name) => JSON.stringify(view.model.get(name)))"
PRESS_EVERYWHERE = f"""(where) => {{
    const canvas = document.querySelector(`${{where}} .lecture-view > canvas`), view = canvas.lecture;
    const {{ left, top, width, height }} = canvas.getBoundingClientRect();
    const names = ['row', 'col', 'step', 'layer', 'item', 'kernel', 'unit'], seen = names.map(() => new Set());
    const look = () => {STATES}.forEach((value, i) => seen[i].add(value));
    look();
    for (let y = 40; y < height; y += 17) for (let x = 6; x < width; x += 19) {{
        const at = {{ clientX: left + x, clientY: top + y, buttons: 1, bubbles: true }};
        canvas.dispatchEvent(new PointerEvent('pointerdown', at));
        look();
    }}
    return names.filter((_, i) => seen[i].size > 1);
}}"""
PRESS_ARROWS = f"""(where) => {{
    const canvas = document.querySelector(`${{where}} .lecture-view > canvas`), view = canvas.lecture;
    const names = ['row', 'col', 'step', 'layer', 'item', 'kernel', 'unit'], seen = names.map(() => new Set());
    const look = () => {STATES}.forEach((value, i) => seen[i].add(value));
    for (const key of ['Home', 'ArrowDown', 'ArrowRight', 'End', 'ArrowUp', 'ArrowLeft', 'ArrowUp', 'ArrowUp']) {{
        look();
        canvas.dispatchEvent(new KeyboardEvent('keydown', {{ key, bubbles: true, cancelable: true }}));
        look();
    }}
    return names.filter((_, i) => seen[i].size > 1);
}}"""


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPLORERS)
def test_what_the_mouse_chooses_in_a_picture_the_arrow_keys_choose_too(explorer, gallery, name):
    where = to_explorer(gallery, name)
    by_mouse, by_keys = (set(gallery.evaluate(press, where)) for press in (PRESS_EVERYWHERE, PRESS_ARROWS))
    beside = {"layer"} if name == "field" else set()  # its slider is tested in test_lab
    assert by_mouse - beside <= by_keys


# Movement

PICTURES = """() => [...document.querySelectorAll('.lecture-view canvas')].map((canvas) =>
    [canvas.toDataURL(), JSON.stringify(canvas.lecture ? [canvas.lecture.model.get('col'), canvas.lecture.model.get('step')] : 0)].join())"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["step", "film", "pool", "routing"])
def test_nothing_moves_until_it_is_asked_to(gallery, name):
    to_explorer(gallery, name)
    before = gallery.evaluate(PICTURES)
    gallery.wait_for_timeout(800)
    assert gallery.evaluate(PICTURES) == before
    assert (
        gallery.evaluate(
            "document.getAnimations().filter((each) => each.effect.target?.closest('.jp-OutputArea')).length"
        )
        == 0
    )


@pytest.mark.slow
def test_who_asks_for_less_motion_sees_a_tapped_slider_jump(gallery):
    where = to_explorer(gallery, "lab")

    def glides():
        slider = gallery.locator(f"{where} .noUi-base").first
        box = slider.bounding_box()
        for share in (0.8, 0.02):
            gallery.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        moving = gallery.evaluate(
            "w => document.getAnimations().filter((each) => each.effect.target?.closest(w)).length", where
        )
        gallery.wait_for_timeout(400)
        return moving

    usual = glides()
    gallery.emulate_media(reduced_motion="reduce")
    reduced = glides()
    gallery.emulate_media(reduced_motion="no-preference")
    assert usual > 0
    assert reduced == 0


# Outputs of a notebook


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """A notebook with every kind of output; it comes last, for it takes the gallery's place."""
    browser.set_viewport_size({"width": 1280, "height": 720})
    open_cells(lab, browser, *OUTPUTS.values())
    return browser


@pytest.fixture(scope="module", params=["light", pytest.param("dark", marks=pytest.mark.slow)])
def page_of_outputs(notebook, request):
    change_theme(notebook, dark=request.param == "dark")
    yield notebook
    change_theme(notebook, dark=False)


def to_output(page, name):
    index = list(OUTPUTS).index(name)
    page.evaluate("i => window.jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start')", index)
    page.locator(f"{cell(index)} .jp-OutputArea-output").first.wait_for()
    page.wait_for_timeout(200)
    return f"{cell(index)} .jp-OutputArea"


@pytest.mark.parametrize("name", list(OUTPUTS)[1:])
def test_an_output_has_no_serious_finding_folded_or_open(page_of_outputs, name):
    where = to_output(page_of_outputs, name)
    assert serious_findings(page_of_outputs, where) == []
    folds = page_of_outputs.locator(f"{where} details")
    if folds.count():
        folds.evaluate_all("all => all.forEach((each) => { each.open = true; })")
        assert serious_findings(page_of_outputs, where) == []
        folds.evaluate_all("all => all.forEach((each) => { each.open = false; })")


@pytest.mark.parametrize("name", ["answer", "hints"])
def test_a_fold_is_reached_opened_and_closed_by_keys_and_its_ring_is_seen(page_of_outputs, name):
    page = page_of_outputs
    where = to_output(page, name)
    seen = []
    count, _ = walk(page, where.replace(".jp-OutputArea", ".jp-OutputArea-output"), each=seen.append)
    fold = page.locator(f"{where} details").first
    fold.locator("summary").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    focused = page.evaluate(FOCUSED)
    assert focused["tag"] == "SUMMARY"
    assert ring_width(page, focused) >= 1
    for is_open in (True, False):
        page.keyboard.press("Space")
        assert fold.evaluate("each => each.open") is is_open
