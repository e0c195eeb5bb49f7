"""The explorers of notebook 03 on a page without a server: sliders and arrow keys choose what Python has computed."""

import numpy as np
import pytest

from lecture_lib import style
from lecture_lib.activations import ACTIVATIONS
from lecture_lib.chapters.activations import maxout_envelope, zigzag, zoo
from lecture_lib.chapters.activations.zoo import X, steps, table
from tests.browser.test_motivation_alone import chosen, readout

AROUND_ZERO = np.random.default_rng(0).normal(size=(50, 2))


def said(name, at, parameter=None):
    """What the zoo says of one function at a place of its cursor."""
    function = ACTIVATIONS[name]
    f, slope = (style.number(float(np.float32(each(X[at], parameter)))) for each in (function.f, function.df))
    return f"{function.title} {f} (slope {slope})"


def test_the_zoo_reads_the_functions_values(shown):
    page = shown(zoo(), alone=True)
    at = int(np.argmin(np.abs(X - 1)))
    page.focus("canvas")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    at += 3
    words = readout(page)
    assert chosen(page, "x") == [pytest.approx(X[at])]
    assert f"At x = {style.number(round(X[at], 12))}: " in words
    for name in ("sigmoid", "tanh", "relu"):
        assert said(name, at) in words
    size, flat = table("sigmoid")["through"][0, 4, 2]
    assert words.startswith(
        f"Sigmoid lets {style.number(size)} % of a gradient's size through; at {style.number(flat)} % of these inputs its slope is below 0.01."
    )


def test_the_zoos_parameter_and_inputs_follow_their_sliders_without_python(shown):
    page = shown(zoo("elu"), alone=True)
    assert page.get_by_label("α", exact=True).count() == 3 and page.get_by_label("β", exact=True).count() == 1
    alpha = page.locator("input[type=range]:visible").nth(2)
    assert alpha.get_attribute("title") == "parameter of ELU"
    alpha.press("End")
    page.get_by_label("Mean", exact=True).press("Home")
    page.focus("canvas")
    page.keyboard.press("Home")
    assert chosen(page, "x", "mean") == [-5, -4]
    assert said("elu", 0, steps("elu")[-1]) in readout(page)
    size, _ = table("elu")["through"][-1, 0, 2]
    assert f"ELU lets {style.number(size)} % of" in readout(page)
    assert page.get_by_label("Function", exact=True).is_disabled()
    assert page.get_by_role("button", name="Mish").is_disabled()


def test_maxouts_cursor_names_the_highest_line(shown):
    page = shown(maxout_envelope("|x|", 2), alone=True)
    assert readout(page) == (
        "x 1: line 2 is the highest. 1·x + 0 gives 1. From |x| the envelope is 0 away where it is worst, 0 on average."
    )
    page.focus("canvas")
    page.keyboard.press("Home")
    assert readout(page).startswith("x −2: line 1 is the highest. −1·x + 0 gives 2. ")


def test_lines_to_move_are_counted_from_one_and_end_with_the_last(shown):
    page = shown(maxout_envelope("x²", 3))
    line, field = page.get_by_label("Move line", exact=True), page.get_by_label("Move line, as a number", exact=True)
    assert field.input_value() == "1"
    line.press("End")
    assert (field.input_value(), chosen(page, "line")) == ("3", [2])
    field.fill("2")
    field.press("Enter")
    assert (chosen(page, "line"), page.evaluate("models[0].state._state.line")) == ([1], 1)
    page.get_by_label("Lines", exact=True).press("Home")
    assert (field.input_value(), chosen(page, "line")) == ("1", [0])


def test_an_undo_sends_the_lines_that_a_hand_had_made(shown):
    page = shown(maxout_envelope("|x|", 2))
    page.get_by_label("Slope", exact=True).press("ArrowRight")
    page.evaluate(
        "models[0].hear({ _state: { ...models[0].state._state, lines: [[-0.99, 0], [1, 0]], target: 6 }, heard: models[0].state.told })"
    )
    page.get_by_role("button", name="Undo").click()
    assert chosen(page, "slope", "lines", "target") == [-1, [[-1, 0], [1, 0]], 1]
    assert page.evaluate("models[0].state._state.lines") == [[-1, 0], [1, 0]]


def test_each_step_of_the_zigzag_has_its_sentence(shown):
    explorer = zigzag({"positive": np.abs(AROUND_ZERO), "around zero": AROUND_ZERO})
    page = shown(explorer, alone=True)
    texts = explorer.sentence[0]["text"]
    assert readout(page) == texts[0]
    page.focus("canvas")
    page.keyboard.press("ArrowRight")
    assert readout(page) == texts[1]
    page.get_by_label("Step", exact=True).press("End")
    assert (chosen(page, "step"), readout(page)) == ([60], texts[60])
    page.get_by_label("Step", exact=True).press("Home")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("explorers[0].state.step >= 2")
    assert page.get_by_label("Learning rate", exact=True).is_disabled()


def test_what_stands_beside_the_chosen_function_is_a_row_of_its_own(shown):
    page = shown(zoo("elu", beside=("tanh",)))
    row = page.get_by_role("group", name="Beside it")
    assert row.get_by_role("button").all_inner_texts() == [each.title for each in ACTIVATIONS.values()]
    pressed = [each.inner_text() for each in row.get_by_role("button", pressed=True).all()]
    assert pressed == ["Tanh"]
    row.get_by_role("button", name="Mish").click()
    assert page.evaluate("models[0].state._state.beside_mish") == 1
