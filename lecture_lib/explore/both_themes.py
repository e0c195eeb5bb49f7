"""One drawing in the light theme's colours and in the dark one's."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex, to_rgb, to_rgba

from .. import style


class BothThemes(RendererAgg):
    """Draws every stroke here as it is told, and on another one in the dark theme's colours.

    Most of the time of a drawing goes to where things lie; that is found once for both.
    """

    def __init__(self, width: float, height: float, dpi: float):
        super().__init__(width, height, dpi)
        dark = RendererAgg(width, height, dpi)
        self.others = (dark,)
        for name in ("draw_path", "draw_markers", "draw_path_collection", "draw_text", "draw_image"):
            setattr(self, name, partial(self._both, name, getattr(self, name), getattr(dark, name)))

    @staticmethod
    def _both(name: str, light: Callable, dark: Callable, gc: GraphicsContextBase, *args, **kwargs) -> None:
        light(gc, *args, **kwargs)
        stroke, hatch, args = gc.get_rgb(), gc.get_hatch() and gc.get_hatch_color(), list(args)
        if name == "draw_path_collection":  # of strokes that are not alike: the colours within and around
            args[5:7] = [np.reshape([_in_dark(tuple(each)) for each in inks], (-1, 4)) for inks in args[5:7]]
        within = {"draw_path": 2, "draw_markers": 4}.get(name, len(args))
        args[within:] = [ink if ink is None else _in_dark(tuple(ink)) for ink in args[within:]]
        if name != "draw_text" or stroke[:3] != (1, 1, 1):  # white letters stand on a colour, never on the page
            gc.set_foreground(_in_dark(stroke), isRGBA=True)
        if hatch:
            gc.set_hatch_color(_in_dark(to_rgba(hatch)))
        dark(gc, *args, **kwargs)
        gc.set_foreground(stroke, isRGBA=True)
        if hatch:
            gc.set_hatch_color(hatch)


@cache
def _in_dark(ink: tuple[float, ...]) -> tuple[float, ...]:
    """What stands for a colour in the dark theme; how much shines through stays."""
    light = to_hex(ink)
    return *to_rgb(style.translation("light", "dark").get(light, light)), *ink[3:]
