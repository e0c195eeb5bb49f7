"""Both ways round: a picture moved and then represented, or represented and then moved, and where the two differ."""

import math
from functools import cache

import numpy as np

from ... import style
from ...arguments import boolean, one_of, real, shown
from ...data import grey_square, load_digits, photo_names
from ...explore import Choice, Explorer, Numbers, Options, Slider, mosaic, pack, tile_colours
from ...filters import BORDERS
from ...shapes import ShapeError
from .moving import MOVES, REPRESENTATIONS, both_ways, distance_to_border, move_picture
from .ways import BothWays

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
    """How far a picture is moved.

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
    return mosaic(maps, columns, 1 if h < 40 else 2)


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
    grid = {"kind": "grid", "size": False}
    return [
        {**grid, "array": "x", "title": "x", "share": 0.72},
        {**grid, "array": "moved", "title": "g x", "share": 0.72, "sign": "→"},
        {**grid, "array": "before", "title": "φ(g x)", "sign": "−"},
        {**grid, "array": "after", "title": "M_g φ(x)", "sign": "="},
        {**grid, "array": "difference", "title": f"difference: {size}", "frame": True},
    ]


def _packed(array: np.ndarray, role: str, limit: tuple[float, float]) -> dict[str, object]:
    """Tiles are coloured here, with a grey between them that is no value of a map."""
    if not np.isnan(array).any():
        return pack(array, role, limit)
    return pack(tile_colours(array, role, limit), "rgb")


def _compared(
    picture: str, representation: str, move: str, level: float, border: str, whole: bool
) -> dict[str, object]:
    """What there is to see of one setting.

    Raises:
        ShapeError: the representation does not take such a picture.
    """
    x, which = _picture(picture), REPRESENTATIONS[representation]
    if which.side and picture not in DIGITS:
        raise ShapeError("LeNet-5 reads digits of 28×28 pixels: choose a digit as picture")
    both = both_ways(x, representation, move, level, border, whole)
    shift = abs(level) / which.stride if move == "translate" else 0
    text = f"g: {MOVES[move].label}, {level_text(move, level)}. {describe(both, shift + 2)}"
    if not which.places:
        text += " A vector has no places to move, so M_g leaves it as it is: this asks for invariance."
    maps = [tiles(each) for each in (both.moved_before, both.moved_after, both.difference)]
    limit = pack(maps[0][np.isfinite(maps[0])], "map")["limit"]
    pictures = {"x": x, "moved": move_picture(x, move, level, border)}
    roles = {"before": "map", "after": "map", "difference": "difference"}
    return {
        "arrays": {name: pack(each, "image", (0, 255)) for name, each in pictures.items()}
        | {name: _packed(each, role, limit) for each, (name, role) in zip(maps, roles.items(), strict=True)},
        "panels": _panels(size_text(both)), "sentence": text, "arrows": (None, move),
        "about": (
            f"The picture {picture} and the same moved ({MOVES[move].label}); what {which.label} makes of "
            "the moved picture; what it makes of the picture, moved afterwards; and the difference of the two."
        ),
    }  # fmt: skip


def _answer(explorer: Explorer, names: set[str]) -> None:
    move = explorer.value("move")
    explorer.update(arrows=(None, move))
    setting = [explorer.value(name) for name in ("picture", "representation", "move", move, "border", "whole")]
    explorer.update(problem="", **_compared(*setting))


def _levels(move: str, start: float) -> Numbers | Options:
    """How far a picture can be moved. Each move has an index of its own, and keeps its place while others are looked at."""
    levels = MOVES[move].levels
    if move == "reflect":
        return Options(levels, start, labels=[level_text(move, each) for each in levels], python=True)
    return Numbers(levels[0], levels[-1], start, round(levels[1] - levels[0], 9), python=True)


def both_ways_round(
    picture: str = "camera", representation: str = "filter", move: str = "translate", level: float | None = None, *,
    border: str = "circular", whole: bool = False,
) -> Explorer:  # fmt: skip
    """Explorer of equivariance: φ(g x) beside M_g φ(x), and their difference.

    Args:
        picture: a name from :func:`lecture_lib.data.photo_names`, or one of :data:`DIGITS`.
        representation: a name of :data:`lecture_lib.chapters.equivariance.moving.REPRESENTATIONS`.
        move: a name of :data:`lecture_lib.chapters.equivariance.moving.MOVES`. level: one of its stops; None shows something.
        border: "zero" or "circular".
        whole: whether M_g rounds a shift to whole places.

    Raises:
        ValueError: a name is unknown.
        ShapeError: ``level`` is none of the stops, or the representation does not take such pictures.

    >>> both_ways_round("digit 7", "F6", "rotate").value("rotate")
    90
    """
    whole = boolean("whole", whole)
    pictures, borders = [*photo_names(), *DIGITS], [each for each in BORDERS if each != "reflect"]
    one_of("picture", picture, pictures)
    one_of("representation", representation, REPRESENTATIONS)
    one_of("move", move, MOVES)
    one_of("border", border, borders)
    if REPRESENTATIONS[representation].side and picture not in DIGITS:
        raise ShapeError(f"picture={shown(picture)}: must be one of {', '.join(DIGITS)}, for {representation}")
    starts = {name: each.start for name, each in MOVES.items()}
    if level is not None:
        starts[move] = real("level", level)
    if starts[move] not in MOVES[move].levels:
        raise ShapeError(f"level={shown(level)}: must be one of the stops of {move}")
    places = [at for at, each in enumerate(REPRESENTATIONS.values()) if each.places]
    here = {name: {"move": [at]} for at, name in enumerate(MOVES)}
    return Explorer(
        "Both ways round",
        indices={
            "picture": Options(pictures, picture, python=True),
            "representation": Options(
                list(REPRESENTATIONS), representation, [each.label for each in REPRESENTATIONS.values()], python=True
            ),
            "border": Options(borders, border, python=True),
            "move": Options(list(MOVES), move, [each.label for each in MOVES.values()], python=True),
            "whole": Options(
                [False, True], whole, ["interpolated between places", "to the nearest place"], python=True
            ),
        } | {name: _levels(name, start) for name, start in starts.items()},
        controls=[
            Choice("representation", "φ", "the representation"),
            Choice("move", "g", "what happens to the picture"),
            *(Slider(name, f"How far, {each.unit}", "how far g moves the picture", when=here[name])
              for name, each in MOVES.items() if name != "reflect"),
            Choice("reflect", "How far", "whether g mirrors the picture", when=here["reflect"]),
            Choice("picture", "Picture x"),
            Choice("border", "Border", "what is outside the picture"),
            Choice("whole", "M_g shifts", "where a shift by half a place goes",
                   when=here["translate"] | {"representation": places}, why="only where a shift moves places"),
        ],
        hover=False, height=280, answer=_answer,
        **_compared(picture, representation, move, starts[move], border, whole),
    )  # fmt: skip
