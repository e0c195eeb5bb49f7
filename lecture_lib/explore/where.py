"""Where an explorer stands, for the still picture: places of its indices, and where its windows lie."""

from typing import NamedTuple

import numpy as np

from .spec import Look, Numbers


class Windows(NamedTuple):
    """The chosen window of a slide."""

    map: np.ndarray
    """The output as it is shown."""
    skip: int
    """Rows and columns of the widest padding that are not shown."""
    pixels: np.ndarray
    """What is under the window."""
    weights: np.ndarray | None
    span: tuple[int, int]
    """Rows and columns from the window's first pixel to its last."""
    top: int
    left: int
    row: int
    col: int


class Where:
    """The places of an explorer's indices, as its script sees them."""

    def __init__(self, explorer):
        self.explorer = explorer

    def value(self, name: object) -> object:
        """What an index says; a number stands for itself."""
        return self.explorer.state[name] if isinstance(name, str) else name

    def place(self, name: object) -> int:
        """The place of an index in what it chooses from."""
        if isinstance(name, Look):
            return int(self.plane({"array": name.array, "at": name.at}))
        value, index = self.value(name), self.explorer.declared.get(name) if isinstance(name, str) else None
        return round((value - index.low) / index.step) if isinstance(index, Numbers) else value or 0

    def places(self, names: object) -> tuple[int, ...]:
        """Places of several."""
        return tuple(self.place(each) for each in (names if isinstance(names, list | tuple) else [names]))

    def array(self, name: str, among: object = ()) -> np.ndarray:
        """An array; of nested lists the one that ``among`` chooses."""
        found = self.explorer.array(name)
        for at in self.places(among):
            if isinstance(found, list):
                found = found[min(at, len(found) - 1)]
        return found

    def plane(self, panel: dict) -> np.ndarray:
        """The array of a panel, at the places that it names; beyond an end stands the last one."""
        found = self.array(panel["array"], panel.get("among", ()))
        for at in self.places(panel.get("at", ())):
            found = found[min(at, len(found) - 1)]
        return found

    def windows(self) -> Windows | None:
        """Where the window of the slide lies; None where no window fits."""
        slide = self.explorer.parts["slide"]
        kernel, size = self.place(slide.kernel), self.value(slide.size)
        stride, padding, dilation = (self.value(each) for each in (slide.stride, slide.padding, slide.dilation))
        found = self.explorer.array(slide.maps)
        for at in (kernel, size - 1):
            found = found[min(max(at, 0), len(found) - 1)] if isinstance(found, list) else found
        skip = slide.margin - padding
        shown = found[skip : len(found) - skip : stride, skip : found.shape[1] - skip : stride]
        if not shown.size:
            return None
        weights = self.array(slide.weights, (kernel,)) if slide.weights else None
        rows, cols = weights.shape if slide.weights else (size, size)
        row, col = (
            min(self.place(name), most - 1) for name, most in zip((slide.row, slide.col), shown.shape, strict=True)
        )
        top, left = row * stride + skip, col * stride + skip
        span = dilation * (rows - 1) + 1, dilation * (cols - 1) + 1
        pixels = self.array(slide.source, (kernel,))[top : top + span[0] : dilation, left : left + span[1] : dilation]
        return Windows(shown, skip, pixels, weights, span, top, left, row, col)
