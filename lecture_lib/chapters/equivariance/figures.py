"""Equivariance: both ways round, filters in all their turns, averaged matrices, votes of capsules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ... import style
from ...explore import (
    Explorer,
    Picture,
    bare,
    curves,
    draw_picture,
    draw_pictures,
    draw_plots,
    mosaic,
    new_figure,
    styled,
    tile_colours,
)
from ...explore.grids import scale_bar

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@styled
def draw_square(
    x: np.ndarray, gx: np.ndarray, phi_x: np.ndarray, phi_gx: np.ndarray, moved: np.ndarray, move: str = "moved"
) -> Picture:
    """The square of equivariance: the way x → g x → φ(g x) above, x → φ(x) → M_g φ(x) below, and the difference.

    ``move`` says what g does, as in "turned by 90 degrees".
    """
    figure = new_figure(style.WIDTH, 7.4)
    axes = figure.subplots(2, 3)
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.08, top=0.95, wspace=0.2, hspace=0.12)
    limit = style.limits(phi_gx, "map")
    pictures = [
        [("$x$", x, "image", (0, 255)), ("$g\\,x$", gx, "image", (0, 255)), ("$φ(g\\,x)$", phi_gx, "map", limit)],
        [("$φ(x)$", phi_x, "map", limit), ("$M_g\\,φ(x)$", moved, "map", limit),
         ("difference", phi_gx - moved, "difference", limit)],
    ]  # fmt: skip
    for row, each in zip(axes, pictures, strict=True):
        for ax, (name, array, role, scale) in zip(row, each, strict=True):
            draw_picture(tile_colours(array, role, scale), title=name, ax=ax)
            ax.spines[:].set_visible(role == "difference")
    arrow = {"arrowstyle": "-|>", "lw": 2, "color": style.inks()["text"]}
    for row, names in zip(axes, (("g", "φ"), ("$M_g$", "")), strict=True):
        for left, name in zip(row, names, strict=False):
            if name:
                left.annotate("", (1.17, 0.5), (1.03, 0.5), xycoords="axes fraction", arrowprops=arrow)
                left.text(1.1, 0.53, name, transform=left.transAxes, ha="center")
    for left, role, ends in ((0.01, "image", (0, 255)), (0.37, "map", limit), (0.73, "difference", limit)):
        scale_bar(figure, (left, 0.045, 0.26, 0.014), role, ends)
    differ = 100 * np.mean(~np.isclose(phi_gx, moved, atol=1e-9, equal_nan=True))
    return Picture(
        figure,
        f"Above: the picture, the picture {move}, the map of that. Below: the map of the picture, the map {move}, "
        f"and the difference, in {differ:.0f} % of the places.",
    )


@styled
def draw_stacks(
    stacks: Mapping[str, Sequence[np.ndarray]], names: Sequence[str], role: str = "map", *, height: float = 2.15
) -> Picture:
    """Stacks of maps, one a row, each map under its name.

    Args:
        stacks: by title, as many maps as there are ``names``.
        height: of a row, in inches.
    """
    figure = new_figure(style.WIDTH, height * len(stacks) + 0.75)
    high = figure.get_figheight()
    axes = figure.subplots(len(stacks), len(names), squeeze=False)
    figure.subplots_adjust(left=0.115, right=0.995, bottom=0.5 / high, top=1 - 0.32 / high, wspace=0.06, hspace=0.06)
    limit = style.limits(np.array(list(stacks.values())), role)
    scale_bar(figure, (0.4, 0.3 / high, 0.3, 0.1 / high), role, limit)
    for at, (row, (title, maps)) in enumerate(zip(axes, stacks.items(), strict=True)):
        for ax, name, each in zip(row, names, maps, strict=True):
            draw_picture(tile_colours(each, role, limit), title=name if at == 0 else "", ax=ax)
        row[0].set_ylabel(title, rotation=0, ha="right", va="center")
    words = " Each row is the one above with every filter turned and all moved on by one place." * (role == "weight")
    rows = list(stacks.values())
    alike = " The last two rows are equal." * (len(rows) > 1 and np.array_equal(*rows[-2:]))
    return Picture(figure, f"Rows of {len(names)} {'filters' if words else 'maps'}: {'; '.join(stacks)}.{words}{alike}")


@styled
def draw_votes(steps: Sequence, names: Sequence[str]) -> Picture:
    """Routing by agreement in the plane: a column for each iteration, a row for each capsule above.

    Args:
        steps: of :func:`lecture_lib.chapters.equivariance.capsule_net.routing_steps`, with votes (I, J, 2); a vote's width is its coupling.
        names: of the J capsules.
    """
    figure = new_figure(style.WIDTH, 2.35 * len(names))
    axes = figure.subplots(len(names), len(steps), squeeze=False)
    figure.subplots_adjust(left=0.02, right=0.99, bottom=0.02, top=0.93, wspace=0.08, hspace=0.16)
    most = 1.5 * float(np.abs(steps[0].u_hat).max()) or 1.0
    for j, (row, name) in enumerate(zip(axes, names, strict=True)):
        for ax, step in zip(row, steps, strict=True):
            length = float(np.linalg.norm(step.v[j]))
            bare(ax, f"{name}, iteration {step.iteration}: length {length:.2f}")
            ax.title.set_fontsize(13)
            _draw_votes(ax, step.u_hat[:, j], step.couplings[:, j], step.v[j], most)
            ax.set(xlim=(-most, most), ylim=(-most, most), aspect="equal")
    lengths = "; ".join(
        f"{name}: {', '.join(f'{np.linalg.norm(step.v[j]):.2f}' for step in steps)}" for j, name in enumerate(names)
    )
    return Picture(
        figure,
        f"For {len(steps)} iterations the votes for {' and for '.join(names)} as lines; thick lines are coupled strongly. "
        f"The black arrow of each has the length {lengths}.",
    )


def _draw_votes(ax: Axes, votes: np.ndarray, couplings: np.ndarray, v: np.ndarray, most: float) -> None:
    ink, series = style.inks(), style.series()
    ax.axhline(0, color=ink["faint"], lw=1)
    ax.axvline(0, color=ink["faint"], lw=1)
    for at, (vote, coupling) in enumerate(zip(votes, couplings, strict=True)):
        colour = series[at % len(series)]
        ax.plot([0, vote[0]], [0, vote[1]], color=colour, lw=0.5 + 7 * coupling, solid_capstyle="round")
    for side in (-1, 1):  # words stand in a column on each side, as high as their vote as far as there is room
        mine = sorted(
            (at for at, vote in enumerate(votes) if (vote[0] >= 0) == (side > 0)), key=lambda at: votes[at, 1]
        )
        heights = np.array([votes[at, 1] for at in mine])
        for k in range(1, len(mine)):
            heights[k] = max(heights[k], heights[k - 1] + 0.2 * most)
        heights -= max(0.0, heights.max(initial=0) - 0.88 * most)
        for k in range(len(mine) - 2, -1, -1):
            heights[k] = min(heights[k], heights[k + 1] - 0.2 * most)
        for at, height in zip(mine, heights, strict=True):
            colour = series[at % len(series)]
            ax.annotate(f"{at + 1}: {couplings[at]:.2f}", votes[at], (1.02 * side * most, height), color=colour, fontsize=12,
                        ha="left" if side > 0 else "right", va="center", annotation_clip=False,
                        arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.8, "ls": ":"})  # fmt: skip
    arrow = {"arrowstyle": "-|>", "lw": 3.5, "color": ink["text"], "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", v, (0, 0), arrowprops=arrow)


@styled
def draw_perturbed(painted: np.ndarray, names: Sequence[str], changes: Sequence[float]) -> Picture:
    """Painted digits (rows, columns, H, W) of numbers from 0 to 1: a row for each number, a column for each change."""
    rows, columns, h, w = painted.shape
    figure = new_figure(style.WIDTH, 9.2 / columns * rows * h / w + 0.4)
    ax = figure.add_axes((0.11, 0.01, 0.88, 1 - 0.4 / figure.get_figheight()))
    ax.imshow(tile_colours(mosaic(painted.reshape(-1, h, w), columns), "image", (0, 1)), aspect="auto")
    ax.set_xticks(
        np.arange(columns) * (w + 1) + (w - 1) / 2,
        [f"{each:+.2f}".replace("-", "−") if each else "0" for each in changes],
    )
    ax.set_yticks(np.arange(rows) * (h + 1) + (h - 1) / 2, names)
    ax.tick_params(length=0, labelsize=12, labelbottom=False, labeltop=True)
    ax.spines[:].set_visible(False)
    return Picture(
        figure,
        f"{rows} rows of {columns} painted digits. In each row one number of the capsule goes from {changes[0]:+.2f} to "
        f"{changes[-1]:+.2f}, and the digit changes smoothly: it fades, leans, gets wider, or its strokes get thicker.",
    )


def draw_moved(pictures: Mapping[str, np.ndarray]) -> Picture:
    """A photo by what was done to it."""
    return Picture(
        draw_pictures(pictures, "image", columns=6, height=2.1, limit=(0, 255)),
        "The cameraman six times: as he is, shifted, enlarged, turned by 30 degrees, bent as if seen through water, mirrored.",
    )


def draw_turned_digits(images: np.ndarray, labels: np.ndarray) -> Picture:
    """Digits (N, H, W) in a row, each with its label."""
    pictures = {f"{at}: a {label}": image for at, (image, label) in enumerate(zip(images, labels, strict=True))}
    return Picture(
        draw_pictures(pictures, columns=len(pictures), height=1.9),
        f"{len(images)} handwritten digits, each turned by another angle; some stand on their heads.",
    )


Curves = Mapping[str, np.ndarray]


@styled
def _draw_curves(
    panels: Sequence[tuple[str, str, Sequence[float], Curves]], ylabel: str, words: str, *, one_legend: bool = False
) -> Picture:
    """Curves in percent side by side: for each panel its title, what x is, x (n,), and the curves by name, (n,) each."""
    arrays, drawn = {}, []
    for at, (title, xlabel, x, ys) in enumerate(panels):
        arrays[f"x{at}"], traces = np.asarray(x, float), []
        for look, (name, y) in enumerate(ys.items()):
            arrays[f"{at} {name}"] = y
            traces.append({"label": name, **style.look(look), "x": f"x{at}", "y": f"{at} {name}", "width": 3})
        most = max(100.0, *(float(np.nanmax(y)) for y in ys.values()))
        drawn.append({
            "title": title, "share": 1, "xlabel": xlabel, "ylabel": "" if at else ylabel, "traces": traces,
            "x": [float(x[0]), float(x[-1])], "y": [0, 1.05 * most], "legend": not one_legend,
        })  # fmt: skip
    figure = draw_plots(drawn, arrays)
    if one_legend:
        lines = figure.axes[0].get_lines()
        figure.legend(
            lines, [line.get_label() for line in lines], loc="upper center", bbox_to_anchor=(0.5, 0.9),
            ncols=len(lines), frameon=False, fontsize=13, handlelength=2.6,
        )  # fmt: skip
    return Picture(figure, words)


def _listed(x: Sequence[float], ys: Curves, at: Sequence[float]) -> str:
    """Values of curves in words, at some places of x."""
    places = [int(np.flatnonzero(np.asarray(x) == each)[0]) for each in at]
    return "; ".join(f"{name}: {', '.join(f'{y[place]:.0f} %' for place in places)}" for name, y in ys.items())


def draw_errors(shifts: Sequence[float], errors: Mapping[str, Curves]) -> Picture:
    """By how many percent both ways round differ, against the shift: a panel for each stride, curves by representation."""
    panels = [(title, "shift, pixels", shifts, ys) for title, ys in errors.items()]
    said = "; ".join(_listed(shifts, ys, (1, 2, 3, 4)) for ys in errors.values())
    return _draw_curves(
        panels,
        "difference, %",
        f"How far both ways round are apart, against the shift. By 1, 2, 3 and 4 pixels: {said}.",
    )


def draw_angles(angles: Sequence[float], right: Curves) -> Picture:
    """How many digits are read right, against the angle by which they are turned."""
    return _draw_curves(
        [("", "turned by, degrees", angles, right)],
        "% right",
        f"How many digits are read right, against the angle. At 0°, 90° and 180°: {_listed(angles, right, (0, 90, 180))}.",
    )


def angle_curves(angles: Sequence[float], right: Curves) -> Explorer:
    """Explorer of what :func:`draw_angles` draws.

    >>> angle_curves([0, 90, 180], {"p4": np.array([85, 85, 85])}).state
    {'at': 1}
    """
    return curves(
        angles, right, xlabel="turned by, degrees", ylabel="% right", limits=(0, 100), title="read right, by angle",
        alt=f"How many digits are read right, against the angle. At 0°, 90° and 180°: {_listed(angles, right, (0, 90, 180))}.",
    )  # fmt: skip


def draw_moved_digits(right: Mapping[str, tuple[str, Sequence[float], Curves]]) -> Picture:
    """How many digits are read right, a panel for each move: what x is, x, and a curve for each network."""
    panels = [(move, *each) for move, each in right.items()]
    said = "; ".join(
        f"{move}, from {style.number(x[0])} to {style.number(x[-1])}: {_listed(x, ys, (x[0], x[-1]))}"
        for move, (_, x, ys) in right.items()
    )
    return _draw_curves(panels, "% right", f"How many moved digits each network reads right. {said}.", one_legend=True)
