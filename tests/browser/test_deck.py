"""The player of a deck, on a small deck without Python: presses that move explorers, keys, and what a lecturer needs."""

import base64
import json

import nbformat
import pytest

from lecture_lib.chapters.convolution.does_it_fit import does_it_fit
from lecture_lib.chapters.convolution.lab import convolution_lab
from tools.site import pages
from tools.site.cells import WIDGET
from tools.site.collect import life


def scripted_lab():
    return convolution_lab().scripted({"stride": 2}, {"kernel": "box_blur", "padding": 3}, {"show": ["output"]})


CELLS = (
    ("# First\n\nA title.", "slide"),
    ("## A kernel slides", "slide"),
    (scripted_lab, ""),
    ("Said last.", "fragment"),
    ("## Two explorers", "slide"),
    (lambda: does_it_fit().scripted({"n": 9}), "fragment"),
    (lambda: does_it_fit().scripted({"f": 2}, {"f": 1}), ""),
    ("## The end", "slide"),
)
FIRST, LAB, TWO, END = range(4)


def made(source, slide):
    """A cell of the small deck, and the lives of the explorers in it."""
    metadata = {"slideshow": {"slide_type": slide}}
    if isinstance(source, str):
        return nbformat.v4.new_markdown_cell(source, metadata=metadata), {}
    explorer = source()
    data, about = explorer._repr_mimebundle_()
    data = {WIDGET: {"model_id": explorer.model_id}, "image/png": base64.b64encode(data["image/png"]).decode()}
    output = nbformat.v4.new_output("display_data", data, metadata=about)
    cell = nbformat.v4.new_code_cell("", outputs=[output], metadata=metadata | {"tags": ["fold"]})
    return cell, {explorer.model_id: life(explorer)}


@pytest.fixture(scope="session")
def small_deck(tmp_path_factory):
    """The file of the deck of CELLS."""
    site = tmp_path_factory.mktemp("deck")
    cells, lives = zip(*(made(*each) for each in CELLS), strict=True)
    lives = json.dumps({id_: each for one in lives for id_, each in one.items()})
    notebook = nbformat.reads(
        nbformat.writes(nbformat.v4.new_notebook(cells=list(cells), metadata={"lives": lives})), 4
    )
    pages.write_assets(site)
    (site / "slides").mkdir()
    return pages.write_deck(pages.make(notebook, "small", site), site)


@pytest.fixture
def deck(offline, small_deck):
    """The deck on its first slide."""
    page = offline(small_deck)
    ready(page)
    return page


def ready(page):
    """Wait until the slide's explorers live."""
    page.wait_for_function("document.querySelector('.slide.here').dataset.ready === 'yes'")


def go(page, slide, shown="0"):
    page.evaluate(f"lectureDeck.go({slide}, {shown})")
    ready(page)


def at(page):
    """The number of the slide that is shown, from 0."""
    return page.evaluate("lectureDeck.slides.findIndex((each) => each.classList.contains('here'))")


def state(page, *names, nth=0):
    """Where the slide's explorer number ``nth`` stands."""
    state = page.evaluate(f"document.querySelectorAll('.slide.here .lecture')[{nth}].explorer.state")
    return tuple(state[name] for name in names)


def hidden(page):
    """Titles of the panels that a later press shows, and how many parts are not yet there."""
    return page.evaluate(
        """[[...document.querySelector('.slide.here .lecture').explorer.presses.hidden],
            document.querySelectorAll('.slide.here .part.later').length]"""
    )


BOX = [each["state"]["kernel"] for each in scripted_lab().presses if "kernel" in each["state"]]
STATES = [(1, BOX[0], 1), (2, BOX[0], 1), (2, BOX[1], 3), (2, BOX[1], 3), (2, BOX[1], 3)]
"""Stride, kernel and padding of the lab after 0, 1, … presses; the last one shows a part."""
HIDDEN = [[["output"], 1]] * 3 + [[[], 1], [[], 0]]


def test_each_press_takes_an_explorer_to_its_next_state_and_back_to_the_one_before(deck):
    go(deck, LAB)

    def seen():
        return (state(deck, "stride", "kernel", "padding"), hidden(deck))

    for key, places in (("PageDown", range(5)), ("PageUp", reversed(range(4)))):
        for place in places:
            if place or key == "PageUp":
                deck.keyboard.press(key)
            assert (at(deck), *seen()) == (LAB, STATES[place], HIDDEN[place])
    deck.keyboard.press("PageUp")
    assert at(deck) == FIRST
    deck.keyboard.press("PageDown")
    for _ in range(4):
        deck.keyboard.press("PageDown")
    deck.keyboard.press("PageDown")
    assert at(deck) == TWO
    deck.keyboard.press("PageUp")  # backwards the slide stands at its end
    assert (at(deck), *seen()) == (LAB, STATES[4], HIDDEN[4])


def test_a_hand_moves_an_explorer_between_presses_and_a_press_sets_only_what_it_names(deck):
    go(deck, LAB)
    slider = deck.locator(".slide.here").get_by_label("Padding", exact=True).first
    slider.focus()
    deck.keyboard.press("ArrowRight")
    assert state(deck, "stride", "padding") == (1, 2)
    deck.keyboard.press("PageDown")
    assert state(deck, "stride", "padding") == (2, 2)
    deck.keyboard.press("PageDown")
    assert state(deck, "stride", "padding") == (2, 3)
    slider.focus()
    deck.keyboard.press("ArrowRight")
    assert state(deck, "padding") == (4,)
    deck.keyboard.press("PageUp")
    assert state(deck, "stride", "kernel", "padding") == STATES[1]


def test_who_enters_a_slide_forwards_finds_its_explorer_at_its_start(deck):
    go(deck, LAB, 4)
    deck.locator(".slide.here").get_by_label("Stride", exact=True).first.focus()
    deck.keyboard.press("ArrowRight")
    start = state(deck, "row", "col")
    go(deck, FIRST)
    deck.keyboard.press("PageDown")
    assert (state(deck, "stride", "kernel", "padding"), hidden(deck)) == (STATES[0], HIDDEN[0])
    assert state(deck, "row", "col") != start
    assert state(deck, "row", "col") == (44, 52)


def test_presses_of_several_explorers_and_parts_come_in_the_order_of_the_page(deck):
    go(deck, TWO)
    expected = [(True, 10, 3, 3), (False, 10, 3, 3), (False, 9, 3, 3), (False, 9, 3, 2), (False, 9, 3, 1)]
    first = deck.evaluate("document.querySelectorAll('.slide.here .lecture')[0].explorer.state")
    expected = [
        (later, n if n == 9 else first["n"], first["f"], f if f < 3 else first["f"]) for later, n, _, f in expected
    ]
    for place, each in enumerate(expected):
        if place:
            deck.keyboard.press("PageDown")
        later = deck.locator(".slide.here .part.later").count() == 1
        assert (later, *state(deck, "n", "f"), *state(deck, "f", nth=1)) == each
    deck.keyboard.press("PageDown")
    assert at(deck) == END


def test_a_press_before_the_explorer_has_come_is_made_up_for(offline, small_deck):
    page = offline(small_deck)
    page.evaluate(
        """() => { lectureExplorers.held = lectureExplorers.modelOf; const hold = new Promise((resolve) => (window.release = resolve));
            lectureExplorers.modelOf = (id) => hold.then(() => lectureExplorers.held(id)); }"""
    )
    page.evaluate(f"lectureDeck.go({LAB})")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    assert at(page) == LAB
    page.evaluate("release()")
    ready(page)
    assert (state(page, "stride", "kernel", "padding"), hidden(page)) == (STATES[2], HIDDEN[2])


def test_on_a_page_that_is_no_deck_presses_change_and_hide_nothing(shown):
    page = shown(scripted_lab())
    found = page.evaluate(
        "[explorers[0].presses.hidden.size, explorers[0].readout.checkVisibility({ visibilityProperty: true }), explorers[0].state]"
    )
    assert found[:2] == [0, True] and found[2]["stride"] == 1


def test_what_a_later_press_shows_cannot_be_seen_before(deck):
    go(deck, LAB)
    painted = """() => { const { explorer } = document.querySelector('.slide.here .lecture');
        const { whole } = explorer.drawn.find(({ panel }) => panel.title === 'output');
        const ratio = explorer.canvas.width / explorer.width;
        const { data } = explorer.ctx.getImageData(...[whole.x, whole.y, whole.w, whole.h].map((each) => Math.round(each * ratio)));
        const counts = {};
        for (let at = 0; at < data.length; at += 4) counts[data[at]] = 1 + (counts[data[at]] ?? 0);
        return Math.max(...Object.values(counts)) / (data.length / 4); }"""
    assert deck.evaluate(painted) > 0.95  # of one colour
    assert not deck.locator(".slide.here .lecture-readout").is_visible()
    for _ in range(3):
        deck.keyboard.press("PageDown")
    assert deck.evaluate(painted) < 0.9
    assert deck.locator(".slide.here .lecture-readout").is_visible()
