"""The picture of a network with its maps: every size in it is that of the layer."""

import pytest

from lecture_lib import data, models
from lecture_lib.chapters.lecture.network import draw_network

NET = models.trained_lenet5()[0]
SEVEN = data.load_digits("test")[0][0]


def written(picture):
    return [text.get_text() for text in picture.figure.axes[0].texts]


def test_the_picture_says_the_size_of_every_layer_that_the_table_says():
    rows = {row.layer: row.output_shape for row in models.summary(NET, (1, 28, 28)).rows}
    names, sizes = (written(draw_network(NET, SEVEN))[at::2] for at in (0, 1))
    assert names == ["digit", "C1", "S2", "C3", "S4", "F5", "F6", "output"] and sizes[0] == "28×28"
    for name, size in zip(names[1:], sizes[1:], strict=True):
        depth, *sides = rows[name]
        assert size == "×".join(map(str, (*sides, depth)))


def test_a_question_about_sizes_is_not_answered_by_the_picture():
    assert written(draw_network(NET, SEVEN, ("C1", "S2"), sizes=False)) == ["digit", "C1", "S2"]


@pytest.mark.parametrize("layer", ["C1", "F6"])
def test_what_is_drawn_of_a_layer_is_what_its_relu_lets_through(layer):
    blue = draw_network(NET, SEVEN, (layer,)).figure.axes[0].images[1].get_array()
    assert not ((blue[..., 2] > blue[..., 0]) & (blue[..., 2] > blue[..., 1])).any()
