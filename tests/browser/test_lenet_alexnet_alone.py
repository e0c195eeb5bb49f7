"""What the browser shows of covered digits, class vectors and mistakes is what Python computed; mouse and keys choose."""

import numpy as np
import pytest

from lecture_lib import data, models, style
from lecture_lib.chapters.lenet_alexnet.class_vector import class_vector
from lecture_lib.chapters.lenet_alexnet.confusion import confusion
from lecture_lib.chapters.lenet_alexnet.covered_digit import covered_digit
from lecture_lib.shapes import covered


@pytest.fixture(scope="module")
def net():
    return models.trained_lenet5()[0]


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return images[:40], labels[:40]


def pixel(page, x, y):
    """The colour of the canvas at CSS pixels (x, y)."""
    return page.evaluate(
        "([x, y]) => [...explorers[0].ctx.getImageData(x * devicePixelRatio, y * devicePixelRatio, 1, 1).data].slice(0, 3)",
        [x, y],
    )


def click(page, panel, row, col):
    """Click the cell of a panel that has cells to choose."""
    x, y, cell = page.evaluate("at => (({ x, y, cell }) => [x, y, cell])(explorers[0].drawn[at].grid)", panel)
    page.locator("canvas").click(position={"x": x + (col + 0.5) * cell, "y": y + (row + 0.5) * cell})


def state(page, *names):
    found = page.evaluate("explorers[0].state")
    return [found[name] for name in names]


def choose(page, **changes):
    page.evaluate("changes => explorers[0].choose(changes)", changes)


def said(page):
    return page.locator(".lecture-readout").inner_text()


def test_the_square_covers_what_python_covered(shown, net, digits):
    explorer = covered_digit(net, digits[0][:2], digits[1][:2])
    page = shown(explorer)
    classes = explorer.array("classes")
    for level, size in enumerate((3, 5, 7, 9, 11)):
        for row, col in ((0, 0), (6, 13), (9, 4)):
            choose(page, digit=1, size=level, row=row, col=col)
            rows, cols = (covered(2 * at, size, 28) for at in (row, col))
            words = said(page)
            assert words.startswith(f"Right class, {digits[1][1]}: ")
            assert f"Rows {rows[0]} to {rows[1] - 1}, columns {cols[0]} to {cols[1] - 1} are covered." in words
            chances = classes[1, level, row, col]
            right = chances.argmax() == digits[1][1]
            assert (
                "still the most likely"
                if right
                else f"the net says {chances.argmax()}, with {100 * chances.max():.0f} %"
            ) in words
            grid = page.evaluate("explorers[0].drawn[0].grid")  # its cells are two pixels wide
            middle = ((sum(each) / 4) for each in (cols, rows))
            at = [grid[axis] + each * grid["cell"] for axis, each in zip("xy", middle, strict=True)]
            assert pixel(page, *at) == [128] * 3
    click(page, 0, 3, 5)
    assert state(page, "row", "col") == [3, 5]
    click(page, 1, 11, 2)
    assert state(page, "row", "col") == [11, 2]


def test_the_words_of_a_class_vector_are_its_numbers(shown, digits):
    logits = np.random.default_rng(0).normal(0, 3, (2, 10))
    explorer = class_vector(logits, digits[0][:2], digits[1][:2], temperatures=(0.5, 1, 4))
    page = shown(explorer)
    for item, level in ((0, 0), (1, 1), (1, 2)):
        choose(page, digit=item, temperature=level)
        label, _, loss, top, _ = explorer.array("numbers")[item, level]
        words = said(page)
        assert words.startswith(explorer.sentence[0]["text"][level])
        assert f"Right class {label:.0f}: p = " in words and f"Most likely: {top:.0f} with " in words
        assert abs(float(words.split("ln p = ")[1].split(". Most")[0]) - loss) < 0.006
    page.locator("canvas").focus()
    for key, expected in (("ArrowLeft", [1, 1]), ("ArrowUp", [0, 1]), ("End", [1, 2])):
        page.keyboard.press(key)
        assert state(page, "digit", "temperature") == expected


def test_a_tiny_probability_is_written_with_a_power_of_ten(shown, digits):
    page = shown(class_vector([[0.0, 40.0, *[0.0] * 8]], digits[0][:1], [0], temperatures=(1,)))
    assert "p = 4.25·10⁻¹⁶ %, cross-entropy −ln p = 40." in said(page)


def test_a_click_and_the_arrow_keys_choose_a_cell_of_the_confusion_matrix(shown, digits):
    chances = np.random.default_rng(0).dirichlet(np.ones(10), 40)
    explorer = confusion(chances, *digits, label=0, answer=0)
    texts = explorer.sentence[0]["text"]
    page = shown(explorer)
    click(page, 0, 7, 3)
    assert state(page, "label", "answer") == [7, 3] and said(page) == texts[7][3]
    page.locator("canvas").focus()
    for key, expected in (("ArrowLeft", [7, 2]), ("ArrowDown", [8, 2]), ("End", [9, 9]), ("ArrowRight", [9, 9])):
        page.keyboard.press(key)
        assert state(page, "label", "answer") == expected
        assert said(page) == texts[expected[0]][expected[1]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_on_the_diagonal_can_be_read_though_it_has_no_colour(shown, theme):
    chances = np.eye(3)[[0] * 400 + [1] * 300 + [2] * 300 + [1]]
    page = shown(
        confusion(chances, np.zeros((1001, 2, 2), np.uint8), [0] * 400 + [1] * 300 + [2] * 301, label=0, answer=1),
        theme=theme,
    )
    inks = style.INKS[theme]
    cell = page.evaluate("""() => { const { x, y, cell } = explorers[0].drawn[0].grid, { ctx } = explorers[0];
        const { data } = ctx.getImageData(...[x + cell + 4, y + cell + 4, cell - 8, cell - 8].map((at) => Math.round(at * devicePixelRatio)));
        return [...new Uint32Array(data.buffer)].map((each) => [each & 255, (each >> 8) & 255, (each >> 16) & 255]); }""")  # fmt: skip
    colours = {"#" + bytes(each).hex() for each in cell}
    assert {inks["faint"], inks["text"]} <= colours
