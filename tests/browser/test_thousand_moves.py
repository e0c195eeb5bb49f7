"""Explorers moved over and over by key in a real JupyterLab: the browser tab's memory stays level."""

import os
import random

import pytest

from tests.browser.test_lab import EXPLORERS, explorer, gallery  # noqa: F401

pytestmark = pytest.mark.slow

MOVES = int(os.environ.get("FUZZ_MOVES", 60))  # make fuzz: 1000
NAMES = list(EXPLORERS) if MOVES >= 1000 else ["layer editor"]
SLOPE = 200  # bytes a move, measured between two halves of the moves
KEYS = ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown")
CONTROLS = (
    "[role=slider]:visible, select:visible, input[type=checkbox]:visible, input[type=radio]:visible, canvas:visible"
)
IDLE = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"


def move(page, part, times, order):
    """Press an arrow key ``times`` times, ten on one control before it is another's turn."""
    for _ in range(0, times, 10):
        order.choice(
            part.locator(CONTROLS).element_handles()
        ).focus()  # one that a menu has hidden by now stays as it is
        for _ in range(10):
            page.keyboard.press(order.choice(KEYS))
        page.wait_for_timeout(20)
        page.wait_for_function(IDLE)


def held(devtools):
    """Bytes of the tab's JavaScript heap that are still in use, and how many nodes and listeners there are."""
    for _ in range(3):  # what a finalizer lets go is only gone the next time
        devtools.send("HeapProfiler.collectGarbage")
    counted = devtools.send("Memory.getDOMCounters")
    return devtools.send("Runtime.getHeapUsage")["usedSize"], counted["nodes"], counted["jsEventListeners"]


@pytest.mark.parametrize("name", NAMES)
def test_moves_leave_no_memory_and_no_element_behind_in_the_browser(gallery, explorer, name):  # noqa: F811
    part, order = explorer(name), random.Random(0)  # noqa: S311  moves, not secrets
    devtools = gallery.context.new_cdp_session(gallery)
    try:
        move(gallery, part, max(MOVES, 200), order)  # caches fill
        before = held(devtools)
        move(gallery, part, MOVES, order)
        after = held(devtools)
    finally:
        devtools.detach()
    more = [late - early for late, early in zip(after, before, strict=True)]
    print(f"{name}: {more[0] / MOVES:.0f} bytes a move, {more[1]} nodes and {more[2]} listeners more")
    assert more[0] < SLOPE * MOVES + 500_000  # JupyterLab's own messages come and go
    assert more[1] < 100 and more[2] < 50
