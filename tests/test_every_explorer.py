"""What holds for every explorer: the tests find each one by themselves, and a new one without an example fails here."""

import inspect
import io
import json
import re

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from lecture_lib.data import load_digits
from lecture_lib.explore import rerun
from lecture_lib.explore.spec import Numbers, Options
from tests.explorers import example, explorers

pytestmark = pytest.mark.usefixtures("own_progress")
every_explorer = pytest.mark.parametrize("name", explorers())


@every_explorer
def test_an_explorer_carries_a_still_picture_with_alt_text(name):
    explorer = example(name)
    data, metadata = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    still = np.asarray(Image.open(io.BytesIO(data["image/png"])).convert("RGB"))
    assert (still != still[0, 0]).any()
    assert data["text/plain"] == metadata["image/png"]["alt"] == explorer.about
    assert len(explorer.about) > 40


@every_explorer
def test_closing_an_explorer_closes_all_its_widgets(name):
    before = set(ipywidgets.widgets.widget._instances)
    example(name).close()
    assert set(ipywidgets.widgets.widget._instances) == before


@every_explorer
def test_the_state_is_small_plain_data_and_brings_another_one_to_the_same_place(name):
    explorer, other = example(name), example(name)
    for index, each in explorer.declared.items():  # somewhere else than at the start
        if isinstance(each, Numbers) or (isinstance(each, Options) and each.count() > 1):
            explorer.state = {index: each.low + each.step if isinstance(each, Numbers) else 1}
            explorer.state = {index: each.first()} if explorer.problem else {}
    state = json.loads(json.dumps(explorer.state))
    assert len(json.dumps(state)) < 20_000
    other.state = {index: value for index, value in state.items() if value != other.state[index]}
    assert other.state == explorer.state
    assert [each["data"] for each in arrays(other)] == [each["data"] for each in arrays(explorer)]


def arrays(explorer):
    """What the browser draws from, packed, in the order of the names."""
    waiting, found = [explorer.arrays | explorer.extra], []
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict) and "data" in each:
            found.append(each)
        else:
            waiting += [each[name] for name in sorted(each)] if isinstance(each, dict) else each
    return found


@every_explorer
def test_every_index_can_go_to_both_of_its_ends(name):
    explorer = example(name)
    for index in list(explorer.declared):
        for at in (0, -1):
            each = explorer.declared[index]
            if isinstance(each, Numbers):
                explorer.state = {index: each.high if at else each.low}
            elif isinstance(each, Options):
                explorer.state = {index: each.count() - 1 if at else 0}
    explorer._repr_mimebundle_()


@every_explorer
def test_nothing_in_the_declaration_is_larger_than_it_must_be(name):
    explorer = example(name)
    words = [explorer.sentence, explorer.panels, explorer.controls, explorer.indices]
    assert len(json.dumps(words)) < 400_000


@every_explorer
def test_an_explorer_says_what_it_raises_and_takes(name):
    assert inspect.getdoc(explorers()[name]).startswith("Explorer")


def in_cell(monkeypatch, cell, run):
    shell = type("Shell", (), {"get_parent": lambda self: {"metadata": {"cellId": cell}, "header": {"msg_id": run}}})()
    monkeypatch.setattr(rerun, "get_ipython", lambda: shell)


def test_a_cell_run_again_closes_only_the_explorers_of_its_last_run(monkeypatch):
    in_cell(monkeypatch, "first", "run 1")
    one, two = example("does_it_fit"), example("does_it_fit")
    in_cell(monkeypatch, "second", "run 2")
    other = example("does_it_fit")
    in_cell(monkeypatch, "first", "run 3")
    again = example("step_through")
    assert [each.comm is None for each in (one, two, other, again)] == [True, True, False, False]


def inked(picture):
    """The part of a digit's picture with ink, as a key: wherever it stands, it is the same digit."""
    rows, cols = (np.flatnonzero(picture.any(axis=axis)) for axis in (1, 0))
    return picture[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1].tobytes()


@every_explorer
def test_a_digit_chosen_by_its_number_is_called_what_it_is(name):
    explorer = example(name)
    asked = [each for each in explorer.parts["controls"] if each.label.lower().startswith(("digit", "test digit"))]
    if not asked:
        return
    (control,) = asked
    assert control.label == "Digit number"
    known = {
        inked(image): int(label) for part in ("train", "test") for image, label in zip(*load_digits(part), strict=True)
    }
    (panel,) = (each for each in explorer.panels if each.get("index") == control.name)
    found = 0
    for at in range(min(3, explorer.declared[control.name].count())):
        explorer.state = {control.name: at}
        shown = explorer.array(panel["array"])
        picture = shown if shown.ndim == 2 else shown[at]
        words = re.search(r"number (\d+) \(an? (\d)\)$", panel["titles"][at])
        assert int(words[1]) == at
        if picture.any() and inked(picture) in known:
            found += 1
            assert int(words[2]) == known[inked(picture)]
    assert found or name in MADE_UP


MADE_UP = {"routing", "capsule_numbers", "shifted_digit"}
"""Explorers whose examples have digits that are none of the test digits."""
