"""A tour as data: what it lights and waits for is there, or the explorer is not made."""

import json

import numpy as np
import pytest

from lecture_lib.explore import Explorer, Free, Numbers, Options, Press, Slider, Step, pack


def declare(*steps, **parts):
    parts = {
        "indices": {"n": Numbers(0, 3), "kind": Options(["mean", "max"]), "drawn": Free([])},
        "controls": [Slider("n", "N"), Press("again", "Again")],
        "arrays": {"image": pack(np.eye(3), "image")},
        "panels": [{"kind": "grid", "array": "image", "title": "image", "parts": ["corner"]}, {"kind": "grid", "array": "image"}],
    } | parts  # fmt: skip
    return Explorer("Squares", "The squares of four numbers.", tour=steps, **parts)


def test_a_tour_reaches_the_browser_as_plain_data_with_places_for_values():
    explorer = declare(
        Step("Move N.", ["n", "image"], "n", "It moved."), Step("Take the maximum.", [("image", "corner")], {"kind": "max", "n": 2}),
        Step("Draw, or press Again.", ["again", "grid"], ("drawn", "n")), Step("Again.", until={"kind": "max"}, again=["n"]), Step("Look at it."),
    )  # fmt: skip
    assert json.loads(json.dumps(explorer.tour)) == [
        {"words": "Move N.", "light": [["n", ""], ["image", ""]], "until": {}, "changed": ["n"], "seen": "It moved."},
        {"words": "Take the maximum.", "light": [["image", "corner"]], "until": {"kind": 1, "n": 2}, "changed": [], "seen": ""},
        {"words": "Draw, or press Again.", "light": [["again", ""], ["grid", ""]], "until": {}, "changed": ["drawn", "n"], "seen": ""},
        {"words": "Again.", "light": [], "until": {"kind": 1}, "changed": ["n"], "seen": ""},
        {"words": "Look at it.", "light": [], "until": {}, "changed": [], "seen": ""},
    ]  # fmt: skip
    assert "tour" in explorer.get_state() and declare().tour == []


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([Step("Go.")] * 13, "tour has 13 steps: must be at most 12"), ([Step("Go."), Step("")], "step 2 of the tour has no words"),
        ([Step("Go.", ["m"])], "step 1 of the tour lights 'm': must be the title of a panel or the name of a control"),
        ([Step("Go.", ["kind"])], "lights 'kind': must be"), ([Step("Go.", [("image", "edge")])], "lights 'edge' of 'image': must be one of the parts"),
        ([Step("Go.", [("grid", "corner")])], "lights 'corner' of 'grid'"),
        ([Step("Go.", until="m")], "waits for 'm': must be declared, one of drawn, kind, n"), ([Step("Go.", until={"m": 1})], "waits for 'm'"),
        ([Step("Go.", until=("n", "m"))], "waits for 'm'"), ([Step("Go.", until={"n": 4})], "waits for n=4: must be a number from 0 to 3"),
        ([Step("Go.", until={"kind": "min"})], "waits for kind='min': must be"), ([Step("Go.", until={"kind": 1})], "waits for kind=1: must be one of its values"),
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_done_or_lit_is_refused_in_words(steps, words):
    with pytest.raises(ValueError, match=words):
        declare(*steps)


def test_what_is_no_step_is_refused():
    with pytest.raises(TypeError, match="step 1 of the tour is a str: must be a Step"):
        declare("Move N.")


def test_a_still_picture_is_the_same_with_a_tour():
    pictures = [each._repr_mimebundle_()[0]["image/png"] for each in (declare(), declare(Step("Move N.", ["n"], "n")))]
    assert pictures[0] == pictures[1]
