"""Still pictures of the panels of a drawn digit: the pad, what the network sees, its maps, its answer."""

import numpy as np
from matplotlib.axes import Axes

from .. import style
from ..data.drawings import on_pad
from .figure import bare
from .grids import draw_picture, mark, mosaic
from .where import Where


def draw_pad(ax: Axes, panel: dict, where: Where) -> None:
    """What is on the pad."""
    digit = where.value(panel["digit"])
    under = None if digit is None else where.array(panel["array"])[digit]
    draw_picture(on_pad(where.value(panel["strokes"]), under), "image", ax=ax)
    ax.set_title("Drawn")  # nobody can draw here


def draw_seen(ax: Axes, panel: dict, where: Where) -> None:
    """The network's input, and the part of it that the chosen unit sees."""
    image = where.array(panel["array"])[0]
    ax.imshow(style.colours(image, "image"), extent=(0, image.shape[1], image.shape[0], 0))
    top, left, high, wide = (int(each) for each in where.array(panel["field"])[:4])
    bottom, right = min(top + high, image.shape[0]), min(left + wide, image.shape[1])
    mark(ax, max(0, top), max(0, left), bottom - max(0, top), right - max(0, left))


def draw_maps(ax: Axes, panel: dict, where: Where) -> None:
    """Every layer as a row of maps."""
    values, rows = where.array(panel["array"]), panel["rows"]
    tall = np.array([-(-row["count"] // row["per"]) * (10 + row["rows"]) for row in rows]) + 6.0
    foot = 1 - np.cumsum(tall) / tall.sum()
    for row, low, high in zip(rows, foot, tall / tall.sum(), strict=True):
        stack = values[row["offset"] :][: row["count"] * row["rows"] * row["cols"]]
        tiles = style.colours(stack.reshape(row["count"], row["rows"], row["cols"]), "map", tuple(row["limit"]))
        inner = bare(ax.inset_axes((0.17, low, 0.83, 0.86 * high)))
        inner.imshow(mosaic(tiles, row["per"], int(row["rows"] > 1), style.rgb("paper")))
        inner.set_anchor("W")
        inner.set_ylabel(row["label"], rotation=0, ha="right", va="center", fontsize=12)


def draw_verdict(ax: Axes, panel: dict, where: Where) -> None:
    """How likely each class is, as bars with the names of the digits."""
    shares, right = where.array(panel["array"]), int(where.array(panel["marked"])[0])
    ticks, winner = range(len(shares)), int(np.argmax(shares))
    colours = {right: style.series()[2]} if right >= 0 else {}
    ax.barh(
        ticks, shares, color=[colours.get(at, style.inks()["mark"] if at == winner else style.BLUE) for at in ticks]
    )
    ax.set(xlim=(-0.6, 1.55), ylim=(len(shares) - 0.4, -0.6))
    for at, (name, share) in enumerate(zip(panel["names"], shares, strict=True)):
        weight = "bold" if at == winner else "normal"
        ax.text(-0.03, at, f"{at} {name}{' ✓' * (at == right)}", ha="right", va="center", fontsize=12, weight=weight)
        if share >= 0.005:
            ax.text(share + 0.02, at, f"{100 * share:.0f} %", va="center", fontsize=12, weight=weight)
