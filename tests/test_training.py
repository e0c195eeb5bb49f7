"""Learning: optimisers by hand and beside PyTorch, schedules, and what ``fit`` promises at every record."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.layers import (
    StateError,
)
from lecture_lib.models import mlp
from lecture_lib.training import (
    SCHEDULES,
    SGD,
    Adam,
)
from tests.training_cases import (
    parameter,
    small,
    values,
)

# Optimisers


def test_a_step_downhill_is_the_gradient_times_the_learning_rate():
    weight = parameter([1.0, -2.0], [0.5, -1.0])
    SGD({"w": weight}, lr=0.1, momentum=0).step()
    assert weight.value == pytest.approx([0.95, -1.9])


def test_momentum_adds_what_is_left_of_the_steps_before():
    weight = parameter([0.0], [1.0])
    sgd = SGD({"w": weight}, lr=1, momentum=0.5)
    places = []
    for _ in range(3):
        sgd.step()
        places.append(weight.value.item())
    assert places == [-1, -2.5, -4.25]  # velocities 1, 1.5, 1.75


def test_sgds_weight_decay_adds_to_the_gradient():
    weight = parameter([2.0], [1.0])
    sgd = SGD({"w": weight}, lr=0.5, momentum=0.5, weight_decay=0.25)
    sgd.step()  # v = 1 + 0.25 · 2 = 1.5
    assert weight.value.item() == 2 - 0.75
    sgd.step()  # v = 0.75 + 1 + 0.25 · 1.25 = 2.0625
    assert weight.value.item() == 1.25 - 2.0625 / 2


def test_adams_first_steps_worked_out_by_hand():
    weight = parameter([1.0], [2.0])
    adam = Adam({"w": weight}, lr=0.1, betas=(0.5, 0.75), eps=0)
    adam.step()  # m = 1, v = 1; corrected 2 and 4
    assert weight.value.item() == pytest.approx(1 - 0.1 * 2 / 2)
    weight.grad = np.array([-1.0])
    adam.step()  # m = 0.5 - 0.5 = 0, so nothing moves
    assert weight.value.item() == pytest.approx(0.9)
    weight.grad = np.array([4.0])
    adam.step()  # m = 2, v = 0.75 + 4; corrected by 7/8 and 37/64
    v = (0.75 * (0.75 * 1 + 0.25 * 1) + 0.25 * 16) / (37 / 64)
    assert weight.value.item() == pytest.approx(0.9 - 0.1 * (2 / (7 / 8)) / math.sqrt(v))


@given(st.floats(1e-5, 1e5), st.sampled_from([-1, 1]))
def test_adams_first_step_is_the_learning_rate_whatever_the_gradients_size(size, sign):
    weight = parameter([0.0], [sign * size])
    Adam({"w": weight}, lr=0.01).step()
    assert weight.value.item() == pytest.approx(-sign * 0.01, rel=2e-3)


def test_adams_weight_decay_shrinks_the_weight_and_leaves_the_step_alone():
    weight = parameter([2.0], [3.0])
    Adam({"w": weight}, lr=0.1, weight_decay=0.5).step()
    assert weight.value.item() == pytest.approx(2 * (1 - 0.1 * 0.5) - 0.1)


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_weight_decay_pulls_weights_and_leaves_biases_alone(kind):
    net = small()
    for each in net.parameters().values():
        each.value += 0.5
        each.grad = np.zeros_like(each.value)
    before = values(net)
    kind(net.parameters(), lr=0.1, weight_decay=0.5).step()
    after = values(net)
    changed = {name for name in before if not np.array_equal(before[name], after[name])}
    assert changed == {"conv.weight", "out.weight"}
    assert all(np.allclose(after[name], 0.95 * before[name]) for name in changed)


@pytest.mark.parametrize("kind", [SGD, Adam])
@pytest.mark.parametrize("scale", [0.0, 0.5])
def test_the_scale_of_a_step_scales_the_learning_rate_and_the_decay(kind, scale):
    one, two = (parameter([2.0], [1.0]) for _ in range(2))
    kind({"w": one}, lr=0.2, weight_decay=0.1).step(scale)
    kind({"w": two}, lr=0.2 * scale, weight_decay=0.1).step()
    assert one.value == two.value


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize(
    ("ours", "theirs", "options"),
    [
        (SGD, "SGD", {"lr": 0.05, "momentum": 0.0}),
        (SGD, "SGD", {"lr": 0.05, "momentum": 0.9}),
        (Adam, "AdamW", {"lr": 0.05}),
        (Adam, "AdamW", {"lr": 0.01, "betas": (0.7, 0.95), "eps": 1e-3}),
    ],
)
def test_twenty_steps_are_those_of_pytorch(ours, theirs, options, weight_decay):
    torch = pytest.importorskip("torch")
    numbers = np.random.default_rng(1)
    weight, bias = parameter(numbers.standard_normal((3, 2)), 0), parameter(numbers.standard_normal(3), 0, decays=False)
    tensors = [torch.tensor(each.value.copy(), requires_grad=True) for each in (weight, bias)]
    mine = ours({"weight": weight, "bias": bias}, weight_decay=weight_decay, **options)
    groups = [{"params": tensors[:1], "weight_decay": weight_decay}, {"params": tensors[1:], "weight_decay": 0.0}]
    other = getattr(torch.optim, theirs)(groups, **options)
    for _ in range(20):
        for each, tensor in zip((weight, bias), tensors, strict=True):
            each.grad = numbers.standard_normal(each.shape) + each.value
            tensor.grad = torch.from_numpy(each.grad.copy())
        mine.step()
        other.step()
        for each, tensor in zip((weight, bias), tensors, strict=True):
            np.testing.assert_allclose(each.value, tensor.detach().numpy(), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_a_step_changes_no_gradient_and_keeps_float32(kind):
    net = small()
    for each in net.parameters().values():
        each.grad = np.full_like(each.value, 0.5)
        each.grad.flags.writeable = False
    optimiser = kind(net.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(3):
        optimiser.step(0.5)
    assert {each.value.dtype for each in net.parameters().values()} == {np.dtype(np.float32)}
    assert {each.dtype for each in optimiser.memory.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("kind", "changes"), [
    (SGD, {"lr": 0.2, "momentum": 0.5, "weight_decay": 0.1}),
    (Adam, {"lr": 0.2, "betas": (0.5, 0.9), "eps": 0.1, "weight_decay": 0.1}),
])  # fmt: skip
def test_every_setting_of_an_optimiser_changes_the_steps(kind, changes):
    def path(**settings):
        weight = parameter([1.0], [0.0])
        optimiser = kind({"w": weight}, **settings)
        for grad in (1.0, 3.0, -1.0):
            weight.grad = np.array([grad])
            optimiser.step()
        return weight.value.item()

    assert set(changes) | {"parameters"} == set(inspect.signature(kind).parameters)
    base = path()
    assert path() == base
    assert all(path(**{name: value}) != base for name, value in changes.items())
    if kind is Adam:  # each of the two
        assert len({base, path(betas=(0.5, 0.999)), path(betas=(0.9, 0.9))}) == 3


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: SGD({}, lr=-1), ValueError, "lr=-1: must be at least 0, and finite"),
        (lambda: SGD({}, lr=math.nan), ValueError, "lr=nan"),
        (lambda: Adam({}, lr=math.inf), ValueError, "lr=inf"),
        (lambda: Adam({}, lr="fast"), TypeError, "lr='fast' (str): must be a number"),
        (lambda: SGD({}, lr=True), TypeError, "lr=True"),
        (lambda: SGD({}, momentum=1), ValueError, "momentum=1: must be at least 0 and below 1"),
        (lambda: SGD({}, weight_decay=-0.1), ValueError, "weight_decay=-0.1"),
        (lambda: Adam({}, betas=(1, 0.9)), ValueError, "betas[0]=1"),
        (lambda: Adam({}, betas=(0.9, -1)), ValueError, "betas[1]=-1"),
        (lambda: Adam({}, eps=-1), ValueError, "eps=-1"),
    ],
)
def test_a_wrong_setting_of_an_optimiser_is_named(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_a_step_without_gradients_is_answered_in_words(kind):
    for net in (mlp([2, 2]), mlp([2, 2]).init(0)):
        with pytest.raises(StateError, match=r"parameter fc1\.weight has no gradient: call init, forward and backward"):
            kind(net.parameters()).step()


# Schedules


@pytest.mark.parametrize(
    ("name", "at_start", "halfway", "at_end"),
    [
        ("constant", 1, 1, 1),
        ("step", 1, 0.1, 0.001),
        ("linear", 1, 0.5, 0),
        ("cosine", 1, 0.5, 0),
        ("one_cycle", 0, 0.75, 0),
    ],
)
def test_a_schedule_begins_and_ends_as_its_name_says(name, at_start, halfway, at_end):
    found = [SCHEDULES[name](done) for done in (0.0, 0.5, 1.0)]
    assert found == pytest.approx([at_start, halfway, at_end])


def test_every_schedule_is_known_here():
    assert list(SCHEDULES) == ["constant", "step", "linear", "cosine", "one_cycle"]


@pytest.mark.parametrize("name", SCHEDULES)
@given(st.floats(0, 1))
def test_a_schedule_never_leaves_zero_to_one(name, done):
    assert 0 <= SCHEDULES[name](done) <= 1


def test_one_cycle_rises_for_a_quarter_then_falls_and_the_others_never_rise():
    line = np.linspace(0, 1, 101)
    for name, schedule in SCHEDULES.items():
        steps = np.diff([schedule(done) for done in line])
        assert (steps[: 25 if name == "one_cycle" else 0] > 0).all()
        assert (steps[25 if name == "one_cycle" else 0 :] <= 0).all()


def test_the_step_schedule_divides_by_ten_after_each_third():
    assert [SCHEDULES["step"](done) for done in (0.33, 0.34, 0.66, 0.67)] == pytest.approx([1, 0.1, 0.1, 0.01])
