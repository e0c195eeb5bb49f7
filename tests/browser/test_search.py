"""The search over all pages, as a reader has it from a file: by keys, by mouse and by a finger."""

import pytest

from tests.test_publication import site  # noqa: F401 - a fixture
from tools.browser import serious_findings

STEP = "01_one.html#s1-why-a-step"


@pytest.fixture
def first(site, offline):  # noqa: F811
    """The first page of a small site."""
    return offline(site[0] / "01_one.html")


def search(page, words):
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.locator(".search li").first.wait_for()
    return page.evaluate("[...document.querySelectorAll('.search li a')].map((each) => each.href.split('/').pop())")


def test_the_index_comes_when_somebody_asks(first):
    scripts = "[...document.scripts].filter((each) => /search.data|lunr/.test(each.src)).length"
    assert first.evaluate(scripts) == 0
    search(first, "step")
    assert first.evaluate(scripts) == 2


def test_a_result_names_its_section_and_page_and_shows_the_words_in_their_place(first):
    assert search(first, "step")[0] == STEP
    result = first.locator(".search li").first
    assert result.locator("b").inner_text() == "Why a step?" and result.locator("small").inner_text() == "1 · One"
    assert result.locator("span").inner_text() == "Steps of two pixels."
    assert result.locator("mark").all_inner_texts() == ["Steps"]


def test_a_word_is_found_while_it_is_typed_and_with_a_letter_wrong(first):
    assert "02_two.html#s2-padding-zeros" in search(first, "paddi")
    first.locator(".search input").fill("pikture")
    first.wait_for_function("document.querySelector('.search li a')?.href.endsWith('02_two.html#s2-padding-zeros')")


def test_what_is_nowhere_is_said_to_be(first):
    first.keyboard.press("/")
    first.keyboard.type("zzzzzz")
    first.get_by_text("Nothing is found for “zzzzzz”.").wait_for()
    assert first.locator(".search li").count() == 0


def test_arrows_and_enter_lead_to_a_section_and_escape_back_to_the_page(first):
    search(first, "padding")
    first.keyboard.press("ArrowDown")
    assert first.evaluate("document.activeElement.matches('.search li:first-child a')")
    first.keyboard.press("ArrowUp")
    assert first.evaluate("document.activeElement.matches('.search input')")
    first.keyboard.press("Escape")
    assert not first.locator(".search").is_visible()
    first.keyboard.press("/")
    first.locator(".search input").fill("zeros")
    first.wait_for_function("document.querySelector('.search li a')?.href.endsWith('02_two.html#s2-padding-zeros')")
    first.keyboard.press("Enter")
    first.wait_for_url("**/02_two.html#s2-padding-zeros")


def test_a_result_on_this_page_closes_the_window(first):
    search(first, "step")
    first.locator(".search li a").first.click()
    assert not first.locator(".search").is_visible() and first.url.endswith(STEP)


def test_a_stroke_that_is_typed_into_a_field_stays_there(first):
    first.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<textarea></textarea>')")
    first.locator("textarea").press("/")
    assert first.locator("textarea").input_value() == "/" and first.locator(".search").count() == 0


def test_a_finger_opens_it_and_chooses(site, browser):  # noqa: F811
    context = browser.context.browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    try:
        page = context.new_page()
        page.goto(f"file://{site[0]}/01_one.html")
        page.locator("button.find").tap()
        page.locator(".search input").fill("step")
        page.locator(".search li").first.wait_for()
        sizes = page.evaluate(
            "[...document.querySelectorAll('.search :is(a, button, input), .top :is(a, button)')].map((each) => each.getBoundingClientRect()).map((each) => Math.min(each.width, each.height))"
        )
        assert min(sizes) >= 44
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.locator(".search li a").first.tap()
        page.wait_for_function("!document.querySelector('.search').open")
        assert page.url.endswith(STEP)
    finally:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible(first, theme):
    first.evaluate("theme => lectureTheme.show(theme)", theme)
    search(first, "step")
    assert serious_findings(first) == []
