"""Still picture of a network: its volumes to scale, and below each the share of its layers."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from .. import style
from .figure import bare
from .where import Where


def draw_network(ax: Axes, panel: dict, where: Where) -> None:
    """Sides to one linear scale, or by their square root; depth always is by the root."""
    sheet = panel["networks"][where.place(panel.get("network", 0))]
    upper, lower = bare(ax.inset_axes((0, 0.36, 1, 0.64))), bare(ax.inset_axes((0, 0, 1, 0.3)))
    boxes, measure = [box for box in sheet["volumes"] if box["parts"]], where.place(panel["measure"])
    side = np.sqrt if where.place(panel["sides"]) else float
    tallest = max(box["parts"] * 1.35 * side(box["h"]) for box in boxes)
    deepest = np.sqrt(max(box["c"] / box["parts"] for box in boxes))
    before: list[tuple[float, float]] = []
    for at, box in enumerate(boxes):
        high, wide = side(box["h"]) / tallest, side(box["w"]) / tallest
        deep = 0.3 * np.sqrt(box["c"] / box["parts"]) / max(deepest, 16)
        ends, middles = [], []
        for part in range(box["parts"]):
            y = 0.5 - (part + 0.5 - box["parts"] / 2) * 1.35 * high - 0.5 * high
            right, top = _slab(upper, (at - 0.5 * deep, y), (deep, high), (0.35 * wide, 0.25 * wide))
            ends.append((right, (y + top) / 2))
            middles.append((at - 0.5 * deep, y + high / 2))
        for a, start in enumerate(before if box["joined"] else ()):
            for b, end in enumerate(middles):
                if not (box["apart"] and len(before) == len(middles) and a != b):
                    upper.plot(*zip(start, end, strict=True), color=style.inks()["line"], lw=1, zorder=0)
        before = ends
        small = 11 if len(boxes) < 10 else 8.5 if len(boxes) < 14 else 6.5
        upper.text(at, -0.2, f"{box['name']}\n{box['size']}", ha="center", va="center", fontsize=small)
    upper.set(xlim=(-0.6, len(boxes) - 0.3), ylim=(-0.3, 1.1))
    _draw_shares(lower, sheet, measure)


def _draw_shares(ax: Axes, sheet: Mapping[str, object], measure: int) -> None:
    boxes = [box for box in sheet["volumes"] if box["parts"]]
    shares = [box["shares"][measure] for box in boxes]
    ax.bar(range(len(boxes)), shares, color=style.series()[0], width=0.55)
    most = max(max(shares), 1e-9)
    for at, (box, share) in enumerate(zip(boxes, shares, strict=True)):
        ax.text(at, share + 0.04 * most, box["percents"][measure], ha="center", va="bottom", fontsize=12)
    ax.text(-0.55, 0.98 * 1.3 * most, sheet["measures"][measure], va="top", fontsize=13)
    ax.axhline(0, color=style.inks()["line"], lw=1)
    ax.set(xlim=(-0.6, len(boxes) - 0.3), ylim=(0, 1.3 * most))


def _slab(
    ax: Axes, at: tuple[float, float], size: tuple[float, float], slant: tuple[float, float]
) -> tuple[float, float]:
    """A volume seen from the front right, its depth across; returns where it ends (right, top)."""
    (x, y), (w, h), (dx, dy) = at, size, slant
    faces = (
        [(x, y), (x + w, y), (x + w, y + h), (x, y + h)],
        [(x, y + h), (x + dx, y + h + dy), (x + w + dx, y + h + dy), (x + w, y + h)],
        [(x + w, y), (x + w + dx, y + dy), (x + w + dx, y + h + dy), (x + w, y + h)],
    )
    for face, alpha in zip(faces, (0.35, 0.2, 0.55), strict=True):
        ax.add_patch(Polygon(face, facecolor=style.BLUE, alpha=alpha, lw=0))
        ax.add_patch(Polygon(face, fill=False, edgecolor=style.inks()["text"], lw=0.7))
    return x + w + dx, y + h + dy
