"""The theorem of the zigzag, one step beside central differences, and rings beside the loss by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.chapters.activations.neuron import loss_rings, weight_path
from lecture_lib.shapes import ShapeError
from tests.experiments_cases import (
    PLACES,
    POINT,
    POSITIVE,
)
from tests.gradients import central_differences


@given(POSITIVE, PLACES, PLACES, st.floats(1e-3, 0.2), st.integers(0, 99))
def test_with_positive_inputs_both_weights_grow_or_both_fall(inputs, target, start, lr, seed):
    changes = np.sign(np.diff(weight_path(inputs, target, start, lr, 30, seed), axis=0))
    assert (changes[:, 0] * changes[:, 1] >= 0).all()


@given(st.integers(0, 99))
def test_with_inputs_of_mean_zero_the_weights_change_in_all_four_ways(seed):
    inputs = np.random.default_rng(seed).normal(size=(100, 2))
    inputs -= inputs.mean(axis=0)
    changes = np.sign(np.diff(weight_path(inputs, [1, 1], [-1, 0.5], 0.4, 100, seed), axis=0))
    assert {tuple(change) for change in changes.tolist()} >= {(1, 1), (1, -1), (-1, 1), (-1, -1)}


@given(POSITIVE, PLACES, PLACES)
def test_each_step_goes_down_the_slope_of_one_inputs_loss(inputs, target, start):
    path = weight_path(inputs, target, start, 0.1, 5, seed=1)
    assert path.shape == (6, 2) and np.array_equal(path[0], start)
    order = np.random.default_rng(1).integers(len(inputs), size=5)
    for before, after, each in zip(path, path[1:], order, strict=False):

        def loss(weights, x=inputs[each]):
            return ((weights - target) @ x) ** 2 / 2

        assert (before - after) / 0.1 == pytest.approx(central_differences(loss, before), rel=1e-5, abs=1e-5)


def test_the_path_ends_at_the_target_if_the_steps_are_small_enough():
    inputs = np.random.default_rng(0).uniform(0, 1, (50, 2))
    assert weight_path(inputs, [1, -1], [-1, 1], 0.5, 3000)[-1] == pytest.approx([1, -1], abs=1e-6)
    assert np.array_equal(weight_path(inputs, [1, -1], [1, -1], 0.5, 9), np.tile([1, -1], (10, 1)))
    assert weight_path(inputs, [1, -1], [-1, 1], 0.5, 0).tolist() == [[-1, 1]]


def test_the_seed_decides_the_order():
    inputs = np.random.default_rng(0).uniform(0, 1, (50, 2))
    one, again, other = (weight_path(inputs, [1, -1], [0, 0], 0.5, 9, seed) for seed in (0, 0, 1))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_a_path_that_flies_away_does_so_without_a_warning():
    assert not np.isfinite(weight_path([[100.0, 100.0]], [0, 0], [1, 1], 1.0, 500)[-1]).any()


@given(POSITIVE, PLACES)
def test_on_a_ring_the_mean_loss_is_the_rings(inputs, target):
    inputs = np.concatenate([inputs, [[1.0, 0.0], [0.0, 1.0]]])  # two directions at least
    rings = loss_rings(inputs, target, [0.1, 2.0], points=7)
    assert rings.shape == (2, 7, 2) and rings[:, 0] == pytest.approx(rings[:, -1])
    for ring, loss in zip(rings, (0.1, 2.0), strict=True):
        for w1, w2 in ring:
            apart = inputs @ (np.array([w1, w2]) - target)
            assert np.mean(apart**2 / 2) == pytest.approx(loss, rel=1e-6)


def test_rings_do_not_depend_on_the_unit_of_the_inputs():
    inputs = np.array([[2.0, 0.5], [0, 1]])
    for unit in (1e-8, 1e8):
        assert np.allclose(loss_rings(inputs * unit, [0, 0], [unit**2]), loss_rings(inputs, [0, 0], [1]))


def test_rings_of_more_points_than_memory_are_refused_before_they_are_made():
    with pytest.raises(ValueError, match="points=5000000000: makes 10,000,000,000 numbers"):
        loss_rings([[2, 0], [0, 2]], target=[1, 1], losses=[1], points=5_000_000_000)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: weight_path([[1, 2, 3]], [0, 0], [0, 0], 0.1, 1), ShapeError, "inputs has shape (1, 3)"),
        (lambda: weight_path(POINT, [0], [0, 0], 0.1, 1), ShapeError, "target has shape (1,): must be (2,)"),
        (lambda: weight_path(POINT, [0, 0], [[0, 0]], 0.1, 1), ShapeError, "start has shape (1, 2)"),
        (lambda: weight_path(POINT, [0, 0], [0, 0], 0, 1), ValueError, "lr=0: must be a number above 0"),
        (lambda: weight_path(POINT, [0, 0], [0, 0], 0.1, -1), ShapeError, "steps=-1"),
        (lambda: loss_rings(POINT[:0], [0, 0], [1]), ShapeError, "inputs has shape (0, 2)"),
        (lambda: loss_rings(POINT, [0, 0], [1]), ValueError, "inputs lie on one line through 0"),
        (lambda: loss_rings([[1, 0], [0, 1]], [0, 0], [0]), ValueError, "losses=[0.0]: must be above 0"),
        (
            lambda: loss_rings([[1, 0], [0, 1]], [0, 0], [np.inf]),
            ValueError,
            "losses=[inf]: must be above 0, and finite",
        ),
        (lambda: loss_rings([[1, 0], [0, 1]], [0, 0], 1), ShapeError, "losses has shape (): must have one axis"),
        (lambda: loss_rings([[1, 0], [0, np.nan]], [0, 0], [1]), ValueError, "inputs holds NaN or infinity"),
        (lambda: loss_rings([[0, 0], [0, 0]], [0, 0], [1]), ValueError, "inputs lie on one line through 0"),
        (lambda: loss_rings([[1, 0], [0, 1]], [0, 0], [1], 1), ShapeError, "points=1"),
    ],
)
def test_what_breaks_a_rule_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)
