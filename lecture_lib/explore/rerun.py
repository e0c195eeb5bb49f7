"""A cell that is run again closes what its last run showed, so that memory does not grow."""

import ipywidgets
from IPython import get_ipython

_OPEN: dict[str, tuple[str, list[ipywidgets.Widget]]] = {}  # notebook cell → its last run, and what that run showed


def keep_until_rerun(widget: ipywidgets.Widget) -> None:
    """Close ``widget`` when the notebook cell that is running now is run again."""
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
