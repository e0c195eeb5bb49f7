"""Capsules: vectors whose length says whether something is there, and whose direction says how it is.

Sabour, Frosst & Hinton 2017, "Dynamic routing between capsules", arXiv:1710.09829; "the paper" below. Its symbols::

    i  capsule of the layer below, I of them, E numbers each       u  its output
    j  capsule of the layer above, J of them, D numbers each       v  its output, s before the squash
    û  vote of i for j: what i says that j should be               b  logit, c coupling of i to j
"""

from .layers import DigitCaps, PrimaryCaps
from .network import (
    CAPSULES_WEIGHTS,
    DOWN_WEIGHT,
    MARGINS,
    PERTURBATIONS,
    RECONSTRUCTION_WEIGHT,
    CapsuleNet,
    margin_loss,
    trained_capsules,
)
from .routing import MOST_ITERATIONS, RoutingStep, route, route_backward, routing_steps, squash, squash_backward

__all__ = [
    "CAPSULES_WEIGHTS",
    "CapsuleNet",
    "DOWN_WEIGHT",
    "DigitCaps",
    "MARGINS",
    "MOST_ITERATIONS",
    "PERTURBATIONS",
    "PrimaryCaps",
    "RECONSTRUCTION_WEIGHT",
    "RoutingStep",
    "margin_loss",
    "route",
    "route_backward",
    "routing_steps",
    "squash",
    "squash_backward",
    "trained_capsules",
]
