"""The convolution lab: what Python computes when a hand has moved."""

import gc
import io
import itertools
import tracemalloc

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from lecture_lib import style
from lecture_lib.chapters.convolution.lab import MARGIN, convolution_lab, parse_kernel
from lecture_lib.data import photo_names
from lecture_lib.explore import unpack
from lecture_lib.filters import BORDERS, KERNELS, correlate

OWN = len(KERNELS)


def png_bytes(height, width, grey=128):
    buffer = io.BytesIO()
    Image.fromarray(np.full((height, width), grey, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def grey(lab):
    """The photo without its padding."""
    return lab.array("padded")[MARGIN:-MARGIN, MARGIN:-MARGIN]


def typed(lab):
    return lab.array("weights")[OWN]


def write(lab, row, col, text):
    """Type into one cell of the matrix."""
    rows = [list(each) for each in lab.state["typed"]]
    rows[row][col] = text
    lab.state = {"typed": rows}


def choose(lab, **changes):
    """Stand where names stand for options."""
    lab.state = {name: list(lab.declared[name].values).index(value) for name, value in changes.items()}


@pytest.mark.slow
def test_a_thousand_moves_of_the_lab_leave_no_memory_behind():
    lab = convolution_lab()
    moves = itertools.cycle(itertools.product((1, 2, 3), range(len(BORDERS)), range(8)))

    def move(times):
        for dilation, border, kernel in itertools.islice(moves, times):
            lab.state = {"dilation": dilation, "border": border, "kernel": kernel}
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
    lab = convolution_lab("coffee")
    choose(lab, border=border)
    lab.state = {"dilation": dilation}
    for found, kernel in zip(lab.array("maps"), KERNELS.values(), strict=False):
        expected = correlate(grey(lab), kernel.weights, padding=MARGIN, dilation=dilation, border=border)
        assert np.array_equal(found, expected.astype(np.float32))
    assert len(lab.array("maps")) == OWN + 1
    assert lab.value("dilation") == dilation


def test_a_typed_kernel_is_the_one_that_slides():
    lab = convolution_lab()
    lab.state = {"typed": [["0", "1/4", "0"], ["1/4", "-1", "1/4"], ["0", "1/4", "0"]]}
    expected = correlate(grey(lab), np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]) / 4, padding=MARGIN)
    assert np.allclose(lab.array("maps")[OWN], expected)
    assert lab.state["kernel"] == OWN
    assert lab.problem == ""


def test_choosing_a_kernel_by_name_writes_it_into_the_matrix():
    lab = convolution_lab()
    choose(lab, kernel="gaussian_5")
    assert lab.value("size") == 5
    assert lab.state["typed"][2][2] == "9/64"
    assert np.allclose(parse_kernel(lab.state["typed"]), KERNELS["gaussian_5"].weights)
    lab.state = {"kernel": 0}
    assert lab.value("size") == 3
    assert lab.state["typed"] == [["0", "0", "0"], ["0", "1", "0"], ["0", "0", "0"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [("abc", "'abc': must be a number"), ("", "is empty"), ("1/0", "must be a number"), ("nan", "must lie between"),
     ("1e9", "must lie between"), ("-inf", "must lie between"), ("1/2/3", "must be a number"), ("9" * 999, "must lie between"),
     ("<b>1</b>", "must be a number"), ("__import__('os')", "must be a number")],
)  # fmt: skip
def test_what_is_no_number_in_the_matrix_is_named_with_its_place(text, words):
    lab = convolution_lab()
    before = lab.arrays
    write(lab, 1, 2, text)
    assert lab.problem.startswith("kernel row 2, column 3")
    assert words in lab.problem
    assert lab.arrays is before
    assert np.array_equal(typed(lab), KERNELS["laplacian_8"].weights)
    write(lab, 1, 2, "−2")  # a typographic minus is one, too
    assert lab.problem == ""
    assert typed(lab)[1, 2] == -2


def test_a_matrix_of_another_size_is_read_at_once():
    lab = convolution_lab()
    choose(lab, size=2)
    assert lab.state["typed"] == [["-1", "-1"], ["-1", "8"]]
    assert typed(lab).tolist() == [[-1, -1], [-1, 8]]


def test_a_picture_of_ones_own_goes_through_the_lab_and_a_bad_one_changes_nothing():
    lab = convolution_lab()
    lab.open_picture(png_bytes(300, 200))
    assert grey(lab).shape == (112, 75)
    lab.open_picture(b"GIF89a nothing more")
    assert lab.problem != ""
    assert grey(lab).shape == (112, 75)
    choose(lab, photo="coffee")
    assert lab.problem == ""


def test_your_own_kernel_starts_from_the_one_chosen_by_name():
    lab = convolution_lab()
    choose(lab, kernel="sharpen")
    lab.state = {"kernel": OWN}
    assert np.array_equal(typed(lab), KERNELS["sharpen"].weights)
    expected = correlate(grey(lab), KERNELS["sharpen"].weights, padding=MARGIN)
    assert np.array_equal(lab.array("maps")[OWN], expected.astype(np.float32))


def test_a_larger_matrix_is_framed_by_zeros():
    lab = convolution_lab()
    choose(lab, kernel="gaussian_5")
    choose(lab, kernel="sharpen")
    choose(lab, size=5)
    assert typed(lab).tolist() == np.pad(KERNELS["sharpen"].weights, ((0, 2), (0, 2))).tolist()


def test_a_complaint_stays_until_its_own_cause_is_gone():
    lab = convolution_lab()
    write(lab, 0, 0, "abc")
    lab.state = {"dilation": 2}
    assert "'abc'" in lab.problem
    lab.state = {"kernel": 0}
    assert lab.problem == ""
    lab.open_picture(png_bytes(400, 1))
    choose(lab, border="reflect")
    lab.state = {"kernel": 1}
    assert "must be smaller than the image's shorter side" in lab.problem
    choose(lab, border="zero")
    assert lab.problem == ""


def test_the_menu_and_the_alt_text_name_the_picture_that_is_shown():
    lab = convolution_lab()
    mine = len(photo_names())
    lab.state = {"photo": mine}
    assert "no picture of yours yet" in lab.problem
    lab.open_picture(png_bytes(30, 40))
    assert lab.state["photo"] == mine
    assert "the photo your picture" in lab.about
    choose(lab, photo="camera")
    assert grey(lab).shape == (112, 112)
    lab.state = {"photo": mine}
    assert grey(lab).shape == (84, 112)


def test_a_setting_without_an_output_is_shown_again_in_words():
    lab = convolution_lab(padding=0)
    lab.open_picture(png_bytes(400, 1))
    assert lab._repr_mimebundle_()[0]["image/png"]


def test_a_picture_too_small_for_its_mirror_is_refused_in_words():
    lab = convolution_lab()
    choose(lab, border="reflect")
    before = grey(lab)
    lab.open_picture(png_bytes(1, 400))
    assert "must be smaller than the image's shorter side" in lab.problem
    assert np.array_equal(grey(lab), before)
    choose(lab, border="zero")
    lab.open_picture(png_bytes(400, 1))
    assert grey(lab).shape == (112, 1)


def test_without_python_kernel_stride_and_padding_live_and_the_matrix_is_hidden():
    lab = convolution_lab()
    assert lab.lives == ("Kernel", "Stride", "Padding")
    assert {"Photo", "Border", "Dilation"} <= set(lab.needs_python)
    assert {each["label"] for each in lab.controls if each["follows"]} == {"Matrix"}  # another kernel's size


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: convolution_lab("nobody"), "photo='nobody': must be one of astronaut"),
        (lambda: convolution_lab("camera", "blurr"), "kernel='blurr': must be one of identity"),
        (lambda: convolution_lab(stride=9), "stride=9: must be a number from 1 to 4"),
        (lambda: parse_kernel([["1"], []]), "rows of equal length"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def painted(lab, name):
    at = list(KERNELS).index(name) if name in KERNELS else len(KERNELS)
    packed = lab.extra.get(f"maps:{at}") or lab.arrays["maps"][at]
    return style.colours(unpack(packed), "map", tuple(packed["limit"])), packed["limit"]


def test_what_has_other_numbers_has_other_colours_and_a_blurred_photo_is_no_brighter():
    lab = convolution_lab(kernel="identity")
    seen = []
    for weight in ("0.25", "1", "3"):
        lab.state = {"typed": [["0", "0", "0"], ["0", weight, "0"], ["0", "0", "0"]]}
        colours, limit = painted(lab, "typed")
        assert limit == [-255, 255]
        seen.append(colours.mean())
    assert seen[0] < seen[1] / 2 < seen[1] < seen[2]
    photo, blurred = painted(lab, "identity")[0], painted(lab, "box_blur")[0]
    assert blurred.mean() <= photo.mean() + 0.5 and blurred.max() <= photo.max()
