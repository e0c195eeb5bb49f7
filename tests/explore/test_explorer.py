"""Explorers in Python: the state, what Python answers, what lives without it, what is closed."""

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances as all_widgets

from lecture_lib.explore import Explorer, File, Free, Numbers, Options, Places, Press, Slider, pack, unpack
from lecture_lib.shapes import ShapeError


def squares(answer=None, **parts):
    """An explorer that squares a number in Python, and has a number of its own for the browser."""
    return Explorer(
        "Squares", "A number and its square.",
        indices={"n": Numbers(0, 9, 2, python=True), "m": Numbers(0, 9), "colour": Options(["red", "blue"], python="also")},
        controls=[Slider("n", "N"), Slider("m", "M"), Press("again", "Again"), File("picture", "Your picture")],
        arrays={"square": pack(np.array([[4.0]]), "map")},
        panels=[{"kind": "grid", "array": "square", "title": "square"}],
        sentence="A square.", answer=answer, **parts,
    )  # fmt: skip


def page_says(explorer, **state):
    """What the browser does when a hand has moved."""
    explorer.set_state({"_state": explorer.state | state, "told": explorer.told + 1})


def test_setting_the_state_stands_the_explorer_there():
    explorer = squares()
    explorer.state = {"n": 3, "m": np.int64(4)}
    assert explorer.state == {"n": 3, "m": 4, "colour": 0}
    with pytest.raises(ValueError, match="state has 'k': must be declared, one of colour, m, n"):
        explorer.state = {"k": 1}


@pytest.mark.parametrize(
    "move", [lambda each: setattr(each, "state", {"n": 3, "m": 1}), lambda each: page_says(each, n=3, m=1)]
)
def test_python_answers_for_the_indices_that_ask_it_and_no_others(move):
    heard = []
    explorer = squares(lambda each, names: heard.append((names, each.state["n"], each.state["m"])))
    move(explorer)
    assert heard == [({"n"}, 3, 1)]


def test_python_hears_of_an_index_that_also_lives_by_itself():
    heard = []
    page_says(squares(lambda each, names: heard.append(names)), colour=1)
    assert heard == [{"colour"}]


def test_an_answer_is_asked_once_though_it_moves_indices_itself():
    heard = []

    def answer(explorer, names):
        heard.append(names)
        explorer.update(state={"colour": 1})
        explorer.state = {"n": 9}

    explorer = squares(answer)
    page_says(explorer, n=3)
    assert heard == [{"n"}]
    assert explorer.state["n"] == 9


def test_what_python_changes_says_which_message_of_the_page_it_knows():
    explorer = squares(lambda each, names: each.update(state={"m": 5}))
    page_says(explorer, n=3)
    assert (explorer.told, explorer.heard) == (1, 1)


def test_a_hand_that_is_back_where_python_has_it_is_heard_too():
    explorer = squares(lambda each, names: pytest.fail("nothing has changed"))
    page_says(explorer)
    assert (explorer.told, explorer.heard) == (1, 1)


@pytest.mark.parametrize(
    "wrong", [{"n": 99}, {"n": "3"}, {"n": None}, {"colour": 7}, {"nothing": 1}, {"n": [1] * 1000}]
)
def test_what_a_page_says_is_taken_only_as_far_as_it_is_possible(wrong):
    explorer = squares(lambda each, names: pytest.fail("nothing has changed"))
    before = explorer.state
    page_says(explorer, **wrong)
    assert explorer.state == before
    explorer.set_state({"_state": {}})
    assert explorer.state == before


@pytest.mark.parametrize(
    "error", [ValueError("n: must be even"), TypeError("n: must be even"), OSError("n: must be even")]
)
def test_what_cannot_be_done_is_said_and_changes_nothing(error):
    def answer(explorer, names):
        raise error

    explorer = squares(answer)
    explorer.state = {"n": 3}
    assert explorer.problem == "n: must be even."
    assert explorer.array("square").tolist() == [[4]]


def test_an_answer_that_breaks_is_an_error_and_the_next_one_is_asked():
    def answer(explorer, names):
        raise ZeroDivisionError

    explorer = squares(answer)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            explorer.press("again")


def test_buttons_and_pictures_come_as_messages():
    heard = []
    explorer = squares(lambda each, names: heard.append((names, each.picture)))
    explorer._handle_custom_msg({"press": "again"}, [])
    explorer._handle_custom_msg({"picture": "cat.png"}, [memoryview(b"PNG")])
    assert heard == [({"again"}, None), ({"picture"}, b"PNG")]
    with pytest.raises(ValueError, match="name='other': must be a button, one of again"):
        explorer.press("other")


@pytest.mark.parametrize(
    "content", [None, [], "press", {"press": "other"}, {"press": ["again"]}, {"picture": "x"}, {"press": None}]
)
def test_other_messages_are_nothing(content):
    explorer = squares(lambda each, names: pytest.fail("nobody has asked"))
    explorer._handle_custom_msg(content, [])


def test_what_lives_without_python_follows_from_the_declaration():
    explorer = squares()
    assert (explorer.lives, explorer.needs_python, explorer.moves) == (("M",), ("N", "Again", "Your picture"), True)
    dead = Explorer("Dead", "Nothing moves.", indices={"n": Numbers(0, 1, python=True)}, controls=[Slider("n", "N")])
    assert not dead.moves
    places = Explorer("Places", "A place moves.", indices={"row": Places(3)})
    assert places.moves


def test_extra_arrays_go_before_others_until_there_are_new_ones():
    explorer = squares()
    explorer.update(arrays={"square": [pack(np.zeros((1, 1)), "map"), pack(np.ones((1, 1)), "map")]})
    explorer.update(extra={"square:1": pack(np.full((1, 1), 7), "map")})
    assert [each.item() for each in explorer.array("square")] == [0, 7]
    explorer.update(arrays={"square": pack(np.zeros((1, 1)), "map")})
    assert explorer.array("square").tolist() == [[0]]


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float32, np.float64, np.int64, bool])
def test_arrays_come_back_as_they_were_packed(dtype):
    values = np.arange(6).reshape(2, 3).astype(dtype)
    assert np.array_equal(unpack(pack(values, "index")), values)


def test_large_whole_numbers_are_packed_exactly():
    assert unpack(pack(np.array([2**24 + 1]), "index")).tolist() == [2**24 + 1]
    assert unpack(pack(np.array([[45_999_954.0, 1.0]]), "map")).tolist() == [[45_999_954, 1]]
    assert pack(np.array([[0.5]]), "map")["dtype"] == "float32"


def test_an_explorer_shows_a_picture_with_its_text_where_no_widget_can_run():
    data, metadata = squares()._repr_mimebundle_()
    assert data["image/png"][1:4] == b"PNG"
    assert metadata["image/png"]["alt"] == data["text/plain"] == "A number and its square."


def test_a_setting_without_a_picture_says_so():
    def still():
        raise ShapeError("F=9: must be at most 7")

    data, _ = squares(still=still)._repr_mimebundle_()
    assert data["image/png"][1:4] == b"PNG"


def test_a_closed_explorer_leaves_no_widget():
    before = set(all_widgets)
    explorer = squares()
    explorer.close()
    assert set(all_widgets) == before


def test_a_free_value_is_looked_at_where_it_comes_in():
    explorer = Explorer(
        "Text",
        "A text.",
        indices={"text": Free("a", check=lambda each: "" if isinstance(each, str) else "must be a text")},
    )
    page_says(explorer, text=["no", "text"])
    assert explorer.state == {"text": "a"}


def test_other_indices_can_come_under_the_arrow_keys_if_they_are_declared():
    explorer = squares(arrows=(None, "n"))
    explorer.update(arrows=(None, "m"))
    assert explorer.arrows == [None, "m"]
    with pytest.raises(ValueError, match="arrows uses the index 'k'"):
        explorer.update(arrows=("k", None))
    assert explorer.arrows == [None, "m"]


def test_of_a_list_of_arrays_each_has_its_own_scale():
    explorer = squares()
    explorer.update(arrays={"square": [[pack(np.array([[at]]), "map")] for at in (1, 5)]})
    assert [explorer.scale("square", at) for at in ((), (1,), (1, 0), (7,))] == [
        ("map", (-edge, edge)) for edge in (1, 5, 5, 5)
    ]


def test_a_label_that_several_controls_share_is_named_once():
    explorer = squares()
    explorer.update(controls=[Slider("m", "M", when={"n": [1]}), Slider("colour", "M"), Slider("n", "N")])
    assert (explorer.lives, explorer.needs_python) == (("M",), ("N",))
