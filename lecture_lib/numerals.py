"""One way to write a number."""

import math
from decimal import ROUND_HALF_UP, Decimal

from .arguments import check_number

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
