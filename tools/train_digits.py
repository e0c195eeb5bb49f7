"""What the tools that train a network on digits share: the command line, the recipe, the progress and the file."""

import argparse
import sys
from functools import partial
from pathlib import Path

import numpy as np

from lecture_lib import data, storage
from lecture_lib.models import Sequential
from lecture_lib.training import evaluate, fit

RECIPE = {"batch_size": 128, "optimiser": "adam", "lr": 4e-3, "schedule": "one_cycle"}
"""How the lecture trains LeNet-5."""


def train(
    net: Sequential, file: Path, about: str, arguments: list[str] | None, *,
    mnist: str, epochs: int, dtype: type = np.float32, **settings: object,
) -> None:  # fmt: skip
    """Train as the command line of ``tools/train_<file>.py`` says, report the accuracy, and write the weights if asked.

    Args:
        about: the tool's docstring. mnist: its argument for MNIST's file. epochs: unless the command line says so.
        dtype: to which the weights are rounded before they are judged. settings: for ``training.fit``.
    """
    option = mnist.startswith("-")
    parser = argparse.ArgumentParser(description=about.partition("\n")[0])
    parser.add_argument(
        mnist,
        help="MNIST as .npz or as a folder of IDX files; without it the shipped part",
        **({} if option else {"nargs": "?"}),
    )
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help=f"write {file.name}")
    chosen = parser.parse_args(arguments)
    digits, test = _digits(chosen.mnist)
    net.init(chosen.seed)
    prepare = partial(data.digits_as_input, shift=1)
    for record in fit(net, digits, epochs=chosen.epochs, prepare=prepare, seed=chosen.seed, **RECIPE, **settings):
        if record.step % 50 == 0 or record.step == record.steps:
            print(f"\r{record.text()} ", end="", file=sys.stderr)
    rounded = {name: net.value(name).astype(dtype) for name in net.state()}
    for name, parameter in net.state().items():
        parameter.value = rounded[name].astype(np.float32)
    accuracy = evaluate(net, test, prepare=data.digits_as_input).accuracy
    print(f"\n{len(digits[1]):,} digits, {record.seconds:.0f} s, {accuracy:.2%} of the official test digits right")
    if chosen.write:
        name = f"{' ' + mnist if option else ''} {chosen.mnist.rpartition('/')[2]}" if chosen.mnist else ""
        options = f"--epochs {chosen.epochs} --seed {chosen.seed} --write"
        notes = {"command": f"python -m tools.train_{file.stem}{name} {options}", "seed": str(chosen.seed)}
        notes |= {"training_digits": str(len(digits[1])), "test_accuracy": f"{accuracy:.4f}"}
        storage.save_arrays(file, rounded, notes)


def _digits(path: str | None):
    if path is None:
        return data.load_digits("train"), data.load_digits("test")
    mnist = data.load_mnist(path)
    return (mnist.train_images, mnist.train_labels), (mnist.test_images, mnist.test_labels)
