"""Probes_deconvnet: occlusion."""

import numpy as np
import pytest

from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import Flatten, Linear
from lecture_lib.models import Sequential, lenet5, mlp, small_cnn, trained_lenet5
from lecture_lib.ops import softmax
from lecture_lib.probes import (
    calibration,
    class_readout,
    occlusion,
    responses,
)
from lecture_lib.probes.occlusions import covered
from lecture_lib.shapes import ShapeError
from tests.probes_deconvnet_cases import X, rng


@pytest.fixture(scope="module")
def lenet():
    return trained_lenet5()[0], load_digits("test")[0][:60]


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


# Calibration


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
