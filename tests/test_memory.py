"""What a network keeps: its weights, and between forward and backward what backward needs; nothing else for long."""

import gc

import numpy as np
import pytest

from lecture_lib import probes
from lecture_lib.chapters.convolution.blocks import inception
from lecture_lib.chapters.equivariance import capsule_net
from lecture_lib.chapters.lenet_alexnet.occlusions import occlusion
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import Layer, StateError
from lecture_lib.models import Sequential, lenet5, p4_cnn, small_cnn
from lecture_lib.training import evaluate, fit, predict

X = np.random.default_rng(0).random((8, 1, 28, 28), dtype=np.float32)
LABELS = np.arange(8) % 10


def layers(net):
    """Every layer inside, however deep."""
    yield net
    inside = [*getattr(net, "layers", {}).values(), *(each for each in vars(net).values() if isinstance(each, Layer))]
    for each in inside:
        yield from layers(each)


def holds(net):
    """The layers that still have something for backward."""
    return [layer for layer in layers(net) if layer._saved is not None]


NETS = {
    "lenet5": lenet5,
    "small": small_cnn,
    "p4": p4_cnn,
    "branches": lambda: Sequential([inception(1, 2, 2, 2, 2, 2, 2)]),
}


@pytest.mark.parametrize("name", ["lenet5", "small", "p4"])
def test_a_trained_network_lets_go_of_its_last_batch(name):
    net = NETS[name]().init(0)
    for _ in fit(net, (X, LABELS), epochs=1, batch_size=4):
        assert holds(net)
    assert not holds(net)


def test_a_training_that_is_left_lets_go_too():
    net = small_cnn().init(0)
    records = fit(net, (X, LABELS), epochs=2, batch_size=4)
    next(records)
    del records
    gc.collect()
    assert not holds(net)


@pytest.mark.parametrize("name", NETS)
def test_a_network_that_was_asked_keeps_nothing(name):
    net = NETS[name]().init(0)
    net.forward(X)
    assert holds(net)
    predict(net, X)
    assert not holds(net)


def test_capsules_keep_nothing_either():
    net = capsule_net.trained_capsules()[0]["encoder"]
    net.forward(X)
    assert holds(net)
    predict(net, X)
    assert not holds(net)


@pytest.mark.parametrize(
    "probe",
    [
        lambda net: probes.responses(net, X),
        lambda net: probes.gradient_norms(net, X, LABELS),
        lambda net: occlusion(net, X[0], 3, 7),
        lambda net: evaluate(net, (X, LABELS)),
    ],
    ids=["responses", "gradient_norms", "occlusion", "evaluate"],
)
def test_a_probe_leaves_nothing_behind(probe):
    net = small_cnn().init(0)
    probe(net)
    assert not holds(net)


def test_backward_after_training_says_what_to_call():
    net = small_cnn().init(0)
    list(fit(net, (X, LABELS), epochs=1, batch_size=4))
    with pytest.raises(StateError, match="call forward before backward"):
        net.backward(np.zeros((4, 10)))


def test_a_test_set_passes_through_in_bounded_memory():
    net = lenet5().init(0)
    images, labels = load_digits("test")
    evaluate(net, (images[:500], labels[:500]), prepare=digits_as_input)
    assert not holds(net)
