"""What the browser shows of notebook 02's explorers is what NumPy computes; mouse and keys choose."""

import base64
import io
import itertools
import re
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from lecture_lib import style
from lecture_lib.chapters.convolution.does_it_fit import MOST_F, MOST_N, MOST_P, MOST_S, does_it_fit
from lecture_lib.chapters.convolution.lab import MARGIN, convolution_lab
from lecture_lib.chapters.convolution.mixing import channel_mixer
from lecture_lib.chapters.convolution.receptive_field import STACKS, receptive_field
from lecture_lib.chapters.convolution.step_through import step_through
from lecture_lib.chapters.convolution.steps import conv_steps
from lecture_lib.chapters.convolution.volumes import volumes
from lecture_lib.filters import BORDERS, KERNELS, correlate, pad_border
from lecture_lib.shapes import ShapeError, Window, conv_output_size, dropped_columns, receptive_fields, trace_back
from tests.browser.hand import type_cell

COLOURS = """at => {
    const { grid: { x, y, cell, rows, cols } } = explorers[0].drawn[at];
    const { ctx, canvas } = explorers[0], { data, width } = ctx.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) {
        const at = 4 * (Math.floor(y + (r + 0.5) * cell) * width + Math.floor(x + (c + 0.5) * cell));
        text += String.fromCharCode(data[at], data[at + 1], data[at + 2]);
    }
    return [rows, cols, btoa(text)];
}"""
"""The colour in the middle of every cell of a panel, as bytes."""


def colours(page, panel):
    rows, cols, data = page.evaluate(COLOURS, panel)
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(rows, cols, 3)


def unmarked(explorer):
    """The explorer without frames, so that every cell's colour can be read."""
    explorer.update(
        panels=[{name: each for name, each in panel.items() if name != "mark"} for panel in explorer.parts["panels"]]
    )
    return explorer


def state(page, *names):
    found = page.evaluate("explorers[0].state")
    return [found[name] for name in names]


def choose(page, **changes):
    page.evaluate("changes => explorers[0].choose(changes)", changes)


def said(page):
    return page.evaluate("document.querySelector('.lecture-readout').textContent")


def all_said(page, changes):
    """What is said after each of the changes."""
    return page.evaluate(
        """changes => changes.map((each) => {
            explorers[0].choose(each);
            return document.querySelector('.lecture-readout').textContent;
        })""",
        changes,
    )


def written(window, weights):
    weights = weights.astype(np.float32)
    return " + ".join(f"({style.exact(x)}×{style.exact(w)})" for x, w in zip(window.flat, weights.flat, strict=True))


def equals(sum_, result):
    """The sign between a printed sum and its printed result: what the printed numbers make decides."""
    products = [style.valued(x) * style.valued(w) for x, w in re.findall(r"\((\S+?)×(\S+?)\)", sum_)]
    return style.equals(sum(products) + (0 if sum_.endswith(")") else style.valued(sum_.rsplit(" ", 1)[-1])), result)


def added_up(row, col, window, weights, total):
    """What adds to a sum and what takes away from it, in full where that ends, else rounded."""
    exact = [int(x) * Fraction(float(w)).limit_denominator(256) for x, w in zip(window.flat, weights.flat, strict=True)]

    def text(part, value):
        ends = 10**4 * part % 1 == 0
        return str(float(part)).removesuffix(".0").replace("-", "−") if ends else f"≈ {style.number(value)}"

    more, less = [each for each in exact if each > 0], [-each for each in exact if each < 0]
    return (
        f"output[{row}, {col}]: {len(more)} product{' adds' if len(more) == 1 else 's add'} {text(sum(more), float(sum(more)))}, "
        f"{len(less)} take{'s' * (len(less) == 1)} away {text(sum(less), float(sum(less)))}, together {text(sum(exact), np.float32(total))}."
    )


@pytest.mark.parametrize(
    ("border", "dilation"),
    [("zero", 1), *(pytest.param(border, dilation, marks=pytest.mark.slow)
                    for border in BORDERS for dilation in (1, 2, 3) if (border, dilation) != ("zero", 1))],
)  # fmt: skip
def test_the_lab_shows_numpys_numbers_in_every_state_of_its_sliders(shown, border, dilation):
    lab = unmarked(convolution_lab("camera"))
    lab.state = {"border": list(BORDERS).index(border), "dilation": dilation}
    lab.state = {"typed": [["-1", "-1", "-1"], ["-1", "1/3", "-1"], ["-1", "-1", "-1"]]}
    grey, kernels = lab.array("padded")[MARGIN:-MARGIN, MARGIN:-MARGIN], lab.array("weights")
    page, rng = shown(lab), np.random.default_rng(dilation)
    for index, stride, padding in itertools.product(range(len(kernels)), range(1, 5), range(MARGIN + 1)):
        settings = {"stride": stride, "padding": padding, "dilation": dilation}
        kernel = [
            *(each.weights for each in KERNELS.values()),
            np.array([[-1, -1, -1], [-1, 1 / 3, -1], [-1, -1, -1]]),
        ][index]
        expected = correlate(grey, kernel, border=border, **settings)
        row, col = (int(rng.integers(side)) for side in expected.shape)
        choose(page, kernel=index, stride=stride, padding=padding)
        choose(page, row=row, col=col)
        limit = (-255, 255)  # one scale for every kernel
        assert np.array_equal(colours(page, 2), style.colours(expected.astype(np.float32), "map", limit)), (
            index,
            settings,
        )
        padded = pad_border(grey, padding, border)
        top, left = row * stride, col * stride
        f_h, f_w = kernel.shape
        window = padded[top : top + dilation * f_h : dilation, left : left + dilation * f_w : dilation]
        assert said(page) == added_up(row, col, window, kernel, expected[row, col])


def test_the_photo_stands_in_its_padding(shown):
    lab = unmarked(convolution_lab("chelsea", padding=MARGIN))
    padded = lab.array("padded")
    inside = (slice(MARGIN + 2, -MARGIN - 2),) * 2  # without the dashed line around the photo
    assert np.array_equal(colours(shown(lab), 0)[inside], style.colours(padded, "image")[inside])


LECTURE = np.array(
    [[0] * 6, [0, 1, 2, 2, 1, 0], [0, 2, 4, 4, 2, 0], [0, 1, 3, 3, 1, 0], [0, 1, 2, 3, 1, 0], [0, 0, 1, 1, 0, 0]]
)


@pytest.mark.parametrize("alone", [True, False])
def test_stepping_through_writes_every_sum_of_the_lecture(shown, alone):
    kernel = KERNELS["laplacian_4"].weights
    page = shown(step_through(LECTURE, kernel), alone=alone)
    for index, step in enumerate(conv_steps(LECTURE, kernel)):
        choose(page, step=index)
        assert said(page) == f"output[{step.row}, {step.col}] = {step.equation}"
        products = page.evaluate("explorers[0].drawn[1].terms.map(({ pixel, weight }) => pixel * weight)")
        assert products == step.products.ravel().tolist()
    assert state(page, "row", "col") == [3, 3]


def test_choosing_a_cell_and_choosing_a_step_are_one_thing(shown):
    page = shown(step_through(np.arange(25).reshape(5, 5), np.ones((3, 3))))
    choose(page, row=1, col=2)
    assert state(page, "step") == [5]
    choose(page, step=7)
    assert state(page, "row", "col") == [2, 1]


def test_clicking_an_output_cell_steps_there(shown):
    page = shown(step_through(np.arange(36).reshape(6, 6), np.ones((3, 3))))
    x, y, cell = page.evaluate("(({ x, y, cell }) => [x, y, cell])(explorers[0].drawn[3].grid)")
    page.locator("canvas").click(position={"x": x + 2.5 * cell, "y": y + 1.5 * cell})
    assert state(page, "step") == [6]
    assert said(page).endswith("= 135")  # nine times the middle pixel, 15


def test_the_window_stays_at_its_place_when_the_stride_changes(shown):
    page = shown(convolution_lab("camera", padding=0))
    choose(page, row=60, col=90)
    choose(page, stride=3)
    assert state(page, "row", "col") == [20, 30]
    choose(page, stride=1)
    assert state(page, "row", "col") == [60, 90]


def test_a_window_that_does_not_fit_is_said_in_words(shown):
    lab, file = convolution_lab("camera", padding=0), io.BytesIO()
    Image.new("L", (1, 400)).save(file, "PNG")
    lab.open_picture(file.getvalue())
    page = shown(lab)
    assert said(page).startswith("No output: the window does not fit")
    choose(page, padding=2)
    assert said(page).startswith("output[")


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_the_matrix_has_as_many_cells_as_the_kernel(shown, size):
    lab = convolution_lab()
    lab.state = {"size": size - 1}
    page = shown(lab)
    type_cell(page, size - 1, size - 1, "7", size)
    assert len(state(page, "typed")[0]) == size
    assert state(page, "typed")[0][-1][-1] == "7"


def test_a_slider_follows_the_mouse(shown):
    page = shown(convolution_lab())
    box = page.get_by_label("Stride", exact=True).bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 40, y, steps=12)
    page.mouse.up()
    assert state(page, "stride") == [4]
    assert page.evaluate("explorers[0].drawn[2].grid.rows") == 28


def test_an_arrow_key_moves_the_window_and_goes_no_further(shown):
    page = shown(convolution_lab("camera"))
    choose(page, row=5, col=5)
    page.evaluate(
        "() => { window.leaked = []; document.addEventListener('keydown', (event) => leaked.push(event.key)); }"
    )
    page.locator("canvas").focus()
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowDown", "d", "a"):
        page.keyboard.press(key)
    assert state(page, "row", "col") == [11, 6]
    assert page.evaluate("leaked") == []


def test_pressing_on_the_photo_centres_the_window_there(shown):
    page = shown(convolution_lab("camera", padding=0))
    x, y, cell = page.evaluate("(({ x, y, cell }) => [x, y, cell])(explorers[0].drawn[0].grid)")
    canvas = page.locator(".lecture-stage canvas").bounding_box()
    at = (MARGIN + 80.5) * cell
    page.mouse.move(canvas["x"] + x + at, canvas["y"] + y + at)
    page.mouse.down()
    assert state(page, "row", "col") == [79, 79]


def test_does_it_fit_says_the_size_of_every_setting(shown):
    page = shown(does_it_fit(), alone=True)
    settings = list(itertools.product(*(range(1, most + 1) for most in (MOST_N, MOST_F, MOST_S)), range(MOST_P + 1)))
    texts = all_said(page, [dict(zip(("n", "f", "stride", "padding"), each, strict=True)) for each in settings])
    for (n, f, stride, padding), text in zip(settings, texts, strict=True):
        try:
            size, dropped = (count(n, f, stride, padding) for count in (conv_output_size, dropped_columns))
        except ShapeError:
            assert "there is no output" in text
            continue
        assert f"({n} − {f} + 2·{padding})/{stride}" in text
        assert f" + 1 = {size}." in text
        assert (f"remainder of {dropped}" in text) == (dropped > 0)
        skipped = max(0, stride - f) if size > 1 else 0
        assert ("S is larger than F" in text) == (skipped > 0)
        assert (f"between two windows {skipped} column" in text) == (skipped > 0)


def test_the_window_of_volumes_moves_without_python(shown):
    page = shown(volumes(), alone=True)
    page.locator("canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert state(page, "row", "col") == [1, 2]
    page.keyboard.press("End")
    assert state(page, "row", "col") == [31, 31]


@pytest.mark.parametrize("stack", STACKS)
def test_the_receptive_field_of_every_unit_is_the_traced_one(shown, stack):
    page = shown(receptive_field(stack), alone=True)
    windows = [Window(*sizes) for _, *sizes in STACKS[stack]]
    side = 32
    for layer, size in enumerate(receptive_fields(windows), 1):
        side = windows[layer - 1].output_size(side)
        texts = all_said(page, [{"layer": layer - 1, "row": 0, "col": unit} for unit in range(side)])
        for unit, text in enumerate(texts):
            first, last = trace_back(windows[:layer], unit)[0]
            top, bottom = trace_back(windows[:layer], 0)[0]
            words = [style.number(edge) for edge in (top, bottom, first, last)]
            assert (
                f"unit [0, {unit}] sees input rows {words[0]} to {words[1]} and columns {words[2]} to {words[3]}, "
                in text
            )
            pixels = "pixel" if size.jump == 1 else "pixels"
            assert (
                f"a field of {size.size} × {size.size} pixels; neighbouring units are {size.jump} {pixels} apart."
                in text
            )
            assert ("lie in the padding" in text) == (min(top, first) < 0 or max(bottom, last) > 31)


def test_each_layer_has_its_own_last_unit(shown):
    page = shown(receptive_field("LeNet-5, C1 to S4"), alone=True)
    for layer, last in enumerate((27, 13, 9, 4)):
        page.get_by_label("Unit in layer", exact=True).focus()
        page.keyboard.press("Home")
        for _ in range(layer):
            page.keyboard.press("ArrowRight")
        page.locator("canvas").focus()
        page.keyboard.press("End")
        assert state(page, "layer", "row", "col") == [layer, last, last]


def test_people_count_layers_from_one(shown):
    page = shown(receptive_field("three 3×3 layers"))
    field = page.get_by_label("Unit in layer, as a number", exact=True)
    assert field.input_value() == "3"
    field.fill("2")
    field.press("Enter")
    assert (state(page, "layer"), field.input_value()) == ([1], "2")
    assert said(page).startswith("2 conv 3×3, 32 wide: unit [16, 16] ")


def test_a_layer_can_be_edited_in_the_table(shown):
    page = shown(receptive_field("three 3×3 layers"))
    sent = "models[0].state._state.layers[0]"
    page.get_by_label("Layer 1, kind", exact=True).select_option("pool")
    kernel = page.get_by_label("Layer 1, F", exact=True)
    for typed, taken in (("5", 5), ("99", 11), ("", 11), ("2.6", 3)):
        kernel.fill(typed)
        kernel.press("Tab")
        assert page.evaluate(sent) == [1, taken, 1, 1]
        assert kernel.input_value() == str(taken)


def test_fewer_layers_are_shown_as_fewer_rows_and_reset_asks_for_what_is_not_there_yet(shown):
    explorer = receptive_field("three 3×3 layers")
    page = shown(explorer)
    rows = page.locator(".lecture-rows > div:visible")
    assert rows.count() == 3
    explorer.state = {"count": 1}
    fewer = {"layers": explorer.state["layers"], "count": 1, "layer": 0, "stack": explorer.state["stack"]}
    page.evaluate(
        """fewer => {
            const { field, ...arrays } = models[0].state.arrays;
            models[0].hear({ arrays: { ...arrays, field: { ...field, shape: [1, ...field.shape.slice(1)] } },
                _state: { ...models[0].state._state, ...fewer } });
        }""",
        fewer,
    )
    assert (rows.count(), state(page, "layer")) == (1, [0])
    page.get_by_role("button", name="Reset").click()
    assert state(page, "layer") == [0]  # there is no other one yet
    assert page.evaluate("models[0].state._state.layer") == 2
    page.get_by_label("Layers", exact=True).press("ArrowLeft")
    assert page.evaluate("models[0].state._state.layer") == 0


@pytest.mark.parametrize("mix", ["red against green", "brightness (Rec. 601)", "negative"])
def test_the_mixers_sum_is_the_one_that_made_the_new_channel(shown, mix):
    explorer = channel_mixer("coffee", mix)
    page = shown(explorer)
    pixels, out = explorer.array("photo"), explorer.array("output")
    *weights, bias = (explorer.state[name] for name in ("red", "green", "blue", "bias"))
    choose(page, red=2)  # Python has not answered: what is written is still what is shown
    for row, col in ((40, 40), (0, 0), (17, 93)):
        choose(page, row=row, col=col)
        terms = " + ".join(f"({value}×{style.exact(w)})" for value, w in zip(pixels[row, col], weights, strict=True))
        sum_, result = f"{terms} + {bias}", style.number(out[row, col])
        assert said(page) == f"new[{row}, {col}] = {sum_} {equals(sum_, result)} {result}"


def test_of_a_long_sum_the_first_three_products_and_the_last_are_said(shown):
    rng = np.random.default_rng(0)
    image, kernel = rng.integers(0, 256, (9, 9)), rng.integers(-3, 4, (7, 7))
    page = shown(step_through(image, kernel))
    for row, col in ((0, 0), (2, 1)):
        choose(page, row=row, col=col)
        terms = written(image[row : row + 7, col : col + 7], kernel).split(" + ")
        total = style.number(correlate(image, kernel)[row, col])
        wanted = " + ".join([*terms[:3], "… 45 more products …", terms[-1]])
        assert said(page) == f"output[{row}, {col}] = {wanted} = {total}"


def test_a_new_range_leaves_the_hand_on_its_slider(shown):
    page = shown(does_it_fit())
    page.evaluate("window.held = document.querySelector('input[type=range]')")
    page.evaluate(
        "models[0].hear({ indices: { ...models[0].state.indices, n: { ...models[0].state.indices.n, high: 20 } } })"
    )
    assert page.evaluate("[held.isConnected, held.max]") == [True, "19"]
