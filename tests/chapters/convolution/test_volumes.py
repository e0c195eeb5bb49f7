"""Volumes: sizes and costs of one layer."""

import pytest

from lecture_lib.chapters.convolution.volumes import PRESETS, describe_layer, volumes
from lecture_lib.explore import OWN
from lecture_lib.shapes import ShapeError


def words(explorer):
    return explorer.sentence[0]["text"]


def test_volumes_say_what_the_lecture_computes():
    text = words(volumes())
    assert "Output 32×32×10" in text
    assert "Weights 750 + biases 10 = 760 parameters" in text
    assert "75 weights and 1 bias" in text


def test_a_window_that_does_not_fit_has_no_layer():
    boxes, _ = describe_layer(7, 7, 1, 1, 3, 2, 0)
    assert (boxes[-1]["w"], boxes[-1]["h"], boxes[-1]["d"]) == (3, 3, 1)
    with pytest.raises(ShapeError, match="kernel_size=9"):
        describe_layer(7, 7, 1, 1, 9, 1, 0)


def test_volumes_count_what_the_sliders_say_and_keep_the_last_good_layer():
    explorer = volumes()
    explorer.state = {"filters": 11}
    assert "Weights 825 + biases 11" in words(explorer)
    assert explorer.value("example") == OWN
    explorer.state = {"kernel": 9}
    before = words(explorer), explorer.panels
    explorer.state = {"width": 1}
    assert explorer.problem.startswith("F = 9 does not fit into W + 2P = 5 or H + 2P = 36.")
    assert (words(explorer), explorer.panels) == before
    explorer.state = {"width": 256}
    assert explorer.problem == ""
    assert explorer.array("output").tolist() == [28, 252]  # rows first


@pytest.mark.parametrize("preset", PRESETS)
def test_an_example_moves_every_slider(preset):
    explorer = volumes()
    explorer.state = {"example": list(PRESETS).index(preset)}
    fields = ("width", "height", "depth", "filters", "kernel", "stride", "padding")
    assert tuple(explorer.state[name] for name in fields) == PRESETS[preset]
    assert words(explorer) == describe_layer(*PRESETS[preset])[1] == words(volumes(preset))
    assert explorer.value("example") == preset


def test_only_the_window_moves_without_python():
    explorer = volumes()
    assert explorer.lives == ()
    assert explorer.moves


def test_an_unknown_example_is_named():
    with pytest.raises(ValueError, match="preset='x': must be one of"):
        volumes("x")
