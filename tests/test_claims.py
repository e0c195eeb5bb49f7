"""Every sentence that claims something has a measurement that holds it, a test or a source: the lists are in claims/.

A claim says how much, how often, or which of two is larger. Each line of `claims/<notebook>.toml` has the words as they
stand there and what holds them:

    [[claim]]
    says = "ReLU needs fewer epochs than sigmoid"
    measured = "a03-045"  # a check cell of this notebook
    # or test = "tests/test_models.py::test_name"
    # or source = "Krizhevsky et al. 2012, figure 1"
    # or nothing = "a task to the reader"  # why this sentence claims nothing
    # in = "lecture_lib/chapters/activations/guesses.py"  # where it stands, if it is not the notebook
"""

import re
import tomllib

import nbformat
import pytest

from tools.notebooks import ROOT

LISTS = sorted((ROOT / "tests" / "claims").glob("*.toml"))
HOLDS = ("measured", "test", "source", "nothing")
COMPARES = re.compile(
    r"\d\s*(%|±|points?\b|times\b|epochs?\b|seconds?\b|ms\b)|±|^\*\*So:\*\*|\btimes (as|more|fewer|less|smaller|larger)\b|"
    r"\b\w+er than\b|\b(more|less|fewer) than\b|\b(half|twice|doubl\w+|halv\w+)\b|"
    r"\b(never|always|almost|nearly|hardly|mostly|no gain)\b"
)
NO_SENTENCE = re.compile(r"^(#|\|.*\|$|\*\d+ minutes?\.\*$)")


def notebook(path):
    return nbformat.read(ROOT / "notebooks" / f"{path.stem}.ipynb", as_version=4).cells


def claims(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))["claim"]


def sentences(cells):
    """Those that read as claims, up to the exercises, which tell what to do."""
    for cell in cells:
        if cell.source.startswith("## Your turn"):
            return
        if cell.cell_type == "markdown":
            for each in re.split(r"(?<=[.!?])\s+|\n+", cell.source):
                if COMPARES.search(each) and not NO_SENTENCE.match(each):
                    yield each


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_sentence_that_claims_something_is_on_the_list(path):
    said = [claim["says"] for claim in claims(path)]
    assert [each for each in sentences(notebook(path)) if not any(words in each for words in said)] == []


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_claim_stands_where_it_is_said_to_stand(path):
    words = "\n".join(cell.source for cell in notebook(path) if cell.cell_type == "markdown")
    for claim in claims(path):
        text = (ROOT / claim["in"]).read_text(encoding="utf-8") if "in" in claim else words
        assert claim["says"] in text, claim


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_claim_is_held_by_a_check_cell_a_test_or_a_source(path):
    cells = {cell.id: cell for cell in notebook(path)}
    for claim in claims(path):
        assert sum(key in claim for key in HOLDS) == 1, claim
        if "measured" in claim:
            cell = cells[claim["measured"]]
            assert "check" in cell.metadata.get("tags", []) and "assert" in cell.source, claim
        elif "test" in claim:
            file, name = claim["test"].split("::")
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), claim
        else:
            assert claim.get("source", claim.get("nothing")).strip(), claim
