"""A question with options, each with its feedback."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One answer: its text, whether it is right, and why."""

    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Quiz:
    """A question with its options, at least one of them right."""

    question: str
    options: tuple[Option, ...]


def right(text: str, feedback: str) -> Option:
    """An option that is right."""
    return Option(text, True, feedback)


def wrong(text: str, feedback: str) -> Option:
    """An option that is wrong."""
    return Option(text, False, feedback)
