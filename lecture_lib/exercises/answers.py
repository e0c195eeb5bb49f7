"""The answers of all notebooks, folded until the reader opens them."""

import html

from ..arguments import one_of
from . import activations, convolution, equivariance, lenet_alexnet, motivation, pooling

NOTEBOOKS = (motivation, convolution, activations, pooling, equivariance, lenet_alexnet)
_ANSWERS = {section: say for notebook in NOTEBOOKS for section, say in notebook.ANSWERS.items()}


class Answer(str):
    """An answer that stays folded in a notebook until the reader opens it."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        style = "margin: 4px 0; padding: 6px 12px; border-left: 4px solid #3b82c4; font-size: 115%"
        summary = '<summary style="cursor: pointer"><b>Open the answer</b> when you have made your guess</summary>'
        return f'<details style="{style}">{summary}<p>{html.escape(self)}</p></details>'

    def __repr__(self) -> str:
        return "(the answer opens in the notebook)"


def answer(section: str) -> Answer:
    """The answer to a section's "Predict", folded; every number in it is computed here.

    Raises:
        ValueError: no section of that name has an answer.

    >>> str(answer("C7"))
    'Each filter is 3 deep, like its input: 5×5×3. The stack is 28×28×6: one channel for each filter.'
    """
    return Answer(_ANSWERS[one_of("section", section, _ANSWERS)]())
