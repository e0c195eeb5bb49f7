"""Train the capsule network that the lecture ships, and write it to ``lecture_lib/digits/capsules.npz``.

Run from the project's folder; without a file it learns from the 20,000 shipped digits::

    python -m tools.train_capsules                          # for a look: nothing is written
    python -m tools.train_capsules --mnist mnist.npz --write # the whole database, as shipped

The weights of the best epoch are not picked: what the last step leaves is what is written, in half
precision, and the accuracy is that of the rounded weights.
"""

import numpy as np

from lecture_lib.chapters.equivariance.capsule_net import CAPSULES_WEIGHTS, CapsuleNet
from tools.train_digits import train


def main(arguments: list[str] | None = None) -> None:
    net = CapsuleNet()
    train(net, CAPSULES_WEIGHTS, __doc__, arguments, mnist="--mnist", epochs=10, dtype=np.float16, loss=net.loss)


if __name__ == "__main__":
    main()
