"""A small deck without Python, and what tests of the player ask of a deck."""

import base64
import json

import nbformat

from lecture_lib.chapters.convolution import BOX_BLUR
from lecture_lib.chapters.convolution.does_it_fit import does_it_fit
from lecture_lib.chapters.convolution.lab import convolution_lab
from lecture_lib.practice import vote
from tools.site import pages
from tools.site.cells import WIDGET
from tools.site.collect import life


def scripted_lab():
    return convolution_lab().scripted({"stride": 2}, {"kernel": "box_blur", "padding": 3}, {"show": ["output"]})


CELLS = (
    ("# First\n\nA title.", "slide"),
    ("[0:00] **Say.** (a) Good morning. (b) Look.", "notes"),
    ("## A kernel slides", "slide"),
    ("[30:00] **Say.** (a) It slides.\n\n**Expect.** Two.\n\n**Late.** Skip.", "notes"),
    (scripted_lab, ""),
    ("Said last.", "fragment"),
    ("## Two explorers", "slide", "cut"),
    (lambda: does_it_fit().scripted({"n": 9}), "fragment"),
    (lambda: does_it_fit().scripted({"f": 2}, {"f": 1}), ""),
    ("[40:00] Nothing to say.", "notes"),
    ("## A poll", "slide"),
    (lambda: vote(BOX_BLUR), ""),
    ("[50:00] Count.", "notes"),
    ("## The end", "slide"),
    ("[60:00] **Say.** Thank you.", "notes"),
)
FIRST, LAB, TWO, POLL, END = range(5)


def made(source, slide, *tags):
    """A cell of the small deck, and the lives of the explorers in it."""
    metadata = {"slideshow": {"slide_type": slide}, "tags": list(tags)}
    if isinstance(source, str):
        return nbformat.v4.new_markdown_cell(source, metadata=metadata), {}
    explorer = source()
    data, about = explorer._repr_mimebundle_()
    data = {WIDGET: {"model_id": explorer.model_id}, "image/png": base64.b64encode(data["image/png"]).decode()}
    output = nbformat.v4.new_output("display_data", data, metadata=about)
    cell = nbformat.v4.new_code_cell("", outputs=[output], metadata=metadata | {"tags": ["fold", *tags]})
    return cell, {explorer.model_id: life(explorer)}


def make(site):
    """The file of the deck of CELLS."""
    cells, lives = zip(*(made(*each) for each in CELLS), strict=True)
    lives = json.dumps({id_: each for one in lives for id_, each in one.items()})
    notebook = nbformat.reads(
        nbformat.writes(nbformat.v4.new_notebook(cells=list(cells), metadata={"lives": lives})), 4
    )
    pages.write_assets(site)
    (site / "slides").mkdir()
    return pages.write_deck(pages.make(notebook, "small", site), site)


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


def dialog(page, name):
    """What is open above the slides."""
    return page.get_by_role("dialog", name=name)
