"""Networks: every published count, tables, containers against central differences, weight files, PyTorch."""

import numpy as np
import pytest

from lecture_lib.chapters.convolution.blocks import inception, inception_branch, nin_block
from lecture_lib.models import (
    ALEXNET_INPUT,
    C3_TABLE,
    alexnet,
    digit_codes,
    lenet5,
    summary,
)
from lecture_lib.shapes import ONE_PIXEL, ReceptiveField, ShapeError
from tests.models_cases import GOOGLENET, SEEING, TORCHVISION, VARIANTS, column

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


def test_the_torchvision_alexnet_has_torchvisions_names_and_shapes_in_its_order():
    state = alexnet("torchvision").state()
    assert {name: parameter.shape for name, parameter in state.items()} == TORCHVISION
    assert list(state) == list(TORCHVISION)


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
