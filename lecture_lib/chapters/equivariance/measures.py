"""What notebook 05 measures: how much each layer changes when a digit moves, who is still right, what a group's layers keep."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from ...data import digits_as_input, load_digits
from ...experiments import Experiment, accuracy_by, mean_and_spread
from ...groups import GROUPS, GroupPool, P4Conv, P4Lift, P4MConv, P4MLift, transform_image, transform_maps
from ...layers import Activation, Layer
from ...models import Sequential, trained_lenet5
from ...probes import responses
from .capsule_net import CapsuleNet, trained_capsules
from .moving import move_picture
from .trainings import moved_race, turned_digits, turned_race
from .ways import BothWays

LAYERS = {"C1": "C1, convolution", "S4": "S4, second pooling", "F6": "F6, fully connected", "output": "ten outputs"}
"""Layers of LeNet-5 whose change is measured, from the first to the last."""

BATCH = 100
"""Digits of which all layers are held at once: a browser has little room for more."""

LEVELS = {
    "shift": ("pixels to the right", "translate", np.arange(7)),
    "rotation": ("degrees", "rotate", np.arange(0, 181, 30)),
    "scale": ("times as large", "scale", np.arange(6, 15) / 10),
}
"""How digits are moved: title → what an axis says, the move, and how far."""


@cache
def layer_changes(shift: int, digits: int = 1500) -> dict[str, np.ndarray]:
    """By how much layers of the trained LeNet-5 change when test digits move to the right: for each digit, as a share of
    what the layer was.

    >>> {layer: change.tolist() for layer, change in layer_changes(0, digits=1).items()}
    {'C1': [0.0], 'S4': [0.0], 'F6': [0.0], 'output': [0.0]}
    """
    net, images = trained_lenet5()[0], load_digits("test")[0][:digits]
    found = {layer: [] for layer in LAYERS}
    for some in np.split(images, range(BATCH, digits, BATCH)):
        still, moved = (responses(net, digits_as_input(move_picture(some, "translate", by))) for by in (0, shift))
        for layer, changes in found.items():
            before, after = (each[layer].reshape(len(some), -1) for each in (still, moved))
            changes.append(np.linalg.norm(after - before, axis=1) / np.linalg.norm(before, axis=1))
    return {layer: np.concatenate(changes) for layer, changes in found.items()}


def share_right(
    nets: Mapping[str, Sequence[Layer]], move: str, levels: Sequence[float], digits: int = 200
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """How many test digits are read right when they are moved, in percent.

    Args:
        nets: by name, one or more of a kind.
        move: a name of :data:`lecture_lib.chapters.equivariance.moving.MOVES`. levels: how far.

    Returns:
        The mean over the nets of a kind, and their spread: name → (levels,).
    """
    images, labels = (each[:digits] for each in load_digits("test"))
    moved = {
        float(by): move_picture(images, move, by) for by in levels
    }  # once for all nets: it takes longer than reading
    both = {}
    for name, each in nets.items():
        found = [
            accuracy_by(
                net, (images, labels), lambda _, by: moved[by], [float(by) for by in levels], prepare=digits_as_input
            )
            for net in each
        ]
        both[name] = mean_and_spread(100 * np.array(found))
    mean, spread = ({name: each[at] for name, each in both.items()} for at in (0, 1))
    return mean, spread


def wrong_when_turned(race: Experiment) -> dict[str, np.ndarray]:
    """How many of the 800 turned test digits each net of a race reads wrong, in percent: name → (seeds,)."""
    data = turned_digits("test")
    return {
        name: np.array([
            100 * (1 - accuracy_by(net, data, lambda images, _: images, [None], prepare=digits_as_input)[0]) for net in nets
        ])
        for name, nets in race.nets.items()
    }  # fmt: skip


def moved_by_levels(
    race: Experiment, capsules: CapsuleNet
) -> dict[str, tuple[str, np.ndarray, dict[str, np.ndarray], dict[str, np.ndarray]]]:
    """:func:`share_right` of the nets of a race, of LeNet-5 and of the capsules, for each of :data:`LEVELS`.

    Returns:
        title → what an axis says, how far, and what :func:`share_right` gives.
    """
    nets = dict(race.nets) | {"LeNet-5": [trained_lenet5()[0]], "capsules": [capsules]}
    return {title: (words, by, *share_right(nets, move, by)) for title, (words, move, by) in LEVELS.items()}


def group_errors(name: str) -> dict[str, tuple[int, float]]:
    """The largest equivariance error of each layer of a small net on "p4" or "p4m", over all its turns and mirrors.

    The pictures and the weights are random numbers in float64.

    Returns:
        Layer → how many maps it gives, and the error.
    """
    order = GROUPS[name].order
    lift, conv = {"p4": (P4Lift, P4Conv), "p4m": (P4MLift, P4MConv)}[name]
    net = Sequential({
        "lifting": lift(1, 3, 4, stride=2), "relu1": Activation("relu"), "group convolution": conv(3, 4, 3, stride=2),
        "relu2": Activation("relu"), "group pooling": GroupPool(order),
    }).init(0, np.float64)  # fmt: skip
    x = np.random.default_rng(0).normal(size=(2, 1, 28, 28))
    still, found = responses(net, x), {}
    for layer in ("lifting", "group convolution", "group pooling"):
        errors = []
        for g in range(order):
            maps = still[layer]
            after = transform_image(maps, g) if layer == "group pooling" else transform_maps(maps, g, name)
            errors.append(BothWays(responses(net, transform_image(x, g))[layer], after).error)
        found[layer] = still[layer].shape[1], max(errors)
    return found


def capsules_moved(net: CapsuleNet, shifts: Sequence[int], digits: int = 200) -> list[tuple[float, float]]:
    """What becomes of the right class's capsule when test digits move to the right: its mean length, and the mean angle in
    degrees between it and what it was before."""
    images, labels = (each[:digits] for each in load_digits("test"))
    vectors = [
        net["encoder"].forward(digits_as_input(move_picture(images, "translate", by)))[np.arange(digits), labels]
        for by in (0, *shifts)
    ]
    lengths = [np.linalg.norm(each, axis=1) for each in vectors]
    found = []
    for each, length in zip(vectors[1:], lengths[1:], strict=True):
        cosine = (each * vectors[0]).sum(axis=1) / (length * lengths[0])
        found.append((float(length.mean()), float(np.degrees(np.arccos(cosine.clip(-1, 1))).mean())))
    return found


MEASURED = (
    lambda: wrong_when_turned(turned_race()),
    lambda: share_right(turned_race().nets, "rotate", LEVELS["rotation"][2], digits=100),
    lambda: moved_by_levels(moved_race(), trained_capsules()[0]),
)
"""What the notebook asks of recorded nets; recorded, too."""
