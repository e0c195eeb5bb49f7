"""Notebook 01, motivation: its exercises, with the mistakes that are often made.

The solutions are written to be read by students: they are shown to them as the last hint.
"""

import numpy as np

from ...ops import linear as _library_linear
from ...practice import Exercise, Mistake
from ...transforms import distance as _library_distance
from ...transforms import translate as _library_translate

_rng = np.random.default_rng(1)


def dense_parameters(side, channels, units):
    inputs = side * side * channels
    return inputs * units + units


def pixel_distance(one, other):
    difference = one.astype(float) - other
    return np.sqrt((difference**2).mean())


def move_right(image, pixels):
    cols = image.shape[1]
    moved = np.zeros_like(image)
    moved[:, pixels:] = image[:, : cols - pixels]
    return moved


def dense_layer(x, weight, bias):
    numbers = x.ravel()
    output = np.zeros(len(weight))
    for unit in range(len(weight)):
        output[unit] = (weight[unit] * numbers).sum() + bias[unit]
    return output


def local_layer(row, weight):
    units, f = weight.shape
    output = np.zeros(units)
    for i in range(units):
        output[i] = (row[i : i + f] * weight[i]).sum()
    return output


def share_weights(weight, f):
    units, pixels = weight.shape
    repaired = np.zeros((units, pixels))
    for k in range(f):
        mean = np.mean([weight[i, i + k] for i in range(units)])
        for i in range(units):
            repaired[i, i + k] = mean
    return repaired


def _whole(*shape):
    """Small whole numbers, the same at every import."""
    return _rng.integers(-4, 5, shape).astype(float)


def _moved_by_slices(image, pixels, cols):
    moved = np.zeros_like(image)
    moved[:, pixels:] = image[:, :cols]
    return moved


def _smeared(image, pixels):
    moved = image.copy()
    for j in range(pixels, image.shape[1]):
        moved[:, j] = moved[:, j - pixels]
    moved[:, :pixels] = 0
    return moved


def _erased(image, pixels):
    moved = image.copy()
    moved[:, :pixels] = 0
    return moved


def _windows(row, weight, starts):
    return np.array(
        [(row[start : start + weight.shape[1]] * each).sum() for start, each in zip(starts, weight, strict=True)]
    )


def _kept_as(dtype, values):
    """What is left of values in an array of a dtype that cannot hold them."""
    kept = np.zeros(len(values), dtype=dtype)
    for i, value in enumerate(values):
        kept[i] = value
    return kept


def _inside(weight, f):
    """Which places of a matrix (units, pixels) are in a unit's window of f pixels."""
    units, pixels = weight.shape
    return (np.arange(pixels) >= np.arange(units)[:, None]) & (np.arange(pixels) < np.arange(units)[:, None] + f)


def _shared(weight, f, mean=np.mean, order=1):
    """A matrix like ``weight`` in which each unit's window holds what ``mean`` makes of each diagonal."""
    made = np.zeros(weight.shape)
    made[_inside(weight, f)] = np.tile(
        [mean(np.diagonal(weight, k)[: len(weight)]) for k in range(f)][::order], len(weight)
    )
    return made


def _every_diagonal_tied(weight, f):
    units, pixels = weight.shape
    means = {k: np.diagonal(weight, k).mean() for k in range(1 - units, pixels)}
    return np.array([[means[j - i] for j in range(pixels)] for i in range(units)])


IMAGE = np.array([[1, 2, 3], [4, 5, 6]], dtype=float)
DARK = np.array([[10, 200], [30, 0]], dtype=np.uint8)
LIGHT = np.array([[20, 190], [0, 255]], dtype=np.uint8)

EXERCISES = (
    Exercise(
        dense_parameters,
        "How many parameters, weights and biases, a fully connected first layer has: the image has side × side pixels of some "
        "channels, and each of the units is wired to every number of it.",
        ((1, 1, 1), (2, 3, 1), (28, 1, 10), (36, 2, 32), (200, 3, 1000)),
        (
            Mistake("the biases are missing: each unit has one.", lambda n, c, k: n * n * c * k),
            Mistake("each unit has a bias, not the layer as a whole.", lambda n, c, k: n * n * c * k + 1),
            Mistake("the channels are left out. A pixel in colour is three numbers.", lambda n, c, k: n * n * k + k),
            Mistake("an image has side · side pixels, not side.", lambda n, c, k: n * c * k + k),
            Mistake("a bias belongs to a unit, not to an input.", lambda n, c, k: n * n * c * (k + 1)),
            Mistake("this is one unit. The layer has several.", lambda n, c, k: n * n * c + 1),
            Mistake("inputs and units are added. Every unit is wired to every input: how many wires are that?",
                    lambda n, c, k: n * n * c + k),
            Mistake("the channels are squared. Only the side counts twice, for rows and for columns.",
                    lambda n, c, k: (n * c) ** 2 * k + k),
        ),
        (
            "How many numbers is the image? That many weights has one unit.",
            "One unit has side·side·channels weights and one bias. How many units are there?",
        ),
        understood="Your function counts a weight for every input of every unit, and one bias for each unit.",
        drawn=lambda rng: tuple(map(int, rng.integers(2, 60, 3))),
    ),
    Exercise(
        pixel_distance,
        "The distance of two images of one shape, as in section M3: the root of the mean of the squared differences of their "
        "pixels. The pixels may be uint8.",
        (
            (np.array([[0.0, 3], [0, 0]]), np.array([[0.0, 0], [4, 0]])), (IMAGE, IMAGE.copy()), (DARK, LIGHT),
            (_whole(3, 2, 4), _whole(3, 2, 4)),
        ),
        (
            Mistake("uint8 holds 0 to 255 only: 10 − 20 becomes 246, and 20 · 20 becomes 144. Make floats of the pixels first.",
                    lambda a, b: np.sqrt(((a - b) ** 2).mean())),
            Mistake("uint8 knows no negative numbers: 10 − 20 becomes 246. Make floats before you subtract.",
                    lambda a, b: np.sqrt(((a - b).astype(float) ** 2).mean())),
            Mistake("the root is missing.", lambda a, b: ((a.astype(float) - b) ** 2).mean()),
            Mistake("this is the root of the sum. Take the mean, or larger images are always further apart.",
                    lambda a, b: np.linalg.norm(a.astype(float) - b)),
            Mistake("the squares are missing: this is the mean of the absolute differences.",
                    lambda a, b: abs(a.astype(float) - b).mean()),
            Mistake("positive and negative differences cancel here. Square each of them first.",
                    lambda a, b: (a.astype(float) - b).mean()),
            Mistake("positive and negative differences cancel before the square is taken. Square each of them.",
                    lambda a, b: abs((a.astype(float) - b).mean())),
            Mistake("this is the largest difference. All pixels count.", lambda a, b: abs(a.astype(float) - b).max()),
            Mistake("only the first part of the image is compared, its first row or its first channel.",
                    lambda a, b: np.sqrt(((a[0].astype(float) - b[0]) ** 2).mean())),
            Mistake("the mean is inside the root: divide by the number of pixels before you take the root.",
                    lambda a, b: np.sqrt(((a.astype(float) - b) ** 2).sum()) / a.size),
            Mistake("the sum is divided by the rows. Divide by the number of all pixels: .mean() does it.",
                    lambda a, b: np.sqrt(((a.astype(float) - b) ** 2).sum() / len(a))),
            Mistake("the root comes last: first square, then the mean, then the root.",
                    lambda a, b: np.sqrt(abs(a.astype(float) - b)).mean()),
        ),
        (
            "Read the name from its end: root, mean, square. The square comes first, the root last.",
            "Pixels of uint8 cannot be negative. one.astype(float) makes numbers that can.",
            "With NumPy: the differences, then ** 2, then .mean(), then np.sqrt.",
        ),
        understood="Your function squares the differences before it takes their mean, so that they cannot cancel, and it "
        "makes floats of the pixels first.",
        library=_library_distance,
        large=(_whole(3, 128, 128), _whole(3, 128, 128)),
    ),
    Exercise(
        move_right,
        "An image, an array (rows, cols), moved to the right by some pixels, from 0 to cols. Its size stays. What leaves on the right "
        "is lost, and zeros come in on the left. Return a new array.",
        ((IMAGE, 1), (_whole(4, 5), 2), (_whole(3, 3), 2), (_whole(2, 4), 0), (IMAGE + 1, 3), (IMAGE / 2, 2)),
        (
            Mistake("what leaves on the right comes in on the left, as np.roll does it. Zeros must come in.",
                    lambda x, p: np.roll(x, p, axis=1)),
            Mistake("np.roll without axis moves all numbers along one long row. And zeros must come in.", np.roll),
            Mistake("image[:, :-0] is empty. Count from the left instead: up to cols − pixels.",
                    lambda x, p: _moved_by_slices(x, p, -p)),
            Mistake("the image moves to the left.", lambda x, p: _library_translate(x, 0, -p)),
            Mistake("the image moves down. The second index is the one that goes across.",
                    lambda x, p: _library_translate(x, p, 0)),
            Mistake("the image stays where it is and is only erased on the left.", _erased),
            Mistake("the border is repeated on the left. Zeros must come in.",
                    lambda x, p: _library_translate(x, 0, p, "nearest")),
            Mistake("it moves by one pixel, whatever pixels says.", lambda x, p: _library_translate(x, 0, 1)),
            Mistake("the image has grown. Its size must stay: what leaves on the right is lost.",
                    lambda x, p: np.pad(x, ((0, 0), (p, 0)))),
            Mistake("pixels are copied that were already written over. Read from image, write to another array.", _smeared),
            Mistake("the smallest pixel comes in on the left. Zeros must come in, however dark the image is.",
                    lambda x, p: np.where(np.arange(x.shape[1]) < p, x.min(), _library_translate(x, 0, p))),
            Mistake("the image has shrunk. Its size must stay: zeros come in on the left.",
                    lambda x, p: x[:, : x.shape[1] - p].copy()),
            Mistake("it moves one pixel too far. Column 0 must arrive at column pixels.",
                    lambda x, p: _library_translate(x, 0, p + 1)),
        ),
        (
            "Begin with an array of zeros of the image's shape. In which column does column 0 of the image arrive?",
            "Column 0 arrives at column pixels. So write to moved[:, pixels:]. How many columns is that?",
            "It is cols − pixels columns: the first ones of the image, image[:, : cols - pixels].",
        ),
        understood="Your function finds for each pixel its new column and lets zeros come in, whether the image moves by "
        "nothing or by its whole width.",
        library=lambda image, pixels: _library_translate(image, 0, pixels),
        large=(_whole(200, 200), 8),
    ),
    Exercise(
        dense_layer,
        "A fully connected layer on one image: x has the shape (channels, rows, cols), and bias is (units,). weight has a row for each "
        "unit: as many weights as x has numbers, in the order of x.ravel(). x may be uint8. The output is an array of floats, (units,).",
        (
            (np.array([[[1.0, 2], [3, 4]]]), np.array([[1.0, 0, 0, 0], [0, 1, 0, -1]]), np.zeros(2)),
            (_whole(1, 2, 3), _whole(3, 6), np.array([1.0, -2, 0.5])), (_whole(3, 2, 2), _whole(2, 12), np.array([-3.0, 1])),
            (DARK[None], np.array([[0.5, -1, 0, 1], [0, 0, -1, 0]]), np.array([0.25, 0])),
        ),
        (
            Mistake("the bias is missing.", lambda x, w, b: w @ x.ravel()),
            Mistake("all units got the first bias.", lambda x, w, b: w @ x.ravel() + b[0]),
            Mistake("the bias is added once for each input. It is added once for each unit.",
                    lambda x, w, b: w @ x.ravel() + w.shape[1] * b),
            Mistake("a unit needs the numbers of x in one row: x.ravel() lays them side by side.", lambda x, w, b: w @ x + b),
            Mistake("the image is read column by column. x.ravel() reads it row by row.",
                    lambda x, w, b: w @ x.swapaxes(1, 2).ravel() + b),
            Mistake("the channels of a pixel are read together. Here a whole channel comes before the next one.",
                    lambda x, w, b: w @ np.moveaxis(x, 0, -1).ravel() + b),
            Mistake("only the first channel is used.", lambda x, w, b: w[:, : x[0].size] @ x[0].ravel() + b),
            Mistake("each unit goes on with the sum of the one before. Begin each sum with 0.",
                    lambda x, w, b: np.cumsum(w @ x.ravel() + b)),
            Mistake("this is the mean of the products. Add them up.", lambda x, w, b: w @ x.ravel() / x.size + b),
            Mistake("all units use the weights of the first one.", lambda x, w, b: w[0] @ x.ravel() + b),
            Mistake("negative sums became 0. That is ReLU, the next layer's job.",
                    lambda x, w, b: np.maximum(w @ x.ravel() + b, 0)),
            Mistake("the products are not added up: a unit gives one number.", lambda x, w, b: w * x.ravel() + b[:, None]),
            Mistake("the output has the dtype of x: an array of uint8 holds neither negative numbers nor fractions. Ask for float.",
                    lambda x, w, b: _kept_as(x.dtype, w @ x.ravel() + b)),
            Mistake("the last unit stays 0. range(len(weight)) goes through all of them.",
                    lambda x, w, b: (w @ x.ravel() + b) * (np.arange(len(b)) < len(b) - 1)),
            Mistake("the last number of the image is left out. range(n) already ends at n − 1.",
                    lambda x, w, b: w[:, :-1] @ x.ravel()[:-1] + b),
        ),
        (
            "A unit adds up all numbers of the image, each times a weight of its own. Lay the image out as one row: x.ravel().",
            "Unit number unit has the weights weight[unit]. Multiply them with the row, add up, and add bias[unit] once.",
            "A matrix times a vector does this for all units at once: weight @ x.ravel().",
        ),
        understood="Your function gives each unit a weight for every number of the image, and adds its bias once.",
        library=lambda x, weight, bias: _library_linear(x.reshape(1, -1), weight, bias)[0],
        large=(_whole(3, 20, 20), _whole(50, 1200), np.zeros(50)),
    ),
    Exercise(
        local_layer,
        "A locally connected layer on a row of n pixels. Unit i sees the f pixels from pixel i on, with weights of its own: weight "
        "has the shape (n − f + 1, f), and weight[i] belongs to unit i. No bias. row may be uint8. The output is an array of floats, "
        "(n − f + 1,).",
        (
            (np.array([1.0, 2, 3, 4]), np.array([[1.0, 0], [0, 1], [1, -1]])), (_whole(10), _whole(8, 3)),
            (_whole(5), _whole(1, 5)), (_whole(6), _whole(6, 1)), (_whole(5), _whole(3, 3)), (DARK.ravel(), _whole(3, 2) / 2),
            (_whole(6) / 2, _whole(4, 3)),
        ),
        (
            Mistake("all units use the first unit's weights. That is a convolution; here each has its own.",
                    lambda x, w: _windows(x, np.repeat(w[:1], len(w), 0), range(len(w)))),
            Mistake("the weights are flipped: weight[i, 0] belongs to the first pixel of the window.",
                    lambda x, w: _windows(x, w[:, ::-1], range(len(w)))),
            Mistake("all units look at the first window. Unit i begins at pixel i.", lambda x, w: _windows(x, w, [0] * len(w))),
            Mistake("the windows lie side by side here. They overlap: unit i begins at pixel i.",
                    lambda x, w: _windows(x, w, range(0, len(w) * w.shape[1], w.shape[1]))),
            Mistake("the last unit is missing: there are n − f + 1 of them.",
                    lambda x, w: _windows(x, w[:-1], range(len(w) - 1))),
            Mistake("the units stand in the wrong order: the last one comes first.",
                    lambda x, w: _windows(x, w, range(len(w)))[::-1]),
            Mistake("this is the mean of the products. Add them up.",
                    lambda x, w: _windows(x, w, range(len(w))) / w.shape[1]),
            Mistake("only one product is taken. Each unit adds up f of them.", lambda x, w: x[: len(w)] * w[:, 0]),
            Mistake("the output has the dtype of row: an array of uint8 holds neither negative numbers nor fractions. Ask for float.",
                    lambda x, w: _kept_as(x.dtype, _windows(x, w, range(len(w))))),
            Mistake("each unit goes on with the sum of the one before. Begin each sum with 0.",
                    lambda x, w: np.cumsum(_windows(x, w, range(len(w))))),
            Mistake("the last pixel of each window is left out. range(f) already ends at f − 1.",
                    lambda x, w: _windows(x, w * (np.arange(w.shape[1]) < w.shape[1] - 1), range(len(w)))),
            Mistake("the windows are added up without their weights.",
                    lambda x, w: _windows(x, np.ones_like(w), range(len(w)))),
            Mistake("the products are not added up: a unit gives one number.",
                    lambda x, w: np.array([x[i : i + w.shape[1]] * each for i, each in enumerate(w)])),
        ),
        (
            "Draw the row and the units above it. Which pixels is unit 0 wired to, and which is unit 1?",
            "The window of unit i is row[i : i + f], and its weights are weight[i].",
            "Go through the units with a loop, multiply window and weights, and add up.",
        ),
        understood="Your function gives each unit a window of its own, with weights of its own: local connectivity, and "
        "nothing is shared yet.",
    ),
    Exercise(
        share_weights,
        "Repair a layer. weight (units, pixels), of floats or integers, is a dense layer on a row of pixels, and pixels = units + f "
        "− 1. It should have been a convolution. Return a new array of its shape: unit i keeps the f weights from pixel i on, its "
        "window, and all others are 0. And the units share their weights: at each place of the window all have the mean of what "
        "the units had there.",
        (
            (np.array([[1.0, 3, 9], [9, 3, 5]]), 2), (_whole(4, 6), 3), (_whole(3, 3), 1), (_whole(1, 4), 4),
            (_whole(3, 6), 4), (np.array([[3, -1, 0, 2], [4, 0, 2, -7], [1, 5, 7, -3]]), 2),
        ),
        (
            Mistake("the units see only their windows now, but each still has weights of its own. Which weights stand at the same "
                    "place of their windows?", lambda w, f: np.where(_inside(w, f), w, 0)),
            Mistake("the weights are shared, but those outside the windows are still there. They must be 0.",
                    lambda w, f: np.where(_inside(w, f), _shared(w, f), w)),
            Mistake("all units got the weights of the first one. Take the mean over all units.",
                    lambda w, f: _shared(w, f, lambda line: line[0])),
            Mistake("these are sums over the units. Divide by their number.", lambda w, f: _shared(w, f, np.sum)),
            Mistake("each unit got one number for its whole window. A filter has f weights: one for each place of the window.",
                    lambda w, f: np.where(_inside(w, f), (w * _inside(w, f)).sum(axis=1, keepdims=True) / f, 0)),
            Mistake("all weights became one number. A filter has f weights: one for each place of the window.",
                    lambda w, f: np.where(_inside(w, f), w[_inside(w, f)].mean(), 0)),
            Mistake("the mean is taken for each pixel, down a column. Weights of one place of the window stand on a diagonal: "
                    "weight[i, i + k].", lambda w, f: np.where(_inside(w, f), w.mean(axis=0), 0)),
            Mistake("every diagonal is tied, those outside the windows, too. A unit sees f pixels only.", _every_diagonal_tied),
            Mistake("the weights stand in the windows in the wrong order: the last one comes first.",
                    lambda w, f: _shared(w, f, order=-1)),
            Mistake("the windows go the other way: unit 0 sees the first f pixels, not the last.",
                    lambda w, f: _shared(w[:, ::-1], f)[:, ::-1]),
            Mistake("this is the filter alone. Return the whole matrix: the filter in each row, one pixel further each time.",
                    lambda w, f: np.array([np.diagonal(w, k)[: len(w)].mean() for k in range(f)])),
            Mistake("the last place of the windows is missing: there are f of them, from 0 to f − 1.",
                    lambda w, f: _shared(w, f) * _inside(w, f - 1)),
            Mistake("the windows are one pixel too wide: they have f places, from 0 to f − 1.",
                    lambda w, f: np.where(_inside(w, f + 1) & ~_inside(w, f), _every_diagonal_tied(w, f), _shared(w, f))),
            Mistake("the sum over the units is divided by the pixels. There are len(weight) units.",
                    lambda w, f: _shared(w, f, np.sum) / w.shape[1]),
            Mistake("the sum over the units is divided by f. There are len(weight) units.",
                    lambda w, f: _shared(w, f, np.sum) / f),
        ),
        (
            "Write down the matrix for 4 pixels and f = 2, and mark in each row the window of its unit. Where do the first weights of "
            "the windows stand?",
            "Weight k of unit i stands at weight[i, i + k], on a diagonal. Its mean over all units is weight k of the filter.",
            "Begin with zeros of the same shape. For each k write the mean to all places that it was made from.",
        ),
        understood="Your function makes a convolution of a dense layer: each unit sees a window, and all windows have "
        "the same weights.",
    ),
)  # fmt: skip
