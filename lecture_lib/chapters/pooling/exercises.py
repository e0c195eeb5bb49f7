"""Notebook 04, pooling: its exercises, with the mistakes that are often made.

The solutions are written to be read by students: they are shown to them as the last hint.
"""

import numpy as np

from ...practice import Exercise, Mistake
from ...shapes import conv_output_size
from .mistaken import (
    at_all_equal,
    at_corner,
    at_corner_below,
    at_one_winner,
    at_the_last,
    by_minus,
    cropped,
    cut_windows,
    larger_windows,
    largest,
    mean,
    misplaced,
    moved,
    one_map,
    overhanging,
    sent_back,
    share,
    slow_windows,
    spread,
    turned_windows,
)
from .robustness import relative_change

_rng = np.random.default_rng(4)


def pool_size(n, f, s):
    return (n - f) // s + 1


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


def changed_share(x, f, by):
    height, width = x.shape
    moved = np.zeros((height, width))
    moved[:, by:] = x[:, : width - by]
    changed, windows = 0, 0
    for i in range(0, height - f + 1, f):
        for j in range(0, width - f + 1, f):
            before, after = x[i : i + f, j : j + f].max(), moved[i : i + f, j : j + f].max()
            changed += before != after
            windows += 1
    return changed / windows


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


def _levels(*shape):
    """0, 1, 2 or 3: a maximum may stay where its winner goes."""
    return _rng.integers(0, 4, shape)


NUMBERS = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], dtype=float)
NEGATIVE = np.array([[-3, -1, -4], [-1, -5, -9], [-2, -6, -5]], dtype=float)
EQUAL = np.array([[2, 2, 0, 1], [2, 2, 1, 1]], dtype=float)
ABOVE = np.array([[1, 2], [3, 4]], dtype=float)
SPOT = np.zeros((4, 8))
SPOT[1, 2] = 5

EXERCISES = (
    Exercise(
        pool_size,
        "The side of a pooled map, for a map of side n, windows of side f and stride s, without padding.",
        ((4, 2, 2), (28, 2, 2), (55, 3, 2), (7, 2, 2), (7, 7, 1), (6, 2, 3), (5, 1, 1), (8, 2, 3), (7, 2, 3), (5, 2, 2)),
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
            *(Mistake("this is rounded to the nearest. A window that does not fit is left out, however little is missing.", nearest)
              for nearest in (lambda n, f, s: round((n - f) / s + 1), lambda n, f, s: round((n - f) / s) + 1,
                              lambda n, f, s: int((n - f) / s + 1.5))),
            Mistake("the stride is left out.", lambda n, f, s: n - f + 1),
            Mistake("this is the number of windows in a whole square map. One side is wanted.", lambda n, f, s: ((n - f) // s + 1) ** 2),
            Mistake("the last window is missing: it may begin at n − f, and range(n − f) stops before.",
                    lambda n, f, s: len(range(0, n - f, s))),
            Mistake("the map is halved, whatever f and s are.", lambda n, f, s: n // 2),
            Mistake("brackets are missing: // comes before −. All of n − f is divided.", lambda n, f, s: n - f // s + 1),
            Mistake("the + 1 belongs behind the division.", lambda n, f, s: (n - f + 1) // s),
            Mistake("f and s are swapped: the window f must fit into n, and the stride s divides what is left.",
                    lambda n, f, s: (n - s) // f + 1),
            Mistake("a place is counted once too often.", lambda n, f, s: (n - f) // s + 2),
            Mistake("the stride is 2 whatever s is.", lambda n, f, s: (n - f) // 2 + 1),
            Mistake("a frame of padding is counted. There is none here.", lambda n, f, s: (n + 2 - f) // s + 1),
        ),
        (
            "It is the size formula of a convolution, without padding. Where does the last window begin at most?",
            "A window can move n − f pixels, in steps of s. Count the steps, and the place where it starts.",
        ),
        understood="Your function counts places: the steps of s that still fit, rounded down, and the place where the window starts.",
        library=conv_output_size,
        drawn=lambda rng: (lambda f: (int(rng.integers(f, 60)), f, int(rng.integers(1, 6))))(int(rng.integers(1, 8))),
    ),
    Exercise(
        max_pool,
        "Max pooling of one map x, an array of shape (H, W), with f × f windows and stride s. No padding.",
        (
            (NUMBERS, 2, 2), (NEGATIVE, 2, 1), (_unlike(5, 7) / 2, 3, 2), (_unlike(6, 5), 2, 2), (_unlike(4, 7), 2, 3),
            (_unlike(2, 3), 1, 1), (_unlike(5, 8), 2, 3), (1000 * NEGATIVE, 2, 1), (1e7 * NEGATIVE, 2, 1), (np.arange(-9, 3).reshape(3, 4), 2, 1),
        ),
        (
            Mistake("a 0 has won where all pixels are negative. Does the search begin with 0, or is there a frame of zeros?",
                    lambda x, f, s: np.maximum(largest(x, f, s), 0)),
            *(Mistake(f"the search begins with {start}, and some windows hold only smaller numbers. Begin with the window's first "
                      "pixel, or with -np.inf.", lambda x, f, s, start=start: np.maximum(largest(x, f, s), start))
              for start in (-1, -10, -100, -999, -1000, -10_000, -1_000_000)),
            Mistake("there is a frame of zeros. It makes the output larger, and a 0 beats negative numbers.",
                    lambda x, f, s: largest(np.pad(x, f // 2), f, s)),
            Mistake("windows that hang over the border are counted, filled up with zeros. Keep those that fit.",
                    lambda x, f, s: overhanging(x, f, s, 0)),
            Mistake("windows that hang over the border are counted. Keep those that fit.",
                    lambda x, f, s: overhanging(x, f, s, -np.inf)),
            Mistake("this is the mean of each window.", lambda x, f, s: mean(x[None], f, s)[0]),
            Mistake("this is the sum of each window.", lambda x, f, s: mean(x[None], f, s)[0] * f**2),
            Mistake("this is the smallest number of each window.", lambda x, f, s: -largest(-x, f, s)),
            Mistake("this is the number furthest from 0. A small negative number is larger than a large negative one.",
                    lambda x, f, s: one_map(x, f, s, lambda w: np.take_along_axis(w, abs(w).argmax(-1)[..., None], -1)[..., 0])),
            Mistake("signs are lost: −9 is not larger than 1.", lambda x, f, s: largest(abs(x), f, s)),
            Mistake("the stride is left out.", lambda x, f, s: largest(x, f, 1)),
            Mistake("a window begins at every s-th pixel, even where it hangs over the border. Keep those that fit.",
                    lambda x, f, s: cut_windows(x, f, s, *(-(-n // s) for n in x.shape))),
            Mistake("the number of windows is not n // s: the last one must fit into the map as a whole.",
                    lambda x, f, s: cut_windows(x, f, s, *(n // s for n in x.shape))),
            Mistake("the number of windows is not n // f: that is right only where they lie side by side.",
                    lambda x, f, s: cut_windows(x, f, s, *(n // f for n in x.shape))),
            Mistake("the + 1 is missing in the number of windows: the first one counts, too.",
                    lambda x, f, s: largest(x, f, s)[: (x.shape[0] - f) // s, : (x.shape[1] - f) // s]),
            Mistake("f and s are swapped: f is the side of a window, s the step.", lambda x, f, s: largest(x, s, f)),
            Mistake("this is every s-th pixel. Of each window the largest is wanted.", lambda x, f, s: x[::s, ::s].copy()),
            Mistake("i and j are swapped inside the loop: i counts rows, j columns.", turned_windows),
            Mistake("place [i, j] begins at i·s and j·s, not at i·f and j·f.",
                    lambda x, f, s: cut_windows(x, f, s, *((n - f) // s + 1 for n in x.shape), step=f)),
            Mistake("the windows lie side by side whatever s is. The stride says where the next one begins.",
                    lambda x, f, s: largest(x, f, f)),
            Mistake("the stride is left out of the windows: place i begins at pixel i·s.",
                    lambda x, f, s: slow_windows(largest, x, f, s)),
            Mistake("each window is one row and one column too small: the end of a slice is not part of it.",
                    lambda x, f, s: cut_windows(x, f - 1, s, *((n - f) // s + 1 for n in x.shape))),
            Mistake("each window is one row and one column too large: the end of a slice is not part of it.", larger_windows),
            Mistake("the windows are 2×2 and 2 apart, whatever f and s are.", lambda x, f, s: largest(x, 2, 2)),
            Mistake("there are as many columns as rows. That is right only if the map is square.",
                    lambda x, f, s: cut_windows(x, f, s, *[(x.shape[0] - f) // s + 1] * 2)),
            Mistake("this is the maximum of the first column of each window. A window has f columns.",
                    lambda x, f, s: one_map(x, f, s, lambda w: w[..., ::f].max(-1))),
            Mistake("this is where the maximum stands in its window. Its value is wanted.",
                    lambda x, f, s: one_map(x, f, s, lambda w: w.argmax(-1).astype(float))),
            Mistake("this is the first pixel of each window.", lambda x, f, s: one_map(x, f, s, lambda w: w[..., 0])),
        ),
        (
            "How many windows fit along each axis? pool_size knows.",
            "Place [i, j] looks at rows i·s to i·s + f, and columns j·s to j·s + f.",
            "window.max() gives the largest number, negative ones included.",
        ),
        understood="Your function steps by s, leaves out windows that do not fit, and finds the largest value even where all are negative.",
        library=largest,
        large=(_whole(60, 60), 2, 2),
    ),
    Exercise(
        avg_pool,
        "Average pooling of all maps in x, an array of shape (C, H, W), with f × f windows and stride s. No padding.",
        (
            (NUMBERS[None], 2, 2), (_whole(2, 4, 4), 2, 2), (_whole(3, 5, 7) / 2, 3, 2), (_whole(2, 4, 5), 2, 3), (_whole(2, 5, 4), 2, 1),
            (_whole(2, 2, 3), 1, 1), (_unlike(2, 3, 3).astype(int), 2, 1),
        ),
        (
            Mistake("this is the first channel alone. There are as many maps after pooling as before.",
                    lambda x, f, s: mean(x[:1], f, s)),
            Mistake("this is one map without an axis for channels. The output is (C, rows, cols).",
                    lambda x, f, s: mean(x[:1], f, s)[0]),
            Mistake("all channels are mixed into one map. Each map is pooled by itself.",
                    lambda x, f, s: mean(x.mean(axis=0, keepdims=True), f, s)),
            Mistake("every channel got the mean over all channels. Each map is pooled by itself.",
                    lambda x, f, s: mean(np.broadcast_to(x.mean(axis=0), x.shape), f, s)),
            Mistake("every channel got the first one's map.", lambda x, f, s: mean(np.repeat(x[:1], len(x), axis=0), f, s)),
            Mistake("this is the sum. A mean is divided by the number of pixels.", lambda x, f, s: mean(x, f, s) * f**2),
            Mistake("the sum is divided by f. A window has f·f pixels.", lambda x, f, s: mean(x, f, s) * f),
            Mistake("the sum is divided by s·s. A window has f·f pixels.", lambda x, f, s: mean(x, f, s) * f**2 / s**2),
            Mistake("the sum is divided by 4. That is right for 2×2 windows only.", lambda x, f, s: mean(x, f, s) * f**2 / 4),
            Mistake("this is the largest number of each window.", lambda x, f, s: np.array([largest(each, f, s) for each in x])),
            Mistake("windows that hang over the border are counted. Keep those that fit.",
                    lambda x, f, s: np.array([[[m[i : i + f, j : j + f].mean() for j in range(0, m.shape[1], s)]
                                               for i in range(0, m.shape[0], s)] for m in x])),
            Mistake("the windows are 2×2 and 2 apart, whatever f and s are.", lambda x, f, s: mean(x, 2, 2)),
            Mistake("there is a frame of zeros. Without padding the first window begins at the first pixel.",
                    lambda x, f, s: mean(np.pad(x, ((0, 0), (1, 1), (1, 1))), f, s)),
            Mistake("this is the mean of each whole map. Each window has its own.", lambda x, f, s: x.mean(axis=(1, 2))),
            Mistake("this is every s-th pixel. Of each window the mean is wanted.", lambda x, f, s: x[:, ::s, ::s].astype(float)),
            Mistake("this is the last channel alone. There are as many maps after pooling as before.",
                    lambda x, f, s: mean(x[-1:], f, s)),
            Mistake("the mean is rounded to whole numbers.", lambda x, f, s: mean(x, f, s).round()),
            Mistake("the mean is rounded down: / divides, // throws the rest away.", lambda x, f, s: np.floor(mean(x, f, s))),
            Mistake("the stride is left out.", lambda x, f, s: mean(x, f, 1)),
            Mistake("the windows lie side by side whatever s is.", lambda x, f, s: mean(x, f, f)),
            Mistake("the stride is left out of the windows: place i begins at pixel i·s.",
                    lambda x, f, s: slow_windows(mean, x, f, s)),
            Mistake("the channels are the last axis. They come first: (C, rows, cols).",
                    lambda x, f, s: np.moveaxis(mean(x, f, s), 0, -1)),
        ),
        (
            "Begin with the shape of the output. How many channels has it?",
            "x[:, i*s : i*s + f, j*s : j*s + f] is the window of all channels at once: (C, f, f).",
            "Add it up over its rows and columns only: sum(axis=(1, 2)).",
        ),
        understood="Your function pools each map by itself, and divides by the pixels of a window whatever the stride is.",
        library=mean,
        large=(_whole(8, 30, 30), 2, 2),
    ),
    Exercise(
        changed_share,
        "What does pooling notice? The map x, an array of shape (H, W), moves to the right by whole pixels, as many as `by` says, "
        "and zeros come in at the left. Max pool x and the moved map with f × f windows side by side. Give the share of outputs "
        "that have changed, from 0 to 1.",
        (
            (NUMBERS, 2, 1), (SPOT, 4, 1), (SPOT, 4, 4), (NEGATIVE, 1, 1), (_levels(7, 12), 2, 1), (_levels(12, 9), 3, 3),
            (_levels(8, 8), 2, 0), (_levels(8, 10), 4, 2), (_levels(5, 16) / 4 - 1, 2, 3),
        ),
        (
            Mistake("it fails where the map does not move: x[:, :-0] is empty. Write x[:, : x.shape[1] - by].", by_minus),
            Mistake("this is how many outputs have changed. Divide by how many there are.",
                    lambda x, f, by: int((largest(x, f, f) != largest(moved(x, 0, by), f, f)).sum())),
            Mistake("this is a percentage. A share goes from 0 to 1.", lambda x, f, by: 100 * share(x, f, moved(x, 0, by))),
            Mistake("this is the share that stays the same. Wanted is the share that changes.",
                    lambda x, f, by: 1 - share(x, f, moved(x, 0, by))),
            Mistake("this is the share of pixels that change. Pool both maps before you compare.",
                    lambda x, f, by: share(x, 1, moved(x, 0, by))),
            Mistake("the pooled map was moved. Move x first, then pool it.",
                    lambda x, f, by: share(largest(x, f, f), 1, moved(largest(x, f, f), 0, min(by, x.shape[1] // f)))),
            Mistake("the map moves around: what leaves at the right comes in at the left. Zeros should come in.",
                    lambda x, f, by: share(x, f, np.roll(x, by, axis=1))),
            Mistake("the map moves around through all rows: np.roll without an axis. Zeros should come in.",
                    lambda x, f, by: share(x, f, np.roll(x, by))),
            Mistake("the first column is repeated where zeros should come in.",
                    lambda x, f, by: share(x, f, np.pad(x, ((0, 0), (by, 0)), mode="edge")[:, : x.shape[1]])),
            Mistake("the map moves down. Right is the second axis.",
                    lambda x, f, by: share(x, f, moved(x, min(by, len(x)), 0))),
            Mistake("the map moves to the left.", lambda x, f, by: share(x, f, moved(x, 0, -by))),
            Mistake("the map moves by f, the side of a window.", lambda x, f, by: share(x, f, moved(x, 0, f))),
            Mistake("the windows are 2×2 whatever f is.", lambda x, f, by: share(x, 2, moved(x, 0, by))),
            Mistake("the map moves by 1 whatever was asked for.", lambda x, f, by: share(x, f, moved(x, 0, 1))),
            Mistake("this is average pooling. Take the largest value of each window.",
                    lambda x, f, by: share(x, f, moved(x, 0, by), lambda each, f, s: mean(each[None], f, s)[0])),
            Mistake("the windows overlap. Side by side means that the stride is f.",
                    lambda x, f, by: float((largest(x, f, 1) != largest(moved(x, 0, by), f, 1)).mean())),
            Mistake("this is how much the outputs change on average. Wanted is how many of them do.",
                    lambda x, f, by: float(abs(largest(x, f, f) - largest(moved(x, 0, by), f, f)).mean())),
            Mistake("windows that hang over the border are counted. Keep those that fit.",
                    lambda x, f, by: share(x, f, moved(x, 0, by), lambda each, f, s: overhanging(each, f, s, -np.inf))),
            Mistake("this is the change of P3, the length of a difference. Wanted is how many outputs differ.",
                    lambda x, f, by: relative_change(largest(x, f, f), largest(moved(x, 0, by), f, f))),
            Mistake("this says whether any output changes. Wanted is the share of those that do.",
                    lambda x, f, by: float(share(x, f, moved(x, 0, by)) > 0)),
            Mistake("only outputs that became smaller are counted. Those that became larger have changed, too.",
                    lambda x, f, by: float((largest(x, f, f) > largest(moved(x, 0, by), f, f)).mean())),
            Mistake("only outputs that became larger are counted. Those that became smaller have changed, too.",
                    lambda x, f, by: float((largest(x, f, f) < largest(moved(x, 0, by), f, f)).mean())),
            Mistake("nothing ever changes: are both maps one array? m = x makes no copy.", lambda x, f, by: 0.0),
            Mistake("the columns where zeros come in are cut away. Both maps keep the size of x.", cropped),
            Mistake("the changed outputs are divided by the number of rows. Divide by the number of outputs.",
                    lambda x, f, by: float((largest(x, f, f) != largest(moved(x, 0, by), f, f)).sum() / (len(x) // f))),
            Mistake("−∞ comes in at the left. Zeros should come in.",
                    lambda x, f, by: share(x, f, np.where(np.arange(x.shape[1]) < by, -np.inf, moved(x, 0, by)))),
            Mistake("the changed outputs are divided by the number of pixels. Divide by the number of outputs.",
                    lambda x, f, by: float((largest(x, f, f) != largest(moved(x, 0, by), f, f)).sum() / x.size)),
        ),
        (
            "Three steps: move a copy of x, pool both, compare.",
            "Begin with zeros of the shape of x. Which columns of it get which columns of x?",
            "(before != after) is an array of True and False. Its mean() is a share.",
        ),
        understood="Your function is a test of invariance: it moves the input, pools both, and counts the outputs that notice.",
    ),
    Exercise(
        max_pool_backward,
        "Where gradients go: the map x, an array of shape (H, W), was max pooled with f × f windows side by side, and grad is the "
        "gradient of that output. Give the gradient of x. Of equal pixels the first in reading order has won.",
        (
            (ABOVE, NUMBERS, 2), (np.array([[5.0]]), NEGATIVE, 3), (_whole(2, 3), _unlike(4, 6), 2), (_whole(2, 2), _unlike(5, 4), 2),
            (np.array([[-1.0, 3.0]]), EQUAL, 2), (ABOVE / 2, ABOVE - 5, 1), (ABOVE / 4, NUMBERS.astype(int), 2),
            (ABOVE, 1e7 * _unlike(4, 4) - 9e7, 2),
        ),
        (
            Mistake("every pixel of a window got the gradient. Only the winner has made the output.", spread),
            Mistake("the gradient is shared out evenly. That is average pooling; the maximum has one winner.",
                    lambda g, x, f: spread(g, x, f) / f**2),
            Mistake("all equal pixels got the gradient. Only the first of them wins.", at_all_equal),
            Mistake("equal pixels share the gradient. Only the first of them wins.",
                    lambda g, x, f: at_all_equal(g, x, f) / spread(mean(at_all_equal(np.ones_like(g), x, f)[None], f, f)[0] * f**2, x, f)
                    .clip(1)),
            Mistake("of equal pixels the last one won. It should be the first.", at_the_last),
            Mistake("the gradient went to the first pixel of each window. Look where the maximum stands.", at_corner),
            Mistake("the winner's place is counted inside its window. In x, window [i, j] begins at row i·f and column j·f.",
                    lambda g, x, f: misplaced(g, x, f, lambda i, j, a, b: (a, b))),
            Mistake("window [i, j] begins at row i·f and column j·f of x, not at i and j.",
                    lambda g, x, f: misplaced(g, x, f, lambda i, j, a, b: (i + a, j + b))),
            Mistake("window.argmax() counts inside the window, not in x. Make a row and a column of it first.",
                    lambda g, x, f: misplaced(g, x, f, lambda i, j, a, b: np.unravel_index(a * f + b, x.shape))),
            Mistake("row and column of the winner are swapped inside the window.",
                    lambda g, x, f: misplaced(g, x, f, lambda i, j, a, b: (i * f + b, j * f + a))),
            Mistake("the winners got 1, and equal pixels all of them. The first gets the gradient of its output.",
                    lambda g, x, f: at_all_equal(np.ones_like(g), x, f)),
            Mistake("the winners got 1. They get the gradient of their output.", lambda g, x, f: sent_back(np.ones_like(g), x, f)),
            Mistake("the gradient is multiplied by the winner's value. The slope of a maximum is 1, whatever the value is.",
                    lambda g, x, f: sent_back(g, x, f) * x),
            Mistake("the winners' values stand there. The gradient is wanted.", lambda g, x, f: sent_back(largest(x, f, f), x, f)),
            Mistake("the smallest pixel got the gradient.", lambda g, x, f: sent_back(g, -x, f)),
            Mistake("the pixel furthest from 0 got the gradient. The largest one has won.", lambda g, x, f: sent_back(g, abs(x), f)),
            Mistake("the winner of the whole map got everything. Each window has one of its own.", at_one_winner),
            Mistake("where all pixels of a window are negative, nobody got anything. The largest of them has won.",
                    lambda g, x, f: np.where(x > 0, sent_back(g, x, f), 0.0)),
            Mistake("the search begins with -10, and some windows hold only smaller numbers. Begin with the window's first pixel, or "
                    "with -np.inf.", lambda g, x, f: at_corner_below(g, x, f, -10)),
            Mistake("this is without the rows and columns that no window reaches. They have a gradient, too: 0.",
                    lambda g, x, f: sent_back(g, x, f)[: len(g) * f, : len(g[0]) * f]),
            Mistake("this is the gradient of the output. The result has the shape of x.", lambda g, x, f: g.copy()),
        ),
        (
            "Begin with zeros of the shape of x. Most of them stay.",
            "For each place [i, j] of grad, find out where in its window the maximum stands.",
            "window.argmax() counts through the window row by row. np.unravel_index makes a row and a column of it.",
        ),
        understood="Your function sends each gradient to the pixel that has won its window, and nothing to the others.",
        library=sent_back,
        large=(_whole(30, 30), _unlike(60, 60), 2),
    ),
)  # fmt: skip
