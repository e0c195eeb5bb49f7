"""Looking into a network: what each layer answers, which units are dead, how large gradients are, what a map likes,
which pixels a unit answers to, where the answer breaks when a part is covered, how well a layer knows the class, and what
becomes of its maps when the picture moves.

A network here is a ``Sequential`` of :mod:`lecture_lib.models`: layers by name, one after another. A
network inside a network counts as one layer. All probes run it as after training, without dropout.
"""

from .answers import active_share, gradient_norms, responses
from .classes import Calibration, calibration, class_readout
from .equivariance import BothWays, equivariance_error
from .occlusions import Occlusion, occlusion
from .patches import Patches, strongest_patches
from .projections import RULES, Projection, deconvnet, project_patches

__all__ = [
    "RULES",
    "BothWays",
    "Calibration",
    "Occlusion",
    "Patches",
    "Projection",
    "active_share",
    "calibration",
    "class_readout",
    "deconvnet",
    "equivariance_error",
    "gradient_norms",
    "occlusion",
    "project_patches",
    "responses",
    "strongest_patches",
]
