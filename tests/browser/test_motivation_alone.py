"""The explorers of notebook 01 on a page without a server: dragging, arrow keys and clicks choose what Python has computed."""

import itertools

import numpy as np
import pytest

from lecture_lib import data, models, style, transforms
from lecture_lib.chapters.motivation import (
    connections,
    describe_first_layer,
    first_layer,
    layer_responses,
    same_picture,
    shifted_digit,
    wiring,
)
from lecture_lib.chapters.motivation.first_layer import SIDES
from lecture_lib.explore import Explorer, Numbers, Places, Say, join, pack
from lecture_lib.ops import softmax
from lecture_lib.training import predict

REACH = 3
COLOURS = """(at) => {
    const { ctx, canvas, drawn } = explorers[0], { grid } = drawn[at];
    const { data, width } = ctx.getImageData(0, 0, canvas.width, canvas.height), found = [];
    for (let r = 0; r < grid.rows; r++) for (let c = 0; c < grid.cols; c++) {
        const from = 4 * (Math.floor(grid.y + (r + 0.5) * grid.cell) * width + Math.floor(grid.x + (c + 0.5) * grid.cell));
        found.push(...data.slice(from, from + 3));
    }
    return [[grid.rows, grid.cols, 3], found];
}"""


def colours(page, panel):
    """The colour in the middle of every cell of a panel, as bytes."""
    shape, found = page.evaluate(COLOURS, panel)
    return np.array(found, np.uint8).reshape(shape)


def choose(page, **state):
    page.evaluate("state => explorers[0].choose(state)", state)


def chosen(page, *names):
    return page.evaluate("names => names.map((name) => explorers[0].state[name])", names)


def readout(page):
    return page.locator(".lecture-readout").text_content()


def prepare(images, rng=None):
    return images[:, None] / np.float32(255)


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return images[:4], labels[:4]


@pytest.fixture(scope="module")
def nets():
    return {"MLP": models.mlp([784, 10]).init(0), "CNN": models.small_cnn((4,)).init(1)}


@pytest.fixture
def moved(shown, nets, digits):
    """A page with a digit to move."""
    return shown(shifted_digit(nets, *digits, reach=REACH, prepare=prepare), alone=True)


def said(nets, image, label, right, down):
    """What the readout should say to an image that is moved so far."""
    words = [f"Moved by {style.number(right)} to the right and {style.number(down)} down. "]
    for name, net in nets.items():
        logits = predict(net, transforms.translate(image, down, right)[None], prepare=prepare)
        shares = softmax(logits)[0].astype(np.float32)
        words.append(f"{name}: {shares.argmax()} with {np.floor(100 * shares.max() + 0.5):.0f} %, ")
        words.append("right ✓. " if shares.argmax() == label else f"wrong: it is {label}. ")
    return words


def test_digit_and_verdicts_follow_every_shift(moved, nets, digits):
    for digit, right, down in ((0, 0, 0), (1, 2, -3), (3, -1, 3), (2, 3, 3)):
        choose(moved, digit=digit, right=right, down=down)
        image = transforms.translate(digits[0][digit], down, right)
        assert np.array_equal(colours(moved, 0), style.colours(image, "image"))
        assert readout(moved) == "".join(said(nets, digits[0][digit], digits[1][digit], right, down))


def middle(page, panel):
    """The middle of a panel's picture on the page, and the side of one of its cells."""
    return page.evaluate(
        """at => {
            const { canvas, drawn } = explorers[0], { grid } = drawn[at], { left, top } = canvas.getBoundingClientRect();
            return [left + grid.x + grid.cols * grid.cell / 2, top + grid.y + grid.rows * grid.cell / 2, grid.cell];
        }""",
        panel,
    )


def test_a_drag_brings_the_digit_to_the_pointer(moved):
    x, y, cell = middle(moved, 0)
    moved.mouse.move(x + 2.5 * cell, y)
    assert chosen(moved, "right", "down") == [0, 0]  # pointing alone moves nothing
    moved.mouse.down()
    moved.mouse.move(x + 2.5 * cell, y - 0.5 * cell)
    moved.mouse.up()
    assert chosen(moved, "right", "down") == [2, -1]
    moved.mouse.move(x, y)
    assert chosen(moved, "right", "down") == [2, -1]
    moved.mouse.move(x + 12 * cell, y + 12 * cell)
    moved.mouse.down()
    moved.mouse.up()
    assert chosen(moved, "right", "down") == [REACH, REACH]  # no farther than there are verdicts


def test_arrow_keys_move_the_digit_and_stop_at_the_ends(moved):
    moved.focus("canvas")
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        moved.keyboard.press(key)
    assert chosen(moved, "right", "down") == [2, -1]
    for _ in range(9):
        moved.keyboard.press("ArrowLeft")
    assert chosen(moved, "right", "down") == [-REACH, -1]


def test_a_network_that_says_nan_is_not_given_a_class(shown):
    lost = models.mlp([64, 10]).init(0)
    lost["fc1"].weight.value[:] = np.nan
    page = shown(shifted_digit({"lost": lost}, np.eye(8, dtype=np.uint8)[None] * 255, [1], reach=1))
    assert readout(page).endswith("lost: NaN for every class. ")


def test_columns_name_the_most_likely_class_and_pictures_move_to_the_pointer(shown):
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (27, 27), dtype=np.uint8)  # too many cells for numbers in them
    shares = rng.dirichlet(np.ones(10), size=(5, 5))
    explorer = Explorer(
        "Moved", "Something to see.", indices={"row": Numbers(-2, 2, 0), "col": Numbers(-2, 2, 0)},
        arrays={"digit": pack(np.pad(image, 2), "image"), "shares": pack(shares, "curve")},
        panels=[
            {"kind": "grid", "array": "digit", "slice": "pan", "reach": 2, "pick": "pan", "title": "digit"},
            {"kind": "columns", "array": "shares", "at": ["row", "col"], "title": "net"},
        ],
        sentence=Say(kind="verdicts"),
    )  # fmt: skip
    page = shown(explorer)
    for row, col in itertools.product(range(5), repeat=2):
        choose(page, row=row - 2, col=col - 2)
        expected = np.zeros_like(image)  # worked out by another road: every pixel set down by itself
        for r, c in np.ndindex(image.shape):
            if 0 <= r + row - 2 < 27 and 0 <= c + col - 2 < 27:
                expected[r + row - 2, c + col - 2] = image[r, c]
        assert np.array_equal(colours(page, 0)[..., 0], expected)
        share = np.float32(shares[row, col])
        assert readout(page) == f"net: {share.argmax()} with {np.floor(100 * share.max() + 0.5):.0f} %. "
    x, y, cell = middle(page, 0)
    page.mouse.move(x + cell, y - cell)
    page.mouse.down()
    page.mouse.up()
    assert chosen(page, "row", "col") == [-1, 1]  # one up, one to the right of the middle


def test_arrow_keys_go_along_the_curves_of_the_first_layer(shown):
    page = shown(first_layer(), alone=True)
    at = SIDES.index(200)
    assert readout(page) == "".join(describe_first_layer(200, 3, 1000, 5))
    page.focus("canvas")
    page.keyboard.press("ArrowRight")
    assert chosen(page, "side") == [at + 1]
    assert readout(page) == "".join(describe_first_layer(SIDES[at + 1], 3, 1000, 5))
    page.keyboard.press("End")
    assert readout(page) == "".join(describe_first_layer(SIDES[-1], 3, 1000, 5))
    page.get_by_label("Image side", exact=True).press("Home")
    assert chosen(page, "side") == [0]
    assert readout(page) == "".join(describe_first_layer(SIDES[0], 3, 1000, 5))
    assert page.get_by_label("Channels", exact=True).is_disabled()


@pytest.mark.parametrize("step", ["dense", "shared"])
def test_a_click_on_a_unit_chooses_its_lines(shown, step):
    page = shown(connections(step), alone=True)
    x, y, cell = page.evaluate(
        """() => {
            const { canvas, drawn } = explorers[0], { grid } = drawn[0], { left, top } = canvas.getBoundingClientRect();
            return [left + grid.x, top + grid.y + grid.cell / 2, grid.cell];
        }"""
    )
    page.mouse.click(x + 6.5 * cell, y)
    assert chosen(page, "unit") == [6]
    page.focus("canvas")
    page.keyboard.press("End")
    assert chosen(page, "unit") == [wiring.shared(10, 3).units - 1] == [7]
    page.keyboard.press("ArrowLeft")
    assert chosen(page, "unit") == [6]


def test_wires_light_what_the_chosen_unit_sees(shown):
    wires = {"inputs": 5, "units": 3, "lines": [[unit + at, unit, at] for unit in range(3) for at in range(3)]}
    explorer = Explorer(
        "Wires", "Something to see.", indices={"unit": Places(3)}, arrows=(None, "unit"), height=300,
        panels=[{"kind": "wires", "wires": wires, "unit": "unit", "title": "wires", "pick": "output"}],
    )  # fmt: skip
    page = shown(explorer)
    mark = [int(style.INKS["light"]["mark"][at : at + 2], 16) for at in (1, 3, 5)]
    for unit in range(3):
        choose(page, unit=unit)
        grid = page.evaluate("explorers[0].drawn[0].grid")
        left = grid["x"] - grid["cell"]  # five inputs stand one cell further left than three units
        lit = [
            page.evaluate(
                "([x, y]) => [...explorers[0].ctx.getImageData(x, y, 1, 1).data.slice(0, 3)]",
                [round(left + (at + 0.5) * grid["cell"]), 300 - 23],
            )
            == mark
            for at in range(5)
        ]
        assert lit == [unit <= at < unit + 3 for at in range(5)]


def test_a_slider_that_does_not_matter_to_the_idea_is_not_there(shown):
    page = shown(connections("shared"))
    assert not page.get_by_label("Pooling window", exact=True).is_visible()
    assert page.get_by_label("Window", exact=True).is_enabled()


def test_layer_map_and_digit_choose_what_is_shown_of_them(shown):
    explorer = layer_responses(models.trained_lenet5()[0], digits=3, searched=20)
    page = shown(explorer, alone=True)
    texts = explorer.sentence[0]["text"]
    for layer, count in enumerate(explorer.array("counts").tolist()):
        choose(page, layer=layer, digit=2)
        page.get_by_label("Map", exact=True).press("End")  # each layer has its own last map
        assert chosen(page, "layer", "map", "digit") == [layer, count - 1, 2]
        assert readout(page) == texts[layer][count - 1]
        answer = explorer.array("answers")[layer][2, count - 1]
        _, limit = explorer.scale("answers", [layer])
        grid = colours(page, 2)
        if answer.size > 400:  # no numbers stand on the colours
            assert np.array_equal(grid, style.colours(answer, "map", limit))
        assert grid.shape[:2] == answer.shape
        drawn = page.evaluate(
            "([layer, map]) => { const { values, shape } = explorers[0].arrays.answers[layer], size = shape[2] * shape[3];"
            " return [...values.subarray((2 * shape[1] + map) * size, (2 * shape[1] + map + 1) * size)]; }",
            [layer, count - 1],
        )
        assert np.allclose(drawn, answer.ravel(), atol=1e-6)


def test_a_layer_with_fewer_maps_brings_the_map_within_it(shown):
    page = shown(layer_responses(models.trained_lenet5()[0], digits=1, searched=20), alone=True)
    choose(page, layer=2, map=83)
    for layer, map_, last in ((3, 9, 9), (1, 9, 15), (0, 5, 5), (2, 5, 83)):
        choose(page, layer=layer)
        assert chosen(page, "map") == [map_]
        assert page.get_by_label("Map", exact=True).get_attribute("max") == str(last)


def test_of_the_same_picture_nothing_lives_without_python(shown):
    page = shown(same_picture(), alone=True)
    assert all(each.is_disabled() for each in page.locator("input, select").all())


def test_explorers_that_bring_a_script_each_leave_each_others_choices_alone(shown):
    """In a notebook every explorer's script is a module of its own; here a second one is loaded beside the first."""
    page = shown(connections("local"), alone=True)
    page.evaluate(
        """async (source) => {
            const { Explorer } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
            explorers.push(new Explorer(models[0], document.body.appendChild(document.createElement("div"))));
        }""",
        join.script() + "\nexport { Explorer };",
    )
    assert [each.get_attribute("value") for each in page.locator("input[type=radio]:checked").all()] == ["1", "1"]
    ids = page.locator("[id]").evaluate_all("found => found.map((each) => each.id)")
    assert len(ids) == len(set(ids))
