"""Keys of a deck: ways to a slide, black screen, ink, pointer, countdown, a short lecture."""

import pytest

from tests.browser.small_deck import END, FIRST, LAB, POLL, TWO, at, dialog, go, state


def test_help_lists_every_key_and_escape_closes_it(deck):
    deck.keyboard.press("?")
    listed = dialog(deck, "Keys").locator("kbd").all_inner_texts()
    assert set(listed) >= {*"gobpwlrcxnf?.", "PageDown", "PageUp", "Space", "Esc"} and len(listed) == len(set(listed))
    deck.keyboard.press("Escape")
    assert dialog(deck, "Keys").count() == 0


@pytest.mark.parametrize(("typed", "slide"), [("3", TWO), ("expl TWO", TWO), ("kernel", LAB), ("5", END)])
def test_a_slide_is_found_by_its_number_or_by_words_of_its_title(deck, typed, slide):
    deck.keyboard.press("g")
    deck.keyboard.type(typed)
    assert dialog(deck, "Go to a slide").get_by_role("button").count() == 1
    deck.keyboard.press("Enter")
    assert (at(deck), deck.locator("dialog[open]").count()) == (slide, 0)


def test_all_slides_are_pictures_among_which_arrow_keys_choose(deck):
    go(deck, LAB)
    deck.keyboard.press("o")
    buttons = dialog(deck, "All slides").get_by_role("button")
    assert buttons.locator("> span > b").all_inner_texts() == ["1", "2", "3", "4", "5"]
    deck.wait_for_function("document.querySelectorAll('.overview .slide.copy').length === 5")
    assert deck.evaluate("lectureDeck.slides.length") == 5 and deck.locator(".slide.here .lecture").count() == 1
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "Enter"):
        deck.keyboard.press(key)
    assert (at(deck), deck.locator("dialog[open]").count()) == (TWO, 0)


def test_a_picture_of_a_slide_shows_what_its_explorer_shows_and_nothing_lives_in_it(deck):
    go(deck, LAB, 4)
    deck.keyboard.press("o")
    deck.wait_for_function("document.querySelectorAll('.overview .slide.copy').length === 5")
    assert deck.evaluate(
        """[...document.querySelectorAll('.overview button')][1].querySelector('canvas').toDataURL() ===
            document.querySelector('.slide.here canvas').toDataURL()"""
    )
    assert (
        deck.evaluate("document.querySelectorAll('.copy [id], .copy [data-explorer], .copy [data-presses]').length")
        == 0
    )
    assert deck.evaluate("[...document.querySelectorAll('.copy')].every((each) => each.closest('[inert]'))")


@pytest.mark.parametrize("key", ["b", "."])
def test_a_black_screen_ends_by_its_key_or_the_remote_and_no_slide_is_lost(deck, key):
    black = deck.locator(".black")
    deck.keyboard.press(key)
    assert black.is_visible()
    deck.keyboard.press(key)
    assert not black.is_visible()
    deck.keyboard.press(key)
    deck.keyboard.press("PageDown")
    assert (black.is_visible(), at(deck)) == (False, FIRST)


def test_ink_stays_with_its_slide_survives_a_resize_and_a_reload_and_is_wiped(deck):
    def inked():
        """Where there is ink, in shares of the slide: its left, top, right and bottom edge."""
        return deck.evaluate(
            """() => { const canvas = document.querySelector('canvas.ink');
                const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                const scale = lectureFit.scale(), left = (innerWidth - 1280 * scale) / 2, top = (innerHeight - 720 * scale) / 2;
                let box = null;
                for (let i = 3; i < data.length; i += 4) if (data[i]) {
                    const x = (((i - 3) / 4) % width - left) / scale, y = (Math.floor((i - 3) / 4 / width) - top) / scale;
                    box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y];
                }
                return box && box.map(Math.round); }"""
        )

    deck.keyboard.press("p")
    deck.mouse.move(320, 180)
    deck.mouse.down()
    deck.mouse.move(640, 360, steps=5)
    deck.mouse.up()
    deck.keyboard.press("p")
    drawn = inked()
    assert drawn == pytest.approx([318, 178, 642, 362], abs=3)
    deck.keyboard.press("PageDown")
    assert inked() is None
    deck.keyboard.press("PageUp")
    deck.set_viewport_size({"width": 1000, "height": 720})
    deck.wait_for_function("document.querySelector('canvas.ink').width === 1000")
    assert inked() == pytest.approx(drawn, abs=3)
    deck.reload()
    assert inked() == pytest.approx(drawn, abs=3)
    deck.keyboard.press("w")
    assert inked() is None


def test_the_pointer_is_a_dot_that_follows_the_hand(deck):
    deck.keyboard.press("l")
    deck.mouse.move(500, 300)
    box = deck.locator(".dot").bounding_box()
    assert (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) == (500, 300)
    deck.keyboard.press("l")
    assert not deck.locator(".dot").is_visible()


def test_the_mouse_pointer_goes_when_nobody_moves_it_and_comes_back(deck):
    cursor = "getComputedStyle(document.querySelector('.slide.here')).cursor"
    deck.mouse.move(300, 300)
    assert deck.evaluate(cursor) != "none"
    deck.wait_for_function(f"{cursor} === 'none'")
    deck.mouse.move(310, 300)
    assert deck.evaluate(cursor) != "none"


def test_reset_takes_the_explorer_to_where_the_presses_have_brought_it(deck):
    go(deck, LAB)
    deck.keyboard.press("PageDown")
    slider = deck.locator(".slide.here").get_by_label("Padding", exact=True).first
    for _ in range(2):
        slider.press("ArrowRight")
    assert state(deck, "stride", "padding") == (2, 3)
    deck.keyboard.press("r")
    assert state(deck, "stride", "padding") == (2, 1)


def test_a_short_lecture_leaves_out_the_slides_that_are_marked(deck):
    go(deck, LAB, "Infinity")
    deck.keyboard.press("x")
    deck.keyboard.press("PageDown")
    assert at(deck) == POLL
    deck.keyboard.press("PageUp")
    assert at(deck) == LAB
    assert deck.locator(".place").inner_text() == "2 / 5 · short"
    deck.keyboard.press("x")
    deck.keyboard.press("PageDown")
    assert at(deck) == TWO


def test_a_countdown_has_the_goal_that_was_set_and_goes_when_it_is_emptied(deck):
    shown = deck.locator(".countdown")
    for typed, seen in (("5", True), ("12.5", True), ("23:59", True), ("", False)):
        deck.keyboard.press("c")
        deck.keyboard.type(typed)
        deck.keyboard.press("Enter")
        assert (deck.locator("dialog[open]").count(), shown.is_visible()) == (0, seen)
    deck.keyboard.press("c")
    deck.keyboard.type("25:00")
    deck.keyboard.press("Enter")
    assert dialog(deck, "Countdown").get_by_role("textbox").get_attribute("aria-invalid") == "true"
    minute = 60_000
    goals = deck.evaluate(
        """(() => { const now = new Date(2026, 0, 1, 10, 30).getTime();
            return ['5', '0.5', '1,5', '10:45', '10:15', '10:61', 'x', ''].map((words) => (lectureDeck.goalOf(words, now) ?? NaN) - now); })()"""
    )
    assert goals[:5] == [5 * minute, minute / 2, 1.5 * minute, 15 * minute, (24 * 60 - 15) * minute]
    assert all(goal != goal for goal in goals[5:])
    assert deck.evaluate("[65, -5, 0, 3661].map(lectureDeck.clock)") == ["1:05", "−0:05", "0:00", "1:01:01"]


def test_keys_do_nothing_while_somebody_types(deck):
    go(deck, LAB)
    field = deck.locator(".slide.here").get_by_label("Padding, as a number")
    field.focus()
    for key in "gobpwlrcxnf?. ":
        deck.keyboard.press(key)
    assert deck.locator("dialog[open]").count() == 0 and not deck.locator(".black").is_visible()
    assert deck.evaluate("[document.body.matches('.pen, .pointer'), lectureDeck.short, lectureDeck.at]") == [
        False,
        False,
        LAB,
    ]


@pytest.mark.parametrize(
    ("words", "slide"), [("#3", TWO), ("#two-explorers", TWO), ("#kernel-slides", LAB), ("#End", END), ("#", FIRST), ("#nowhere", FIRST), ("#99", END)]
)  # fmt: skip
def test_an_address_leads_to_a_slide_by_number_or_by_words_of_its_title(offline, small_deck, words, slide):
    page = offline(small_deck, words)
    assert at(page) == slide
    page.evaluate("location.hash = 'a-kernel-slides'")
    page.wait_for_function("lectureDeck.at === 1")


def test_hands_of_a_poll_are_counted_unseen_then_shown_as_bars_then_answered(deck):
    go(deck, POLL)
    fields = deck.locator(".slide.here .lecture-hands")

    def look(nth):
        return fields.nth(nth).evaluate("each => getComputedStyle(each).color")

    for key in ("+", "+", "-", "+", "Enter", "1", "7", "Enter", "ArrowUp", "+"):
        deck.keyboard.press(key)
    assert state(deck, "counts", "answer") == ([2, 17, 2, 0, 0], None) and at(deck) == POLL
    assert look(1) == "rgba(0, 0, 0, 0)" and not deck.locator(".slide.here small").first.is_visible()
    deck.keyboard.press("PageDown")
    assert look(1) != "rgba(0, 0, 0, 0)" and state(deck, "answer") == (None,)
    shares = deck.evaluate(
        "[...document.querySelectorAll('.slide.here .lecture-answers label')].map((each) => parseFloat(each.style.getPropertyValue('--share')))"
    )
    assert shares == pytest.approx([200 / 21, 1700 / 21, 200 / 21, 0, 0])
    assert deck.locator(".slide.here .lecture-is-right").count() == 0
    deck.keyboard.press("PageDown")
    assert (
        deck.locator(".slide.here .lecture-is-right").count() == 1
        and deck.locator(".slide.here small").first.is_visible()
    )
    deck.keyboard.press("PageUp")
    deck.keyboard.press("PageUp")
    assert state(deck, "counts", "counted", "answer") == ([2, 17, 2, 0, 0], 0, None)
