"""The p4 net and its plain twin: equal in size, and only one of them does not mind a turn."""

import numpy as np
import pytest

from lecture_lib.groups import transform_image
from lecture_lib.models import p4_cnn, summary
from lecture_lib.shapes import ShapeError

x = np.random.default_rng(0).normal(size=(3, 1, 28, 28))


def parameters(net):
    return {row.layer: row.parameters for row in summary(net, (1, 28, 28)).rows if row.parameters}


def test_every_layer_of_the_twin_has_as_many_weights_and_more_biases():
    # 6·16 + 6, 8·4·6·9 + 8, 16·4·8·36 + 16, 10·16 + 10
    assert parameters(p4_cnn()) == {"conv1": 102, "conv2": 1_736, "conv3": 18_448, "output": 170}
    # 12·16 + 12, 16·12·9 + 16, 32·16·36 + 32, 10·32 + 10: the first and the last layer have twice as many weights
    assert parameters(p4_cnn(group=False)) == {"conv1": 204, "conv2": 1_744, "conv3": 18_464, "output": 330}


@pytest.mark.parametrize("channels", [(6, 8, 16), (1, 2, 3), (4, 8, 16)])
def test_both_have_nearly_the_same_number_of_parameters(channels):
    with_group, plain = (
        summary(p4_cnn(channels, group=group), (1, 28, 28)).total_parameters for group in (True, False)
    )
    first_and_last = 16 * channels[0] + 10 * channels[2]
    biases = sum(channels)
    assert plain - with_group == first_and_last + biases


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_the_answer_of_the_p4_net_does_not_change_when_the_digit_turns(turns):
    net = p4_cnn().init(0, np.float64)
    still = net.forward(x)
    assert np.allclose(net.forward(transform_image(x, turns)), still, rtol=0, atol=1e-12)
    twin = p4_cnn(group=False).init(0, np.float64)
    assert not np.allclose(twin.forward(transform_image(x, turns)), twin.forward(x), rtol=0.1)


def test_a_mirror_does_change_it():
    net = p4_cnn().init(0, np.float64)
    assert not np.allclose(net.forward(transform_image(x, 4)), net.forward(x), rtol=0.1)


def test_channels_and_classes_are_as_many_as_asked_for():
    assert p4_cnn((1, 1, 1), classes=3).output_shape((1, 28, 28)) == (3,)
    for channels in ((6, 8), (6, 8, 16, 32), (6, 0, 16)):
        with pytest.raises(ShapeError, match="channels"):
            p4_cnn(channels)
    with pytest.raises(ShapeError, match="classes=0"):
        p4_cnn(classes=0)
