"""Notebook 03, activation functions: its exercises, with the mistakes that are often made.

The solutions are written to be read by students: they are shown to them as the last hint.
"""

import math

import numpy as np

from ...activations import ACTIVATIONS as _LIBRARY
from ...layers import Maxout as _Maxout
from ...ops import linear as _library_linear
from ...practice import Exercise, Mistake

_rng = np.random.default_rng(3)


def leaky_relu(x, alpha):
    return np.where(x > 0, x, alpha * x)


def relu_backward(grad, x):
    return np.where(x > 0, grad, 0)


def softplus(x):
    small = np.exp(-np.abs(x))
    return np.maximum(x, 0) + np.log(1 + small)


def dead_units(sums):
    dead = (sums <= 0).all(axis=0)
    return dead.mean()


def maxout_layer(x, weight, bias):
    pieces = []
    for w, b in zip(weight, bias, strict=True):
        pieces.append(x @ w.T + b)
    return np.max(pieces, axis=0)


def repair_layer(x, weight):
    outputs = np.maximum(x @ weight.T, 0)
    ratio = np.mean(x**2) / np.mean(outputs**2)
    return np.sqrt(ratio) * weight


def _scaled(x, weight, size, sums=lambda x, weight: np.maximum(x @ weight.T, 0)):
    """The weights times the size of x through that of the outputs: what most mistakes in repair_layer come to."""
    return size(x) / size(sums(x, weight)) * weight


def _whole(*shape):
    """Small whole numbers, the same at every import."""
    return _rng.integers(-4, 5, shape).astype(float)


def _sums(x, weight, bias):
    """Of each piece: (k, N, units)."""
    return np.stack([x @ w.T + b for w, b in zip(weight, bias, strict=True)])


def _library_maxout(x, weight, bias):
    k, units, inputs = weight.shape
    return _Maxout(k).forward(_library_linear(x, weight.swapaxes(0, 1).reshape(units * k, inputs), bias.T.ravel()))


def _softplus_number_by_number(x):
    return np.array([math.log(1 + math.exp(number)) for number in x.ravel()]).reshape(x.shape)


ROW = np.array([-2.0, -1, 0, 1, 3])
FAR = np.array([-1000.0, -1, 1, 1000])

EXERCISES = (
    Exercise(
        leaky_relu,
        "Leaky ReLU of every number of the array x, an array of the same shape: the number itself right of 0, alpha times the number "
        "left of it. alpha may be larger than 1, as PReLU may learn it. x may hold integers.",
        ((ROW, 0.5), (_whole(2, 3), 0.01), (ROW, 2.0), (np.array([0.25, 2.5]), 0.25), (_whole(2, 2, 3), 0.25), (np.array([-3, 0, 4]), 0.25)),
        (
            Mistake("max(αx, x) is right for α ≤ 1 only. Section A4 has a formula that always is.",
                    lambda x, a: np.maximum(a * x, x)),
            Mistake("left of 0 it is 0: that is ReLU, without a leak.", lambda x, a: np.maximum(x, 0)),
            Mistake("left and right are swapped: the slope α belongs to the negative numbers.",
                    lambda x, a: np.where(x > 0, a * x, x)),
            Mistake("the slope is α on both sides. Positive numbers stay as they are.", lambda x, a: a * x),
            Mistake("left of 0 it is α everywhere. α is a slope: multiply x by it.", lambda x, a: np.where(x > 0, x, a)),
            Mistake("the left side is positive. α times a negative number is negative.", lambda x, a: np.where(x > 0, x, -a * x)),
            Mistake("the slope is always 0.01. Use alpha.", lambda x, a: np.where(x > 0, x, 0.01 * x)),
            Mistake("this is the smaller of αx and x. Compare x with 0 instead.", lambda x, a: np.minimum(a * x, x)),
            Mistake("this is the slope: 1 on the right, α on the left. The task asks for the value.",
                    lambda x, a: np.where(x > 0, 1, a)),
            Mistake("this is the larger of α and x. α is a slope: multiply x by it.", lambda x, a: np.maximum(a, x)),
            Mistake("if works for one number, not for an array. np.where chooses number by number.",
                    lambda x, a: x if x > 0 else a * x),
        ),
        (
            "Two cases: what is wanted where x > 0, and what elsewhere?",
            "np.where(condition, a, b) takes a where the condition holds, and b elsewhere.",
        ),
        understood="Your function asks of each number which side of 0 it is on, so it is right for slopes above 1, too.",
        library=lambda x, alpha: _LIBRARY["leaky_relu"].f(x, alpha),
        large=(_whole(100, 100), 0.01),
    ),
    Exercise(
        relu_backward,
        "The way back through ReLU. x was ReLU's input, grad is the gradient of the loss for each number of its output. Give the "
        "gradient for each number of x, an array of the same shape. Count ReLU's slope at 0 as 0.",
        (
            (np.array([5.0, 6, 7]), np.array([-1.0, 2, 3])), (np.array([1.0, -2, 3, -4]), np.array([0.0, 2, -1, 0.5])),
            (_whole(2, 4), _whole(2, 4)), (np.array([1.0, -2]), np.array([3.0, 4])), (_whole(2, 3, 3), _whole(2, 3, 3)), (np.array([0.5, -1.5, 2]), np.array([2.5, 1.5, -0.5])),
            (np.array([0.5, -1.5, 2.5]), np.array([3, 1, -2])),
        ),
        (
            Mistake("the gradient goes through everywhere. Where x was negative, ReLU's slope is 0.", lambda g, x: g.copy()),
            Mistake("the sign of grad decides here. It is x that says where ReLU was open.", lambda g, x: np.maximum(g, 0)),
            Mistake("negative gradients are stopped as well. ReLU acts on x, not on grad.",
                    lambda g, x: np.where((x > 0) & (g > 0), g, 0)),
            Mistake("this is ReLU forward. The task asks for the gradient.", lambda g, x: np.maximum(x, 0)),
            Mistake("this is the slope alone. The chain rule multiplies it by grad.", lambda g, x: np.where(x > 0, 1.0, 0)),
            Mistake("grad is multiplied by ReLU's output. Multiply it by the slope, 1 or 0.", lambda g, x: g * np.maximum(x, 0)),
            Mistake("grad is multiplied by x. Multiply it by ReLU's slope there, 1 or 0.", lambda g, x: g * x),
            Mistake("at x = 0 the gradient goes through. There the slope counts as 0.", lambda g, x: np.where(x >= 0, g, 0)),
            Mistake("left and right are swapped: ReLU is open where x > 0.", lambda g, x: np.where(x > 0, 0, g)),
            Mistake("left of 0 a little goes through: that is Leaky ReLU.", lambda g, x: np.where(x > 0, g, 0.01 * g)),
            Mistake("grad and x are swapped: x decides, grad is passed on.", lambda g, x: np.where(g > 0, x, 0)),
        ),
        (
            "The chain rule: gradient for the input = gradient for the output, times the slope. What slopes has ReLU?",
            "The slope is 1 where x > 0, and 0 elsewhere. So grad goes through, or nothing does.",
        ),
        understood="Your function lets x decide where ReLU is open, and passes grad on there as it is, of either sign.",
        library=lambda grad, x: grad * _LIBRARY["relu"].df(x),
        large=(_whole(100, 100), _whole(100, 100)),
    ),
    Exercise(
        dead_units,
        "Which share of a layer's units is dead, from 0 to 1. sums has the shape (N, units): each unit's sum before ReLU, for N "
        "samples. A unit is dead if its sum is above 0 for none of them.",
        (
            (np.array([[-1.0, 2], [-3, -5]]),), (np.array([[0.0, -1, 1], [0, -2, 2], [-1, 3, 0], [0, -4, -3]]),),
            (np.array([[0.5, -1, 2, 0], [-2, 3, -1, 4]]),), (np.array([[-1.0, -2, 0], [-3, -1, -2]]),),
            (np.array([[-1.0, -2, 3, -4, 1], [-2, -3, -1, -1, -3], [-3, 0, -2, -2, -5]]),), (_whole(6, 7) - 2,),
        ),
        (
            Mistake("this is the share of zeros behind ReLU. A unit is dead only if all samples give 0.",
                    lambda s: (s <= 0).mean()),
            Mistake("the axes are swapped: samples go down (axis 0), units go across.", lambda s: (s <= 0).all(axis=1).mean()),
            Mistake("one sample with a sum up to 0 does not kill a unit. All of them must be.",
                    lambda s: (s <= 0).any(axis=0).mean()),
            Mistake("a sum of exactly 0 gives 0, too: only sums above 0 keep a unit alive.", lambda s: (s < 0).all(axis=0).mean()),
            Mistake("only the first sample is looked at. A unit is dead if no sample lifts it.", lambda s: (s[0] <= 0).mean()),
            Mistake("the last sample is left out.", lambda s: (s[:-1] <= 0).all(axis=0).mean()),
            Mistake("the mean decides here. One sum above 0 is enough to be alive.", lambda s: (s.mean(axis=0) <= 0).mean()),
            Mistake("this is the share of units that live.", lambda s: (s > 0).any(axis=0).mean()),
            Mistake("this is how many are dead. The task asks for their share.", lambda s: (s <= 0).all(axis=0).sum()),
            Mistake("// throws the fraction away, so a share becomes 0. Divide with /.",
                    lambda s: (s <= 0).all(axis=0).sum() // s.shape[1]),
            Mistake("this is in percent. The task asks for a share, from 0 to 1.", lambda s: 100 * (s <= 0).all(axis=0).mean()),
            Mistake("these are sums before ReLU: the sums of a dead unit are 0 or negative.", lambda s: (s == 0).all(axis=0).mean()),
            Mistake("this says of each unit whether it is dead. The task asks for one number.", lambda s: (s <= 0).all(axis=0)),
            Mistake("the dead units are divided by the number of samples. A share of the units is asked for.",
                    lambda s: (s <= 0).all(axis=0).sum() / len(s)),
        ),
        (
            "Look at one column of sums: one unit, all samples. When is this unit dead?",
            "sums <= 0 says of each number whether ReLU makes 0 of it. In a dead unit's column all are true.",
            ".all(axis=0) asks this of each column. The mean of true and false is the share of true.",
        ),
        understood="Your function looks at all samples of a unit before it says that the unit is dead, and counts units, not zeros.",
    ),
    Exercise(
        softplus,
        "Softplus, ln(1 + eˣ), of every number of the array x, an array of the same shape. It must also work for x = 1000, where eˣ is too large for a "
        "floating-point number: ln(1 + e¹⁰⁰⁰) is 1000, as nearly as can be.",
        ((np.array([0.0, 1, -2]),), (_whole(2, 3),), (FAR,), (np.array([[-800.0, -5], [5, 800]]),), (np.array([5.5, 6, 8, 10]),), (np.array([-2, 0, 3]),)),
        (
            Mistake("e¹⁰⁰⁰ is infinite, and so is its logarithm. Section A6 has a form without a large exponential.",
                    lambda x: np.log(1 + np.exp(x))),
            Mistake("math.exp raises an error where the result is too large. Let exp see only numbers up to 0.",
                    _softplus_number_by_number),
            Mistake("math.exp takes a single number. np.exp takes an array.", lambda x: math.log(1 + math.exp(x))),
            Mistake("left of 0, −x is positive, and e⁻ˣ is large. The exponent is −|x|.",
                    lambda x: np.maximum(x, 0) + np.log(1 + np.exp(-x))),
            Mistake("the exponent is −|x|, not |x|.", lambda x: np.maximum(x, 0) + np.log(1 + np.exp(abs(x)))),
            Mistake("max(x, 0) is missing: what was taken out of the logarithm must be added again.",
                    lambda x: np.log(1 + np.exp(-abs(x)))),
            Mistake("x is added instead of max(x, 0).", lambda x: x + np.log(1 + np.exp(-abs(x)))),
            Mistake("this is ReLU. Softplus comes near to it far from 0, and is larger everywhere.", lambda x: np.maximum(x, 0)),
            Mistake("right of 0 this is x. Softplus is larger: ln 2 at 0, and near to x only far on the right.",
                    lambda x: np.where(x > 0, x, np.log(1 + np.exp(x)))),
            Mistake("this is sigmoid, the slope of softplus. The task asks for the value.",
                    lambda x: _LIBRARY["sigmoid"].f(x)),
            Mistake("the 1 is missing: ln(eˣ) is x again.", lambda x: np.log(np.exp(x))),
            Mistake("this is ln(1 + e⁻ˣ), mirrored. Softplus rises from left to right.", lambda x: np.log(1 + np.exp(-x))),
        ),
        (
            "eˣ is harmless left of 0, e⁻ˣ right of it. Can the logarithm be written with the other one?",
            "Take eˣ out of the bracket: 1 + eˣ = eˣ·(1 + e⁻ˣ). Its logarithm is x + ln(1 + e⁻ˣ). Use that right of 0.",
            "Both sides in one formula: max(x, 0) + ln(1 + e⁻|x|). np.maximum, np.log, np.exp and np.abs take arrays.",
        ),
        understood="Your function gives the exponential only numbers that are not large, and is the same formula all the same.",
        library=lambda x: _LIBRARY["softplus"].f(x),
        large=(_whole(100, 100),),
    ),
    Exercise(
        maxout_layer,
        "A layer of maxout units, each with k sets of weights of which the largest sum wins. x has the shape (N, inputs), weight "
        "(k, units, inputs), bias (k, units). The output is (N, units).",
        (
            (np.array([[-2.0], [3]]), np.array([[[1.0]], [[-1.0]]]), np.zeros((2, 1))),
            (np.array([[1.0, 2]]), np.array([[[1.0, 0], [0, -1]], [[-1.0, 1], [1, -2]]]), np.array([[-4.0, 1], [2, -1]])),
            (_whole(4, 3), _whole(3, 2, 3), _whole(3, 2)), (_whole(2, 4), _whole(1, 3, 4), _whole(1, 3)),
            (_whole(3, 2) / 2, _whole(2, 2, 2), _whole(2, 2)), (np.array([[5.0, 5]]), np.array([[[-3.0, -4]], [[-5, -3]]]), np.zeros((2, 1))),
            (_whole(3, 2).astype(int), _whole(2, 3, 2) / 4, _whole(2, 3)),
        ),
        (
            Mistake("the biases are missing.", lambda x, w, b: _sums(x, w, 0 * b).max(axis=0)),
            Mistake("the bias comes after the maximum here, or is that of the first set. Each sum has its own, and the largest of them wins.",
                    lambda x, w, b: _sums(x, w, 0 * b).max(axis=0) + b[0]),
            Mistake("the largest bias is added after the maximum. Each sum has its own, added before.",
                    lambda x, w, b: _sums(x, w, 0 * b).max(axis=0) + b.max(axis=0)),
            Mistake("this is the mean of the sums. The largest one wins.", lambda x, w, b: _sums(x, w, b).mean(axis=0)),
            Mistake("the sums are added. The largest one wins.", lambda x, w, b: _sums(x, w, b).sum(axis=0)),
            Mistake("this is the smallest sum. The largest one wins.", lambda x, w, b: _sums(x, w, b).min(axis=0)),
            Mistake("weight[0] has a row for each unit, and @ wants a column for each: transpose it.",
                    lambda x, w, b: np.max([x @ each + more for each, more in zip(w, b, strict=True)], axis=0)),
            Mistake("only the first two sets of weights are compared. There are k.",
                    lambda x, w, b: _sums(x, w, b)[:2].max(axis=0)),
            Mistake("only the first set of weights is used.", lambda x, w, b: _sums(x, w, b)[0]),
            Mistake("the last set of weights is left out: range(k) goes up to k − 1.",
                    lambda x, w, b: _sums(x, w[: max(1, len(w) - 1)], b[: max(1, len(w) - 1)]).max(axis=0)),
            Mistake("−10 is no minus infinity: sums may be below it. Begin with the first sum, or with −np.inf.",
                    lambda x, w, b: _sums(x, w, b).max(axis=0, initial=-10)),
            Mistake("negative results became 0. Begin with the first sum, or with −∞, not with zeros.",
                    lambda x, w, b: _sums(x, w, b).max(axis=0, initial=0)),
            Mistake("the largest weights are taken first. Work out the sums, then take the largest.",
                    lambda x, w, b: x @ w.max(axis=0).T + b.max(axis=0)),
            Mistake("the maximum is over the N samples. It is over the k sets of weights, the first axis.",
                    lambda x, w, b: _sums(x, w, b).max(axis=1)),
            Mistake("the maximum is over the units. It is over the k sets of weights, the first axis.",
                    lambda x, w, b: _sums(x, w, b).max(axis=2)),
            Mistake("this is the sum with the largest absolute value. A large negative sum does not win.",
                    lambda x, w, b: np.take_along_axis(s := _sums(x, w, b), abs(s).argmax(axis=0)[None], 0)[0]),
        ),
        (
            "Each set of weights alone is a fully connected layer. What does the first one give, and what shape has it?",
            "The first one gives x @ weight[0].T + bias[0], of the shape (N, units). There are k of these.",
            "Put all of them into a list. np.max(…, axis=0) takes the largest of the k, place by place.",
        ),
        understood="Your function works out every sum with its own weights and bias, and only then lets the largest win.",
        library=_library_maxout,
        large=(_whole(100, 64), _whole(2, 64, 64), _whole(2, 64)),
    ),
    Exercise(
        repair_layer,
        "A fully connected layer with ReLU, without biases, makes its numbers too large or too small: behind twenty of them they are "
        "infinite, or gone. x has the shape (N, inputs), weight (units, inputs). Give the array of weights times one positive number, "
        "so that the mean of the squares behind ReLU is that of x. Measure it: these weights need not be random.",
        (
            (np.array([[1, 1]]), np.array([[2, 2], [-1, 0], [0, -1], [-1, -1]])),
            (np.array([[1.0, -2, 0.5], [0.5, 1, 2]]), np.array([[0.1, -0.3, 0.2], [0.4, 0.1, 0.1]])),
            (_whole(6, 4), 3 * _whole(4, 4)), (np.abs(_whole(5, 3)) + 1, np.abs(_whole(7, 3)) / 100 + 0.01), (_whole(8, 5), _whole(3, 5)),
        ),
        (
            Mistake("the root is missing. Weights times c make the squares c² times as large.", lambda x, w: _scaled(x, w, lambda a: np.mean(a**2))),
            Mistake("the ratio is upside down: outputs that are too large need smaller weights.",
                    lambda x, w: w * np.sqrt(np.mean(np.maximum(x @ w.T, 0) ** 2) / np.mean(x**2))),
            Mistake("ReLU is left out: it sets the negative sums to 0, so their squares are gone.",
                    lambda x, w: _scaled(x, w, lambda a: np.sqrt(np.mean(a**2)), lambda x, w: x @ w.T)),
            Mistake("that ReLU takes half of the squares is right on average. Put ReLU into what you measure.",
                    lambda x, w: np.sqrt(2) * _scaled(x, w, lambda a: np.sqrt(np.mean(a**2)), lambda x, w: x @ w.T)),
            Mistake("the square of a mean is not the mean of the squares. Square first.", lambda x, w: _scaled(x, w, lambda a: np.mean(a) ** 2)),
            Mistake("√(2 / inputs) is the size that random weights should have, not a factor. Measure what these weights do.",
                    lambda x, w: w * np.sqrt(2 / x.shape[1])),
            Mistake("this is the standard deviation. It takes the mean away before it squares; behind ReLU the mean is not 0.",
                    lambda x, w: _scaled(x, w, np.std)),
            Mistake("these are variances, and without a root. Take the mean of the squares, then the root of the ratio.",
                    lambda x, w: _scaled(x, w, np.var)),
            Mistake("the squares are summed. With more units there are more of them: take their mean.", lambda x, w: _scaled(x, w, np.linalg.norm)),
            Mistake("these are means of sizes. The mean of the squares is another number.", lambda x, w: _scaled(x, w, lambda a: np.mean(abs(a)))),
            Mistake("these are means, in which positive and negative numbers cancel. Square before you take the mean.",
                    lambda x, w: _scaled(x, w, np.mean)),
            Mistake("the largest numbers decide here. Take the mean of all squares.", lambda x, w: _scaled(x, w, lambda a: np.abs(a).max())),
            Mistake("the gain 2 / inputs is right on average, for random weights around 0. Measure what these weights do.",
                    lambda x, w: w / w.std() * np.sqrt(2 / w.shape[1])),
            Mistake("the weights times √2 are right for weights that suit a layer without ReLU. Measure what these weights do.",
                    lambda x, w: np.sqrt(2) * w),
            Mistake("each unit has a factor of its own. Take one for the whole layer: the mean over all its outputs.",
                    lambda x, w: np.sqrt(np.mean(x**2) / np.mean(np.maximum(x @ w.T, 0) ** 2, axis=0))[:, None] * w),
            Mistake("the mean of the squares is 1 now. It has to be that of x.",
                    lambda x, w: w / np.sqrt(np.mean(np.maximum(x @ w.T, 0) ** 2))),
            Mistake("these are the weights as they were.", lambda x, w: w.copy()),
            Mistake("this is the factor. Multiply the weights by it.",
                    lambda x, w: np.sqrt(np.mean(x**2) / np.mean(np.maximum(x @ w.T, 0) ** 2))),
            Mistake("these are the outputs, repaired. Give the weights.", lambda x, w: np.maximum(x @ repair_layer(x, w).T, 0)),
            Mistake("weight has a row for each unit, and @ wants a column for each: transpose it.",
                    lambda x, w: _scaled(x, w, lambda a: np.sqrt(np.mean(a**2)), lambda x, w: np.maximum(x @ w, 0))),
        ),
        (
            "Let the layer work: what stands behind ReLU, and what is the mean of its squares?",
            "ReLU(c·sum) = c·ReLU(sum) for a positive c. So what do weights times c make of the squares?",
            "c² times the mean of the squares behind ReLU must be the mean of the squares of x.",
        ),
        understood="Your function measures what a layer with ReLU does to its inputs, and undoes it in the weights: "
                   "twenty layers repaired like this, one after the other, keep the size of their numbers.",
        large=(_whole(100, 64), _whole(64, 64) / 10),
    ),
)  # fmt: skip
