"""One bright spot on its way through two windows, and what is left of it."""

import numpy as np

from ...explore import Explorer, Numbers, Say, Slider, pack
from .robustness import downsample

PLACES, SIDE = 8, 4
KINDS = ("max", "average", "stride")


def _said(kept: dict[str, np.ndarray], at: int) -> tuple[str, str]:
    """The finding at a place, and what it is compared with."""
    seen = [kind for kind, rows in kept.items() if rows[at].any()]
    unseen = [kind for kind in kept if kind not in seen]
    finding = f"The spot is seen by {', '.join(seen)}" + (f", not by {', '.join(unseen)}. " if unseen else ". ")
    if not at:
        return finding, "Move it to the right, and watch what changes."
    same = [kind for kind, rows in kept.items() if np.array_equal(rows[at], rows[at - 1])]
    return finding, f"The same as one place before: {', '.join(same) or 'none of the three'}."


def moving_spot() -> Explorer:
    """Explorer of a spot that stands at one of 8 places: a press or the slider moves it, two windows of 4 pixels pool it.

    >>> moving_spot().lives
    ('Place',)
    """
    spots = np.eye(PLACES)
    wide = np.repeat(spots[:, None], SIDE, axis=1)  # windows are square: each row stands four times
    kept = {kind: downsample(wide, kind, SIDE)[:, 0] for kind in KINDS}
    said = [_said(kept, at) for at in range(PLACES)]
    return Explorer(
        "A spot moves", f"A row of {PLACES} pixels with one bright spot, and what max, average and stride leave of it with windows of {SIDE}.",
        indices={"place": Numbers(1, PLACES)},
        controls=[Slider("place", "Place", "where the spot stands")],
        arrays={"input": pack(spots[:, None], "image", (0, 1))}
        | {kind: pack(rows[:, None], "image", (0, 1)) for kind, rows in kept.items()},
        panels=[
            {"kind": "grid", "array": "input", "at": ["place"], "pick": "output", "title": "input", "share": 4, "sign": "→"},
            *({"kind": "grid", "array": kind, "at": ["place"], "title": f"{kind}, F = {SIDE}"} for kind in KINDS),
        ],
        arrows=(None, "place"), hover=False, height=190,
        sentence=[Say([each[0] for each in said], at=["place"], tag="strong"), Say([each[1] for each in said], at=["place"])],
    )  # fmt: skip
