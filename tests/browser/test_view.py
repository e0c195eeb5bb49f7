"""What the browser draws is what NumPy computes: the explorers' script alone, without JupyterLab and without a kernel."""

import base64
import itertools

import numpy as np
import pytest

from lecture_lib import style, widgets
from lecture_lib.filters import KERNELS, correlate, pad_border
from lecture_lib.shapes import ShapeError, conv_output_size, dropped_columns, receptive_fields, trace_back
from lecture_lib.steps import conv_steps
from lecture_lib.widgets import field, fit, view
from lecture_lib.widgets.lab import MARGIN

PAGE = """<!doctype html><title>view</title><body style="margin: 0"><div class="lecture-explorer"><div id="here"></div></div>
<script type="module">
import widget, { number } from './view.js';
const restore = (value) => value === null || typeof value !== 'object' ? value
    : value.bytes !== undefined ? new DataView(Uint8Array.from(atob(value.bytes), (c) => c.charCodeAt(0)).buffer)
    : Array.isArray(value) ? value.map(restore)
    : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, restore(each)]));
class Model {
    state = {};
    listeners = [];
    get(name) { return this.state[name]; }
    set(changes) {
        Object.assign(this.state, changes);
        const events = [...Object.keys(changes).map((name) => 'change:' + name), 'change'];
        for (const event of events) for (const [names, act] of [...this.listeners]) if (names.split(' ').includes(event)) act();
    }
    on(names, act) { this.listeners.push([names, act]); }
    off(names, act) { this.listeners = this.listeners.filter((each) => each[1] !== act); }
    save_changes() {}
}
window.number = number;
window.open = async (state) => {
    window.close?.();
    const here = document.querySelector('#here');
    here.replaceChildren();
    window.model = new Model();
    model.state = restore(state);
    window.close = widget.render({ model, el: here });
    window.view = here.querySelector('canvas').lecture;
    for (let frames = 0; state.panels.length && !view.drawn.length; frames++) { // it is drawn when it is in the page
        if (frames === 300) throw new Error('the view does not draw itself');
        await new Promise(requestAnimationFrame);
    }
};
window.load = (state) => model.set(restore(state));
window.readout = () => here.querySelector('.lecture-readout').textContent;
// The colour in the middle of every cell of a panel, as bytes.
window.colours = (title) => {
    const { grid, part } = view.drawn.find(({ panel }) => panel.title === title);
    const { ctx, canvas } = view, { data, width } = ctx.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let r = 0; r < part.rows; r++) for (let c = 0; c < part.cols; c++) {
        const at = 4 * (Math.floor(grid.y + (r + 0.5) * grid.cell) * width + Math.floor(grid.x + (c + 0.5) * grid.cell));
        text += String.fromCharCode(data[at], data[at + 1], data[at + 2]);
    }
    return [part.rows, part.cols, btoa(text)];
};
window.ready = true;
</script>"""


VALUES = """title => {
    const { source, part } = view.drawn.find(({ panel }) => panel.title === title);
    return [...source.values.slice(source.offset, source.offset + part.rows * part.cols)];
}"""


@pytest.fixture
def bare(page):
    """A page with nothing but the explorers' script on it."""
    script, html = str(view.View._esm), PAGE.replace("<body", f"<style>{view.View._css}</style><body")

    def serve(route):
        is_script = route.request.url.endswith(".js")
        kind = "text/javascript" if is_script else "text/html; charset=utf-8"
        route.fulfill(body=script if is_script else html, content_type=kind)

    page.route("http://lecture.test/**", serve)
    page.goto("http://lecture.test/")
    page.wait_for_function("window.ready")
    yield page
    assert page.problems == []
    page.unroute("http://lecture.test/**")


def jsonable(value):
    """A widget's state as JSON, bytes in base64."""
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {name: jsonable(each) for name, each in value.items()}
    return [jsonable(each) for each in value] if isinstance(value, list | tuple) else value


def state_of(explorer, **changes):
    """The state of an explorer's view, without what only the widget machinery needs."""
    state = {
        name: each for name, each in explorer.view.get_state().items() if not name.startswith("_") and name != "layout"
    }
    return jsonable(state | changes)


def shown(page, title):
    rows, cols, data = page.evaluate("title => colours(title)", title)
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(rows, cols, 3)


def unmarked(explorer):
    """The explorer's panels without frames, so that every cell's colour can be read."""
    return [{name: each for name, each in panel.items() if name != "mark"} for panel in explorer.view.panels]


def equation(image, kernel, row, col, **settings):
    """The sum as the browser should write it, from the library's own record of the step."""
    step = next(step for step in conv_steps(image, kernel, **settings) if (step.row, step.col) == (row, col))
    return f"output[{row}, {col}] = {step.equation}"


@pytest.mark.parametrize(
    "border", ["zero", *(pytest.param(each, marks=pytest.mark.slow) for each in ("reflect", "circular"))]
)
@pytest.mark.parametrize("dilation", [1, *(pytest.param(each, marks=pytest.mark.slow) for each in (2, 3))])
def test_the_lab_shows_numpys_numbers_in_every_state_of_its_sliders(bare, border, dilation):
    lab = widgets.convolution_lab("camera")
    lab.border.value, lab.dilation.value = border, dilation
    lab.cells[1][1].value = "1/3"
    kernels = [*(kernel.weights for kernel in KERNELS.values()), lab.typed]
    bare.evaluate("state => open(state)", state_of(lab, panels=unmarked(lab)))
    rng = np.random.default_rng(dilation)
    for index, stride, padding in itertools.product(range(len(kernels)), range(1, 5), range(MARGIN + 1)):
        settings = {"stride": stride, "padding": padding, "dilation": dilation}
        expected = correlate(lab.grey, kernels[index], border=border, **settings)
        limit = style.limits(
            correlate(lab.grey, kernels[index], padding=MARGIN, dilation=dilation, border=border).astype(np.float32),
            "map",
        )
        row, col = (int(rng.integers(side)) for side in expected.shape)
        bare.evaluate("change => model.set(change)", {"kernel": index, "stride": stride, "padding": padding})
        bare.evaluate("change => model.set(change)", {"row": row, "col": col})
        colours = style.colours(expected.astype(np.float32), "map", limit)
        assert np.array_equal(shown(bare, "output"), colours), (index, settings)
        padded = pad_border(lab.grey, padding, border)
        top, left = row * stride, col * stride
        f_h, f_w = kernels[index].shape
        window = padded[top : top + dilation * f_h : dilation, left : left + dilation * f_w : dilation]
        total = style.number(np.float32(expected[row, col]))
        assert bare.evaluate("readout()") == f"output[{row}, {col}] = {written(window, kernels[index])} = {total}"


def written(window, kernel):
    weights = kernel.astype(np.float32)
    return " + ".join(f"({style.number(x)}×{style.number(w)})" for x, w in zip(window.flat, weights.flat, strict=True))


def test_the_photo_stands_in_its_padding(bare):
    lab = widgets.convolution_lab("chelsea", padding=MARGIN)
    bare.evaluate("state => open(state)", state_of(lab, panels=unmarked(lab), padding=MARGIN))
    padded = pad_border(lab.grey, MARGIN)
    inside = (slice(MARGIN + 2, -MARGIN - 2),) * 2  # without the dashed line around the photo
    assert np.array_equal(shown(bare, "photo with padding")[inside], style.colours(padded, "image")[inside])


def test_stepping_through_writes_every_sum_of_the_lecture(bare):
    image = np.array(
        [[0] * 6, [0, 1, 2, 2, 1, 0], [0, 2, 4, 4, 2, 0], [0, 1, 3, 3, 1, 0], [0, 1, 2, 3, 1, 0], [0, 0, 1, 1, 0, 0]]
    )
    kernel = KERNELS["laplacian_4"].weights
    explorer = widgets.step_through(image, kernel)
    bare.evaluate("state => open(state)", state_of(explorer, panels=unmarked(explorer)))
    for index, step in enumerate(conv_steps(image, kernel)):
        bare.evaluate("step => model.set({ step })", index)
        assert bare.evaluate("readout()") == equation(image, kernel, step.row, step.col)
        assert bare.evaluate(VALUES, "products") == step.products.ravel().tolist()
    assert bare.evaluate("[model.get('row'), model.get('col')]") == [3, 3]


def test_choosing_a_cell_and_choosing_a_step_are_one_thing(bare):
    explorer = widgets.step_through(np.arange(25).reshape(5, 5), np.ones((3, 3)))
    bare.evaluate("state => open(state)", state_of(explorer))
    bare.evaluate("model.set({ row: 1, col: 2 })")
    assert bare.evaluate("model.get('step')") == 5
    bare.evaluate("model.set({ step: 7 })")
    assert bare.evaluate("[model.get('row'), model.get('col')]") == [2, 1]


def test_the_window_stays_at_its_place_when_the_stride_changes(bare):
    lab = widgets.convolution_lab("camera", padding=0)
    bare.evaluate("state => open(state)", state_of(lab, row=60, col=90))
    bare.evaluate("model.set({ stride: 3 })")
    assert bare.evaluate("[model.get('row'), model.get('col')]") == [20, 30]
    bare.evaluate("model.set({ stride: 1 })")
    assert bare.evaluate("[model.get('row'), model.get('col')]") == [60, 90]


def test_a_window_that_does_not_fit_is_said_in_words(bare):
    lab = widgets.convolution_lab("camera")
    lab.grey = lab.grey[:1, :1]
    lab._compute()
    bare.evaluate("state => open(state)", state_of(lab, padding=0))
    assert bare.evaluate("readout()").startswith("No output: the window does not fit")
    bare.evaluate("model.set({ padding: 2 })")
    assert bare.evaluate("readout()").startswith("output[")


@pytest.mark.slow
def test_does_it_fit_says_the_size_of_every_setting(bare):
    explorer = widgets.does_it_fit()
    bare.evaluate("state => open(state)", state_of(explorer))
    settings = itertools.product(
        range(1, fit.MOST_N + 1), range(1, fit.MOST_F + 1), range(1, fit.MOST_S + 1), range(fit.MOST_P + 1)
    )
    for n, f, stride, padding in settings:
        text = bare.evaluate(
            "change => { model.set(change); return readout(); }", {"n": n, "f": f, "stride": stride, "padding": padding}
        )
        try:
            size, dropped = (count(n, f, stride, padding) for count in (conv_output_size, dropped_columns))
        except ShapeError:
            assert "there is no output" in text
            continue
        assert f"({n} − {f} + 2·{padding})/{stride}" in text
        assert f" + 1 = {size}." in text
        assert (f"remainder of {dropped}" in text) == (dropped > 0)


def test_the_receptive_field_of_every_unit_is_the_traced_one(bare):
    for name in field.STACKS:
        explorer = widgets.receptive_field(name)
        stack = explorer.stack()
        bare.evaluate("state => open(state)", state_of(explorer))
        for layer, size in enumerate(receptive_fields(stack), 1):
            for unit in range(explorer.view.layers[layer]["size"]):
                bare.evaluate("change => model.set(change)", {"layer": layer, "row": 0, "col": unit})
                first, last = (style.number(edge) for edge in trace_back(stack[:layer], unit)[0])
                text = bare.evaluate("readout()")
                assert f"columns {first} to {last}, a field of {size.size} × {size.size} pixels" in text


def test_numbers_are_written_as_python_writes_them(bare):
    rng = np.random.default_rng(0)
    values = [0, -0.0, 0.5, 0.125, 12.125, -12.125, 1e-7, 0.1, 99.995, 100.05, 1 / 3, 1 / 256, 1e6, -1234.5]
    values += [1e16 - 2, 1e16, -1.005e21, 9.996e20, 2.0**100, 1.0625e18, 1.7976931348623157e308]
    values += (rng.normal(size=200) * 10.0 ** rng.integers(12, 60, 200)).tolist()
    values += (rng.normal(size=1500) * 10.0 ** rng.integers(-6, 5, 1500)).tolist() + (
        rng.integers(-4000, 4000, 500) / 256
    ).tolist()
    assert bare.evaluate("values => values.map(number)", values) == [style.number(value) for value in values]


@pytest.mark.slow
def test_a_thousand_moves_leave_no_memory_behind(bare):
    session = bare.context.new_cdp_session(bare)
    lab = widgets.convolution_lab("camera")
    bare.evaluate("state => open(state)", state_of(lab))
    used = []
    for _ in range(4):
        bare.evaluate("""() => { for (let i = 0; i < 1000; i++) model.set(
            { stride: 1 + i % 4, padding: i % 5, kernel: i % 12, row: i % 40, col: i % 37 }); }""")
        session.send("HeapProfiler.collectGarbage")
        used.append(bare.evaluate("performance.memory.usedJSHeapSize") / 1e6)
    session.detach()
    assert used[-1] - used[0] < 1, used  # MB


def test_closing_a_view_lets_go_of_its_model(bare):
    bare.evaluate("state => open(state)", state_of(widgets.does_it_fit()))
    assert bare.evaluate("(() => { const { model } = window; window.close(); return model.listeners.length; })()") == 0


def test_an_arrow_key_moves_the_window_and_goes_no_further(bare):
    bare.evaluate("state => open(state)", state_of(widgets.convolution_lab("camera"), row=5, col=5))
    bare.evaluate(
        "() => { window.leaked = []; document.addEventListener('keydown', (event) => leaked.push(event.key)); }"
    )
    bare.locator("canvas").focus()
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowDown", "d", "a"):
        bare.keyboard.press(key)
    assert bare.evaluate("[model.get('row'), model.get('col')]") == [16, 6]
    assert bare.evaluate("leaked") == []


def test_pointing_at_the_photo_centres_the_window_there(bare):
    bare.evaluate("state => open(state)", state_of(widgets.convolution_lab("camera", padding=0), row=5, col=5))
    grid = bare.evaluate("view.drawn[0].grid")
    x, y = (grid[axis] + (MARGIN + 80.5) * grid["cell"] for axis in "xy")
    bare.mouse.move(x, y)
    assert bare.evaluate("[model.get('row'), model.get('col')]") == [79, 79]


def test_colours_follow_the_theme(bare):
    bare.evaluate("state => open(state)", state_of(widgets.does_it_fit()))
    inks = []
    for light in ("true", "false"):
        bare.evaluate("light => { document.body.dataset.jpThemeLight = light; }", light)
        bare.wait_for_timeout(50)
        inks.append(bare.evaluate("view.ink.text"))
    assert inks == [style.INKS["light"]["text"], style.INKS["dark"]["text"]]


# Plots, columns, wires, moved pictures


def curves_explorer(**options):
    x = np.linspace(-2, 2, 41)
    ys = {"cube": np.stack([x**3, 2 * x**3]), "line": np.stack([x, x + 1])}
    return x, ys, widgets.curves(
        x, ys, levels=("Level", ("one", "two")), xlabel="x", ylabel="y", alt="Two curves.", **options
    )  # fmt: skip


def test_a_plot_puts_every_value_where_its_axes_say(bare):
    x, ys, explorer = curves_explorer()
    bare.evaluate("state => open(state)", state_of(explorer))
    (panel,) = explorer.view.panels
    area, at_x, at_y = bare.evaluate(
        """([x, y]) => { const { plot } = view.drawn[0];
            return [plot.area, x.map(plot.x.place), y.map(plot.y.place)]; }""",
        [x.tolist(), ys["cube"][0].tolist()],
    )
    low, high = panel["y"]
    assert np.allclose(at_x, area["x"] + (x + 2) / 4 * area["w"])
    assert np.allclose(at_y, area["y"] + (high - ys["cube"][0]) / (high - low) * area["h"])


def test_a_logarithmic_axis_gives_each_power_of_ten_the_same_room(bare):
    explorer = widgets.curves([0, 1], {"line": [0.01, 100]}, log="y", xlabel="x", ylabel="y", alt="A line.")
    bare.evaluate("state => open(state)", state_of(explorer))
    places = bare.evaluate("[0.01, 0.1, 1, 10, 100].map(view.drawn[0].plot.y.place)")
    assert np.allclose(np.diff(places), np.diff(places)[0])
    assert bare.evaluate("view.drawn[0].plot.y.ticks") == [0.01, 0.1, 1, 10, 100]


@pytest.mark.parametrize("level", [0, 1])
def test_the_cursor_reads_the_curves_of_the_chosen_level(bare, level):
    x, ys, explorer = curves_explorer()
    bare.evaluate("state => open(state)", state_of(explorer, level=level))
    for col in (0, 7, 40):
        bare.evaluate("col => model.set({ col })", col)
        values = ", ".join(f"{name} {style.number(np.float32(y[level, col]))}" for name, y in ys.items())
        assert bare.evaluate("readout()") == f"x {style.number(np.float32(x[col]))}: y: {values}. "


def test_pointing_into_a_plot_moves_the_cursor_to_the_nearest_point(bare):
    _, _, explorer = curves_explorer()
    bare.evaluate("state => open(state)", state_of(explorer))
    canvas = bare.locator("canvas").bounding_box()
    area = bare.evaluate("view.drawn[0].plot.area")
    bare.mouse.move(canvas["x"] + area["x"] + 0.26 * area["w"], canvas["y"] + area["y"] + 20)
    assert bare.evaluate("model.get('col')") == 10  # 0.26 of 40 steps
    bare.locator("canvas").focus()
    bare.keyboard.press("ArrowLeft")
    assert bare.evaluate("model.get('col')") == 9


def picture_of(explorer_state, bare):
    bare.evaluate("state => open(state)", explorer_state)
    width, height, data = bare.evaluate(
        """() => { const { ctx, canvas } = view, { data, width, height } = ctx.getImageData(0, 0, canvas.width, canvas.height);
            let text = ''; for (const byte of data) text += String.fromCharCode(byte); return [width, height, btoa(text)]; }"""
    )
    return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)


def test_a_gap_in_a_curve_is_not_drawn(bare):
    x = np.linspace(0, 1, 101)
    y = np.where(x < 0.5, 0.5, np.nan)
    explorer = widgets.curves(x, {"half": y}, xlabel="x", ylabel="y", alt="Half a line.", limits=(0, 1))
    pixels = picture_of(state_of(explorer, col=100), bare)
    area = bare.evaluate("view.drawn[0].plot.area")
    row = pixels[round(area["y"] + area["h"] / 2)]
    blue = [int(style.SERIES["light"][0][at : at + 2], 16) for at in (1, 3, 5)]
    line = (np.abs(row[:, :3].astype(int) - blue).sum(axis=1) < 30).nonzero()[0]
    assert line.min() <= area["x"] + 2
    assert abs(line.max() - (area["x"] + 0.49 * area["w"])) < 4


def blue_columns(pixels, area, share):
    """Where, as shares of the plot's width, the first curve's colour stands at a share of its height."""
    blue = [int(style.SERIES["light"][0][at : at + 2], 16) for at in (1, 3, 5)]
    row = pixels[round(area["y"] + (1 - share) * area["h"]), :, :3].astype(int)
    return ((np.abs(row - blue).sum(axis=1) < 30).nonzero()[0] - area["x"]) / area["w"]


@pytest.mark.parametrize("gap", [np.inf, -np.inf, np.nan])
def test_a_curve_has_a_gap_where_it_is_not_finite(bare, gap):
    explorer = widgets.curves(
        [0, 1, 2, 3, 4], {"line": [0.5, 0.5, gap, 0.5, 0.5]}, xlabel="x", ylabel="y", alt="A gap.", limits=(0, 1)
    )
    pixels = picture_of(state_of(explorer, col=0), bare)
    found = blue_columns(pixels, bare.evaluate("view.drawn[0].plot.area"), 0.5)
    assert found.size and not ((found > 0.27) & (found < 0.73)).any()
    assert (found < 0.24).any() and ((found > 0.76) & (found < 0.99)).any()


def test_a_spread_has_a_gap_where_the_curve_has_one(bare):
    explorer = widgets.curves(
        [0, 1, 2, 3, 4], {"line": [0.5, 0.5, np.nan, 0.5, 0.5]}, spreads={"line": np.full(5, 0.3)}, xlabel="x",
        ylabel="y", alt="A gap.", limits=(0, 1),
    )  # fmt: skip
    pixels = picture_of(state_of(explorer, col=0), bare)
    area = bare.evaluate("view.drawn[0].plot.area")
    at = {
        share: pixels[round(area["y"] + 0.35 * area["h"]), round(area["x"] + share * area["w"]), :3]
        for share in (0.1, 0.45, 0.55, 0.9)
    }
    paper = pixels[round(area["y"] + 0.05 * area["h"]), round(area["x"] + 0.1 * area["w"]), :3]
    assert (at[0.1] == at[0.9]).all() and (at[0.1] != paper).any()
    assert (at[0.45] == paper).all() and (at[0.55] == paper).all()


def test_a_curve_of_200_000_points_can_be_pointed_at(bare):
    x = np.arange(200_000)
    explorer = widgets.curves(x, {"line": x / 2}, xlabel="x", ylabel="y", alt="A long line.")
    bare.evaluate("state => open(state)", state_of(explorer))
    assert (
        bare.evaluate(
            "(() => { const { area, nearest } = view.drawn[0].plot; return nearest(area.x + area.w / 4); })()"
        )
        == 50_000
    )


def test_an_axis_too_fine_for_its_numbers_ends(bare):
    # At 1e16 steps the next whole number is not a number of its own: a counter stands still.
    explorer = widgets.curves([0, 1], {"line": [1e17, 1e17]}, xlabel="x", ylabel="y", alt="A line.")
    for apart in (16, 32, 64, 128):
        panel = explorer.view.panels[0] | {"y": [1e17, 1e17 + apart]}
        bare.evaluate("state => open(state)", state_of(explorer, panels=[panel]))
        assert len(bare.evaluate("view.drawn[0].plot.y.ticks")) < 12
