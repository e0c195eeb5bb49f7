"""What holds for all of ops: arguments stay as they were, results are one's own, bad arrays are refused by name."""

import inspect

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from lecture_lib import ops
from lecture_lib.arguments import check_number
from lecture_lib.ops import as_float, batch_last, check_axes, check_shape
from lecture_lib.ops.arrays import one_thread
from lecture_lib.shapes import ShapeError

rng = np.random.default_rng(0)


def normal(*shape):
    return rng.normal(size=shape)


MEASURED = ops.BatchStatistics(normal(3), rng.random(3), 8)
CALLS = {  # every function of ops, with arguments that it takes
    "as_float": {"name": "x", "array": normal(2)},
    "check_axes": {"name": "x", "array": normal(2), "axes": "N"},
    "check_shape": {"name": "x", "array": normal(2), "shape": (2,), "because": "two"},
    "check_labels": {"labels": np.array([1, 0]), "samples": 2, "classes": 2},
    "batch_last": {"n": 2, "c": 3, "h": 4, "w": 5, "dtype": np.float32},
    "conv2d": {"x": normal(2, 4, 5, 6), "weight": normal(6, 2, 3, 3), "bias": normal(6), "groups": 2, "padding": 1},
    "conv2d_loops": {"x": normal(2, 4, 3, 3), "weight": normal(2, 4, 3, 3), "bias": normal(2), "padding": 1},
    "conv2d_windows": {"x": normal(2, 4, 3, 3), "weight": normal(2, 4, 3, 3), "bias": normal(2), "padding": 1},
    "conv2d_backward": {"grad": normal(2, 6, 3, 4), "x": normal(2, 4, 5, 6), "weight": normal(6, 2, 3, 3), "groups": 2},
    "max_pool2d": {"x": normal(2, 3, 5, 6), "kernel_size": 3, "stride": 2, "padding": 1},
    "avg_pool2d": {"x": normal(2, 3, 5, 6), "kernel_size": 3, "stride": 2, "padding": 1},
    "max_pool2d_backward": {"grad": normal(2, 3, 2, 3), "x": normal(2, 3, 5, 6), "kernel_size": 2},
    "avg_pool2d_backward": {"grad": normal(2, 3, 2, 3), "x": normal(2, 3, 5, 6), "kernel_size": 2},
    "global_avg_pool2d": {"x": normal(2, 3, 5, 6)},
    "global_avg_pool2d_backward": {"grad": normal(2, 3), "x": normal(2, 3, 5, 6)},
    "linear": {"x": normal(2, 3), "weight": normal(4, 3), "bias": normal(4)},
    "linear_backward": {"grad": normal(2, 4), "x": normal(2, 3), "weight": normal(4, 3)},
    "softmax": {"logits": normal(2, 3), "temperature": 2.0},
    "softmax_cross_entropy": {"logits": normal(2, 3), "labels": np.array([2, 0])},
    "local_response_norm": {"x": normal(2, 6, 3, 3)},
    "local_response_norm_backward": {"grad": normal(2, 6, 3, 3), "x": normal(2, 6, 3, 3)},
    "batch_norm": {"x": normal(2, 3, 2, 2), "weight": normal(3), "bias": normal(3), "statistics": MEASURED},
    "batch_norm_backward": {"grad": normal(2, 3, 2, 2), "x": normal(2, 3, 2, 2), "weight": normal(3), "statistics": MEASURED},
    "dropout": {"x": normal(4, 5), "p": 0.5, "rng": None},
    "dropout_backward": {"grad": normal(4, 5), "factor": normal(4, 5)},
}  # fmt: skip
GIVE_BACK = {"as_float", "check_axes", "check_shape", "check_labels"}  # these return the array they were given
FIXED_AXES = [
    (name, argument) for name in CALLS for argument in ("x", "weight", "bias", "grad")
    if isinstance(CALLS[name].get(argument), np.ndarray) and not (name.startswith("dropout") and argument == "x")
]  # fmt: skip
ARRAYS = [
    *FIXED_AXES, ("dropout", "x"), ("dropout_backward", "factor"), ("softmax", "logits"), ("softmax_cross_entropy", "logits"),
    ("softmax_cross_entropy", "labels"),
]  # fmt: skip
EVERY = pytest.mark.parametrize("name", CALLS)


def call(name, /, **changes):
    """An operation on copies of its arguments in CALLS; a fresh generator where one is needed."""
    arguments = CALLS[name] | changes
    if "rng" in arguments:
        arguments["rng"] = np.random.default_rng(0)
    return getattr(ops, name)(**arguments)


def arrays_in(values):
    """All arrays among values, inside tuples, too."""
    for value in values:
        if isinstance(value, tuple):
            yield from arrays_in(value)
        elif isinstance(value, np.ndarray):
            yield value


def batch_last_order(array):
    """The same numbers, the first axis last in memory."""
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(array, 0, -1)), -1, 0)


ORDERS = {
    "as they are": lambda array: array.copy(),
    "batch last": batch_last_order,
    "reversed": lambda array: array[::-1].copy()[::-1],
    "float32": lambda array: array.astype(np.float32) if array.dtype.kind == "f" else array,
}


def test_every_function_is_here():
    functions = {name for name in ops.__all__ if inspect.isfunction(getattr(ops, name))}
    assert functions == set(CALLS)


@EVERY
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("writeable", [True, False], ids=["writeable", "read-only"])
def test_no_function_changes_its_arguments(name, order, writeable):
    def changed(value):
        if isinstance(value, ops.BatchStatistics):
            return ops.BatchStatistics(*map(changed, value))
        if not isinstance(value, np.ndarray):
            return value
        value = order(value)
        value.flags.writeable = writeable
        return value

    arguments = {argument: changed(value) for argument, value in CALLS[name].items()}
    before = [array.copy() for array in arrays_in(arguments.values())]
    results = call(name, **arguments)
    assert all(np.array_equal(old, new) for old, new in zip(before, arrays_in(arguments.values()), strict=True))
    if name not in GIVE_BACK:
        results = results[:1] if name == "batch_norm" else results  # the statistics are those that were given
        for result in arrays_in([results]):
            assert result.flags.writeable
            assert not any(np.shares_memory(result, array) for array in arrays_in(arguments.values()))


@EVERY
def test_the_same_arguments_give_the_same_bits(name):
    if name != "batch_last":  # its memory is not filled
        first, again = ([*arrays_in([call(name)])] for _ in range(2))
        assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


# Bad arrays


@pytest.mark.parametrize(("name", "argument"), ARRAYS)
@pytest.mark.parametrize("kind", ["str", "object", "complex128", "float16"])
def test_an_array_that_does_not_hold_real_numbers_is_refused_by_name(name, argument, kind):
    bad = CALLS[name][argument].astype(kind)
    with pytest.raises(TypeError, match=f"^{argument} has dtype .*: must hold integers"):
        call(name, **{argument: bad})


@pytest.mark.parametrize(("name", "argument"), ARRAYS)
@pytest.mark.parametrize("value", ["text", [[1, 2], [3]], {}, object()], ids=["text", "ragged", "dict", "object"])
def test_what_is_no_array_is_refused_by_name(name, argument, value):
    with pytest.raises(TypeError, match=f"^{argument}.*: must"):
        call(name, **{argument: value})


@pytest.mark.parametrize(("name", "argument"), FIXED_AXES)
def test_an_array_of_other_axes_or_an_empty_one_is_refused_by_name(name, argument):
    array = CALLS[name][argument]
    for bad in (array[0], array[None], array[..., None], array[:0], array[..., :0], np.ones(()), np.ones(0)):
        if bad.ndim == 1 and name == "batch_norm" and argument == "x":
            bad = bad[:, None, None]  # (N, C) would be right
        with pytest.raises(ShapeError, match=f"^{argument} has shape "):
            call(name, **{argument: bad})


# The checks themselves


def test_integers_become_float64_and_floats_stay():
    for kind in (np.int8, np.uint64, bool):
        assert as_float("x", np.ones(2, kind)).dtype == np.float64
    for kind in (np.float32, np.float64):
        x = np.ones(2, kind)
        assert as_float("x", x) is x
    assert as_float("x", np.ones(2, ">f4")).dtype == np.float32


def test_axes_and_shapes_that_are_right_come_back():
    x = np.ones((2, 3))
    assert check_axes("x", x, "N, D") is x
    assert check_shape("x", x, (2, 3), "so it is") is x


@pytest.mark.parametrize("value", [0, 1, 2.5, np.float32(0.5), np.int8(3), np.uint64(3)])
def test_a_number_comes_back_as_a_float(value):
    number = check_number("x", value, "of at least 0", lambda x: x >= 0)
    assert type(number) is float
    assert number == value


def test_an_array_that_lies_batch_last_is_filled_like_any_other():
    x = batch_last(2, 3, 4, 5, np.float32)
    assert x.shape == (2, 3, 4, 5)
    assert x.dtype == np.float32
    x[...] = np.arange(120).reshape(2, 3, 4, 5)
    assert x.transpose(1, 2, 3, 0).ravel(order="K").tolist() == x.transpose(1, 2, 3, 0).ravel().tolist()


def test_products_run_on_one_core_only_inside_the_block():
    def threads():
        return min(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas")

    with threadpool_limits(2, user_api="blas"):
        assert threads() == 2
        with one_thread():
            assert threads() == 1  # NumPy's library; SciPy has one of its own
        assert threads() == 2


def test_an_array_of_more_axes_than_anything_here_has_is_refused():
    with pytest.raises(ValueError, match="x has 20 axes: must have at most 10"):
        as_float("x", np.zeros((1,) * 20))
