"""Both ways round: maps worked out by hand, the lecture's cases, and what cannot be compared."""

import numpy as np
import pytest

from lecture_lib.chapters.equivariance.ways import BothWays, equivariance_error
from lecture_lib.filters import KERNELS, correlate
from lecture_lib.shapes import ShapeError

rng = np.random.default_rng(0)
X = rng.normal(size=(12, 12))
SOBEL = KERNELS["sobel_x"].weights


def same(values):
    return values


def sobel(border):
    return lambda image: correlate(image, SOBEL, padding=1, border=border)


def test_the_error_is_the_length_of_the_difference_as_a_share_of_the_first_way():
    both = equivariance_error(same, lambda x: x + np.array([0, 4]), same, np.array([3.0, 0.0]))
    assert both.moved_before.tolist() == [3, 4]
    assert both.moved_after.tolist() == [3, 0]
    assert both.difference.tolist() == [0, 4]
    assert both.error == 4 / 5


def test_two_zeros_agree_and_one_zero_is_infinitely_far():
    zero, one = np.zeros(2), np.ones(2)
    assert BothWays(zero, zero).error == 0
    assert BothWays(zero, one).error == np.inf
    assert BothWays(one, zero).error == 1


@pytest.mark.parametrize("shift", [(1, 0), (0, -3), (5, 7)])
def test_a_convolution_with_circular_border_commutes_with_shifts_exactly(shift):
    def move(image):
        return np.roll(image, shift, (0, 1))

    assert equivariance_error(sobel("circular"), move, move, X).error == 0


def test_with_zero_border_only_the_frame_differs():
    def move(image):
        return np.pad(image, [(0, 0), (2, 0)])[:, :-2]

    both = equivariance_error(sobel("zero"), move, move, X)
    assert both.error > 0.01
    assert np.flatnonzero(np.abs(both.difference).max(axis=0)).tolist() == [1, 11]


def test_a_convolution_does_not_commute_with_a_turn_but_a_filter_turned_along_does():
    assert equivariance_error(sobel("circular"), np.rot90, np.rot90, X).error > 0.5
    turned = correlate(np.rot90(X), np.rot90(SOBEL), padding=1, border="circular")
    assert np.allclose(turned, np.rot90(sobel("circular")(X)), atol=1e-12)


def test_order_of_the_arguments_is_phi_g_m_g():
    both = equivariance_error(lambda x: 10 * x, lambda x: x + 1, lambda y: y + 2, np.array([1.0]))
    assert both.moved_before == 20
    assert both.moved_after == 12


def test_results_of_two_shapes_are_refused():
    with pytest.raises(ShapeError, match=r"\(2,\): must be \(3,\)"):
        equivariance_error(lambda x: x, same, lambda y: y[:2], np.ones(3))
    with pytest.raises(TypeError, match="phi"):
        equivariance_error(lambda x: x.astype(complex), same, same, np.ones(3))
