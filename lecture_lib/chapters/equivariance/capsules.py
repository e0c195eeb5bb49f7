"""Capsules: how a trained network routes a digit's votes, and what each number of a capsule paints."""

import numpy as np

from ...data import digits_as_input
from ...data.digits import numbered
from ...explore import Explorer, Look, Numbers, Play, Say, Slider, mosaic, pack
from ...ops import check_labels
from ...shapes import ShapeError, integer
from .capsule_net import PERTURBATIONS, CapsuleNet, RoutingStep, routing_steps

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
    return mosaic(tiles.reshape(-1, side, side), above)


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
        f"Longest: class {longest} with {lengths[longest]:.2f}, then {np.sort(lengths)[-2]:.2f}. The digit is a {label}: {'right ✓' if longest == label else 'wrong'}."
    )


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
    return Explorer(
        "Routing by agreement",
        f"A digit, the couplings of {votes.shape[1]} capsules to ten classes as tiles, a column for each class, "
        "and the length of each class's capsule as bars, for each iteration of the routing.",
        indices={"digit": Numbers(0, len(images) - 1), "iteration": Numbers(1, iterations)},
        controls=[
            Play("iteration", "the iterations", interval=1200),
            Slider("iteration", "Iteration", "of the routing"),
            Slider("digit", "Digit number", "which of the digits"),
        ],
        panels=[
            {"kind": "grid", "array": "digits", "at": ["digit"], "titles": numbered(labels), "index": "digit", "size": False},
            {"kind": "grid", "array": "couplings", "at": ["digit", "iteration"], "columns": CLASSES, "gap": 1,
             "gaps": True, "marked": "labels", "title": "couplings: white is much", "size": False},
            {"kind": "columns", "array": "lengths", "at": ["digit", "iteration"], "marked": "labels", "plain": True, "most": 1,
             "title": "length of each class's capsule", "size": False},
        ],
        arrays={
            "digits": pack(images, "image"), "labels": pack(labels, "index"), "lengths": pack(lengths, "curve"),
            "couplings": pack(tiles, "image", (0, 0.3)),
        },
        sentence=Say(
            [[routing_sentence(step, label) for step in steps] for steps, label in zip(each, labels, strict=True)],
            at=["digit", "iteration"],
        ),
        arrows=("digit", "iteration"), hover=False,
    )  # fmt: skip


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
    painted = np.stack([net.perturbed(v, int(label)) for v, label in zip(capsules, labels, strict=True)])
    middle = PERTURBATIONS.index(0.0)
    grid = {"kind": "grid", "size": False}
    return Explorer(
        "The numbers of a capsule",
        "A digit, what the decoder paints from its capsule, the same with one number of the capsule changed, and what has changed.",
        indices={
            "digit": Numbers(0, len(images) - 1), "dimension": Numbers(0, capsules.shape[1] - 1, dimension),
            "change": Numbers(PERTURBATIONS[0], PERTURBATIONS[-1], 0.25, 0.05),
        },
        controls=[
            Slider("dimension", "Number", "which number of the capsule is changed"),
            Slider("change", "Change", "what is added to it"),
            Slider("digit", "Digit number", "which of the digits"),
        ],
        panels=[
            {**grid, "array": "digits", "at": ["digit"], "titles": [f"digit {each}" for each in numbered(labels)], "index": "digit", "share": 0.5, "sign": "→"},
            {**grid, "array": "painted", "at": ["digit", "dimension", middle], "title": "painted from its capsule"},
            {**grid, "array": "painted", "at": ["digit", "dimension", "change"], "title": "one number changed"},
            {**grid, "array": "changes", "at": ["digit", "dimension", "change"], "title": "what has changed", "frame": True},
        ],
        arrays={
            "digits": pack(images, "image"), "painted": pack(np.rint(255 * painted).astype(np.uint8), "image", ends=(0, 1)),
            "changes": pack(np.round(128 * (painted - painted[:, :, middle, None])) / 128, "difference", (-1, 1)),  # as fine as the colours
            "values": pack(capsules, "curve"),
        },
        sentence=[
            Say("Number {dimension} of the capsule is {value}. Added to it: ", numbers={"value": Look("values", "digit", "dimension")}),
            Say("{change}", tag="strong"), ". All other numbers stay as they are.",
        ],
        arrows=("dimension", "change"), hover=False,
    )  # fmt: skip
