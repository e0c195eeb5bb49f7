"""Pictures of notebook 01: wires and shared weights, accuracy for every shift, what pooling keeps."""

from collections.abc import Mapping, Sequence

import numpy as np

from ... import style
from ...arguments import shown
from ...explore import Picture, draw_pictures, draw_volumes
from ...explore.figure import bare, row_of_axes, styled
from ...explore.still_layers import draw_wiring
from ...filters import KERNELS, correlate
from ...models import lenet5, summary
from ...ops import max_pool2d

MOST_DRAWN = 2000
"""Inputs, units or lines of one layer; more take long and cannot be told apart."""


@styled
def draw_wires(wirings: Mapping[str, Mapping[str, object]], unit: int | None = None) -> Picture:
    """Small layers by title, side by side: inputs below, units above, a line for each weight between them.

    Args:
        wirings: each with inputs, units and lines (input, unit, weight); lines with the same weight have one colour.
        unit: whose lines are strong; None takes the middle one.

    Raises:
        ValueError: a layer has more than :data:`MOST_DRAWN` inputs, units or lines.
    """
    for title, wiring in wirings.items():
        if max(wiring["inputs"], wiring["units"], len(wiring["lines"])) > MOST_DRAWN:
            raise ValueError(f"wirings: {shown(title)} must have at most {MOST_DRAWN:,} inputs, units and lines")
    figure, axes = row_of_axes([max(each["inputs"], each["units"]) for each in wirings.values()], 2.9)
    for ax, (title, wiring) in zip(axes, wirings.items(), strict=True):
        draw_wiring(bare(ax, title), wiring, wiring["units"] // 2 if unit is None else unit)
    return Picture(
        figure,
        "Small layers, pixels below and units above. Dense: lines from every pixel to every unit. Local: each unit has lines "
        "to a few neighbouring pixels. Shared: the same lines in a few colours, which repeat from unit to unit.",
    )


@styled
def draw_shift_maps(maps: Mapping[str, np.ndarray], shifts: Sequence[int]) -> Picture:
    """Accuracies (n, n) by network, for every shift down (rows) and to the right (columns), in percent."""
    figure, axes = row_of_axes([1] * len(maps), 4.1)
    figure.subplots_adjust(left=0.075, bottom=0.15, top=0.86, wspace=0.16)
    for at, (ax, (name, accuracy)) in enumerate(zip(axes, maps.items(), strict=True)):
        colours = style.colours(accuracy, "image", (0, 1))
        ax.imshow(colours)
        for (row, col), each in np.ndenumerate(accuracy):
            ink = style.text_colour(colours[row, col])
            ax.text(col, row, f"{100 * each:.0f}", ha="center", va="center", color=ink, fontsize=10)
        ax.set(
            xticks=range(len(shifts)),
            yticks=range(len(shifts)),
            title=f"{name}\n{100 * np.mean(accuracy):.0f} % on average",
            xlabel="pixels to the right",
        )
        ax.set_xticklabels(map(style.number, shifts), fontsize=11)
        ax.set_yticklabels(map(style.number, shifts) if at == 0 else [], fontsize=11)
        ax.tick_params(length=0)
    axes[0].set_ylabel("pixels down")
    still, middle = (np.asarray(shifts) == 0).argmax(), {}
    for name, each in maps.items():
        middle[name] = f"{name}: {100 * each[still, still]:.0f} % in the middle, {100 * np.mean(each):.0f} % on average"
    return Picture(
        figure,
        f"Maps of the accuracy in percent for shifts from {shifts[0]} to {shifts[-1]} pixels in both directions. "
        + "; ".join(middle.values())
        + ".",
    )


def draw_shuffled(photo: np.ndarray, shuffled: np.ndarray) -> Picture:
    """A photo (H, W) beside its own pixels in another order."""
    pictures = {"photo": photo.astype(np.uint8), "its pixels, shuffled": shuffled.astype(np.uint8)}
    return Picture(
        draw_pictures(pictures, columns=2, height=3.8),
        "A photo of a cameraman, and beside it the same pixels in another order: grey noise.",
    )


def pooled_edges(photo: np.ndarray, sizes: Sequence[int] = (2, 4, 8)) -> dict[str, tuple[np.ndarray, float]]:
    """The strength of the upright edges of a photo (H, W), and after max pooling, by name: each map, and by how many percent of
    its size a move of the photo by one pixel changes it.

    >>> [(name, each.shape) for name, (each, _) in pooled_edges(np.eye(8), (2,)).items()]
    [('edges', (8, 8)), ('pooled 2×2', (4, 4))]
    """
    found, before, after = {}, *(_edges(np.roll(photo, by, axis=1)) for by in (0, 1))
    for size in (1, *sizes):
        here, moved = (max_pool2d(each[None, None], size)[0, 0] for each in (before, after))
        change = 100 * float(np.linalg.norm(moved - here) / np.linalg.norm(here))
        found[f"pooled {size}×{size}" if size > 1 else "edges"] = here, change
    return found


def draw_pooled_edges(photo: np.ndarray, sizes: Sequence[int] = (2, 4, 8)) -> Picture:
    """Maps of :func:`pooled_edges`; titles say by how much each changes."""
    found = pooled_edges(photo, sizes)
    pictures = {f"{name}: {change:.0f} %": here for name, (here, change) in found.items()}
    return Picture(
        draw_pictures(pictures, "image", limit=(0, float(found["edges"][0].max()))),
        f"Edges of a photo, and the same after pooling, coarser each time. How much each changes when the photo moves by one pixel: {', '.join(pictures)}.",
    )


def _edges(photo: np.ndarray) -> np.ndarray:
    return abs(correlate(photo.astype(float), KERNELS["sobel_x"].weights, padding=1, border="circular"))


def draw_lenet_volumes() -> Picture:
    """LeNet-5's maps as boxes to scale."""
    kinds = {"C1": "convolution", "S2": "pooling", "C3": "convolution", "S4": "pooling"}
    boxes = [{"w": 28, "h": 28, "d": 1, "role": "map", "label": "digit", "size": "28×28×1"}]
    for row in summary(lenet5(), (1, 28, 28)).rows:
        if row.layer in kinds:
            depth, height, width = row.output_shape
            boxes.append({"w": width, "h": height, "d": depth, "role": "map",
                          "label": f"{row.layer}\n{kinds[row.layer]}", "size": f"{width}×{height}×{depth}"})  # fmt: skip
    words = "; ".join(f"{box['label']}: {box['size']}" for box in boxes).replace("\n", ", ")
    return Picture(
        draw_volumes(boxes),
        f"Boxes to scale: from the digit to S4 the front gets smaller, and the box deeper. {words}.",
    )


def draw_patches(pictures: Mapping[str, np.ndarray]) -> Picture:
    """Patches that excite single maps most, by the map's name."""
    return Picture(
        draw_pictures(pictures, columns=5, height=2.3),
        "Nine patches for each of five maps of three layers. C1: tiny pieces of strokes in one direction. C3: corners, "
        "arcs and crossings. Output: whole digits, nine of the same kind.",
    )
