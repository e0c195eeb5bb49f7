"""Walking through a network on a page without Python: sums are NumPy's, keys and presses lead where they say."""

import base64

import numpy as np
import pytest

from lecture_lib import models, style
from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.data import digits_as_input
from lecture_lib.layers import Activation, AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d
from lecture_lib.models import Sequential
from lecture_lib.probes import responses
from tests.browser.hand import WRITTEN

NET = models.trained_lenet5()[0]
STAGES = stages(NET)
OPENED = """([level, units]) => { const view = explorers[0]; return units.map((unit) => {
    view.choose({ layer: level, unit }); const { found } = view.drawn[0];
    return [found.sum, found.terms.reduce((sum, { product }) => sum + product, found.bias)]; }); }"""
"""The sum that is printed in each of some units, and their products added once more."""
WHERE = "(({ layer, unit }) => [layer, unit])(explorers[0].state)"


def answers_of(explorer, net=NET):
    return responses(net, digits_as_input(explorer.array("seen")))


@pytest.fixture
def walk(shown):
    explorer = network_walk(digits=3)
    return explorer, shown(explorer, alone=True)


def press(page, *keys):
    page.locator(".lecture-stage > canvas").focus()
    for key in keys:
        page.keyboard.press(key)
    return page.evaluate(WHERE)


@pytest.mark.parametrize("level", range(1, len(STAGES) + 1), ids=[stage.name for stage in STAGES])
def test_for_200_units_of_each_layer_the_sum_that_is_shown_equals_numpys_activation(walk, level):
    explorer, page = walk
    stage = STAGES[level - 1]
    expected = answers_of(explorer)[stage.name].ravel()
    units = np.random.default_rng(level).permutation(expected.size)[:200]
    sums = np.array(page.evaluate(OPENED, [level, units.tolist()]))
    assert np.abs(sums[:, 0] - expected[units]).max() < 1e-5
    assert np.array_equal(sums[:, 0], sums[:, 1])


def test_strides_padding_dilation_groups_and_average_pooling_add_up_as_well(shown):
    net = Sequential({
        "one": Conv2d(1, 4, 3, stride=2, padding=1), "tanh": Activation("tanh"), "two": Conv2d(4, 6, 3, dilation=2, groups=2), "relu": Activation("relu"),
        "mean": AvgPool2d(2), "three": Conv2d(6, 8, (3, 1), padding=(1, 0)), "max": MaxPool2d(3, stride=2, padding=1), "flat": Flatten(), "fc": Linear(72, 10),
    }).init(3)  # fmt: skip
    explorer = network_walk(net, digits=1)
    page = shown(explorer, alone=True)
    answers = answers_of(explorer, net)
    for level, stage in enumerate(stages(net), 1):
        expected = answers[stage.name].ravel()
        units = np.random.default_rng(level).permutation(expected.size)[:60]
        sums = np.array(page.evaluate(OPENED, [level, units.tolist()]))
        assert np.abs(sums[:, 0] - expected[units]).max() < 1e-5, stage.name


def test_enter_walks_down_to_a_pixel_by_the_largest_product_and_backspace_walks_back(walk):
    _, page = walk
    top = page.evaluate("explorers[0].arrays.classes.values.indexOf(Math.max(...explorers[0].arrays.classes.values))")
    page.evaluate("unit => explorers[0].choose({ layer: 7, unit })", top)
    way = [page.evaluate(WHERE)]
    for _ in STAGES:
        largest = page.evaluate("""() => { const { found } = explorers[0].drawn[0]; const there = found.terms.filter(({ from }) => from >= 0);
            return found.winner?.from ?? there.reduce((one, other) => (other.product > one.product ? other : one)).from; }""")  # fmt: skip
        way.append(press(page, "Enter"))
        assert way[-1] == [way[-2][0] - 1, largest]
    assert way[-1][0] == 0 and [each[:2] for each in page.evaluate("explorers[0].drawn[0].way")] == way
    assert press(page, "Enter") == way[-1]  # a pixel is made of nothing
    for before in way[-2::-1]:
        assert press(page, "Backspace") == before


def test_buttons_walk_as_the_keys_do_and_say_when_there_is_nowhere_to_go(walk):
    _, page = walk
    start = page.evaluate(WHERE)
    down, back = (page.get_by_role("button", name=name) for name in ("To its strongest input", "Back"))
    way = [start]
    while down.is_enabled():
        down.click()
        way.append(page.evaluate(WHERE))
    assert way[-1][0] == 0 and len(way) == 1 + start[0]
    for before in way[-2::-1]:
        back.click()
        assert page.evaluate(WHERE) == before
    page.evaluate("explorers[0].choose({ layer: 7, unit: 3 })")
    assert back.is_disabled() and down.is_enabled()


def test_back_goes_to_the_unit_one_came_down_from_after_arrows_too_and_where_there_is_none_the_button_says_so(walk):
    _, page = walk
    back, onward = (page.get_by_role("button", name=name, exact=True) for name in ("Back", "To its strongest output"))
    start = page.evaluate(WHERE)
    assert back.count() == 0 and onward.is_enabled()  # nobody came from anywhere
    middle = press(page, "Enter")
    assert press(page, "Enter", "ArrowRight", "ArrowDown")[0] == start[0] - 2
    assert onward.count() == 0
    back.click()
    assert page.evaluate(WHERE) == middle
    assert press(page, "ArrowRight", "Backspace") == start
    press(page, "Enter")
    page.evaluate(
        "explorers[0].drawn[0].press(explorers[0].drawn[0].laid.columns[2].x + 3, explorers[0].drawn[0].laid.columns[2].y + 3)"
    )
    assert back.count() == 0  # a jump: nobody came down to it
    press(page, *["Shift+ArrowRight"] * 40)
    assert back.is_disabled()  # nothing is above an answer


def test_from_an_input_that_was_pressed_among_the_products_back_goes_to_the_unit_above(walk):
    _, page = walk
    start = page.evaluate(WHERE)
    page.evaluate("""() => { const [{ terms, press }] = explorers[0].drawn; const [{ x, y, w, h, unitAt }] = terms.filter((each) => !each.pick && each.unitAt(each.x + each.w / 2, each.y + each.h / 2).from >= 0);
        press(x + w / 2, y + h / 2); }""")  # fmt: skip
    assert page.evaluate(WHERE)[0] == start[0] - 1
    assert press(page, "Backspace") == start


def test_from_a_unit_that_nobody_walked_to_backspace_goes_to_the_unit_it_gives_most(walk):
    explorer, page = walk
    page.evaluate("explorers[0].choose({ layer: 6, unit: 7 }, true)")
    weights = NET["output"].value("weight")[:, 7]
    value = answers_of(explorer)["relu6"][0, 7]
    assert press(page, "Backspace") == [7, int((value * weights).argmax())]


@pytest.mark.parametrize("level", range(len(STAGES) + 1))
def test_a_press_on_a_unit_opens_it(walk, level):
    _, page = walk
    size = page.evaluate("level => explorers[0].drawn[0].laid.columns[level].stage.size", level)
    for unit in (0, size // 2, size - 1):
        page.evaluate("explorers[0].choose({ layer: 3, unit: 0 })")
        x, y = page.evaluate(
            """([level, unit]) => { const { cell, gap, per, x, y, stage, answer } = explorers[0].drawn[0].laid.columns[level];
            if (answer) return [x + 10, y + (unit + 0.5) * cell];
            const k = Math.floor(unit / (stage.rows * stage.cols)), at = unit % (stage.rows * stage.cols);
            return [x + (k % per) * (cell * stage.cols + gap) + (at % stage.cols + 0.5) * cell,
                y + Math.floor(k / per) * (cell * stage.rows + gap) + (Math.floor(at / stage.cols) + 0.5) * cell]; }""",
            [level, unit],
        )
        page.locator(".lecture-stage > canvas").click(position={"x": x, "y": y})
        assert page.evaluate(WHERE) == [level, unit]


def test_a_press_on_a_product_goes_to_the_input_it_is_made_of(walk):
    _, page = walk
    page.evaluate("explorers[0].choose({ layer: 6, unit: 5 }, true)")
    zone = page.evaluate("""() => { const { terms, found } = explorers[0].drawn[0]; const { x, y, w, h, unitAt } = terms.filter(({ pick }) => !pick)[2];
        return [x + w / 2, y + h / 2, unitAt(x + w / 2, y + h / 2).from, found.terms.length]; }""")  # fmt: skip
    page.locator(".lecture-stage > canvas").click(position={"x": zone[0], "y": zone[1]})
    assert page.evaluate(WHERE) == [5, zone[2]] and zone[3] == 120


def test_arrow_keys_go_through_maps_and_on_into_the_next_layer_and_never_leave_the_network(walk):
    _, page = walk
    page.evaluate("explorers[0].choose({ layer: 1, unit: 27 }, true)")
    assert press(page, "ArrowLeft") == [1, 26]
    assert press(page, "ArrowDown") == [1, 26 + 28]
    assert press(page, "ArrowRight", "ArrowRight")[0] == 2
    assert press(page, *["Shift+ArrowRight"] * 40)[0] == len(STAGES)
    assert press(page, *["Shift+ArrowLeft"] * 80)[0] == 0
    assert press(page, "End") == [0, 783] and press(page, "Home") == [0, 0]


def test_tab_leaves_the_picture(walk):
    _, page = walk
    page.locator(".lecture-stage > canvas").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To its strongest input"


def test_the_opened_unit_lies_between_its_inputs_and_itself_and_columns_do_not_meet(shown, page):
    shown(network_walk(digits=3))
    for width in (1280, 1000):
        page.set_viewport_size({"width": width, "height": 720})
        page.wait_for_timeout(100)
        for level in range(1, len(STAGES) + 1):
            page.evaluate("level => explorers[0].choose({ layer: level, unit: 0 })", level)
            columns, opened = page.evaluate(
                "(({ columns, opened }) => [columns.map(({ x, w, cell }) => [x, x + w, cell]), opened && [opened.x, opened.x + opened.w]])(explorers[0].drawn[0].laid)"
            )
            spans = [*columns[:level], *([opened] if opened else []), *columns[level:]]
            assert all(one[1] + 4 <= other[0] for one, other in zip(spans, spans[1:], strict=False)), (width, level)
            assert all(cell == int(cell) for _, _, cell in columns[:-1])


CHANGES = "explorers[0].state.changes"


@pytest.fixture
def changing(shown):
    """A page whose Python is silent, with the box for changes open at a unit of C3."""
    explorer = network_walk(digits=3)
    explorer.state = {"tool": 1, "layer": 3, "unit": 1105}
    return shown(explorer)


def test_the_slider_changes_the_kernel_that_is_framed_and_at_1_nothing_is_changed(changing):
    slider = changing.locator(".lecture-what input[type=range]")
    slider.focus()
    changing.keyboard.press("Home")
    (change,) = changing.evaluate(CHANGES)
    assert change | {"channel": 0} == {"layer": "C3", "what": "scale", "map": 11, "channel": 0, "by": -1}
    slider.fill("40")  # of 60 steps from -1 to 2
    assert changing.evaluate(CHANGES) == []
    assert slider.get_attribute("aria-valuetext") == "× 1.00"


def test_the_kernel_that_is_changed_stays_chosen_when_another_product_is_the_largest_then(shown):
    explorer = network_walk(digits=3)
    explorer.state = {"tool": 1, "layer": 3, "unit": 1105}
    page = shown(explorer)
    channel, slider = page.locator(".lecture-what select").nth(1), page.locator(".lecture-what input[type=range]")
    best = """(({ terms }) => Math.floor(terms.indexOf(terms.reduce((one, other) => (other.product > one.product ? other : one))) / 25))
        (explorers[0].drawn[0].found)"""
    chosen = page.evaluate(best)
    assert channel.input_value() == str(chosen)
    slider.fill("10")  # of 60 steps from -1 to 2
    explorer.state = {"changes": page.evaluate(CHANGES)}
    answered = {name: each | {"data": base64.b64encode(each["data"]).decode()} for name, each in explorer.extra.items()}
    page.evaluate(
        """(extra) => { for (const each of Object.values(extra)) each.data = new DataView(Uint8Array.from(atob(each.data), (c) => c.charCodeAt(0)).buffer);
            models[0].hear({ extra }); }""",
        answered,
    )
    assert page.evaluate(best) != chosen
    assert channel.input_value() == str(chosen)
    page.get_by_role("button", name="Negate", exact=True).click()
    (change,) = page.evaluate(CHANGES)
    assert change["channel"] == chosen and change["by"] == 0.5
    page.evaluate("explorers[0].choose({ unit: 1106 })")
    assert channel.input_value() == str(page.evaluate(best))  # another unit begins with its own


def test_buttons_zero_negate_and_silence_and_undo_brings_each_back(changing):
    press = lambda name: changing.get_by_role("button", name=name, exact=True).click()  # noqa: E731
    press("Zero")
    assert [each["by"] for each in changing.evaluate(CHANGES)] == [0]
    press("Silence map")
    assert [each["what"] for each in changing.evaluate(CHANGES)] == ["scale", "silence"]
    press("Undo")
    assert [each["what"] for each in changing.evaluate(CHANGES)] == ["scale"]
    press("Undo all changes")
    assert changing.evaluate(CHANGES) == []
    press("Negate")
    assert [each["by"] for each in changing.evaluate(CHANGES)] == [-1]


def test_a_press_on_a_weight_chooses_its_kernel_and_one_weight_or_the_bias_can_be_set(changing):
    x, y = changing.evaluate(
        "(({ x, y, w, h }) => [x + 0.7 * w, y + 0.3 * h])(explorers[0].drawn[0].terms.filter(({ pick }) => pick)[4])"
    )
    changing.locator(".lecture-stage > canvas").click(position={"x": x, "y": y})
    assert changing.evaluate(WHERE) == [3, 1105]  # it does not walk away
    assert changing.locator(".lecture-what select").nth(1).input_value() == "4"
    changing.get_by_label("What is changed").select_option("weight")
    changing.locator(".lecture-what input[type=text]").fill("0.25")
    changing.keyboard.press("Enter")
    (change,) = changing.evaluate(CHANGES)
    assert change | {"row": 1, "col": 3} == {
        "layer": "C3",
        "what": "weight",
        "map": 11,
        "channel": 4,
        "row": 1,
        "col": 3,
        "to": 0.25,
    }
    changing.get_by_label("What is changed").select_option("bias")
    changing.locator(".lecture-what input[type=text]").fill("−1")
    changing.keyboard.press("Enter")
    assert changing.evaluate(CHANGES)[1] == {"layer": "C3", "what": "bias", "map": 11, "to": -1}
    press = lambda name: changing.get_by_role("button", name=name, exact=True).click()  # noqa: E731
    press("Zero")  # of what is chosen, and of nothing else
    assert changing.evaluate(CHANGES)[1:] == [{"layer": "C3", "what": "bias", "map": 11, "to": 0}]


def test_a_number_beyond_the_ends_of_the_slider_is_not_left_standing_as_if_it_counted(changing):
    field = changing.locator(".lecture-what input[type=text]")
    field.fill("3")
    assert field.input_value() == "3"
    changing.keyboard.press("Enter")
    assert [each["by"] for each in changing.evaluate(CHANGES)] == [2] and field.input_value() == "× 2.00"


def test_the_accuracy_is_asked_for_when_the_hand_rests_and_can_not_be_undone(changing):
    counted = "explorers[0].state.counted"
    before = changing.evaluate(counted)
    changing.get_by_role("button", name="Negate").click()
    assert changing.evaluate(counted) == before
    changing.wait_for_function(f"{counted} === {before + 1}")
    changing.get_by_role("button", name="Undo", exact=True).click()
    assert changing.evaluate(CHANGES) == []


def test_a_pooled_unit_has_nothing_to_change_and_the_box_says_so(changing):
    changing.evaluate("explorers[0].choose({ layer: 2, unit: 5 })")
    assert changing.get_by_role("button", name="Zero").is_disabled()
    assert "Open a unit with weights" in changing.locator(".lecture-what").inner_text()


@pytest.mark.parametrize("to", [0.2, 0.966, -0.966])
def test_where_a_weight_lies_beyond_its_colours_it_is_said_as_for_maps(shown, to):
    explorer = network_walk(digits=3)
    weights = NET["C3"].weight.value
    end = style.limits(weights, "weight")[1]
    within = int(np.argmin(np.abs(weights).max(axis=(1, 2, 3))))
    change = {"layer": "C3", "what": "weight", "map": within, "channel": 3, "row": 2, "col": 2, "to": to}
    explorer.state = {"layer": 3, "unit": 100 * within + 5, "changes": [change]}
    assert (f"≥ ±{end:.2g}" in shown(explorer).evaluate(WRITTEN)) == (abs(to) > end)


def test_what_stands_above_the_input_lies_over_the_lines_of_a_window(walk):
    _, page = walk
    page.evaluate("explorers[0].choose({ layer: 1, unit: 400, path: 1 })")
    written = page.evaluate(WRITTEN)
    assert None not in written[written.index("what it gets, 28×28") : written.index("C1")]
    assert written.index("= products") < written.index(
        "what it gets, 28×28"
    )  # these lines are drawn with the opened unit
    paper = page.locator(".lecture").evaluate("(each) => getComputedStyle(each).backgroundColor")
    assert page.locator(".lecture-pad p").evaluate("(each) => getComputedStyle(each).backgroundColor") == paper


@pytest.mark.parametrize("width", [1280, 1366])
def test_the_choice_of_a_network_beside_has_the_whole_row(shown, width):
    page = shown(network_walk(digits=3))
    page.set_viewport_size({"width": width, "height": 720})
    page.get_by_role("button", name="Beside it").click()
    tops = page.locator(".lecture-segments label").evaluate_all(
        "(all) => all.filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect().top)"
    )
    assert len(tops) == 3 and len(set(tops)) == 1


@pytest.mark.parametrize("tool", [1, 2])
def test_a_moved_digit_can_be_put_back_beside_every_tool(shown, tool):
    explorer = network_walk(digits=3, down=-6, thicken=1)
    explorer.state = {"tool": tool}
    page = shown(explorer)
    back = page.get_by_role("button", name="Sliders to 0")
    back.click()
    state = page.evaluate("explorers[0].state")
    zero = explorer.declared["thicken"].values.index(0)
    assert [state[name] for name in ("right", "down", "rotate", "thicken")] == [0, 0, 0, zero]
    assert back.count() == 0  # it is where it was


def test_a_press_on_a_move_that_breaks_it_puts_the_slider_there_and_the_others_to_0(shown):
    explorer = network_walk(digits=3, rotate=5)
    explorer.state = {"tool": 2}
    explorer.press("find")
    page = shown(explorer)
    words, slider, place = next(each for each in explorer.state["broken"] if each[1] == "right" and each[2] is not None)
    page.get_by_role("button", name=words).click()
    state = page.evaluate("explorers[0].state")
    assert {name: state[name] for name in ("right", "down", "rotate")} == {"right": 0, "down": 0, "rotate": 0} | {
        slider: place
    }
    pressed = page.locator(".lecture-broken button[aria-pressed=true]")
    assert pressed.all_text_contents() == [words]
    page.get_by_role("button", name="Sliders to 0").click()
    assert pressed.count() == 0


def test_two_networks_stand_one_above_the_other_with_both_answers_and_a_unit_is_framed_in_both(shown):
    explorer = network_walk(digits=3)
    explorer.state = {"tool": 3, "beside": 2}
    page = shown(explorer)
    written = page.evaluate(WRITTEN)
    assert "beside it: average pooling" in written
    assert [written.count(str(digit)) for digit in range(1, 6)] == [2] * 5
    columns = page.evaluate("explorers[0].drawn[0].laid.columns.map(({ x, y, cell, h }) => [x, y, cell, h])")
    x, y, cell, h = columns[1]
    page.locator(".lecture-stage > canvas").click(position={"x": x + 5.5 * cell, "y": y + 3.5 * cell})
    assert page.evaluate(WHERE) == [1, 3 * 28 + 5]
    assert all(each[2] == int(each[2]) for each in columns[:-1]) and h < 200
