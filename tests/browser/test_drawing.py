"""Drawing by mouse, finger and keyboard in a real browser, and what the network answers there."""

import itertools

import numpy as np
import pytest

from lecture_lib import models, widgets
from lecture_lib.data import as_mnist, digits_as_input, draw_strokes
from lecture_lib.data.drawings import PAD
from lecture_lib.ops import softmax
from lecture_lib.widgets import drawing
from tests.browser.test_lab import EXPLORERS, output_text, show
from tests.browser.test_view import bare, state_of

__all__ = ["bare", "show"]

SEVEN = [(60, 50), (130, 52), (200, 54), (180, 110), (150, 180), (130, 240)]
NET = models.trained_lenet5()[0]
FIND = "const views = [...document.querySelectorAll('.lecture-view > canvas')].map((c) => c.lecture);"


def strokes_of(page, at=0):
    """What the browser has told the model of the pad."""
    data = page.evaluate(f"""at => {{ {FIND} const data = views[at].model.get('strokes');
        return [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]; }}""", at)  # fmt: skip
    return drawing.read_strokes(bytes(data))


def bars(page, at=0):
    return page.evaluate(f"at => {{ {FIND} return [...views[at].arrays.classes.values]; }}", at)


def expected(strokes):
    """NumPy's own answer to the same strokes."""
    return softmax(NET.forward(digits_as_input(as_mnist(draw_strokes(strokes))[None])))[0]


class Hand:
    """Where a point of the drawing is on the page, and how to get there."""

    def __init__(self, page, at=0):
        self.page, self.pad = page, page.locator(".lecture-pad canvas").nth(at)

    def place(self, point):
        box = self.pad.bounding_box()
        return [box[edge] + at * box["width"] / PAD for edge, at in zip("xy", point, strict=True)]

    def mouse(self, points):
        self.page.mouse.move(*self.place(points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.place(point), steps=3)
        self.page.mouse.up()

    def touch(self, points):
        session = self.page.context.new_cdp_session(self.page)
        session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        for at, point in enumerate(points):
            x, y = self.place(point)
            kind = "touchMove" if at else "touchStart"
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
            self.page.wait_for_timeout(30)
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        session.detach()

    def keyboard(self, points):
        """Along both axes, one after the other, from where the pen stands: the middle."""
        self.pad.focus()
        now = [PAD / 2, PAD / 2]
        for at, point in enumerate(points):
            for axis, (back, there) in enumerate((("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown"))):
                steps = round((point[axis] - now[axis]) / 8)
                now[axis] += 8 * steps
                for _ in range(abs(steps)):
                    self.page.keyboard.press(there if steps > 0 else back)
            if at == 0:
                self.page.keyboard.press("Space")
        self.page.keyboard.press("Space")


@pytest.fixture
def pad(bare):
    """A pad in a page without a kernel, empty."""
    bare.evaluate("state => open(state)", state_of(widgets.draw_a_digit(digits=3), digit=None))
    return Hand(bare)


def test_what_is_drawn_by_mouse_finger_and_keys_gets_numpys_answer(show):
    page = show(EXPLORERS["draw a digit"])
    hand = Hand(page)
    for way in (hand.mouse, hand.touch, hand.keyboard):
        page.get_by_role("button", name="Clear").click()
        page.wait_for_timeout(400)
        assert page.locator(".lecture-readout").inner_text() == drawing.EMPTY
        assert not any(bars(page))
        scrolled = page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop")
        way(SEVEN)
        page.wait_for_timeout(700)
        assert page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop") == scrolled
        strokes = strokes_of(page)
        assert len(strokes) == 1
        assert bars(page) == pytest.approx(expected(strokes), abs=1e-5)
        assert page.locator(".lecture-readout").inner_text().startswith("It says 7 (seven)")


@pytest.mark.slow
def test_ten_seconds_of_scribbling_are_answered_at_once_when_the_hand_stops(show):
    page = show(EXPLORERS["draw a digit"])
    page.get_by_role("button", name="Clear").click()
    hand, rng = Hand(page), np.random.default_rng(0)
    for _ in range(40):
        hand.mouse(rng.integers(5, 275, (12, 2)).tolist())
    page.wait_for_timeout(400)
    strokes = strokes_of(page)
    assert sum(map(len, strokes)) > 500
    assert bars(page) == pytest.approx(expected(strokes), abs=1e-5)


@pytest.mark.slow
def test_while_a_cell_runs_the_pad_draws_on_and_only_its_last_state_is_answered_in_the_end(show, lab):
    free = lab.folder / "free"
    free.touch()
    page = show(
        EXPLORERS["draw a digit"],
        "import pathlib, time\nwhile not pathlib.Path('free').exists():\n    time.sleep(0.05)",
    )
    page.get_by_role("button", name="Clear").click()
    page.wait_for_timeout(400)
    free.unlink()
    page.evaluate("""() => { const panel = window.jupyterapp.shell.currentWidget;
        panel.content.activeCellIndex = 1; window.jupyterapp.commands.execute('notebook:run-cell'); }""")  # fmt: skip
    page.wait_for_timeout(400)
    hand = Hand(page)
    for at in range(5):
        hand.mouse([(30 + 25 * at, 40), (30 + 25 * at, 240)])
    page.get_by_role("button", name="Clear").click()
    hand.mouse(SEVEN)
    assert ink(page, SEVEN[2]) == 255  # whether Python answers meanwhile depends on the versions of Jupyter
    free.touch()
    page.wait_for_function(f"() => {{ {FIND} return views[0].arrays.classes.values.some((each) => each > 0); }}")
    page.wait_for_timeout(500)
    assert len(strokes_of(page)) == 1
    assert bars(page) == pytest.approx(expected(strokes_of(page)), abs=1e-5)


@pytest.mark.slow
def test_two_pads_do_not_know_of_each_other(show):
    page = show(
        "import ipywidgets\nfrom lecture_lib import widgets\n"
        "ipywidgets.VBox([widgets.draw_a_digit(digits=5), widgets.draw_a_digit(digits=6)])"
    )
    before = bars(page, 0)
    page.get_by_role("button", name="Clear").nth(1).click()
    second = Hand(page, 1)
    second.pad.scroll_into_view_if_needed()
    second.mouse(SEVEN)
    page.wait_for_timeout(500)
    assert np.argmax(bars(page, 1)) == 7
    assert bars(page, 0) == before
    assert strokes_of(page, 0) == []


@pytest.mark.slow
def test_python_hears_of_a_random_digit_and_of_sliders(show):
    page = show("from lecture_lib import widgets\npad = widgets.draw_a_digit(digits=20)\npad")
    page.get_by_role("button", name="Random test digit").click()
    page.get_by_role("slider", name="Rotate").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    chosen = page.evaluate(f"() => {{ {FIND} return views[0].model.get('digit'); }}")
    assert chosen != 0
    assert output_text(page, "print(pad.view.digit, pad.shift['rotate'].value)") == f"{chosen} 3\n"


# Without a kernel: what the pad takes down


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
    buttons = {name: page.get_by_role("button", name=name) for name in ("Clear", "Undo", "Random test digit")}
    pad.mouse(SEVEN)
    pad.mouse([(40, 140), (200, 140)])
    buttons["Undo"].press("Enter")
    page.wait_for_timeout(50)
    assert len(strokes_of(page)) == 1
    seen = [None]
    for _ in range(8):
        buttons["Random test digit"].press("Space")
        seen.append(page.evaluate("model.get('digit')"))
        assert strokes_of(page) == []
    assert set(seen[1:]) <= {0, 1, 2}
    assert all(now != before for before, now in itertools.pairwise(seen))
    buttons["Undo"].click()
    assert page.evaluate("model.get('digit')") == seen[-1]
    buttons["Clear"].click()
    assert page.evaluate("model.get('digit')") is None


def test_a_full_pad_says_so_and_takes_no_more(pad):
    page = pad.page
    points = [((7 * at) % 280, (11 * at) % 280) for at in range(drawing.MOST_POINTS - 3)]
    page.evaluate("points => view.pad.set([points], null)", points)
    pad.mouse([(40, 40), (200, 40), (200, 200), (40, 200)])
    page.wait_for_timeout(200)
    assert sum(map(len, strokes_of(page))) == drawing.MOST_POINTS
    assert page.locator(".lecture-pad p").inner_text() == "The pad is full: press Clear."
    page.get_by_role("button", name="Clear").click()
    assert page.locator(".lecture-pad p").inner_text().startswith("Mouse, pen or finger. Keys: arrows move the pen")


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


# Without a kernel: what is shown of the answer


def test_a_click_on_a_unit_chooses_it_and_its_field_is_framed_on_the_input(bare):
    explorer = widgets.draw_a_digit(digits=3)
    bare.evaluate("state => open(state)", state_of(explorer))
    canvas = bare.locator(".lecture-view > canvas").bounding_box()
    rows = {name: fields for name, _, _, _, fields in NET.rows((1, 28, 28))}
    for level, (name, row, col, unit) in enumerate(
        [("C1", 9, 30, (1, 9, 2)), ("S2", 6, 33, (2, 6, 5)), ("C3", 14, 25, (10, 4, 5)), ("S4", 2, 12, (2, 2, 2)),
         ("F5", 2, 7, (87, 0, 0)), ("F6", 1, 3, (45, 0, 0)), ("output", 0, 4, (4, 0, 0))]
    ):  # fmt: skip
        tiles = bare.evaluate("level => view.drawn.find((each) => each.laid).laid[level]", level)
        x = tiles["x"] + (col + 0.5) * tiles["cell"] + col // tiles["cols"] * tiles["gap"]
        y = tiles["y"] + (row + 0.5) * tiles["cell"] + row // tiles["rows"] * tiles["gap"]
        bare.mouse.click(canvas["x"] + x, canvas["y"] + y)
        assert bare.evaluate("model.get('unit')") == [level, row, col]
        explorer.view.unit = [level, row, col]  # Python's part
        assert drawing.stages(NET)[level].place(row, col) == unit
        bare.evaluate("state => load(state)", {name: state_of(explorer)[name] for name in ("extra", "text")})
        vertical, horizontal = rows[name]
        top, left = (field.start + field.jump * at for field, at in zip((vertical, horizontal), unit[1:], strict=True))
        frame = [max(0, top), max(0, left), min(28, top + vertical.size), min(28, left + horizontal.size)]
        grid = bare.evaluate("view.drawn.find((each) => each.input).input")
        for r, c in ((frame[0], (frame[1] + frame[3]) / 2), ((frame[0] + frame[2]) / 2, frame[3])):
            at = [grid["x"] + c * grid["cell"], grid["y"] + r * grid["cell"]]
            colour = bare.evaluate(
                "([x, y]) => [...view.ctx.getImageData(Math.round(x), Math.round(y), 1, 1).data]", at
            )
            assert np.abs(np.subtract(colour[:3], [255, 176, 0])).max() < 50, (name, frame)  # edges are smoothed
        assert bare.evaluate("readout()") == explorer.view.text


def test_arrow_keys_walk_through_the_maps_and_on_into_the_next_layer(bare):
    bare.evaluate("state => open(state)", state_of(widgets.draw_a_digit(digits=3), unit=[0, 27, 168 - 1]))
    bare.locator(".lecture-view > canvas").focus()

    def press(key, times=1):
        for _ in range(times):
            bare.keyboard.press(key)
        return bare.evaluate("model.get('unit')")

    assert press("ArrowRight") == [0, 27, 167]  # the edge
    assert press("ArrowDown") == [1, 0, 83]
    assert press("ArrowLeft", 14) == [1, 0, 69]
    assert press("ArrowUp") == [0, 27, 139]
    assert press("ArrowDown", 1 + 14 + 20 + 10 + 3 + 2)[0] == 6
    assert press("ArrowDown", 3)[0] == 6
    assert press("ArrowUp", 500)[0] == 0


def test_the_winners_bar_is_marked_by_more_than_its_colour(bare):
    explorer = widgets.draw_a_digit(digits=3)
    bare.evaluate("""() => { window.written = []; const own = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { written.push(text); own.call(this, text, ...at); }; }""")  # fmt: skip
    bare.evaluate("state => open(state)", state_of(explorer))
    written = bare.evaluate("written")
    label = explorer.labels[0]
    assert f"{label} {drawing.NAMES[label]} ✓" in written
    assert sum(str(each).startswith("◀ ") for each in written) >= 1


def test_pads_have_names_for_screen_readers_and_keep_fingers_from_scrolling(pad):
    assert "Space puts it down" in pad.pad.get_attribute("aria-label")
    assert pad.pad.evaluate("e => getComputedStyle(e).touchAction") == "none"
    assert pad.page.locator(".lecture-view > canvas").evaluate("e => getComputedStyle(e).touchAction") == "pan-y"
