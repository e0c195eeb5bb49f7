"""The cell that is run after a notebook's last one: every explorer of the kernel, as a page without Python needs it.

The kernel gets the text of this file, so it imports nothing of ``tools``.
"""

import base64
import json

from IPython.display import display
from ipywidgets.widgets.widget import _instances as all_widgets  # the only list of them that there is
from ipywidgets.widgets.widget import _remove_buffers

from lecture_lib.explore import Explorer

LIVES = "application/vnd.lecture.lives+json"
"""MIME type of what :func:`collect` puts into the cell's output."""


def life(explorer: Explorer) -> dict[str, object]:
    """How an explorer lives on a page.

    Returns:
        ``moves``: whether anything in it moves; ``keeps``: the note that keeps what the reader says, if one does; ``lives`` and ``needs``: labels of the controls that do, and of those that
        are grey; ``state``: what its script reads; ``buffers``: where in the state which bytes belong, in base64. One that
        does not move has neither state nor buffers.
    """
    hidden = {
        each.label for each in explorer.parts["controls"] if each.kind == "cells"
    }  # the script shows no dead ones
    found = {
        "moves": explorer.moves,
        "lives": list(dict.fromkeys(explorer.lives)),
        "needs": [each for each in dict.fromkeys(explorer.needs_python) if each not in hidden],
    }
    if explorer.keeps:
        found["keeps"] = explorer.keeps
    if not explorer.moves:
        return found
    state, paths, buffers = _remove_buffers(explorer.get_state(Explorer.class_own_traits(sync=True)) | {"alone": True})
    return found | {
        "state": state,
        "buffers": [[path, base64.b64encode(each).decode()] for path, each in zip(paths, buffers, strict=True)],
    }


def collect() -> None:
    """Put the life of every explorer into the cell's output, by model id; as a text, for a notebook's file sorts what it holds."""
    found = {id_: life(each) for id_, each in all_widgets.items() if isinstance(each, Explorer)}
    display({LIVES: json.dumps(found)}, raw=True)


if __name__ == "__main__":
    collect()
