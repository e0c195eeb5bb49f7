"""Capsules: how a trained network routes a digit's votes, and what each number of a capsule paints."""

import ipywidgets
import numpy as np

from .. import figures
from ..arguments import checked
from ..capsules import PERTURBATIONS, CapsuleNet, RoutingStep, routing_steps
from ..data import digits_as_input
from ..ops import check_labels
from ..shapes import ShapeError, integer
from ..style import number
from .view import Explorer, View, control_row, pack, slider, stops

CLASSES = 10
MOST_DIGITS = 24


def _digits(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    images = np.asarray(images)
    if images.ndim != 3 or not 1 <= len(images) <= MOST_DIGITS or images.dtype != np.uint8:
        raise ShapeError(
            f"images has shape {images.shape} and dtype {images.dtype}: must be (D, H, W), uint8, at most {MOST_DIGITS}"
        )
    return images, check_labels(labels, len(images), CLASSES).astype(np.int32)


def coupling_tiles(couplings: np.ndarray, types: int) -> np.ndarray:
    """Couplings (I, J) as tiles: a column for each capsule above, a row for each type below, places inside a tile.

    >>> coupling_tiles(np.full((6 * 16, 10), 0.1), 6).shape  # 6 rows of 4 pixels, 10 columns, gaps
    (29, 49)
    """
    below, above = couplings.shape
    side = round((below / types) ** 0.5)
    tiles = couplings.T.reshape(above, types, side, side).swapaxes(0, 1)
    return figures.mosaic(tiles.reshape(-1, side, side), above)


def routing_sentence(step: RoutingStep, label: int) -> str:
    """What an iteration has decided about one digit, in words."""
    lengths = np.linalg.norm(step.v[0], axis=-1)
    longest = int(lengths.argmax())
    shares = step.couplings[0, :, longest]
    text = f"Iteration {step.iteration}: "
    text += (
        "every capsule shares its vote out evenly, " if step.iteration == 1 else "the couplings follow the agreement, "
    )
    return text + (
        f"{100 * shares.mean():.0f} % to class {longest} on average, at most {100 * shares.max():.0f} %. "
        f"Longest: class {longest} with {lengths[longest]:.2f}, then {np.sort(lengths)[-2]:.2f}. The digit is a {label}."
    )


@checked
def routing(net: CapsuleNet, images: np.ndarray, labels: np.ndarray, *, iterations: int = 5) -> Explorer:
    """Explorer of routing by agreement: step through the iterations, and see who votes for whom.

    Args:
        net: trained.
        images: digits (D, H, W), uint8, at most 24. labels: which they are.
        iterations: how many to compute; the network itself stops after 3.

    Raises:
        ShapeError, ValueError: digits or labels do not fit, or ``iterations`` is below 1.
    """
    images, labels = _digits(images, labels)
    iterations = integer("iterations", iterations, 1)
    votes = net.votes(digits_as_input(images))
    types = net["encoder"]["primary"].types
    each = [list(routing_steps(vote[None], iterations)) for vote in votes]
    tiles = np.stack([[coupling_tiles(step.couplings[0], types) for step in steps] for steps in each])
    lengths = np.stack([[np.linalg.norm(step.v[0], axis=-1) for step in steps] for steps in each])
    which = slider("Digit", 0, 0, len(images) - 1, "which test digit")
    step = stops("Iteration", range(1, iterations + 1), 1, "of the routing")
    play = ipywidgets.Play(min=0, max=iterations - 1, interval=1200, description="Play", show_repeat=False)
    view = View(
        panels=[
            {"kind": "grid", "array": "digits", "index": "row", "title": "digit", "share": 0.55, "size": False},
            {"kind": "tiles", "array": "couplings", "at": ["row", "col"], "columns": CLASSES, "gap": 1,
             "marked": "labels", "title": "couplings: white is much", "share": 1.5, "size": False},
            {"kind": "columns", "array": "lengths", "at": ["row", "col"], "marked": "labels", "plain": True,
             "title": "length of each class's capsule", "share": 1, "size": False},
        ],
        arrays={
            "digits": pack(images, "image"), "labels": pack(labels, "index"), "lengths": pack(lengths, "curve"),
            "couplings": pack(tiles, "image", (0, 0.6)),
        },
        texts=[routing_sentence(s, label) for steps, label in zip(each, labels, strict=True) for s in steps],
        readout="routing", height=330, hover=False, extent=[len(images), iterations],
    )  # fmt: skip
    alt = (
        f"A digit, the couplings of {votes.shape[1]} capsules to ten classes as tiles, a column for each class, "
        "and the length of each class's capsule as bars, for each iteration of the routing."
    )

    def still():
        item, at = which.value, step.index
        return figures.draw_routing(images[item], tiles[item, at], lengths[item, at], int(labels[item]))

    explorer = Explorer(view, [control_row(which, play, step)], alt, still)
    explorer.link(which, "row")
    explorer.link(play, "col")
    explorer.link(step, "col", "index")
    return explorer


@checked
def capsule_numbers(net: CapsuleNet, images: np.ndarray, labels: np.ndarray, *, dimension: int = 0) -> Explorer:
    """Explorer of a capsule's numbers: change one of them, and the decoder paints another digit (the paper, figure 4).

    Args:
        net: trained.
        images: digits (D, H, W), uint8, at most 24. labels: which they are, and whose capsule is changed.
        dimension: to start with.

    Raises:
        ShapeError, ValueError: digits or labels do not fit, or there is no such dimension.
    """
    images, labels = _digits(images, labels)
    capsules = net["encoder"].forward(digits_as_input(images))[np.arange(len(images)), labels]
    dimensions = capsules.shape[1]
    painted = np.stack([net.perturbed(v, int(label)) for v, label in zip(capsules, labels, strict=True)])
    middle = PERTURBATIONS.index(0.0)
    which = slider("Digit", 0, 0, len(images) - 1, "which test digit")
    number_of = slider("Number", dimension, 0, dimensions - 1, "which number of the capsule is changed")
    change = stops("Change", [number(each) for each in PERTURBATIONS], number(0.25), "what is added to it")
    grid = {"kind": "grid", "share": 1, "size": False}
    view = View(
        panels=[
            {**grid, "array": "digits", "at": ["item"], "title": "digit", "sign": "→"},
            {**grid, "array": "painted", "at": ["item", "row", middle], "title": "painted from its capsule"},
            {**grid, "array": "painted", "at": ["item", "row", "col"], "title": "one number changed"},
            {**grid, "kind": "framed", "array": "changes", "at": ["item", "row", "col"], "title": "what has changed"},
        ],
        arrays={
            "digits": pack(images, "image"),
            "painted": pack(np.rint(255 * painted).astype(np.uint8), "image"),
            "changes": pack(np.round(128 * (painted - painted[:, :, middle, None])) / 128, "difference", (-1, 1)),  # as fine as the colours
            "values": pack(capsules, "curve"),
        },
        texts=[number(each) for each in PERTURBATIONS], readout="capsule", height=300, hover=False,
        extent=[dimensions, len(PERTURBATIONS)],
    )  # fmt: skip
    alt = "A digit, what the decoder paints from its capsule, the same with one number of the capsule changed, and what has changed."

    def still():
        item, at = which.value, (number_of.value, change.index)
        before, after = painted[item, at[0], middle], painted[item][at]
        return figures.draw_painted(images[item], before, after)

    explorer = Explorer(view, [control_row(which, number_of, change)], alt, still)
    explorer.link(which, "item")
    explorer.link(number_of, "row")
    explorer.link(change, "col", "index")
    return explorer
