"""A tour in a browser: it lights what it speaks of, goes on when that is done, can be left and taken up, and by keys, too."""

import numpy as np
import pytest

from lecture_lib.explore import Choice, Explorer, Free, Numbers, Options, Slider, Step, pack

STEPS = [
    Step("Move N.", ["n", "image"], "n", "It moved."),
    Step("Take the maximum.", ["kind", "result"], {"kind": "max"}, "It is 8."),
    Step("Ask Python.", ["asked"], "asked", "It answered."),
    Step("Look at it."),
]


def made():
    return Explorer(
        "Toured", "Two pictures.",
        indices={"n": Numbers(0, 9), "kind": Options(["mean", "max"]), "asked": Numbers(0, 3, python=True), "note": Free([], python=False)},
        controls=[Slider("n", "N"), Choice("kind", "Kind"), Slider("asked", "Asked")],
        arrays={"image": pack(np.arange(16.0).reshape(4, 4), "image"), "result": pack(np.eye(2), "image")},
        panels=[{"kind": "grid", "array": "image", "title": "image"}, {"kind": "grid", "array": "result", "title": "result"}],
        sentence="A sentence.", tour=STEPS,
    )  # fmt: skip


@pytest.fixture
def toured(shown):
    return shown(made())


def says(page):
    return page.locator(".lecture-tour p").text_content()


def lit(page):
    return page.evaluate(
        "[...document.querySelectorAll('.lecture-lit')].map((each) => each.textContent.trim().slice(0, 5))"
    )


def framed(page, panel):
    """Whether the frame of this panel has the colour of what can be pressed, half-way down its left edge."""
    return page.evaluate(
        """(at) => { const view = explorers[0], { whole } = view.drawn[at], ratio = view.canvas.width / view.width;
            const found = view.ctx.getImageData(Math.round((whole.x - 2) * ratio), Math.round((whole.y + whole.h / 2) * ratio), 1, 1).data;
            const probe = document.createElement('canvas').getContext('2d');
            probe.fillStyle = view.ink.act; probe.fillRect(0, 0, 1, 1);
            return probe.getImageData(0, 0, 1, 1).data.every((each, i) => Math.abs(each - found[i]) < 12); }""",
        panel,
    )


def choose(page, **state):
    page.evaluate("(state) => explorers[0].choose(state)", state)


def wait_for(page, step):
    page.wait_for_function("(step) => explorers[0].tour.at === step", arg=step)


def test_it_is_closed_at_first_and_takes_no_room(toured):
    assert toured.locator(".lecture-tour").is_hidden()
    assert not lit(toured) and not framed(toured, 0)
    assert toured.get_by_role("button", name="Tour", exact=True).get_attribute("aria-expanded") == "false"


def test_it_lights_what_it_speaks_of_and_nothing_else(toured):
    toured.get_by_role("button", name="Tour", exact=True).click()
    assert says(toured) == "Move N." and lit(toured) == ["N"]
    assert framed(toured, 0) and not framed(toured, 1)
    toured.get_by_role("button", name="Next").click()
    assert says(toured) == "Take the maximum." and lit(toured) == ["Kindm"]
    assert framed(toured, 1) and not framed(toured, 0)


def test_it_goes_on_when_the_step_is_done_and_says_what_was_to_be_seen(toured):
    toured.get_by_role("button", name="Tour", exact=True).click()
    choose(toured, note=[1])
    toured.wait_for_timeout(1200)
    assert says(toured) == "Move N."  # something else was done
    toured.get_by_role("slider", name="N").first.press("ArrowRight")
    assert says(toured) == "Move N."  # what was done is looked at first
    wait_for(toured, 1)
    assert says(toured) == "✓ It moved. Take the maximum."
    choose(toured, kind=1)
    wait_for(toured, 2)
    assert says(toured) == "✓ It is 8. Ask Python."


def test_what_is_undone_at_once_is_not_done(toured):
    toured.get_by_role("button", name="Tour", exact=True).click()
    toured.get_by_role("button", name="Next").click()
    choose(toured, kind=1)
    choose(toured, kind=0)
    toured.wait_for_timeout(1200)
    assert says(toured) == "Take the maximum."


def test_what_was_so_before_waits_for_a_press(toured):
    choose(toured, kind=1)
    toured.get_by_role("button", name="Tour", exact=True).click()
    toured.get_by_role("button", name="Next").click()
    choose(toured, n=4)
    toured.wait_for_timeout(1200)
    assert says(toured) == "Take the maximum."
    toured.get_by_role("button", name="Next").click()
    assert says(toured) == "Ask Python."


def test_what_was_so_before_is_done_when_it_is_done_once_more(toured):
    choose(toured, kind=1)
    toured.get_by_role("button", name="Tour", exact=True).click()
    toured.get_by_role("button", name="Next").click()
    choose(toured, kind=0)
    choose(toured, kind=1)
    wait_for(toured, 2)
    assert says(toured) == "✓ It is 8. Ask Python."


def test_it_can_be_left_and_taken_up_where_it_was_left(toured):
    tour = toured.get_by_role("button", name="Tour", exact=True)
    tour.click()
    toured.get_by_role("button", name="Next").click()
    toured.get_by_role("button", name="Leave the tour").click()
    assert toured.locator(".lecture-tour").is_hidden() and not lit(toured) and not framed(toured, 1)
    assert toured.evaluate("document.activeElement.textContent") == "Tour"
    choose(toured, kind=1)
    toured.wait_for_timeout(1200)
    assert toured.evaluate("explorers[0].tour.at") == 1  # what is done meanwhile is the reader's own
    tour.click()
    assert says(toured) == "Take the maximum."


def test_keys_go_back_and_forth_and_leave_it(toured):
    toured.get_by_role("button", name="Tour", exact=True).press("Enter")
    assert toured.evaluate("document.activeElement.textContent") == "Next"
    for key, words in [
        ("ArrowLeft", "Move N."), ("ArrowRight", "Take the maximum."), ("ArrowRight", "Ask Python."), ("ArrowLeft", "Take the maximum."), ("Enter", "Ask Python."),
        ("ArrowRight", "Look at it."), ("ArrowRight", "That was the tour. Go on by yourself."), ("ArrowRight", "That was the tour. Go on by yourself."),
    ]:  # fmt: skip
        toured.keyboard.press(key)
        assert says(toured) == words
    toured.keyboard.press("Escape")
    assert toured.locator(".lecture-tour").is_hidden()
    toured.keyboard.press("Enter")  # the focus is on Tour: it begins once more
    assert says(toured) == "Move N." and toured.locator(".lecture-tour").is_visible()
    toured.keyboard.press("Tab")
    toured.keyboard.press("Enter")  # ×
    assert toured.locator(".lecture-tour").is_hidden()


def test_a_screen_reader_hears_each_step_and_which_of_how_many_it_is(toured):
    toured.get_by_role("button", name="Tour", exact=True).click()
    region = toured.get_by_role("region", name="Tour")
    assert region.locator("p[aria-live]").text_content() == "Move N." and "1 of 4" in region.text_content()
    described = toured.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent"
    )
    assert described == "Move N."
    assert region.get_by_role("button", name="Back in the tour").get_attribute("aria-disabled") == "true"


def test_without_python_only_the_steps_are_left_that_a_page_can_do(shown):
    page = shown(made(), alone=True)
    page.get_by_role("button", name="Tour", exact=True).click()
    assert "1 of 3" in page.locator(".lecture-tour").text_content()
    assert page.evaluate("explorers[0].tour.steps.map(({ words }) => words)") == [
        "Move N.",
        "Take the maximum.",
        "Look at it.",
    ]


@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (390, 844)])
def test_the_strip_is_over_no_picture_and_the_whole_still_fits(shown, size):
    page = shown(made())
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.get_by_role("button", name="Tour", exact=True).click()
    page.wait_for_timeout(100)
    strip, stage, whole = (
        page.locator(each).first.bounding_box() for each in (".lecture-tour", ".lecture-stage", ".lecture")
    )
    assert strip["y"] + strip["height"] <= stage["y"]
    assert whole["height"] <= 640 or size[0] < 700
    assert strip["x"] >= whole["x"] and strip["x"] + strip["width"] <= whole["x"] + whole["width"]


def test_an_explorer_without_a_tour_has_no_button(shown):
    page = shown(Explorer("Plain", "A number.", indices={"n": Numbers(0, 9)}, controls=[Slider("n", "N")]))
    assert (
        page.get_by_role("button", name="Tour", exact=True).count() == 0 and page.locator(".lecture-tour").count() == 0
    )


def test_on_a_phone_no_control_stands_over_another(shown):
    page = shown(made())
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(100)
    boxes = [each.bounding_box() for each in page.locator(".lecture-control").all()]
    assert len(boxes) == 3
    for one, other in zip(boxes, boxes[1:], strict=False):
        assert one["y"] + one["height"] <= other["y"]


def test_an_explorer_without_pictures_lights_its_controls(shown):
    explorer = Explorer(
        "Plain",
        "A number.",
        indices={"n": Numbers(0, 9)},
        controls=[Slider("n", "N")],
        tour=STEPS[3:] + [Step("Move N.", ["n"], "n")],
    )
    page = shown(explorer)
    page.get_by_role("button", name="Tour", exact=True).click()
    assert lit(page) == []
    page.get_by_role("button", name="Next").click()
    assert lit(page) == ["N"]
