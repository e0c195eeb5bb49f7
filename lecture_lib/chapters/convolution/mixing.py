"""1×1 convolution: mixing the channels of a photo, and what a reduction saves."""

import numpy as np

from ...arguments import one_of, shown
from ...data import load_photo, photo_names, resize
from ...explore import OWN, Axis, Choice, Explorer, Numbers, Options, Places, Say, Slider, pack, unpack
from ...ops import check_axes, conv2d
from ...shapes import ShapeError, conv_cost

MIXES: dict[str, tuple[float, float, float, float]] = {
    "brightness (Rec. 601)": (0.299, 0.587, 0.114, 0),
    "mean of the channels": (0.33, 0.33, 0.33, 0),
    "red only": (1, 0, 0, 0),
    "red against green": (1, -1, 0, 0),
    "blue against yellow": (-0.5, -0.5, 1, 0),
    "negative": (-0.33, -0.33, -0.33, 255),
}
"""Name → weight of red, green and blue, and the bias; the sliders show two digits."""
SIDE = 160  # pixels on the photo's longer side
_COLOURS = ("red", "green", "blue")
_SIDES = (1, 3, 5, 7)


def mix_channels(pixels: np.ndarray, weights: tuple[float, float, float], bias: float) -> np.ndarray:
    """One 1×1 filter over an RGB photo: (H, W, 3) to (H, W) float64.

    >>> mix_channels(np.uint8([[[10, 20, 30]]]), (1, 0, -1), 5)
    array([[-15.]])
    """
    pixels = check_axes("pixels", np.asarray(pixels), "H, W, 3")
    weight = np.array([[[[each]] for each in weights]], dtype=float)  # (1, 3, 1, 1)
    return conv2d(np.moveaxis(pixels, 2, 0)[None], weight, np.array([float(bias)]))[0, 0]


def _mix(mix: str) -> dict[str, float]:
    return {name: round(each, 2) for name, each in zip((*_COLOURS, "bias"), MIXES[mix], strict=True)}


def _photo(photo: str) -> dict[str, object]:
    pixels = resize(load_photo(photo), SIDE)
    return {"photo": pack(pixels, "rgb"), "channels": pack(np.moveaxis(pixels, 2, 0), "image")}


def _output(pixels: np.ndarray, setting: dict[str, float]) -> dict[str, object]:
    """The new channel, and what it was made with."""
    *weights, bias = (setting[name] for name in (*_COLOURS, "bias"))
    return {
        "output": pack(mix_channels(pixels, weights, bias), "map", (-255, 255)), "mix": pack(np.array([*weights, bias]), "curve")
    }  # fmt: skip


def _answer(explorer: Explorer, names: set[str]) -> None:
    state = {}
    if "mix" in names and explorer.value("mix") != OWN:
        state = _mix(explorer.value("mix"))
    elif names & {*_COLOURS, "bias"}:
        state = {"mix": len(MIXES)}
    setting = explorer.state | state
    if "photo" in names:
        photo = _photo(explorer.value("photo"))
        explorer.update(state=state, arrays=photo | _output(unpack(photo["photo"]), setting))
    else:
        explorer.update(state=state, extra=_output(explorer.array("photo"), setting))


def channel_mixer(photo: str = "astronaut", mix: str = "red against green") -> Explorer:
    """Explorer of a 1×1 convolution on a photo: one weight a channel, one bias, one new channel.

    Raises:
        ValueError: an unknown photo or mix.

    >>> channel_mixer(mix="red only").state["red"]
    1
    """
    one_of("photo", photo, photo_names())
    start = _mix(one_of("mix", mix, MIXES))
    arrays = _photo(photo)
    grid = {"kind": "grid", "mark": "cell", "pick": "output", "size": False}
    return Explorer(
        "Channel mixer",
        "1×1 convolution: a photo, its red, green and blue channel, and the new channel that a weighted sum of the three makes.",
        indices={
            "photo": Options(photo_names(), photo, python=True), "mix": Options([*MIXES, OWN], mix, python=True),
            **{name: Numbers(-2, 2, start[name], step=0.01, python=True) for name in _COLOURS},
            "bias": Numbers(-255, 255, start["bias"], python=True),
            "row": Places(Axis("output", 0), 40), "col": Places(Axis("output", 1), 40),
        },
        controls=[
            Choice("photo", "Photo"), Choice("mix", "Mix"),
            *(Slider(name, name, f"weight of {name}") for name in _COLOURS), Slider("bias", "bias", "added to every sum"),
        ],
        arrays={**arrays, **_output(unpack(arrays["photo"]), start)},
        panels=[
            {**grid, "array": "photo", "title": "photo", "share": 1.25},
            *({**grid, "array": "channels", "at": [at], "title": name} for at, name in enumerate(_COLOURS)),
            {**grid, "array": "output", "title": "new channel", "share": 1.25},
        ],
        sentence=Say(kind="mixture", options={"channels": "channels", "mix": "mix", "output": "output"}),
        answer=_answer,
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
    verdict = f"{ratio:.2f} times fewer" if ratio >= 1 else f"{1 / ratio:.2f} times as many"
    return (
        bars,
        f"With the reduction the branch needs {verdict} multiply-adds: {first + second:,} instead of {direct:,}.",
    )


def inception_branch(
    depth: int = 192, reduced: int = 16, filters: int = 32, kernel_size: int = 5, size: int = 28
) -> Explorer:
    """Explorer of what a 1×1 reduction saves; starts at GoogLeNet's 5×5 branch of inception (3a).

    Raises:
        ShapeError: a setting is out of range.

    >>> inception_branch(kernel_size=3).value("kernel")
    3
    """
    if kernel_size not in _SIDES:
        raise ShapeError(f"kernel_size={shown(kernel_size)}: must be one of {', '.join(map(str, _SIDES))}")

    def shows(*setting):
        bars, text = branch_cost(*setting)
        return {
            "panels": [{"kind": "bars", "title": "multiply-adds", "bars": bars, "size": False}],
            "sentence": text,
        }

    indices = {
        "depth": Numbers(1, 832, depth, python=True), "reduced": Numbers(1, 256, reduced, python=True),
        "filters": Numbers(1, 384, filters, python=True), "kernel": Options(_SIDES, kernel_size, python=True),
        "size": Numbers(1, 112, size, python=True),
    }  # fmt: skip
    return Explorer(
        "Inception branch",
        "Bars of multiply-adds: the large convolution alone, the 1×1 reduction, the large convolution after it, and both together.",
        indices=indices,
        controls=[
            Slider("depth", "depth in", "channels of the input"),
            Slider("reduced", "reduced to", "channels after the 1×1 convolution"),
            Slider("filters", "filters", "channels of the output"),
            Slider("kernel", "kernel", "side of the kernel"),
            Slider("size", "map side", "side of the maps in pixels"),
        ],
        answer=lambda explorer, _: explorer.update(**shows(*map(explorer.value, indices))),
        **shows(depth, reduced, filters, kernel_size, size),
    )  # fmt: skip
