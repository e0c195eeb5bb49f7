"""What layers respond to: patches in their places, a map's answer as the net gives it, words that count digits."""

import numpy as np
import pytest

from lecture_lib import data, models, probes
from lecture_lib.chapters.motivation.layer_responses import LAYERS, layer_responses, mosaic
from lecture_lib.explore.still import draw_panels

EXAMPLES = {"layer_responses": lambda: layer_responses(models.trained_lenet5()[0], digits=2, searched=20)}


@pytest.fixture(scope="module")
def net():
    return models.trained_lenet5()[0]


def test_the_mosaic_holds_every_patch_in_its_place():
    rng = np.random.default_rng(0)
    patches = rng.uniform(-0.1, 1.175, size=(2, 9, 1, 4, 5))
    whole = mosaic(patches)
    assert whole.shape == (2, 14, 17)
    for at in range(9):
        row, col = divmod(at, 3)
        part = whole[:, 5 * row : 5 * row + 4, 6 * col : 6 * col + 5]
        assert np.array_equal(part, np.rint((patches[:, at, 0] + 0.1) / 1.275 * 255).astype(np.uint8))
    assert (whole[:, 4] == 128).all()


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layers_map_is_what_the_net_answers(net, layer):
    explorer = layer_responses(net, layer, digits=3, searched=20)
    images, _ = data.load_digits("test")
    expected = probes.responses(net, data.digits_as_input(images[:3]))[layer]
    level = list(LAYERS).index(layer)
    assert explorer.state["layer"] == level
    shown = explorer.array("answers")[level]
    assert shown.ndim == 4
    assert np.allclose(shown.reshape(expected.shape), expected, atol=0.0501)  # to one decimal
    counts = explorer.array("counts")
    assert counts[level] == len(explorer.array("patches")[level]) == expected.shape[1]
    texts = explorer.sentence[0]["text"]
    assert [len(each) for each in texts] == counts.tolist() == [6, 16, 84, 10]
    assert [ax.get_title() for ax in draw_panels(explorer).axes][2] == "its answer to the digit"
    assert explorer.scale("answers", [level])[1][1] == pytest.approx(np.abs(shown).max())


def test_a_still_picture_of_a_map_that_the_layer_does_not_have_is_of_its_last_one(net):
    explorer = layer_responses(net, "F6", digits=3, searched=20)
    explorer.state = {"map": 83}
    explorer.state = {"layer": 0}  # no browser brings the map within the layer
    assert "image/png" in explorer._repr_mimebundle_()[0]


def test_the_words_of_a_map_count_the_digits_of_its_patches(net):
    texts = layer_responses(net, "output", digits=2, searched=300).sentence[0]["text"]
    assert texts[0][5].startswith("C1, map 5: each unit sees 5×5 pixels.")
    words = texts[3][3]
    assert "9 of 9 from a 3" in words
    assert words.startswith("output, unit 3: it sees the whole digit and 2 pixels of frame.")


@pytest.mark.parametrize("setting", [{"layer": "C2"}, {"digits": 0}, {"searched": 10_001}])
def test_layer_responses_names_a_bad_setting(net, setting):
    with pytest.raises(ValueError, match=str(next(iter(setting.values())))):
        layer_responses(net, **setting)
