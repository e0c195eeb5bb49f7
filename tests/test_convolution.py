"""conv2d and its gradients against loops, SciPy, PyTorch and central differences; memory; what is refused, in which words."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate

from lecture_lib.ops import MEMORY_LIMIT, as_float, conv2d, conv2d_backward, conv2d_loops, conv2d_windows
from tests.convolution_cases import (
    BOTH,
    CHANGES,
    GOOD,
    by_scipy,
    layers,
    whole,
)

pytestmark = pytest.mark.usefixtures("loud")

# The same numbers


@given(layers())
def test_the_fast_one_the_windows_the_loops_and_scipy_agree(layer):
    x, weight, bias, how = layer
    out = conv2d(x, weight, bias, **how)
    assert np.array_equal(out, conv2d_loops(x, weight, bias, **how))
    assert np.array_equal(out, conv2d_windows(x, weight, bias, **how))
    assert np.array_equal(out, by_scipy(x, weight, bias, **how))


@BOTH
def test_a_window_worked_out_by_hand(convolve):
    x = np.array([[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]])  # two channels
    weight = np.array([[[[1, 0], [0, -1]], [[2, 0], [0, 0]]]])
    assert convolve(x, weight, np.array([100])).tolist() == [[[[1 - 4 + 2 * 5 + 100]]]]


def test_one_number_means_the_same_on_both_axes():
    x, weight = whole(1, 2, 9, 9), whole(3, 2, 3, 3)
    out = conv2d(x, weight, stride=2, padding=1, dilation=2)
    assert np.array_equal(out, conv2d(x, weight, stride=(2, 2), padding=[1, 1], dilation=np.array([2, 2])))


def test_a_pair_is_vertical_then_horizontal():
    x = whole(1, 1, 8, 8)
    out = conv2d(x, np.ones((1, 1, 1, 1)), stride=(1, 3), padding=(2, 0))
    assert np.array_equal(out[0, 0], np.pad(x[0, 0], ((2, 2), (0, 0)))[:, ::3])


@pytest.mark.parametrize("kernel", [(2, 2), (4, 2), (1, 4), (6, 6)])
def test_even_kernels_are_as_good_as_odd_ones(kernel):
    x, weight = whole(2, 3, 6, 7), whole(4, 3, *kernel)
    assert np.array_equal(conv2d(x, weight), by_scipy(x, weight))


def test_an_integer_layer_takes_numpys_integers():
    x, weight = whole(1, 4, 150, 3), whole(300, 2, 2, 2)
    out = conv2d(x, weight, stride=np.int64(2), padding=np.uint8(1), dilation=np.int8(1), groups=np.uint8(2))
    assert np.array_equal(out, conv2d(x, weight, stride=2, padding=1, groups=2))


@BOTH
def test_filters_of_a_group_see_only_that_groups_channels(convolve):
    x, weight = whole(1, 4, 4, 4), whole(6, 2, 3, 3)
    out = convolve(x, weight, groups=2)
    assert np.array_equal(out[:, :3], convolve(x[:, :2], weight[:3]))
    assert np.array_equal(out[:, 3:], convolve(x[:, 2:], weight[3:]))


def test_as_many_groups_as_channels_filter_each_channel_alone():
    x, weight = whole(1, 3, 5, 5), whole(3, 1, 2, 2)
    alone = [correlate(x[0, c], weight[c, 0], "valid") for c in range(3)]
    assert np.allclose(conv2d(x, weight, groups=3)[0], alone)


def test_a_one_by_one_layer_is_a_matrix_product_at_each_pixel():
    x, weight = whole(2, 5, 3, 4), whole(7, 5, 1, 1)
    assert np.array_equal(conv2d(x, weight), np.moveaxis(np.moveaxis(x, 1, 3) @ weight[:, :, 0, 0].T, 3, 1))


def test_a_kernel_as_large_as_the_image_is_one_dot_product():
    x, weight = whole(1, 2, 5, 6), whole(1, 2, 5, 6)
    assert conv2d(x, weight).item() == np.vdot(x, weight)


# Algebra


@given(layers(), st.integers(-4, 4), st.integers(-4, 4))
@settings(max_examples=40)
def test_it_is_linear_in_the_images_and_in_the_weights(layer, a, b):
    x, weight, _, how = layer
    other_x, other_weight = x[..., ::-1, :] + 1, weight[..., ::-1] - 2
    mixed = a * conv2d(x, weight, **how) + b * conv2d(other_x, weight, **how)
    assert np.array_equal(conv2d(a * x + b * other_x, weight, **how), mixed)
    mixed = a * conv2d(x, weight, **how) + b * conv2d(x, other_weight, **how)
    assert np.array_equal(conv2d(x, a * weight + b * other_weight, **how), mixed)


def test_images_and_filters_do_not_know_of_each_other():
    x, weight, bias = whole(3, 2, 5, 5), whole(4, 2, 2, 3), whole(4)
    out = conv2d(x, weight, bias)
    for n in range(3):
        for k in range(4):
            assert np.array_equal(out[n, k], conv2d(x[n : n + 1], weight[k : k + 1], bias[k : k + 1])[0, 0])


def test_a_shift_of_the_image_shifts_the_maps():
    x, weight = whole(1, 2, 9, 9), whole(3, 2, 3, 3)
    assert np.array_equal(conv2d(x, weight)[:, :, 2:, 1:], conv2d(x[:, :, 2:, 1:], weight))


def test_a_stride_leaves_out_places_and_padding_adds_zeros():
    x, weight = whole(1, 2, 7, 8), whole(3, 2, 3, 3)
    padded = np.pad(x, ((0, 0), (0, 0), (2, 2), (1, 1)))
    assert np.array_equal(conv2d(x, weight, stride=(2, 3), padding=(2, 1)), conv2d(padded, weight)[:, :, ::2, ::3])


@BOTH
@pytest.mark.parametrize(("name", "value"), CHANGES)
def test_every_argument_changes_the_result(convolve, name, value):
    base = {
        "x": np.arange(1, 169).reshape(1, 4, 6, 7),
        "weight": np.arange(1, 49).reshape(4, 2, 2, 3),
        "bias": np.zeros(4),
    }
    base |= {"stride": 1, "padding": 1, "dilation": 1, "groups": 2}
    before, after = convolve(**base), convolve(**base | {name: value})
    assert before.shape != after.shape or not np.array_equal(before, after)


@BOTH
def test_the_number_of_groups_changes_the_result(convolve):
    x, weight = whole(1, 8, 4, 4), whole(4, 2, 3, 3)
    one, two, four = (convolve(x[:, : 2 * groups], weight, groups=groups) for groups in (1, 2, 4))
    assert [np.array_equal(one[:, k], two[:, k]) for k in range(4)] == [True, True, False, False]
    assert [np.array_equal(two[:, k], four[:, k]) for k in range(4)] == [True, False, False, False]


def test_the_loops_and_the_windows_take_the_same_arguments():
    ladder = (conv2d, conv2d_windows, conv2d_loops)
    fast, windows, loops = (dict(inspect.signature(each).parameters) for each in ladder)
    assert fast.pop("memory_limit").default == MEMORY_LIMIT
    assert fast == windows == loops
    assert [*fast] == ["x", "weight", "bias", "stride", "padding", "dilation", "groups"]


def test_the_gradients_take_the_same_settings_with_the_same_defaults():
    forward, backward = (dict(inspect.signature(each).parameters) for each in (conv2d, conv2d_backward))
    assert [*backward][:3] == ["grad", "x", "weight"]
    assert backward.pop("input_grad").default is True
    assert {name: forward[name] for name in [*forward][3:]} == {name: backward[name] for name in [*backward][3:]}


# Dtypes


@BOTH
@pytest.mark.parametrize(
    ("x", "weight", "bias", "result"),
    [
        ("f4", "f4", None, "f4"), ("f4", "f4", "f4", "f4"), ("f8", "f8", "f8", "f8"), ("f4", "f8", None, "f8"),
        ("f8", "f4", "f4", "f8"), ("f4", "f4", "f8", "f8"), ("f4", "f4", "i4", "f8"), ("i8", "f4", None, "f8"),
        ("f4", "i1", "f4", "f8"), ("u1", "i8", "u2", "f8"), ("?", "?", "?", "f8"), ("f4", "?", None, "f8"),
    ],
)  # fmt: skip
def test_float32_stays_and_everything_else_becomes_float64(convolve, x, weight, bias, result):
    bias = None if bias is None else np.ones(2, bias)
    assert convolve(np.ones((1, 1, 3, 3), x), np.ones((2, 1, 2, 2), weight), bias).dtype == result


def test_bytes_do_not_overflow():
    x = np.full((1, 1, 3, 3), 255, np.uint8)
    assert conv2d(x, np.full((1, 1, 3, 3), 255, np.uint8)).item() == 9 * 255**2


def test_the_order_of_bytes_in_memory_does_not_matter():
    x, weight = whole(1, 1, 3, 3), whole(1, 1, 2, 2)
    for kind in (">f4", ">f8", ">i2"):
        out = conv2d(x.astype(kind), weight.astype(kind))
        assert out.dtype.isnative
        assert np.array_equal(out, conv2d(x, weight))


def test_lists_are_arrays():
    assert conv2d([[[[1, 2], [3, 4]]]], [[[[1, 0], [0, 1]]]], [0.5]).tolist() == [[[[5.5]]]]


@BOTH
@pytest.mark.parametrize("name", ["x", "weight", "bias"])
@pytest.mark.parametrize("kind", ["float16", "complex64", "complex128", "object", "str", "datetime64[s]"])
def test_only_real_numbers_of_common_precision_are_taken(convolve, name, kind):
    array = GOOD[name].astype("int64" if "date" in kind else kind).astype(kind)
    with pytest.raises(TypeError) as error:
        convolve(**GOOD | {name: array})
    assert str(error.value) == f"{name} has dtype {array.dtype}: must hold integers, float32 or float64"


@BOTH
@pytest.mark.parametrize("name", ["x", "weight"])
@pytest.mark.parametrize(
    "value", ["text", {}, [[1, 2], [3]], 10**30, object()], ids=["text", "dict", "ragged", "huge", "object"]
)
def test_what_is_no_array_is_refused_by_name(convolve, name, value):
    with pytest.raises(TypeError, match=f"^{name}.*must"):
        convolve(**GOOD | {name: value})


@BOTH
def test_a_ragged_bias_is_refused_by_name(convolve):
    with pytest.raises(TypeError, match=r"^bias: must be an array of numbers with rows of equal length"):
        convolve(**GOOD | {"bias": [[1], [2, 3]]})


def test_as_float_keeps_a_float_array_itself():
    for kind in (np.float32, np.float64):
        x = np.ones(3, kind)
        assert as_float("x", x) is x


# NaN and infinity


@given(layers(), st.sampled_from([np.nan, np.inf, -np.inf]), st.data())
def test_nan_and_infinity_spread_exactly_as_far_as_windows_touch_them(layer, value, data):
    x, weight, bias, how = layer
    place = tuple(data.draw(st.integers(0, side - 1)) for side in x.shape)
    marked = np.zeros_like(x)
    marked[place] = 1
    touched = conv2d_loops(marked, np.ones_like(weight), **how) > 0
    clean = conv2d(x, weight, bias, **how)
    x[place] = value
    for convolve in (conv2d, conv2d_windows, conv2d_loops):
        out = convolve(x, weight, bias, **how)
        assert not np.isfinite(out[touched]).any()
        assert np.array_equal(out[~touched], clean[~touched])


def test_infinity_keeps_its_sign_and_a_weight_of_zero_does_not_hide_it():
    x = np.array([[[[np.inf, 1, -np.inf]]]])
    assert conv2d(x, np.array([[[[2.0]]]]))[0, 0, 0].tolist() == [np.inf, 2, -np.inf]
    assert conv2d(x, np.array([[[[-2.0]]]]))[0, 0, 0].tolist() == [-np.inf, -2, np.inf]
    assert np.isnan(conv2d(x, np.array([[[[0.0]]]]))[0, 0, 0]).tolist() == [True, False, True]
    assert np.isnan(conv2d(x, np.array([[[[1.0, 0, 1]]]]))).all()  # ∞ − ∞


@BOTH
def test_nan_in_a_weight_or_a_bias_stays_in_its_map(convolve):
    for name in ("weight", "bias"):
        broken = GOOD[name].copy()
        broken[(1,) * broken.ndim] = np.nan
        out = convolve(**GOOD | {name: broken})
        assert np.isnan(out[:, 1]).all()
        assert np.isfinite(np.delete(out, 1, axis=1)).all()


@BOTH
def test_what_grows_too_large_becomes_infinity_without_a_warning(convolve):
    x = np.full((1, 1, 2, 2), 3e38, np.float32)
    assert convolve(x, np.ones((1, 1, 2, 2), np.float32)).item() == np.inf
