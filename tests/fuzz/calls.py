"""Every public function and class of the library, called with one or two arguments that are wrong.

A valid call is taken from the example in the docstring, or from :data:`tests.fuzz.examples.EXAMPLES`. Each case
puts something hostile in the place of one or two of its arguments.
"""

import contextlib
import copy
import doctest
import functools
import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import ipywidgets
import numpy as np

import lecture_lib
from tests.fuzz.cases import Case
from tests.fuzz.examples import EXAMPLES, NOT_FUZZED


class Call(NamedTuple):
    """A public function or class, and arguments that it takes."""

    name: str
    function: Callable
    arguments: dict[str, object]
    spread: tuple[str, ...]
    """Names of ``*args`` and ``**settings`` in its signature."""


def public_functions() -> Iterator[tuple[str, Callable]]:
    """What a notebook can call, by module and name: ``__all__``, or what a module defines without underscore."""
    for found in pkgutil.iter_modules(lecture_lib.__path__, "lecture_lib."):
        module = importlib.import_module(found.name)
        own = [name for name, thing in vars(module).items() if getattr(thing, "__module__", "") == found.name]
        for name in getattr(module, "__all__", own):
            thing = getattr(module, name)
            if not name.startswith("_") and (inspect.isfunction(thing) or _is_constructor(thing)):
                yield f"{found.name.removeprefix('lecture_lib.')}.{name}", thing


def _is_constructor(thing: object) -> bool:
    """Whether it is a class that checks its arguments: errors, widgets and plain records have none to check."""
    if not inspect.isclass(thing) or issubclass(thing, BaseException | tuple | str | ipywidgets.Widget):
        return False
    checks = "__post_init__" if hasattr(thing, "__dataclass_fields__") else "__init__"
    return checks in vars(thing)


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
def public_calls() -> tuple[Call, ...]:
    """A valid call of everything public; without one for each, the fuzzer would pass over some in silence."""
    found, missing = [], []
    for name, function in public_functions():
        if name in NOT_FUZZED:
            continue
        example = EXAMPLES[name]() if name in EXAMPLES else example_of(function)
        signature = inspect.signature(function)
        if example is None and signature.parameters:
            missing.append(name)
            continue
        bound = signature.bind(*example[0], **example[1]) if example else signature.bind()
        bound.apply_defaults()
        spread = tuple(
            each.name for each in signature.parameters.values() if each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
        )
        if bound.arguments:
            found.append(Call(name, function, dict(bound.arguments), spread))
    if missing:
        raise LookupError(f"no example call of {', '.join(missing)}: add one to its docstring, or to EXAMPLES")
    return tuple(found)


def call_case(rng: np.random.Generator) -> Case:
    """A valid call with one argument replaced by something hostile, now and then two."""
    call = public_calls()[rng.integers(len(public_calls()))]
    arguments = copied(call.arguments)
    for name in rng.permutation(list(arguments))[: 1 + (rng.random() < 0.2)].tolist():
        if name not in call.spread:
            arguments[name] = hostile(rng, arguments[name])
        elif isinstance(arguments[name], dict) and arguments[name]:
            inner = rng.choice(list(arguments[name]))
            arguments[name] = arguments[name] | {inner: hostile(rng, arguments[name][inner])}
    words = f"{call.name}({', '.join(f'{name}={described(value)}' for name, value in arguments.items())})"
    documented = inspect.getdoc(call.function) or ""
    return Case(words, functools.partial(_run, call, arguments), _allowed(documented))


def _allowed(documented: str) -> tuple[type[BaseException], ...]:
    """ValueError and TypeError, and the other kinds that a docstring promises."""
    others = (OSError, LookupError, ArithmeticError, RuntimeError, NotImplementedError)
    named = {
        "OSError": OSError,
        "FileNotFoundError": OSError,
        "StateError": RuntimeError,
        "DivergedError": ArithmeticError,
    }
    return (ValueError, TypeError, *(named[name] for name in named if name in documented and named[name] in others))


def _run(call: Call, arguments: dict[str, object]) -> None:
    """Make the call, and use what comes back."""
    signature = inspect.signature(call.function)
    bound = inspect.BoundArguments(signature, arguments)
    result = call.function(*bound.args, **bound.kwargs)
    if isinstance(result, Iterator):
        for _ in islice(result, 20):
            pass
    elif isinstance(result, contextlib.AbstractContextManager) and not isinstance(result, ipywidgets.Widget):
        with result:
            pass
    if isinstance(result, ipywidgets.Widget):
        result.close()
    else:
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


HTML = '<img src=x onerror="window.taken = 1">'
ODD: tuple[Callable[[], object], ...] = tuple(
    (lambda value=value: value)
    for value in (
        None, True, False, float("nan"), float("inf"), -float("inf"), 0, -1, 1, 2.5, -0.0, 10**6, 2**31, 2**63, -(2**63),
        2**64, 10**30, 10**400, 1e-320, 1e38, 1e308, "", "nonsense", HTML, "\x00", "\ud800", b"", b"\x80\x04K\x01.", [], (), {}, object(),
        1j, [[1], [1, 2]], [None], ["a"], {"a": 1}, {1, 2}, range(3), lambda *_: None, np, Ellipsis, slice(None),
        (1, 2), (1, 2, 3), [0, 0], np.float32(2.5), np.int8(-1), np.uint64(2**64 - 1), np.bool_(True), np.float64("nan"),
    )
) + (
    lambda: np.zeros(0), lambda: np.zeros((0, 3)), lambda: np.zeros((2, 0, 4, 4)), lambda: np.array(None),
    lambda: np.array([None, "a", 1], object), lambda: np.array(["a", "b"]), lambda: np.array([1j, 2]),
    lambda: np.full((3, 3), np.nan), lambda: np.full((2, 2), np.inf), lambda: np.full((2, 3, 8, 8), 1e300),
    lambda: np.array([2**63 - 1, -(2**63)]), lambda: np.array(5), lambda: np.array("2020-01-01", "datetime64[D]"),
    lambda: np.ma.masked_all((3, 3)), lambda: np.zeros((2,) * 20, bool), lambda: np.zeros(2, [("a", int)]),
    lambda: np.broadcast_to(np.float32(1), (200_000, 200_000)), lambda: np.broadcast_to(np.uint8(1), (1, 1, 200_000, 200_000)),
    lambda: iter([1, 2]), lambda: np.random.default_rng(0), lambda: ValueError("x"),
)  # fmt: skip


def hostile(rng: np.random.Generator, value: object) -> object:
    """Something that is not ``value``, often close to it."""
    if rng.random() < 0.45:
        return ODD[rng.integers(len(ODD))]()
    near = _near(rng, value)
    with contextlib.suppress(Exception):  # not every change can be made of every value
        return near[rng.integers(len(near))]()
    return ODD[rng.integers(len(ODD))]()


def _near(rng: np.random.Generator, value: object) -> Sequence[Callable[[], object]]:
    """Ways to something of a similar kind."""
    if isinstance(value, np.ndarray):
        return _near_array(rng, value)
    if isinstance(value, bool | np.bool_):
        return (lambda: not value, lambda: int(value), lambda: str(value))
    if isinstance(value, int | float | np.number):
        return [
            functools.partial(each, value)
            for each in (
                lambda v: -v, lambda v: v + 1, lambda v: v * 1000, lambda v: v * 10**6, lambda v: v * 10**9, float, str, np.float32, np.array, repr,
                lambda v: [v], lambda v: (v, v), lambda v: (v, -v), lambda v: (v, v, v), lambda v: v + 0.5, lambda v: 0 * v,
            )
        ]  # fmt: skip
    if isinstance(value, str):
        return [
            functools.partial(each, value)
            for each in (str.upper, lambda v: v + " ", lambda v: v[:-1], lambda v: v * 10**5, str.encode, list, lambda v: v + HTML)
        ]  # fmt: skip
    if isinstance(value, Mapping):
        return _near_mapping(rng, value)
    if isinstance(value, list | tuple):
        return _near_sequence(rng, value)
    if callable(value) and not inspect.isclass(value) and not hasattr(value, "parameters"):
        return [lambda result=result: lambda *_, **__: result() for result in ODD]
    return ()


def _near_array(rng: np.random.Generator, array: np.ndarray) -> Sequence[Callable[[], object]]:
    def spoiled(what):
        new = np.array(array, float)
        if new.size:
            new.flat[rng.integers(new.size)] = what
        return new

    kinds = (complex, object, str, np.float16, np.float32, np.longdouble, np.int8, bool, np.uint8, np.uint64, ">f8")

    def as_kind():
        with np.errstate(all="ignore"):
            return array.astype(kinds[rng.integers(len(kinds))])

    return (
        as_kind, as_kind, lambda: array[None], lambda: array[..., None], lambda: array[0] if array.ndim else array, array.ravel,
        lambda: array[..., :0] if array.ndim else array, lambda: array[:0] if array.ndim else array, lambda: array.T,
        lambda: array[:1] if array.ndim else array, lambda: array[..., :1] if array.ndim else array,
        array.tolist, lambda: spoiled(np.nan), lambda: spoiled(np.inf), lambda: spoiled(1e300), lambda: spoiled(-1.5), lambda: spoiled(2**40),
        lambda: np.asfortranarray(array), lambda: array[..., ::-1] if array.ndim else array, lambda: array.size,
        lambda: np.broadcast_to(array[..., None], (*array.shape, 10**12 // max(1, array.size))),
        lambda: np.broadcast_to(array, (10**12, *array.shape)), lambda: np.ma.array(array, mask=True),
        lambda: array.view(type("Odd", (np.ndarray,), {})), lambda: np.zeros_like(array), lambda: np.concatenate([array, array]) if array.ndim else array,
    )  # fmt: skip


def _near_mapping(rng: np.random.Generator, mapping: Mapping) -> Sequence[Callable[[], object]]:
    def changed():
        key = list(mapping)[rng.integers(len(mapping))]
        return dict(mapping) | {key: hostile(rng, mapping[key])}

    ways = [dict, lambda: dict(mapping) | {3: 4}, lambda: list(mapping), lambda: list(mapping.values())]
    return [*ways, *[changed] * 6] if mapping else ways


def _near_sequence(rng: np.random.Generator, items: Sequence) -> Sequence[Callable[[], object]]:
    def changed():
        at = rng.integers(len(items))
        return [*items[:at], hostile(rng, items[at]), *items[at + 1 :]]

    ways = [list, tuple, lambda: [*items, *items], lambda: [*items, None], lambda: np.array(list(items), object)]
    return [*ways, lambda: list(items)[:-1], lambda: list(items)[::-1], *[changed] * 6] if len(items) else ways
