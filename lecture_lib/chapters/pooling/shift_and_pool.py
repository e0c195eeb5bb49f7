"""Pooling while the picture moves: a feature map and what is left of it, beside each other."""

from functools import cache

import numpy as np

from ...arguments import one_of
from ...data import grey_square, photo_names
from ...explore import Choice, Explorer, Options, Say, Slider, pack
from ...filters import KERNELS, correlate
from ...shapes import ShapeError
from ...transforms import elastic, translate
from .robustness import downsample, relative_change

MOVES = {"shift": np.arange(0, 8.5, 0.5), "bend": np.arange(0, 4.25, 0.25)}
"""How a photo moves → how far, in pixels; as many stops for each."""
SIZES = (2, 4, 8)
_SHOWN = ("maps", "change")
_TITLES = {"none": "not pooled", "max": "max", "average": "average", "stride": "stride"}
SCALE = (0, 600)
"""Of every map, whatever the photo: black and white."""
_MARGIN = 16  # pixels of the photo around what is seen; no move is longer


@cache
def _moved_maps(photo: str, move: str) -> np.ndarray:
    """The 64×64 feature map of a photo at each stop of the slider, float32; a border moves in, no black."""
    middle = slice(80 - 33 - _MARGIN, 80 + 33 + _MARGIN)
    wide = grey_square(photo, 160).astype(float)[middle, middle]
    inside = slice(_MARGIN, -_MARGIN)
    maps = []
    for level in MOVES[move]:
        moved = translate(wide, 0, level, "nearest") if move == "shift" else elastic(wide, level, 0, border="nearest")
        maps.append(np.maximum(correlate(moved[inside, inside], KERNELS["sobel_x"].weights), 0))
    return np.array(maps, np.float32)


def _level(move: str) -> Options:
    return Options(MOVES[move], MOVES[move][2], labels=[f"{level:g} px" for level in MOVES[move]])


def _finding(changes: dict[str, float]) -> str:
    """What the numbers say of one stop of the slider."""
    if not any(changes.values()):
        return "Nothing has moved yet. "
    less = [_TITLES[kind] for kind in ("max", "average", "stride") if changes[kind] < changes["none"]]
    return f"Less than the map that is not pooled changes: {', '.join(less) or 'none of the three'}. "


def _pooled(photo: str, move: str, size: int, shown: str) -> dict[str, object]:
    """What there is to see of a photo at every stop of the slider."""
    maps = _moved_maps(photo, move)
    pooled = {kind: downsample(maps, kind, size) for kind in _TITLES}
    half = -SCALE[1] / 2, SCALE[1] / 2
    arrays = {
        kind: pack(stack - stack[0], "difference", half) if shown == "change" else pack(stack, "image", SCALE)
        for kind, stack in pooled.items()
    }
    changes = {kind: [relative_change(stack[0], each) for each in stack] for kind, stack in pooled.items()}
    findings = [_finding({kind: each[at] for kind, each in changes.items()}) for at in range(len(MOVES[move]))]
    texts = [
        f"{'Moved' if move == 'shift' else 'Bent'} by {level:g} pixel{'' if level == 1 else 's'}. "
        "Change of the representation: " + ", ".join(f"{_TITLES[kind]} {100 * each[at]:.0f} %" for kind, each in changes.items()) + "."
        for at, level in enumerate(MOVES[move])
    ]  # fmt: skip
    about = (
        f"A feature map of the photo {photo} while the photo is {'bent' if move == 'bend' else 'shifted'}: "
        f"not pooled, and pooled with {size}×{size} windows by maximum, average and stride."
    )
    return {
        "arrays": arrays,
        "sentence": [Say(findings, at=["level"], tag="strong"), Say(texts, at=["level"])],
        "about": about,
    }


def _answer(explorer: Explorer, names: set[str]) -> None:
    setting = [explorer.value(name) for name in ("photo", "move", "size", "shown")]
    explorer.update(indices={"level": _level(explorer.value("move"))} if "move" in names else {}, **_pooled(*setting))


def shift_and_pool(photo: str = "camera", move: str = "shift", *, size: int = 2, shown: str = "maps") -> Explorer:
    """Explorer of robustness: move or bend a photo, and see its feature map change, pooled and not pooled.

    Args:
        photo: a name from :func:`lecture_lib.data.photo_names`.
        move: "shift" or "bend".
        size: of the windows, 2, 4 or 8.
        shown: "maps", or "change": the difference from the photo at rest.

    Raises:
        ValueError: a setting is none of these.

    >>> shift_and_pool(size=8).array("max").shape
    (17, 8, 8)
    """
    one_of("photo", photo, photo_names())
    one_of("move", move, MOVES)
    one_of("shown", shown, _SHOWN)
    if size not in SIZES:
        raise ShapeError(f"size={size!r}: must be one of {', '.join(map(str, SIZES))}")
    return Explorer(
        "Shift and pool",
        indices={
            "photo": Options(photo_names(), photo, python=True),
            "move": Options(list(MOVES), move, labels=["shift to the right", "bend"], python=True),
            "size": Options(SIZES, size, python=True),
            "shown": Options(_SHOWN, shown, labels=["the maps", "what has changed"], python=True),
            "level": _level(move),
        },
        controls=[
            Slider("level", "How far", "in pixels"),
            Choice("move", "Move", "what happens to the photo"),
            Choice("size", "F = S", "side of the pooling windows, which lie side by side"),
            Choice("shown", "Show", "maps or differences"),
            Choice("photo", "Photo", "whose feature map is pooled"),
        ],
        panels=[{"kind": "grid", "array": kind, "at": ["level"], "title": title} for kind, title in _TITLES.items()],
        arrows=(None, "level"), hover=False, answer=_answer, **_pooled(photo, move, size, shown),
    )  # fmt: skip
