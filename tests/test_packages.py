"""Packages: what the project asks for, in which versions, and what an installed copy holds."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.test_project import CREDITS
from tools.notebooks import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, BUILT_WITH = PYPROJECT["project"], PYPROJECT["build-system"]["requires"]

# Packages


def conda_packages():
    """What environment.yml lists for conda: name → range; pip's own list has deeper lines."""
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line[4:]) for line in lines if re.fullmatch(r"  - [a-z][\w.-]*[<>=!~\d.,*]*", line)]
    return {each.name: each.specifier for each in found if each.name not in ("conda-forge", "pip")}


def test_conda_and_pip_get_the_same_packages_in_the_same_ranges():
    by_pip = {each.name: each.specifier for each in map(Requirement, PROJECT["dependencies"])}
    by_conda = conda_packages()
    assert by_conda.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert by_conda == by_pip
    assert {"jupyterlab", "numpy", "matplotlib", "ipywidgets", "pillow", "scipy", "anywidget"} <= set(by_pip)


def test_conda_installs_the_library_itself_by_pip():
    assert re.search(
        r"^  - pip:\n      - --editable \.\[present\]$",
        (ROOT / "environment.yml").read_text(encoding="utf-8"),
        re.MULTILINE,
    )


def test_every_place_names_the_same_oldest_python():
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert oldest == "3.11"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"sys.version_info < ({oldest.replace('.', ', ')})" in makefile
    assert f"needs Python {oldest} or newer" in makefile
    assert oldest in (ROOT / "README.md").read_text(encoding="utf-8")


def test_everything_imported_is_declared():
    declared = {Requirement(each).name for each in PROJECT["dependencies"]}
    known = {
        "PIL": "pillow",
        "IPython": "ipywidgets",
        "traitlets": "ipywidgets",
        "comm": "ipywidgets",
    }  # the last three come with ipywidgets
    for path in (ROOT / "lecture_lib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            for name in {name.partition(".")[0] for name in names} - sys.stdlib_module_names:
                assert known.get(name, name) in declared, (
                    f"{path.name} imports {name}, which pyproject.toml does not list"
                )


PINS = [
    line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
]


def test_constraints_are_names_and_versions_and_no_address():
    assert [line for line in PINS if not re.fullmatch(r"[A-Za-z0-9][\w.-]*==\d[\w.]*", line)] == []
    assert len({canonicalize_name(line.partition("==")[0]) for line in PINS}) == len(PINS)


def test_constraints_hold_a_version_of_each_package_that_is_asked_for_and_it_is_one_that_may_be():
    pins = {canonicalize_name(name): version for name, version in (line.split("==") for line in PINS)}
    extras = PROJECT["optional-dependencies"]
    for each in map(
        Requirement, [*PROJECT["dependencies"], *extras["marks"], *extras["present"], *extras["test"], *BUILT_WITH]
    ):
        assert each.specifier.contains(pins[canonicalize_name(each.name)]), each


def test_no_new_release_of_a_test_tool_is_taken_before_it_was_tried():
    for each in map(Requirement, PROJECT["optional-dependencies"]["test"]):
        assert any(spec.operator in ("<", "<=", "==") for spec in each.specifier), each


# An installed copy


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that pip builds from this folder, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


def pip(*arguments):
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-index", "--no-deps"]
    command = [sys.executable, "-m", "pip", arguments[0], *quiet, *map(str, arguments[1:])]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_wheel_holds_the_library_its_photos_its_digits_and_its_explorers(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for row in CREDITS:
            assert archive.read(f"lecture_lib/images/{row['file']}") == (ROOT / "images" / row["file"]).read_bytes()
    source = ROOT / "lecture_lib"
    assert {
        path.relative_to(ROOT).as_posix() for kind in ("py", "js", "css", "npz") for path in source.rglob(f"*.{kind}")
    } <= names
    wanted = [
        "explore/script/explorer.js",
        "explore/script/explorer.css",
        "images/CREDITS.csv",
        "digits/train.npz",
        "digits/test.npz",
        "data/recordings/convolution_mean_gradients.npz",
        "digits/lenet5.npz",
        "imagenet/classes.txt",
    ]
    assert {f"lecture_lib/{name}" for name in wanted} <= names
    assert not [name for name in names if name.startswith(("tests/", "tools/", "notebooks/", "benchmarks/"))]
    assert [name for name in names if name.endswith("licenses/LICENSE")]


def test_an_installed_copy_has_its_own_photos_and_explorers(wheel, tmp_path):
    target, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip("install", "--target", target, wheel)
    code = """
from pathlib import Path
import lecture_lib
from lecture_lib import data
from lecture_lib.chapters import convolution
print(Path(lecture_lib.__file__).parent)
assert [data.load_photo(name).ndim for name in data.photo_names(more=True)] == [3] * 23
assert data.load_digits("test")[0].shape == (10000, 28, 28)
assert convolution.mean_pictures()["trained"].bias.shape == (96,)
assert "image/png" in convolution.convolution_lab()._repr_mimebundle_()[0]
"""
    environment = os.environ | {"PYTHONPATH": str(target)}
    run = subprocess.run([sys.executable, "-c", code], cwd=elsewhere, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert Path(run.stdout.strip()).samefile(target / "lecture_lib")
