"""Notebook 04, pooling: its exercises, with the mistakes that are often made.

The solutions are written to be read by students: they are shown to them as the last hint.
"""

import numpy as np

from ...ops import avg_pool2d as _library_avg_pool
from ...ops import max_pool2d as _library_max_pool
from ...ops import max_pool2d_backward as _library_backward
from ...practice import Exercise, Mistake
from ...shapes import conv_output_size

_rng = np.random.default_rng(4)


def pool_size(n, f, s):
    return (n - f) // s + 1


def stride_only(x, s):
    return x[:, ::s, ::s].copy()


def max_pool(x, f, s):
    rows = (x.shape[0] - f) // s + 1
    cols = (x.shape[1] - f) // s + 1
    output = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            window = x[i * s : i * s + f, j * s : j * s + f]
            output[i, j] = window.max()
    return output


def avg_pool(x, f, s):
    channels = x.shape[0]
    rows = (x.shape[1] - f) // s + 1
    cols = (x.shape[2] - f) // s + 1
    output = np.zeros((channels, rows, cols))
    for i in range(rows):
        for j in range(cols):
            window = x[:, i * s : i * s + f, j * s : j * s + f]
            output[:, i, j] = window.sum(axis=(1, 2)) / f**2
    return output


def max_pool_backward(grad, x, f):
    back = np.zeros(x.shape)
    for i in range(grad.shape[0]):
        for j in range(grad.shape[1]):
            window = x[i * f : (i + 1) * f, j * f : (j + 1) * f]
            a, b = np.unravel_index(window.argmax(), window.shape)
            back[i * f + a, j * f + b] = grad[i, j]
    return back


def _whole(*shape):
    """Small whole numbers, the same at every import."""
    return _rng.integers(-9, 10, shape).astype(float)


def _unlike(*shape):
    """Small whole numbers of both signs, no two alike."""
    return _rng.permutation(np.prod(shape)).reshape(shape) - np.prod(shape) // 2.0


def _max(x, f, s):
    return _library_max_pool(x[None, None], f, s)[0, 0]


def _avg(x, f, s):
    return _library_avg_pool(x[None], f, s)[0]


def _back(grad, x, f):
    return _library_backward(grad[None, None], x[None, None], f)[0, 0]


def _blocks(x, f, s, keep):
    """Each window of maps (C, H, W) made into one number."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (f, f), axis=(1, 2))[:, ::s, ::s]
    return keep(windows.reshape(*windows.shape[:3], -1))


def _one_map(x, f, s, keep):
    return _blocks(x[None], f, s, keep)[0]


def _overhanging(x, f, s, fill):
    """Windows begin as long as there is a pixel; what hangs over is ``fill``."""
    rest = [(0, (-(-(n - f) // s) * s + f) - n) for n in x.shape]
    return _max(np.pad(x, rest, constant_values=fill), f, s)


def _larger_windows(x, f, s):
    """One row and one column too many in each window, where the map goes on."""
    grown = np.pad(x, ((0, 1), (0, 1)), constant_values=-np.inf)
    rows, cols = ((n - f) // s + 1 for n in x.shape)
    return _max(grown, f + 1, s)[:rows, :cols]


def _cut_windows(x, f, s, rows, cols, step=None):
    """So many windows of a map, each as long as the map goes on."""
    step = step or s
    return np.array(
        [[x[i * step : i * step + f, j * step : j * step + f].max() for j in range(cols)] for i in range(rows)]
    )


def _slow_windows(pool, x, f, s):
    """The right shape, but place i begins at pixel i."""
    rows, cols = ((n - f) // s + 1 for n in x.shape[-2:])
    return pool(x, f, 1)[..., :rows, :cols]


def _spread(grad, x, f):
    """Each gradient at every pixel of its window."""
    back = np.zeros(x.shape)
    wide = np.kron(grad, np.ones((f, f)))
    back[: wide.shape[0], : wide.shape[1]] = wide
    return back


def _at_corner(grad, x, f):
    back = np.zeros(x.shape)
    back[: grad.shape[0] * f : f, : grad.shape[1] * f : f] = grad
    return back


def _at_all_equal(grad, x, f):
    return np.where(x == _spread(_max(x, f, f), x, f), _spread(grad, x, f), 0.0)


def _at_the_last(grad, x, f):
    """Of equal pixels the last one wins: turn all by 180° and take the first."""
    rows, cols = (n * f for n in grad.shape)
    back = np.zeros(x.shape)
    back[:rows, :cols] = _back(grad[::-1, ::-1], x[:rows, :cols][::-1, ::-1], f)[::-1, ::-1]
    return back


def _misplaced(grad, x, f, place):
    """The winner of window [i, j], at [a, b] in it, is taken to be elsewhere in x."""
    back = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        window = x[i * f : (i + 1) * f, j * f : (j + 1) * f]
        back[place(i, j, *np.unravel_index(window.argmax(), window.shape))] = grad[i, j]
    return back


def _at_one_winner(grad, x, f):
    """The winner of the whole map gets everything."""
    back = np.zeros(x.shape)
    back[np.unravel_index(x.argmax(), x.shape)] = grad.sum()
    return back


NUMBERS = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], dtype=float)
NEGATIVE = np.array([[-3, -1, -4], [-1, -5, -9], [-2, -6, -5]], dtype=float)
EQUAL = np.array([[2, 2, 0, 1], [2, 2, 1, 1]], dtype=float)
ABOVE = np.array([[1, 2], [3, 4]], dtype=float)

EXERCISES = (
    Exercise(
        pool_size,
        "The side of a pooled map, for a map of side n, windows of side f and stride s, without padding.",
        ((4, 2, 2), (28, 2, 2), (55, 3, 2), (7, 2, 2), (7, 7, 1), (6, 2, 3), (5, 1, 1), (8, 2, 3)),
        (
            Mistake("the floor is forgotten. A window fits or it does not: use // instead of /.", lambda n, f, s: (n - f) / s + 1),
            Mistake("the + 1 is missing: a window that fits exactly has one place, not none.", lambda n, f, s: (n - f) // s),
            Mistake("the map is divided by the window. That is right only where windows lie side by side: look at the stride.",
                    lambda n, f, s: n // f),
            Mistake("the map is divided by the stride. A window must also fit into what is left at the end.",
                    lambda n, f, s: n // s),
            Mistake("this is rounded up: a window that hangs over the border counts as one.",
                    lambda n, f, s: -(-(n - f) // s) + 1),
            Mistake("the map is divided by the stride, rounded up. The window's size counts, too.", lambda n, f, s: -(-n // s)),
            Mistake("this is rounded to the nearest. A window that does not fit is left out, however little is missing.",
                    lambda n, f, s: round((n - f) / s + 1)),
            Mistake("the stride is left out.", lambda n, f, s: n - f + 1),
            Mistake("brackets are missing: // comes before −. All of n − f is divided.", lambda n, f, s: n - f // s + 1),
            Mistake("the + 1 belongs behind the division.", lambda n, f, s: (n - f + 1) // s),
        ),
        (
            "It is the size formula of a convolution, without padding. Where does the last window begin at most?",
            "A window can move n − f pixels, in steps of s. Count the steps, and the place where it starts.",
        ),
        library=conv_output_size,
    ),
    Exercise(
        stride_only,
        "Smaller maps by stride alone: of every map in x, of shape (C, H, W), keep rows 0, s, 2s, … and columns 0, s, 2s, … "
        "as a new array.",
        ((_unlike(1, 4, 4), 2), (_unlike(2, 4, 6), 2), (_unlike(3, 6, 6), 3), (_unlike(2, 5, 3), 2), (_unlike(2, 2, 3), 1), (_unlike(1, 3, 4) / 2, 2)),
        (
            Mistake("channels are left out, too. The stride goes over rows and columns only.", lambda x, s: x[::s, ::s, ::s]),
            Mistake("the first axis is that of the channels. Rows and columns are the second and the third.",
                    lambda x, s: x[::s, ::s]),
            Mistake("only rows are left out. Columns follow the same rule.", lambda x, s: x[:, ::s]),
            Mistake("only columns are left out. Rows follow the same rule.", lambda x, s: x[:, :, ::s]),
            Mistake("the last pixel of each block is kept. It should be the first.", lambda x, s: x[:, s - 1 :: s, s - 1 :: s]),
            Mistake("it begins at pixel 1. The first row and column have the number 0.",
                    lambda x, s: x[:, 1::s, 1::s]),
            Mistake("this is the upper left piece of the map, not every s-th pixel.",
                    lambda x, s: x[:, : -(-x.shape[1] // s), : -(-x.shape[2] // s)]),
            Mistake("this is max pooling. The stride looks at one pixel of each block.", lambda x, s: _library_max_pool(x[None], s)[0]),
            Mistake("this is average pooling. The stride looks at one pixel of each block.", lambda x, s: _avg(x, s, s)),
            Mistake("the last row and column of places is missing where the block is not whole. Pixel 2s is there: keep it.",
                    lambda x, s: x[:, : x.shape[1] // s * s : s, : x.shape[2] // s * s : s]),
        ),
        (
            "A slice has three parts: first, end, step. What is x[:, ::2]?",
            "A slice is a view: it shares its memory with x. A copy() of it is a new array.",
        ),
    ),
    Exercise(
        max_pool,
        "Max pooling of one map x, of shape (H, W), with f × f windows and stride s. No padding.",
        (
            (NUMBERS, 2, 2), (NEGATIVE, 2, 1), (_unlike(5, 7) / 2, 3, 2), (_unlike(6, 5), 2, 2), (_unlike(4, 7), 2, 3),
            (_unlike(2, 3), 1, 1), (_unlike(5, 8), 2, 3),
        ),
        (
            Mistake("a 0 has won where all pixels are negative. Does the search begin with 0, or is there a frame of zeros?",
                    lambda x, f, s: np.maximum(_max(x, f, s), 0)),
            Mistake("there is a frame of zeros. It makes the output larger, and a 0 beats negative numbers.",
                    lambda x, f, s: _max(np.pad(x, f // 2), f, s)),
            Mistake("windows that hang over the border are counted, filled up with zeros. Keep those that fit.",
                    lambda x, f, s: _overhanging(x, f, s, 0)),
            Mistake("windows that hang over the border are counted. Keep those that fit.",
                    lambda x, f, s: _overhanging(x, f, s, -np.inf)),
            Mistake("this is the mean of each window.", lambda x, f, s: _avg(x[None], f, s)[0]),
            Mistake("this is the smallest number of each window.", lambda x, f, s: -_max(-x, f, s)),
            Mistake("this is the number furthest from 0. A small negative number is larger than a large negative one.",
                    lambda x, f, s: _one_map(x, f, s, lambda w: np.take_along_axis(w, abs(w).argmax(-1)[..., None], -1)[..., 0])),
            Mistake("signs are lost: −9 is not larger than 1.", lambda x, f, s: _max(abs(x), f, s)),
            Mistake("the stride is left out.", lambda x, f, s: _max(x, f, 1)),
            Mistake("a window begins at every s-th pixel, even where it hangs over the border. Keep those that fit.",
                    lambda x, f, s: _cut_windows(x, f, s, *(-(-n // s) for n in x.shape))),
            Mistake("the number of windows is not n // s: the last one must fit into the map as a whole.",
                    lambda x, f, s: _cut_windows(x, f, s, *(n // s for n in x.shape))),
            Mistake("the number of windows is not n // f: that is right only where they lie side by side.",
                    lambda x, f, s: _cut_windows(x, f, s, *(n // f for n in x.shape))),
            Mistake("place [i, j] begins at i·s and j·s, not at i·f and j·f.",
                    lambda x, f, s: _cut_windows(x, f, s, *((n - f) // s + 1 for n in x.shape), step=f)),
            Mistake("the windows lie side by side whatever s is. The stride says where the next one begins.",
                    lambda x, f, s: _max(x, f, f)),
            Mistake("the stride is left out of the windows: place i begins at pixel i·s.",
                    lambda x, f, s: _slow_windows(_max, x, f, s)),
            Mistake("each window is one row and one column too large: the end of a slice is not part of it.", _larger_windows),
            Mistake("this is where the maximum stands in its window. Its value is wanted.",
                    lambda x, f, s: _one_map(x, f, s, lambda w: w.argmax(-1).astype(float))),
            Mistake("this is the first pixel of each window.", lambda x, f, s: _one_map(x, f, s, lambda w: w[..., 0])),
        ),
        (
            "How many windows fit along each axis? pool_size knows.",
            "Place [i, j] looks at rows i·s to i·s + f, and columns j·s to j·s + f.",
            "window.max() gives the largest number, negative ones included.",
        ),
        library=_max,
        bench=(_whole(60, 60), 2, 2),
    ),
    Exercise(
        avg_pool,
        "Average pooling of all maps in x, of shape (C, H, W), with f × f windows and stride s. No padding.",
        (
            (NUMBERS[None], 2, 2), (_whole(2, 4, 4), 2, 2), (_whole(3, 5, 7) / 2, 3, 2), (_whole(2, 4, 5), 2, 3), (_whole(2, 5, 4), 2, 1),
            (_whole(2, 2, 3), 1, 1),
        ),
        (
            Mistake("this is the first channel alone. There are as many maps after pooling as before.",
                    lambda x, f, s: _avg(x[:1], f, s)),
            Mistake("this is one map without an axis for channels. The output is (C, rows, cols).",
                    lambda x, f, s: _avg(x[:1], f, s)[0]),
            Mistake("all channels are mixed into one map. Each map is pooled by itself.",
                    lambda x, f, s: _avg(x.mean(axis=0, keepdims=True), f, s)),
            Mistake("every channel got the mean over all channels. Each map is pooled by itself.",
                    lambda x, f, s: _avg(np.broadcast_to(x.mean(axis=0), x.shape), f, s)),
            Mistake("every channel got the first one's map.", lambda x, f, s: _avg(np.repeat(x[:1], len(x), axis=0), f, s)),
            Mistake("this is the sum. A mean is divided by the number of pixels.", lambda x, f, s: _avg(x, f, s) * f**2),
            Mistake("the sum is divided by f. A window has f·f pixels.", lambda x, f, s: _avg(x, f, s) * f),
            Mistake("the sum is divided by s·s. A window has f·f pixels.", lambda x, f, s: _avg(x, f, s) * f**2 / s**2),
            Mistake("this is the largest number of each window.", lambda x, f, s: _library_max_pool(x[None], f, s)[0]),
            Mistake("windows that hang over the border are counted. Keep those that fit.",
                    lambda x, f, s: np.array([[[m[i : i + f, j : j + f].mean() for j in range(0, m.shape[1], s)]
                                               for i in range(0, m.shape[0], s)] for m in x])),
            Mistake("the mean is rounded down: / divides, // throws the rest away.", lambda x, f, s: np.floor(_avg(x, f, s))),
            Mistake("the stride is left out.", lambda x, f, s: _avg(x, f, 1)),
            Mistake("the windows lie side by side whatever s is.", lambda x, f, s: _avg(x, f, f)),
            Mistake("the stride is left out of the windows: place i begins at pixel i·s.",
                    lambda x, f, s: _slow_windows(_avg, x, f, s)),
            Mistake("the channels are the last axis. They come first: (C, rows, cols).",
                    lambda x, f, s: np.moveaxis(_avg(x, f, s), 0, -1)),
        ),
        (
            "Begin with the shape of the output. How many channels has it?",
            "x[:, i*s : i*s + f, j*s : j*s + f] is the window of all channels at once: (C, f, f).",
            "Add it up over its rows and columns only: sum(axis=(1, 2)).",
        ),
        library=_avg,
        bench=(_whole(8, 30, 30), 2, 2),
    ),
    Exercise(
        max_pool_backward,
        "Where gradients go: x (H, W) was max pooled with f × f windows side by side, and grad is the gradient of that output. "
        "Give the gradient of x. Of equal pixels the first in reading order has won.",
        (
            (ABOVE, NUMBERS, 2), (np.array([[5.0]]), NEGATIVE, 3), (_whole(2, 3), _unlike(4, 6), 2), (_whole(2, 2), _unlike(5, 4), 2),
            (np.array([[-1.0, 3.0]]), EQUAL, 2), (ABOVE / 2, ABOVE - 5, 1),
        ),
        (
            Mistake("every pixel of a window got the gradient. Only the winner has made the output.", _spread),
            Mistake("the gradient is shared out evenly. That is average pooling; the maximum has one winner.",
                    lambda g, x, f: _spread(g, x, f) / f**2),
            Mistake("all equal pixels got the gradient. Only the first of them wins.", _at_all_equal),
            Mistake("of equal pixels the last one won. It should be the first.", _at_the_last),
            Mistake("the gradient went to the first pixel of each window. Look where the maximum stands.", _at_corner),
            Mistake("the winner's place is counted inside its window. In x, window [i, j] begins at row i·f and column j·f.",
                    lambda g, x, f: _misplaced(g, x, f, lambda i, j, a, b: (a, b))),
            Mistake("window [i, j] begins at row i·f and column j·f of x, not at i and j.",
                    lambda g, x, f: _misplaced(g, x, f, lambda i, j, a, b: (i + a, j + b))),
            Mistake("window.argmax() counts inside the window, not in x. Make a row and a column of it first.",
                    lambda g, x, f: _misplaced(g, x, f, lambda i, j, a, b: np.unravel_index(a * f + b, x.shape))),
            Mistake("the winners got 1. They get the gradient of their output.", lambda g, x, f: _back(np.ones_like(g), x, f)),
            Mistake("the gradient is multiplied by the winner's value. The slope of a maximum is 1, whatever the value is.",
                    lambda g, x, f: _back(g, x, f) * x),
            Mistake("the winners' values stand there. The gradient is wanted.", lambda g, x, f: _back(_max(x, f, f), x, f)),
            Mistake("the smallest pixel got the gradient.", lambda g, x, f: _back(g, -x, f)),
            Mistake("the pixel furthest from 0 got the gradient. The largest one has won.", lambda g, x, f: _back(g, abs(x), f)),
            Mistake("the winner of the whole map got everything. Each window has one of its own.", _at_one_winner),
            Mistake("where all pixels of a window are negative, nobody got anything. The largest of them has won.",
                    lambda g, x, f: np.where(x > 0, _back(g, x, f), 0.0)),
            Mistake("this is the gradient of the output. The result has the shape of x.", lambda g, x, f: g.copy()),
        ),
        (
            "Begin with zeros of the shape of x. Most of them stay.",
            "For each place [i, j] of grad, find out where in its window the maximum stands.",
            "window.argmax() counts through the window row by row. np.unravel_index makes a row and a column of it.",
        ),
        library=_back,
        bench=(_whole(30, 30), _unlike(60, 60), 2),
    ),
)  # fmt: skip
