"""Explorers to put at the end of a notebook cell. Each function returns one."""

from .architecture import architecture, layer_editor
from .view import Explorer, View

__all__ = [
    "Explorer",
    "View",
    "architecture",
    "layer_editor",
]
