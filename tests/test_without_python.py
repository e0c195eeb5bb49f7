"""What lives of the old explorers without Python; goes with the last of them."""

import numpy as np

from lecture_lib import widgets
from lecture_lib.widgets import Explorer, View
from lecture_lib.widgets.view import control_row, pack, slider
from lecture_lib.widgets.without_python import prepare


def small_explorer(answer):
    """Two sliders, linked, of which Python hears the first one and does ``answer(explorer, change)``."""
    first, second, other = slider("First", 0, 0, 3), slider("Second", 0, 0, 3), slider("Other", 0, 0, 3)
    view = View(arrays={"output": pack(np.eye(4), "map")}, panels=[{"kind": "grid", "array": "output"}])
    explorer = Explorer(view, [control_row(first, second, other)], "A picture.", lambda: None)
    explorer.link(first, "kernel")
    explorer.link(second, "item")
    explorer.other = other
    explorer.heard = []
    other.observe(explorer.heard.append, "value")
    first.observe(lambda change: answer(explorer, change), "value")
    return explorer


def test_a_control_whose_answer_changes_the_picture_is_dead():
    explorer = small_explorer(lambda explorer, change: setattr(explorer.view, "texts", [str(change.new)]))
    life = prepare(explorer)
    assert life.alive == ("Second",) and life.dead == ("First", "Other")
    row = explorer.children[0]
    assert [each.disabled for each in row.children] == [True, False, True]


def test_a_control_whose_answer_only_brings_dead_ones_up_to_date_lives_and_those_are_hidden():
    explorer = small_explorer(lambda explorer, change: setattr(explorer.other, "value", change.new))
    life = prepare(explorer)
    assert life.alive == ("First", "Second") and life.dead == ()
    assert explorer.other.layout.display == "none" and explorer.other.disabled


def test_what_is_tried_out_leaves_no_trace():
    for make in widgets.layer_editor:
        explorer = make()
        before = explorer.view.get_state()
        prepare(explorer)
        after = explorer.view.get_state()
        assert {name for name in before if before[name] != after[name]} <= {"extra"}, make.__name__
