"""The named kernels, correlation and convolution: the lecture's results, each kernel's theorem, and SciPy."""

import re

import numpy as np
import pytest
from scipy import ndimage

from lecture_lib.filters import KERNELS, convolve, correlate
from tests.filters_cases import (
    BINARY_IMAGE,
    CROSS,
    LECTURE_IMAGE,
    WEIGHTS,
    photo,
    rightwards,
)

# The lecture


def test_the_lectures_laplacian_gives_its_result_with_the_slip_put_right():
    out = correlate(LECTURE_IMAGE, [[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    printed = np.array([[0, -1, -1, 0], [-2, -5, -5, -2], [2, -2, -1, 3], [-1, 0, -5, 0]])
    assert out.tolist() == [[0, -1, -1, 0], [-2, -5, -5, -2], [2, -2, -1, 2], [-1, 0, -5, 0]]
    assert np.argwhere(out != printed).tolist() == [[2, 3]]


def test_the_lectures_animation_gives_its_result():
    assert correlate(BINARY_IMAGE, CROSS).tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


def test_the_lectures_kernels_are_as_printed():
    ninth = 1 / 9
    printed = {
        "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
        "edge_corners": [[1, 0, -1], [0, 0, 0], [-1, 0, 1]],
        "laplacian_4": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
        "laplacian_8": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "box_blur": [[ninth] * 3] * 3,
    }
    assert {name: kernel.weights.tolist() for name, kernel in KERNELS.items() if kernel.in_lecture} == printed


# Each kernel's theorem


def test_identity_copies():
    assert np.array_equal(correlate(photo, WEIGHTS["identity"], padding=1), photo)


@pytest.mark.parametrize("name", ["edge_corners", "laplacian_4", "laplacian_8", "sobel_x", "sobel_y"])
def test_edge_kernels_are_zero_where_the_image_is_flat(name):
    assert not correlate(np.full((5, 6), 100.0), WEIGHTS[name]).any()


@pytest.mark.parametrize("name", ["identity", "sharpen", "box_blur", "gaussian", "gaussian_5", "emboss", "shift_left"])
def test_all_other_kernels_keep_a_flat_image(name):
    assert np.allclose(correlate(np.full((6, 7), 100.0), WEIGHTS[name]), 100)


@pytest.mark.parametrize("name", ["box_blur", "gaussian", "gaussian_5"])
def test_blurs_keep_the_mean_and_take_away_contrast(name):
    out = correlate(photo, WEIGHTS[name], padding=2 if name == "gaussian_5" else 1, border="circular")
    assert np.isclose(out.mean(), photo.mean())
    assert out.var() < photo.var() / 2


@pytest.mark.parametrize("name", ["box_blur", "gaussian", "gaussian_5"])
def test_no_blur_leaves_the_range_of_its_window(name):
    weights = WEIGHTS[name]
    assert (weights > 0).all()
    assert np.isclose(weights.sum(), 1)


def test_the_box_is_the_mean_of_nine():
    assert np.isclose(correlate(photo[:3, :3], WEIGHTS["box_blur"]).item(), photo[:3, :3].mean())


@pytest.mark.parametrize(
    ("name", "row"), [("gaussian", [1, 2, 1]), ("gaussian_5", [1, 4, 6, 4, 1]), ("box_blur", [1, 1, 1])]
)
def test_gaussians_and_the_box_are_separable(name, row):
    row = np.array([row]) / sum(row)
    assert np.allclose(correlate(correlate(photo, row), row.T), correlate(photo, WEIGHTS[name]))


def test_the_wide_gaussian_is_the_narrow_one_twice():
    assert np.allclose(convolve(WEIGHTS["gaussian"], WEIGHTS["gaussian"], padding=2), WEIGHTS["gaussian_5"])


def test_sharpen_adds_what_the_laplacian_takes_away():
    assert np.array_equal(WEIGHTS["sharpen"], WEIGHTS["identity"] - WEIGHTS["laplacian_4"])
    assert correlate(photo, WEIGHTS["sharpen"], padding=1, border="circular").var() > photo.var()


def test_the_8_laplacian_is_nine_times_the_pixel_less_its_mean():
    assert np.allclose(WEIGHTS["laplacian_8"], 9 * (WEIGHTS["identity"] - WEIGHTS["box_blur"]))


@pytest.mark.parametrize("name", ["laplacian_4", "laplacian_8"])
def test_laplacians_are_zero_on_a_ramp(name):
    assert not correlate(rightwards + 3 * rightwards[::-1], WEIGHTS[name]).any()


def test_the_4_laplacian_of_a_parabola_is_its_second_derivative():
    y, x = np.mgrid[:5, :6]
    assert (correlate(x**2 + 3 * y**2, WEIGHTS["laplacian_4"]) == 2 + 6).all()


@pytest.mark.parametrize("turn", [lambda a: a, np.transpose])
def test_corners_are_blind_to_straight_edges(turn):
    step = turn((rightwards > 3).astype(float))
    assert not correlate(step, WEIGHTS["edge_corners"]).any()


def test_corners_answer_to_slanted_edges():
    y, x = np.mgrid[:9, :9]
    for slanted in (x > y, x + y > 8, x > 2 * y):
        assert correlate(slanted.astype(float), WEIGHTS["edge_corners"]).any()


def test_corners_answer_to_a_corner():
    corner = np.zeros((5, 5))
    corner[2:, 2:] = 1
    assert correlate(corner, WEIGHTS["edge_corners"]).tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_sobel_of_a_level_edge_is_zero_in_x():
    level = (rightwards.T > 3).astype(float)
    assert not correlate(level, WEIGHTS["sobel_x"]).any()
    assert correlate(level, WEIGHTS["sobel_y"]).any()


def test_sobel_of_an_upright_edge_is_zero_in_y():
    upright = (rightwards > 3).astype(float)
    assert not correlate(upright, WEIGHTS["sobel_y"]).any()
    assert correlate(upright, WEIGHTS["sobel_x"])[0].tolist() == [0, 0, 4, 4, 0, 0]


def test_sobel_grows_to_the_right_and_downwards():
    assert (correlate(rightwards, WEIGHTS["sobel_x"]) == 8).all()
    assert (correlate(rightwards.T, WEIGHTS["sobel_y"]) == 8).all()
    assert (correlate(rightwards[:, ::-1], WEIGHTS["sobel_x"]) == -8).all()


def test_sobel_is_scipys():
    padded = {"padding": 1, "border": "reflect"}
    for axis, name in enumerate(("sobel_y", "sobel_x")):
        assert np.array_equal(correlate(photo, WEIGHTS[name], **padded), ndimage.sobel(photo, axis, mode="mirror"))


def test_emboss_lights_a_raised_square_from_the_upper_left():
    raised = np.pad(np.ones((5, 5)), 3)
    out = correlate(raised, WEIGHTS["emboss"], padding=1)
    upper_left, lower_right = out[2, 2], out[8, 8]  # just outside the square's two corners
    assert upper_left > 0 > lower_right
    assert out[5, 5] == 1  # flat on top
    assert re.search("(upper|top) left", KERNELS["emboss"].effect)


def test_shift_left_shifts_left():
    assert np.array_equal(
        correlate(photo, WEIGHTS["shift_left"], padding=1, border="circular"), np.roll(photo, -1, axis=1)
    )
    assert np.array_equal(
        convolve(photo, WEIGHTS["shift_left"], padding=1, border="circular"), np.roll(photo, 1, axis=1)
    )


def test_only_what_looks_the_same_upside_down_does_not_mind_the_flip():
    same = {
        name for name, weights in WEIGHTS.items() if np.allclose(correlate(photo, weights), convolve(photo, weights))
    }
    turned = {name for name, weights in WEIGHTS.items() if np.array_equal(weights, np.rot90(weights, 2))}
    assert same == turned == set(WEIGHTS) - {"sobel_x", "sobel_y", "emboss", "shift_left"}


def test_kernels_are_known_by_their_names_and_read_only():
    assert len({kernel.label for kernel in KERNELS.values()}) == len(KERNELS)
    for name, kernel in KERNELS.items():
        assert kernel.name == name
        assert kernel.label and kernel.effect
        assert kernel.weights.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            kernel.weights[0, 0] = 1
