"""The 90-minute lecture's own material: where it stands, and what its slides say."""

from .agenda import draw_agenda
from .words import Words

__all__ = ["Words", "draw_agenda"]
