"""What may break on stage: a reload, a crash, a dead Python, a server that ends. The deck goes on, and explorers stand as they stood."""

import urllib.request

import pytest

from tests.browser.small_stage import (
    BRANCH,
    DONE,
    FIT,
    KILL,
    NUMBERS,
    answered,
    at,
    explorer,
    move,
    served,
    state,
    strip,
    words,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def deck(live):
    """The small deck on its first slide, every cell run."""
    return live


def test_a_reload_returns_to_its_slide_with_explorers_as_they_stood_and_the_same_python(deck):
    explorer(deck, FIT)
    explorer(deck, BRANCH)
    for _ in range(3):
        move(deck, "filters")
    answered(deck)
    deck.evaluate("lectureLive.kernel.run('kept = 1')")
    stands, said = state(deck), words(deck)
    deck.reload()
    deck.wait_for_function("document.querySelector('.slide.here .lecture')?.explorer")
    assert (at(deck), state(deck), words(deck)) == (BRANCH, stands, said)
    deck.wait_for_function(DONE)
    assert deck.evaluate("lectureLive.kernel.run('kept').then(({ status }) => status)") == "ok"
    move(deck, "filters")
    answered(deck)
    assert words(deck) != said


def test_a_reload_shows_as_much_of_a_slide_as_was_shown(deck):
    deck.evaluate(f"lectureDeck.go({NUMBERS})")
    deck.keyboard.press("PageDown")
    hidden = "document.querySelectorAll('.slide.here .part.later').length"
    assert deck.evaluate(hidden) == 1
    deck.reload()
    deck.wait_for_function("window.lectureLive")
    assert (at(deck), deck.evaluate(hidden)) == (NUMBERS, 1)


def test_a_dead_python_is_told_in_words_and_one_key_brings_it_back_with_explorers_as_they_stood(deck):
    explorer(deck, BRANCH)
    for _ in range(3):
        move(deck, "filters")
    answered(deck)
    stands, said = state(deck), words(deck)
    assert deck.evaluate(KILL) == "Python stopped"
    deck.wait_for_function(
        "document.querySelector('.live-strip').textContent.startsWith('Python has stopped. Press r')"
    )
    assert (state(deck), words(deck)) == (stands, said)
    deck.keyboard.press("PageDown")  # the slides go on meanwhile
    deck.keyboard.press("PageUp")
    deck.evaluate("document.activeElement.blur()")
    deck.keyboard.press("r")
    deck.wait_for_function(DONE, timeout=60_000)
    explorer(deck, BRANCH)
    answered(deck)
    assert (state(deck), words(deck), strip(deck)) == (stands, said, "")
    move(deck, "filters")
    answered(deck)
    assert words(deck) != said
    deck.problems.clear()


def test_a_dead_python_found_by_a_reload_comes_back_with_explorers_as_they_stood(deck):
    explorer(deck, BRANCH)
    move(deck, "filters")
    answered(deck)
    stands = state(deck)
    deck.evaluate(KILL)
    deck.wait_for_function("lectureLive.state === 'restarted'")
    deck.reload()
    deck.wait_for_function(DONE, timeout=60_000)
    explorer(deck, BRANCH)
    answered(deck)
    assert state(deck) == stands


def test_a_python_that_somebody_else_has_started_anew_is_told_in_words_and_comes_back_likewise(deck, stage):
    explorer(deck, BRANCH)
    move(deck, "filters")
    answered(deck)
    stands = state(deck)
    restart = f"{stage.url}/api/kernels/{deck.evaluate('lectureLive.kernel.id')}/restart"
    request = urllib.request.Request(restart, method="POST", headers={"Authorization": f"token {stage.token}"})  # noqa: S310 - loopback only
    urllib.request.urlopen(request).close()  # noqa: S310
    move(deck, "filters", "ArrowLeft")
    deck.wait_for_function("lectureLive.state === 'restarted'")
    assert strip(deck).startswith("Python has stopped. Press r")
    move(deck, "filters")
    deck.evaluate("document.activeElement.blur()")
    deck.keyboard.press("r")
    deck.wait_for_function(DONE, timeout=60_000)
    explorer(deck, BRANCH)
    answered(deck)
    assert state(deck) == stands


def test_a_new_tab_of_the_same_python_goes_on_where_the_one_that_crashed_was(deck):
    explorer(deck, BRANCH)
    for _ in range(3):
        move(deck, "filters")
    answered(deck)
    stands, said, address = state(deck), words(deck), deck.url.partition("#")[0]
    deck.evaluate("lectureLive.write(); sessionStorage.clear(); lectureLive.write = () => null; 0")
    deck.goto("about:blank")
    deck.goto(address)
    deck.wait_for_function("document.querySelector('.slide.here .lecture')?.explorer")
    deck.wait_for_function(DONE)
    assert (at(deck), state(deck), words(deck)) == (BRANCH, stands, said)


def test_clock_countdown_and_ink_go_on_in_a_new_tab_where_the_one_that_crashed_was(deck):
    deck.keyboard.press("PageDown")  # the lecture begins with its second slide
    deck.keyboard.press("c")
    deck.keyboard.type("20")
    deck.keyboard.press("Enter")
    deck.keyboard.press("p")
    deck.mouse.move(300, 600)
    deck.mouse.down()
    deck.mouse.move(700, 640, steps=5)
    deck.mouse.up()
    kept, address = deck.evaluate("lectureDeck.kept()"), deck.url.partition("#")[0]
    assert kept["began"] and kept["goal"] and len(kept["ink"]["1"]) == 1
    deck.evaluate("lectureLive.write(); sessionStorage.clear(); lectureLive.write = () => null; 0")
    deck.goto("about:blank")
    deck.goto(address)
    deck.wait_for_function(DONE)
    assert deck.evaluate("lectureDeck.kept()") == kept
    assert deck.evaluate("[lectureDeck.began, lectureDeck.goal]") == [kept["began"], kept["goal"]]
    assert deck.locator(".countdown").is_visible()
    painted = "(() => { const canvas = document.querySelector('.ink'); return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean); })()"
    assert deck.evaluate(painted)


def test_a_lost_connection_is_taken_up_again(deck):
    explorer(deck, BRANCH)
    deck.evaluate("lectureLive.kernel.socket.close()")
    deck.wait_for_function(DONE)
    said = words(deck)
    move(deck, "filters")
    answered(deck)
    assert words(deck) != said


def test_a_long_cell_is_stopped_by_one_key_and_the_explorers_live_on(deck):
    deck.evaluate("window.slept = lectureLive.kernel.run('import time; time.sleep(100)').then(({ ename }) => ename); 0")
    deck.wait_for_timeout(500)
    deck.keyboard.press("Shift+I")
    assert deck.evaluate("slept") == "KeyboardInterrupt"
    explorer(deck, BRANCH)
    move(deck, "filters")
    answered(deck)


def test_a_server_killed_and_started_again_is_found_by_the_open_tab_with_explorers_as_they_stood(
    recorded, page, tmp_path
):
    with served(recorded, tmp_path) as (_, address):
        page.goto(address)
        page.wait_for_function(DONE, timeout=60_000)
        explorer(page, BRANCH)
        for _ in range(3):
            move(page, "filters")
        answered(page)
        stands, said = state(page), words(page)
    page.wait_for_function("lectureLive.state === 'lost'")
    assert strip(page).startswith("No connection to Python")
    page.keyboard.press("PageDown")  # the slides go on meanwhile
    page.keyboard.press("PageUp")
    with served(recorded, tmp_path) as (_, again):
        assert again == address
        page.wait_for_function(DONE, timeout=60_000)
        explorer(page, BRANCH)
        answered(page)
        assert (state(page), words(page), strip(page)) == (stands, said, "")
        move(page, "filters")
        answered(page)
        assert words(page) != said
        page.goto("about:blank")
    page.problems.clear()
