"""A line of a plot in the hand: its middle moves it up and down, an end turns it about the other end."""

import pytest

from lecture_lib.chapters.activations import maxout_envelope


def held(page):
    """Which line the page has told Python to move, and where to."""
    state = page.evaluate("models[0].state._state")
    return [state[name] for name in ("line", "slope", "offset")]


def place(page, x, y):
    """Where a value of the first panel stands on the page."""
    return page.evaluate(
        """([x, y]) => {
            const each = explorers[0], { plot } = each.drawn[0];
            const { left, top, width } = each.canvas.getBoundingClientRect();
            return [left + plot.x.place(x) * (width / each.canvas.clientWidth), top + plot.y.place(y) * (width / each.canvas.clientWidth)];
        }""",
        [x, y],
    )


def drag(page, start, end):
    page.mouse.move(*place(page, *start))
    page.mouse.down()
    page.mouse.move(*place(page, *end), steps=4)
    page.mouse.up()


@pytest.fixture
def lines_of_abs(shown):
    return shown(maxout_envelope("|x|", 2))  # −x and x


def test_the_middle_of_a_line_moves_it(lines_of_abs):
    drag(lines_of_abs, (0.5, 0.5), (0.5, 2.5))
    assert held(lines_of_abs) == [1, 1, pytest.approx(2, abs=0.03)]


def test_an_end_turns_it_about_the_other_end(lines_of_abs):
    drag(lines_of_abs, (1.5, 1.5), (1.5, 3.25))  # about (−2, −2): slope 5.25/3.5
    line, slope, offset = held(lines_of_abs)
    assert (line, slope, offset) == (1, pytest.approx(1.5, abs=0.02), pytest.approx(1, abs=0.05))
    drag(lines_of_abs, (-1.5, 1.5), (-1.5, 0))  # line 1 about (2, −2): slope −2/3.5
    assert held(lines_of_abs) == [0, pytest.approx(-0.57, abs=0.02), pytest.approx(-0.86, abs=0.05)]


def test_beside_all_lines_a_press_moves_the_cursor_and_no_line(lines_of_abs):
    before = held(lines_of_abs)
    drag(lines_of_abs, (-0.8, 3.2), (-0.8, 0.8))
    assert held(lines_of_abs) == before and lines_of_abs.evaluate("explorers[0].state.x") == pytest.approx(-0.8)


def test_a_line_stays_within_what_its_sliders_have(lines_of_abs):
    drag(lines_of_abs, (0.1, 0.1), (0.1, 30))
    assert held(lines_of_abs)[2] <= 4
    drag(lines_of_abs, (1.95, 1.95), (-1.9, 4))
    assert -4 <= held(lines_of_abs)[1] <= 4 and -4 <= held(lines_of_abs)[2] <= 4


def test_without_python_no_line_can_be_dragged(shown):
    page = shown(maxout_envelope("|x|", 2), alone=True)
    before = held(page)
    drag(page, (0.5, 0.5), (0.5, 2.5))
    assert held(page) == before
