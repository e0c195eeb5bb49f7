"""Both ways round: moves of a picture, representations of it, and how the representations move along.

The lecture's symbols::

    x  a picture (H, W), numbers from 0 to 255    g    a move of the picture
    φ  a representation, maps (C, h, w)           M_g  the move of the representation that belongs to g

And matrices averaged over a group of moves, which makes them equivariant.
"""

from .averaging import Averaging, averaged, averagings, commutator, distance_to_border, rows_in_place
from .moves import MOVES, SMOOTHNESS, Move, move_maps, move_picture
from .representations import HOOK, REPRESENTATIONS, Representation, both_ways

__all__ = [
    "Averaging",
    "HOOK",
    "MOVES",
    "Move",
    "REPRESENTATIONS",
    "Representation",
    "SMOOTHNESS",
    "averaged",
    "averagings",
    "both_ways",
    "commutator",
    "distance_to_border",
    "move_maps",
    "move_picture",
    "rows_in_place",
]
