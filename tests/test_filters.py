"""The named kernels, correlation and convolution: the lecture's results, each kernel's theorem, and SciPy."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, signal

from lecture_lib import filters, ops
from lecture_lib.filters import BORDERS, KERNELS, check_kernel, convolve, correlate, pad_border
from lecture_lib.shapes import ShapeError

LECTURE_IMAGE = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [0, 1, 2, 2, 1, 0],
        [0, 2, 4, 4, 2, 0],
        [0, 1, 3, 3, 1, 0],
        [0, 1, 2, 3, 1, 0],
        [0, 0, 1, 1, 0, 0],
    ]
)
BINARY_IMAGE = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
SCIPYS_BORDERS = {"zero": "constant", "reflect": "mirror", "circular": "wrap"}
WEIGHTS = {name: kernel.weights for name, kernel in KERNELS.items()}
BOTH = pytest.mark.parametrize("slide", [correlate, convolve])

rng = np.random.default_rng(0)
photo = rng.integers(0, 256, (9, 11)).astype(float)
rightwards = np.tile(np.arange(8.0), (6, 1))  # brighter by 1 at each column


@st.composite
def images_and_kernels(draw, odd_square=False):
    """Whole numbers, so that sums are exact; the kernel is no larger than the image."""
    size = draw(st.tuples(st.integers(1, 8), st.integers(1, 8)))
    kernel = [draw(st.integers(1, side)) for side in size]
    if odd_square:
        kernel = [(min(kernel) - 1) // 2 * 2 + 1] * 2
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    return numbers.integers(-9, 10, size), numbers.integers(-9, 10, kernel)


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


# Against SciPy


@given(images_and_kernels())
def test_correlate_is_scipys_correlation(case):
    image, kernel = case
    assert np.array_equal(correlate(image, kernel), signal.correlate2d(image, kernel, mode="valid"))


@given(images_and_kernels())
def test_convolve_is_scipys_convolution(case):
    image, kernel = case
    assert np.array_equal(convolve(image, kernel), signal.convolve2d(image, kernel, mode="valid"))


@pytest.mark.parametrize("border", BORDERS)
@given(case=images_and_kernels(odd_square=True))
def test_borders_are_scipys(border, case):
    image, kernel = case
    out = correlate(image, kernel, padding=len(kernel) // 2, border=border)
    assert np.array_equal(out, ndimage.correlate(image, kernel, mode=SCIPYS_BORDERS[border]))


@pytest.mark.parametrize("border", BORDERS)
def test_stride_leaves_out_places_and_dilation_spreads_the_kernel(border):
    kernel = rng.integers(-9, 10, (2, 3))
    holed = np.zeros((3, 5))
    holed[::2, ::2] = kernel
    out = correlate(photo, kernel, stride=2, padding=3, dilation=2, border=border)
    assert np.array_equal(out, correlate(pad_border(photo, 3, border), holed)[::2, ::2])


def test_a_pixel_is_stamped_upright_by_convolution_and_turned_by_correlation():
    impulse, kernel = np.zeros((5, 5)), np.arange(9).reshape(3, 3)
    impulse[2, 2] = 1
    assert np.array_equal(convolve(impulse, kernel, padding=1)[1:4, 1:4], kernel)
    assert np.array_equal(correlate(impulse, kernel, padding=1)[1:4, 1:4], kernel[::-1, ::-1])


# Algebra


def full(slide, a, b):
    """Slide the smaller array over the larger one as far as they touch."""
    return slide(a, b, padding=max(b.shape) - 1)


def test_convolution_commutes_and_correlation_does_not():
    a, b = rng.integers(-9, 10, (2, 4, 4))
    assert np.array_equal(full(convolve, a, b), full(convolve, b, a))
    assert not np.array_equal(full(correlate, a, b), full(correlate, b, a))
    assert np.array_equal(full(correlate, a, b), full(correlate, b, a)[::-1, ::-1])


def test_convolution_is_associative_and_correlation_is_not():
    a, b, c = rng.integers(-9, 10, (3, 3, 3))

    def grouped(slide):
        return np.array_equal(
            full(slide, full(slide, a, b), c), slide(full(slide, a, full(slide, b, c)), [[1]], padding=0)
        )

    assert grouped(convolve)
    assert not grouped(correlate)


@BOTH
@given(images_and_kernels(), st.integers(-9, 9), st.integers(-9, 9))
def test_with_a_circular_border_a_rolled_image_gives_a_rolled_result(slide, case, down, right):
    image, kernel = case
    side = max(kernel.shape)

    def around(x):  # the circular border as wide as the kernel, cut to the size of the image
        return slide(x, kernel, padding=side, border="circular")[: x.shape[0], : x.shape[1]]

    assert np.array_equal(around(np.roll(image, (down, right), (0, 1))), np.roll(around(image), (down, right), (0, 1)))


def test_with_zeros_at_the_border_it_does_not():
    moved = correlate(np.roll(photo, 1, axis=1), WEIGHTS["box_blur"], padding=1)
    assert not np.allclose(moved, np.roll(correlate(photo, WEIGHTS["box_blur"], padding=1), 1, axis=1))


@BOTH
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("leading", [(1,), (4,), (2, 3), (2, 1, 3)])
def test_each_leading_index_is_an_image_of_its_own(slide, border, leading):
    stack, kernel = rng.integers(-9, 10, (*leading, 5, 6)), rng.integers(-9, 10, (3, 2))
    out = slide(stack, kernel, stride=2, padding=2, border=border)
    for index in np.ndindex(leading):
        assert np.array_equal(out[index], slide(stack[index], kernel, stride=2, padding=2, border=border))


# Arguments, dtypes, memory


@BOTH
@pytest.mark.parametrize(
    "change",
    [
        {"image": photo.T},
        {"kernel": [[1, 2], [3, 5]]},
        {"stride": 2},
        {"padding": 2},
        {"dilation": 2},
        {"border": "reflect"},
        {"border": "circular"},
    ],
    ids=lambda change: str([*change.items()][0])[:22],
)
def test_every_argument_changes_the_result(slide, change):
    base = {"image": photo, "kernel": [[1, 2], [3, 4]], "stride": 1, "padding": 1, "dilation": 1, "border": "zero"}
    before, after = slide(**base), slide(**base | change)
    assert before.shape != after.shape or not np.array_equal(before, after)


@BOTH
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize(
    ("image", "kernel", "result"), [("f4", "f4", "f4"), ("f8", "f4", "f8"), ("u1", "f4", "f8"), ("i4", "?", "f8")]
)
def test_float32_stays_and_integers_become_float64(slide, border, image, kernel, result):
    assert slide(np.ones((4, 4), image), np.ones((2, 2), kernel), padding=1, border=border).dtype == result


@BOTH
@pytest.mark.parametrize("border", BORDERS)
def test_inputs_stay_as_they_were_and_may_be_read_only(slide, border):
    image, kernel = photo.copy(), WEIGHTS["emboss"].copy()
    image.flags.writeable = kernel.flags.writeable = False
    out = slide(image, kernel, padding=1, border=border)
    assert out.flags.writeable
    assert np.array_equal(image, photo)
    assert np.array_equal(kernel, WEIGHTS["emboss"])


@BOTH
@pytest.mark.parametrize("border", BORDERS)
def test_nan_and_infinity_are_never_hidden(slide, border):
    image = photo.copy()
    image[4, 5], image[0, 0] = np.nan, np.inf
    out = slide(image, WEIGHTS["box_blur"], padding=1, border=border)
    assert np.isnan(out[3:6, 4:7]).all()
    assert (out[:2, :2] == np.inf).all()
    clean = slide(photo, WEIGHTS["box_blur"], padding=1, border=border)
    assert np.array_equal(out[np.isfinite(out)], clean[np.isfinite(out)])
    assert (~np.isfinite(out)).sum() == 9 + {"zero": 4, "reflect": 4, "circular": 9}[border]


def test_a_mirror_has_the_outermost_pixel_once_and_a_circle_goes_round():
    row = np.array([[1, 2, 3, 4]] * 4)
    assert pad_border(row, 2)[2].tolist() == [0, 0, 1, 2, 3, 4, 0, 0]
    assert pad_border(row, 2, "reflect")[2].tolist() == [3, 2, 1, 2, 3, 4, 3, 2]
    assert pad_border(row, 2, "circular")[2].tolist() == [3, 4, 1, 2, 3, 4, 1, 2]
    assert pad_border(np.array([[1, 2]]), 3, "circular")[3].tolist() == [2, 1, 2, 1, 2, 1, 2, 1]


@pytest.mark.parametrize("border", BORDERS)
def test_no_padding_changes_nothing_at_any_border(border):
    assert np.array_equal(pad_border(photo, 0, border), photo)
    assert np.array_equal(correlate(photo, CROSS, border=border), correlate(photo, CROSS))


def test_a_single_pixel_is_an_image():
    assert correlate([[7]], [[3]]).tolist() == [[21]]
    assert correlate([[7]], np.ones((3, 3)), padding=1, border="circular").tolist() == [[63]]


# Errors: the name, the value, the rule

WRONG = [
    ({"kernel": np.ones((6, 1))}, ShapeError, "kernel_size=6", "must fit"),
    ({"kernel": np.ones((2, 9)), "padding": 1}, ShapeError, "kernel_size=9", "must fit"),
    ({"dilation": 5}, ShapeError, "dilation=5", "must fit"),
    ({"dilation": 5, "border": "circular"}, ShapeError, "dilation=5", "must fit"),
    ({"kernel": [1, 2]}, ShapeError, "kernel has shape (2,)", "must have the axes (F_h, F_w)"),
    ({"kernel": np.ones((1, 2, 2))}, ShapeError, "kernel has shape (1, 2, 2)", "must have the axes (F_h, F_w)"),
    ({"kernel": np.ones((2, 0))}, ShapeError, "kernel has shape (2, 0)", "none of them empty"),
    ({"kernel": 3}, ShapeError, "kernel has shape ()", "must have the axes (F_h, F_w)"),
    ({"kernel": [["1", "x"]]}, TypeError, "kernel has dtype <U1", "must hold integers, float32 or float64"),
    ({"kernel": [[1, 2], [3]]}, TypeError, "kernel", "rows of equal length"),
    ({"kernel": np.ones((2, 2), complex)}, TypeError, "kernel has dtype complex128", "must hold"),
    ({"image": np.ones((5, 5), np.float16)}, TypeError, "image has dtype float16", "must hold"),
    ({"image": "photo.png"}, TypeError, "image has dtype <U9", "must hold"),
    ({"image": np.ones(5)}, ShapeError, "image has shape (5,)", "must have the axes (..., H, W)"),
    ({"image": np.ones((0, 5, 5))}, ShapeError, "image has shape (0, 5, 5)", "none of them empty"),
    ({"image": np.ones((5, 0))}, ShapeError, "image has shape (5, 0)", "none of them empty"),
    ({"stride": 0}, ShapeError, "stride=0", "at least 1"),
    ({"stride": 1.5}, TypeError, "stride=1.5", "must be an integer"),
    ({"dilation": 0}, ShapeError, "dilation=0", "at least 1"),
    ({"dilation": True}, TypeError, "dilation=True", "must be an integer"),
    *(({"padding": -1, "border": border}, ShapeError, "padding=-1", "at least 0") for border in BORDERS),
    *(({"padding": 1.0, "border": border}, TypeError, "padding=1.0", "must be an integer") for border in BORDERS),
    ({"padding": 5, "border": "reflect"}, ShapeError, "padding=5", "smaller than the image's shorter side, 5"),
    ({"border": "mirror"}, ValueError, "border='mirror'", "must be one of zero, reflect, circular"),
    ({"border": None}, ValueError, "border=None", "must be one of zero, reflect, circular"),
]  # fmt: skip


@BOTH
@pytest.mark.parametrize(("change", "kind", "value", "rule"), WRONG)
def test_a_broken_rule_is_named_with_its_value(slide, change, kind, value, rule):
    with pytest.raises(kind) as error:
        slide(**{"image": np.ones((5, 6)), "kernel": np.ones((2, 2))} | change)
    assert value in str(error.value)
    assert rule in str(error.value)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("image", [np.ones(3), np.float64(1), np.ones((0, 3))], ids=["a row", "a number", "empty"])
def test_a_border_needs_an_image(border, image):
    with pytest.raises(ShapeError, match=r"^image has shape .* must have the axes \(\.\.\., H, W\)"):
        pad_border(image, 1, border)


def test_a_list_has_a_border_too():
    assert pad_border([[1]], 1, "circular").tolist() == [[1] * 3] * 3


def test_check_kernel_gives_floats():
    assert check_kernel([[1, 2]]).dtype == np.float64
    assert check_kernel(np.ones((1, 2), np.float32)).dtype == np.float32


# Gabor filters and the bank made by hand


def test_a_gabor_filter_is_its_formula_at_every_place():
    found = filters.gabor(5, 3.0, 0.7, 0.4, sigma=1.5, aspect=2.0)
    for row in range(5):
        for col in range(5):
            x, y = col - 2, row - 2
            u, v = x * math.cos(0.7) + y * math.sin(0.7), -x * math.sin(0.7) + y * math.cos(0.7)
            bell = math.exp(-(u * u + 4 * v * v) / (2 * 1.5**2))
            assert found[row, col] == pytest.approx(bell * math.cos(2 * math.pi * u / 3 + 0.4))


def test_a_gabor_filter_turned_by_a_right_angle_is_the_turned_filter():
    upright, level = filters.gabor(7, 4.0), filters.gabor(7, 4.0, math.pi / 2)
    assert np.allclose(np.rot90(upright), level)


def test_a_line_is_the_same_mirrored_and_an_edge_is_its_opposite():
    line, edge = filters.gabor(9, 5.0, phase=0), filters.gabor(9, 5.0, phase=math.pi / 2)
    assert np.allclose(line, line[:, ::-1])
    assert np.allclose(edge, -edge[:, ::-1])


@pytest.mark.parametrize("wrong", [{"wavelength": 0}, {"sigma": -1}, {"aspect": 0}, {"wavelength": math.nan}])
def test_a_gabor_filter_needs_lengths_above_zero(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))}=.*above 0"):
        filters.gabor(**{"size": 5, "wavelength": 3.0} | wrong)
    with pytest.raises(ShapeError, match="size=0"):
        filters.gabor(0, 3.0)


def test_the_bank_fits_alexnet_and_an_area_of_one_grey_gives_nothing():
    bank = filters.hand_made_bank()
    assert bank.shape == (96, 3, 11, 11) and bank.dtype == np.float32
    grey = ops.conv2d(np.full((1, 3, 11, 11), 0.7, np.float32), bank)
    assert np.abs(grey).max() < 1e-5
    assert np.allclose((bank.astype(float) ** 2).sum(axis=(1, 2, 3)), 1)


def test_one_tower_sees_no_colour_and_the_other_no_grey():
    bank = filters.hand_made_bank().astype(float)
    assert np.allclose(bank[:48, 0], bank[:48, 1]) and np.allclose(bank[:48, 0], bank[:48, 2])
    assert np.abs(bank[48:].sum(axis=1)).max() < 1e-6  # what all three colours share


def test_no_two_filters_of_the_bank_are_alike():
    flat = filters.hand_made_bank().reshape(96, -1).astype(float)
    alike = flat @ flat.T - np.eye(96)
    assert alike.max() < 0.97


def test_each_direction_of_the_bank_answers_most_to_its_own_stripes():
    bank, angles = filters.hand_made_bank()[:48].astype(float), np.pi * np.arange(8) / 8
    for first in range(0, 48, 8):
        wave = (0.36, 0.55, 0.82)[first // 16] * 11
        phase = (0, np.pi / 2)[first // 8 % 2]
        stripes = np.stack([filters.gabor(11, wave, angle, phase, sigma=1e6) for angle in angles])
        answers = np.abs(np.einsum("khw,shw->ks", bank[first : first + 8, 0], stripes))
        assert answers.argmax(axis=1).tolist() == list(range(8))
