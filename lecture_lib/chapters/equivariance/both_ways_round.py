"""Both ways round: a picture moved and then represented, or represented and then moved, and where the two differ."""

import math
from functools import cache

import numpy as np

from ... import style
from ...arguments import boolean, one_of, real, shown
from ...data import grey_square, photo_names
from ...explore import Choice, Explorer, Numbers, Options, Say, Slider, mosaic, pack
from ...filters import BORDERS
from ...shapes import ShapeError
from .moving import MOVES, REPRESENTATIONS, both_ways, distance_to_border, move_picture
from .ways import BothWays

SIDE = 96
KERNELS_SHOWN = [pack(each.kernel, "weight") for each in REPRESENTATIONS.values()]
GAP = 4  # pixels between a picture and the moved one
ROUNDING = 1e-12  # as a share of what is compared


@cache
def _picture(name: str) -> np.ndarray:
    """A photo, grey (96, 96), as float64 from 0 to 255: with whole numbers, sums are exact."""
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
    """Maps (C, h, w) as one picture, with gaps of NaN between them.

    >>> tiles(np.ones((4, 8, 8))).shape
    (17, 17)
    """
    count, h, _ = maps.shape
    return mosaic(maps, math.ceil(math.sqrt(count)), 1 if h < 40 else 4)


def size_text(both: BothWays) -> str:
    """The size of the difference in a word."""
    if both.error == 0:
        return "exactly 0"
    return style.tiny(both.error) if both.error <= ROUNDING else f"{100 * both.error:.0f} %"


def describe(both: BothWays, reach: float) -> tuple[str, str]:
    """How large the difference is, and what that means or where it is, in words.

    Args:
        reach: how many places from the border a difference may come from the border alone.
    """
    apart, most = np.abs(both.difference).max(axis=0), np.abs(both.moved_before).max()
    if not apart.any():
        return "The difference is exactly 0", ": both ways lead to the same."
    if both.error <= ROUNDING:
        return f"The difference is {style.tiny(both.error)} of φ(g x)", ": nothing but rounding."
    text = f"The difference is {100 * both.error:.0f} % of φ(g x)"
    differ = apart > ROUNDING * most
    inside = distance_to_border(apart.shape) >= reach
    if inside.any() and not differ[inside].any():
        return text, f", and all of it is at the border: farther than {math.ceil(reach)} places inside there is none."
    return text, f"; {100 * differ.mean():.0f} % of the places differ, from border to border."


def _panels(size: str) -> list[dict]:
    grid = {"kind": "grid", "size": False, "gaps": True}
    return [
        {**grid, "array": "pictures", "title": "x and g x", "share": 0.5, "sign": "→"},
        {**grid, "array": "before", "title": "φ(g x)", "sign": "−"},
        {**grid, "array": "after", "title": "φ(x), then moved", "sign": "="},
        {**grid, "array": "difference", "title": f"difference: {size}", "frame": True},
    ]


def _compared(
    picture: str, representation: str, move: str, level: float, border: str, whole: bool
) -> dict[str, object]:
    """What there is to see of one setting."""
    x, which = _picture(picture), REPRESENTATIONS[representation]
    both = both_ways(x, representation, move, level, border, whole)
    shift = abs(level) / which.stride if move == "translate" else 0
    finding, rest = describe(both, shift + 2)
    maps = [tiles(each) for each in (both.moved_before, both.moved_after, both.difference)]
    limit = pack(maps[0][np.isfinite(maps[0])], "map")["limit"]
    pictures = mosaic(np.stack([x, move_picture(x, move, level, border)]), 1, GAP, 255)
    roles = {"before": "map", "after": "map", "difference": "difference"}
    return {
        "arrays": {"pictures": pack(pictures, "image", (0, 255)), "kernels": KERNELS_SHOWN}
        | {name: pack(each, role, limit) for each, (name, role) in zip(maps, roles.items(), strict=True)},
        "panels": _panels(size_text(both)),
        "sentence": [Say(finding, tag="strong"), f"{rest} g: {MOVES[move].label}, {level_text(move, level)}."],
        "arrows": (None, move),
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
        picture: a name from :func:`lecture_lib.data.photo_names`.
        representation: a name of :data:`lecture_lib.chapters.equivariance.moving.REPRESENTATIONS`.
        move: a name of :data:`lecture_lib.chapters.equivariance.moving.MOVES`. level: one of its stops; None shows something.
        border: "zero" or "circular".
        whole: whether M_g rounds a shift to whole places.

    Raises:
        ValueError: a name is unknown.
        ShapeError: ``level`` is none of the stops.

    >>> both_ways_round("coffee", "p4", "rotate").value("rotate")
    90
    """
    whole = boolean("whole", whole)
    pictures, borders = photo_names(), [each for each in BORDERS if each != "reflect"]
    one_of("picture", picture, pictures)
    one_of("representation", representation, REPRESENTATIONS)
    one_of("move", move, MOVES)
    one_of("border", border, borders)
    starts = {name: each.start for name, each in MOVES.items()}
    if level is not None:
        starts[move] = real("level", level)
    if starts[move] not in MOVES[move].levels:
        raise ShapeError(f"level={shown(level)}: must be one of the stops of {move}")
    strided = [at for at, each in enumerate(REPRESENTATIONS.values()) if each.stride > 1]
    here = {name: {"move": [at]} for at, name in enumerate(MOVES)}
    return Explorer(
        "Both ways round",
        indices={
            "picture": Options(pictures, picture, python=True),
            "representation": Options(
                list(REPRESENTATIONS), representation, [each.chip for each in REPRESENTATIONS.values()], python=True
            ),
            "border": Options(borders, border, python=True),
            "move": Options(list(MOVES), move, [each.label for each in MOVES.values()], python=True),
            "whole": Options(
                [False, True], whole, ["interpolated between places", "to the nearest place"], python=True
            ),
        } | {name: _levels(name, start) for name, start in starts.items()},
        controls=[
            Choice("representation", "φ", "the representation", pictures="kernels"),
            Choice("move", "g", "what happens to the picture"),
            *(Slider(name, f"How far, {each.unit}", "how far g moves the picture", when=here[name])
              for name, each in MOVES.items() if name != "reflect"),
            Choice("reflect", "How far", "whether g mirrors the picture", when=here["reflect"]),
            Choice("picture", "Picture x"),
            Choice("border", "Border", "what is outside the picture"),
            Choice("whole", "M_g shifts", "where a shift by half a place goes", when=here["translate"] | {"representation": strided}),
        ],
        hover=False, answer=_answer,
        **_compared(picture, representation, move, starts[move], border, whole),
    )  # fmt: skip
