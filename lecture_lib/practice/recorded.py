"""Exercises without solutions: what comes out of each case, and what each mistake gives, is written down beforehand."""

import copy
import gzip
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from .exercise import Exercise, Mistake
from .plain import from_plain, to_plain
from .results import same, taken
from .sandbox import call

NONE = "# The solution is not in this copy."


class Recorded(Exercise):
    """An exercise that knows what comes out of its cases, and no more."""

    @property
    def source(self) -> str:
        """What stands in place of the solution."""
        return NONE


def record(exercise: Exercise, results: bool = True) -> dict[str, object]:
    """All that a check asks of an exercise, as plain data; no code of it is kept but its judge's name.

    Args:
        results: whether its cases are kept, with what comes out of them; without them nothing can be checked.
    """
    exercise = exercise if results else replace(exercise, cases=(), large=None, mistakes=())
    cases = [*exercise.cases, *([exercise.large] if exercise.large else [])]
    return {
        "name": exercise.name,
        "arguments": list(inspect.signature(exercise.solution).parameters),
        "cases": to_plain([tuple(each) for each in cases]),
        "large": bool(exercise.large),
        "results": [_result(exercise.solution, case) for case in cases],
        "mistakes": [  # a large case is tried where all others are right, so few mistakes are met there
            [each.words, [_result(each.wrong, case) for case in exercise.cases]] for each in exercise.mistakes
        ],
        "judge": exercise.judge and exercise.judge.__name__,
        "words": {name: getattr(exercise, name) for name in ("task", "hints", "understood", "tolerance")},
    }  # fmt: skip


def _result(function: Callable, case: tuple) -> dict[str, object]:
    outcome = call(function, copy.deepcopy(case), look=_held)
    kind, _, words = outcome.error.partition(": ")
    return {"raised": [kind, words]} if outcome.error else {"gave": to_plain(outcome.value)}


def _held(value: object) -> object:
    """A result with its type where a check looks at that: lists and tuples stay what they are."""
    return value if type(value) in (list, tuple) else taken(value)


def recorded(data: Mapping[str, object], names: Mapping[str, object]) -> Exercise:
    """The exercise that :func:`record` wrote down.

    Args:
        names: holds the functions that its cases and its judge name.
    """
    cases = from_plain(data["cases"], names.__getitem__)
    words = data["words"] | {"hints": tuple(data["words"]["hints"])}
    shown = tuple(cases[:-1] if data["large"] else cases)
    known = _replay(data["name"], data["arguments"], cases, data["results"])
    mistakes = tuple(
        Mistake(said, _replay("mistake", data["arguments"], shown, results)) for said, results in data["mistakes"]
    )
    large = cases[-1] if data["large"] else None
    return Recorded(known, cases=shown, large=large, mistakes=mistakes, judge=names.get(data["judge"]), **words)


def unpacked(content: bytes, names: Mapping[str, object]) -> tuple[Exercise, ...]:
    """The exercises of what ``make exercises`` wrote into a file."""
    return tuple(recorded(each, names) for each in json.loads(gzip.decompress(content)))


def _replay(name: str, arguments: list[str], cases: list[tuple], results: list[dict]) -> Callable:
    """A function of some arguments that gives, or raises, for each case what is written down."""

    def answer(*case):
        for known, result in zip(cases, results, strict=True):
            if same(case, known):
                if "raised" in result:
                    kind, words = result["raised"]
                    raise type(kind, (Exception,), {})(words)
                return from_plain(result["gave"])
        raise LookupError("in this copy only the results of the check's own cases are known")

    kinds = inspect.Parameter.POSITIONAL_OR_KEYWORD
    answer.__name__ = name
    answer.__signature__ = inspect.Signature([inspect.Parameter(each, kinds) for each in arguments])
    return answer
