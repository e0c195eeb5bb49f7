"""Wirings against counts worked out by hand, real layers and the convolution itself."""

import json

import numpy as np
import pytest

from lecture_lib import layers
from lecture_lib.chapters.motivation import wiring
from lecture_lib.chapters.motivation.exercises import share_weights
from lecture_lib.filters import correlate
from lecture_lib.shapes import ShapeError


def test_the_lectures_first_layer_has_120_million_weights():
    cost = wiring.first_layer(200, 3, 1000, 5)
    assert cost.dense == 120_000_000
    assert cost.shared == 75_000  # 5·5·3·1000
    assert cost.values == 38_416_000  # 196·196·1000
    assert cost.local == 2_881_200_000  # 196·196 places of 75,000 weights
    assert cost.dense_maps == 120_000 * 38_416_000


@pytest.mark.parametrize(("side", "channels", "detectors", "kernel_size"), [(7, 1, 1, 3), (9, 3, 4, 1), (6, 2, 5, 6)])
def test_a_first_layers_counts_are_those_of_real_layers(side, channels, detectors, kernel_size):
    cost = wiring.first_layer(side, channels, detectors, kernel_size)
    conv = layers.Conv2d(channels, detectors, kernel_size)
    values = int(np.prod(conv.output_shape((channels, side, side))))
    places = values // detectors
    window = kernel_size**2 * channels
    assert layers.Linear(side * side * channels, detectors).weight.size == cost.dense
    assert layers.Linear(side * side * channels, values).weight.size == cost.dense_maps
    assert layers.Conv2d(places * window, values, 1, groups=places).weight.size == cost.local
    assert (conv.weight.size, values) == (cost.shared, cost.values)
    assert conv.multiply_adds((channels, side, side)) == cost.multiply_adds


def apply(wired, row, weights):
    """The layer's units: each line multiplies a pixel by its weight."""
    units = np.zeros(wired.units)
    for number, (pixel, unit, weight) in enumerate(wired.lines):
        units[unit] += row[pixel] * weights[number if weight is None else weight]
    return units


@pytest.mark.parametrize(("inputs", "kernel_size", "maps"), [(10, 3, 1), (10, 4, 2), (5, 5, 3), (4, 1, 1)])
def test_the_shared_wiring_is_the_convolution(inputs, kernel_size, maps):
    rng = np.random.default_rng(0)
    row, weights = rng.normal(size=inputs), rng.normal(size=(maps, kernel_size))
    wired = wiring.shared(inputs, kernel_size, maps)
    assert wired.weights == weights.size
    expected = np.concatenate([correlate(row[None], each[None])[0] for each in weights])
    assert np.allclose(apply(wired, row, weights.ravel()), expected)


def test_a_repaired_layer_is_the_convolution_and_of_all_filters_its_own_is_nearest_to_the_layer():
    rng = np.random.default_rng(0)
    weight, row = rng.normal(size=(6, 8)), rng.normal(size=8)
    repaired = share_weights(weight, 3)
    assert np.allclose(repaired @ row, correlate(row[None], repaired[:1, :3])[0])
    eyes = np.stack([np.eye(6, 8, k).ravel() for k in range(3)], axis=1)
    assert np.allclose(np.linalg.lstsq(eyes, weight.ravel())[0], repaired[0, :3])


def test_the_local_wiring_has_the_lines_of_the_shared_one_and_a_weight_for_each():
    local, shared = wiring.local(10, 3, 2), wiring.shared(10, 3, 2)
    assert [line[:2] for line in local.lines] == [line[:2] for line in shared.lines]
    assert {weight for *_, weight in local.lines} == {None}
    assert (local.units, local.weights) == (shared.units, len(shared.lines)) == (16, 48)


def test_the_dense_wiring_is_the_matrix_product():
    rng = np.random.default_rng(1)
    row, matrix = rng.normal(size=6), rng.normal(size=(4, 6))
    wired = wiring.dense(6, 4)
    assert wired.weights == matrix.size
    assert np.allclose(apply(wired, row, matrix.ravel()), matrix @ row)


@pytest.mark.parametrize(("inputs", "size", "units"), [(8, 2, 4), (9, 2, 4), (9, 3, 3), (3, 3, 1)])
def test_pooling_takes_each_pixel_once_and_no_weights(inputs, size, units):
    wired = wiring.pooled(inputs, size)
    assert (wired.units, wired.weights) == (units, 0)
    assert [pixel for pixel, *_ in wired.lines] == list(range(units * size))
    assert [unit for _, unit, _ in wired.lines] == [pixel // size for pixel in range(units * size)]


@pytest.mark.parametrize("make", [wiring.local, wiring.shared, wiring.pooled])
def test_a_window_wider_than_the_row_is_refused(make):
    with pytest.raises(ShapeError, match="kernel_size=4"):
        make(3, 4)
    with pytest.raises(TypeError, match="kernel_size=1.5"):
        make(3, 1.5)


def test_what_the_browser_gets_is_lists_of_numbers():
    assert wiring.shared(3, 2).describe() == {
        "inputs": 3,
        "units": 2,
        "lines": [[0, 0, 0], [1, 0, 1], [1, 1, 0], [2, 1, 1]],
    }


def test_small_numpy_integers_count_as_far_as_others():
    assert wiring.first_layer(np.int8(100), np.int8(3), np.int16(1000), np.int8(15)) == wiring.first_layer(
        100, 3, 1000, 15
    )
    assert wiring.shared(np.int8(100), np.int8(50), np.int8(5)) == wiring.shared(100, 50, 5)
    assert wiring.pooled(np.uint8(255), np.uint8(2)) == wiring.pooled(255, 2)


@pytest.mark.parametrize("make", [wiring.dense, wiring.local, wiring.shared, wiring.pooled])
def test_what_the_browser_gets_is_json_whatever_the_integers(make):
    assert json.loads(json.dumps(make(np.int64(6), np.int64(2)).describe())) == make(6, 2).describe()
