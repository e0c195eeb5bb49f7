"""What units of the network for photos answer to: their strongest patches in all shipped photos, and what comes back.

Every photo is seen in several squares: whole, and in overlapping ones of half its shorter side, so that small things
become large. Units are those of the layers that filter each map alone, before ReLU6 cuts them at 6: what is cut has no
order, and passes no gradient.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from PIL import Image

from ... import style
from ...data import load_photo, photo_names, resize
from ...data.photo_input import squares_as_input
from ...experiments import Computed
from ...models import PHOTO_NET_INPUT, Sequential, trained_photo_net
from ...probes.answers import forward, layers_of
from ...shapes import ReceptiveField
from .projections import deconvnet

SIDE = PHOTO_NET_INPUT[-1]
NINE, MOST = 9, 2  # patches of a unit, and of these from one photo
BATCH = 8  # squares at once, so that memory stays small
RULES = ("gradient", "guided")


class Depth(NamedTuple):
    """One layer whose units are shown."""

    title: str
    window: int
    """Side of the patches, in pixels: all that a unit sees, or, where that is much, what holds about nine tenths of its gradient."""
    tile: int
    """Side of the pictures of what comes back: below ``window`` a mean over pixels."""
    chosen: dict[int, str]
    """Units → what their patches have in common, in a word: chosen by looking at contact sheets of all 96 units of block 1,
    and at each other depth of about 60 with a high score and of 20 drawn at random."""
    drawn: int = 3
    """How many more are drawn at random."""


DEPTHS = {
    "block1.depthwise": Depth("block 1", 11, 11, {94: "upright lines", 29: "falling stripes", 52: "level lines", 33: "red", 87: "blue"}),
    "block2.depthwise": Depth("block 2", 19, 19, {43: "falling lines", 82: "steep bars", 79: "gentle stripes", 63: "posts", 3: "bright spots"}),
    "block5.depthwise": Depth("block 5", 33, 33, {7: "eyes", 148: "windows", 35: "stars", 196: "round rims", 37: "fur"}),
    "block10.depthwise": Depth("block 10", 89, 48, {34: "eyes", 444: "heads", 590: "collars", 256: "rims", 96: "tops"}),
    "block15.depthwise": Depth("block 15", 179, 48, {508: "legs", 75: "clothes", 1022: "heads", 837: "towers", 840: "round things"}),
}  # fmt: skip
UNITS = 8


class Square(NamedTuple):
    """A square of a photo, scaled to what the network takes."""

    photo: int
    """Place among ``photo_names(more=True)``."""
    top: int
    left: int
    side: int


class Found(NamedTuple):
    """One of the strongest patches of a unit."""

    square: Square
    row: int
    """Middle of the patch, in pixels of the square as the network takes it."""
    col: int
    response: float


@cache
def photos() -> tuple[np.ndarray, ...]:
    """Every shipped photo, uint8 (H, W, 3)."""
    return tuple(load_photo(name) for name in photo_names(more=True))


def squares_of(photo: int) -> list[Square]:
    """The squares in which a photo is seen: whole, at both ends where it is oblong; then half as large, in steps of half their side.

    >>> [each.side for each in squares_of(photo_names(more=True).index("retina"))]
    [288, 144, 144, 144, 144, 144, 144, 144, 144, 144]
    """
    height, width = photos()[photo].shape[:2]
    found, short = [], min(height, width)
    for side in (short, short // 2):
        tops, lefts = (_steps(length, side) for length in (height, width))
        found += [Square(photo, top, left, side) for top in tops for left in lefts]
    return found


def every_square() -> list[Square]:
    """The squares of all photos."""
    return [each for photo in range(len(photos())) for each in squares_of(photo)]


def _steps(length: int, side: int) -> list[int]:
    """Where squares begin that cover a length, at most half a square apart; one in the middle where hardly more than one fits."""
    room = length - side
    if room < side * 0.15:
        return [room // 2]
    count = 1 + -(-2 * room // side)
    return [round(at * room / (count - 1)) for at in range(count)]


def cut_square(square: Square) -> np.ndarray:
    """What the network gets of a photo, uint8 (224, 224, 3)."""
    part = photos()[square.photo][square.top : square.top + square.side, square.left : square.left + square.side]
    return resize(part, SIDE)


def peaks(net: Sequential, squares: Sequence[Square]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Of each layer of :data:`DEPTHS` the largest answer of every map to every square, (N, K), and its place in the map."""
    found, last = {name: ([], []) for name in DEPTHS}, list(DEPTHS)[-1]
    for start in range(0, len(squares), BATCH):
        x = squares_as_input(np.stack([cut_square(each) for each in squares[start : start + BATCH]]))
        for name, out in forward(net, x):
            if name in found:
                flat = out.reshape(*out.shape[:2], -1)
                found[name][0].append(flat.max(axis=2))
                found[name][1].append(flat.argmax(axis=2))
            if name == last:
                break
    return {name: tuple(map(np.concatenate, each)) for name, each in found.items()}


def field_of(net: Sequential, layer: str) -> tuple[ReceptiveField, int]:
    """What a unit of a layer sees along one axis, and how many places its map has there; both axes are alike."""
    _, shape, (field, _) = layers_of(net, PHOTO_NET_INPUT)[layer]
    return field, shape[-1]


def strongest(
    response: np.ndarray, place: np.ndarray, squares: Sequence[Square], field: ReceptiveField, places: int, window: int
) -> list[Found]:
    """The nine strongest patches of one map: at most two of a photo, and these apart by half a window at least.

    Args:
        response, place: of the map for each of the N squares, (N,).
        places: rows and columns of the map.
    """
    found: list[Found] = []
    for at in np.argsort(-response, kind="stable"):
        middle = field.start + field.size // 2
        row, col = (middle + field.jump * int(each) for each in divmod(place[at], places))
        each = Found(squares[at], row, col, float(response[at]))
        same = [other for other in found if other.square.photo == each.square.photo]
        if len(same) < MOST and not any(_near(each, other, window) for other in same):
            found.append(each)
        if len(found) == NINE:
            break
    return found


def in_photo(found: Found) -> tuple[float, float, float]:
    """Row and column of a patch's middle in its photo, and how many of the photo's pixels one of the square is."""
    scale = found.square.side / SIDE
    return found.square.top + (found.row + 0.5) * scale, found.square.left + (found.col + 0.5) * scale, scale


def _near(one: Found, other: Found, window: int) -> bool:
    (row, col, scale), (row2, col2, scale2) = in_photo(one), in_photo(other)
    return max(abs(row - row2), abs(col - col2)) < window * max(scale, scale2) / 2


def cut_patch(picture: np.ndarray, found: Found, window: int, fill: float) -> np.ndarray:
    """The window of a patch out of a picture (224, 224, 3) of its square; ``fill`` stands where that ends."""
    half = window // 2
    padded = np.pad(picture, [(half, half), (half, half), (0, 0)], constant_values=fill)
    return padded[found.row : found.row + window, found.col : found.col + window]


def smaller(picture: np.ndarray, side: int) -> np.ndarray:
    """Means over the pixels of a picture (h, h, 3), float32 (side, side, 3)."""
    planes = [Image.fromarray(np.ascontiguousarray(each)) for each in picture.astype(np.float32).transpose(2, 0, 1)]
    return np.stack([np.asarray(each.resize((side, side), Image.Resampling.BOX)) for each in planes], axis=-1)


def units_of(layer: str, maps: int) -> list[int]:
    """The units of a layer that are shown: those chosen, then those drawn at random among the others."""
    depth = DEPTHS[layer]
    others = [each for each in range(maps) if each not in depth.chosen]
    drawn = np.random.default_rng(0).choice(others, depth.drawn, replace=False)
    return [*depth.chosen, *map(int, drawn)]


def come_back(net: Sequential, layer: str, unit: int, found: Sequence[Found]) -> tuple[dict[str, np.ndarray], float]:
    """What comes back from a unit to its patches by each rule, as colours, uint8 (9, t, t, 3); and which share of the gradient's energy (the sum of its squares) lies in the windows, in the mean over the patches
    that have a gradient: where every ReLU6 on the way is cut, or has nothing to pass, there is none."""
    depth, pictures, shares = DEPTHS[layer], {rule: [] for rule in RULES}, []
    x = squares_as_input(np.stack([cut_square(each.square) for each in found]))
    for rule in RULES:
        for sample, each in zip(x, found, strict=True):
            pixels = deconvnet(net, sample[None], layer, unit, rule=rule).pixels[0].transpose(1, 2, 0)
            patch = cut_patch(pixels, each, depth.window, 0.0)
            if rule == "gradient" and pixels.any():
                shares.append(float((patch**2).sum() / (pixels**2).sum()))
            patch = smaller(patch, depth.tile)
            pictures[rule].append(style.signed_colours(patch, beyond=0.01))
    return {rule: np.stack(each) for rule, each in pictures.items()}, float(np.mean(shares)) if shares else 0.0


COLUMNS = ("photo", "top", "left", "side", "row", "col", "response")


def find_units() -> dict[str, np.ndarray]:
    """All that is recorded; takes minutes."""
    net, _ = trained_photo_net()
    squares = every_square()
    answers, arrays = peaks(net, squares), {}
    units, patches, energy = [], [], []
    for at, (layer, depth) in enumerate(DEPTHS.items()):
        response, place = answers[layer]
        units.append(units_of(layer, response.shape[1]))
        kept = [strongest(response[:, k], place[:, k], squares, *field_of(net, layer), depth.window) for k in units[-1]]
        patches.append([[[*each.square, *each[1:]] for each in nine] for nine in kept])
        back = [come_back(net, layer, k, nine) for k, nine in zip(units[-1], kept, strict=True)]
        energy.append([share for _, share in back])
        for rule in RULES:
            arrays[f"{rule}{at}"] = np.stack([pictures[rule] for pictures, _ in back])
    single = {"units": units, "patches": patches, "energy": energy}
    return arrays | {name: np.array(each, np.float32) for name, each in single.items()}


PHOTO_UNITS = Computed(
    "lenet_alexnet_photo_units", find_units,
    {f"{rule}{at}": (UNITS, NINE, depth.tile, depth.tile, 3) for rule in RULES for at, depth in enumerate(DEPTHS.values())}
    | {"units": (len(DEPTHS), UNITS), "patches": (len(DEPTHS), UNITS, NINE, len(COLUMNS)), "energy": (len(DEPTHS), UNITS)},
    packed=True,
)  # fmt: skip
"""Units, their patches, what comes back: ``make recordings ONLY=photo_units``."""


def recorded_patch(numbers: np.ndarray) -> Found:
    """A patch as it was recorded, (7,) in the order of :data:`COLUMNS`."""
    photo, top, left, side, row, col = (int(each) for each in numbers[:6])
    return Found(Square(photo, top, left, side), row, col, float(numbers[6]))
