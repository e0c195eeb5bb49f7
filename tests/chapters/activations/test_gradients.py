"""What comes back through many layers: against what is known of it, and the explorers of that."""

import numpy as np
import pytest

from lecture_lib.activations import activation
from lecture_lib.chapters.activations.gradients import (
    DEPTH,
    SCALES,
    flat_share,
    gradient_depth,
    gradients,
    loss_gradients,
    measure_gradients,
)

NORMS = {"one": np.geomspace(1e-9, 1, 3 * DEPTH).reshape(3, DEPTH), "two": np.ones((3, DEPTH))}
EXAMPLES = {"gradient_depth": lambda: gradient_depth(NORMS)}


def test_relu_keeps_the_gradient_with_the_gain_of_he_et_al_and_sigmoid_loses_it():
    norms = measure_gradients(["relu", "sigmoid"])
    left = {name: each[list(SCALES).index("He et al."), [0, -1]] for name, each in norms.items()}
    assert 0.1 < left["ReLU"][0] / left["ReLU"][1] < 10
    # 18 slopes of 1/4 at most, squared weights with a sum of 2 a unit: at most (√2/4)^18 ≈ 7.5e-9
    assert left["Sigmoid"][0] / left["Sigmoid"][1] < 7.5e-9 * 10


def test_another_activation_than_the_five_is_measured_too():
    assert measure_gradients(["gelu"])["GELU"].shape == (3, DEPTH)
    with pytest.raises(ValueError, match="name='step': must be one of"):
        measure_gradients(["step"])


def test_twice_the_weights_are_four_times_the_gain():
    assert SCALES["twice"] / SCALES["He et al."] == SCALES["He et al."] / SCALES["half"] == 4
    assert not np.array_equal(gradients("tanh", 2.0), gradients("tanh", 8.0))


def test_large_weights_put_sigmoid_where_it_is_flat():
    assert 0 <= flat_share("sigmoid", 2) < flat_share("sigmoid", 16) < flat_share("sigmoid", 64) <= 1


def test_the_explorer_opens_at_layer_1_with_the_weights_of_he_et_al():
    explorer = gradient_depth(NORMS)
    assert (explorer.value("level"), explorer.state["at"]) == ("He et al.", 0)
    assert "log scale" in explorer.panels[0]["title"]
    low, high = explorer.panels[0]["y"]
    for norms in measure_gradients().values():
        assert low < norms.min() and norms.max() < high


def test_the_losses_gradients_are_their_differences():
    explorer = loss_gradients()
    x, step = explorer.array("x").astype(float), 1e-5
    p = activation("sigmoid").f
    for name, loss in (("y0", lambda x: -np.log(p(x))), ("y1", lambda x: (p(x) - 1) ** 2 / 2)):
        assert np.allclose(explorer.array(name), -(loss(x + step) - loss(x - step)) / (2 * step), atol=1e-5)
