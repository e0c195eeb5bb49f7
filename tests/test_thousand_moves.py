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

from lecture_lib.explore.spec import Numbers, Options
from tests.explorers import example, explorers

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("own_progress")]

MOVES = int(os.environ.get("FUZZ_MOVES", 30))  # make fuzz: 1000
SLOPE = 100  # bytes a move, measured between two halves of the moves
PARTS = 10 if MOVES >= 1000 else 1  # of a half: networks remember their last input, and it may have been a large one
every_explorer = pytest.mark.parametrize("name", explorers())


def movable(explorer):
    """Every index that a hand can move, with a handful of its values."""
    found = {}
    for name, index in explorer.declared.items():
        if isinstance(index, Numbers):
            places = np.unique(np.linspace(0, index.count() - 1, 7).astype(int)).tolist()
            found[name] = [round(index.low + place * index.step, 9) for place in places]
        elif isinstance(index, Options):
            found[name] = list(range(index.count()))[:8]
    return found


def move(explorer, times, order):
    """Move indices one after another; an answer may bring others."""
    for _ in range(times):
        indices = movable(explorer)
        if not indices:
            return
        name = order.choice(list(indices))
        explorer.state = {name: order.choice(indices[name])}
    for _ in range(2):  # to one and the same setting, so that what it holds is no growth
        for name in movable(explorer):
            explorer.state = {name: movable(explorer)[name][0]}
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
        explorer = example(name)
        for index, values in list(movable(explorer).items()):  # caches fill
            for value in values:
                explorer.state = {index: value}
        move(explorer, min(2 * MOVES, 200), order)
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
    return {name: value for name, value in explorer.get_state().items() if name not in ("layout", "told", "heard")}


@every_explorer
def test_an_interrupt_at_any_line_of_a_move_leaves_the_next_move_working(name):
    order = random.Random(1)  # noqa: S311
    explorer = example(name)
    for lines in itertools.chain(range(1, 12), (20, 40, 80, 160)):
        indices = movable(explorer)
        if not indices:
            break
        index = order.choice(list(indices))
        value = order.choice(indices[index])
        Press(lines).during(lambda index=index, value=value: setattr(explorer, "state", {index: value}))
    for index in list(movable(explorer)):  # every index once more, whatever was broken off
        for at in (0, -1, 0):
            explorer.state = {index: movable(explorer)[index][at]}
    explorer._repr_mimebundle_()
    explorer.close()


@every_explorer
def test_an_interrupt_while_an_explorer_is_made_leaves_the_next_one_as_ever(name):
    expected = example(name)
    for lines in (1, 5, 25, 125, 625):
        Press(lines).during(lambda: example(name))
    again = example(name)
    assert again.state == expected.state
    assert shown(again) == shown(expected)
    assert again._repr_mimebundle_()[0]["image/png"] == expected._repr_mimebundle_()[0]["image/png"]
