"""Both ways round for every move and representation, and matrices averaged until they are convolutions."""

import numpy as np
import pytest

from lecture_lib import transforms
from lecture_lib.chapters.equivariance.moving import (
    HOOK,
    MOVES,
    REPRESENTATIONS,
    averaged,
    averagings,
    both_ways,
    commutator,
    distance_to_border,
    move_maps,
    move_picture,
    rows_in_place,
)
from lecture_lib.filters import KERNELS, correlate
from lecture_lib.groups import P4Lift, transform_maps
from lecture_lib.shapes import ShapeError

rng = np.random.default_rng(0)
PHOTO = rng.integers(0, 256, (24, 24)).astype(float)
FREE = list(REPRESENTATIONS)
STRIDE_1 = [name for name in FREE if REPRESENTATIONS[name].stride == 1]
TURNING = ("symmetric", "turned", "mirrored", "p4")


# Moves


@pytest.mark.parametrize("move", MOVES)
def test_a_level_at_rest_leaves_the_picture_as_it_is(move):
    rest = {"scale": 1}.get(move, 0)
    assert np.array_equal(move_picture(PHOTO, move, rest), PHOTO)
    assert np.array_equal(move_maps(PHOTO[None], move, rest)[0], PHOTO)


@pytest.mark.parametrize("move", MOVES)
def test_every_stop_of_a_move_can_be_drawn_and_the_first_shown_is_one(move):
    assert MOVES[move].start in MOVES[move].levels
    for level in MOVES[move].levels:
        assert move_picture(PHOTO, move, level).shape == PHOTO.shape


def test_moves_are_those_of_the_transforms():
    assert np.array_equal(move_picture(PHOTO, "translate", 2.5), transforms.translate(PHOTO, 0, 2.5))
    assert np.array_equal(move_picture(PHOTO, "rotate", 90), np.rot90(PHOTO))
    assert np.array_equal(move_picture(PHOTO, "scale", 1.3), transforms.scale(PHOTO, 1.3))
    assert np.array_equal(move_picture(PHOTO, "reflect", 1), PHOTO[:, ::-1])
    bent = transforms.elastic(PHOTO, 2, rng=0, smoothness=8)
    assert np.array_equal(move_picture(PHOTO, "elastic", 2), bent)


def test_on_maps_with_stride_two_a_shift_goes_half_as_far():
    maps = rng.normal(size=(3, 6, 6))
    assert np.array_equal(move_maps(maps, "translate", 4, "circular", stride=2), np.roll(maps, 2, 2))
    between = (np.roll(maps, 1, 2) + np.roll(maps, 2, 2)) / 2
    assert np.allclose(move_maps(maps, "translate", 3, "circular", stride=2), between)
    for level, places in ((3, 2), (1, 1), (0.5, 0), (-1, 0), (-3, -1)):  # halves go to the right
        moved = move_maps(maps, "translate", level, "circular", stride=2, whole=True)
        assert np.array_equal(moved, np.roll(maps, places, 2))


@pytest.mark.parametrize("turns", [-2, -1, 0, 1, 2])
def test_maps_of_a_group_turn_and_change_places(turns):
    maps = rng.normal(size=(8, 5, 5))
    for group in ("p4", "p4m"):
        assert np.array_equal(
            move_maps(maps, "rotate", 90 * turns, group=group), transform_maps(maps, turns % 4, group)
        )
    assert np.array_equal(move_maps(maps, "reflect", 1, group="p4m"), transform_maps(maps, 4, "p4m"))
    assert np.array_equal(move_maps(maps, "reflect", 1, group="p4"), maps[..., ::-1])


def test_between_quarter_turns_the_maps_of_a_group_go_to_the_nearest_places():
    maps = rng.normal(size=(4, 9, 9))
    assert np.allclose(move_maps(maps, "rotate", 30, group="p4"), transforms.rotate(maps, 30))
    assert np.allclose(move_maps(maps, "rotate", 60, group="p4"), transform_maps(transforms.rotate(maps, -30), 1, "p4"))


def test_maps_bend_with_the_pictures_field():
    field = transforms.displacement((24, 24), 2, 0, 8)
    maps = rng.normal(size=(2, 12, 12))
    rows = np.rint(11.5 + 2 * (np.arange(12) - 5.5)).astype(int)
    expected = transforms.warp(maps, field[:, rows[:, None], rows] / 2)
    assert np.array_equal(move_maps(maps, "elastic", 2, stride=2), expected)


def test_an_unknown_move_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="move='fly': must be one of translate, rotate"):
        move_picture(PHOTO, "fly", 1)
    with pytest.raises(ValueError, match="move='fly'"):
        move_maps(PHOTO[None], "fly", 1)


# Representations, both ways round


@pytest.mark.parametrize("name", STRIDE_1)
@pytest.mark.parametrize("level", [-7, 1, 3, 16])
def test_on_a_ring_stride_one_is_equivariant_to_whole_shifts(name, level):
    assert both_ways(PHOTO, name, "translate", level, "circular").error <= (1e-12 if name == "p4" else 0)


@pytest.mark.parametrize("name", STRIDE_1)
def test_with_zero_padding_only_the_border_and_the_seam_differ(name):
    both = both_ways(PHOTO, name, "translate", 5, "zero")
    differ = np.flatnonzero((np.abs(both.difference) > 1e-9).any(axis=(0, 1)))
    assert len(differ)
    reach = 2 if name == "p4" else 1
    assert set(differ) <= {*range(5 - reach, 5 + reach), *range(24 - reach, 24)}


@pytest.mark.parametrize("name", ["stride", "pool"])
@pytest.mark.parametrize("whole", [False, True])
def test_stride_two_is_equivariant_to_even_shifts_only(name, whole):
    errors = [both_ways(PHOTO, name, "translate", level, "circular", whole).error for level in range(6)]
    assert errors[::2] == [0, 0, 0]
    assert min(errors[1::2]) > 0.1


def test_half_a_pixel_commutes_with_a_filter_but_not_with_relu():
    assert both_ways(PHOTO, "filter", "translate", 0.5, "circular").error < 1e-12
    assert both_ways(PHOTO, "relu", "translate", 0.5, "circular").error > 0.01


@pytest.mark.parametrize("name", FREE)
@pytest.mark.parametrize("border", ["zero", "circular"])
@pytest.mark.parametrize("degrees", [-90, 90, 180])
def test_a_quarter_turn_is_exact_for_symmetric_filters_and_for_turned_copies_alone(name, border, degrees):
    error = both_ways(PHOTO, name, "rotate", degrees, border).error
    assert (error <= 1e-12) == (name in TURNING)


@pytest.mark.parametrize("border", ["zero", "circular"])
def test_a_mirror_is_exact_for_the_symmetric_filter_and_for_mirrored_copies_alone(border):
    exact = {name for name in FREE if both_ways(PHOTO, name, "reflect", 1, border).error <= 1e-12}
    assert exact == {"symmetric", "mirrored"}


def test_the_hook_has_no_symmetry():
    moved = {np.rot90(each, turns).tobytes() for each in (HOOK, HOOK[:, ::-1]) for turns in range(4)}
    assert len(moved) == 8
    assert HOOK.sum() == 0


def test_representations_are_what_they_are_called():
    sobel = correlate(PHOTO, KERNELS["sobel_x"].weights, padding=1, border="circular")
    relu = np.maximum(sobel, 0)
    pooled = relu.reshape(12, 2, 12, 2).max(axis=(1, 3))
    turned = [np.maximum(correlate(PHOTO, np.rot90(HOOK, k), padding=1, border="circular"), 0) for k in range(4)]
    for name, expected in (
        ("filter", [sobel]), ("relu", [relu]), ("stride", [relu[::2, ::2]]), ("pool", [pooled]), ("turned", turned),
    ):  # fmt: skip
        assert np.array_equal(REPRESENTATIONS[name].phi(PHOTO, "circular"), expected)


def test_what_is_no_picture_or_no_representation_is_refused():
    with pytest.raises(ShapeError, match=r"must be \(H, W\)"):
        both_ways(PHOTO[None], "filter", "translate", 1)
    with pytest.raises(ValueError, match="representation='eye'"):
        both_ways(PHOTO, "eye", "translate", 1)


# Averaged matrices


def random_matrix(group):
    return np.random.default_rng(1).normal(size=(group.outputs.shape[1], group.inputs.shape[1]))


@pytest.mark.parametrize("name", averagings())
def test_indices_are_a_group_whose_first_element_rests(name):
    group = averagings()[name]
    for moves in (group.inputs, group.outputs):
        assert np.array_equal(moves[0], np.arange(moves.shape[1]))
        elements = {tuple(move) for move in moves}
        assert len(elements) == len(moves)
        made = {moves[0].tobytes()}
        for _ in range(20):
            made |= {np.frombuffer(each, int)[moves[g]].tobytes() for each in made for g in group.generators}
        assert made == {move.tobytes() for move in moves}


@pytest.mark.parametrize("name", averagings())
def test_the_average_over_a_group_is_equivariant_and_any_smaller_one_is_not(name):
    group = averagings()[name]
    steps = averaged(random_matrix(group), group.inputs, group.outputs)
    errors = commutator(steps, group.inputs, group.outputs)
    assert errors[-1] < 1e-12
    assert errors[:-1].min() > 0.01
    x = np.random.default_rng(2).normal(size=steps.shape[2])
    for p, q in zip(group.inputs, group.outputs, strict=True):
        assert np.allclose(steps[-1] @ x[p], (steps[-1] @ x)[q])


@pytest.mark.parametrize("name", averagings())
def test_an_equivariant_matrix_is_its_own_average(name):
    group = averagings()[name]
    equivariant = averaged(random_matrix(group), group.inputs, group.outputs)[-1]
    assert np.allclose(averaged(equivariant, group.inputs, group.outputs), equivariant)


def test_over_shifts_of_a_row_it_is_circulant():
    group = averagings()["row"]
    matrix = random_matrix(group)
    last = averaged(matrix, group.inputs, group.outputs)[-1]
    for i in range(12):
        for j in range(12):
            diagonal = [matrix[(i + s) % 12, (j + s) % 12] for s in range(12)]
            assert np.isclose(last[i, j], np.mean(diagonal))


def test_over_shifts_of_pictures_all_outputs_have_one_filter_and_turns_make_it_symmetric():
    for name in ("picture", "turns"):
        group = averagings()[name]
        rows = rows_in_place(averaged(random_matrix(group), group.inputs, group.outputs)[-1], (5, 5))
        assert np.allclose(rows, rows[0])
        assert np.allclose(np.rot90(rows[0]), rows[0]) == (name == "turns")


def test_over_p4_it_is_the_lifting_layer():
    group = averagings()["lift"]
    last = averaged(random_matrix(group), group.inputs, group.outputs)[-1]
    rows = rows_in_place(last, (5, 5)).reshape(4, 25, 5, 5)
    layer = P4Lift(1, 1, 5)
    layer.init(np.random.default_rng(0), np.float64)
    layer.weight.value[:], layer.bias.value[:] = rows[0, 0], 0
    x = rng.normal(size=(5, 5))
    assert np.allclose(layer.forward(np.pad(x, 2, mode="wrap")[None, None]).ravel(), last @ x.ravel())
    assert np.allclose(layer.value("weight")[:, 0], rows[:, 0])


def test_matrices_of_another_size_are_refused():
    group = averagings()["row"]
    with pytest.raises(ShapeError, match="must be"):
        averaged(np.eye(11), group.inputs, group.outputs)
    with pytest.raises(ShapeError, match="must be"):
        averaged(np.ones(12), group.inputs, group.outputs)
    with pytest.raises(ShapeError, match="for inputs"):
        rows_in_place(np.eye(4), (3,))


def test_the_distance_to_the_border_counts_places():
    assert distance_to_border((5, 3)).tolist() == [[0, 0, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize("size", [[3_000_000_000, 4], (3, 4_000_000_000), (0, 4), 5.0])
def test_a_map_without_places_or_with_too_many_has_no_distances(size):
    with pytest.raises((ValueError, TypeError), match="size"):
        distance_to_border(size)
