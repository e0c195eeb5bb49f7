"""Activations: zoo."""

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.activations import ACTIVATIONS, FLAT, Activation, Parameter, activation, fit_lines, landing, winner
from lecture_lib.shapes import ShapeError
from tests.activations_cases import (
    BOTH_DTYPES,
    EVERY,
    LINES,
    NAMES,
    WRONG,
    elu,
    functions,
    line,
    maxout,
    regression_line,
    relu,
    rng,
    settings_of,
    softplus,
    swish,
    tanh,
)

# The records


def test_the_zoo_is_in_the_lectures_order_and_read_only():
    assert isinstance(ACTIVATIONS, Mapping)
    assert list(ACTIVATIONS) == NAMES == [each.name for each in ACTIVATIONS.values()]
    with pytest.raises(TypeError):
        ACTIVATIONS["relu"] = tanh
    with pytest.raises(FrozenInstanceError):
        relu.name = "tanh"
    with pytest.raises(FrozenInstanceError):
        swish.parameter.default = 2
    with pytest.raises(KeyError, match="relu6"):
        ACTIVATIONS["relu6"]


@EVERY
def test_every_record_is_complete(each):
    assert {"name", "title", "formula", "year", "paper", "parameter"} <= {field.name for field in fields(Activation)}
    assert type(each.year) is int
    assert 1980 < each.year < 2025
    assert each.title.lower().replace(" ", "_") == each.name
    assert all(text and text == text.strip() for text in (each.title, each.formula, each.paper))
    assert "$" not in each.formula


@pytest.mark.parametrize(
    ("name", "year", "author", "place"),
    [
        ("sigmoid", 1986, "Rumelhart", "Nature 323"),
        ("tanh", 1998, "LeCun", "Efficient BackProp"),
        ("relu", 2010, "Nair", "ICML"),
        ("leaky_relu", 2013, "Maas,", "Acoustic"),
        ("prelu", 2015, "He,", "arXiv:1502.01852"),
        ("elu", 2016, "Clevert", "arXiv:1511.07289"),
        ("maxout", 2013, "Goodfellow", "arXiv:1302.4389"),
        ("softplus", 2001, "Dugas", "NIPS"),
        ("mish", 2019, "Misra", "arXiv:1908.08681"),
        ("swish", 2017, "Ramachandran", "arXiv:1710.05941"),
        ("gelu", 2016, "Hendrycks", "arXiv:1606.08415"),
    ],
)
def test_each_has_its_own_paper(name, year, author, place):
    each = ACTIVATIONS[name]
    assert each.year == year
    assert author in each.paper
    assert place in each.paper


def test_parameters_are_called_as_in_pytorch():
    found = {
        each.name: (each.parameter.name, each.parameter.default) for each in ACTIVATIONS.values() if each.parameter
    }
    assert found == {
        "leaky_relu": ("negative_slope", 0.01),
        "prelu": ("weight", 0.25),
        "elu": ("alpha", 1.0),
        "maxout": ("lines", LINES),
        "swish": ("beta", 1.0),
    }
    for each in ACTIVATIONS.values():
        if each.parameter:
            assert isinstance(each.parameter, Parameter)
            assert each.parameter.low <= np.min(each.parameter.default)
            assert np.max(each.parameter.default) <= each.parameter.high


def test_activation_finds_by_name():
    assert all(activation(name) is each for name, each in ACTIVATIONS.items())
    for name in ("relu6", None, 3, ["relu"]):
        with pytest.raises(ValueError, match=r"^name=.*: must be one of sigmoid, tanh, relu, .*, gelu$"):
            activation(name)


@pytest.mark.parametrize(("name", "x", "parameter", "kind", "value", "rule"), WRONG)
def test_a_broken_rule_is_named_with_its_value(name, x, parameter, kind, value, rule):
    each = ACTIVATIONS[name]
    for function in [*functions(each), *([partial(winner)] if parameter is not None and each is maxout else [])]:
        with pytest.raises(kind) as error:
            function(x, parameter)
        assert value in str(error.value)
        assert rule in str(error.value)


def test_winner_needs_numbers():
    with pytest.raises(TypeError, match="^x has dtype"):
        winner("text", LINES)


# Against PyTorch


@BOTH_DTYPES
@EVERY
def test_values_and_gradients_are_pytorchs(each, dtype):
    torch = pytest.importorskip("torch")
    F = torch.nn.functional
    theirs = {
        "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu, "leaky_relu": F.leaky_relu, "prelu": F.prelu,
        "elu": F.elu, "softplus": F.softplus, "mish": F.mish, "gelu": F.gelu,
        "swish": lambda x, beta=1.0: x * torch.sigmoid(beta * x),
        "maxout": lambda x, lines=LINES: torch.stack([w * x + b for w, b in lines]).max(dim=0).values,
    }[each.name]  # fmt: skip
    numbers = np.concatenate([[0.0, -0.0], rng.normal(size=200) * 4, [-80, 80, -12, 12]]).astype(dtype)
    for parameter in settings_of(each.name):
        settings, weight = [] if parameter is None else [parameter], None
        if each.df_parameter and each is not elu:  # PyTorch's α of ELU is no tensor
            weight = torch.tensor([parameter or each.parameter.default], dtype=torch.tensor(numbers).dtype)
            settings = [weight.requires_grad_()]
        x = torch.tensor(numbers, requires_grad=True)
        y = theirs(x, *settings)
        y.sum().backward()
        close = partial(np.allclose, rtol=1e-4, atol=2e-6) if dtype == np.float32 else partial(np.allclose, atol=1e-12)
        # F.softplus goes over to x at 20, where it leaves out 2e-9
        slack = {"atol": 3e-9} if each is softplus and dtype == np.float64 else {}
        assert close(each.f(numbers, parameter), y.detach().numpy(), **slack)
        assert close(each.df(numbers, parameter), x.grad.numpy(), **slack)
        if weight is not None:
            assert close(each.df_parameter(numbers, parameter).sum(), weight.grad.item())


def test_swish_at_beta_1_is_pytorchs_silu():
    torch = pytest.importorskip("torch")
    assert np.allclose(swish.f(line), torch.nn.functional.silu(torch.tensor(line)).numpy(), rtol=1e-12)


# Lines fitted to a function


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("lines", [[(-1, 0), (1, 0)], [(0, 0), (1, 0)], [(0.25, 0), (1, 0)]])
def test_a_function_made_of_two_lines_is_found_again(lines, count):
    x = np.linspace(-2, 2, 81)
    found = fit_lines(x, maxout.f(x, lines), count)
    assert found.shape == (count, 2)
    assert np.allclose(maxout.f(x, found), maxout.f(x, lines), atol=1e-9)


def test_one_line_is_the_regression_line():
    x = np.array([0.0, 1.0, 2.0, 4.0])
    y = np.array([1.0, 0.0, 2.0, 7.0])
    assert fit_lines(x, y, 1) == pytest.approx(np.array([regression_line(x, y)]))


@given(st.integers(0, 50))
def test_a_line_more_is_never_worse(seed):
    x = np.linspace(-2, 2, 41)
    y = np.random.default_rng(seed).normal(size=41).cumsum()
    errors = [np.square(maxout.f(x, fit_lines(x, y, count)) - y).sum() for count in (1, 2, 3, 4)]
    assert all(more <= less + 1e-9 for less, more in zip(errors, errors[1:], strict=False))


def test_six_lines_meet_the_parabola_closely_and_the_best_lines_are_a_quarter_of_a_gap_away():
    # the best chord-and-tangent roof of k lines over [-2, 2] is (4/k)²/8 away where it is worst (least squares: a bit more)
    x = np.linspace(-2, 2, 401)
    assert np.abs(maxout.f(x, fit_lines(x, x**2, 6)) - x**2).max() < 2 * (4 / 6) ** 2 / 8


@pytest.mark.parametrize(
    ("x", "y", "count", "error", "words"),
    [
        ([0, 1, 2], [0, 1, 2], 2, ShapeError, "N at least 2·count = 4"),
        ([0, 1], [0, 1, 2], 1, ShapeError, "x has shape (2,) and y (3,)"),
        ([0, 1], [0, 1], 0, ShapeError, "count=0"),
        (["a", "b"], [0, 1], 1, TypeError, "x has dtype"),
    ],
)
def test_what_no_line_can_be_fitted_to_is_named(x, y, count, error, words):
    with pytest.raises(error) as caught:
        fit_lines(x, y, count)
    assert words in str(caught.value)


# Where inputs land


@EVERY
def test_the_landing_agrees_with_random_inputs(each):
    draws = np.random.default_rng(0).normal(0.5, 1.5, 200_000)
    edges = np.linspace(-2, 4, 13)
    found = landing(each.name, [0, 0.5], [1.5], edges)
    inside = np.clip(each.f(draws), -2, 3.999999)
    expected = np.histogram(inside, edges)[0] / len(draws)
    assert found.shares[0, 1, 0] == pytest.approx(expected, abs=0.01)
    assert found.size[0, 1, 0] == pytest.approx(np.sqrt(np.mean(each.df(draws) ** 2)), rel=0.03)
    assert found.flat[0, 1, 0] == pytest.approx(np.mean(np.abs(each.df(draws)) < FLAT), abs=0.01)


def test_each_parameter_has_a_landing_of_its_own():
    found = landing("leaky_relu", [-50], [1], [-2, -1, 0, 1], [0.0, 0.03, 0.5])
    # 0; about -50·0.03 = -1.5; about -25, which the first bin holds, too
    assert found.shares[:, 0, 0].tolist() == [[0, 0, 1], [1, 0, 0], [1, 0, 0]]
    assert found.size[:, 0, 0] == pytest.approx([0, 0.03, 0.5])
    assert found.flat[:, 0, 0].tolist() == [1, 0, 0]


@pytest.mark.parametrize("edges", [[0, 1, 3], [1, 0], [0], [[0, 1]]])
def test_bins_of_different_width_are_refused(edges):
    with pytest.raises(ValueError, match="must go up in equal steps"):
        landing("relu", [0], [1], edges)


def test_more_samples_than_memory_are_refused_before_they_are_made():
    with pytest.raises(ValueError, match="samples=600000000000: makes 600,000,000,000 numbers"):
        landing("relu", [0], [1], [-1, 0, 1], samples=600_000_000_000)


@pytest.mark.parametrize(
    ("name", "x", "y"), [("x", [-2, -1, 1, np.nan], [2, 1, 1, 2]), ("y", [-2, -1, 1, 2], [2, 1, np.inf, 2])]
)
def test_no_line_is_fitted_to_what_is_not_finite(name, x, y):
    with pytest.raises(ValueError, match=f"{name}=.*must hold finite numbers only"):
        fit_lines(x, y, 2)


def test_lines_are_fitted_from_left_to_right_only():
    with pytest.raises(ValueError, match="x=.*must increase from number to number"):
        fit_lines([-2, -1, 1, -2], [2, 1, 1, 2], 2)
