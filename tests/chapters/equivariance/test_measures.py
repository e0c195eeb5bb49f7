"""What notebook 05 measures, against the definition, digit by digit."""

import numpy as np
import pytest

from lecture_lib import data, groups, models, probes, transforms
from lecture_lib.chapters.equivariance import capsule_net
from lecture_lib.chapters.equivariance.measures import capsules_moved, group_errors, layer_changes, share_right
from lecture_lib.training import predict

IMAGES, LABELS = (each[:6] for each in data.load_digits("test"))


def test_the_change_of_a_layer_is_measured_for_each_digit():
    net = models.trained_lenet5()[0]
    shares = []
    for image in IMAGES:
        still, moved = (
            probes.responses(net, data.digits_as_input(transforms.translate(image[None], 0, by))) for by in (0, 2)
        )
        shares.append(np.linalg.norm(moved["S4"] - still["S4"]) / np.linalg.norm(still["S4"]))
    assert layer_changes(2, digits=6)["S4"] == pytest.approx(shares, rel=1e-4)


def test_the_share_that_is_right_counts_the_digits_of_each_net():
    nets = [models.mlp([784, 8, 10]).init(seed) for seed in (0, 1)]
    mean, spread = share_right({"MLP": nets}, "translate", (0, 3), digits=6)
    moved = np.stack([transforms.translate(image, 0, 3) for image in IMAGES])
    right = [100 * np.mean(predict(net, moved, prepare=data.digits_as_input).argmax(axis=1) == LABELS) for net in nets]
    assert mean["MLP"][1] == pytest.approx(np.mean(right))
    assert spread["MLP"][1] == pytest.approx(np.std(right, ddof=1))


@pytest.mark.parametrize("name", ["p4", "p4m"])
def test_every_layer_on_a_group_is_equivariant_and_counts_its_maps(name):
    found, order = group_errors(name), groups.GROUPS[name].order
    assert [maps for maps, _ in found.values()] == [3 * order, 4 * order, 4]
    assert max(error for _, error in found.values()) < 1e-12


def test_a_capsule_that_does_not_move_does_not_turn():
    net = capsule_net.trained_capsules()[0]
    (length, angle), (_, turned) = capsules_moved(net, (0, 2), digits=6)
    vectors = net["encoder"].forward(data.digits_as_input(IMAGES))[np.arange(6), LABELS]
    assert length == pytest.approx(np.linalg.norm(vectors, axis=1).mean(), rel=1e-5)
    assert angle < 0.1 < turned
