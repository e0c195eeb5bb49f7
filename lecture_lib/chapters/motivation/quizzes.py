"""Notebook 01, motivation: quizzes on what is often got wrong."""

import numpy as np

from ...practice import Quiz, right, wrong
from ...shapes import conv_output_size
from ...transforms import distance
from .wiring import first_layer


def _larger_photo() -> Quiz:
    small, large = first_layer(200, 3, 1000, 5), first_layer(400, 3, 1000, 5)
    inputs, more = 200 * 200 * 3, 400 * 400 * 3
    return Quiz(
        "A photo of 400×400×3 takes the place of one of 200×200×3. How many weights does the first layer need now, "
        "if it is fully connected, and if it is a convolution?",
        (
            wrong("Both need 4 times as many",
                  "One of them does: it has a weight for every number of the photo. "
                  "A filter is as large as before. It slides further."),
            wrong("Fully connected: twice as many. Convolution: as many as before",
                  f"The photo is twice as wide and twice as high. So each unit has {more:,} inputs instead of {inputs:,}: "
                  "count again."),
            right("Fully connected: 4 times as many. Convolution: as many as before",
                  f"With 1000 units, {small.dense:,} weights become {large.dense:,}. "
                  f"A thousand filters of 5×5 have {small.shared:,} weights, on any photo."),
            wrong("Fully connected: 4 times as many. Convolution: twice as many",
                  "A filter has no weights for places. What grows is its work: about "
                  f"{large.multiply_adds / small.multiply_adds:.1f} times as many multiply-adds, because it stands at more places."),
            wrong("Both need as many as before",
                  "A fully connected unit has one weight for each number of the photo. There are more numbers now."),
        ),
    )  # fmt: skip


def _moved_object() -> Quiz:
    return Quiz(
        "A CNN has learned from centred digits. It ends in a fully connected layer that reads all places of the last maps. "
        "Why does it fail when a digit is moved by 8 pixels?",
        (
            wrong("Its filters do not find the strokes at the new place",
                  "They do. A filter is the same at every place, so its map moves along with the digit."),
            right("Its last layer has a weight of its own for each place of the maps",
                  "The maps have moved, and meet weights that were learned for other places. "
                  "If only the maximum of each map is passed on, the answer changes little."),
            wrong("It does not fail: convolutions are invariant to shifts",
                  "A convolution is equivariant: its maps move along. Something behind it must make the answer stay."),
            wrong("It has too few parameters",
                  "In section M2 the network that loses few digits has about as many parameters."),
            wrong("The digit comes too near to the border",
                  "Moved by 4 pixels it is still 4 away from the border, and most digits are lost already. What fails stands behind the filters."),
        ),
    )  # fmt: skip


def _local_or_shared() -> Quiz:
    side = conv_output_size(28, 5)
    cost = first_layer(28, 1, 1, 5)
    return Quiz(
        f"On an image of 28×28 pixels a unit with a window of 5×5 stands at each of {side}×{side} places. How many weights does this "
        "layer have if each unit has its own (local), and how many if they share them (a convolution)? No biases.",
        (
            wrong(f"{cost.shared} and {cost.shared}",
                  f"{cost.shared} is what one unit has. Without sharing, another unit has other weights."),
            wrong(f"{cost.local:,} and {cost.values}",
                  f"{cost.values} is the number of units. If all share one set of weights, how large is the set?"),
            wrong(f"{cost.dense_maps:,} and {cost.shared}",
                  f"28·28·{cost.values} = {cost.dense_maps:,} would be a fully connected layer. A local unit sees its window only."),
            right(f"{cost.local:,} and {cost.shared}",
                  f"{side}·{side} = {cost.values} units with 5·5 weights each make {cost.local:,}. Shared, all of them use the same "
                  f"{cost.shared}: {cost.local // cost.shared} times fewer."),
            wrong(f"{cost.values} and 1",
                  "A unit has a weight for each pixel of its window, not one in all."),
        ),
    )  # fmt: skip


def _cancelled() -> Quiz:
    first = np.zeros((100, 100))
    second = np.where(np.arange(100) % 2, 40.0, -40.0) + first
    apart, squares = distance(first, second), (second - first) ** 2
    return Quiz(
        "Two grey images have 100×100 pixels. In the second one half of the pixels are 40 brighter than in the first, and half are "
        "40 darker. How large is the distance of the images, the root of the mean squared difference?",
        (
            right(f"{apart:.0f} grey levels",
                  f"Each squared difference is {squares[0, 0]:,.0f}, so their mean is, too. Its root is {apart:.0f}."),
            wrong("0: brighter and darker cancel",
                  "In a mean of plain differences they would. Squares are never negative, so nothing cancels."),
            wrong(f"{squares.mean():,.0f}", "This is the mean of the squares. The root is still to be taken."),
            wrong(f"{squares.sum() ** 0.5:,.0f}: it adds up over the pixels",
                  "This is the root of the sum. It grows with the images; the root of the mean does not."),
            wrong("It depends on which pixels are brighter, and where they stand",
                  "Each pixel is compared with the one at its own place. The distance knows no neighbours."),
        ),
    )  # fmt: skip


def _wider_view() -> Quiz:
    pooled = 5 + (2 - 1)  # pixels that one unit of S2 sees: windows of 2 units of C1
    seen = pooled + (5 - 1) * 2
    return Quiz(
        f"In LeNet-5 a filter of the second convolution, C3, has 5×5 places, as one of the first, C1. Why does a unit of C3 see "
        f"{seen}×{seen} pixels of the digit, and not 5×5?",
        (
            wrong("Because it reads 6 maps and not one image",
                  "All maps show the same places of the digit. More maps say more about a place, not about more places."),
            wrong(f"Because the maps of S2 are {seen}×{seen}, and it sees all of them",
                  "The same number by chance. It sees 5×5 places of these maps, and stands at 10×10 places."),
            wrong("Because a filter grows while it learns",
                  "Learning changes the weights of a filter. Their number stays what it was."),
            wrong("Because of the padding",
                  "Padding puts zeros around a map. A unit sees nothing more of the digit by them."),
            right(f"Each number that it reads comes from {pooled}×{pooled} pixels, 2 pixels apart",
                  f"Pooling puts 2×2 units of C1 together, which see {pooled}×{pooled} pixels. Five of these in a row, 2 pixels "
                  f"apart, make {pooled} + 4·2 = {seen}."),
        ),
    )  # fmt: skip


LARGER_PHOTO = _larger_photo()
MOVED_OBJECT = _moved_object()
LOCAL_OR_SHARED = _local_or_shared()
CANCELLED = _cancelled()
WIDER_VIEW = _wider_view()

QUIZZES: dict[str, Quiz] = {
    "M1": LARGER_PHOTO, "M2": MOVED_OBJECT, "M3": CANCELLED, "M4": LOCAL_OR_SHARED, "M5": WIDER_VIEW,
}  # fmt: skip
"""By the section in which they are asked."""
