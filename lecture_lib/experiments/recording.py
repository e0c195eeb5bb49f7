"""What a training left in a file: the curves, the final weights, and when, by what and for what it was made."""

import hashlib
import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from pathlib import Path

import numpy as np

from ..layers import Layer
from ..models.network import Container
from ..storage import StorageError, damage_in_words, read_npz, save_arrays
from ..training import Record, fit
from ..training.fitting import preparing
from .runs import Data, Run

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"
"""The lecture's own; ``make recordings`` makes them."""
MOST_BYTES = 50_000_000
"""Of the arrays of one recording; larger ones are refused unread."""
_LARGEST = float(np.finfo(np.float16).max)
_COLUMNS = ("loss", "accuracy", "lr", "seconds")  # of the curves


@dataclass(frozen=True)
class Recorded:
    """One run of a recording."""

    records: list[Record]
    problem: str
    weights: dict[str, np.ndarray]
    """float32 by name; empty where they were not kept."""
    kept: dict[str, list[np.ndarray]]


@dataclass(frozen=True)
class Recording:
    """What a file holds. ``declared`` says of each (name, seed) for what training it was made."""

    command: str
    date: str
    versions: dict[str, str]
    seconds: float
    """Of all its runs' steps."""
    declared: dict[tuple[str, int], dict[str, object]]
    runs: dict[tuple[str, int], Recorded]


def fingerprint(array: np.ndarray) -> list[float]:
    """A few numbers that say whether an array is the same but for rounding; the order of its values counts.

    >>> [round(each, 3) for each in fingerprint(np.zeros((3, 2)))][:3]
    [3.0, 2.0, 0.0]
    """
    array = np.asarray(array)
    flat, rng = array.reshape(-1), np.random.default_rng(0)
    at, weights = rng.integers(0, max(1, flat.size), 4096), rng.standard_normal((6, 4096)) / 64
    some = flat[at].astype(np.float64) if flat.size else np.zeros(4096)
    return [*map(float, array.shape), float(np.linalg.norm(some)), *(weights @ some).tolist()]


def describe_net(net: Layer) -> list[list[object]]:
    """Every layer with the call that makes it, and the spread of its first weights."""
    layers = net._single_layers() if isinstance(net, Container) else [net]
    return [[layer.code, {name: round(each.deviation, 6) for name, each in layer.state().items()}] for layer in layers]


def describe(net: Layer, data: Data, settings: Mapping[str, object], first: Layer | None = None) -> dict[str, object]:
    """A training as plain data: what must be the same for a recording to stand for it.

    ``first`` is the net with its first weights, where these are not those of its seed.
    """
    every = {name: each.default for name, each in list(signature(fit).parameters.items())[2:]} | dict(settings)
    del every["seed"]
    prepare = preparing("data[0]", every.pop("prepare"))
    schedule, loss, some = every["schedule"], every["loss"], data[0][:8]
    if callable(schedule):
        every["schedule"] = [round(float(schedule(at / 8)), 6) for at in range(8)]
    every["loss"] = getattr(loss, "__qualname__", repr(loss))
    labels = hashlib.sha256(np.asarray(data[1]).astype(np.int64).tobytes()).hexdigest()[:16]
    return every | {
        "net": describe_net(net), "labels": labels, "samples": {"about": fingerprint(data[0])},
        "prepare": {"about": [*fingerprint(prepare(some, None)), *fingerprint(prepare(some, np.random.default_rng(0)))]},
        "first weights": {"about": [] if first is None else fingerprint(_flat(first))},
    }  # fmt: skip


def differences(here: Mapping[str, object], recorded: Mapping[str, object]) -> list[str]:
    """In words, what of a declaration differs from that of a recording."""
    found = []
    for name, value in here.items():
        other = recorded.get(name)
        if isinstance(value, Mapping):
            one, two = value["about"], other.get("about", []) if isinstance(other, Mapping) else []
            scale = max(
                (abs(each) for each in one if each != round(each)), default=0
            )  # of the values: shapes are whole
            if len(one) != len(two) or not np.allclose(one, two, rtol=0.01, atol=0.01 * scale):
                found.append(f"{name}: not the same")
        elif value != other and not (
            isinstance(value, float) and isinstance(other, int | float) and math.isclose(value, other)
        ):
            plain = isinstance(value, int | float | str) and name != "labels"
            found.append(f"{name} is {value} here, {other} in the recording" if plain else f"{name}: not the same")
    return found


def _flat(net: Layer) -> np.ndarray:
    return np.concatenate([array.value.reshape(-1) for array in net.state().values()])


def save_recording(
    path: Path,
    runs: Sequence[Run],
    declared: Mapping[tuple[str, int], dict],
    *,
    command: str,
    date: str,
    weights: bool = True,
) -> None:
    """Write what finished runs have left.

    Raises:
        ValueError: a run has not finished.
        StorageError, OSError: as :func:`lecture_lib.storage.save_arrays`.
    """
    notes, curves, halves, singles = [], [], [], []
    for run in runs:
        if not run.finished:
            raise ValueError(f"run {run.name!r}, seed {run.seed}, has not finished: only finished ones are recorded")
        curves.append(np.array([[getattr(record, each) for each in _COLUMNS] for record in run.records]).reshape(-1, 4))
        state = run.net.state() if weights else {}
        halves += [np.nan_to_num(array.value).reshape(-1).clip(-_LARGEST, _LARGEST) for array in state.values()]
        kept = {name: np.stack(each) for name, each in run.kept.items() if each}
        singles += [each.reshape(-1) for each in kept.values()]
        notes.append({
            "name": run.name, "seed": run.seed, "steps": run.steps, "done": len(run.records), "problem": run.problem,
            "weights": {name: array.shape for name, array in state.items()},
            "kept": {name: each.shape for name, each in kept.items()}, "declared": declared[run.name, run.seed],
        })  # fmt: skip
    arrays = {
        "curves": np.concatenate(curves).astype(np.float32),
        "weights": np.concatenate([np.zeros(0), *halves]).astype(np.float16),
        "kept": np.concatenate([np.zeros(0), *singles]).astype(np.float32),
    }
    said = {
        "command": command, "date": date, "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "seconds": sum(run.records[-1].seconds for run in runs if run.records), "runs": notes,
    }  # fmt: skip
    save_arrays(path, arrays, {"recording": json.dumps(said)})


def load_recording(path: Path) -> Recording:
    """What :func:`save_recording` wrote.

    Raises:
        FileNotFoundError: there is no such file.
        StorageError: it is damaged, cut short, or no recording.
    """
    arrays, notes = read_npz(path, dict.fromkeys(("curves", "weights", "kept"), MOST_BYTES))
    with damage_in_words(f"path={str(path)!r}"):
        said = json.loads(notes["recording"])
        parts = {name: _Reader(array) for name, array in arrays.items()}
        runs, declared = {}, {}
        for each in said["runs"]:
            key, steps = (each["name"], each["seed"]), each["steps"]
            rows = parts["curves"].take((each["done"], len(_COLUMNS))).tolist()
            epochs = max(1, each["declared"]["epochs"])
            records = [Record(step, steps, (step - 1) * epochs // steps + 1, *row) for step, row in enumerate(rows, 1)]
            weights = {name: parts["weights"].take(shape).astype(np.float32) for name, shape in each["weights"].items()}
            kept = {name: list(parts["kept"].take(shape)) for name, shape in each["kept"].items()}
            runs[key], declared[key] = Recorded(records, each["problem"], weights, kept), each["declared"]
        if any(part.left for part in parts.values()):
            raise StorageError(f"path={str(path)!r}: its arrays are longer than its notes say")
        return Recording(said["command"], said["date"], said["versions"], said["seconds"], declared, runs)


class _Reader:
    """Takes one array after another from a long one."""

    def __init__(self, array: np.ndarray):
        self.array, self.at = array.reshape(-1), 0

    @property
    def left(self) -> int:
        return self.array.size - self.at

    def take(self, shape: Sequence[int]) -> np.ndarray:
        start, self.at = self.at, self.at + math.prod(shape)
        return self.array[start : self.at].reshape(shape)
