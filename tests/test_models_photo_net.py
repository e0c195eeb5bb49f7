"""The network that names photos, held against what PyTorch made of the same photo with the published weights."""

from pathlib import Path

import numpy as np
import pytest

from lecture_lib import data
from lecture_lib.models import PHOTO_NET_INPUT, PHOTO_NET_WEIGHTS, efficientnet_lite0, summary, trained_photo_net

FOUND = np.load(Path(__file__).parent / "photo_net_chelsea.npz")
"""PyTorch 2.13's logits of the shipped cat, by efficientnet_lite_pytorch 0.1.0: with the published weights, and with
their batch norms folded and all numbers rounded to float16, as shipped."""


@pytest.fixture(scope="module")
def net():
    return trained_photo_net()[0]


@pytest.fixture(scope="module")
def logits(net):
    return net.forward(data.photo_as_input(data.load_photo("chelsea")))[0]


def test_it_has_the_counts_of_the_published_network():
    found = summary(efficientnet_lite0(), PHOTO_NET_INPUT)
    assert sum(row.parameters for row in found.rows) == 4_631_000
    assert found.rows[-1].output_shape == (1000,)
    assert sum(row.multiply_adds for row in found.rows) == 385_187_552


def test_its_logits_are_pytorchs_with_the_same_numbers(logits):
    assert np.abs(logits - FOUND["rounded"]).max() < 1e-4


def test_folding_and_float16_change_no_answer_among_the_first_five(logits):
    assert np.abs(logits - FOUND["published"]).max() < 0.02
    assert np.argsort(-logits)[:5].tolist() == np.argsort(-FOUND["published"])[:5].tolist()


def test_it_says_cat_to_the_cat(logits):
    best = [data.imagenet_classes()[i] for i in np.argsort(-logits)[:3]]
    assert best == ["tiger cat", "Egyptian cat", "tabby"]


def test_blocks_see_what_the_formula_says(net):
    sizes = {row.name: row.fields[0].size for row in net.rows(PHOTO_NET_INPUT)}
    assert (sizes["block1.depthwise"], sizes["block10.project"], sizes["block15.project"]) == (11, 339, 851)


def test_the_first_filters_of_block1_have_the_shape_of_alexnets_first_layer(net):
    (field,) = {row.fields[0] for row in net.rows(PHOTO_NET_INPUT) if row.name == "block1.depthwise"}
    assert (field.size, field.jump) == (11, 4)


def test_its_file_is_at_most_10_mb_and_says_where_it_comes_from():
    assert PHOTO_NET_WEIGHTS.stat().st_size <= 10e6
    notes = trained_photo_net()[1]
    assert {"what", "paper", "licence", "copyright", "from", "changed"} == set(notes)
