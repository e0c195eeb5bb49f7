"""A digit moved about: every verdict is what the net says to the moved digit, computed beforehand."""

import numpy as np
import pytest

from lecture_lib import data, models, transforms
from lecture_lib.chapters.motivation.shifted_digit import shifted_digit, shifted_verdicts
from lecture_lib.explore.still import draw_panels
from lecture_lib.ops import softmax
from lecture_lib.training import predict

EXAMPLES = {
    "shifted_digit": lambda: shifted_digit(
        {"MLP": models.mlp([64, 10]).init(0)}, np.stack([np.eye(8, dtype=np.uint8)] * 2) * 255, [1, 7], reach=1
    )
}


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return np.pad(images[:3], [(0, 0), (2, 2), (2, 2)]), labels[:3]


def prepare(images, rng=None):
    return images[:, None] / np.float32(255)


@pytest.fixture(scope="module")
def nets():
    return {"MLP": models.mlp([32 * 32, 10]).init(0), "CNN": models.small_cnn((4,), side=32).init(1)}


def test_every_verdict_is_what_the_net_says_to_the_moved_digit(nets, digits):
    verdicts = shifted_verdicts(nets["CNN"], digits[0], 2, prepare)
    assert verdicts.shape == (3, 5, 5, 10)
    for row, col in ((0, 0), (2, 2), (1, 4)):
        moved = transforms.translate(digits[0], row - 2, col - 2)
        assert np.allclose(verdicts[:, row, col], softmax(predict(nets["CNN"], moved, prepare=prepare)), atol=1e-5)


def test_the_shown_digit_stands_in_the_middle_of_room_to_move(nets, digits):
    explorer = shifted_digit(nets, *digits, reach=2, prepare=prepare, right=1, down=-2)
    shown = explorer.array("digits")
    assert shown.shape == (3, 36, 36)
    row, col = explorer.state["down"] + 2, explorer.state["right"] + 2  # places count from the range's low end
    assert (row, col) == (0, 3)
    part = shown[0, 4 - row : 4 - row + 32, 4 - col : 4 - col + 32]  # how the browser slices "pan"
    assert np.array_equal(part, transforms.translate(digits[0][0], -2, 1))
    assert explorer.array("labels").tolist() == digits[1].tolist()


def test_moving_a_digit_asks_python_nothing(nets, digits):
    explorer = shifted_digit(nets, *digits, reach=2, prepare=prepare)
    before = explorer.arrays
    for name, start in {"digit": 2, "right": -2, "down": -2}.items():
        explorer.state = {name: start}
    assert explorer.arrays is before
    assert explorer.answer is None
    assert (explorer.lives, explorer.needs_python) == (("Which digit", "right", "down"), ())


@pytest.mark.parametrize(
    ("change", "words"),
    [({"reach": 0}, "reach=0"), ({"right": 3}, "right=3"), ({"down": -9}, "down=-9"), ({"nets": {}}, "nets holds 0"),
     ({"images": np.zeros((2, 3), np.uint8)}, r"images has shape \(2, 3\)"), ({"images": np.zeros((3, 32, 32))}, "uint8")],
)  # fmt: skip
def test_a_moved_digit_names_what_does_not_fit(nets, digits, change, words):
    settings = {"nets": nets, "images": digits[0], "labels": digits[1], "reach": 2, "prepare": prepare} | change
    with pytest.raises(ValueError, match=words):
        shifted_digit(**settings)


def test_verdicts_of_all_nets_and_places_have_one_scale(nets, digits):
    explorer = shifted_digit(nets, *digits, reach=2, prepare=prepare)
    assert [panel["most"] for panel in explorer.panels[1:]] == [1, 1]
    assert [ax.get_ylim()[1] for ax in draw_panels(explorer).axes[1:3]] == [pytest.approx(1.1)] * 2  # room for a number
