"""Notebook 06: the key of every quiz against what is computed or counted here."""

import numpy as np
import pytest
from scipy.special import softmax as scipy_softmax

from lecture_lib.chapters import lenet_alexnet as chapter
from lecture_lib.models import alexnet, lenet5, trained_lenet5
from tests.chapters.found import answer_to, feedback


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def held_by(net):
    """Layer → numbers that it learns, counted in its arrays; those of the largest layers are not made for this."""
    return {
        name: sum(each.size for each in layer.parameters().values())
        for name, layer in net.layers.items()
        if layer.parameters()
    }


def test_the_most_parameters():
    by_hand = {"C1": 6 * 26, "C3": 16 * 151, "F5": 120 * 401, "F6": 84 * 121, "output": 10 * 85}
    assert held_by(lenet5()) == by_hand
    most = max(by_hand, key=by_hand.get)
    quiz = chapter.MOST_PARAMETERS
    assert answer_to(quiz).startswith(f"{most},")
    assert f"{by_hand[most]:,} of the network's {sum(by_hand.values()):,}" in feedback(quiz, most)
    work = {"C1": 28 * 28 * 6 * 25, "C3": 10 * 10 * 16 * 150, "F5": 120 * 400, "F6": 84 * 120, "output": 840}
    assert max(work, key=work.get) == "C3"
    assert f"{work['C3']:,} multiply-adds" in feedback(quiz, "C3")


def test_which_alexnet():
    def total(convolutions, inputs):
        count = sum(k * (f * f * seen + 1) for k, f, seen in convolutions)
        for units in (4096, 4096, 1000):
            count += units * (inputs + 1)
            inputs = units
        return count

    one = total([(96, 11, 3), (256, 5, 96), (384, 3, 256), (384, 3, 384), (256, 3, 384)], 6 * 6 * 256)
    two = total([(96, 11, 3), (256, 5, 48), (384, 3, 256), (384, 3, 192), (256, 3, 192)], 6 * 6 * 256)
    small = total([(64, 11, 3), (192, 5, 64), (384, 3, 192), (256, 3, 384), (256, 3, 256)], 6 * 6 * 256)
    for name, count in (("one_tower", one), ("two_towers", two), ("torchvision", small)):
        assert sum(held_by(alexnet(name)).values()) == count
    quiz = chapter.WHICH_ALEXNET
    assert f"has {one:,} parameters" in quiz.question
    assert answer_to(quiz) == "The network of 2012, drawn as one tower"
    assert f"{one - two:,} parameters more" in feedback(quiz, answer_to(quiz))
    assert f"{two:,}" in feedback(quiz, "The network of 2012, cut")
    assert f"{small:,}" in feedback(quiz, "The one of torchvision")
    assert round(two / 1e6, -1) == 60
    assert f"{two:,}" in feedback(quiz, "None")


def test_what_is_not_a_digit(rng):
    logits = trained_lenet5()[0].forward(rng.random((5, 1, 28, 28)).astype(np.float32))
    assert np.allclose(scipy_softmax(logits, axis=1).sum(axis=1), 1)
    quiz = chapter.NOT_A_DIGIT
    assert answer_to(quiz) == "1, as for every picture"
    even = scipy_softmax(np.zeros(10))
    assert f"each of the ten is {even[0]:g}" in feedback(quiz, "A small number")
