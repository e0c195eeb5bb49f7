"""The share of samples that a net names right, measured once: here, or where it was recorded with the net."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from ..layers import Layer, check_network
from ..storage import damage_in_words, read_npz, save_arrays
from ..training import Prepare, evaluate
from ..training.fitting import preparing, samples_and_labels
from .recording import MOST_BYTES, RECORDINGS
from .runs import Data

RECORDED = RECORDINGS / "accuracies.npz"
"""Accuracies of recorded nets; ``make recordings`` measures them."""
_COLLECTING: list[dict[str, float]] = []
_MEASURED: WeakKeyDictionary[Layer, dict[str, float]] = WeakKeyDictionary()


def accuracy_by(
    net: Layer,
    data: Data,
    change: Callable[[np.ndarray, object], np.ndarray],
    levels: Sequence[object],
    *,
    prepare: Prepare | None = None,
) -> np.ndarray:
    """The net's accuracy on ``change(samples, level)``, for each of the ``levels``; float64 (L,).

    What was asked before is not measured again: a guess, a curve and a table ask for the same. Of nets and data that are to
    the last bit those of a recording it is what was measured then (:data:`RECORDED`).

    Raises:
        TypeError, ShapeError, ValueError, StateError: as :func:`lecture_lib.training.evaluate`.

    >>> from lecture_lib import data, models, transforms
    >>> images, labels = data.load_digits("test")
    >>> net, _ = models.trained_lenet5()
    >>> here, away = accuracy_by(
    ...     net, (images[:100], labels[:100]), lambda images, by: transforms.translate(images, *by), [(0, 0), (9, 9)],
    ...     prepare=data.digits_as_input,
    ... )
    >>> bool(here > 0.95), bool(away < 0.5)
    (True, True)
    """
    samples, labels = data
    return np.array([_accuracy(net, (change(samples, level), labels), prepare) for level in levels])


def _accuracy(net: Layer, data: Data, prepare: Prepare | None) -> float:
    known, key = _MEASURED.setdefault(check_network("model", net), {}), _asked(net, data, prepare)
    if _COLLECTING:
        known = _COLLECTING[-1]
    elif key not in known and key in recorded():
        return recorded()[key]
    if key not in known:
        known[key] = evaluate(net, data, prepare=prepare).accuracy
    return known[key]


def _asked(net: Layer, data: Data, prepare: Prepare | None) -> str:
    """A name for what is asked, which no other question has: the layers, every weight, every sample and label, and what
    becomes of the first samples before the net sees them."""
    samples, labels = samples_and_labels("data", data)
    prepared = preparing("data[0]", prepare)(samples[:8], None)
    how = f"{getattr(prepare, '__module__', '')}.{getattr(prepare, '__qualname__', prepare)}"
    name = blake2b(f"{how} {_described(net)}".encode(), digest_size=16)
    for array in (samples, np.asarray(labels), prepared, *(net.value(each) for each in net.state())):
        name.update(f"{array.shape} {array.dtype}".encode())
        name.update(np.ascontiguousarray(array).tobytes())
    return name.hexdigest()


def _described(layer: Layer) -> str:
    return f"{layer!r} {[_described(each) for each in getattr(layer, 'layers', {}).values()]}"


@cache
def recorded(path: Path = RECORDED) -> dict[str, float]:
    """The accuracies of a file by what was asked; none if there is no file.

    Raises:
        StorageError: it is damaged, or not of this kind.
    """
    if not path.exists():
        return {}
    arrays, notes = read_npz(path, {"accuracies": MOST_BYTES})
    with damage_in_words(f"path={str(path)!r}"):
        return dict(zip(notes["asked"].split(), arrays["accuracies"].tolist(), strict=True))


@contextmanager
def collected() -> Iterator[dict[str, float]]:
    """Meanwhile every accuracy that is asked for is measured anew, once; yields them."""
    _COLLECTING.append({})
    try:
        yield _COLLECTING[-1]
    finally:
        _COLLECTING.pop()


def save_accuracies(found: dict[str, float], command: str, date: str, path: Path = RECORDED) -> None:
    """Write what :func:`collected` gave.

    Raises:
        StorageError, OSError: as :func:`lecture_lib.storage.save_arrays`.
    """
    notes = {"command": command, "date": date, "asked": " ".join(sorted(found))}
    save_arrays(path, {"accuracies": np.array([found[each] for each in sorted(found)])}, notes)
    recorded.cache_clear()
