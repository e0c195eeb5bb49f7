"""A covered digit: what the explorer holds, against the library."""

import numpy as np
import pytest

from lecture_lib import data, models
from lecture_lib.chapters.lenet_alexnet.covered_digit import SIZES, STRIDE, covered_digit
from lecture_lib.chapters.lenet_alexnet.occlusions import occlusion
from lecture_lib.shapes import ShapeError

EXAMPLES = {
    "covered_digit": lambda: covered_digit(
        models.small_cnn().init(0), *(each[:2] for each in data.load_digits("test")), sizes=(3, 7)
    )
}


@pytest.fixture(scope="module")
def net():
    return models.trained_lenet5()[0]


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return images[:200], labels[:200]


def test_every_place_of_the_square_is_computed_before(net, digits):
    images, labels = (each[:3] for each in digits)
    explorer = covered_digit(net, images, labels, grey=200)
    classes, right = explorer.array("classes"), explorer.array("right")
    assert classes.shape == (3, len(SIZES), 14, 14, 10)
    value = float(data.digits_as_input(np.full((1, 1, 1), 200, np.uint8), side=1).item())
    for d, s in ((0, 0), (2, 4)):
        x = data.digits_as_input(images[[d]])[0]
        expected = occlusion(net, x, int(labels[d]), SIZES[s], STRIDE, value)
        assert np.allclose(classes[d, s], expected.probabilities, atol=1e-5)
        assert np.allclose(right[d, s], expected.right, atol=1e-5)
    assert (explorer.declared["row"].of, explorer.declared["col"].of) == (14, 14)
    changed = (classes[2, 4].argmax(axis=-1) != labels[2]).sum()
    assert f"changes the answer at {changed} of its 196 places" in explorer.sentence[-2]["text"][2][4]


@pytest.mark.parametrize(
    ("setting", "error"),
    [({"grey": 256}, ValueError), ({"sizes": (29,)}, ShapeError), ({"labels": [1, 2, 10]}, ValueError),
     ({"images": np.zeros((3, 28, 28))}, ShapeError)],
)  # fmt: skip
def test_covered_digit_names_a_bad_setting(net, digits, setting, error):
    given = {"images": digits[0][:3], "labels": digits[1][:3]} | setting
    with pytest.raises(error, match="must be"):
        covered_digit(net, **given)
