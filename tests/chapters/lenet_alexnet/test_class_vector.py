"""The class vector: its bars and numbers by hand and by the library."""

import numpy as np
import pytest

from lecture_lib import data, models
from lecture_lib.chapters.lenet_alexnet.class_vector import TEMPERATURES, class_vector, tempered_loss
from lecture_lib.shapes import ShapeError
from lecture_lib.training import predict

EXAMPLES = {"class_vector": lambda: class_vector(np.eye(10), *(each[:10] for each in data.load_digits("test")))}


@pytest.fixture(scope="module")
def net():
    return models.trained_lenet5()[0]


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return images[:200], labels[:200]


def test_bars_are_scores_exponentials_and_probabilities(net, digits):
    images, labels = (each[:4] for each in digits)
    logits = predict(net, images, prepare=data.digits_as_input)
    explorer = class_vector(logits, images, labels)
    assert np.allclose(explorer.array("logits"), logits)
    for level, temperature in enumerate(TEMPERATURES):
        scores = logits.astype(float)
        powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
        assert np.allclose(explorer.array("powers")[:, level], powers, atol=1e-6)
        chances = powers / powers.sum(axis=1, keepdims=True)
        assert np.allclose(explorer.array("chances")[:, level], chances, atol=1e-6)
        numbers = explorer.array("numbers")[:, level]
        right = chances[np.arange(4), labels]
        assert np.allclose(numbers[:, 1], 100 * right, atol=1e-3) and np.allclose(
            numbers[:, 2], -np.log(right), atol=1e-5
        )
        assert (numbers[:, 3] == chances.argmax(axis=1)).all()
    one = TEMPERATURES.index(1)
    assert explorer.state["temperature"] == one and "as the net was trained" in explorer.sentence[0]["text"][one]


def test_the_loss_at_a_temperature_by_hand():
    assert tempered_loss(np.array([2.0, 1.0]), 1, 1) == pytest.approx(np.log(1 + np.e))  # ln(e² + e) − 1
    assert tempered_loss(np.array([0.0, 1e5]), 0, 0.1) == pytest.approx(1e6)  # finite


@pytest.mark.parametrize(
    ("setting", "error"),
    [({"labels": [1, 2]}, ValueError), ({"labels": [10]}, ValueError), ({"temperatures": (2, 3)}, ValueError),
     ({"temperatures": (0, 1)}, ValueError), ({"logits": np.zeros(10)}, ShapeError)],
)  # fmt: skip
def test_class_vector_names_a_bad_setting(digits, setting, error):
    given = {"logits": np.zeros((1, 10)), "images": digits[0][:1], "labels": digits[1][:1]} | setting
    with pytest.raises(error, match="must"):
        class_vector(**given)
