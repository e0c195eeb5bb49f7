"""Notebook 02, convolution: the guesses that it asks for, and what is said after them."""

import numpy as np

from ...filters import KERNELS, correlate
from ...practice import Choice, Guess, Number
from ...shapes import Window, conv_cost, conv_output_size, dropped_columns, receptive_fields, same_padding
from .mean_gradients import SIDE, concentration, mean_pictures


def _sizes(n: int, f: int, strides: tuple[int, ...]) -> str:
    return ", ".join(f"{conv_output_size(n, f, s)} for stride {s}" for s in strides)


def _c1() -> str:
    m = conv_output_size(6, 3)
    flat = correlate(np.ones((3, 3)), KERNELS["laplacian_4"].weights).item()
    return (
        f"{m} places across and {m} down, so {m * m} in all. On a flat area the filter gives {flat:.0f}: "
        "the four neighbours, taken once each, cancel the middle pixel, taken −4 times."
    )


def _c2() -> str:
    flat = np.full((3, 3), 100)
    edge, blur = (correlate(flat, KERNELS[name].weights).item() for name in ("laplacian_8", "box_blur"))
    return (
        f"Where the image is flat, say 100 everywhere, a sum of 0 gives {edge:.0f} and a sum of 1 gives {blur:.0f}. "
        "Edge detectors turn flat areas black. Blurs keep the brightness. The same holds for sharpen and identity."
    )


def _c4() -> str:
    return (
        "A product is 1 only where image and filter are both 1. So the output counts how many of the filter's five ones "
        "meet a one in the image. 5 would mean: each of them does."
    )


def _c5() -> str:
    same = [k.label for k in KERNELS.values() if np.array_equal(k.weights, k.weights[::-1, ::-1])]
    return (
        f"For kernels that look the same after a turn by 180°. Here these are: {'; '.join(same)}. "
        "Sobel x changes its sign: what was bright becomes blue."
    )


def _c6() -> str:
    m = conv_output_size(32, 5)
    return f"{m}×{m}, because 32 − 5 + 1 = {m}, and one number deep: the filter already covers the whole depth."


def _c7() -> str:
    m = conv_output_size(32, 5)
    return f"Each filter is 3 deep, like its input: 5×5×3. The stack is {m}×{m}×6: one channel for each filter."


def _c8() -> str:
    found = {kind: np.nanmedian(concentration(each.weight)) for kind, each in mean_pictures().items()}
    return (
        "Stripes, in many directions and widths, and patches of colour: "
        f"{SIDE}×{SIDE} pixels have little room for more. "
        f"Half of the trained pictures have more than {100 * found['trained']:.0f} % of their power near one frequency; with random "
        f"weights half have less than {100 * found['untrained']:.0f} %."
    )


def _c9() -> str:
    cost = conv_cost(192, 16, 1, 1)
    return (
        f"192·16 = {cost.weights:,} weights, and {cost.biases} biases. At each pixel it multiplies the vector of "
        "192 channels by a 16×192 matrix, the same matrix everywhere."
    )


def _c10() -> str:
    return (
        f"{_sizes(7, 3, (1, 2, 3))}. For stride 3 the formula gives {(7 - 3) / 3 + 1:.2f}; only whole windows count, "
        f"and {dropped_columns(7, 3, 3)} column is dropped."
    )


def _c11() -> str:
    pads = ", ".join(f"{same_padding(f)} for F = {f}" for f in (3, 5, 7))
    m = conv_output_size(7, 3, 1, 1)
    return (
        f"{m}×{m}: the padding makes up for what the filter takes. At stride 1, P = (F − 1)/2 keeps the size: {pads}."
    )


def _c12() -> str:
    m, cost = conv_output_size(32, 5, 1, 2), conv_cost(3, 10, 5, 32)
    return (
        f"(32 + 2·2 − 5)/1 + 1 = {m}, so {m}×{m}×10. Each filter has 5·5·3 + 1 = {cost.parameters // 10} parameters "
        f"(+1 for the bias), and ten of them {cost.parameters}."
    )


def _c13() -> str:
    once, twice = (conv_cost(3, 10, 5, side) for side in (32, 64))
    return (
        f"The parameters stay: {once.parameters} before, {twice.parameters} after. The same filters go over more places, "
        f"so there are {twice.multiply_adds // once.multiply_adds} times as many multiply-adds."
    )


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _c14() -> str:
    plain = [field.size for field in receptive_fields([Window(3)] * 4)]
    strided = [field.size for field in receptive_fields([Window(3, stride=2)] * 4)]
    return (
        f"L layers of F×F with stride 1: 1 + L(F − 1), so for F = 3: {_list(plain)}. After a layer with stride 2 a step of one unit is two pixels, so every "
        f"later layer adds twice as much: {_list(strided)} with stride 2 in each layer. Pooling has a stride, too."
    )


def _check() -> str:
    m = conv_output_size(28, 3, 2, 1)
    cost = conv_cost(8, 16, 3, m)
    return (
        f"⌊(28 − 3 + 2)/2⌋ + 1 = {m}, so {m}×{m}×16. Parameters: (3·3·8 + 1)·16 = {cost.parameters:,}. "
        f"Multiply-adds: {m}·{m}·{cost.weights:,} = {cost.multiply_adds:,}. Of the padded columns "
        f"{dropped_columns(28, 3, 2, 1)} is left over and dropped; it is padding, so no pixel is lost."
    )


def _counted() -> str:
    """Which of the counts below agrees with the animation's output, whatever the image."""
    image = np.random.default_rng(0).integers(0, 2, (5, 5))
    kernel = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
    counts = {
        "the ones of the image under the window": windows.sum((2, 3)),
        MEET: (windows & kernel).sum((2, 3)),
        "the places where image and filter are equal": (windows == kernel).sum((2, 3)),
    }
    output = correlate(image, kernel)
    return next(name for name, count in counts.items() if np.array_equal(count, output))


MEET = "the filter's ones that lie on a one of the image"


STRIPES = "stripes and patches of colour"


def _looks_like() -> str:
    """Stripes and patches have most of their power near one frequency; what is drawn in detail, and noise, have not."""
    return STRIPES if np.nanmedian(concentration(mean_pictures()["trained"].weight)) > 0.5 else "noise"


def _same_when_turned() -> int:
    return sum(np.array_equal(each.weights, each.weights[::-1, ::-1]) for each in KERNELS.values())


def _turned_sobel() -> str:
    kernel = KERNELS["sobel_x"].weights
    signs = {"stays as it is": kernel, "changes its sign": -kernel, "becomes Sobel y": KERNELS["sobel_y"].weights}
    return next(name for name, each in signs.items() if np.array_equal(each, kernel[::-1, ::-1]))


def _last_field(stride: int) -> int:
    return receptive_fields([Window(3, stride=stride)] * 4)[-1].size


GUESSES = {
    "C1": Guess(
        "How many places are there for a 3×3 filter on a 6×6 image? And what does this filter give on an area where all "
        "pixels are equal?",
        (Number(unit="places"), Number("On equal pixels")),
        lambda: (conv_output_size(6, 3) ** 2, correlate(np.ones((3, 3)), KERNELS["laplacian_4"].weights).item()),
        _c1,
    ),
    "C2": Guess(
        "The weights of the edge detectors add up to 0, those of the blurs to 1. What do they give where the image is flat, "
        "100 everywhere?",
        (Number("An edge detector"), Number("A blur")),
        lambda: tuple(
            correlate(np.full((3, 3), 100), KERNELS[name].weights).item() for name in ("laplacian_8", "box_blur")
        ),
        _c2,
    ),
    "C4": Guess(
        "Image and filter hold only zeros and ones. What does each output value count?",
        Choice(("the ones of the image under the window", MEET, "the places where image and filter are equal")),
        _counted,
        _c4,
    ),
    "C5": Guess(
        f"For how many of the {len(KERNELS)} kernels with a name is there no difference at all? And what happens to the output "
        "of Sobel x?",
        (
            Number(unit="kernels", low=0, high=len(KERNELS)),
            Choice(("stays as it is", "changes its sign", "becomes Sobel y"), "The output of Sobel x"),
        ),
        lambda: (_same_when_turned(), _turned_sobel()),
        _c5,
    ),
    "C6": Guess(
        "The 5×5 filter moves over a 32×32×3 volume. How large is the map?",
        (Number("Width and height"), Number("Depth")),
        lambda: (conv_output_size(32, 5), 1),
        _c6,
    ),
    "C7": Guess(
        "Six 5×5 filters on the 32×32×3 volume: how deep must each filter be, and what shape has the stack?",
        (Number("Depth of a filter"), Number("The stack's width and height"), Number("Its depth")),
        lambda: (3, conv_output_size(32, 5), 6),
        _c7,
    ),
    "C8": Guess(
        "A network has learned to name photos. What do the units of its first layers look for?",
        Choice(("eyes, wheels, letters", STRIPES, "noise")),
        _looks_like,
        _c8,
    ),
    "C9": Guess(
        "How many weights has a 1×1 layer from 192 channels to 16? At each pixel it multiplies the vector of channels by a "
        "matrix: of which shape?",
        (Number(unit="weights", times=True), Choice(("16×192", "192×192", "16×16"), "The matrix")),
        lambda: (conv_cost(192, 16, 1, 1).weights, "16×192"),
        _c9,
    ),
    "C10": Guess(
        "A 7×7 input and a 3×3 filter: how wide is the output for stride 1, for stride 2, and for stride 3?",
        tuple(Number(f"Stride {stride}") for stride in (1, 2, 3)),
        lambda: tuple(conv_output_size(7, 3, stride) for stride in (1, 2, 3)),
        _c10,
    ),
    "C11": Guess(
        "7×7 input, 3×3 filter, stride 1, pad 1: how wide is the output? What padding keeps the size for F = 5 and F = 7?",
        (Number("The output's width"), Number("Padding for F = 5"), Number("Padding for F = 7")),
        lambda: (conv_output_size(7, 3, 1, 1), same_padding(5), same_padding(7)),
        _c11,
    ),
    "C12": Guess(
        "A 32×32×3 volume, ten 5×5 filters, stride 1, pad 2: how large is the output, and how many parameters has the layer?",
        (Number("Width and height"), Number("Depth"), Number(unit="parameters", times=True)),
        lambda: (conv_output_size(32, 5, 1, 2), 10, conv_cost(3, 10, 5, 32).parameters),
        _c12,
    ),
    "C13": Guess(
        "You double the width and height of the input of C12's layer. How many times as many parameters has it then, and how "
        "many times as many multiply-adds? (1: as many as before.)",
        (Number("Parameters"), Number("Multiply-adds")),
        lambda: (
            conv_cost(3, 10, 5, 64).parameters // conv_cost(3, 10, 5, 32).parameters,
            conv_cost(3, 10, 5, 64).multiply_adds // conv_cost(3, 10, 5, 32).multiply_adds,
        ),
        _c13,
    ),
    "C14": Guess(
        "Four layers with 3×3 kernels, one after the other. How wide is the field of a unit of the last one, if all have "
        "stride 1? If all have stride 2?",
        (Number("Stride 1", "pixels"), Number("Stride 2", "pixels")),
        lambda: (_last_field(1), _last_field(2)),
        _c14,
    ),
    "check": Guess(
        "A 28×28×8 volume, sixteen 3×3 filters, stride 2, pad 1. Work out shape, parameters and multiply-adds on paper.",
        (
            Number("Width and height"), Number("Depth"), Number(unit="parameters", times=True),
            Number(unit="multiply-adds", times=True),
        ),
        lambda: (conv_output_size(28, 3, 2, 1), 16, conv_cost(8, 16, 3, 14).parameters, conv_cost(8, 16, 3, 14).multiply_adds),
        _check,
        lead="Check yourself.",
    ),
}  # fmt: skip
