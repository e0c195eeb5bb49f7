"""Read-out and calibration: by hand, and against what they must equal."""

import itertools

import numpy as np
import pytest

from lecture_lib.chapters.lenet_alexnet.classes import READOUTS, calibration, class_readout
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import Flatten, Linear
from lecture_lib.models import Sequential, lenet5, small_cnn, trained_lenet5
from lecture_lib.ops import softmax
from lecture_lib.probes import (
    responses,
)
from lecture_lib.shapes import ShapeError
from tests.projections_cases import rng


@pytest.fixture(scope="module")
def lenet():
    return trained_lenet5()[0], load_digits("test")[0][:60]


def test_the_readout_is_the_nearest_mean_one_sample_at_a_time():
    net = small_cnn(side=9, in_channels=2).init(0)
    images, labels = rng.normal(size=(40, 2, 9, 9)).astype(np.float32), np.arange(40) % 3
    images += labels[:, None, None, None] * 0.05
    known, asked = (images[:25], labels[:25]), (images[25:], labels[25:])
    reads = class_readout(net, known, asked)
    layers = {"input": images} | responses(net, images)
    assert list(reads) == list(layers)
    for name, out in layers.items():
        flat = out.reshape(40, -1).astype(float)
        means = [flat[:25][labels[:25] == each].mean(axis=0) for each in range(3)]
        said = [np.argmin([np.linalg.norm(each - mean) for mean in means]) for each in flat[25:]]
        assert reads[name] == pytest.approx(np.mean(said == labels[25:]))
    assert len(set(reads.values())) > 2


def test_the_readout_knows_gaps_among_the_classes():
    net = Sequential({"flatten": Flatten(), "fc": Linear(1, 2)}).init(0)
    known = np.array([[[[0.0]]], [[[10.0]]]])
    assert class_readout(net, (known, [2, 7]), (known + 1, [2, 7]))["input"] == 1
    with pytest.raises(ValueError, match="asked holds a class that known does not"):
        class_readout(net, (known, [2, 7]), (known, [2, 5]))


def test_the_trained_net_lays_out_the_class_and_the_untrained_one_does_not(lenet):
    digits, labels = (each[:600] for each in load_digits("test"))
    pair = (digits[:300], labels[:300]), (digits[300:], labels[300:])
    trained, random = (class_readout(net, *pair, prepare=digits_as_input) for net in (lenet[0], lenet5().init(0)))
    assert trained["input"] == random["input"]
    assert trained["input"] < trained["relu3"] < trained["relu5"]
    assert random["output"] < random["input"] - 0.1


@pytest.mark.slow
def test_of_ten_thousand_digits_each_layer_up_to_f5_reads_more_than_the_one_before(lenet):
    read = class_readout(lenet[0], load_digits("train"), load_digits("test"), prepare=digits_as_input)
    shares = [read[layer] for layer in ("input", "relu1", "S2", "relu3", "S4", "relu5")]
    for before, after in itertools.pairwise(shares):
        spread = np.sqrt((before * (1 - before) + after * (1 - after)) / 10_000)
        assert after - before > 2 * spread


def test_calibration_by_hand():
    probabilities = np.array([[0.55, 0.45], [0.4, 0.6], [0.95, 0.05], [0.9, 0.1], [1.0, 0.0]])
    found = calibration(probabilities, np.array([0, 0, 0, 1, 0]), bins=4)
    assert found.edges.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert found.count.tolist() == [0, 0, 2, 3]
    assert found.confidence[2:] == pytest.approx([0.575, 0.95]) and np.isnan(found.confidence[:2]).all()
    assert found.accuracy[2:] == pytest.approx([1 / 2, 2 / 3])
    assert found.error == pytest.approx((2 * 0.075 + 3 * (0.95 - 2 / 3)) / 5)


def test_answers_drawn_from_the_probabilities_are_calibrated():
    chances = rng.dirichlet(np.ones(4) * 0.5, size=20_000)
    labels = (chances.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1)
    assert calibration(chances, labels).error < 0.01
    assert calibration(softmax(np.log(chances), 0.3), labels).error > 0.1  # sharpened: too sure


@pytest.mark.parametrize(
    ("probabilities", "labels", "bins", "error"),
    [
        (np.ones(3), [0, 0, 0], 5, ShapeError),
        (np.ones((2, 2)) / 2, [0, 2], 5, ValueError),
        (np.ones((2, 2)) / 2, [0, 1], 0, ShapeError),
    ],
)
def test_calibration_asks_for_arrays_that_fit(probabilities, labels, bins, error):
    with pytest.raises(error):
        calibration(probabilities, labels, bins)


@pytest.mark.slow
def test_what_is_read_from_each_layer_comes_out_again_as_recorded():
    """On another machine sums are rounded otherwise: a few of 1,500 digits may be read as another one."""
    recorded = READOUTS.arrays()
    for name, read in READOUTS.make().items():
        np.testing.assert_allclose(read, recorded[name], atol=0.003)
