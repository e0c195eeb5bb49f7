"""Notebook 02, convolution: its poll, and the answers to its "Predict"."""

from collections.abc import Callable

import numpy as np

from ...data import load_first_layer
from ...filters import KERNELS, correlate
from ...shapes import Window, conv_cost, conv_output_size, dropped_columns, receptive_fields, same_padding


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
        "meet a one in the image. 5 would be a perfect match."
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
    side = load_first_layer().conv_weight.shape[-1]
    return (
        f"Strokes: small edges and bars in different directions. A {side}×{side} window is too small for a digit. "
        "What the digits have in common at this size are pieces of lines."
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
    return f"{m}×{m}: the padding makes up for what the filter takes. P = (F − 1)/2 keeps the size: {pads}."


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
        f"so the multiply-adds grow by {twice.multiply_adds // once.multiply_adds}."
    )


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _c14() -> str:
    plain = [field.size for field in receptive_fields([Window(3)] * 4)]
    strided = [field.size for field in receptive_fields([Window(3, stride=2)] * 4)]
    return (
        f"1 + L(K − 1), so for K = 3: {_list(plain)}. After a layer with stride 2 a step of one unit is two pixels, so every "
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


ANSWERS: dict[str, Callable[[], str]] = {
    "C1": _c1, "C2": _c2, "C4": _c4, "C5": _c5, "C6": _c6, "C7": _c7, "C8": _c8, "C9": _c9,
    "C10": _c10, "C11": _c11, "C12": _c12, "C13": _c13, "C14": _c14, "check": _check,
}  # fmt: skip
