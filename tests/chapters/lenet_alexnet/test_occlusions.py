"""Occlusion beside its loops."""

import numpy as np
import pytest

from lecture_lib.chapters.lenet_alexnet.occlusions import occlusion
from lecture_lib.models import mlp, small_cnn
from lecture_lib.ops import softmax
from lecture_lib.shapes import ShapeError, covered
from tests.projections_cases import X

# Occlusion


def test_what_a_square_covers_by_hand():
    assert [covered(at, 3, 5) for at in range(5)] == [(0, 2), (0, 3), (1, 4), (2, 5), (3, 5)]
    assert [covered(at, 2, 4) for at in range(4)] == [
        (0, 1),
        (0, 2),
        (1, 3),
        (2, 4),
    ]  # even: one more before than behind
    assert covered(2, 1, 5) == (2, 3)


@pytest.mark.parametrize(("size", "stride"), [(1, 1), (2, 1), (3, 2), (5, 3)])
def test_occlusion_is_what_its_loops_say(size, stride):
    net, x = small_cnn(side=9, in_channels=2).init(0, np.float64), X[0].copy()
    found = occlusion(net, x, 4, size, stride, value=0.7)
    rows = range(0, 9, stride)
    assert found.right.shape == (len(rows), len(rows))
    for i, row in enumerate(rows):
        for j, col in enumerate(rows):
            hidden = x.copy()
            for r in range(9):
                for c in range(9):
                    if -(size // 2) <= r - row < size - size // 2 and -(size // 2) <= c - col < size - size // 2:
                        hidden[:, r, c] = 0.7
            expected = softmax(net.forward(hidden[None]))[0]
            assert np.allclose(found.probabilities[i, j], expected)
            assert found.right[i, j] == pytest.approx(expected[4]) and found.top[i, j] == expected.argmax()
    assert np.array_equal(x, X[0])


def test_a_square_over_everything_leaves_one_answer():
    net = mlp([18, 3]).init(0)
    found = occlusion(net, np.ones((2, 3, 3)), 0, size=3, value=5.0)
    blank = softmax(net.forward(np.full((1, 2, 3, 3), 5.0)))[0]
    assert np.allclose(found.probabilities[1, 1], blank)
    assert not np.allclose(found.probabilities[0, 0], blank)  # in the corner it covers a part only


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"x": X}, ShapeError, r"\(C, H, W\)"),
        ({"size": 10}, ShapeError, "size=10: must be at most 9"),
        ({"size": 0}, ShapeError, "size=0"),
        ({"stride": 0}, ShapeError, "stride=0"),
        ({"label": 10}, ValueError, "label=10: must be from 0 to 9"),
        ({"value": np.nan}, ValueError, "value"),
        ({"value": "grey"}, TypeError, "value"),
    ],
)
def test_a_wrong_argument_of_occlusion_is_named(change, error, words):
    given = {"x": X[0], "label": 0, "size": 3} | change
    with pytest.raises(error, match=words):
        occlusion(small_cnn(side=9, in_channels=2).init(0), **given)


# The class in each layer


# Calibration
