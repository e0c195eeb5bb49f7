"""A network as a thing to look at and to change: each layer's arithmetic in words, volumes to draw, what sets two
networks apart, and lists of layers that a student edits.

Everything here is counted from the list of layers; no weights are made.
"""

from .blocks import Volume, volumes
from .differences import Count, Difference, compare, count
from .lists import KINDS, Item, Plan, items_of, plan
from .words import layer_words, size_formula

__all__ = [
    "Count",
    "Difference",
    "Item",
    "KINDS",
    "Plan",
    "Volume",
    "compare",
    "count",
    "items_of",
    "layer_words",
    "plan",
    "size_formula",
    "volumes",
]
