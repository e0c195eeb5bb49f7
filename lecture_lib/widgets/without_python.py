"""Explorers for a page that runs no Python: what goes on living there, and what says that it needs the live notebook.

A control that only chooses among what Python has computed lives on in the browser. One that Python listens to does
not, unless all that Python does on hearing it is to bring other controls, which are dead anyway, up to date.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import ipywidgets
import traitlets
from IPython.display import display
from ipywidgets.embed import dependency_state
from ipywidgets.widgets.widget import _instances as all_widgets  # the only list of them that there is
from ipywidgets.widgets.widget_link import Link

from .view import Explorer, View

LIVES = "application/vnd.lecture.lives+json"
"""MIME type of what :func:`prepare_all` puts into a notebook's output."""
MOST_TRIED = 16  # values of a control whose hearing by Python is tried out
_PLACE = ("row", "col", "step")  # what a hand in the picture moves


@dataclass(frozen=True)
class Life:
    """How much of an explorer lives without Python.

    Attributes:
        moves: whether anything in it moves at all; if not, its still picture says as much.
        picks: whether a click or an arrow key in its picture chooses something there.
        alive: labels of the controls that live.
        dead: labels of those that need Python.
    """

    moves: bool
    picks: bool
    alive: tuple[str, ...]
    dead: tuple[str, ...]


def prepare_all() -> None:
    """Prepare every explorer of this kernel, and put into the cell's output, by model id, how it lives and its widgets' state.

    A state is as :func:`ipywidgets.embed.dependency_state` gives it; an explorer without any life has none.
    """
    explorers = [each for each in list(all_widgets.values()) if isinstance(each, Explorer)]
    lives = {each: prepare(each) for each in explorers}
    found = {
        each.model_id: asdict(life) | {"state": dependency_state([each], drop_defaults=False) if life.moves else {}}
        for each, life in lives.items()
    }
    display({LIVES: found}, raw=True)


def prepare(explorer: Explorer) -> Life:
    """Make an explorer ready for a page without Python: what needs Python is greyed, what would go stale is hidden.

    >>> from lecture_lib import widgets
    >>> prepare(widgets.architecture()).moves
    True
    """
    controls = [each for each in _tree([*explorer.children, *explorer.owned]) if _is_control(each)]
    heard = [each for each in controls if _is_heard(each)]
    linked = _links(explorer)
    dead = [each for each in heard if each not in linked]
    stale: set[ipywidgets.Widget] = set()
    for control in heard:
        if control in linked:
            changed = _answers(explorer, control, _with_parts(explorer, dead))
            if changed is None:
                dead.append(control)
            else:
                stale |= changed
    picks = _picks(explorer, linked, dead, stale)
    for control in dead:
        control.disabled = True
    for each in _outermost(explorer.children, stale):
        each.layout.display = "none"
    seen = [each for each in _tree([*explorer.children, *explorer.owned], hidden=False) if each in controls]
    alive = [each for each in seen if each in linked and each not in dead]
    return Life(bool(picks or alive), picks, _labels(alive), _labels(each for each in seen if each in dead))


def _labels(controls: Iterable[ipywidgets.Widget]) -> tuple[str, ...]:
    """Names of controls, each once; the cells of a matrix have none."""
    return tuple(dict.fromkeys(each.description for each in controls if each.description))


def _tree(widgets: Iterable[ipywidgets.Widget], hidden: bool = True) -> Iterator[ipywidgets.Widget]:
    """Widgets and what they hold; with or without those that are not shown."""
    for each in widgets:
        if hidden or getattr(getattr(each, "layout", None), "display", None) != "none":
            yield each
            yield from _tree(getattr(each, "children", ()), hidden)


def _is_control(widget: ipywidgets.Widget) -> bool:
    return isinstance(widget, ipywidgets.DOMWidget) and widget.has_trait("disabled")


def _is_heard(widget: traitlets.HasTraits, *names: str) -> bool:
    """Whether Python listens to a widget, or to traits of it, beside what its own class does."""
    by_name = widget._trait_notifiers
    handlers = [
        each
        for name in names or by_name
        for handlers in by_name.get(name, {}).values()
        for each in handlers
        if not isinstance(each, traitlets.EventHandler)
    ]
    clicked = getattr(widget, "_click_handlers", None)
    return bool(handlers or (clicked and clicked.callbacks))


def _links(explorer: Explorer) -> dict[ipywidgets.Widget, set[str]]:
    """Controls that choose for the view in the browser → what of the view they choose."""
    chosen: dict[ipywidgets.Widget, set[str]] = {}
    for each in explorer.owned:
        if isinstance(each, Link):
            chosen.setdefault(each.source[0], set()).add(each.target[1])
    return chosen


# ---------------------------------------------------------------- what Python does on hearing a control


def _answers(
    explorer: Explorer, control: ipywidgets.Widget, allowed: set[ipywidgets.Widget]
) -> set[ipywidgets.Widget] | None:
    """The widgets that Python changes when a hand moves a control, or None if others than those allowed are among them."""
    trait = "index" if control.has_trait("index") else "value"
    return _try_out(explorer, control, trait, _other_values(control, trait), allowed)


def _other_values(control: ipywidgets.Widget, trait: str) -> list[object]:
    now = getattr(control, trait)
    if trait == "index":
        values = range(len(control.options))
    elif control.has_trait("max"):
        values = range(int(control.min), int(control.max) + 1)
    else:
        values = [not now] if isinstance(now, bool) else []
    return [each for each in values if each != now][:MOST_TRIED]


def _try_out(
    explorer: Explorer,
    widget: ipywidgets.Widget,
    trait: str,
    values: Iterable[object],
    allowed: set[ipywidgets.Widget],
) -> set[ipywidgets.Widget] | None:
    """The widgets that change when Python hears of other values of a trait, beside that trait itself; taken back after."""
    parts = _with_parts(explorer, _tree([explorer, *explorer.owned]))
    before = {each: _shown(each) for each in parts}
    start, kept, changed = getattr(widget, trait), explorer.view.get_state(), set()
    own = {"value", "index"} if widget is not explorer.view else {trait}  # an index moves its value with it
    for value in values:
        setattr(widget, trait, value)
        for each in parts:
            differ = {name for name, now in _shown(each).items() if now != before[each].get(name)}
            if differ - own if each is widget else differ:
                changed.add(each)
        setattr(widget, trait, start)
        if not changed <= allowed:
            break
    _restore(explorer.view, kept)
    return changed if changed <= allowed else None


def _restore(view: View, state: dict[str, object]) -> None:
    """Whatever was tried out, the picture is as it was."""
    with view.hold_sync():
        for name, value in state.items():
            if (
                not name.startswith("_")
                and name not in ("layout", "tabbable", "tooltip")
                and getattr(view, name) != value
            ):
                setattr(view, name, value)


def _shown(widget: ipywidgets.Widget) -> dict[str, object]:
    """A widget's state as it is seen: what a view has as ``extra`` stands in its arrays."""
    state = widget.get_state()
    if isinstance(widget, View):
        arrays = {name: list(each) if isinstance(each, list) else each for name, each in widget.arrays.items()}
        for name, each in widget.extra.items():
            place, _, at = name.partition(":")
            if at:
                arrays[place][int(at)] = each
            else:
                arrays[place] = each
        state |= {"arrays": arrays, "extra": {}}
    return state


def _with_parts(explorer: Explorer, widgets: Iterable[ipywidgets.Widget]) -> set[ipywidgets.Widget]:
    """Widgets with their layouts and styles, and the boxes of an explorer that hold no other controls."""
    found = set(widgets)
    for box in _tree(explorer.children):
        inside = {each for each in _tree(getattr(box, "children", ())) if _is_control(each)}
        if inside and inside <= found:
            found.add(box)
    return found | {getattr(each, name) for each in found for name in ("layout", "style") if each.has_trait(name)}


def _outermost(widgets: Iterable[ipywidgets.Widget], stale: set[ipywidgets.Widget]) -> Iterator[ipywidgets.Widget]:
    """What to hide so that nothing stale is seen: a box that holds nothing else goes with what it holds."""
    for each in widgets:
        inside = {part for part in _tree([each]) if _is_control(part)}
        if inside and inside <= stale:
            yield each
        else:
            yield from _outermost(getattr(each, "children", ()), stale)


# ---------------------------------------------------------------- what a hand can do in the picture


def _picks(
    explorer: Explorer,
    linked: dict[ipywidgets.Widget, set[str]],
    dead: list[ipywidgets.Widget],
    stale: set[ipywidgets.Widget],
) -> bool:
    """Whether the picture answers a hand by itself, with no dead control that ought to follow."""
    view = explorer.view
    if not _has_places(view) or any(linked.get(each, set()) & set(_PLACE) for each in dead):
        return False
    for name in (each for each in _PLACE if _is_heard(view, each)):
        now = getattr(view, name)
        others = [each for each in range(MOST_TRIED) if each != now]
        changed = _try_out(explorer, view, name, others, _with_parts(explorer, dead))
        if changed is None:
            return False
        stale |= changed
    return True


def _has_places(view: View) -> bool:
    """Whether there is a row or column to choose in the picture: what the script's ``extent`` finds."""
    if view.extent:
        return view.extent[0] * view.extent[1] > 1
    return bool(
        view.networks
        or view.boxes
        or view.wires.get("units")
        or {"maps", "fit", "spans", "output"} & {*view.arrays, *view.extra}
        or any(panel.get("slice") == "pan" or panel.get("cursor") for panel in view.panels)
    )
