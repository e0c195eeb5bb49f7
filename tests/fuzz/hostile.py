"""Things that no function expects: another kind, a value of the right kind at its edge, a text that is markup."""

import contextlib
import functools
import inspect
from collections.abc import Callable, Mapping, Sequence

import numpy as np

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
