"""The tour of the network walk, done by a hand: each step goes on when it has been done, and what it lights is there."""

import pytest

from lecture_lib.chapters.lenet_alexnet.walk.network_walk import TOOLS, network_walk
from tests.browser.hand import SEVEN, Hand

BOXES = """() => { const [{ parts, panel }] = explorers[0].drawn;
    return panel.parts.map((name) => [name, ['x', 'y', 'w', 'h'].map((each) => parts[name][each])]).filter(([, box]) => box[0] !== undefined); }"""


@pytest.fixture
def walk(shown):
    page = shown(network_walk(digits=3))
    page.get_by_role("button", name="Tour", exact=True).click()
    return page


def at(page, step):
    page.wait_for_function("(step) => explorers[0].tour.at === step", arg=step)
    return page.locator(".lecture-tour p").text_content()


def lit(page):
    """What of the page is lit and seen, by its class, or by its words."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.lecture-lit')].filter((each) => each.checkVisibility())
            .map((each) => (each.tagName === 'BUTTON' ? each.textContent : each.className))"""
    )


def press_unit(page, layer):
    """Press the middle of the first map of a layer, or the number of the class 3."""
    x, y = page.evaluate(
        """(layer) => { const column = explorers[0].drawn[0].laid.columns[layer];
            return column.answer ? [column.x + 8, column.y + 3.5 * column.cell] : [column.x + column.w / 4, column.y + 6]; }""",
        layer,
    )
    page.locator(".lecture-stage > canvas").click(position={"x": x, "y": y})


def test_who_does_what_each_step_says_comes_to_the_end_of_the_tour(walk):
    page = walk
    assert at(page, 0) == "Press Clear and draw a digit from 0 to 9, or press Random test digit."
    page.get_by_role("button", name="Clear").click()
    page.wait_for_timeout(1200)
    assert page.evaluate("explorers[0].tour.at") == 0  # an empty pad is no digit
    Hand(page).mouse(SEVEN)
    said = at(page, 1)
    assert said.startswith("✓ Every layer answered") and said.endswith(
        "Choose a unit of C1: press a place in its column."
    )
    for layer in (1, 2, 3):
        press_unit(page, layer)
        said = at(page, layer + 1)
    assert "Its window in S2 × its weights = products." in said
    press_unit(page, 7)
    assert at(page, 5).endswith("Press What if at the top, then Negate.")
    page.get_by_role("button", name="What if").click()
    page.get_by_role("button", name="Negate").click()
    assert "of 1,000 test digits" in at(page, 6)
    assert lit(page) == ["lecture-what lecture-control lecture-lit"]
    page.get_by_role("button", name="Undo all changes").click()
    assert at(page, 7).endswith("Press To its strongest input.") and lit(page) == ["To its strongest input"]
    page.get_by_role("button", name="To its strongest input").click()
    at(page, 8)
    for _ in range(6):
        page.locator(".lecture-stage > canvas").press("Enter")  # or the button: both are the same
    assert at(page, 9).startswith("✓ You went from a class to one pixel")
    page.get_by_role("button", name="Path").click()
    at(page, 10)
    assert lit(page) == ["lecture-tools lecture-lit"]
    page.get_by_role("button", name="Move it").click()
    assert lit(page) == ["lecture-tools lecture-lit", "lecture-slider lecture-control lecture-lit"]
    page.get_by_role("slider", name="Right").first.press("ArrowRight")
    at(page, 11)
    page.get_by_role("button", name="Break it").click()
    page.get_by_role("button", name="Find the smallest move that breaks it").click()
    assert page.evaluate("models[0].sent.at(-1)[0].press") == "find"
    page.evaluate(
        "explorers[0].choose({ broken: [['5 pixels up: 4 with 50 %', 'down', -5]] })"
    )  # what Python then says
    assert at(page, 12).endswith("That was the tour. Go on by yourself.") and lit(page) == []


def test_who_stands_in_a_layer_already_does_its_step_by_a_press_on_another_unit_of_it(walk):
    page = walk
    page.evaluate("explorers[0].choose({ layer: 1, unit: 400 })")
    page.get_by_role("button", name="Next").click()
    page.wait_for_timeout(1200)
    assert at(page, 1).startswith("Choose a unit of C1")  # it was so before
    press_unit(page, 1)
    assert page.evaluate("explorers[0].state.layer") == 1
    assert at(page, 2).startswith("✓ Its window in the input")


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (390, 844)])
def test_every_part_that_a_step_may_light_lies_in_the_picture(shown, size):
    page = shown(network_walk(digits=3))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.get_by_role("button", name="Tour", exact=True).click()
    page.wait_for_timeout(100)
    width, height = page.evaluate("[explorers[0].width, explorers[0].high]")
    boxes = page.evaluate(BOXES)
    assert [name for name, _ in boxes] == [
        "draw here",
        "input",
        "C1",
        "S2",
        "C3",
        "S4",
        "F5",
        "F6",
        "answer",
        "opened",
    ]
    for name, (x, y, w, h) in boxes:
        assert x >= -8 and x + w <= width + 8 and y >= 0 and y + h <= height, name
        assert w > 20 and h > 20, name
    # and what is lit is what is meant: the pad is an element of the page
    x, y, w, h = dict(boxes)["draw here"]
    stage, pad = (page.locator(each).first.bounding_box() for each in (".lecture-stage", ".lecture-pad"))
    assert x <= pad["x"] - stage["x"] and pad["x"] - stage["x"] < x + w
    assert y <= pad["y"] - stage["y"] and pad["y"] - stage["y"] < y + h
    others = page.evaluate(
        "(({ strongest, path, tools }) => [strongest, path, tools].map((each) => each.textContent))(explorers[0].drawn[0].parts)"
    )
    assert others == ["To its strongest input", "Path", "".join(TOOLS)]


def test_without_python_the_tour_walks_through_the_network_and_leaves_out_the_sliders(shown):
    page = shown(network_walk(digits=3), alone=True)
    page.get_by_role("button", name="Tour", exact=True).click()
    words = page.evaluate("explorers[0].tour.steps.map(({ words }) => words)")
    assert words[0].startswith("Choose a unit of C1") and words[-1] == "Press Path." and len(words) == 7


def test_the_picture_stays_as_high_when_the_tour_opens(shown):
    page = shown(network_walk(digits=3))
    before = page.evaluate("explorers[0].high")
    page.get_by_role("button", name="Tour", exact=True).click()
    assert page.locator(".lecture-tour").is_visible() and page.evaluate("explorers[0].high") == before
