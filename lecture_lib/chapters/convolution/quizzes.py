"""Notebook 02, convolution: quizzes on what is often got wrong."""

from ...filters import KERNELS
from ...practice import Quiz, right, rows, wrong
from ...shapes import Window, conv_cost, conv_output_size, dropped_columns, receptive_fields

MOVE_DOWN = Quiz(
    "All other weights are 0: which kernel moves a photo down by one pixel?",
    (
        wrong("A single 1 below the middle",
              "Then each output pixel takes the pixel below it, and the photo moves up."),
        right("A single 1 above the middle",
              "Each output pixel takes the pixel above it. So what stood in a row stands one row lower now."),
        wrong("A single 1 to the left of the middle",
              "Each output pixel takes its left neighbour: the photo moves to the right."),
        wrong("Three ones in the upper row",
              "These add up three pixels of the row above: the photo moves down, but is blurred and three times as bright."),
        wrong("1 above the middle and −1 in the middle",
              "This is a difference. It gives 0 where the photo is flat, so most of the photo is lost."),
    ),
)  # fmt: skip
"""Its answer is typed in the lab at the top."""

BOX_BLUR = Quiz(
    "What does a 3×3 kernel do to a photo when each of its nine weights is 1/9?",
    (
        wrong("Sharpen the image",
              "Sharpening needs negative weights around a large positive one. Here all are equal."),
        right("Blur the image",
              "Each output is the mean of nine pixels: sharp changes spread, the brightness stays."),
        wrong("Shift the image left",
              "A shift copies one neighbour: a single 1 beside the middle. Here all nine count alike."),
        wrong("Rotate the image clockwise",
              "No kernel can rotate an image: a rotation moves each pixel in another direction."),
        wrong("Nothing",
              "Only the identity does nothing: a 1 in the middle, and zeros around it."),
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


def _filters_shape() -> Quiz:
    side = conv_output_size(32, 5)
    return Quiz(
        "The input has the shape (3, 32, 32), and there are six 5×5 filters. Which shape has the array of their weights?",
        (
            wrong("(6, 5, 5)", "These filters are flat. A filter is as deep as its input: it has 3·5·5 weights."),
            wrong("(3, 6, 5, 5)", "All the numbers are right. But weight[k] must be filter k, so the number of filters comes first."),
            right("(6, 3, 5, 5)", f"(K, C, F, F): six filters, each with 3 slices of 5×5. That is {6 * 3 * 25} weights."),
            wrong(f"(6, {side}, {side})", "This is the shape of the output: six maps. The weights do not depend on the size of the image."),
            wrong("(6, 3, 32, 32)", "Such a filter would be as large as the image, and would have one place only."),
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


def _even_filter() -> Quiz:
    sizes = {p: conv_output_size(7, 4, 1, p) for p in (0, 1, 2)}
    return Quiz(
        "A 7×7 image, a 4×4 filter, stride 1. Which padding keeps the size?",
        (
            wrong("0", f"Then the output is {sizes[0]}×{sizes[0]}: the filter has 7 − 4 + 1 places in a row."),
            wrong("1", f"Then the output is {sizes[1]}×{sizes[1]}, one row and one column too small."),
            wrong("1.5", "(F − 1)/2 gives 1.5, that is right. But there is no half pixel."),
            wrong("2", f"Then the output is {sizes[2]}×{sizes[2]}, one row and one column too large."),
            right("None, if both sides get as much",
                  f"The filter takes 3 columns. Equal padding gives back 0, 2 or 4: {', '.join(f'{m}×{m}' for m in sizes.values())}. "
                  "That is one reason for filters of odd size."),
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


def _doubled_filters() -> Quiz:
    once, twice, both = conv_cost(16, 32, 3, 20), conv_cost(16, 64, 3, 20), conv_cost(32, 64, 3, 20)
    return Quiz(
        "A layer has 16 channels in and 32 filters of 3×3; its maps are 20×20. You take 64 filters. What doubles?",
        (
            right("The depth of the output, the parameters and the multiply-adds",
                  f"{once.parameters:,} parameters become {twice.parameters:,}, {once.multiply_adds:,} multiply-adds become "
                  f"{twice.multiply_adds:,}."),
            wrong("The depth of the output alone", "Each new map needs a filter of its own, with its weights and its bias."),
            wrong("The parameters alone", "The new filters lie on every place, too: 20·20 more outputs for each of them."),
            wrong("The multiply-adds alone", "A new filter has new weights. They would stay as many if only the image grew."),
            wrong("Nothing: the parameters become four times as many",
                  f"That is nearly so, {both.parameters:,}, if the channels in double, too, as they do for the next layer."),
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
FILTERS_SHAPE = _filters_shape()
ONE_BY_ONE = _one_by_one()
SIZE_WITH_A_REST = _size_with_a_rest()
EVEN_FILTER = _even_filter()
PARAMETER_COUNT = _parameter_count()
DOUBLED_FILTERS = _doubled_filters()
WHAT_A_UNIT_SEES = _what_a_unit_sees()

QUIZZES: dict[str, Quiz] = {
    "C2": MOVE_DOWN,
    "C3": BOX_BLUR,
    "C5": TURNED_KERNEL,
    "C7": FILTERS_SHAPE,
    "C9": ONE_BY_ONE,
    "C10": SIZE_WITH_A_REST,
    "C11": EVEN_FILTER,
    "C12": PARAMETER_COUNT,
    "C13": DOUBLED_FILTERS,
    "C14": WHAT_A_UNIT_SEES,
}
"""By the section in which they are asked."""
