"""Drawing in a real JupyterLab: what Python answers, while it is free and while it is busy."""

import json

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.walk.words import EMPTY
from lecture_lib.data import as_mnist, digits_as_input
from lecture_lib.data.drawings import draw_large
from lecture_lib.ops import softmax
from tests.browser.hand import SEVEN, Hand, heard
from tests.browser.test_jupyterlab import output_text, press_in_kernel, show

__all__ = ["show"]

NET = models.trained_lenet5()[0]
PAD = "import json\nfrom lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk\npad = network_walk(digits=20)\npad"


def told(page):
    """Strokes and bars as Python has them."""
    state = json.loads(output_text(page, "print(json.dumps([pad.state['strokes'], pad.array('classes').tolist()]))"))
    page.evaluate("window.jupyterapp.shell.currentWidget.content.scrollToItem(0, 'start')")
    return state


def expected(strokes):
    """NumPy's own answer to the same strokes."""
    return softmax(NET.forward(digits_as_input(as_mnist(draw_large(strokes))[None])))[0]


def clear(page):
    page.get_by_role("button", name="Clear").first.click()
    page.get_by_text(EMPTY).wait_for()


def answered(page):
    page.wait_for_function("document.querySelector('.lecture-readout').textContent.startsWith('It says')")
    heard(page)


def test_what_is_drawn_by_mouse_finger_and_keys_gets_numpys_answer(show):
    page = show(PAD)
    hand = Hand(page)
    for way in (hand.mouse, hand.touch, hand.keyboard):
        clear(page)
        scrolled = page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop")
        way(SEVEN)
        answered(page)
        assert page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop") == scrolled
        assert page.locator(".lecture-readout").inner_text().startswith("It says 7 (seven)")
        strokes, bars = told(page)
        assert len(strokes) == 1
        assert bars == pytest.approx(expected(strokes), abs=1e-5)


@pytest.mark.slow
def test_ten_seconds_of_scribbling_are_answered_at_once_when_the_hand_stops(show):
    page = show(PAD)
    clear(page)
    hand, rng = Hand(page), np.random.default_rng(0)
    for _ in range(40):
        hand.mouse(rng.integers(5, 275, (12, 2)).tolist())
    heard(page)
    strokes, bars = told(page)
    assert sum(map(len, strokes)) > 500
    assert bars == pytest.approx(expected(strokes), abs=1e-5)


@pytest.mark.slow
def test_while_python_is_busy_the_pad_draws_on_and_only_its_last_state_is_answered_in_the_end(show):
    page = show(PAD)
    clear(page)
    press_in_kernel(page, "import time; time.sleep(4)")
    hand = Hand(page)
    for at in range(5):
        hand.mouse([(30 + 25 * at, 40), (30 + 25 * at, 240)])
    page.get_by_role("button", name="Clear").first.click()
    hand.mouse(SEVEN)
    scale = page.evaluate("document.querySelector('.lecture-pad canvas').width / 280")
    ink = page.evaluate(
        "([x, y]) => document.querySelector('.lecture-pad canvas').getContext('2d').getImageData(x, y, 1, 1).data[0]",
        [round(at * scale) for at in SEVEN[2]],
    )
    assert ink == 255
    answered(page)
    strokes, bars = told(page)
    assert len(strokes) == 1
    assert bars == pytest.approx(expected(strokes), abs=1e-5)


@pytest.mark.slow
def test_two_pads_do_not_know_of_each_other(show):
    page = show(
        f"{PAD.removesuffix('pad')}other = network_walk(digits=6)\nfrom IPython.display import display\ndisplay(pad, other)"
    )
    before = told(page)[1]
    page.get_by_role("button", name="Clear").nth(1).click()
    second = Hand(page, 1)
    second.pad.scroll_into_view_if_needed()
    second.mouse(SEVEN)
    heard(page)
    assert output_text(page, "print(other.array('classes').argmax())") == "7\n"
    assert told(page) == [[], before]


@pytest.mark.slow
def test_python_hears_of_a_random_digit_and_of_sliders(show):
    page = show(PAD)
    page.get_by_role("button", name="Random test digit").click()
    page.get_by_role("slider", name="Rotate").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    heard(page)
    digit, rotate = output_text(page, "print(pad.state['digit'], pad.state['rotate'])").split()
    assert int(digit) != 0 and rotate == "3"


def test_the_tour_goes_on_with_what_python_answers_and_its_keys_leave_the_notebook_alone(show):
    page = show(PAD)
    cells = page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
    page.get_by_role("button", name="Tour", exact=True).first.click()
    words = page.locator(".lecture-tour p").first
    page.get_by_role("button", name="Random test digit").first.click()
    page.wait_for_function("document.querySelector('.lecture-tour p').textContent.includes('Choose a unit of C1')")
    page.get_by_role("button", name="Next").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    assert words.text_content() == "Press What if at the top, then Negate."
    page.get_by_role("button", name="What if").first.click()
    page.get_by_role("button", name="Negate").first.click()
    page.wait_for_function("document.querySelector('.lecture-tour p').textContent.includes('Undo all changes')")
    page.get_by_role("button", name="Next").first.focus()
    page.keyboard.press("Escape")
    assert page.locator(".lecture-tour").first.is_hidden()
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex") == cells
    assert json.loads(output_text(page, "print(len(pad.state['changes']))")) == 1
