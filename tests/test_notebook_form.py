"""The form of a notebook: each cell has one reader, each section says how long it takes and asks before it shows."""

import ast
import re

import nbformat
import pytest

from tools import minutes
from tools.form import COLLAPSED, is_one_call, parts, reader, title_of
from tools.notebooks import ROOT

NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
LESSONS = [name for name in NOTEBOOKS if name[0].isdigit()]
"""The notebooks to study. ``lecture`` is shown as slides and not read: what holds for its slides is in test_lecture_deck."""
every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)
every_lesson = pytest.mark.parametrize("name", LESSONS)

LINES_OF_A_CELL, LINES_OF_A_NOTEBOOK = 14, 150
WORDS_BEFORE_THE_FIRST_PICTURE = 60
LIBRARY = {
    "activations", "capsule_net", "data", "experiments", "filters", "groups", "layers", "models", "moving", "ops", "probes",
    "shapes", "training", "transforms",
}  # fmt: skip


def cells(name, *kinds):
    return [cell for cell in NOTEBOOKS[name].cells if reader(cell) in kinds]


def calls(tree):
    """Every function that is called, as it is written."""
    return [ast.unparse(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call)]


# ---------------------------------------------------------------- what can be seen of the code


@every_notebook
def test_code_to_read_is_short(name):
    lengths = {cell.source: len(cell.source.splitlines()) for cell in cells(name, "read")}
    assert [source for source, lines in lengths.items() if lines > LINES_OF_A_CELL] == []
    assert sum(lengths.values()) <= LINES_OF_A_NOTEBOOK


def compares(condition):
    """Whether a condition says that two things are equal, or several such."""
    if isinstance(condition, ast.BoolOp):
        return all(map(compares, condition.values))
    if isinstance(condition, ast.Compare):
        return all(isinstance(each, ast.Eq) for each in condition.ops)
    return isinstance(condition, ast.Call) and ast.unparse(condition.func) in ("np.allclose", "np.array_equal")


def strange_asserts(source):
    """Assertions that do not say "the loop equals the library"."""
    tree = ast.parse(source)
    found = [each for each in ast.walk(tree) if isinstance(each, ast.Assert)]
    if any(call.split(".")[0] in LIBRARY for call in calls(tree)):
        found = [each for each in found if not compares(each.test)]
    return [ast.unparse(each) for each in found]


@pytest.mark.parametrize(
    ("source", "strange"),
    [
        ("assert np.allclose(ops.conv2d(x, w), by_hand)", False),
        ("found = layers.ReLU().forward(x)\nassert found.tolist() == by_hand", False),
        ("assert np.array_equal(by_hand, other)", True),
        ("assert filters.correlate(x, w).max() < 3", True),
        ("assert np.allclose(ops.f(x), y) and accuracy > 0.9", True),
    ],
)
def test_an_assertion_that_compares_with_the_library_is_told_from_others(source, strange):
    assert bool(strange_asserts(source)) is strange


@every_notebook
def test_an_assertion_in_code_to_read_says_that_the_loop_equals_the_library(name):
    assert [each for cell in cells(name, "read") for each in strange_asserts(cell.source)] == []


@every_notebook
def test_no_words_for_a_picture_stand_in_a_notebooks_code(name):
    for cell in cells(name, "read", "fold"):
        for call in ast.walk(ast.parse(cell.source)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) != "print":
                given = [*call.args, *(each.value for each in call.keywords)]
                texts = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
                assert [text for text in texts if len(text.split()) >= 7] == []
                assert "alt" not in {each.arg for each in call.keywords}


# ---------------------------------------------------------------- folds and checks


@every_notebook
def test_a_fold_that_is_more_than_one_call_begins_with_its_title(name):
    for cell in cells(name, "fold"):
        assert is_one_call(cell.source) or len(title_of(cell.source).split()) >= 2, cell.source


@every_notebook
def test_what_is_not_to_be_read_is_hidden_and_nothing_else(name):
    for cell in NOTEBOOKS[name].cells:
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert hidden is (reader(cell) in ("fold", "check")), cell.source


@every_notebook
def test_no_slide_is_a_fold_that_shows_nothing(name):
    for cell in cells(name, "fold"):
        assert cell.outputs or cell.metadata.get("slideshow", {}).get("slide_type", "skip") == "skip", cell.source


@every_notebook
def test_a_check_shows_nothing_and_asserts(name):
    for cell in cells(name, "check"):
        assert cell.outputs == [] and "assert" in cell.source, cell.source
        assert cell.metadata.slideshow.slide_type == "skip"


@every_notebook
def test_a_section_has_one_check_at_most(name):
    for part in parts(NOTEBOOKS[name]):
        assert sum(reader(cell) == "check" for cell in part.cells) <= 1, part.title


# ---------------------------------------------------------------- headings, minutes, questions


@every_lesson
def test_headings_go_down_step_by_step_from_one_title(name):
    texts = [re.sub(r"^```.*?^```", "", cell.source, flags=re.M | re.S) for cell in cells(name, "text")]
    levels = [len(each) for text in texts for each in re.findall(r"^(#+) ", text, re.M)]
    assert levels[0] == 1 and levels.count(1) == 1 and max(levels) <= 3
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert not any(re.search(r"\n#+ ", text) for text in texts), "a heading is the first line of its cell"


@every_notebook
def test_deeper_parts_are_collapsed_and_on_no_slide(name):
    for part in parts(NOTEBOOKS[name]):
        assert not part.deeper or all(cell.metadata.slideshow.slide_type == "skip" for cell in part.cells), part.title
    for cell in NOTEBOOKS[name].cells:
        assert cell.metadata.get(COLLAPSED, False) is cell.source.startswith("### Deeper:"), cell.source


@every_lesson
def test_each_title_and_section_says_the_minutes_that_the_rule_gives(name):
    for part, long in minutes.stated(NOTEBOOKS[name]):
        line = part.cells[0].source.split("\n")[1]
        assert re.match(rf"\*{long} minutes?\.\*", line), f"{part.title}: {line}; python -m tools.minutes --write"


def test_the_plan_says_the_minutes_of_every_notebook():
    lengths = {name: minutes.total(NOTEBOOKS[name]) for name in LESSONS}
    plan = nbformat.from_dict(NOTEBOOKS["00_start_here"])
    before = [cell.source for cell in plan.cells]
    minutes.write_plan(plan, lengths)
    assert [cell.source for cell in plan.cells] == before, "python -m tools.minutes --write"
    assert all(f"]({name}.ipynb)" in "".join(before) for name in lengths if name != "00_start_here")


@every_lesson
def test_the_core_path_takes_at_most_45_minutes(name):
    assert minutes.total(NOTEBOOKS[name]).core <= 60 * minutes.CORE_MINUTES


@every_notebook
def test_a_question_to_predict_takes_an_answer(name):
    for cell in NOTEBOOKS[name].cells:
        if cell.cell_type == "code":
            assert is_one_call(cell.source) or not re.search(r"^guess\(", cell.source, re.M), cell.source
        else:
            assert "**Predict.**" not in cell.source, "the question stands in the guess"


@every_notebook
def test_the_text_says_what_is_right_and_the_errata_what_the_lecture_has(name):
    for cell in cells(name, "text", "read", "fold"):
        assert not re.search(r"\b(a|two|three) slips?\b|slide_result", cell.source, re.I), cell.source


@every_lesson
def test_the_first_screen_has_a_picture_and_no_code(name):
    before = 0
    for cell in NOTEBOOKS[name].cells:
        assert reader(cell) in ("text", "fold"), cell.source
        shown = [*cell.get("outputs", []), *re.findall(r"!\[|<img ", cell.source if cell.cell_type != "code" else "")]
        if any(isinstance(each, str) or "image/png" in each.get("data", {}) for each in shown):
            break
        before += minutes.words(cell.source) if cell.cell_type == "markdown" else 0
    assert before <= WORDS_BEFORE_THE_FIRST_PICTURE
