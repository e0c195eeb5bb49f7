"""What holds for every explorer in a browser: names for screen readers, room on a slide and on a phone, memory that stays level."""

import os
import random

import pytest

from tests.explorers import example, explorers

MOVES = int(os.environ.get("FUZZ_MOVES", 200))  # make fuzz: 1000
SLOPE = 200  # bytes a move
ROUNDS = 8
"""What is left behind grows in every round of moves; what the browser compiles now and then does not."""
KEYS = ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown")
CONTROLS = "input:visible:enabled:not([type=file]), select:visible:enabled, canvas:visible"
MOST = 640
"""Pixels of an explorer's height at 1280 × 720, as the design's rules say; they were 600 before its pictures grew."""
LEAST_SIDE = 340
"""Pixels of the larger side of a photo, a map or a grid, where up to three pictures stand side by side."""
SMALL = {"does_it_fit": 1, "first_look": 1}
"""How many pictures of an explorer are smaller: the cells of "Does it fit?" are of one size, so a small output is small; the
first picture of notebook 01 stands with its question and its sliders above the fold."""
PICTURES = """explorers[0].drawn.map(({ panel, grid }) => ["grid", "sheet", "window", "fit"].includes(panel.kind) && grid
    ? Math.max(grid.rows, grid.cols) * grid.cell : Infinity).map((side) => side + 0.5)"""
"""The larger side of each picture; of what is no photo, map or grid endless."""
every_explorer = pytest.mark.parametrize("name", explorers())

UNNAMED = """[...document.querySelectorAll('select, input, textarea, button, canvas, progress')].filter((c) => c.offsetParent
    && c.type !== 'file' && !c.getAttribute('aria-label') && !c.labels?.[0]?.textContent.trim() && !c.textContent.trim()).map((c) => c.outerHTML)"""
"""Controls that a screen reader could not name."""
NOT_AS_SHOWN = """[...document.querySelectorAll('.lecture-slider')].filter((each) => {
    const [range, field] = [each.querySelector('[type=range]'), each.querySelector('output, [type=text]')];
    return range.getAttribute('aria-valuetext') !== field.value;
}).map((each) => each.outerHTML)"""
"""Sliders that say something else to a screen reader than what is read beside them."""


@every_explorer
def test_every_control_has_a_name_and_every_slider_says_what_is_read_beside_it(shown, name):
    page = shown(example(name))
    assert page.evaluate(UNNAMED) == []
    assert page.evaluate(NOT_AS_SHOWN) == []
    assert page.locator("[role=status]").count() == 1


@every_explorer
def test_an_explorer_fits_a_slide_and_the_width_of_the_page(shown, page, name):
    shown(example(name))
    for width in (1280, 1000, 390):
        page.set_viewport_size({"width": width, "height": 720})
        page.wait_for_timeout(100)
        needed, height = page.evaluate(
            "[document.documentElement.scrollWidth, document.querySelector('.lecture').getBoundingClientRect().height]"
        )
        assert needed <= width + 1
        assert height <= MOST or width == 390


@every_explorer
def test_each_picture_of_an_explorer_of_up_to_three_is_large(shown, page, name):
    shown(example(name))
    sides = page.evaluate(PICTURES)
    small = [side for side in sides if side < LEAST_SIDE] if len(sides) <= 3 else []
    assert len(small) == SMALL.get(name, 0), sides


@pytest.mark.slow
@every_explorer
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_control_can_be_reached_and_moved_by_keys_in_both_themes(shown, name, theme):
    page = shown(example(name), theme=theme)
    for control in page.locator(CONTROLS).element_handles():
        control.focus()
        for key in ("ArrowRight", "End", "Home"):
            page.keyboard.press(key)
        assert page.evaluate(NOT_AS_SHOWN) == []


def move(page, times, order):
    """Press an arrow key ``times`` times, ten on one control before it is another's turn."""
    controls = page.locator(CONTROLS)
    for _ in range(0, times, 10):
        controls.nth(
            order.randrange(controls.count())
        ).focus()  # a handle of each would take four times as long, and hold it
        for _ in range(10):
            page.keyboard.press(order.choice(KEYS))


def held(page, devtools):
    """Bytes of the tab's JavaScript heap that are still in use, and how many nodes and listeners there are."""
    page.evaluate("explorers.forEach((each) => (each.past = []))")  # what can be undone is kept on purpose
    for _ in range(3):  # what a finalizer lets go is only gone the next time
        devtools.send("HeapProfiler.collectGarbage")
    counted = devtools.send("Memory.getDOMCounters")
    return devtools.send("Runtime.getHeapUsage")["usedSize"], counted["nodes"], counted["jsEventListeners"]


@pytest.mark.slow
@every_explorer
def test_moves_leave_no_memory_and_no_element_behind_in_the_browser(shown, name):
    page, order = shown(example(name)), random.Random(0)  # noqa: S311  moves, not secrets
    devtools = page.context.new_cdp_session(page)
    try:
        move(page, max(MOVES, 400), order)  # caches fill, and the browser compiles what it runs often
        before = held(page, devtools)
        for _ in range(ROUNDS):
            move(page, MOVES, order)
            after = held(page, devtools)
            more, before = [late - early for late, early in zip(after, before, strict=True)], after
            print(f"{name}: {more[0] / MOVES:.0f} bytes a move, {more[1]} nodes and {more[2]} listeners more")
            if more[0] < SLOPE * MOVES and more[1] < 100 and more[2] < 50:
                return
    finally:
        devtools.detach()
    pytest.fail(f"it grew in each of {ROUNDS} rounds of {MOVES} moves")


def test_an_explorer_that_is_taken_away_lets_go_of_its_model(shown):
    page = shown(example("does_it_fit"))
    listening = page.evaluate("explorers[0].model.listening()")
    page.evaluate("explorers[0].remove()")
    assert (listening, page.evaluate("explorers[0].model.listening()")) == (1, 0)
