"""Each layer against central differences, hand-worked values and PyTorch; what all of them hold; what they refuse."""

import inspect
import math

import numpy as np
import pytest

from lecture_lib.layers import (
    RBF,
    Activation,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    LocalResponseNorm,
    Maxout,
    MaxPool2d,
    PartialConv2d,
    PReLU,
    ScaledTanh,
    StateError,
    Subsampling,
)
from lecture_lib.models import Concat, Sequential
from lecture_lib.shapes import ShapeError
from tests.gradients import check_gradient
from tests.layers_cases import (
    BOTH_DTYPES,
    BOTH_MODES,
    CASES,
    CODES,
    EVERY,
    SETTINGS,
    TABLE,
    WITH_STATE,
    WRONG,
    gradients,
    public_layers,
    ready,
    result,
    run,
    spread,
)


def test_no_layer_is_left_out_here():
    assert {type(make()) for make, _ in CASES} == set(public_layers())


# What every layer holds


@EVERY
@BOTH_MODES
def test_backward_is_the_slope_of_forward_in_the_input_and_in_every_parameter(make, shape, training):
    layer = ready(make)
    learned = layer.parameters()

    def forward(x, *values):
        for parameter, value in zip(learned.values(), values, strict=True):
            parameter.value = value
        return run(layer, x, training)

    def backward(grad, x, *values):
        return (layer.backward(grad), *gradients(layer).values())

    check_gradient(forward, backward, spread(shape), *(parameter.value for parameter in learned.values()), rtol=1e-5)


@EVERY
@BOTH_MODES
def test_what_comes_out_has_the_shape_foretold_and_what_goes_back_that_of_what_came_in(make, shape, training):
    layer, x = ready(make), spread(shape)
    out = run(layer, x, training)
    assert out.shape == (3, *make().output_shape(shape))  # known without weights
    assert layer.backward(np.ones(out.shape)).shape == x.shape
    for name, parameter in layer.parameters().items():
        assert parameter.grad.shape == parameter.value.shape == parameter.shape, name


@EVERY
@BOTH_MODES
def test_neither_forward_nor_backward_changes_what_it_is_given(make, shape, training):
    layer, x = ready(make), spread(shape)
    before = x.copy()
    weights = {name: parameter.value.copy() for name, parameter in layer.parameters().items()}
    x.flags.writeable = False
    out = run(layer, x, training)
    kept = out.copy()
    grad = spread(out.shape[1:], seed=2)
    grad_before = grad.copy()
    grad.flags.writeable = False
    layer.backward(grad)
    assert np.array_equal(x, before) and np.array_equal(grad, grad_before) and np.array_equal(out, kept)
    assert all(np.array_equal(parameter.value, weights[name]) for name, parameter in layer.parameters().items())


@EVERY
@BOTH_MODES
@BOTH_DTYPES
def test_the_dtype_stays(make, shape, training, dtype):
    layer = ready(make, dtype)
    out = run(layer, spread(shape).astype(dtype), training)
    assert out.dtype == dtype
    assert layer.backward(np.ones(out.shape, dtype)).dtype == dtype
    assert {grad.dtype for grad in gradients(layer).values()} <= {np.dtype(dtype)}
    assert {parameter.value.dtype for parameter in layer.state().values()} <= {np.dtype(dtype)}


@EVERY
@BOTH_MODES
def test_without_the_inputs_gradient_those_of_the_parameters_are_the_same(make, shape, training):
    layer, x = ready(make), spread(shape)
    grad = spread(run(layer, x, training).shape[1:], seed=2)
    assert layer.backward(grad) is not None
    whole = gradients(layer)
    run(layer, x, training)
    assert layer.backward(grad, input_grad=False) is None
    assert gradients(layer).keys() == whole.keys()
    assert all(np.array_equal(value, whole[name]) for name, value in gradients(layer).items())


@EVERY
@BOTH_MODES
def test_gradients_are_of_one_batch_and_do_not_add_up(make, shape, training):
    layer, x = ready(make), spread(shape)
    first = layer.backward(np.ones(run(layer, x, training).shape))
    once = gradients(layer)
    again = layer.backward(np.ones(run(layer, x, training).shape))
    assert np.allclose(first, again, 1e-12, 1e-12)
    assert all(np.allclose(value, once[name], 1e-12, 1e-12) for name, value in gradients(layer).items())


@EVERY
@BOTH_MODES
def test_the_order_in_memory_does_not_matter(make, shape, training):
    layer, x = ready(make), spread(shape)
    grad = spread(run(layer, x, training).shape[1:], seed=2)
    found = []
    for order in (np.ascontiguousarray, np.asfortranarray, lambda a: np.moveaxis(np.moveaxis(a, 0, -1).copy(), -1, 0)):
        out = run(layer, order(x), training) if not isinstance(layer, Dropout) else layer.forward(order(x))
        found.append([out, layer.backward(order(grad)), *gradients(layer).values()])
    for other in found[1:]:
        for first, same in zip(found[0], other, strict=True):
            np.testing.assert_allclose(same, first, rtol=1e-12, atol=1e-12)


@EVERY
def test_a_layer_works_on_each_sample_by_itself_after_training(make, shape):
    layer, x = ready(make), spread(shape)
    together = layer.forward(x)
    assert np.allclose(np.concatenate([layer.forward(each[None]) for each in x]), together, 1e-12, 1e-12)


@EVERY
def test_counts_are_made_without_weights_and_need_none(make, shape):
    layer = make()
    rows = list(layer.rows(shape))
    assert layer.multiply_adds(shape) == sum(row.layer.multiply_adds(row.input_shape) for row in rows)
    assert layer.connections(shape) == sum(row.layer.connections(row.input_shape) for row in rows)
    assert rows[-1].output_shape == layer.output_shape(shape) or isinstance(layer, Concat)
    assert all(parameter.value is None for parameter in layer.state().values())
    for name, parameter in make().init(np.random.default_rng(0)).state().items():
        assert parameter.size == parameter.value.size, name


@EVERY
def test_backward_before_forward_is_answered_in_words(make, shape):
    layer = make().init(np.random.default_rng(0))
    with pytest.raises(StateError, match=r"call forward before backward") as error:
        layer.backward(np.ones((3, *layer.output_shape(shape))))
    names = [repr(layer), *(repr(each) for each in getattr(layer, "layers", {}).values())]
    assert any(name in str(error.value) for name in names)


@pytest.mark.parametrize(("make", "shape"), [case for case in CASES if case[0]().state()])
def test_forward_before_init_is_answered_in_words(make, shape):
    with pytest.raises(StateError, match=r"has no \w+ yet: call init\(rng\), or load weights"):
        make().forward(spread(shape))


@WITH_STATE
def test_the_same_seed_makes_the_same_weights_and_another_seed_others(make):
    first, same, other = (make().init(np.random.default_rng(seed)).state() for seed in (0, 0, 1))
    for name, parameter in first.items():
        assert np.array_equal(parameter.value, same[name].value)
        assert parameter.value.dtype == np.float32
        assert np.array_equal(parameter.value, other[name].value) == (parameter.deviation == 0), name


def test_init_returns_the_layer_and_makes_new_arrays():
    layer = Linear(2, 2)
    assert layer.init(np.random.default_rng(0)) is layer
    before = layer.weight.value
    layer.init(np.random.default_rng(0))
    assert layer.weight.value is not before and np.array_equal(layer.weight.value, before)


def test_dropouts_chance_comes_from_the_seed_of_init_and_differs_from_layer_to_layer():
    def masks(seed):
        net = Sequential([Dropout(0.5), Dropout(0.5)]).init(seed)
        return [layer.forward(np.ones((1, 64)), True) for layer in net.layers.values()]

    one, two = masks(0)
    assert np.array_equal([one, two], masks(0))
    assert not np.array_equal(one, two) and not np.array_equal(one, masks(1)[0])


def test_a_layer_forgets_the_batch_before():
    layer, x = ready(lambda: Linear(3, 2)), spread((3,))
    layer.forward(x[:1])
    layer.forward(x)
    assert layer.backward(np.ones((3, 2))).shape == (3, 3)


def test_the_settings_of_every_layer_are_changed_here():
    changed, every = {each for each, *_ in SETTINGS}, set(public_layers())
    assert changed <= every
    assert {each for each in every if inspect.signature(each).parameters} <= changed


@pytest.mark.parametrize(("kind", "usual", "shape", "changes"), SETTINGS, ids=[each.__name__ for each, *_ in SETTINGS])
def test_every_setting_changes_the_result(kind, usual, shape, changes):
    settings = set(() if kind.__init__ is object.__init__ else inspect.signature(kind).parameters)
    assert set(changes) == settings - {"ceil_mode"}  # which can be False only
    base = result(kind(**usual), shape)
    for name, value in changes.items():
        changed, other_shape = value if isinstance(value, tuple) else (value, shape)
        other = result(kind(**usual | {name: changed}), other_shape)
        same = len(base) == len(other) and all(
            a.shape == b.shape and np.array_equal(a, b) for a, b in zip(base, other, strict=True)
        )
        assert not same, name
        again = result(kind(**usual), shape)
        assert all(np.array_equal(a, b) for a, b in zip(base, again, strict=True))


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Conv2d(3, 10, 5), "Conv2d(in_channels=3, out_channels=10, kernel_size=(5, 5))"),
        (
            Conv2d(4, 8, (1, 2), stride=2, padding=(0, 1), dilation=3, groups=4),
            "Conv2d(in_channels=4, out_channels=8, kernel_size=(1, 2), stride=(2, 2), padding=(0, 1), "
            "dilation=(3, 3), groups=4)",
        ),
        (MaxPool2d(3, 2), "MaxPool2d(kernel_size=(3, 3), stride=(2, 2))"),
        (AvgPool2d(3, 1, 1), "AvgPool2d(kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))"),
        (Subsampling(6), "Subsampling(channels=6, kernel_size=(2, 2))"),
        (GlobalAvgPool2d(), "GlobalAvgPool2d()"),
        (Flatten(), "Flatten()"),
        (Linear(4, 2), "Linear(in_features=4, out_features=2)"),
        (Activation("relu"), "Activation(name='relu')"),
        (Activation("elu", 2.0), "Activation(name='elu', parameter=2.0)"),
        (PReLU(3), "PReLU(channels=3)"),
        (Maxout(4), "Maxout(pieces=4)"),
        (ScaledTanh(), "ScaledTanh()"),
        (LocalResponseNorm(k=2.0), "LocalResponseNorm(size=5, alpha=0.0001, beta=0.75, k=2.0)"),
        (BatchNorm2d(16), "BatchNorm2d(num_features=16)"),
        (Dropout(0.25), "Dropout(p=0.25)"),
        (RBF(CODES), "RBF(in_features=3, out_features=2)"),
        (Sequential({"a": Flatten(), "b": Linear(4, 2)}), "Sequential(a, b)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_layer_says_what_it_was_made_with(layer, text):
    assert repr(layer) == text


def test_a_partial_convolution_says_how_many_of_its_connections_it_has():
    assert "in_channels=3, out_channels=3" in repr(PartialConv2d(3, TABLE, 3))
    assert "6 of 9" in repr(PartialConv2d(3, TABLE, 3))


def test_an_activation_is_called_by_its_title_in_tables():
    assert Activation("leaky_relu").kind == "Leaky ReLU"
    assert Conv2d(1, 1, 1).kind == "Conv2d"


@pytest.mark.parametrize(("layer", "shape", "words"), WRONG, ids=[f"{each!r} on {shape}" for each, shape, _ in WRONG])
def test_a_wrong_shape_is_refused_by_name(layer, shape, words):
    for asked in (layer.output_shape, layer.multiply_adds, layer.connections):
        with pytest.raises(ShapeError) as error:
            asked(shape)
        assert repr(layer) in str(error.value) and words in str(error.value)
    layer.init(np.random.default_rng(0))
    for training in (False, True):
        with pytest.raises(ShapeError):
            layer.forward(np.ones((2, *shape)), training)


@pytest.mark.parametrize("layer", [Conv2d(1, 1, 5), MaxPool2d(5), AvgPool2d((5, 1)), Subsampling(1, 5)])
def test_a_window_that_does_not_fit_is_refused(layer):
    with pytest.raises(ShapeError, match="the window must fit"):
        layer.output_shape((1, 4, 4))


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Conv2d(0, 1, 1), ShapeError, "in_channels=0"),
        (lambda: Conv2d(1, 0, 1), ShapeError, "out_channels=0"),
        (lambda: Conv2d(1, 1, 0), ShapeError, "kernel_size=0"),
        (lambda: Conv2d(1, 1, 1, stride=0), ShapeError, "stride=0"),
        (lambda: Conv2d(1, 1, 1, padding=-1), ShapeError, "padding=-1"),
        (lambda: Conv2d(1, 1, 1, dilation=(1, 0)), ShapeError, "dilation[1]=0"),
        (lambda: Conv2d(3, 4, 1, groups=2), ShapeError, "groups=2"),
        (lambda: Conv2d(1, 1, 1.0), TypeError, "kernel_size=1.0"),
        (lambda: Conv2d(1, 1, 1, gain=-1.0), ValueError, "gain=-1.0"),
        (lambda: Linear(4, 2, gain=math.nan), ValueError, "gain=nan"),
        (lambda: Linear(0, 2), ShapeError, "in_features=0"),
        (lambda: Linear(2, 0), ShapeError, "out_features=0"),
        (lambda: PartialConv2d(3, [], 3), ShapeError, "out_channels=0"),
        (lambda: PartialConv2d(3, [(0, 1), ()], 3), ShapeError, "the row ()"),
        (lambda: PartialConv2d(3, [(0, 3)], 3), ShapeError, "channels from 0 to 2"),
        (lambda: PartialConv2d(3, [(0, -1)], 3), ShapeError, "table=-1"),
        (lambda: PartialConv2d(3, [(0.5,)], 3), TypeError, "table=0.5"),
        (lambda: PartialConv2d(2, [(0,), (1,)], 3, groups=2), TypeError, "groups"),
        (lambda: MaxPool2d(2, padding=2), ShapeError, "at most half of kernel_size=2"),
        (lambda: AvgPool2d(3, padding=(0, 2)), ShapeError, "at most half of kernel_size=3"),
        (lambda: MaxPool2d(2, 0), ShapeError, "stride=0"),
        (lambda: Subsampling(0), ShapeError, "channels=0"),
        (lambda: Activation("rele"), ValueError, "name='rele'"),
        (lambda: PReLU(0), ShapeError, "channels=0"),
        (lambda: Maxout(0), ShapeError, "pieces=0"),
        (lambda: LocalResponseNorm(0), ShapeError, "size=0"),
        (lambda: BatchNorm2d(0), ShapeError, "num_features=0"),
        (lambda: Dropout(1), ValueError, "p=1"),
        (lambda: Dropout(-0.1), ValueError, "p=-0.1"),
        (lambda: RBF(np.ones(3)), ShapeError, "codes"),
        (lambda: RBF(np.array([["a"]])), TypeError, "codes"),
    ],
)
def test_a_wrong_setting_is_named(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


def test_a_parameter_that_the_function_has_not_is_refused():
    with pytest.raises(ValueError, match="relu has none"):
        Activation("relu", 0.5).forward(np.ones((1, 1)))
