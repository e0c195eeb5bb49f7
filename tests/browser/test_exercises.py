""" "Your turn" and a quiz in a real JupyterLab: a wrong answer, a right one, hints by keyboard, progress that stays."""

import nbformat
import pytest

from tests.chapters.found import EXERCISES
from tools.browser import change_theme, run_all
from tools.run_notebooks import METADATA

CELLS = (
    "from lecture_lib.chapters import convolution\nfrom lecture_lib.chapters.convolution import check, hints, progress\nfrom lecture_lib.practice import ask",
    EXERCISES["output_size"].stub + "\n\ncheck(output_size)",
    'hints("output_size")',
    "progress()",
    "ask(convolution.SIZE_WITH_A_REST)",
)
ANSWER, HINTS, PROGRESS, QUIZ = range(1, 5)


@pytest.fixture
def turn(lab, page):
    """A notebook with one exercise and one quiz, run with nothing solved."""
    (lab.folder / "turn").mkdir(exist_ok=True)  # a folder of its own, which keeps its own progress
    (lab.folder / "turn" / "my_progress.json").unlink(missing_ok=True)
    name = f"turn/{len(list(lab.folder.glob('turn/*.ipynb')))}.ipynb"
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), lab.folder / name)
    lab.open(page, name)
    run_all(page)
    page.get_by_role("radio").first.wait_for()
    yield page
    assert page.problems == []


def outputs(page, index):
    return page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}'] .jp-OutputArea")


def run_cell(page, index):
    page.evaluate(
        """(index) => {
            window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
            return window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        index,
    )


def write(page, code):
    """Type a function into the exercise's cell, as a student does, and run it; returns what the check says."""
    run_cell(page, ANSWER)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(f"{code}\n\ncheck(output_size)")
    page.keyboard.press("Control+Enter")
    return outputs(page, ANSWER).get_by_role("status")


def test_a_wrong_answer_is_explained_a_right_one_is_praised_and_counted_even_after_a_restart(turn):
    page = turn
    assert "not written yet" in outputs(page, ANSWER).get_by_role("status").inner_text()
    assert "Solved: 0 of 6." in outputs(page, PROGRESS).inner_text()

    wrong = write(page, "def output_size(n, f, s, p): return (n + 2 * p - f) / s + 1")
    wrong.get_by_text("Likely: the floor is forgotten").wait_for()
    assert "Tried: n = 7; f = 3; s = 3; p = 0" in wrong.inner_text()

    right = write(page, "def output_size(n, f, s, p): return (n + 2 * p - f) // s + 1")
    right.get_by_text(f"output_size is right in all {len(EXERCISES['output_size'].cases)} cases.").wait_for()
    run_cell(page, PROGRESS)
    outputs(page, PROGRESS).get_by_text("Solved: 1 of 6. ✓ output_size ○ choose_stride_and_padding").wait_for()
    assert outputs(page, PROGRESS).get_by_role("progressbar", name="exercises solved").get_attribute("value") == "1"

    write(page, EXERCISES["output_size"].stub).get_by_text("not written yet").wait_for()
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    run_all(page)
    outputs(page, PROGRESS).get_by_text("Solved: 1 of 6. ✓ output_size").wait_for()


@pytest.mark.slow
def test_hints_open_one_after_another_by_keyboard(turn):
    page = turn
    folds = outputs(page, HINTS).locator("details")
    steps = len(EXERCISES["output_size"].hints) + 1
    assert folds.count() == steps
    assert not any(fold.evaluate("fold => fold.open") for fold in folds.all())
    outputs(page, HINTS).locator("summary").first.focus()
    for opened in range(1, steps + 1):
        assert not folds.nth(opened - 1).evaluate("fold => fold.open")
        page.keyboard.press("Enter")
        assert [fold.evaluate("fold => fold.open") for fold in folds.all()] == [True] * opened + [False] * (
            steps - opened
        )
        assert outputs(page, HINTS).locator("summary:visible").count() == min(opened + 1, steps)
        page.keyboard.press("Tab")
    assert outputs(page, HINTS).locator("pre").is_visible()


@pytest.mark.slow
def test_words_of_a_check_and_of_hints_stand_out_in_both_themes(turn):
    page = turn
    outputs(page, HINTS).locator("summary").first.click()
    for dark in (True, False):
        change_theme(page, dark)
        for part in (outputs(page, ANSWER).get_by_role("status"), outputs(page, HINTS).locator("p").first):
            assert part.evaluate(CONTRAST) >= 4.5


CONTRAST = """(element) => {
    const behind = (node) => getComputedStyle(node).backgroundColor === 'rgba(0, 0, 0, 0)' ? behind(node.parentElement)
        : getComputedStyle(node).backgroundColor;
    const light = (colour) => {
        const [red, green, blue] = colour.match(/[\\d.]+/g).map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const [dark, bright] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
}"""


def test_a_quiz_is_answered_by_keyboard(turn):
    page = turn
    quiz = outputs(page, QUIZ)
    radios = quiz.get_by_role("radio")
    radios.first.scroll_into_view_if_needed()
    radios.first.focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert radios.nth(3).is_checked()
    quiz.get_by_text("Right. ⌊(10 − 3)/2⌋ + 1 = 4.").wait_for()
    page.keyboard.press("ArrowUp")
    quiz.get_by_text("Not quite. There is no half place.").wait_for()
