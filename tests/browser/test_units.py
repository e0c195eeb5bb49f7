"""What the browser shows of units, class vectors and mistakes is what Python computed; mouse and keys choose."""

import numpy as np
import pytest

from lecture_lib import data, models, widgets
from lecture_lib.probes.occlusions import covered
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


def test_a_click_on_a_patch_or_a_projection_frames_it_in_its_digit(bare, net):
    explorer = opened(bare, widgets.what_units_see(net, searched=40))
    for panel, row, col in ((1, 2, 0), (0, 1, 2)):
        click(bare, panel, row, col)
        assert place(bare) == [row, col]
        label, image, answer = array(explorer.view.arrays["numbers"][1])[0, 3 * row + col]
        words = bare.evaluate("readout()")
        assert f"Framed: number {3 * row + col + 1}, digit {label:.0f} (number {image:.0f} of the test set)" in words
        assert f"answer {answer:.2f}".rstrip("0") in words
    bare.locator("canvas").focus()
    bare.keyboard.press("ArrowRight")
    assert place(bare) == [1, 2]  # the last column
    bare.keyboard.press("ArrowUp")
    assert place(bare) == [0, 2]


def test_layer_and_unit_choose_the_words_of_that_unit(bare, net):
    explorer = opened(bare, widgets.what_units_see(net, searched=40))
    before = 0
    for level, each in enumerate(explorer.view.arrays["image"]):
        last = len(array(each)) - 1
        bare.evaluate("changes => model.set(changes)", {"level": level, "kernel": last})
        assert bare.evaluate("readout()").startswith(explorer.view.texts[before + last])
        bare.evaluate("model.set({ kernel: 9999 })")  # a slider that does not know yet of the shorter layer
        assert bare.evaluate("readout()").startswith(explorer.view.texts[before + last])
        before += last + 1


def test_a_shorter_layer_brings_the_unit_within_it(bare, net):
    opened(bare, widgets.what_units_see(net, "relu6", 83, searched=40))
    for level, kernel, last in ((3, 9, 9), (1, 9, 15), (0, 5, 5), (2, 5, 83)):
        bare.evaluate("level => model.set({ level })", level)
        assert bare.evaluate("[model.get('kernel'), model.get('last')]") == [kernel, last]


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


def test_tiles_have_the_colours_of_the_library(bare, net):
    explorer = opened(bare, widgets.what_units_see(net, searched=40))
    tables = {role: np.frombuffer(table, np.uint8).reshape(256, 3) for role, table in explorer.view.tables.items()}
    for item in range(3):
        bare.evaluate("changes => model.set(changes)", {"level": 1, "kernel": 5, "item": item})
        for panel, role, packed in (
            (0, "map", explorer.view.arrays["projections"][1][item]), (1, "image", explorer.view.arrays["patches"][1]),
        ):  # fmt: skip
            tile = array(packed)[5, 4]
            grid = bare.evaluate("at => view.drawn[at].grid", panel)
            size = (grid["cell"] - 4) / 14
            for r, c in ((3, 3), (7, 5), (10, 9)):
                at = grid["x"] + grid["cell"] + (c + 0.5) * size, grid["y"] + grid["cell"] + (r + 0.5) * size
                assert pixel(bare, *at) == tables[role][tile[r, c]].tolist()


def test_the_square_covers_what_python_covered(bare, net, digits):
    explorer = opened(bare, widgets.covered_digit(net, digits[0][:2], digits[1][:2]))
    classes = array(explorer.view.arrays["classes"])
    for level, size in enumerate((3, 5, 7, 9, 11)):
        for row, col in ((0, 0), (6, 13), (9, 4)):
            bare.evaluate("changes => model.set(changes)", {"item": 1, "level": level, "row": row, "col": col})
            rows, cols = (covered(2 * at, size, 28) for at in (row, col))
            words = bare.evaluate("readout()")
            assert words.startswith(
                f"Rows {rows[0]} to {rows[1] - 1}, columns {cols[0]} to {cols[1] - 1} are covered. Right class, {digits[1][1]}: "
            )
            chances = classes[1, level, row, col]
            right = chances.argmax() == digits[1][1]
            assert ("still the most likely" if right else f"the net says {chances.argmax()}") in words
    click(bare, 0, 3, 5)
    assert place(bare) == [3, 5]
    click(bare, 1, 11, 2)
    assert place(bare) == [11, 2]


def test_the_words_of_a_class_vector_are_its_numbers(bare, digits):
    logits = np.random.default_rng(0).normal(0, 3, (2, 10))
    explorer = opened(bare, widgets.class_vector(logits, digits[0][:2], digits[1][:2], temperatures=(0.5, 1, 4)))
    for item, level in ((0, 0), (1, 1), (1, 2)):
        bare.evaluate("changes => model.set(changes)", {"row": item, "col": level})
        label, right, loss, top, most = array(explorer.view.arrays["numbers"])[item, level]
        words = bare.evaluate("readout()")
        assert words.startswith(explorer.view.texts[1 + level])
        assert f"Right class {label:.0f}: p = " in words and f"Most likely: {top:.0f} with " in words
        assert abs(float(words.split("ln p = ")[1].split(". Most")[0]) - loss) < 0.006
    bare.locator("canvas").focus()
    for key, expected in (("ArrowLeft", [1, 1]), ("ArrowUp", [0, 1]), ("End", [1, 2])):
        bare.keyboard.press(key)
        assert place(bare) == expected


def test_a_tiny_probability_is_written_with_a_power_of_ten(bare, digits):
    opened(bare, widgets.class_vector([[0.0, 40.0, *[0.0] * 8]], digits[0][:1], [0], temperatures=(1,)))
    assert "p = 4.25·10⁻¹⁶ %, cross-entropy −ln p = 40." in bare.evaluate("readout()")


def test_a_click_and_the_arrow_keys_choose_a_cell_of_the_confusion_matrix(bare, digits):
    chances = np.random.default_rng(0).dirichlet(np.ones(10), 40)
    explorer = opened(bare, widgets.confusion(chances, *digits, row=0, col=0))
    click(bare, 0, 7, 3)
    assert place(bare) == [7, 3] and bare.evaluate("readout()") == explorer.view.texts[73]
    bare.locator("canvas").focus()
    for key, expected in (("ArrowLeft", [7, 2]), ("ArrowDown", [8, 2]), ("End", [9, 9]), ("ArrowRight", [9, 9])):
        bare.keyboard.press(key)
        assert place(bare) == expected
        assert bare.evaluate("readout()") == explorer.view.texts[10 * expected[0] + expected[1]]
