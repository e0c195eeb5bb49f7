"""From dense to local to shared to pooled: the lines of a small layer, and how many weights they take."""

from .. import figures
from ..arguments import one_of
from ..chapters.motivation import wiring
from .view import Explorer, View, control_row, slider, stops

INPUTS, SIDE, CHANNELS = 10, 200, 3
WIDTH = "256px"  # of a control: three stand side by side on a narrow page, too
STEPS = ("dense", "local", "shared", "pooled")
_OWN = {"dense": ("units",), "local": ("kernel_size", "maps"), "shared": ("kernel_size", "maps"), "pooled": ("pool",)}
"""Step → the sliders that matter to it."""
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


def describe_step(step: str, units: int, kernel_size: int, maps: int, pool: int) -> str:
    """What the drawing of a step shows, and what the same step takes on an image of 200×200×3."""
    drawn, real = wirings(units, kernel_size, maps, pool)[step], wiring.first_layer(SIDE, CHANNELS, maps, kernel_size)
    m, window = SIDE - kernel_size + 1, f"{kernel_size}·{kernel_size}·{CHANNELS}"
    two = (
        " The left half of the units is one map, the right half the other."
        if maps == 2 and "maps" in _OWN[step]
        else ""
    )
    below = f" Below stand the {drawn.inputs} units of one map." if step == "pooled" else ""
    here = f"Here: {len(drawn.lines)} lines, {drawn.weights} weights.{two}{below} On a {SIDE}×{SIDE}×{CHANNELS} image: "
    return (
        here
        + {
            "dense": f"{units} units take {SIDE}·{SIDE}·{CHANNELS}·{units} = "
            f"{wiring.first_layer(SIDE, CHANNELS, units, kernel_size).dense:,} weights.",
            "local": f"{m}·{m}·{maps} = {real.values:,} units, each with {window} weights of its own, "
            f"take {real.local:,}; wired to the whole image they would take {real.dense_maps:,}.",
            "shared": f"{m}·{m}·{maps} = {real.values:,} units share {window}·{maps} = {real.shared:,} weights. "
            f"The image may be of any size.",
            "pooled": f"each map of {m}×{m} units shrinks to {m // pool}×{m // pool}, without any weight. "
            f"Where in its window the largest value stood is forgotten.",
        }[step]
    )


def connections(step: str = "dense", *, units: int = 8, kernel_size: int = 3, maps: int = 1, pool: int = 2) -> Explorer:
    """Explorer of the lecture's ideas: dense → local → shared → pooled, with a slider for each.

    Args:
        step: a name in :data:`STEPS`, to start with.
        units: of the dense layer, 1 to 16. kernel_size: 2 to 4. maps: 1 or 2. pool: 2 to 4.

    Raises:
        ValueError: an unknown ``step``.
        ShapeError: a setting is out of range.
    """
    one_of("step", step, STEPS)
    steps = stops("Idea", STEPS, step, "dense, local, shared, pooled", WIDTH)
    controls = {
        "units": slider("Units", units, 1, 16, "units of the dense layer", WIDTH),
        "kernel_size": slider("F  window", kernel_size, 2, 4, "pixels in a window", WIDTH),
        "maps": slider("K  filters", maps, 1, 2, "feature maps", WIDTH),
        "pool": slider("Pool", pool, 2, 4, "units in a pooling window", WIDTH),
    }
    view = View(
        panels=[
            {"kind": "wires", "titles": list(TITLES.values()), "index": "level", "share": 2.4, "pick": "output", "size": False},
            {"kind": "bars", "title": "weights in this drawing", "share": 1, "size": False},
        ],
        height=300, col=3,
    )  # fmt: skip
    alt = (
        "A row of ten pixels and a row of hidden units with the lines between them: all to all, then windows only, then "
        "windows with shared weights, then pooling; beside them bars of the number of weights."
    )

    def settings():
        return {name: control.value for name, control in controls.items()}

    def still():
        return figures.draw_wires({TITLES[steps.value]: wirings(**settings())[steps.value].describe()}, view.col)

    explorer = Explorer(view, [control_row(steps, *controls.values())], alt, still)

    def update(_=None):
        drawn = wirings(**settings())
        for name, control in controls.items():
            control.disabled = name not in _OWN[steps.value]
        bars = [
            {"label": name, "value": each.weights, "text": f"{each.weights}"} | ({"role": "total"} if name == steps.value else {})
            for name, each in drawn.items()
        ]  # fmt: skip
        with view.hold_sync():
            view.wires, view.bars = drawn[steps.value].describe(), bars
            view.text = describe_step(steps.value, **settings())

    update()
    for control in (steps, *controls.values()):
        control.observe(update, "value")
    explorer.link(steps, "level", "index")
    return explorer
