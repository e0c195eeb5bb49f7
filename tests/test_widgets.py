"""The explorers without a browser: what Python computes when a control moves."""

import io

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from lecture_lib import widgets
from lecture_lib.widgets import view
from tests.explorers import array

EXPLORERS = {
    "architecture": widgets.architecture,
    "layer_editor": widgets.layer_editor,
}
every_explorer = pytest.mark.parametrize("make", EXPLORERS.values(), ids=EXPLORERS)


@every_explorer
def test_an_explorer_carries_a_still_picture_with_alt_text(make):
    explorer = make()
    data, metadata = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    still = np.asarray(Image.open(io.BytesIO(data["image/png"])).convert("RGB"))
    assert (still != still[0, 0]).any()
    assert data["text/plain"] == metadata["image/png"]["alt"] == explorer.view.label
    assert len(explorer.alt) > 40


@every_explorer
def test_closing_an_explorer_closes_all_its_widgets(make):
    before = set(ipywidgets.widgets.widget._instances)
    make().close()
    assert set(ipywidgets.widgets.widget._instances) == before


def in_cell(monkeypatch, cell, run):
    shell = type("Shell", (), {"get_parent": lambda self: {"metadata": {"cellId": cell}, "header": {"msg_id": run}}})()
    monkeypatch.setattr(view, "get_ipython", lambda: shell)


def test_a_cell_run_again_closes_only_the_explorers_of_its_last_run(monkeypatch):
    in_cell(monkeypatch, "first", "run 1")
    make = next(iter(EXPLORERS.values()))
    one, two = make(), make()
    in_cell(monkeypatch, "second", "run 2")
    other = make()
    in_cell(monkeypatch, "first", "run 3")
    again = make()
    assert [each.comm is None for each in (one, two, other, again)] == [True, True, False, False]


def test_large_whole_numbers_stay_exact():
    packed = view.pack(np.array([[45_999_954.0, 1.0]]), "map")
    assert array(packed).tolist() == [[45_999_954, 1]]
    assert view.pack(np.array([[0.5]]), "map")["dtype"] == "float32"
