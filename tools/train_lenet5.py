"""Train the modern LeNet-5 that the lecture ships, and write it to ``lecture_lib/digits/lenet5.npz``.

Run from the project's folder; without a file it learns from the 20,000 shipped digits::

    python -m tools.train_lenet5                   # for a look: nothing is written
    python -m tools.train_lenet5 mnist.npz --write # the whole database, as shipped

The weights of the best epoch are not picked: what the last step leaves is what is written.
"""

from lecture_lib.models import LENET5_WEIGHTS, lenet5
from tools.train_digits import train


def main(arguments: list[str] | None = None) -> None:
    train(lenet5(), LENET5_WEIGHTS, __doc__, arguments, mnist="mnist", epochs=12)


if __name__ == "__main__":
    main()
