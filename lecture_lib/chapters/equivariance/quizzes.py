"""Notebook 05, equivariance: quizzes on what is often got wrong."""

import numpy as np

from ...filters import KERNELS
from ...practice import Quiz, right, rows, wrong
from ...style import number
from .capsule_net import routing_steps
from .moving import averaged, averagings


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
                  "It looks for upright edges. In the turned photo these are the edges that were horizontal before."),
            wrong(f"Emboss, {kernel['emboss']}",
                  "Its light comes from the upper left. If the map is turned afterwards, the light is turned, too."),
            right(f"Laplacian, {kernel['laplacian_4']}",
                  "It looks the same from all four sides. So it meets in the turned photo what it has met before."),
            wrong(f"Shift left, {kernel['shift_left']}",
                  "It moves the photo to the left. If the map is turned afterwards, that becomes a move up or down."),
            wrong("None: convolutions are not equivariant to turns",
                  "Most are not. But a filter that looks the same from all four sides does not notice a quarter turn."),
        ),
    )  # fmt: skip


def _strided_turns() -> Quiz:
    return Quiz(
        "A group convolution on p4 has 3×3 filters, stride 2 and no padding. For which of these inputs is it exactly equivariant "
        "to quarter turns?",
        (
            wrong("12×12", f"The windows begin at 0, 2, …, 8: {(12 - 3) // 2 + 1} a row. The last column is never seen. After "
                  "half a turn it is another one."),
            right("13×13", f"The windows begin at 0, 2, …, 10: {(13 - 3) // 2 + 1} a row, and the last one ends at the last pixel. "
                  "So a turn lays windows onto windows."),
            wrong("14×14", "The last window begins at 10 and ends at 12. Column 13 is dropped, and after half a turn column 0."),
            wrong("16×16", "A power of 2 does not help. The last window begins at 12 and ends at 14; column 15 is dropped."),
            wrong("None: with a stride of 2 both ways differ for every size",
                  "For shifts by 1 pixel they do. A turn can lay the windows exactly onto each other."),
        ),
    )  # fmt: skip


def _turns_alone() -> Quiz:
    moves = averagings()["turns"]
    turns = [0, 25, 50, 75]  # those without a shift
    random = np.random.default_rng(0).normal(size=(25, 25))
    last = averaged(random, moves.inputs[turns], moves.outputs[turns])[-1]
    return Quiz(
        "A 25×25 matrix of random numbers takes 5×5 pictures to 5×5 pictures. It is averaged over the four turns alone, without "
        "shifts. What is it then?",
        (
            right("Equivariant to turns, but no convolution",
                  f"There are {len(np.unique(last.round(9)))} different numbers in it, and each output has a filter of its own. No "
                  "turn brings the middle pixel to a corner, so nothing makes their filters alike."),
            wrong("A convolution with one filter, the same from all four sides",
                  "For that the 25 shifts are needed, too: only they make all outputs use one filter."),
            wrong("A convolution, and its filter can be any",
                  "No shift is in the average, so nothing makes the outputs share a filter."),
            wrong("Random as before, and not equivariant to turns",
                  "It does not stay as it is: numbers that a turn lays onto each other become their mean."),
        ),
    )  # fmt: skip


def _votes_cancel() -> Quiz:
    votes = np.zeros((10, 2, 2))
    votes[:, 0, 1], votes[:5, 1, 1], votes[5:, 1, 1] = 1, 1, -1
    *_, last = routing_steps(votes, 3)
    a, b = (number(each) for each in np.linalg.norm(last.v, axis=1).round(2))
    return Quiz(
        "Ten parts vote for two capsules, A and B. For A all ten votes are (0, 1). For B five are (0, 1), and five are (0, −1). How "
        "long are A and B after three iterations?",
        (
            wrong("Both are nearly 1 long: each has ten votes",
                  "A length does not count votes. It says how far they add up, and those for B do not."),
            wrong("Both are 0.5 long: each part shares out evenly",
                  "It does so in the first iteration. But a share is a coupling, not a length."),
            wrong("A is nearly 1 long, B half as long: half of its votes agree",
                  "The two halves point in opposite directions. What is the sum of all ten?"),
            wrong("A is 0 and B nearly 1 long: routing looks for differences",
                  "It is the other way: routing gives weight to votes that agree."),
            right("A is nearly 1 long, and B is 0",
                  f"A has the length {a}: its votes add up, and are coupled more with each iteration. Those for B cancel: its length "
                  f"is {b}."),
        ),
    )  # fmt: skip


MOVES_ALONG = _moves_along()
SHIFT_AND_STRIDE = _shift_and_stride()
QUARTER_TURN = _quarter_turn()
STRIDED_TURNS = _strided_turns()
TURNS_ALONE = _turns_alone()
VOTES_CANCEL = _votes_cancel()

QUIZZES: dict[str, Quiz] = {
    "E2": SHIFT_AND_STRIDE, "E3": MOVES_ALONG, "E4": QUARTER_TURN,
    "E6": STRIDED_TURNS, "E7": TURNS_ALONE, "E8": VOTES_CANCEL,
}  # fmt: skip
"""By the section in which they are asked."""
