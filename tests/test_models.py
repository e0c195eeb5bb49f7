"""Networks: every published count, tables, containers against central differences, weight files, PyTorch."""

import inspect
import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from safetensors.numpy import save_file

from lecture_lib import layers as layers_module
from lecture_lib import ops
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import (
    Activation,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
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
    ALEXNET_INPUT,
    C3_TABLE,
    LENET5_WEIGHTS,
    Concat,
    Sequential,
    alexnet,
    digit_codes,
    inception,
    inception_branch,
    lenet5,
    mlp,
    nin_block,
    small_cnn,
    summary,
    trained_lenet5,
)
from lecture_lib.ops import softmax_cross_entropy
from lecture_lib.shapes import ONE_PIXEL, ReceptiveField, ShapeError
from lecture_lib.storage import StorageError
from lecture_lib.training import SGD, evaluate
from tests.gradients import check_gradient

VARIANTS = pytest.mark.parametrize("variant", ALEXNET_INPUT)
NETS = {
    "lenet5 1998": (lambda: lenet5("1998"), (1, 32, 32)),
    "lenet5 modern": (lenet5, (1, 28, 28)),
    **{f"alexnet {variant}": (lambda v=variant: alexnet(v), shape) for variant, shape in ALEXNET_INPUT.items()},
    "nin_block": (lambda: nin_block(3, 8, 5, stride=2, padding=1), (3, 20, 20)),
    "inception": (lambda: inception(192, 64, 96, 128, 16, 32, 32), (192, 28, 28)),
    "mlp": (lambda: mlp([784, 100, 10]), (1, 28, 28)),
    "small_cnn": (small_cnn, (1, 28, 28)),
}
EVERY_NET = pytest.mark.parametrize(("make", "shape"), NETS.values(), ids=NETS)
SMALL = {name: case for name, case in NETS.items() if math.prod(case[1]) < 10_000}
SMALL_NETS = pytest.mark.parametrize(("make", "shape"), SMALL.values(), ids=SMALL)


def column(table, field, names=None):
    """One column of a summary, of the named layers, or of those with weights."""
    return [getattr(row, field) for row in table.rows if (row.layer in names if names else row.parameters)]


# LeNet-5, as published


def test_lenets_layers_have_the_papers_parameters_sixty_thousand_in_all():
    table = summary(lenet5("1998"), (1, 32, 32))
    assert column(table, "layer") == ["C1", "S2", "C3", "S4", "C5", "F6"]
    assert column(table, "parameters") == [156, 12, 1_516, 32, 48_120, 10_164]
    assert table.total_parameters == 60_000


def test_lenets_layers_have_the_papers_connections():
    table = summary(lenet5("1998"), (1, 32, 32))
    assert column(table, "connections") == [122_304, 5_880, 151_600, 2_000, 48_120, 10_164]


def test_lenets_maps_have_the_papers_shapes():
    table = summary(lenet5("1998"), (1, 32, 32))
    shapes = [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120, 1, 1), (84,)]
    assert column(table, "output_shape") == shapes
    assert table.rows[-1].output_shape == (10,)


def test_lenets_units_see_what_the_paper_says_and_the_last_ones_everything():
    table = summary(lenet5("1998"), (1, 32, 32))
    assert column(table, "receptive_field") == [(side, side) for side in (5, 6, 14, 16, 32, 32)]


def test_the_modern_lenet_has_61_706_parameters():
    table = summary(lenet5(), (1, 28, 28))
    assert column(table, "parameters") == [156, 2_416, 48_120, 10_164, 850]
    assert table.total_parameters == 61_706
    assert lenet5().output_shape((1, 28, 28)) == (10,)


def test_both_lenets_see_as_much_until_s4():
    names = ["C1", "S2", "C3", "S4"]
    for variant, shape in (("1998", (1, 32, 32)), ("modern", (1, 28, 28))):
        assert column(summary(lenet5(variant), shape), "receptive_field", names) == [(s, s) for s in (5, 6, 14, 16)]


def test_c3_has_six_maps_of_three_nine_of_four_and_one_of_six():
    assert np.bincount([len(channels) for channels in C3_TABLE]).tolist() == [0, 0, 0, 6, 9, 0, 1]
    assert all(list(channels) == sorted(set(channels)) for channels in C3_TABLE)
    assert len(set(C3_TABLE)) == 16


def test_every_map_of_s2_feeds_ten_maps_of_c3():
    assert np.bincount(np.concatenate(C3_TABLE)).tolist() == [10] * 6


def test_c3s_first_six_see_three_neighbours_the_next_six_four_on_a_ring():
    for first, count in ((0, 3), (6, 4)):
        assert [set(each) for each in C3_TABLE[first : first + 6]] == [
            {(start + step) % 6 for step in range(count)} for start in range(6)
        ]


def test_the_codes_are_drawn_on_seven_by_twelve_pixels_and_no_two_are_alike():
    codes = digit_codes()
    assert codes.shape == (10, 84) and set(np.unique(codes)) == {-1, 1}
    differ = (codes[:, None] != codes).sum(axis=2)
    assert differ[~np.eye(10, dtype=bool)].min() >= 5
    assert digit_codes() is not codes  # whoever changes one changes his own


def test_digits_that_look_alike_have_codes_that_are_alike():
    codes = digit_codes()
    distance = ((codes[:, None] - codes) ** 2).sum(axis=2)
    assert distance[8, 0] < distance[8, 1] and distance[3, 9] < distance[3, 4]
    assert np.array_equal(codes[8].reshape(12, 7), codes[8].reshape(12, 7)[:, ::-1])  # an 8 is its mirror image


def test_the_output_of_1998_is_largest_for_the_code_that_f6_draws():
    output = lenet5("1998").init(0)["output"]
    assert output.forward(digit_codes().astype(np.float32)).argmax(axis=1).tolist() == list(range(10))


# AlexNet, as published


@pytest.mark.parametrize(
    ("variant", "total"), [("two_towers", 60_965_224), ("one_tower", 62_378_344), ("torchvision", 61_100_840)]
)
def test_alexnets_parameters_are_those_published(variant, total):
    assert summary(alexnet(variant), ALEXNET_INPUT[variant]).total_parameters == total


def test_alexnets_parameters_layer_by_layer():
    table = summary(alexnet(), (3, 227, 227))
    assert column(table, "layer") == [*(f"conv{i}" for i in range(1, 6)), "fc6", "fc7", "fc8"]
    assert column(table, "parameters") == [
        34_944, 307_456, 885_120, 663_936, 442_624, 37_752_832, 16_781_312, 4_097_000,
    ]  # fmt: skip


@pytest.mark.parametrize(("variant", "total"), [("two_towers", 724_406_816), ("one_tower", 1_135_256_096)])
def test_alexnets_multiply_adds_are_those_published(variant, total):
    table = summary(alexnet(variant), (3, 227, 227))
    assert table.total_multiply_adds == total == alexnet(variant).multiply_adds((3, 227, 227))
    assert table.rows[0].multiply_adds == 105_415_200


def test_the_towers_of_alexnet_are_layers_2_4_and_5():
    towers, one = summary(alexnet(), (3, 227, 227)), summary(alexnet("one_tower"), (3, 227, 227))
    halved = {
        a.layer for a, b in zip(towers.rows, one.rows, strict=True) if a.multiply_adds * 2 == b.multiply_adds != 0
    }
    same = {a.layer for a, b in zip(towers.rows, one.rows, strict=True) if a.multiply_adds == b.multiply_adds != 0}
    assert halved == {"conv2", "conv4", "conv5"}
    assert same == {"conv1", "conv3", "fc6", "fc7", "fc8"}


SEEING = ["conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5"]


@pytest.mark.parametrize("variant", ["two_towers", "one_tower"])
def test_alexnets_units_see_what_is_published(variant):
    table = summary(alexnet(variant), (3, 227, 227))
    sides = [11, 19, 51, 67, 99, 131, 163, 195]
    assert column(table, "receptive_field", SEEING) == [(side, side) for side in sides]


@VARIANTS
def test_alexnets_maps_shrink_from_55_over_27_and_13_to_6(variant):
    table = summary(alexnet(variant), ALEXNET_INPUT[variant])
    sides = [row.output_shape[1] for row in table.rows if len(row.output_shape) == 3]
    assert sorted(set(sides), reverse=True) == [55, 27, 13, 6]
    assert sides == sorted(sides, reverse=True) and table.rows[-1].output_shape == (1000,)


def test_the_papers_224_does_not_fit_its_own_numbers():
    assert alexnet()["conv1"].output_shape((3, 227, 227)) == (96, 55, 55)
    assert alexnet()["conv1"].output_shape((3, 224, 224)) == (96, 54, 54)
    with pytest.raises(ShapeError, match=r"layer fc6: .*takes \(9216,\) numbers a sample, not \(6400,\)"):
        summary(alexnet(), (3, 224, 224))


def test_a_tower_of_alexnet_does_not_see_the_other():
    layer = alexnet()["conv2"].init(np.random.default_rng(0))
    x = np.random.default_rng(0).random((1, 96, 5, 5), np.float32)
    before = layer.forward(x)
    x[:, 48:] = 0
    changed = np.any(layer.forward(x) != before, axis=(0, 2, 3))
    assert not changed[:128].any() and changed[128:].all()


TORCHVISION = {
    "features.0.weight": (64, 3, 11, 11), "features.0.bias": (64,),
    "features.3.weight": (192, 64, 5, 5), "features.3.bias": (192,),
    "features.6.weight": (384, 192, 3, 3), "features.6.bias": (384,),
    "features.8.weight": (256, 384, 3, 3), "features.8.bias": (256,),
    "features.10.weight": (256, 256, 3, 3), "features.10.bias": (256,),
    "classifier.1.weight": (4096, 9216), "classifier.1.bias": (4096,),
    "classifier.4.weight": (4096, 4096), "classifier.4.bias": (4096,),
    "classifier.6.weight": (1000, 4096), "classifier.6.bias": (1000,),
}  # fmt: skip


def test_the_torchvision_alexnet_has_torchvisions_names_and_shapes_in_its_order():
    state = alexnet("torchvision").state()
    assert {name: parameter.shape for name, parameter in state.items()} == TORCHVISION
    assert list(state) == list(TORCHVISION)


# GoogLeNet and NiN, as published

# Szegedy et al. 2014, table 1: input, #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj, output.
GOOGLENET = {
    "3a": (28, 192, 64, 96, 128, 16, 32, 32, 256), "3b": (28, 256, 128, 128, 192, 32, 96, 64, 480),
    "4a": (14, 480, 192, 96, 208, 16, 48, 64, 512), "4b": (14, 512, 160, 112, 224, 24, 64, 64, 512),
    "4c": (14, 512, 128, 128, 256, 24, 64, 64, 512), "4d": (14, 512, 112, 144, 288, 32, 64, 64, 528),
    "4e": (14, 528, 256, 160, 320, 32, 128, 128, 832), "5a": (7, 832, 256, 160, 320, 32, 128, 128, 832),
    "5b": (7, 832, 384, 192, 384, 48, 128, 128, 1024),
}  # fmt: skip


@pytest.mark.parametrize(("side", "taken", "one", "r3", "three", "r5", "five", "pool", "given"), GOOGLENET.values(), ids=GOOGLENET)  # fmt: skip
def test_an_inception_module_gives_what_googlenets_table_says(side, taken, one, r3, three, r5, five, pool, given):
    module, shape = inception(taken, one, r3, three, r5, five, pool), (taken, side, side)
    assert module.output_shape(shape) == (given, side, side)
    weights = taken * one + taken * r3 + 9 * r3 * three + taken * r5 + 25 * r5 * five + taken * pool
    assert module.multiply_adds(shape) == weights * side * side
    biases = one + r3 + three + r5 + five + pool
    assert sum(parameter.size for parameter in module.parameters().values()) == weights + biases


def test_inception_3a_costs_the_128_million_of_googlenets_table():
    assert round(inception(192, 64, 96, 128, 16, 32, 32).multiply_adds((192, 28, 28)) / 1e6) == 128


def test_the_1x1_layer_makes_a_branch_nine_times_cheaper():
    bare, reduced = (inception_branch(192, r, 32, 5).multiply_adds((192, 28, 28)) for r in (None, 16))
    assert (bare, reduced) == (28 * 28 * 25 * 192 * 32, 28 * 28 * (192 * 16 + 25 * 16 * 32))
    assert 9 < bare / reduced < 10


def test_an_inception_module_sees_as_far_as_its_largest_kernel():
    fields = inception(192, 64, 96, 128, 16, 32, 32).receptive_field((ONE_PIXEL, ONE_PIXEL), (192, 28, 28))
    assert fields == (ReceptiveField(5, 1, -2),) * 2


def test_a_nin_block_is_a_convolution_and_two_that_mix():
    table = summary(nin_block(3, 96, 11, stride=4), (3, 227, 227))
    assert column(table, "parameters") == [34_944, 9_312, 9_312]
    assert {row.output_shape for row in table.rows} == {(96, 55, 55)}
    assert {row.receptive_field for row in table.rows} == {(11, 11)}  # 1x1 layers see no further


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


class Recorder(Layer):
    """Writes down what is asked of it."""

    def __init__(self, name, log, learns=False):
        self.name, self.log = name, log
        self.weight = layers_module.Parameter((1,)) if learns else None

    def state(self):
        return {"weight": self.weight} if self.weight else {}

    def forward(self, x, training=False):
        self.log.append(("forward", self.name, training))
        return x

    def backward(self, grad, input_grad=True):
        self.log.append(("backward", self.name, input_grad))
        return grad if input_grad else None


def recorded(learning, **how):
    log = []
    net = Sequential({name: Recorder(name, log, name in learning) for name in "abcd"})
    net.forward(np.ones((1, 1)), training=True)
    assert log == [("forward", name, True) for name in "abcd"]
    log.clear()
    return net.backward(np.ones((1, 1)), **how), log


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


# The small nets


@pytest.mark.parametrize(
    ("options", "parameters"),
    [
        ({}, 80 + 1_168 + 10 * (16 * 7 * 7) + 10),
        ({"channels": (4,)}, 40 + 10 * (4 * 14 * 14) + 10),
        ({"channels": (4, 4, 4)}, 40 + 148 + 148 + 10 * (4 * 3 * 3) + 10),
        ({"classes": 3}, 80 + 1_168 + 3 * (16 * 7 * 7) + 3),
        ({"pooling": "none"}, 80 + 1_168 + 10 * (16 * 28 * 28) + 10),
        ({"global_pooling": True}, 80 + 1_168 + 10 * 16 + 10),
        ({"in_channels": 3}, 224 + 1_168 + 10 * (16 * 7 * 7) + 10),
        ({"side": 32}, 80 + 1_168 + 10 * (16 * 8 * 8) + 10),
    ],
    ids=str,
)
def test_the_small_nets_parameters_are_those_of_the_formulas(options, parameters):
    shape = options.get("in_channels", 1), options.get("side", 28), options.get("side", 28)
    assert summary(small_cnn(**options), shape).total_parameters == parameters


CHANGES = {
    small_cnn: ({"channels": (4, 4), "side": 8}, {"channels": (4,), "classes": 3, "pooling": "average",
                "activation": "tanh", "global_pooling": True, "side": 12, "in_channels": 2}),
    mlp: ({"sizes": [4, 3, 2]}, {"sizes": [4, 2], "activation": "tanh", "gain": 1.0}),
    nin_block: ({"in_channels": 2, "out_channels": 3, "kernel_size": 3},
                {"in_channels": 3, "out_channels": 4, "kernel_size": 2, "stride": 2, "padding": 1}),
    inception_branch: ({"in_channels": 2, "reduced": 2, "out_channels": 3, "kernel_size": 3},
                       {"in_channels": 3, "reduced": None, "out_channels": 4, "kernel_size": 5}),
    inception: (dict.fromkeys(inspect.signature(inception).parameters, 2),
                dict.fromkeys(inspect.signature(inception).parameters, 3)),
    lenet5: ({}, {"variant": "1998"}),
    alexnet: ({}, {"variant": "one_tower"}),
}  # fmt: skip


def look(net):
    """What a net is, told by its layers and its first weights."""
    shapes = [parameter.shape for parameter in net.state().values()]
    if sum(parameter.size for parameter in net.parameters().values()) < 100_000:
        net.init(0)
    firsts = [parameter.value is not None and parameter.value.ravel()[0] for parameter in net.state().values()]

    def names(layer):
        inside = getattr(layer, "layers", {})
        return [(key, repr(each), names(each)) for key, each in inside.items()]

    return names(net), shapes, firsts


@pytest.mark.parametrize("make", CHANGES, ids=lambda make: make.__name__)
def test_every_option_changes_the_net(make):
    usual, changes = CHANGES[make]
    assert set(changes) == set(inspect.signature(make).parameters)
    base = look(make(**usual))
    assert look(make(**usual)) == base
    for name, value in changes.items():
        assert look(make(**usual | {name: value})) != base, name


def test_the_four_ways_to_pool_make_four_nets_three_of_them_of_one_size():
    nets = {pooling: small_cnn(pooling=pooling) for pooling in ("max", "average", "stride", "none")}
    assert len({str(look(net)) for net in nets.values()}) == 4
    sizes = {name: summary(net, (1, 28, 28)).total_parameters for name, net in nets.items()}
    assert sizes["max"] == sizes["average"] == sizes["stride"] < sizes["none"]


def test_an_mlp_has_an_activation_between_all_layers_and_none_at_its_end():
    assert list(mlp([6, 5, 4, 3], "tanh").layers) == ["flatten", "fc1", "tanh1", "fc2", "tanh2", "fc3"]
    assert mlp([6, 5, 4, 3]).output_shape((1, 2, 3)) == (3,)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: lenet5("1999"), ValueError, "variant='1999': must be one of 1998, modern"),
        (lambda: lenet5(1998), ValueError, "variant=1998"),
        (lambda: alexnet("three_towers"), ValueError, "must be one of two_towers, one_tower, torchvision"),
        (lambda: mlp([4]), ShapeError, "sizes=[4]: must hold at least"),
        (lambda: mlp([4, 0]), ShapeError, "out_features=0"),
        (lambda: mlp([4, 3, 2], "rele"), ValueError, "name='rele'"),
        (lambda: small_cnn(pooling="median"), ValueError, "must be one of max, average, stride, none"),
        (lambda: small_cnn(activation="rele"), ValueError, "name='rele'"),
        (lambda: small_cnn((0,)), ShapeError, "out_channels=0"),
        (lambda: small_cnn(classes=0), ShapeError, "classes=0"),
        (lambda: small_cnn((2, 2, 2), side=4), ShapeError, "layer pool3"),
        (lambda: nin_block(0, 1, 1), ShapeError, "in_channels=0"),
        (lambda: inception_branch(3, 0, 1, 3), ShapeError, "out_channels=0"),
        (lambda: inception(3, 1, 1, 1, 1, 1, 0), ShapeError, "out_channels=0"),
    ],
)
def test_a_wrong_option_is_named(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


# Weight files


def small_net():
    """Nested as torchvision's AlexNet, and with running averages."""
    return Sequential({
        "features": Sequential([Conv2d(2, 4, 3), BatchNorm2d(4), Activation("relu"), MaxPool2d(2)]),
        "flatten": Flatten(), "classifier": Sequential([Dropout(0.5), Linear(16, 3)]),
    })  # fmt: skip


X = np.random.default_rng(0).random((3, 2, 6, 6), np.float32)


def small_arrays(dtype=np.float32):
    numbers = np.random.default_rng(5)
    return {name: (0.5 + numbers.random(each.shape)).astype(dtype) for name, each in small_net().state().items()}


@pytest.mark.parametrize("notes", [None, {"seed": "3", "by": "a test"}])
def test_a_net_gives_the_same_after_saving_and_loading_and_its_notes_come_back(tmp_path, notes):
    net = small_net().init(0)
    net.forward(5 * X, training=True)  # running averages of its own
    net.save_weights(tmp_path / "net.npz", notes)
    other = small_net().init(1)
    before = other.forward(X)
    assert other.load_weights(tmp_path / "net.npz") == (notes or {})
    assert not np.array_equal(other.forward(X), before)
    assert np.array_equal(other.forward(X), net.forward(X))


@pytest.mark.parametrize("make, shape", [(lambda: lenet5("1998"), (1, 32, 32)), (lenet5, (1, 28, 28))])
def test_both_lenets_come_back_from_their_files(tmp_path, make, shape):
    x = np.random.default_rng(0).random((2, *shape), np.float32)
    net, other = make().init(0), make()
    net.save_weights(tmp_path / "net.npz")
    other.load_weights(tmp_path / "net.npz")
    assert np.array_equal(other.forward(x), net.forward(x))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_weights_of_any_float_are_read_from_both_kinds_of_file_as_float32_or_as_asked(tmp_path, dtype):
    arrays = small_arrays(dtype)
    save_file(arrays, tmp_path / "net.safetensors", {"from": "elsewhere"})
    np.savez(tmp_path / "net.npz", **arrays)
    for name, notes in (("net.safetensors", {"from": "elsewhere"}), ("net.npz", {})):
        net = small_net()
        assert net.load_weights(tmp_path / name) == notes
        for key, parameter in net.state().items():
            assert parameter.value.dtype == np.float32
            assert np.array_equal(parameter.value, arrays[key].astype(np.float32))
        net.load_weights(tmp_path / name, np.float64)
        assert all(parameter.value.dtype == np.float64 for parameter in net.state().values())
        assert np.isfinite(net.forward(X)).all()


def foreign(arrays):
    """What may be wrong with a file: its arrays, and what the error says."""
    first = "features.0.weight"
    return {
        "another net": ({"a": np.ones(2, np.float32)}, "missing: 'features.0.weight'"),
        "one too few": ({k: v for k, v in arrays.items() if k != first}, "missing: 'features.0.weight'"),
        "one too many": (arrays | {"head.weight": np.ones(1, np.float32)}, "not needed: 'head.weight'"),
        "a wrong shape": (arrays | {"classifier.1.bias": np.ones(4, np.float32)}, "must be (3,)"),
        "turned over": (arrays | {"classifier.1.weight": arrays["classifier.1.weight"].T.copy()}, "must be (3, 16)"),
        "integers": (arrays | {"classifier.1.bias": np.ones(3, np.int64)}, "dtype"),
        "NaN": (arrays | {"classifier.1.bias": np.full(3, np.nan, np.float32)}, "NaN or infinity"),
    }


@pytest.mark.parametrize("kind", ["npz", "safetensors"])
@pytest.mark.parametrize("what", foreign(small_arrays()))
def test_a_foreign_file_changes_nothing_and_is_named_with_what_is_wrong(tmp_path, kind, what):
    arrays, words = foreign(small_arrays())[what]
    path = tmp_path / f"net.{kind}"
    if kind == "npz":
        np.savez(path, **arrays)
    else:
        save_file(arrays, path)
    net = small_net().init(0)
    before = {name: (parameter.value, parameter.value.copy()) for name, parameter in net.state().items()}
    with pytest.raises(StorageError) as error:
        net.load_weights(path)
    assert str(path) in str(error.value) and words in str(error.value)
    for name, parameter in net.state().items():
        value, copy = before[name]
        assert parameter.value is value and np.array_equal(value, copy)


def test_a_missing_file_is_missed(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.npz"):
        small_net().load_weights(tmp_path / "nothing.npz")


def test_old_gradients_are_forgotten_with_the_old_weights(tmp_path):
    net = small_net().init(0)
    net.save_weights(tmp_path / "net.npz")
    net.backward(np.ones_like(net.forward(X)))
    net.load_weights(tmp_path / "net.npz")
    assert all(parameter.grad is None for parameter in net.state().values())


def test_a_net_without_weights_has_none_to_save(tmp_path):
    with pytest.raises(StateError, match=r"has no features\.0\.weight yet: call init"):
        small_net().save_weights(tmp_path / "net.npz")
    assert not list(tmp_path.iterdir())


def test_a_loaded_net_can_be_trained_on(tmp_path):
    net = small_net().init(0)
    net.save_weights(tmp_path / "net.npz")
    net.load_weights(tmp_path / "net.npz")
    _, grad = softmax_cross_entropy(net.forward(X, training=True), np.array([0, 1, 2]))
    net.backward(grad, input_grad=False)
    before = net.state()["features.0.weight"].value.copy()
    SGD(net.parameters(), 0.1).step()
    assert not np.array_equal(net.state()["features.0.weight"].value, before)


def test_the_shipped_lenet_names_as_many_test_digits_as_its_notes_say():
    net, notes = trained_lenet5()
    assert notes.keys() >= {"command", "seed", "test_accuracy", "training_digits"}
    images, labels = load_digits("test")
    score = evaluate(net, (images, labels), prepare=digits_as_input)
    assert score.accuracy == pytest.approx(float(notes["test_accuracy"]), abs=2e-4) and score.accuracy >= 0.992
    assert LENET5_WEIGHTS.stat().st_size < 500_000
    other, _ = trained_lenet5()
    assert other is not net and other["C1"].weight.value is not net["C1"].weight.value


# Real size, and PyTorch


@pytest.fixture(scope="module")
def from_torchvision(tmp_path_factory):
    """Arrays as torchvision's weights are, in half precision, and AlexNet as it comes out of a file of them."""
    arrays = {}
    for number, (name, shape) in enumerate(TORCHVISION.items()):
        deviation = math.sqrt(2 / math.prod(shape[1:])) if len(shape) > 1 else 0.1
        some = np.random.default_rng(number).standard_normal(100_003, np.float32)
        arrays[name] = np.resize((deviation * some).astype(np.float16), shape)
    path = tmp_path_factory.mktemp("torchvision") / "alexnet.safetensors"
    save_file(arrays, path, {"format": "pt"})
    net = alexnet("torchvision")
    assert net.load_weights(path) == {"format": "pt"}
    path.unlink()  # 122 MB
    return arrays, net


def test_a_file_in_torchvisions_layout_fills_alexnet(from_torchvision):
    arrays, net = from_torchvision
    for name, parameter in net.state().items():
        assert parameter.value.dtype == np.float32 and parameter.value.shape == TORCHVISION[name]
        assert np.array_equal(parameter.value.ravel()[::999], arrays[name].ravel()[::999].astype(np.float32)), name


def test_alexnet_with_torchvisions_weights_gives_what_pytorch_gives(from_torchvision):
    torch = pytest.importorskip("torch")
    from torch.nn.functional import conv2d, linear, max_pool2d

    _, net = from_torchvision
    weights = {name: torch.from_numpy(parameter.value) for name, parameter in net.state().items()}

    def of(layer):
        return weights[f"{layer}.weight"], weights[f"{layer}.bias"]

    x = np.random.default_rng(0).standard_normal((1, 3, 224, 224), np.float32)
    with torch.no_grad():  # torchvision/models/alexnet.py, line by line
        out = torch.from_numpy(x)
        out = max_pool2d(conv2d(out, *of("features.0"), stride=4, padding=2).relu(), 3, 2)
        out = max_pool2d(conv2d(out, *of("features.3"), padding=2).relu(), 3, 2)
        out = conv2d(out, *of("features.6"), padding=1).relu()
        out = conv2d(out, *of("features.8"), padding=1).relu()
        out = max_pool2d(conv2d(out, *of("features.10"), padding=1).relu(), 3, 2)
        out = linear(out.flatten(1), *of("classifier.1")).relu()
        out = linear(out, *of("classifier.4")).relu()
        expected = linear(out, *of("classifier.6")).numpy()
    assert expected.shape == (1, 1000) and expected.std() > 0.1
    np.testing.assert_allclose(net.forward(x), expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


def torch_lenet(torch):
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    ).double()  # fmt: skip


def test_lenet_with_pytorchs_weights_gives_its_logits_and_its_gradients_step_after_step():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    theirs, ours = torch_lenet(torch), lenet5().init(0, np.float64)
    pairs = list(zip(ours.parameters().items(), theirs.parameters(), strict=True))
    for (_, parameter), tensor in pairs:
        parameter.value = tensor.detach().numpy().copy()
    images, labels = load_digits("train")
    x, labels = digits_as_input(images[:8]).astype(np.float64), labels[:8]
    ours_sgd = SGD(ours.parameters(), lr=0.05, momentum=0.9)
    theirs_sgd = torch.optim.SGD(theirs.parameters(), lr=0.05, momentum=0.9)
    for _ in range(2):
        expected = theirs(torch.tensor(x))
        loss = torch.nn.functional.cross_entropy(expected, torch.tensor(labels.astype(np.int64)))
        theirs_sgd.zero_grad()
        loss.backward()
        out = ours.forward(x, training=True)
        found, grad = softmax_cross_entropy(out, labels)
        ours.backward(grad, input_grad=False)
        np.testing.assert_allclose(out, expected.detach().numpy(), rtol=1e-10, atol=1e-12)
        assert found == pytest.approx(loss.item(), rel=1e-12)
        for (name, parameter), tensor in pairs:
            np.testing.assert_allclose(parameter.grad, tensor.grad.numpy(), rtol=1e-8, atol=1e-13, err_msg=name)
        ours_sgd.step()
        theirs_sgd.step()
    for (name, parameter), tensor in pairs:
        np.testing.assert_allclose(parameter.value, tensor.detach().numpy(), rtol=1e-10, atol=1e-13, err_msg=name)
