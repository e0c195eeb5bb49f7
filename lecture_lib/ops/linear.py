"""The fully connected layer, and the class vector's loss.

Symbols::

    N  samples in the batch     D  input features     M  output features, or classes
"""

import numpy as np

from ..arguments import boolean, check_number
from ..shapes import ShapeError
from .arrays import as_float, check_axes, check_shape


def _checked(x, weight, bias) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x = check_axes("x", as_float("x", x), "N, D")
    weight = check_axes("weight", as_float("weight", weight), "M, D")
    bias = np.zeros(len(weight), weight.dtype) if bias is None else as_float("bias", bias)
    if weight.shape[1] != x.shape[1]:
        raise ShapeError(
            f"weight has shape {weight.shape}: must have {x.shape[1]} columns, because x has shape {x.shape}"
        )
    return x, weight, check_shape("bias", bias, (len(weight),), "one number an output")


def linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """Each output is a weighted sum of all inputs: x Wᵀ + b.

    (Goodfellow, Bengio & Courville 2016, Deep Learning, equation 6.36, weights as in PyTorch's ``linear``.)

    Args:
        x: samples, (N, D).
        weight: (M, D).
        bias: (M,); None means zeros.

    Returns:
        (N, M), float32 if every array is float32, else float64.

    Raises:
        TypeError: an array does not hold real numbers.
        ShapeError: an array has the wrong axes or an empty one, or sizes do not match.

    >>> linear(np.array([[1, 2]]), np.array([[3, 4], [5, 6]]), np.array([0, 1]))
    array([[11., 18.]])
    """
    x, weight, bias = _checked(x, weight, bias)
    return (weight @ x.T + bias[:, None]).T  # the batch lies last in memory, as after a convolution


def linear_backward(
    grad: np.ndarray, x: np.ndarray, weight: np.ndarray, *, input_grad: bool = True
) -> tuple[np.ndarray | None, np.ndarray, np.ndarray]:
    """Gradients of a loss with respect to the input, the weights and the biases of :func:`linear`.

    grad_W = gradᵀ x, grad_x = grad W, grad_b = the column sums of grad.

    Args:
        grad: gradient with respect to the output, (N, M).
        x, weight: as given to :func:`linear`.
        input_grad: False leaves out the gradient of ``x``.

    Returns:
        grad_x (N, D) or None, grad_weight (M, D), grad_bias (M,). No argument is changed.

    Raises:
        TypeError, ShapeError: as :func:`linear`, and if ``grad`` does not have the output's shape.

    >>> grad_x, grad_weight, grad_bias = linear_backward(np.array([[1, 2]]), np.array([[3, 4]]), np.eye(2))
    >>> grad_x, grad_weight, grad_bias
    (array([[1., 2.]]), array([[3., 4.],
           [6., 8.]]), array([1., 2.]))
    """
    (x, weight, _), input_grad = _checked(x, weight, None), boolean("input_grad", input_grad)
    grad = check_shape("grad", as_float("grad", grad), (len(x), len(weight)), "the shape of the output")
    grad_x = (weight.T @ grad.T).T if input_grad else None
    return grad_x, grad.T @ x, grad.sum(axis=0)


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Turn scores into probabilities: exp(z / T) divided by the sum of exp(z / T) over the last axis.

    (Goodfellow, Bengio & Courville 2016, Deep Learning, equation 6.29, after its largest score is taken off,
    which changes nothing and keeps exp finite; temperature T as in Hinton, Vinyals & Dean 2015, equation 1.)

    Args:
        logits: scores, (..., M).
        temperature: above 0; a high one makes the probabilities more alike.

    Raises:
        TypeError: ``logits`` does not hold real numbers, or ``temperature`` is no number.
        ShapeError: there is no last axis, or it is empty.
        ValueError: ``temperature`` is not above 0.

    >>> softmax(np.array([1000, 1000]))
    array([0.5, 0.5])
    """
    logits = as_float("logits", logits)
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ShapeError(f"logits has shape {logits.shape}: must have at least one score along the last axis")
    temperature = check_number("temperature", temperature, "above 0", lambda t: t > 0)
    scores = (logits - logits.max(axis=-1, keepdims=True)) / np.float64(temperature)  # in float32 it may be 0
    powers = np.exp(scores.astype(logits.dtype))
    return powers / powers.sum(axis=-1, keepdims=True)


def check_labels(labels: np.ndarray, samples: int, classes: int) -> np.ndarray:
    """Return ``labels`` as an array of ``samples`` integers from 0 to ``classes`` - 1.

    Raises:
        TypeError: they are not integers.
        ShapeError: their number is not ``samples``.
        ValueError: a label is out of range.
    """
    try:
        labels = np.asarray(labels)
    except ValueError:
        raise TypeError("labels: must be an array of integers, one label a sample") from None
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels has dtype {labels.dtype}: must hold integers, the number of each sample's class")
    check_shape("labels", labels, (samples,), "one label a sample")
    if samples and not 0 <= labels.min() <= labels.max() < classes:
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        raise ValueError(f"labels holds {wrong}: must be from 0 to {classes - 1}, because there are {classes} classes")
    return labels


def softmax_cross_entropy(logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean of -log(probability of the right class), and its gradient with respect to the logits.

    loss = mean over n of log(sum over m of exp(z[n, m])) - z[n, label n];
    gradient: (softmax(z) - one where the label is) / N
    (Bishop 2006, Pattern Recognition and Machine Learning, equations 4.108 and 4.109).

    Args:
        logits: scores, (N, M).
        labels: the right classes, integers (N,) from 0 to M - 1.

    Returns:
        The loss in nats, and the gradient, (N, M), of the dtype of ``logits``.

    Raises:
        TypeError: ``logits`` does not hold real numbers, or ``labels`` integers.
        ShapeError: an array has the wrong axes or an empty one, or the counts differ.
        ValueError: a label is out of range.

    >>> loss, grad = softmax_cross_entropy(np.zeros((1, 2)), np.array([0]))
    >>> round(loss, 4), grad  # log 2
    (0.6931, array([[-0.5,  0.5]]))
    """
    logits = check_axes("logits", as_float("logits", logits), "N, M")
    n, classes = logits.shape
    labels = check_labels(labels, n, classes)
    shifted = logits - logits.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    total = powers.sum(axis=1, keepdims=True)
    loss = float(np.mean(np.log(total[:, 0]) - shifted[np.arange(n), labels]))
    grad = powers / total
    grad[np.arange(n), labels] -= 1
    grad /= n
    return loss, grad
