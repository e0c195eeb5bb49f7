"""The confusion matrix: its counts, the digits behind each cell, its words."""

import numpy as np
import pytest

from lecture_lib import data, models, ops
from lecture_lib.chapters.lenet_alexnet.confusion import SHOWN, confusion
from lecture_lib.shapes import ShapeError
from lecture_lib.training import predict


def example():
    chances = np.random.default_rng(0).dirichlet(np.ones(10), 40)
    return confusion(chances, *(each[:40] for each in data.load_digits("test")))


EXAMPLES = {"confusion": example}


@pytest.fixture(scope="module")
def net():
    return models.trained_lenet5()[0]


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return images[:200], labels[:200]


def test_behind_each_cell_are_its_digits_the_most_telling_first(net, digits):
    images, labels = digits
    chances = ops.softmax(predict(net, images, prepare=data.digits_as_input), 3.0)
    chances[:30] = np.roll(chances[:30], 1, axis=1)  # mistakes
    explorer = confusion(chances, images, labels)
    counts, tiles = explorer.array("counts"), explorer.array("tiles")
    sure, said = explorer.array("confidence"), chances.argmax(axis=1)
    assert counts.sum() == 200 and counts.trace() == (said == labels).sum() < 180
    for i, j in np.ndindex(10, 10):
        behind = np.flatnonzero((labels == i) & (said == j))
        shown = min(len(behind), SHOWN)
        assert counts[i, j] == len(behind) and explorer.array("shown")[i, j] == shown
        order = sorted(behind, key=lambda at, i=i, j=j: chances[at].max() * (1 if i == j else -1))[:shown]
        assert np.allclose(sure[i, j, :shown], [chances[at].max() for at in order])
        assert all(any(np.array_equal(tile, images[at]) for at in behind) for tile in tiles[i, j, :shown])
        assert not tiles[i, j, shown:].any()


def test_the_words_of_a_cell_by_hand():
    chances = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7]])
    explorer = confusion(chances, np.zeros((4, 2, 2), np.uint8), np.array([0, 0, 0, 1]), label=0, answer=1)
    assert sum(explorer.sentence[0]["text"], []) == [
        "1 of 3 digits 0 are right, mean confidence 90 %. The least sure first.",
        "2 of 3 digits 0 were taken for 1, mean confidence 70 %. The other way round, 1 for 0: 0.",
        "No 1 was taken for 0.",
        "1 of 1 digits 1 are right, mean confidence 70 %. The least sure first.",
    ]
    assert explorer.array("counts").tolist() == [[1, 2], [0, 1]]
    assert explorer.arrays["counts"]["limit"] == [-2.0, 2.0]  # of the mistakes alone


@pytest.mark.parametrize(
    ("setting", "error"),
    [({"labels": [2]}, ValueError), ({"label": 2}, ShapeError), ({"answer": -1}, ShapeError),
     ({"images": np.zeros((2, 2, 2), np.uint8)}, ShapeError)],
)  # fmt: skip
def test_confusion_names_a_bad_setting(setting, error):
    given = {"probabilities": np.ones((1, 2)) / 2, "images": np.zeros((1, 2, 2), np.uint8), "labels": [0]}
    with pytest.raises(error, match="must"):
        confusion(**({"label": 0, "answer": 1} | given | setting))
