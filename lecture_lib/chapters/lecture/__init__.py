"""The 90-minute lecture's own material: where it stands, and what its slides say."""

from .agenda import draw_agenda
from .network import draw_network
from .race import race
from .words import Words

__all__ = ["Words", "draw_agenda", "draw_network", "race"]
