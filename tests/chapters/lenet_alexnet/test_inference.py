"""A pass layer by layer: the same numbers as forward, each layer with its kind, its work and its time."""

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.inference import KINDS, kind_of, timed_pass
from lecture_lib.layers import Activation, Conv2d, Linear, StateError
from lecture_lib.models import Residual, Sequential, lenet5
from lecture_lib.shapes import ShapeError

x = np.random.default_rng(0).normal(size=(2, 1, 28, 28)).astype(np.float32)


def test_the_last_output_of_a_pass_is_that_of_forward():
    net, _ = models.trained_lenet5()
    *_, last = timed_pass(net, x)
    assert np.array_equal(last.output, net.forward(x))


def test_every_layer_is_named_with_its_output_and_work():
    runs = list(timed_pass(lenet5().init(0), x))
    table = models.summary(lenet5(), (1, 28, 28)).rows
    assert [(run.name, run.output.shape) for run in runs] == [(row.layer, (2, *row.output_shape)) for row in table]
    assert [run.multiply_adds for run in runs] == [2 * row.multiply_adds for row in table]
    assert all(run.seconds > 0 for run in runs)


def test_a_block_comes_after_its_layers_with_the_sum_and_no_work_of_its_own():
    net = Sequential({"block": Residual({"one": Conv2d(1, 1, 1), "two": Activation("relu")})}).init(0)
    one, two, block = timed_pass(net, x)
    assert (one.name, two.name, block.name) == ("block.one", "block.two", "block")
    assert np.allclose(block.output, x + two.output)
    assert (one.multiply_adds, two.multiply_adds, block.multiply_adds) == (2 * 28 * 28, 0, 0)


def test_the_work_of_the_kinds_is_that_of_the_whole_photo_net():
    net = models.efficientnet_lite0()
    rows = list(net.rows(models.PHOTO_NET_INPUT))
    work = dict.fromkeys(KINDS, 0)
    for row in rows:
        work[kind_of(row.layer)] += row.layer.multiply_adds(row.input_shape)
    assert sum(work.values()) == net.multiply_adds(models.PHOTO_NET_INPUT) == 385_187_552
    assert work["all others"] == 0 and all(work[kind] > 0 for kind in KINDS[:4])


def test_a_convolution_with_fewer_groups_than_maps_is_not_depthwise():
    assert kind_of(Conv2d(8, 8, 3, groups=2)) == kind_of(Conv2d(1, 8, 3)) == "other convolutions"
    assert kind_of(Linear(2, 2)) == "fully connected"


def test_what_the_net_cannot_take_is_refused():
    with pytest.raises(TypeError, match="net is a list: must be a Sequential"):
        list(timed_pass([0, 0], x))
    with pytest.raises(StateError):
        list(timed_pass(lenet5(), x))
    with pytest.raises(ShapeError):
        list(timed_pass(lenet5().init(0), x[:, :, :9, :9]))
    with pytest.raises(TypeError):
        list(timed_pass(lenet5().init(0), np.array([["a"]])))
