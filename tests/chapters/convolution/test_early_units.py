"""The explorer of what the first units of the network for photos look for."""

import numpy as np
import pytest

from lecture_lib import ops, style
from lecture_lib.chapters.convolution.early_units import PHOTOS, STEP, alike, early_units
from lecture_lib.chapters.convolution.mean_gradients import KINDS, SEEN, UNITS, early_layers, mean_pictures
from lecture_lib.data import load_photo, photo_as_input


@pytest.fixture(scope="module")
def explorer():
    return early_units()


def test_no_photo_that_is_shown_had_a_part_in_the_pictures():
    assert not set(PHOTOS) & set(SEEN)


@pytest.mark.parametrize("kind", KINDS)
def test_every_map_is_the_units_to_half_a_step_of_its_colours(explorer, kind):
    at = list(KINDS).index(kind)
    for number, name in enumerate(PHOTOS):
        x = photo_as_input(load_photo(name))
        wanted = early_layers(KINDS[kind]).forward(x)[0, :, :55, :55]
        shown = explorer.array("maps")[at][number]
        low, high = explorer.ends("maps", (at, number))
        assert low == -high and shown.shape == (UNITS, 55, 55)
        found = (shown.astype(float) - 128) / 127 * high
        assert np.abs(found - wanted.clip(low, high)).max() <= (STEP / 2 + 0.51) * high / 127


def test_the_correlation_that_is_said_is_numpys(explorer):
    x = photo_as_input(load_photo("coffee"))
    pictures = mean_pictures()["trained"]
    own = early_layers().forward(x)[0, :, :55, :55]
    plain = ops.conv2d(x, pictures.weight, pictures.bias, stride=4, padding=2)[0]
    said = explorer.sentence[1]["text"][0][list(PHOTOS).index("coffee")]
    for unit in (0, 14, 44):
        assert said[unit].endswith(
            f"{style.number(round(np.corrcoef(own[unit].ravel(), plain[unit].ravel())[0, 1], 2))}."
        )


def test_maps_that_are_the_same_everywhere_have_no_correlation():
    one, flat = np.eye(4)[None], np.ones((1, 4, 4))
    assert (
        np.isnan(alike(one, flat)).all()
        and np.isnan(alike(flat, one)).all()
        and alike(one, 2 * one + 1) == pytest.approx([1])
    )


def test_everything_lives_without_python(explorer):
    assert (explorer.lives, explorer.needs_python) == (("Unit", "Weights", "Photo"), ())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: early_units(96), "unit=96: must be from 0 to 95"),
        (lambda: early_units(0, "moon"), "photo='moon': must be"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()
