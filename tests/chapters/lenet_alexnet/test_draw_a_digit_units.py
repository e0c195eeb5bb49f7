"""The units of a network that answers to a drawing: where they stand, what they see, what they weigh."""

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.draw_a_digit import field_of, stages
from lecture_lib.data import digits_as_input
from lecture_lib.layers import Linear
from lecture_lib.probes import responses
from lecture_lib.shapes import ShapeError
from tests.chapters.lenet_alexnet.test_draw_a_digit import DRAWN, pad, page_says, said

NET = models.trained_lenet5()[0]
STAGES = stages(NET)


def places(stage):
    k, h, w = stage.shape
    lines = -(-k // stage.columns)
    return [(row, col) for row in range(lines * h) for col in range(stage.columns * w)]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_unit_has_a_place_in_the_mosaic(stage):
    k, h, w = stage.shape
    assert {stage.place(*at) for at in places(stage)} == set(np.ndindex(k, h, w))


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_what_a_unit_sees_is_all_that_can_change_it(stage):
    rng = np.random.default_rng(0)
    net = models.lenet5().init(1)  # not trained: hardly any unit is dead
    _, h, w = stage.shape
    for row, col in [(0, 0), (h // 2, w // 2), (h - 1, w - 1)]:
        top, left, high, wide = field_of(stage, row, col)
        inside = np.zeros((28, 28), bool)
        inside[max(0, top) : max(0, top + high), max(0, left) : max(0, left + wide)] = True
        x = rng.normal(size=(40, 1, 28, 28))
        outside, edge = x.copy(), x.copy()
        outside[:, :, ~inside] = rng.normal(size=(~inside).sum())
        # one row of pixels at the field's edge: the first of it that lies in the picture
        edge[:, :, max(0, top)] += 3 * inside[max(0, top)]
        values = [answer(net, each, stage.name, row, col) for each in (x, outside, edge)]
        assert np.array_equal(values[0], values[1])
        assert not np.array_equal(values[0], values[2])


def answer(net, x, name, row, col):
    out = responses(net, x)[name]
    return out[:, :, row, col] if out.ndim == 4 else out


@pytest.mark.parametrize("level", [at for at, stage in enumerate(STAGES) if stage.name[0] != "S"])
def test_a_unit_is_its_weights_times_what_its_window_frames(level):
    explorer = pad(DRAWN[8])
    stage, before = STAGES[level], STAGES[level - 1] if level else None
    picture = explorer.array("seen")[0]
    answers = responses(NET, digits_as_input(picture[None]))
    maps = answers[before.after].reshape(before.shape) if level else digits_as_input(picture[None])[0]
    rng = np.random.default_rng(level)
    for at in rng.integers(len(places(stage)), size=10):
        row, col = places(stage)[at]
        explorer.state = {"layer": level, "row": row, "col": col}
        unit, r, c = stage.place(row, col)
        *_, fed_by, top, left, high, wide = explorer.array("field")
        margin = 2
        window = np.pad(maps, [(0, 0), (margin, margin), (margin, margin)])[
            :, top + margin : top + high + margin, left + margin : left + wide + margin
        ]
        if level == 0:  # the padding is 0, the background of a digit is -0.1
            assert fed_by == -1
        weights = explorer.array("weights")
        value = (weights * window).sum() + stage.layer.bias.value[unit]
        expected = answers[stage.name].reshape(stage.shape)[unit, r, c]
        assert value == pytest.approx(expected, abs=1e-4)
        name = f"unit {unit}" if isinstance(stage.layer, Linear) else f"map {unit}, row {r}, column {c}"
        assert f"{stage.name}, {name} = " in said(explorer)


def test_a_pooling_unit_shows_the_four_numbers_it_is_the_largest_of():
    explorer = pad(DRAWN[8])
    explorer.state = {"layer": 1, "row": 7, "col": 3 * 14 + 6}  # S2, map 3, row 7, column 6
    four = explorer.array("weights")
    answers = responses(NET, digits_as_input(explorer.array("seen")[0][None]))
    assert np.array_equal(four, answers["relu1"][0, 3:4, 14:16, 12:14])
    assert explorer.array("field")[4] == 3
    assert "S2, map 3, row 7, column 6 = " in said(explorer) and "it has no weights" in said(explorer)
    assert four.max() == pytest.approx(answers["S2"][0, 3, 7, 6])


@pytest.mark.parametrize("unit", [[6, 5, 500], [5, 2, 41], [0, 1000, 1000], [3, 10**30, 10**30]])
def test_a_place_beyond_the_maps_is_moved_to_one_with_a_unit(unit):
    explorer = pad(DRAWN[1])
    page_says(explorer, **dict(zip(("layer", "row", "col"), unit, strict=True)))
    assert f"{STAGES[unit[0]].name}, " in said(explorer) and "It sees" in said(explorer)


@pytest.mark.parametrize("unit", [{"layer": 99}, {"layer": -1}, {"row": -1}])
def test_a_place_that_cannot_be_is_refused(unit):
    with pytest.raises(ShapeError, match=f"{next(iter(unit))}=.*: must be a place"):
        pad(DRAWN[1]).state = unit


def test_maps_are_shown_after_or_before_the_activation():
    explorer = pad(DRAWN[6])
    answers = responses(NET, digits_as_input(explorer.array("seen")[0][None]))
    for which, names in enumerate(("relu1 S2 relu3 S4 relu5 relu6 output", "C1 S2 C3 S4 F5 F6 output")):
        explorer.state = {"maps": which}
        assert np.array_equal(
            explorer.array("units"), np.concatenate([answers[name].ravel() for name in names.split()])
        )


def test_the_panels_rows_say_where_each_layers_numbers_begin():
    explorer = pad(DRAWN[6])
    answers = responses(NET, digits_as_input(explorer.array("seen")[0][None]))
    units = explorer.array("units")
    for row, stage in zip(explorer.panels[2]["rows"], STAGES, strict=True):
        size = row["count"] * row["rows"] * row["cols"]
        assert np.array_equal(units[row["offset"] : row["offset"] + size], answers[stage.after].ravel())
        assert row["limit"][1] == -row["limit"][0] > 0
