"""What the start page needs to read a digit by itself: LeNet-5's weights, and digits to begin with, as one small script."""

import gzip
import json

import numpy as np

from lecture_lib import data, models

from .state import as_characters, shuffled

SHOWN = (4, 2, 0, 7, 9, 3, 8, 5, 6, 1)
"""Of each of these digits the first one of the test digits is shown, one after another."""


def script() -> bytes:
    """The network that the lecture trained and the digits, in UTF-16; see :func:`tools.site.state.script`."""
    net, _ = models.trained_lenet5()
    weights = [np.asarray(each.value, np.float32) for each in net.parameters().values()]
    digits, labels = data.load_digits("test")[:2]
    shown = np.stack([digits[np.flatnonzero(labels == each)[0]] for each in SHOWN]).astype(np.uint8)
    packed = b"".join(shuffled(each.tobytes(), 4) for each in weights) + shown.tobytes()
    small = gzip.compress(packed, 9, mtime=0)
    shapes = json.dumps([each.shape for each in weights])
    return f'\ufefflectureDigits({len(small)}, "{as_characters(small)}", {shapes});\n'.encode("utf-16-le")
