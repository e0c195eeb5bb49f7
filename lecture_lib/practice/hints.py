"""Hints that stay folded until the reader opens them, one after another; the last is the solution."""

import html

from .. import style
from .exercise import Exercise


class Hints(str):
    """Hints that open one after another, the solution last: text, and in a notebook folds inside folds."""

    __slots__ = ("steps",)

    def __new__(cls, exercise: Exercise, solution: bool = True):
        made = super().__new__(cls, "\n".join([*exercise.hints, *[exercise.source] * solution]))
        made.steps = [(f"Hint {at}", f"<p>{html.escape(words)}</p>") for at, words in enumerate(exercise.hints, 1)]
        if solution:
            made.steps.append(("Solution", f"<pre>{html.escape(exercise.source)}</pre>"))
        return made

    def __repr__(self) -> str:
        return "(hints open in the notebook)"

    def _repr_html_(self) -> str:
        folded = ""
        for title, content in reversed(self.steps):
            inside = f'<div style="padding: 2px 12px">{content}{folded}</div>'
            folded = f'<details><summary style="cursor: pointer"><b>{title}</b></summary>{inside}</details>'
        return f'<div style="margin: 4px 0; padding: 2px 12px; border-left: 4px solid {style.BLUE}">{folded}</div>'
