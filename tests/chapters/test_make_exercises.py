"""The copies for students and instructors: from one source, the same every time, without and with solutions."""

import nbformat
import pytest

from lecture_lib.practice.check import check_function
from tests.chapters.found import CHAPTERS, EXERCISES
from tools import make_exercises
from tools.make_exercises import COPIES, exercise_of, for_instructors, for_students
from tools.notebooks import ROOT

NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
ASKING = {name: notebook for name, notebook in NOTEBOOKS.items() if name[3:] in CHAPTERS}
every_asking = pytest.mark.parametrize("name", ASKING)


def code(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@every_asking
def test_your_turn_asks_every_exercise_of_the_notebook_once_with_its_stub_and_hints(name):
    exercises = CHAPTERS[name[3:]].desk.exercises
    asked = [(exercise, cell.source) for cell in ASKING[name].cells if (exercise := exercise_of(cell))]
    assert [source for _, source in asked] == [f"{each.stub}\n\ncheck({each.name})" for each in exercises]
    assert [source for source in code(ASKING[name]) if source.startswith("hints(")] == [
        f'hints("{each.name}")' for each in exercises
    ]
    assert "progress()" in code(ASKING[name])


@every_asking
def test_in_the_notebook_nothing_is_solved(name):
    for cell in ASKING[name].cells:
        if exercise_of(cell):
            (output,) = cell.outputs
            assert "is not written yet" in output.data["text/plain"]


@every_asking
def test_the_students_copy_has_no_solution_in_any_cell(name):
    copy = for_students(ASKING[name])
    for exercise in CHAPTERS[name[3:]].desk.exercises:
        assert f'hints("{exercise.name}", solution=False)' in code(copy)
        assert exercise.source not in nbformat.writes(copy).encode().decode("unicode_escape", errors="ignore")
        shown = CHAPTERS[name[3:]].hints(exercise.name, solution=False)
        assert exercise.source.splitlines()[-1].strip() not in shown._repr_html_()


@every_asking
def test_the_instructors_copy_solves_every_exercise_and_says_what_goes_wrong(name):
    copy = for_instructors(ASKING[name])
    sources = {exercise_of(cell).name: cell.source for cell in copy.cells if exercise_of(cell)}
    for exercise in CHAPTERS[name[3:]].desk.exercises:
        names = {"np": __import__("numpy")}
        exec(sources[exercise.name].partition("\n\ncheck(")[0], names)  # noqa: S102  it is our own
        assert check_function(EXERCISES[exercise.name], names[exercise.name]).solved
        below = "\n".join(cell.source for cell in copy.cells if cell.cell_type == "markdown")
        assert all(mistake.words in below for mistake in exercise.mistakes)


@pytest.mark.parametrize("make", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_copy_is_a_valid_notebook_without_outputs_and_the_same_every_time(name, make):
    before = nbformat.writes(NOTEBOOKS[name])
    copy = make(NOTEBOOKS[name])
    nbformat.validate(copy)
    assert nbformat.writes(copy) == nbformat.writes(make(NOTEBOOKS[name]))
    assert nbformat.writes(NOTEBOOKS[name]) == before
    assert not any(cell.get("outputs") for cell in copy.cells)
    ids = [cell.id for cell in copy.cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("make", COPIES.values(), ids=COPIES)
def test_a_copy_keeps_what_is_folded_and_leaves_out_what_is_for_maintainers(make):
    fold, check = (
        nbformat.v4.new_code_cell(source, metadata={"tags": [tag]})
        for source, tag in (("# Draw\nx = 1", "fold"), ("assert x == 1", "check"))
    )
    assert code(make(nbformat.v4.new_notebook(cells=[fold, check]))) == [fold.source]


def test_making_them_again_writes_the_same_files(tmp_path, capsys):
    made = []
    for _ in range(2):
        make_exercises.main(tmp_path)
        made.append({path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()})
    assert made[0] == made[1]
    for folder in ("student/notebooks", "instructor"):
        assert {path.stem for path in made[0] if path.match(f"{folder}/*.ipynb")} == set(NOTEBOOKS)
