"""An exercise as small as can be, to try the check on."""

import numpy as np

from lecture_lib.practice import Exercise, Mistake


def halved(x):
    return x / 2


CASE = np.array([[2.0, -4, 6], [0, 1, 3]])
HALVED = Exercise(
    halved, "Half of every number of an array.", ((CASE,), (np.arange(6.0).reshape(3, 2),)),
    (Mistake("this is twice as much.", lambda x: x * 2),), ("Divide.",),
)  # fmt: skip
