"""What the browser shows of pooling is what NumPy computes."""

import numpy as np
import pytest

from lecture_lib import widgets
from lecture_lib.ops import avg_pool2d, max_pool2d
from lecture_lib.style import number
from tests.browser.test_view import VALUES, bare, state_of

__all__ = ["bare"]

LECTURE = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])


def shown_part(page, title):
    """Every number that a panel shows now."""
    return np.array(
        page.evaluate(
            """title => {
                const { source, part } = view.drawn.find(({ panel }) => panel.title === title);
                return Array.from({ length: part.rows }, (_, r) => Array.from({ length: part.cols }, (_, c) =>
                    source.values[source.offset + (part.top + r * part.step) * source.cols + part.left + c * part.step]));
            }""",
            title,
        )
    )


def test_each_setting_of_the_lab_shows_numpys_map_and_window(bare):
    lab = widgets.pooling_lab("coffee", side=16)
    source = lab.map.astype(float)
    bare.evaluate("state => open(state)", state_of(lab))
    for kind, pool in enumerate((max_pool2d, avg_pool2d, lambda x, f, s: x[..., : 17 - f : s, : 17 - f : s])):
        for f in (1, 2, 3, 8):
            for s in (1, 2, 4):
                expected = pool(source[None, None], f, s)[0, 0]
                row = col = len(expected) // 2
                bare.evaluate("changes => model.set(changes)", {"kernel": kind, "f": f, "stride": s})
                bare.evaluate("changes => model.set(changes)", {"row": row, "col": col})
                assert np.allclose(shown_part(bare, "output"), expected, rtol=1e-5, atol=1e-3)
                window = source[row * s : row * s + f, col * s : col * s + f]
                assert np.allclose(shown_part(bare, "the window"), window)
                words = bare.evaluate("readout()")
                assert words.startswith(
                    f"output[{row}, {col}] = {('max', 'mean', 'first of ')[kind]}({number(window[0, 0])}"
                )
                assert f"⌊(16 − {f})/{s}⌋ + 1 = {len(expected)}:" in words


def test_a_window_that_does_not_fit_is_said_in_words(bare):
    bare.evaluate("state => open(state)", state_of(widgets.pooling_lab(side=4, kernel_size=6)))
    assert bare.evaluate("readout()").startswith("No output: a window of 6 × 6 does not fit into 4 × 4 pixels.")
    bare.evaluate("model.set({ f: 4 })")
    assert "The window is the whole map: global pooling." in bare.evaluate("readout()")


def test_stepping_fills_the_gradient_window_by_window(bare):
    grad = np.array([[1, 2], [3, 4]])
    explorer = widgets.pool_through(LECTURE, gradient=grad)
    bare.evaluate("state => open(state)", state_of(explorer))
    expected = np.zeros((4, 4))
    for step, (place, share) in enumerate([((1, 1), 1), ((1, 3), 2), ((2, 0), 3), ((3, 3), 4)]):
        bare.evaluate("step => model.set({ step })", step)
        expected[place] = share
        assert np.array_equal(np.reshape(bare.evaluate(VALUES, "input's gradient so far"), (4, 4)), expected)
        assert bare.evaluate("readout()") == explorer.view.texts[step]


@pytest.mark.parametrize("item", [0, 3, 16])
def test_the_slider_chooses_the_moved_map_and_its_sentence(bare, item):
    explorer = widgets.shift_and_pool(size=8)
    bare.evaluate("state => open(state)", state_of(explorer, col=item))
    for kind, title in (("none", "not pooled"), ("max", "max"), ("average", "average"), ("stride", "stride")):
        assert np.allclose(shown_part(bare, title), explorer.pooled[kind][item])
    assert bare.evaluate("readout()") == explorer.view.texts[item]


def test_arrow_keys_move_the_photo(bare):
    explorer = widgets.shift_and_pool(size=8)
    bare.evaluate("state => open(state)", state_of(explorer, col=0))
    bare.locator("canvas").focus()
    for key, place in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 16), ("Home", 0)):
        bare.keyboard.press(key)
        assert bare.evaluate("readout()") == explorer.view.texts[place]
