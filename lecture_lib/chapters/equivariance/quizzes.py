"""Notebook 05, equivariance: quizzes on what is often got wrong."""

from ...filters import KERNELS
from ...practice import Quiz, right, rows, wrong


def _moves_along() -> Quiz:
    return Quiz(
        "Borders are circular and the stride is 1. Which of these representations is equivariant to shifts, but not invariant?",
        (
            wrong("How many pixels have each grey", "A shift changes no count. That is invariant."),
            wrong("A convolution, then the maximum of each map",
                  "The map moves along, but its maximum stays the same. That is invariant."),
            wrong("A fully connected layer with random weights, from 784 pixels to 10 numbers",
                  "Two pictures can have the same ten numbers, and other ones after the same shift. So no M_g fits both."),
            right("A convolution, then ReLU",
                  "The map moves along with the picture. ReLU works on each place alone, so it moves along, too."),
            wrong("The pixel in the upper left corner",
                  "After a shift another pixel stands there. The old one does not say how bright the new one is."),
        ),
    )  # fmt: skip


def _shift_and_stride() -> Quiz:
    return Quiz(
        "A convolution with stride 2 is followed by max pooling, 2×2 with stride 2. Borders are circular. "
        "Which is the smallest shift of the picture that the maps follow exactly?",
        (
            wrong("1 pixel", "That is so for stride 1. With stride 2 the windows now begin at other pixels."),
            wrong("2 pixels",
                  "That moves the first map by one place. But then the windows of the pooling hold other neighbours."),
            wrong("3 pixels", "Behind the stride of 2 this would be one place and a half. There is no half place."),
            right("4 pixels",
                  f"The strides multiply: one place of the last map is 2·2 = {2 * 2} pixels of the picture. "
                  "So the maps follow shifts by 4, 8, 12, … pixels."),
            wrong("None: stride and pooling spoil it for every shift",
                  "Not for every one. If all windows meet the same pixels as before, only at other places, nothing is spoiled."),
        ),
    )  # fmt: skip


def _quarter_turn() -> Quiz:
    kernel = {name: rows(KERNELS[name].weights) for name in ("sobel_x", "laplacian_4", "emboss", "shift_left")}
    return Quiz(
        "For one of these filters it makes no difference whether the photo is turned by 90° first, or its map afterwards. "
        "Which one?",
        (
            wrong(f"Sobel x, {kernel['sobel_x']}",
                  "It looks for upright edges. In the turned photo these are the edges that lay level before."),
            wrong(f"Emboss, {kernel['emboss']}",
                  "Its light comes from the upper left. If the map is turned afterwards, the light is turned, too."),
            right(f"Laplacian, {kernel['laplacian_4']}",
                  "It looks the same from all four sides. So it meets in the turned photo what it has met before."),
            wrong(f"Shift left, {kernel['shift_left']}",
                  "It moves the photo to the left. If the map is turned afterwards, that becomes a move up or down."),
            wrong("None: convolutions are not equivariant to turns",
                  "Most are not. But a filter that sees no directions does not notice a quarter turn."),
        ),
    )  # fmt: skip


MOVES_ALONG = _moves_along()
SHIFT_AND_STRIDE = _shift_and_stride()
QUARTER_TURN = _quarter_turn()

QUIZZES: dict[str, Quiz] = {"E2": SHIFT_AND_STRIDE, "E3": MOVES_ALONG, "E4": QUARTER_TURN}
"""By the section in which they are asked."""
