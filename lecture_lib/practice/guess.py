"""A guess before a measurement: the student commits, then both stand side by side. Nothing of it is graded."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real

from ..explore import Explorer, Free, Guessing, draw_question
from .progress import guesses, note_guess


@dataclass(frozen=True)
class Number:
    """A number is guessed.

    Args:
        label: what it is of, where a question asks for several.
        unit: behind the number; one that ends in s is counted, "3 too many", else it is "3 too high".
        low, high: where it must lie, if that is known without the answer.
        times: whether what counts is how many times too large or small it is, and not by how much.
        near: share of the measured number by which a guess may be off and is called right, too.
    """

    label: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    times: bool = False
    near: float = 0.0

    def measured(self, value: object) -> float:
        """The number that was measured, as a page needs it."""
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ValueError(f"measured={value!r}: must be a number")
        if not self.takes(value):
            raise ValueError(f"measured={value}: must lie in the range of what can be guessed")
        return value

    def takes(self, said: object) -> bool:
        """Whether it can be a guess."""
        return (
            isinstance(said, Real) and not isinstance(said, bool)
            and (self.low is None or said >= self.low) and (self.high is None or said <= self.high)
        )  # fmt: skip

    def plain(self) -> dict[str, object]:
        return {"kind": "number"} | {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Choice:
    """One of several options is guessed; what is measured is one of them."""

    options: Sequence[str]
    label: str = ""

    def measured(self, value: object) -> int:
        """The place of the option that was measured."""
        if value not in self.options:
            raise ValueError(f"measured={value!r}: must be one of the options, {', '.join(self.options)}")
        return list(self.options).index(value)

    def takes(self, said: object) -> bool:
        """Whether it can be a guess."""
        return type(said) is int and 0 <= said < len(self.options)

    def plain(self) -> dict[str, object]:
        return {"kind": "choice", "options": list(self.options), "label": self.label}


@dataclass(frozen=True)
class Mark:
    """A place in a small picture is guessed: one cell of ``cells``, rows of what stands in them.

    What is measured is a place (row, column), or a list of places that are all right.
    """

    cells: Sequence[Sequence[object]]
    label: str = ""

    def measured(self, value: object) -> list[list[int]]:
        """All places that were measured."""
        places = [list(map(int, each)) for each in (value if isinstance(value[0], Sequence) else [value])]
        if not all(map(self.takes, places)):
            raise ValueError(f"measured={value!r}: must be places in {len(self.cells)} rows of {len(self.cells[0])}")
        return places

    def takes(self, said: object) -> bool:
        """Whether it can be a guess."""
        return (
            isinstance(said, list) and len(said) == 2 and all(type(each) is int for each in said)
            and 0 <= said[0] < len(self.cells) and 0 <= said[1] < len(self.cells[0])
        )  # fmt: skip

    def plain(self) -> dict[str, object]:
        return {"kind": "mark", "cells": [[str(each) for each in row] for row in self.cells], "label": self.label}


Kind = Number | Choice | Mark


@dataclass(frozen=True)
class Guess:
    """What a section asks before it shows.

    Args:
        question: plain words; ``**`` around what is bold.
        kind: how it is answered; several of them for several answers.
        measured: computes what is measured: a number, one of the options, a place; a tuple for several answers.
        why: computes what is said after it, or is that text.
        lead: the bold word before the question.
    """

    question: str
    kind: Kind | tuple[Kind, ...]
    measured: Callable[[], object]
    why: Callable[[], str] | str
    lead: str = "Predict."

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """How each of its answers is given."""
        return self.kind if isinstance(self.kind, tuple) else (self.kind,)

    def reason(self) -> str:
        """What is said once it is open."""
        return self.why if isinstance(self.why, str) else self.why()

    def parts(self) -> list[dict[str, object]]:
        """Each answer's declaration with what is measured.

        Raises:
            ValueError: what is measured could not be guessed.

        >>> Guess("2 + 2?", Choice(("4", "5")), lambda: "4", "").parts()
        [{'kind': 'choice', 'options': ['4', '5'], 'label': '', 'measured': 0}]
        """
        found = self.measured()
        found = found if isinstance(self.kind, tuple) else (found,)
        return [
            each.plain() | {"measured": each.measured(value)} for each, value in zip(self.kinds, found, strict=True)
        ]

    def takes(self, said: object) -> bool:
        """Whether it can be the list of a student's answers."""
        kinds = self.kinds
        return (
            isinstance(said, list) and len(said) == len(kinds)
            and all(kind.takes(each) for kind, each in zip(kinds, said, strict=True))
        )  # fmt: skip


def make_guess(key: str, guess: Guess) -> Explorer:
    """Explorer of one question: a guess, and behind Show what is measured beside it; kept under ``key`` in the progress.

    Its state is None, or ``{"said": [an answer each, or None], "open": True}``.

    Raises:
        ValueError: what is measured could not be guessed.
    """

    def refuse(value: object) -> str:
        if value is None:
            return ""
        said = value.get("said") if isinstance(value, dict) else None
        nothing = isinstance(said, list) and said == [None] * len(guess.kinds)
        return "" if nothing or guess.takes(said) else "must be nothing, or a guess that the question asks for"

    def hear(explorer: Explorer, _) -> None:
        value = explorer.state["guess"]
        if value and guess.takes(value["said"]):
            explorer.update(problem=note_guess(key, json.dumps(value["said"])))

    question = re.sub(r"\*\*", "", guess.question)
    options = [
        f"{each.label + ': ' if each.label else ''}{' / '.join(each.options)}"
        for each in guess.kinds
        if isinstance(each, Choice)
    ]
    explorer = Explorer(
        "", " ".join([guess.lead, question, *options]),
        indices={"guess": Free(None, python="also", check=refuse)},
        controls=[
            Guessing(
                "guess", "your guess", question=f"**{guess.lead}** {guess.question}", parts=guess.parts(), why=guess.reason(),
            )
        ],
        answer=hear, still=lambda: draw_question(f"{guess.lead} {question}", options),
    )  # fmt: skip
    explorer.keeps = f"guess {key}"
    if (said := _said_before(key)) is not None and guess.takes(said):
        explorer.update(state={"guess": {"said": said, "open": True}})
    return explorer


def _said_before(key: str) -> object:
    """What was guessed before, as far as it can be read."""
    try:
        return json.loads(guesses().get(key, "null"))
    except (ValueError, RecursionError):
        return None
