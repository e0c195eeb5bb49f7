"""The pooling lab: the map of every window and kind, what is said of the sizes, where it opens."""

import numpy as np
import pytest

from lecture_lib import data
from lecture_lib.chapters.pooling.pooling_lab import FILTERS, MOST_F, SCALE, SIDES, pooling_lab
from lecture_lib.explore.still import draw_panels
from lecture_lib.filters import KERNELS, correlate

EXAMPLES = {"pooling_lab": lambda: pooling_lab(side=16)}


def sizes(explorer):
    """What is said of the sizes, by F − 1 and S − 1."""
    _, say = explorer.sentence
    assert say["at"] == ["kernel_size", "stride"]
    return say["text"]


@pytest.mark.parametrize("side", SIDES)
def test_the_lab_holds_the_map_of_every_window_and_kind(side):
    explorer = pooling_lab("coffee", "laplacian_8", side=side)
    source, maps = explorer.array("padded"), explorer.array("maps")
    assert source.shape == (side, side)
    assert source.min() >= 0
    for f in range(1, MOST_F + 1):
        largest, mean, first = (each[f - 1] for each in maps)
        if f > side:
            assert largest.size == mean.size == first.size == 0
            continue
        windows = np.lib.stride_tricks.sliding_window_view(source, (f, f))
        assert np.array_equal(largest, windows.max(axis=(2, 3)))
        assert np.allclose(mean, windows.mean(axis=(2, 3)), rtol=1e-4, atol=1e-2)
        assert np.array_equal(first, windows[..., 0, 0])


def test_the_lab_says_the_size_of_every_setting():
    texts = sizes(pooling_lab(side=8))
    assert np.shape(texts) == (8, 4)
    assert texts[1][1] == "⌊(8 − 2)/2⌋ + 1 = 4 rows and columns."
    assert texts[2][1].endswith("= 3 rows and columns. Neighbouring windows share 1 row or column.")
    assert texts[0][2].endswith("S is larger than F: 2 of 3 rows and columns lie in no window.")
    assert texts[7][0].endswith("The window is the whole map: global pooling.")
    assert texts[7][0].startswith("⌊(8 − 8)/1⌋ + 1 = 1. The")
    assert sizes(pooling_lab(side=4))[4][0].startswith("No output: a window of 5 × 5 does not fit into 4 × 4")


@pytest.mark.parametrize(("side", "kernel_size", "stride"), [(128, 3, 2), (16, 2, 1), (8, 8, 1), (16, 3, 3)])
def test_the_lab_opens_where_the_window_holds_the_strongest_edge(side, kernel_size, stride):
    explorer = pooling_lab("coffee", side=side, kernel_size=kernel_size, stride=stride)
    map_ = explorer.array("padded")
    top, left = explorer.state["row"] * stride, explorer.state["col"] * stride
    window = map_[top : top + kernel_size, left : left + kernel_size]
    assert window.shape == (kernel_size, kernel_size)
    assert window.max() == map_.max()


def test_the_lab_opens_at_the_last_window_where_none_holds_the_strongest_edge():
    for photo in data.photo_names():
        state = pooling_lab(photo, side=16, kernel_size=1, stride=4).state
        assert max(state["row"], state["col"]) <= 3  # ⌊(16 − 1)/4⌋ + 1 = 4 windows


def test_every_photo_filter_and_way_has_one_scale_whose_white_is_reached():
    for photo in data.photo_names():
        explorer = pooling_lab(photo, side=64)
        assert {explorer.scale("maps", [kind, f]) for kind in range(3) for f in range(8)} == {explorer.scale("padded")}
        assert explorer.scale("padded") == ("image", SCALE)
        assert explorer.array("padded").max() > SCALE[1] / 2


def test_another_photo_filter_or_size_reaches_the_lab():
    explorer = pooling_lab()
    explorer.state = {
        "photo": data.photo_names().index("rocket"),
        "kernel": FILTERS.index("emboss"),
        "side": SIDES.index(16),
    }
    square = data.grey_square("rocket", 16)
    expected = np.maximum(correlate(square, KERNELS["emboss"].weights, padding=1, border="reflect"), 0)
    assert np.allclose(explorer.array("padded"), expected, atol=1e-3)
    assert sizes(explorer)[0][0].startswith("⌊(16 − 1)/1⌋ + 1 = 16")
    assert "16×16 feature map of the photo rocket" in explorer.about


def test_a_window_that_does_not_fit_is_said_in_words_and_has_a_still_picture():
    explorer = pooling_lab(side=4, kernel_size=6)
    assert explorer._repr_mimebundle_()[0]["image/png"]
    assert "Make F smaller" in sizes(explorer)[5][1]
    words = [[text.get_text() for text in ax.texts] for ax in draw_panels(explorer).axes]
    assert words[1:3] == [["no output"], ["no output"]]


@pytest.mark.parametrize(("kind", "framed"), [("max", True), ("average", False), ("stride", False)])
def test_the_still_picture_frames_the_largest_pixel_of_a_maximum_alone(kind, framed):
    explorer = pooling_lab("coffee", side=16, kernel_size=3, stride=2, kind=kind)
    window = draw_panels(explorer).axes[1]
    marks = [patch.get_bbox().bounds for patch in window.patches]
    top, left = 2 * explorer.state["row"], 2 * explorer.state["col"]
    pixels = explorer.array("padded")[top : top + 3, left : left + 3]
    row, col = np.unravel_index(pixels.argmax(), (3, 3))
    assert marks == [(col, row, 1, 1)] * 2 * framed


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: pooling_lab("nobody"), "photo='nobody': must be one of"),
        (lambda: pooling_lab(kernel="identity"), "kernel='identity': must be one of sobel_x"),
        (lambda: pooling_lab(kind="min"), "kind='min': must be one of max, average, stride"),
        (lambda: pooling_lab(side=5), "side=5: must be one of 4, 8"),
        (lambda: pooling_lab(kernel_size=9), "kernel_size=9: must be a number from 1 to 8"),
        (lambda: pooling_lab(stride=5), "stride=5: must be a number from 1 to 4"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()
