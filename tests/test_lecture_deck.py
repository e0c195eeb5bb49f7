"""The lecture as slides: titles, words, minutes, and what no slide shows."""

import re
from pathlib import Path

import nbformat
import pytest

from tools.form import reader
from tools.minutes import words

NOTEBOOK = nbformat.read(Path(__file__).parents[1] / "notebooks" / "lecture.ipynb", as_version=4)
MOST_WORDS, MOST_WORDS_OF_A_TITLE = 25, 12
SHOWN = ("slide", "fragment", None)
FORMULA = re.compile(r"\$\$?.*?\$\$?", re.DOTALL)


def place(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type")


def cut_into_slides():
    """The cells of each slide, its notes and what is skipped behind it among them."""
    found = []
    for cell in NOTEBOOK.cells:
        if place(cell) == "slide":
            found.append([])
        if found:
            found[-1].append(cell)
    return found


SLIDES = cut_into_slides()
every_slide = pytest.mark.parametrize("slide", SLIDES, ids=lambda slide: slide[0].id)


def notes_of(slide):
    return [cell.source for cell in slide if place(cell) == "notes"]


def said_of(cell):
    """What a cell writes on its slide without an explorer, a picture or a formula."""
    if cell.cell_type == "markdown":
        return FORMULA.sub("", cell.source)
    shown = [each.get("data", {}) for each in cell.outputs]
    return " ".join(each.get("text/plain", "") for each in shown if "image/png" not in each)


def minute(slide):
    """When a slide begins, in minutes."""
    begins = re.match(r"\[(\d+):(\d\d)\] ", notes_of(slide)[0])
    return int(begins[1]) + int(begins[2]) / 60


def test_nothing_is_shown_before_the_first_slide():
    before = NOTEBOOK.cells[: NOTEBOOK.cells.index(SLIDES[0][0])]
    assert {place(cell) for cell in before} == {"skip"}


@every_slide
def test_a_slide_begins_with_its_title_a_claim_or_a_question(slide):
    title = re.match(r"## (.+)", slide[0].source)
    assert title and len(title[1].split()) <= MOST_WORDS_OF_A_TITLE
    assert [
        cell for cell in slide[1:] if re.search(r"^#", said_of(cell), re.MULTILINE) and reader(cell) == "text"
    ] == []


@every_slide
def test_a_slide_has_at_most_25_words_with_all_that_comes_by_presses(slide):
    title, *rest = (said_of(cell) for cell in slide if place(cell) in SHOWN)
    text = "\n".join([title.partition("\n")[2], *rest])
    assert words(text) <= MOST_WORDS, text


@every_slide
def test_a_slide_has_a_picture_a_formula_an_explorer_or_code(slide):
    shown = [cell for cell in slide if place(cell) in SHOWN]
    pictures = [cell for cell in shown for each in cell.get("outputs", []) if "image/png" in each.get("data", {})]
    formulas = [cell for cell in shown if cell.cell_type == "markdown" and FORMULA.search(cell.source)]
    assert pictures or formulas or [cell for cell in shown if reader(cell) == "read"]


@every_slide
def test_a_slide_has_notes_that_say_when_and_what(slide):
    (note,) = notes_of(slide)
    assert re.match(r"\[\d+:\d\d\] \*\*Say\.\*\* ", note) and words(note) > 20, note


def presses_of(slide):
    """How many presses a slide takes: each shows a part, or takes an explorer on."""
    shown = [cell for cell in slide if place(cell) in SHOWN]
    states = [each.metadata.get("presses", 0) for cell in shown for each in cell.get("outputs", [])]
    return sum(place(cell) == "fragment" for cell in shown) + sum(states)


@every_slide
def test_notes_number_every_press_of_their_slide(slide):
    said = re.search(r"\*\*Do\.\*\* (.*)", notes_of(slide)[0])
    found = re.findall(r"[Pp]ress(?:es)? (\d)(?: to (\d))?", said[1] if said else "")
    assert max((int(last or first) for first, last in found), default=0) == presses_of(slide)


def lengths():
    """The minutes of each slide; the last one ends at 90."""
    begins = [*map(minute, SLIDES), 90]
    return [after - before for before, after in zip(begins, begins[1:], strict=False)]


def test_the_minutes_begin_at_0_rise_and_end_at_90():
    assert minute(SLIDES[0]) == 0 and min(lengths()) >= 0.2
    assert (
        max(length for slide, length in zip(SLIDES, lengths(), strict=True) if "Five minutes" not in slide[0].source)
        <= 2.5
    )
    assert "90:00" in notes_of(SLIDES[-1])[0]


def test_the_lecture_without_the_slides_marked_as_cut_takes_an_hour():
    kept = [
        length
        for slide, length in zip(SLIDES, lengths(), strict=True)
        if "cut" not in slide[0].metadata.get("tags", ())
    ]
    assert 58 <= sum(kept) <= 62


def test_the_break_is_cut_and_the_polls_the_opening_and_the_end_are_not():
    cut = {slide[0].id for slide in SLIDES if "cut" in slide[0].metadata.get("tags", ())}
    polls = [slide for slide in SLIDES if any("practice.vote(" in cell.source for cell in slide)]
    assert len(polls) == 3
    assert not cut & {slide[0].id for slide in (*polls, SLIDES[0], SLIDES[1], SLIDES[-1])}
    assert {slide[0].id for slide in SLIDES if "Five minutes" in slide[0].source} <= cut


def test_code_shows_on_one_slide_and_nowhere_else():
    assert len([slide for slide in SLIDES if any(reader(cell) == "read" for cell in slide)]) == 1


@every_slide
def test_no_number_that_is_computed_is_typed_into_an_answer(slide):
    answers = [cell.source for cell in slide if place(cell) == "fragment" and cell.cell_type == "markdown"]
    assert [each for each in answers if re.search(r"\d\d", FORMULA.sub("", each))] == []


def test_an_act_begins_with_its_agenda():
    begins = [slide for slide in SLIDES if "act" in slide[0].metadata.get("tags", ())]
    assert [slide[1].source for slide in begins] == [f"draw_agenda({act})" for act in (1, 2, 3, 4)]


POINTS = {"M": 5, "C": 14, "A": 6, "P": 6, "E": 8, "N": 4}
SEEN = {
    "M1": "120,000,000", "M2": r'who_reads\("dense", "convolutional"\)', "M3": "very many numbers.* neighbours.* moves.* bends.* light",
    "M4": "local connectivity.*shared weights.*pool neighbours.*interleaving", "M5": "Zeiler & Fergus",
    "C1": r"step_through\(\)", "C2": '"identity".*"laplacian_4".*"laplacian_8".*"edge_corners".*"box_blur".*"sharpen"', "C3": r"vote\(convolution.BOX_BLUR\)",
    "C4": r"step_through\(convolution.BINARY", "C5": r"I\(i \+ a.*I\(i - a.*correlation.*convolution", "C6": "5×5×3.*28×28.*activation map|activation map.*5×5×3, and 28×28",
    "C7": "28×28×6", "C8": "draw_filters", "C9": "1×1.*Network in Network.*GoogLeNet", "C10": r"[Ss]tride 2.*\(N - F\)/S", "C11": "padding keeps 7×7.*1, 2, 3",
    "C12": "32×32×10.*76 each, .*760 in all", "C13": r"W_1 - F \+ 2P.*F \\cdot F \\cdot D_1 \\cdot K.*biases", "C14": "receptive field.*= 1 \\+ 3·2",
}  # fmt: skip
"""What a slide of each point shows of it, in words, numbers or by an explorer; of the points of acts 3 and 4 the tags alone are asked."""


def seen_of(point):
    """All that the slides of a point show: text, what cells gave in words, and the calls of explorers and pictures."""
    slides = [slide for slide in SLIDES if point in slide[0].metadata.get("tags", ())]
    shown = [cell for slide in slides for cell in slide if place(cell) in SHOWN]
    return " ".join(
        "\n".join([cell.source, *(each.get("data", {}).get("text/plain", "") for each in cell.get("outputs", []))])
        for cell in shown
    )


@pytest.mark.parametrize("point", [f"{part}{at}" for part, count in POINTS.items() for at in range(1, count + 1)])
def test_every_point_of_the_original_stands_on_a_slide_and_not_in_a_note_alone(point):
    assert seen_of(point)
    assert re.search(SEEN.get(point, ""), seen_of(point), re.DOTALL)
