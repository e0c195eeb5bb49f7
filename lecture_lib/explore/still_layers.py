"""Still pictures of the panels on sizes: windows that fit, volumes, what a unit sees, wires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .. import style
from .figure import add_box, bare, new_axes, styled
from .where import Where

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _sizes(panel: dict, where: Where) -> tuple[int, int, int, int, int, int]:
    """N, F, S, P as they are chosen, the output's size, and the columns dropped."""
    names = ("n", "f", "stride", "padding")
    out, dropped = (int(each) for each in where.array(panel["table"])[where.places(names)][:2])
    return *(where.value(each) for each in names), out, dropped


def draw_fit(ax: Axes, panel: dict, where: Where) -> None:
    """The padded input with the columns dropped hatched, or the output, as cells."""
    n, f, s, p, out, dropped = _sizes(panel, where)
    ink, padded = style.inks(), n + 2 * p
    side = out if panel["part"] == "output" else padded
    for row in range(side):
        for col in range(side):
            inside = panel["part"] == "output" or p <= min(row, col) and max(row, col) < p + n
            lost = out and panel["part"] != "output" and max(row, col) >= padded - dropped
            add_box(ax, (col, row), 1, 1, facecolor=ink["paper" if inside else "faint"],
                                   edgecolor=ink["line"], hatch="//" if lost else None)  # fmt: skip
            if not inside:
                ax.text(col + 0.5, row + 0.5, "0", ha="center", va="center", fontsize=9)
    if out and panel["part"] != "output":
        add_box(ax, (0, 0), f, f, fill=False, edgecolor=style.BRIGHT, lw=3)
    ax.set(xlim=(-0.1, padded + 0.1), ylim=(padded + 0.1, -0.1), aspect="equal")


def draw_brackets(ax: Axes, panel: dict, where: Where) -> None:
    """Every window of one row as a bar under the columns it covers."""
    n, f, s, p, out, dropped = _sizes(panel, where)
    ink, padded = style.inks(), n + 2 * p
    for col in range(padded):
        inside = p <= col < p + n
        lost = out and col >= padded - dropped
        add_box(ax, (col, 0), 1, 1, facecolor=ink["paper" if inside else "faint"], edgecolor=ink["line"],
                               hatch="//" if lost else None)  # fmt: skip
        if inside:
            ax.text(col + 0.5, 0.5, str(col - p), ha="center", va="center", fontsize=10)
    for at in range(out):
        add_box(ax, (at * s + 0.08, 1.3 + at * 0.55), f - 0.16, 0.35, color=ink["line" if at else "mark"])
    ax.set(xlim=(-0.1, padded + 0.1), ylim=(max(padded, 1.5 + 0.55 * out), -0.1), aspect="equal")


def draw_boxes(ax: Axes, panel: dict, where: Where) -> None:
    """Volumes as boxes seen from the front right, to one scale."""
    draw_volumes(panel["boxes"], ax=ax)


@styled
def draw_volumes(boxes: Sequence[Mapping[str, object]], *, ax: Axes | None = None) -> Axes:
    """Volumes as boxes to one scale: each a mapping with w, h, d, role, label and size."""
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Polygon

    ax = new_axes(ax, 10, 3.8)
    bare(ax, ax.get_title())
    tallest = max(box["h"] + 0.3 * box["d"] for box in boxes)
    gap, x = 0.22 * max(tallest, max(box["w"] for box in boxes)), 0.0
    for box in boxes:
        w, h, d = box["w"], box["h"], box["d"]
        y, dx, dy = (tallest - h - 0.3 * d) / 2, 0.4 * d, 0.3 * d
        faces = (
            [(x, y), (x + w, y), (x + w, y + h), (x, y + h)],
            [(x, y + h), (x + dx, y + h + dy), (x + w + dx, y + h + dy), (x + w, y + h)],
            [(x + w, y), (x + w + dx, y + dy), (x + w + dx, y + h + dy), (x + w, y + h)],
        )
        colour = to_rgb(style.series()[1 if box["role"] == "weight" else 0])
        for face, share in zip(faces, (1, 0.6, 0.8), strict=True):
            ax.add_patch(Polygon(face, facecolor=(*colour, 0.3 * share), edgecolor=style.inks()["text"]))
        right = max(x + w + dx, x + 0.6 * gap)
        ax.text((x + right) / 2, -0.06 * tallest, f"{box['label']}\n{box['size']}", ha="center", va="top")
        x = right + gap
    ax.set(xlim=(-0.3 * gap, x - 0.7 * gap), ylim=(-0.4 * tallest, tallest * 1.04), aspect="equal")
    return ax


def draw_pyramid(ax: Axes, panel: dict, where: Where) -> None:
    """A stack of layers from the side, with what the chosen unit sees in each of them."""
    layers, ink = panel["layers"], style.inks()
    level = where.place(panel["layer"]) + 1  # below all layers lies the input
    table = where.array(panel["spans"])[level - 1]
    col = panel.get("col") or where.explorer.arrows[1]
    spans = table[min(where.place(col), len(table) - 1)]
    for at, layer in enumerate(layers):
        first, last = spans[at] if at <= level else (0, -1)
        for unit in range(min(0, first), max(layer["size"], last + 1)):
            lit, padding = first <= unit <= last, not 0 <= unit < layer["size"]
            left = layer["start"] + unit * layer["jump"] + (layer["seen"] - layer["jump"]) / 2
            face = (style.BRIGHT if padding else ink["mark"]) if lit else ink["faint"]
            add_box(ax, (left + 0.05 * layer["jump"], at), 0.9 * layer["jump"], 0.55, color=face)
        ax.text(-layers[0]["margin"] - 0.6, at + 0.27, layer["label"], ha="right", va="center", fontsize=11)
    size, margin = layers[0]["size"], layers[0]["margin"]
    ax.set(xlim=(-margin - 0.45 * size, size + margin + 0.5), ylim=(-0.2, len(layers)))


def draw_wires(ax: Axes, panel: dict, where: Where) -> None:
    """The wires of the step chosen; those of the chosen unit are strong."""
    draw_wiring(ax, panel["wires"], where.place(panel["unit"]))


def draw_wiring(ax: Axes, wiring: Mapping[str, object], chosen: int) -> None:
    """Input pixels below, hidden units above, and a line for each weight; those of the chosen unit, or of the last one, strong."""
    ink, inputs, units = style.inks(), wiring["inputs"], wiring["units"]
    chosen, left = min(chosen, units - 1), (units - inputs) / 2  # both rows have the same middle
    for start, end, weight in wiring["lines"]:
        strong = end == chosen
        colour = ink["line"] if weight is None else style.series()[weight % len(style.series())]
        ax.plot(
            (left + start, end), (0, 1), color=colour, lw=2.8 if strong else 1, alpha=1 if strong else 0.45, zorder=1
        )
    seen = {start for start, end, _ in wiring["lines"] if end == chosen}
    rows = [(left + at, 0, at in seen) for at in range(inputs)] + [(at, 1, at == chosen) for at in range(units)]
    for x, y, lit in rows:
        face = ink["mark" if lit else "faint"]
        add_box(ax, (x - 0.36, y - 0.06), 0.72, 0.12, facecolor=face, edgecolor=ink["text"], zorder=2)
    ax.set(xlim=(min(left, 0) - 0.8, max(left + inputs, units) - 0.2), ylim=(-0.1, 1.1))
