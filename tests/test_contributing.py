"""CONTRIBUTING.md is followed in a copy of the project, word for word, and the copy's own tests find what was added."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tools.notebooks import ROOT

pytestmark = pytest.mark.slow

GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEP = re.compile(r"^`([\w./]+)`(?:, (behind `[^`]+`|at the end))?:\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
AGAIN = re.compile(r"in the same file, (behind `[^`]+`):\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps(heading):
    """What a section says: (file, where in it, what)."""
    section = GUIDE.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = [match.groups() for match in STEP.finditer(section)]
    return found + [(found[0][0], *match.groups()) for match in AGAIN.finditer(section)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project without its notebooks' outputs, environment and history."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("lecture_lib", "tests", "tools", "images", "lab", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, folder)
    return folder


def follow(copy, heading):
    """Do what a section says; returns the files it touched."""
    touched = []
    for name, where, text in steps(heading):
        file = copy / name
        if where == "at the end":
            file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
        elif where is None:
            assert not file.exists(), name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        else:
            before, line = file.read_text(encoding="utf-8"), where.removeprefix("behind ").strip("`")
            assert before.count(f"\n{line}\n") == 1, f"{name} has not one line {line!r}"
            file.write_text(before.replace(f"\n{line}\n", f"\n{line}\n{text}"), encoding="utf-8")
        touched.append(name)
    return sorted(set(touched))


def run(copy, *arguments):
    environment = os.environ | {"PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", *arguments],
        cwd=copy, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return int(re.search(r"(\d+) passed", done.stdout)[1])


def test_a_new_explorer_is_one_file_and_one_line(copy):
    assert len(follow(copy, "A new explorer")) == 2
    tests = ["tests/test_every_explorer.py", "lecture_lib/chapters/pooling/rank_pooling.py", "-k", "rank_pooling"]
    assert run(copy, *tests) >= 6


def test_a_new_exercise_is_an_entry_and_its_answers(copy):
    assert len(follow(copy, "A new exercise")) == 2
    assert run(copy, "tests/chapters/test_exercises.py", "-k", "pooled_numbers or every_notebook_has") >= 15


def test_a_new_layer_is_a_class_and_a_line_among_the_cases(copy):
    assert len(follow(copy, "A new layer")) == 2
    files = [str(each.relative_to(copy)) for each in sorted(copy.glob("tests/test_layers*.py"))]
    assert run(copy, *files, "lecture_lib/layers/pooling.py") > 100


def test_a_new_notebook_has_a_folder_of_its_own(copy):
    assert follow(copy, "A new notebook") == ["lecture_lib/chapters/dropout/__init__.py"]
    assert run(copy, "tests/test_layering.py") > 50


def test_every_place_that_the_guide_names_is_there():
    for name in re.findall(r"`((?:lecture_lib|tests|notebooks)/[\w./]+)`", GUIDE):
        made = any(
            name == step[0] for heading in ("explorer", "exercise", "notebook") for step in steps(f"A new {heading}")
        )
        assert made or (ROOT / name).exists(), name
