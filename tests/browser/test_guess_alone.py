"""A guess on a page without a server: it is made first, and the page itself says how far off it is."""

import re

import pytest

from lecture_lib.chapters import convolution, motivation, pooling
from lecture_lib.practice import Choice, Guess, Number
from lecture_lib.practice.guess import make_guess
from tests.chapters.found import CHAPTERS

pytestmark = pytest.mark.usefixtures("own_progress")


def balls(**how):
    return make_guess("T1", Guess("How many?", Number(unit="balls", **how), lambda: 16, "Four **times** four."))


def text(page, at=0):
    return " ".join(page.locator(".lecture-guess").nth(at).inner_text().split())


def opened(page, said):
    """What is said to a guess of one number."""
    field = page.get_by_role("textbox")
    field.fill(said)
    field.press("Enter")
    words = text(page)
    page.keyboard.press("Enter")  # on Undo, where the focus is now
    return words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("16", "It is 16 balls: ✓ right."), ("15", "one off."), ("17,0", "one off."), ("14", "two off."), ("11", "5 too few."),
        ("48", "3 times too many."), ("4", "4 times too few."), ("−16", "32 too few."), ("16 million", "about 10⁶ times too many."),
        ("33/2", "0.5 too many."),
    ],
)  # fmt: skip
def test_a_number_is_compared_in_plain_words(shown, said, words):
    assert words in opened(shown(balls(), alone=True), said)


@pytest.mark.parametrize(
    ("said", "words"), [("17", "close, 6 % too many."), ("1.6", "10 times too few."), ("16.1", "close, 1 % too many.")]
)
def test_where_only_the_order_counts_a_factor_is_said(shown, said, words):
    assert words in opened(shown(balls(times=True), alone=True), said)


def test_nothing_on_the_page_tells_the_answer_before_show(shown):
    page = shown(balls(), alone=True)
    named = re.compile(page.evaluate("document.querySelector('.lecture-guess [id]').id").rpartition("-")[0] + r"-\d+")
    markup = named.sub("", page.locator(".lecture-guess").inner_html())  # names of parts are drawn by lot
    for seen in (markup, page.locator(".lecture").text_content()):
        assert "16" not in seen
        assert "four" not in seen


def test_show_asks_for_a_guess_first_and_opens_without_one_at_the_second_press(shown):
    page = shown(balls(), alone=True)
    page.get_by_role("button", name="Show").click()
    assert "Make a guess first: any will do." in text(page)
    assert "16" not in text(page)
    page.get_by_role("button", name="Show without guess").click()
    assert "It is 16 balls." in text(page)
    assert "You said" not in text(page)


def test_what_is_no_number_is_said_and_nothing_opens(shown):
    page = shown(balls(low=0, high=20), alone=True)
    for said in ("many", "21", "-1"):
        page.get_by_role("textbox").fill(said)
        page.get_by_role("button", name="Show").click()
        assert "A number from 0 to 20, please." in text(page)
    assert page.evaluate("models[0].state._state.guess") is None


def test_undo_lets_one_guess_again_by_keyboard_alone(shown):
    page = shown(balls(), alone=True)
    page.get_by_role("textbox").focus()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    assert "You said It is 16 balls: 4 too few. Undo Four times four." in text(page)
    page.keyboard.press("Enter")
    assert "16" not in text(page)
    page.keyboard.press("Control+A")
    page.keyboard.type("16")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "✓ right." in text(page)


def test_python_is_told_at_once_and_what_was_guessed_before_stands_there(shown):
    explorer = make_guess("T1", Guess("Which?", Choice(("red", "blue")), lambda: "blue", "It is."))
    page = shown(explorer)
    page.get_by_role("radio", name="red").check()
    page.get_by_role("button", name="Show").click()
    state = page.evaluate("models[0].state._state")
    assert state == {"guess": {"said": [0], "open": True}}
    explorer.set_state({"_state": state})
    page = shown(make_guess("T1", Guess("Which?", Choice(("red", "blue")), lambda: "blue", "It is.")))
    assert "It is blue: another one. Undo It is." in text(page)
    assert page.get_by_role("radio", name="red").is_checked()


def test_what_was_said_to_one_guess_stays_when_another_brings_the_same_script_again(shown):
    names = []
    for _ in range(2):  # as two cells of a notebook do
        page = shown(make_guess("T1", Guess("Which?", Choice(("red", "blue")), lambda: "blue", "It is.")), alone=True)
        names.append(page.get_by_role("radio", name="red").get_attribute("name"))
    assert names[0] != names[1]  # radios of one name are one question


def test_a_place_is_marked_by_mouse_and_by_arrow_keys(shown):
    page = shown(pooling.guess("P6"), alone=True)
    cells = page.locator(".lecture-guess-cells button")
    cells.first.click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert cells.nth(5).get_attribute("aria-pressed") == "true"
    for field, said in zip(page.get_by_role("textbox").all(), ("4", "16"), strict=True):
        field.fill(said)
    page.get_by_role("button", name="Show").click()
    assert text(page).count("✓ right") == 3
    assert page.locator(".lecture-measured").count() == 4


@pytest.mark.parametrize("name", CHAPTERS)
def test_whoever_knows_is_told_so(shown, name):
    desk = CHAPTERS[name].desk
    for key in desk.guesses:
        explorer = desk.guess(key)
        parts = explorer.controls[0]["parts"]
        page = shown(explorer, alone=True)
        rows = page.locator(".lecture-guess-part")
        for at, part in enumerate(parts):
            if part["kind"] == "choice":
                rows.nth(at).get_by_role("radio").nth(part["measured"]).check()
            elif part["kind"] == "mark":
                row, col = part["measured"][0]
                rows.nth(at).get_by_role("button").nth(row * len(part["cells"][0]) + col).click()
            else:
                rows.nth(at).get_by_role("textbox").fill(repr(part["measured"]))
        page.get_by_role("button", name="Show").click()
        assert text(page).count("✓ right") == len(parts), key


def test_a_question_and_its_fields_stand_in_one_row_where_there_is_room(shown, page):
    page.set_viewport_size({"width": 1280, "height": 720})
    shown(convolution.guess("C1"), alone=True)
    question, show = (page.locator(f".lecture-{each}").bounding_box() for each in ("guess-question", "show"))
    assert abs(question["y"] + question["height"] / 2 - show["y"] - show["height"] / 2) < 5
    assert show["y"] + show["height"] - page.locator(".lecture-guess").bounding_box()["y"] < 90
    shown(motivation.guess("M check"), alone=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("key", ["C1", "C2", "C6", "C10", "C13"])
@pytest.mark.parametrize("width", [1280, 1000])
def test_the_room_of_the_answer_is_kept_from_the_start_and_nothing_below_jumps(shown, page, key, width):
    page.set_viewport_size({"width": width, "height": 720})
    shown(convolution.guess(key), alone=True)
    card, radio = page.locator(".lecture-guess"), page.get_by_role("radio")
    page.wait_for_function("document.querySelector('.lecture-guess').style.minHeight")
    before, parts = card.bounding_box()["height"], len(convolution.guess(key).controls[0]["parts"])
    assert card.evaluate("(each) => each.parentElement.querySelectorAll('.lecture-guess').length") == 1
    if radio.count():
        radio.first.check()
        page.set_viewport_size({"width": width - 40, "height": 720})
        page.wait_for_timeout(100)
        assert radio.first.is_checked()
        page.set_viewport_size({"width": width, "height": 720})
        page.wait_for_timeout(100)
    for field in page.get_by_role("textbox").all():
        field.fill("7")
    page.get_by_role("button", name="Show").click()
    assert text(page).count("It is") == parts
    assert card.bounding_box()["height"] <= before + 1


def test_an_index_is_set_lower(shown):
    page = shown(
        make_guess(
            "T1", Guess("What is **M_g** there?", Choice(("M_g x", "one_two")), lambda: "M_g x", "So M_g turns D_a_b.")
        )
    )
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Show").click()
    assert page.locator(".lecture-guess p sub").all_inner_texts() == ["g", "g"]
    assert "So Mg turns D_a_b." in text(page)
