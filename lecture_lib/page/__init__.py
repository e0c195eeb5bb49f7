"""Python inside a page: what a Jupyter kernel does, without a server, a thread or a process."""

from .kernel import Kernel
from .missing import Missing

__all__ = ["Kernel", "Missing"]
