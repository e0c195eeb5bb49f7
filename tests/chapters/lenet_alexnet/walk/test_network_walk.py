"""The pad without a browser: what Python answers to strokes, sliders and clicks."""

import gc
import tracemalloc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib import models, style
from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.chapters.lenet_alexnet.walk.reading import MOST_POINTS, refuse_strokes
from lecture_lib.chapters.lenet_alexnet.walk.units import NAMES, stages
from lecture_lib.chapters.lenet_alexnet.walk.words import EMPTY, SMALL, describe_answer
from lecture_lib.data import as_mnist, digits_as_input, draw_strokes, load_digits
from lecture_lib.data.drawings import PAD, SMALLEST, draw_large, on_pad
from lecture_lib.layers import Conv2d, Flatten
from lecture_lib.models import Sequential
from lecture_lib.ops import softmax
from lecture_lib.probes import chances
from lecture_lib.transforms import rotate, thicken, translate
from tests.strokes import strokes_of

NET = models.trained_lenet5()[0]
STAGES = stages(NET)
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


def points(strokes):
    """Strokes as the browser sends them."""
    return [np.rint(stroke).astype(int).tolist() for stroke in strokes]


def pad(strokes=(), digit=None, **settings):
    explorer = network_walk(digits=5, **settings)
    explorer.state = {"digit": digit, "strokes": points(strokes)}
    return explorer


EXAMPLES = {"network_walk": lambda: network_walk(digits=3)}


def labels(count=5):
    """What the test digits of a pad are."""
    _, known = load_digits("test")
    return known[np.random.default_rng(0).choice(len(known), count, replace=False)]


def page_says(explorer, **state):
    """What the browser does when a hand has moved."""
    explorer.set_state({"_state": explorer.state | state, "told": explorer.told + 1})


def shares(explorer):
    return explorer.array("classes")


def said(explorer):
    return "".join(each["text"] for each in explorer.sentence)


# The answer


@pytest.mark.parametrize("digit", DRAWN)
def test_every_drawn_digit_is_named_right(digit):
    explorer = pad(DRAWN[digit])
    assert shares(explorer).argmax() == digit
    assert said(explorer).startswith(f"It says {digit} ({NAMES[digit]}) with ")


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
    picture = rotate(thicken(as_mnist(draw_large(DRAWN[5])), settings.get("thicken", 0)), settings.get("rotate", 0))
    picture = translate(picture, settings.get("down", 0), settings.get("right", 0))
    assert np.array_equal(explorer.array("seen")[0], picture)
    assert shares(explorer) == pytest.approx(forward(picture), abs=1e-6)


def test_sliders_moved_later_are_those_set_at_first_and_go_back_by_the_button():
    explorer, other = pad(DRAWN[2]), pad(DRAWN[2], rotate=90, right=3)
    upright = shares(explorer)
    explorer.state = {"rotate": 90, "right": 3}
    assert np.array_equal(shares(explorer), shares(other))
    assert not np.array_equal(shares(explorer), upright)
    explorer.press("upright")
    assert np.array_equal(shares(explorer), upright)


def test_a_test_digit_is_seen_as_it_is_and_its_label_is_said():
    explorer = pad(digit=3)
    assert np.array_equal(explorer.array("seen")[0], explorer.array("digits")[3])
    assert explorer.array("label").tolist() == [labels()[3]]
    assert f"The test digit is a {labels()[3]}: right." in said(explorer)


def test_strokes_lie_over_the_test_digit_and_it_has_no_label_then():
    explorer = pad([[(20, 20), (260, 20)]], digit=3)
    assert np.array_equal(
        on_pad(explorer.state["strokes"], explorer.array("digits")[3]),
        np.maximum(draw_strokes([[(20, 20), (260, 20)]]), np.kron(explorer.array("digits")[3], np.ones((10, 10)))),
    )
    assert explorer.array("label").tolist() == [-1]
    assert "test digit" not in said(explorer)


def test_an_empty_pad_says_what_to_do_and_names_no_digit():
    explorer = pad()
    assert said(explorer) == EMPTY
    for name in ("seen", "values", "classes"):
        assert not explorer.array(name).any()
    assert explorer._repr_mimebundle_()[0]["image/png"]


def test_a_drawing_of_which_nothing_is_left_says_so():
    explorer = pad([[(100, 100), (180, 100)], [(140, 40), (140, 240)]], thicken=-1.5)
    explorer.state = {"right": 14}
    assert said(explorer).startswith(("It says", "Nothing is left"))
    explorer = pad([[(140, 40), (140, 240)]], thicken=-1.5, right=14)
    assert said(explorer) == "Nothing is left of the drawing: thicken it, or move it back."
    assert not shares(explorer).any()


def test_a_page_without_python_walks_but_reads_nothing_new():
    explorer = pad()
    assert explorer.moves and explorer.lives == () and len(explorer.needs_python) == 10


# What travels


json = st.recursive(
    st.none() | st.booleans() | st.integers(-300, 300) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2), max_leaves=20,
)  # fmt: skip


@given(json)
def test_nothing_is_too_odd_to_be_refused_and_what_is_not_can_be_drawn(value):
    if not refuse_strokes(value):
        draw_strokes(value)


@given(st.lists(st.lists(st.lists(st.integers(0, 279), min_size=2, max_size=2), min_size=1), max_size=5))
def test_strokes_on_the_pad_are_taken(strokes):
    assert refuse_strokes(strokes) == ""


@pytest.mark.parametrize("point", [[280, 0], [0, -1], [True, 1], [1.0, 1], [1], [1, 2, 3], "12", None, (1, 2)])
def test_a_point_that_is_not_on_the_pad_is_refused(point):
    assert "points [x, y] from 0 to 279" in refuse_strokes([[[1, 2], point]])


def test_more_points_than_a_pad_holds_are_refused():
    full = [[[at % 280, 5] for at in range(MOST_POINTS)]]
    assert refuse_strokes(full) == ""
    assert "at most 4000 points" in refuse_strokes([*full, [[1, 1]]])
    explorer = pad(DRAWN[7])
    page_says(explorer, strokes=[*full, [[1, 1]]])
    assert explorer.state["strokes"] == points(DRAWN[7])


def test_each_stroke_is_answered_by_one_small_message(monkeypatch):
    explorer = pad(DRAWN[8])
    sent = []
    monkeypatch.setattr(type(explorer), "_send", lambda self, message, buffers=None: sent.append((message, buffers)))
    page_says(explorer, strokes=points(DRAWN[3]))
    answers = [(message, buffers) for message, buffers in sent if "extra" in message.get("state", {})]
    assert len(answers) == 1
    assert sum(memoryview(buffer).nbytes for buffer in answers[0][1]) < 50_000


def test_what_is_no_network_is_refused():
    for thing in (3, [], 0, np.zeros(3)):
        with pytest.raises(TypeError, match="net is a .*: must be a Sequential"):
            network_walk(thing)


JUNK = [None, "<b>1</b>", -1, 10**30, 2.5, float("nan"), True, [], [1], [1, 2], ["a", "b", "c"], [None] * 3, [1.5] * 3,
        [-(10**30)] * 3, [10**30] * 3, [[1], [2], [3]], {"a": 1}, b"x"]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "strokes",
        "digit",
        "layer",
        "unit",
        "path",
        "tool",
        "changes",
        "counted",
        "broken",
        "beside",
        "rotate",
        "thicken",
    ],
)
def test_junk_from_a_page_is_answered_and_the_pad_goes_on(name, caplog):
    explorer = pad(DRAWN[7])
    for junk in JUNK:
        message = {"method": "update", "state": {"_state": explorer.state | {name: junk}}, "buffer_paths": []}
        explorer._handle_msg({"content": {"data": message}, "buffers": []})
        assert "<b>" not in said(explorer)
        explorer.state = {"digit": None, "strokes": []}
        assert said(explorer).startswith(EMPTY)
        explorer.state = {"strokes": points(DRAWN[7])}
        assert said(explorer).startswith("It says 7")
    assert not caplog.records


def test_a_number_instead_of_strokes_takes_no_memory():
    explorer = pad()
    tracemalloc.start()
    page_says(explorer, strokes=10**8)
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
            explorer.state = {"strokes": points(strokes[:at])}
        explorer.state = {"strokes": []}
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    draw(1, 200)
    used = draw(1, 200)
    later = draw(1, 1000)
    tracemalloc.stop()
    assert later - used < 200_000


# Arguments


def test_another_network_for_digits_can_be_asked():
    images, _ = load_digits("test")
    net = models.small_cnn().init(0)
    explorer = network_walk(net, digits=1, seed=4)
    assert shares(explorer) == pytest.approx(
        softmax(net.forward(digits_as_input(explorer.array("digits"))))[0], abs=1e-6
    )
    assert any(np.array_equal(explorer.array("digits")[0], image) for image in images)


def test_a_cell_that_trains_the_network_and_the_pad_do_not_meet():
    net = models.small_cnn().init(0)
    explorer = network_walk(net, digits=1)
    before = shares(explorer)
    logits = net.forward(np.ones((3, 1, 28, 28), np.float32))
    explorer.state = {"strokes": points(DRAWN[1])}
    assert net.backward(np.ones_like(logits)).shape == (3, 1, 28, 28)
    for parameter in net.parameters().values():
        parameter.value += 1
    explorer.state = {"strokes": []}
    assert np.array_equal(shares(explorer), before)


def test_another_seed_gives_other_digits():
    assert not np.array_equal(pad().array("digits"), network_walk(digits=5, seed=1).array("digits"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"digits": 0}, "digits=0"), ({"digits": 10_001}, "digits=10001: must be at most 10000"),
        ({"right": 15}, "right=15: must be a number from −14 to 14"), ({"rotate": 181}, "rotate=181"),
        ({"thicken": 0.3}, "thicken=0.3: must be one of -1.5, -1,"), ({"thicken": np.zeros(3)}, r"thicken=an array of shape \(3,\)"),
        ({"net": Sequential({"all": Conv2d(1, 10, 28)}).init(0)}, r"net gives \(10, 1, 1\): must give one number for each"),
        ({"net": Sequential({"flat": Flatten()})}, r"net gives \(784,\)"), ({"tilt": 3}, "setting='tilt': must be one of right, down"),
        ({"net": models.lenet5("1998")}, "layer S4|layer C5|takes"), ({"net": models.mlp([784, 7])}, "must give one number for each of 10 classes"),
    ],
)  # fmt: skip
def test_a_bad_argument_is_named_with_its_rule(arguments, words):
    with pytest.raises(ValueError, match=words):
        network_walk(**arguments)


def test_what_is_no_network_is_refused_without_a_copy_of_it():
    endless = np.broadcast_to(np.uint8(0), (200_000, 200_000))
    with pytest.raises(TypeError, match="net is a ndarray: must be a Sequential"):
        network_walk(endless)


READ = {1: 0.97, 1 / 2: 0.97, 1 / 3: 0.97, 1 / 4: 0.97, 1 / 6: 0.96}
"""Share of the pad's side → the least part of 200 drawings that is read right; MNIST's own digits: 99 %."""


@pytest.mark.parametrize("share", READ)
def test_a_drawing_is_read_at_every_size_that_the_text_promises_wherever_it_stands(share):
    images, labels = (each[:200] for each in load_digits("test"))
    explorer, rng = network_walk(digits=1), np.random.default_rng(0)
    drawn = [strokes_of(image, share, rng) for image in images]
    pad = explorer.answer.__self__.pad
    seen = np.stack([pad.picture(explorer.state | {"digit": None, "strokes": each}) for each in drawn])
    explorer.state = {"digit": None, "strokes": drawn[0]}
    assert SMALL not in explorer.sentence[0]["text"]
    right = np.mean(NET.forward(digits_as_input(seen)).argmax(axis=1) == labels)
    print(f"{share:.3f} of the pad: {right:.1%} of {len(labels)} drawings are read right")
    assert right >= READ[share]


def test_what_is_smaller_than_the_text_promises_is_called_too_small():
    explorer = network_walk(digits=1)
    for side, small in ((SMALLEST - 21, True), (SMALLEST - 20, False)):
        explorer.state = {"digit": None, "strokes": [[[100, 100], [100, 100 + side]]]}
        assert explorer.sentence[0]["text"].startswith(SMALL) == small
    explorer.state = {"strokes": [[[5, 5]]]}  # a click is a dot, for the network, too
    assert explorer.sentence[0]["text"].startswith(SMALL)
    assert np.array_equal(explorer.array("seen")[0], as_mnist(draw_strokes([[[5, 5]]])))
    assert f"{PAD // SMALLEST}" == "6" and "at least a sixth" in EMPTY


def test_a_network_that_is_nearly_sure_is_not_said_to_be_sure_where_another_class_is_left():
    shares = chances(np.array([0, 200, *[-9] * 8], np.float32))
    assert (shares > 0).all() and (shares < 1).all()
    assert describe_answer(shares, None) == "It says 1 (one) with more than 99 %; second 0 (zero) with less than 1 %."
    assert style.percent(float(shares[1])) == "> 99 %"
