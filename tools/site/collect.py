"""The cell that is run after a notebook's last one: every explorer of the kernel, as a page without Python needs it.

The kernel gets the text of this file, so it imports nothing of ``tools``.
"""

import base64
import json
from collections.abc import Sequence

from IPython.display import display
from ipywidgets.widgets.widget import _instances as all_widgets  # the only list of them that there is
from ipywidgets.widgets.widget import _remove_buffers

from lecture_lib.explore import Explorer

LIVES = "application/vnd.lecture.lives+json"
"""MIME type of what :func:`collect` puts into the cell's output."""


def recorded(explorer: Explorer) -> list[dict[str, object]]:
    """What each press of a deck leads to where a press needs Python: where it stands and all that is shown then, from the start on.

    Of each place in the presses only what is not everywhere the same; no list where a page can go there by itself.
    """
    states = [each["state"] for each in explorer.presses]
    asks = {name for name, index in explorer.declared.items() if index.python is True}
    if not states or (explorer.moves and not any(asks & each.keys() for each in states[1:])):
        return []
    found = []
    for state in [*states, states[0]]:
        explorer.state = state
        now = explorer.get_state(Explorer.class_own_traits(sync=True))
        found.append({name: value for name, value in now.items() if name not in ("told", "heard", "presses")})
    found.pop()  # it stands where it stood
    same = [name for name in found[0] if all(each[name] == found[0][name] for each in found)]
    return [{name: value for name, value in each.items() if name not in same} for each in found]


def life(explorer: Explorer) -> dict[str, object]:
    """How an explorer lives on a page.

    Returns:
        ``moves``: whether anything in it moves; ``keeps``: the note that keeps what the reader says, if one does; ``lives`` and ``needs``: labels of the controls that do, and of those that
        are grey; ``state``: what its script reads; ``buffers``: where in the state which bytes belong, in base64. One that
        does not move has neither state nor buffers. Of those in a deck :func:`collect` adds what :func:`on_paper` gives, as "paper".
    """
    hidden = {
        each.label for each in explorer.parts["controls"] if each.kind == "cells"
    }  # the script shows no dead ones
    if explorer.on_slide:  # a deck shows no others
        hidden |= {each.label for each in explorer.parts["controls"] if each.name not in explorer.on_slide}
    told = recorded(explorer)
    found = {
        "moves": explorer.moves or bool(told),
        "lives": list(dict.fromkeys(explorer.lives)),
        "needs": [each for each in dict.fromkeys(explorer.needs_python) if each not in hidden],
    }
    if explorer.keeps:
        found["keeps"] = explorer.keeps
    return found | saved(explorer, told) if found["moves"] else found


def saved(explorer: Explorer, told: Sequence[dict] = ()) -> dict[str, object]:
    """An explorer as it stands: its ``state``, and the ``buffers`` that belong there; ``told`` is what :func:`recorded` gives."""
    alone = {"alone": True, "recorded": list(told)}
    state, paths, buffers = _remove_buffers(explorer.get_state(Explorer.class_own_traits(sync=True)) | alone)
    return {
        "state": state,
        "buffers": [[path, base64.b64encode(each).decode()] for path, each in zip(paths, buffers, strict=True)],
    }


def on_paper(explorer: Explorer) -> dict[str, dict]:
    """What a print needs of an explorer that a deck's presses move: ``start`` where it has no life, and ``end``, after the last
    press, where Python has a part in that. All others can be taken there in the browser. It stands at its end afterwards."""
    found = {} if explorer.moves else {"start": saved(explorer)}
    set_by = {name: value for press in explorer.presses[1:] for name, value in press["state"].items()}
    if any(explorer.declared[name].python for name in set_by):
        for press in explorer.presses[1:]:
            explorer.state = press["state"]
        found["end"] = saved(explorer)
    return found


def collect() -> None:
    """Put the life of every explorer into the cell's output, by model id; as a text, for a notebook's file sorts what it holds."""
    explorers = {id_: each for id_, each in all_widgets.items() if isinstance(each, Explorer)}
    found = {id_: life(each) for id_, each in explorers.items()}
    for id_, each in explorers.items():  # only now: it moves them
        found[id_] |= {"paper": on_paper(each)} if each.presses else {}
    display({LIVES: json.dumps(found)}, raw=True)


if __name__ == "__main__":
    collect()
