"""Notebook 02, convolution: quizzes on what is often got wrong."""

from ...filters import KERNELS
from ...practice import Quiz, right, rows, wrong
from ...shapes import Window, conv_cost, conv_output_size, dropped_columns, receptive_fields

BOX_BLUR = Quiz(
    "What does a 3×3 kernel do to a photo when each of its nine weights is 1/9?",
    (
        wrong("Sharpen the image",
              "Sharpening needs negative weights around a large positive one, to push a pixel away from its neighbours. "
              "Here all nine weights are equal and positive."),
        right("Blur the image",
              "Each output value is the mean of nine pixels, so sharp changes are spread out. "
              "The weights add up to 1, so the brightness stays."),
        wrong("Shift the image left",
              "A shift copies one neighbour: a single 1 to the right of the middle, and zeros elsewhere. "
              "Here all nine neighbours count alike."),
        wrong("Rotate the image clockwise",
              "No kernel can rotate an image: the same window is used everywhere, "
              "but a rotation moves different pixels in different directions."),
        wrong("Nothing",
              "Only the identity does nothing: a 1 in the middle and zeros elsewhere. "
              "It would do nothing to an image of one single colour, though."),
    ),
)  # fmt: skip
"""The lecture's poll question 1."""


def _turned_kernel() -> Quiz:
    kernel = KERNELS["sobel_x"].weights
    return Quiz(
        "SciPy's convolve2d (mode 'valid') and a convolution layer get the same photo and the same kernel, Sobel x. "
        "How do their results differ?",
        (
            wrong("Not at all",
                  "That is so for kernels that look the same after a turn by 180°, such as the box blur. "
                  f"Sobel x, {rows(kernel)}, does not."),
            wrong("One is the other, turned by 180°",
                  "The kernel is turned, not the photo. Every edge stays where it is."),
            right("They have opposite signs",
                  f"convolve2d turns the kernel by 180°, and {rows(kernel[::-1, ::-1])} is Sobel x times −1. The layer lays the "
                  "kernel on as it is: what is called convolution in networks is cross-correlation."),
            wrong("One finds upright edges, the other level ones",
                  "For that, rows and columns must change places. A turn by 180° keeps rows rows."),
        ),
    )  # fmt: skip


def _one_by_one() -> Quiz:
    cost = conv_cost(64, 16, 1, 28)
    return Quiz(
        "What does a 1×1 convolution with 64 channels in and 16 out do to a map of 28×28?",
        (
            right("It mixes the channels of each pixel, and makes 16 of 64",
                  f"Each output channel is a weighted sum of the 64 channels at the same pixel: 16·64 = {cost.weights:,} weights, "
                  "used at every pixel."),
            wrong("Nothing: in a window of one pixel there is nothing to add up",
                  "There is one pixel, but it has 64 channels. A filter goes through the whole depth."),
            wrong("It makes every channel brighter or darker",
                  f"Then 64 weights would do, and 64 channels would come out. It has {cost.weights:,}."),
            wrong("It makes the map smaller: fewer rows and columns",
                  f"There are 28 − 1 + 1 = {conv_output_size(28, 1)} rows, as before. What gets smaller is the depth."),
            wrong("It connects every pixel with every other",
                  f"A fully connected layer from 28·28·64 numbers to 28·28·16 has {28**4 * 64 * 16:,} weights. "
                  f"This one has {cost.weights:,}: it sees one pixel at a time."),
        ),
    )  # fmt: skip


def _size_with_a_rest() -> Quiz:
    size, dropped = conv_output_size(10, 3, 2), dropped_columns(10, 3, 2)
    exact, unstrided = (10 - 3) / 2 + 1, conv_output_size(10, 3)
    return Quiz(
        "The input is 10×10, the filter 3×3, the stride 2, and there is no padding. How large is the output?",
        (
            wrong(f"{unstrided}×{unstrided}", f"10 − 3 + 1 = {unstrided} places are right for stride 1. Now every second one is left out."),
            wrong(f"{size + 1}×{size + 1}",
                  f"The formula gives {exact}, and this is rounded up. The last window would hang over the border by a pixel."),
            wrong(f"{exact}×{exact}", "There is no half place. A window fits or it does not."),
            right(f"{size}×{size}",
                  f"⌊(10 − 3)/2⌋ + 1 = {size}. The windows begin at pixels 0, 2, 4 and 6. "
                  f"{dropped} row and {dropped} column at the end are not seen."),
            wrong(f"{size - 1}×{size - 1}",
                  f"(10 − 3)/2, rounded down, is {size - 1}: so many steps. The place where the filter starts counts, too."),
        ),
    )  # fmt: skip


def _parameter_count() -> Quiz:
    cost = conv_cost(6, 16, 5, 1)
    return Quiz(
        "The input has 6 channels. A layer has 16 filters of 5×5. How many parameters is that?",
        (
            wrong(f"{16 * 6 * 26:,}", "This has a bias for each channel of each filter. A filter adds up all its channels, then adds one bias."),
            right(f"{cost.parameters:,}",
                  f"A filter has 5·5·6 = {cost.weights // 16} weights and 1 bias. 16 of them: 16·{cost.parameters // 16} = {cost.parameters:,}."),
            wrong(f"{cost.weights + 1:,}", "This has one bias in all. Every filter has its own."),
            wrong(f"{cost.weights:,}", "These are the weights. There are biases, too."),
            wrong(f"{16 * 26}", "These filters are flat. A filter is as deep as its input."),
        ),
    )  # fmt: skip


def _what_a_unit_sees() -> Quiz:
    size = receptive_fields([Window(3, stride=2), Window(3)])[-1].size
    plain = receptive_fields([Window(3), Window(3)])[-1].size
    return Quiz(
        "A 3×3 convolution with stride 2, then one with stride 1. How much of the image does a unit of the second layer see?",
        (
            wrong(f"{plain}×{plain} pixels",
                  f"1 + 2 + 2 = {plain} is right if both strides are 1. Here neighbours of the first map stand 2 pixels apart."),
            wrong("3×3 pixels",
                  "That is its kernel: it sees 3×3 units of the first map. Each of these sees 3×3 pixels."),
            wrong("9×9 pixels", "Sizes do not multiply: the windows of neighbours overlap."),
            wrong("6×6 pixels", "The first layer gives 3 pixels, that is right. The second adds 2 steps: of what length?"),
            right(f"{size}×{size} pixels",
                  f"Three units of the first map begin at pixels 0, 2 and 4. The last one reaches to pixel 6. So 3 + 2·2 = {size}."),
        ),
    )  # fmt: skip


TURNED_KERNEL = _turned_kernel()
ONE_BY_ONE = _one_by_one()
SIZE_WITH_A_REST = _size_with_a_rest()
PARAMETER_COUNT = _parameter_count()
WHAT_A_UNIT_SEES = _what_a_unit_sees()

QUIZZES: dict[str, Quiz] = {
    "C3": BOX_BLUR,
    "C5": TURNED_KERNEL,
    "C9": ONE_BY_ONE,
    "C10": SIZE_WITH_A_REST,
    "C12": PARAMETER_COUNT,
    "C14": WHAT_A_UNIT_SEES,
}
"""By the section in which they are asked."""
