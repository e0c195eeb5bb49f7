"""The words that stand for pictures say what there is to see, not that there is a picture."""

import re

import nbformat
import pytest

from tests.explorers import example, explorers
from tools.notebooks import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES_THE_MEDIUM = re.compile(
    r"(an? |the |this )?(figure|plot|picture|image|graph|chart|diagram|screenshot)s?( of| show|:|,|$)", re.I
)


def weakness(alt):
    """What is wrong with an alt text, or nothing."""
    alt = alt.strip()
    words = alt.split()
    if len(words) < 7:
        return "too short to say what there is to see"
    if NAMES_THE_MEDIUM.match(alt):
        return "says what it is"
    if len(set(words)) < 0.4 * len(words) or not alt[0].isupper() and not alt[0].isdigit():
        return "is no sentence"
    return "ends in the middle" if not re.search(r"[\w.?!)\]]$", alt) else ""


@pytest.mark.parametrize(
    ("alt", "problem"),
    [
        ("A plot of accuracy against the shift for two nets.", "says what it is"),
        ("Image of a cat that looks to the left side.", "says what it is"),
        ("The figure shows a curve that falls from left to right.", "says what it is"),
        ("Two curves fall.", "too short to say what there is to see"),
        ("camera, moved to the right, and what one filter makes of it", "is no sentence"),
        ("Two curves fall from the left to the right, and then,", "ends in the middle"),
        ("The photo of an astronaut; then moved, bent and brighter.", ""),
    ],
)
def test_a_weak_text_is_told_from_a_good_one(alt, problem):
    assert weakness(alt) == problem


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_picture_of_a_notebook_says_what_there_is_to_see(path):
    cells = nbformat.read(path, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    alts = [output.metadata["image/png"]["alt"] for output in outputs]
    assert alts
    assert {alt: weakness(alt) for alt in alts if weakness(alt)} == {}
    for cell in cells:
        if cell.cell_type == "markdown":
            shown = re.findall(r"!\[([^\]]*)\]\(", cell.source) + re.findall(r"<img [^>]*alt=\"([^\"]*)\"", cell.source)
            assert {alt: weakness(alt) for alt in shown if weakness(alt)} == {}


@pytest.mark.parametrize("name", explorers())
def test_every_explorer_says_what_there_is_to_see(name):
    explorer = example(name)
    try:
        assert weakness(explorer.about) == ""
    finally:
        explorer.close()
