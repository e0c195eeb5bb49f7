"""What a student's function gives who has made one of the usual mistakes; :mod:`.exercises` has the words for them."""

import numpy as np

from ...ops import avg_pool2d, max_pool2d, max_pool2d_backward


def largest(x, f, s):
    return max_pool2d(x[None, None], f, s)[0, 0]


def mean(x, f, s):
    return avg_pool2d(x[None], f, s)[0]


def sent_back(grad, x, f):
    return max_pool2d_backward(grad[None, None], x[None, None], f)[0, 0]


def moved(x, down, right):
    """A map moved by whole pixels; zeros come in."""
    result = np.zeros(x.shape)
    rows, cols = x.shape
    result[max(down, 0) : rows + min(down, 0), max(right, 0) : cols + min(right, 0)] = x[
        max(-down, 0) : rows - max(down, 0), max(-right, 0) : cols - max(right, 0)
    ]
    return result


def share(x, f, moved, pool=largest):
    """The share of outputs, windows side by side, that differ from those of another map."""
    return float((pool(x, f, f) != pool(moved, f, f)).mean())


def by_minus(x, f, by):
    moved = np.zeros(x.shape)
    moved[:, by:] = x[:, :-by]
    return share(x, f, moved)


def cropped(x, f, by):
    """Two pieces of the map, one further to the right; both lack the columns that only one has."""
    if x.shape[1] - by < f:
        raise ValueError("no window fits")
    return share(x[:, by:], f, x[:, : x.shape[1] - by])


def blocks(x, f, s, keep):
    """Each window of maps (C, H, W) made into one number."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (f, f), axis=(1, 2))[:, ::s, ::s]
    return keep(windows.reshape(*windows.shape[:3], -1))


def one_map(x, f, s, keep):
    return blocks(x[None], f, s, keep)[0]


def overhanging(x, f, s, fill):
    """Windows begin as long as there is a pixel; what hangs over is ``fill``."""
    rest = [(0, (-(-(n - f) // s) * s + f) - n) for n in x.shape]
    return largest(np.pad(x.astype(float), rest, constant_values=fill), f, s)


def larger_windows(x, f, s):
    """One row and one column too many in each window, where the map goes on."""
    grown = np.pad(x.astype(float), ((0, 1), (0, 1)), constant_values=-np.inf)
    rows, cols = ((n - f) // s + 1 for n in x.shape)
    return largest(grown, f + 1, s)[:rows, :cols]


def cut_windows(x, f, s, rows, cols, step=None):
    """So many windows of a map, each as long as the map goes on."""
    step = step or s
    return np.array(
        [[x[i * step : i * step + f, j * step : j * step + f].max() for j in range(cols)] for i in range(rows)]
    )


def turned_windows(x, f, s):
    """Window [i, j] begins at row j·s and column i·s."""
    rows, cols = ((n - f) // s + 1 for n in x.shape)
    return np.array([[x[j * s : j * s + f, i * s : i * s + f].max() for j in range(cols)] for i in range(rows)])


def slow_windows(pool, x, f, s):
    """The right shape, but place i begins at pixel i."""
    rows, cols = ((n - f) // s + 1 for n in x.shape[-2:])
    return pool(x, f, 1)[..., :rows, :cols]


def spread(grad, x, f):
    """Each gradient at every pixel of its window."""
    back = np.zeros(x.shape)
    wide = np.kron(grad, np.ones((f, f)))
    back[: wide.shape[0], : wide.shape[1]] = wide
    return back


def at_corner(grad, x, f):
    back = np.zeros(x.shape)
    back[: grad.shape[0] * f : f, : grad.shape[1] * f : f] = grad
    return back


def at_corner_below(grad, x, f, start):
    """The search for the largest begins with a number and the first pixel."""
    return np.where(spread(largest(x, f, f), x, f) > start, sent_back(grad, x, f), at_corner(grad, x, f))


def at_all_equal(grad, x, f):
    return np.where(x == spread(largest(x, f, f), x, f), spread(grad, x, f), 0.0)


def at_the_last(grad, x, f):
    """Of equal pixels the last one wins: turn all by 180° and take the first."""
    rows, cols = (n * f for n in grad.shape)
    back = np.zeros(x.shape)
    back[:rows, :cols] = sent_back(grad[::-1, ::-1], x[:rows, :cols][::-1, ::-1], f)[::-1, ::-1]
    return back


def misplaced(grad, x, f, place):
    """The winner of window [i, j], at [a, b] in it, is taken to be elsewhere in x."""
    back = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        window = x[i * f : (i + 1) * f, j * f : (j + 1) * f]
        back[place(i, j, *np.unravel_index(window.argmax(), window.shape))] = grad[i, j]
    return back


def at_one_winner(grad, x, f):
    """The winner of the whole map gets everything."""
    back = np.zeros(x.shape)
    back[np.unravel_index(x.argmax(), x.shape)] = grad.sum()
    return back
