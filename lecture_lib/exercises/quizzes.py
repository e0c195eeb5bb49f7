"""Quizzes on what is often got wrong, by notebook. The poll of notebook 02, ``BOX_BLUR``, stands in ``convolution``."""

import numpy as np

from ..activations import ACTIVATIONS
from ..filters import KERNELS
from ..models import ALEXNET_INPUT, alexnet, lenet5, summary
from ..ops import avg_pool2d, max_pool2d, max_pool2d_backward, softmax
from ..shapes import Window, conv_cost, conv_output_size, dropped_columns, receptive_fields
from ..style import number
from ..wiring import first_layer
from .convolution import BOX_BLUR
from .quiz import Option, Quiz


def _right(text: str, feedback: str) -> Option:
    return Option(text, True, feedback)


def _wrong(text: str, feedback: str) -> Option:
    return Option(text, False, feedback)


def _rows(matrix: np.ndarray) -> str:
    return "[" + ", ".join("[" + ", ".join(number(each) for each in row) + "]" for row in matrix) + "]"


# Notebook 01


def _larger_photo() -> Quiz:
    small, large = first_layer(200, 3, 1000, 5), first_layer(400, 3, 1000, 5)
    inputs, more = 200 * 200 * 3, 400 * 400 * 3
    return Quiz(
        "A photo of 400×400×3 takes the place of one of 200×200×3. How many weights does the first layer need now, "
        "if it is fully connected, and if it is a convolution?",
        (
            _wrong("Both need 4 times as many",
                   "One of them does: it has a weight for every number of the photo. "
                   "A filter is as large as before. It slides further."),
            _wrong("Fully connected: twice as many. Convolution: as many as before",
                   f"The photo is twice as wide and twice as high. So each unit has {more:,} inputs instead of {inputs:,}: "
                   "count again."),
            _right("Fully connected: 4 times as many. Convolution: as many as before",
                   f"With 1000 units, {small.dense:,} weights become {large.dense:,}. "
                   f"A thousand filters of 5×5 have {small.shared:,} weights, on any photo."),
            _wrong("Fully connected: 4 times as many. Convolution: twice as many",
                   "A filter has no weights for places. What grows is its work: about "
                   f"{large.multiply_adds / small.multiply_adds:.1f} times as many multiply-adds, because it stands at more places."),
            _wrong("Both need as many as before",
                   "A fully connected unit has one weight for each number of the photo. There are more numbers now."),
        ),
    )  # fmt: skip


def _moved_object() -> Quiz:
    return Quiz(
        "A CNN has learned from centred digits. It ends in a fully connected layer that reads all places of the last maps. "
        "Why does it fail when a digit is moved by 8 pixels?",
        (
            _wrong("Its filters do not find the strokes at the new place",
                   "They do. A filter is the same at every place, so its map moves along with the digit."),
            _right("Its last layer has a weight of its own for each place of the maps",
                   "The maps have moved, and meet weights that were learned for other places. "
                   "If only the maximum of each map is passed on, the answer stays."),
            _wrong("It does not fail: convolutions are invariant to shifts",
                   "A convolution is equivariant: its maps move along. Something behind it must make the answer stay."),
            _wrong("It has too few parameters",
                   "In section M2 the network that stays level has fewer parameters than the others."),
            _wrong("The digit comes too near to the border",
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
            _wrong(f"{cost.shared} and {cost.shared}",
                   f"{cost.shared} is what one unit has. Without sharing, another unit has other weights."),
            _wrong(f"{cost.local:,} and {cost.values}",
                   f"{cost.values} is the number of units. If all share one set of weights, how large is the set?"),
            _wrong(f"{cost.dense_maps:,} and {cost.shared}",
                   f"28·28·{cost.values} = {cost.dense_maps:,} would be a fully connected layer. A local unit sees its window only."),
            _right(f"{cost.local:,} and {cost.shared}",
                   f"{side}·{side} = {cost.values} units with 5·5 weights each make {cost.local:,}. Shared, all of them use the same "
                   f"{cost.shared}: {cost.local // cost.shared} times fewer."),
            _wrong(f"{cost.values} and 1",
                   "A unit has a weight for each pixel of its window, not one in all."),
        ),
    )  # fmt: skip


# Notebook 02


def _turned_kernel() -> Quiz:
    kernel = KERNELS["sobel_x"].weights
    return Quiz(
        "SciPy's convolve2d (mode 'valid') and a convolution layer get the same photo and the same kernel, Sobel x. "
        "How do their results differ?",
        (
            _wrong("Not at all",
                   "That is so for kernels that look the same after a turn by 180°, such as the box blur. "
                   f"Sobel x, {_rows(kernel)}, does not."),
            _wrong("One is the other, turned by 180°",
                   "The kernel is turned, not the photo. Every edge stays where it is."),
            _right("They have opposite signs",
                   f"convolve2d turns the kernel by 180°, and {_rows(kernel[::-1, ::-1])} is Sobel x times −1. The layer lays the "
                   "kernel on as it is: what is called convolution in networks is cross-correlation."),
            _wrong("One finds upright edges, the other level ones",
                   "For that, rows and columns must change places. A turn by 180° keeps rows rows."),
        ),
    )  # fmt: skip


def _one_by_one() -> Quiz:
    cost = conv_cost(64, 16, 1, 28)
    return Quiz(
        "What does a 1×1 convolution with 64 channels in and 16 out do to a map of 28×28?",
        (
            _right("It mixes the channels of each pixel, and makes 16 of 64",
                   f"Each output channel is a weighted sum of the 64 channels at the same pixel: 16·64 = {cost.weights:,} weights, "
                   "used at every pixel."),
            _wrong("Nothing: in a window of one pixel there is nothing to add up",
                   "There is one pixel, but it has 64 channels. A filter goes through the whole depth."),
            _wrong("It makes every channel brighter or darker",
                   f"Then 64 weights would do, and 64 channels would come out. It has {cost.weights:,}."),
            _wrong("It makes the map smaller: fewer rows and columns",
                   f"There are 28 − 1 + 1 = {conv_output_size(28, 1)} rows, as before. What gets smaller is the depth."),
            _wrong("It connects every pixel with every other",
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
            _wrong(f"{unstrided}×{unstrided}", f"10 − 3 + 1 = {unstrided} places are right for stride 1. Now every second one is left out."),
            _wrong(f"{size + 1}×{size + 1}",
                   f"The formula gives {exact}, and this is rounded up. The last window would hang over the border by a pixel."),
            _wrong(f"{exact}×{exact}", "There is no half place. A window fits or it does not."),
            _right(f"{size}×{size}",
                   f"⌊(10 − 3)/2⌋ + 1 = {size}. The windows begin at pixels 0, 2, 4 and 6. "
                   f"{dropped} row and {dropped} column at the end are not seen."),
            _wrong(f"{size - 1}×{size - 1}",
                   f"(10 − 3)/2, rounded down, is {size - 1}: so many steps. The place where the filter starts counts, too."),
        ),
    )  # fmt: skip


def _parameter_count() -> Quiz:
    cost = conv_cost(6, 16, 5, 1)
    return Quiz(
        "The input has 6 channels. A layer has 16 filters of 5×5. How many parameters is that?",
        (
            _wrong(f"{16 * 6 * 26:,}", "This has a bias for each channel of each filter. A filter adds up all its channels, then adds one bias."),
            _right(f"{cost.parameters:,}",
                   f"A filter has 5·5·6 = {cost.weights // 16} weights and 1 bias. 16 of them: 16·{cost.parameters // 16} = {cost.parameters:,}."),
            _wrong(f"{cost.weights + 1:,}", "This has one bias in all. Every filter has its own."),
            _wrong(f"{cost.weights:,}", "These are the weights. There are biases, too."),
            _wrong(f"{16 * 26}", "These filters are flat. A filter is as deep as its input."),
        ),
    )  # fmt: skip


def _what_a_unit_sees() -> Quiz:
    size = receptive_fields([Window(3, stride=2), Window(3)])[-1].size
    plain = receptive_fields([Window(3), Window(3)])[-1].size
    return Quiz(
        "A 3×3 convolution with stride 2, then one with stride 1. How much of the image does a unit of the second layer see?",
        (
            _wrong(f"{plain}×{plain} pixels",
                   f"1 + 2 + 2 = {plain} is right if both strides are 1. Here neighbours of the first map stand 2 pixels apart."),
            _wrong("3×3 pixels",
                   "That is its kernel: it sees 3×3 units of the first map. Each of these sees 3×3 pixels."),
            _wrong("9×9 pixels", "Sizes do not multiply: the windows of neighbours overlap."),
            _wrong("6×6 pixels", "The first layer gives 3 pixels, that is right. The second adds 2 steps: of what length?"),
            _right(f"{size}×{size} pixels",
                   f"Three units of the first map begin at pixels 0, 2 and 4. The last one reaches to pixel 6. So 3 + 2·2 = {size}."),
        ),
    )  # fmt: skip


# Notebook 03


def _no_activation() -> Quiz:
    size = receptive_fields([Window(3), Window(3)])[-1].size
    return Quiz(
        "Two 3×3 convolutions follow each other, with stride 1 and no padding. Nothing stands between them. "
        "Which single layer can do the same?",
        (
            _wrong("A 3×3 layer", "It sees 3×3 pixels. A unit of the second layer sees more of the image than that."),
            _right(f"A {size}×{size} layer",
                   f"A weighted sum of weighted sums is a weighted sum, here of {size}×{size} pixels. "
                   "So without an activation the second layer adds nothing new."),
            _wrong("A 6×6 layer", "Sizes do not add up: the windows of neighbours overlap. The second layer adds 2 pixels."),
            _wrong("A 9×9 layer", "Sizes do not multiply: the windows of neighbours overlap."),
            _wrong("None: two layers can do more than one",
                   "They can if something that is not linear stands between them, such as ReLU."),
        ),
    )  # fmt: skip


def _dead_unit() -> Quiz:
    flat, leaky = (float(ACTIVATIONS[name].df(-1)) for name in ("relu", "leaky_relu"))
    return Quiz(
        "The sum of a ReLU unit is below 0 for every sample, and the layers before it stay as they are. What can wake it?",
        (
            _wrong("More training, at the same learning rate",
                   f"Its slope is {flat:g} for every sample, so its gradient is 0. The next thousand steps change nothing."),
            _wrong("A larger learning rate",
                   f"A step is the learning rate times the gradient, and 1000 times {flat:g} is 0. "
                   "A large rate is what may have killed it."),
            _wrong("A smaller learning rate",
                   "It might have kept the unit alive. Now the gradient is 0, and the step is 0 at any rate."),
            _wrong("Larger batches",
                   "A batch adds up the gradients of its samples. Each of them is 0."),
            _right("Leaky ReLU in its place",
                   f"Its slope below 0 is {leaky:g}. That is small, but not 0: the weights move again, and a sum can come above 0."),
        ),
    )  # fmt: skip


def _last_activation() -> Quiz:
    said = {name: ACTIVATIONS[name].f(np.array([-5.0, 20.0])) for name in ("relu", "sigmoid", "tanh")}
    alone = softmax(np.array([20.0])).item()
    return Quiz(
        "A network with one output says how warm it will be tomorrow, in °C. Which activation belongs behind the last sum?",
        (
            _right("None: the sum itself is the answer",
                   "A temperature may be any number, and so may a sum. The squared error is a loss that goes with it."),
            _wrong("ReLU", f"It cannot say −5. It would say {number(said['relu'][0])}, on every cold day. "
                           "It belongs inside the network."),
            _wrong("Sigmoid", f"It can say {number(said['sigmoid'][1])} at most. It is for a probability, such as that of rain."),
            _wrong("Softmax", f"Softmax shares out a whole between several outputs. With one output it always says {number(alone)}."),
            _wrong("tanh", f"It knows negative numbers, but of 20 it makes {number(said['tanh'][1])}."),
        ),
    )  # fmt: skip


# Notebook 04


def _pooled_volume() -> Quiz:
    m = conv_output_size(56, 2, 2)
    return Quiz(
        "A volume of 56×56×64 is max pooled with 2×2 windows, side by side (stride 2). What comes out, and how many parameters does it take?",
        (
            _wrong(f"{m}×{m}×32, no parameters", "Pooling halves rows and columns. The depth stays: each map is pooled by itself."),
            _wrong(f"{m}×{m}×1, no parameters",
                   "A window of pooling is flat. Only the filters of a convolution go through the whole depth."),
            _right(f"{m}×{m}×64, no parameters",
                   f"(56 − 2)/2 + 1 = {m}, and the depth stays. A maximum has nothing to learn."),
            _wrong(f"{m}×{m}×64, {4 * 64} parameters",
                   "A window has four pixels, but they get no weights: the largest is passed on as it is."),
            _wrong(f"{m - 1}×{m - 1}×64, no parameters",
                   f"(56 − 2)/2 = {m - 1} is the number of steps. The place where the window starts counts, too."),
        ),
    )  # fmt: skip


def _bright_pixel() -> Quiz:
    dark = np.zeros((8, 8))
    dark[3, 5] = 100
    largest, mean = (float(pool(dark[None, None], 2).max()) for pool in (max_pool2d, avg_pool2d))
    kept = dark[::2, ::2]
    return Quiz(
        "A map of 8×8 is 0 but for one pixel of 100, in row 3 and column 5 (counted from 0). It is made half as large: by max pooling "
        "with 2×2 windows, and by keeping rows and columns 0, 2, 4, 6 (stride 2 alone). What is left of the pixel?",
        (
            _wrong(f"{number(largest)} in both", "Both make a map of 4×4. But look which rows and columns the stride keeps."),
            _right(f"Max pooling: {number(largest)}. Stride: nothing",
                   f"The pixel is the largest of its window, so pooling keeps it. The stride looks at {kept.size} of the {dark.size} "
                   "pixels only, and this one lies between them."),
            _wrong(f"Max pooling: nothing. Stride: {number(largest)}",
                   "Max pooling passes on the largest of each window, wherever in the window it stands."),
            _wrong(f"{number(mean)} in both",
                   f"{number(mean)} is what average pooling makes of it. Neither a maximum nor a stride mixes pixels."),
            _wrong(f"Max pooling: {number(largest)}. Stride: {number(largest / 2)}",
                   "A stride keeps a pixel as it is, or drops it."),
        ),
    )  # fmt: skip


def _pooled_gradient() -> Quiz:
    window, gradient = np.array([[1.0, 5.0], [3.0, 2.0]]), 4.0
    back = max_pool2d_backward(np.full((1, 1, 1, 1), gradient), window[None, None], 2)[0, 0]
    share = gradient / window.size
    return Quiz(
        f"A 2×2 window holds {_rows(window)} and is max pooled. The gradient of the output is {number(gradient)}. "
        "What is the gradient of the four pixels?",
        (
            _right(_rows(back),
                   "If the 5 grows a little, the output grows as much. If another pixel does, nothing happens. "
                   "So the winner gets the whole gradient."),
            _wrong(_rows(np.full((2, 2), share)),
                   "This is average pooling: there each pixel has a quarter of the say."),
            _wrong(_rows(np.full((2, 2), gradient)),
                   f"Then a little more of the 1 would change the output. It would still be {number(window.max())}."),
            _wrong(_rows(back * window),
                   "A maximum passes its pixel on as it is. Its slope is 1, whatever the pixel's value."),
            _wrong(_rows(back * 0),
                   "Pooling has nothing to learn itself. But the layers before it do, and they need the gradient."),
        ),
    )  # fmt: skip


# Notebook 05


def _moves_along() -> Quiz:
    return Quiz(
        "Borders are circular and the stride is 1. Which of these representations is equivariant to shifts, but not invariant?",
        (
            _wrong("How many pixels have each grey", "A shift changes no count. That is invariant."),
            _wrong("A convolution, then the maximum of each map",
                   "The map moves along, but its maximum stays the same. That is invariant."),
            _wrong("A fully connected layer with random weights, from 784 pixels to 10 numbers",
                   "Two pictures can have the same ten numbers, and other ones after the same shift. So no M_g fits both."),
            _right("A convolution, then ReLU",
                   "The map moves along with the picture. ReLU works on each place alone, so it moves along, too."),
            _wrong("The pixel in the upper left corner",
                   "After a shift another pixel stands there. The old one does not say how bright the new one is."),
        ),
    )  # fmt: skip


def _shift_and_stride() -> Quiz:
    return Quiz(
        "A convolution with stride 2 is followed by max pooling, 2×2 with stride 2. Borders are circular. "
        "Which is the smallest shift of the picture that the maps follow exactly?",
        (
            _wrong("1 pixel", "That is so for stride 1. With stride 2 the windows now begin at other pixels."),
            _wrong("2 pixels",
                   "That moves the first map by one place. But then the windows of the pooling hold other neighbours."),
            _wrong("3 pixels", "Behind the stride of 2 this would be one place and a half. There is no half place."),
            _right("4 pixels",
                   f"The strides multiply: one place of the last map is 2·2 = {2 * 2} pixels of the picture. "
                   "So the maps follow shifts by 4, 8, 12, … pixels."),
            _wrong("None: stride and pooling spoil it for every shift",
                   "Not for every one. If all windows meet the same pixels as before, only at other places, nothing is spoiled."),
        ),
    )  # fmt: skip


def _quarter_turn() -> Quiz:
    kernel = {name: _rows(KERNELS[name].weights) for name in ("sobel_x", "laplacian_4", "emboss", "shift_left")}
    return Quiz(
        "For one of these filters it makes no difference whether the photo is turned by 90° first, or its map afterwards. "
        "Which one?",
        (
            _wrong(f"Sobel x, {kernel['sobel_x']}",
                   "It looks for upright edges. In the turned photo these are the edges that lay level before."),
            _wrong(f"Emboss, {kernel['emboss']}",
                   "Its light comes from the upper left. If the map is turned afterwards, the light is turned, too."),
            _right(f"Laplacian, {kernel['laplacian_4']}",
                   "It looks the same from all four sides. So it meets in the turned photo what it has met before."),
            _wrong(f"Shift left, {kernel['shift_left']}",
                   "It moves the photo to the left. If the map is turned afterwards, that becomes a move up or down."),
            _wrong("None: convolutions are not equivariant to turns",
                   "Most are not. But a filter that sees no directions does not notice a quarter turn."),
        ),
    )  # fmt: skip


# Notebook 06


def _most_parameters() -> Quiz:
    table = {row.layer: row for row in summary(lenet5(), (1, 28, 28)).rows}
    held, done = ({name: getattr(row, what) for name, row in table.items()} for what in ("parameters", "multiply_adds"))
    return Quiz(
        "Which layer of the modern LeNet-5 holds the most parameters?",
        (
            _wrong("C1, the first convolution",
                   f"It has six filters of 5×5 on one channel: {held['C1']} parameters. It uses them at 28·28 places."),
            _wrong("S2, the first pooling",
                   f"It has {held['S2']}: a maximum has nothing to learn. (In 1998 each map had two.)"),
            _wrong("C3, the second convolution",
                   f"It does the most work, {done['C3']:,} multiply-adds. But it needs only {held['C3']:,} parameters for that."),
            _right("F5, the first fully connected layer",
                   f"It wires 400 numbers to 120 units: {held['F5']:,} of the network's {sum(held.values()):,} parameters. "
                   "Where convolutions end and fully connected layers begin, it gets expensive."),
            _wrong("The output layer", f"It has 84 inputs and 10 units: {held['output']} parameters."),
        ),
    )  # fmt: skip


def _which_alexnet() -> Quiz:
    total = {name: summary(alexnet(name), shape).total_parameters for name, shape in ALEXNET_INPUT.items()}
    return Quiz(
        f"A book says that AlexNet has {total['one_tower']:,} parameters. Which AlexNet does it mean?",
        (
            _wrong("The network of 2012, cut into two towers",
                   f"That has {total['two_towers']:,}. In conv2, conv4 and conv5 its filters see half of the maps."),
            _wrong("The one of torchvision, whose weights you can download",
                   f"That has {total['torchvision']:,}: it begins with 64 filters, not 96."),
            _right("The network of 2012, drawn as one tower",
                   f"Here every filter sees all maps. That costs {total['one_tower'] - total['two_towers']:,} parameters more than two towers. "
                   "Many books draw it so."),
            _wrong("None: the paper says 60 million",
                   f"The paper rounds, and means the two towers: {total['two_towers']:,}. There are other networks of this name."),
        ),
    )  # fmt: skip


def _not_a_digit() -> Quiz:
    even = softmax(np.zeros(10))
    return Quiz(
        "LeNet-5 gets the photo of a cat, grey and made 28×28 pixels large. What do the ten probabilities of its softmax add up to?",
        (
            _right("1, as for every picture",
                   "Softmax divides by the sum, so its outputs sum to 1 whatever the picture shows. "
                   "A large one does not say that there is a digit."),
            _wrong("0: there is no digit",
                   "An exponential is never 0. The network cannot say “no digit”: for that it would need an eleventh class."),
            _wrong("A small number: the network is not sure",
                   f"If it cannot choose at all, each of the ten is {number(even[0])}. What is their sum then?"),
            _wrong("More than 1: a cat looks a little like several digits",
                   "The classes share what there is. What one gets, the others lose."),
        ),
    )  # fmt: skip


LARGER_PHOTO, MOVED_OBJECT, LOCAL_OR_SHARED = _larger_photo(), _moved_object(), _local_or_shared()
TURNED_KERNEL, ONE_BY_ONE, SIZE_WITH_A_REST = _turned_kernel(), _one_by_one(), _size_with_a_rest()
PARAMETER_COUNT, WHAT_A_UNIT_SEES = _parameter_count(), _what_a_unit_sees()
NO_ACTIVATION, DEAD_UNIT, LAST_ACTIVATION = _no_activation(), _dead_unit(), _last_activation()
POOLED_VOLUME, BRIGHT_PIXEL, POOLED_GRADIENT = _pooled_volume(), _bright_pixel(), _pooled_gradient()
MOVES_ALONG, SHIFT_AND_STRIDE, QUARTER_TURN = _moves_along(), _shift_and_stride(), _quarter_turn()
MOST_PARAMETERS, WHICH_ALEXNET, NOT_A_DIGIT = _most_parameters(), _which_alexnet(), _not_a_digit()

QUIZZES: dict[str, dict[str, Quiz]] = {
    "01": {"M1": LARGER_PHOTO, "M2": MOVED_OBJECT, "M4": LOCAL_OR_SHARED},
    "02": {
        "C3": BOX_BLUR,
        "C5": TURNED_KERNEL,
        "C9": ONE_BY_ONE,
        "C10": SIZE_WITH_A_REST,
        "C12": PARAMETER_COUNT,
        "C14": WHAT_A_UNIT_SEES,
    },
    "03": {"A1": NO_ACTIVATION, "A3": DEAD_UNIT, "A5": LAST_ACTIVATION},
    "04": {"P1": POOLED_VOLUME, "P4": BRIGHT_PIXEL, "P6": POOLED_GRADIENT},
    "05": {"E2": SHIFT_AND_STRIDE, "E3": MOVES_ALONG, "E4": QUARTER_TURN},
    "06": {"N1": MOST_PARAMETERS, "N2": WHICH_ALEXNET, "N3": NOT_A_DIGIT},
}
"""The quizzes of each notebook, by the section in which they are asked."""
