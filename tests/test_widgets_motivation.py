"""The explorers of notebook 01: what Python computes when a control moves, against NumPy."""

import numpy as np
import pytest

from lecture_lib import data, models, probes, transforms, widgets
from lecture_lib.chapters.motivation import wiring
from lecture_lib.ops import softmax
from lecture_lib.shapes import ShapeError
from lecture_lib.training import predict
from lecture_lib.widgets.connections import STEPS, TITLES, describe_step
from lecture_lib.widgets.first_layer import CURVES, DETECTORS, SIDES
from lecture_lib.widgets.layer_responses import LAYERS
from lecture_lib.widgets.shifted_digit import shifted_verdicts
from tests.explorers import array, controls

# First layer


def test_the_curves_of_the_first_layer_are_its_counts_at_every_side():
    explorer = widgets.first_layer()
    by_name = controls(explorer)
    by_name["Channels"].value, by_name["K"].value, by_name["F  kernel"].value = 4, 2000, 15
    assert array(explorer.view.arrays["sides"]).tolist() == list(SIDES)
    for at in (0, SIDES.index(200), len(SIDES) - 1):
        cost = wiring.first_layer(SIDES[at], 4, 2000, 15)
        for name in CURVES:
            assert array(explorer.view.arrays[name])[at] == getattr(cost, name)
    lowest, highest = explorer.view.panels[0]["y"]
    assert (
        lowest <= array(explorer.view.arrays["shared"])[0] and array(explorer.view.arrays["dense_maps"])[-1] <= highest
    )


def test_the_words_of_the_first_layer_follow_the_side_in_the_browser():
    explorer = widgets.first_layer(200)
    assert "120,000,000 weights and 1,000 biases" in explorer.view.texts[explorer.view.step]
    assert "75,000 weights and 1,000 biases, 1,600 times fewer" in explorer.view.texts[explorer.view.step]
    assert len(explorer.view.texts) == len(SIDES)
    assert explorer.view.step == explorer.view.col == SIDES.index(200)


def test_the_words_of_the_first_layer_count_one_and_many():
    # 16·16·1 = 256 weights a unit; 2·2 places of a 15×15 window are 900 multiply-adds, 16·16 of a 1×1 window 256
    assert "so its work is 3.5 times as much." in widgets.describe_first_layer(16, 1, 1, 15)
    assert "= 1 weight and 1 bias, 256 times fewer" in widgets.describe_first_layer(16, 1, 1, 1)
    assert "so its work is just as much." in widgets.describe_first_layer(16, 1, 1, 1)
    assert "1·1·3·5 = 15 weights and 5 biases" in widgets.describe_first_layer(16, 3, 5, 1)


def test_a_convolution_without_stride_never_works_less_than_a_dense_layer():
    costs = [wiring.first_layer(n, 1, 1, f) for n in range(1, 30) for f in range(1, n + 1)]
    assert all(cost.multiply_adds >= cost.dense for cost in costs)  # (n − f + 1) f is at least n


@pytest.mark.parametrize("setting", [{"side": 201}, {"detectors": 3}, {"channels": 0}, {"kernel_size": 16}])
def test_the_first_layer_names_a_setting_that_no_slider_has(setting):
    with pytest.raises(ShapeError, match=str(next(iter(setting.values())))):
        widgets.first_layer(**setting)


def test_every_stop_of_the_first_layer_has_an_output():
    for side in SIDES:
        assert wiring.first_layer(side, 4, DETECTORS[-1], 15).values > 0


# A digit moved about


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return np.pad(images[:3], [(0, 0), (2, 2), (2, 2)]), labels[:3]


def prepare(images, rng=None):
    return images[:, None] / np.float32(255)


@pytest.fixture(scope="module")
def nets():
    return {"MLP": models.mlp([32 * 32, 10]).init(0), "CNN": models.small_cnn((4,), side=32).init(1)}


def test_every_verdict_is_what_the_net_says_to_the_moved_digit(nets, digits):
    verdicts = shifted_verdicts(nets["CNN"], digits[0], 2, prepare)
    assert verdicts.shape == (3, 5, 5, 10)
    for row, col in ((0, 0), (2, 2), (1, 4)):
        moved = transforms.translate(digits[0], row - 2, col - 2)
        assert np.allclose(verdicts[:, row, col], softmax(predict(nets["CNN"], moved, prepare=prepare)), atol=1e-5)


def test_the_shown_digit_stands_in_the_middle_of_room_to_move(nets, digits):
    explorer = widgets.shifted_digit(nets, *digits, reach=2, prepare=prepare, right=1, down=-2)
    shown = array(explorer.view.arrays["digits"])
    assert shown.shape == (3, 36, 36)
    row, col = explorer.view.row, explorer.view.col
    assert (row, col) == (0, 3)
    part = shown[0, 4 - row : 4 - row + 32, 4 - col : 4 - col + 32]  # how the browser slices "pan"
    assert np.array_equal(part, transforms.translate(digits[0][0], -2, 1))
    assert array(explorer.view.arrays["labels"]).tolist() == digits[1].tolist()


def test_moving_a_digit_asks_python_nothing(nets, digits):
    explorer = widgets.shifted_digit(nets, *digits, reach=2, prepare=prepare)
    before = explorer.view.arrays
    for control in controls(explorer).values():
        if hasattr(control, "index"):
            control.index = 0
    assert explorer.view.arrays is before
    assert not [
        name
        for control in controls(explorer).values()
        for name in control._trait_notifiers.get("value", {}).get("change", [])
        if "update" in str(name)
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [({"reach": 0}, "reach=0"), ({"right": 3}, "right=3"), ({"down": -9}, "down=-9"), ({"nets": {}}, "nets holds 0"),
     ({"images": np.zeros((2, 3), np.uint8)}, r"images has shape \(2, 3\)"), ({"images": np.zeros((3, 32, 32))}, "uint8")],
)  # fmt: skip
def test_a_moved_digit_names_what_does_not_fit(nets, digits, change, words):
    settings = {"nets": nets, "images": digits[0], "labels": digits[1], "reach": 2, "prepare": prepare} | change
    with pytest.raises(ValueError, match=words):
        widgets.shifted_digit(**settings)


# The same picture


def test_a_picture_that_is_not_changed_has_no_distance_from_itself():
    explorer = widgets.same_picture("coffee")
    assert explorer.view.bars[0]["value"] == 0
    assert not array(explorer.view.arrays["difference"]).any()
    assert "every other photo is still farther away" in explorer.view.text


def test_the_bars_are_distances_of_pixels():
    explorer = widgets.same_picture("astronaut", right=12)
    astronaut = widgets.square_photo("astronaut").astype(float)
    moved = np.concatenate([np.repeat(astronaut[..., :1], 12, axis=2), astronaut[..., :-12]], axis=2)
    expected = {"its changed self": moved} | {
        name: widgets.square_photo(name).astype(float) for name in data.photo_names() if name != "astronaut"
    }
    for bar in explorer.view.bars:
        assert np.isclose(bar["value"], np.sqrt(((astronaut - expected[bar["label"]]) ** 2).mean()))
    assert "are nearer to astronaut than it is to itself" in explorer.view.text


@pytest.mark.parametrize("name", ["Right", "Down", "Bend", "Brightness", "Contrast", "Light slope"])
def test_every_slider_changes_the_picture_and_its_distance(name):
    explorer = widgets.same_picture("brick")
    control = controls(explorer)[name]
    before = explorer.view.arrays["changed"]["data"]
    control.value = control.max
    assert explorer.view.arrays["changed"]["data"] != before
    assert explorer.view.bars[0]["value"] > 1


def test_contrast_turns_about_mid_grey():
    grey = np.array([[[0, 100, 255]]], np.uint8)
    assert widgets.change_picture(grey, contrast=50).tolist() == [[[64, 114, 191]]]
    assert widgets.change_picture(grey, contrast=200).tolist() == [
        [[0, 72, 255]]
    ]  # 2·100 − 127.5, and the ends clipped


@pytest.mark.parametrize(
    ("setting", "words"), [({"tilt": 1}, "tilt"), ({"right": 33}, "Right=33"), ({"bend": -1}, "Bend=-1")]
)
def test_the_same_picture_names_a_setting_that_it_has_not(setting, words):
    with pytest.raises(ValueError, match=words):
        widgets.same_picture(**setting)


# Connections


@pytest.mark.parametrize("step", STEPS)
def test_the_drawing_of_a_step_has_the_lines_of_its_wiring(step):
    explorer = widgets.connections(step, units=5, kernel_size=4, maps=2, pool=3)
    drawn = {
        "dense": wiring.dense(10, 5), "local": wiring.local(10, 4, 2), "shared": wiring.shared(10, 4, 2),
        "pooled": wiring.pooled(7, 3),
    }  # fmt: skip
    assert explorer.view.wires == drawn[step].describe()
    assert {bar["label"]: bar["value"] for bar in explorer.view.bars} == {
        "dense": 50,
        "local": 56,
        "shared": 8,
        "pooled": 0,
    }
    assert [bar["label"] for bar in explorer.view.bars if "role" in bar] == [step]
    assert explorer.view.panels[0]["titles"][explorer.view.level] == TITLES[step]


def test_only_the_sliders_of_the_chosen_step_can_be_moved():
    explorer = widgets.connections("dense")
    by_name = controls(explorer)
    free = {}
    for step in STEPS:
        by_name["Idea"].value = step
        free[step] = {name for name, control in by_name.items() if not control.disabled}
    assert free == {
        "dense": {"Idea", "Units"}, "local": {"Idea", "F  window", "K  filters"},
        "shared": {"Idea", "F  window", "K  filters"}, "pooled": {"Idea", "Pool"},
    }  # fmt: skip


def test_colours_of_shared_weights_are_told_apart():
    explorer = widgets.connections("shared", kernel_size=4, maps=2)
    numbers = {weight for *_, weight in explorer.view.wires["lines"]}
    assert numbers == set(range(8))
    assert len(explorer.view.series["light"]) >= len(numbers)


def test_a_step_says_what_it_takes_on_a_real_image():
    words = {step: describe_step(step, 8, 3, 1, 2) for step in STEPS}
    assert "200·200·3·8 = 960,000 weights" in words["dense"]
    assert "take 1,058,508; wired to the whole image they would take 4,704,480,000" in words["local"]  # 198·198·27
    assert "share 3·3·3·1 = 27 weights" in words["shared"]
    assert "198×198 units shrinks to 99×99" in words["pooled"]


# What layers respond to


@pytest.fixture(scope="module")
def net():
    return models.trained_lenet5()[0]


def test_the_mosaic_holds_every_patch_in_its_place():
    rng = np.random.default_rng(0)
    patches = rng.uniform(-0.1, 1.175, size=(2, 9, 1, 4, 5))
    whole = widgets.mosaic(patches)
    assert whole.shape == (2, 14, 17)
    for at in range(9):
        row, col = divmod(at, 3)
        part = whole[:, 5 * row : 5 * row + 4, 6 * col : 6 * col + 5]
        assert np.array_equal(part, np.rint((patches[:, at, 0] + 0.1) / 1.275 * 255).astype(np.uint8))
    assert (whole[:, 4] == 128).all()


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layers_map_is_what_the_net_answers(net, layer):
    explorer = widgets.layer_responses(net, layer, digits=3, searched=20)
    images, _ = data.load_digits("test")
    expected = probes.responses(net, data.digits_as_input(images[:3]))[layer]
    level = list(LAYERS).index(layer)
    assert explorer.view.level == level
    shown = array(explorer.view.arrays["answers"][level])
    assert shown.ndim == 4
    assert np.allclose(shown.reshape(expected.shape), expected, atol=0.0501)  # to one decimal
    assert explorer.view.counts[level] == len(array(explorer.view.arrays["patches"][level])) == expected.shape[1]
    assert explorer.view.last == controls(explorer)["Map"].max == expected.shape[1] - 1
    assert len(explorer.view.texts) == sum(explorer.view.counts) == 6 + 16 + 84 + 10


def test_a_still_picture_of_a_map_that_the_layer_does_not_have_is_of_its_last_one(net):
    explorer = widgets.layer_responses(net, "F6", digits=3, searched=20)
    by_name = controls(explorer)
    by_name["Map"].value = 83
    by_name["Layer"].value = "C1"  # no browser brings the map within the layer
    assert "image/png" in explorer._repr_mimebundle_()[0]


def test_the_words_of_a_map_count_the_digits_of_its_patches(net):
    explorer = widgets.layer_responses(net, "output", digits=2, searched=300)
    assert explorer.view.texts[5].startswith("C1, map 5: each unit sees 5×5 pixels.")
    words = explorer.view.texts[6 + 16 + 84 + 3]
    assert "9 of 9 from a 3" in words
    assert words.startswith("output, unit 3: it sees the whole digit and 2 pixels of frame.")


@pytest.mark.parametrize("setting", [{"layer": "C2"}, {"digits": 0}, {"searched": 10_001}])
def test_layer_responses_names_a_bad_setting(net, setting):
    with pytest.raises(ValueError, match=str(next(iter(setting.values())))):
        widgets.layer_responses(net, **setting)
