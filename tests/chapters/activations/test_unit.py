"""A unit that has an accident: steps worked out by hand, and what is said of them."""

import numpy as np
import pytest

from lecture_lib.chapters.activations.unit import ACCIDENT, RATES, SLOPES, STEPS, dead_unit, steps_to_wake, unit_life


def test_the_first_step_is_the_one_worked_out_by_hand():
    # w = 1, b = 0.5, x = 0.2: the sum is 0.7, wanted is 0.1, δ = 0.6; at rate 0.02: w = 1 − 0.0024, b = 0.5 − 0.012
    before, after = unit_life()[:2]
    assert np.allclose(before, [0.7, 0.9, 1.1, 1.3, 1.5])
    assert np.allclose(after, 0.9976 * np.array([0.2, 0.4, 0.6, 0.8, 1.0]) + 0.488)


@pytest.mark.parametrize("rate", RATES)
def test_the_slope_does_not_matter_before_the_accident(rate):
    assert len({unit_life(slope, rate)[ACCIDENT + 1].tobytes() for slope in SLOPES}) == 1


def test_a_dead_unit_with_relu_never_changes_again():
    sums = unit_life(0.0)
    assert sums[ACCIDENT].max() > 0 > sums[ACCIDENT + 1].max()
    assert (sums[ACCIDENT + 1 :] == sums[-1]).all() and steps_to_wake(0.0) is None


def test_the_larger_the_slope_the_sooner_it_wakes():
    wakes = [steps_to_wake(slope) for slope in SLOPES[1:]]
    assert wakes == sorted(wakes, reverse=True) and wakes[-1] < STEPS
    for slope, steps in zip(SLOPES[1:], wakes, strict=True):
        highest = unit_life(slope, 8.0, 4000)[ACCIDENT + 1 :].max(axis=1)
        assert highest[steps] > 0 >= highest[:steps].max()


@pytest.mark.parametrize("slope", SLOPES)
@pytest.mark.parametrize("rate", RATES)
def test_all_that_happens_has_a_place_in_the_pictures(slope, rate):
    sums = unit_life(slope, rate)
    plot, picture = dead_unit().panels
    assert picture["x"][0] < sums.min() and sums.max() < picture["x"][1] and plot["y"] == picture["x"]


def test_what_is_said_fits_the_slope_and_the_rate():
    explorer = dead_unit(0.25)
    fates = explorer.sentence[0]["text"]
    assert "with slope 0.25 one is above 0 again after 81 steps" in fates[SLOPES.index(0.25)][RATES.index(8)]
    assert fates[0][RATES.index(8)].endswith("nothing changes in 10,000 steps.")
    assert fates[0][0] == "The unit lives on."


@pytest.mark.parametrize("wrong", [{"slope": 0.3}, {"accident": 3}])
def test_the_unit_names_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match="must be one of"):
        dead_unit(**wrong)
