"""Plots: every value where its axes say, gaps where there is none, a cursor that reads what is drawn."""

import base64

import numpy as np
import pytest

from lecture_lib import style
from lecture_lib.explore import curves

BLUE = [int(style.SERIES["light"][0][at : at + 2], 16) for at in (1, 3, 5)]


def two_curves():
    x = np.linspace(-2, 2, 41)
    ys = {"cube": np.stack([x**3, 2 * x**3]), "line": np.stack([x, x + 1])}
    return x, ys, curves(x, ys, levels=("Level", ("one", "two")), xlabel="x", ylabel="y", alt="Two curves.")


def line(y, x=None, **options):
    return curves(range(len(y)) if x is None else x, {"line": y}, xlabel="x", ylabel="y", alt="A line.", **options)


def test_a_plot_puts_every_value_where_its_axes_say(shown):
    x, ys, explorer = two_curves()
    area, at_x, at_y = shown(explorer).evaluate(
        """([x, y]) => { const { plot } = explorers[0].drawn[0];
            return [plot.area, x.map(plot.x.place), y.map(plot.y.place)]; }""",
        [x.tolist(), ys["cube"][0].tolist()],
    )
    low, high = explorer.panels[0]["y"]
    assert np.allclose(at_x, area["x"] + (x + 2) / 4 * area["w"])
    assert np.allclose(at_y, area["y"] + (high - ys["cube"][0]) / (high - low) * area["h"])


def test_a_logarithmic_axis_gives_each_power_of_ten_the_same_room(shown):
    page = shown(line([0.01, 100], log="y"))
    places = page.evaluate("[0.01, 0.1, 1, 10, 100].map(explorers[0].drawn[0].plot.y.place)")
    assert np.allclose(np.diff(places), np.diff(places)[0])
    assert page.evaluate("explorers[0].drawn[0].plot.y.ticks") == [0.01, 0.1, 1, 10, 100]


@pytest.mark.parametrize("level", [0, 1])
def test_the_cursor_reads_the_curves_of_the_chosen_level(shown, level):
    x, ys, explorer = two_curves()
    page = shown(explorer)
    for at in (0, 7, 40):
        page.evaluate("(state) => explorers[0].choose(state)", {"level": level, "at": at})
        values = ", ".join(f"{name} {style.number(np.float32(y[level, at]))}" for name, y in ys.items())
        words = page.locator(".lecture-readout").text_content()
        assert words == f"x {style.number(np.float32(x[at]))}: y: {values}. "


def test_pointing_into_a_plot_moves_the_cursor_to_the_nearest_point(shown):
    page = shown(two_curves()[2])
    area = page.evaluate("explorers[0].drawn[0].plot.area")
    page.locator("canvas").hover(position={"x": area["x"] + 0.26 * area["w"], "y": area["y"] + 20})
    assert page.evaluate("explorers[0].state.at") == 10  # 0.26 of 40 steps
    page.locator("canvas").focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("explorers[0].state.at") == 9


def drawn(page, at=0):
    """The canvas as pixels, with the cursor at a place, and the plot's area in them."""
    page.evaluate("(at) => explorers[0].choose({ at })", at)
    width, height, data = page.evaluate(
        """() => { const { ctx, canvas } = explorers[0], { data, width, height } = ctx.getImageData(0, 0, canvas.width, canvas.height);
            let text = ''; for (const byte of data) text += String.fromCharCode(byte); return [width, height, btoa(text)]; }"""
    )
    pixels = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)[..., :3].astype(int)
    return pixels, page.evaluate("explorers[0].drawn[0].plot.area")


def blue_columns(pixels, area, share):
    """Where, as shares of the plot's width, the first curve's colour stands at a share of its height."""
    row = pixels[round(area["y"] + (1 - share) * area["h"])]
    return ((np.abs(row - BLUE).sum(axis=1) < 30).nonzero()[0] - area["x"]) / area["w"]


def test_a_gap_in_a_curve_is_not_drawn(shown):
    x = np.linspace(0, 1, 101)
    pixels, area = drawn(shown(line(np.where(x < 0.5, 0.5, np.nan), x, limits=(0, 1))), 100)
    found = blue_columns(pixels, area, 0.5)
    assert found.min() * area["w"] <= 2
    assert abs(found.max() - 0.49) * area["w"] < 4


@pytest.mark.parametrize("gap", [np.inf, -np.inf, np.nan])
def test_a_curve_has_a_gap_where_it_is_not_finite(shown, gap):
    found = blue_columns(*drawn(shown(line([0.5, 0.5, gap, 0.5, 0.5], limits=(0, 1)))), 0.5)
    assert found.size and not ((found > 0.27) & (found < 0.73)).any()
    assert (found < 0.24).any() and ((found > 0.76) & (found < 0.99)).any()


def test_a_spread_has_a_gap_where_the_curve_has_one(shown):
    y = [0.5, 0.5, np.nan, 0.5, 0.5]
    pixels, area = drawn(shown(line(y, spreads={"line": np.full(5, 0.3)}, limits=(0, 1))))
    at = {
        share: pixels[round(area["y"] + 0.35 * area["h"]), round(area["x"] + share * area["w"])]
        for share in (0.1, 0.45, 0.55, 0.9)
    }
    paper = pixels[round(area["y"] + 0.05 * area["h"]), round(area["x"] + 0.1 * area["w"])]
    assert (at[0.1] == at[0.9]).all() and (at[0.1] != paper).any()
    assert (at[0.45] == paper).all() and (at[0.55] == paper).all()


def test_a_curve_of_200_000_points_can_be_pointed_at(shown):
    x = np.arange(200_000)
    nearest = "(() => { const { area, nearest } = explorers[0].drawn[0].plot; return nearest(area.x + area.w / 4); })()"
    assert shown(line(x / 2, x)).evaluate(nearest) == 50_000


def test_an_axis_too_fine_for_its_numbers_ends(shown):
    # At 1e16 steps the next whole number is not a number of its own: a counter stands still.
    for apart in (16, 32, 64, 128):
        page = shown(line([1e17, 1e17], limits=(1e17, 1e17 + apart)))
        assert len(page.evaluate("explorers[0].drawn[0].plot.y.ticks")) < 12


def test_numbers_are_written_as_python_writes_them(shown):
    rng = np.random.default_rng(0)
    values = [0, -0.0, 0.5, 0.125, 12.125, -12.125, 1e-7, 0.1, 99.995, 100.05, 1 / 3, 1 / 256, 1e6, -1234.5]
    values += [1e16 - 2, 1e16, -1.005e21, 9.996e20, 2.0**100, 1.0625e18, 1.7976931348623157e308]
    values += (rng.normal(size=200) * 10.0 ** rng.integers(12, 60, 200)).tolist()
    values += (rng.normal(size=1500) * 10.0 ** rng.integers(-6, 5, 1500)).tolist()
    values += (rng.integers(-4000, 4000, 500) / 256).tolist()
    written = shown(line([0, 1])).evaluate("(values) => values.map(number)", values)
    assert written == [style.number(value) for value in values]


def test_colours_follow_the_theme(shown):
    page, inks = shown(line([0, 1])), []
    for light in ("true", "false"):
        page.evaluate("light => { document.body.dataset.jpThemeLight = light; }", light)
        page.wait_for_timeout(50)
        inks.append(page.evaluate("explorers[0].ink.text"))
    assert inks == [style.INKS["light"]["text"], style.INKS["dark"]["text"]]
