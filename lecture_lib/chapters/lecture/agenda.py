"""The lecture's four acts, and where it stands."""

from ... import style
from ...explore.figure import bare, new_figure, styled
from .pictures import SlidePicture

ACTS = (
    ("Why?", "motivation,\nfour ideas"),
    ("Convolve", "layers, and\nwhat they cost"),
    ("Bend and\nshrink", "activation\nfunctions, pooling"),
    ("Move and\nname", "math properties,\nLeNet-5, AlexNet"),
)
"""Name of each act, and what is in it."""
_WIDE, _HIGH, _GAP = 2.76, 4.2, 0.25  # inches, of a box and between two


@styled
def draw_agenda(act: int) -> SlidePicture:
    """The four acts as boxes: ``act``, from 1 to 4, is lit, those before it are ticked.

    >>> draw_agenda(2).alt[:53]
    'Four boxes in a row, number 2 has a bright frame. 1 W'
    """
    from matplotlib.patches import FancyBboxPatch

    ink = style.inks()
    figure = new_figure(4 * _WIDE + 3 * _GAP + 0.1, _HIGH + 0.1)
    ax = bare(figure.add_axes((0, 0, 1, 1)))
    ax.set(xlim=(-0.05, 4 * _WIDE + 3 * _GAP + 0.05), ylim=(-0.05, _HIGH + 0.05))
    for at, (name, about) in enumerate(ACTS):
        left, lit, behind = at * (_WIDE + _GAP), at + 1 == act, at + 1 < act
        for edge, width in ((ink["text"], 7), (style.BRIGHT, 4)) if lit else ((ink["faint"], 1),):
            ax.add_patch(FancyBboxPatch(
                (left + 0.1, 0.1), _WIDE - 0.2, _HIGH - 0.2, "round,pad=0.06", facecolor=ink["panel"], edgecolor=edge, lw=width,
            ))  # fmt: skip
        words = {"color": ink["text" if lit else "muted"], "va": "top", "linespacing": 1.4}
        ax.text(left + 0.28, _HIGH - 0.3, f"{at + 1}", fontsize=44, weight="bold", **words)
        if behind:
            ax.text(left + _WIDE - 0.28, _HIGH - 0.3, "✓", fontsize=40, ha="right", va="top", color=ink["right"])
        ax.text(left + 0.28, _HIGH - 1.3, name, fontsize=24, weight="bold", **words)
        ax.text(left + 0.28, _HIGH - 2.75, about, fontsize=19, **words)
    said = "; ".join(f"{at} {name}: {about}" for at, (name, about) in enumerate(ACTS, 1)).replace("\n", " ")
    return SlidePicture(figure, f"Four boxes in a row, number {act} has a bright frame. {said}.")
