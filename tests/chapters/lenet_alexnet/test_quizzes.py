"""Notebook 06: the key of every quiz against what is computed or counted here."""

import numpy as np
import pytest
from scipy.special import softmax as scipy_softmax

from lecture_lib.chapters import lenet_alexnet as chapter
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.models import alexnet, lenet5, trained_lenet5
from lecture_lib.ops import dropout
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
    assert f"{by_hand[most]:,} of all {sum(by_hand.values()):,}" in feedback(quiz, most)
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


def test_a_grey_square_changes_the_answer_where_it_hides_no_ink_and_a_black_one_does_not():
    images, labels = load_digits("test")
    thin, net = digits_as_input(images[2:3])[0], trained_lenet5()[0]
    assert labels[2] == 1 and net.forward(thin[None]).argmax() == 1
    ink = np.pad(images[2] > 0, 3)
    empty = np.array([[not ink[i : i + 7, j : j + 7].any() for j in range(0, 28, 2)] for i in range(0, 28, 2)])
    grey, black = (chapter.occlusion(net, thin, 1, 7, 2, value).top != 1 for value in (0.54, -0.1))
    assert grey[empty].sum() >= 5 and not black[empty].any()
    quiz = chapter.GREY_SQUARE
    assert answer_to(quiz) == "The picture with the square is another digit to it"
    assert "32×32 pixels" in feedback(quiz, "The net looks")  # 5 + 1 + 2·4 + 2 + 4·4 + 0: see the table of N1


def test_dropout_of_2012_and_of_today_give_the_next_layer_the_same_in_the_mean(rng):
    kept = rng.random(100_000) < 0.5
    assert (4.0 * kept).mean() == pytest.approx(4.0 * 0.5, rel=0.02)  # 2012: halved afterwards
    assert dropout(np.full(100_000, 4.0), 0.5, rng)[0].mean() == pytest.approx(
        4.0, rel=0.02
    )  # today: nothing afterwards
    assert answer_to(chapter.DROPOUT) == "2: the answer times 0.5"


def test_a_net_that_is_right_less_often_than_it_says_is_too_sure():
    chances = np.tile([0.9, 0.1], (200, 1))
    found = chapter.calibration(chances, (np.arange(200) >= 120).astype(int))  # class 0 in the first 120
    assert found.accuracy[9] == pytest.approx(0.6) and found.confidence[9] == pytest.approx(0.9)
    assert answer_to(chapter.SURE_AND_RIGHT) == "Too sure of its answers"
    assert "120/200 = 60 %" in feedback(chapter.SURE_AND_RIGHT, "Too sure")
    assert "180 of 200" in feedback(chapter.SURE_AND_RIGHT, "Calibrated")
