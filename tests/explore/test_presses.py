"""States for the presses of a deck as data: what they set and show is there, or they are refused."""

import json

import nbformat
import numpy as np
import pytest

from lecture_lib.chapters import convolution
from lecture_lib.explore import Explorer, Free, Numbers, Options, Press, Slider, pack
from tools.site.cells import presses

TWO = [{"kind": "grid", "array": "image", "title": "image"}, {"kind": "grid", "array": "image"}]


def declare():
    return Explorer(
        "Squares", "The squares of four numbers.",
        indices={"n": Numbers(0, 3), "kind": Options(["mean", "max"]), "drawn": Free([]), "level": Options([0.1, 1], 1)},
        controls=[Slider("n", "N"), Press("again", "Again")], arrays={"image": pack(np.eye(3), "image")}, panels=TWO,
    )  # fmt: skip


def test_presses_reach_the_browser_as_plain_data_behind_the_state_where_the_explorer_starts():
    explorer = declare()
    explorer.state = {"n": 1}
    assert (
        explorer.scripted({"n": np.int64(3), "kind": "max"}, {"level": 0.1, "show": ["image"]}, {"press": "again"})
        is explorer
    )
    assert json.loads(json.dumps(explorer.presses)) == [
        {"state": {"n": 1, "kind": 0, "drawn": [], "level": 1}, "show": [], "press": ""},
        {"state": {"n": 3, "kind": 1}, "show": [], "press": ""},
        {"state": {"level": 0}, "show": ["image"], "press": ""},
        {"state": {}, "show": [], "press": "again"},
    ]  # fmt: skip
    assert explorer.state["n"] == 1 and explorer.get_state()["presses"] == explorer.presses


def test_a_press_of_a_chapters_explorer_takes_what_its_call_takes():
    explorer = convolution.convolution_lab(stride=2).scripted({"stride": 1, "kernel": "box_blur"}, {"padding": 1})
    again = convolution.convolution_lab(kernel="box_blur", stride=1)
    assert explorer.presses[1]["state"] == {name: again.state[name] for name in ("stride", "kernel")}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"m": 1}, "press 2 sets 'm': must be a setting, one of drawn, kind, level, n"), ({"n": 4}, "press 2: n=4: must be a number from 0 to 3"),
        ({"kind": "min"}, "press 2: kind='min': must be one of its values: mean, max"), ({"kind": None}, "press 2: kind=None: must be a place"),
        ({"n": "1"}, "press 2: n='1': must be a number"), ({"show": ["picture"]}, "press 2: show='picture': must be the title of a panel, one of grid, image"),
        ({"press": "n"}, "press 2: press='n': must be a button, one of again"),
    ],
)  # fmt: skip
def test_a_press_that_sets_or_shows_what_is_not_there_is_refused_in_words(state, words):
    with pytest.raises(ValueError, match=words):
        declare().scripted({"n": 2}, state)


@pytest.mark.parametrize("state", ["n", 3, {"show": "image"}])
def test_what_is_no_state_is_refused(state):
    with pytest.raises(TypeError, match="press 1"):
        declare().scripted(state)


def test_how_many_presses_there_are_goes_with_the_picture_and_the_place_on_a_slide_has_it():
    explorer = declare()
    for states, said in (
        ((), ""),
        (({"n": 1}, {"n": 2}), ' data-presses="2"'),
        (({"n": 1}, {"show": ["image"]}, {"n": 2}), ' data-presses="3" data-hides="2"'),
    ):
        _, metadata = (explorer.scripted(*states) if states else explorer)._repr_mimebundle_()
        assert presses(nbformat.v4.new_output("display_data", metadata=metadata)) == said
