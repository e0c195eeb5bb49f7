"""What units see: what the explorer holds, against the library."""

import numpy as np
import pytest

from lecture_lib import data, models, probes, style
from lecture_lib.chapters.lenet_alexnet import projections
from lecture_lib.chapters.lenet_alexnet.what_units_see import LAYERS, what_units_see
from lecture_lib.shapes import ShapeError

EXAMPLES = {"what_units_see": lambda: what_units_see(models.trained_lenet5()[0], searched=40)}


@pytest.fixture(scope="module")
def net():
    return models.trained_lenet5()[0]


@pytest.fixture(scope="module")
def digits():
    images, labels = data.load_digits("test")
    return images[:200], labels[:200]


@pytest.fixture(scope="module")
def units(net):
    return what_units_see(net, searched=60)


@pytest.mark.parametrize("level", range(len(LAYERS)))
def test_patches_and_projections_are_those_of_the_library(net, digits, units, level):
    name, images = list(LAYERS)[level], digits[0][:60]
    found = probes.strongest_patches(net, images, name, prepare=data.digits_as_input)
    patches = units.array("patches")[level]
    side, frame = patches.shape[-1], (found.patches.shape[-1] - patches.shape[-1]) // 2
    inside = slice(frame, frame + side)
    assert (
        side <= 28
        and np.abs(patches / 255 * 1.275 - 0.1 - found.patches[:, :, 0, inside, inside].clip(-0.1)).max() < 0.102
    )
    for item, rule in enumerate(projections.RULES):
        expected = projections.project_patches(net, images, name, found, rule=rule, prepare=data.digits_as_input)
        expected = expected[:, :, 0, inside, inside]
        shown = units.array("projections")[level][item]
        for picture, colours in zip(expected.reshape(-1, side, side), shown.reshape(-1, side, side), strict=True):
            largest = np.abs(picture).max() or 1.0
            assert np.array_equal(colours, style.colour_index(picture / largest, -1, 1))


@pytest.mark.parametrize("level", range(len(LAYERS)))
def test_the_frame_on_the_digit_holds_the_patch(units, level):
    patches, frames = (units.array(name)[level] for name in ("patches", "frames"))
    image, shown = units.array("image")[level], units.array("digits")
    assert image.shape[1:] == (3, 3)
    for k, row, col in np.ndindex(image.shape):
        top, bottom, left, right = frames[k, row, col]
        padded = np.pad(shown[image[k, row, col]], 28, constant_values=20)  # padding is 0, a little brighter than paper
        assert np.array_equal(padded[28 + top : 29 + bottom, 28 + left : 29 + right], patches[k, 3 * row + col])


def test_each_unit_has_its_words_and_numbers(net, digits, units):
    images, labels = digits
    texts = units.sentence[0]["text"]
    assert [len(each) for each in texts] == [len(each) for each in units.array("image")] == [6, 16, 84, 10]
    for level, name in enumerate(LAYERS):
        numbers = units.array("numbers")[level].reshape(-1, 9, 3)
        answers = probes.responses(net, data.digits_as_input(images[:60]))[name]
        strongest = answers.reshape(*answers.shape[:2], -1).max(axis=2)
        for k in (0, 3, 5):
            expected = np.sort(strongest[:, k])[::-1][:9]
            assert np.allclose(numbers[k, :, 2], expected, atol=0.0051)
            assert (numbers[k, :, 0] == labels[numbers[k, :, 1].astype(int)]).all()
    assert texts[1][0].startswith("C3, ReLU, map 0, its units see 14×14 pixels.")
    assert texts[-1][-1].startswith("output, unit 9 sees the whole digit. Strongest for the digits 9, 9, 9,")


def test_a_dead_unit_is_called_dead(net):
    explorer = what_units_see(net, "relu6", 1)
    assert explorer.sentence[0]["text"][2][1].endswith("It answers to none of the digits: a dead unit. ")
    assert (explorer.array("projections")[2][0][1] == 128).all()  # the colour of 0


def test_a_still_picture_of_a_unit_that_the_layer_does_not_have_is_of_its_last_one(net):
    units, last = what_units_see(net, "relu6", 83, searched=20), what_units_see(net, "relu1", 5, searched=20)
    units.state = {"layer": 0}  # no browser brings the unit within the layer
    assert units._repr_mimebundle_()[0]["image/png"] == last._repr_mimebundle_()[0]["image/png"]


@pytest.mark.parametrize(
    ("setting", "error"),
    [({"layer": "C2"}, ValueError), ({"rule": "magic"}, ValueError), ({"searched": 8}, ShapeError),
     ({"searched": 10_001}, ShapeError), ({"unit": 16, "searched": 20}, ShapeError)],
)  # fmt: skip
def test_what_units_see_names_a_bad_setting(net, setting, error):
    with pytest.raises(error, match=str(next(iter(setting.values())))):
        what_units_see(net, **setting)
