"""The start page's picture: it reads a digit by itself, with the numbers of the library."""

import numpy as np
import pytest

from lecture_lib import data, models
from tools.browser import serious_findings
from tools.site import pages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """The start page of a site without pages."""
    folder = tmp_path_factory.mktemp("start")
    pages.write_assets(folder)
    pages.write([], folder)
    return folder / "index.html"


@pytest.fixture
def hero(offline, start):
    page = offline(start)
    page.wait_for_function("Boolean(document.querySelector('.hero-net').read)")
    return page


def drawn(page, *points):
    """Draw a line through points, in shares of the pad's side."""
    box = page.locator(".hero .pad").bounding_box()
    at = [(box["x"] + x * box["width"], box["y"] + y * box["width"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for each in at[1:]:
        page.mouse.move(*each, steps=8)
    page.mouse.up()


def says(page, start):
    page.wait_for_function(
        "(start) => document.querySelector('.hero [role=status]').textContent.startsWith(start)", arg=start
    )


def test_its_chances_are_those_of_the_library(hero):
    net, _ = models.trained_lenet5()
    digits = data.load_digits("test")[0][:20]
    scores = net.forward(data.digits_as_input(digits))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    there = hero.evaluate(
        "(all) => all.map((each) => document.querySelector('.hero-net').read(each))", digits.reshape(20, -1).tolist()
    )
    np.testing.assert_allclose(there, powers / powers.sum(axis=1, keepdims=True), atol=1e-5)


def test_what_is_drawn_is_read_also_when_it_is_small_and_after_it_was_cleared(hero):
    says(hero, "The network says 4")
    for size in (1, 0.4):
        hero.get_by_role("button", name="Clear").click()
        says(hero, "Draw")
        drawn(hero, *((0.1 + size * x, 0.1 + size * y) for x, y in ((0.2, 0.1), (0.6, 0.1), (0.35, 0.75))))
        says(hero, "The network says 7")
    hero.get_by_role("button", name="Another digit").click()
    says(hero, "The network says 2")


@pytest.mark.parametrize("width", [1366, 390])
def test_it_is_accessible_and_as_wide_as_the_window(hero, width):
    hero.set_viewport_size({"width": width, "height": 844})
    assert hero.evaluate("document.documentElement.scrollWidth") <= width
    assert serious_findings(hero) == []
