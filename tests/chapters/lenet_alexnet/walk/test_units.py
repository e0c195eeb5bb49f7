"""The units of a network that reads digits: what they see."""

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.probes import responses

NET = models.trained_lenet5()[0]
STAGES = stages(NET)


def field_of(stage, row, col):
    """First row, first column, rows and columns of the pixels that a unit sees, the padding included."""
    vertical, horizontal = stage.fields
    return (
        vertical.start + row * vertical.jump, horizontal.start + col * horizontal.jump, vertical.size, horizontal.size
    )  # fmt: skip


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
