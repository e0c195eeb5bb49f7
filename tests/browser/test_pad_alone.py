"""Drawing by mouse, finger and keyboard on a page without a server: what the pad takes down, and what is shown of the answer."""

import base64
import itertools

import numpy as np
import pytest
from scipy import ndimage

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.chapters.lenet_alexnet.walk.reading import MOST_POINTS
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.data import draw_strokes
from lecture_lib.data.drawings import PAD
from lecture_lib.style import INKS
from tests.browser.hand import SEVEN, WRITTEN, Hand

NET = models.trained_lenet5()[0]
STAGES = stages(NET)


def strokes_of(page):
    """What the browser has told the model of the pad."""
    return [np.array(stroke) for stroke in page.evaluate("models[0].state._state.strokes")]


def empty(**settings):
    explorer = network_walk(digits=3, **settings)
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
        name: page.get_by_role("button", name=name, exact=True) for name in ("Clear", "Undo", "Random test digit")
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


@pytest.mark.parametrize("level", range(1, len(STAGES) + 1))
def test_the_field_of_the_chosen_unit_is_framed_on_the_input(shown, level):
    explorer = network_walk(digits=3)
    page = shown(explorer)
    k, h, w = STAGES[level - 1].shape
    at = (k // 2, h // 3, w // 2)
    page.evaluate(
        "([layer, unit]) => explorers[0].choose({ layer, unit })", [level, int(np.ravel_multi_index(at, (k, h, w)))]
    )
    rows = {name: fields for name, _, _, _, fields in NET.rows((1, 28, 28))}
    top, left = (field.start + field.jump * at for field, at in zip(rows[STAGES[level - 1].name], at[1:], strict=True))
    size = rows[STAGES[level - 1].name][0].size
    frame = [max(0, top), max(0, left), min(28, top + size), min(28, left + size)]
    grid = page.evaluate("(({ x, y, cell }) => ({ x, y, cell }))(explorers[0].drawn[0].laid.columns[0])")
    for r, c in ((frame[0], (frame[1] + frame[3]) / 2), ((frame[0] + frame[2]) / 2, frame[1])):
        at = [grid["x"] + c * grid["cell"], grid["y"] + r * grid["cell"]]
        near = page.evaluate(
            "([x, y]) => [...explorers[0].ctx.getImageData(Math.round(x) - 1, Math.round(y) - 1, 3, 3).data]", at
        )
        apart = np.abs(np.reshape(near, (9, 4))[:, :3] - [255, 176, 0]).max(axis=1)
        assert apart.min() < 50, (level, frame)  # edges are smoothed


def test_the_winners_bar_is_marked_by_more_than_its_colour(shown):
    explorer = network_walk(digits=3)
    page = shown(explorer)
    written = page.evaluate(WRITTEN)
    assert explorer.array("classes").argmax() == explorer.array("label")[0]
    assert written.count("✓") == 1 and "✗" not in written


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
    page = shown(network_walk(digits=3), alone=True)
    assert page.locator(".lecture-pad p").inner_text() == "To draw here needs Python."
    assert page.locator(".lecture-pad").get_attribute("inert") is not None


def test_pads_have_names_for_screen_readers_and_keep_fingers_from_scrolling(pad):
    assert "Space puts it down" in pad.pad.get_attribute("aria-label")
    assert pad.pad.evaluate("e => getComputedStyle(e).touchAction") == "none"
    assert pad.page.locator(".lecture-stage > canvas").evaluate("e => getComputedStyle(e).touchAction") == "pan-y"


def test_a_digit_read_right_never_has_the_colour_of_a_problem_and_one_read_wrong_never_that_of_right(shown):
    explorer = network_walk(digits=12)
    page = shown(explorer)
    page.evaluate("""() => { window.bars = []; const own = CanvasRenderingContext2D.prototype.fillRect;
        CanvasRenderingContext2D.prototype.fillRect = function (...box) { if (box[3] === 22) bars.push(this.fillStyle); own.apply(this, box); }; }""")  # fmt: skip
    for top, label in itertools.product((3, 8), (-1, 3, 8)):
        shares = np.full(10, 0.01, np.float32)
        shares[top] = 0.9
        extra = {
            "classes": base64.b64encode(shares.tobytes()).decode(),
            "label": base64.b64encode(np.int32(label).tobytes()).decode(),
        }
        page.evaluate("""(extra) => { bars.length = 0; const now = { ...models[0].state.extra };
            for (const [name, text] of Object.entries(extra)) now[name] = { ...models[0].state.arrays[name],
                data: new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer) };
            models[0].hear({ extra: now }); }""", extra)  # fmt: skip
        colours = page.evaluate("bars").copy()[-10:]  # nothing else is as high
        assert (INKS["light"]["right"] in colours) == (label >= 0)
        assert (colours[top] == INKS["light"]["right"]) == (top == label)
        assert (colours[top] == INKS["light"]["mark"]) == (label >= 0 and top != label)
        assert INKS["light"]["mark"] not in colours[:top] + colours[top + 1 :]


@pytest.mark.parametrize(
    "lines",
    [
        [[(40, 250)], [(140, 140)], [(200, 60)]], [[(100, 140), (200, 140), (400, 140), (400, 200), (200, 200), (100, 200)]],
        [[(140, 140), (140, -60), (40, -60), (40, 140), (40, 400), (200, 400), (200, 240)]],
    ],
)  # fmt: skip
def test_dots_and_strokes_that_come_back_are_the_same_on_the_pad_and_for_the_network(pad, lines):
    page = pad.page
    for line in lines:
        pad.mouse(line)
    page.wait_for_timeout(100)

    def seen():
        side = page.evaluate("document.querySelector('.lecture-pad canvas').width")
        grey = page.evaluate("""() => { const canvas = document.querySelector('.lecture-pad canvas');
            return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.width).data].filter((_, i) => i % 4 === 0); }""")  # fmt: skip
        places = np.minimum(PAD - 1, ((np.arange(side) + 0.5) * PAD / side)).astype(int)
        return np.reshape(grey, (side, side)) > 127, np.ix_(places, places)

    def same():
        shown, places = seen()
        drawn = draw_strokes(strokes_of(page))[places] > 0
        rim = drawn ^ ndimage.binary_erosion(drawn, iterations=2) | ndimage.binary_dilation(drawn, iterations=2) ^ drawn
        assert shown.any() and not (shown ^ drawn)[~rim].any()

    same()
    page.set_viewport_size({"width": 1100, "height": 720})  # all is painted anew
    page.wait_for_timeout(200)
    same()
