"""An exercise: what to write, what to try it on, and which mistakes have a name."""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Mistake:
    """A way to be wrong that has a name: whoever gives what ``wrong`` gives has probably made it."""

    words: str
    wrong: Callable


@dataclass(frozen=True)
class Exercise:
    """A function that a student writes.

    Its name, its arguments and their order are those of ``solution``, whose source is shown as the last hint.
    """

    solution: Callable
    task: str
    """What it must do, in one or two sentences."""
    cases: tuple[tuple, ...]
    """Arguments to try, the easiest first."""
    mistakes: tuple[Mistake, ...]
    """The likeliest first."""
    hints: tuple[str, ...]
    """From a nudge to nearly everything."""
    understood: str = ""
    """What a right answer shows, said as praise: "Your function leaves positive numbers alone and …"."""
    library: Callable | None = None
    """The library's own, called with the same arguments; tests hold the solution against it."""
    large: tuple | None = None
    """One more case, larger, tried when all others are right: to be too slow for it is not wrong."""
    tolerance: float = 1e-6
    """Largest error, as a share of the largest value."""
    drawn: Callable[[np.random.Generator], tuple] | None = None
    """Draws one more case, for marks; without it the arrays of the cases are shuffled."""
    judge: Callable | None = None
    """Where several answers are right: ``judge(result, *case)`` says in words what is wrong with one, or "".

    The result comes as an array, of the same shape as the solution's."""

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.solution.__name__

    @property
    def source(self) -> str:
        """The solution as text."""
        return textwrap.dedent(inspect.getsource(self.solution)).rstrip()

    @property
    def stub(self) -> str:
        """What stands in the notebook before anybody has written anything."""
        return f"def {self.name}{inspect.signature(self.solution)}:\n    ...  # your code"
