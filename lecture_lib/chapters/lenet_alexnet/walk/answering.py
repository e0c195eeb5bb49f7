"""What Python answers on a walk through a network: its look at the pad, after what was changed, and what that costs."""

import copy
import json
from collections.abc import Mapping

import numpy as np

from ....data import digits_as_input, load_digits
from ....data.drawings import SIDE
from ....explore import Explorer, Say, pack
from ....models import Sequential
from ....ops.arrays import one_thread
from ....probes import chances, responses
from .beside import networks_beside, where_they_part
from .breaking import THICKEN, UPRIGHT, settings_of, smallest_moves
from .columns import columns, packed_weights, values, weighted
from .reading import Pad, too_small
from .units import NAMES, stages
from .what_if import Accuracy, changed
from .words import (
    ANYTHING,
    EMPTY,
    NOTHING_LEFT,
    SMALL,
    describe_accuracy,
    describe_answer,
    describe_change,
    describe_moves,
)

COUNTED = 1000
"""Official test digits that tell how well a changed network reads."""


WALKED = {"layer", "unit", "path", "tool"}
"""What the page shows by itself."""


class Walk:
    """The network's look at what is on the pad."""

    def __init__(self, net: Sequential, digits: np.ndarray, labels: np.ndarray, own: Mapping[str, Sequential]):
        # Jupyter may let us answer while a cell trains the same network: its layers remember one input only.
        # What is no network is refused by stages(), and not copied before.
        self.net = copy.deepcopy(net) if isinstance(net, Sequential) else net
        self.pad, self.found = Pad(digits, labels), stages(self.net)
        self.known = responses(self.net, digits_as_input(digits))
        self.columns = columns(self.net, self.found, self.known)
        self.weights = packed_weights(self.found)
        self.beside = networks_beside(self.net, own)
        self.others = [(each, stages(each)) for each in self.beside.values()]
        self.others_columns = [self._columns_beside(*each) for each in self.others]
        self.accuracy: Accuracy | None = None
        self.shares: dict[str, float] = {}
        """Changes as text → the accuracy after them."""
        self.made: tuple[str, Sequential] = "[]", self.net
        """The last changes, and the network after them."""

    def _columns_beside(self, net: Sequential, found: list) -> list[dict]:
        """Columns of another network; layers of the same name and shape have the same scale in both."""
        told = columns(net, found, responses(net, digits_as_input(self.pad.digits)))
        own = {(each["label"], each["size"]): each["limit"] for each in self.columns}
        return [each | {"limit": own.get((each["label"], each["size"]), each["limit"])} for each in told]

    def first(self) -> tuple[int, int]:
        """Layer and unit that answers most to the first digit, in the third layer if there is one: there is much to see."""
        at = min(2, len(self.found) - 1)
        return at + 1, int(self.known[self.found[at].after][0].argmax())

    def after(self, changes: list) -> Sequential:
        """The network after ``changes``."""
        if self.made[0] != (text := json.dumps(changes)):
            self.made = text, changed(self.net, changes) if changes else self.net
        return self.made[1]

    def prepare(self) -> Accuracy:
        """What the network says to some test digits, found once: it takes as long as many counts."""
        if self.accuracy is None:
            images, labels = load_digits("test")
            self.accuracy = Accuracy(self.net, images[:COUNTED], labels[:COUNTED])
        return self.accuracy

    def count(self, changes: list) -> None:
        """Find out how many of some test digits are read right after ``changes``, and without them."""
        self.shares |= {json.dumps(each): self.prepare()(each) for each in ([], changes)}

    def _new_weights(self, net: Sequential) -> dict[str, object]:
        """Weights and biases that are not those of the shipped network, by their place in the lists of the browser."""
        new = {}
        layers = zip(weighted(self.found), weighted(stages(net)), strict=True) if net is not self.net else ()
        for at, (ours, theirs) in enumerate(layers):
            for name, own, other in (("weights", ours.weight, theirs.weight), ("biases", ours.bias, theirs.bias)):
                if own.value is not other.value and not np.array_equal(own.value, other.value):
                    old = self.weights[name][at]
                    new[f"{name}:{at}"] = pack(other.value, old["role"], old["limit"], old["ends"])
        return new

    def seen(self, state: dict[str, object]) -> tuple[dict[str, object], list[Say]]:
        """All that is shown of the drawing, ready for the browser, and the words about it, what was found in bold."""
        picture, ink, changes = self.pad.picture(state), self.pad.ink, state["changes"]
        seen = np.zeros((SIDE, SIDE), np.uint8) if picture is None else picture
        x, net = digits_as_input(seen[None]), self.after(changes)
        answers = responses(net, x)
        told = values(x, self.found, self.columns, answers)
        label, before = None, np.zeros(len(NAMES), np.float32)
        other, others = np.zeros(0, np.float32), np.zeros(len(NAMES), np.float32)
        if picture is None:
            shares, told = np.zeros(len(NAMES), np.float32), np.zeros_like(told)
            something = state["strokes"] or state["digit"] is not None or ink
            found, rest = NOTHING_LEFT if something else EMPTY, []
        else:
            shares, label = chances(answers[self.found[-1].name])[0], self.pad.label(state)
            found = f"{SMALL * too_small(state)}{describe_answer(shares, label)} "
            rest = [*([Say(ANYTHING)] if ink else []), Say(kind="walk")]
            if state["beside"]:
                other, others, apart = self._look_beside(state["beside"], x, answers)
                rest[-1] = Say(f"{apart} ")  # no unit is opened then
            if changes:
                first = self.net.forward(x)
                before = chances(first)[0]
                top = int(shares.argmax())
                scores = answers[self.found[-1].name][0, top], first[0, top]
                found = f"{describe_change(shares, before, label, (float(each) for each in scores))} "
                rest.insert(0, Say(describe_accuracy(self.shares, changes, COUNTED)))
            if moved := describe_moves(settings_of(state)):
                rest.insert(0, Say(f"{moved} ", when={"tool": [1, 2, 3]}))  # where no slider shows it
        says = [Say(self.pad.words(state))] if ink else []
        says += [Say(found, tag="b"), *rest] if rest else [Say(found)]  # nothing read: nothing in bold
        return {
            "seen": pack(seen[None], "image"), "values": pack(told, "curve"), "classes": pack(shares, "curve"), "before": pack(before, "curve"),
            "values2": pack(other, "curve"), "classes2": pack(others, "curve"),
            "label": pack(np.array([-1 if label is None else label], np.int32), "index"),
            "opened": pack(ink.place[None] if ink else np.zeros((1, 1, 1), np.uint8), "image"),
        } | self._new_weights(net), says  # fmt: skip

    def _look_beside(
        self, beside: int, x: np.ndarray, answers: Mapping[str, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray, str]:
        """All that the network beside says, its shares, and in words what it answers and where the two part."""
        (net, found), told, name = (
            self.others[beside - 1],
            self.others_columns[beside - 1],
            list(self.beside)[beside - 1],
        )
        theirs = responses(net, x)
        shares = chances(theirs[found[-1].name])[0]
        said = describe_answer(shares, None).split(";")[0]
        parted = where_they_part(self.found, answers, found, theirs)
        words = f"Beside it, {name}: {said[0].lower()}{said[1:]}. {parted}"
        return values(x, found, told, theirs), shares, words

    def answer(self, explorer: Explorer, names: set[str]) -> None:
        if names <= WALKED:  # what was refused before is of the past
            explorer.update(problem="")
            if "tool" in names and explorer.value("tool") == "What if":
                self.prepare()  # while the hand looks for what to change
            return
        if "upright" in names:
            explorer.update(state=UPRIGHT)
        if names & {"picture", "photo", "ink"}:
            self.pad.read(explorer, "picture" in names)
        state = explorer.state
        with one_thread():
            if names - WALKED == {"counted"} and state["changes"]:  # what else has changed is answered first
                self.count(state["changes"])
            if "find" in names:
                picture = self.pad.picture(state | UPRIGHT)
                net = self.after(state["changes"])
                broken = [] if picture is None else smallest_moves(net, picture)
                explorer.update(state={"broken": [
                    [each.words(), each.slider, THICKEN.index(each.by) if each.slider == "thicken" else each.by]
                    if each.by is not None else [each.words(), each.slider, None] for each in broken
                ]})  # fmt: skip
            elif names & {"strokes", "digit", "photo", "ink", "picture", "changes"} and state["broken"]:
                explorer.update(state={"broken": []})  # found for another digit, or by another network
            arrays, words = self.seen(explorer.state)
        explorer.update(extra=arrays, sentence=words, problem="")
