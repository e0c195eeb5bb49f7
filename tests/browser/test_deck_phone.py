"""A deck on a phone held upright: the slide as wide as the window, turned by a finger."""

import pytest

from tests.browser.small_deck import FIRST, LAB, at, go, ready, state
from tools.browser import LIVING


@pytest.fixture
def phone(browser, small_deck):
    """The small deck on a phone of 390 × 844."""
    context = browser.context.browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.add_init_script(LIVING)
    page.goto(f"file://{small_deck}")
    ready(page)
    yield page
    context.close()


def swipe(page, x, y, across, down=0):
    """A finger goes from (x, y), in five steps."""
    session = page.context.new_cdp_session(page)
    for step in range(6):
        point = {"x": x + across * step / 5, "y": y + down * step / 5}
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def test_a_finger_turns_the_slides_and_shows_the_next_part(phone):
    swipe(phone, 300, 700, -150)
    phone.wait_for_function("lectureDeck.at === 1")
    ready(phone)
    swipe(phone, 300, 700, -150)
    phone.wait_for_function("lectureDeck.shown === 1")
    swipe(phone, 100, 700, 150)
    phone.wait_for_function("lectureDeck.shown === 0")
    swipe(phone, 100, 700, 150)
    phone.wait_for_function("lectureDeck.at === 0")


def test_a_finger_that_scrolls_or_moves_an_explorer_turns_no_slide(phone):
    swipe(phone, 200, 700, -30)
    swipe(phone, 200, 700, -60, 120)
    assert at(phone) == FIRST
    go(phone, LAB)
    before = state(phone, "col")
    box = phone.locator(".slide.here .lecture canvas").bounding_box()
    swipe(phone, box["x"] + 20, box["y"] + box["height"] / 2, 55)
    phone.wait_for_function(
        "(col) => document.querySelector('.slide.here .lecture').explorer.state.col !== col", arg=before[0]
    )
    assert (at(phone), phone.evaluate("lectureDeck.shown")) == (LAB, 0)


def test_on_a_phone_a_slide_is_as_wide_as_the_window_and_its_buttons_can_be_pressed(phone):
    go(phone, LAB)
    box = phone.locator(".slide.here").bounding_box()
    assert (round(box["width"]), round(box["height"])) == (390, 219)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    sizes = phone.evaluate(
        "[...document.querySelectorAll('.steer button')].map((each) => [each.offsetWidth, each.offsetHeight])"
    )
    assert all(min(each) >= 44 for each in sizes)
    steer = phone.locator(".steer").bounding_box()
    assert steer["x"] >= 0 and steer["x"] + steer["width"] <= 390


@pytest.mark.parametrize("size", [(844, 390), (1280, 720), (1024, 768), (390, 844)])
def test_where_a_finger_presses_the_buttons_lie_on_nothing_that_stands_on_a_full_slide(phone, size):
    phone.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    go(phone, LAB, 99)
    phone.wait_for_function("document.body.style.getPropertyValue('--slide-scale') === `${lectureFit.scale()}`")
    foot, content, steer, top = phone.evaluate("""() => {
        const slide = document.querySelector(".slide.here"), box = (each) => each.getBoundingClientRect();
        const contents = [...slide.querySelectorAll(".part")].map((each) => box(each).bottom);
        const foot = box(slide).bottom - parseFloat(getComputedStyle(slide).paddingBottom) * slide.currentCSSZoom;
        return [foot, Math.max(...contents), box(document.querySelector(".steer")).top, box(slide).top];
    }""")
    assert max(foot, content) <= steer + 1 and top >= -1  # foot: where a full slide ends
