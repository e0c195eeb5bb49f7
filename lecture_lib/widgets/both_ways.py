"""Both ways round: a picture moved and then represented, or represented and then moved, and where the two differ."""

import math
from functools import cache

import ipywidgets
import numpy as np

from .. import figures, style
from ..arguments import boolean, one_of, real, shown
from ..chapters.equivariance.moving import MOVES, REPRESENTATIONS, both_ways, distance_to_border, move_picture
from ..data import grey_square, load_digits, photo_names
from ..filters import BORDERS
from ..probes import BothWays
from ..shapes import ShapeError
from .view import Explorer, View, control_row, menu, muted, pack, set_stops, stops

SIDE = 96
DIGITS = ("digit 7", "digit 2", "digit 1", "digit 0", "digit 4")
"""The first official test digits."""
ROUNDING = 1e-12  # as a share of what is compared


@cache
def _picture(name: str) -> np.ndarray:
    """A photo, grey (96, 96), or a digit (28, 28), as float64 from 0 to 255: with whole numbers, sums are exact."""
    if name in DIGITS:
        return load_digits("test")[0][DIGITS.index(name)].astype(float)
    return grey_square(name, SIDE).astype(float)


def level_text(move: str, level: float) -> str:
    """A stop of the slider.

    >>> level_text("translate", -1.5), level_text("reflect", 1)
    ('−1.5 px', 'mirrored')
    """
    if move == "reflect":
        return "mirrored" if level else "as it is"
    return f"{style.number(level)}{'' if MOVES[move].unit == '°' else ' '}{MOVES[move].unit}"


def tiles(maps: np.ndarray) -> np.ndarray:
    """Maps (C, h, w) as one picture; a vector as rows of numbers.

    >>> tiles(np.ones((10, 1, 1))).shape, tiles(np.ones((4, 8, 8))).shape
    ((2, 5), (17, 17))
    """
    count, h, w = maps.shape
    if h * w == 1:
        columns = max(each for each in range(1, 13) if count % each == 0 and each * each <= 3 * count)
        return maps.reshape(-1, columns)
    columns = math.ceil(math.sqrt(count))
    return figures.mosaic(maps, columns, 1 if h < 40 else 2)


def size_text(both: BothWays) -> str:
    """The size of the difference in a word."""
    if both.error == 0:
        return "exactly 0"
    return style.tiny(both.error) if both.error <= ROUNDING else f"{100 * both.error:.0f} %"


def describe(both: BothWays, reach: float) -> str:
    """How large the difference is and where, in words.

    Args:
        reach: how many places from the border a difference may come from the border alone.
    """
    apart, most = np.abs(both.difference).max(axis=0), np.abs(both.moved_before).max()
    if not apart.any():
        return "The difference is exactly 0: both ways lead to the same."
    if both.error <= ROUNDING:
        return f"The difference is {style.tiny(both.error)} of φ(g x): nothing but rounding."
    text = f"The difference is {100 * both.error:.0f} % of φ(g x)"
    differ = apart > ROUNDING * most
    if apart.size == 1:
        return text + "."
    inside = distance_to_border(apart.shape) >= reach
    if inside.any() and not differ[inside].any():
        return text + f", and all of it is at the border: farther than {math.ceil(reach)} places inside there is none."
    return text + f"; {100 * differ.mean():.0f} % of the places differ, from border to border."


def _panels(size: str) -> list[dict]:
    grid = {"kind": "grid", "size": False, "share": 1}
    return [
        {**grid, "array": "x", "title": "x", "share": 0.72},
        {**grid, "array": "moved", "title": "g x", "share": 0.72, "sign": "→"},
        {**grid, "array": "before", "title": "φ(g x)", "sign": "−"},
        {**grid, "array": "after", "title": "M_g φ(x)", "sign": "="},
        {**grid, "kind": "framed", "array": "difference", "title": f"difference: {size}"},
    ]


def _packed(array: np.ndarray, role: str, limit: tuple[float, float]) -> dict[str, object]:
    """Tiles are coloured here, with a grey between them that is no value of a map."""
    if not np.isnan(array).any():
        return pack(array, role, limit)
    return pack(figures.tile_colours(array, role, limit), "rgb")


class BothWaysExplorer(Explorer):
    """See :func:`both_ways_round`."""

    def __init__(self, picture: str, representation: str, move: str, level: float | None, border: str, whole: bool):
        pictures = [*photo_names(), *DIGITS]
        names = [(each.label, name) for name, each in REPRESENTATIONS.items()]
        self.picture = menu("Picture x", pictures, picture)
        self.representation = menu("φ", names, representation, "the representation", "320px")
        self.move = menu("g", [(each.label, name) for name, each in MOVES.items()], move, "what happens to the picture")
        self.border = menu(
            "Border", [("zero", "zero"), ("circular", "circular")], border, "what is outside the picture"
        )
        rounding = [("interpolated between places", False), ("to the nearest place", True)]
        self.whole = menu("M_g shifts", rounding, whole, "where a shift by half a place goes", "320px")
        start = MOVES[move].start if level is None else level
        if real("level", start) not in MOVES[move].levels:
            raise ShapeError(f"level={shown(level)}: must be one of the stops of {move}")
        self.level = stops("How far", self._stops(), start, "how far g moves the picture")
        view = View(height=280, hover=False)
        row = control_row(self.picture, self.representation, self.border, self.move, self.whole, self.level)
        alt = "A picture x, moved: g x; its representation φ(g x), the moved representation M_g φ(x), and their difference."
        super().__init__(view, [row], alt, self._draw_still)
        # Not linked with a rest, as Python draws every stop: the arrow keys in the picture move the slider.
        view.extent, view.col = [1, len(self.level.options)], self.level.index
        self.owned.append(ipywidgets.jslink((self.level, "index"), (view, "col")))
        self._compute()
        for control in (self.picture, self.representation, self.border, self.whole, self.level):
            control.observe(self._compute, "value")
        self.move.observe(self._on_move, "value")

    def _stops(self) -> list[tuple[str, float]]:
        return [(level_text(self.move.value, each), each) for each in MOVES[self.move.value].levels]

    def _on_move(self, _) -> None:
        levels, start = MOVES[self.move.value].levels, MOVES[self.move.value].start
        with muted(self._compute, [self.level]):
            self.view.extent = [1, max(self.view.extent[1], len(levels))]  # no stop is out of reach meanwhile
            set_stops(self.level, self._stops(), levels.index(start))
            self.view.col = self.level.index
            self.view.extent = [1, len(levels)]
        self._compute()

    def _compute(self, _=None) -> None:
        name, move, level = self.representation.value, self.move.value, self.level.value
        if level not in MOVES[move].levels:  # an interrupt came between the new move and its stops
            self._on_move(None)
            return
        x, which = _picture(self.picture.value), REPRESENTATIONS[name]
        self.whole.disabled = move != "translate" or not which.places
        try:
            both = both_ways(x, name, move, level, self.border.value, self.whole.value)
        except ShapeError:
            self.view.problem = "LeNet-5 reads digits of 28×28 pixels: choose a digit as picture."
            return
        moved = move_picture(x, move, level, self.border.value)
        shift = abs(level) / which.stride if move == "translate" else 0
        text = f"g: {MOVES[move].label}, {level_text(move, level)}. {describe(both, shift + 2)}"
        if not which.places:
            text += " A vector has no places to move, so M_g leaves it as it is: this asks for invariance."
        maps = [tiles(each) for each in (both.moved_before, both.moved_after, both.difference)]
        roles = ("map", "map", "difference")
        limit = pack(maps[0][np.isfinite(maps[0])], "map")["limit"]
        self.shown = {
            "x": x,
            "g x": moved,
            "φ(g x)": maps[0],
            "M_g φ(x)": maps[1],
            f"difference: {size_text(both)}": maps[2],
        }
        with self.view.hold_sync():
            self.view.problem, self.view.panels = "", _panels(size_text(both))
            self.view.arrays = {
                "x": pack(x, "image", (0, 255)), "moved": pack(moved, "image", (0, 255)),
            } | {
                name: _packed(array, role, limit)
                for name, array, role in zip(("before", "after", "difference"), maps, roles, strict=True)
            }  # fmt: skip
            self.view.text = text
            self.view.label = self.alt = (
                f"The picture {self.picture.value} and the same moved ({MOVES[move].label}); what {which.label} makes of "
                "the moved picture; what it makes of the picture, moved afterwards; and the difference of the two."
            )

    def _draw_still(self):
        return figures.draw_difference(self.shown)


def both_ways_round(
    picture: str = "camera", representation: str = "filter", move: str = "translate", level: float | None = None, *,
    border: str = "circular", whole: bool = False,
) -> BothWaysExplorer:  # fmt: skip
    """Explorer of equivariance: φ(g x) beside M_g φ(x), and their difference.

    Args:
        picture: a name from :func:`lecture_lib.data.photo_names`, or one of :data:`DIGITS`.
        representation: a name of :data:`lecture_lib.equivariance.REPRESENTATIONS`.
        move: a name of :data:`lecture_lib.equivariance.MOVES`. level: one of its stops; None shows something.
        border: "zero" or "circular".
        whole: whether M_g rounds a shift to whole places.

    Raises:
        ValueError: a name is unknown.
        ShapeError: ``level`` is none of the stops, or the representation does not take such pictures.
    """
    whole = boolean("whole", whole)
    one_of("picture", picture, (*photo_names(), *DIGITS))
    one_of("representation", representation, REPRESENTATIONS)
    one_of("move", move, MOVES)
    one_of("border", border, [each for each in BORDERS if each != "reflect"])
    if REPRESENTATIONS[representation].side and picture not in DIGITS:
        raise ShapeError(f"picture={shown(picture)}: must be one of {', '.join(DIGITS)}, for {representation}")
    return BothWaysExplorer(picture, representation, move, level, border, whole)
