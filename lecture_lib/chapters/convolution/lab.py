"""The convolution lab: a photo, a kernel, and every setting of the slide between them."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ...arguments import one_of
from ...data import centre_square, load_photo, open_image, photo_names, resize, to_grey
from ...explore import Choice, Explorer, File, Free, Numbers, Options, Places, Say, Slide, Slider, pack
from ...filters import BORDERS, KERNELS, correlate, pad_border

MARGIN = 4  # the widest padding of the slider
SIDE = 112  # pixels on the longer side: large enough to know the photo, small enough to see pixels
_TYPED = "Your own"
_MINE = "your picture"
MOST_OPENED = 1000  # pictures of one's own
_SIZES = range(1, 6)


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


def _as_text(weights: np.ndarray) -> list[list[str]]:
    return [[str(Fraction(float(each)).limit_denominator(1000)) for each in row] for row in weights]


def _is_matrix(value: object) -> str:
    square = isinstance(value, list) and len(value) in _SIZES and all(
        isinstance(row, list) and len(row) == len(value) and all(isinstance(each, str) for each in row) for row in value
    )  # fmt: skip
    return "" if square else "must be a list of 1 to 5 rows, each of as many texts"


SCALE = (-255, 255)
"""Of every map, whatever the kernel: as bright as in the photo is as bright in a map."""


def _square(photo: str) -> np.ndarray:
    """The middle of a photo, so that all pictures of the lab are of one size."""
    return resize(centre_square(to_grey(load_photo(photo))), SIDE)


class _Lab:
    """What Python answers: maps of the photo for the border and dilation chosen, and the kernel that is typed."""

    def __init__(self, photo: str):
        self.grey = _square(photo)
        self.mine: list[np.ndarray] = []  # the pictures opened, so that undo finds the one before
        self.kernels = [record.weights for record in KERNELS.values()]
        self.problems: dict[str, str] = {}  # what cannot be done, by what asks for it

    def answer(self, explorer: Explorer, names: set[str]) -> None:
        typed = len(self.kernels)
        if "kernel" in names and explorer.state["kernel"] != typed:  # the matrix shows the kernel that is chosen
            weights = self.kernels[explorer.state["kernel"]]
            explorer.update(state={"typed": _as_text(weights), "size": len(weights) - 1})
            self.problems.pop("matrix", None)
        elif "size" in names:  # a larger matrix begins with zeros
            size, rows = explorer.value("size"), explorer.state["typed"]
            rows = [[*row, *["0"] * size][:size] for row in [*rows, *[["0"] * size] * size][:size]]
            explorer.update(state={"typed": rows, "kernel": typed})
            names = names | {"typed"}
        elif "typed" in names:
            explorer.update(state={"kernel": typed, "size": len(explorer.state["typed"]) - 1})
        self._try("matrix", lambda: self._read(explorer))
        if names & {"photo", "picture", "mine"}:
            self._try("picture", lambda: self._look(explorer, names))
        if names & {"photo", "picture", "mine", "border", "dilation"}:
            self.send(explorer)
        explorer.update(problem=" ".join(self.problems.values()))

    def _try(self, source: str, action) -> None:
        """Do what a student asked for; if it cannot be done, say why and keep the last good state."""
        try:
            action()
        except (ValueError, TypeError, OSError) as error:
            self.problems[source] = f"{error}."
        else:
            self.problems.pop(source, None)

    def _read(self, explorer: Explorer) -> None:
        """Slide what stands in the matrix; if it cannot be read, slide what was read last."""
        self.typed = parse_kernel(explorer.state["typed"])
        last = len(self.kernels)
        explorer.update(extra={
            f"weights:{last}": pack(self.typed, "weight"), f"maps:{last}": pack(self._map(explorer, self.typed), "map", SCALE)
        })  # fmt: skip

    def _look(self, explorer: Explorer, names: set[str]) -> None:
        if "picture" in names:
            self.mine.append(resize(to_grey(open_image(explorer.picture, explorer.picture_name)), SIDE))
            explorer.update(state={"photo": len(photo_names()), "mine": len(self.mine)})
        name, at = explorer.value("photo"), explorer.state["mine"]
        if name == _MINE and not 1 <= at <= len(self.mine):
            raise ValueError("There is no picture of yours yet: open one with the button “Your picture”")
        self.grey = self.mine[at - 1] if name == _MINE else _square(name)
        explorer.update(about=_about(name))

    def _map(self, explorer: Explorer, kernel: np.ndarray) -> np.ndarray:
        """The map at stride 1 with the widest padding; empty where the window does not fit."""
        dilation = explorer.value("dilation")
        if dilation * (max(kernel.shape) - 1) + 1 > min(self.grey.shape) + 2 * MARGIN:
            return np.zeros((0, 0))
        return correlate(self.grey, kernel, padding=MARGIN, dilation=dilation, border=explorer.value("border"))

    def send(self, explorer: Explorer) -> None:
        """Every map for the photo, border and dilation chosen; the sliders then only choose among them.

        What the picture shows now goes first, in a message of its own: it is a tenth of the whole.
        """
        kernels, shown = [*self.kernels, self.typed], explorer.state["kernel"]
        padded = pack(pad_border(self.grey, MARGIN, explorer.value("border")), "image")
        first = pack(self._map(explorer, kernels[shown]), "map", SCALE)
        if explorer.arrays:
            explorer.update(extra={"padded": padded, f"maps:{shown}": first})
        maps = [
            first if at == shown else pack(self._map(explorer, kernel), "map", SCALE)
            for at, kernel in enumerate(kernels)
        ]
        explorer.update(arrays={"padded": padded, "weights": [pack(each, "weight") for each in kernels], "maps": maps})


def _about(photo: str) -> str:
    return (
        f"Convolution lab: the photo {photo} in grey with its padding, the pixels and weights of one window, "
        "and the map that the chosen kernel makes of the photo."
    )


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
        ShapeError: a setting is out of range.
    """
    one_of("photo", photo, photo_names())
    one_of("kernel", kernel, KERNELS)
    lab = _Lab(photo)
    lab.typed = KERNELS[kernel].weights
    short = (each.label.removeprefix("Edges: ").replace("Gaussian blur", "Gauss") for each in KERNELS.values())
    names = [each[0].upper() + each[1:] for each in short]  # on chips
    empty = pack(np.zeros((0, 0)), "map", SCALE)
    explorer = Explorer(
        "Convolution lab", _about(photo),
        indices={
            "photo": Options([*photo_names(), _MINE], photo, python=True),
            "mine": Numbers(0, MOST_OPENED, python=True),  # which of the pictures that were opened; 0 is none
            "kernel": Options([*KERNELS, _TYPED], kernel, labels=[*names, _TYPED], python="also"),
            "border": Options(list(BORDERS), "zero", python=True),
            "size": Options(list(_SIZES), len(lab.typed), labels=[f"{each} × {each}" for each in _SIZES], python=True),
            "typed": Free(_as_text(lab.typed), check=_is_matrix),
            "stride": Numbers(1, 4, stride), "padding": Numbers(0, MARGIN, padding), "dilation": Numbers(1, 3, python=True),
            "row": Places("rows", 44), "col": Places("cols", 52),
        },
        slide=Slide(kernel="kernel", stride="stride", padding="padding", dilation="dilation", margin=MARGIN),
        controls=[
            Choice("kernel", "Kernel", "by name, or your own", pictures="weights"),
            Slider("stride", "Stride", "pixels from one window to the next"),
            Slider("padding", "Padding", "pixels added on each side"),
            Slider("dilation", "Dilation", "pixels from one cell of the kernel to the next"),
            Choice("border", "Border", "what the padding holds"),
            Choice("photo", "Photo", "which picture the kernel slides over", group="Picture"),
            File("picture", "Your picture", "open a picture from this computer; one that you copied is pasted with Ctrl+V", group="Picture"),
            Choice("size", "Matrix", "rows and columns of the kernel", when={"kernel": [len(names)]}, follows=True),
        ],
        arrays={"padded": empty, "weights": [empty], "maps": [empty]},
        panels=[
            {"kind": "grid", "array": "padded", "slice": "input", "mark": "window", "pick": "input",
             "title": "photo, grey"},
            {"kind": "window", "title": "pixel × weight = product", "sum": True, "edit": "typed"},
            {"kind": "grid", "array": "maps", "slice": "map", "mark": "cell", "pick": "output", "title": "output",
             "compare": True},
        ],
        sentence=Say(kind="sum"), height=470, hover=False, answer=lab.answer,
    )  # fmt: skip
    lab.send(explorer)
    return explorer
