"""The project as a whole: credits, committed notebooks, and what holds for every file."""

import base64
import csv
import html
import io
import re
import subprocess
import tomllib
from pathlib import Path

import nbformat
import numpy as np
import pytest
import yaml
from PIL import Image

from tests.explorers import explorers
from tools.make_screenshots import MOVING, SHOTS
from tools.notebooks import ROOT
from tools.run_notebooks import KEPT

CREDITS = list(csv.DictReader((ROOT / "images" / "CREDITS.csv").read_text(encoding="utf-8").splitlines()))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EVERY_NOTEBOOK = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


# Pictures


def test_every_photo_is_credited_with_its_licence_and_every_other_picture_is_made_by_the_script():
    pictures = {
        folder: {
            path.name
            for path in (ROOT / "images" / folder).iterdir()
            if path.suffix in (".png", ".jpg", ".jpeg", ".webp")
        }
        for folder in ("", "more", "screenshots")
    }
    credited = {Path(row["file"]) for row in CREDITS}
    assert pictures == {
        "": {file.name for file in credited if file.parent == Path()},
        "more": {file.name for file in credited if file.parent == Path("more")},
        "screenshots": {f"{MOVING}.webp", *(f"{name}.png" for name in SHOTS)},
    }
    assert len(credited) == len(pictures[""]) + len(pictures["more"])
    assert all(row[column] for row in CREDITS for column in ("author", "licence", "source", "sha256"))


def test_the_readme_shows_each_screenshot_with_words():
    shown = re.findall(
        r"!\[([^\]]*)\]\(images/screenshots/(\w+)\.\w+\)", (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert {name for _, name in shown} == {MOVING, *SHOTS} and shown[0][1] == MOVING
    assert all(len(alt.split()) >= 5 for alt, _ in shown)


def test_the_readmes_first_picture_moves_and_is_no_burden():
    file = ROOT / "images" / "screenshots" / f"{MOVING}.webp"
    with Image.open(file) as image:
        assert image.n_frames > 10 and image.info["loop"] == 0
    assert file.stat().st_size < 1e6


# What a stranger reads first


def test_the_readme_is_short():
    assert (ROOT / "README.md").read_text(encoding="utf-8").count("\n") < 120


@pytest.mark.parametrize("name", ["README.md", "INSTRUCTORS.md", "CONTRIBUTING.md", "CHANGELOG.md", "deploy/README.md"])
def test_a_text_leads_to_files_that_are_here(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)[^)]*\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    assert [each for each in links if not ((ROOT / name).parent / each).exists()] == []


def test_each_command_that_a_text_names_is_one():
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in (*ROOT.glob("*.md"), ROOT / "deploy" / "README.md", *ROOT.glob(".github/**/*.md")):
        assert set(re.findall(r"`make ([a-z-]+)[ `]", path.read_text(encoding="utf-8"))) <= known, path.name


def test_a_citation_names_the_project_as_it_names_itself_and_the_lecture_it_follows():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0" and {"message", "title", "authors"} <= set(cited)  # what the format demands
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [each["name"] for each in cited["authors"]] == [each["name"] for each in project["authors"]]
    assert cited["version"] == project["version"]
    assert (cited["url"], cited["repository-code"]) == (project["urls"]["Homepage"], project["urls"]["Repository"])
    assert all(f" {each} " in f" {project['license']} " for each in cited["license"])
    (lecture,) = cited["references"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(
        said in readme for said in (lecture["title"], lecture["authors"][0]["family-names"], str(lecture["year"]))
    )


def test_forms_for_reports_have_what_a_chooser_shows():
    forms = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.md"))
    heads = [yaml.safe_load(each.read_text(encoding="utf-8").split("---\n")[1]) for each in forms]
    assert len(heads) == 3 and all(head["name"] and head["about"] for head in heads)


# Notebooks


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def outputs(path):
    return [output for cell in code_cells(path) for output in cell.outputs]


def test_the_notebooks_of_this_part_are_here():
    assert {"00_start_here", *POINTS} <= {path.stem for path in NOTEBOOKS}


@EVERY_NOTEBOOK
def test_a_notebook_is_valid(path):
    nbformat.validate(nbformat.read(path, as_version=4))


@EVERY_NOTEBOOK
def test_a_notebook_was_run_from_top_to_bottom_before_it_was_saved(path):
    counts = [cell.execution_count for cell in code_cells(path) if cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))


@EVERY_NOTEBOOK
def test_no_cell_failed_or_wrote_to_stderr(path):
    assert not [output for output in outputs(path) if output.output_type == "error" or output.get("name") == "stderr"]


@EVERY_NOTEBOOK
def test_explorers_are_saved_as_pictures_and_words_only(path):
    kinds = {kind for output in outputs(path) for kind in output.get("data", {})}
    assert kinds <= {"text/plain", "text/html", "image/png"}


@EVERY_NOTEBOOK
def test_metadata_holds_nothing_that_differs_from_run_to_run(path):
    notebook = nbformat.read(path, as_version=4)
    assert set(notebook.metadata) == {"kernelspec", "language_info", "lecture"}
    assert notebook.metadata.lecture == {"wake": True}  # what lab/alive.js looks for
    assert set(notebook.metadata.language_info) == {"name"}
    assert all(set(cell.metadata) <= {*KEPT, "jupyter"} for cell in notebook.cells)


@EVERY_NOTEBOOK
def test_every_picture_says_in_words_what_it_shows(path):
    for output in outputs(path):
        data = output.get("data", {})
        if "image/png" in data:
            alt = output.metadata["image/png"]["alt"]
            assert alt.strip()
            assert f'alt="{html.escape(alt)}"' in data["text/html"]
            assert data["text/plain"] == alt
        for tag in re.findall("<img [^>]*>", data.get("text/html", "")):
            assert re.search(r'alt="[^"]+"', tag)
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"!\[\s*\]\(|<img (?![^>]*alt=\"[^\"])", cell.source)


@EVERY_NOTEBOOK
def test_no_picture_is_blank(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            if png := output.get("data", {}).get("image/png"):
                pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))))
                assert (pixels != pixels[0, 0]).any(), f"blank: {cell.source}"


@EVERY_NOTEBOOK
def test_a_code_cell_fits_on_a_slide(path):
    for cell in code_cells(path):
        lines = cell.source.splitlines()
        assert len(lines) <= 25, cell.source
        assert sum(bool(re.match(r"\s*(import|from) ", line)) for line in lines) <= 5, cell.source


POINTS = {"01_motivation": ("M", 5), "02_convolution": ("C", 14), "03_activations": ("A", 6), "04_pooling": ("P", 6),
          "05_equivariance": ("E", 8), "06_lenet_alexnet": ("N", 4)}  # fmt: skip
"""Notebook → letter and number of the lecture's points in it."""
EVERY_PART = pytest.mark.parametrize("name", POINTS)


def sections(name):
    """Point of the lecture → its cells, for a notebook; what comes before the first and after the last is left out."""
    found, section = {}, None
    for cell in nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells:
        if heading := re.match(r"## (?:([A-Z]\d+)\b)?", cell.source):
            section = found.setdefault(heading[1], [])
        if section is not None:
            section.append(cell)
    found.pop(None, None)
    return found


@EVERY_PART
def test_a_notebook_has_the_lectures_points_in_order(name):
    letter, count = POINTS[name]
    assert list(sections(name)) == [f"{letter}{point}" for point in range(1, count + 1)]


@EVERY_PART
def test_each_point_has_a_prediction_code_and_a_picture(name):
    for point, cells in sections(name).items():
        code = [cell for cell in cells if cell.cell_type == "code"]
        asked = any(call in cell.source for cell in code for call in ("guess(", "ask("))
        assert asked, f"{point} asks nothing"
        assert any("image/png" in output.get("data", {}) for cell in code for output in cell.outputs), (
            f"{point} shows nothing"
        )
        assert sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown") > 30, (
            f"{point} says too little"
        )


@EVERY_PART
def test_each_notebook_has_an_explorer_for_every_second_point_at_least(name):
    calls = tuple(f"{each}(" for each in explorers())
    moved = [any(call in cell.source for cell in cells for call in calls) for cells in sections(name).values()]
    assert 2 * sum(moved) >= len(moved)


@EVERY_NOTEBOOK
def test_a_cell_whose_numbers_are_not_compared_says_what_must_hold_anyway(path):
    """Cells tagged for nbval print what another processor may turn; bounds are asserted in the same cell or a later one."""
    tagged = [cell for cell in code_cells(path) if "nbval-ignore-output" in cell.metadata.get("tags", ())]
    tagged = [cell for cell in tagged if "@interact" not in cell.source]  # prints nothing; a widget keeps its picture
    checks = [cell for cell in code_cells(path) if "check" in cell.metadata.get("tags", ())]
    if tagged:
        assert any("assert" in cell.source for cell in [*tagged, *checks])


# Every file


def repository():
    """Text files of the repository, new ones included: path from its root → content."""
    if not (ROOT / ".git").exists():
        pytest.skip("no git repository, so no list of its files")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    files = {}
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file() and b"\0" not in (content := path.read_bytes()):
            files[name] = re.sub(
                r"[A-Za-z0-9+/=]{200,}", "", content.decode("utf-8")
            )  # without the pictures in notebooks
    return files


MOST_LINES = 400


def test_no_file_of_code_is_longer_than_can_be_read_at_a_time():
    code = (".py", ".js", ".mjs", ".css")
    long = {name for name, text in repository().items() if name.endswith(code) and text.count("\n") > MOST_LINES}
    assert not long


def test_no_file_names_a_folder_of_somebodys_computer():
    folder = re.compile(r"(?<![\w.}])/(home|Users|root|work|mnt|media|scratch)/[\w.]|\b[A-Z]:\\{1,2}(Users|home)\b")
    found = {name: folder.search(text)[0] for name, text in repository().items() if folder.search(text)}
    assert not found


def test_nothing_is_fetched_from_a_delivery_network_or_a_registry_while_the_lecture_runs():
    host = re.compile(
        r"jsdelivr\.net|unpkg\.com|cdnjs\.|cloudflare\.com|esm\.sh|esm\.run|skypack\.dev|googleapis\.com|gstatic\.com"
        r"|bootstrapcdn\.com|mathjax\.org|npmjs\.(org|com)|pypi\.org|pythonhosted\.org|anaconda\.org|raw\.githubusercontent\.com"
    )
    code = (
        ".py",
        ".js",
        ".css",
        ".toml",
        ".yml",
        ".yaml",
        ".json",
        ".ipynb",
        ".cfg",
        ".lock",
        ".sh",
        "Makefile",
        ".ci/run",
    )
    found = {
        name: host.search(text)[0] for name, text in repository().items() if name.endswith(code) and host.search(text)
    }
    assert not found


def test_the_browsers_part_calls_nobody():
    for path in (ROOT / "lecture_lib").rglob("*.*s"):
        if path.suffix in (".js", ".css"):
            assert not re.search(
                r"https?://|\bfetch\(|XMLHttpRequest|WebSocket|\bimport\(|@import|\burl\(",
                path.read_text(encoding="utf-8"),
            )


def test_every_file_that_the_commands_name_is_there():
    """A command that names a test that has moved would fail on the day it is needed."""
    for name in (
        "Makefile",
        ".ci/run",
        *(f".github/workflows/{each.name}" for each in ROOT.glob(".github/workflows/*")),
    ):
        for path in re.findall(
            r"\b(?:tests|tools|benchmarks|notebooks)/[\w/]+(?:\.\w+)+", (ROOT / name).read_text(encoding="utf-8")
        ):
            assert (ROOT / path).exists(), f"{name} names {path}"


def test_one_file_says_where_the_project_is():
    assert [name for name, text in repository().items() if "ROOT = " + "Path(__file__)" in text] == [
        "tools/notebooks.py"
    ]
