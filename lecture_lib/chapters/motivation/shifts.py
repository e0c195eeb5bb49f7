"""What trained nets still read: of digits that have moved, and of digits whose pixels are shuffled."""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from ...experiments import Computed, Data, Experiment, accuracy_by, mean_and_spread
from ...explore import Choice, Explorer, Numbers, Options, Picture, Play, Say, Slider, curves, draw_bars, pack
from ...layers import Layer
from ...style import look
from ...transforms import shuffle_pixels, translate
from .figures import draw_shift_maps
from .shifted_digit import CLASSES, MOST_NETS, shifted_digit, shifted_verdicts
from .trainings import movable_digits, opening_race, pooled_race, prepare, shift_race, shuffled_race

REACH = 8  # pixels: so far a digit with its frame stays whole
SHIFTS = range(-REACH, REACH + 1)
Move = Callable[[np.ndarray, int], np.ndarray]
DIRECTIONS: dict[str, Move] = {
    "left or right": lambda images, by: translate(images, 0, by),
    "up or down": lambda images, by: translate(images, by, 0),
}
_WAYS = {"left or right": ("to the left", "to the right"), "up or down": ("up", "down")}


def _some(count: int) -> Data:
    images, labels = movable_digits()
    return images[:count], labels[:count]


def _first_nets(races: tuple[Experiment, ...]) -> dict[str, Layer]:
    """Of each kind of net the one with the first seed."""
    return {name: nets[0] for race in races for name, nets in race.nets.items()}


@cache
def _moved(direction: str, by: int, count: int) -> np.ndarray:
    """So many test digits, moved: once for all nets."""
    return DIRECTIONS[direction](_some(count)[0], by)


def shift_accuracy(race: Experiment, shifts: range | tuple[int, ...] = SHIFTS) -> dict[str, np.ndarray]:
    """Percent of 200 test digits that each kind of net reads, name → (seeds, directions, shifts).

    >>> shift_accuracy(shift_race(), (0,))["CNN"].shape
    (5, 2, 1)
    """
    data = _some(200)
    return {
        name: 100 * np.array([
            [accuracy_by(net, data, lambda _, by, way=way: _moved(way, by, 200), shifts, prepare=prepare) for way in DIRECTIONS]
            for net in nets
        ])
        for name, nets in race.nets.items()
    }  # fmt: skip


def moved_by(pixels: int) -> dict[str, float]:
    """Percent that the recorded nets of M2 read of digits that have moved so far: the mean of all ways and seeds."""
    return {name: float(found.mean()) for name, found in shift_accuracy(shift_race(), (-pixels, pixels)).items()}


def first_look() -> Explorer:
    """Explorer of a trained, fully connected network and ten digits to drag; it starts with a 2, and fits a first screen."""
    net, name = shift_race().nets["MLP"][0], "The network says"
    known = {name: verdicts_known({"MLP": net})["MLP"]}
    return shifted_digit({name: net}, *_ten(), prepare=prepare, digit=2, height=266, known=known)


def _ten() -> Data:
    """One digit of each class."""
    images, labels = movable_digits()
    first = [int(np.flatnonzero(labels == digit)[0]) for digit in range(10)]
    return images[first], labels[first]


def moved_digits(*races: Experiment) -> Explorer:
    """Explorer of ten digits to drag and of what nets of ``races`` say to them, each with its first seed; the first three."""
    nets = dict(list(_first_nets(races).items())[:MOST_NETS])
    return shifted_digit(nets, *_ten(), prepare=prepare, digit=5, known=verdicts_known(nets))


def _recorded_nets() -> dict[str, Layer]:
    return _first_nets((shift_race(), pooled_race()))


def _verdicts() -> dict[str, np.ndarray]:
    return {
        "verdicts": np.stack([shifted_verdicts(net, _ten()[0], REACH, prepare) for net in _recorded_nets().values()])
    }


VERDICTS = Computed(
    "motivation_moved_digits", _verdicts, {"verdicts": (MOST_NETS, CLASSES, len(SHIFTS), len(SHIFTS), CLASSES)}
)
"""What MLP, CNN and pooled CNN, as recorded, say to one digit of each class at every shift; no reader waits for it."""


def verdicts_known(nets: Mapping[str, Layer]) -> dict[str, np.ndarray]:
    """Of :data:`VERDICTS` those of the nets that are as they were recorded, to the last bit."""

    def as_they_are(net: Layer) -> tuple[str, list[bytes]]:
        return repr([net, *getattr(net, "layers", {}).items()]), [net.value(each).tobytes() for each in net.state()]

    recorded = _recorded_nets()
    found = dict(zip(recorded, VERDICTS.arrays()["verdicts"], strict=True))
    return {
        name: found[name]
        for name, net in nets.items()
        if name in found and as_they_are(net) == as_they_are(recorded[name])
    }


def shift_curves(race: Experiment) -> Explorer:
    """Explorer of the accuracy at each shift, with a band for the spread over the seeds, beside a digit that moves along."""
    found = {name: mean_and_spread(each) for name, each in shift_accuracy(race).items()}
    digit = _ten()[0][2]
    moved = np.stack([[move(digit, by) for by in SHIFTS] for move in DIRECTIONS.values()])
    arrays, traces = {"shifts": pack(np.array(SHIFTS), "curve"), "moved": pack(moved, "image")}, []
    for at, (name, (mean, spread)) in enumerate(found.items()):
        for key, values in (("mean", mean), ("low", mean - spread), ("high", mean + spread)):
            arrays[f"{key} {at}"] = pack(values, "curve")
        traces.append({"label": name, **look(at), "x": "shifts", "y": f"mean {at}", "low": f"low {at}", "high": f"high {at}",
                       "at": ["direction"]})  # fmt: skip
    read = {name: mean for name, (mean, _) in found.items()}
    said = [[_said(read, at, way, by) for by in SHIFTS] for at, way in enumerate(DIRECTIONS)]
    about = "; ".join(
        f"{name}: {mean[:, REACH].mean():.0f} % where they stood, {mean[:, [REACH - 4, REACH + 4]].mean():.0f} % moved by 4 pixels"
        for name, mean in read.items()
    )
    return Explorer(
        "How many digits are still read?",
        f"A digit that moves, and curves of the accuracy in percent against the shift in pixels. {about}.",
        indices={"direction": Options(list(DIRECTIONS)), "shift": Numbers(-REACH, REACH, 0)},
        arrows=(None, "shift"),
        controls=[
            Play("shift", interval=300), Slider("shift", "Shift", "pixels to the right or down; negative is to the left or up"),
            Choice("direction", "Move"),
        ],
        arrays=arrays,
        panels=[
            {"kind": "grid", "array": "moved", "at": ["direction", "shift"], "title": "one of the digits", "size": False},
            {"kind": "plot", "title": "accuracy at each shift", "cursor": "shift", "traces": traces,
             "xlabel": "shift in pixels", "ylabel": "% right", "x": [-REACH, REACH], "y": [0, 100], "share": 2},
        ],
        sentence=[Say([[bold for bold, _ in row] for row in said], at=["direction", "shift"], tag="b"),
                  Say([[rest for _, rest in row] for row in said], at=["direction", "shift"])],
    )  # fmt: skip


def _said(read: dict[str, np.ndarray], at: int, direction: str, by: int) -> tuple[str, str]:
    """What is read at one shift, in words: what counts, and the rest."""
    where = "Where they stood" if by == 0 else f"Moved by {abs(by)} {_WAYS[direction][by > 0]}"
    counts = ", ".join(f"{name} {mean[at, by + REACH]:.0f} %" for name, mean in read.items())
    return f"{where}: {counts} right. ", "Of 200 test digits, the mean of the seeds; the bands are their spread."


def every_shift(*races: Experiment) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Share of 80 test digits that the first net of each kind reads at every shift in both directions: name → (down, right),
    and the shifts."""
    grid = np.arange(-REACH, REACH + 1, 2)
    digits, labels = _some(80)
    moved = {(down, right): translate(digits, down, right) for down in grid for right in grid}
    maps = {
        name: accuracy_by(net, (digits, labels), lambda _, by: moved[by], list(moved), prepare=prepare)
        for name, net in _first_nets(races).items()
    }
    return {name: each.reshape(len(grid), -1) for name, each in maps.items()}, grid


def draw_every_shift(*races: Experiment) -> Picture:
    """Maps of :func:`every_shift`."""
    return draw_shift_maps(*every_shift(*races))


def order_accuracy(in_order: Experiment, shuffled: Experiment) -> dict[str, np.ndarray]:
    """Percent of 1000 test digits that each kind of net reads, with pixels in order and shuffled as it was trained.

    Returns:
        name → (2, seeds), in order before shuffled.
    """
    images, labels = _some(1000)
    both = ((in_order, images), (shuffled, shuffle_pixels(images, seed=0)))

    def right(net: Layer, given: np.ndarray) -> float:
        return accuracy_by(net, (given, labels), lambda images, _: images, [None], prepare=prepare)[0]

    return {
        name: np.array([[100 * right(net, given) for net in race.nets[name]] for race, given in both])
        for name in in_order.nets
        if name in shuffled.nets
    }


def draw_order(in_order: Experiment, shuffled: Experiment) -> Picture:
    """Bars of :func:`order_accuracy`: the mean of the seeds, and in words their spread."""
    bars = [
        {"label": f"{name}, pixels {how}", "value": mean, "text": f"{mean:.1f} ± {spread:.1f} % right",
         **({"role": "total"} if how == "shuffled" else {})}
        for name, both in order_accuracy(in_order, shuffled).items()
        for how, mean, spread in zip(("in order", "shuffled"), *mean_and_spread(both, axis=1), strict=True)
    ]  # fmt: skip
    return Picture(draw_bars(bars), "; ".join(f"{bar['label']}: {bar['text']}" for bar in bars) + ".")


def likeness(photo: np.ndarray, apart: int) -> float:
    """How alike pixels of a photo (H, W) are that stand so many columns apart: their correlation, 1 to −1."""
    return float(np.corrcoef(photo[:, :-apart].ravel(), photo[:, apart:].ravel())[0, 1])


def likeness_curves(photo: np.ndarray, shuffled: np.ndarray) -> Explorer:
    """Explorer of :func:`likeness` against the distance, for a photo (H, W) and for its pixels in another order."""
    apart = np.arange(1, 202, 4)
    alike = {
        name: np.array([likeness(image, each) for each in apart]).round(2)
        for name, image in (("photo", photo), ("its pixels, shuffled", shuffled))
    }
    return curves(
        apart, alike, xlabel="pixels apart", ylabel="correlation", limits=(-0.1, 1),
        alt=f"Correlation of pixels against their distance. The photo: {alike['photo'][0]} beside each other, "
        f"{alike['photo'][-1]} at {apart[-1]} pixels. Shuffled: {alike['its pixels, shuffled'][0]} beside each other.",
    )  # fmt: skip


COMPUTED = (VERDICTS,)
"""What is recorded beside the trainings."""

MEASURED = (
    lambda: shift_accuracy(shift_race()),
    lambda: shift_accuracy(pooled_race(), (-4, -2, 0, 2, 4, 8)),
    lambda: every_shift(shift_race(), pooled_race()),
    lambda: order_accuracy(shift_race(), shuffled_race()),
    lambda: shift_accuracy(opening_race()),
)
"""What the notebook and the lecture ask of recorded nets; recorded, too."""
