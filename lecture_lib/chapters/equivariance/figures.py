"""Equivariance: both ways round, filters in all their turns, averaged matrices, votes of capsules."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ... import style
from ...explore import bare, draw_picture, mosaic, row_of_axes, styled, tile_colours


@styled
def draw_square(x: np.ndarray, gx: np.ndarray, phi_x: np.ndarray, phi_gx: np.ndarray, moved: np.ndarray) -> Figure:
    """The square of equivariance: the way x → g x → φ(g x) above, x → φ(x) → M_g φ(x) below, and the difference."""
    figure = Figure((7.8, 4.6))
    axes = figure.subplots(2, 3)
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=0.92, wspace=0.3, hspace=0.2)
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
                left.annotate("", (1.27, 0.5), (1.03, 0.5), xycoords="axes fraction", arrowprops=arrow)
                left.text(1.15, 0.56, name, transform=left.transAxes, ha="center")
    return figure


@styled
def draw_stacks(
    stacks: Mapping[str, Sequence[np.ndarray]], names: Sequence[str], role: str = "map", *, height: float = 2.15
) -> Figure:
    """Stacks of maps, one a row, each map under its name.

    Args:
        stacks: by title, as many maps as there are ``names``.
        height: of a row, in inches.
    """
    figure = Figure((10.4, height * len(stacks) + 0.25))
    axes = figure.subplots(len(stacks), len(names), squeeze=False)
    figure.subplots_adjust(
        left=0.115, right=0.995, bottom=0.01, top=1 - 0.32 / figure.get_figheight(), wspace=0.06, hspace=0.06
    )
    for at, (row, (title, maps)) in enumerate(zip(axes, stacks.items(), strict=True)):
        limit = style.limits(np.array(maps), role)
        for ax, name, each in zip(row, names, maps, strict=True):
            draw_picture(tile_colours(each, role, limit), title=name if at == 0 else "", ax=ax)
        row[0].set_ylabel(title, rotation=0, ha="right", va="center")
    return figure


@styled
def draw_matrices(matrices: Mapping[str, np.ndarray]) -> Figure:
    """Matrices by title, all in the scale of the first."""
    figure, axes = row_of_axes([1] * len(matrices), 10.0 / len(matrices) + 0.3)
    limit = style.limits(next(iter(matrices.values())), "weight")
    for ax, (title, matrix) in zip(axes, matrices.items(), strict=True):
        draw_picture(tile_colours(matrix, "weight", limit), title=title, ax=ax)
        ax.spines[:].set_visible(True)
    return figure


@styled
def draw_votes(steps: Sequence, names: Sequence[str]) -> Figure:
    """Routing by agreement in the plane: a column for each iteration, a row for each capsule above.

    Args:
        steps: of :func:`lecture_lib.chapters.equivariance.capsule_net.routing_steps`, with votes (I, J, 2); a vote's width is its coupling.
        names: of the J capsules.
    """
    figure = Figure((10.4, 2.35 * len(names)))
    axes = figure.subplots(len(names), len(steps), squeeze=False)
    figure.subplots_adjust(left=0.02, right=0.99, bottom=0.02, top=0.93, wspace=0.08, hspace=0.16)
    most = 1.5 * float(np.abs(steps[0].u_hat).max()) or 1.0
    for j, (row, name) in enumerate(zip(axes, names, strict=True)):
        for ax, step in zip(row, steps, strict=True):
            length = float(np.linalg.norm(step.v[j]))
            bare(ax, f"{name}, iteration {step.iteration}: length {length:.2f}")
            ax.title.set_fontsize(13)
            _draw_votes(ax, step.u_hat[:, j], step.couplings[:, j], step.v[j])
            ax.set(xlim=(-most, most), ylim=(-most, most), aspect="equal")
    return figure


def _draw_votes(ax: Axes, votes: np.ndarray, couplings: np.ndarray, v: np.ndarray) -> None:
    ink, series = style.inks(), style.series()
    ax.axhline(0, color=ink["faint"], lw=1)
    ax.axvline(0, color=ink["faint"], lw=1)
    for at, (vote, coupling) in enumerate(zip(votes, couplings, strict=True)):
        colour = series[at % len(series)]
        ax.plot([0, vote[0]], [0, vote[1]], color=colour, lw=0.5 + 7 * coupling, solid_capstyle="round")
        beyond = (17 + 17 * (at % 2)) * vote / (np.linalg.norm(vote) or 1.0)  # neighbours may point the same way
        ax.annotate(f"{at + 1}: {coupling:.2f}", vote, beyond, textcoords="offset points", ha="center", va="center",
                    color=colour, fontsize=12)  # fmt: skip
    arrow = {"arrowstyle": "-|>", "lw": 3.5, "color": ink["text"], "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", v, (0, 0), arrowprops=arrow)


@styled
def draw_perturbed(painted: np.ndarray, names: Sequence[str], changes: Sequence[float]) -> Figure:
    """Painted digits (rows, columns, H, W) of numbers from 0 to 1: a row for each number, a column for each change."""
    rows, columns, h, w = painted.shape
    figure = Figure((10.4, 9.2 / columns * rows * h / w + 0.4))
    ax = figure.add_axes((0.11, 0.01, 0.88, 1 - 0.4 / figure.get_figheight()))
    ax.imshow(tile_colours(mosaic(painted.reshape(-1, h, w), columns), "image", (0, 1)), aspect="auto")
    ax.set_xticks(np.arange(columns) * (w + 1) + (w - 1) / 2, [f"{each:+.2f}".replace("-", "−") for each in changes])
    ax.set_yticks(np.arange(rows) * (h + 1) + (h - 1) / 2, names)
    ax.tick_params(length=0, labelsize=12, labelbottom=False, labeltop=True)
    ax.spines[:].set_visible(False)
    return figure
