"""An explorer: one widget that shows what a declaration says, and answers what only Python can.

The browser draws the controls and the pictures, follows the hand by itself, and tells Python where it stands:
of an index that Python answers at once, of all others when the hand rests.
"""

from collections.abc import Callable, Mapping, Sequence

import anywidget
import numpy as np
import traitlets

from ..arguments import one_of
from ..shapes import ShapeError
from . import join
from .call import call_that_made
from .names import Names
from .packing import unpack
from .presses import plain_presses
from .rerun import keep_until_rerun
from .spec import Bar, Code, Control, Index, Options, Places, Press, Say, Slide, plain
from .tour import Step, plain_tour

LARGEST_PICTURE = 20_000_000
"""Bytes of a picture that a page may send; the page makes larger ones smaller itself."""
MOST_NAME = 80
"""Characters of a picture's name that are said."""
_DECLARING = {"indices", "controls", "panels", "sentence", "slide", "arrows"}


def _possible(said: object, explorer: "Explorer") -> dict[str, object]:
    """What a page says, as far as it is declared and possible; all else stays as it was."""
    said = said if isinstance(said, dict) else {}
    state = explorer.state
    return state | {
        name: said[name] for name, index in explorer.declared.items() if name in said and not index.refuse(said[name])
    }


class Explorer(anywidget.AnyWidget):
    """What a declaration says, alive.

    Args:
        title: what it is called. about: what there is to see, in a sentence; the text of its picture.
        indices: name → what can be chosen. controls: in the order in which they stand.
        panels: pictures side by side, the cause before the result; see ``spec.PANELS``.
        arrays: name → what :func:`pack` gives, or a list of that.
        sentence: the parts of the sentence below, a text for a part alone.
        slide: where windows lie, if there are any. flat: an index that counts through two others, row by row:
            ``{"step": ("row", "col")}``.
        arrows: the indices that arrow keys, and a hand in a panel that names none, move down and to the right; None stands
            for no index. If they are not given, "row" and "col" where these are declared.
        height: of the pictures, in pixels. hover: whether pointing chooses, or only a press.
        answer: called as ``answer(explorer, names)`` with the names of what has changed and Python answers (indices,
            presses, "picture" for one that was opened; its bytes then stand in ``explorer.picture``, its name in
            ``explorer.picture_name``). What it raises of
            ValueError, TypeError and OSError is said below the pictures, and what they show stays.
        tour: at most 12 things to do, one after another, for who sees it for the first time.
        still: draws the picture for where no widget can run; None draws the panels as they stand.

    Raises:
        ValueError: something uses a name that is not declared.
        ShapeError, TypeError: an index starts where it cannot be.
    """

    _esm = join.script()
    _css = join.css()
    pictured = True
    """Whether its still picture goes with it, for where no widget can run; where none is needed, drawing it only costs time."""
    keeps = ""
    """The name of the note in which the reader's progress keeps where it stands; most are kept nowhere."""
    parts: Mapping[str, object] = {}  # of one whose making an interrupt has stopped: it is closed as every other

    title = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    indices = traitlets.Dict().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    panels = traitlets.List().tag(sync=True)
    arrays = traitlets.Dict().tag(sync=True)
    extra = traitlets.Dict().tag(sync=True)
    """Arrays that change while the explorer is used. They go before ``arrays`` of the same name; "maps:3" is item 3 of "maps"."""
    sentence = traitlets.List().tag(sync=True)
    slide = traitlets.Dict(None, allow_none=True).tag(sync=True)
    flat = traitlets.Dict().tag(sync=True)
    arrows = traitlets.List().tag(sync=True)
    alone = traitlets.Bool(False).tag(sync=True)
    """Whether there is no Python behind it; a page without a server says so."""
    height = traitlets.Int(404).tag(sync=True)
    hover = traitlets.Bool(True).tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    tour = traitlets.List().tag(sync=True)
    presses = traitlets.List().tag(sync=True)
    """Where it starts, and what each press of a deck changes; see :meth:`scripted`."""
    on_slide = traitlets.List().tag(sync=True)
    """Names of the controls that a slide has room for; none: it shows all."""
    call = traitlets.Unicode().tag(sync=True)
    """The Python that makes it, where that is known."""
    told = traitlets.Int().tag(sync=True, echo_update=False)
    """How many states the browser has told."""
    heard = traitlets.Int().tag(sync=True)
    """The last of them that was answered, or heard when the state was written here; the hand may have gone on since."""
    _state = traitlets.Dict().tag(sync=True, echo_update=False, from_json=_possible)

    def __init__(
        self, title: str, about: str, *, indices: Mapping[str, Index], controls: Sequence[Control] = (),
        panels: Sequence[Mapping] = (), arrays: Mapping[str, object] | None = None, sentence: object = (),
        slide: Slide | None = None, flat: Mapping[str, Sequence[str]] | None = None,
        arrows: tuple[str | None, str | None] | None = None, height: int = 404,
        hover: bool = True, answer: Callable | None = None, still: Callable | None = None, tour: Sequence[Step] = (),
    ):  # fmt: skip
        self.declared: dict[str, Index] = dict(indices)
        self.answer, self.still, self.picture, self.picture_name, self._answering = answer, still, None, "", True
        self.parts = {"controls": (), "panels": (), "sentence": (), "slide": None}
        self.title, self.height, self.hover, self.call = title, height, hover, call_that_made()
        self.flat = {name: list(each) for name, each in (flat or {}).items()}
        self.arrows = list(arrows or (name if name in indices else None for name in ("row", "col")))
        self.update(
            about=about, indices=indices, controls=controls, panels=panels, arrays=arrays or {}, sentence=sentence,
            slide=slide, state={name: each.first() for name, each in indices.items()},
        )  # fmt: skip
        self.tour = plain_tour(tour, indices, controls, panels)
        super().__init__()  # now that all is declared: one message makes the whole of it
        keep_until_rerun(self)
        self._answering = False
        self.on_msg(self._on_message)

    # ------------------------------------------------------------ where it stands

    @property
    def state(self) -> dict[str, object]:
        """Where every index stands. Give it a dictionary with some of them, and the explorer stands there.

        Raises:
            ValueError: a name is not declared.
            ShapeError: there is no such place. TypeError: it is no place at all.
        """
        return dict(self._state)

    @state.setter
    def state(self, changes: Mapping[str, object]) -> None:
        before = self.state
        self.update(state=changes)
        self._hear(before)

    def value(self, name: str) -> object:
        """What an index stands for: of options the value, of all others what the state holds."""
        index, at = self.declared[name], self._state[name]
        return index.values[at] if isinstance(index, Options) and at is not None else at

    def press(self, name: str) -> None:
        """What a press of the button does.

        Raises:
            ValueError: there is no such button.
        """
        names = [each.name for each in self.parts["controls"] if isinstance(each, Press)]
        if name not in names:
            raise ValueError(f"name={name!r}: must be a button, one of {', '.join(names) or 'none'}")
        self._ask({name})

    def open_picture(self, content: bytes, name: str = "your picture") -> None:
        """What opening a picture of one's own does; ``content`` are the bytes of its file, ``name`` is what words call it."""
        self.picture, self.picture_name = content, name
        self._ask({"picture"})

    def scripted(self, *states: Mapping[str, object], controls: Sequence[str] = ()) -> "Explorer":
        """Give it a state for each press of a deck's "next"; returns the explorer. Where there is no deck nothing changes.

        Args:
            states: names of indices → values, as :meth:`value` says them; all others stay where they are. "show" holds a list of
                titles of panels that are hidden until this press, "press" the name of a button that it presses.
            controls: names of those that a slide shows, so that all on it is large; the others are there in full screen. Empty shows all.

        Raises:
            ValueError: a name that is not there, or a value that an index cannot have. TypeError: no dictionary.
        """
        for name in controls:
            one_of("controls", name, [each.name for each in self.parts["controls"]])
        self.on_slide = list(controls)
        self.presses = plain_presses(states, self.state, self.declared, self.parts["controls"], self.parts["panels"])
        return self

    # ------------------------------------------------------------ what it shows

    def update(self, **parts: object) -> None:
        """Change parts of the declaration, in one message; names and meanings are those of the class.

        ``state`` holds only what changes. ``extra`` holds arrays that go before others until ``arrays`` are new.

        Raises:
            ValueError: something uses a name that is not declared.
        """
        indices = {**self.declared, **parts.get("indices", {})}
        self.parts |= {name: parts[name] for name in self.parts if name in parts}
        arrays, arrows = parts.get("arrays", self.arrays), parts.get("arrows", self.arrows)
        if parts.keys() & _DECLARING or arrays.keys() != self.arrays.keys():
            self._check(indices, arrays, arrows)
        state = self._settled(indices, parts.get("state", {}))
        self.declared = indices
        with self.hold_sync():
            if "indices" in parts:
                self.indices = {name: plain(each) for name, each in indices.items()}
            for name in ("controls", "panels", "slide", "arrows"):
                if name in parts:
                    setattr(self, name, plain(parts[name]))
            if "sentence" in parts:
                self.sentence = [plain(each) for each in _says(parts["sentence"])]
            for name in ("arrays", "extra", "about", "problem", "height", "title"):
                if name in parts:
                    setattr(self, name, parts[name])
            if "arrays" in parts and "extra" not in parts:
                self.extra = {}
            if state != self._state:
                self._state, self.heard = state, self.told

    def array(self, name: str) -> np.ndarray | list[np.ndarray]:
        """An array as it is shown now."""
        shown = self.arrays.get(name)
        if name in self.extra:
            shown = self.extra[name]
        elif isinstance(shown, list):
            shown = [self.extra.get(f"{name}:{at}", each) for at, each in enumerate(shown)]
        return unpack(shown)

    def scale(self, name: str, places: Sequence[int] = ()) -> tuple[str, tuple[float, float]]:
        """Role and limits of an array's colours; of nested lists of arrays, of the one at ``places``, or of the first."""
        packed = self._stored(name, places)
        return packed["role"], tuple(packed["limit"])

    def ends(self, name: str, places: Sequence[int] = ()) -> tuple[float, float]:
        """What the ends of an array's colours stand for; its limits, unless it holds places in the colours."""
        return tuple(self._stored(name, places)["ends"])

    def _stored(self, name: str, places: Sequence[int]) -> dict:
        packed, left = self.extra.get(name) or self.arrays[name], list(places)
        while isinstance(packed, list):
            at = min(left.pop(0) if left else 0, len(packed) - 1)
            packed = self.extra.get(f"{name}:{at}") or packed[at]
        return packed

    # ------------------------------------------------------------ what lives without Python

    @property
    def needs_python(self) -> tuple[str, ...]:
        """Labels of the controls that Python answers, each once."""
        return tuple(dict.fromkeys(each.label for each in self._moved() if each.label and self._asks(each)))

    @property
    def lives(self) -> tuple[str, ...]:
        """Labels of the controls that a page answers by itself, each once."""
        return tuple(dict.fromkeys(each.label for each in self._moved() if each.label and not self._asks(each)))

    @property
    def moves(self) -> bool:
        """Whether anything at all can be chosen on a page without Python."""
        picked = any(
            (isinstance(each, Places) or name in self.arrows) and each.python is not True
            for name, each in self.declared.items()
        )
        return picked or any(not self._asks(each) for each in self._moved())

    def _moved(self) -> list[Control]:
        """The controls that a hand moves."""
        return [each for each in self.parts["controls"] if not isinstance(each, Bar | Code)]

    def _asks(self, control: Control) -> bool:
        return control.name not in self.declared or self.declared[control.name].python is True

    # ------------------------------------------------------------ inside

    def _check(self, indices: Mapping[str, Index], arrays: Mapping[str, object], arrows: Sequence[str | None]) -> None:
        names = Names(indices, arrays)
        for each in indices.values():
            if isinstance(each, Places):
                names.look(each.of if each.of not in ("rows", "cols") else 0, "a range")
            elif isinstance(each, Options):
                names.index(each.among, "the words of an option")
        for each in self.parts["controls"]:
            names.control(each)
        for each in self.parts["panels"]:
            names.panel(each, arrows)
        for each in _says(self.parts["sentence"]):
            names.say(each)
        if self.parts["slide"]:
            names.slide(self.parts["slide"])
        for name, both in self.flat.items():
            for each in (name, *both):
                names.index(each, "flat")
        for each in arrows:
            names.index(each, "arrows")

    def _settled(self, indices: Mapping[str, Index], changes: Mapping[str, object]) -> dict[str, object]:
        state = {name: self._state.get(name, each.first()) for name, each in indices.items()}
        for name, value in changes.items():
            if name not in indices:
                raise ValueError(f"state has {name!r}: must be declared, one of {', '.join(sorted(indices))}")
            value = value.item() if hasattr(value, "item") else value
            if problem := indices[name].refuse(value):
                number = isinstance(value, int | float) and not isinstance(value, bool)
                raise (ShapeError if number else TypeError)(f"{name}={value!r}: {problem}")
            state[name] = value
        for name, each in indices.items():  # what stood beyond a range that is new goes to its start
            if name not in changes and each.refuse(state[name]):
                state[name] = each.first()
        return state

    @traitlets.observe("_state")
    def _on_state(self, change) -> None:
        if self._property_lock:  # it came from the page
            with self.hold_sync():  # one message, and the page draws once
                self._hear(change.old)
                self.heard = self.told  # whoever waits for an answer knows that this is all of it

    def set_state(self, sync_data: Mapping[str, object]) -> None:
        """What a page says, as ipywidgets takes it; heard, too, where nothing has changed: a hand may be back before Python is asked."""
        super().set_state(sync_data)
        self.heard = self.told

    def _hear(self, before: Mapping[str, object]) -> None:
        changed = {
            name for name, each in self.declared.items() if each.python and before.get(name) != self._state[name]
        }
        if changed:
            self._ask(changed)

    def _on_message(self, _, content: object, buffers: Sequence) -> None:
        """A button or a picture; whatever else a page sends is nothing."""
        content = content if isinstance(content, dict) else {}
        names = [each.name for each in self.parts["controls"] if isinstance(each, Press)]
        if content.get("press") in names:
            self.press(content["press"])
        elif "picture" in content and buffers and len(buffers[0]) <= LARGEST_PICTURE:
            self.open_picture(bytes(buffers[0]), str(content["picture"])[:MOST_NAME].encode(errors="replace").decode())

    def _ask(self, names: set[str]) -> None:
        if self.answer is None or self._answering:  # what an answer itself changes is no question
            return
        self._answering = True
        try:
            self.answer(self, names)
        except (ValueError, TypeError, OSError) as error:
            self.problem = f"{error}" + ("" if str(error).endswith(".") else ".")
        finally:
            self._answering = False

    def close(self) -> None:
        """Close the explorer with its layout, and let its memory go."""
        layout, self.parts, self.answer, self.still = self.layout, dict.fromkeys(self.parts, ()), None, None
        super().close()
        layout.close()

    def __repr__(self) -> str:
        return self.about

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        if not self.pictured or (not self.still and not self.panels):
            return data | {"text/plain": repr(self)}, metadata
        from .still import picture_of  # here: a page with Python draws none, and Matplotlib is large

        picture, about = picture_of(self)
        return data | picture, metadata | about


def _says(sentence: object) -> list[Say]:
    parts = [sentence] if isinstance(sentence, str | Say) else list(sentence)
    return [Say(each) if isinstance(each, str) else each for each in parts]
