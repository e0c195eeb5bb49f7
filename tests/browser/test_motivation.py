"""The explorers of notebook 01 in the browser: dragging, arrow keys and clicks choose what Python has computed."""

import numpy as np
import pytest

from lecture_lib import data, models, style, transforms, widgets
from lecture_lib.chapters.motivation import wiring
from lecture_lib.ops import softmax
from lecture_lib.training import predict
from lecture_lib.widgets.first_layer import SIDES
from tests.browser.test_view import bare, shown, state_of  # noqa: F401

REACH = 3


def prepare(images, rng=None):
    return images[:, None] / np.float32(255)


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return images[:4], labels[:4]


@pytest.fixture(scope="module")
def nets():
    return {"MLP": models.mlp([784, 10]).init(0), "CNN": models.small_cnn((4,)).init(1)}


@pytest.fixture
def opened(bare, nets, digits):  # noqa: F811
    explorer = widgets.shifted_digit(nets, *digits, reach=REACH, prepare=prepare)
    bare.set_viewport_size({"width": 1100, "height": 500})
    bare.evaluate("state => open(state)", state_of(explorer))
    return bare


def verdict(net, image):
    logits = predict(net, image[None], prepare=prepare)
    return softmax(logits)[0]


def said(nets, image, right, down):
    """What the readout should say to an image that is moved so far."""
    words = [f"Moved by {style.number(right)} to the right and {style.number(down)} down. "]
    for name, net in nets.items():
        shares = verdict(net, transforms.translate(image, down, right)).astype(np.float32)
        words.append(f"{name}: {shares.argmax()} with {np.floor(100 * shares.max() + 0.5):.0f} %. ")
    return words


def test_digit_and_verdicts_follow_every_shift(opened, nets, digits):
    for item, right, down in ((0, 0, 0), (1, 2, -3), (3, -1, 3), (2, 3, 3)):
        opened.evaluate("at => model.set(at)", {"item": item, "row": down + REACH, "col": right + REACH})
        moved = transforms.translate(digits[0][item], down, right)
        assert np.array_equal(shown(opened, "what the networks see"), style.colours(moved, "image"))
        readout = opened.evaluate("readout()")
        for words in said(nets, digits[0][item], right, down):
            assert words in readout


def middle(page, title):
    """The middle of a panel's picture on the page, and the side of one of its cells."""
    return page.evaluate(
        """title => {
            const { grid } = view.drawn.find(({ panel }) => panel.title === title);
            const { left, top } = view.canvas.getBoundingClientRect();
            return [left + grid.x + grid.cols * grid.cell / 2, top + grid.y + grid.rows * grid.cell / 2, grid.cell];
        }""",
        title,
    )


def place(page):
    return page.evaluate("[model.get('col'), model.get('row')]")


def test_a_drag_brings_the_digit_to_the_pointer(opened):
    x, y, cell = middle(opened, "what the networks see")
    opened.mouse.move(x + 2.5 * cell, y)
    assert place(opened) == [REACH, REACH]  # pointing alone moves nothing
    opened.mouse.down()
    opened.mouse.move(x + 2.5 * cell, y - 0.5 * cell)
    opened.mouse.up()
    assert place(opened) == [REACH + 2, REACH - 1]
    opened.mouse.move(x, y)
    assert place(opened) == [REACH + 2, REACH - 1]
    opened.mouse.move(x + 12 * cell, y + 12 * cell)
    opened.mouse.down()
    opened.mouse.up()
    assert place(opened) == [2 * REACH, 2 * REACH]  # no farther than there are verdicts


def test_arrow_keys_move_the_digit_and_stop_at_the_ends(opened):
    opened.focus("canvas")
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        opened.keyboard.press(key)
    assert place(opened) == [REACH + 2, REACH - 1]
    for _ in range(9):
        opened.keyboard.press("ArrowLeft")
    assert place(opened) == [0, REACH - 1]


def test_arrow_keys_go_along_the_curves_of_the_first_layer(bare):  # noqa: F811
    explorer = widgets.first_layer()
    bare.set_viewport_size({"width": 1100, "height": 500})
    bare.evaluate("state => open(state)", state_of(explorer))
    at = SIDES.index(200)
    assert bare.evaluate("readout()") == widgets.describe_first_layer(200, 3, 1000, 5)
    bare.focus("canvas")
    bare.keyboard.press("ArrowRight")
    assert bare.evaluate("model.get('step')") == at + 1
    assert bare.evaluate("readout()") == widgets.describe_first_layer(SIDES[at + 1], 3, 1000, 5)
    bare.keyboard.press("End")
    assert bare.evaluate("readout()") == widgets.describe_first_layer(SIDES[-1], 3, 1000, 5)
    bare.evaluate("model.set({ step: 0 })")  # as its slider does
    assert bare.evaluate("model.get('col')") == 0
    assert bare.evaluate("readout()") == widgets.describe_first_layer(SIDES[0], 3, 1000, 5)


@pytest.mark.parametrize("step", ["dense", "shared"])
def test_a_click_on_a_unit_chooses_its_lines(bare, step):  # noqa: F811
    explorer = widgets.connections(step)
    bare.set_viewport_size({"width": 1100, "height": 500})
    bare.evaluate("state => open(state)", state_of(explorer))
    x, y, cell = bare.evaluate(
        """() => {
            const { grid } = view.drawn[0];
            const { left, top } = view.canvas.getBoundingClientRect();
            return [left + grid.x, top + grid.y + grid.cell / 2, grid.cell];
        }"""
    )
    bare.mouse.click(x + 6.5 * cell, y)
    assert bare.evaluate("model.get('col')") == 6
    bare.focus("canvas")
    bare.keyboard.press("End")
    assert bare.evaluate("model.get('col')") == wiring.shared(10, 3).units - 1 == 7
