"""Capsules: squash, routing and losses against the paper's formulas, loops and central differences; the net that is shipped."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.chapters.equivariance.capsule_net import (
    route,
    route_backward,
    routing_steps,
    squash,
    squash_backward,
)
from lecture_lib.shapes import ShapeError
from tests.capsules_cases import BOTH_DTYPES, VECTORS, VOTES, lengths, route_loops, some
from tests.gradients import central_differences, check_gradient

# Squash


@given(VECTORS)
def test_squash_makes_lengths_below_one_and_keeps_directions(s):
    v = squash(s)
    assert (lengths(v) < 1).all()
    assert np.allclose(v * lengths(s)[..., None], s * lengths(v)[..., None], rtol=1e-9, atol=1e-90)  # parallel
    assert ((s * v).sum(axis=-1) >= 0).all()  # and not turned round


@pytest.mark.parametrize(("before", "after"), [(0, 0), (1, 1 / 2), (2, 4 / 5), (3, 9 / 10), (1e-3, 1e-6), (1e3, 1)])
def test_squash_takes_the_length_n_to_its_square_over_one_more(before, after):
    assert lengths(squash(before * np.array([0.6, 0.0, -0.8]))) == pytest.approx(after, rel=2e-6)


@given(st.floats(1e-9, 1e3), st.floats(1.001, 10))
def test_longer_vectors_stay_longer(length, factor):
    assert lengths(squash(np.array([factor * length, 0]))) > lengths(squash(np.array([length, 0])))


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -3])
def test_squash_along_any_axis_and_its_gradient(axis):
    s = some(2, 3, 4)
    assert np.allclose(squash(s, axis), np.moveaxis(squash(np.moveaxis(s, axis, -1)), -1, axis), rtol=1e-14)
    check_gradient(partial(squash, axis=axis), partial(squash_backward, axis=axis), s)


@BOTH_DTYPES
def test_at_zero_squash_and_its_gradient_are_zero_without_a_warning(dtype):
    zero = np.zeros((2, 3), dtype)
    assert not squash(zero).any() and not squash_backward(np.ones_like(zero), zero).any()
    assert squash(zero).dtype == squash_backward(np.ones_like(zero), zero).dtype == dtype


@BOTH_DTYPES
def test_of_huge_vectors_squash_leaves_the_direction_and_of_tiny_ones_their_gradient(dtype):
    direction, grad = np.array([0.6, 0, -0.8], dtype), np.array([0.8, 2, 0.6], dtype)  # which is across
    huge, tiny = dtype(1e30) * direction, dtype(1e-30) * direction
    assert squash(huge) == pytest.approx(direction, rel=1e-6)
    assert squash_backward(grad, huge) == pytest.approx(1e-30 * grad, rel=1e-6, abs=1e-40)
    assert squash_backward(direction, huge) == pytest.approx(np.zeros(3), abs=1e-35)  # nothing makes it any longer
    assert squash(tiny) == pytest.approx(np.zeros(3), abs=1e-45)
    assert squash_backward(grad, tiny) == pytest.approx(1e-30 * grad, rel=1e-6, abs=1e-40)
    assert squash_backward(direction, tiny) == pytest.approx(2e-30 * direction, rel=1e-6, abs=1e-40)


def test_along_a_vector_of_length_one_squash_does_half_what_it_does_across():
    s = np.array([0.0, 2.0])  # n = 2: across f = 2/5, along 2n / (1 + n²)² = 4/25
    assert squash_backward(np.array([1.0, 0]), s).tolist() == pytest.approx([2 / 5, 0])
    assert squash_backward(np.array([0.0, 1]), s).tolist() == pytest.approx([0, 4 / 25])


@pytest.mark.parametrize("iterations", [1, 2, 3, 5])
def test_routing_is_procedure_1_written_as_loops(iterations):
    u_hat = some(4, 3, 2)
    steps = list(routing_steps(u_hat, iterations))
    assert [step.iteration for step in steps] == list(range(1, iterations + 1))
    for step, (c, s, v, b) in zip(steps, route_loops(u_hat.tolist(), iterations), strict=True):
        for ours, loops in ((step.couplings, c), (step.s, s), (step.v, v), (step.logits + step.agreement, b)):
            np.testing.assert_allclose(ours, loops, rtol=1e-12, atol=1e-14)
    assert np.array_equal(route(u_hat, iterations), steps[-1].v)


@given(VOTES, st.integers(1, 4))
def test_a_capsule_shares_out_all_of_its_vote_and_no_capsule_is_longer_than_one(u_hat, iterations):
    for step in routing_steps(u_hat, iterations):
        assert np.allclose(step.couplings.sum(axis=-1), 1) and (step.couplings >= 0).all()
        assert (lengths(step.v) < 1).all()


@given(VOTES)
def test_at_first_everyone_gets_the_same_share(u_hat):
    first = next(routing_steps(u_hat))
    assert np.allclose(first.couplings, 1 / u_hat.shape[-2]) and not first.logits.any()
    assert np.allclose(first.s, u_hat.sum(axis=-3) / u_hat.shape[-2])


def test_with_one_capsule_above_there_is_nothing_to_choose():
    u_hat = some(5, 1, 3)
    assert np.allclose(route(u_hat, 4), squash(u_hat.sum(axis=0)))


def test_the_order_below_does_not_matter_the_order_above_is_kept_and_a_rotation_rotates():
    u_hat, (rotation, _) = some(6, 4, 3), np.linalg.qr(some(3, 3, seed=1))
    v, below, above = route(u_hat), [3, 1, 5, 0, 2, 4], [2, 0, 3, 1]
    assert np.allclose(route(u_hat[below]), v)
    assert np.allclose(route(u_hat[:, above]), v[above])
    assert np.allclose(route(u_hat @ rotation), v @ rotation)


def test_each_sample_is_routed_by_itself():
    u_hat = some(2, 3, 5, 4, 2)
    together = route(u_hat)
    assert together.shape == (2, 3, 4, 2)
    for place in np.ndindex(2, 3):
        assert np.allclose(together[place], route(u_hat[place]))


def test_every_iteration_turns_more_of_each_vote_to_the_capsule_on_which_all_agree():
    corners = np.radians([0, 120, 240])
    one_another = np.stack([np.cos(corners), np.sin(corners)], axis=1)  # three votes whose sum is nothing
    u_hat = np.stack([np.tile([1.0, 0.0], (3, 1)), one_another], axis=1)
    steps = list(routing_steps(u_hat, 6))
    shares = np.array([step.couplings[:, 0] for step in steps])
    assert np.allclose(shares[0], 0.5) and (np.diff(shares, axis=0) > 0).all() and (shares[-1] > 0.95).all()
    found = np.array([lengths(step.v) for step in steps])
    assert (np.diff(found[:, 0]) > 0).all() and np.allclose(found[:, 1], 0, atol=1e-12)


def test_records_are_frozen_and_routing_changes_no_vote():
    u_hat = some(2, 3, 4)
    u_hat.flags.writeable = False
    steps = list(routing_steps(u_hat))
    route_backward(np.ones((3, 4)), steps)
    with pytest.raises(AttributeError, match="cannot assign"):
        steps[0].couplings = None


@pytest.mark.parametrize("iterations", [1, 2, 3, 5])
def test_the_gradient_of_routing_is_exact_through_every_iteration(iterations):
    def backward(grad, u_hat):
        return route_backward(grad, list(routing_steps(u_hat, iterations)))

    check_gradient(partial(route, iterations=iterations), backward, some(2, 4, 3, 2))


def test_couplings_taken_for_constants_would_give_another_gradient():
    u_hat = 2 * some(4, 3, 2)
    steps = list(routing_steps(u_hat))
    slopes = central_differences(lambda votes: route(votes).sum(), u_hat)
    constant = steps[-1].couplings[..., None] * squash_backward(np.ones((3, 2)), steps[-1].s)
    assert np.abs(constant - slopes).max() > 0.1 * np.abs(slopes).max()
    assert np.allclose(route_backward(np.ones((3, 2)), steps), slopes, rtol=1e-6, atol=1e-9)


def test_routing_and_its_gradient_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    u_hat, grad = some(2, 6, 4, 3), some(2, 4, 3, seed=1)
    votes = torch.from_numpy(u_hat.copy()).requires_grad_()
    b = torch.zeros(2, 6, 4, dtype=torch.float64)
    for _ in range(3):
        s = (torch.softmax(b, -1)[..., None] * votes).sum(1)
        square = (s**2).sum(-1, keepdim=True)
        v = square / (1 + square) * s / square.sqrt()
        b = b + (votes * v[:, None]).sum(-1)
    (v * torch.from_numpy(grad)).sum().backward()
    steps = list(routing_steps(u_hat))
    assert np.allclose(steps[-1].v, v.detach().numpy(), rtol=1e-12)
    assert np.allclose(route_backward(grad, steps), votes.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: squash("long"), TypeError, "s has dtype"),
        (lambda: squash(np.ones(3), 1), ShapeError, r"axis=1: s has shape \(3,\)"),
        (lambda: squash(np.ones(3), -2), ShapeError, "axis=-2: must be at least -1"),
        (lambda: squash(np.ones(3), 0.0), TypeError, "axis=0.0"),
        (lambda: squash_backward(np.ones(2), np.ones(3)), ShapeError, r"grad has shape \(2,\): must be \(3,\)"),
        (lambda: routing_steps(np.ones((2, 2))), ShapeError, r"u_hat has shape \(2, 2\): must have the axes"),
        (lambda: routing_steps(np.ones((2, 0, 2))), ShapeError, "none of them empty"),
        (lambda: routing_steps(np.ones((2, 2, 2)), 0), ShapeError, "iterations=0: must be at least 1"),
        (lambda: routing_steps(np.ones((2, 2, 2)), 1.5), TypeError, "iterations=1.5"),
        (lambda: route(np.ones((2, 2, 2), complex)), TypeError, "u_hat has dtype complex128"),
        (lambda: route_backward(np.ones(3), list(routing_steps(np.ones((2, 3, 4))))), ShapeError, "grad has shape"),
    ],
)
def test_a_wrong_argument_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
