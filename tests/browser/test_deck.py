"""Presses of a deck: each shows a part of the slide or takes an explorer to its next state, and back."""

from tests.browser.small_deck import FIRST, LAB, POLL, TWO, at, go, hidden, ready, scripted_lab, state

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
    assert at(deck) == POLL


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


def test_an_explorer_that_comes_moved_after_its_slide_was_entered_is_taken_to_the_start(offline, small_deck):
    page = offline(small_deck)
    page.wait_for_function(
        "[...lectureDeck.slides[1].querySelectorAll('.explorer')].every((each) => each.querySelector('.lecture'))"
    )
    page.evaluate(
        """() => { const held = lectureExplorers.modelOf, hold = new Promise((resolve) => (window.release = resolve));
            lectureExplorers.modelOf = (id) => hold.then(() => held(id)).then((model) => {
                model.state._state = { ...model.state._state, padding: 4 }; // as a hand had left it
                return model; }); }"""
    )
    page.evaluate("""async () => { for (const each of lectureDeck.slides[1].querySelectorAll('.explorer')) {
        await lectureExplorers.end(each); each.querySelector('.stage').replaceChildren(); } }""")
    page.evaluate(f"lectureDeck.go({TWO}); lectureDeck.go({LAB})")
    page.keyboard.press("PageDown")
    page.evaluate("release()")
    ready(page)
    assert state(page, "stride", "padding") == (2, 1)


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
    for _ in range(3):
        deck.keyboard.press("PageDown")
    assert deck.evaluate(painted) < 0.9


def test_in_full_screen_the_sentence_is_seen_once_its_press_has_come_and_all_of_the_explorer_fits(deck):
    go(deck, LAB)
    # On a slide as crowded as this one the sentence has no room at all: whether a press hides it can be seen in full screen only.
    # What is asked is whether the room sees it, with a size, inside the window; not by which style it is hidden.
    seen = """() => { const said = document.querySelector(".slide.here .lecture-readout"), { top, bottom, width } = said.getBoundingClientRect();
        return said.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && width > 0 && top >= 0 && bottom <= innerHeight; }"""
    scrolls = "document.fullscreenElement.scrollHeight > document.fullscreenElement.clientHeight"
    assert not deck.evaluate(seen)
    deck.locator(".slide.here").get_by_role("button", name="Full screen").click()
    deck.wait_for_function("document.fullscreenElement")
    shown = []
    for _ in range(4):
        shown.append((deck.evaluate(seen), deck.evaluate(scrolls)))
        deck.keyboard.press("PageDown")
    assert shown == [(False, False)] * 3 + [(True, False)]
    deck.evaluate("document.exitFullscreen()")
    deck.wait_for_function("!document.fullscreenElement")


def test_a_picture_in_the_place_of_an_explorer_that_has_not_come_does_not_show_what_is_hidden(deck):
    deck.wait_for_function(f"lectureDeck.slides[{LAB}].querySelector('.explorer.ready')")
    deck.evaluate(
        f"""() => {{ const place = lectureDeck.slides[{LAB}].querySelector('.explorer');
            place.classList.remove('ready');
            place.querySelector('.stage').innerHTML = '<figure><img alt=""></figure>'; }}"""
    )
    seen = []
    for shown in range(4):
        deck.evaluate(f"lectureDeck.go({LAB}, {shown})")
        seen.append(deck.locator(".slide.here figure").evaluate("each => getComputedStyle(each).visibility"))
    assert seen == ["hidden"] * 3 + ["visible"]
