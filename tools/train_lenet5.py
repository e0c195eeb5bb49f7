"""Train the modern LeNet-5 that the lecture ships, and write it to ``lecture_lib/digits/lenet5.npz``.

Run from the project's folder; without a file it learns from the 20,000 shipped digits::

    python -m tools.train_lenet5                   # for a look: nothing is written
    python -m tools.train_lenet5 mnist.npz --write # the whole database, as shipped

The weights of the best epoch are not picked: what the last step leaves is what is written.
"""

import argparse
import sys
from functools import partial

from lecture_lib import data
from lecture_lib.models import LENET5_WEIGHTS, lenet5
from lecture_lib.training import evaluate, fit

RECIPE = {"batch_size": 128, "optimiser": "adam", "lr": 4e-3, "schedule": "one_cycle"}
"""How the lecture trains LeNet-5."""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "mnist", nargs="?", help="MNIST as .npz or as a folder of IDX files; without it the shipped part"
    )
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help=f"write {LENET5_WEIGHTS.name}")
    chosen = parser.parse_args(arguments)
    train, test = _digits(chosen.mnist)
    net = lenet5().init(chosen.seed)
    prepare = partial(data.digits_as_input, shift=1)
    for record in fit(net, train, epochs=chosen.epochs, prepare=prepare, seed=chosen.seed, **RECIPE):
        if record.step % 50 == 0 or record.step == record.steps:
            print(f"\r{record.text()} ", end="", file=sys.stderr)
    accuracy = evaluate(net, test, prepare=data.digits_as_input).accuracy
    print(f"\n{len(train[1]):,} digits, {record.seconds:.0f} s, {accuracy:.2%} of the official test digits right")
    if chosen.write:
        name = f" {chosen.mnist.rpartition('/')[2]}" if chosen.mnist else ""
        command = f"python -m tools.train_lenet5{name} --epochs {chosen.epochs} --seed {chosen.seed} --write"
        notes = {"command": command, "seed": str(chosen.seed), "test_accuracy": f"{accuracy:.4f}"}
        net.save_weights(LENET5_WEIGHTS, notes | {"training_digits": str(len(train[1]))})


def _digits(path: str | None):
    if path is None:
        return data.load_digits("train"), data.load_digits("test")
    mnist = data.load_mnist(path)
    return (mnist.train_images, mnist.train_labels), (mnist.test_images, mnist.test_labels)


if __name__ == "__main__":
    main()
