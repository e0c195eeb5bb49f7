"""The key of every quiz against what is computed or counted here: by hand, with SciPy, by trying it out."""

import html
import re
from collections import Counter
from string import ascii_uppercase

import numpy as np
import pytest
from scipy.ndimage import convolve as ring_convolve
from scipy.ndimage import correlate as ring_correlate
from scipy.signal import convolve2d, correlate2d
from scipy.special import expit
from scipy.special import softmax as scipy_softmax

from lecture_lib import exercises
from lecture_lib.activations import ACTIVATIONS
from lecture_lib.exercises import QUIZZES, Quiz, quizzes
from lecture_lib.filters import KERNELS
from lecture_lib.layers import Conv2d, Linear
from lecture_lib.models import alexnet, lenet5, trained_lenet5
from lecture_lib.ops import conv2d

ALL = {f"{notebook} {section}": quiz for notebook, each in QUIZZES.items() for section, quiz in each.items()}
every_quiz = pytest.mark.parametrize("quiz", ALL.values(), ids=ALL)


def answer_to(quiz):
    """Text of the right option."""
    [right] = [option.text for option in quiz.options if option.right]
    return right


def feedback(quiz, text):
    """What is said to the option that begins with a text."""
    [found] = [option.feedback for option in quiz.options if option.text.startswith(text)]
    return found


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# All of them


def test_each_notebook_has_three_to_six_quizzes_and_each_has_a_public_name():
    assert list(QUIZZES) == ["01", "02", "03", "04", "05", "06"]
    assert all(3 <= len(each) <= 6 for each in QUIZZES.values())
    named = {name: value for name, value in vars(exercises).items() if isinstance(value, Quiz)}
    assert sorted(map(id, named.values())) == sorted(map(id, ALL.values()))
    assert all(re.fullmatch("[A-Z_]+", name) and name in exercises.__all__ for name in named)


def test_each_section_is_of_its_notebook():
    letters = {"01": "M", "02": "C", "03": "A", "04": "P", "05": "E", "06": "N"}
    assert all(section[0] == letters[notebook] for notebook, each in QUIZZES.items() for section in each)


@every_quiz
def test_there_are_four_or_five_options_of_which_one_is_right(quiz):
    assert 4 <= len(quiz.options) <= 5
    assert sum(option.right for option in quiz.options) == 1


@every_quiz
def test_each_option_has_words_and_feedback_of_its_own(quiz):
    for part in ("text", "feedback"):
        assert len({getattr(option, part) for option in quiz.options}) == len(quiz.options)
    assert all(len(option.feedback.split()) >= 6 for option in quiz.options)


@every_quiz
def test_everything_is_a_sentence_and_nothing_is_markup(quiz):
    assert quiz.question[-1] in "?."
    assert all(option.feedback[-1] in ".?)" and not option.text.endswith(".") for option in quiz.options)
    for words in (quiz.question, *(each for option in quiz.options for each in (option.text, option.feedback))):
        assert html.escape(words, quote=False) == words  # the question is shown as HTML
        assert "$" not in words  # and drawn as a picture, where it would begin a formula


def test_no_letter_is_a_good_guess():
    letters = Counter(ascii_uppercase[[option.right for option in quiz.options].index(True)] for quiz in ALL.values())
    assert set(letters) == set("ABCDE")
    assert max(letters.values()) <= len(ALL) / 3
    for each in QUIZZES.values():
        assert len({[option.right for option in quiz.options].index(True) for quiz in each.values()}) >= 2


def test_the_longest_option_is_not_usually_the_right_one():
    longest = sum(max(quiz.options, key=lambda option: len(option.text)).right for quiz in ALL.values())
    assert longest <= len(ALL) / 2


# Notebook 01


def test_a_larger_photo():
    dense = [Linear(side * side * 3, 1000).parameters()["weight"].size for side in (200, 400)]
    conv = [Conv2d(3, 1000, 5).parameters()["weight"].size for _ in (200, 400)]
    assert (dense[1] / dense[0], conv[1] / conv[0]) == (4, 1)
    quiz = exercises.LARGER_PHOTO
    assert answer_to(quiz) == "Fully connected: 4 times as many. Convolution: as many as before"
    for count in (*dense, conv[0]):
        assert f"{count:,}" in feedback(quiz, answer_to(quiz))
    work = [Conv2d(3, 1000, 5).multiply_adds((3, side, side)) for side in (200, 400)]
    assert f"about {work[1] / work[0]:.1f} times" in feedback(
        quiz, "Fully connected: 4 times as many. Convolution: twice"
    )


def test_a_moved_object(rng):
    """Maps move along, a layer over all places answers otherwise, and the maximum of each map does not notice."""
    picture = np.zeros((24, 24))
    picture[5:9, 4:9] = rng.random((4, 5))
    filters, dense = rng.normal(size=(3, 3, 3)), rng.normal(size=(10, 3 * 24 * 24))
    before, after = (
        np.stack([correlate2d(np.roll(picture, by, axis=1), each, "same") for each in filters]).clip(0) for by in (0, 8)
    )
    assert np.allclose(np.roll(before, 8, axis=2), after)  # so A and C are wrong, and the digit stays whole: E
    assert np.allclose(before.max(axis=(1, 2)), after.max(axis=(1, 2)))
    assert not np.allclose(dense @ before.ravel(), dense @ after.ravel(), rtol=0.1)
    assert answer_to(exercises.MOVED_OBJECT) == "Its last layer has a weight of its own for each place of the maps"


def test_local_or_shared():
    lines = [(top, left, a, b) for top in range(24) for left in range(24) for a in range(5) for b in range(5)]
    assert max(top + a for top, _, a, _ in lines) == 27
    local, shared = len(set(lines)), len({(a, b) for _, _, a, b in lines})
    quiz = exercises.LOCAL_OR_SHARED
    assert answer_to(quiz) == f"{local:,} and {shared}" == "14,400 and 25"
    assert {option.text for option in quiz.options} >= {"14,400 and 576", "451,584 and 25"}  # units; 784·576 if dense


# Notebook 02


def test_a_turned_kernel(rng):
    photo, kernel = rng.integers(0, 256, (20, 30)).astype(float), KERNELS["sobel_x"].weights
    scipy, layer = convolve2d(photo, kernel, "valid"), conv2d(photo[None, None], kernel[None, None])[0, 0]
    assert np.array_equal(scipy, -layer)
    assert not np.array_equal(scipy, layer)
    assert not np.allclose(scipy, layer[::-1, ::-1])
    assert not np.allclose(scipy, correlate2d(photo, KERNELS["sobel_y"].weights, "valid"))
    assert answer_to(exercises.TURNED_KERNEL) == "They have opposite signs"
    blur = KERNELS["box_blur"].weights
    assert np.allclose(convolve2d(photo, blur, "valid"), correlate2d(photo, blur, "valid"))


def test_one_by_one(rng):
    x, weight = rng.normal(size=(64, 28, 28)), rng.normal(size=(16, 64, 1, 1))
    y = conv2d(x[None], weight)[0]
    assert y.shape == (16, 28, 28)
    assert np.allclose(y, np.einsum("kc,cij->kij", weight[:, :, 0, 0], x))
    other = x.copy()
    other[:, 3, 7] += 1
    changed = (conv2d(other[None], weight)[0] != y).any(axis=0)
    assert np.argwhere(changed).tolist() == [[3, 7]]  # every pixel by itself
    quiz = exercises.ONE_BY_ONE
    assert answer_to(quiz) == "It mixes the channels of each pixel, and makes 16 of 64"
    assert f"{weight.size:,} weights" in feedback(quiz, answer_to(quiz))
    assert f"{x.size * y.size:,} weights" in feedback(quiz, "It connects every pixel")


def test_a_size_with_a_rest():
    starts = [start for start in range(0, 10, 2) if start + 3 <= 10]
    quiz = exercises.SIZE_WITH_A_REST
    assert answer_to(quiz) == f"{len(starts)}×{len(starts)}"
    assert [option.text for option in quiz.options] == ["8×8", "5×5", "4.5×4.5", "4×4", "3×3"]
    assert starts == [0, 2, 4, 6]
    assert "at pixels 0, 2, 4 and 6. 1 row and 1 column at the end" in feedback(quiz, "4×4")  # row 9


def test_a_parameter_count():
    layer = Conv2d(6, 16, 5).init(np.random.default_rng(0))
    held = sum(np.asarray(each.value).size for each in layer.parameters().values())
    quiz = exercises.PARAMETER_COUNT
    assert answer_to(quiz) == f"{held:,}" == "2,416"
    # a bias for each channel; one in all; none; flat filters
    others = [16 * 6 * (25 + 1), 16 * 6 * 25 + 1, 16 * 6 * 25, 16 * (25 + 1)]
    assert [option.text for option in quiz.options if not option.right] == [f"{each:,}" for each in others]


def test_what_a_unit_sees(rng):
    x, kernels = rng.normal(size=(1, 1, 15, 15)), rng.normal(size=(2, 1, 1, 3, 3))

    def middle(image):
        return conv2d(conv2d(image, kernels[0], stride=2), kernels[1])[0, 0, 2, 2]

    seen = np.zeros((15, 15), bool)
    for place in np.ndindex(seen.shape):
        changed = x.copy()
        changed[0, 0][place] += 1
        seen[place] = middle(changed) != middle(x)
    rows, cols = seen.any(axis=1).sum(), seen.any(axis=0).sum()
    assert answer_to(exercises.WHAT_A_UNIT_SEES) == f"{rows}×{cols} pixels" == "7×7 pixels"


# Notebook 03


def test_no_activation(rng):
    image, (first, second) = rng.normal(size=(12, 12)), rng.normal(size=(2, 3, 3))
    both = correlate2d(correlate2d(image, first, "valid"), second, "valid")
    together = convolve2d(first, second)  # in full
    assert np.allclose(both, correlate2d(image, together, "valid"))
    assert np.abs(together).min() > 1e-6  # so a smaller kernel does not do
    assert answer_to(exercises.NO_ACTIVATION) == f"A {together.shape[0]}×{together.shape[1]} layer" == "A 5×5 layer"
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
    quiz = exercises.DEAD_UNIT
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
    assert able == {option.text: option.right for option in exercises.LAST_ACTIVATION.options}
    assert "It would say 0" in feedback(exercises.LAST_ACTIVATION, "ReLU")
    assert "always says 1" in feedback(exercises.LAST_ACTIVATION, "Softmax")


# Notebook 04


def test_a_pooled_volume(rng):
    volume = rng.normal(size=(64, 56, 56))
    out = volume.reshape(64, 28, 2, 28, 2).max(axis=(2, 4))
    depth, rows, cols = out.shape
    assert answer_to(exercises.POOLED_VOLUME) == f"{rows}×{cols}×{depth}, no parameters"


def test_a_bright_pixel():
    bright = np.zeros((8, 8))
    bright[3, 5] = 100
    largest = max(bright[i : i + 2, j : j + 2].max() for i in range(0, 8, 2) for j in range(0, 8, 2))
    mean = max(bright[i : i + 2, j : j + 2].mean() for i in range(0, 8, 2) for j in range(0, 8, 2))
    strided = max(bright[i, j] for i in (0, 2, 4, 6) for j in (0, 2, 4, 6))
    assert (largest, mean, strided) == (100, 25, 0)
    assert answer_to(exercises.BRIGHT_PIXEL) == "Max pooling: 100. Stride: nothing"
    assert "25 is what average pooling" in feedback(exercises.BRIGHT_PIXEL, "25 in both")


def test_a_pooled_gradient():
    window, gradient, h = np.array([[1.0, 5.0], [3.0, 2.0]]), 4, 1e-4
    found = np.zeros((2, 2))
    for place in np.ndindex(2, 2):
        step = np.zeros((2, 2))
        step[place] = h
        found[place] = gradient * ((window + step).max() - (window - step).max()) / (2 * h)
    quiz = exercises.POOLED_GRADIENT
    assert "holds [[1, 5], [3, 2]]" in quiz.question
    assert "output is 4." in quiz.question
    assert answer_to(quiz) == str(np.rint(found).astype(int).tolist())


# Notebook 05


def test_the_smallest_shift_that_the_maps_follow(rng):
    picture, kernel = rng.normal(size=(16, 16)), rng.normal(size=(3, 3))

    def maps(x):
        small = ring_correlate(x, kernel, mode="wrap")[::2, ::2]
        return small.reshape(4, 2, 4, 2).max(axis=(1, 3))

    followed = [
        by
        for by in range(1, 16)
        if any(np.allclose(maps(np.roll(picture, by, 1)), np.roll(maps(picture), k, 1)) for k in range(4))
    ]
    assert followed == [4, 8, 12]
    assert answer_to(exercises.SHIFT_AND_STRIDE) == f"{followed[0]} pixels"


def test_what_moves_along(rng):
    """Invariant: the same after a shift. Equivariant: pictures that look alike to it look alike after a shift."""
    picture, kernel = rng.integers(0, 9, (28, 28)).astype(float), rng.normal(size=(3, 3))
    dense = rng.normal(size=(10, 784))

    def move(x):
        return np.roll(x, 5, axis=1)

    def rectified(x):
        return ring_convolve(x, kernel, mode="wrap").clip(0)

    representations = {
        "How many pixels have each grey": lambda x: np.bincount(x.astype(int).ravel(), minlength=9),
        "A convolution, then the maximum of each map": lambda x: rectified(x).max(),
        "A fully connected layer with random weights, from 784 pixels to 10 numbers": lambda x: dense @ x.ravel(),
        "A convolution, then ReLU": rectified,
        "The pixel in the upper left corner": lambda x: x[0, 0],
    }
    invariant = {name: np.allclose(phi(move(picture)), phi(picture)) for name, phi in representations.items()}
    assert list(invariant.values()) == [True, True, False, False, False]

    unseen = np.linalg.svd(dense)[2][-1].reshape(28, 28)  # nothing to the dense layer
    corner = np.zeros((28, 28))
    corner[0, -5] = 1  # nothing to the pixel in the corner, until it moves there
    for name, twin in (
        ("A fully connected layer with random weights, from 784 pixels to 10 numbers", picture + 10 * unseen),
        ("The pixel in the upper left corner", picture + corner),
    ):
        phi = representations[name]
        assert np.allclose(phi(twin), phi(picture))
        assert not np.allclose(phi(move(twin)), phi(move(picture)))  # so there is no M_g
    assert np.allclose(rectified(move(picture)), move(rectified(picture)))
    assert answer_to(exercises.MOVES_ALONG) == "A convolution, then ReLU"


def test_a_quarter_turn(rng):
    photo = rng.normal(size=(9, 9))
    same = []
    for name in ("sobel_x", "emboss", "laplacian_4", "shift_left"):
        kernel = KERNELS[name].weights
        turned_first, turned_last = correlate2d(np.rot90(photo), kernel), np.rot90(correlate2d(photo, kernel))
        same.append(np.allclose(turned_first, turned_last))
    assert same == [option.right for option in exercises.QUARTER_TURN.options[:4]]
    assert answer_to(exercises.QUARTER_TURN).startswith("Laplacian")


# Notebook 06


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
    quiz = exercises.MOST_PARAMETERS
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
    quiz = exercises.WHICH_ALEXNET
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
    quiz = exercises.NOT_A_DIGIT
    assert answer_to(quiz) == "1, as for every picture"
    even = scipy_softmax(np.zeros(10))
    assert f"each of the ten is {even[0]:g}" in feedback(quiz, "A small number")


def test_quizzes_cost_next_to_nothing_to_make():
    """They are made when the module is imported, and nothing is read from a file for them."""
    assert not {"load_digits", "load_photo", "trained_lenet5"} & set(vars(quizzes))
