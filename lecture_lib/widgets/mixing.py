"""1×1 convolution: mixing the channels of a photo, and what a reduction saves."""

import ipywidgets
import numpy as np

from .. import figures
from ..arguments import checked, one_of, shown
from ..data import load_photo, photo_names, resize
from ..ops import check_axes, conv2d
from ..shapes import ShapeError, conv_cost
from .view import OWN, Explorer, View, control_row, menu, muted, pack, slider, stops

MIXES: dict[str, tuple[float, float, float, float]] = {
    "brightness (Rec. 601)": (0.299, 0.587, 0.114, 0),
    "mean of the channels": (0.33, 0.33, 0.33, 0),
    "red only": (1, 0, 0, 0),
    "red against green": (1, -1, 0, 0),
    "blue against yellow": (-0.5, -0.5, 1, 0),
    "negative": (-0.33, -0.33, -0.33, 255),
}
"""Name → weight of red, green and blue, and the bias."""


_SIDES = (1, 3, 5, 7)


def mix_channels(pixels: np.ndarray, weights: tuple[float, float, float], bias: float) -> np.ndarray:
    """One 1×1 filter over an RGB photo: (H, W, 3) to (H, W) float64.

    >>> mix_channels(np.uint8([[[10, 20, 30]]]), (1, 0, -1), 5)
    array([[-15.]])
    """
    pixels = check_axes("pixels", np.asarray(pixels), "H, W, 3")
    weight = np.array([[[[each]] for each in weights]], dtype=float)  # (1, 3, 1, 1)
    return conv2d(np.moveaxis(pixels, 2, 0)[None], weight, np.array([float(bias)]))[0, 0]


def channel_mixer(photo: str = "astronaut", mix: str = "red against green") -> Explorer:
    """Explorer of a 1×1 convolution on a photo: one weight a channel, one bias, one new channel.

    Raises:
        ValueError: an unknown photo or mix.
    """
    one_of("photo", photo, photo_names())
    one_of("mix", mix, MIXES)
    photos = menu("Photo", photo_names(), photo)
    mixes = menu("Mix", [*MIXES, OWN], mix)
    weights = [_weight(name, start, 2, 0.01) for name, start in zip(("red", "green", "blue"), MIXES[mix], strict=False)]
    bias = _weight("bias", MIXES[mix][3], 255, 1)
    controls = (*weights, bias)
    grid = {"kind": "grid", "mark": "cell", "pick": "output", "share": 1, "size": False}
    view = View(
        panels=[
            {**grid, "array": "photo", "title": "photo", "share": 1.25},
            *({**grid, "array": "channels", "at": at, "title": name} for at, name in enumerate(("red", "green", "blue"))),
            {**grid, "array": "output", "title": "new channel", "share": 1.25},
        ],
        readout="mixture", height=250, row=40, col=40,
    )  # fmt: skip
    pixels = resize(load_photo(photo), 160)
    alt = "1×1 convolution: a photo, its red, green and blue channel, and the new channel that a weighted sum of the three makes."
    explorer = Explorer(
        view, [control_row(photos, mixes), control_row(*controls)], alt,
        lambda: figures.draw_mix(pixels, mix_channels(pixels, [each.value for each in weights], bias.value)),
    )  # fmt: skip

    def update(change=None):
        if change is not None:
            mixes.value = OWN
        chosen = [round(each.value, 2) for each in weights]  # a slider's 0.3 may be 0.30000000000000004
        out = mix_channels(pixels, chosen, round(bias.value))
        with view.hold_sync():
            view.mix, view.bias, view.extra = chosen, round(bias.value), {"output": pack(out, "map")}

    def load(_=None):
        nonlocal pixels
        pixels = resize(load_photo(photos.value), 160)
        view.arrays = {"photo": pack(pixels, "rgb"), "channels": pack(np.moveaxis(pixels, 2, 0), "image")}
        update()

    def choose(change):
        if change.new == OWN:
            return
        with muted(update, controls):
            for control, value in zip(controls, MIXES[change.new], strict=True):
                control.value = value
        update()

    load()
    for control in controls:
        control.observe(update, "value")
    photos.observe(load, "value")
    mixes.observe(choose, "value")
    return explorer


def _weight(name: str, value: float, most: float, step: float) -> ipywidgets.FloatSlider:
    return ipywidgets.FloatSlider(
        value, min=-most, max=most, step=step, description=name, tooltip=f"weight of {name}", readout_format=".2f",
        layout={"width": "250px"}, style={"description_width": "60px"},
    )  # fmt: skip


def branch_cost(depth: int, reduced: int, filters: int, kernel_size: int, size: int) -> tuple[list[dict], str]:
    """Multiply-adds of an Inception branch with and without its 1×1 reduction, as bars and as a sentence.

    (Szegedy et al. 2015, Going deeper with convolutions, figure 2: the reduction before the 5×5 convolution.)

    >>> branch_cost(192, 16, 32, 5, 28)[0][0]["value"]
    120422400
    """
    direct = conv_cost(depth, filters, kernel_size, size).multiply_adds
    first = conv_cost(depth, reduced, 1, size).multiply_adds
    second = conv_cost(reduced, filters, kernel_size, size).multiply_adds
    bars = [
        {"label": f"{kernel_size}×{kernel_size} alone, {depth} → {filters} channels", "value": direct},
        {"label": f"1×1 reduction, {depth} → {reduced} channels", "value": first},
        {"label": f"then {kernel_size}×{kernel_size}, {reduced} → {filters} channels", "value": second},
        {"label": "both steps together", "value": first + second, "role": "total"},
    ]
    for bar in bars:
        bar["text"] = f"{bar['value']:,}"
    ratio = direct / (first + second)
    verdict = f"{ratio:.2f} times fewer" if ratio >= 1 else f"{1 / ratio:.2f} times more"
    return (
        bars,
        f"With the reduction the branch needs {verdict} multiply-adds: {first + second:,} instead of {direct:,}.",
    )


@checked
def inception_branch(
    depth: int = 192, reduced: int = 16, filters: int = 32, kernel_size: int = 5, size: int = 28
) -> Explorer:
    """Explorer of what a 1×1 reduction saves; starts at GoogLeNet's 5×5 branch of inception (3a)."""
    if kernel_size not in _SIDES:
        raise ShapeError(f"kernel_size={shown(kernel_size)}: must be one of {', '.join(map(str, _SIDES))}")
    controls = [
        slider("depth in", depth, 1, 832, "channels of the input"),
        slider("reduced to", reduced, 1, 256, "channels after the 1×1 convolution"),
        slider("filters", filters, 1, 384, "channels of the output"),
        stops("kernel", _SIDES, kernel_size, "side of the kernel"),
        slider("map side", size, 1, 112, "side of the maps in pixels"),
    ]  # fmt: skip
    view = View(panels=[{"kind": "bars", "title": "multiply-adds", "share": 1, "size": False}], height=300)
    alt = "Bars of multiply-adds: the large convolution alone, the 1×1 reduction, the large convolution after it, and both together."
    explorer = Explorer(view, [control_row(*controls)], alt, lambda: figures.draw_bars(view.bars))

    def update(_=None):
        view.bars, view.text = branch_cost(*(control.value for control in controls))

    update()
    for control in controls:
        control.observe(update, "value")
    return explorer
