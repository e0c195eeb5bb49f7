"""The explorers of class vectors and of what units see: what they hold, against the library and by hand."""

import numpy as np
import pytest

from lecture_lib import data, models, ops, probes, style, widgets
from lecture_lib.shapes import ShapeError
from lecture_lib.training import predict
from lecture_lib.widgets.class_vector import TEMPERATURES, tempered_loss
from lecture_lib.widgets.confusion import SHOWN
from lecture_lib.widgets.occlusion import SIZES, STRIDE
from lecture_lib.widgets.what_units_see import LAYERS
from tests.explorers import array, controls


@pytest.fixture(scope="module")
def net():
    return models.trained_lenet5()[0]


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return images[:200], labels[:200]


# What units see


@pytest.fixture(scope="module")
def units(net):
    return widgets.what_units_see(net, searched=60)


@pytest.mark.parametrize("level", range(len(LAYERS)))
def test_patches_and_projections_are_those_of_the_library(net, digits, units, level):
    name, images = list(LAYERS)[level], digits[0][:60]
    found = probes.strongest_patches(net, images, name, prepare=data.digits_as_input)
    patches = array(units.view.arrays["patches"][level])
    side, frame = patches.shape[-1], (found.patches.shape[-1] - patches.shape[-1]) // 2
    inside = slice(frame, frame + side)
    assert (
        side <= 28
        and np.abs(patches / 255 * 1.275 - 0.1 - found.patches[:, :, 0, inside, inside].clip(-0.1)).max() < 0.102
    )
    for item, rule in enumerate(probes.RULES):
        expected = probes.project_patches(net, images, name, found, rule=rule, prepare=data.digits_as_input)
        expected = expected[:, :, 0, inside, inside]
        shown = array(units.view.arrays["projections"][level][item])
        for picture, colours in zip(expected.reshape(-1, side, side), shown.reshape(-1, side, side), strict=True):
            largest = np.abs(picture).max() or 1.0
            assert np.array_equal(colours, style.colour_index(picture / largest, -1, 1))


@pytest.mark.parametrize("level", range(len(LAYERS)))
def test_the_frame_on_the_digit_holds_the_patch(units, level):
    patches, frames = (array(units.view.arrays[name][level]) for name in ("patches", "frames"))
    image, shown = array(units.view.arrays["image"][level]), array(units.view.arrays["digits"])
    for k, i in np.ndindex(image.shape):
        top, left, side = frames[k, i]
        padded = np.pad(shown[image[k, i]], 28, constant_values=20)  # padding is 0, a little brighter than paper
        assert np.array_equal(padded[28 + top : 28 + top + side, 28 + left : 28 + left + side], patches[k, i])


def test_each_unit_has_its_words_and_numbers(net, digits, units):
    images, labels = digits
    counts = [len(array(each)) for each in units.view.arrays["image"]]
    assert len(units.view.texts) == sum(counts) == 6 + 16 + 84 + 10
    for level, name in enumerate(LAYERS):
        numbers = array(units.view.arrays["numbers"][level])
        answers = probes.responses(net, data.digits_as_input(images[:60]))[name]
        strongest = answers.reshape(*answers.shape[:2], -1).max(axis=2)
        for k in (0, 3, 5):
            expected = np.sort(strongest[:, k])[::-1][:9]
            assert np.allclose(numbers[k, :, 2], expected, atol=0.0051)
            assert (numbers[k, :, 0] == labels[numbers[k, :, 1].astype(int)]).all()
    assert units.view.texts[6].startswith("C3, ReLU, map 0, its units see 14×14 pixels.")
    assert units.view.texts[-1].startswith("output, unit 9 sees the whole digit. Strongest for the digits 9, 9, 9,")


def test_a_dead_unit_is_called_dead(net):
    explorer = widgets.what_units_see(net, "relu6", 1)
    assert explorer.view.texts[6 + 16 + 1].endswith("It answers to none of the digits: a dead unit.")
    assert (array(explorer.view.arrays["projections"][2][0])[1] == 128).all()  # the colour of 0


def test_the_browser_knows_how_many_units_each_layer_has(units):
    assert units.view.counts == [6, 16, 84, 10]
    assert units.view.last == controls(units)["Unit"].max == 15


def test_a_still_picture_of_a_unit_that_the_layer_does_not_have_is_of_its_last_one(net):
    units = widgets.what_units_see(net, "relu6", 83, searched=20)
    controls(units)["Layer"].value = "relu1"  # no browser brings the unit within the layer
    assert "image/png" in units._repr_mimebundle_()[0]


@pytest.mark.parametrize(
    ("setting", "error"),
    [({"layer": "C2"}, ValueError), ({"rule": "magic"}, ValueError), ({"searched": 8}, ShapeError),
     ({"searched": 10_001}, ShapeError), ({"unit": 16, "searched": 20}, ShapeError)],
)  # fmt: skip
def test_what_units_see_names_a_bad_setting(net, setting, error):
    with pytest.raises(error, match=str(next(iter(setting.values())))):
        widgets.what_units_see(net, **setting)


# Occlusion


def test_every_place_of_the_square_is_computed_before(net, digits):
    images, labels = (each[:3] for each in digits)
    explorer = widgets.covered_digit(net, images, labels, grey=200)
    classes, right = array(explorer.view.arrays["classes"]), array(explorer.view.arrays["right"])
    assert classes.shape == (3, len(SIZES), 14, 14, 10) and explorer.view.extent == [14, 14]
    value = float(data.digits_as_input(np.full((1, 1, 1), 200, np.uint8), side=1).item())
    for d, s in ((0, 0), (2, 4)):
        x = data.digits_as_input(images[[d]])[0]
        expected = probes.occlusion(net, x, int(labels[d]), SIZES[s], STRIDE, value)
        assert np.allclose(classes[d, s], expected.probabilities, atol=1e-5)
        assert np.allclose(right[d, s], expected.right, atol=1e-5)
    changed = (classes[2, 4].argmax(axis=-1) != labels[2]).sum()
    assert f"changes the answer at {changed} of its 196 places" in explorer.view.texts[2 * len(SIZES) + 4]


@pytest.mark.parametrize(
    ("setting", "error"),
    [({"grey": 256}, ValueError), ({"sizes": (29,)}, ShapeError), ({"labels": [1, 2, 10]}, ValueError),
     ({"images": np.zeros((3, 28, 28))}, ShapeError)],
)  # fmt: skip
def test_covered_digit_names_a_bad_setting(net, digits, setting, error):
    given = {"images": digits[0][:3], "labels": digits[1][:3]} | setting
    with pytest.raises(error, match="must be"):
        widgets.covered_digit(net, **given)


# The class vector


def test_bars_are_scores_exponentials_and_probabilities(net, digits):
    images, labels = (each[:4] for each in digits)
    logits = predict(net, images, prepare=data.digits_as_input)
    explorer = widgets.class_vector(logits, images, labels)
    assert np.allclose(array(explorer.view.arrays["logits"]), logits)
    for level, temperature in enumerate(TEMPERATURES):
        scores = logits.astype(float)
        powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
        assert np.allclose(array(explorer.view.arrays["powers"])[:, level], powers, atol=1e-6)
        chances = powers / powers.sum(axis=1, keepdims=True)
        assert np.allclose(array(explorer.view.arrays["chances"])[:, level], chances, atol=1e-6)
        numbers = array(explorer.view.arrays["numbers"])[:, level]
        right = chances[np.arange(4), labels]
        assert np.allclose(numbers[:, 1], 100 * right, atol=1e-3) and np.allclose(
            numbers[:, 2], -np.log(right), atol=1e-5
        )
        assert (numbers[:, 3] == chances.argmax(axis=1)).all()
    one = TEMPERATURES.index(1)
    assert explorer.view.col == one and "as the net was trained" in explorer.view.texts[1 + one]


def test_the_loss_at_a_temperature_by_hand():
    assert tempered_loss(np.array([2.0, 1.0]), 1, 1) == pytest.approx(np.log(1 + np.e))  # ln(e² + e) − 1
    assert tempered_loss(np.array([0.0, 1e5]), 0, 0.1) == pytest.approx(1e6)  # finite


@pytest.mark.parametrize(
    ("setting", "error"),
    [({"labels": [1, 2]}, ValueError), ({"labels": [10]}, ValueError), ({"temperatures": (2, 3)}, ValueError),
     ({"temperatures": (0, 1)}, ValueError), ({"logits": np.zeros(10)}, ShapeError)],
)  # fmt: skip
def test_class_vector_names_a_bad_setting(digits, setting, error):
    given = {"logits": np.zeros((1, 10)), "images": digits[0][:1], "labels": digits[1][:1]} | setting
    with pytest.raises(error, match="must"):
        widgets.class_vector(**given)


# Confusion


def test_behind_each_cell_are_its_digits_the_most_telling_first(net, digits):
    images, labels = digits
    chances = ops.softmax(predict(net, images, prepare=data.digits_as_input), 3.0)
    chances[:30] = np.roll(chances[:30], 1, axis=1)  # mistakes
    explorer = widgets.confusion(chances, images, labels)
    counts, tiles = array(explorer.view.arrays["counts"]), array(explorer.view.arrays["tiles"])
    sure, said = array(explorer.view.arrays["confidence"]), chances.argmax(axis=1)
    assert counts.sum() == 200 and counts.trace() == (said == labels).sum() < 180
    for i, j in np.ndindex(10, 10):
        behind = np.flatnonzero((labels == i) & (said == j))
        shown = min(len(behind), SHOWN)
        assert counts[i, j] == len(behind) and array(explorer.view.arrays["shown"])[i, j] == shown
        order = sorted(behind, key=lambda at, i=i, j=j: chances[at].max() * (1 if i == j else -1))[:shown]
        assert np.allclose(sure[i, j, :shown], [chances[at].max() for at in order])
        assert all(any(np.array_equal(tile, images[at]) for at in behind) for tile in tiles[i, j, :shown])
        assert not tiles[i, j, shown:].any()


def test_the_words_of_a_cell_by_hand():
    chances = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7]])
    explorer = widgets.confusion(chances, np.zeros((4, 2, 2), np.uint8), np.array([0, 0, 0, 1]), row=0, col=1)
    assert explorer.view.texts == [
        "1 of 3 digits 0 are right, mean confidence 90 %. The least sure first.",
        "2 of 3 digits 0 were taken for 1, mean confidence 70 %. The other way round, 1 for 0: 0.",
        "No 1 was taken for 0.",
        "1 of 1 digits 1 are right, mean confidence 70 %. The least sure first.",
    ]
    assert array(explorer.view.arrays["counts"]).tolist() == [[1, 2], [0, 1]]
    assert explorer.view.arrays["counts"]["limit"] == [-2.0, 2.0]  # of the mistakes alone


@pytest.mark.parametrize(
    ("setting", "error"),
    [({"labels": [2]}, ValueError), ({"row": 2}, ShapeError), ({"col": -1}, ShapeError),
     ({"images": np.zeros((2, 2, 2), np.uint8)}, ShapeError)],
)  # fmt: skip
def test_confusion_names_a_bad_setting(setting, error):
    given = {"probabilities": np.ones((1, 2)) / 2, "images": np.zeros((1, 2, 2), np.uint8), "labels": [0]}
    with pytest.raises(error, match="must"):
        widgets.confusion(**({"row": 0, "col": 1} | given | setting))
