"""Experiments: accuracy."""

import numpy as np
import pytest

from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.experiments import (
    Run,
    accuracies,
    accuracy_by,
    mean_and_spread,
    running_mean,
)
from lecture_lib.models import trained_lenet5
from lecture_lib.shapes import ShapeError
from lecture_lib.storage import StorageError, save_arrays
from lecture_lib.training import evaluate
from lecture_lib.transforms import translate
from tests.experiments_cases import (
    DATA,
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


def test_an_accuracy_is_measured_once_and_anew_when_the_net_or_the_data_are_others(monkeypatch):
    images, labels = load_digits("test")
    model, asked = trained_lenet5()[0], []
    monkeypatch.setattr(accuracies, "evaluate", lambda *args, **more: asked.append(args) or evaluate(*args, **more))

    def ask(count=50):
        data = images[:count], labels[:count]
        return accuracy_by(model, data, lambda images, _: images, [None], prepare=digits_as_input)[0]

    assert ask() == ask() and len(asked) == 1
    ask(51)
    assert len(asked) == 2
    model.layers["F6"].weight.value *= -1  # in place: the same array, other numbers
    assert ask() < 0.5 and len(asked) == 3
    model.layers["C1"].padding = (1, 1)  # and the same arrays, another layer
    with pytest.raises(ShapeError):
        ask()


def test_a_recorded_accuracy_stands_for_the_same_question_alone(tmp_path, monkeypatch):
    images, labels = load_digits("test")
    model, path = trained_lenet5()[0], tmp_path / "accuracies.npz"

    def ask(net=model, count=50, prepare=digits_as_input):
        return accuracy_by(net, (images[:count], labels[:count]), lambda images, _: images, [None], prepare=prepare)[0]

    with accuracies.collected() as found:
        ask()
    ((asked, right),) = found.items()
    accuracies.save_accuracies({asked: 0.125}, "by hand", "2000-01-01", path)  # nothing that is measured here
    assert accuracies.recorded(path) == {asked: 0.125} and right > 0.9
    monkeypatch.setattr(accuracies, "recorded", lambda: {asked: 0.125})
    assert ask() == 0.125
    assert ask(count=49) > 0.9
    assert ask(prepare=lambda images, rng: digits_as_input(images, rng)) > 0.9
    assert ask(prepare=lambda images, rng: -digits_as_input(images, rng)) < 0.9
    with accuracies.collected() as again:
        assert ask() == right
    assert again == found
    model.layers["F6"].weight.value *= -1
    assert ask() not in (0.125, right)


def test_a_damaged_file_of_accuracies_is_named(tmp_path):
    path = tmp_path / "accuracies.npz"
    assert accuracies.recorded(tmp_path / "none.npz") == {}
    save_arrays(path, {"accuracies": np.ones(2)}, {"asked": "one"})
    with pytest.raises(StorageError, match="accuracies.npz"):
        accuracies.recorded(path)
    path.write_bytes(path.read_bytes()[:100])
    accuracies.recorded.cache_clear()
    with pytest.raises(StorageError, match="accuracies.npz"):
        accuracies.recorded(path)


# Time


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: running_mean([[1.0]]), ShapeError, "values has shape (1, 1)"),
        (lambda: running_mean(["a"]), TypeError, "values has dtype"),
        (lambda: running_mean([1.0], 0), ShapeError, "window=0: must be at least 1"),
        (lambda: Run("new", net(), DATA).loss_curve(0), ShapeError, "window=0"),
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
