"""Mean gradients of the first units of the network for photos: held against the network itself, and against differences."""

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.convolution.mean_gradients import (
    COUNT,
    KINDS,
    MEAN_GRADIENTS,
    SEEN,
    SIDE,
    START,
    STRIDE,
    UNITS,
    concentration,
    early_layers,
    mean_gradients,
    mean_pictures,
    on_windows,
    windows,
)
from lecture_lib.data import load_photo, photo_as_input
from lecture_lib.experiments import RECORDINGS
from lecture_lib.storage import load_arrays


@pytest.fixture(scope="module")
def trained():
    return early_layers()


def test_a_unit_sees_as_many_pixels_as_far_apart_as_a_filter_of_alexnets_first_layer():
    rows = {row.name: row for row in models.efficientnet_lite0().rows((3, 224, 224))}
    for field in rows["block1.depthwise"].fields:
        assert (field.size, field.jump, field.start) == (SIDE, STRIDE, START)
    first = next(row for row in models.alexnet().rows((3, 227, 227)) if row.name == "conv1").layer
    assert (first.kernel_size, first.stride, first.filters) == ((SIDE, SIDE), (STRIDE, STRIDE), UNITS)


def test_the_early_layers_are_those_of_the_network(trained):
    net, x = models.trained_photo_net()[0], photo_as_input(load_photo("chelsea"))
    wanted = next(out for name, _, out in net.outputs(x) if name == "block1.depthwise")
    assert np.array_equal(trained.forward(x), wanted)


def test_on_a_window_of_its_own_a_unit_answers_as_in_the_photo(trained):
    x = photo_as_input(load_photo("coffee"))
    maps, places = trained.forward(x)[0], [(1, 1), (20, 33), (53, 40)]
    cut = [x[0, :, 4 * i - 2 : 4 * i + 9, 4 * j - 2 : 4 * j + 9] for i, j in places]
    found = on_windows(trained).forward(np.stack(cut))[:, :, 0, 0]
    assert np.allclose(found, [maps[:, i, j] for i, j in places], atol=1e-4)


def test_the_mean_gradient_is_the_slope_of_the_units_mean_answer(trained):
    """Central differences in random directions, in float64; a few windows, so that no ReLU bends within a step."""
    x, rng, units = windows("rocket", 5).astype(float), np.random.default_rng(1), (1, 14, 44)
    found, net = mean_gradients(trained, x, units), on_windows(trained)
    assert found.weight.shape == (3, 3, SIDE, SIDE)
    for _ in range(4):
        way = rng.normal(size=x.shape[1:])
        up, down = (net.forward(x + step * way)[:, units, 0, 0].mean(axis=0) for step in (1e-6, -1e-6))
        assert np.allclose((found.weight * way).sum(axis=(1, 2, 3)), (up - down) / 2e-6, rtol=1e-4, atol=1e-4)


def test_with_its_bias_the_picture_answers_on_average_as_the_unit(trained):
    x = windows("astronaut", 40)
    found = mean_gradients(trained, x, (3, 20))
    plain = np.einsum("ncij,kcij->nk", x, found.weight) + found.bias
    assert np.allclose(plain.mean(axis=0), on_windows(trained).forward(x)[:, (3, 20), 0, 0].mean(axis=0), atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shipped_is_what_comes_out_anew(kind):
    units = list(range(0, UNITS, 12))
    found = mean_gradients(early_layers(KINDS[kind]), np.concatenate([windows(photo) for photo in SEEN]), units)
    for mine, shipped in zip(found, mean_pictures()[kind], strict=True):
        assert np.abs(mine - shipped[units]).max() < 0.005 * np.abs(mine).max()


def test_the_file_says_what_made_it():
    notes = load_arrays(RECORDINGS / f"{MEAN_GRADIENTS.name}.npz", MEAN_GRADIENTS.shapes)[1]
    assert {name: notes[name] for name in ("command", "photos", "windows of each")} == {
        "command": "make recordings ONLY=convolution_mean_gradients",
        "photos": ", ".join(SEEN),
        "windows of each": str(COUNT),
    }


def test_trained_pictures_have_their_power_near_one_frequency_and_random_ones_have_not():
    trained, untrained = (concentration(each.weight) for each in mean_pictures().values())
    assert np.nanmedian(trained) > 0.65 > 0.5 > np.nanmax(untrained)
