"""Explorers on a page without a server: sliders, fields, keys, a hand in the picture, undo and reset, what needs Python."""

import numpy as np
import pytest

from lecture_lib.chapters.convolution.does_it_fit import does_it_fit
from lecture_lib.chapters.convolution.lab import convolution_lab
from lecture_lib.chapters.convolution.step_through import step_through
from lecture_lib.chapters.pooling import pooling_lab
from lecture_lib.explore import Choice, Code, Explorer, Free, Numbers, Options, Play, Say, Slider, Toggle, pack
from tests.browser.hand import type_cell


def state(page, at=0):
    return page.evaluate(f"explorers[{at}].state")


def slider(page, label):
    return page.get_by_label(label, exact=True)


def test_a_slider_moves_the_picture_and_the_sentence_at_once(shown):
    page = shown(does_it_fit(7, 3, 2, 0))
    slider(page, "S stride").press("ArrowRight")
    assert state(page)["stride"] == 3
    assert "⌊(7 − 3 + 2·0)/3⌋ + 1 = 2" in page.locator(".lecture-readout").inner_text()
    assert page.evaluate("explorers[0].drawn[2].grid.rows") == 2


def test_python_hears_once_the_hand_rests(shown):
    page = shown(does_it_fit())
    moved = slider(page, "N input").evaluate(
        "(el) => { for (const at of [7, 8, 9]) { el.value = at; el.dispatchEvent(new Event('input')); } return models[0].saved; }"
    )
    assert moved == 0
    page.wait_for_function("models[0].saved === 1")
    assert page.evaluate("models[0].state._state.n") == 10


def test_a_number_can_be_typed(shown):
    page = shown(does_it_fit())
    field = page.get_by_label("N input, as a number", exact=False)
    field.fill("11")
    field.press("Enter")
    assert state(page)["n"] == 11
    field.fill("nothing")
    field.press("Enter")
    assert (state(page)["n"], field.input_value()) == (11, "11")
    field.fill("99")
    field.press("Enter")
    assert state(page)["n"] == 12


def test_a_press_in_the_picture_chooses_and_arrow_keys_go_on(shown):
    page = shown(step_through(np.arange(36).reshape(6, 6), np.ones((3, 3))))
    where = page.evaluate("(({x, y, cell}) => [x + 2.5 * cell, y + 1.5 * cell])(explorers[0].drawn[3].grid)")
    page.locator("canvas").click(position={"x": where[0], "y": where[1]})
    assert state(page) == {"step": 6, "row": 1, "col": 2}
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    assert state(page) == {"step": 9, "row": 2, "col": 1}
    page.keyboard.press("End")
    assert state(page) == {"step": 15, "row": 3, "col": 3}


def test_undo_goes_back_move_by_move_and_reset_to_the_start(shown):
    page = shown(does_it_fit())
    slider(page, "N input").press("ArrowRight")
    page.wait_for_timeout(700)
    slider(page, "F kernel").press("ArrowRight")
    assert (state(page)["n"], state(page)["f"]) == (8, 4)
    page.get_by_role("button", name="Undo").click()
    assert (state(page)["n"], state(page)["f"]) == (8, 3)
    page.get_by_role("button", name="Undo").click()
    assert (state(page)["n"], state(page)["f"]) == (7, 3)
    assert page.get_by_role("button", name="Undo").is_disabled()
    slider(page, "P padding").press("End")
    page.get_by_role("button", name="Reset").click()
    assert state(page)["padding"] == 0
    page.get_by_role("button", name="Undo").click()
    assert state(page)["padding"] == 3


def test_playing_steps_to_the_end_and_can_be_stopped(shown):
    page = shown(
        step_through(np.eye(4), np.ones((2, 2)), interval=20), step_through(np.eye(4), np.ones((2, 2)), interval=1000)
    )
    fast, slow = page.get_by_role("button", name="Play").all()
    fast.click()
    page.wait_for_function("explorers[0].state.step === 8")
    fast.click()  # from the beginning again
    page.wait_for_function("explorers[0].state.step < 8")
    slow.click()
    page.get_by_role("button", name="Pause").last.click()
    at = page.evaluate("explorers[1].state.step")
    assert at < 8
    page.wait_for_timeout(1200)
    assert page.evaluate("explorers[1].state.step") == at


def test_where_motion_is_not_wanted_a_press_is_a_step(shown, page):
    page.emulate_media(reduced_motion="reduce")
    shown(step_through(np.eye(4), np.ones((2, 2)), interval=30))
    page.get_by_role("button", name="Step").click()
    page.wait_for_timeout(150)
    assert state(page)["step"] == 1
    page.emulate_media(reduced_motion="no-preference")


def every_control():
    return Explorer(
        "Controls", "One of each.",
        indices={
            "n": Numbers(0, 4), "few": Options(["a", "b", "c"]), "many": Options([f"option {at}" for at in range(13)]),
            "on": Numbers(0, 1), "x": Numbers(-1, 1, 0, step=0.05),
        },
        controls=[
            Slider("n", "N"), Choice("few", "Few"), Choice("many", "Many"), Toggle("on", "On"), Slider("x", "X", when={"on": [1]}),
            Slider("n", "Only if on", when={"on": [1]}, why="press On first"), Play("n", "N"),
        ],
        arrays={"a": pack(np.eye(3), "image")}, panels=[{"kind": "grid", "array": "a", "title": "one"}],
        sentence=Say("N is {n}, few is {few}, many is {many}."),
    )  # fmt: skip


def test_few_options_stand_side_by_side_and_many_in_a_menu(shown):
    page = shown(every_control())
    page.get_by_role("radiogroup", name="Few").get_by_role("radio", name="b").check()
    page.get_by_label("Many", exact=True).select_option("option 7")
    assert page.locator(".lecture-readout").inner_text() == "N is 0, few is b, many is option 7."
    page.keyboard.press("Shift+Tab")


def test_a_control_that_is_of_no_use_is_hidden_or_says_why_it_is_grey(shown):
    page = shown(every_control())
    assert not slider(page, "X").is_visible()
    grey = slider(page, "Only if on")
    assert grey.is_disabled()
    assert grey.locator("..").get_attribute("title") == "press On first"
    page.get_by_role("button", name="On", exact=True).click()
    assert slider(page, "X").is_visible()
    assert grey.is_enabled()
    slider(page, "X").press("ArrowRight")
    assert state(page)["x"] == 0.05


def test_what_needs_python_is_grey_where_there_is_none(shown):
    page = shown(convolution_lab(), alone=True)
    assert slider(page, "Dilation").is_disabled()
    page.get_by_role("radiogroup", name="Kernel").get_by_role("radio", name="Sharpen").check()
    assert page.locator(".lecture-readout").inner_text().startswith("output[44, 52]: ")
    page.locator(".lecture-stage > canvas").press("Enter")
    assert page.locator(".lecture-edit").count() == 0


def test_what_python_says_does_not_take_back_what_the_hand_has_chosen_since(shown):
    page = shown(convolution_lab())
    slider(page, "Dilation").press("ArrowRight")  # message 1
    slider(page, "Stride").press("ArrowRight")  # not told yet
    page.evaluate("models[0].hear({ _state: { ...models[0].state._state, stride: 1, border: 2 }, heard: 1 })")
    assert {name: state(page)[name] for name in ("dilation", "stride", "border")} == {
        "dilation": 2,
        "stride": 2,
        "border": 2,
    }
    page.wait_for_timeout(250)
    page.evaluate("models[0].hear({ _state: { ...models[0].state._state, stride: 3 }, heard: models[0].state.told })")
    assert state(page)["stride"] == 3


def test_a_cell_of_a_picture_is_typed_into_by_keys_and_undo_takes_it_back(shown):
    page = shown(convolution_lab())
    type_cell(page, 0, 1, "1/9")
    assert page.evaluate("models[0].state._state.typed[0]") == ["-1", "1/9", "-1"]
    assert page.evaluate("document.activeElement.tagName") == "CANVAS"
    page.get_by_role("button", name="Undo", exact=True).click()
    assert state(page)["typed"][0] == ["-1", "-1", "-1"]
    page.locator(".lecture-stage > canvas").press("Enter")
    page.locator(".lecture-edit").fill("7")
    page.locator(".lecture-edit").press("Escape")
    assert state(page)["typed"][0] == ["-1", "-1", "-1"]


def test_a_press_on_a_cell_opens_it(shown):
    page = shown(convolution_lab())
    x, y = page.evaluate("(({x, y, cell}) => [x + 2.5 * cell, y + 1.5 * cell])(explorers[0].drawn[1].grid)")
    page.locator(".lecture-stage > canvas").click(position={"x": x, "y": y})
    field = page.get_by_label("pixel × weight = product, row 2, column 3", exact=True)
    assert field.input_value() == "-1"
    field.fill("0.5")
    field.press("Tab")
    assert state(page)["typed"][1] == ["-1", "8", "0.5"]
    page.get_by_label("pixel × weight = product, row 3, column 1", exact=True).press("Escape")


def test_buttons_and_pictures_are_messages(shown, tmp_path):
    page = shown(convolution_lab())
    (tmp_path / "cat.png").write_bytes(b"no picture")
    page.locator("input[type=file]").set_input_files(tmp_path / "cat.png")
    page.wait_for_function("models[0].sent.length === 1")
    page.locator("input[type=file]").set_input_files(tmp_path / "cat.png")  # the same file again
    page.wait_for_function("models[0].sent.length === 2")
    assert page.evaluate("models[0].sent[1]") == [{"picture": "cat.png"}, 1]


def test_two_views_of_one_model_follow_each_other(shown):
    page = shown(does_it_fit())
    page.evaluate("explorers[0].model.hear({ _state: { ...models[0].state._state, n: 12 } })")
    assert state(page)["n"] == 12
    assert slider(page, "N input").input_value() == "11"  # places count from 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_a_narrow_page(shown, page, theme):
    page.set_viewport_size({"width": 390, "height": 800})
    shown(step_through(np.eye(5), np.ones((3, 3))), does_it_fit(), every_control(), theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_text_is_copied_by_a_press_and_another_text_waits_for_another_press(shown, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown(
        Explorer(
            "Text", "A text to copy.", indices={"text": Free("x = 1", python=False)}, controls=[Code("text", "Python")]
        )
    )
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "x = 1"
    page.evaluate("explorers[0].choose({ text: 'x = 2' })")
    page.get_by_role("button", name="Copy", exact=True).wait_for()


def stage_pixels(page):
    return page.evaluate("explorers[0].canvas.toDataURL()")


def test_a_text_holds_where_an_explorer_stands(shown):
    page = shown(does_it_fit())
    slider(page, "N input").press("End")
    slider(page, "S stride").press("ArrowRight")
    stands = state(page)
    page.get_by_role("button", name="Share where it stands").click()
    field = page.get_by_label("Where this explorer stands", exact=False)
    text = field.input_value()
    assert text.startswith("#explorer=")
    page.get_by_role("button", name="Reset").click()
    assert state(page) != stands
    field.fill(text)
    assert state(page) == stands
    for wrong in ("", "#explorer=", "#explorer=abc", text[:-8]):
        field.fill(wrong)
        assert state(page) == stands
    assert page.get_by_role("button", name="No text of this explorer").is_visible()


def test_a_link_to_a_page_that_lives_without_python_opens_where_it_was_shared(shown):
    page = shown(does_it_fit(), alone=True)
    slider(page, "N input").press("End")
    page.get_by_role("button", name="Share where it stands").click()
    link = page.get_by_label("Where this explorer stands", exact=False).input_value()
    assert link.startswith("file://")
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_function("document.title === 'ready'")
    assert state(page)["n"] == 12


def test_the_python_of_an_explorer_makes_it_stand_as_it_stands(shown):
    page = shown(pooling_lab(photo="coffee"))
    slider(page, "F  window").press("ArrowRight")
    page.get_by_role("radiogroup", name="Keep").get_by_role("radio", name="average").check()
    page.get_by_role("button", name="Copy as Python").click()
    code = page.get_by_label("Python that makes", exact=False).input_value()
    names = {}
    exec(code, names)  # noqa: S102  what a reader would run
    assert names["explorer"].state == state(page)
    assert names["explorer"].value("photo") == "coffee"


def test_a_beside_b_keeps_what_was_shown_left_of_the_divider(shown):
    page = shown(pooling_lab())
    page.get_by_role("button", name="Compare A and B").click()
    page.get_by_role("radiogroup", name="Keep").get_by_role("radio", name="average").check()
    divider = page.get_by_label("Divider between A", exact=False)
    half = stage_pixels(page)
    divider.press("Home")
    only_b = stage_pixels(page)
    divider.press("End")
    only_a = stage_pixels(page)
    assert len({half, only_a, only_b}) == 3
    slider(page, "S  stride").press("End")  # B goes on
    assert page.evaluate("explorers[0].kept.where.state.kind") == 0
    page.get_by_role("button", name="Compare A and B").click()
    assert divider.count() == 0


def test_full_screen_fills_the_screen_and_ends(shown):
    page = shown(does_it_fit())
    before = page.evaluate("explorers[0].high")
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function(f"document.fullscreenElement && explorers[0].high > {before}")
    page.get_by_role("button", name="Full screen").click()
    page.wait_for_function(f"!document.fullscreenElement && explorers[0].high === {before}")


def test_a_mark_slides_to_its_next_place_and_not_where_motion_is_not_wanted(shown, page):
    places = """async () => {
        const seen = new Set(), place = () => seen.add(JSON.stringify([...explorers[0].motion.shown.values()][0]));
        explorers[0].canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true }));
        for (const end = performance.now() + 400; performance.now() < end; place()) await new Promise(requestAnimationFrame);
        return [...seen];
    }"""
    for wanted in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=wanted)
        seen = shown(step_through(np.arange(36).reshape(6, 6), np.ones((3, 3)))).evaluate(places)
        assert seen[-1] == "[3,3,3,3]"
        assert (len(seen) > 2) == (wanted == "no-preference")
    page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("words", [None, "What can be done on a page of another kind."])
def test_python_that_does_not_answer_is_said_and_forgotten_once_it_does(shown, words):
    page = shown(convolution_lab())
    if words:
        page.evaluate("words => void (models[0].silent = words)", words)
    slider(page, "Dilation").press("ArrowRight")
    problem = page.locator(".lecture-problem")
    assert problem.inner_text() == ""
    page.wait_for_timeout(3200)
    assert problem.inner_text().startswith(words or "Python does not answer.")
    page.evaluate("explorers[0].show()")
    assert problem.inner_text().startswith(words or "Python does not answer.")  # it stands until there is an answer
    page.evaluate("models[0].hear({ heard: models[0].state.told })")
    assert problem.inner_text() == ""


def test_options_that_are_numbers_can_be_typed(shown):
    rates = Options([0.1, 0.5, 2.0])
    page = shown(
        Explorer("Rate", "A rate.", indices={"rate": rates}, controls=[Slider("rate", "Rate")], sentence="{rate}")
    )
    field = page.get_by_label("Rate, as a number", exact=True)
    field.fill("0.4")
    field.press("Enter")
    assert (state(page)["rate"], field.input_value()) == (1, "0.5")
