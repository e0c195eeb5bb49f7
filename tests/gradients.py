"""Central differences: what a gradient must be, found without any formula for it.

``from tests.gradients import check_gradient``, in float64: a change of ±h in one entry gives a slope
that is wrong by about h² of the third derivative, and by the rounding of the result divided by h.
"""

from collections.abc import Callable

import numpy as np

STEP = 1e-5


def central_differences(loss: Callable[[np.ndarray], float], at: np.ndarray, step: float = STEP) -> np.ndarray:
    """The slope of ``loss`` in each entry of ``at``: (loss(at + step) - loss(at - step)) / (2 step)."""
    at = np.array(at, np.float64)
    slopes = np.empty(at.shape)
    for place in np.ndindex(at.shape):
        middle = at[place]
        at[place] = middle + step
        above = loss(at.copy())
        at[place] = middle - step
        slopes[place] = (above - loss(at.copy())) / (2 * step)
        at[place] = middle
    return slopes


def check_gradient(
    forward: Callable[..., np.ndarray | float],
    backward: Callable[..., np.ndarray | tuple[np.ndarray, ...]],
    *arguments: np.ndarray,
    rtol: float = 1e-6,
    atol: float = 1e-7,
    step: float = STEP,
) -> None:
    """Assert that ``backward`` gives the gradient of ``forward`` with respect to every argument.

    Args:
        forward: takes ``arguments`` (made float64) and returns an array, or a number.
        backward: takes the gradient of a loss with respect to what ``forward`` returned, then ``arguments``;
            returns one gradient for each argument, in their order, or the only one. Called right after
            ``forward`` at the same arguments, so that a layer may remember them.
    """
    arguments = [np.array(argument, np.float64) for argument in arguments]
    out = np.asarray(forward(*arguments))
    assert out.dtype == np.float64
    weighting = np.random.default_rng(0).uniform(
        0.5, 1.5, out.shape
    )  # of the outputs, in the loss: none counts nothing
    weighting *= np.where(np.arange(out.size).reshape(out.shape) % 3, 1, -1)
    gradients = backward(weighting.copy(), *arguments)
    gradients = gradients if isinstance(gradients, tuple | list) else (gradients,)
    assert len(gradients) == len(arguments), f"{len(gradients)} gradients for {len(arguments)} arguments"
    for number, gradient in enumerate(gradients):

        def loss(changed, number=number):
            return np.vdot(weighting, forward(*arguments[:number], changed, *arguments[number + 1 :]))

        expected = central_differences(loss, arguments[number], step)
        assert np.shape(gradient) == expected.shape, f"argument {number}: shape {np.shape(gradient)}"
        np.testing.assert_allclose(gradient, expected, rtol, atol, err_msg=f"gradient of argument {number}")
