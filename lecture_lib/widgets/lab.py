"""The convolution lab: a photo, a kernel, and every setting of the slide between them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction

import ipywidgets
import numpy as np

from .. import figures
from ..arguments import checked, one_of
from ..data import load_photo, open_image, photo_names, resize, to_grey
from ..filters import BORDERS, KERNELS, correlate, pad_border
from .view import Explorer, View, control_row, menu, pack, slider

MARGIN = 4  # the widest padding of the slider
SIDE = 128  # pixels on the longer side: large enough to know the photo, small enough to see pixels
_TYPED = "Your own (in the matrix)"
_MINE = "your picture"
_SIZE = 5  # cells on each side of the matrix


def parse_kernel(rows: Sequence[Sequence[str]]) -> np.ndarray:
    """Read a kernel from text: whole numbers, decimals and fractions such as 1/9.

    Raises:
        ValueError: a cell is empty or not a finite number; the message names its row and column.

    >>> parse_kernel([["1/4", "-1"], ["0.5", " 2 "]]).tolist()
    [[0.25, -1.0], [0.5, 2.0]]
    """
    if not rows or not rows[0] or len({len(row) for row in rows}) > 1:
        raise ValueError("kernel: must have rows of equal length, with at least one number")
    weights = np.empty((len(rows), len(rows[0])))
    for (row, col), _ in np.ndenumerate(weights):
        text = rows[row][col].strip().replace("−", "-")
        place = f"kernel row {row + 1}, column {col + 1}"
        if not text:
            raise ValueError(f"{place} is empty: type a number, for example -1, 0.5 or 1/9")
        above, _, below = text.partition("/")
        try:
            weights[row, col] = float(above) / float(below) if "/" in text else float(text)
        except (ValueError, ZeroDivisionError):
            raise ValueError(f"{place} is {text[:20]!r}: must be a number, for example -1, 0.5 or 1/9") from None
        if not abs(weights[row, col]) <= 1e6:
            raise ValueError(f"{place} is {text[:20]!r}: must lie between -1000000 and 1000000")
    return weights


class ConvolutionLab(Explorer):
    """See :func:`convolution_lab`."""

    def __init__(self, photo: str, kernel: str, **settings: int):
        self.grey = resize(to_grey(load_photo(photo)), SIDE)
        self.kernels = [record.weights for record in KERNELS.values()]
        self.typed = KERNELS[kernel].weights
        self.mine: np.ndarray | None = None  # the picture opened last
        self.problems: dict[str, str] = {}  # what cannot be done, by the control that asks for it
        names = [record.label for record in KERNELS.values()] + [_TYPED]
        self.photo = menu("Photo", [*photo_names(), _MINE], photo, "which picture the kernel slides over")
        self.upload = ipywidgets.FileUpload(
            accept="image/*", multiple=False, description="Your picture", tooltip="open a picture from this computer"
        )
        self.border = menu("Border", list(BORDERS), "zero", "what the padding holds")
        self.kernel = menu("Kernel", names, KERNELS[kernel].label, "by name, or your own")
        self.stride = slider("Stride", settings.get("stride", 1), 1, 4, "pixels between windows")
        self.padding = slider("Padding", settings.get("padding", 1), 0, MARGIN, "pixels added on each side")
        self.dilation = slider("Dilation", 1, 1, 3, "pixels between the kernel's cells")
        self.size = menu(
            "Matrix",
            [("1 × 1", 1), ("2 × 2", 2), ("3 × 3", 3), ("4 × 4", 4), ("5 × 5", 5)],
            3,
            "rows and columns of the kernel",
        )
        self.cells = [[self._cell(row, col) for col in range(_SIZE)] for row in range(_SIZE)]
        self.matrix = ipywidgets.GridBox(
            [cell for row in self.cells for cell in row],
            layout={"grid_gap": "1px", "align_content": "flex-start", "height": "146px"},
        )
        self.matrix.add_class("lecture-matrix")
        view = View(panels=self._panels(), readout="equation", margin=MARGIN, height=320)
        column = {"width": "306px"}
        controls = control_row(
            ipywidgets.VBox([self.photo, self.upload, self.border, self.size], layout=column),
            ipywidgets.VBox([self.kernel, self.stride, self.padding, self.dilation], layout=column),
            self.matrix,
        )
        super().__init__(view, [controls], self._alt(photo), self._draw_still)
        self.link(self.stride, "stride")
        self.link(self.padding, "padding")
        self.link(self.kernel, "kernel", "index")
        self._writing = False
        self._write_matrix()
        self._compute()
        view.row = view.col = 50
        self.photo.observe(self._on_photo, "value")
        self.upload.observe(self._on_upload, "value")
        self.border.observe(self._on_setting, "value")
        self.dilation.observe(self._on_setting, "value")
        self.kernel.observe(self._on_kernel, "value")
        self.size.observe(self._on_size, "value")

    def _cell(self, row: int, col: int) -> ipywidgets.Text:
        cell = ipywidgets.Text(
            "0",
            layout={"width": "auto", "height": "28px", "margin": "0"},
            tooltip=f"kernel row {row + 1}, column {col + 1}",
        )
        cell.observe(self._on_cell, "value")
        return cell

    @staticmethod
    def _panels() -> list[dict]:
        return [
            {"kind": "grid", "array": "padded", "slice": "input", "mark": "window", "pick": "input",
             "title": "photo with padding", "share": 3, "sign": "→"},
            {"kind": "grid", "array": "padded", "slice": "window", "title": "pixels × weights", "share": 2.6, "sign": "Σ"},
            {"kind": "grid", "array": "maps", "index": "kernel", "slice": "map", "mark": "cell", "pick": "output",
             "title": "output", "share": 3},
        ]  # fmt: skip

    @staticmethod
    def _alt(photo: str) -> str:
        return (
            f"Convolution lab: the photo {photo} in grey with its padding, the pixels and weights of one window, "
            "and the map that the chosen kernel makes of the photo."
        )

    def _draw_still(self):
        skip, step = MARGIN - self.padding.value, self.stride.value
        full = self._map([*self.kernels, self.typed][self.kernel.index])
        output = full[skip : len(full) - skip : step, skip : full.shape[1] - skip : step]
        return figures.draw_photo_and_map(self.grey, output, self.kernel.value)

    # ------------------------------------------------------------ what needs Python

    def _map(self, kernel: np.ndarray) -> np.ndarray:
        """The map at stride 1 with the widest padding; empty where the window does not fit."""
        span = [self.dilation.value * (side - 1) + 1 for side in kernel.shape]
        if max(span) > min(self.grey.shape) + 2 * MARGIN:
            return np.zeros((0, 0))
        return correlate(self.grey, kernel, padding=MARGIN, dilation=self.dilation.value, border=self.border.value)

    def _compute(self) -> None:
        """Every map for the photo, border and dilation chosen; the sliders then only choose among them.

        What the picture shows now goes first, in a message of its own: it is a tenth of the whole.
        """
        kernels, shown = [*self.kernels, self.typed], self.kernel.index
        padded = pack(pad_border(self.grey, MARGIN, self.border.value), "image")
        first = pack(self._map(kernels[shown]), "map")
        with self.view.hold_sync():  # maps and dilation in one message, so that no frame shows half of it
            self.view.extra, self.view.dilation = {"padded": padded, f"maps:{shown}": first}, self.dilation.value
        maps = [first if at == shown else pack(self._map(kernel), "map") for at, kernel in enumerate(kernels)]
        with self.view.hold_sync():
            self.view.extra = {}
            self.view.arrays = {"padded": padded, "weights": [pack(each, "weight") for each in kernels], "maps": maps}

    def _try(self, source: str, action: Callable[[], None]) -> None:
        """Run what a student asked for; if it cannot be done, say why and keep the last good state."""
        try:
            action()
        except (ValueError, TypeError, OSError) as error:
            self.problems[source] = f"{error}."
        else:
            self.problems.pop(source, None)
        self.view.problem = " ".join(self.problems.values())

    def _show(self, grey: np.ndarray, name: str) -> None:
        before, self.grey = self.grey, grey
        try:
            self._compute()
        except ValueError:
            self.grey = before
            raise
        self.problems.pop("setting", None)
        self.view.label = self.alt = self._alt(name)

    def _on_photo(self, change) -> None:
        if change.new != _MINE:
            self._try("picture", lambda: self._show(resize(to_grey(load_photo(change.new)), SIDE), change.new))
        elif not self._writing:
            self._try("picture", self._show_mine)

    def _show_mine(self) -> None:
        if self.mine is None:
            raise ValueError("There is no picture of yours yet: open one with the button below")
        self._show(self.mine, _MINE)

    def _on_upload(self, change) -> None:
        if change.new:
            self._try("picture", lambda: self._open(change.new[0]["content"]))

    def _open(self, content: memoryview) -> None:
        mine = resize(to_grey(open_image(content)), SIDE)
        self._show(mine, _MINE)
        self.mine = mine
        with self._quietly():
            self.photo.value = _MINE

    def _on_setting(self, change) -> None:
        self._try("setting", self._compute)

    def _on_kernel(self, change) -> None:
        if self._writing:
            return
        if self.kernel.index == len(self.kernels):
            self._try("matrix", self._read_matrix)
        else:
            self._write_matrix()
            self._try("matrix", lambda: None)  # what was typed is gone

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Move controls without hearing of it."""
        self._writing = True
        try:
            yield
        finally:
            self._writing = False

    def _write_matrix(self) -> None:
        """Show the chosen kernel's weights in the matrix, where "your own" starts from them."""
        self.typed = weights = [*self.kernels, self.typed][self.kernel.index]
        with self._quietly():
            self._lay_out(len(weights))
            self.size.value = len(weights)
            for row, cells in enumerate(self.cells):
                for col, cell in enumerate(cells):
                    inside = row < len(weights) and col < len(weights)
                    cell.value = str(Fraction(float(weights[row, col])).limit_denominator(1000)) if inside else "0"

    def _lay_out(self, size: int) -> None:
        self.matrix.layout.grid_template_columns = f"repeat({size}, 46px)"
        # The browser keeps a part of every cell that is taken away, so the others are only hidden (view.css).
        with self.matrix.hold_sync():
            for each in range(1, _SIZE + 1):
                self.matrix.remove_class(f"lecture-matrix-{each}")
            self.matrix.add_class(f"lecture-matrix-{size}")

    def _on_size(self, change) -> None:
        if not self._writing:
            self._lay_out(change.new)
            self._on_cell(None)

    def _on_cell(self, change) -> None:
        if not self._writing:
            self._try("matrix", self._read_matrix)

    def _read_matrix(self) -> None:
        """Slide what stands in the matrix; if it cannot be read, slide what was read last."""
        size = self.size.value
        try:
            self.typed = parse_kernel([[cell.value for cell in row[:size]] for row in self.cells[:size]])
        finally:
            last = len(self.kernels)
            self.view.extra = {
                f"weights:{last}": pack(self.typed, "weight"),
                f"maps:{last}": pack(self._map(self.typed), "map"),
            }
            with self._quietly():
                self.kernel.index = last


@checked
def convolution_lab(
    photo: str = "camera", kernel: str = "laplacian_8", *, stride: int = 1, padding: int = 1
) -> Explorer:
    """Explorer of one kernel on a photo: kernel by name or typed, stride, padding, dilation, border, own picture.

    Args:
        photo: a name from :func:`lecture_lib.data.photo_names`.
        kernel: a name from :data:`lecture_lib.filters.KERNELS`.
        stride: 1 to 4. padding: 0 to 4. Where the sliders stand at first.

    Raises:
        ValueError: an unknown photo or kernel.
    """
    one_of("photo", photo, photo_names())
    one_of("kernel", kernel, KERNELS)
    return ConvolutionLab(photo, kernel, stride=stride, padding=padding)
