"""Notebook 02, convolution: its exercises, with the mistakes that are often made.

The solutions are written to be read by students: they are shown to them as the last hint.
"""

import numpy as np

from ...filters import correlate as _library_correlate
from ...ops import conv2d as _library_conv2d
from ...practice import Exercise, Mistake
from ...shapes import Window, conv_cost, conv_output_size, receptive_fields

_rng = np.random.default_rng(0)


def output_size(n, f, s, p):
    return (n + 2 * p - f) // s + 1


def conv_parameters(channels, filters, f):
    return filters * (f * f * channels + 1)


def pad(image, p):
    rows, cols = image.shape
    padded = np.zeros((rows + 2 * p, cols + 2 * p), dtype=image.dtype)
    padded[p : p + rows, p : p + cols] = image
    return padded


def correlate(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    cols = image.shape[1] - kernel.shape[1] + 1
    output = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            window = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            output[i, j] = (window * kernel).sum()
    return output


def conv_layer(x, weight, bias, s):
    filters, channels, f, _ = weight.shape
    rows = (x.shape[1] - f) // s + 1
    cols = (x.shape[2] - f) // s + 1
    output = np.zeros((filters, rows, cols))
    for k in range(filters):
        for i in range(rows):
            for j in range(cols):
                window = x[:, i * s : i * s + f, j * s : j * s + f]
                output[k, i, j] = (window * weight[k]).sum() + bias[k]
    return output


def receptive_field(kernel_sizes, strides):
    size, jump = 1, 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        size = size + (f - 1) * jump
        jump = jump * s
    return size


def _whole(*shape):
    """Small whole numbers, the same at every import."""
    return _rng.integers(-4, 5, shape).astype(float)


def _field_without_jump(kernel_sizes, strides):
    return 1 + sum(f - 1 for f in kernel_sizes)


def _field_stride_too_early(kernel_sizes, strides):
    size, jump = 1, 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        jump *= s
        size += (f - 1) * jump
    return size


def _field_of_whole_kernels(kernel_sizes, strides):
    size, jump = 1, 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        size += f * jump
        jump *= s
    return size


def _field_with_last_stride(kernel_sizes, strides):
    return 1 + sum((f - 1) * s for f, s in zip(kernel_sizes, [1, *strides[:-1]], strict=True))


def _sliced_from_the_end(image, p):
    padded = np.zeros((image.shape[0] + 2 * p, image.shape[1] + 2 * p))
    padded[p:-p, p:-p] = image
    return padded


def _matrix_products(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows @ kernel).sum(axis=(-1, -2))


def _layer(x, weight, bias, s):
    return _library_conv2d(x[None], weight, bias, stride=s)[0]


IMAGE = np.array([[0, 1, 2, 0], [3, 4, 5, 1], [6, 7, 8, 2], [1, 0, 2, 3]], dtype=float)
SKEW = np.array([[1, 2], [0, -3]], dtype=float)

EXERCISES = (
    Exercise(
        output_size,
        "The side of a layer's output, for an input of side n, a kernel of side f, stride s and p pixels of padding on each side.",
        ((7, 3, 1, 0), (7, 3, 2, 0), (32, 5, 1, 2), (7, 3, 3, 0), (227, 11, 4, 0), (8, 2, 3, 1), (7, 2, 3, 1)),
        (
            Mistake("the floor is forgotten. A window fits or it does not: use // instead of /.",
                    lambda n, f, s, p: (n - f + 2 * p) / s + 1),
            Mistake("the + 1 is missing: a window that fits exactly has one place, not none.",
                    lambda n, f, s, p: (n - f + 2 * p) // s),
            Mistake("the padding is counted once. It lies on both sides: 2·p.", lambda n, f, s, p: (n - f + p) // s + 1),
            Mistake("the padding is left out.", lambda n, f, s, p: (n - f) // s + 1),
            Mistake("the stride is left out.", lambda n, f, s, p: n - f + 2 * p + 1),
            Mistake("this is rounded up. Real libraries take the floor: a window that hangs over is left out.",
                    lambda n, f, s, p: -(-(n - f + 2 * p) // s) + 1),
            Mistake("this is rounded to the nearest. Real libraries take the floor.",
                    lambda n, f, s, p: round((n - f + 2 * p) / s + 1)),
            Mistake("the padding is divided for itself. Add it to n first, then divide.",
                    lambda n, f, s, p: (n - f) // s + 2 * p // s + 1),
            Mistake("the padding is taken away. It makes the input larger.", lambda n, f, s, p: (n - f - 2 * p) // s + 1),
            Mistake("the + 1 belongs behind the division.", lambda n, f, s, p: (n - f + 2 * p + 1) // s),
            Mistake("brackets are missing: // comes before + and −. All of n + 2p − f is divided.",
                    lambda n, f, s, p: n - f + 2 * p // s + 1),
            Mistake("brackets are missing: // comes before + and −, and all of n + 2p − f is divided.",
                    lambda n, f, s, p: n + 2 * p - f // s + 1),
        ),
        (
            "The first window begins at pixel 0. How far can it move until it meets the far border?",
            "It can move n + 2p − f pixels. In steps of s, that is how many steps? The first place counts, too.",
            "Divide with //, which throws the rest away: that is the floor.",
        ),
        library=conv_output_size,
    ),
    Exercise(
        conv_parameters,
        "How many parameters a convolution layer has: its input has some channels, and each of its filters is f × f pixels large.",
        ((1, 1, 1), (3, 10, 5), (6, 16, 5), (3, 96, 11), (64, 32, 1)),
        (
            Mistake("the biases are missing: each filter has one.", lambda c, k, f: k * f * f * c),
            Mistake("there is one bias for each filter, not one in all.", lambda c, k, f: k * f * f * c + 1),
            Mistake("a filter goes through all channels of its input: it is f × f × channels.",
                    lambda c, k, f: k * (f * f + 1)),
            Mistake("this is one filter. The layer has several.", lambda c, k, f: f * f * c + 1),
            Mistake("a filter has f × f pixels, not f.", lambda c, k, f: k * (f * c + 1)),
            Mistake("a filter has one bias, not one for each channel.", lambda c, k, f: k * c * (f * f + 1)),
            Mistake("each filter has a bias, not each channel of the input. Perhaps channels and filters are swapped.", lambda c, k, f: c * (f * f * k + 1)),
            Mistake("this is the number of biases.", lambda c, k, f: k),
        ),
        (
            "Draw one filter first. How deep is it?",
            "One filter has f·f·channels weights and one bias.",
        ),
        library=lambda channels, filters, f: conv_cost(channels, filters, f, 1).parameters,
    ),
    Exercise(
        pad,
        "An image (rows, cols) with p rows and columns of zeros around it, as a new array.",
        ((IMAGE, 1), (_whole(2, 5), 2), (_whole(3, 3), 0), (np.arange(6).reshape(2, 3), 3), (IMAGE / 2, 1)),
        (
            Mistake("there is padding on two sides only.", lambda x, p: np.pad(x, ((0, p), (0, p)))),
            Mistake("there is padding on two sides only.", lambda x, p: np.pad(x, ((p, 0), (p, 0)))),
            Mistake("the rows above and below are missing.", lambda x, p: np.pad(x, ((0, 0), (p, p)))),
            Mistake("the columns left and right are missing.", lambda x, p: np.pad(x, ((p, p), (0, 0)))),
            Mistake("the border repeats the image. It must be zeros.", lambda x, p: np.pad(x, p, "edge") if p else x.copy()),
            Mistake("the border mirrors the image. It must be zeros.", lambda x, p: np.pad(x, p, "symmetric")),
            Mistake("the border is 1. It must be zeros.", lambda x, p: np.pad(x, p, constant_values=1)),
            Mistake("the frame is one pixel wide, whatever p is.", lambda x, p: np.pad(x, 1)),
            Mistake("for p = 0, padded[p:-p] is empty. Count from the front: rows p to p + rows.", _sliced_from_the_end),
            Mistake("the image stands in the corner: put it p rows down and p columns to the right.",
                    lambda x, p: np.pad(x, ((0, 2 * p), (0, 2 * p)))),
        ),
        (
            "Make an array of zeros first. How many rows and columns must it have?",
            "Then write the image into a part of it: padded[p : p + rows, p : p + cols] = image.",
        ),
        library=lambda x, p: np.pad(x, p),
        bench=(_whole(200, 200), 2),
    ),
    Exercise(
        correlate,
        "What the lecture calls convolution: lay the kernel over each place of the image where it fits, and add up the products. "
        "Stride 1, no padding.",
        ((IMAGE, SKEW), (_whole(5, 4), _whole(3, 2)), (IMAGE / 2, SKEW / 4), (_whole(6, 6), _whole(1, 1)), (_whole(9, 12), _whole(3, 3))),
        (
            Mistake("the kernel is flipped. That is convolution as mathematicians define it; layers lay it on as it is.",
                    lambda x, k: _library_correlate(x, k[::-1, ::-1])),
            Mistake("the kernel is transposed: check which index goes down and which goes across.",
                    lambda x, k: _library_correlate(x, np.ascontiguousarray(k.T))),
            Mistake("@ is the matrix product of window and kernel. Multiply number by number: *.", _matrix_products),
            Mistake("the last row and column of places is missing: there are n − f + 1 places.",
                    lambda x, k: _library_correlate(x, k)[:-1, :-1]),
            Mistake("this is the mean of the products. Add them up.", lambda x, k: _library_correlate(x, k) / k.size),
            Mistake("only the last product is kept: add to the output with +=.",
                    lambda x, k: k[-1, -1] * x[k.shape[0] - 1 :, k.shape[1] - 1 :]),
            Mistake("only the first product is taken.",
                    lambda x, k: k[0, 0] * x[: x.shape[0] - k.shape[0] + 1, : x.shape[1] - k.shape[1] + 1]),
            Mistake("the window is added up without the kernel's weights.",
                    lambda x, k: _library_correlate(x, np.ones_like(k))),
            Mistake("the absolute value is taken. Negative sums stay negative.", lambda x, k: abs(_library_correlate(x, k))),
            Mistake("negative sums became 0. That is ReLU, the next layer's job.",
                    lambda x, k: np.maximum(_library_correlate(x, k), 0)),
        ),
        (
            "Two loops choose the place [i, j]. Where does the window of this place begin, and where does it end?",
            "The window is image[i : i + kernel rows, j : j + kernel cols].",
            "Multiply the window by the kernel, number by number, and add up: (window * kernel).sum().",
        ),
        library=_library_correlate,
        bench=(_whole(60, 60), _whole(3, 3)),
    ),
    Exercise(
        conv_layer,
        "A whole layer with stride s and no padding: x has the shape (C, H, W), weight (K, C, f, f), bias (K,). The output is (K, rows, cols).",
        (
            (_whole(1, 4, 4), _whole(1, 1, 2, 2), np.zeros(1), 1), (_whole(3, 5, 6), _whole(2, 3, 3, 3), np.array([1.0, -2.0]), 1),
            (_whole(2, 8, 7), _whole(3, 2, 3, 3), np.array([0.5, 1.0, 2.0]), 2),
            (_whole(1, 5, 6), _whole(1, 1, 2, 2), np.array([0.5]), 2),
        ),
        (
            Mistake("the bias is missing.", lambda x, w, b, s: _layer(x, w, np.zeros_like(b), s)),
            Mistake("all filters got the first bias.", lambda x, w, b, s: _layer(x, w, np.full_like(b, b[0]), s)),
            Mistake("the bias is added once for each weight. It is added once for each output.",
                    lambda x, w, b, s: _layer(x, w, b * w[0].size, s)),
            Mistake("the bias is added once for each channel. It is added once for each output.",
                    lambda x, w, b, s: _layer(x, w, b * len(x), s)),
            Mistake("only the first channel is used. A filter is as deep as its input.",
                    lambda x, w, b, s: _layer(x[:1], w[:, :1], b, s)),
            Mistake("every channel meets the filter's first slice. Each has its own.",
                    lambda x, w, b, s: _layer(x, np.repeat(w[:, :1], w.shape[1], axis=1), b, s)),
            Mistake("the stride is left out of the windows: place i begins at pixel i·s.",
                    lambda x, w, b, s: _layer(x, w, b, 1)[:, : (x.shape[1] - w.shape[2]) // s + 1, : (x.shape[2] - w.shape[3]) // s + 1]),
            Mistake("the stride is left out.", lambda x, w, b, s: _layer(x, w, b, 1)),
            Mistake("the kernels are flipped.", lambda x, w, b, s: _layer(x, w[:, :, ::-1, ::-1], b, s)),
            Mistake("all maps are made by the first filter.", lambda x, w, b, s: _layer(x, np.repeat(w[:1], len(w), 0), b, s)),
            Mistake("the maps are the last axis. They come first: (K, rows, cols).",
                    lambda x, w, b, s: np.moveaxis(_layer(x, w, b, s), 0, -1)),
        ),
        (
            "Begin with the shape of the output. The size formula gives rows and cols; there are as many maps as filters.",
            "Place [i, j] looks at rows i·s to i·s + f of every channel: x[:, i*s : i*s + f, j*s : j*s + f].",
            "Multiply this window (C, f, f) by weight[k], add up everything, and add bias[k] once.",
        ),
        library=_layer,
        bench=(_whole(3, 24, 24), _whole(4, 3, 3, 3), np.zeros(4), 1),
    ),
    Exercise(
        receptive_field,
        "How many pixels of the input one unit of the last layer sees along one axis, for a stack of layers given by their kernel "
        "sizes and strides, first layer first.",
        (([3], [1]), ([3, 3, 3], [1, 1, 1]), ([5, 2, 5, 2], [1, 2, 1, 2]), ([3, 3], [2, 1]), ([11, 3, 5], [4, 2, 1])),
        (
            Mistake("the strides are left out: behind a stride of 2, the next kernel spans twice as many pixels of the input.",
                    _field_without_jump),
            Mistake("a layer's own stride counts only for the layers behind it. Grow first, then multiply the jump.",
                    _field_stride_too_early),
            Mistake("kernel sizes are added up. Neighbouring windows overlap: each layer adds f − 1.", lambda f, s: sum(f)),
            Mistake("kernel sizes are multiplied.", lambda f, s: int(np.prod(f))),
            Mistake("a kernel adds f − 1 steps, not f: its first place is there already.", _field_of_whole_kernels),
            Mistake("the jump is the product of all strides before, not the last one alone.", _field_with_last_stride),
            Mistake("this is the last kernel alone.", lambda f, s: f[-1]),
            Mistake("it begins with 1: a pixel sees itself.",
                    lambda f, s: receptive_field(f, s) - 1),
            Mistake("this is the jump, the product of the strides.", lambda f, s: int(np.prod(s))),
            Mistake("the stack is read from the wrong end.", lambda f, s: receptive_field(f[::-1], s[::-1])),
        ),
        (
            "A unit that sees r pixels, and a layer of kernel size f above it: f units beside each other see more than one does.",
            "Two neighbours see the same but for a jump of some pixels. f of them see r + (f − 1)·jump.",
            "The jump begins with 1 and is multiplied by the stride of each layer, after the layer has used it.",
        ),
        library=lambda sizes, strides: receptive_fields([Window(*each) for each in zip(sizes, strides, strict=True)])[-1].size,
    ),
)  # fmt: skip
