"""The one picture that every explorer drives, and the frame that holds it with its controls.

A :class:`View` draws arrays that Python computed. A slider is linked to one of its
integers in the browser, so following it needs no Python.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import anywidget
import ipywidgets
import numpy as np
import traitlets
from IPython import get_ipython

from .. import style
from ..figures import draw_question, picture
from ..shapes import ShapeError, integer

OWN = "your own"  # what a menu of examples says once its sliders have been moved
_HERE = Path(__file__).parent
SCRIPT = (
    "numbers",
    "windows",
    "grids",
    "layers",
    "charts",
    "readouts",
    "architecture",
    "drawing",
    "units",
    "view",
)
"""The files of ``script/``, in the order in which they are joined to what the browser runs."""
_OPEN: dict[str, tuple[str, list[ipywidgets.Widget]]] = {}  # notebook cell → its last run, and what that run showed


def pack(array: np.ndarray, role: str, limit: tuple[float, float] | None = None) -> dict[str, object]:
    """Make an array ready for the browser: (..., rows, cols), or (..., rows, cols, 3) for the role "rgb".

    Roles are those of ``style`` and three without colours of their own: "rgb", "index" (whole numbers to look
    something up) and "curve" (numbers to draw lines from).

    uint8 and int32 stay; everything else becomes float32, or float64 where its numbers are too large for that. ``limit`` is the range of the colour scale.

    >>> pack(np.array([[0.0, -2.0]]), "map")["limit"]
    [-2.0, 2.0]
    """
    array = np.asarray(array)
    if array.dtype not in (np.uint8, np.int32):
        exact = np.abs(array).max(initial=0) <= 2**24  # whole numbers beyond are none of float32's
        array = array.astype(np.float32 if exact else np.float64)
    limit = limit or ((0, 255) if role in ("rgb", "index", "curve") else style.limits(array, role))
    data = np.ascontiguousarray(array)
    return {
        "shape": list(data.shape),
        "dtype": data.dtype.name,
        "data": data.tobytes(),
        "role": role,
        "limit": [float(edge) for edge in limit],
    }


def _index(default: int = 0):
    return traitlets.Int(default, allow_none=True).tag(sync=True)


class View(anywidget.AnyWidget):
    """Linked grids on one canvas, with a readout that screen readers announce.

    What is shown is chosen by integers (``kernel``, ``stride``, ``row``, …): indices into
    ``arrays``. ``panels`` says which arrays stand beside each other.
    """

    _esm = "\n".join((_HERE / "script" / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPT)
    _css = (_HERE / "view.css").read_text(encoding="utf-8")  # of a path, anywidget would never let a view go

    panels = traitlets.List().tag(sync=True)
    arrays = traitlets.Dict().tag(sync=True)
    extra = traitlets.Dict().tag(sync=True)
    """Arrays that change while the explorer is used. They go before ``arrays`` of the same name; "maps:3" is item 3 of "maps"."""
    tables = traitlets.Dict().tag(sync=True)
    series = traitlets.Dict().tag(sync=True)
    height = traitlets.Int(330).tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    readout = traitlets.Unicode("text").tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    texts = traitlets.List().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    hover = traitlets.Bool(True).tag(sync=True)
    stepped = traitlets.Bool(False).tag(sync=True)

    row, col, step, layer, kernel, margin = _index(), _index(), _index(), _index(), _index(), _index()
    stride, dilation, padding = _index(1), _index(1), _index()
    n, f = _index(1), _index(1)
    item, level = _index(), _index()
    choice = _index(None)
    counts = traitlets.List().tag(sync=True)
    """Kernels of each level, where levels differ in that: the browser keeps ``kernel`` within those of its level."""
    last = _index()
    """The last kernel of the level; the end of a slider can be linked to it."""

    boxes = traitlets.List().tag(sync=True)
    bars = traitlets.List().tag(sync=True)
    layers = traitlets.List().tag(sync=True)
    networks = traitlets.List().tag(sync=True)
    wires = traitlets.Dict().tag(sync=True)
    extent = traitlets.List().tag(sync=True)
    """Rows and columns to choose from by the arrow keys, where no panel says it."""
    mix = traitlets.List().tag(sync=True)
    bias = traitlets.Float().tag(sync=True)
    calm = traitlets.List().tag(sync=True)
    """Ids of the models, this one among them, that tell Python of a change only when the hand rests."""

    @traitlets.default("tables")
    def _tables(self):
        return {role: style.colour_table(role).tobytes() for role in style.ROLES}

    @traitlets.default("series")
    def _series(self):
        return {theme: list(colours) for theme, colours in style.SERIES.items()}


class Explorer(ipywidgets.VBox):
    """Controls above a :class:`View`: what a notebook cell shows.

    Where no widget can run (GitHub, PDF, a printed page) the picture drawn by ``still``
    stands in its place, with ``alt`` as its text.
    """

    owned: Sequence[ipywidgets.Widget] = ()
    """Widgets that are not (or not always) among the children: links, hidden controls."""

    def __init__(self, view: View, controls: Sequence[ipywidgets.Widget], alt: str, still: Callable[[], object]):
        keep_until_rerun(self)
        self.view, self.alt, self._still = view, alt, still
        self.owned = []
        view.label = alt
        view.calm = [view.model_id]
        view.layout.width = "100%"
        super().__init__([*controls, view])
        self.add_class("lecture-explorer")

    def link(self, control: ipywidgets.Widget, name: str, trait: str = "value") -> None:
        """Let a control choose ``name`` of the view, in the browser; Python hears of it when the hand rests."""
        setattr(self.view, name, getattr(control, trait))
        self.view.calm = [*self.view.calm, control.model_id]
        self.owned.append(ipywidgets.jslink((control, trait), (self.view, name)))

    def close(self) -> None:
        """Close the explorer with everything in it, and let its memory go."""
        for widget in (self, *self.owned):
            close_tree(widget)

    def _repr_mimebundle_(self, **kwargs):
        data = super()._repr_mimebundle_(**kwargs) or {}
        try:
            drawn = self._still()
        except ValueError as error:  # a setting without an output has no picture either
            drawn = draw_question("There is no picture of this setting.", [str(error)])
        still, metadata = picture(drawn, self.alt)
        return data | still, metadata


def keep_until_rerun(widget: ipywidgets.Widget) -> None:
    """A cell that is run again closes what its last run showed, so that memory does not grow."""
    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell, run = parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")
    if cell is None:  # not in a notebook
        return
    last_run, opened = _OPEN.get(cell, (None, []))
    if run != last_run:
        for each in opened:
            each.close()
        opened = []
    _OPEN[cell] = run, [*opened, widget]


def close_tree(widget: ipywidgets.Widget) -> None:
    """Close a widget and every widget it holds: children, layout, style."""
    if widget.comm is None:
        return
    held = [getattr(widget, name) for name in widget.keys]
    ipywidgets.Widget.close(widget)
    for value in held:
        for each in value if isinstance(value, list | tuple) else (value,):
            if isinstance(each, ipywidgets.Widget):
                close_tree(each)


@contextmanager
def muted(handler: Callable, controls: Sequence[ipywidgets.Widget]) -> Iterator[None]:
    """Change several controls without ``handler`` hearing of each; an interrupt in between leaves none of them deaf."""
    try:
        for control in controls:
            with suppress(ValueError):  # an interrupt came between, and it hears of nothing already
                control.unobserve(handler, "value")
        yield
    finally:
        for control in controls:
            control.observe(handler, "value")


def control_row(*controls: ipywidgets.Widget) -> ipywidgets.Widget:
    """Controls side by side that wrap where the page is narrow."""
    row = ipywidgets.HBox(controls, layout={"flex_flow": "row wrap"})
    row.add_class("lecture-controls")
    return row


def slider(
    label: str, value: int, lowest: int, highest: int, tip: str = "", width: str = "300px"
) -> ipywidgets.IntSlider:
    """A labelled integer slider that reports while it moves.

    Raises:
        TypeError: ``value`` is not an integer.
        ShapeError: ``value`` is out of range; a slider would move it without a word.
    """
    if not lowest <= integer(label, value, lowest) <= highest:
        raise ShapeError(f"{label}={value}: must be from {lowest} to {highest}")
    return ipywidgets.IntSlider(
        value, lowest, highest, description=label, tooltip=tip or label,
        layout={"width": width}, style={"description_width": "86px"},
    )  # fmt: skip


def stops(
    label: str, options: Sequence, value: object, tip: str = "", width: str = "300px", label_width: str = "86px"
) -> ipywidgets.SelectionSlider:
    """A labelled slider over a list of stops; link its "index"."""
    return ipywidgets.SelectionSlider(
        options=options, value=value, description=label, tooltip=tip or label,
        layout={"width": width}, style={"description_width": label_width},
    )  # fmt: skip


def set_stops(control: ipywidgets.SelectionSlider, options: Sequence, index: int = 0) -> None:
    """Give a slider over stops others.

    The browser moves its hand before it hears of another range, so the hand goes to the first stop in between.
    """
    control.index = 0
    control.options = options
    control.index = index


def menu(label: str, options: Sequence, value: object, tip: str = "", width: str = "300px") -> ipywidgets.Dropdown:
    """A labelled drop-down menu."""
    return ipywidgets.Dropdown(
        options=options,
        value=value,
        description=label,
        tooltip=tip or label,
        layout={"width": width},
        style={"description_width": "86px"},
    )
