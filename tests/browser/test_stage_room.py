"""The hall's side of a deck on stage: a phone votes and the bar grows, the notes come to a window and to a tablet."""

import socket
from contextlib import contextmanager

import pytest

from tests.browser.small_stage import BRANCH, NUMBERS, POLL, QUIZ, TITLE, at, explorer, state
from tools.browser import serious_findings

pytestmark = pytest.mark.slow
SHARES = "[...document.querySelectorAll('.slide.here .lecture-answers label')].map((each) => parseFloat(each.style.getPropertyValue('--share')))"
LOOK = "(each) => getComputedStyle(each).color"


@pytest.fixture
def deck(live):
    """The small deck on its first slide, every cell run."""
    yield live
    live.evaluate("lectureRoom.notes(true), lectureRoom.send({ wipe: true })")  # as if nobody had been there


@contextmanager
def device(deck, url, width, height):
    """A phone or tablet that has this page open; it asks nobody but the hall's own address, and nothing fails on it."""
    context = deck.context.browser.new_context(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True
    )
    try:
        page, asked, problems = context.new_page(), [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(url)
        yield page
        assert problems == [] and all(each.startswith((url.partition("/slides")[0], "data:")) for each in asked)
        assert context.cookies() == []
    finally:
        context.close()


def voting(deck, slide):
    """Open a vote on the slide by its key; the address that stands there."""
    explorer(deck, slide)
    deck.keyboard.press("v")
    deck.wait_for_selector(".slide.here .door .code svg")
    return f"http://{deck.locator('.door .address').inner_text()}/"


def refused(url):
    """Whether nobody listens there any longer."""
    port = int(url.rstrip("/").rpartition(":")[2])
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_phone_votes_and_the_bar_grows_on_the_deck_once_the_lecturer_has_shown_it(deck):
    asked = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/stage/room')).length"
    assert deck.evaluate(asked) == 0  # nobody has asked for the hall
    url = voting(deck, POLL)
    with device(deck, url, 390, 844) as phone:
        phone.locator("#answers button").nth(1).tap()
        phone.get_by_text("Counted: B").wait_for()
        deck.wait_for_function("document.querySelector('.door .count b').textContent === '1'")
        assert state(deck)["phones"] == [0, 1, 0, 0, 0]
        assert deck.locator(".slide.here .lecture-hands").nth(1).evaluate(LOOK) == "rgba(0, 0, 0, 0)"
        assert (
            phone.locator("button").evaluate_all(
                "all => Math.min(...all.map((each) => each.getBoundingClientRect().height))"
            )
            >= 44
        )
        assert serious_findings(phone) == []
        deck.keyboard.press("PageDown")
        assert deck.evaluate(SHARES) == [0, 100, 0, 0, 0]
        phone.locator("#answers button").nth(3).tap()
        deck.wait_for_function(f"{SHARES}[3] === 100")
        assert deck.evaluate(SHARES) == [0, 0, 0, 100, 0]
        deck.keyboard.press("+")  # a hand beside the phone
        assert deck.evaluate(SHARES) == [50, 0, 0, 50, 0]
        phone.reload()
        phone.get_by_text("Counted: D").wait_for()
        deck.keyboard.press("PageDown")  # the right answer ends the vote
        deck.wait_for_selector(".door", state="detached")
        phone.get_by_text("No question is open now").wait_for(timeout=20_000)
        assert phone.locator("button").count() == 0
    assert refused(url)
    assert (state(deck)["counts"], state(deck)["phones"]) == ([1, 0, 0, 0, 0], [0, 0, 0, 1, 0])


def test_leaving_the_slide_ends_the_vote_and_its_votes_are_there_when_it_is_opened_again(deck):
    url = voting(deck, POLL)
    with device(deck, url, 390, 844) as phone:
        phone.locator("#answers button").nth(2).tap()
        phone.get_by_text("Counted: C").wait_for()
        deck.keyboard.press("PageUp")
        assert at(deck) == POLL - 1
        deck.wait_for_selector(".door", state="detached")
        phone.get_by_text("No question is open now").wait_for(timeout=20_000)
        assert voting(deck, POLL) == url
        phone.get_by_text("Counted: C").wait_for(timeout=20_000)
        deck.wait_for_function("document.querySelector('.door .count b').textContent === '1'")
        deck.keyboard.press("r")  # begins anew
        deck.wait_for_function("document.querySelector('.door .count b').textContent === '0'")
        phone.get_by_text("Choose one answer").wait_for(timeout=20_000)
    deck.keyboard.press("v")
    deck.wait_for_selector(".door", state="detached")
    deck.wait_for_function("lectureRoom.socket.bufferedAmount === 0")


def test_any_quiz_can_be_voted_on_and_its_bars_stay_hidden_until_they_are_asked_for(deck):
    with device(deck, voting(deck, QUIZ), 320, 568) as phone:
        phone.locator("#answers button").first.wait_for()  # the page is there before its question
        assert phone.locator("h1").inner_text() == deck.locator(".slide.here .lecture-answers").get_attribute(
            "aria-label"
        )
        phone.locator("#answers button").first.tap()
        phone.get_by_text("Counted: A").wait_for()
        votes = deck.locator(".slide.here .votes")
        deck.wait_for_function("document.querySelector('.slide.here .votes')?.textContent === '1'")
        assert not votes.first.is_visible()
        deck.keyboard.press("Shift+V")
        assert votes.first.is_visible() and deck.evaluate(SHARES)[0] == 100
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    deck.keyboard.press("Shift+V")
    assert not votes.first.is_visible()
    deck.keyboard.press("v")


def test_without_a_network_the_slide_says_to_count_hands_and_of_several_the_lecturer_chooses(deck):
    voting(deck, POLL)
    deck.evaluate("lectureRoom.on_vote([])")
    said = " ".join(deck.locator(".door p").inner_text().split())
    assert said == "This computer is in no network that phones could reach. Count hands: + and −."
    places = [{"network": name, "shown": f"{name}:1", "picture": "<svg></svg>"} for name in ("cable", "wifi")]
    deck.evaluate("(places) => lectureRoom.on_vote(places)", places)
    address = deck.locator(".door .address")
    assert address.inner_text() == "cable:1"
    deck.get_by_role("button", name="Network cable: another").click()
    assert address.inner_text() == "wifi:1"
    deck.evaluate("(places) => lectureRoom.on_vote(places)", places)
    assert address.inner_text() == "wifi:1"  # as was chosen
    deck.evaluate("lectureDeck.go(0)")


# ---------------------------------------------------------------- notes


def test_the_window_of_the_live_deck_shows_this_and_the_next_slide_in_the_decks_theme_notes_and_clock_and_steps_it(
    deck,
):
    with deck.context.expect_page() as opened:
        deck.keyboard.press("n")
    window = opened.value
    try:
        copies = window.locator(".desk .copy")
        copies.nth(1).wait_for()
        assert window.locator(".words").inner_text() == "Say. (a) Good morning."
        assert window.locator(".since").inner_text() == "–"
        window.get_by_role("button", name="Next ›").click()
        deck.wait_for_function(f"lectureDeck.at === {BRANCH}")
        window.wait_for_function(
            "document.querySelector('.desk .copy .lecture img.painted')"
        )  # the explorer, as it stands
        window.wait_for_function("document.querySelector('.since').textContent.startsWith('1:0')")
        assert window.locator(".late").inner_text() == "on time"
        assert [each.split(".")[0] for each in window.locator(".words p").all_inner_texts()] == ["Say", "Expect"]
        deck.evaluate(f"lectureDeck.go({NUMBERS})")
        window.wait_for_function("/ahead$/.test(document.querySelector('.late').textContent)")
        colours = "(each) => { const { color, backgroundColor } = getComputedStyle(each.parentElement); return [color, backgroundColor]; }"
        wanted = "(() => { const { color, backgroundColor } = getComputedStyle(document.body); return [color, backgroundColor]; })()"
        for ours in ("dark", "light"):
            window.evaluate(f"lectureTheme.show('{ours}')")
            for theme in ("dark", "light"):
                deck.evaluate(f"lectureTheme.show('{theme}')")
                window.wait_for_selector(f".desk .picture[data-theme={theme}] .copy >> nth=1")
                assert copies.first.evaluate(colours) == deck.evaluate(wanted)
    finally:
        window.close()


def test_a_tablet_with_the_link_has_the_notes_and_steps_the_deck_and_can_do_nothing_else(deck):
    deck.keyboard.press("Shift+N")
    dialog = deck.get_by_role("dialog", name="Notes on a tablet")
    dialog.locator(".code svg").wait_for()
    url = "http://" + dialog.locator(".address").inner_text().replace("\n", "")
    deck.keyboard.press("Escape")
    with device(deck, url, 1024, 768) as tablet:
        tablet.locator(".desk .copy").nth(1).wait_for()
        assert tablet.locator(".words").inner_text() == "Say. (a) Good morning."
        assert tablet.locator("nav button:visible").all_inner_texts() == ["‹", "Next ›", "A−", "A+"]
        tablet.get_by_role("button", name="Next ›").tap()
        deck.wait_for_function(f"lectureDeck.at === {BRANCH}")
        tablet.locator(".words").get_by_text("Four branches.").wait_for()
        python = deck.evaluate("lectureLive.kernel.python")
        for key in ("R", "b", "e", "x", "End", "PageUp"):
            tablet.keyboard.press(key)
        deck.wait_for_function(f"lectureDeck.at === {TITLE}")  # by PageUp, which is all that was heard
        assert deck.evaluate(
            "[lectureLive.kernel.python, document.querySelector('.black').hidden, lectureDeck.short]"
        ) == [python, True, False]
        deck.reload()
        deck.wait_for_function("window.lectureRoom?.socket")
        deck.keyboard.press("PageDown")
        tablet.locator(".words").get_by_text("Four branches.").wait_for()  # its link has outlived the reload
        tablet.set_viewport_size({"width": 390, "height": 844})
        assert tablet.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert tablet.locator("nav button:visible").evaluate_all(
            "all => all.every((each) => each.getBoundingClientRect().right <= innerWidth && each.offsetHeight >= 44)"
        )
        deck.keyboard.press("Shift+N")
        dialog.get_by_role("button", name="End the link").click()
        tablet.get_by_text("No connection to the deck").wait_for()
    assert refused(url.rpartition("/")[0])
