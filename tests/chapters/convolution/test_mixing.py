"""1×1 convolutions: a mix of channels, and what a reduction saves."""

import numpy as np
import pytest

from lecture_lib.chapters.convolution.mixing import (
    MIXES,
    branch_cost,
    channel_mixer,
    inception_branch,
    mix_channels,
)
from lecture_lib.explore import OWN
from lecture_lib.shapes import conv_cost


def test_a_branch_with_a_reduction_costs_what_its_layers_cost():
    bars, text = branch_cost(192, 16, 32, 5, 28)
    direct = conv_cost(192, 32, 5, 28).multiply_adds
    reduced = conv_cost(192, 16, 1, 28).multiply_adds + conv_cost(16, 32, 5, 28).multiply_adds
    assert (bars[0]["value"], bars[-1]["value"]) == (direct, reduced) == (120_422_400, 12_443_648)
    assert "9.68 times fewer" in text
    assert "times as many" in branch_cost(16, 256, 16, 1, 28)[1]


def test_the_bars_follow_the_sliders():
    explorer = inception_branch()
    explorer.state = {"reduced": 32, "kernel": 1}  # the second of 1, 3, 5, 7
    bars, text = branch_cost(192, 32, 32, 3, 28)
    assert explorer.panels[0]["bars"] == bars
    assert explorer.sentence[0]["text"] == text


def test_a_mix_is_the_weighted_sum_of_the_channels():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 4, 3)).astype(np.uint8)
    expected = pixels @ np.array([0.5, -1, 2]) + 7
    assert np.allclose(mix_channels(pixels, (0.5, -1, 2), 7), expected)


def weights(explorer):
    return [explorer.state[name] for name in ("red", "green", "blue", "bias")]


def test_the_new_channel_is_made_with_the_weights_that_are_shown():
    explorer = channel_mixer("coffee", "brightness (Rec. 601)")
    assert weights(explorer) == [0.3, 0.59, 0.11, 0]
    for change in ({"red": -1.25}, {"bias": 40}, {"photo": 0}, {"mix": list(MIXES).index("negative")}):
        explorer.state = change
        *mix, bias = weights(explorer)
        expected = explorer.array("photo") @ np.array(mix) + bias
        assert np.allclose(explorer.array("output"), expected, atol=1e-3)
        assert np.allclose(explorer.array("mix"), [*mix, bias])
        assert explorer.array("channels").tolist() == np.moveaxis(explorer.array("photo"), 2, 0).tolist()
    assert weights(explorer) == [-0.33, -0.33, -0.33, 255]


def test_a_weight_moved_by_hand_is_a_mix_of_ones_own_and_a_photo_is_none():
    explorer = channel_mixer()
    explorer.state = {"photo": 2}
    assert explorer.value("mix") == "red against green"
    explorer.state = {"blue": 0.5}
    assert explorer.value("mix") == OWN


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: channel_mixer(mix="x"), "mix='x': must be one of"),
        (lambda: channel_mixer("zz"), "photo='zz': must be one of"),
        (lambda: inception_branch(kernel_size=4), "kernel_size=4: must be one of 1, 3, 5, 7"),
        (lambda: inception_branch(depth=900), "depth=900: must be a number from 1 to 832"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()
