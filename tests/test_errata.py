"""ERRATA.md: what it says is right is what the library computes, and each place that it names is there."""

import re

import nbformat
import numpy as np
import pytest

from lecture_lib import filters, layers, models, ops, shapes
from lecture_lib.activations import activation
from tools.notebooks import ROOT

TEXT = (ROOT / "ERRATA.md").read_text(encoding="utf-8")
IMAGE = np.array([[0, 0, 0, 0, 0, 0], [0, 1, 2, 2, 1, 0], [0, 2, 4, 4, 2, 0],
                  [0, 1, 3, 3, 1, 0], [0, 1, 2, 3, 1, 0], [0, 0, 1, 1, 0, 0]])  # fmt: skip
"""The lecture's image."""


def test_of_the_laplacians_16_numbers_the_slide_has_one_that_is_wrong():
    slide = np.array([[0, -1, -1, 0], [-2, -5, -5, -2], [2, -2, -1, 3], [-1, 0, -5, 0]])
    computed = filters.correlate(IMAGE, filters.KERNELS["laplacian_4"].weights)
    assert np.argwhere(slide != computed).tolist() == [[2, 3]]
    assert slide[2, 3] == 3 and computed[2, 3] == 2
    assert "row 3, column 4" in TEXT and "1·2 + 1·3 − 4·1 + 1·0 + 1·1 = 2" in TEXT
    above, row, below = IMAGE[2, 4], IMAGE[3, 3:6].tolist(), IMAGE[4, 4]
    assert (above, row, below) == (2, [3, 1, 0], 1)


def test_sizes_need_a_floor():
    assert f"{(7 - 3) / 3 + 1:.2f}" == "2.33" and shapes.conv_output_size(7, 3, 3) == 2
    assert (7 - 2) / 2 + 1 == 3.5 and ops.max_pool2d(np.zeros((1, 1, 7, 7)), 2).shape[2] == 3
    assert (227 - 11) / 4 + 1 == shapes.conv_output_size(227, 11, 4) == 55 and (224 - 11) / 4 + 1 == 54.25


def test_prelu_is_the_maximum_only_for_a_slope_of_at_most_one():
    x = np.linspace(-3, 3, 61)
    for alpha in (0, 0.25, 1):
        assert np.allclose(np.maximum(alpha * x, x), activation("prelu").f(x, alpha))
    assert np.maximum(2 * 1.0, 1.0) == 2 and activation("prelu").f(np.array(1.0), 2) == 1


def test_a_stride_saves_weights_in_linear_layers_alone():
    def weights(stride):
        side = shapes.conv_output_size(28, 3, stride)
        net = models.Sequential(
            [layers.Conv2d(1, 8, 3, stride=stride), layers.Flatten(), layers.Linear(side * side * 8, 10)]
        )
        return [row.parameters for row in models.summary(net, (1, 28, 28)).rows]

    one, two = weights(1), weights(2)
    assert one[0] == two[0] and one[-1] > 3.9 * two[-1]


def test_laplacians_and_blurs_look_the_same_when_they_are_turned():
    for name, kernel in filters.KERNELS.items():
        if "laplacian" in name or "blur" in name or "gaussian" in name:
            assert np.array_equal(np.rot90(kernel.weights), kernel.weights), name


@pytest.mark.parametrize("line", re.findall(r"^- \*\*(?:Computed|Shown) in\*\* (.*)$", TEXT, re.MULTILINE))
def test_each_place_that_it_names_is_there(line):
    for title, path, points in re.findall(r"\[(.*?)\]\((.*?)\), ([A-Z]\d+(?: and [A-Z]\d+)?)", line):
        headings = [cell.source.split("\n")[0] for cell in nbformat.read(ROOT / path, as_version=4).cells]
        assert headings[0].removeprefix("# ") == title.lstrip("0")
        for point in points.split(" and "):
            assert any(re.match(rf"## {point}\b", each) for each in headings), point


def test_every_erratum_says_where_it_is_shown():
    sections = TEXT.split("\n### ")[1:]
    assert len(sections) >= 10
    assert all(re.search(r"^- \*\*(Computed|Shown) in\*\*", each, re.MULTILINE) for each in sections)
