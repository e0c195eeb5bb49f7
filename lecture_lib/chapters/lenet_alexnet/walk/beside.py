"""A second network beside the one that is walked: untrained, with average pooling, or the reader's own; and where the two part."""

import copy
from collections.abc import Mapping, Sequence

import numpy as np

from ....layers import AvgPool2d, MaxPool2d
from ....models import Sequential
from .units import Stage, stages

UNTRAINED, AVERAGE = "untrained", "average pooling"
MOST_NAME = 24
"""Characters of a network's name that find room."""
SAME = 1e-5
"""Values that differ by less than this part of the largest say the same: they were rounded in another order."""


def networks_beside(net: Sequential, own: Mapping[str, Sequential]) -> dict[str, Sequential]:
    """Name → the network that can stand beside ``net``, the reader's ``own`` behind those that are made from it.

    Raises:
        TypeError: ``own`` is no mapping of names to networks.
        ValueError: a name is empty, too long or one of the lecture's.
        ShapeError: as :func:`stages`.

    >>> from lecture_lib.models import lenet5, mlp
    >>> list(networks_beside(lenet5(), {})), list(networks_beside(mlp([784, 10]), {"mine": lenet5()}))
    (['untrained', 'average pooling'], ['untrained', 'mine'])
    """
    if not isinstance(own, Mapping):
        raise TypeError(f"beside is a {type(own).__name__}: must be a mapping of names to networks")
    found = {UNTRAINED: copy.deepcopy(net).init(0)}
    averaged = copy.deepcopy(net)
    pools = [name for name, layer in averaged.layers.items() if type(layer) is MaxPool2d]
    for name in pools:
        layer = averaged.layers[name]
        averaged.layers[name] = AvgPool2d(layer.kernel_size, layer.stride, layer.padding)
    if pools:
        found[AVERAGE] = averaged
    for name, each in own.items():
        if not isinstance(name, str) or not name.strip() or len(name) > MOST_NAME or name in found:
            raise ValueError(
                f"beside has the name {name!r}: must be 1 to {MOST_NAME} characters, and none of {', '.join(found)}"
            )
        stages(each)  # refuses what is no network for digits
        found[name] = copy.deepcopy(each)
    return found


def where_they_part(
    one: Sequence[Stage], ours: Mapping[str, np.ndarray], other: Sequence[Stage], theirs: Mapping[str, np.ndarray]
) -> str:
    """From which layer on two networks say different things to one digit, in words; ``ours`` and ``theirs`` by layer."""
    names = []
    for mine, yours in zip(one, other, strict=False):
        if (mine.name, mine.shape) != (yours.name, yours.shape):
            break
        a, b = ours[mine.after], theirs[yours.after]
        if np.abs(a - b).max() > SAME * max(np.abs(a).max(), np.abs(b).max()):
            break
        names.append(mine.name)
    if len(names) == len(one) == len(other):
        return "They say the same at every layer."
    first = one[len(names)].name if len(names) < len(one) else other[len(names)].name
    if not names:
        return f"They part at the first layer, {first}."
    return f"{' and '.join(names[-2:]) if len(names) < 3 else f'{names[0]} to {names[-1]}'} {'is' if len(names) == 1 else 'are'} the same in both; they part at {first}."
