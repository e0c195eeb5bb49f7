"""Declarations: what is not declared cannot be used."""

import json

import numpy as np
import pytest

from lecture_lib.explore import (
    Axis,
    Choice,
    Explorer,
    Free,
    Look,
    Numbers,
    Options,
    Places,
    Press,
    Say,
    Slide,
    Slider,
    pack,
)
from lecture_lib.explore.spec import PANELS, plain
from lecture_lib.explore.where import Where
from lecture_lib.shapes import ShapeError

SQUARES = pack(np.arange(4.0) ** 2, "curve")
GRID = {"kind": "grid", "array": "image"}


def declare(**parts):
    """An explorer of one index and one array, with some parts replaced."""
    parts = {"indices": {"n": Numbers(0, 3)}, "arrays": {"image": pack(np.eye(3), "image")}} | parts
    return Explorer("Squares", "The squares of four numbers.", **parts)


@pytest.mark.parametrize(
    "parts",
    [
        {"controls": [Slider("m", "M")]},
        {"indices": {"n": Options(["a"], labels=[["A"], ["B"]], among="m")}},
        {"controls": [Slider("n", "N", when={"m": [1]})]},
        {"panels": [GRID | {"at": ["m"]}]},
        {"panels": [GRID | {"array": "photo"}]},
        {"panels": [GRID | {"among": [Look("photo", "n")]}]},
        {"panels": [GRID | {"pick": "output", "row": "m"}]},
        {"panels": [{"kind": "plot", "traces": [{"x": "image", "y": "photo"}]}]},
        {"panels": [{"kind": "plot", "traces": [{"x": "image", "y": "image", "at": ["m"]}]}]},
        {"sentence": Say("{n}", at=["m"])},
        {"sentence": Say("{square}", numbers={"square": Look("squares", "n")})},
        {"indices": {"n": Numbers(0, 3), "row": Places(Axis("photo", 0))}},
        {"indices": {"n": Numbers(0, 3), "row": Places(Look("image", "m"))}},
        {"slide": Slide()},
        {"controls": [Choice("n", "N", pictures="photos")]},
        {"panels": [GRID | {"edit": "m"}]},
        {"flat": {"step": ("row", "col")}},
        {"arrows": ("n", "m")},
    ],
    ids=str,
)
def test_a_name_that_is_not_declared_is_refused(parts):
    with pytest.raises(ValueError, match="must be declared"):
        declare(**parts)


def test_a_panel_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="panel 'photo' has the kind 'picture': must be one of"):
        declare(panels=[{"kind": "picture", "title": "photo"}])


def test_a_key_that_no_panel_of_the_kind_knows_is_refused():
    with pytest.raises(ValueError, match="has 'colour': must be one of"):
        declare(panels=[GRID | {"colour": "red"}])


def test_a_place_to_pick_needs_indices_to_choose():
    with pytest.raises(ValueError, match="marks a place"):
        declare(panels=[GRID | {"pick": "output"}])


def test_a_later_part_is_looked_at_as_the_first_one():
    explorer = declare()
    with pytest.raises(ValueError, match="must be declared"):
        explorer.update(controls=[Slider("m", "M")])
    explorer.update(indices={"m": Numbers(0, 1)}, controls=[Slider("m", "M")])
    assert explorer.state == {"n": 0, "m": 0}


@pytest.mark.parametrize(
    ("index", "refused", "kept"),
    [
        (Numbers(1, 4, 2), 5, 4),
        (Numbers(0, 1, 0.5, step=0.25), 0.3, 0.25),
        (Options(["a", "b"], "b"), 2, 0),
        (Places(3), 3, 2),
        (Free("x", check=lambda value: "" if value == "x" else "must be x"), 7, "x"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_an_index_says_which_values_it_has(index, refused, kept):
    explorer = Explorer("One", "One index.", indices={"one": index})
    with pytest.raises(ShapeError, match=f"one={refused}: must be"):
        explorer.state = {"one": refused}
    assert explorer.state["one"] == index.first()
    explorer.state = {"one": kept}
    assert explorer.state["one"] == kept


@pytest.mark.parametrize("value", ["1", None, True, [1]])
def test_a_number_is_a_number(value):
    with pytest.raises(TypeError, match="n=.*: must be a number from 0 to 3"):
        declare().state = {"n": value}


def test_an_index_that_starts_outside_of_its_range_is_refused():
    with pytest.raises(ShapeError, match="n=9: must be a number from 0 to 3"):
        declare(indices={"n": Numbers(0, 3, 9)})


def test_what_stands_beyond_a_new_range_goes_to_its_start():
    explorer = declare()
    explorer.state = {"n": 3}
    explorer.update(indices={"n": Numbers(0, 2, 1)})
    assert explorer.state == {"n": 1}


def test_options_give_what_they_stand_for():
    explorer = Explorer(
        "One", "One choice.", indices={"photo": Options(["cat", "dog"], "dog", labels=["a cat", "a dog"])}
    )
    assert (explorer.state, explorer.value("photo")) == ({"photo": 1}, "dog")


def test_nothing_can_be_chosen_where_that_is_declared():
    explorer = Explorer("One", "A question.", indices={"answer": Options(["A", "B"], none=True)})
    assert (explorer.state, explorer.value("answer")) == ({"answer": None}, None)


def test_a_declaration_is_plain_data():
    parts = [
        Numbers(np.int64(1), 4), Options([0.5, 1.0]), Places(Look("a", "n", 1)), Places("rows"), Free(None),
        Choice("n", "N", when={"n": (1, 2)}), Slide(), Say(["a", "b"], at=["n"], numbers={"x": Look("a", 0)}), Press("go", "Go"),
    ]  # fmt: skip
    sent = json.loads(json.dumps(plain(parts)))
    assert sent[0] == {"kind": "numbers", "low": 1, "high": 4, "step": 1, "python": False, "start": 1}
    assert sent[1]["labels"] == ["0.5", "1"]
    assert sent[2]["of"] == {"array": "a", "at": ["n", 1]}
    assert sent[5]["when"] == {"n": [1, 2]}


def test_every_kind_of_panel_can_be_drawn_alive_and_still():
    from lecture_lib.explore.join import SCRIPT
    from lecture_lib.explore.still import STILLS

    alive = (SCRIPT / "panels" / "index.js").read_text(encoding="utf-8").split("DRAW = {")[1]
    drawn = {line.split(":")[0].strip().strip('"') for line in alive.splitlines() if ":" in line}
    assert set(STILLS) == drawn == set(PANELS)


def test_of_a_list_of_arrays_the_first_place_of_a_look_chooses_one():
    explorer = declare(
        indices={"which": Numbers(0, 1), "at": Places(2)},
        arrays={"image": [pack(np.array([3, 4]), "index"), pack(np.array([5]), "index")]},
    )
    look = Look("image", "which", "at")
    assert Where(explorer).place(look) == 3
    explorer.state = {"which": 1, "at": 1}
    assert Where(explorer).place(look) == 5  # the last one
