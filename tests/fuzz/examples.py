"""Valid calls of the public functions whose docstrings have no example: those of the tests, or written down here."""

import contextlib
import functools
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from lecture_lib import activations, data, exercises, figures, filters, layers, models, storage, training, widgets
from tests.test_figures import DRAWN, sheet
from tests.test_widgets import EXPLORERS, filmed_run


class Taken(BaseException):  # noqa: N818  no test may catch it
    """Carries the arguments of a call out of the code that makes it."""


def _taken(module, name: str, make: Callable[[], object]) -> tuple[tuple, dict]:
    """The arguments with which ``make`` calls a function of ``module``."""
    usual = getattr(module, name)

    def take(*args, **kwargs):
        raise Taken(args, kwargs)

    setattr(module, name, take)
    try:
        make()
    except Taken as taken:
        return taken.args
    finally:
        setattr(module, name, usual)
    raise LookupError(f"{name} is not called")


def given(*args, **kwargs) -> Callable[[], tuple[tuple, dict]]:
    """These arguments."""
    return lambda: (args, kwargs)


@functools.cache
def folder() -> Path:
    """Files that readers can read, deleted when the process ends."""
    place = tempfile.TemporaryDirectory()
    _kept.append(place)
    path = Path(place.name)
    storage.save_arrays(path / "net.npz", {"bias": np.array([0.5, -1])}, {"seed": "3"})
    storage.save_texts(path / "texts.json", {"pad": "solved"})
    with contextlib.suppress(ImportError):
        from safetensors.numpy import save_file

        save_file({"bias": np.float32([0.5, -1])}, path / "net.safetensors")
    return path


_kept: list[tempfile.TemporaryDirectory] = []
grey = np.arange(64, dtype=np.uint8).reshape(8, 8)
two = np.stack([np.eye(28, dtype=np.uint8)] * 2) * 255

EXAMPLES: dict[str, Callable[[], tuple[tuple, dict]]] = {
    **{
        f"figures.{name}": functools.partial(_taken, figures, name, make)
        for make in reversed(DRAWN.values())
        for name in make.__code__.co_names
        if name.startswith("draw_")
    },
    **{
        f"widgets.{name}": functools.partial(_taken, widgets, name, make)
        for name, make in EXPLORERS.items()
        if not isinstance(make, type(widgets.volumes)) or make.__name__ == "<lambda>"
    },
    **{f"widgets.{name}": given() for name in ("convolution_lab", "does_it_fit", "volumes", "channel_mixer", "zoo")},
    **{
        f"widgets.{name}": given()
        for name in ("inception_branch", "receptive_field", "learned_filters", "maxout_envelope")
    },
    **{
        f"widgets.{name}": given()
        for name in ("architecture", "layer_editor", "first_layer", "connections", "average_matrix")
    },
    "widgets.same_picture": given(right=3, bend=2),
    "widgets.representations": given(right=3, degrees=20),
    "widgets.draw_a_digit": given(digits=3, right=2, thicken=1),
    "widgets.shift_and_pool": given(),
    "widgets.both_ways_round": given(level=2.0),
    "widgets.square_photo": given("brick"),
    "widgets.watch": lambda: (([filmed_run()],), {}),
    "architecture.count": lambda: ((next(iter(layers.Conv2d(1, 2, 3).rows((1, 8, 8)))),), {}),
    "exercises.hints": given("pad"),
    "exercises.progress": given("02"),
    "figures.draw_architecture": given(sheet, 1, root=True),
    "figures.mark": lambda: ((Figure().subplots(), 1, 2, 3, 1), {}),
    "figures.picture": lambda: ((Figure((1, 1)), "nothing"), {}),
    "figures.show": lambda: ((Figure((1, 1)), "nothing"), {}),
    "figures.show_table": given(("a", "b"), [(1, "$x$"), ("<b>", 2.5)]),
    "filters.check_kernel": given(np.ones((3, 3))),
    "inference.stored_weights": lambda: ((folder() / "net.safetensors", models.mlp([2, 2])), {}),
    "inference.classify_photo": lambda: ((np.zeros((9, 9, 3), np.uint8), folder() / "net.safetensors", 3), {}),
    "ops.check_axes": given("x", np.zeros((1, 2, 3, 4)), "NCHW"),
    "ops.check_labels": given(np.array([0, 2]), 2, 3),
    "ops.check_shape": given("grad", np.zeros((2, 3)), (2, 3), "as x has"),
    "shapes.check_groups": given(4, 8, 2),
    "storage.load_arrays": lambda: ((folder() / "net.npz", {"bias": (2,)}), {}),
    "storage.open_parts": lambda: ((folder() / "net.safetensors", {"bias": (2,)}), {}),
    "storage.existing_file": lambda: ((folder() / "net.npz",), {}),
    "storage.damage_in_words": given("path='x'"),
    "storage.save_texts": lambda: ((folder() / "other.json", {"pad": "solved"}), {}),
    "storage.load_texts": lambda: ((folder() / "texts.json",), {}),
    "style.use": given("light"),
    "training.Optimiser": lambda: ((models.mlp([2, 2]).init(0).parameters(), 0.1, 0.01), {}),
    "activations.Activation": lambda: ((*vars(activations.activation("relu")).values(),), {}),
    "exercises.check": given(len),
    "data.load_mnist": lambda: ((folder(),), {}),
}

NOT_FUZZED = {
    **dict.fromkeys(
        (
            *("arguments.one_of", "arguments.real", "arguments.check_number", "arguments.as_float", "arguments.shown"),
            *("arguments.check_room", "arguments.explain", "ops.as_float", "ops.check_axes", "ops.check_labels"),
            *("ops.check_shape", "ops.batch_last", "shapes.integer", "shapes.pair", "shapes.check_groups"),
            *("filters.check_kernel", "storage.damage_in_words"),
        ),
        "a check: its rules are the library's own words, and its values are fuzzed through all that calls it",
    ),
    "arguments.checked": "takes a function when a module is loaded; fuzzed through all that it holds",
    "exercises.Quiz": "a record",
    "storage.Npz": "raises whatever its bytes lead to, by its documentation; fuzzed through load_arrays",
    "storage.open_npz": "raises whatever its bytes lead to; fuzzed through load_arrays",
    "environment.check": "takes nothing",
}
"""What is left out, and why."""
assert exercises and data and filters and training  # noqa: S101
