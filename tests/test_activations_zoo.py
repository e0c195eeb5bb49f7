"""Activations: zoo."""

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields
from functools import partial

import numpy as np
import pytest

from lecture_lib.activations import ACTIVATIONS, Activation, Parameter, activation, winner
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


# Where inputs land
