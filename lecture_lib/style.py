"""How things look: one colour scale per role, one set of inks for light and dark, one way to write a number.

Zero has a colour of its own in every scale with a sign, so that a picture and its
numbers cannot contradict each other.
"""

import math
import operator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

import numpy as np

from .arguments import check_number, one_of, shown

ROLES: dict[str, tuple[str, ...]] = {
    "image": ("#000000", "#ffffff"),
    "map": ("#5cc8ff", "#0b4f9e", "#000000", "#808080", "#ffffff"),
    "weight": ("#1f5fa8", "#9cc3e6", "#ffffff", "#f5b97a", "#b8500a"),
    "gradient": ("#6a2c91", "#c4a3d8", "#ffffff", "#9fd3b0", "#14733a"),
    "difference": ("#b0125b", "#e9a3c4", "#ffffff", "#b5d98f", "#3d7a12"),
}
"""Role → colours from its lowest to its highest value; all but "image" have zero in the middle."""

INKS: dict[str, dict[str, str]] = {
    "light": {
        "text": "#1a1a1a", "paper": "#ffffff", "panel": "#f4f5f7", "muted": "#52565d", "line": "#8a8a8a", "faint": "#e4e4e4",
        "act": "#0b57d0", "on-act": "#fefefe", "mark": "#c2410c", "right": "#1a7f37", "you": "#7b2d8e",
        "tint-you": "#f7effa", "tint-right": "#eaf6ed", "adds": "#b8500a", "takes": "#1f5fa8",
    },
    "dark": {
        "text": "#f2f2f2", "paper": "#111111", "panel": "#1b1d21", "muted": "#b4b9c1", "line": "#8a8a8a", "faint": "#333333",
        "act": "#8ab4ff", "on-act": "#0a1a33", "mark": "#ffb454", "right": "#56d364", "you": "#d2a8ff",
        "tint-you": "#2a2033", "tint-right": "#14281a", "adds": "#ffa657", "takes": "#6cb6ff",
    },
}  # fmt: skip
"""Theme → what each colour means: text and page, a quieter panel and quieter words, lines, padding; what can be pressed and
words on it; marks and problems; right; the reader's own; tints under the last two; what adds to
a sum and what takes away from it."""
SERIES: dict[str, tuple[str, ...]] = {
    theme: (first, second, INKS[theme]["right"], INKS[theme]["you"], *others)
    for theme, first, second, *others in (
        ("light", "#1f6fb4", INKS["light"]["mark"], "#b3125b", "#7a4a00", "#00707a", "#5a5a5a"),
        ("dark", INKS["dark"]["takes"], INKS["dark"]["adds"], "#ff8fb8", "#d9b26a", "#5ed4dc", "#b8b8b8"),
    )
}
"""Theme → colours of curves that stand side by side; each can be read as text on its page."""
NOTHING = "#00a693"  # ±∞ in a picture: no colour of any scale
GAP = "#969696"  # between maps in one picture
NAN = "#f0e442"  # NaN in a picture: none of any scale either
BRIGHT = "#ffb000"  # the window, drawn with a dark rim so that it shows on every colour
BLUE, ORANGE, GREEN, GREY = "#3b82c4", "#d9730d", "#2e8b57", "#6b7280"
"""Seen on both pages, for what does not know which one it stands on."""

FONT_SIZE = 15  # points; readable from the back row when a figure fills a slide
WIDTH = 10.8
"""Of a figure, in inches of 100 pixels: a notebook's column on a screen of 1366, so that nothing is scaled."""


@cache
def colour_table(role: str) -> np.ndarray:
    """The 256 colours of a role's scale, uint8 (256, 3), read-only.

    Raises:
        ValueError: an unknown ``role``.

    >>> colour_table("image")[[0, 255]].tolist()
    [[0, 0, 0], [255, 255, 255]]
    """
    ramp = ROLES[one_of("role", role, ROLES)]
    stops = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in ramp])
    # 255 steps around the middle one, so that zero falls on a colour and not between two
    places = np.linspace(0, len(stops) - 1, 255)[[0, *range(255)]] if role != "image" else np.linspace(0, 1, 256)
    table = np.stack([np.interp(places, range(len(stops)), channel) for channel in stops.T], axis=1)
    table = table.round().astype(np.uint8)
    table.flags.writeable = False
    return table


def limits(values: np.ndarray, role: str) -> tuple[float, float]:
    """Lowest and highest value of a picture's scale: (0, 255 or the maximum) for images, else symmetric about zero.

    In pictures of more than 1000 pixels the scale ends where 99 % of them do, so that a
    few strong edges do not leave the rest in the dark; what lies beyond gets the end's colour.

    >>> limits(np.array([-5, 2]), "map"), limits(np.array([0, 4]), "image")
    ((-5.0, 5.0), (0.0, 4.0))
    """
    one_of("role", role, ROLES)
    values = np.asarray(values)
    if values.dtype.kind in "iu":
        values = values if values.dtype == np.uint8 else values.astype(float)  # |-128| is no int8
    if role == "image" and values.dtype == np.uint8:
        return 0.0, 255.0
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    if role != "image" and finite.size > 1000:
        largest = float(np.percentile(finite, 99)) or largest
    return (0.0, largest) if role == "image" else (-largest, largest)


def colour_index(values: np.ndarray, lowest: float, highest: float) -> np.ndarray:
    """Index 0–255 of each value in its :func:`colour_table`; the middle of a scale with a sign is 128.

    >>> colour_index(np.array([-5.0, 0.0, 5.0]), -5, 5).tolist()
    [1, 128, 255]
    """
    if np.iscomplexobj(values):
        raise TypeError("values are complex: must be real numbers")
    if lowest < 0:
        with np.errstate(all="ignore"):
            index = 128 + np.floor(np.clip(np.asarray(values, float) / highest, -1, 1) * 127 + 0.5)
        return np.clip(np.nan_to_num(index, nan=128), 1, 255).astype(int)
    with np.errstate(all="ignore"):  # what is NaN or infinite gets the end's colour
        index = np.floor(np.clip((np.asarray(values, float) - lowest) / (highest - lowest), 0, 1) * 255 + 0.5)
    return np.clip(np.nan_to_num(index, nan=0), 0, 255).astype(int)


def colours(values: np.ndarray, role: str, limit: tuple[float, float] | None = None) -> np.ndarray:
    """Colour an array by its role: (...) numbers to uint8 (..., 3).

    >>> colours(np.array([0.0]), "map").tolist()
    [[0, 0, 0]]
    """
    found = colour_table(role)[colour_index(values, *(limit or limits(values, role)))]
    for hexadecimal, there in ((NOTHING, np.isinf(values)), (NAN, np.isnan(values))):
        found[there] = [int(hexadecimal[at : at + 2], 16) for at in (1, 3, 5)]
    return found


def signed_colours(pictures: np.ndarray, beyond: float = 0.0) -> np.ndarray:
    """Signed numbers of three channels, (..., h, w, 3), as colours, uint8: grey 128 is 0, each picture to a scale of its own.

    ``beyond``: which share of a picture's numbers lies beyond the ends of its scale.

    >>> signed_colours(np.array([[[2.0, 0.0, -1.0]]])).tolist()
    [[[255, 128, 64]]]
    """
    most = np.quantile(np.abs(pictures), 1 - beyond, axis=(-3, -2, -1), keepdims=True)
    return np.rint(128 + 127 * pictures / np.where(most > 0, most, 1)).clip(1, 255).astype(np.uint8)


def text_colour(background: np.ndarray) -> str:
    """Black or white, whichever stands out more on an RGB colour 0–255 (WCAG 2.2, relative luminance).

    >>> text_colour([255, 255, 255]), text_colour([0, 0, 0])
    ('#000000', '#ffffff')
    """
    channels = np.asarray(background) / 255
    if channels.shape != (3,) or not ((channels >= 0) & (channels <= 1)).all():
        raise ValueError(f"background={shown(background)}: must be three numbers from 0 to 255")
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return "#000000" if linear @ [0.2126, 0.7152, 0.0722] > 0.179 else "#ffffff"


def translation(old: str, new: str) -> dict[str, str]:
    """Colour in one theme → the same role's colour in another.

    >>> translation("light", "dark")[INKS["light"]["text"]] == INKS["dark"]["text"]
    True
    """
    pairs = dict(zip(SERIES[old], SERIES[new], strict=True))
    return pairs | {colour: INKS[new][ink] for ink, colour in INKS[old].items()}


_theme = "light"


def use(theme: str) -> None:
    """Draw every figure from now on in a theme, "light" or "dark".

    Raises:
        ValueError: an unknown ``theme``.
    """
    global _theme
    _theme = one_of("theme", theme, INKS)


def inks() -> dict[str, str]:
    """The colours of :data:`INKS` in the theme in use.

    >>> inks()["paper"]
    '#ffffff'
    """
    return INKS[_theme]


def rgb(ink: str) -> np.ndarray:
    """An ink of the theme in use as numbers, uint8 (3,).

    >>> rgb("paper").tolist()
    [255, 255, 255]
    """
    return np.array([int(inks()[ink][at : at + 2], 16) for at in (1, 3, 5)], np.uint8)


def series() -> tuple[str, ...]:
    """The colours of curves in the theme in use.

    >>> len(series())
    8
    """
    return SERIES[_theme]


def look(at: int) -> dict[str, int]:
    """Colour and dashes of curve ``at`` of several: when the colours begin again, the dashes are others.

    >>> look(1), look(9)
    ({'colour': 1, 'dash': 1}, {'colour': 9, 'dash': 2})
    """
    at = operator.index(at)
    return {"colour": at, "dash": (at + at // len(SERIES["light"])) % 4}


def rc() -> dict[str, object]:
    """Matplotlib settings of the theme in use, for ``matplotlib.rc_context``.

    >>> rc()["figure.facecolor"]
    '#ffffff'
    """
    ink = inks()
    paper = {f"{part}.facecolor": ink["paper"] for part in ("figure", "axes")}
    inked = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")
    return paper | dict.fromkeys(inked, ink["text"]) | {
        "font.size": FONT_SIZE, "axes.titlesize": FONT_SIZE, "figure.dpi": 100, "savefig.dpi": 100,
        "axes.spines.top": False, "axes.spines.right": False, "image.interpolation": "nearest",
    }  # fmt: skip


# Numbers

_HUGE = 10**16  # from here on a number is written with its power of ten


def number(value: float) -> str:
    """Write a number as the pages do: whole numbers whole, others rounded, a real minus sign.

    Values from 100 keep 1 decimal, from 0.1 keep 2 and smaller ones 3 digits; so do those from 10¹⁶, beyond all
    whole numbers that a float has without gaps. Halves go away from zero.

    >>> [number(v) for v in (-4, 12.125, 123.46, 0.0625, 1e-7, -2.5e40, float("inf"))]
    ['−4', '12.13', '123.5', '0.0625', '1e-7', '−2.5e40', '∞']
    """
    value = float(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    size = abs(Decimal(value))
    if size < _HUGE and size == size.to_integral_value():
        text = f"{size:.0f}"
    elif Decimal("0.1") <= size < _HUGE:
        step = Decimal("0.1") if size >= 100 else Decimal("0.01")
        text = f"{size.quantize(step, ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
    else:
        rounded = size.quantize(Decimal(1).scaleb(size.adjusted() - 2), ROUND_HALF_UP).normalize()
        text = f"{rounded:f}" if Decimal("1e-6") <= rounded < 1 else f"{rounded:e}".replace("e+", "e")
    return ("−" if value < 0 and text != "0" else "") + text


def percent(share: float) -> str:
    """A share from 0 to 1 in percent; neither all nor nothing is said of one that is only close to it.

    >>> [percent(each) for each in (0, 0.003, 0.5, 0.998, 1)]
    ['0 %', '< 1 %', '50 %', '> 99 %', '100 %']
    """
    return "< 1 %" if 0 < share < 0.005 else "> 99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"


def exact(value: float) -> str:
    """A factor of a sum: as :func:`number` writes it if that is exact, else as a fraction, else with five digits.

    >>> [exact(each) for each in (-4, 1 / 9, -5 / 3, 0.1234567)]
    ['−4', '1/9', '−5/3', '0.12346']
    """
    size = abs(float(value))
    if not math.isfinite(size) or math.isclose(valued(number(size)), size, rel_tol=2e-7):
        return number(value)
    part = Fraction(size).limit_denominator(256)
    text = f"{part}" if math.isclose(part, size, rel_tol=2e-7) else f"{size:.5g}"
    return ("−" if value < 0 else "") + text


def valued(text: str) -> float:
    """The number that is written.

    >>> valued("−1/8")
    -0.125
    """
    top, _, below = text.replace("−", "-").replace("∞", "inf").partition("/")
    return float(top) / float(below or 1)


def equals(total: float, result: str) -> str:
    """What stands between a sum and its printed result: "=", or "≈" if the numbers as printed make another one.

    >>> equals(1 / 8, "0.13"), equals(0.5, "0.5")
    ('≈', '=')
    """
    near = not math.isfinite(total) or abs(total - valued(result)) <= 1e-6 * max(1, abs(total))
    return "=" if near else "≈"


def tiny(value: float) -> str:
    """A small number by its power of ten.

    Raises:
        TypeError: it is no number.
        ValueError: it is NaN or infinite.

    >>> tiny(4.2e-16)
    '4·10⁻¹⁶'
    """
    digit, power = f"{check_number('value', value, 'that is finite', math.isfinite):.0e}".split("e")
    return f"{digit}·10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
