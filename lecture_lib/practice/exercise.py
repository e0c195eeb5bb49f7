"""An exercise: what to write, what to try it on, and which mistakes have a name."""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass


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
    library: Callable | None = None
    """The library's own, called with the same arguments, for a comparison of speed; where it has none, the solution is."""
    bench: tuple | None = None
    """Arguments for that; None takes the last case."""
    tolerance: float = 1e-6
    """Largest error, as a share of the largest value."""

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
