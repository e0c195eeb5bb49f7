"""Notebook 03: the key of every quiz against what is computed or counted here."""

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d
from scipy.special import expit
from scipy.special import softmax as scipy_softmax

from lecture_lib.activations import ACTIVATIONS
from lecture_lib.chapters import activations as chapter
from tests.chapters.found import answer_to, feedback


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_no_activation(rng):
    image, (first, second) = rng.normal(size=(12, 12)), rng.normal(size=(2, 3, 3))
    both = correlate2d(correlate2d(image, first, "valid"), second, "valid")
    together = convolve2d(first, second)  # in full
    assert np.allclose(both, correlate2d(image, together, "valid"))
    assert np.abs(together).min() > 1e-6  # so a smaller kernel does not do
    assert answer_to(chapter.NO_ACTIVATION) == f"A {together.shape[0]}×{together.shape[1]} layer" == "A 5×5 layer"
    rectified = correlate2d(correlate2d(image, first, "valid").clip(0), second, "valid")
    negative = correlate2d(correlate2d(-image, first, "valid").clip(0), second, "valid")
    assert not np.allclose(rectified, -negative)  # what is linear would


def test_a_dead_unit(rng):
    """Learning with each of the five offers: only the slope on the left wakes the unit."""
    inputs, targets = rng.random((8, 2)) + 0.5, np.ones(8)

    def awake(rate=0.05, steps=200, batch=8, slope=0.0):
        weights, bias = np.array([-1.0, -1.0]), -0.2
        for step in range(steps):
            rows = (np.arange(batch) + step * batch) % len(inputs)
            sums = inputs[rows] @ weights + bias
            error = np.where(sums > 0, sums, slope * sums) - targets[rows]
            delta = error * np.where(sums > 0, 1.0, slope) / batch
            weights, bias = weights - rate * delta @ inputs[rows], bias - rate * delta.sum()
        return (inputs @ weights + bias > 0).any()

    leaky = float(ACTIVATIONS["leaky_relu"].df(-1))
    woken = [
        awake(steps=2000, batch=1),
        awake(rate=1000),
        awake(rate=1e-4),
        awake(batch=8),
        awake(steps=20000, slope=leaky),
    ]
    quiz = chapter.DEAD_UNIT
    assert woken == [option.right for option in quiz.options]
    assert answer_to(quiz) == "Leaky ReLU in its place"
    assert "below 0 is 0.01" in feedback(quiz, "Leaky ReLU")


def test_the_last_activation():
    """Which of them can say −5 and 20?"""
    offers = {
        "None: the sum itself is the answer": lambda x: x,
        "ReLU": lambda x: np.maximum(x, 0),
        "Sigmoid": expit,
        "Softmax": lambda x: scipy_softmax(x[:, None], axis=1)[:, 0],
        "tanh": np.tanh,
    }
    sums = np.linspace(-100, 100, 20001)
    able = {name: all(np.isclose(f(sums), wanted).any() for wanted in (-5, 20)) for name, f in offers.items()}
    assert able == {option.text: option.right for option in chapter.LAST_ACTIVATION.options}
    assert "It would say 0" in feedback(chapter.LAST_ACTIVATION, "ReLU")
    assert "always says 1" in feedback(chapter.LAST_ACTIVATION, "Softmax")


def test_the_gain_that_keeps_a_gradient():
    """A deep chain of random layers with slope 1/2, and the size of what comes back with each of the offers."""
    quiz, kept = chapter.GAIN, {}
    for option in quiz.options:
        found = []
        for seed in range(20):
            rng, back = np.random.default_rng(seed), np.ones(100)
            for _ in range(10):
                back = 0.5 * (rng.normal(size=(100, 100)) * np.sqrt(float(option.text) / 100)) @ back
            found.append(np.mean(back**2))
        kept[option.text] = np.mean(found)
    assert [name for name, size in kept.items() if 0.5 < size < 2] == [answer_to(quiz)] == ["4"]


def test_what_tanh_mends():
    """The three problems, asked of both functions."""
    sigmoid, tanh = expit, np.tanh
    saturates, positive = ({f: bool(ask(f)) for f in (sigmoid, tanh)} for ask in (
        lambda f: abs(f(10.1) - f(10)) < 1e-4, lambda f: (f(np.linspace(-9, 9, 99)) > 0).all()))  # fmt: skip
    assert saturates == {sigmoid: True, tanh: True} and positive == {sigmoid: True, tanh: False}
    assert "e^{x}" in ACTIVATIONS["tanh"].formula
    assert answer_to(chapter.TANH_MENDS) == "That its outputs are all positive"


def test_the_weights_of_maxout():
    assert answer_to(chapter.MAXOUT_WEIGHTS) == f"{4 * 100 * (200 + 1):,}" == "80,400"
