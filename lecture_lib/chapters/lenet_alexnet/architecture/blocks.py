"""The blocks of numbers that go through a network."""

from collections.abc import Sequence
from typing import NamedTuple

from ....layers import Row, Shape
from ....shapes import times

# Volumes


class Volume(NamedTuple):
    """A block of numbers in the diagram of a network."""

    name: str
    shape: tuple[int, int, int]
    """Channels, height, width; a vector has one pixel."""
    parts: int
    """Into how many towers its channels are cut."""
    joined: bool
    """Whether it is made from the volume before; a branch of its own is not."""
    rows: tuple[int, ...]
    """Rows of the network whose output it is: a layer that changes no shape works on the volume of the one before."""

    @property
    def size(self) -> str:
        """Its shape in words; a vector is one number."""
        return times(self.shape) if self.shape[1:] != (1, 1) else f"{self.shape[0]:,}"


def volumes(rows: Sequence[Row], input_shape: Shape) -> list[Volume]:
    """The blocks of numbers that go through a network, its input first.

    A layer with groups cuts what it reads and what it makes into towers, and pooling leaves them apart.

    >>> from lecture_lib.models import alexnet
    >>> found = volumes(list(alexnet().rows((3, 227, 227))), (3, 227, 227))
    >>> [(each.name, each.parts) for each in found[:5]]
    [('input', 1), ('conv1', 2), ('pool1', 2), ('conv2', 2), ('pool2', 2)]
    """
    found = [Volume("input", _as_maps(input_shape), 1, False, ())]
    shape = tuple(input_shape)
    for at, row in enumerate(rows):
        joined = row.input_shape == shape
        shape = row.output_shape
        if not row.layer.makes_volume(row.input_shape):
            found[-1] = found[-1]._replace(rows=(*found[-1].rows, at))
            continue
        groups = getattr(row.layer, "groups", None)
        if groups is None:  # pooling keeps the towers apart; a layer that is wired to everything joins them
            parts = found[-1].parts if hasattr(row.layer, "windows") and joined else 1
        else:
            parts = groups
            if groups > 1:
                _cut_back(found, groups)
        found.append(Volume(row.name, _as_maps(shape), parts, joined, (at,)))
    return found


def _cut_back(found: list[Volume], groups: int) -> None:
    """What a layer with groups reads comes in towers, and so does what was pooled to it; the input stays whole."""
    for at in range(len(found) - 1, 0, -1):
        if found[at].parts > 1:
            return
        found[at] = found[at]._replace(parts=groups)
        if not found[at].joined or found[at].shape[0] != found[at - 1].shape[0]:
            return


def _as_maps(shape: Shape) -> tuple[int, int, int]:
    channels, height, width = (*shape, 1, 1)[:3]
    return channels, height, width
