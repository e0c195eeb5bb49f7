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
    ("## Two explorers", "slide", "cut"),
    (lambda: does_it_fit().scripted({"n": 9}), "fragment"),
    (lambda: does_it_fit().scripted({"f": 2}, {"f": 1}), ""),
    ("## The end", "slide"),
)
FIRST, LAB, TWO, END = range(4)


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
    page.evaluate("sessionStorage.clear()")
    page.reload()
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


# ---------------------------------------------------------------- keys


def dialog(page, name):
    return page.get_by_role("dialog", name=name)


def test_help_lists_every_key_and_escape_closes_it(deck):
    deck.keyboard.press("?")
    listed = dialog(deck, "Keys").locator("kbd").all_inner_texts()
    assert set(listed) >= {*"gobpwlrcxnf?.", "PageDown", "PageUp", "Space", "Esc"} and len(listed) == len(set(listed))
    deck.keyboard.press("Escape")
    assert dialog(deck, "Keys").count() == 0


@pytest.mark.parametrize(("typed", "slide"), [("3", TWO), ("expl TWO", TWO), ("kernel", LAB), ("4", END)])
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
    assert buttons.locator("> span > b").all_inner_texts() == ["1", "2", "3", "4"]
    deck.wait_for_function("document.querySelectorAll('.overview .slide.copy').length === 4")
    assert deck.evaluate("lectureDeck.slides.length") == 4 and deck.locator(".slide.here .lecture").count() == 1
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "Enter"):
        deck.keyboard.press(key)
    assert (at(deck), deck.locator("dialog[open]").count()) == (TWO, 0)


def test_a_picture_of_a_slide_shows_what_its_explorer_shows_and_nothing_lives_in_it(deck):
    go(deck, LAB, 4)
    deck.keyboard.press("o")
    deck.wait_for_function("document.querySelectorAll('.overview .slide.copy').length === 4")
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
    assert state(deck, "stride", "kernel", "padding") == STATES[1]


def test_a_short_lecture_leaves_out_the_slides_that_are_marked(deck):
    go(deck, LAB, "Infinity")
    deck.keyboard.press("x")
    deck.keyboard.press("PageDown")
    assert at(deck) == END
    deck.keyboard.press("PageUp")
    assert at(deck) == LAB
    assert deck.locator(".place").inner_text() == "2 / 4 · short"
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
