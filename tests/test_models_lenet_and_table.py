"""Models: lenet and table."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from lecture_lib import ops
from lecture_lib.chapters.convolution.blocks import inception, nin_block
from lecture_lib.layers import (
    Activation,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    MaxPool2d,
    Row,
    StateError,
    Subsampling,
)
from lecture_lib.models import (
    Concat,
    Sequential,
    alexnet,
    lenet5,
    mlp,
    small_cnn,
    summary,
)
from lecture_lib.shapes import ShapeError
from tests.gradients import check_gradient
from tests.models_cases import (
    EVERY_NET,
    SMALL_NETS,
    recorded,
)

# The table


def test_the_totals_are_those_of_the_formulas():
    net = Sequential({
        "conv": Conv2d(3, 8, (3, 5), stride=2, padding=1, groups=1), "norm": BatchNorm2d(8), "relu": Activation("relu"),
        "side": Concat([Conv2d(8, 4, 1), MaxPool2d(3, 1, 1)]), "pool": Subsampling(12),
        "flatten": Flatten(), "out": Linear(12 * 5 * 5, 7),
    })  # fmt: skip
    table = summary(net, (3, 20, 22))
    rows = {row.layer: row for row in table.rows}
    assert list(rows) == ["conv", "norm", "relu", "side.0", "side.1", "pool", "flatten", "out"]
    assert [row.output_shape for row in table.rows] == [
        (8, 10, 10), (8, 10, 10), (8, 10, 10), (4, 10, 10), (8, 10, 10), (12, 5, 5), (300,), (7,),
    ]  # fmt: skip
    parameters = [8 * 3 * 15 + 8, 2 * 8, 0, 4 * 8 + 4, 0, 2 * 12, 0, 7 * 300 + 7]
    assert [row.parameters for row in table.rows] == parameters and table.total_parameters == sum(parameters)
    multiply_adds = [100 * 8 * 45, 0, 0, 100 * 32, 0, 12 * 25, 0, 7 * 300]
    assert [row.multiply_adds for row in table.rows] == multiply_adds
    assert table.total_multiply_adds == sum(multiply_adds) == net.multiply_adds((3, 20, 22))
    assert net.connections((3, 20, 22)) == sum(row.connections for row in table.rows)
    sizes = [800, 800, 800, 400, 800, 300, 300, 7]
    assert [row.activation_bytes for row in table.rows] == [4 * size for size in sizes]
    assert table.total_activation_bytes == 4 * sum(sizes)
    assert rows["conv"].receptive_field == (3, 5) and rows["side.1"].receptive_field == (7, 9)
    assert rows["pool"].receptive_field == (9, 11)
    assert rows["norm"].kind == "BatchNorm2d" and rows["relu"].kind == "ReLU"


@EVERY_NET
def test_the_table_agrees_with_the_arrays_and_needs_none(make, shape):
    net = make()
    table = summary(net, shape)
    assert all(parameter.value is None for parameter in net.state().values())
    assert table.total_parameters == sum(math.prod(parameter.shape) for parameter in net.parameters().values())
    assert table.input_shape == shape
    assert net.output_shape(shape) == table.rows[-1].output_shape or isinstance(net, Concat)
    for row in table.rows:
        assert row.activation_bytes == 4 * math.prod(row.output_shape)
        assert all(type(number) is int for number in row[3:7]), row


@EVERY_NET
def test_every_layer_stands_in_the_text_with_its_numbers(make, shape):
    table = summary(make(), shape)
    lines = str(table).split("\n")
    assert repr(table) == str(table)
    assert lines[0] == f"input {'×'.join(map(str, shape))}"
    assert len(lines) == len(table.rows) + 5
    for line, row in zip(lines[3:], table.rows, strict=False):
        assert line.startswith(row.layer) and row.kind in line
        assert f"{row.parameters:,}" in line and f"{row.multiply_adds:,}" in line
        assert "×".join(map(str, row.output_shape)) in line and f"{row.activation_bytes:,} B" in line
        assert line.endswith("×".join(map(str, row.receptive_field)))
    assert lines[-1].split() == [
        "total", f"{table.total_parameters:,}", f"{table.total_multiply_adds:,}", f"{table.total_activation_bytes:,}", "B",
    ]  # fmt: skip
    assert not any(line != line.rstrip() for line in lines)


@EVERY_NET
def test_the_notebooks_table_holds_what_the_text_holds(make, shape):
    table = summary(make(), shape)
    tree = ElementTree.fromstring(table._repr_html_())  # noqa: S314 - our own
    text = ["".join(cell.itertext()) for cell in tree.iter() if cell.tag in ("th", "td")]
    assert tree.tag == "table" and len(tree.findall("./tbody/tr")) == len(table.rows)
    assert "".join(tree.find("caption").itertext()) == f"input {'×'.join(map(str, shape))}"
    assert {len(row) for row in tree.iter("tr")} == {7}
    words = [word for line in str(table).split("\n")[1:] if set(line) != {"-"} for word in re.split(r" {2,}", line)]
    assert [each for each in text if each] == words


def test_a_name_from_outside_stays_text_in_the_notebooks_table():
    table = summary(Sequential({"<b>&\"'": Linear(2, 2)}), (2,))
    page = table._repr_html_()
    assert "<b>" not in page
    assert ElementTree.fromstring(page).find("./tbody/tr/td").text == "<b>&\"'"  # noqa: S314 - our own


def test_one_layer_has_a_table_too():
    (row,) = summary(Linear(3, 2), (3,)).rows
    assert (row.layer, row.kind, row.parameters) == ("", "Linear", 8)


def test_a_table_takes_a_list_for_a_shape():
    assert summary(lenet5(), [1, 28, 28]).total_parameters == 61_706


def test_rows_give_each_layer_with_what_goes_in_and_out():
    rows = list(lenet5().rows((1, 28, 28)))
    assert all(isinstance(row, Row) and isinstance(row.layer, Layer) for row in rows)
    assert all(a.output_shape == b.input_shape for a, b in zip(rows, rows[1:], strict=False))


def test_a_table_of_what_does_not_fit_names_the_layer_and_what_it_needs():
    with pytest.raises(
        ShapeError, match=r"layer C1: Conv2d\(.*\) takes maps of shape \(1, H, W\) a sample, not \(3, 28, 28\)"
    ):
        summary(lenet5(), (3, 28, 28))
    with pytest.raises(ShapeError, match=r"layer F5: .* takes \(400,\) numbers a sample, not \(576,\)"):
        summary(lenet5(), (1, 32, 32))
    with pytest.raises(ShapeError, match=r"layer classifier: layer 1: Linear"):
        summary(alexnet("torchvision"), (3, 100, 100))
    with pytest.raises(ShapeError, match=r"layer 1: Linear\(.*\) .*; put a Flatten before it"):
        Sequential([Conv2d(1, 2, 3), Linear(2, 2)]).output_shape((1, 3, 3))


# Sequential and Concat


def test_layers_are_named_by_number_or_as_given_and_found_by_name():
    relu = Activation("relu")
    assert list(Sequential([Flatten(), relu]).layers) == ["0", "1"]
    net = Sequential({"in": Flatten(), "act": relu})
    assert net["act"] is relu and repr(net) == "Sequential(in, act)"
    with pytest.raises(ValueError, match=r"name='nose': must be one of in, act"):
        net["nose"]


def test_parameters_of_nets_inside_nets_have_dotted_names():
    net = Sequential({
        "stem": Conv2d(1, 2, 3), "mix": Concat({"a": Sequential([BatchNorm2d(2)]), "b": Conv2d(2, 1, 1)}),
    })  # fmt: skip
    assert list(net.state()) == [
        "stem.weight", "stem.bias",
        "mix.a.0.weight", "mix.a.0.bias", "mix.a.0.running_mean", "mix.a.0.running_var", "mix.b.weight", "mix.b.bias",
    ]  # fmt: skip
    assert list(net.parameters()) == [name for name in net.state() if "running" not in name]
    assert net.state()["mix.b.bias"] is net["mix"]["b"].bias


@pytest.mark.parametrize("kind", [Sequential, Concat])
@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ([], ValueError, "layers is empty"),
        ({}, ValueError, "layers is empty"),
        ([Flatten(), "relu"], TypeError, "layers['1'] is a str: must be a layer"),
        ([Flatten], TypeError, "must be a layer"),
        ({"a.b": Flatten()}, ValueError, "'a.b': must be text without a dot"),
        ({"": Flatten()}, ValueError, "must be text without a dot"),
        ({3: Flatten()}, ValueError, "must be text without a dot"),
    ],
)
def test_what_makes_no_net_is_refused(kind, given, error, words):
    with pytest.raises(error) as caught:
        kind(given)
    assert words in str(caught.value)


def test_one_layer_at_two_places_is_refused_since_it_remembers_one_input():
    relu = Activation("relu")
    for given in ([relu, Flatten(), relu], [Sequential([relu]), Concat([Flatten(), Sequential([relu])])]):
        with pytest.raises(ValueError, match=r"holds the same Activation\(name='relu'\) twice"):
            Sequential(given)
    assert Sequential([relu]) and Sequential([relu])  # in two nets it may stand


def test_backward_goes_through_the_layers_from_last_to_first():
    grad, log = recorded("bd")
    assert log == [("backward", name, True) for name in "dcba"] and grad is not None


def test_without_the_inputs_gradient_backward_ends_at_the_first_layer_that_learns():
    grad, log = recorded("bd", input_grad=False)
    assert log == [("backward", "d", True), ("backward", "c", True), ("backward", "b", False)] and grad is None
    assert recorded("", input_grad=False) == (None, [])
    assert recorded("d", input_grad=False) == (None, [("backward", "d", False)])


@pytest.mark.parametrize("make", [
    lambda: Sequential({"first": Conv2d(1, 2, 3), "then": Conv2d(2, 2, 3)}),
    lambda: Sequential([Activation("tanh"), Sequential([Conv2d(1, 2, 3), Conv2d(2, 2, 3)])]),
])  # fmt: skip
def test_the_first_convolutions_input_gradient_is_never_computed(make, monkeypatch):
    net, asked = make().init(0), []
    real = ops.conv2d_backward

    def spy(*arguments, **options):
        asked.append(options["input_grad"])
        return real(*arguments, **options)

    monkeypatch.setattr(ops, "conv2d_backward", spy)
    out = net.forward(np.ones((1, 1, 6, 6), np.float32))
    assert net.backward(np.ones_like(out), input_grad=False) is None
    assert asked == [True, False]
    net.backward(np.ones_like(out))
    assert asked == [True, False, True, True]


@pytest.mark.parametrize("input_grad", [True, False])
def test_skipping_what_nobody_needs_leaves_every_parameters_gradient_the_same(input_grad):
    net = Sequential([
        AvgPool2d(2), Concat([Conv2d(1, 2, 1), MaxPool2d(3, 1, 1)]), Activation("tanh"), Flatten(), Linear(12, 2),
    ]).init(0, np.float64)  # fmt: skip
    out = net.forward(np.random.default_rng(0).random((2, 1, 4, 4)))
    assert (net.backward(out, input_grad) is not None) == input_grad
    grads = {name: parameter.grad for name, parameter in net.parameters().items()}
    net.forward(np.random.default_rng(0).random((2, 1, 4, 4)))
    net.backward(out)
    assert all(np.array_equal(parameter.grad, grads[name]) for name, parameter in net.parameters().items())


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda: inception(2, 1, 2, 2, 1, 1, 1), (2, 4, 3)),
        (lambda: Concat([Flatten(), GlobalAvgPool2d()]), (2, 3, 3)),
        (lambda: nin_block(2, 2, 3, padding=1), (2, 3, 3)),
        (lambda: mlp([6, 4, 3], "swish"), (6,)),
        (lambda: small_cnn((2, 3), 3, "average", "tanh", side=5), (1, 5, 5)),
        (lambda: small_cnn((2,), 3, "stride", "maxout", True, 5, 2), (2, 5, 5)),
    ],
)
def test_the_gradients_of_whole_nets_are_slopes(make, shape):
    net = make().init(3, np.float64)
    learned = net.parameters()
    x = np.random.default_rng(0).permutation(np.linspace(-1, 1.1, 2 * math.prod(shape))).reshape(2, *shape)
    for parameter in learned.values():
        parameter.value += 0.05  # biases, too

    def forward(x, *values):
        for parameter, value in zip(learned.values(), values, strict=True):
            parameter.value = value
        return net.forward(x, training=True)

    def backward(grad, x, *values):
        return (net.backward(grad), *(parameter.grad for parameter in learned.values()))

    check_gradient(forward, backward, x, *(parameter.value for parameter in learned.values()), rtol=1e-5)


def test_concat_stacks_the_branches_in_their_order():
    net = Concat({"same": Activation("relu"), "mean": AvgPool2d(3, 1, 1)})
    x = np.random.default_rng(0).standard_normal((2, 3, 4, 4))
    out = net.forward(x)
    assert np.array_equal(out[:, :3], np.maximum(x, 0)) and np.array_equal(out[:, 3:], net["mean"].forward(x))


def test_branches_of_different_sizes_are_refused():
    with pytest.raises(ShapeError, match=r"Concat\(a, b\) must get maps of one size from its branches"):
        Concat({"a": Conv2d(1, 1, 1), "b": Conv2d(1, 1, 3)}).output_shape((1, 5, 5))


@pytest.mark.parametrize("make", [lenet5, lambda: Concat([Flatten()]), lambda: Sequential([Sequential([Flatten()])])])
def test_backward_before_forward_is_answered_in_words(make):
    net = make().init(0)
    with pytest.raises(StateError, match="call forward before backward"):
        net.backward(np.ones((1, 10)))


def test_forward_before_init_names_the_layer_and_what_to_call():
    with pytest.raises(StateError, match=r"Conv2d\(in_channels=1, .*\) has no weight yet: call init\(rng\)"):
        lenet5().forward(np.zeros((1, 1, 28, 28)))


def test_a_seed_stands_for_its_generator():
    one, two = lenet5().init(3), lenet5().init(np.random.default_rng(3))
    assert all(np.array_equal(a.value, two.state()[name].value) for name, a in one.state().items())
    other = lenet5().init(4)
    assert not np.array_equal(one["C1"].weight.value, other["C1"].weight.value)
    assert not np.array_equal(one["C1"].weight.value.ravel()[:9], one["C3"].weight.value.ravel()[:9])


@SMALL_NETS
def test_what_comes_out_has_the_shape_foretold(make, shape):
    net = make().init(0)
    out = net.forward(np.ones((2, *shape), np.float32), training=True)
    assert out.shape == (2, *net.output_shape(shape)) and out.dtype == np.float32
    assert net.backward(np.ones_like(out)).shape == (2, *shape)
