"""The 90-minute lecture's own material: where it stands, and what its slides say."""

from .agenda import draw_agenda
from .network import draw_network
from .pictures import (
    draw_coarser,
    draw_filters,
    draw_maps,
    draw_moved,
    draw_one_photo_twice,
    draw_patch_rows,
    draw_same,
    enlarged,
)
from .race import race
from .words import Words

__all__ = [
    "Words", "draw_agenda", "draw_coarser", "draw_filters", "draw_maps", "draw_moved", "draw_network", "draw_one_photo_twice", "draw_patch_rows",
    "draw_same", "enlarged", "race",
]  # fmt: skip
