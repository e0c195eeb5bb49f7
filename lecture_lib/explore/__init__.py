"""Explorers as data: what can be chosen, by which controls, over which arrays; and figures in the lecture's style."""

from .charts import draw_bars
from .curves import curves
from .explorer import Explorer
from .figure import Picture, Table, bare, new_axes, new_figure, png, row_of_axes, show_table, styled
from .grids import (
    draw_filters_and_maps,
    draw_grid,
    draw_grids,
    draw_picture,
    draw_pictures,
    draw_question,
    mark,
    mosaic,
    scale_bar,
    tile_colours,
)
from .packing import pack, unpack
from .plots import draw_plots
from .spec import (
    OWN,
    Answers,
    Axis,
    Bar,
    Broken,
    Choice,
    Code,
    File,
    Free,
    Guessing,
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
    WhatIf,
)
from .still_layers import draw_volumes
from .tour import Step
from .training import EVERY, Watched, follow, in_turn, stop_between_steps, story, watch

__all__ = [
    "Answers", "Axis", "Bar", "Broken", "Choice", "Code", "EVERY", "Explorer", "File", "Free", "Guessing", "Look", "Number",
    "Numbers", "OWN", "Options", "Picture", "Places", "Play", "Press", "Rows", "Say", "Slide", "Slider", "Step", "Table", "Toggle", "Watched", "WhatIf", "bare",
    "curves", "draw_bars", "draw_filters_and_maps", "draw_grid", "draw_grids", "draw_picture", "draw_pictures",
    "draw_plots", "draw_question", "draw_volumes", "follow", "in_turn", "mark", "mosaic", "new_axes", "new_figure", "pack",
    "png", "row_of_axes", "scale_bar", "show_table", "stop_between_steps", "story", "styled", "tile_colours", "unpack",
    "watch",
]  # fmt: skip
