"""The first layer's costs: the curves are the library's counts, the words count one and many."""

import numpy as np
import pytest

from lecture_lib.chapters.motivation import wiring
from lecture_lib.chapters.motivation.first_layer import CURVES, DETECTORS, SIDES, describe_first_layer, first_layer
from lecture_lib.shapes import ShapeError


def test_the_curves_of_the_first_layer_are_its_counts_at_every_side():
    explorer = first_layer()
    explorer.state = {"channels": 4, "detectors": DETECTORS.index(2000), "kernel_size": 15}
    assert explorer.array("sides").tolist() == list(SIDES)
    for at in (0, SIDES.index(200), len(SIDES) - 1):
        cost = wiring.first_layer(SIDES[at], 4, 2000, 15)
        for name in CURVES:
            assert explorer.array(name)[at] == getattr(cost, name)
    lowest, highest = explorer.panels[0]["y"]
    assert lowest <= explorer.array("shared")[0] and explorer.array("dense")[-1] <= highest


def test_the_words_of_the_first_layer_follow_the_side_in_the_browser():
    explorer = first_layer(200)
    bold, rest = explorer.sentence
    assert bold["text"][explorer.state["side"]] == "The convolution has 1,600 times fewer weights. "
    said = rest["text"][explorer.state["side"]]
    assert "= 120,000,000 weights" in said and "= 75,000 weights" in said and "1,000 biases" in said
    assert [len(each["text"]) for each in (bold, rest)] == [len(SIDES)] * 2
    assert (rest["at"], explorer.panels[0]["cursor"], explorer.state["side"]) == (
        ["side"],
        "side",
        SIDES.index(200),
    )
    assert (explorer.lives, explorer.needs_python) == (("Image side",), ("Channels", "Units or filters", "Filter side"))


def test_the_words_of_the_first_layer_count_one_and_many():
    # 16·16·1 = 256 weights a unit; 15·15 = 225 in the largest filter, 256/225 = 1.14
    assert describe_first_layer(16, 1, 1, 15)[0] == "The convolution has 1.1 times fewer weights. "
    assert describe_first_layer(16, 1, 1, 1)[0] == "The convolution has 256 times fewer weights. "
    assert describe_first_layer(16, 1, 1, 1)[1].endswith("= 1 weight. On top of them, each has 1 bias.")
    assert "1·1·3·5 = 15 weights. On top of them, each has 5 biases." in describe_first_layer(16, 3, 5, 1)[1]


def test_a_convolution_without_stride_never_works_less_than_a_dense_layer():
    costs = [wiring.first_layer(n, 1, 1, f) for n in range(1, 30) for f in range(1, n + 1)]
    assert all(cost.multiply_adds >= cost.dense for cost in costs)  # (n − f + 1) f is at least n


@pytest.mark.parametrize("setting", [{"side": 201}, {"detectors": 3}, {"channels": 0}, {"kernel_size": 16}])
def test_the_first_layer_names_a_setting_that_no_slider_has(setting):
    with pytest.raises(ShapeError, match=str(next(iter(setting.values())))):
        first_layer(**setting)


def test_every_stop_of_the_first_layer_has_an_output():
    for side in SIDES:
        assert wiring.first_layer(side, 4, DETECTORS[-1], 15).values > 0


def test_the_dense_curve_rises_with_the_side_and_the_convolutions_stays_level():
    explorer = first_layer()
    assert (np.diff(explorer.array("dense")) > 0).all() and np.ptp(explorer.array("shared")) == 0
