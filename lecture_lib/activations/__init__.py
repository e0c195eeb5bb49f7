"""The zoo of activation functions: value, derivative, formula and paper of each, by name.

Symbols::

    x   what the neuron adds up              σ      sigmoid, 1 / (1 + e^-x)
    α   slope left of 0; ELU's depth there   Φ, φ   the normal distribution and its density
    β   Swish's steepness                    w, b   slope and offset of one of Maxout's lines

At a kink the derivative is that of the left side, as in PyTorch: ReLU'(0) = 0, Leaky ReLU'(0) = α.
"""

from .zoo import ACTIVATIONS, Activation, Lines, Parameter, activation, winner

__all__ = ["ACTIVATIONS", "Activation", "Lines", "Parameter", "activation", "winner"]
