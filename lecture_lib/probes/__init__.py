"""Looking into a network: what each layer answers, which units are dead, how large gradients are, and what a map likes.

A network here is a ``Sequential`` of :mod:`lecture_lib.models`: layers by name, one after another. A
network inside a network counts as one layer. All probes run it as after training, without dropout.
"""

from .answers import active_share, chances, gradient_norms, responses
from .patches import Patches, strongest_patches

__all__ = ["Patches", "active_share", "chances", "gradient_norms", "responses", "strongest_patches"]
