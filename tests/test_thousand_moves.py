"""Explorers moved over and over: the kernel's memory stays level, no widget is left behind, no figure stays open."""

import gc
import itertools
import os
import random
import sys
import tracemalloc
import warnings

import ipywidgets
import matplotlib.pyplot
import numpy as np
import pytest

from tests.test_widgets import EXPLORERS

pytestmark = pytest.mark.slow

MOVES = int(os.environ.get("FUZZ_MOVES", 30))  # make fuzz: 1000
SLOPE = 100  # bytes a move, measured between two halves of the moves
PARTS = 10 if MOVES >= 1000 else 1  # of a half: networks remember their last input, and it may have been a large one
every_explorer = pytest.mark.parametrize("name", EXPLORERS)


def movable(explorer):
    """Every control with a value that a hand can change."""
    found, waiting = [], list(explorer.children[:-1])
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, ipywidgets.Box):
            waiting.extend(each.children)
        elif values_of(each):
            found.append(each)
    return found


def values_of(control):
    """Values that a control can take, a handful."""
    if hasattr(control, "_options_values"):
        return list(control._options_values)[:8]
    if isinstance(control, ipywidgets.IntSlider):
        return np.linspace(control.min, control.max, 7).astype(int).tolist()
    if isinstance(control, ipywidgets.FloatSlider):
        return np.linspace(control.min, control.max, 7).tolist()
    if isinstance(control, ipywidgets.ToggleButton | ipywidgets.Checkbox):
        return [True, False]
    return []


def move(explorer, times, order):
    """Move controls one after another; menus may bring other controls."""
    for _ in range(times):
        controls = movable(explorer)
        if not controls:
            explorer.view.row = order.randrange(3)
            continue
        control = order.choice(controls)
        control.value = order.choice(values_of(control))
    for _ in range(2):  # to one and the same setting, so that what it holds is no growth
        for control in movable(explorer):
            control.value = values_of(control)[0]
    gc.collect()


def most_held(explorer, times, order):
    """Bytes in use after parts of the moves, the most of them."""
    found = []
    for _ in range(PARTS):
        move(explorer, times // PARTS, order)
        found.append(tracemalloc.get_traced_memory()[0])
    return max(found)


@every_explorer
def test_moves_leave_no_memory_no_widget_and_no_figure_behind(name):
    order = random.Random(0)  # noqa: S311  moves, not secrets
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tracemalloc.start()  # first, or an array that takes another's place would count as growth
        explorer = EXPLORERS[name]()
        move(explorer, min(2 * MOVES, 200), order)  # caches fill
        before = len(ipywidgets.widgets.widget._instances)
        used = most_held(explorer, MOVES if PARTS > 1 else MOVES // 2, order)
        later = most_held(explorer, MOVES, order)
        tracemalloc.stop()
        after = len(ipywidgets.widgets.widget._instances)
        explorer.close()
    print(f"{name}: {(later - used) / MOVES:.0f} bytes a move, {after - before} widgets more")
    assert after == before
    assert (later - used) / MOVES < SLOPE + 60_000 / MOVES  # Python's own tables grow in leaps
    assert matplotlib.pyplot.get_fignums() == []


# Interrupts, at any moment


class Press:
    """Raises KeyboardInterrupt at the n-th line of the library that runs."""

    def __init__(self, lines):
        self.left = lines

    def __call__(self, frame, event, _):
        if "lecture_lib" not in frame.f_code.co_filename:
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
        return self

    def during(self, work):
        """Whether ``work`` was interrupted."""
        usual = sys.gettrace()
        sys.settrace(self)
        try:
            work()
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(usual)
        return False


def shown(explorer):
    """All that the browser draws from."""
    state = explorer.view.get_state()
    return {key: state[key] for key in sorted(state) if key not in ("layout", "calm", "_dom_classes", "label")}


def settings(explorer):
    return [(each.description, each.value) for each in movable(explorer)]


@every_explorer
def test_an_interrupt_at_any_line_of_a_move_leaves_the_next_move_working(name):
    order = random.Random(1)  # noqa: S311
    explorer = EXPLORERS[name]()
    for lines in itertools.chain(range(1, 12), (20, 40, 80, 160)):
        controls = movable(explorer)
        if not controls:
            break
        control = order.choice(controls)
        value = order.choice([each for each in values_of(control) if each != control.value] or [control.value])
        Press(lines).during(lambda control=control, value=value: setattr(control, "value", value))
    for control in movable(explorer):  # every control once more, whatever was broken off
        for value in [*values_of(control)[:2], values_of(control)[0]]:
            if control in movable(explorer):
                control.value = value
    explorer._repr_mimebundle_()
    explorer.close()


@every_explorer
def test_an_interrupt_while_an_explorer_is_made_leaves_the_next_one_as_ever(name):
    expected = EXPLORERS[name]()
    for lines in (1, 5, 25, 125, 625):
        Press(lines).during(EXPLORERS[name])
    again = EXPLORERS[name]()
    assert settings(again) == settings(expected)
    assert shown(again).keys() == shown(expected).keys()
    assert again._repr_mimebundle_()[0]["image/png"] == expected._repr_mimebundle_()[0]["image/png"]
    expected.close()
    again.close()
