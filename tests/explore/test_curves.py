"""Curves with a cursor: what is drawn is what was given, and what no axes can hold is refused."""

import numpy as np
import pytest

from lecture_lib.explore import curves
from lecture_lib.shapes import ShapeError
from tests.explorers import array

EXAMPLES = {
    "curves": lambda: curves(
        [0, 1, 2], {"square": [0, 1, 4]}, xlabel="x", ylabel="x²", alt="A parabola that opens upwards, from 0 at x = 0."
    )
}


def test_of_thirty_curves_no_two_look_alike():
    lines = {f"line {at}": [at, at] for at in range(30)}
    (panel,) = curves([0, 1], lines, xlabel="x", ylabel="y", alt="Thirty lines.").panels
    assert len({(trace["colour"] % 8, trace["dash"]) for trace in panel["traces"]}) == 30


def test_curves_keep_the_numbers_they_are_given():
    x, y, spread = np.arange(5.0), np.array([[1, 2, 3, 4, 5.0], [5, 4, 3, 2, 1]]), np.full((2, 5), 0.5)
    explorer = curves(
        x, {"line": y}, spreads={"line": spread}, levels=("Way", ("up", "down")), xlabel="x", ylabel="y", alt="A line, up or down."
    )  # fmt: skip
    arrays = explorer.arrays
    assert np.array_equal(array(arrays["y0"]), y)
    assert np.array_equal(array(arrays["low0"]), y - 0.5)
    assert np.array_equal(array(arrays["high0"]), y + 0.5)
    (panel,) = explorer.panels
    assert panel["y"][0] < 0.5 < 5.5 < panel["y"][1]
    assert panel["traces"][0]["at"] == ["level"]


@pytest.mark.parametrize(
    ("x", "y", "spreads", "levels"),
    [
        ([0, 1], [1, 2, 3], None, None),
        ([0, 1], [[1, 2]], None, None),
        ([0, 1], [1, 2], None, ("Scale", ["one"])),
        ([0, 1], [1, 2], {"line": [1, 2, 3]}, None),
    ],
)
def test_curves_of_the_wrong_length_are_refused(x, y, spreads, levels):
    with pytest.raises(ShapeError, match=r"ys\['line'\] has shape"):
        curves(x, {"line": y}, spreads=spreads, levels=levels, xlabel="x", ylabel="y", alt="A line.")


def test_an_unknown_scale_of_the_axes_is_refused():
    with pytest.raises(ValueError, match="log='z'"):
        curves([0, 1], {"line": [1, 2]}, log="z", xlabel="x", ylabel="y", alt="A line.")


LINE = {"line": [1.0, 2.0]}


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"x": [[0, 1]]}, ShapeError, "x has shape (1, 2): must have one axis, with at least two values"),
        ({"x": [1], "ys": {"line": [1]}}, ShapeError, "x has shape (1,)"),
        ({"x": [0, np.nan]}, ValueError, "x must increase"),
        ({"x": [1, 0]}, ValueError, "x must increase"),
        ({"x": [1, 1]}, ValueError, "x must increase"),
        ({"x": [0, 1], "log": "x"}, ValueError, "x begins at 0: must be above 0"),
        ({"ys": {}}, ValueError, "ys is empty"),
        ({"ys": {"line": ["a", "b"]}}, TypeError, "ys['line'] has dtype"),
        ({"ys": {"line": np.zeros((0, 2))}, "levels": ("Level", [])}, ValueError, "levels is empty"),
        ({"spreads": {"lime": [1, 1]}}, ValueError, "spreads='lime': must be one of line"),
        ({"spreads": {"line": [1, -1]}}, ValueError, "spreads['line'] holds -1.0: must be at least 0"),
        ({"limits": (1, 0)}, ValueError, "limits=(1, 0): must be two finite numbers that rise"),
        ({"limits": (0, np.inf)}, ValueError, "limits=(0, inf)"),
        ({"limits": (1,)}, ValueError, "limits=(1,)"),
        ({"limits": (0, 1), "log": "y"}, ValueError, "that rise, above 0"),
    ],
    ids=str,
)
def test_curves_that_no_axes_can_hold_are_refused(settings, error, words):
    with pytest.raises(error) as caught:
        curves(**({"x": [0, 1], "ys": LINE, "xlabel": "x", "ylabel": "y", "alt": "A line."} | settings))
    assert words in str(caught.value)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("log", ["", "y"])
@pytest.mark.parametrize("y", [[np.nan] * 3, [np.nan, np.inf, 3], [0, 0, 0], [-1, 0, 1], [3, 3, 3], [1e17, 1e17, 1e17]])
def test_whatever_a_curve_holds_its_axis_is_finite_and_rises(y, log):
    explorer = curves(
        [1, 2, 3], {"line": y}, spreads={"line": [0, 1, 2]}, log=log, xlabel="x", ylabel="y", alt="A line."
    )
    low, high = explorer.panels[0]["y"]
    assert type(low) is type(high) is float
    assert np.isfinite([low, high]).all() and low < high and (low > 0 or not log)
    assert "image/png" in explorer._repr_mimebundle_()[0]


def test_a_spread_that_reaches_below_a_logarithmic_axis_ends_at_it():
    explorer = curves(
        [1, 2], {"line": [2, 50]}, spreads={"line": [3, 1]}, log="y", xlabel="x", ylabel="y", alt="A line."
    )
    assert explorer.panels[0]["y"] == [1, 100]
    assert array(explorer.arrays["low0"]).tolist() == [1, 49]


def test_logarithmic_axes_end_at_powers_of_ten():
    explorer = curves([1, 2], {"line": [0.03, 40]}, log="y", xlabel="x", ylabel="y", alt="A line.")
    assert explorer.panels[0]["y"] == [0.01, 100]
