"""Drawing by mouse, finger and keyboard on a page without a server: what the pad takes down, and what is shown of the answer."""

import itertools

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.draw_a_digit import MOST_POINTS, NAMES, draw_a_digit, stages
from lecture_lib.data import draw_strokes
from lecture_lib.data.drawings import PAD
from tests.browser.hand import SEVEN, Hand

NET = models.trained_lenet5()[0]


def strokes_of(page):
    """What the browser has told the model of the pad."""
    return [np.array(stroke) for stroke in page.evaluate("models[0].state._state.strokes")]


def unit_of(page):
    return page.evaluate("(({ layer, row, col }) => [layer, row, col])(explorers[0].state)")


def empty(**settings):
    explorer = draw_a_digit(digits=3, **settings)
    explorer.state = {"digit": None}
    return explorer


@pytest.fixture
def pad(shown):
    """A pad in a page without a kernel, empty."""
    return Hand(shown(empty()))


def ink(page, point):
    """How bright the pad is at a point of the drawing."""
    return page.evaluate(
        """([x, y]) => { const canvas = document.querySelector('.lecture-pad canvas'), scale = canvas.width / 280;
            return canvas.getContext('2d').getImageData(Math.round(x * scale), Math.round(y * scale), 1, 1).data[0]; }""",
        point,
    )


def test_a_stroke_is_seen_at_once_and_is_where_the_mouse_went(pad):
    pad.mouse(SEVEN)
    pad.page.wait_for_timeout(100)
    (stroke,) = strokes_of(pad.page)
    for point in SEVEN:
        assert np.abs(stroke.astype(int) - point).max(axis=1).min() <= 1
        assert ink(pad.page, point) == 255
    assert ink(pad.page, (20, 200)) == 0


def test_what_the_pad_shows_is_what_python_draws(pad):
    pad.mouse(SEVEN)
    pad.mouse([(40, 250)])
    pad.page.wait_for_timeout(100)
    drawn = draw_strokes(strokes_of(pad.page))
    side = pad.page.evaluate("document.querySelector('.lecture-pad canvas').width")
    shown = pad.page.evaluate("""() => { const canvas = document.querySelector('.lecture-pad canvas');
        return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.width).data].filter((_, i) => i % 4 === 0); }""")  # fmt: skip
    shown = np.reshape(shown, (side, side))
    places = np.minimum(PAD - 1, ((np.arange(side) + 0.5) * PAD / side)).astype(int)
    assert np.mean((shown > 127) != (drawn[np.ix_(places, places)] > 0)) < 0.02  # edges


def test_a_pen_that_leaves_the_pad_lifts_and_begins_again_where_it_comes_back(pad):
    pad.mouse([(100, 140), (200, 140), (400, 140), (400, 200), (200, 200), (100, 200)])
    pad.page.wait_for_timeout(100)
    strokes = strokes_of(pad.page)
    assert len(strokes) == 2
    assert np.concatenate(strokes).max() < PAD
    assert {tuple(stroke[0]) for stroke in strokes} >= {(100, 140)}
    assert len(set(strokes[0][:, 1].tolist())) == 1  # no line along the edge


def test_releasing_outside_ends_the_stroke(pad):
    pad.mouse([(100, 140), (400, 140)])
    pad.page.mouse.move(*pad.place((100, 60)))
    pad.page.mouse.move(*pad.place((200, 60)))
    pad.page.wait_for_timeout(100)
    assert np.concatenate(strokes_of(pad.page))[:, 1].tolist() == [140] * sum(map(len, strokes_of(pad.page)))


@pytest.mark.parametrize("zoom", [0.5, 1.5, 3])
def test_page_zoom_does_not_move_the_pen(pad, zoom):
    session = pad.page.context.new_cdp_session(pad.page)
    size = {"width": round(1280 / min(zoom, 1.5)), "height": round(720 / min(zoom, 1.5))}
    session.send("Emulation.setDeviceMetricsOverride", size | {"deviceScaleFactor": zoom, "mobile": False})
    pad.page.wait_for_timeout(300)
    pad.mouse(SEVEN)
    pad.page.wait_for_timeout(100)
    (stroke,) = strokes_of(pad.page)
    assert max(np.abs(stroke.astype(int) - point).max(axis=1).min() for point in SEVEN) <= 2
    assert all(ink(pad.page, point) == 255 for point in SEVEN)
    session.send("Emulation.clearDeviceMetricsOverride")
    session.detach()


def test_keys_draw_lift_undo_and_clear(pad):
    page = pad.page
    pad.pad.focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Space", "ArrowDown", "ArrowDown", "Space", "ArrowLeft"):
        page.keyboard.press(key)
    page.wait_for_timeout(100)
    assert [stroke.tolist() for stroke in strokes_of(page)] == [
        [[140, 140], [148, 140], [156, 140]], [[156, 156], [148, 156]]
    ]  # fmt: skip
    page.keyboard.press("z")
    page.wait_for_timeout(100)
    assert len(strokes_of(page)) == 1
    assert (ink(page, (156, 140)), ink(page, (130, 156))) == (255, 0)
    page.keyboard.press("Delete")
    page.wait_for_timeout(100)
    assert strokes_of(page) == []
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Space")
    page.wait_for_timeout(100)
    assert strokes_of(page)[0].tolist() == [[147, 156]]


def test_the_pen_of_the_keyboard_is_seen_and_stays_on_the_pad(pad):
    pen = pad.page.locator(".lecture-pad i")
    assert not pen.is_visible()
    pad.pad.focus()
    for _ in range(30):
        pad.page.keyboard.press("ArrowLeft")
    assert pen.is_visible()
    assert not pen.get_attribute("class")
    pad.page.keyboard.press("Space")
    pad.page.wait_for_timeout(100)
    assert "lecture-down" in pen.get_attribute("class")
    assert strokes_of(pad.page)[0].tolist() == [[0, 140]]


def test_the_buttons_clear_undo_and_bring_another_test_digit(pad):
    page = pad.page
    buttons = {
        name: page.locator(".lecture-pad").get_by_role("button", name=name)
        for name in ("Clear", "Undo", "Random test digit")
    }
    pad.mouse(SEVEN)
    pad.mouse([(40, 140), (200, 140)])
    buttons["Undo"].press("Enter")
    page.wait_for_timeout(50)
    assert len(strokes_of(page)) == 1
    seen = [None]
    for _ in range(8):
        buttons["Random test digit"].press("Space")
        seen.append(page.evaluate("explorers[0].state.digit"))
        assert strokes_of(page) == []
    assert set(seen[1:]) <= {0, 1, 2}
    assert all(now != before for before, now in itertools.pairwise(seen))
    buttons["Undo"].click()
    assert page.evaluate("explorers[0].state.digit") == seen[-2]
    buttons["Clear"].click()
    assert page.evaluate("explorers[0].state.digit") is None


def test_a_full_pad_says_so_and_takes_no_more(pad):
    page = pad.page
    points = [[(7 * at) % 280, (11 * at) % 280] for at in range(MOST_POINTS - 3)]
    page.evaluate("points => explorers[0].pad.set([points], null)", points)
    pad.mouse([(40, 40), (200, 40), (200, 200), (40, 200)])
    page.wait_for_timeout(200)
    assert sum(map(len, strokes_of(page))) == MOST_POINTS
    assert page.locator(".lecture-pad p").inner_text() == "The pad is full: press Clear."
    page.get_by_role("button", name="Clear").click()
    assert page.locator(".lecture-pad p").inner_text().startswith("Keys: arrows")


def test_a_second_finger_does_not_disturb_the_first(pad):
    box = pad.pad.bounding_box()
    pad.page.evaluate("""([x, y]) => { const pad = document.querySelector('.lecture-pad canvas');
        const fire = (type, pointerId, dx) => pad.dispatchEvent(new PointerEvent(type,
            { pointerId, clientX: x + dx, clientY: y + 50, bubbles: true, button: 0, pointerType: 'touch' }));
        pad.setPointerCapture = () => {};
        fire('pointerdown', 5, 10); fire('pointerdown', 6, 100); fire('pointermove', 6, 120); fire('pointermove', 5, 30);
        fire('pointerup', 6, 120); fire('pointermove', 5, 50); fire('pointerup', 5, 50); }""", [box["x"], box["y"]])  # fmt: skip
    pad.page.wait_for_timeout(100)
    (stroke,) = strokes_of(pad.page)
    assert stroke[:, 0].max() < 60 * PAD / box["width"]


UNITS = [("C1", 9, 30, (1, 9, 2)), ("S2", 6, 33, (2, 6, 5)), ("C3", 14, 25, (10, 4, 5)), ("S4", 2, 12, (2, 2, 2)),
         ("F5", 2, 7, (87, 0, 0)), ("F6", 1, 3, (45, 0, 0)), ("output", 0, 4, (4, 0, 0))]  # fmt: skip


@pytest.mark.parametrize("level", range(len(UNITS)))
def test_a_click_on_a_unit_chooses_it_and_its_field_is_framed_on_the_input(shown, level):
    name, row, col, unit = UNITS[level]
    explorer = draw_a_digit(digits=3)
    page = shown(explorer)
    tiles = page.evaluate("level => explorers[0].drawn.find((each) => each.laid).laid[level]", level)
    x = tiles["x"] + (col + 0.5) * tiles["cell"] + col // tiles["cols"] * tiles["gap"]
    y = tiles["y"] + (row + 0.5) * tiles["cell"] + row // tiles["rows"] * tiles["gap"]
    page.locator(".lecture-stage > canvas").click(position={"x": x, "y": y})
    assert unit_of(page) == [level, row, col]
    explorer.state = {"layer": level, "row": row, "col": col}  # Python's part
    assert stages(NET)[level].place(row, col) == unit
    page = shown(explorer)
    rows = {name: fields for name, _, _, _, fields in NET.rows((1, 28, 28))}
    vertical, horizontal = rows[name]
    top, left = (field.start + field.jump * at for field, at in zip((vertical, horizontal), unit[1:], strict=True))
    frame = [max(0, top), max(0, left), min(28, top + vertical.size), min(28, left + horizontal.size)]
    grid = page.evaluate("explorers[0].drawn.find((each) => each.input).input")
    for r, c in ((frame[0], (frame[1] + frame[3]) / 2), ((frame[0] + frame[2]) / 2, frame[3])):
        at = [grid["x"] + c * grid["cell"], grid["y"] + r * grid["cell"]]
        near = page.evaluate(
            "([x, y]) => [...explorers[0].ctx.getImageData(Math.round(x) - 1, Math.round(y) - 1, 3, 3).data]", at
        )
        apart = np.abs(np.reshape(near, (9, 4))[:, :3] - [255, 176, 0]).max(axis=1)
        assert apart.min() < 50, (name, frame)  # edges are smoothed
    assert page.locator(".lecture-readout").inner_text() == explorer.sentence[0]["text"]


def test_arrow_keys_walk_through_the_maps_and_on_into_the_next_layer(shown):
    explorer = draw_a_digit(digits=3)
    explorer.state = {"layer": 0, "row": 27, "col": 168 - 1}
    page = shown(explorer)
    page.locator(".lecture-stage > canvas").focus()

    def press(key, times=1):
        for _ in range(times):
            page.keyboard.press(key)
        return unit_of(page)

    assert press("ArrowRight") == [0, 27, 167]  # the edge
    assert press("ArrowDown") == [1, 0, 83]
    assert press("ArrowLeft", 14) == [1, 0, 69]
    assert press("ArrowUp") == [0, 27, 139]
    assert press("ArrowDown", 1 + 14 + 20 + 10 + 3 + 2)[0] == 6
    assert press("ArrowDown", 3)[0] == 6
    assert press("ArrowUp", 500)[0] == 0


def test_the_winners_bar_is_marked_by_more_than_its_colour(shown):
    explorer = draw_a_digit(digits=3)
    page = shown(explorer)
    page.evaluate("""() => { window.written = []; const own = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { written.push(text); own.call(this, text, ...at); };
        explorers[0].draw(); }""")  # fmt: skip
    written = page.evaluate("written")
    label = explorer.array("label")[0]
    assert f"{label} {NAMES[label]} ✓" in written
    assert sum(str(each).startswith("◀ ") for each in written) >= 1


def test_a_press_without_a_move_paints_a_dot(pad):
    pad.mouse([(40, 250)])
    pad.page.wait_for_timeout(100)
    assert [stroke.tolist() for stroke in strokes_of(pad.page)] == [[[40, 250]]]
    assert ink(pad.page, (40, 250)) == ink(pad.page, (46, 250)) == 255
    assert ink(pad.page, (54, 250)) == 0


def test_a_stroke_is_taken_back_as_one_and_a_cleared_drawing_comes_back(pad):
    pad.mouse(SEVEN)
    pad.mouse([(40, 140), (200, 140)])
    pad.page.wait_for_timeout(100)
    both = pad.page.evaluate("explorers[0].state.strokes")
    pad.page.get_by_role("button", name="Clear").click()
    assert ink(pad.page, SEVEN[2]) == 0
    pad.page.get_by_role("button", name="Undo").first.click()
    assert pad.page.evaluate("explorers[0].state.strokes") == both
    assert ink(pad.page, SEVEN[2]) == 255
    for left in (1, 0):
        pad.page.get_by_role("button", name="Undo").first.click()
        assert len(pad.page.evaluate("explorers[0].state.strokes")) == left


def test_where_there_is_no_python_nobody_is_asked_to_draw(shown):
    page = shown(draw_a_digit(digits=3), alone=True)
    assert page.locator(".lecture-pad p").inner_text() == "To draw here needs Python."
    assert page.locator(".lecture-pad").get_attribute("inert") is not None


def test_pads_have_names_for_screen_readers_and_keep_fingers_from_scrolling(pad):
    assert "Space puts it down" in pad.pad.get_attribute("aria-label")
    assert pad.pad.evaluate("e => getComputedStyle(e).touchAction") == "none"
    assert pad.page.locator(".lecture-stage > canvas").evaluate("e => getComputedStyle(e).touchAction") == "pan-y"
