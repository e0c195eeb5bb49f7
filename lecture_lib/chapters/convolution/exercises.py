"""Notebook 02, convolution: its exercises, with the mistakes that are often made.

The solutions are written to be read by students: they are shown to them as the last hint.
"""

import numpy as np

from ...filters import correlate as _library_correlate
from ...ops import conv2d as _library_conv2d
from ...practice import Exercise, Mistake
from ...shapes import Window, conv_output_size, receptive_fields
from ...style import number

_rng = np.random.default_rng(0)


def output_size(n, f, s, p):
    return (n + 2 * p - f) // s + 1


def choose_stride_and_padding(n, f, m):
    for p in range(f):
        for s in range(1, n + 2 * p + 1):
            if (n + 2 * p - f) // s + 1 == m:
                return s, p
    return None  # no pair fits


def design_kernel(strength):
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    return sobel * strength / 8


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


def _a_layer(rng):
    """Sides n and f, stride and padding that fit."""
    f = int(rng.integers(1, 8))
    return int(rng.integers(f, 60)), f, int(rng.integers(1, 5)), int(rng.integers(0, f))


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


def _field_multiplied_by_stride(kernel_sizes, strides):
    size = 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        size = (size + f - 1) * s
    return size


def _matrix_products(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows @ kernel).sum(axis=(-1, -2))


def _three_by_three(image, kernel):
    rows, cols = image.shape[0] - 2, image.shape[1] - 2
    return sum(kernel[a, b] * image[a : a + rows, b : b + cols] for a in range(3) for b in range(3))


def _fitting(pair, n, f, m):
    """What is wrong with a stride and a padding."""
    s, p = pair.astype(float)
    if s % 1 or p % 1:
        return f"it gave s = {s:g} and p = {p:g}: both must be whole numbers."
    first = f"s = {s:g} and p = {p:g} do not fit:"
    if s < 1 or not 0 <= p < f:
        swapped = p >= 1 and 0 <= s < f and (n + 2 * s - f) // p + 1 == m
        why = (
            "s must be at least 1"
            if s < 1
            else f"p must be from 0 to f − 1 = {f - 1}, or a window would hold nothing but padding"
        )
        return f"{first} {why}.{' The other way round they do: s comes first.' if swapped else ''}"
    side = (n + 2 * p - f) // s + 1
    formula = f"⌊({n} − {f} + 2·{p:g})/{s:g}⌋ + 1 = {side:g}"
    return "" if side == m else f"{first} the output has side {formula}, not {m}."


def _edges(kernel, strength):
    """What is wrong with a kernel that is to find upright edges."""
    tolerance = 1e-6 * max(1.0, abs(strength))
    flat, rows, ramp = 100 * kernel.sum(), kernel.sum(axis=1), kernel @ np.arange(3)
    if not abs(flat) <= tolerance:
        return f"where all pixels are 100 it gives {number(flat)}, not 0. What do its weights add up to?"
    if not (abs(rows) <= tolerance).all():
        even = np.repeat([[0], [1], [5]], 3, axis=1)
        found = (even * kernel).sum()
        return f"on {even.tolist()} it gives {number(found)}, not 0: the pixels of each row are equal. What do the weights of one row add up to?"
    if not abs(ramp.sum() - strength) <= tolerance:
        turned = (
            " It answers to what gets darker: are left and right swapped?"
            if abs(ramp.sum() + strength) <= tolerance
            else ""
        )
        return f"on {[[0, 1, 2]] * 3} it gives {number(ramp.sum())}, not strength = {number(strength)}.{turned}"
    if not (abs(ramp[1] - 2 * ramp[[0, 2]]) <= tolerance).all():
        return f"its rows give {', '.join(map(number, ramp))} where it gets brighter by 1: the middle one must give twice as much as each of the others."
    return ""


def _layer(x, weight, bias, s):
    return _library_conv2d(x[None], weight, bias, stride=s)[0]


IMAGE = np.array([[0, 1, 2, 0], [3, 4, 5, 1], [6, 7, 8, 2], [1, 0, 2, 3]], dtype=float)
SKEW = np.array([[1, 2], [0, -3]], dtype=float)

EXERCISES = (
    Exercise(
        output_size,
        "The side of a layer's output, a whole number. The input has side n, the kernel side f. The stride is s, and p pixels of padding stand on each side.",
        ((7, 3, 1, 0), (7, 3, 2, 0), (32, 5, 1, 2), (7, 3, 3, 0), (227, 11, 4, 0), (8, 2, 3, 1), (7, 2, 3, 1), (5, 4, 1, 2)),
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
            Mistake("the window that ends exactly at the far border is left out: it fits, so compare with <=, not with <.",
                    lambda n, f, s, p: (n + 2 * p - f - 1) // s + 1),
            Mistake("f and s are swapped: the kernel is taken away, the stride divides.", lambda n, f, s, p: (n + 2 * p - s) // f + 1),
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
        understood="Your function counts places: the first one, and a further one for each whole step until the far border, "
        "with the padding of both sides.",
        library=conv_output_size,
        drawn=lambda rng: _a_layer(rng),
    ),
    Exercise(
        choose_stride_and_padding,
        "A stride s and a padding p, as a pair (s, p). With them an input of side n and a kernel of side f give an output of side m. "
        "s is at least 1, and p is from 0 to f − 1. Where several pairs fit, any of them is right.",
        (
            (7, 3, 3), (7, 3, 7), (7, 3, 4), (28, 2, 14), (32, 5, 16), (227, 11, 55), (224, 11, 55), (28, 7, 28), (6, 3, 1), (5, 4, 8),
            (9, 1, 3), (12, 5, 4), (4, 1, 1), (8, 4, 6),
        ),
        (
            Mistake("the padding cannot be 0 always: some sizes need it.", lambda n, f, m: (max(1, n // m), 0)),
            Mistake("n / m is the stride only if the padding makes up for the kernel. Try your pair in the size formula.",
                    lambda n, f, m: (max(1, n // m), (f - 1) // 2)),
            Mistake("a stride of 1 and a padding of (f − 1)/2 keep the size. Here m may be smaller than n.", lambda n, f, m: (1, (f - 1) // 2)),
        ),
        (
            "The size formula gives m for an n, f, s and p. Which of these four do you look for?",
            "p has f possible values only, and no stride larger than n + 2p makes a difference. Try all of them.",
            "Two loops, one over p and one over s; return the first pair for which (n + 2·p − f) // s + 1 is m.",
        ),
        understood="Your function uses the size formula backwards: it finds a stride and a padding for the size that is wanted, "
        "also where the floor drops columns.",
        judge=_fitting,
        drawn=lambda rng: (lambda n, f, s, p: (n, f, output_size(n, f, s, p)))(*_a_layer(rng)),
    ),
    Exercise(
        design_kernel,
        "A 3×3 kernel that finds upright edges, as an array. Where the pixels of each row are equal, correlate(image, kernel) gives 0. "
        "Where every pixel is brighter by 1 than the pixel left of it, it gives strength. The kernel's middle row has twice as large "
        "a share in that as its first row, and as its last row. Any kernel that does so is right.",
        ((8,), (4,), (1,), (-2,), (0.5,), (12,)),
        (
            Mistake("strength is not used.", lambda strength: np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])),
            Mistake("the weights are multiplied by strength, but on a kernel that gives more than 1 already.",
                    lambda strength: strength * np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])),
            Mistake("from the left pixel of a row to its right one are 2 steps, so [−1, 0, 1] gives 2.",
                    lambda strength: strength / 4 * np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])),
            Mistake("this finds level edges. Rows and columns are swapped.",
                    lambda strength: strength / 8 * np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])),
            Mistake("all rows have the same share.", lambda strength: strength / 6 * np.array([[-1, 0, 1]] * 3)),
        ),
        (
            "Which weights must stand in one row, so that three equal pixels give 0, and 0, 1, 2 give something?",
            "[−1, 0, 1] gives 2 for the pixels 0, 1, 2. Take it once, twice and once. What does that give in all?",
            "It gives 2 + 4 + 2 = 8. Multiply by strength / 8.",
        ),
        understood="Your function makes the weights of each row add up to 0, so that only a change from left to right is seen, and "
        "the differences of all rows add up to strength.",
        judge=_edges,
        drawn=lambda rng: (float(rng.choice([-1, 1]) * rng.integers(2, 60)) / 4,),
    ),
    Exercise(
        correlate,
        "What the lecture calls convolution: lay the kernel over each place of the image where it fits, and add up the products. "
        "Stride 1, no padding. image and kernel are arrays (rows, cols) of any size and dtype; the image stays as it is.",
        (
            (IMAGE, SKEW), (_whole(5, 4), _whole(3, 2)), (IMAGE / 2, SKEW / 4), (_whole(6, 6), _whole(1, 1)), (_whole(9, 12), _whole(3, 3)),
            (30 * IMAGE.astype(np.uint8), np.array([[2, 0], [0, -1]])), (IMAGE.astype(int), SKEW / 4),
        ),
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
            Mistake("the kernel need not be 3×3: take its sides from kernel.shape.", _three_by_three),
            Mistake("the window is added up without the kernel's weights.",
                    lambda x, k: _library_correlate(x, np.ones_like(k))),
            Mistake("the output has the image's dtype. That may hold no fractions and no negative numbers: np.zeros without dtype does.",
                    lambda x, k: _library_correlate(x, k).astype(int if x.dtype == np.uint8 else x.dtype).astype(x.dtype)),
            Mistake("the absolute value is taken. Negative sums stay negative.", lambda x, k: abs(_library_correlate(x, k))),
            Mistake("the border is filled with zeros. Without padding there are only places where the kernel lies wholly on the image.",
                    lambda x, k: _library_correlate(np.pad(x, [((side - 1) // 2, side // 2) for side in k.shape]), k)),
            Mistake("negative sums became 0. That is ReLU, the next layer's job.",
                    lambda x, k: np.maximum(_library_correlate(x, k), 0)),
        ),
        (
            "Two loops choose the place [i, j]. Where does the window of this place begin, and where does it end?",
            "The window is image[i : i + kernel rows, j : j + kernel cols].",
            "Multiply the window by the kernel, number by number, and add up: (window * kernel).sum().",
        ),
        understood="Your function lays the kernel on every place where it fits, as it is written, and adds up pixel times weight, "
        "whatever the dtype of the image.",
        library=_library_correlate,
        large=(_whole(60, 60), _whole(3, 3)),
    ),
    Exercise(
        conv_layer,
        "A whole layer with stride s and no padding: x is an array of shape (C, H, W) and any dtype, weight (K, C, f, f), bias (K,). The output is (K, rows, cols).",
        (
            (_whole(1, 4, 4), _whole(1, 1, 2, 2), np.zeros(1), 1), (_whole(3, 5, 6), _whole(2, 3, 3, 3), np.array([1.0, -2.0]), 1),
            (_whole(2, 8, 7), _whole(3, 2, 3, 3), np.array([0.5, 1.0, 2.0]), 2),
            (_whole(1, 5, 6), _whole(1, 1, 2, 2), np.array([0.5]), 2),
            (_rng.integers(0, 256, (2, 6, 7), dtype=np.uint8), _whole(2, 2, 3, 3) / 4, np.array([-0.5, 0.25]), 3),
        ),
        (
            Mistake("the bias is missing.", lambda x, w, b, s: _layer(x, w, np.zeros_like(b), s)),
            Mistake("this is the mean of the products. Add them up.",
                    lambda x, w, b, s: _layer(x, w / w[0].size, b, s)),
            Mistake("all filters got the first bias.", lambda x, w, b, s: _layer(x, w, np.full_like(b, b[0]), s)),
            Mistake("the bias is added once for each weight. It is added once for each output.",
                    lambda x, w, b, s: _layer(x, w, b * w[0].size, s)),
            Mistake("the bias is added once for each channel. It is added once for each output.",
                    lambda x, w, b, s: _layer(x, w, b * len(x), s)),
            Mistake("the output has x's dtype. That may hold no fractions and no negative numbers: np.zeros without dtype does.",
                    lambda x, w, b, s: _layer(x, w, b, s).astype(int if x.dtype == np.uint8 else x.dtype).astype(x.dtype)),
            Mistake("only the first channel is used. A filter is as deep as its input.",
                    lambda x, w, b, s: _layer(x[:1], w[:, :1], b, s)),
            Mistake("every channel meets the filter's first slice. Each has its own.",
                    lambda x, w, b, s: _layer(x, np.repeat(w[:, :1], w.shape[1], axis=1), b, s)),
            Mistake("the stride is left out of the windows: place i begins at pixel i·s.",
                    lambda x, w, b, s: _layer(x, w, b, 1)[:, : (x.shape[1] - w.shape[2]) // s + 1, : (x.shape[2] - w.shape[3]) // s + 1]),
            Mistake("the stride is left out.", lambda x, w, b, s: _layer(x, w, b, 1)),
            Mistake("the last row and column of places is missing: there are (n − f) // s + 1 of them.", lambda x, w, b, s: _layer(x, w, b, s)[:, :-1, :-1]),
            Mistake("negative sums became 0. That is ReLU, the next layer's job.", lambda x, w, b, s: np.maximum(_layer(x, w, b, s), 0)),
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
        understood="Your function lets every filter look through all channels of a window, adds its bias once, and moves on by the "
        "stride: that is all that a convolution layer does.",
        library=_layer,
        large=(_whole(3, 24, 24), _whole(4, 3, 3, 3), np.zeros(4), 1),
    ),
    Exercise(
        receptive_field,
        "How many pixels of the input one unit of the last layer sees along one axis. The layers are given by two lists, "
        "their kernel sizes and their strides, first layer first. The lists stay as they are.",
        (([3], [1]), ([3, 3, 3], [1, 1, 1]), ([5, 2, 5, 2], [1, 2, 1, 2]), ([3, 3], [2, 1]), ([11, 3, 5], [4, 2, 1]), ([7, 1, 3], [2, 3, 1]),
         ([2, 3, 2, 4], [2, 3, 2, 1])),
        (
            Mistake("the strides are left out: behind a stride of 2, the next kernel spans twice as many pixels of the input.",
                    _field_without_jump),
            Mistake("a layer's own stride counts only for the layers behind it. Grow first, then multiply the jump.",
                    _field_stride_too_early),
            Mistake("kernel sizes are added up. Neighbouring windows overlap: each layer adds f − 1.", lambda f, s: sum(f)),
            Mistake("kernel sizes are multiplied.", lambda f, s: int(np.prod(f))),
            Mistake("a kernel adds f − 1 steps, not f: its first place is there already.", _field_of_whole_kernels),
            Mistake("the jump is the product of all strides before, not the last one alone.", _field_with_last_stride),
            Mistake("kernel sizes and strides are swapped.", lambda f, s: receptive_field(s, f)),
            Mistake("the field itself is multiplied by the stride. It is the step from one unit to the next that grows.", _field_multiplied_by_stride),
            Mistake("the kernels need not be of size 3: take their sizes from the list.", lambda f, s: receptive_field([3] * len(f), s)),
            Mistake("the last layer is left out.", lambda f, s: receptive_field(f[:-1], s[:-1])),
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
        understood="Your function knows that a kernel adds f − 1 steps, and that a step is as long as the product of all strides before it.",
        library=lambda sizes, strides: receptive_fields([Window(*each) for each in zip(sizes, strides, strict=True)])[-1].size,
        # no kernel smaller than its stride: which pixels between its places it sees is then a matter of words
        drawn=lambda rng: (lambda n: (rng.integers(2, 6, n).tolist(), rng.integers(1, 3, n).tolist()))(rng.integers(2, 6)),
    ),
)  # fmt: skip
