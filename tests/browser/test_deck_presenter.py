"""The presenter window of a deck: it follows the deck, shows notes and what comes next, and steps it."""

import pytest

from tests.browser.small_deck import FIRST, LAB, TWO, at, dialog, go, ready, state

PLAN = """([at, elapsed, short]) => { lectureDeck.short = short; return [lectureDeck.starts(), lectureDeck.late(at, elapsed)]; }"""


@pytest.fixture
def presenter(deck):
    """The presenter window of the small deck."""
    with deck.context.expect_page() as opened:
        deck.keyboard.press("n")
    window = opened.value
    problems = []
    window.on("pageerror", lambda error: problems.append(str(error)))
    window.wait_for_selector(".desk .copy")
    yield window
    window.close()
    assert problems == []


def stands(presenter, number):
    """Wait until the window shows that slide, counted from 1, and its picture."""
    presenter.wait_for_function(
        """(number) => document.querySelector('.desk .now b').textContent === String(number)
            && document.querySelector('.desk .copy')?.getAttribute('aria-label')?.startsWith(`${number} `)""",
        arg=number,
    )


def test_the_window_follows_the_deck_with_notes_and_the_next_press(deck, presenter):
    go(deck, LAB)
    stands(presenter, 2)
    assert presenter.locator(".title").inner_text() == "A kernel slides"
    assert [each.split(".")[0] for each in presenter.locator(".words p").all_inner_texts()] == ["Say", "Expect", "Late"]
    assert "[30:00]" not in presenter.locator(".words").inner_text()
    for presses, said in enumerate(("Stride 2", "Kernel Box blur, Padding 3", "output", "on this slide")):
        go(deck, LAB, presses)
        presenter.wait_for_function(
            "said => document.querySelectorAll('.desk .now > h2 span')[1].textContent === said", arg=said
        )
    go(deck, LAB, "Infinity")
    presenter.wait_for_function(
        "document.querySelectorAll('.desk .copy')[1].getAttribute('aria-label').startsWith('3 ')"
    )
    deck.keyboard.press("End")
    stands(presenter, 5)
    assert presenter.locator(".now > h2").nth(1).inner_text().split() == ["Next", "press", "the", "end"]


def test_the_picture_shows_the_explorer_as_it_stands(deck, presenter):
    go(deck, LAB)
    field = ".desk .copy input[type=text]"
    presenter.wait_for_function(f"document.querySelector('{field}')?.value === '1'")
    deck.keyboard.press("PageDown")
    presenter.wait_for_function(f"document.querySelector('{field}').value === '2'")
    assert presenter.locator(".desk .copy img.painted").count() == 2 and presenter.locator(".desk canvas").count() == 0


def test_keys_and_buttons_of_the_window_step_the_deck(deck, presenter):
    presenter.bring_to_front()
    presenter.keyboard.press("PageDown")
    deck.wait_for_function("lectureDeck.at === 1")
    ready(deck)
    presenter.get_by_role("button", name="Next ›").click()
    deck.wait_for_function("lectureDeck.shown === 1")
    assert state(deck, "stride") == (2,)
    presenter.get_by_role("button", name="Back").click()
    deck.wait_for_function("lectureDeck.shown === 0")
    presenter.keyboard.press("g")
    presenter.keyboard.type("two")
    presenter.keyboard.press("Enter")
    deck.wait_for_function("lectureDeck.at === 2")
    stands(presenter, 3)
    presenter.keyboard.press("o")
    for key in ("ArrowLeft", "ArrowLeft", "Enter"):
        presenter.keyboard.press(key)
    deck.wait_for_function("lectureDeck.at === 0")
    presenter.keyboard.press("b")
    deck.wait_for_selector(".black:visible")
    presenter.keyboard.press("PageDown")
    deck.wait_for_selector(".black", state="hidden")
    assert at(deck) == FIRST
    presenter.keyboard.press("x")
    deck.wait_for_function("lectureDeck.short")


def test_the_clock_begins_with_the_second_slide_and_can_be_set_to_the_slide(deck, presenter):
    assert presenter.locator(".since").inner_text() == "–"
    deck.keyboard.press("PageDown")
    presenter.wait_for_function("document.querySelector('.since').textContent.startsWith('30:')")
    assert presenter.locator(".late").inner_text() == "on time"
    go(deck, TWO)
    stands(presenter, 3)
    presenter.wait_for_function("/^\\d:\\d\\d ahead$/.test(document.querySelector('.late').textContent)")
    presenter.get_by_role("button", name="Clock to this slide").click()
    presenter.wait_for_function("document.querySelector('.late').textContent === 'on time'")
    presenter.keyboard.press("c")
    presenter.keyboard.type("5")
    presenter.keyboard.press("Enter")
    presenter.wait_for_function("/^[45]:\\d\\d$/.test(document.querySelector('.left').textContent)")
    deck.wait_for_selector(".countdown:visible")


@pytest.mark.parametrize(
    ("at", "elapsed", "short", "starts", "late"),
    [
        (1, 1900, False, [0, 1800, 2400, 3000, 3600], 0), (1, 1790, False, [0, 1800, 2400, 3000, 3600], -10), (1, 2430, False, [0, 1800, 2400, 3000, 3600], 30),
        (4, 5000, False, [0, 1800, 2400, 3000, 3600], 0), (3, 2380, True, [0, 1800, 2400, 2400, 3000], -20), (1, 2410, True, [0, 1800, 2400, 2400, 3000], 10),
    ],
)  # fmt: skip
def test_how_late_it_is_follows_from_the_minute_marks_without_the_slides_that_are_cut(
    deck, at, elapsed, short, starts, late
):
    assert deck.evaluate(PLAN, [at, elapsed, short]) == [starts, late]


def test_a_deck_that_is_loaded_anew_finds_its_window_and_the_clock_goes_on(deck, presenter):
    deck.keyboard.press("PageDown")
    stands(presenter, 2)
    began = deck.evaluate("lectureDeck.began")
    deck.reload()
    ready(deck)
    deck.keyboard.press("Home")
    stands(presenter, 1)
    assert deck.evaluate("lectureDeck.began") == began
    assert dialog(presenter, "Keys").count() == 0
    presenter.keyboard.press("?")
    assert dialog(presenter, "Keys").count() == 1
