"""Pictures of convolution: kernels and what they make, how fields grow."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from ... import style
from ...explore import (
    Picture,
    draw_grid,
    draw_grids,
    draw_picture,
    draw_pictures,
    draw_volumes,
    new_axes,
    new_figure,
    styled,
)
from ...explore.grids import scale_bar
from ...filters import KERNELS, correlate

PHOTO = (-255, 255)
"""The scale of what kernels make of a photo: as bright as in the photo is as bright in a map."""


@styled
def draw_kernel_table(kernels: Mapping[str, np.ndarray], pictures: Sequence[np.ndarray]) -> Picture:
    """Kernels by title as grids of numbers, each above the picture it makes."""
    figure = new_figure(style.WIDTH, 4.3)
    axes = figure.subplots(2, len(kernels), squeeze=False)
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.12, top=0.92, wspace=0.08, hspace=0.05)
    for (title, weights), picture, (above, below) in zip(kernels.items(), pictures, axes.T, strict=True):
        draw_grid(weights, "weight", ax=above, numbers=weights.size <= 9, text=13)
        above.set_title(title, fontsize=12)
        draw_picture(picture, "map", ax=below, limit=PHOTO)
    scale_bar(figure, (0.35, 0.075, 0.3, 0.024), "map", PHOTO)
    return Picture(
        figure, f"Kernels as grids of numbers, each above the photo of a cameraman after it: {', '.join(kernels)}."
    )


@styled
def draw_growth(curves: Mapping[str, Sequence[int]]) -> Picture:
    """Receptive field against depth, one curve a stack."""
    ax = new_axes(None, 9, 3.6)
    for marker, (name, sizes) in zip(itertools.cycle("osD^v"), curves.items(), strict=False):
        ax.plot(range(1, len(sizes) + 1), sizes, marker=marker, label=name)
        ax.annotate(str(sizes[-1]), (len(sizes), sizes[-1]), xytext=(8, -4), textcoords="offset points")
    ax.set_yscale("log", base=2)
    ax.yaxis.set_major_formatter("{x:.0f}")
    ax.grid(axis="y", color=style.inks()["faint"])
    ax.set(xlabel="layers", ylabel="field, pixels (log scale)", xticks=range(1, max(map(len, curves.values())) + 1))
    ax.legend(frameon=False)
    words = "; ".join(f"{name}: {sizes[-1]} after {len(sizes)} layers" for name, sizes in curves.items())
    return Picture(ax, f"Receptive field against depth, on a scale that doubles from line to line. {words}.")


def draw_blurred(pictures: Mapping[str, np.ndarray]) -> Picture:
    """A photo and its blurs by title, all in one scale."""
    return Picture(
        draw_pictures(pictures, "image", limit=(0, 255)),
        f"The cameraman, sharp at first and softer each time: {', '.join(pictures)}.",
    )


def draw_stamps(grids: Mapping[str, np.ndarray]) -> Picture:
    """One bright pixel, and what an asymmetric kernel makes of it, as numbers."""
    return Picture(
        draw_grids(grids, "map"),
        "Three 7 by 7 grids. A single 1; the emboss kernel turned upside down and left to right around it; "
        "the emboss kernel as it is written around it.",
    )


def draw_wanted(photo: np.ndarray, strength: float = 4) -> Picture:
    """A grey photo, and the map of its upright edges that the kernel of the exercise ``design_kernel`` is to make of it."""
    wanted = correlate(photo, KERNELS["sobel_x"].weights * strength / 8)
    return Picture(
        draw_pictures({"photo": photo, f"wanted, strength = {strength:g}": wanted}, columns=2, limit=PHOTO),
        "The cameraman, and the wanted map: white where he gets brighter to the right, blue where he gets darker, black where "
        "a row does not change.",
    )


def draw_stack(maps: np.ndarray) -> Picture:
    """Maps (K, H, W) in a row."""
    return Picture(
        draw_pictures({f"map {k + 1}": each for k, each in enumerate(maps)}, columns=len(maps), height=2),
        f"{len(maps)} maps of the same photo through {len(maps)} random filters: a different pattern of bright and blue "
        "where the photo changes, darker where it is even.",
    )


def draw_borders(pictures: Mapping[str, np.ndarray]) -> Picture:
    """A blurred photo by how its border was filled, all in one scale."""
    return Picture(
        draw_pictures(pictures, "image", columns=3, height=2.7, limit=(0, 255)),
        "A blurred coffee cup three times. With a zero border there is a dark frame; with a reflected border there is none; "
        "with a circular border the opposite side shines in.",
    )


def draw_layer(boxes: Sequence[Mapping[str, object]]) -> Picture:
    """A layer's input, filter and output as boxes to scale."""
    words = "; ".join(f"{box['label']}: {box['size']}" for box in boxes)
    return Picture(draw_volumes(boxes), f"A layer to scale. {words}.")


def draw_mean(picture: np.ndarray, size: int) -> Picture:
    """The cameraman with each pixel the mean of ``size`` × ``size`` pixels."""
    return Picture(
        draw_picture(picture, limit=(0, 255)), f"The cameraman, each pixel now the mean of {size} by {size} pixels."
    )
