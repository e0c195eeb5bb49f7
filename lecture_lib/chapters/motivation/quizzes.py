"""Notebook 01, motivation: quizzes on what is often got wrong."""

from ...practice import Quiz, right, wrong
from ...shapes import conv_output_size
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
                  "If only the maximum of each map is passed on, the answer stays."),
            wrong("It does not fail: convolutions are invariant to shifts",
                  "A convolution is equivariant: its maps move along. Something behind it must make the answer stay."),
            wrong("It has too few parameters",
                  "In section M2 the network that stays level has fewer parameters than the others."),
            wrong("The digit comes too near to the border",
                  "It stays whole, and padding lets the filters reach the border. What fails stands behind the filters."),
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


LARGER_PHOTO = _larger_photo()
MOVED_OBJECT = _moved_object()
LOCAL_OR_SHARED = _local_or_shared()

QUIZZES: dict[str, Quiz] = {"M1": LARGER_PHOTO, "M2": MOVED_OBJECT, "M4": LOCAL_OR_SHARED}
"""By the section in which they are asked."""
