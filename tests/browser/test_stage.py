"""A deck live on stage: what is shown first, explorers that Python answers, and the code behind a slide."""

import json
import urllib.request

import pytest

from tests.browser.small_stage import (
    BRANCH,
    DONE,
    FAILS,
    FIT,
    NUMBERS,
    SCRIPTED,
    answered,
    at,
    explorer,
    move,
    state,
    strip,
    words,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def deck(live):
    """The small deck on its first slide, every cell run."""
    return live


def test_who_has_no_token_is_asked_for_it(stage):
    for token, seen in (("", False), (f"?token={stage.token}", True)):
        with urllib.request.urlopen(f"{stage.url}/stage/slides/small.html{token}") as answer:  # noqa: S310 - loopback only
            assert (b'class="slide"' in answer.read()) == seen


def test_a_deck_has_one_python_which_was_started_before_the_page(deck, stage):
    with urllib.request.urlopen(f"{stage.url}/api/kernels?token={stage.token}") as answer:  # noqa: S310 - loopback only
        assert [each["id"] for each in json.load(answer)] == [deck.evaluate("lectureLive.kernel.id")]


def test_an_explorer_that_needs_python_answers_on_its_slide(deck):
    explorer(deck, BRANCH)
    before, told = words(deck), state(deck)["filters"]
    move(deck, "filters")
    deck.wait_for_function(
        "(before) => document.querySelector('.slide.here .lecture-words').innerText !== before", arg=before
    )
    answered(deck)
    assert state(deck)["filters"] == told + 1
    assert strip(deck) == ""


def test_what_a_cell_gives_stands_where_it_was_recorded_and_is_brought_up_to_date(deck):
    deck.evaluate(f"lectureDeck.go({NUMBERS}, Infinity)")
    assert [each.strip() for each in deck.locator(".slide.here .outputs").all_inner_texts()] == [
        "42",
        "shown later",
        "more of it True",
    ]
    deck.evaluate("""lectureLive.kernel.run("shown.update({'text/plain': 'shown last'}, raw=True)")""")
    deck.locator(".slide.here").get_by_text("shown last").wait_for()


def test_a_cell_that_fails_leaves_what_was_recorded_and_only_a_line_in_the_corner_says_so(deck):
    assert strip(deck) == ""
    deck.evaluate(f"lectureDeck.go({FAILS})")
    assert deck.locator(".slide.here").inner_text().split("\n\n") == ["recorded before", "Numbers"]  # its section
    assert strip(deck) == "A cell stopped, the slide shows what was recorded. AssertionError: made to fail"
    deck.evaluate(f"lectureDeck.go({FIT})")
    assert strip(deck) == ""
    assert deck.evaluate("lectureLive.cells.filter((each) => each.state === 'failed').length") == 1  # and no check


def test_enter_double_click_escape_and_typed_letters_break_nothing(deck):
    explorer(deck, BRANCH)
    answered(deck)
    before = deck.evaluate(
        "[document.querySelector('.slide.here').innerText, lectureLive.kernel.id, lectureLive.models.size]"
    )
    for key in ("Enter", "Escape", "x", "d", "d", "a", "b", "m", "y", "z", "0", "0", "i", "r", "Delete", "Shift+Enter"):
        deck.keyboard.press(key)
    deck.mouse.dblclick(640, 15)
    deck.wait_for_timeout(300)
    assert at(deck) == BRANCH
    assert before == deck.evaluate(
        "[document.querySelector('.slide.here').innerText, lectureLive.kernel.id, lectureLive.models.size]"
    )
    move(deck, "filters")
    answered(deck)


def test_presses_take_an_explorer_to_states_that_python_computes_and_a_reload_stays_there(deck):
    explorer(deck, SCRIPTED)
    said = [words(deck)]
    for _ in range(2):
        deck.keyboard.press("PageDown")
        answered(deck)
        said.append(words(deck))
    assert at(deck) == SCRIPTED and len(set(said)) == 3
    stands = state(deck)
    deck.reload()
    deck.wait_for_function("document.querySelector('.slide.here .lecture')?.explorer")
    assert (at(deck), state(deck), words(deck)) == (SCRIPTED, stands, said[2])
    deck.wait_for_function(DONE)
    for before in (said[1], said[0]):
        deck.keyboard.press("PageUp")
        answered(deck)
        assert words(deck) == before
    deck.keyboard.press("PageUp")
    assert at(deck) == FIT


def test_an_enlarged_explorer_takes_the_pointer_where_it_is_and_is_as_sharp_as_the_projector(deck):
    deck.set_viewport_size({"width": 1920, "height": 1080})
    explorer(deck, FIT)
    deck.wait_for_function(
        """() => {
            const canvas = document.querySelector('.slide.here canvas');
            return canvas.getBoundingClientRect().width > 1300 && Math.abs(canvas.width - canvas.getBoundingClientRect().width) <= 2;
        }"""
    )
    place = """() => {
        const [canvas, { drawn }] = [document.querySelector('.slide.here canvas'), document.querySelector('.slide.here .lecture').explorer];
        const [{ x, y, width }, { grid }] = [canvas.getBoundingClientRect(), drawn.at(-1)];
        const scale = width / canvas.clientWidth;
        return [x + scale * (grid.x + 2.5 * grid.cell), y + scale * (grid.y + 2.5 * grid.cell)];
    }"""
    found = "([x, y]) => (({ row, col }) => row === 2 && col === 2)(document.querySelector('.slide.here .lecture').explorer.state)"
    for _ in range(100):  # a slide that has just been shown may still be laid out anew
        where = deck.evaluate(place)
        deck.mouse.move(*where)
        deck.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if deck.evaluate(place) == where and deck.evaluate(found, where):
            return
    pytest.fail("the pointer does not reach the place that it shows")


def test_slides_are_readable_from_the_back_row(deck):
    """Prose has a 36th of the height or more, code a 45th, and short code as much as its lines allow."""
    size = "(each) => parseFloat(getComputedStyle(each).fontSize)"
    assert deck.locator(".slide.here p").first.evaluate(size) >= 20
    deck.evaluate(f"lectureDeck.go({NUMBERS}, Infinity)")
    assert deck.locator(".slide.here .code pre").first.evaluate(size) >= 16


# ---------------------------------------------------------------- live coding


@pytest.fixture
def lab(deck):
    """JupyterLab as e opens it from the slide with numbers."""
    deck.evaluate(f"lectureDeck.go({NUMBERS})")
    with deck.expect_popup() as popup:
        deck.keyboard.press("e")
    popup.value.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000
    )
    yield popup.value
    popup.value.close()


ACTIVE = "window.jupyterapp.shell.currentWidget.content.activeCell"


def leads_to(deck, lab, slide):
    """Wait until JupyterLab stands at the first code of a slide."""
    (wanted,) = deck.evaluate(f"[lectureLive.cells.find((each) => each.slide === {slide}).id]")
    lab.wait_for_function(f"(wanted) => {ACTIVE}?.model.id === wanted", arg=wanted)


def test_one_key_opens_the_slides_code_in_jupyterlab_with_the_same_python_and_what_is_saved_there_stays(
    deck, lab, stage
):
    leads_to(deck, lab, NUMBERS)
    kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"
    assert lab.evaluate(kernel) == deck.evaluate("lectureLive.kernel.id")
    lab.evaluate(f"{ACTIVE}.model.sharedModel.setSource('typed = 6 * 9\\nprint(typed)')")
    lab.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    lab.locator(".jp-OutputArea").get_by_text("54").wait_for()
    lab.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    assert deck.evaluate("lectureLive.kernel.run('assert typed == 54').then(({ status }) => status)") == "ok"
    assert "typed = 6 * 9" in (stage.folder / "present" / "small.ipynb").read_text("utf-8")
    assert "typed" not in (stage.folder / "small.ipynb").read_text("utf-8")


def test_the_same_key_leads_the_open_jupyterlab_to_the_slide_that_is_shown_now(deck, lab):
    leads_to(deck, lab, NUMBERS)
    lab.evaluate(f"{ACTIVE}.model.sharedModel.setSource('typed = 1')")
    deck.evaluate(f"lectureDeck.go({FIT})")
    deck.keyboard.press("e")
    leads_to(deck, lab, FIT)
    sources = "[...window.jupyterapp.shell.currentWidget.content.model.cells].map((each) => each.sharedModel.source)"
    assert "typed = 1" in lab.evaluate(sources)
    lab.evaluate("window.jupyterapp.shell.currentWidget.context.revert()")  # or it would ask before it closes
