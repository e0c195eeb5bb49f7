"""The explorers of pooling without a browser: what Python computes when a control moves."""

import numpy as np
import pytest

from lecture_lib import data, widgets
from lecture_lib.filters import KERNELS, correlate
from lecture_lib.ops import avg_pool2d_backward, max_pool2d, max_pool2d_backward
from lecture_lib.robustness import downsample, relative_change
from lecture_lib.shapes import ShapeError
from lecture_lib.widgets import pooling
from tests.explorers import array

LECTURE = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])


# One window after the other


def test_stepping_through_says_the_lectures_four_maxima_and_where_they_stand():
    view = widgets.pool_through(LECTURE).view
    assert view.texts == [
        "output[0, 0] = max(1, 1, 5, 6) = 6. The largest is input[1, 1].",
        "output[0, 1] = max(2, 4, 7, 8) = 8. The largest is input[1, 3].",
        "output[1, 0] = max(3, 2, 1, 2) = 3. The largest is input[2, 0].",
        "output[1, 1] = max(1, 0, 3, 4) = 4. The largest is input[3, 3].",
    ]
    assert array(view.arrays["winner"]).tolist() == [[1, 1], [1, 3], [2, 0], [3, 3]]
    assert array(view.arrays["maps"][0])[::2, ::2].tolist() == [[6, 8], [3, 4]]


def test_the_average_has_no_winner():
    view = widgets.pool_through(LECTURE, "average").view
    assert view.texts[0] == "output[0, 0] = (1 + 1 + 5 + 6)/4 = 3.25."
    assert not any(panel.get("winner") for panel in view.panels)


@pytest.mark.parametrize(("kind", "backward"), [("max", max_pool2d_backward), ("average", avg_pool2d_backward)])
@pytest.mark.parametrize(("size", "stride", "padding"), [(2, 2, 0), (3, 1, 0), (3, 2, 1), (2, 3, 1)])
def test_after_the_last_step_the_gradient_is_the_librarys(kind, backward, size, stride, padding):
    image = np.random.default_rng(0).integers(-4, 5, (6, 5))
    shape = max_pool2d(image[None, None], size, stride, padding).shape
    grad = np.random.default_rng(1).normal(size=shape)
    view = widgets.pool_through(image, kind, size, stride=stride, padding=padding, gradient=grad[0, 0]).view
    back = array(view.arrays["back"])
    assert np.allclose(back[-1], backward(grad, image[None, None], size, stride, padding)[0, 0], atol=1e-6)
    first = np.zeros_like(grad)
    first[0, 0, 0, 0] = grad[0, 0, 0, 0]
    assert np.allclose(back[0], backward(first, image[None, None], size, stride, padding)[0, 0], atol=1e-6)


def test_with_a_gradient_the_sentence_says_who_gets_it():
    grad = np.array([[1, 2], [3, -4]])
    assert (
        widgets.pool_through(LECTURE, gradient=grad).view.texts[3].endswith("It alone gets this output's gradient, −4.")
    )
    texts = widgets.pool_through(LECTURE, "average", gradient=grad).view.texts
    assert texts[1].endswith("Each of the 4 pixels gets 1/4 of this output's gradient: 0.5.")


def test_the_padding_of_a_maximum_is_minus_infinity_and_of_an_average_is_empty():
    negative = np.array([[-3, -1], [-2, -5]])
    padded = array(widgets.pool_through(negative, padding=1).view.arrays["padded"])
    assert (padded[0] == -np.inf).all()
    view = widgets.pool_through(negative, "average", padding=1).view
    assert np.isnan(array(view.arrays["padded"])[0]).all()
    assert view.texts[0] == "output[0, 0] = (−3)/1 = −3."
    assert view.panels[0]["gaps"]
    assert view.panels[0]["title"] == "input, padded"
    assert "a 2×2 input in an empty frame" in view.label
    assert "a 2×2 input in a frame of −∞" in widgets.pool_through(negative, padding=1).view.label
    assert "a 2×2 input with" in widgets.pool_through(negative).view.label


# Every setting


@pytest.mark.parametrize("side", pooling.SIDES)
def test_the_lab_holds_the_map_of_every_window_and_kind(side):
    lab = widgets.pooling_lab("coffee", "laplacian_8", side=side)
    source = array(lab.view.arrays["padded"])
    assert source.shape == (side, side)
    assert source.min() >= 0
    for f in range(1, pooling.MOST_F + 1):
        largest, mean, first = (array(maps[f - 1]) for maps in lab.view.arrays["maps"])
        if f > side:
            assert largest.size == mean.size == first.size == 0
            continue
        windows = np.lib.stride_tricks.sliding_window_view(source, (f, f))
        assert np.array_equal(largest, windows.max(axis=(2, 3)))
        assert np.allclose(mean, windows.mean(axis=(2, 3)), rtol=1e-4, atol=1e-2)
        assert np.array_equal(first, windows[..., 0, 0])


def test_the_lab_says_the_size_of_every_setting():
    texts = widgets.pooling_lab(side=8).view.texts
    assert len(texts) == 8 * 4
    assert texts[4 * 1 + 1] == "⌊(8 − 2)/2⌋ + 1 = 4: 16 of 64 numbers, 25.0 %."
    assert texts[4 * 2 + 1].endswith("= 3: 9 of 64 numbers, 14.1 %. Neighbouring windows share 1 row or column.")
    assert texts[4 * 0 + 2].endswith("S is larger than F: 2 of 3 rows and columns lie in no window.")
    assert texts[4 * 7].endswith("The window is the whole map: global pooling.")
    assert (
        widgets.pooling_lab(side=4).view.texts[4 * 4].startswith("No output: a window of 5 × 5 does not fit into 4 × 4")
    )


@pytest.mark.parametrize(("side", "kernel_size", "stride"), [(128, 3, 2), (16, 2, 1), (8, 8, 1), (12, 3, 3)])
def test_the_lab_opens_where_the_window_holds_the_strongest_edge(side, kernel_size, stride):
    lab = widgets.pooling_lab("coffee", side=side, kernel_size=kernel_size, stride=stride)
    top, left = lab.view.row * stride, lab.view.col * stride
    window = lab.map[top : top + kernel_size, left : left + kernel_size]
    assert window.shape == (kernel_size, kernel_size)
    assert window.max() == lab.map.max()


def test_the_lab_opens_at_the_last_window_where_none_holds_the_strongest_edge():
    for photo in data.photo_names():
        lab = widgets.pooling_lab(photo, side=16, kernel_size=1, stride=4)
        assert max(lab.view.row, lab.view.col) <= 3  # ⌊(16 − 1)/4⌋ + 1 = 4 windows


def test_another_photo_filter_or_size_reaches_the_lab():
    lab = widgets.pooling_lab()
    lab.photo.value, lab.filter.value, lab.side.value = "rocket", "emboss", 16
    square = pooling._square("rocket", 16)
    expected = np.maximum(correlate(square, KERNELS["emboss"].weights, padding=1, border="reflect"), 0)
    assert np.allclose(array(lab.view.arrays["padded"]), expected, atol=1e-3)
    assert "16×16 feature map of the photo rocket" in lab.view.label == lab.alt


def test_a_window_that_does_not_fit_has_a_still_picture_in_words():
    lab = widgets.pooling_lab(side=4, kernel_size=6)
    assert lab._repr_mimebundle_()[0]["image/png"]
    with pytest.raises(ShapeError, match="Make F smaller"):
        lab._draw_still()


# While the picture moves


@pytest.mark.parametrize("move", ["shift", "bend"])
def test_what_is_said_of_a_moved_photo_is_what_its_maps_show(move):
    explorer = widgets.shift_and_pool("chelsea", move, size=4)
    levels = pooling._MOVES[move]
    assert len(explorer.view.texts) == len(explorer.level.options) == len(levels)
    for kind in ("max", "average", "stride", "none"):
        stack = array(explorer.view.arrays[kind])
        assert np.array_equal(stack[0], downsample(array(explorer.view.arrays["none"])[0], kind, 4))
        title = "not pooled" if kind == "none" else kind
        assert f"{title} {100 * relative_change(stack[0], stack[6]):.0f} %" in explorer.view.texts[6]
        assert f"{title} 0 %" in explorer.view.texts[0]


def test_a_shift_by_the_windows_side_moves_the_pooled_maps_by_one_pixel():
    arrays = widgets.shift_and_pool(size=4).view.arrays
    place = list(pooling.SHIFTS).index(4)
    for kind in ("max", "average", "stride"):
        before, after = array(arrays[kind])[[0, place]]
        assert np.array_equal(after[:, 1:], before[:, :-1])


def test_what_has_changed_is_the_difference_from_the_photo_at_rest():
    explorer = widgets.shift_and_pool(size=8)
    maps = array(explorer.view.arrays["max"])
    explorer.shown.value = "change"
    assert np.array_equal(array(explorer.view.arrays["max"]), maps - maps[0])
    assert explorer.view.arrays["max"]["role"] == "difference"


def test_bending_instead_of_shifting_keeps_the_slider_and_says_so():
    explorer = widgets.shift_and_pool()
    explorer.level.index = 5
    explorer.move.value = "bend"
    assert explorer.level.index == 5
    assert explorer.level.options[5] == "1.25 px"
    assert explorer.view.texts[5].startswith("Bent by 1.25 pixels.")
    assert "bent" in explorer.view.label


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: widgets.pool_through(np.zeros((9, 4))), "must be at most 8 on a side"),
        (lambda: widgets.pool_through(LECTURE, "min"), "kind='min': must be one of max, average"),
        (lambda: widgets.pool_through(LECTURE, kernel_size=5), "kernel_size=5"),
        (lambda: widgets.pool_through(LECTURE, gradient=np.ones((3, 3))), "gradient has shape"),
        (lambda: widgets.pool_through(LECTURE, interval=1), "interval=1: must be at least 20"),
        (lambda: widgets.pooling_lab("nobody"), "photo='nobody': must be one of"),
        (lambda: widgets.pooling_lab(kernel="identity"), "kernel='identity': must be one of sobel_x"),
        (lambda: widgets.pooling_lab(kind="min"), "kind='min': must be one of max, average, stride"),
        (lambda: widgets.pooling_lab(side=5), "side=5: must be one of 4, 8"),
        (lambda: widgets.pooling_lab(kernel_size=9), "F  window=9: must be from 1 to 8"),
        (lambda: widgets.pooling_lab(stride=5), "S  stride=5: must be from 1 to 4"),
        (lambda: widgets.shift_and_pool("nobody"), "photo='nobody'"),
        (lambda: widgets.shift_and_pool(move="turn"), "move='turn': must be one of shift, bend"),
        (lambda: widgets.shift_and_pool(size=3), "size=3: must be one of 2, 4, 8"),
        (lambda: widgets.shift_and_pool(shown="both"), "shown='both': must be one of maps, change"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()
