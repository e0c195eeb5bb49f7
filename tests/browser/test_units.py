"""What the browser shows of units, class vectors and mistakes is what Python computed; mouse and keys choose."""

import numpy as np
import pytest

from lecture_lib import data, models, widgets
from tests.browser.test_view import bare, state_of
from tests.explorers import array

__all__ = ["bare"]


@pytest.fixture(scope="module")
def net():
    return models.trained_lenet5()[0]


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return images[:40], labels[:40]


def opened(page, explorer):
    page.evaluate("state => open(state)", state_of(explorer))
    return explorer


def pixel(page, x, y):
    """The colour of the canvas at CSS pixels (x, y)."""
    return page.evaluate(
        "([x, y]) => [...view.ctx.getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1).data].slice(0, 3)",
        [x, y],
    )


def click(page, panel, row, col):
    """Click the cell of a panel that has cells to choose."""
    x, y, cell = page.evaluate("at => { const { x, y, cell } = view.drawn[at].grid; return [x, y, cell]; }", panel)
    page.locator("canvas").click(position={"x": x + (col + 0.5) * cell, "y": y + (row + 0.5) * cell})


def place(page):
    return page.evaluate("[model.get('row'), model.get('col')]")


def test_layer_map_and_digit_choose_what_is_shown_of_them(bare, net):
    explorer = opened(bare, widgets.layer_responses(net, digits=3, searched=20))
    before = 0
    for level, count in enumerate(explorer.view.counts):
        bare.evaluate("changes => model.set(changes)", {"level": level, "kernel": count - 1, "item": 2})
        assert bare.evaluate("readout()").strip() == explorer.view.texts[before + count - 1]
        answer = array(explorer.view.arrays["answers"][level])[2, count - 1]
        drawn = bare.evaluate("(() => { const { source } = view.drawn[2]; const size = source.rows * source.cols;"
                              " return [...source.values.subarray(source.offset, source.offset + size)]; })()")  # fmt: skip
        assert np.allclose(drawn, answer.ravel(), atol=1e-6)
        before += count
