"""The tour of the network walk: one thing to do after another, and what was to be seen."""

from collections.abc import Sequence

from ....explore import Step
from ....layers import AvgPool2d, Conv2d, MaxPool2d
from ....shapes import times
from .answering import COUNTED
from .units import Stage

PANEL = "walk"


def parts(found: Sequence[Stage]) -> list[str]:
    """What of the picture a step can light: the pad, the layers by name, the opened unit, buttons above and below."""
    return [
        "draw here",
        "input",
        *(stage.name for stage in found[:-1]),
        "answer",
        "opened",
        "strongest",
        "path",
        "tools",
    ]


def walk_tour(found: Sequence[Stage]) -> list[Step]:
    """What there is to do in a network with the layers ``found``; the input is the walk's layer 0, so they are 1 and up."""
    last = len(found)
    below = f"unit of {found[-2].name}" if last > 1 else "pixel"
    return [
        Step("Press Clear and draw a digit from 0 to 9, or press Random test digit.", _lit("draw here"), ("strokes", "digit"),
             "Every layer answered, up to the bars on the right."),
        *(_choose(found, at) for at in range(min(3, last - 1))),
        Step("Choose a digit in the answer: press its number.", _lit("answer"), {"layer": last},
             f"Its score is a sum, too, with a product for each {below}. Lit in the input are the pixels that give it most.", ["unit"]),
        Step("Press What if at the top, then Negate.", ["changes", *_lit("tools")], "changes",
             f"Its largest product changed its sign. Dashed is the answer before; below, how many of {COUNTED:,} test digits are read right now."),
        Step("Press Undo all changes.", ["changes"], {"changes": []}, "The network is as it was trained."),
        *_down(last),
        Step("Press Path.", _lit("path"), {"path": "on"}, "That is the same way, from the digit that won."),
        Step("Press Move it at the top, then drag Right.", ["right", *_lit("tools", "answer")], "right",
             "All layers followed. The bars say what it is read as there."),
        Step("Press Break it, then the button that finds the smallest move.", ["find", *_lit("tools")], "broken",
             "Press one of the moves, and look at what the layers make of it."),
    ]  # fmt: skip


def _lit(*names: str) -> list[tuple[str, str]]:
    return [(PANEL, name) for name in names]


def _down(last: int) -> list[Step]:
    """From a class to a pixel."""
    first = Step(
        "Press To its strongest input.", _lit("strongest"), {"layer": last - 1}, "It gave the largest of the products."
    )
    rest = Step("Press it again and again, until you stand in the input.", _lit("strongest", "input"), {"layer": 0},
                "You went from a class to one pixel, at each layer to the strongest input.")  # fmt: skip
    return [first, rest][:last]


def _choose(found: Sequence[Stage], at: int) -> Step:
    """A step to a unit of one of the first layers, and how such a unit is made."""
    stage = found[at]
    layer, (high, wide) = stage.layer, (field.size for field in stage.fields)
    sees = f"It sees {high} by {wide} pixels."
    if isinstance(layer, MaxPool2d | AvgPool2d):
        kept = "the largest" if isinstance(layer, MaxPool2d) else "the mean"
        made = f"It is {kept} of {times(layer.kernel_size)} numbers, and has no weights. {sees}"
    elif isinstance(layer, Conv2d):
        before = found[at - 1].name if at else "the input"
        made = f"Its window in {before} × its weights = products. Their sum with the bias is the unit. {sees}"
    else:
        made = "Its inputs × its weights = products. Their sum with the bias is the unit."
    return Step(
        f"Choose a unit of {stage.name}: press a place in its column.",
        _lit(stage.name),
        {"layer": at + 1},
        made,
        ["unit"],
    )
