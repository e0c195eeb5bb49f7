"""Networks to look at: volumes to scale, a table with shares, and what sets one apart from another."""

from collections.abc import Callable

import numpy as np

from ...arguments import one_of, shown
from ...explore import Choice, Explorer, Look, Options, Places, Say, pack
from ...layers import Layer, Shape
from ...models import ALEXNET_INPUT, alexnet, lenet5
from .sheets import LOOK, LOOK_CONTROLS, comparison, drawn, network_sheet, words_of_rows

MODELS: dict[str, tuple[Callable[[], Layer], Shape]] = {
    "LeNet-5, 1998": (lambda: lenet5("1998"), (1, 32, 32)),
    "LeNet-5, modern": (lenet5, (1, 28, 28)),
    "AlexNet, two towers": (lambda: alexnet("two_towers"), ALEXNET_INPUT["two_towers"]),
    "AlexNet, one tower": (lambda: alexnet("one_tower"), ALEXNET_INPUT["one_tower"]),
    "AlexNet, torchvision": (lambda: alexnet("torchvision"), ALEXNET_INPUT["torchvision"]),
}
"""Name → how to make the network, and its input."""
OWN_NETWORK = "your network"
SHORT = dict(zip(MODELS, ("LeNet 1998", "LeNet now", "AlexNet", "one tower", "torchvision"), strict=True))
"""What stands on the chips."""


def networks(model: str | Layer = "AlexNet, two towers", input_shape: Shape | None = None) -> Explorer:
    """Explorer of networks: volumes to scale, a table with shares as bars, each layer's arithmetic, and comparisons.

    Args:
        model: a name in :data:`MODELS`, or a network of your own; it comes first in the menu.
        input_shape: of one sample, for a network of your own.

    Raises:
        ValueError: an unknown name.
        TypeError: ``model`` is no network, or ``input_shape`` is missing or not needed.
        ShapeError: the network cannot take this input.

    >>> networks("LeNet-5, modern").value("network")
    'LeNet-5, modern'
    """
    nets = {name: (make(), shape) for name, (make, shape) in MODELS.items()}
    if isinstance(model, str):
        one_of("model", model, MODELS)
        if input_shape is not None:
            raise TypeError(f"input_shape={shown(input_shape)}: {shown(model)} has its own")
    elif not isinstance(model, Layer):
        raise TypeError(f"model is a {type(model).__name__}: must be a name, or a network")
    elif input_shape is None:
        raise TypeError("input_shape is missing: say the shape of one sample, such as (1, 28, 28)")
    else:
        nets = {OWN_NETWORK: (model, tuple(input_shape))} | nets
    names, short = list(nets), [SHORT.get(name, name) for name in nets]
    sheets = [network_sheet(name, list(net.rows(shape)), shape) for name, (net, shape) in nets.items()]
    for sheet, (name, (net, shape)) in zip(sheets, nets.items(), strict=True):
        sheet["against"] = [comparison(name, net, shape, other, *nets[other]) for other in names]
    against = [[{"because": [""], "words": [""]}, *sheet["against"]] for sheet in sheets]  # the first one: nothing
    beside = {"other": list(range(1, len(names) + 1))}
    return Explorer(
        "Networks",
        "A network as a row of boxes, one for each volume of numbers, drawn to scale; below each its layers, its "
        "share of the total as a bar, and its parameters, multiply-adds, memory and receptive field.",
        indices={
            "network": Options(names, model if isinstance(model, str) else OWN_NETWORK, short),
            "other": Options(["nothing", *names], labels=["nothing", *short]),
            **LOOK, "row": Places(Look("rows", "network"), 1),
        },
        controls=[Choice("network", "Network"), Choice("other", "Beside it", "the network to compare with"), *LOOK_CONTROLS],
        arrays={"rows": pack(np.array([len(sheet["rows"]) for sheet in sheets], np.int32), "index")},
        panels=[
            {"kind": "network", "title": "", "networks": [drawn(sheet) for sheet in sheets], "network": "network",
             "other": "other", "measure": "measure", "sides": "sides", "row": "row"},
        ],
        sentence=[
            *words_of_rows(sheets, ["network", "row"]),
            Say([[each["because"] for each in others] for others in against], at=["network", "other", "row"], when=beside),
            Say([[each["words"] for each in others] for others in against], at=["network", "other", "measure"], when=beside, tag="div"),
        ],
        arrows=("row", None), height=410, hover=False,
    )  # fmt: skip
