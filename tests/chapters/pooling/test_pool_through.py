"""Stepping through a pooling: what is said and shown at every step."""

import numpy as np
import pytest

from lecture_lib.chapters.pooling.pool_through import pool_through
from lecture_lib.explore.still import draw_panels
from lecture_lib.ops import avg_pool2d_backward, max_pool2d, max_pool2d_backward

LECTURE = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
EXAMPLES = {"pool_through": lambda: pool_through(np.arange(16).reshape(4, 4), gradient=np.ones((2, 2)))}


def texts(explorer):
    """What is said at each step."""
    (say,) = explorer.sentence
    assert say["at"] == ["kind", "step"]
    return say["text"][explorer.state["kind"]]


def test_stepping_through_says_the_lectures_four_maxima_and_where_they_stand():
    explorer = pool_through(LECTURE)
    assert texts(explorer) == [
        "output[0, 0] = max(1, 1, 5, 6) = 6. The largest is input[1, 1].",
        "output[0, 1] = max(2, 4, 7, 8) = 8. The largest is input[1, 3].",
        "output[1, 0] = max(3, 2, 1, 2) = 3. The largest is input[2, 0].",
        "output[1, 1] = max(1, 0, 3, 4) = 4. The largest is input[3, 3].",
    ]
    assert explorer.array("winner")[0].tolist() == [[1, 1], [1, 3], [2, 0], [3, 3]]
    assert explorer.array("maps")[0][::2, ::2].tolist() == [[6, 8], [3, 4]]


def test_of_equal_numbers_the_first_counts():
    assert texts(pool_through(np.eye(4)))[0] == (
        "output[0, 0] = max(1, 0, 0, 1) = 1. The largest is input[0, 0]. Of equal ones the first counts."
    )


def test_the_average_has_no_winner():
    explorer = pool_through(LECTURE, "average")
    assert texts(explorer)[0] == "output[0, 0] = (1 + 1 + 5 + 6)/4 = 3.25."
    assert (explorer.array("winner")[1] == -1).all()
    assert len(draw_panels(explorer).axes[0].patches) == 2  # the window's rim and line


def test_maximum_and_average_have_one_scale():
    for explorer in (pool_through(LECTURE), pool_through(LECTURE - 9, padding=1)):
        scales = {explorer.scale(name, [kind]) for name in ("padded", "maps") for kind in (0, 1)}
        assert len(scales) == 1


@pytest.mark.parametrize(("kind", "backward"), [("max", max_pool2d_backward), ("average", avg_pool2d_backward)])
@pytest.mark.parametrize(("size", "stride", "padding"), [(2, 2, 0), (3, 1, 0), (3, 2, 1), (2, 3, 1)])
def test_after_the_last_step_the_gradient_is_the_librarys(kind, backward, size, stride, padding):
    image = np.random.default_rng(0).integers(-4, 5, (6, 5))
    shape = max_pool2d(image[None, None], size, stride, padding).shape
    grad = np.random.default_rng(1).normal(size=shape)
    back = pool_through(image, kind, size, stride=stride, padding=padding, gradient=grad[0, 0]).array("back")[
        kind == "average"
    ]
    assert np.allclose(back[-1], backward(grad, image[None, None], size, stride, padding)[0, 0], atol=1e-6)
    first = np.zeros_like(grad)
    first[0, 0, 0, 0] = grad[0, 0, 0, 0]
    assert np.allclose(back[0], backward(first, image[None, None], size, stride, padding)[0, 0], atol=1e-6)


def test_with_a_gradient_the_sentence_says_who_gets_it():
    grad = np.array([[1, 2], [3, -4]])
    assert texts(pool_through(LECTURE, gradient=grad))[3].endswith("It alone gets this output's gradient, −4.")
    said = texts(pool_through(LECTURE, "average", gradient=grad))
    assert said[1].endswith("Each of the 4 pixels gets 1/4 of this output's gradient: 0.5.")


def test_the_padding_of_a_maximum_is_minus_infinity_and_of_an_average_is_empty():
    negative = np.array([[-3, -1], [-2, -5]])
    explorer = pool_through(negative, padding=1)
    assert (explorer.array("padded")[0][0] == -np.inf).all()
    assert "a 2×2 input, padded, with" in explorer.about
    explorer = pool_through(negative, "average", padding=1)
    assert np.isnan(explorer.array("padded")[1][0]).all()
    assert texts(explorer)[0] == "output[0, 0] = (−3)/1 = −3."
    assert explorer.panels[0]["gaps"]
    assert explorer.panels[0]["title"] == "input, padded"
    assert "a 2×2 input, with" in pool_through(negative).about


@pytest.mark.parametrize("step", [0, 3])
def test_the_still_picture_frames_the_window_and_its_winner(step):
    explorer = pool_through(LECTURE)
    explorer.state = {"step": step, "row": step // 2, "col": step % 2}
    bounds = [patch.get_bbox().bounds for patch in draw_panels(explorer).axes[0].patches]
    row, col = explorer.array("winner")[0][step]
    assert bounds[::2] == [(2 * (step % 2), 2 * (step // 2), 2, 2), (col, row, 1, 1)]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: pool_through(np.zeros((9, 4))), "must be at most 8 on a side"),
        (lambda: pool_through(LECTURE, "min"), "kind='min': must be one of max, average"),
        (lambda: pool_through(LECTURE, kernel_size=5), "kernel_size=5"),
        (lambda: pool_through(LECTURE, gradient=np.ones((3, 3))), "gradient has shape"),
        (lambda: pool_through(LECTURE, interval=1), "interval=1: must be at least 20"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()
