"""Choose the digits that the lecture ships, from the whole MNIST database.

Keeps all 10,000 official test digits and a third of the 60,000 training digits,
drawn class by class so that the shares of the ten digits stay as they were.
The same database and seed give the same digits. Run from the project's folder::

    python tools/make_digits.py mnist.npz

``mnist.npz`` holds ``train_images`` (60000, 28, 28), ``train_labels`` (60000,),
``test_images`` (10000, 28, 28) and ``test_labels`` (10000,), all uint8.
"""

import argparse
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "lecture_lib" / "digits"
TRAIN_DIGITS = 20_000
SEED = 0


def class_quotas(counts: np.ndarray, total: int) -> np.ndarray:
    """How many of each class to keep, in proportion to ``counts``, ``total`` in all.

    The shares are rounded down; what that leaves over goes to the largest remainders.

    >>> class_quotas(np.array([50, 30, 20]), 9).tolist()
    [4, 3, 2]
    """
    share, remainder = np.divmod(counts * total, counts.sum())
    left_over = total - share.sum()
    share[np.argsort(-remainder, kind="stable")[:left_over]] += 1
    return share


def stratified_sample(labels: np.ndarray, total: int, rng: np.random.Generator) -> np.ndarray:
    """Ascending indices of ``total`` labels in which each class keeps its share."""
    counts = np.bincount(labels)
    chosen = [
        rng.choice(np.flatnonzero(labels == digit), quota, replace=False)
        for digit, quota in enumerate(class_quotas(counts, total))
    ]
    return np.sort(np.concatenate(chosen))


def make_digits(database: Path, folder: Path, train_digits: int = TRAIN_DIGITS, seed: int = SEED) -> None:
    """Write ``train.npz`` and ``test.npz``, each with ``images`` and ``labels``, into ``folder``."""
    with np.load(database) as mnist:
        labels = mnist["train_labels"]
        chosen = stratified_sample(labels, train_digits, np.random.default_rng(seed))
        np.savez_compressed(folder / "train.npz", images=mnist["train_images"][chosen], labels=labels[chosen])
        np.savez_compressed(folder / "test.npz", images=mnist["test_images"], labels=mnist["test_labels"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("database", type=Path, help="mnist.npz, the whole database")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write; default: lecture_lib/digits")
    arguments = parser.parse_args()
    make_digits(arguments.database, arguments.folder)
