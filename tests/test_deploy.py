"""Continuous integration and security: what can be checked without starting anything."""

import ast
import json
import re

import nbformat
import pytest
import yaml

from tools.audit import words
from tools.notebooks import ROOT

DEPLOY = ROOT / "deploy"


def source(path):
    return (ROOT / path).read_text(encoding="utf-8")


# Workflows

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(path):
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_the_workflows_are_here():
    assert [path.stem for path in WORKFLOWS] == ["site", "test"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_only_what_a_person_runs(path):
    targets = set(re.findall(r"^(\w[\w-]*):", source("Makefile"), re.MULTILINE))
    for step in steps(path):
        if "run" in step:
            make, target, *variables = step["run"].split()
            assert make == "make"
            assert target in targets
            assert all(re.fullmatch(r"PYTHON=\w+", each) for each in variables)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_pins_each_action_to_a_major_version(path):
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", each) for each in used)


def test_the_tests_run_on_three_systems():
    jobs = yaml.safe_load(source(".github/workflows/test.yml"))["jobs"]
    assert jobs["test"]["strategy"]["matrix"]["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]


# Security


def test_nothing_turns_jupyters_token_off_or_listens_beyond_this_machine():
    loose = re.compile(
        r"token=(''|\"\"|\s|$)|password\s*=\s*(''|\"\")|disable_check_xsrf|allow_unauthenticated_access\s*=\s*True"
        r"|0\.0\.0\.0|ip\s*=\s*['\"]?\*|allow_remote_access",
        re.MULTILINE,
    )
    paths = ["Makefile", "pyproject.toml", "environment.yml", *(p.relative_to(ROOT) for p in [*ROOT.glob("tools/**/*.py"), *ROOT.glob("tools/*.json"), *DEPLOY.iterdir(), *WORKFLOWS] if p.is_file())]  # fmt: skip
    found = {str(path): each for path in paths if (each := [hit[0] for hit in loose.finditer(source(path))])}
    # The room's phones and the lecturer's tablet, while the lecturer asks for them: tests/test_room.py tries that door.
    assert {path: set(hits) for path, hits in found.items()} == {"tools/stage/room.py": {"0.0.0.0"}}  # noqa: S104


FETCHING = {"requests", "urllib", "http", "httpx", "aiohttp", "socket", "ftplib", "telnetlib", "smtplib", "websocket", "webbrowser"}  # fmt: skip
RUNNING = {"subprocess", "pickle", "cPickle", "dill", "joblib", "marshal", "shelve", "multiprocessing", "pty", "runpy", "code", "ctypes"}  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__", "system", "popen", "execv", "execvp", "spawnl", "urlopen", "urlretrieve", "input", "run_line_magic", "run_cell_magic"}  # fmt: skip
ALLOWED = {
    ("lecture_lib/practice/sandbox.py", "ctypes"): "stops a student's endless loop: an exception raised in its thread",
    ("lecture_lib/practice/child.py", "multiprocessing"): "a check has its own process: a call of C may hold Python up",
}
"""(file, name) → why it may."""


def dangers(code):
    """Modules and functions in the code that fetch something or run what was not written there."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from {alias.name.partition(".")[0] for alias in node.names} & (FETCHING | RUNNING)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from {node.module.partition(".")[0]} & (FETCHING | RUNNING)
        elif isinstance(node, ast.Call):
            name, of = getattr(node.func, "id", ""), getattr(node.func, "attr", "")
            yield from {name} & CALLS
            yield from {of} & (CALLS - {"compile", "input"})  # re.compile makes no program
            if any(key.arg == "allow_pickle" and getattr(key.value, "value", True) for key in node.keywords):
                yield "allow_pickle"


@pytest.mark.parametrize(
    "code",
    ["import urllib.request", "from requests import get", "eval('1')", "os.system('x')", "import pickle",
     "from subprocess import run", "__import__('os')", "np.load(f, allow_pickle=True)", "np.load(f, allow_pickle=x)"],
)  # fmt: skip
def test_the_search_for_dangers_finds(code):
    assert list(dangers(code))


def test_the_search_for_dangers_lets_the_harmless_pass():
    assert not list(dangers("import re\nre.compile('x')\nnp.load(f, allow_pickle=False)\nfrom . import code"))


def test_the_library_fetches_nothing_and_runs_nothing_from_outside():
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in (ROOT / "lecture_lib").rglob("*.py")
        for name in dangers(path.read_text(encoding="utf-8"))
    }
    assert found == set(ALLOWED)


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_no_cell_fetches_anything_or_runs_anything_from_outside(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert not re.search(r"^\s*[!%]", cell.source, re.MULTILINE), f"a cell with a command: {cell.source}"
            assert not list(dangers(cell.source)), cell.source


def test_an_audit_that_could_not_ask_says_so_and_fails():
    code, said = words("", "Traceback\nConnectionError: unreachable")
    assert code == 2
    assert "did not happen" in said
    assert "ConnectionError: unreachable" in said


def test_an_audit_names_what_it_found_and_where_it_is_mended():
    flaw = {"id": "PYSEC-0000-1", "fix_versions": ["2.0"]}
    answer = json.dumps({"dependencies": [{"name": "some", "version": "1.0", "vulns": [flaw]}, {"name": "other", "skip_reason": "unknown"}]})  # fmt: skip
    code, said = words(answer, "")
    assert code == 1
    assert "1 known" in said
    assert "some 1.0: PYSEC-0000-1, mended in 2.0" in said
    assert "other was not audited: unknown" in said


def test_an_audit_of_packages_that_the_service_does_not_know_is_no_pass():
    answer = json.dumps(
        {"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "no"}]}
    )
    code, said = words(answer, "")
    assert code == 2
    assert "1 of 2 packages" in said
    assert "b was not audited: no" in said
