"""Notebook 06, LeNet-5 and AlexNet: its exercises, with the mistakes that are often made.

The solutions are written to be read by students: they are shown to them as the last hint.
"""

import numpy as np

from ...ops import softmax as _library_softmax
from ...ops import softmax_cross_entropy as _library_cross_entropy
from ...practice import Exercise, Mistake
from ...shapes import conv_cost

_rng = np.random.default_rng(6)


def grouped_parameters(channels, filters, f, groups):
    seen = channels // groups
    return filters * (f * f * seen + 1)


def repair_network(shape, plan, units):
    channels, height, width = shape
    for filters, f, stride, padding in plan:
        height = (height - f + 2 * padding) // stride + 1
        width = (width - f + 2 * padding) // stride + 1
        channels = filters or channels  # pooling keeps the depth
    return [channels * height * width, *units[:-1]]


def softmax(z):
    powers = np.exp(z - z.max())
    return powers / powers.sum()


def top_classes(p, k):
    order = np.argsort(-p)
    return order[:k]


def cross_entropy(z, label):
    shifted = z - z.max()
    return np.log(np.exp(shifted).sum()) - shifted[label]


def confusion(labels, named, classes):
    table = np.zeros((classes, classes), dtype=int)
    for is_a, says in zip(labels, named, strict=True):
        table[is_a, says] += 1
    return table


def _another_network(rng):
    """An input, one to three layers in front that fit it, and one to three fully connected ones."""
    shape = tuple(map(int, rng.integers((1, 30, 30), (4, 60, 60))))
    layers = [
        (int(rng.integers(1, 9)), int(rng.integers(1, 6)), int(rng.integers(1, 3)), int(rng.integers(0, 3))),
        (0, 2, 2, 0),
    ]
    return shape, layers[: int(rng.integers(1, 3))], list(map(int, rng.integers(2, 99, rng.integers(1, 4))))


def _flat(shape, plan, side=lambda n, f, s, p: (n - f + 2 * p) // s + 1, depth=lambda now, filters: filters or now):
    """Channels, height and width in front of the first fully connected layer, as a rule for sides and one for depths have it."""
    channels, height, width = shape
    for filters, f, s, p in plan:
        height, width, channels = side(height, f, s, p), side(width, f, s, p), depth(channels, filters)
    return channels, height, width


def _inputs(units, shape, plan, **rules):
    """The answer of :func:`repair_network` with a mistake in its rules."""
    channels, height, width = _flat(shape, plan, **rules)
    return [channels * height * width, *units[:-1]]


def _last_alone(shape, plan, units):
    """As if the last layer of the plan stood alone behind the input."""
    return repair_network(shape, plan[-1:], units)


def _cross_entropies(z):
    """The cross-entropy of each class."""
    shifted = z - z.max()
    return np.log(np.exp(shifted).sum()) - shifted


def _one_hot(z, label):
    return (np.arange(len(z)) == label).astype(float)


def _counted_once(labels, named, classes):
    table = np.zeros((classes, classes), dtype=int)
    table[labels, named] += 1
    return table


def _first_found(p, k):
    """The k most probable classes in the order in which they stand in p."""
    return np.sort(np.argsort(-p)[:k])


LENET = [(6, 5, 1, 2), (0, 2, 2, 0), (16, 5, 1, 0), (0, 2, 2, 0)]
ALEXNET = [
    (96, 11, 4, 0),
    (0, 3, 2, 0),
    (256, 5, 1, 2),
    (0, 3, 2, 0),
    (384, 3, 1, 1),
    (384, 3, 1, 1),
    (256, 3, 1, 1),
    (0, 3, 2, 0),
]
SCORES = np.array([2.0, 1.0, -1.0])
LARGE = np.array([1000.0, 1001.0, 999.0])
FAR = np.array([0.0, 2000.0, 1.0])
CHANCES = np.array([0.1, 0.55, 0.04, 0.25, 0.06])
ONES = np.ones(300, np.uint8)  # as the labels of MNIST; a count of 300 does not fit into such a number
IS_A, SAYS = np.array([2, 0, 1, 2, 2, 0]), np.array([2, 0, 2, 1, 1, 0])

EXERCISES = (
    Exercise(
        grouped_parameters,
        "How many parameters a convolution layer has whose channels and filters are cut into groups of equal size: "
        "a filter, f × f pixels large, sees the channels of its own group only.",
        ((4, 6, 1, 1), (4, 6, 3, 2), (96, 256, 5, 2), (384, 384, 3, 2), (3, 96, 11, 1), (8, 8, 3, 8)),
        (
            Mistake("the groups are left out: every filter sees all channels.", lambda c, k, f, g: k * (f * f * c + 1)),
            Mistake("this is one group. The layer has all of them.", lambda c, k, f, g: k // g * (f * f * (c // g) + 1)),
            Mistake("the biases are missing: each filter has one.", lambda c, k, f, g: k * f * f * (c // g)),
            Mistake("the biases are divided, too. There is one for each filter, in whatever group it is.",
                    lambda c, k, f, g: k * (f * f * c + 1) // g),
            Mistake("there is one bias for each filter, not one for each group.", lambda c, k, f, g: k * f * f * (c // g) + g),
            Mistake("there is one bias for each filter, not one in all.", lambda c, k, f, g: k * f * f * (c // g) + 1),
            Mistake("groups make a filter smaller, not larger.", lambda c, k, f, g: k * (f * f * c * g + 1)),
            Mistake("a filter has f × f pixels, not f: it is a square.", lambda c, k, f, g: k * (f * (c // g) + 1)),
            Mistake("a filter goes through all channels of its group.", lambda c, k, f, g: k * (f * f + 1)),
            Mistake("channels and filters are swapped: how many filters has the layer, and how deep is one?", lambda c, k, f, g: c * (f * f * (k // g) + 1)),
        ),
        (
            "Draw one filter of one group. How deep is it?",
            "It is channels / groups deep, and has one bias. All groups together have as many filters as the layer.",
        ),
        library=lambda channels, filters, f, groups: conv_cost(channels, filters, f, 1, groups).parameters,
        understood="Your function lets a filter see the channels of its group alone, and counts a bias for each filter.",
        drawn=lambda rng: (lambda g, a, b: (g * a, g * b, int(rng.integers(1, 8)), g))(*map(int, rng.integers(2, 9, 3))),
    ),
    Exercise(
        repair_network,
        "A network got an input of another size, and its fully connected layers no longer fit. Give the list of how many inputs each "
        "of them must have. shape is the new input, (channels, height, width). plan lists the layers in front of them, each as "
        "(filters, f, stride, padding); pooling has 0 filters. units lists the outputs of the fully connected layers.",
        (
            ((1, 28, 28), LENET, [120, 84, 10]), ((1, 32, 32), LENET, [120, 84, 10]), ((1, 9, 9), [(0, 3, 2, 0)], [5, 2]),
            ((3, 20, 30), [(8, 3, 1, 1), (0, 3, 3, 1)], [10]), ((2, 8, 11), [(4, 3, 2, 0)], [7, 3]), ((2, 3, 4), [], [6, 2]),
            ((3, 227, 227), ALEXNET, [4096, 4096, 1000]),
        ),
        (
            Mistake("padding lies on both sides: it counts twice.",
                    lambda shape, plan, units: _inputs(units, shape, plan, side=lambda n, f, s, p: (n - f + p) // s + 1)),
            Mistake("the padding is left out: a map becomes 2p larger before the window moves.",
                    lambda shape, plan, units: _inputs(units, shape, plan, side=lambda n, f, s, p: (n - f) // s + 1)),
            Mistake("the + 1 is missing: the first window counts, too.",
                    lambda shape, plan, units: _inputs(units, shape, plan, side=lambda n, f, s, p: (n - f + 2 * p) // s)),
            Mistake("the stride is left out: the window does not stop at every place.", lambda shape, plan, units: _inputs(units, shape, plan, side=lambda n, f, s, p: n - f + 2 * p + 1)),
            Mistake("the floor is missing: a window fits or it does not.",
                    lambda shape, plan, units: _inputs(units, shape, plan, side=lambda n, f, s, p: (n - f + 2 * p) / s + 1)),
            Mistake("a window that hangs over the border does not count: round down, not up.",
                    lambda shape, plan, units: _inputs(units, shape, plan, side=lambda n, f, s, p: -(-(n - f + 2 * p) // s) + 1)),
            Mistake("after pooling the depth has become 0. Pooling has no filters: it keeps the maps that it gets.",
                    lambda shape, plan, units: _inputs(units, shape, plan, depth=lambda now, filters: filters)),
            Mistake("the depth is still that of the input. A convolution gives one map for each filter.",
                    lambda shape, plan, units: _inputs(units, shape, plan, depth=lambda now, filters: now)),
            Mistake("the depths are multiplied. A filter goes through all maps and gives one.",
                    lambda shape, plan, units: _inputs(units, shape, plan, depth=lambda now, filters: now * (filters or 1))),
            Mistake("height and width may be different: keep both.",
                    lambda shape, plan, units: _inputs(units, (shape[0], shape[1], shape[1]), plan)),
            Mistake("this counts the places of one map. The first layer gets all maps.",
                    lambda shape, plan, units: [repair_network(shape, plan, units)[0] // _flat(shape, plan)[0], *units[:-1]]),
            Mistake("these are the outputs, too. The last layer's outputs are nobody's inputs.",
                    lambda shape, plan, units: repair_network(shape, plan, [*units, 0])),
            Mistake("a layer gets the outputs of the layer before it, not its own.",
                    lambda shape, plan, units: [repair_network(shape, plan, units)[0], *units[1:]]),
            Mistake("only the first layer gets the flattened maps. The next one gets the outputs of the first.",
                    lambda shape, plan, units: repair_network(shape, plan, units)[:1] * len(units)),
            Mistake("this is the first layer alone. Give a list with a number for each layer.",
                    lambda shape, plan, units: repair_network(shape, plan, units)[0]),
            Mistake("each layer gets what the one before it gives. Here each begins with the input again.", _last_alone),
        ),
        (
            "Go through the plan, and keep three numbers: depth, height, width. Which of them does a convolution change, which does pooling?",
            "Both sides become (n − f + 2p) // stride + 1. The depth becomes the number of filters, or stays where that is 0.",
            "The first fully connected layer gets depth times height times width. Each other one gets the units of the one before.",
        ),
        understood="Your function carries depth, height and width from layer to layer, and knows where one layer's outputs are the next one's inputs.",
        drawn=lambda rng: _another_network(rng),
    ),
    Exercise(
        softmax,
        "The probabilities that belong to the scores z, an array (M,) of fractions or whole numbers: the exponential of each, divided by the sum of all. "
        "It must also work for scores of 1000.",
        ((np.zeros(2),), (SCORES,), (SCORES * 2 - 3,), (LARGE,), (FAR,), (np.array([-1000.0, -1000.5, -999.0, -1002.0]),), (np.array([7.0]),),
         (np.array([0.0, 0.0, 1000.0]),), (np.array([3, 1, 0]),)),
        (
            Mistake("exp(1000) is too large for a computer. Only differences of scores count: make the largest score 0 first.",
                    lambda z: np.exp(z) / np.exp(z).sum()),
            Mistake("the largest score is taken off above only. Take it off below, too.",
                    lambda z: np.exp(z - z.max()) / np.exp(z).sum()),
            Mistake("the mean is taken off, or another number that the largest score may be far above: take off the largest.",
                    lambda z: np.exp(z - z.mean()) / np.exp(z - z.mean()).sum()),
            Mistake("the smallest score is taken off, or the first or the middle one. The largest may still be far above it: take off the largest.",
                    lambda z: np.exp(z - z.min()) / np.exp(z - z.min()).sum()),
            Mistake("the search for the largest score begins at 0, or among absolute values. All scores may be negative: begin with the first.",
                    lambda z: np.exp(z - max(0, z.max())) / np.exp(z - max(0, z.max())).sum()),
            Mistake("they do not sum to 1 yet: divide by the sum of all exponentials.", lambda z: np.exp(z - z.max())),
            Mistake("the scores are divided by their sum. Take the exponential of each first.", lambda z: z / z.sum()),
            Mistake("the scores are squeezed between 0 and 1 by a straight line. Softmax takes exponentials.",
                    lambda z: (z - z.min()) / (z.max() - z.min())),
            Mistake("each score went through a sigmoid by itself. In a softmax all scores share one sum.",
                    lambda z: 1 / (1 + np.exp(-z))),
            Mistake("all belongs to the largest score here. The others get their share, too.",
                    lambda z: (z == z.max()) / (z == z.max()).sum()),
            Mistake("the least score is the most probable: check the sign inside exp.",
                    lambda z: np.exp(z.min() - z) / np.exp(z.min() - z).sum()),
            Mistake("these are the logarithms of the probabilities. Take exp of them, or no ln before.", lambda z: -_cross_entropies(z)),
            Mistake("this is divided by the number of scores. Divide by the sum of exponentials.",
                    lambda z: np.exp(z - z.max()) / len(z)),
        ),
        (
            "Take the exponential of each score, and divide by the sum of these. Then try scores of 1000.",
            "What happens to the result if the same number is taken off all scores? Nothing. So which number is good?",
            "exp of a number that is 0 or below never gets too large.",
        ),
        library=_library_softmax,
        understood="Your function makes probabilities of scores by their differences alone, so that no score is too large for it.",
        large=(_rng.normal(0, 5, 1000),),
    ),
    Exercise(
        top_classes,
        "The numbers of the k most probable classes, the most probable first, as an array (k,). "
        "p is an array (M,) with the probability of each class, no two alike.",
        (
            (np.array([0.2, 0.7, 0.1]), 1), (CHANCES, 3), (np.array([0.3, 0.05, 0.4, 0.25]), 4), (np.array([0.4, 0.5, 0.1]), 2),
            (_rng.permutation(10) / 45, 5), (_rng.permutation(1000) / 499_500, 300),
        ),
        (
            Mistake("the most probable one stands last. It should be the first.", lambda p, k: np.argsort(p)[-k:]),
            Mistake("these are the least probable ones. argsort begins with the smallest.", lambda p, k: np.argsort(p)[:k]),
            Mistake("these are the probabilities. The numbers of the classes are wanted.", lambda p, k: np.sort(p)[::-1][:k]),
            Mistake("classes count from 0, not from 1.", lambda p, k: np.argsort(-p)[:k] + 1),
            Mistake("these are all classes. Only the first k are wanted.", lambda p, k: np.argsort(-p)),
            Mistake("the classes are the right ones, but in the order of their numbers. The most probable comes first.",
                    _first_found),
            Mistake("this is the rank of each class. Which class has rank 0, which has rank 1?",
                    lambda p, k: np.argsort(np.argsort(-p))[:k]),
            Mistake("this is the most probable class alone. There should be k of them.", lambda p, k: int(np.argmax(p))),
            Mistake("the probability stands beside each number. Only the numbers are wanted.",
                    lambda p, k: np.stack([np.argsort(-p)[:k], np.sort(p)[::-1][:k]], axis=1)),
        ),
        (
            "np.argsort(p) gives the numbers of the classes in the order of their probability, the smallest first.",
            "Sort −p instead, or turn the order round with [::-1]. Then take the first k.",
        ),
        understood="Your function gives the classes, not their probabilities, and the most probable one first.",
    ),
    Exercise(
        cross_entropy,
        "The loss −ln p of the right class, for scores z, an array (M,), and the number of that class. p is the softmax of z. "
        "It must also work for scores of 2000.",
        ((np.zeros(2), 0), (SCORES, 0), (SCORES, 2), (LARGE, 0), (FAR, 2), (SCORES - 1000, 1)),
        (
            Mistake("exp of a large score is too large for a computer: make the largest score 0 first.",
                    lambda z, label: -np.log((np.exp(z) / np.exp(z).sum())[label])),
            Mistake("the probability has become 0, and ln 0 is −∞, or 1/p is infinite. ln(a/b) = ln a − ln b, and ln of exp(z) is z itself.",
                    lambda z, label: -np.log(_library_softmax(z)[label])),
            Mistake("the search for the largest score begins at 0. All scores may be negative: begin with the first.",
                    lambda z, label: np.log(np.exp(z - max(0, z.max())).sum()) - (z - max(0, z.max()))[label]),
            Mistake("the sign is missing: ln of a probability is negative, and a loss is not.", lambda z, label: -_cross_entropies(z)[label]),
            Mistake("this is the probability. Take −ln of it.", lambda z, label: _library_softmax(z)[label]),
            Mistake("this is 1 − p. Take −ln p.", lambda z, label: 1 - _library_softmax(z)[label]),
            Mistake("this is the logarithm to base 2. ln is np.log.", lambda z, label: _cross_entropies(z)[label] / np.log(2)),
            Mistake("this is the logarithm to base 10. ln is np.log.", lambda z, label: _cross_entropies(z)[label] / np.log(10)),
            Mistake("the losses of all classes are added up. Only the right class counts.", lambda z, label: _cross_entropies(z).sum()),
            Mistake("this is the mean over all classes. Only the right class counts.", lambda z, label: _cross_entropies(z).mean()),
            Mistake("this is the loss of the most probable class. Take that of the right one.", lambda z, label: _cross_entropies(z).min()),
            Mistake("classes count from 0: z[label] is the score of the right class.", lambda z, label: _cross_entropies(z)[label - 1]),
            Mistake("the scores did not go through the softmax: take −ln of the probability, not the score.", lambda z, label: -z[label]),
            Mistake("this is the squared error of the probabilities. Take −ln of the right class's probability.",
                    lambda z, label: ((_library_softmax(z) - _one_hot(z, label)) ** 2).sum()),
        ),
        (
            "First the softmax, with the largest score taken off. Then −ln of the probability of the right class.",
            "For z = (0, 2000, 1) the probability of class 2 is too small for a computer. So do not compute it.",
            "−ln of a quotient is ln of what stands below, less ln of what stands above. And ln(exp(z)) is z.",
        ),
        library=lambda z, label: _library_cross_entropy(z[None], np.array([label]))[0],
        understood="Your function takes the logarithm before a probability can become 0, so that a loss of 2000 is no infinity.",
        large=(_rng.normal(0, 5, 1000), 3),
    ),
    Exercise(
        confusion,
        "The confusion matrix, (classes, classes): in row i and column j stands how often a picture of class i was named j. "
        "labels and named are arrays (N,) of whole numbers, perhaps of uint8: what each picture is, and what the network says.",
        (
            (np.array([0, 1, 1]), np.array([0, 1, 0]), 2), (IS_A, SAYS, 3), (IS_A, SAYS, 4), (SAYS, IS_A, 3),
            (_rng.integers(0, 5, 40), _rng.integers(0, 5, 40), 5), (IS_A[:0], SAYS[:0], 2), (ONES, ONES, 2), (19 * ONES[:4], 9 * ONES[:4], 20),
        ),
        (
            Mistake("rows and columns are swapped: the row says what the picture is, the column what it was called.",
                    lambda t, n, c: confusion(n, t, c)),
            Mistake("every pair is counted once at most: table[labels, named] += 1 does not count twice. Use a loop, or np.add.at.",
                    _counted_once),
            Mistake("a table with the dtype of the labels holds at most 255: make it with dtype=int.",
                    lambda t, n, c: confusion(t, n, c).astype(t.dtype)),
            Mistake("right answers are left out. They stand on the diagonal.",
                    lambda t, n, c: confusion(t, n, c) * (1 - np.eye(c, dtype=int))),
            Mistake("only right answers are counted. The mistakes stand beside the diagonal.",
                    lambda t, n, c: np.diag(np.diag(confusion(t, n, c)))),
            Mistake("classes count from 0: class i has row i and column i.", lambda t, n, c: np.roll(confusion(t, n, c), (-1, -1), (0, 1))),
            Mistake("these are shares of all pictures. The counts are wanted.", lambda t, n, c: confusion(t, n, c) / max(1, len(t))),
            Mistake("these are shares of each row. The counts are wanted.",
                    lambda t, n, c: confusion(t, n, c) / np.maximum(1, confusion(t, n, c).sum(axis=1, keepdims=True))),
            Mistake("both orders are counted: i named j, and j named i. These are different mistakes.",
                    lambda t, n, c: confusion(t, n, c) + confusion(n, t, c)),
            Mistake("this counts what the pictures are, not what they were called.", lambda t, n, c: np.diag(np.bincount(t, minlength=c))),
            Mistake("this counts what the network says, not of which pictures.", lambda t, n, c: np.diag(np.bincount(n, minlength=c))),
            Mistake("there are rows only for classes that were seen. Make the table classes × classes.",
                    lambda t, n, c: confusion(t, n, 1 + max([*t, *n], default=-1))),
        ),
        (
            "Begin with a table of zeros. One picture adds 1 in one place: in which row, in which column?",
            "Go through both arrays together, with zip(labels, named).",
        ),
        library=lambda t, n, c: np.bincount(c * t.astype(int) + n, minlength=c * c).reshape(c, c),
        understood="Your function keeps apart what a picture is and what it is called, and counts each picture once.",
        large=(_rng.integers(0, 10, 2000), _rng.integers(0, 10, 2000), 10),
    ),
)  # fmt: skip
