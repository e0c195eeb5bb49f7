"""Quizzes and answers: what to ask, and what to say to each reply. Pure data and pure functions."""

from .answers import Answer, answer
from .convolution import BOX_BLUR
from .quiz import Option, Quiz

__all__ = ["BOX_BLUR", "Answer", "Option", "Quiz", "answer"]
