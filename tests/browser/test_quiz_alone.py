"""Quizzes on a page without a server."""

from lecture_lib.chapters import convolution, motivation
from lecture_lib.practice import ask


def words(page, at=0):
    return page.locator(".lecture-readout").nth(at).inner_text()


def test_the_quiz_answers_every_choice(shown):
    page = shown(ask(convolution.BOX_BLUR))
    assert words(page) == "Choose an answer."
    for index, start in enumerate(("✗ Not quite.", "✓ Right.", "✗ Not quite.", "✗ Not quite.", "✗ Not quite.")):
        page.locator("input[type=radio]").nth(index).check()
        assert words(page).startswith(start)
    page.keyboard.press("ArrowUp")
    assert "No kernel can rotate" in words(page)


def test_two_quizzes_do_not_answer_for_each_other_and_each_is_one_stop_for_tab(shown):
    page = shown(ask(convolution.BOX_BLUR), ask(motivation.LARGER_PHOTO))
    first, second = page.get_by_role("radiogroup").all()
    first.get_by_role("radio").last.check()
    page.keyboard.press("ArrowDown")  # round to the first answer
    assert "Sharpening needs" in words(page)
    assert words(page, 1) == "Choose an answer."
    stops = []
    for _ in range(4):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.type"))
    assert stops.count("radio") == 1
    assert second.evaluate("(group) => group.contains(document.activeElement)") or "radio" in stops


def test_a_quiz_is_announced_by_its_question_and_its_answers_wrap(shown, page):
    shown(ask(motivation.LARGER_PHOTO))
    group = page.get_by_role("radiogroup", name="A photo of 400×400×3 takes the place")
    assert group.get_by_role("radio").count() == 5
    group.get_by_role("radio", name="C. Fully connected: 4 times as many.").check()
    page.set_viewport_size({"width": 480, "height": 900})
    page.wait_for_timeout(300)
    boxes = [label.bounding_box() for label in group.locator("label").all()]
    assert max(box["height"] for box in boxes) > 30  # two lines
    assert all(after["y"] >= box["y"] + box["height"] for box, after in zip(boxes, boxes[1:], strict=False))


def test_right_and_wrong_are_told_by_a_sign_a_colour_and_a_word(shown):
    page = shown(ask(convolution.BOX_BLUR))
    seen = []
    for index, sign in ((0, "✗"), (1, "✓")):
        radio = page.locator("input[type=radio]").nth(index)
        radio.check()
        label = radio.locator("xpath=..")
        assert label.evaluate("(label) => getComputedStyle(label, '::after').content") == f'"{sign}"'
        seen.append(label.evaluate("(label) => getComputedStyle(label).borderColor"))
        assert words(page).startswith(sign)
    assert seen[0] != seen[1]
    assert page.locator(".lecture-is-wrong").count() == 0  # only the chosen one


def test_a_quiz_is_as_large_as_the_text_and_keeps_its_height_when_it_is_answered(shown):
    page = shown(ask(convolution.BOX_BLUR))
    sizes = page.locator(".lecture-answers label, .lecture-readout").evaluate_all(
        "all => all.map((each) => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= 18
    heights = [page.locator(".lecture").bounding_box()["height"]]
    for radio in page.locator("input[type=radio]").all():
        radio.check()
        heights.append(page.locator(".lecture").bounding_box()["height"])
    assert len(set(heights)) == 1
