"""Explorers as data: what can be chosen, by which controls, over which arrays; and figures in the lecture's style."""

from .charts import draw_bars
from .curves import curves
from .explorer import Explorer, pack, unpack
from .figure import Drawn, bare, new_axes, picture, png, row_of_axes, show, show_table, styled
from .grids import (
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
from .order import say_what_to_run_first
from .plots import draw_plots
from .progress import track, watch
from .spec import (
    OWN,
    Answers,
    Axis,
    Bar,
    Cells,
    Choice,
    Code,
    File,
    Free,
    Look,
    Number,
    Numbers,
    Options,
    Places,
    Play,
    Press,
    Rows,
    Say,
    Slide,
    Slider,
    Toggle,
)
from .still_layers import draw_volumes

__all__ = [
    "Answers", "Axis", "Bar", "Cells", "Choice", "Code", "Drawn", "Explorer", "File", "Free", "Look", "Number",
    "Numbers", "OWN", "Options", "Places", "Play", "Press", "Rows", "Say", "Slide", "Slider", "Toggle", "bare",
    "curves", "draw_bars", "draw_filters_and_maps", "draw_grid", "draw_grids", "draw_picture", "draw_pictures",
    "draw_plots", "draw_question", "draw_steps", "draw_volumes", "mark", "mosaic", "new_axes", "pack", "picture",
    "png", "row_of_axes", "say_what_to_run_first", "show", "show_table", "styled", "tile_colours", "track", "unpack",
    "watch",
]  # fmt: skip
