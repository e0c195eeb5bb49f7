"""A training that is filmed: what one layer's weights were at moments from the first to the last step."""

import math
from typing import NamedTuple

import numpy as np

from ...arguments import one_of, shown
from ...experiments import Data, Run
from ...models import Sequential
from ...shapes import integer
from ...training import Record, evaluate


class Frame(NamedTuple):
    """How far a :class:`FilmedRun` was at one moment."""

    step: int
    """Steps done; 0 is before the first one."""
    weights: np.ndarray
    """A copy of the layer's weights."""
    accuracy: float
    """Share of the digits kept aside that was right; NaN where nobody asked."""


class FilmedRun(Run):
    """A run that keeps what one layer's weights were at moments from the first to the last step.

    Args:
        name, net, data, seed, settings: as for :class:`lecture_lib.experiments.Run`.
        layer: name of a layer with weights.
        aside: samples and labels that are not learned from; their accuracy is measured now and then.
        frames: how many moments, evenly spaced over the steps. checks: at how many of them the accuracy is measured.

    Raises:
        ValueError: there is no such layer, or it has no weights.
        TypeError, ShapeError, StateError: as :class:`lecture_lib.experiments.Run` and :func:`lecture_lib.training.evaluate`.

    >>> from lecture_lib.models import mlp
    >>> data = np.eye(4, dtype=np.float32), np.arange(4)
    >>> run = FilmedRun("small", mlp([4, 8, 4]).init(0), data, layer="fc1", aside=data, frames=3, epochs=6, batch_size=2)
    >>> steps = [record.step for record in run]
    >>> [frame.step for frame in run.frames], run.frames[0].weights.shape
    ([0, 6, 12], (8, 4))
    """

    def __init__(
        self, name: str, net: Sequential, data: Data, seed: int = 0, *,
        layer: str, aside: Data, frames: int = 61, checks: int = 13, **settings: object,
    ):  # fmt: skip
        super().__init__(name, net, data, seed, **settings)
        one_of("layer", layer, getattr(net, "layers", {}))
        if "weight" not in net[layer].parameters():
            raise ValueError(f"layer={shown(layer)}: must be a layer with weights, not a {net[layer].kind}")
        self.layer, self._aside, self._prepare = layer, aside, settings.get("prepare")
        count = min(integer("frames", frames, 2), self.steps + 1)
        moments = np.linspace(0, self.steps, count).round().astype(int)
        asked = np.linspace(0, count - 1, min(integer("checks", checks, 2), count)).round().astype(int)
        self.moments: list[int] = moments.tolist()
        """Steps after which a frame is kept, the first of them 0."""
        self._checked = frozenset(moments[asked].tolist())
        self.frames: list[Frame] = []
        """So far."""
        self._keep(0)

    def _keep(self, step: int) -> None:
        right = evaluate(self.net, self._aside, prepare=self._prepare).accuracy if step in self._checked else math.nan
        self.frames.append(Frame(step, self.net[self.layer].parameters()["weight"].value.copy(), right))

    def _catch_up(self) -> None:
        """Keep the frame of the last step, if that is one of the moments and an interrupt has not let it."""
        if self.records and len(self.frames) < len(self.moments):
            step = self.records[-1].step
            if step == self.moments[len(self.frames)]:
                self._keep(step)

    def __next__(self) -> Record:
        self._catch_up()
        record = super().__next__()
        self._catch_up()
        return record
