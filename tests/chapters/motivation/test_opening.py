"""The lecture's opening: the rule by which its 3 is chosen, and what its nets read."""

import numpy as np
import pytest

from lecture_lib.chapters import motivation
from lecture_lib.chapters.motivation import opening
from tests.explorers import array

EXAMPLES = {
    "who_reads": lambda: opening.who_reads("dense", "convolutional"),
    "opening_curves": lambda: opening.opening_curves("dense", "convolutional"),
}


def verdicts(**read):
    """Of each net the digit that it reads, surely, at each of 17 shifts."""
    return {name.replace("_", " "): np.eye(10)[each] for name, each in read.items()}


GOOD = {"dense": [3] * 12 + [2] * 5, "convolutional": [3] * 12 + [8] * 5, "pooled_everywhere": [3] * 17}


def test_a_three_fits_when_two_nets_lose_it_four_pixels_further_and_the_third_never():
    assert opening.fits(verdicts(**GOOD))


@pytest.mark.parametrize(
    ("name", "at"), [("dense", 8), ("convolutional", 8), ("pooled_everywhere", 0), ("pooled_everywhere", 16)]
)
def test_a_three_that_a_net_misreads_where_it_must_not_does_not_fit(name, at):
    read = {**GOOD, name: [*GOOD[name][:at], 7, *GOOD[name][at + 1 :]]}
    assert not opening.fits(verdicts(**read))


@pytest.mark.parametrize("name", ["dense", "convolutional"])
def test_a_three_that_a_net_still_reads_four_pixels_further_does_not_fit(name):
    assert not opening.fits(verdicts(**{**GOOD, name: [3] * 17}))


def test_the_chosen_three_is_the_first_that_fits():
    images, labels = motivation.movable_digits()
    at = motivation.chosen_three()
    assert labels[at] == 3 and opening.fits(motivation.verdicts_on(images[at]))
    earlier = [each for each in np.flatnonzero(labels == 3) if each < at]
    assert not any(opening.fits(motivation.verdicts_on(images[each])) for each in earlier)


def test_the_opening_has_the_chosen_three_first_and_each_digit_once():
    images, labels = motivation.opening_digits()
    assert labels.tolist()[0] == 3 and sorted(labels.tolist()) == list(range(10))
    assert np.array_equal(images[0], motivation.movable_digits()[0][motivation.chosen_three()])


def test_an_explorer_of_the_opening_asks_the_nets_that_are_named():
    explorer = opening.who_reads("convolutional")
    assert [panel["title"] for panel in explorer.panels] == ["drag the digit", "convolutional"]
    assert array(explorer.arrays["labels"])[0] == 3
    with pytest.raises(ValueError, match="name="):
        opening.who_reads("dence")


def test_the_curves_fall_from_the_middle_but_for_the_net_that_pools_everywhere():
    read = {name: each[0] for name, each in motivation.shift_accuracy(motivation.opening_race()).items()}
    for name in ("dense", "convolutional"):
        assert read[name][:, [4, 12]].mean() < read[name][:, 8].mean() / 2
    pooled = read["pooled everywhere"]
    assert pooled[:, [4, 12]].mean() > pooled[:, 8].mean() - 5
    assert [trace["label"] for trace in opening.opening_curves("dense").panels[0]["traces"]] == ["dense"]
