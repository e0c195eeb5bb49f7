"""From dense to local to shared to pooled: the lines of a small layer, and how many weights they take."""

import numpy as np

from ...arguments import one_of
from ...explore import Choice, Explorer, Look, Numbers, Options, Places, Say, Slider, pack
from . import wiring

INPUTS, SIDE, CHANNELS = 10, 200, 3
STEPS = ("dense", "local", "shared", "pooled")
_MATTERS = {"units": ("dense",), "kernel_size": ("local", "shared"), "maps": ("local", "shared"), "pool": ("pooled",)}
"""Setting → the steps to which it matters."""
TITLES = {
    "dense": "dense: every unit is wired to every pixel",
    "local": "local: every unit is wired to its own window",
    "shared": "shared: lines of one colour are one weight",
    "pooled": "pooled: every unit takes the largest of its window",
}


def wirings(units: int = 8, kernel_size: int = 3, maps: int = 1, pool: int = 2) -> dict[str, wiring.Wiring]:
    """The four steps on a row of ten pixels; pooling stands on the first map.

    >>> {step: each.weights for step, each in wirings().items()}
    {'dense': 80, 'local': 24, 'shared': 3, 'pooled': 0}
    """
    shared = wiring.shared(INPUTS, kernel_size, maps)
    return {
        "dense": wiring.dense(INPUTS, units),
        "local": wiring.local(INPUTS, kernel_size, maps),
        "shared": shared,
        "pooled": wiring.pooled(shared.units // maps, pool),
    }


def describe_step(step: str, units: int, kernel_size: int, maps: int, pool: int) -> tuple[str, str]:
    """How many lines and weights the drawing of a step has, and what the same step takes on an image of 200×200×3."""
    drawn, real = wirings(units, kernel_size, maps, pool)[step], wiring.first_layer(SIDE, CHANNELS, maps, kernel_size)
    m, window = SIDE - kernel_size + 1, f"{kernel_size}·{kernel_size}·{CHANNELS}"
    two = (
        " The left half of the units is one map, the right half the other."
        if maps == 2 and step in _MATTERS["maps"]
        else ""
    )
    below = f" Below stand the {drawn.inputs} units of one map." if step == "pooled" else ""
    return (
        f"{len(drawn.lines)} lines, {drawn.weights} weights.",
        f"{two}{below} On a {SIDE}×{SIDE}×{CHANNELS} image: "
        + {
            "dense": f"{units} units take {SIDE}·{SIDE}·{CHANNELS}·{units} = "
            f"{wiring.first_layer(SIDE, CHANNELS, units, kernel_size).dense:,} weights.",
            "local": f"{m}·{m}·{maps} = {real.values:,} units, each with {window} weights of its own, "
            f"take {real.local:,}; wired to the whole image they would take {real.dense_maps:,}.",
            "shared": f"{m}·{m}·{maps} = {real.values:,} units share {window}·{maps} = {real.shared:,} weights. "
            f"The image may be of any size.",
            "pooled": f"each map of {m}×{m} units shrinks to {m // pool}×{m // pool}, without any weight. "
            f"Where in its window the largest value stood is forgotten.",
        }[step],
    )


def _drawn(step: str, ahead: bool, **settings: int) -> dict[str, object]:
    """The parts of the explorer that follow from its settings."""
    drawn = wirings(**settings)
    bars = [
        {"label": name, "value": each.weights, "text": f"{each.weights}"} | ({"role": "total"} if name == step else {})
        for name, each in drawn.items()
        if ahead or STEPS.index(name) <= STEPS.index(step)
    ]
    return {
        "arrays": {"counts": pack(np.array([each.units for each in drawn.values()], np.int32), "index")},
        "panels": [
            {"kind": "wires", "wires": drawn[step].describe(), "unit": "unit", "titles": list(TITLES.values()), "index": "step",
             "share": 2.4, "pick": "output"},
            {"kind": "bars", "bars": bars, "title": "weights in this drawing"},
        ],
        "sentence": [Say(text, tag=tag) for text, tag in zip(describe_step(step, **settings), ("b", "span"), strict=True)],
    }  # fmt: skip


def connections(
    step: str = "dense", *, units: int = 8, kernel_size: int = 3, maps: int = 1, pool: int = 2, ahead: bool = True
) -> Explorer:
    """Explorer of the lecture's ideas: dense → local → shared → pooled, with a slider for each.

    Args:
        step: a name in :data:`STEPS`, to start with.
        units: of the dense layer, 1 to 16. kernel_size: 2 to 4. maps: 1 or 2. pool: 2 to 4.
        ahead: whether there are bars of the ideas that come after the chosen one, too; without, each comes as a surprise.

    Raises:
        ValueError: an unknown ``step``.
        ShapeError: a setting is out of range. TypeError: it is no number.

    >>> connections("shared").state
    {'step': 2, 'units': 8, 'kernel_size': 3, 'maps': 1, 'pool': 2, 'unit': 3}
    """
    one_of("step", step, STEPS)

    def answer(explorer: Explorer, names: set[str]) -> None:
        explorer.update(**_drawn(ahead=ahead, **{name: explorer.value(name) for name in ("step", *_MATTERS)}))

    controls = [
        Slider(name, label, tip, when={"step": [STEPS.index(each) for each in _MATTERS[name]]})
        for name, label, tip in (
            ("units", "Units", "units of the dense layer"), ("kernel_size", "Window", "pixels in a window"),
            ("maps", "Filters", "feature maps"), ("pool", "Pooling window", "units in a pooling window"),
        )
    ]  # fmt: skip
    return Explorer(
        "Connections",
        "A row of ten pixels and a row of hidden units with the lines between them: all to all, then windows only, then "
        "windows with shared weights, then pooling; beside them bars of the number of weights.",
        indices={
            "step": Options(STEPS, step, python=True), "units": Numbers(1, 16, units, python=True),
            "kernel_size": Numbers(2, 4, kernel_size, python=True), "maps": Numbers(1, 2, maps, python=True),
            "pool": Numbers(2, 4, pool, python=True), "unit": Places(Look("counts", "step"), 3),
        },
        arrows=(None, "unit"),
        controls=[Choice("step", "Idea", "dense, local, shared, pooled"), *controls],
        answer=answer, **_drawn(step, ahead, units=units, kernel_size=kernel_size, maps=maps, pool=pool),
    )  # fmt: skip
