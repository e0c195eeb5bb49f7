"""What a notebook asks: the guesses of its "Predict", and its "Your turn"."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from ..arguments import boolean, one_of
from ..explore import Explorer
from .ask import ask, key
from .check import Verdict, check_function
from .child import in_a_child
from .exercise import Exercise
from .guess import Guess, make_guess
from .hints import Hints
from .progress import Progress, guesses, read, remember
from .quiz import Quiz


@dataclass(frozen=True)
class Desk:
    """Where the exercises and guesses of one notebook are handed out, and what a student writes is looked at.

    >>> def double(x):
    ...     return 2 * x
    >>> desk = Desk((Exercise(double, "Twice a number.", ((3,), (0,)), (), ("Multiply.",)),), {})
    >>> def double(x):
    ...     ...
    >>> desk.check(double)
    ✎ double is not written yet. Replace the three dots, then run this cell again.
    """

    exercises: tuple[Exercise, ...]
    guesses: Mapping[str, Guess]
    """Section → what it asks for before it shows."""

    quizzes: Mapping[str, Quiz] = field(default_factory=dict)
    """Section → its quiz."""

    ask = staticmethod(ask)

    @property
    def by_name(self) -> dict[str, Exercise]:
        """The exercises by the names of their functions."""
        return {each.name: each for each in self.exercises}

    def guess(self, section: str) -> Explorer:
        """The question of a section: the reader's guess, and behind Show what is measured; every number is computed here.

        Raises:
            ValueError: no section of that name asks for a guess in this notebook.
        """
        return make_guess(section, self.guesses[one_of("section", section, self.guesses)])

    def check(self, function: object) -> Verdict:
        """Try a function that a student wrote for an exercise; the exercise is the one of the function's name.

        Whatever the function does, this returns a verdict and raises nothing; only a check inside the function that
        it tries is a RuntimeError there, and so a wrong answer.
        """
        try:
            name = getattr(function, "__name__", None)
        except Exception:  # noqa: BLE001  an object of a student's own may do anything when it is asked
            name = None
        if not callable(function):
            return Verdict(
                "Give the function itself, without brackets behind its name, such as check(output_size).", "wrong"
            )
        if type(name) is not str or name == "<lambda>":
            return Verdict("check goes by a function's name, and this one has none: write it with def.", "wrong")
        if name not in self.by_name:
            near = get_close_matches(name, self.by_name, 1)
            hint = (
                f"Did you mean {near[0]}?" if near else "check goes by a function's name: keep the one of the exercise."
            )
            return Verdict(f"There is no exercise called {name}. {hint}", "wrong")
        verdict = in_a_child(name, lambda: check_function(self.by_name[name], function))
        if verdict.solved and (problem := remember(name)):
            return Verdict(f"{verdict} {problem}", "right")
        return verdict

    def hints(self, name: str, solution: bool = True) -> Hints:
        """Hints for an exercise, folded; the last fold holds its solution, unless it is not wanted.

        Raises:
            ValueError: this notebook has no exercise of that name.
            TypeError: ``solution`` is neither True nor False.
        """
        return Hints(self.by_name[one_of("name", name, self.by_name)], boolean("solution", solution))

    def progress(self) -> Progress:
        """Which exercises of this notebook are solved, how many guesses are made and quizzes answered right."""
        said, answered = guesses(), guesses("quiz")
        right = [
            any(option.right and option.text == answered.get(key(quiz)) for option in quiz.options)
            for quiz in self.quizzes.values()
        ]
        others = {
            "Guesses": (sum(section in said for section in self.guesses), len(self.guesses)),
            "Quizzes right": (sum(right), len(right)),
        }
        return Progress(list(self.by_name), *read(), others=others)
