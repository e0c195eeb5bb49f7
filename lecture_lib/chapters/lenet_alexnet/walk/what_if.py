"""What if a weight were another one: changes of a network as plain data, the changed network, and how well it then reads digits."""

import copy
from collections.abc import Mapping, Sequence

import numpy as np

from ....arguments import shown
from ....data import digits_as_input
from ....layers import Activation, Conv2d, Layer, Linear, PartialConv2d
from ....models import Sequential
from ....models.network import Container
from ....ops.arrays import one_thread
from ....style import number
from .units import Stage, stages

Change = Mapping[str, object]
"""One change, as it stands in a state: ``{"layer": "C3", "what": "scale", "map": 11, "channel": 3, "by": -1}``."""
MOST_CHANGES = 100
LARGEST = 100
"""How large a weight, a bias or a factor may be made; those of the trained network are below 2."""
KINDS = {
    "scale": ("map", "channel", "by"),
    "weight": ("map", "channel", "row", "col", "to"),
    "bias": ("map", "to"),
    "silence": ("map",),
}
"""What can be done → what else a change must say. ``scale`` multiplies one kernel: 0 takes it away, −1 negates it. ``weight``
and ``bias`` set one number. ``silence`` makes a map 0 everywhere. A linear layer has a kernel for each map that it sees.
"""
BATCH = 250
"""Digits at a time, as ``training.predict`` takes them: other batches would round in another way."""


def refuse_changes(value: object, net: Sequential) -> str:
    """What is wrong with a list of changes for ``net``, or nothing.

    Raises:
        TypeError, ShapeError: as :func:`stages`.

    >>> from lecture_lib.models import lenet5
    >>> refuse_changes([{"layer": "C3", "what": "bias", "map": 16, "to": 0}], lenet5())
    'change 1: map=16 must be a whole number from 0 to 15'
    """
    if not isinstance(value, list) or len(value) > MOST_CHANGES:
        return f"must be a list of at most {MOST_CHANGES} changes"
    found = stages(net) if value else ()  # a stroke asks, too, and must not wait
    for at, change in enumerate(value, 1):
        if wrong := _refuse(change, found, net):
            return f"change {at}: {wrong}"
    return ""


def _refuse(change: object, found: Sequence[Stage], net: Sequential) -> str:
    if not isinstance(change, Mapping) or not all(isinstance(name, str) for name in change):
        return "must be a mapping with layer and what"
    what, layer = change.get("what"), change.get("layer")
    if not isinstance(what, str) or what not in KINDS:
        return f"what={shown(what)} must be one of {', '.join(KINDS)}"
    if change.keys() != {"layer", "what", *KINDS[what]}:
        return f"{what} must have layer, what, {', '.join(KINDS[what])}, and nothing else"
    weighted = [stage.name for stage in found if _has_weights(stage.layer)]
    if layer not in weighted:
        return f"layer={shown(layer)} must be one with weights: {', '.join(weighted)}"
    at = [stage.name for stage in found].index(layer)
    stage = found[at]
    sizes = dict(zip(("map", "channel", "row", "col"), _kernels(found, at), strict=True))
    for name in KINDS[what]:
        value = change[name]
        if name in sizes:
            if type(value) is not int or not 0 <= value < sizes[name]:
                return f"{name}={shown(value)} must be a whole number from 0 to {sizes[name] - 1}"
        elif isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
            return f"{name}={shown(value)} must be a number from {number(-LARGEST)} to {LARGEST}"
    if what == "silence" and (rest := _of_nothing(stage, net)):
        return f"{layer} cannot be silenced: its activation makes {number(rest)} of 0"
    return ""


def _has_weights(layer: Layer) -> bool:
    """Whether its weights are kernels on all maps that it sees; those of a partial convolution are not."""
    return isinstance(layer, Conv2d | Linear) and not isinstance(layer, PartialConv2d)


def _kernels(found: Sequence[Stage], at: int) -> tuple[int, int, int, int]:
    """How many maps, channels, rows and columns the kernels of a stage have."""
    layer = found[at].layer
    if isinstance(layer, Conv2d):
        return layer.weight.shape
    before = found[at - 1].shape if at else (1, 28, 28)
    return layer.out_features, *before


def _of_nothing(stage: Stage, net: Sequential) -> float:
    """What the activation behind a stage makes of 0."""
    after = _by_name(net)[stage.after]
    return float(after.forward(np.zeros((1, 1)))[0, 0]) if isinstance(after, Activation) else 0.0


def _by_name(net: Sequential) -> dict[str, Layer]:
    return {row.name: row.layer for row in net.rows((1, 28, 28))}


def changed(net: Sequential, changes: Sequence[Change]) -> Sequential:
    """A network in which the ``changes`` are made, one after another; ``net`` stays as it is.

    Arrays that do not change are those of ``net``.

    >>> from lecture_lib.models import lenet5
    >>> net = lenet5().init(0)
    >>> other = changed(net, [{"layer": "C3", "what": "scale", "map": 11, "channel": 3, "by": -1}])
    >>> np.array_equal(other["C3"].weight.value[11, 3], -net["C3"].weight.value[11, 3])
    True
    """
    twin = _twin(net)
    found = stages(twin)
    names = [stage.name for stage in found]
    for change in changes:
        at = names.index(change["layer"])
        layer, unit, what = found[at].layer, change["map"], change["what"]
        weights, bias = layer.weight.value.copy(), layer.bias.value.copy()
        kernels = weights.reshape(_kernels(found, at))  # a view
        if what == "scale":
            kernels[unit, change["channel"]] *= change["by"]
        elif what == "weight":
            kernels[unit, change["channel"], change["row"], change["col"]] = change["to"]
        elif what == "bias":
            bias[unit] = change["to"]
        else:
            kernels[unit], bias[unit] = 0, 0
        layer.weight.value, layer.bias.value = weights, bias
    return twin


def _twin(layer: Layer) -> Layer:
    """The same layer with the same arrays, whose arrays can be exchanged without a trace in ``layer``."""
    twin = copy.copy(layer)
    twin._saved = None
    if isinstance(layer, Container):
        twin.layers = {name: _twin(each) for name, each in layer.layers.items()}
    else:
        for name, parameter in layer.state().items():
            setattr(twin, name, copy.copy(parameter))
    return twin


class Accuracy:
    """How many of a set of digits a network reads right, after changes: it begins anew at the first layer that is changed.

    What each layer says to the digits is computed once, and kept: about 10 kB a digit for LeNet-5.

    >>> from lecture_lib.data import load_digits
    >>> from lecture_lib.models import trained_lenet5
    >>> images, labels = load_digits("test")
    >>> accuracy = Accuracy(trained_lenet5()[0], images[:100], labels[:100])
    >>> accuracy([]), accuracy([{"layer": "C1", "what": "silence", "map": at} for at in range(6)])
    (1.0, 0.02)
    """

    def __init__(self, net: Sequential, images: np.ndarray, labels: np.ndarray):
        self.net, self.labels = _twin(net), np.asarray(labels)
        self.names = list(self.net.layers)
        """Layers of the network itself; those inside a block begin with the block."""
        self.kept: dict[str, list[np.ndarray]] = {name: [] for name, layer in self.net.layers.items() if layer.state()}
        """Layer with weights → what it gets, batch by batch."""
        with one_thread():
            self.logits = np.concatenate([
                self._keep(digits_as_input(images[first : first + BATCH])) for first in range(0, len(images), BATCH)
            ])  # fmt: skip
        """Scores without a change, (N, 10)."""
        self.net.forget()

    def _keep(self, x: np.ndarray) -> np.ndarray:
        for name, layer in self.net.layers.items():
            if name in self.kept:
                self.kept[name].append(x)
            x = layer.forward(x)
        return x

    def after(self, changes: Sequence[Change]) -> np.ndarray:
        """Scores after ``changes``, (N, 10): bit by bit those of ``training.predict`` of the changed network."""
        if not changes:
            return self.logits
        first = min(self.names.index(change["layer"].split(".")[0]) for change in changes)
        layers = list(changed(self.net, changes).layers.values())[first:]
        found = []
        with one_thread():
            for x in self.kept[self.names[first]]:
                for layer in layers:
                    x = layer.forward(x)
                    layer.forget()
                found.append(x)
        return np.concatenate(found)

    def __call__(self, changes: Sequence[Change]) -> float:
        """Share of the digits that are read right after ``changes``."""
        return float(np.mean(self.after(changes).argmax(axis=1) == self.labels))
