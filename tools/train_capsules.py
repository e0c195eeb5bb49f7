"""Train the capsule network that the lecture ships, and write it to ``lecture_lib/digits/capsules.npz``.

Run from the project's folder; without a file it learns from the 20,000 shipped digits::

    python -m tools.train_capsules                          # for a look: nothing is written
    python -m tools.train_capsules --mnist mnist.npz --write # the whole database, as shipped

The weights of the best epoch are not picked: what the last step leaves is what is written, in half
precision, and the accuracy is that of the rounded weights.
"""

import argparse
import sys
from functools import partial

import numpy as np

from lecture_lib import data, storage
from lecture_lib.capsules import CAPSULES_WEIGHTS, CapsuleNet
from lecture_lib.training import evaluate, fit
from tools.train_lenet5 import RECIPE, _digits


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mnist", help="MNIST as .npz or as a folder of IDX files; without it the shipped part")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help=f"write {CAPSULES_WEIGHTS.name}")
    chosen = parser.parse_args(arguments)
    train, test = _digits(chosen.mnist)
    net = CapsuleNet().init(chosen.seed)
    prepare = partial(data.digits_as_input, shift=1)
    for record in fit(net, train, epochs=chosen.epochs, loss=net.loss, prepare=prepare, seed=chosen.seed, **RECIPE):
        if record.step % 50 == 0 or record.step == record.steps:
            print(f"\r{record.text()} ", end="", file=sys.stderr)
    halves = {name: net.value(name).astype(np.float16) for name in net.state()}
    for name, parameter in net.state().items():
        parameter.value = halves[name].astype(np.float32)
    accuracy = evaluate(net, test, prepare=data.digits_as_input).accuracy
    print(f"\n{len(train[1]):,} digits, {record.seconds:.0f} s, {accuracy:.2%} of the official test digits right")
    if chosen.write:
        name = f" --mnist {chosen.mnist.rpartition('/')[2]}" if chosen.mnist else ""
        notes = {
            "command": f"python -m tools.train_capsules{name} --epochs {chosen.epochs} --seed {chosen.seed} --write",
            "seed": str(chosen.seed),
            "training_digits": str(len(train[1])),
            "test_accuracy": f"{accuracy:.4f}",
        }
        storage.save_arrays(CAPSULES_WEIGHTS, halves, notes)


if __name__ == "__main__":
    main()
