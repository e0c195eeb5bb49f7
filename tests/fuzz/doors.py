"""The doors of the library: what notebooks call with a student's arrays and numbers, with arguments that are wrong.

Which functions these are is read from the notebooks. A valid call is taken from the example in the docstring, or from
:data:`EXAMPLES`. Each case puts something hostile in the place of one or two of its arguments.
"""

import ast
import contextlib
import copy
import doctest
import functools
import importlib
import inspect
import io
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tests.fuzz.cases import Case
from tests.fuzz.hostile import hostile

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
MODULES = ("data", "filters", "groups", "layers", "ops", "shapes", "transforms")
"""Those whose functions take arrays and numbers. What takes a network or a run gets the library's own."""
MORE = ("data.open_image", "filters.pad_border", "ops.linear", "ops.linear_backward", "ops.avg_pool2d_backward",
        "ops.local_response_norm", "transforms.thicken", "transforms.displacement", "transforms.warp", "chapters.equivariance.capsule_net.squash",
        "chapters.equivariance.capsule_net.routing_steps", "shapes.trace_back", "chapters.activations.weight_path", "chapters.lenet_alexnet.calibration",
        "training.fit", "training.evaluate", "training.predict", "models.summary",
        "probes.responses", "chapters.lenet_alexnet.occlusion", "chapters.lenet_alexnet.deconvnet", "probes.active_share", "probes.strongest_patches",
        "probes.gradient_norms", "chapters.lenet_alexnet.class_readout", "chapters.equivariance.equivariance_error",
        "chapters.lenet_alexnet.inference.timed_pass", "chapters.convolution.conv_steps", "chapters.pooling.pool_steps",
        "chapters.pooling.robustness.feature_maps", "chapters.pooling.robustness.changes", "chapters.pooling.robustness.downsample",
        "chapters.convolution.hints")  # fmt: skip
"""Doors of exercises and explorers, too."""


EXAMPLES: dict[str, Callable[[], tuple[tuple, dict]]] = {
    "chapters.convolution.hints": lambda: (("pad",), {}),
    "shapes.Window": lambda: ((3,), {"stride": 2, "padding": 1}),
}
"""Valid calls of those whose docstrings have none."""


class Call(NamedTuple):
    """A function or class, and arguments that it takes."""

    name: str
    function: Callable
    arguments: dict[str, object]


@functools.cache
def doors() -> tuple[str, ...]:
    """What the notebooks call of :data:`MODULES`, and :data:`MORE`."""
    found = set(MORE)
    for path in NOTEBOOKS.glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                found |= set(_called("".join(cell["source"])))
    return tuple(sorted(found))


def _called(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            if isinstance(of, ast.Name) and of.id in MODULES:
                module = importlib.import_module(f"lecture_lib.{of.id}")
                if callable(getattr(module, node.func.attr, None)):  # a variable of a notebook may be called steps
                    yield f"{of.id}.{node.func.attr}"


class _SeenError(BaseException):
    """Carries the arguments of a call out of an example."""


def example_of(function: Callable) -> tuple[tuple, dict] | None:
    """The arguments of the first call of ``function`` in its own docstring."""
    module = inspect.getmodule(function)
    names = dict(vars(module))

    def seen(*args, **kwargs):
        raise _SeenError(args, kwargs)

    for each in doctest.DocTestParser().get_examples(function.__doc__ or ""):
        if f"{function.__name__}(" in each.source:
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(each.source, "<example>", "single"), names | {function.__name__: seen})  # noqa: S102  our own docstring
            except _SeenError as error:
                return error.args
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(ValueError, TypeError):  # it may show one
            exec(compile(each.source, "<example>", "single"), names)  # noqa: S102
    return None


@functools.cache
def calls() -> tuple[Call, ...]:
    """A valid call of every door; without one, the fuzzer would pass over some in silence."""
    found = []
    for name in doors():
        module, _, attribute = name.rpartition(".")
        function = getattr(importlib.import_module(f"lecture_lib.{module}"), attribute)
        signature = inspect.signature(function)
        example = EXAMPLES[name]() if name in EXAMPLES else example_of(function)
        if example is None and signature.parameters:
            raise LookupError(f"no example call of {name}: add one to its docstring, or to EXAMPLES")
        args, settings = example or ((), {})
        bound = signature.bind(*args, **settings)
        bound.apply_defaults()
        if bound.arguments:
            found.append(Call(name, function, dict(bound.arguments)))
    return tuple(found)


def door_case(rng: np.random.Generator) -> Case:
    """A valid call with one argument replaced by something hostile, now and then two."""
    call = calls()[rng.integers(len(calls()))]
    arguments = copied(call.arguments)
    for name in rng.permutation(list(arguments))[: 1 + (rng.random() < 0.2)].tolist():
        arguments[name] = hostile(rng, arguments[name])
    words = f"{call.name}({', '.join(f'{name}={described(value)}' for name, value in arguments.items())})"
    return Case(words, functools.partial(_run, call, arguments), (ValueError, TypeError, OSError))


def _run(call: Call, arguments: dict[str, object]) -> None:
    """Make the call, and use what comes back."""
    bound = inspect.BoundArguments(inspect.signature(call.function), arguments)
    result = call.function(*bound.args, **bound.kwargs)
    if isinstance(result, Iterator):
        for _ in islice(result, 20):
            pass
    repr(result)


def copied(value: object) -> object:
    """A copy, where there is one to be had: a case must not change the next one's arguments."""
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return type(value)(copied(each) for each in value)
    return copy.deepcopy(value) if isinstance(value, np.ndarray) or hasattr(value, "parameters") else value


def described(value: object) -> str:
    """A value in a line, whatever it is."""
    if isinstance(value, np.ndarray):
        return f"array({value.dtype}, {value.shape})" if value.size > 6 else f"array({value.dtype}, {value.tolist()})"
    try:
        words = repr(value)
    except Exception as error:  # noqa: BLE001  it is hostile
        words = f"<{type(value).__name__} without repr: {type(error).__name__}>"
    words = " ".join(words.split())
    return words if len(words) < 120 else words[:117] + "…"
