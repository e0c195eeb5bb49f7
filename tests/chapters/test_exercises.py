"""Every exercise: its solution passes its own check, wrong answers are rejected in the right words, right ones pass."""

import ast
import copy
import importlib
import inspect
import json
import re
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lecture_lib.practice import sandbox
from lecture_lib.practice.attempt import WRONG
from lecture_lib.practice.check import check_function
from lecture_lib.practice.results import close, same
from tests.chapters.found import CHAPTERS, EXERCISES, HOME, written
from tools.notebooks import ROOT

TRIED = {
    f"{folder.parent.name}.{path.stem}": importlib.import_module(
        f"tests.chapters.{folder.parent.name}.exercises.{path.stem}"
    )
    for folder in sorted(Path(__file__).parent.glob("*/exercises"))
    for path in sorted(folder.glob("*.py"))
}
"""Chapter and exercise → wrong and right answers to it."""
every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    """Nothing is remembered in the project, and what never ends is stopped soon."""
    monkeypatch.setenv("LECTURE_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(sandbox, "PATIENCE", 0.5)


@cache
def verdict_on(name, function):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return check_function(EXERCISES[name], function, seconds=2.0)


def test_every_notebook_has_three_to_six_exercises_and_each_has_mutants():
    assert all(3 <= len(chapter.desk.exercises) <= 6 for chapter in CHAPTERS.values())
    assert set(TRIED) == {f"{chapter}.{name}" for name, chapter in HOME.items()}


def test_no_two_notebooks_ask_for_a_function_of_the_same_name():
    """All of them are remembered in one file."""
    assert len(EXERCISES) == sum(len(chapter.desk.exercises) for chapter in CHAPTERS.values())


@every_exercise
def test_the_solution_passes_its_own_check(exercise):
    assert CHAPTERS[HOME[exercise.name]].check(exercise.solution).solved


@every_exercise
def test_the_source_shown_as_the_solution_runs_and_passes(exercise):
    names = {"np": __import__("numpy")}
    exec(exercise.source, names)  # noqa: S102  it is our own
    assert verdict_on(exercise.name, names[exercise.name]).solved


@every_exercise
def test_nothing_stands_in_the_stub_yet(exercise):
    assert CHAPTERS[HOME[exercise.name]].check(written(exercise.stub)[exercise.name]).kind == "open"


@every_exercise
def test_there_are_ten_wrong_answers_and_five_right_ones_at_least(exercise):
    tried = TRIED[f"{HOME[exercise.name]}.{exercise.name}"]
    assert len({function for function, _ in tried.WRONG}) >= 10
    assert len(set(tried.RIGHT)) >= 5


@every_exercise
def test_two_thirds_of_the_wrong_answers_hear_what_their_mistake_is(exercise):
    answers = TRIED[f"{HOME[exercise.name]}.{exercise.name}"].WRONG
    verdicts = [verdict_on(exercise.name, function) for function, _ in answers]
    named = [each for each in verdicts if "Likely: " in each or WRONG not in each.splitlines()[0]]
    assert len(named) >= 2 / 3 * len(verdicts), [each for each in verdicts if each not in named]


@every_exercise
def test_praise_says_what_was_understood(exercise):
    assert exercise.understood.startswith("Your function ") and exercise.understood.endswith(".")


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_task_shows_one_call_and_its_result_and_the_solution_gives_it(name):
    """In the words "For example `pad(np.array([[5]]), 1)` gives `[[0, 0, 0], [0, 5, 0], [0, 0, 0]]`."."""
    [path] = ROOT.glob(f"notebooks/*_{name}.ipynb")
    cells = ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    for exercise in CHAPTERS[name].desk.exercises:
        [task] = [cell for cell in cells if re.match(rf"\*\*\d\. `{exercise.name}`\*\*", cell)]
        assert exercise.task in task
        shown = re.findall(rf"For example `({exercise.name}\(.*?\))` gives `(.*?)`\.", task)
        assert len(shown) == 1, task
        for call, result in shown:
            gives = eval(call, {"np": np, exercise.name: exercise.solution})  # noqa: S307  it is our own
            digits = max(map(len, re.findall(r"\.(\d+)", result)), default=0)
            assert np.shape(gives) == np.shape(ast.literal_eval(result)), call
            assert np.abs(np.subtract(gives, ast.literal_eval(result))).max() <= 0.5001 * 10.0**-digits * (
                digits > 0
            ), call


@pytest.mark.parametrize(
    ("name", "function", "words"),
    [(name.partition(".")[2], *wrong) for name, tried in TRIED.items() for wrong in tried.WRONG],
    ids=lambda value: (
        getattr(value, "__name__", None) or (value if isinstance(value, str) and " " not in value else "")
    ),
)
def test_a_wrong_answer_is_rejected_in_the_words_meant_for_it(name, function, words):
    verdict = verdict_on(name, function)
    assert verdict.kind == "wrong"
    assert words in verdict
    assert sum(1 + len(line) // 100 for line in verdict.splitlines()) <= 20  # a screen


@pytest.mark.parametrize(
    ("name", "function"),
    [(name.partition(".")[2], function) for name, tried in TRIED.items() for function in tried.RIGHT],
)
def test_a_right_answer_written_differently_is_accepted(name, function):
    verdict = verdict_on(name, function)
    assert verdict.solved, verdict


@every_exercise
def test_every_named_mistake_is_recognised_and_none_hides_another(exercise):
    for mistake in exercise.mistakes:
        verdict = verdict_on(exercise.name, mistake.wrong)
        assert verdict.kind == "wrong"
        assert f"Likely: {mistake.words}" in verdict


@every_exercise
def test_a_check_leaves_the_cases_as_they_were(exercise):
    before = copy.deepcopy(exercise.cases)
    CHAPTERS[HOME[exercise.name]].check(exercise.solution)
    for now, was in zip(exercise.cases, before, strict=True):
        assert all(same(a, b) for a, b in zip(now, was, strict=True))


@every_exercise
def test_hints_go_from_a_nudge_to_the_solution_and_stay_folded(exercise):
    hints = CHAPTERS[HOME[exercise.name]].hints
    page = hints(exercise.name)._repr_html_()
    assert page.count("<details>") == len(exercise.hints) + 1
    assert " open" not in "".join(part.partition(">")[0] for part in page.split("<details")[1:])
    assert page.index("Hint 1") < page.index("Solution") < page.index(f"def {exercise.name}")
    assert exercise.name not in repr(hints(exercise.name))
    assert len(exercise.hints) >= 2


@every_exercise
def test_the_library_gives_what_the_solution_gives(exercise):
    if exercise.library is not None:
        for case in (*exercise.cases, exercise.large or exercise.cases[-1]):
            ours, solution = (each(*copy.deepcopy(case)) for each in (exercise.library, exercise.solution))
            assert close(ours, solution, 1e-9)


@every_exercise
def test_the_task_says_what_to_write(exercise):
    assert len(exercise.task.split()) >= 8
    assert exercise.task.endswith(".")
    assert len(inspect.signature(exercise.solution).parameters) == len(exercise.cases[0])


@every_exercise
def test_fractions_cut_off_are_rejected_and_named_wherever_an_array_of_them_is_wanted(exercise):
    wanted = exercise.solution(*copy.deepcopy(exercise.cases[-1]))
    if not isinstance(wanted, np.ndarray) or wanted.dtype.kind != "f":
        return
    verdict = verdict_on(exercise.name, lambda *case: exercise.solution(*case).astype(int))
    assert verdict.kind == "wrong"
    assert "they were cut off" in verdict


def _first_pair(n, f, m, end):
    """The first stride below ``end`` that fits, with its padding."""
    return next(((s, p) for p in range(f) for s in range(1, end) if (n + 2 * p - f) // s + 1 == m), None)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("output_size", lambda n, f, s, p: (n - f) // s + 1 + 2 * p // s),
        ("softplus", lambda x: np.where(x > 5, x, np.maximum(x, 0) + np.log1p(np.exp(-abs(x))))),
        ("pool_size", lambda n, f, s: n // s if f <= s else (n - f) // s + 1),
        ("top_classes", lambda p, k: np.argpartition(-p, k - 1)[:k]),
        ("softmax", lambda z: np.exp(z - z.min()) / np.exp(z - z.min()).sum()),
        ("output_size", lambda n, f, s, p: (n + 2 * p - f) // s + 1.001),
        ("output_size", lambda n, f, s, p: (n + 2 * p - 2 * (f // 2) - 1) // s + 1),
        ("output_size", lambda n, f, s, p: (n + (2 * p if f % 2 else p) - f) // s + 1),
        ("output_size", lambda n, f, s, p: min(n, (n + 2 * p - f) // s + 1)),
        ("dense_parameters", lambda side, channels, units: side * side * (3 if channels == 3 else 1) * units + units),
        ("choose_stride_and_padding", lambda n, f, m: _first_pair(n, f, m, n)),
        (
            "choose_stride_and_padding",
            lambda n, f, m: (max(1, round(n / m)), -min(0, n - f - max(1, round(n / m)) * (m - 1)) // 2),
        ),
        ("correlate", lambda x, k: np.clip(EXERCISES["correlate"].solution(x, k), -255, 255)),
        (
            "receptive_field",
            lambda f, s: 1 + sum((a - 1) * int(np.prod(s[max(0, i - 2) : i])) for i, a in enumerate(f)),
        ),
        ("leaky_relu", lambda x, alpha: np.where(x >= 1, x, alpha * x)),
        ("softplus", lambda x: np.where(x > 9, x, np.log(1 + np.exp(np.minimum(x, 9))))),
        ("softplus", lambda x: np.nan_to_num(np.log(1 + np.exp(x)), posinf=1000)),
        ("dead_units", lambda sums: (sums < 1).all(axis=0).mean()),
        ("max_pool", lambda x, f, s: np.maximum(EXERCISES["max_pool"].solution(x, f, s), -9999)),
        ("group_pool", lambda maps: np.maximum(EXERCISES["group_pool"].solution(maps), -9999)),
        ("changed_share", lambda x, f, by: EXERCISES["changed_share"].solution(x.astype(int), f, by)),
        ("shift_ring", lambda x, dy, dx: np.roll(x, (dy % x.shape[-2], dx % x.shape[-2]), (-2, -1))),
        (
            "repair_network",
            lambda shape, plan, units: EXERCISES["repair_network"].solution(
                shape, [(k, f, s, p if k else 0) for k, f, s, p in plan], units
            ),
        ),
        (
            "repair_network",
            lambda shape, plan, units: EXERCISES["repair_network"].solution(
                shape, [(k, f, s, p) if k else (0, 2, 2, 0) for k, f, s, p in plan], units
            ),
        ),
        ("confusion", lambda t, n, c: np.bincount(c * t + n, minlength=c * c).reshape(c, c)),
    ],
)
def test_what_is_nearly_right_is_wrong(name, wrong):
    assert verdict_on(name, wrong).kind == "wrong"
