"""conv2d and its gradients against loops, SciPy, PyTorch and central differences; memory; what is refused, in which words."""

import inspect
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate

from lecture_lib.ops import MEMORY_LIMIT, as_float, batch_last, conv2d, conv2d_backward, conv2d_loops, conv2d_windows
from lecture_lib.shapes import ShapeError
from tests.gradients import check_gradient

BOTH = pytest.mark.parametrize("convolve", [conv2d, conv2d_windows, conv2d_loops])
rng = np.random.default_rng(0)


def whole(*shape):
    """Small whole numbers: sums of their products are exact in float32, in whatever order they are added."""
    return rng.integers(-9, 10, shape).astype(float)


def by_scipy(x, weight, bias=None, *, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The same layer from scipy.signal: one plane at a time, at stride 1, the holes of the kernel filled with zeros."""
    k, c_group, f_h, f_w = weight.shape
    holed = np.zeros((k, c_group, (f_h - 1) * dilation[0] + 1, (f_w - 1) * dilation[1] + 1))
    holed[:, :, :: dilation[0], :: dilation[1]] = weight
    padded = np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))

    def one_map(image, at):
        first = at // (k // groups) * c_group  # the first channel of the filter's group
        planes = zip(image[first : first + c_group], holed[at], strict=True)
        return sum(correlate(pixels, kernel, "valid", "direct") for pixels, kernel in planes)

    maps = np.array([[one_map(image, at) for at in range(k)] for image in padded])[:, :, :: stride[0], :: stride[1]]
    return maps if bias is None else maps + bias[:, None, None]


small = st.integers(1, 3)
pairs = st.tuples(small, small)


@st.composite
def layers(draw):
    """x, weight, bias and settings of a layer whose window fits; both axes are drawn apart."""
    groups, per_group, filters, images = draw(small), draw(small), draw(small), draw(st.integers(1, 2))
    kernel, stride, dilation = draw(st.tuples(st.integers(1, 4), st.integers(1, 4))), draw(pairs), draw(pairs)
    padding = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
    fits = [max(1, (f - 1) * d + 1 - 2 * p) for f, d, p in zip(kernel, dilation, padding, strict=True)]
    size = [least + draw(st.integers(0, 4)) for least in fits]
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    x = numbers.integers(-9, 10, (images, groups * per_group, *size)).astype(float)
    weight = numbers.integers(-9, 10, (groups * filters, per_group, *kernel)).astype(float)
    bias = draw(st.sampled_from([None, numbers.integers(-9, 10, groups * filters).astype(float)]))
    return x, weight, bias, {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


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


# Every argument counts


CHANGES = [
    ("x", whole(1, 4, 6, 7)), ("weight", whole(4, 2, 2, 3)), ("bias", np.array([0.0, 0, 0, 1])),
    *((name, value) for name in ("stride", "padding", "dilation") for value in (2, (2, 1), (1, 2))),
]  # fmt: skip


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


GOOD = {"x": np.ones((1, 4, 5, 6)), "weight": np.ones((6, 2, 3, 3)), "bias": np.ones(6), "groups": 2}


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


# Memory


@BOTH
def test_inputs_stay_as_they_were_and_may_be_read_only(convolve):
    frozen = {name: value.copy() for name, value in GOOD.items() if name != "groups"}
    for array in frozen.values():
        array.flags.writeable = False
    expected = convolve(**GOOD, padding=1)
    out = convolve(**frozen, groups=2, padding=1)
    assert np.array_equal(out, expected)
    assert all(np.array_equal(array, GOOD[name]) for name, array in frozen.items())


def lies_batch_last(out):
    """In memory the axes follow each other as C, H, W, N, without gaps."""
    return out.transpose(1, 2, 3, 0).flags.c_contiguous


@BOTH
@pytest.mark.parametrize("kernel", [1, 3])
def test_the_result_lies_batch_last_is_writable_and_shares_no_memory(convolve, kernel):
    x, weight, bias = whole(2, 3, 4, 5), whole(4, 3, kernel, kernel), whole(4)
    out = convolve(x, weight, bias, padding=kernel // 2)
    assert lies_batch_last(out) if convolve is conv2d else out.flags.c_contiguous
    assert out.flags.writeable
    assert not any(np.shares_memory(out, array) for array in (x, weight, bias))


VIEWS = {
    "reversed": lambda a: a[..., ::-1, ::-1],
    "transposed": lambda a: np.ascontiguousarray(a.swapaxes(2, 3)).swapaxes(2, 3),
    "every second": lambda a: np.repeat(np.repeat(a, 2, axis=2), 2, axis=3)[:, :, ::2, ::2],
    "channels last": lambda a: np.ascontiguousarray(np.moveaxis(a, 1, 3)).transpose(0, 3, 1, 2),
    "fortran": np.asfortranarray,
    "broadcast": lambda a: np.broadcast_to(a[:1], a.shape),
    "batch last": lambda a: np.ascontiguousarray(a.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_only_the_numbers_count_not_how_they_lie_in_memory(view):
    x, weight = view(whole(2, 3, 5, 6)), view(whole(4, 3, 2, 3))
    out = conv2d(x, weight, padding=1, stride=(1, 2))
    assert lies_batch_last(out)
    assert np.array_equal(out, conv2d(x.copy("C"), weight.copy("C"), padding=1, stride=(1, 2)))


# The gradients


def backward_by_loops(grad, x, weight, *, stride, padding, dilation, groups):
    """Each product of the forward pass, gone back one at a time."""
    (p_h, p_w), (s_h, s_w), (d_h, d_w) = padding, stride, dilation
    padded = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    grad_padded, grad_weight = np.zeros_like(padded), np.zeros_like(weight)
    for n, k, i, j in np.ndindex(grad.shape):
        first = k // (len(weight) // groups) * weight.shape[1]
        for c, a, b in np.ndindex(weight.shape[1:]):
            pixel = n, first + c, i * s_h + a * d_h, j * s_w + b * d_w
            grad_padded[pixel] += grad[n, k, i, j] * weight[k, c, a, b]
            grad_weight[k, c, a, b] += grad[n, k, i, j] * padded[pixel]
    return grad_padded[:, :, p_h : p_h + x.shape[2], p_w : p_w + x.shape[3]], grad_weight, grad.sum(axis=(0, 2, 3))


def same(some, others):
    """Each array of one tuple equals its partner, dtype and all."""
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(some, others, strict=True))


def like_the_output(x, weight, **how):
    """Whole numbers in the shape of the output: a gradient that comes back."""
    return np.random.default_rng(x.size).integers(-9, 10, conv2d(x, weight, **how).shape).astype(float)


@given(layers())
def test_gradients_are_adjoint_to_the_layer(layer):
    x, weight, _, how = layer
    out, grad = conv2d(x, weight, **how), like_the_output(x, weight, **how)
    grad_x, grad_weight, grad_bias = conv2d_backward(grad, x, weight, **how)
    assert np.vdot(out, grad) == np.vdot(x, grad_x) == np.vdot(weight, grad_weight)
    assert np.array_equal(grad_bias, grad.sum(axis=(0, 2, 3)))
    assert grad_x.shape == x.shape
    assert grad_weight.shape == weight.shape


@given(layers())
@settings(max_examples=50)
def test_the_gradients_and_those_of_the_loops_agree(layer):
    x, weight, _, how = layer
    grad = like_the_output(x, weight, **how)
    assert same(conv2d_backward(grad, x, weight, **how), backward_by_loops(grad, x, weight, **how))


@pytest.mark.parametrize("seed", range(12))
def test_gradients_are_the_slopes_that_central_differences_find(seed):
    numbers = np.random.default_rng(seed)
    names = ("stride", "padding", "dilation")
    how = {name: tuple(numbers.integers(name != "padding", 3, 2).tolist()) for name in names}
    how["groups"] = groups = 1 + seed % 2
    kernel = numbers.integers(1, 4, 2)
    size = np.maximum(1, (kernel - 1) * how["dilation"] + 1 - 2 * np.array(how["padding"])) + numbers.integers(0, 3, 2)
    x = numbers.normal(size=(2, 2 * groups, *size))
    weight = numbers.normal(size=(numbers.integers(1, 3) * groups, 2, *kernel))
    check_gradient(
        lambda x, weight, bias: conv2d(x, weight, bias, **how),
        lambda grad, x, weight, bias: conv2d_backward(grad, x, weight, **how),
        x, weight, numbers.normal(size=len(weight)),
    )  # fmt: skip


def test_gradients_worked_out_by_hand():
    x, weight = np.array([[[[1, 2, 3], [4, 5, 6]]]]), np.array([[[[10, 20]]]])  # two windows side by side, two rows
    grad_x, grad_weight, grad_bias = conv2d_backward(np.array([[[[1, 2], [0, -1]]]]), x, weight)
    assert grad_x.tolist() == [[[[10, 20 + 2 * 10, 2 * 20], [0, -10, -20]]]]
    assert grad_weight.tolist() == [[[[1 * 1 + 2 * 2 - 5, 1 * 2 + 2 * 3 - 6]]]]
    assert grad_bias.tolist() == [1 + 2 + 0 - 1]


def test_pixels_that_no_window_meets_get_nothing_back():
    grad_x, _, _ = conv2d_backward(np.ones((1, 1, 2, 2)), np.ones((1, 1, 6, 7)), np.ones((1, 1, 2, 2)), stride=3)
    assert grad_x[0, 0].tolist() == [[1, 1, 0, 1, 1, 0, 0]] * 2 + [[0] * 7] + [[1, 1, 0, 1, 1, 0, 0]] * 2 + [[0] * 7]


def test_a_window_in_the_padding_alone_teaches_its_weights_nothing():
    grad = np.zeros((1, 1, 5, 5))
    grad[..., 0, :] = 7
    grad_x, grad_weight, grad_bias = conv2d_backward(grad, np.ones((1, 1, 1, 1)), np.ones((1, 1, 1, 1)), padding=2)
    assert (grad_x.item(), grad_weight.item(), grad_bias.item()) == (0, 0, 35)


@given(layers())
@settings(max_examples=40)
def test_without_the_inputs_gradient_the_others_are_the_same(layer):
    x, weight, _, how = layer
    grad = like_the_output(x, weight, **how)
    nothing, *others = conv2d_backward(grad, x, weight, **how, input_grad=False)
    assert nothing is None
    assert same(others, conv2d_backward(grad, x, weight, **how)[1:])


GRAD = whole(2, 6, 5, 6)
BACKWARD = {"x": whole(2, 4, 5, 6), "weight": whole(6, 2, 3, 3), "groups": 2, "padding": 1}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("name", ["grad", "x", "weight"])
def test_gradients_see_only_the_numbers_not_how_they_lie_in_memory(view, name):
    arguments = {"grad": GRAD, **BACKWARD}
    looked = view(arguments[name])
    expected = conv2d_backward(**arguments | {name: looked.copy("C")})
    assert same(conv2d_backward(**arguments | {name: looked}), expected)


@pytest.mark.parametrize("view", [*VIEWS.values(), np.copy], ids=[*VIEWS, "plain"])
@pytest.mark.parametrize("writeable", [True, False])
def test_gradients_change_no_argument(view, writeable):
    arrays = {
        name: view(array.copy())
        for name, array in {"grad": GRAD, **BACKWARD}.items()
        if name in ("x", "weight", "grad")
    }
    if not writeable:
        for array in arrays.values():
            array.flags.writeable = False
    before = {name: array.copy() for name, array in arrays.items()}
    results = conv2d_backward(**arrays, groups=2, padding=1)
    assert all(np.array_equal(array, before[name]) for name, array in arrays.items())
    assert not any(np.shares_memory(result, array) for result in results for array in arrays.values())
    assert all(result.flags.writeable for result in results)


@pytest.mark.parametrize(
    ("grad", "x", "weight", "result"),
    [("f4", "f4", "f4", "f4"), ("f8", "f8", "f8", "f8"), ("f4", "f8", "f4", "f8"), ("f4", "f4", "f8", "f8"),
     ("i4", "f4", "f4", "f4"), ("f8", "f4", "f4", "f4"), ("f4", "i4", "f4", "f8"), ("?", "u1", "i8", "f8")],
)  # fmt: skip
def test_gradients_have_the_dtype_the_layer_computes_in(grad, x, weight, result):
    arrays = np.ones((1, 2, 2, 2), grad), np.ones((1, 1, 3, 3), x), np.ones((2, 1, 2, 2), weight)
    assert [each.dtype for each in conv2d_backward(*arrays)] == [result] * 3


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_comes_through_without_a_warning(value):
    grad = GRAD.copy()
    grad[0, 1, 2, 3] = value
    grad_x, grad_weight, grad_bias = conv2d_backward(grad, **BACKWARD)
    assert np.isfinite(grad_x[1]).all()
    assert not np.isfinite(grad_x[0, :2, 1:4, 2:5]).any()
    assert np.isfinite(grad_x[0, 2:]).all()
    assert np.isfinite(grad_bias).tolist() == np.isfinite(grad_weight).all(axis=(1, 2, 3)).tolist() == [
        True, False, True, True, True, True,
    ]  # fmt: skip


@given(layers())
@settings(max_examples=60)
def test_pytorch_finds_the_same_maps_and_the_same_gradients(layer):
    torch = pytest.importorskip("torch")
    x, weight, bias, how = layer
    grad = like_the_output(x, weight, **how)
    theirs = [
        torch.tensor(array, requires_grad=True)
        for array in (x, weight, np.zeros(len(weight)) if bias is None else bias)
    ]
    out = torch.nn.functional.conv2d(*theirs, **how)
    out.backward(torch.tensor(grad))
    assert np.array_equal(conv2d(x, weight, bias, **how), out.detach().numpy())
    assert same(conv2d_backward(grad, x, weight, **how), [each.grad.numpy() for each in theirs])


# The limit of memory


@given(layers(), st.integers(1, 20_000))
def test_results_are_the_same_whatever_the_memory_limit(layer, limit):
    x, weight, bias, how = layer
    grad = like_the_output(x, weight, **how)
    out, gradients = conv2d(x, weight, bias, **how), conv2d_backward(grad, x, weight, **how)
    for few in (1, limit):  # 1: one row of one image at a time; the others split rows, or rows and images
        assert np.array_equal(conv2d(x, weight, bias, **how, memory_limit=few), out)
        assert same(conv2d_backward(grad, x, weight, **how, memory_limit=few), gradients)


@pytest.mark.parametrize("limit", [1, 3_000, 10_000, 30_000, 100_000, 10**6, 10**12])
def test_rows_and_images_may_be_split_anywhere(limit):
    x, weight = whole(7, 2, 9, 8), whole(4, 2, 3, 3)
    grad = whole(7, 4, 5, 4)
    for given_x in (x, VIEWS["batch last"](x)):
        how = {"stride": 2, "padding": 1, "memory_limit": limit}
        assert np.array_equal(conv2d(given_x, weight, **how), by_scipy(x, weight, stride=(2, 2), padding=(1, 1)))
        expected = backward_by_loops(grad, x, weight, stride=(2, 2), padding=(1, 1), dilation=(1, 1), groups=1)
        assert same(conv2d_backward(grad, given_x, weight, **how), expected)


@pytest.mark.parametrize("padding", range(10))
def test_rows_of_padding_alone_may_be_a_tile_of_their_own(padding):
    x, weight = whole(1, 1, 2, 3), whole(1, 1, 2, 2)
    expected = by_scipy(x, weight, padding=(padding, 1))
    assert np.array_equal(conv2d(x, weight, padding=(padding, 1), memory_limit=1), expected)


def taken(compute):
    """What ``compute()`` returns, and the bytes it took at most beside what it returns (NumPy reports to tracemalloc)."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        results = compute()
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return results, peak - after, peak - before


ORDERS = pytest.mark.parametrize("order", ["batch first", "batch last"])


def ones(shape, order):
    """Ones in float32, in C order or with the batch last in memory."""
    array = np.empty(shape, np.float32) if order == "batch first" else batch_last(*shape, np.float32)
    array.fill(1)
    return array


@ORDERS
def test_a_large_batch_takes_less_than_64_megabytes_beside_its_arrays(order):
    x, weight = ones((256, 16, 32, 32), order), np.ones((32, 16, 3, 3), np.float32)
    out, _, most = taken(lambda: conv2d(x, weight, padding=1))
    assert most - out.nbytes < MEMORY_LIMIT == 64 * 2**20
    assert out[255, 31, 31, 30] == 16 * 6
    grad = ones(out.shape, order)
    del out
    gradients, _, most = taken(lambda: conv2d_backward(grad, x, weight, padding=1))
    assert most - sum(each.nbytes for each in gradients) < MEMORY_LIMIT
    assert gradients[0][255, 15, 31, 30] == 32 * 6


HUNGRY = {  # each has one part that is large beside the columns
    "few weights, many filters": ((64, 1, 48, 48), (64, 1, 1, 1), {}),
    "a stride past most pixels": ((64, 2, 128, 128), (4, 2, 1, 1), {"stride": 8}),
    "windows with wide holes": ((16, 4, 64, 64), (4, 4, 2, 2), {"dilation": 24}),
    "each channel alone": ((64, 16, 32, 32), (16, 1, 3, 3), {"groups": 16, "padding": 1}),
    "much padding": ((64, 8, 8, 8), (8, 8, 2, 2), {"padding": 12}),
    "ordinary": ((64, 8, 32, 32), (16, 8, 3, 3), {"padding": 1}),
}


@ORDERS
@pytest.mark.parametrize("name", HUNGRY)
def test_the_memory_limit_holds_for_every_kind_of_layer(name, order):
    shape, filters, how = HUNGRY[name]
    limit = 2**20
    x, weight = ones(shape, order), np.ones(filters, np.float32)
    out, beside, _ = taken(lambda: conv2d(x, weight, **how, memory_limit=limit))
    slack = 20_000  # Python's own objects
    assert beside < limit + slack
    for kind in (np.float32, np.float64):  # of another dtype, it is copied piece by piece
        grad = ones(out.shape, order).astype(kind, copy=False)
        _, beside, _ = taken(lambda grad=grad: conv2d_backward(grad, x, weight, **how, memory_limit=limit))
        assert beside < limit + slack


@pytest.mark.parametrize(
    "call", [lambda **how: conv2d(**GOOD, **how), lambda **how: conv2d_backward(GRAD, **BACKWARD, **how)]
)
def test_a_memory_limit_is_a_number_of_bytes(call):
    for value in (0, -1):
        with pytest.raises(ShapeError, match=f"^memory_limit={value}: must be at least 1"):
            call(memory_limit=value)
    for value in (1e6, "64 MB", None, True):
        with pytest.raises(TypeError, match="^memory_limit=.*must be an integer"):
            call(memory_limit=value)


# Bad input: the name, the value, the rule

WRONG = [
    ({"weight": np.ones((6, 2, 6, 3))}, "kernel_size=6", "must fit"),
    ({"weight": np.ones((6, 2, 3, 7))}, "kernel_size=7", "must fit"),
    ({"weight": np.ones((6, 2, 8, 3)), "padding": 1}, "padding=1", "must fit"),
    ({"dilation": 3}, "dilation=3", "must fit"),
    ({"stride": 0}, "stride=0", "at least 1"),
    ({"stride": -1}, "stride=-1", "at least 1"),
    ({"stride": (1, 0)}, "stride[1]=0", "at least 1"),
    ({"stride": (1, 2, 3)}, "stride=(1, 2, 3)", "one integer or a pair"),
    ({"padding": -1}, "padding=-1", "at least 0"),
    ({"padding": (-2, 0)}, "padding[0]=-2", "at least 0"),
    ({"dilation": 0}, "dilation=0", "at least 1"),
    ({"groups": 0}, "groups=0", "at least 1"),
    ({"groups": -2}, "groups=-2", "at least 1"),
    ({"groups": 3}, "groups=3", "must divide in_channels=4"),
    ({"groups": 4}, "groups=4", "must divide out_channels=6"),
    ({"groups": 1}, "weight has shape (6, 2, 3, 3)", "must have 4 channels"),
    ({"weight": np.ones((6, 3, 3, 3))}, "weight has shape (6, 3, 3, 3)", "must have 2 channels"),
    ({"x": np.ones((1, 6, 5, 6))}, "x has shape (1, 6, 5, 6)", "must have 3 channels"),
    ({"bias": np.ones(5)}, "bias has shape (5,)", "must be (6,)"),
    ({"bias": np.ones((6, 1))}, "bias has shape (6, 1)", "must be (6,)"),
    ({"bias": 1.0}, "bias has shape ()", "must be (6,)"),
    ({"x": np.ones((4, 5, 6))}, "x has shape (4, 5, 6)", "must have the axes (N, C, H, W)"),
    ({"x": 1.0}, "x has shape ()", "must have the axes (N, C, H, W)"),
    ({"weight": np.ones((3, 3))}, "weight has shape (3, 3)", "must have the axes (K, C/groups, F_h, F_w)"),
    *(({"x": np.ones(shape)}, "x has shape", "none of them empty")
      for shape in ((0, 4, 5, 6), (1, 0, 5, 6), (1, 4, 0, 6), (1, 4, 5, 0))),
    *(({"weight": np.ones(shape)}, "weight has shape", "none of them empty")
      for shape in ((0, 2, 3, 3), (6, 0, 3, 3), (6, 2, 0, 3), (6, 2, 3, 0))),
]  # fmt: skip


@BOTH
@pytest.mark.parametrize(("change", "value", "rule"), WRONG)
def test_a_broken_rule_is_named_with_its_value(convolve, change, value, rule):
    with pytest.raises(ShapeError) as error:
        convolve(**GOOD | change)
    assert value in str(error.value)
    assert rule in str(error.value)


@BOTH
@pytest.mark.parametrize("name", ["stride", "padding", "dilation", "groups"])
@pytest.mark.parametrize("value", [1.0, True, "1", None, np.float32(1)], ids=repr)
def test_a_setting_that_is_no_integer_is_refused_by_name(convolve, name, value):
    with pytest.raises(TypeError, match="must be an integer") as error:
        convolve(**GOOD | {name: value})
    assert f"{name}={value!r}" in str(error.value)


BACKWARD_WRONG = [
    *(({"grad": np.ones(shape)}, f"grad has shape {shape}", "must be (2, 6, 5, 6), the shape of the output")
      for shape in ((2, 6, 5, 5), (1, 6, 5, 6), (2, 1, 1, 1), (6, 5, 6), (), (0, 6, 5, 6))),
    ({"x": np.ones((2, 3, 5, 6))}, "groups=2", "must divide in_channels=3"),
    ({"x": np.ones((2, 6, 5, 6))}, "weight has shape (6, 2, 3, 3)", "must have 3 channels"),
    ({"x": np.ones((4, 5, 6))}, "x has shape (4, 5, 6)", "must have the axes (N, C, H, W)"),
    ({"x": np.ones((0, 4, 5, 6))}, "x has shape (0, 4, 5, 6)", "none of them empty"),
    ({"weight": np.ones((6, 2, 3))}, "weight has shape (6, 2, 3)", "must have the axes (K, C/groups, F_h, F_w)"),
    ({"stride": 0}, "stride=0", "at least 1"),
    ({"padding": 2}, "grad has shape (2, 6, 5, 6)", "must be (2, 6, 7, 8)"),
    ({"dilation": 9}, "dilation=9", "must fit"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "value", "rule"), BACKWARD_WRONG)
def test_the_gradients_name_a_broken_rule_with_its_value(change, value, rule):
    with pytest.raises(ShapeError) as error:
        conv2d_backward(**{"grad": GRAD} | BACKWARD | change)
    assert value in str(error.value)
    assert rule in str(error.value)


@pytest.mark.parametrize("name", ["grad", "x", "weight"])
@pytest.mark.parametrize("value", ["text", {}, [[1, 2], [3]], np.ones((2, 6, 5, 6), complex)], ids=str)
def test_the_gradients_refuse_what_is_no_array_of_numbers_by_name(name, value):
    with pytest.raises(TypeError, match=f"^{name}.*must"):
        conv2d_backward(**{"grad": GRAD} | BACKWARD | {name: value})


@BOTH
def test_settings_go_by_name_only(convolve):
    with pytest.raises(TypeError, match="positional"):
        convolve(GOOD["x"], GOOD["weight"], None, 2)
