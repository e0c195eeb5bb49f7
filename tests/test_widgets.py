"""The explorers without a browser: what Python computes when a control moves."""

import gc
import io
import itertools
import tracemalloc
from datetime import UTC, datetime

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from lecture_lib import capsules, widgets
from lecture_lib.filters import KERNELS, correlate
from lecture_lib.shapes import ShapeError, conv_cost
from lecture_lib.widgets import field, fit, lab, mixing, view
from tests.explorers import array


def tiny_capsules():
    """A capsule network as it is before training, and two digits."""
    return capsules.CapsuleNet(4, 2, 4, (4, 4)).init(0), np.stack([np.eye(28, dtype=np.uint8)] * 2) * 255, [3, 5]


EXPLORERS = {
    "step_through": lambda: widgets.step_through(np.arange(16).reshape(4, 4), np.ones((3, 3))),
    "convolution_lab": widgets.convolution_lab,
    "does_it_fit": widgets.does_it_fit,
    "volumes": widgets.volumes,
    "channel_mixer": widgets.channel_mixer,
    "inception_branch": widgets.inception_branch,
    "receptive_field": widgets.receptive_field,
    "learned_filters": widgets.learned_filters,
    "architecture": widgets.architecture,
    "layer_editor": widgets.layer_editor,
}
every_explorer = pytest.mark.parametrize("make", EXPLORERS.values(), ids=EXPLORERS)


def upload(explorer, content):
    file = {"name": "mine.png", "type": "image/png", "size": len(content), "content": memoryview(content)}
    explorer.upload.value = (file | {"last_modified": datetime(2026, 1, 1, tzinfo=UTC)},)


def png_bytes(height, width, grey=128):
    buffer = io.BytesIO()
    Image.fromarray(np.full((height, width), grey, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


@every_explorer
def test_an_explorer_carries_a_still_picture_with_alt_text(make):
    explorer = make()
    data, metadata = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    still = np.asarray(Image.open(io.BytesIO(data["image/png"])).convert("RGB"))
    assert (still != still[0, 0]).any()
    assert data["text/plain"] == metadata["image/png"]["alt"] == explorer.view.label
    assert len(explorer.alt) > 40


@every_explorer
def test_closing_an_explorer_closes_all_its_widgets(make):
    before = set(ipywidgets.widgets.widget._instances)
    make().close()
    assert set(ipywidgets.widgets.widget._instances) == before


def in_cell(monkeypatch, cell, run):
    shell = type("Shell", (), {"get_parent": lambda self: {"metadata": {"cellId": cell}, "header": {"msg_id": run}}})()
    monkeypatch.setattr(view, "get_ipython", lambda: shell)


def test_a_cell_run_again_closes_only_the_explorers_of_its_last_run(monkeypatch):
    in_cell(monkeypatch, "first", "run 1")
    one, two = widgets.does_it_fit(), widgets.does_it_fit()
    in_cell(monkeypatch, "second", "run 2")
    other = widgets.does_it_fit()
    in_cell(monkeypatch, "first", "run 3")
    again = widgets.volumes()
    assert [each.comm is None for each in (one, two, other, again)] == [True, True, False, False]


@pytest.mark.slow
def test_a_thousand_moves_of_the_lab_leave_no_memory_behind():
    explorer = widgets.convolution_lab()
    moves = itertools.cycle(itertools.product((1, 2, 3), ("zero", "reflect", "circular"), range(8)))

    def move(times):
        for dilation, border, kernel in itertools.islice(moves, times):
            explorer.dilation.value, explorer.border.value, explorer.kernel.index = dilation, border, kernel
        gc.collect()
        return len(ipywidgets.widgets.widget._instances), tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    move(72)
    instances, used = move(72)
    instances_later, used_later = move(856)
    tracemalloc.stop()
    assert instances_later == instances
    assert used_later - used < 1_000_000


@pytest.mark.parametrize("border", ["zero", "reflect", "circular"])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_the_lab_holds_the_map_of_every_kernel(border, dilation):
    explorer = widgets.convolution_lab("coffee")
    explorer.border.value, explorer.dilation.value = border, dilation
    for packed, kernel in zip(explorer.view.arrays["maps"], KERNELS.values(), strict=False):
        expected = correlate(explorer.grey, kernel.weights, padding=lab.MARGIN, dilation=dilation, border=border)
        assert np.array_equal(array(packed), expected.astype(np.float32))
    assert explorer.view.dilation == dilation


def test_a_typed_kernel_is_the_one_that_slides():
    explorer = widgets.convolution_lab()
    rows = [["0", "1/4", "0"], ["1/4", "-1", "1/4"], ["0", "1/4", "0"]]
    for row, texts in zip(explorer.cells, rows, strict=False):
        for cell, text in zip(row, texts, strict=False):
            cell.value = text
    expected = correlate(explorer.grey, np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]) / 4, padding=lab.MARGIN)
    assert np.allclose(array(explorer.view.extra["maps:12"]), expected)
    assert explorer.kernel.index == len(KERNELS)
    assert explorer.view.problem == ""


def test_choosing_a_kernel_by_name_writes_it_into_the_matrix():
    explorer = widgets.convolution_lab()
    explorer.kernel.index = list(KERNELS).index("gaussian_5")
    assert "lecture-matrix-5" in explorer.matrix._dom_classes
    assert explorer.cells[2][2].value == "9/64"
    assert np.allclose(
        lab.parse_kernel([[cell.value for cell in row] for row in explorer.cells]), KERNELS["gaussian_5"].weights
    )
    explorer.kernel.index = 0
    assert explorer.matrix._dom_classes == ("lecture-matrix", "lecture-matrix-3")
    assert [cell.value for row in explorer.cells[:3] for cell in row[:3]] == [
        "0",
        "0",
        "0",
        "0",
        "1",
        "0",
        "0",
        "0",
        "0",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [("abc", "'abc': must be a number"), ("", "is empty"), ("1/0", "must be a number"), ("nan", "must lie between"),
     ("1e9", "must lie between"), ("-inf", "must lie between"), ("1/2/3", "must be a number"), ("9" * 999, "must lie between"),
     ("<b>1</b>", "must be a number"), ("__import__('os')", "must be a number")],
)  # fmt: skip
def test_what_is_no_number_in_the_matrix_is_named_with_its_place(text, words):
    explorer = widgets.convolution_lab()
    before = explorer.view.arrays
    explorer.cells[1][2].value = text
    assert explorer.view.problem.startswith("kernel row 2, column 3")
    assert words in explorer.view.problem
    assert explorer.view.arrays is before
    assert np.array_equal(explorer.typed, KERNELS["laplacian_8"].weights)
    explorer.cells[1][2].value = "−2"  # a typographic minus is one, too
    assert explorer.view.problem == ""
    assert explorer.typed[1, 2] == -2


def test_a_matrix_of_another_size_is_read_at_once():
    explorer = widgets.convolution_lab()
    explorer.size.value = 2
    assert explorer.matrix._dom_classes == ("lecture-matrix", "lecture-matrix-2")
    assert explorer.typed.tolist() == [[-1, -1], [-1, 8]]


def test_an_uploaded_picture_goes_through_the_lab_and_a_bad_one_changes_nothing():
    explorer = widgets.convolution_lab()
    upload(explorer, png_bytes(300, 200))
    assert explorer.grey.shape == (128, 85)
    upload(explorer, b"GIF89a nothing more")
    assert explorer.view.problem != ""
    assert explorer.grey.shape == (128, 85)
    explorer.photo.value = "coffee"
    assert explorer.view.problem == ""


def test_your_own_kernel_starts_from_the_one_chosen_by_name():
    explorer = widgets.convolution_lab()
    explorer.kernel.index = list(KERNELS).index("sharpen")
    explorer.kernel.index = len(KERNELS)
    assert np.array_equal(explorer.typed, KERNELS["sharpen"].weights)
    expected = correlate(explorer.grey, explorer.typed, padding=lab.MARGIN)
    assert np.array_equal(array(explorer.view.extra["maps:12"]), expected.astype(np.float32))


def test_a_larger_matrix_is_framed_by_zeros():
    explorer = widgets.convolution_lab()
    explorer.kernel.index = list(KERNELS).index("gaussian_5")
    explorer.kernel.index = list(KERNELS).index("sharpen")
    explorer.size.value = 5
    assert explorer.typed.tolist() == np.pad(KERNELS["sharpen"].weights, ((0, 2), (0, 2))).tolist()


def test_a_complaint_stays_until_its_own_cause_is_gone():
    explorer = widgets.convolution_lab()
    explorer.cells[0][0].value = "abc"
    explorer.dilation.value = 2
    assert "'abc'" in explorer.view.problem
    explorer.kernel.index = 0
    assert explorer.view.problem == ""
    upload(explorer, png_bytes(400, 1))
    explorer.border.value = "reflect"
    explorer.kernel.index = 1
    assert "must be smaller than the image's shorter side" in explorer.view.problem
    explorer.border.value = "zero"
    assert explorer.view.problem == ""


def test_the_menu_and_the_alt_text_name_the_picture_that_is_shown():
    explorer = widgets.convolution_lab()
    explorer.photo.value = "your picture"
    assert "no picture of yours yet" in explorer.view.problem
    upload(explorer, png_bytes(30, 40))
    assert explorer.photo.value == "your picture"
    assert "the photo your picture" in explorer.view.label
    explorer.photo.value = "camera"
    assert explorer.grey.shape == (128, 128)
    explorer.photo.value = "your picture"
    assert explorer.grey.shape == (96, 128)


def test_a_setting_without_an_output_is_shown_again_in_words():
    explorer = widgets.convolution_lab(padding=0)
    upload(explorer, png_bytes(400, 1))
    other = widgets.receptive_field("LeNet-5, C1 to S4")
    other.n.value = 8
    for each in (explorer, other):
        assert each._repr_mimebundle_()[0]["image/png"]


def test_large_whole_numbers_stay_exact():
    packed = view.pack(np.array([[45_999_954.0, 1.0]]), "map")
    assert array(packed).tolist() == [[45_999_954, 1]]
    assert view.pack(np.array([[0.5]]), "map")["dtype"] == "float32"


def test_a_picture_too_small_for_its_mirror_is_refused_in_words():
    explorer = widgets.convolution_lab()
    explorer.border.value = "reflect"
    before = explorer.grey
    upload(explorer, png_bytes(1, 400))
    assert "must be smaller than the image's shorter side" in explorer.view.problem
    assert explorer.grey is before
    explorer.border.value = "zero"
    upload(explorer, png_bytes(400, 1))
    assert explorer.grey.shape == (128, 1)


def test_the_fit_table_has_zero_only_where_nothing_fits():
    table = fit.fit_table()
    for n, f, s, p in np.ndindex(table.shape[:-1]):
        possible = min(n, f, s) >= 1 and f <= n + 2 * p
        assert (table[n, f, s, p, 0] > 0) == possible


def test_volumes_say_what_the_lecture_computes():
    text = widgets.volumes().view.text
    assert "Output 32×32×10" in text
    assert "Weights 750 + biases 10 = 760 parameters" in text
    assert "75 weights and 1 bias" in text


def test_volumes_keep_the_last_good_state_when_the_window_does_not_fit():
    boxes, _ = widgets.describe_layer(7, 7, 1, 1, 3, 2, 0)
    assert (boxes[-1]["w"], boxes[-1]["h"], boxes[-1]["d"]) == (3, 3, 1)
    with pytest.raises(ShapeError, match="kernel_size=9"):
        widgets.describe_layer(7, 7, 1, 1, 9, 1, 0)


def test_a_branch_with_a_reduction_costs_what_its_layers_cost():
    bars, text = mixing.branch_cost(192, 16, 32, 5, 28)
    direct = conv_cost(192, 32, 5, 28).multiply_adds
    reduced = conv_cost(192, 16, 1, 28).multiply_adds + conv_cost(16, 32, 5, 28).multiply_adds
    assert (bars[0]["value"], bars[-1]["value"]) == (direct, reduced) == (120_422_400, 12_443_648)
    assert "9.68 times fewer" in text
    assert "times more" in mixing.branch_cost(16, 256, 16, 1, 28)[1]


def test_a_mix_is_the_weighted_sum_of_the_channels():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 4, 3)).astype(np.uint8)
    expected = pixels @ np.array([0.5, -1, 2]) + 7
    assert np.allclose(mixing.mix_channels(pixels, (0.5, -1, 2), 7), expected)


def test_a_stack_that_does_not_fit_is_named_by_its_layer_and_the_last_good_one_stays():
    explorer = widgets.receptive_field("LeNet-5, C1 to S4")
    before = explorer.view.layers
    explorer.n.value = 8
    assert explorer.view.problem.startswith("layer 3: kernel_size=5")
    assert explorer.view.layers is before
    explorer.n.value = 32
    assert explorer.view.problem == ""


def test_the_fields_of_lenet_are_the_published_ones():
    explorer = widgets.receptive_field("LeNet-5, C1 to S4")
    assert [layer["seen"] for layer in explorer.view.layers] == [1, 5, 6, 14, 16]
    assert [layer["size"] for layer in explorer.view.layers] == [32, 28, 14, 10, 5]


def test_adding_a_layer_shows_it_and_its_unit():
    explorer = widgets.receptive_field("three 3×3 layers")
    explorer.count.value = 4
    assert (explorer.layer.max, explorer.layer.value) == (4, 4)
    assert [row.layout.display for row in explorer.rows] == 4 * [None] + (len(explorer.rows) - 4) * ["none"]
    sizes, seen = field.trace_table(explorer.stack(), explorer.n.value)
    assert [layer["size"] for layer in explorer.view.layers] == sizes
    assert np.array_equal(array(explorer.view.arrays["spans"][4]), seen[4])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: widgets.convolution_lab("nobody"), "photo='nobody': must be one of astronaut"),
        (lambda: widgets.convolution_lab("camera", "blurr"), "kernel='blurr': must be one of identity"),
        (lambda: widgets.convolution_lab(stride=9), "Stride=9: must be from 1 to 4"),
        (lambda: widgets.does_it_fit(99), "N  input=99: must be from 1 to 12"),
        (lambda: widgets.volumes("x"), "preset='x': must be one of"),
        (lambda: widgets.channel_mixer(mix="x"), "mix='x': must be one of"),
        (lambda: widgets.receptive_field("x"), "stack='x': must be one of"),
        (lambda: widgets.receptive_field("LeNet-5, C1 to S4", n=8), "layer 3: kernel_size=5"),
        (lambda: widgets.learned_filters(99), "digit=99"),
        (lambda: widgets.learned_filters(1, digits=20_000), "digits=20000: must be from 1 to 10000"),
        (lambda: widgets.channel_mixer("zz"), "photo='zz': must be one of"),
        (lambda: widgets.inception_branch(kernel_size=4), "kernel_size=4: must be one of 1, 3, 5, 7"),
        (lambda: widgets.step_through(np.zeros((40, 40)), np.eye(3)), "must be at most 12 on a side"),
        (lambda: widgets.step_through(np.eye(4), np.eye(3), interval=0), "interval=0: must be at least 20"),
        (lambda: lab.parse_kernel([["1"], []]), "rows of equal length"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        make()


def test_a_window_that_does_not_fit_at_the_start_is_shown_all_the_same():
    data, _ = widgets.does_it_fit(2, 5)._repr_mimebundle_()
    assert data["image/png"]
