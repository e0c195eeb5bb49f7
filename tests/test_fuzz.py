"""A small share of the hostile input of ``make fuzz``: only documented errors, in bounded time and memory."""

import contextlib
import pickle
from pathlib import Path

import numpy as np
import pytest

from lecture_lib import explore, models, storage
from lecture_lib.chapters import convolution
from lecture_lib.practice import progress
from tests.fuzz import __main__ as fuzzer
from tests.fuzz.cases import Case, failure, limits, try_cases
from tests.fuzz.doors import calls
from tests.fuzz.files import RAN, Armed, place
from tests.fuzz.hostile import HTML

CASES = {"pictures": 300, "weights": 150, "kernels": 300, "doors": 300, "functions": 150}


@pytest.mark.slow
@pytest.mark.parametrize("target", CASES)
def test_hostile_input_meets_documented_errors_only(target):
    failed = [each for each in try_cases(fuzzer.TARGETS[target], CASES[target], seed=0) if each]
    assert failed == []


def test_the_doors_are_what_the_notebooks_call():
    assert {
        "filters.correlate",
        "ops.conv2d",
        "data.digits_as_input",
        "transforms.rotate",
        "shapes.conv_output_size",
    } <= {call.name for call in calls()}
    assert len(calls()) > 50


def test_a_case_is_the_same_whenever_it_is_made():
    for make in fuzzer.TARGETS.values():
        assert make(np.random.default_rng([3, 5])).words == make(np.random.default_rng([3, 5])).words


def test_what_a_case_writes_is_not_left_in_the_folder_of_whoever_fuzzes(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    case = Case("write", lambda: Path("left").write_text("here"))
    assert list(try_cases(lambda rng: case, 1, seed=0)) == [None]
    assert list(tmp_path.iterdir()) == []


def index_error():
    return [][1]


@pytest.mark.parametrize(
    ("run", "problem"),
    [
        (index_error, "IndexError"),
        (lambda: np.zeros(3) + np.zeros(2), "did not raise itself"),
        (lambda: np.float64(1) / np.float64(0), "RuntimeWarning"),
        (lambda: 1 // 0, "ZeroDivisionError"),
        (lambda: models.lenet5("nonsense"), ""),
        (lambda: models.lenet5("modern"), ""),
    ],
    ids=["index", "numpy", "warning", "zero", "in words", "fine"],
)
def test_the_fuzzer_sees_what_it_looks_for(run, problem):
    with limits():
        found = failure(Case("a case", run))
    assert problem in found and bool(found) == bool(problem)


def test_the_fuzzer_sees_what_takes_too_long(monkeypatch):
    monkeypatch.setattr("tests.fuzz.cases.SECONDS", 0.2)

    def forever():
        while True:
            pass

    with limits():
        assert "took longer" in failure(Case("a case", forever))


# Nothing in a file runs


@pytest.mark.parametrize("ending", [".npz", ".safetensors", ".npy", ".pth", ".json", ".png"])
def test_a_pickle_by_any_name_is_never_run(ending):
    path = place(f"armed{ending}", pickle.dumps(Armed()))
    for read in (lambda: storage.load_arrays(path, {"a": (1,)}), lambda: models.mlp([2, 2]).load_weights(path)):
        with contextlib.suppress(ValueError):
            read()
    assert RAN == []


def test_the_armed_pickle_would_be_noticed():
    pickle.loads(pickle.dumps(Armed()))  # noqa: S301  our own, to see that it does something
    assert RAN.pop() and RAN == []


# No text becomes markup


class Named:
    def __repr__(self):
        return HTML


def markup(shown):
    return shown._repr_html_() if hasattr(shown, "_repr_html_") else shown


@pytest.mark.parametrize("result", [HTML, Named(), [HTML], {HTML: 1}], ids=["text", "repr", "list", "dict"])
def test_what_a_students_function_gives_is_text_in_the_verdict(result):
    def output_size(n, f, s, p):
        print(HTML)
        return result

    assert "<img" not in markup(convolution.check(output_size))


def test_what_a_students_error_says_is_text_in_the_verdict():
    def output_size(n, f, s, p):
        raise ValueError(HTML)

    assert "<img" not in markup(convolution.check(output_size))
    output_size.__name__ = HTML
    assert "<img" not in markup(convolution.check(output_size))


def test_a_broken_progress_file_is_text(monkeypatch, tmp_path):
    path = tmp_path / f"{HTML.replace('/', '')}.json"
    path.write_text("[")
    monkeypatch.setenv(progress.VARIABLE, str(path))
    shown = convolution.progress()
    assert "cannot be read" in shown and "<img" not in markup(shown)


def test_alt_text_and_tables_are_text():
    shown = [
        explore.Picture(explore.draw_bars([{"label": HTML, "value": 1, "text": HTML}]), HTML)._repr_mimebundle_()[0],
        explore.Table([HTML], [[HTML]])._repr_mimebundle_(),
    ]
    assert all("<img src=x" not in data["text/html"] for data in shown)


def test_what_is_typed_into_the_matrix_is_text_in_the_problem():
    lab = convolution.convolution_lab()
    lab.state = {"typed": [[HTML, "0", "0"], *lab.state["typed"][1:]]}
    assert "<img src=x onerror" in lab.problem  # as text: the browser's test looks at the page


def test_the_fuzzers_bar_ends_with_count_seed_and_failures(capsys, monkeypatch):
    monkeypatch.setitem(fuzzer.TARGETS, "bad", lambda rng: Case("bad", index_error))
    assert len(fuzzer.fuzz("bad", 3, seed=7)) == 3
    assert "bad       3 cases with seed 7: 3 failed" in capsys.readouterr().out
