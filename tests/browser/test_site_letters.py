"""The lecture's deck from the last row of seats: how large every letter comes out, and how much of a slide is used."""

import pytest

from tools.browser import LIVING

pytestmark = pytest.mark.slow

LEAST = 24  # px on a slide of 1280 × 720, of what the room must read
# What may be smaller, since no hall must read it: the site's own note that a control needs Python (the live deck has none), the
# slide's number in its corner (no part of the slide), and in pictures the numbers along an axis (they say so themselves).
SMALLER = ".needs"
NARROW = 0.85  # of its own width that a text in a picture keeps, where it has little room

# What is drawn on a canvas since all of it was last painted over: text, height in pixels of the canvas, share of its own width.
WRITTEN = """
const { fillText, fillRect } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most) {
    const { c, d } = this.getTransform();
    const high = parseFloat(/([\\d.]+)px/.exec(this.font)[1]) * Math.hypot(c, d);
    if (String(text).trim()) (this.canvas.written ??= []).push([String(text), high, Math.min(1, (most ?? Infinity) / this.measureText(text).width)]);
    return fillText.apply(this, arguments);
};
CanvasRenderingContext2D.prototype.fillRect = function (x, y, w, h) {
    const { a, d } = this.getTransform();
    if (x === 0 && y === 0 && w * a >= this.canvas.width && h * d >= this.canvas.height) this.canvas.written = [];
    return fillRect.apply(this, arguments);
};
"""

# [text, its height in pixels of the window, share of its own width] of all that the slide shows after so many presses.
LETTERS = """([at, presses, smaller]) => {
    lectureDeck.go(at, presses);
    const slide = lectureDeck.slides[at];
    lectureDeck.fit(slide, lectureFit.scale()); // now, not when the page next comes to it
    const seen = (each) => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !each.closest(`noscript, .notes, .paper, ${smaller}`);
    const size = (each) => parseFloat(getComputedStyle(each).fontSize) * each.currentCSSZoom;
    const found = [];
    const texts = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { currentNode: node, currentNode: { parentElement: parent } } = texts;
        const range = new Range();
        range.selectNodeContents(node);
        if (node.textContent.trim() && !parent.closest("option, annotation") && seen(parent) && range.getBoundingClientRect().width > 1)
            found.push([node.textContent.trim(), size(parent), 1]);
    }
    for (const each of slide.querySelectorAll("input:not([type=range], [type=radio], [type=file]), select, textarea"))
        if (seen(each) && each.getBoundingClientRect().width > 1) found.push([each.value, size(each), 1]);
    for (const each of slide.querySelectorAll("canvas")) if (seen(each))
        found.push(...(each.written ?? []).map(([text, high, wide]) => [text, (high * each.getBoundingClientRect().width) / each.width, wide]));
    for (const each of slide.querySelectorAll("img:not(.paper *)")) if (seen(each)) {
        if (each.dataset.letters === undefined) found.push([`a picture that does not say how large its letters are: ${each.alt}`, 0, 1]);
        else if (each.dataset.letters) found.push([each.alt, (each.dataset.letters * each.getBoundingClientRect().width) / each.naturalWidth, 1]);
    }
    return found;
}"""

USED = """() => {
    const boxes = [...document.querySelectorAll(".slide.here .part")].map((each) => each.getBoundingClientRect());
    return (Math.max(...boxes.map(({ bottom }) => bottom)) - Math.min(...boxes.map(({ top }) => top))) / innerHeight;
}"""


@pytest.fixture(scope="module")
def lecture(site, browser):
    """The lecture's deck, in a window of its own."""
    context = browser.context.browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.add_init_script(WRITTEN)
    page.add_init_script(LIVING)
    page.goto(f"file://{site}/slides/lecture.html")
    yield page
    context.close()


def enter(page, at):
    """Show a slide and wait until it is ready; how many presses it has."""
    page.evaluate("at => lectureDeck.go(at, 99)", at)
    page.wait_for_function("document.querySelector('.slide.here').dataset.ready === 'yes'")
    return page.evaluate("lectureDeck.shown")


def test_nothing_that_the_room_must_read_is_below_24_of_720_pixels(lecture):
    small = {}
    for at in range(lecture.evaluate("lectureDeck.slides.length")):
        for presses in range(enter(lecture, at) + 1):
            found = lecture.evaluate(LETTERS, [at, presses, SMALLER])
            assert found, "a slide has words"
            wrong = [each for each in found if each[1] < LEAST - 0.05 or each[2] < NARROW]
            if wrong:
                small[at + 1, presses] = wrong
    assert small == {}


def test_the_numbers_of_a_unit_that_a_hand_opens_are_as_large_in_every_layer(lecture):
    at = lecture.evaluate("lectureDeck.titles.indexOf('It always answers with a digit')")
    enter(lecture, at)
    open_ = """(layer) => { const { explorer } = document.querySelector(".slide.here .lecture");
        explorer.choose({ layer, unit: 9 });
        return explorer.drawn[0].terms.length; }"""
    zones = [lecture.evaluate(open_, 0)]
    small = {}
    for layer in range(1, 8):
        zones.append(lecture.evaluate(open_, layer))
        found = lecture.evaluate(LETTERS, [at, 0, SMALLER])
        small[layer] = [each for each in found if each[1] < LEAST - 0.05 or each[2] < NARROW]
    assert {layer: each for layer, each in small.items() if each} == {}
    assert zones[0] == 0 and all(zones[1:])  # each of them was opened


def test_no_slide_is_less_than_half_used(lecture):
    used = {}
    for at in range(lecture.evaluate("lectureDeck.slides.length")):
        enter(lecture, at)
        used[at + 1] = lecture.evaluate(USED)
    assert {at: share for at, share in used.items() if share < 0.5} == {}
