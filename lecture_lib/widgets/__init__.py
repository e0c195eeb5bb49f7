"""Explorers to put at the end of a notebook cell. Each function returns one."""

from .view import Explorer, View

__all__ = [
    "Explorer",
    "View",
]
