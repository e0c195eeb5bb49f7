"""What the tests of the explorers share: ``from tests.explorers import array, controls``."""

import numpy as np


def array(packed):
    """The array that was packed for the browser."""
    return np.frombuffer(packed["data"], packed["dtype"]).reshape(packed["shape"])


def controls(explorer):
    """The controls of an explorer by their label."""
    return {
        each.description: each
        for row in explorer.children[:-1]
        for each in row.children
        if hasattr(each, "description")
    }
