"""Pictures: ``draw_*(arrays)`` returns a Matplotlib axes or figure. No arithmetic, no training, no files.

Figures are made without pyplot, so none stays open and nothing is drawn twice.
"""

from ..explore.charts import draw_bars
from ..explore.figure import BLUE, ORANGE, Drawn, picture, png, show, show_table
from ..explore.grids import (
    draw_filters_and_maps,
    draw_grid,
    draw_grids,
    draw_picture,
    draw_pictures,
    draw_question,
    draw_steps,
    mark,
    mosaic,
    tile_colours,
)
from ..explore.plots import draw_plots
from ..explore.still_layers import draw_volumes

__all__ = [
    "BLUE", "ORANGE", "Drawn",
    "draw_bars", "draw_filters_and_maps", "draw_grid", "draw_grids",
    "draw_picture", "draw_pictures", "draw_plots", "draw_question",
    "draw_steps", "draw_volumes", "mark", "mosaic", "picture", "png", "show", "show_table", "tile_colours",
]  # fmt: skip
