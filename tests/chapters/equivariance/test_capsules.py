"""The explorers of capsules: routing step by step, and what each number of a capsule paints."""

import numpy as np
import pytest

from lecture_lib.chapters.equivariance import capsule_net
from lecture_lib.chapters.equivariance.capsules import capsule_numbers, coupling_tiles, routing
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.explore.still import draw_panels
from lecture_lib.shapes import ShapeError

IMAGES, LABELS = (array[:3] for array in load_digits("test"))


def tiny_capsules():
    """A capsule network as it is before training, and two digits."""
    return capsule_net.CapsuleNet(4, 2, 4, (4, 4)).init(0), np.stack([np.eye(28, dtype=np.uint8)] * 2) * 255, [3, 5]


EXAMPLES = {
    "routing": lambda: routing(*tiny_capsules(), iterations=4),
    "capsule_numbers": lambda: capsule_numbers(*tiny_capsules()),
}


@pytest.fixture(scope="module")
def net():
    return capsule_net.trained_capsules()[0]


def test_routing_shows_the_couplings_and_lengths_of_every_iteration(net):
    explorer = routing(net, IMAGES, LABELS, iterations=3)
    votes = net.votes(digits_as_input(IMAGES))
    steps = list(capsule_net.routing_steps(votes[1:2], 3))
    lengths = explorer.array("lengths")
    assert lengths.shape == (3, 3, 10)
    for at, step in enumerate(steps):
        assert np.allclose(lengths[1, at], np.linalg.norm(step.v[0], axis=1), atol=1e-5)
        assert np.allclose(
            explorer.array("couplings")[1, at], coupling_tiles(step.couplings[0], 6), atol=1e-5, equal_nan=True
        )
    (say,) = explorer.sentence
    assert say["at"] == explorer.arrows == ["digit", "iteration"]
    assert np.shape(say["text"]) == (3, 3)
    assert "every capsule shares its vote out evenly, 10 %" in say["text"][1][0]
    judged = "right ✓" if lengths[1, 2].argmax() == LABELS[1] else "wrong"
    assert say["text"][1][2].endswith(f"The digit is a {LABELS[1]}: {judged}.")
    assert [explorer.declared[name].count() for name in explorer.arrows] == [3, 3]


def test_the_still_picture_of_routing_frames_the_column_of_the_digits_class(net):
    explorer = routing(net, IMAGES, LABELS, iterations=1)
    explorer.state = {"digit": 2}
    tiles = draw_panels(explorer).axes[1]
    (left, top, wide, high) = tiles.patches[0].get_bbox().bounds
    rows, cols = explorer.array("couplings").shape[2:]
    side = (cols + 1) // 10
    assert (left, top, wide, high) == (LABELS[2] * side, 0, side - 1, rows)
    assert [label.get_text() for label in tiles.get_xticklabels()] == [str(each) for each in range(10)]


def test_coupling_tiles_have_a_column_for_each_class_and_a_row_for_each_type():
    couplings = np.zeros((2 * 4, 3))  # two types of 2×2 places, three classes
    couplings[4 + 1, 2] = 1  # second type, upper right place, to the last class
    tiles = coupling_tiles(couplings, 2)
    assert tiles.shape == (5, 8)
    assert np.argwhere(tiles == 1).tolist() == [[3, 7]]
    assert np.isnan(tiles[2]).all() and np.isnan(tiles[:, 2]).all()


def test_changing_a_number_of_a_capsule_shows_what_the_decoder_paints(net):
    explorer = capsule_numbers(net, IMAGES, LABELS, dimension=5)
    painted, changes = explorer.array("painted"), explorer.array("changes")
    assert painted.shape == changes.shape == (3, 16, 11, 28, 28)
    v = net["encoder"].forward(digits_as_input(IMAGES))
    v[:, :, 5] += 0.25
    expected = net.reconstruct(v, LABELS)
    assert np.abs(painted[:, 5, -1] / 255 - expected).max() < 0.003
    assert not changes[:, :, 5].any()
    assert (explorer.state["dimension"], explorer.state["change"]) == (5, 0.25)
    assert explorer.arrows == ["dimension", "change"]


def test_each_number_of_a_capsule_changes_how_bold_how_wide_and_how_slanted_a_digit_is_and_little_by_little(net):
    images, labels = (each[:12] for each in load_digits("test"))
    painted = capsule_numbers(net, images, labels).array("painted") / 255  # (digits, numbers, changes, 28, 28)
    rows, cols = np.mgrid[:28, :28]
    ink = painted.sum(axis=(-1, -2))
    down, across = (at - (painted * at).sum(axis=(-1, -2), keepdims=True) / ink[..., None, None] for at in (rows, cols))
    width = np.sqrt((painted * across**2).sum(axis=(-1, -2)) / ink)
    lean = np.degrees(np.arctan((painted * down * across).sum(axis=(-1, -2)) / (painted * down**2).sum(axis=(-1, -2))))
    middle = painted.shape[2] // 2
    for what, least in ((ink / ink[:, :, [middle]], 0.2), (width / width[:, :, [middle]], 0.05), (lean, 5)):
        assert (np.abs(what[:, :, -1] - what[:, :, 0]).mean(axis=0) > least).all()  # of each of the 16
    steps = np.abs(np.diff(painted, axis=2)).mean(axis=(-1, -2))
    whole = np.abs(painted[:, :, -1] - painted[:, :, 0]).mean(axis=(-1, -2))
    assert (steps < 0.25 * whole[:, :, None]).all()  # of ten steps


def test_all_of_it_lives_without_python(net):
    for make in (routing, capsule_numbers):
        explorer = make(net, IMAGES, LABELS)
        assert explorer.moves and explorer.lives and not explorer.needs_python


def test_too_many_digits_or_other_pictures_are_refused(net):
    for make in (routing, capsule_numbers):
        with pytest.raises(ShapeError, match="at most 24"):
            make(net, np.zeros((25, 28, 28), np.uint8), [0] * 25)
        with pytest.raises(ShapeError, match="must be"):
            make(net, IMAGES.astype(float), LABELS)
        with pytest.raises(ValueError, match="label"):
            make(net, IMAGES, [1, 2, 10])
    with pytest.raises(ShapeError, match="iterations"):
        routing(net, IMAGES, LABELS, iterations=0)
    with pytest.raises(ShapeError, match="dimension=16: must be a number from 0 to 15"):
        capsule_numbers(net, IMAGES, LABELS, dimension=16)
