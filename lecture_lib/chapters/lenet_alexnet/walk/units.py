"""The layers of a network that reads digits, as rows of maps."""

from typing import NamedTuple

from ....data.drawings import SIDE
from ....layers import Activation, Fields, Flatten, Layer
from ....models import Sequential, check_sequential
from ....shapes import ShapeError

NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Stage(NamedTuple):
    """A layer as a row of maps: with its activation, if one follows. Units of a vector are maps of one place."""

    name: str
    layer: Layer
    after: str
    """Name of the layer that gives what is shown after the activation."""
    shape: tuple[int, int, int]
    """(K, h, w)"""
    fields: Fields


def stages(net: Sequential) -> list[Stage]:
    """The rows of maps of a network for digits (1, 28, 28), first layer first.

    Raises:
        TypeError: it is no network.
        ShapeError: it takes other inputs, or does not give one number for each of the ten classes.

    >>> from lecture_lib.models import trained_lenet5
    >>> [(stage.name, stage.shape) for stage in stages(trained_lenet5()[0])][:3]
    [('C1', (6, 28, 28)), ('S2', (6, 14, 14)), ('C3', (16, 10, 10))]
    """
    check_sequential("net", net)
    found = []
    for name, layer, _, shape, fields in net.rows((1, SIDE, SIDE)):
        if isinstance(layer, Activation) and found:
            found[-1] = found[-1]._replace(after=name)
        elif not isinstance(layer, Flatten):
            found.append(Stage(name, layer, name, (*shape, 1, 1)[:3], fields))
    if shape != (len(NAMES),):
        raise ShapeError(f"net gives {shape}: must give one number for each of {len(NAMES)} classes")
    return found
