"""States of an explorer for the presses of a deck: the lecturer's next key sets what stands here, one state after another."""

from collections.abc import Mapping, Sequence

from ..arguments import shown
from .spec import Control, Index, Options, Press


def place(said: str, index: Index, value: object) -> object:
    """What the state holds where an index has this value; ``said`` begins the sentence of the error.

    Raises:
        ValueError: the index cannot have this value.

    >>> place("kind='max'", Options(["mean", "max"]), "max")
    1
    >>> place("kind='min'", Options(["mean", "max"]), "min")
    Traceback (most recent call last):
    ValueError: kind='min': must be one of its values: mean, max
    """
    value = value.item() if hasattr(value, "item") else value
    if isinstance(index, Options) and value is not None:
        values = list(index.values)
        if value not in values:
            raise ValueError(f"{said}: must be one of its values: {', '.join(map(str, values))}")
        value = values.index(value)
    if problem := index.refuse(value):
        raise ValueError(f"{said}: {problem}")
    return value


def titles_of(panel: Mapping) -> list[str]:
    """What a panel is called: what stands above it, or its kind where nothing does."""
    return [*panel.get("titles", ()), panel.get("title") or panel["kind"]]


def plain_presses(
    states: Sequence[Mapping], start: Mapping[str, object], indices: Mapping[str, Index],
    controls: Sequence[Control], panels: Sequence[Mapping],
) -> list[dict]:  # fmt: skip
    """The states as plain data for the browser: first the whole ``start``, then of each press what it changes.

    Args:
        states: names of indices → values, as people say them; "show": titles of panels; "press": the name of a button.

    Returns:
        Of each ``state`` (name → what the state of the explorer holds), ``show`` and ``press`` ("" for no button).

    Raises:
        TypeError: a state is no dictionary, or "show" is no list.
        ValueError: it names what the explorer does not have, or a value that an index cannot have.
    """
    made = [{"state": dict(start), "show": [], "press": ""}]
    titles = {title for panel in panels for title in titles_of(panel)}
    buttons = [each.name for each in controls if isinstance(each, Press)]
    for at, state in enumerate(states, 1):
        if not isinstance(state, Mapping):
            raise TypeError(f"press {at} is {shown(state)}: must be a dictionary of settings")
        settings = dict(state)
        show, press = settings.pop("show", []), settings.pop("press", "")
        if not isinstance(show, list | tuple):
            raise TypeError(f"press {at}: show={shown(show)}: must be a list of titles of panels")
        for each in show:
            if each not in titles:
                raise ValueError(f"press {at}: show={each!r}: must be the title of a panel, one of {_list(titles)}")
        if press and press not in buttons:
            raise ValueError(f"press {at}: press={shown(press)}: must be a button, one of {_list(buttons)}")
        for name in settings:
            if name not in indices:
                raise ValueError(f"press {at} sets {name!r}: must be a setting, one of {_list(indices)}")
        places = {name: place(f"press {at}: {name}={shown(value)}", indices[name], value) for name, value in settings.items()}  # fmt: skip
        made.append({"state": places, "show": list(show), "press": press})
    return made


def _list(names: object) -> str:
    return ", ".join(sorted(names)) or "none"
