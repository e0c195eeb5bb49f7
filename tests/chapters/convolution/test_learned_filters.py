"""Learned filters on the digits they were learned from."""

import numpy as np
import pytest

from lecture_lib.chapters.convolution.learned_filters import RANDOM, learned_filters
from lecture_lib.data import load_digits, load_first_layer
from lecture_lib.filters import correlate


@pytest.mark.parametrize("digit", [7, 0, 29])
def test_every_map_is_what_its_filter_makes_of_the_digit(digit):
    explorer = learned_filters()
    explorer.state = {"digit": digit}
    image = load_digits("test")[0][digit]
    assert np.array_equal(explorer.array("padded"), image)
    filters = explorer.array("weights")
    learned = load_first_layer().conv_weight[:, 0]
    assert len(filters) == len(learned) + RANDOM == explorer.declared["filter"].count()
    assert np.allclose(filters[: len(learned)], learned, atol=0.0051)  # rounded to what is shown
    for weights, found in zip(filters, explorer.array("maps"), strict=True):
        assert np.allclose(found, correlate(image, weights.astype(float)), atol=1e-3)


def test_the_filter_is_chosen_without_python():
    explorer = learned_filters()
    assert (explorer.lives, explorer.needs_python) == (("Filter",), ("Digit",))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: learned_filters(99), "digit=99"),
        (lambda: learned_filters(1, digits=20_000), "digits=20000: must be from 1 to 10000"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()
