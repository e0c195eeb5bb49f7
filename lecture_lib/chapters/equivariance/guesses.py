"""Notebook 05, equivariance: the guesses that it asks for, and what is said after them."""

import numpy as np

from ...data import grey_square
from ...filters import correlate
from ...groups import P4Conv
from ...layers import Conv2d
from ...practice import Choice, Guess, Number
from ...style import number
from .capsule_net import squash
from .measures import LAYERS, layer_changes
from .moving import HOOK, averaged, averagings, both_ways, move_picture


def _photo() -> np.ndarray:
    """What the notebook calls photo: the cameraman, (96, 96)."""
    return grey_square("camera", 96).astype(float)


def _e1() -> str:
    photo = _photo()
    quarter, eighth = (
        int((np.histogram(move_picture(photo, "rotate", degrees, "circular"), 256, (0, 256))[0]
             != np.histogram(photo, 256, (0, 256))[0]).sum())
        for degrees in (90, 45)
    )  # fmt: skip
    return (
        f"Only the counts of greys: a turn by 90° moves every pixel to another place and changes none, so {quarter} of the "
        f"256 counts change. By 45° it is not so exact: the new pixels lie between the old ones and are mixed from them, "
        f"and {eighth} of the 256 counts change."
    )


def _e2() -> str:
    both = both_ways(_photo(), "filter", "translate", 5, "zero")
    columns = np.flatnonzero(np.abs(both.difference[0]).max(axis=0)).tolist()
    return (
        f"Only in columns {' and '.join(map(str, columns))} of 0 to 95. Column {columns[0]} lies just outside the seam: "
        "φ(g x) sees the photo's first column there, but M_g φ(x) has only the zeros that moved in. In the last column "
        "φ(g x) sees the zero padding, but M_g φ(x) was computed where the photo still went on. Everywhere else both agree."
    )


def _e3() -> str:
    most, least = _changes_most_and_least()
    changes = layer_changes(2)
    listed = ", ".join(f"{layer} {100 * change.mean():.0f} %" for layer, change in changes.items())
    far = layer_changes(5)
    return (
        f"Of these four {most} changes most and {least} least: {listed} (mean of {len(changes[most]):,} test digits). That "
        f"holds for small shifts. By 5 pixels F6 changes by {100 * far['F6'].mean():.0f} % and the outputs by "
        f"{100 * far['output'].mean():.0f} %."
    )


def _e4() -> str:
    quarter, half = (both_ways(_photo(), "filter", "rotate", degrees, "circular").error for degrees in (90, 180))
    return (
        f"Very different: the difference is {100 * quarter:.0f} % of φ(g x). Sobel x looks for upright edges. In the turned "
        "photo it finds those that were horizontal before; turning the old map brings up those that stood upright. After 180° it "
        f"is even {100 * half:.0f} %: the same edges, all with the other sign."
    )


def _e5() -> str:
    return (
        "With map 1. The turned photo met by the filter in its first turn is, turned as a whole, the photo met by the filter "
        "as it was. So M_g turns every map and moves it on by one place: 0 to 1, 1 to 2, 2 to 3, and 3 to 0."
    )


def _e6() -> str:
    with_group, plain = P4Conv(6, 8, 3).weight.size, Conv2d(24, 32, 3).weight.size
    return (
        f"8·6·4·3·3 = {with_group:,}: each of the 8 filters has a 3×3 part for each of the 6·4 maps it reads. A plain "
        f"convolution from 24 maps to 32 has 32·24·3·3 = {plain:,}, {plain // with_group} times as many. The group convolution "
        "uses each filter in 4 turns: that is weight sharing once more."
    )


def _e7() -> str:
    group = averagings()["row"]
    matrix = np.random.default_rng(0).normal(size=(12, 12))
    last = averaged(matrix, group.inputs, group.outputs)[-1]
    return (
        f"{len(np.unique(last.round(9)))} different numbers instead of {len(np.unique(matrix))}: along each diagonal, which "
        "goes on at the far side, all are the same. That is a convolution: every row is the row above, moved on by one."
    )


def _e8() -> str:
    length = float(np.linalg.norm(squash(np.array([3.0, 4.0]))))
    short = float(np.linalg.norm(squash(np.array([0.06, 0.08]))))
    return (
        f"25/26 = {number(length)}, in the direction it had. A vector of length 0.1 shrinks to 0.01/1.01 = {number(short)}. "
        "So long ones end just below 1, and short ones nearly at 0."
    )


def _check() -> str:
    shift, odd = (both_ways(_photo(), "pool", "translate", by, "circular").error for by in (6, 5))
    return (
        f"By 6 pixels: yes, M_g moves the maps by 3 places; the difference is {number(shift)}. By 5: no; 5 is no multiple of 2. "
        f"With interpolation the difference is {100 * odd:.0f} % on the cameraman. Turned by 90°: no, unless the filter has "
        "four-fold symmetry or comes in all four turns."
    )


YES = ("yes", "no")


def _unchanged() -> str:
    """Which of three representations of the photo is the same after a turn by 90°."""
    photo = _photo()
    turned = move_picture(photo, "rotate", 90, "circular")
    both = both_ways(photo, "filter", "rotate", 90, "circular")
    counts = [np.histogram(each, 256, (0, 256))[0] for each in (photo, turned)]
    same = {
        "the pixels": np.array_equal(photo, turned),
        "the map of upright edges": both.error == 0,
        "the counts of greys": np.array_equal(*counts),
    }
    [name] = [name for name, stays in same.items() if stays]
    return name


def _columns() -> int:
    both = both_ways(_photo(), "filter", "translate", 5, "zero")
    return int((np.abs(both.difference[0]).max(axis=0) > 0).sum())


def _changes_most_and_least() -> tuple[str, str]:
    changes = {layer: change.mean() for layer, change in layer_changes(2).items()}
    return max(changes, key=changes.get), min(changes, key=changes.get)


def _found_again() -> str:
    """Which map of the turned photo is the old map 0, turned."""
    photo = _photo()
    old = np.rot90(correlate(photo, HOOK, padding=1))
    new = [correlate(np.rot90(photo), np.rot90(HOOK, turn), padding=1) for turn in range(4)]
    [found] = [at for at, each in enumerate(new) if np.array_equal(each, old)]
    return f"map {found}"


def _percent(representation: str, motion: str, by: float) -> int:
    return round(100 * both_ways(_photo(), representation, motion, by, "circular").error)


def _different() -> int:
    group = averagings()["row"]
    matrix = np.random.default_rng(0).normal(size=(12, 12))
    return len(np.unique(averaged(matrix, group.inputs, group.outputs)[-1].round(9)))


def _equivariant(motion: str, by: float) -> str:
    return YES[int(both_ways(_photo(), "pool", motion, by, "circular").error > 1e-9)]


GUESSES = {
    "E1": Guess(
        "The photo is turned by 90°. Which of these does not change at all: the pixels, a map of where upright edges are, or the "
        "counts of how many pixels have each grey?",
        Choice(("the pixels", "the map of upright edges", "the counts of greys")),
        _unchanged,
        _e1,
    ),
    "E2": Guess(
        "We shift the photo by 5 pixels to the right; black comes in on the left. φ is a 3×3 filter with zero padding. In how many "
        "of the map's 96 columns do the two ways differ?",
        Number(unit="columns", low=0, high=96),
        _columns,
        _e2,
    ),
    "E3": Guess(
        "A trained LeNet-5 sees a digit, and the same digit moved by 2 pixels. Which of its layers changes most on average, and "
        "which least: C1 (the first convolution), S4 (the second pooling), F6 (fully connected), or the ten outputs?",
        (Choice(tuple(LAYERS), "Most"), Choice(tuple(LAYERS), "Least")),
        _changes_most_and_least,
        _e3,
    ),
    "E4": Guess(
        "The photo is turned by 90°, and φ is Sobel x. How large is the difference between φ(g x) and M_g φ(x), as a share of "
        "φ(g x), if M_g turns the map by 90°? And for a turn by 180°?",
        (Number("90°", "%", low=0, near=0.1), Number("180°", "%", low=0, near=0.1)),
        lambda: (_percent("filter", "rotate", 90), _percent("filter", "rotate", 180)),
        _e4,
    ),
    "E5": Guess(
        "Map 0 belongs to the filter as it is, map 1 to the filter turned once, and so on. We turn the photo by 90°. With which "
        "map of the turned photo does the old map 0 agree, once it is turned?",
        Choice(("map 0", "map 1", "map 2", "map 3")),
        _found_again,
        _e5,
    ),
    "E6": Guess(
        "A group convolution on p4 reads 6 channels (so 6·4 maps), gives 8 channels (8·4 maps) and has 3×3 filters. How many "
        "weights does it have? How many has a plain convolution from 24 maps to 32?",
        (Number("On p4", "weights", times=True), Number("Plain", "weights", times=True)),
        lambda: (P4Conv(6, 8, 3).weight.size, Conv2d(24, 32, 3).weight.size),
        _e6,
    ),
    "E7": Guess(
        "A 12×12 matrix of random numbers is averaged over all 12 shifts. How many different numbers are left in it?",
        Number(unit="numbers", low=1, high=144),
        _different,
        _e7,
    ),
    "E8": Guess(
        "Squash takes the vector (3, 4), which has length 5. How long is what comes out? And of a vector of length 0.1?",
        (Number("Length 5", low=0, near=0.02), Number("Length 0.1", low=0, near=0.02, times=True)),
        lambda: tuple(float(np.linalg.norm(squash(np.array(each)))) for each in ([3.0, 4.0], [0.06, 0.08])),
        _e8,
    ),
    "E check": Guess(
        "φ is a 3×3 convolution with circular border, ReLU and max pooling 2×2. Is it equivariant to a shift by 6 pixels? By 5? To "
        "a turn by 90°? What is M_g in each case?",
        (Choice(YES, "6 pixels"), Choice(YES, "5 pixels"), Choice(YES, "90°")),
        lambda: (_equivariant("translate", 6), _equivariant("translate", 5), _equivariant("rotate", 90)),
        _check,
        lead="Check yourself.",
    ),
}  # fmt: skip
