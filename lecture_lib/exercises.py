"""Quizzes: questions, answers and what to say to each. Pure data and pure functions."""

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


BOX_BLUR = Quiz(
    "What does a 3×3 kernel do to a photo when each of its nine weights is 1/9?",
    (
        Option("Sharpen the image", False,
               "Sharpening needs negative weights around a large positive one, to push a pixel away from its neighbours. "
               "Here all nine weights are equal and positive."),
        Option("Blur the image", True,
               "Each output value is the mean of nine pixels, so sharp changes are spread out. "
               "The weights add up to 1, so the brightness stays."),
        Option("Shift the image left", False,
               "A shift copies one neighbour: a single 1 to the right of the middle, and zeros elsewhere. "
               "Here all nine neighbours count alike."),
        Option("Rotate the image clockwise", False,
               "No kernel can rotate an image: the same window is used everywhere, "
               "but a rotation moves different pixels in different directions."),
        Option("Nothing", False,
               "Only the identity does nothing: a 1 in the middle and zeros elsewhere. "
               "It would do nothing to an image of one single colour, though."),
    ),
)  # fmt: skip
"""The lecture's poll question 1."""
