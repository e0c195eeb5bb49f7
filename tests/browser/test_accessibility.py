"""Explorers for people who do not use a mouse, see little, or bear no movement."""

import io

import numpy as np
import pytest
from PIL import Image

from lecture_lib.chapters.convolution.does_it_fit import does_it_fit
from lecture_lib.chapters.convolution.lab import convolution_lab
from lecture_lib.explore import Slider
from tests.explorers import example, explorers
from tools.browser import serious_findings

WHERE = ".lecture"
QUESTIONS = ("ask", "make_guess", "vote")
"""Explorers without a picture."""


@pytest.fixture
def tall(shown, page):
    """Shows an explorer in a window that holds the whole of it: axe-core does not judge what is scrolled away."""

    def tall(explorer, theme="light"):
        page.set_viewport_size({"width": 1280, "height": 1100})
        return shown(explorer, theme=theme)

    return tall


# What axe-core finds


EVERY_EXPLORER = pytest.mark.parametrize("name", explorers())
BOTH_THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


@pytest.mark.slow
@BOTH_THEMES
@EVERY_EXPLORER
def test_an_explorer_has_no_serious_finding(tall, name, theme):
    page = tall(example(name), theme)
    assert page.locator(".lecture-readout").bounding_box()["y"] < 1050
    assert serious_findings(page, WHERE) == []


def test_a_fault_is_found_and_named(tall):
    page = tall(does_it_fit())
    assert serious_findings(page, WHERE) == []
    page.evaluate("document.querySelector('.lecture label').remove()")
    page.evaluate("document.querySelector('.lecture-readout').style.color = '#777'")
    rules = sorted(text.split(" (")[0] for text in serious_findings(page, WHERE))
    assert rules == ["color-contrast", "label-title-only"]
    with pytest.raises(ValueError, match="within='.nowhere': must choose at least one element"):
        serious_findings(page, ".nowhere")


# Text on canvases, which axe-core cannot see: every text is compared with the pixels under it before it is written.

TEXT_CONTRASTS = """() => {
    const [view] = explorers;
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
@BOTH_THEMES
@EVERY_EXPLORER
def test_text_in_a_picture_can_be_read_on_what_lies_under_it(tall, name, theme):
    written = tall(example(name), theme).evaluate(TEXT_CONTRASTS)
    assert written or name in QUESTIONS
    assert [text for text in written if text[2] > 0.2] == []  # a line of the grid may run under a text


# The keyboard

STOPS = """(where) => {
    const root = document.querySelector(where), radios = new Set();
    const stops = [...root.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]')].filter((each) => {
        if (each.disabled || (each.tabIndex < 0 && !each.isContentEditable) || !each.offsetParent || each.type === 'file') return false;
        if (each.type !== 'radio') return true;
        if (!each.checked && root.querySelector(`input[name="${each.name}"]:checked`)) return false; // the chosen one has the focus
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
    const { id, dataset, tagName, className, type = '' } = document.activeElement;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(document.activeElement);
    const box = (each) => { const { left, top, right, bottom } = each.getBoundingClientRect(); return { left, top, right, bottom }; };
    const groups = [":is(.lecture-head, .lecture-stage, [class*='lecture-area-'], .jp-OutputArea)", '.lecture-control'];
    return { id, stop: dataset.stop === undefined ? null : Number(dataset.stop), tag: tagName, kind: `${tagName} ${type} ${className}`,
        ring: `${outlineStyle} ${outlineWidth} ${outlineColor}`, ...box(document.activeElement),
        groups: groups.map((each) => document.activeElement.closest(each)).filter((each) => each).map(box) };
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
    """Whether the step from one stop to the other leads back on the page: from column to column, control to control, or within one."""
    for here, there in zip(one["groups"], other["groups"], strict=False):
        if here != there:
            return is_before(there, here)
    return is_before(other, one)


@pytest.mark.slow
@BOTH_THEMES
@EVERY_EXPLORER
def test_tab_goes_through_every_control_in_reading_order_with_a_ring_and_out_again(tall, name, theme):
    page = tall(example(name), theme)
    count, seen = walk(page, WHERE)
    assert [each["stop"] for each in seen] == list(range(count))
    assert ("CANVAS" in [each["tag"] for each in seen]) == (name not in QUESTIONS)
    steps = zip(seen, seen[1:], strict=False)
    assert [(one["kind"], other["kind"]) for one, other in steps if is_back(one, other)] == []
    ring = page.evaluate(
        "() => { const b = document.createElement('b'); b.style.color = 'var(--lecture-act)';"
        " document.querySelector('.lecture').append(b); const { color } = getComputedStyle(b); b.remove(); return color; }"
    )
    assert {each["ring"] for each in seen} == {f"solid 3px {ring}"}
    _, back = walk(page, WHERE, "Shift+Tab")
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
@BOTH_THEMES
@EVERY_EXPLORER
def test_the_ring_is_seen(tall, name, theme):
    page, widths = tall(example(name), theme), {}

    def measure(focused):
        if focused["kind"] not in widths:
            widths[focused["kind"]] = round(float(ring_width(page, focused)), 2)

    walk(page, WHERE, each=measure)
    assert [kind for kind, width in widths.items() if width < 1.5] == [], widths


# What the mouse chooses in a picture

PRESS_EVERYWHERE = """() => {
    const [{ canvas }] = explorers, seen = watched();
    const { left, top, width, height } = canvas.getBoundingClientRect();
    for (let y = 40; y < height; y += 17) for (let x = 6; x < width; x += 19) {
        canvas.dispatchEvent(new PointerEvent('pointerdown', { clientX: left + x, clientY: top + y, buttons: 1, bubbles: true }));
        seen.look();
    }
    return seen.changed();
}"""
PRESS_ARROWS = """() => {
    const [{ canvas }] = explorers, seen = watched();
    for (const key of ['Home', 'ArrowDown', 'ArrowRight', 'End', 'ArrowUp', 'ArrowLeft', 'ArrowUp', 'ArrowUp']) {
        canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        seen.look();
    }
    return seen.changed();
}"""
WATCHED = """() => (window.watched = () => { // which indices have had more than one value; what is drawn is none
    const [explorer] = explorers, values = {};
    const look = () => Object.entries(explorer.state).filter(([name]) => explorer.spec.indices[name].kind !== 'free')
        .forEach(([name, value]) => (values[name] ??= new Set()).add(value));
    look();
    return { look, changed: () => Object.keys(values).filter((name) => values[name].size > 1) };
})"""


@pytest.mark.slow
@EVERY_EXPLORER
def test_what_the_mouse_chooses_in_a_picture_the_arrow_keys_choose_too(tall, name):
    explorer = example(name)
    page = tall(explorer)
    page.evaluate(WATCHED)
    by_mouse, by_keys = (set(page.evaluate(press)) for press in (PRESS_EVERYWHERE, PRESS_ARROWS))
    sliders = {each.name for each in explorer.parts["controls"] if isinstance(each, Slider)}  # keys move these there
    assert by_mouse - sliders <= by_keys


# Movement

PICTURES = "[explorers[0].canvas.toDataURL(), JSON.stringify(explorers[0].state)].join()"


@pytest.mark.slow
@EVERY_EXPLORER
def test_nothing_moves_until_it_is_asked_to(tall, name):
    page = tall(example(name))
    before = page.evaluate(PICTURES)
    page.wait_for_timeout(800)
    assert page.evaluate(PICTURES) == before
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_a_tapped_slider_jumps(tall, page, motion):
    page.emulate_media(reduced_motion=motion)
    tall(convolution_lab())
    slider = page.get_by_label("Stride", exact=True)
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 0.98 * box["width"], box["y"] + box["height"] / 2)
    assert page.evaluate("document.getAnimations().length") == 0
    assert slider.get_attribute("aria-valuetext") == "4"
    page.emulate_media(reduced_motion="no-preference")
