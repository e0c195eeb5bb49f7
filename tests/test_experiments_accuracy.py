"""Experiments: accuracy."""

import numpy as np
import pytest

from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.experiments import (
    Run,
    accuracy_by,
    mean_and_spread,
    running_mean,
    runs,
)
from lecture_lib.models import trained_lenet5
from lecture_lib.shapes import ShapeError
from lecture_lib.training import evaluate
from lecture_lib.transforms import translate
from tests.experiments_cases import (
    DATA,
    NETS,
    net,
)

# Accuracy under a change


def test_the_accuracy_at_each_level_is_that_of_the_changed_data():
    model, (images, labels) = trained_lenet5()[0], load_digits("test")
    images, labels = images[:200], labels[:200]
    shifts = [(0, 0), (5, 0), (0, -8)]
    found = accuracy_by(
        model, (images, labels), lambda images, by: translate(images, *by), shifts, prepare=digits_as_input
    )
    expected = [evaluate(model, (translate(images, *by), labels), prepare=digits_as_input).accuracy for by in shifts]
    assert found.tolist() == expected and found.dtype == np.float64
    assert found[0] > 0.95 > found[1] > found[2]


# Time


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: running_mean([[1.0]]), ShapeError, "values has shape (1, 1)"),
        (lambda: running_mean(["a"]), TypeError, "values has dtype"),
        (lambda: running_mean([1.0], 0), ShapeError, "window=0: must be at least 1"),
        (lambda: Run("new", net(), DATA).loss_curve(0), ShapeError, "window=0"),
        (lambda: runs({}, DATA), ValueError, "nets is empty"),
        (lambda: runs(NETS, DATA, ()), ValueError, "seeds is empty"),
        (lambda: runs(NETS, DATA, settings={"elu": {}}), ValueError, "settings='elu': must be one of relu, tanh"),
        (lambda: runs(NETS, DATA, lr=-1), ValueError, "lr=-1"),
        (lambda: mean_and_spread([]), ShapeError, "values has shape (0,): must have at least one value along axis=0"),
        (lambda: mean_and_spread([1.0], 1), ShapeError, "along axis=1"),
        (lambda: mean_and_spread(["a"]), TypeError, "values has dtype"),
        (lambda: mean_and_spread([1.0], None), TypeError, "axis=None (NoneType): must be an integer"),
        (lambda: mean_and_spread([1.0], -2), ShapeError, "axis=-2"),
    ],
)
def test_what_breaks_a_rule_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)
