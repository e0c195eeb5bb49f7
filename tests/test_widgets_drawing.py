"""The pad without a browser: what Python answers to strokes, sliders and clicks."""

import gc
import tracemalloc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib import models, widgets
from lecture_lib.data import as_mnist, digits_as_input, draw_strokes, load_digits
from lecture_lib.layers import Conv2d, Flatten, Linear
from lecture_lib.models import Sequential
from lecture_lib.ops import softmax
from lecture_lib.transforms import rotate, thicken, translate
from lecture_lib.widgets import drawing
from tests.explorers import array

NET = models.trained_lenet5()[0]
STAGES = drawing.stages(NET)
# Each digit as a hand draws it: points of its strokes on a pad of 280 pixels.
ROUND = [(140 + 50 * np.sin(t), 140 - 80 * np.cos(t)) for t in np.linspace(0, 2 * np.pi, 30)]
DRAWN = {
    0: [ROUND],
    1: [[(140, 50), (140, 230)]],
    2: [[(90, 95), (105, 65), (140, 52), (175, 70), (180, 105), (150, 150), (85, 225), (195, 225)]],
    3: [[(90, 65), (140, 50), (180, 75), (170, 115), (130, 135), (175, 155), (188, 195), (150, 228), (90, 218)]],
    4: [[(110, 55), (95, 145), (185, 145)], [(175, 60), (170, 230)]],
    5: [[(185, 55), (105, 55), (98, 130), (145, 120), (185, 150), (180, 200), (140, 228), (92, 215)]],
    6: [[(165, 50), (120, 100), (100, 160), (105, 210), (140, 230), (175, 205), (170, 165), (135, 155), (105, 180)]],
    7: [[(90, 60), (190, 60), (130, 230)]],
    8: [[(165, 75), (140, 50), (112, 75), (125, 115), (165, 160), (172, 200), (140, 228), (108, 200), (120, 155), (160, 115), (168, 80)]],
    9: [[(175, 100), (145, 125), (110, 105), (115, 65), (150, 52), (178, 75), (175, 110), (160, 230)]],
}  # fmt: skip


def packed(strokes):
    """Strokes as the browser sends them."""
    ended = [np.vstack([np.rint(stroke), [(drawing.LIFT,) * 2]]) for stroke in strokes]
    return np.concatenate(ended).astype("<u2").tobytes() if ended else b""


def pad(strokes=(), digit=None, **settings):
    explorer = widgets.draw_a_digit(digits=5, **settings)
    explorer.view.digit, explorer.view.strokes = digit, packed(strokes)
    return explorer


def shares(explorer):
    return array(explorer.view.extra["classes"])


def said(explorer):
    return explorer.view.text


# The answer


@pytest.mark.parametrize("digit", DRAWN)
def test_every_drawn_digit_is_named_right(digit):
    explorer = pad(DRAWN[digit])
    assert shares(explorer).argmax() == digit
    assert said(explorer).startswith(f"It says {digit} ({drawing.NAMES[digit]}) with ")


def test_where_and_how_large_the_digit_is_drawn_does_not_matter():
    corner = [[(x / 2 + 130, y / 2 + 130) for x, y in stroke] for stroke in DRAWN[4]]
    assert shares(pad(corner)).argmax() == 4
    moved = [[(x + 60, y + 20) for x, y in stroke] for stroke in DRAWN[4]]
    assert np.array_equal(shares(pad(moved)), shares(pad(DRAWN[4])))


def forward(picture):
    """The modern LeNet-5 step by step, without its Sequential."""
    x = digits_as_input(picture[None])
    for name in ("C1", "S2", "C3", "S4"):
        x = NET[name].forward(x)
        x = np.maximum(x, 0) if name[0] == "C" else x
    x = x.reshape(1, -1)
    for name in ("F5", "F6"):
        x = np.maximum(NET[name].forward(x), 0)
    return softmax(NET["output"].forward(x))[0]


@pytest.mark.parametrize(
    "settings",
    [{}, {"right": 5, "down": -3}, {"rotate": 45}, {"thicken": 1.5}, {"thicken": -0.5, "rotate": -30, "right": -2}],
)
def test_the_bars_are_numpys_forward_pass_on_the_moved_drawing(settings):
    explorer = pad(DRAWN[5], **settings)
    picture = rotate(thicken(as_mnist(draw_strokes(DRAWN[5])), settings.get("thicken", 0)), settings.get("rotate", 0))
    picture = translate(picture, settings.get("down", 0), settings.get("right", 0))
    assert np.array_equal(array(explorer.view.extra["seen"])[0], picture)
    assert shares(explorer) == pytest.approx(forward(picture), abs=1e-6)


def test_sliders_moved_later_are_those_set_at_first_and_go_back_by_the_button():
    explorer, other = pad(DRAWN[2]), pad(DRAWN[2], rotate=90, right=3)
    upright = shares(explorer)
    explorer.shift["rotate"].value, explorer.shift["right"].value = 90, 3
    assert np.array_equal(shares(explorer), shares(other))
    assert not np.array_equal(shares(explorer), upright)
    explorer.upright.click()
    assert np.array_equal(shares(explorer), upright)


def test_a_test_digit_is_seen_as_it_is_and_its_label_is_said():
    explorer = pad(digit=3)
    assert np.array_equal(array(explorer.view.extra["seen"])[0], explorer.digits[3])
    assert array(explorer.view.extra["label"]).tolist() == [explorer.labels[3]]
    assert f"The test digit is a {explorer.labels[3]}: right." in said(explorer)


def test_strokes_lie_over_the_test_digit_and_it_has_no_label_then():
    explorer = pad([[(20, 20), (260, 20)]], digit=3)
    assert np.array_equal(
        explorer.drawing(),
        np.maximum(draw_strokes([[(20, 20), (260, 20)]]), np.kron(explorer.digits[3], np.ones((10, 10)))),
    )
    assert array(explorer.view.extra["label"]).tolist() == [-1]
    assert "test digit" not in said(explorer)


def test_an_empty_pad_says_what_to_do_and_names_no_digit():
    explorer = pad()
    assert said(explorer) == drawing.EMPTY
    for name in ("seen", "units", "classes"):
        assert not array(explorer.view.extra[name]).any()
    assert explorer._repr_mimebundle_()[0]["image/png"]


def test_a_drawing_of_which_nothing_is_left_says_so():
    explorer = pad([[(100, 100), (180, 100)], [(140, 40), (140, 240)]], thicken=-1.5)
    explorer.shift["right"].value = 14
    assert said(explorer).startswith(("It says", "Nothing is left"))
    explorer = pad([[(140, 40), (140, 240)]], thicken=-1.5)
    assert said(explorer) == "Nothing is left of the drawing: thicken it, or move it back."
    assert not shares(explorer).any()


# What travels


@given(st.binary(max_size=400))
def test_no_bytes_are_too_odd_to_be_strokes(data):
    strokes = drawing.read_strokes(data)
    assert all(stroke.ndim == 2 and len(stroke) and (stroke[:, 0] != drawing.LIFT).all() for stroke in strokes)
    draw_strokes(strokes)


@given(st.lists(st.lists(st.tuples(st.integers(0, 279), st.integers(0, 279)), min_size=1), max_size=5))
def test_strokes_come_back_from_their_bytes(strokes):
    assert [[tuple(point) for point in stroke.tolist()] for stroke in drawing.read_strokes(packed(strokes))] == strokes


def test_more_points_than_a_pad_holds_are_cut():
    strokes = drawing.read_strokes(packed([[(at % 280, 5) for at in range(3 * drawing.MOST_POINTS)]]))
    assert sum(map(len, strokes)) == 2 * drawing.MOST_POINTS


def test_each_stroke_is_answered_by_one_small_message(monkeypatch):
    explorer = pad(DRAWN[8])
    sent = []
    monkeypatch.setattr(
        type(explorer.view), "_send", lambda self, message, buffers=None: sent.append((message, buffers))
    )
    explorer.view.strokes = packed(DRAWN[3])
    answers = [(message, buffers) for message, buffers in sent if "extra" in message.get("state", {})]
    assert len(answers) == 1
    assert sum(memoryview(buffer).nbytes for buffer in answers[0][1]) < 50_000


def test_what_is_no_network_is_refused():
    for thing in (3, [], 0, np.zeros(3)):
        with pytest.raises(TypeError, match="net is a .*: must be a Sequential"):
            widgets.draw_a_digit(thing)


JUNK = [None, "<b>1</b>", -1, 10**30, 2.5, float("nan"), True, [], [1], [1, 2], ["a", "b", "c"], [None] * 3, [1.5] * 3,
        [-(10**30)] * 3, [10**30] * 3, [[1], [2], [3]], {"a": 1}, b"x"]  # fmt: skip


@pytest.mark.parametrize("name", ["strokes", "digit", "unit"])
def test_junk_from_a_page_is_answered_and_the_pad_goes_on(name, caplog):
    explorer = pad(DRAWN[7])
    for junk in JUNK:
        message = {"method": "update", "state": {name: junk}, "buffer_paths": []}
        explorer.view._handle_msg({"content": {"data": message}, "buffers": []})
        assert "<b>" not in said(explorer)
        explorer.view.digit, explorer.view.strokes = None, b""
        assert said(explorer).startswith(drawing.EMPTY)
        explorer.view.strokes = packed(DRAWN[7])
        assert said(explorer).startswith("It says 7")
    assert not caplog.records


def test_a_number_instead_of_strokes_takes_no_memory():
    explorer = pad()
    tracemalloc.start()
    explorer.view._handle_msg(
        {"content": {"data": {"method": "update", "state": {"strokes": 10**8}, "buffer_paths": []}}, "buffers": []}
    )
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < 10_000_000


def test_a_closed_pad_is_let_go():
    explorer = pad()
    gone = weakref.ref(explorer)
    explorer.close()
    del explorer
    gc.collect()
    assert gone() is None


@pytest.mark.slow
def test_a_thousand_strokes_leave_no_memory_behind():
    explorer = pad()
    strokes = [[(at % 280, 3 * at % 280), (7 * at % 280, 50)] for at in range(1000)]

    def draw(first, last):
        for at in range(first, last, 50):
            explorer.view.strokes = packed(strokes[:at])
        explorer.view.strokes = b""
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    draw(1, 200)
    used = draw(1, 200)
    later = draw(1, 1000)
    tracemalloc.stop()
    assert later - used < 200_000


# Units


def places(stage):
    k, h, w = stage.shape
    lines = -(-k // stage.columns)
    return [(row, col) for row in range(lines * h) for col in range(stage.columns * w)]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_unit_has_a_place_in_the_mosaic(stage):
    k, h, w = stage.shape
    assert {stage.place(*at) for at in places(stage)} == set(np.ndindex(k, h, w))


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_what_a_unit_sees_is_all_that_can_change_it(stage):
    rng = np.random.default_rng(0)
    net = models.lenet5().init(1)  # not trained: hardly any unit is dead
    _, h, w = stage.shape
    for row, col in [(0, 0), (h // 2, w // 2), (h - 1, w - 1)]:
        top, left, high, wide = drawing.field_of(stage, row, col)
        inside = np.zeros((28, 28), bool)
        inside[max(0, top) : max(0, top + high), max(0, left) : max(0, left + wide)] = True
        x = rng.normal(size=(40, 1, 28, 28))
        outside, edge = x.copy(), x.copy()
        outside[:, :, ~inside] = rng.normal(size=(~inside).sum())
        # one row of pixels at the field's edge: the first of it that lies in the picture
        edge[:, :, max(0, top)] += 3 * inside[max(0, top)]
        values = [answer(net, each, stage.name, row, col) for each in (x, outside, edge)]
        assert np.array_equal(values[0], values[1])
        assert not np.array_equal(values[0], values[2])


def answer(net, x, name, row, col):
    out = drawing.responses(net, x)[name]
    return out[:, :, row, col] if out.ndim == 4 else out


@pytest.mark.parametrize("level", [at for at, stage in enumerate(STAGES) if stage.name[0] != "S"])
def test_a_unit_is_its_weights_times_what_its_window_frames(level):
    explorer = pad(DRAWN[8])
    stage, before = STAGES[level], STAGES[level - 1] if level else None
    picture = explorer.picture()
    answers = drawing.responses(NET, digits_as_input(picture[None]))
    maps = answers[before.after].reshape(before.shape) if level else digits_as_input(picture[None])[0]
    rng = np.random.default_rng(level)
    for at in rng.integers(len(places(stage)), size=10):
        row, col = places(stage)[at]
        explorer.view.unit = [level, row, col]
        unit, r, c = stage.place(row, col)
        *_, fed_by, top, left, high, wide = array(explorer.view.extra["field"])
        margin = 2
        window = np.pad(maps, [(0, 0), (margin, margin), (margin, margin)])[
            :, top + margin : top + high + margin, left + margin : left + wide + margin
        ]
        if level == 0:  # the padding is 0, the background of a digit is -0.1
            assert fed_by == -1
        weights = array(explorer.view.extra["weights"])
        value = (weights * window).sum() + stage.layer.bias.value[unit]
        expected = answers[stage.name].reshape(stage.shape)[unit, r, c]
        assert value == pytest.approx(expected, abs=1e-4)
        name = f"unit {unit}" if isinstance(stage.layer, Linear) else f"map {unit}, row {r}, column {c}"
        assert f"{stage.name}, {name} = " in said(explorer)


def test_a_pooling_unit_shows_the_four_numbers_it_is_the_largest_of():
    explorer = pad(DRAWN[8])
    explorer.view.unit = [1, 7, 3 * 14 + 6]  # S2, map 3, row 7, column 6
    four = array(explorer.view.extra["weights"])
    answers = drawing.responses(NET, digits_as_input(explorer.picture()[None]))
    assert np.array_equal(four, answers["relu1"][0, 3:4, 14:16, 12:14])
    assert array(explorer.view.extra["field"])[4] == 3
    assert "S2, map 3, row 7, column 6 = " in said(explorer) and "it has no weights" in said(explorer)
    assert four.max() == pytest.approx(answers["S2"][0, 3, 7, 6])


@pytest.mark.parametrize("unit", [[99, 0, 0], [-1, 3, 3], [6, 5, 500], [5, 2, 41], [0, 1000, 1000]])
def test_a_place_beyond_the_maps_is_moved_to_one_with_a_unit(unit):
    explorer = pad(DRAWN[1])
    explorer.view.unit = unit
    assert "It sees" in said(explorer)


def test_maps_are_shown_after_or_before_the_activation():
    explorer = pad(DRAWN[6])
    answers = drawing.responses(NET, digits_as_input(explorer.picture()[None]))
    for which, names in {"after": "relu1 S2 relu3 S4 relu5 relu6 output", "before": "C1 S2 C3 S4 F5 F6 output"}.items():
        explorer.maps.value = which
        assert np.array_equal(
            array(explorer.view.extra["units"]), np.concatenate([answers[name].ravel() for name in names.split()])
        )


def test_the_panels_rows_say_where_each_layers_numbers_begin():
    explorer = pad(DRAWN[6])
    answers = drawing.responses(NET, digits_as_input(explorer.picture()[None]))
    units = array(explorer.view.extra["units"])
    for row, stage in zip(explorer.view.panels[2]["rows"], STAGES, strict=True):
        size = row["count"] * row["rows"] * row["cols"]
        assert np.array_equal(units[row["offset"] : row["offset"] + size], answers[stage.after].ravel())
        assert row["limit"][1] == -row["limit"][0] > 0


# Arguments


def test_another_network_for_digits_can_be_asked():
    images, _ = load_digits("test")
    net = models.small_cnn().init(0)
    explorer = widgets.draw_a_digit(net, digits=1, seed=4)
    assert shares(explorer) == pytest.approx(softmax(net.forward(digits_as_input(explorer.digits)))[0], abs=1e-6)
    assert any(np.array_equal(explorer.digits[0], image) for image in images)


def test_a_cell_that_trains_the_network_and_the_pad_do_not_meet():
    net = models.small_cnn().init(0)
    explorer = widgets.draw_a_digit(net, digits=1)
    before = shares(explorer)
    logits = net.forward(np.ones((3, 1, 28, 28), np.float32))
    explorer.view.strokes = packed(DRAWN[1])
    assert net.backward(np.ones_like(logits)).shape == (3, 1, 28, 28)
    for parameter in net.parameters().values():
        parameter.value += 1
    explorer.view.strokes = b""
    assert np.array_equal(shares(explorer), before)


def test_another_seed_gives_other_digits():
    assert not np.array_equal(pad().digits, widgets.draw_a_digit(digits=5, seed=1).digits)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"digits": 0}, "digits=0"), ({"digits": 10_001}, "digits=10001: must be at most 10000"),
        ({"right": 15}, "Right=15: must be from -14 to 14"), ({"rotate": 181}, "Rotate=181"),
        ({"thicken": 0.3}, "thicken=0.3: must be one of -1.5, -1,"), ({"thicken": np.zeros(3)}, r"thicken=an array of shape \(3,\)"),
        ({"net": Sequential({"all": Conv2d(1, 10, 28)}).init(0)}, r"net gives \(10, 1, 1\): must give one number for each"),
        ({"net": Sequential({"flat": Flatten()})}, r"net gives \(784,\)"), ({"tilt": 3}, "setting='tilt': must be one of right, down"),
        ({"net": models.lenet5("1998")}, "layer S4|layer C5|takes"), ({"net": models.mlp([784, 7])}, "must give one number for each of 10 classes"),
    ],
)  # fmt: skip
def test_a_bad_argument_is_named_with_its_rule(arguments, words):
    with pytest.raises(ValueError, match=words):
        widgets.draw_a_digit(**arguments)


def test_what_is_no_network_is_refused_without_a_copy_of_it():
    endless = np.broadcast_to(np.uint8(0), (200_000, 200_000))
    with pytest.raises(TypeError, match="net is a ndarray: must be a Sequential"):
        widgets.draw_a_digit(endless)
