"""Notebook 06, LeNet-5 and AlexNet: its exercises, with the mistakes that are often made.

The solutions are written to be read by students: they are shown to them as the last hint.
"""

import numpy as np

from ...models import C3_TABLE
from ...ops import softmax as _library_softmax
from ...ops import softmax_cross_entropy as _library_cross_entropy
from ...practice import Exercise, Mistake
from ...shapes import conv_cost

_rng = np.random.default_rng(6)


def grouped_parameters(channels, filters, f, groups):
    seen = channels // groups
    return filters * (f * f * seen + 1)


def table_parameters(table, f):
    parameters = 0
    for maps in table:
        parameters += f * f * len(maps) + 1
    return parameters


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


def _inputs(table):
    """How many different maps a table of connections reads."""
    return len({each for maps in table for each in maps})


def _crosses(table):
    return sum(len(maps) for maps in table)


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


SCORES = np.array([2.0, 1.0, -1.0])
LARGE = np.array([1000.0, 1001.0, 999.0])
FAR = np.array([0.0, 2000.0, 1.0])
CHANCES = np.array([0.1, 0.55, 0.04, 0.25, 0.06])
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
            Mistake("a filter has f × f pixels, not f.", lambda c, k, f, g: k * (f * (c // g) + 1)),
            Mistake("a filter goes through all channels of its group.", lambda c, k, f, g: k * (f * f + 1)),
            Mistake("channels and filters are swapped.", lambda c, k, f, g: c * (f * f * (k // g) + 1)),
        ),
        (
            "Draw one filter of one group. How deep is it?",
            "It is channels / groups deep, and has one bias. All groups together have as many filters as the layer.",
        ),
        library=lambda channels, filters, f, groups: conv_cost(channels, filters, f, 1, groups).parameters,
    ),
    Exercise(
        table_parameters,
        "How many parameters a convolution layer has whose maps are connected by a table, such as C3 of LeNet-5. "
        "For each of its maps the table lists which maps it sees; f is the side of a filter.",
        (
            ([[0]], 1), ([[0, 1, 2]], 5), ([[0, 1], [2], [0, 1, 2]], 3), ([[0], [1], [2], [3]], 2),
            ([list(maps) for maps in C3_TABLE], 5),
        ),
        (
            Mistake("every map sees every map here. Count those that the table lists.",
                    lambda t, f: len(t) * (f * f * _inputs(t) + 1)),
            Mistake("the biases are missing: each map has one.", lambda t, f: f * f * _crosses(t)),
            Mistake("there is one bias for each map, not one in all.", lambda t, f: f * f * _crosses(t) + 1),
            Mistake("there is one bias for each map, not one for each connection.", lambda t, f: (f * f + 1) * _crosses(t)),
            Mistake("a map has weights of its own for each map it sees. How many are listed for it?",
                    lambda t, f: len(t) * (f * f + 1)),
            Mistake("a filter has f × f pixels, not f.", lambda t, f: f * _crosses(t) + len(t)),
            Mistake("the numbers of the maps are added up. How many there are is what counts.",
                    lambda t, f: f * f * sum(map(sum, t)) + len(t)),
            Mistake("this is the first map alone.", lambda t, f: f * f * len(t[0]) + 1),
            Mistake("these are the connections. Each of them has f × f weights.", lambda t, f: _crosses(t)),
        ),
        (
            "How many weights has one map that sees three others, with 5×5 filters?",
            "Go through the table. Each map has f·f weights for each map it sees, and one bias.",
        ),
    ),
    Exercise(
        softmax,
        "The probabilities that belong to the scores z, an array (K,): the exponential of each, divided by the sum of all. "
        "It must also work for scores of 1000.",
        ((np.zeros(2),), (SCORES,), (SCORES * 2 - 3,), (LARGE,), (FAR,), (np.array([-1000.0, -1000.5, -999.0, -1002.0]),), (np.array([7.0]),),
         (np.array([0.0, 0.0, 1000.0]),)),
        (
            Mistake("exp(1000) is too large for a computer. Only differences of scores count: make the largest score 0 first.",
                    lambda z: np.exp(z) / np.exp(z).sum()),
            Mistake("the largest score is taken off above only. Take it off below, too.",
                    lambda z: np.exp(z - z.max()) / np.exp(z).sum()),
            Mistake("the mean is taken off. The largest score may still be far above it: take off the largest.",
                    lambda z: np.exp(z - z.mean()) / np.exp(z - z.mean()).sum()),
            Mistake("the smallest score is taken off. The others may still be far above it: take off the largest.",
                    lambda z: np.exp(z - z.min()) / np.exp(z - z.min()).sum()),
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
            Mistake("these are the logarithms of the probabilities.", lambda z: -_cross_entropies(z)),
            Mistake("this is divided by the number of scores. Divide by the sum of exponentials.",
                    lambda z: np.exp(z - z.max()) / len(z)),
        ),
        (
            "Take the exponential of each score, and divide by the sum of these. Then try scores of 1000.",
            "What happens to the result if the same number is taken off all scores? Nothing. So which number is good?",
            "exp of a number that is 0 or below never gets too large.",
        ),
        library=_library_softmax,
        bench=(_rng.normal(0, 5, 1000),),
    ),
    Exercise(
        top_classes,
        "The numbers of the k most probable classes, the most probable first, as an array (k,). "
        "p is an array (K,) with the probability of each class, no two alike.",
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
    ),
    Exercise(
        cross_entropy,
        "The loss −ln p of the right class, for scores z, an array (K,), and the number of that class. p is the softmax of z. "
        "It must also work for scores of 2000.",
        ((np.zeros(2), 0), (SCORES, 0), (SCORES, 2), (LARGE, 0), (FAR, 2), (SCORES - 1000, 1)),
        (
            Mistake("exp of a large score is too large for a computer: make the largest score 0 first.",
                    lambda z, label: -np.log((np.exp(z) / np.exp(z).sum())[label])),
            Mistake("the probability has become 0, and ln 0 is −∞. ln(a/b) = ln a − ln b, and ln of exp(z) is z itself.",
                    lambda z, label: -np.log(_library_softmax(z)[label])),
            Mistake("the sign is missing: ln of a probability is negative, and a loss is not.", lambda z, label: -_cross_entropies(z)[label]),
            Mistake("this is the probability. Take −ln of it.", lambda z, label: _library_softmax(z)[label]),
            Mistake("this is 1 − p. Take −ln p.", lambda z, label: 1 - _library_softmax(z)[label]),
            Mistake("this is the logarithm to base 2. ln is np.log.", lambda z, label: _cross_entropies(z)[label] / np.log(2)),
            Mistake("this is the logarithm to base 10. ln is np.log.", lambda z, label: _cross_entropies(z)[label] / np.log(10)),
            Mistake("the losses of all classes are added up. Only the right class counts.", lambda z, label: _cross_entropies(z).sum()),
            Mistake("this is the mean over all classes. Only the right class counts.", lambda z, label: _cross_entropies(z).mean()),
            Mistake("this is the loss of the most probable class. Take that of the right one.", lambda z, label: _cross_entropies(z).min()),
            Mistake("classes count from 0: z[label] is the score of the right class.", lambda z, label: _cross_entropies(z)[label - 1]),
            Mistake("the scores did not go through the softmax.", lambda z, label: -z[label]),
            Mistake("this is the squared error of the probabilities.",
                    lambda z, label: ((_library_softmax(z) - _one_hot(z, label)) ** 2).sum()),
        ),
        (
            "First the softmax, with the largest score taken off. Then −ln of the probability of the right class.",
            "For z = (0, 2000, 1) the probability of class 2 is too small for a computer. So do not compute it.",
            "−ln of a quotient is ln of what stands below, less ln of what stands above. And ln(exp(z)) is z.",
        ),
        library=lambda z, label: _library_cross_entropy(z[None], np.array([label]))[0],
        bench=(_rng.normal(0, 5, 1000), 3),
    ),
    Exercise(
        confusion,
        "The confusion matrix, (classes, classes): in row i and column j stands how often a picture of class i was named j. "
        "labels and named are arrays (N,) of whole numbers: what each picture is, and what the network says.",
        (
            (np.array([0, 1, 1]), np.array([0, 1, 0]), 2), (IS_A, SAYS, 3), (IS_A, SAYS, 4), (SAYS, IS_A, 3),
            (_rng.integers(0, 5, 40), _rng.integers(0, 5, 40), 5), (IS_A[:0], SAYS[:0], 2),
        ),
        (
            Mistake("rows and columns are swapped: the row says what the picture is, the column what it was called.",
                    lambda t, n, c: confusion(n, t, c)),
            Mistake("every pair is counted once at most: table[labels, named] += 1 does not count twice. Use a loop, or np.add.at.",
                    _counted_once),
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
        library=lambda t, n, c: np.bincount(c * t + n, minlength=c * c).reshape(c, c),
        bench=(_rng.integers(0, 10, 2000), _rng.integers(0, 10, 2000), 10),
    ),
)  # fmt: skip
