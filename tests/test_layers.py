"""Each layer against central differences, hand-worked values and PyTorch; what all of them hold; what they refuse."""

import inspect
import math

import numpy as np
import pytest

from lecture_lib import capsules, groups, layers, models, ops
from lecture_lib.activations import ACTIVATIONS
from lecture_lib.chapters.lenet_alexnet import architecture
from lecture_lib.layers import (
    RBF,
    Activation,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    LocalResponseNorm,
    Maxout,
    MaxPool2d,
    Parameter,
    PartialConv2d,
    PReLU,
    ScaledTanh,
    StateError,
    Subsampling,
)
from lecture_lib.models import Concat, Sequential
from lecture_lib.shapes import ONE_PIXEL, ReceptiveField, ShapeError, Window
from tests.gradients import check_gradient

TABLE = [(0, 1), (2,), (0, 1, 2)]
CODES = np.array([[1.0, -1, 1], [-1, -1, 0.5]])

CASES = [
    (lambda: Conv2d(2, 3, 3), (2, 5, 5)),
    (lambda: Conv2d(2, 4, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2), (2, 5, 4)),
    (lambda: PartialConv2d(3, TABLE, 3), (3, 4, 5)),
    (lambda: PartialConv2d(3, TABLE, (2, 3), stride=(2, 1), padding=1, dilation=(1, 2)), (3, 4, 5)),
    (lambda: MaxPool2d(2), (2, 4, 5)),
    (lambda: MaxPool2d(3, 2, 1), (2, 5, 4)),
    (lambda: AvgPool2d(2), (2, 4, 5)),
    (lambda: AvgPool2d((3, 2), 1, (1, 0)), (2, 5, 4)),
    (lambda: Subsampling(2), (2, 4, 5)),
    (lambda: Subsampling(2, (2, 3)), (2, 4, 6)),
    (lambda: GlobalAvgPool2d(), (3, 2, 4)),
    (lambda: Flatten(), (2, 3, 2)),
    (lambda: Flatten(), (6,)),
    (lambda: Linear(5, 4), (5,)),
    *[(lambda name=name: Activation(name), (2, 3, 2)) for name in ACTIVATIONS],
    (lambda: Activation("leaky_relu", 0.3), (4,)),
    (lambda: PReLU(), (2, 3, 2)),
    (lambda: PReLU(3), (3, 2, 2)),
    (lambda: PReLU(3, 1.5), (3,)),
    (lambda: Maxout(2), (4, 2, 3)),
    (lambda: Maxout(3), (6,)),
    (lambda: ScaledTanh(), (2, 3, 2)),
    (lambda: LocalResponseNorm(), (6, 2, 2)),
    (lambda: LocalResponseNorm(2, 0.5, 1.25, 2.0), (4, 2, 2)),
    (lambda: BatchNorm2d(3), (3, 2, 2)),
    (lambda: BatchNorm2d(2, 0.5, 0.7), (2, 3, 2)),
    (lambda: Dropout(0.4), (3, 2, 2)),
    (lambda: RBF(CODES), (3,)),
    (lambda: Sequential([Conv2d(2, 4, 3), BatchNorm2d(4), PReLU(4), Maxout(2), Flatten(), Linear(8, 3)]), (2, 4, 4)),
    (lambda: Concat({"one": Conv2d(2, 1, 1), "pool": MaxPool2d(3, 1, 1), "wide": Subsampling(2, 1)}), (2, 3, 3)),
]  # fmt: skip
NAMES = [f"{make()!r} on {'x'.join(map(str, shape))}" for make, shape in CASES]
EVERY = pytest.mark.parametrize(("make", "shape"), CASES, ids=NAMES)
BOTH_MODES = pytest.mark.parametrize("training", [False, True], ids=["afterwards", "in training"])
WITH_STATE = pytest.mark.parametrize("make", [make for make, _ in CASES if make().state()])
BOTH_DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def spread(shape, seed=0):
    """A batch of three without equal numbers or zeros: no step of a central difference crosses a kink."""
    values = np.linspace(-1.5, 1.7, 3 * math.prod(shape))
    return np.random.default_rng(seed).permutation(values).reshape(3, *shape)


def ready(make, dtype=np.float64):
    """The layer with weights, running averages that say something, and nothing left to chance."""
    layer = make().init(np.random.default_rng(1), dtype)
    for number, parameter in enumerate(layer.state().values()):
        parameter.value += np.random.default_rng(number).uniform(0.1, 0.6, parameter.shape).astype(dtype)
    return layer


def run(layer, x, training):
    """``forward``, with the same chance each time."""
    if isinstance(layer, Dropout):
        layer.rng = np.random.default_rng(7)
    return layer.forward(x, training)


def gradients(layer):
    return {name: parameter.grad for name, parameter in layer.parameters().items()}


def public_layers():
    """The layers that these modules define; those of groups have a file of their own."""
    for module in (layers, models):
        for name, each in vars(module).items():
            own = inspect.isclass(each) and each.__module__.startswith(module.__name__) and not name.startswith("_")
            if own and issubclass(each, Layer) and each is not Layer:
                yield each


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


# Settings: none is accepted and ignored

SETTINGS = [
    (Conv2d, {"in_channels": 4, "out_channels": 6, "kernel_size": 3}, (4, 7, 7),
     {"in_channels": (2, (2, 7, 7)), "out_channels": 4, "kernel_size": 2, "stride": 2, "padding": 1, "dilation": 2,
      "groups": 2, "gain": 1.0}),
    (PartialConv2d, {"in_channels": 3, "table": TABLE, "kernel_size": 3}, (3, 7, 7),
     {"in_channels": (4, (4, 7, 7)), "table": [(0, 1), (1,), (0, 1, 2)], "kernel_size": 2, "stride": 2, "padding": 1,
      "dilation": 2, "gain": 1.0}),
    (MaxPool2d, {"kernel_size": 2}, (2, 6, 6), {"kernel_size": 3, "stride": 1, "padding": 1}),
    (AvgPool2d, {"kernel_size": 2}, (2, 6, 6), {"kernel_size": 3, "stride": 1, "padding": 1}),
    (Subsampling, {"channels": 2}, (2, 6, 6), {"channels": (3, (3, 6, 6)), "kernel_size": 3}),
    (Linear, {"in_features": 4, "out_features": 3}, (4,),
     {"in_features": (5, (5,)), "out_features": 2, "gain": 1.0}),
    (Activation, {"name": "leaky_relu"}, (4,), {"name": "tanh", "parameter": 0.5}),
    (PReLU, {}, (3, 2, 2), {"channels": 3, "start": 0.5}),
    (Maxout, {}, (6,), {"pieces": 3}),
    (LocalResponseNorm, {}, (6, 2, 2), {"size": 3, "alpha": 0.5, "beta": 0.5, "k": 2.0}),
    (BatchNorm2d, {"num_features": 2}, (2, 3, 3), {"num_features": (3, (3, 3, 3)), "eps": 0.5, "momentum": 0.5}),
    (Dropout, {}, (3, 2, 2), {"p": 0.2}),
    (RBF, {"codes": CODES}, (3,), {"codes": 2 * CODES}),
    (GlobalAvgPool2d, {}, (2, 3, 3), {}),
    (Flatten, {}, (2, 3, 3), {}),
    (ScaledTanh, {}, (4,), {}),
    (Sequential, {"layers": [ScaledTanh()]}, (4,), {"layers": [ScaledTanh(), ScaledTanh()]}),
    (Concat, {"layers": [ScaledTanh()]}, (4,), {"layers": [ScaledTanh(), ScaledTanh()]}),
]  # fmt: skip


def result(layer, shape):
    """All that can be seen of a layer from outside: its arrays, and what it makes in training and afterwards."""
    layer.init(np.random.default_rng(0))
    x = spread(shape).astype(np.float32)
    outs = [layer.forward(x, True), layer.forward(x)]
    return [*(parameter.value for parameter in layer.state().values()), *outs]


def test_the_settings_of_every_layer_are_changed_here():
    assert {each for each, *_ in SETTINGS} == set(public_layers())


@pytest.mark.parametrize(("kind", "usual", "shape", "changes"), SETTINGS, ids=[each.__name__ for each, *_ in SETTINGS])
def test_every_setting_changes_the_result(kind, usual, shape, changes):
    assert set(changes) == set(() if kind.__init__ is object.__init__ else inspect.signature(kind).parameters)
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


# Shapes that are refused

WRONG = [
    (Conv2d(3, 2, 3), (4, 8, 8), "(3, H, W)"),
    (Conv2d(3, 2, 3), (8, 8), "(3, H, W)"),
    (PartialConv2d(3, TABLE, 3), (2, 8, 8), "(3, H, W)"),
    (MaxPool2d(2), (8,), "(C, H, W)"),
    (AvgPool2d(2), (8,), "(C, H, W)"),
    (Subsampling(3), (4, 8, 8), "(3, H, W)"),
    (Subsampling(1), (4, 8, 8), "(1, H, W)"),
    (GlobalAvgPool2d(), (8,), "(C, H, W)"),
    (Linear(4, 2), (5,), "(4,)"),
    (Linear(4, 2), (1, 2, 2), "put a Flatten before it"),
    (PReLU(3), (4, 2, 2), "3 channels, not 4"),
    (Maxout(2), (3, 2, 2), "multiple of 2 channels, not 3"),
    (LocalResponseNorm(), (8,), "(C, H, W)"),
    (BatchNorm2d(3), (4, 2, 2), "(3, H, W)"),
    (BatchNorm2d(3), (3,), "(3, H, W)"),
    (RBF(CODES), (4,), "(3,)"),
    (RBF(CODES[:, :1]), (4,), "(1,)"),
]


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


# First weights


@pytest.mark.parametrize("gain", [1.0, 2.0, 0.5])
@pytest.mark.parametrize(
    ("make", "fan_in"),
    [
        (lambda gain: Conv2d(16, 128, 5, gain=gain), 16 * 25),
        (lambda gain: Conv2d(16, 128, (3, 5), groups=4, gain=gain), 4 * 15),
        (lambda gain: Linear(200, 300, gain=gain), 200),
        (lambda gain: PartialConv2d(32, [(i, (i + 5) % 32) for i in range(32)] * 8, 5, gain=gain), 2 * 25),
    ],
)
def test_the_first_weights_have_variance_gain_over_fan_in_and_the_biases_are_zero(make, fan_in, gain):
    layer = make(gain).init(np.random.default_rng(0))
    weight = layer.weight.value
    spread_of_estimate = math.sqrt(2 / weight.size)
    assert weight.var() == pytest.approx(gain / fan_in, rel=5 * spread_of_estimate)
    assert abs(weight.mean()) < 5 * math.sqrt(gain / fan_in / weight.size)
    assert not layer.bias.value.any()


def test_without_a_gain_it_is_two():
    for make in (lambda **gain: Conv2d(4, 8, 3, **gain), lambda **gain: PartialConv2d(3, TABLE, 3, **gain),
                 lambda **gain: Linear(4, 8, **gain)):  # fmt: skip
        assert make().weight.deviation == make(gain=2.0).weight.deviation != make(gain=1.0).weight.deviation


def test_gain_two_keeps_the_size_of_signals_through_relus_and_gain_one_halves_its_square_each_time():
    x = np.random.default_rng(1).standard_normal((50, 512))  # of seed 0 the weights are made
    for gain, kept in ((2.0, 1.0), (1.0, 0.5**5)):
        stack = [each for _ in range(5) for each in (Linear(512, 512, gain=gain), Activation("relu"))]
        out = Sequential(stack).init(0, np.float64).forward(x)
        assert np.mean(out**2) == pytest.approx(kept * np.mean(x**2), rel=0.25)


def test_weights_decay_and_biases_slopes_and_measured_averages_do_not():
    decays = {
        (type(make()).__name__, name)
        for make, _ in CASES
        for name, parameter in make().state().items()
        if parameter.decays and parameter.learned and "." not in name
    }
    assert decays == {("Conv2d", "weight"), ("PartialConv2d", "weight"), ("Linear", "weight")}


# One by one


def test_a_convolution_counts_as_the_lecture_does():
    layer = Conv2d(3, 10, 5, padding=2)
    assert sum(parameter.size for parameter in layer.parameters().values()) == 760
    assert layer.multiply_adds((3, 32, 32)) == 32 * 32 * 10 * 75
    assert layer.connections((3, 32, 32)) == 32 * 32 * 10 * 76


def test_a_convolution_in_two_towers_has_half_the_weights():
    whole, half = Conv2d(96, 256, 5, padding=2), Conv2d(96, 256, 5, padding=2, groups=2)
    assert (whole.weight.size, half.weight.size) == (614_400, 307_200)
    assert whole.multiply_adds((96, 27, 27)) == 2 * half.multiply_adds((96, 27, 27))


def test_a_convolution_layer_is_the_operation_with_its_own_weights():
    layer = ready(lambda: Conv2d(2, 4, 3, stride=2, padding=1, groups=2))
    x = spread((2, 5, 5))
    expected = ops.conv2d(x, layer.weight.value, layer.bias.value, stride=2, padding=1, groups=2)
    assert np.array_equal(layer.forward(x), expected)


def test_a_partial_convolution_is_a_convolution_with_zeros_where_the_table_has_gaps():
    options = {"stride": (1, 2), "padding": 1, "dilation": (1, 2)}
    part, x = ready(lambda: PartialConv2d(3, TABLE, (2, 3), **options)), spread((3, 4, 6))
    whole = Conv2d(3, 3, (2, 3), **options)
    mask = np.zeros((3, 3), bool)
    whole.weight.value, at = np.zeros(whole.weight.shape), iter(part.weight.value)
    for k, channels in enumerate(TABLE):
        for c in channels:
            whole.weight.value[k, c], mask[k, c] = next(at), True
    whole.bias.value = part.bias.value
    assert part.weight.shape == (6, 2, 3)
    out = part.forward(x)
    assert np.array_equal(out, whole.forward(x))
    grad = spread(out.shape[1:], 2)
    assert np.array_equal(part.backward(grad), whole.backward(grad))
    assert np.array_equal(part.weight.grad, whole.weight.grad[mask])
    assert np.array_equal(part.bias.grad, whole.bias.grad)
    h, w = part.output_shape((3, 4, 6))[1:]
    assert part.multiply_adds((3, 4, 6)) == 6 * 6 * h * w
    assert part.connections((3, 4, 6)) == (6 * 6 + 3) * h * w


def test_a_filter_does_not_see_a_channel_that_its_row_does_not_name():
    layer, x = ready(lambda: PartialConv2d(3, TABLE, 3)), spread((3, 3, 3))
    before = layer.forward(x)
    x[:, 1] += 5
    assert (np.any(layer.forward(x) != before, axis=(0, 2, 3)) == [True, False, True]).all()


def test_max_pooling_takes_the_lectures_maxima_and_sends_the_gradient_to_them():
    x = np.array([[[[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])
    layer = MaxPool2d(2)
    assert layer.forward(x)[0, 0].tolist() == [[6, 8], [3, 4]]
    back = layer.backward(np.array([[[[1.0, 2], [3, 4]]]]))[0, 0]
    assert back.tolist() == [[0, 0, 0, 0], [0, 1, 0, 2], [3, 0, 0, 0], [0, 0, 0, 4]]


def test_average_pooling_means_by_hand():
    assert AvgPool2d(2).forward(np.array([[[[1.0, 2], [3, 6]]]])).item() == 3
    assert AvgPool2d(2, 2, 1).forward(np.array([[[[1.0, 2], [3, 6]]]]))[0, 0].tolist() == [[1, 2], [3, 6]]


def test_subsampling_is_a_mean_times_a_number_plus_a_number():
    layer = Subsampling(2).init(None)
    layer.weight.value, layer.bias.value = np.array([2.0, -1]), np.array([0.5, 0])
    x = np.array([[[[1.0, 2], [3, 6]], [[4, 4], [4, 8]]]])
    assert layer.forward(x)[0].tolist() == [[[6.5]], [[-5]]]
    layer.backward(np.ones((1, 2, 1, 1)))
    assert layer.weight.grad.tolist() == [3, 5] and layer.bias.grad.tolist() == [1, 1]


def test_subsampling_starts_as_the_mean():
    x = spread((2, 4, 4))
    assert np.array_equal(Subsampling(2).init(None).forward(x), AvgPool2d(2).forward(x))


def test_subsampling_counts_as_the_paper_does():
    s2, s4 = Subsampling(6), Subsampling(16)
    assert [sum(p.size for p in layer.parameters().values()) for layer in (s2, s4)] == [12, 32]
    assert (s2.connections((6, 28, 28)), s4.connections((16, 10, 10))) == (5_880, 2_000)
    assert s2.multiply_adds((6, 28, 28)) == 6 * 14 * 14


def test_global_average_pooling_and_flattening_by_hand():
    x = np.arange(12.0).reshape(1, 3, 2, 2)
    assert GlobalAvgPool2d().forward(x).tolist() == [[1.5, 5.5, 9.5]]
    assert Flatten().forward(x).tolist() == [list(range(12))]


def test_flattening_is_undone_by_its_backward():
    layer, x = Flatten(), spread((2, 3, 4))
    assert np.array_equal(layer.backward(layer.forward(x)), x)
    assert np.array_equal(layer.forward(x), x.reshape(3, -1))


def test_flattening_copies_nothing_where_the_batch_lies_last():
    x = ops.batch_last(4, 2, 3, 3, np.float32)
    assert np.shares_memory(Flatten().forward(x), x)


def test_prelu_by_hand():
    layer = PReLU(2).init(None, np.float64)
    layer.weight.value = np.array([0.5, -2.0])
    x = np.array([[[[-2.0, 3]], [[-1, 4]]], [[[-4, -6]], [[5, 0]]]])  # (2, 2, 1, 2)
    assert layer.forward(x).ravel().tolist() == [-1, 3, 2, 4, -2, -3, 5, 0]
    back = layer.backward(np.array([[[[1.0, 1]], [[1, 1]]], [[[10, 100]], [[1, 1]]]]))
    assert layer.weight.grad.tolist() == [-2 - 40 - 600, -1]  # equation 9: the negative inputs, each times its gradient
    assert back.ravel().tolist() == [0.5, 1, -2, 1, 5, 50, 1, -2]  # at 0 the slope of the left side


def test_prelu_with_one_slope_for_all_sums_over_all():
    one, two = PReLU().init(None, np.float64), PReLU(2).init(None, np.float64)
    x = spread((2, 3, 3))
    assert np.array_equal(one.forward(x), two.forward(x))
    assert np.allclose(one.backward(np.ones_like(x)), two.backward(np.ones_like(x)))
    assert one.weight.grad.shape == (1,) and one.weight.grad[0] == pytest.approx(two.weight.grad.sum())


def test_prelu_starts_as_a_leaky_relu():
    x = spread((2, 3, 3))
    assert np.array_equal(PReLU(start=0.1).init(None, np.float64).forward(x), Activation("leaky_relu", 0.1).forward(x))


def test_of_equal_pieces_maxout_gives_the_first_all_of_the_gradient():
    layer = Maxout(3)
    assert layer.forward(np.array([[2.0, 2, 1, 0, 5, 5]])).tolist() == [[2, 5]]
    assert layer.backward(np.array([[7.0, 9]])).tolist() == [[7, 0, 0, 0, 9, 0]]


def test_maxout_gives_the_gradient_to_the_first_nan_and_an_infinite_one_to_the_winner_alone():
    layer = Maxout(3)
    assert np.isnan(layer.forward(np.array([[5, np.nan, np.nan, 1, 2, 0]]))).tolist() == [[True, False]]
    assert layer.backward(np.array([[7.0, np.inf]])).tolist() == [[0, 7, 0, 0, np.inf, 0]]


def test_maxout_keeps_the_order_in_memory():
    for x in (ops.batch_last(4, 6, 3, 3, np.float32), np.zeros((4, 6, 3, 3), np.float32)):
        x[...] = 1
        layer = Maxout(2)
        out = layer.forward(x)
        assert np.argsort(out.strides).tolist() == np.argsort(x.strides).tolist()
        assert layer.backward(out).strides == x.strides


def test_maxout_compares_neighbouring_channels_pixel_by_pixel():
    x = spread((4, 2, 3))
    assert np.array_equal(Maxout(2).forward(x), np.maximum(x[:, ::2], x[:, 1::2]))


def test_maxout_of_a_layer_and_its_opposite_is_the_absolute_value():
    linear = Linear(1, 2).init(np.random.default_rng(0), np.float64)
    linear.weight.value = np.array([[1.0], [-1.0]])
    assert Sequential([linear, Maxout(2)]).forward(np.array([[-3.0], [2]])).tolist() == [[3], [2]]


def test_scaled_tanh_maps_one_to_one_and_has_its_largest_slope_at_zero():
    layer = ScaledTanh()
    assert layer.forward(np.array([[-1.0, 0, 1]]))[0] == pytest.approx([-1, 0, 1], abs=1e-4)
    assert layer.backward(np.ones((1, 3)))[0].argmax() == 1
    assert np.abs(layer.forward(np.array([[-1e4, 1e4]]))).max() == 1.7159


def test_alexnets_normalisation_is_the_papers_formula():
    a = np.random.default_rng(0).uniform(0, 30, (2, 8, 2, 2))
    n, k, alpha, beta = 5, 2, 1e-4, 0.75
    b = np.empty_like(a)
    for i in range(8):
        neighbours = a[:, max(0, i - n // 2) : min(7, i + n // 2) + 1]
        b[:, i] = a[:, i] / (k + alpha * (neighbours**2).sum(axis=1)) ** beta
    net = models.alexnet()
    for name in ("norm1", "norm2"):
        assert np.allclose(net[name].forward(a), b, rtol=1e-12)


def test_batch_normalisation_gives_each_channel_mean_zero_and_variance_one_in_training():
    x = 5 + 3 * np.random.default_rng(0).standard_normal((8, 3, 5, 5))
    layer = BatchNorm2d(3, eps=0).init(None, np.float64)
    out = layer.forward(x, training=True)
    assert np.allclose(out.mean(axis=(0, 2, 3)), 0, atol=1e-12) and np.allclose(out.var(axis=(0, 2, 3)), 1)


def test_running_averages_take_their_share_of_the_newest_batch():
    layer = BatchNorm2d(1, momentum=0.25).init(None, np.float64)
    x = np.array([[[[1.0, 3]]], [[[5, 7]]]])
    layer.forward(x, training=True)
    assert layer.running_mean.value == pytest.approx(0.25 * 4)
    assert layer.running_var.value == pytest.approx(0.75 + 0.25 * 20 / 3)  # unbiased
    before = layer.running_mean.value.copy()
    layer.forward(100 + x)
    assert layer.running_mean.value == before  # measured in training only


def test_a_batch_of_one_number_a_channel_has_no_variance_and_breaks_nothing():
    layer = BatchNorm2d(2).init(None)
    assert not layer.forward(np.ones((1, 2, 1, 1), np.float32), training=True).any()
    assert np.isfinite(layer.running_var.value).all()


def test_batch_normalisation_is_that_of_pytorch_over_many_batches():
    torch = pytest.importorskip("torch")
    ours, theirs = ready(lambda: BatchNorm2d(3, 1e-3, 0.3)), torch.nn.BatchNorm2d(3, 1e-3, 0.3, dtype=torch.float64)
    with torch.no_grad():
        for name, parameter in ours.state().items():
            getattr(theirs, name).copy_(torch.from_numpy(parameter.value))
    for number in range(6):
        training = number not in (2, 5)
        theirs.train(training)
        x = np.random.default_rng(number).normal(number, 2, (4, 3, 3, 2))
        taken = torch.from_numpy(x.copy()).requires_grad_()
        expected = theirs(taken)
        grad = spread((3, 3, 2), number)[[0, 1, 2, 0]]
        theirs.zero_grad()
        expected.backward(torch.from_numpy(grad))
        assert np.allclose(ours.forward(x, training), expected.detach().numpy(), rtol=1e-10)
        assert np.allclose(ours.backward(grad), taken.grad.numpy(), rtol=1e-9, atol=1e-12)
        for name in ("weight", "bias"):
            assert np.allclose(ours.state()[name].grad, getattr(theirs, name).grad.numpy(), rtol=1e-9)
        for name in ("running_mean", "running_var"):
            assert np.allclose(ours.state()[name].value, getattr(theirs, name).numpy(), rtol=1e-12)


def test_dropout_zeroes_a_share_doubles_the_rest_and_does_nothing_afterwards():
    layer, x = Dropout(0.5).init(np.random.default_rng(0)), np.ones((100, 100))
    out = layer.forward(x, training=True)
    assert set(np.unique(out)) == {0, 2} and abs((out == 0).mean() - 0.5) < 0.03
    assert np.array_equal(layer.backward(x), out)  # the same units
    assert not np.array_equal(layer.forward(x, training=True), out)  # others each time
    assert np.array_equal(layer.forward(x), x) and np.array_equal(layer.backward(3 * x), 3 * x)


def test_an_rbf_unit_gives_minus_the_squared_distance_to_its_code():
    layer = RBF(np.array([[1, 0, -1], [2, 2, 2]])).init(None, np.float64)
    x = np.array([[1.0, 0, -1], [0, 0, 0]])
    assert layer.forward(x).tolist() == [[0, -(1 + 4 + 9)], [-2, -12]]
    assert layer.backward(np.array([[1.0, 1], [0, 1]])).tolist() == [[2, 4, 6], [4, 4, 4]]  # -2 (x - code)
    assert layer.parameters() == {} and layer.weight.value.tolist() == [[1, 0, -1], [2, 2, 2]]


def test_rbf_codes_are_given_and_come_from_no_seed():
    one, two = (RBF(CODES).init(np.random.default_rng(seed), np.float64) for seed in (0, 1))
    assert np.array_equal(one.weight.value, CODES) and np.array_equal(two.weight.value, CODES)
    one.weight.value[:] = 0
    assert CODES.any()


def test_a_parameter_knows_its_size_before_it_has_values():
    parameter = Parameter((3, 2, 2), deviation=1.0)
    assert parameter.size == 12 and parameter.value is None and parameter.grad is None
    parameter.init(np.random.default_rng(0), np.float64)
    assert parameter.value.shape == (3, 2, 2) and parameter.value.dtype == np.float64


# Receptive fields


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Conv2d(1, 1, (3, 5), stride=2, padding=(1, 0), dilation=(2, 1)), (ReceptiveField(5, 2, -1), ReceptiveField(5, 2, 0))),
        (PartialConv2d(1, [(0,)], 3), (ReceptiveField(3, 1, 0),) * 2),
        (MaxPool2d(3, 2), (ReceptiveField(3, 2, 0),) * 2),
        (AvgPool2d(2), (ReceptiveField(2, 2, 0),) * 2),
        (Subsampling(1), (ReceptiveField(2, 2, 0),) * 2),
        (GlobalAvgPool2d(), (ReceptiveField(6, 0, 0), ReceptiveField(9, 0, 0))),
        (Flatten(), (ReceptiveField(6, 0, 0), ReceptiveField(9, 0, 0))),
        (Activation("relu"), (ONE_PIXEL, ONE_PIXEL)),
        (BatchNorm2d(1), (ONE_PIXEL, ONE_PIXEL)),
    ],
    ids=lambda value: repr(value) if isinstance(value, Layer) else "",
)  # fmt: skip
def test_what_a_unit_of_each_layer_sees(layer, expected):
    assert layer.receptive_field((ONE_PIXEL, ONE_PIXEL), (1, 6, 9)) == expected


def test_what_a_unit_sees_is_where_its_gradient_reaches():
    net = Sequential({
        "a": Conv2d(1, 2, 3, stride=2), "p": AvgPool2d(2),
        "c": Concat([Conv2d(2, 1, 1), Conv2d(2, 1, (5, 3), padding=(2, 1))]), "b": Conv2d(2, 1, 3),
    })  # fmt: skip
    net.init(0, np.float64)
    for parameter in net.parameters().values():
        parameter.value = np.abs(parameter.value) + 0.1  # nothing cancels
    shape, unit = (1, 40, 38), (1, 2)
    out = net.forward(np.ones((1, *shape)))
    grad = np.zeros_like(out)
    grad[0, 0, *unit] = 1
    reached = np.nonzero(net.backward(grad)[0, 0])
    for field, pixels, at in zip(net.receptive_field((ONE_PIXEL, ONE_PIXEL), shape), reached, unit, strict=True):
        first = field.start + at * field.jump
        assert (pixels.min(), pixels.max()) == (max(0, first), first + field.size - 1)


def test_behind_flatten_a_unit_sees_all_that_its_maps_saw_together():
    net = Sequential([Conv2d(1, 2, 3), Flatten(), Linear(2 * 4 * 6, 3), Activation("relu")])
    vertical, horizontal = net.receptive_field((ONE_PIXEL, ONE_PIXEL), (1, 6, 8))
    assert (vertical.size, horizontal.size) == (6, 8)


def test_a_kernel_larger_than_a_c_long_is_counted_all_the_same():
    layer = layers.PartialConv2d(3, [(0, 1), (2,)], 5_000_000_000)
    assert layer.weight.size == 3 * 5_000_000_000**2


@pytest.mark.parametrize("small", [np.int8, np.uint8, np.int32])
def test_an_integer_of_numpy_makes_the_layer_that_pythons_makes(small):
    for ours, its in (
        (layers.Conv2d(16, 32, 5, groups=2), layers.Conv2d(small(16), small(32), small(5), groups=small(2))),
        (layers.Linear(100, 120), layers.Linear(small(100), small(120))),
        (layers.PartialConv2d(3, [(0, 1), (2,)], 15), layers.PartialConv2d(small(3), [(0, 1), (2,)], small(15))),
        (groups.P4Conv(16, 20, 5), groups.P4Conv(small(16), small(20), small(5))),
        (capsules.PrimaryCaps(16, 6, 8, 5), capsules.PrimaryCaps(small(16), small(6), small(8), small(5))),
    ):
        sizes = [{name: (each.size, each.deviation) for name, each in one.parameters().items()} for one in (ours, its)]
        assert sizes[0] == sizes[1]
    assert layers.Flatten().output_shape(tuple(np.array([16, 5, 5], small))) == (400,)
    mlp = models.mlp([784, 30, small(10)])
    assert models.summary(mlp, (1, 28, 28)).total_parameters == 785 * 30 + 31 * 10
    assert Window(small(3), small(100), small(100)).seen_by(small(100), small(100)) == (9900, 9902)
    assert architecture.size_formula(small(127), small(11), small(4), small(100)).endswith("= 80")


def test_a_layer_with_weights_that_does_not_state_its_multiply_adds_fails():
    class Scale(layers.Layer):
        def state(self):
            return {"weight": layers.Parameter((1,))}

    with pytest.raises(NotImplementedError, match="Scale has weights: its class must state multiply_adds"):
        models.summary(Sequential([Scale()]), (3,))


EVERY_LAYER = [each for each in vars(layers).values() if isinstance(each, type) and issubclass(each, layers.Layer)]


@pytest.mark.parametrize("kind", [each for each in EVERY_LAYER if each is not layers.Layer])
def test_every_layer_with_weights_states_its_multiply_adds_and_says_what_it_is_in_its_own_words(kind):
    assert kind.state is layers.Layer.state or kind.multiply_adds is not layers.Layer.multiply_adds
    assert kind.listed is None or kind.task is not layers.Layer.task


def test_a_layer_that_is_like_another_does_not_stand_in_lists_as_that_one():
    assert layers.Conv2d.listed.kind == "conv" and layers.PartialConv2d.listed is None
    assert layers.Subsampling.listed is None
