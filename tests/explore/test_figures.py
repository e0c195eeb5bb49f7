"""Pictures: drawn from ordinary and odd arrays, the same bytes for the same arrays, and nothing else touched."""

import base64
import html
import importlib
import io
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from lecture_lib import explore, style
from lecture_lib.explore import figure as base
from lecture_lib.shapes import ShapeError
from tests.explorers import chapter_figures

rng = np.random.default_rng(0)
photo = rng.integers(0, 256, (8, 9, 3), dtype=np.uint8)
grey, numbers, stack = photo[..., 0], rng.normal(size=(8, 9)), rng.normal(size=(3, 4, 5))
pixel, nothing = np.zeros((1, 1), np.uint8), np.array([[np.nan]])
broken = np.array([[np.nan, np.inf, 0], [-np.inf, -1e-9, 123456.7]])
box = {"w": 32, "h": 32, "d": 3, "role": "map", "label": "input", "size": "32×32×3"}
bar = {"label": "alone", "value": 100, "text": "100"}

PATH = {"kind": "weights", "title": "a title", "share": 1, "x": [-2, 2], "y": [-1, 1], "traces": [{"x": "w1", "y": "w2", "colour": 0, "upto": "col", "head": True}]}  # fmt: skip

ten = np.linspace(0, 1, 10)

AXES = {
    "grid": lambda **ax: explore.draw_grid(numbers, "map", "a title", **ax),
    "grid without numbers": lambda **ax: explore.draw_grid(numbers, "map", numbers=False, **ax),
    "grid of one cell": lambda **ax: explore.draw_grid(nothing, "weight", **ax),
    "grid of NaN and infinity": lambda **ax: explore.draw_grid(broken, "difference", **ax),
    "grid of a list": lambda **ax: explore.draw_grid([[1, 2]], **ax),
    "colour photo": lambda **ax: explore.draw_picture(photo, **ax),
    "grey photo": lambda **ax: explore.draw_picture(grey, **ax),
    "map": lambda **ax: explore.draw_picture(numbers, "map", "a title", **ax),
    "map of one NaN": lambda **ax: explore.draw_picture(nothing, "map", **ax),
    "map with infinity": lambda **ax: explore.draw_picture(broken, "gradient", **ax),
    "volumes": lambda **ax: explore.draw_volumes([box, {**box, "w": 5, "h": 5, "role": "weight"}, box], **ax),
    "smallest volume": lambda **ax: explore.draw_volumes([{**box, "w": 1, "h": 1, "d": 1}], **ax),
    "bars": lambda **ax: explore.draw_bars([bar, {**bar, "value": 7, "role": "total"}], **ax),
    "bar of nothing": lambda **ax: explore.draw_bars([{**bar, "value": 0}], **ax),
    "question": lambda **ax: explore.draw_question("What is 1 < 2 & 3?", ["A. 5 $", "B. _x_"], **ax),
}
volume = {"name": "input", "size": "3×8×8", "c": 3, "h": 8, "w": 8, "parts": 1, "joined": False, "apart": False,
          "shares": [0.0, 0.0], "percents": ["", ""]}  # fmt: skip
towers = {**volume, "name": "conv1", "parts": 2, "joined": True, "shares": [0.5, 1.0], "percents": ["50 %", "100 %"]}
sheet = {"volumes": [volume, towers, {**towers, "apart": True}], "measures": ["share of parameters", "share of work"]}
FIGURES = {
    "plots": lambda: explore.draw_plots([PATH], {"w1": numbers[0], "w2": numbers[1]}, {"col": 3}),
    "pictures": lambda: explore.draw_pictures({"photo": photo, "map": numbers, "one": nothing}, columns=2),
    "grids": lambda: explore.draw_grids({"one": nothing, "many": broken}, "map"),
    "filters and maps": lambda: explore.draw_filters_and_maps(stack[:, :3, :3], grey, stack),
    "one filter and NaN": lambda: explore.draw_filters_and_maps(nothing[None], pixel, nothing[None]),
}
PICTURES = {}
for found in sorted(Path(__file__).parents[1].glob("chapters/*/test_figures.py")):  # what a chapter draws of its own
    chapter = importlib.import_module(f"tests.chapters.{found.parent.name}.test_figures")
    PICTURES |= chapter.PICTURES
DRAWN = AXES | FIGURES | {name: lambda draw=draw: draw().figure for name, draw in PICTURES.items()}


def test_every_draw_function_is_drawn_here():
    used = {
        name
        for draw in (AXES | FIGURES | PICTURES).values()
        for name in draw.__code__.co_names
        if name.startswith("draw_")
    }
    assert used == {name for name in vars(explore) if name.startswith("draw_")} | set(chapter_figures())


@pytest.mark.parametrize("name", AXES)
def test_an_axes_comes_back_drawn_on_a_new_figure(name):
    drawn = AXES[name]()
    assert isinstance(drawn, Axes)
    assert drawn.has_data() or drawn.texts


@pytest.mark.parametrize("name", AXES)
def test_a_given_axes_is_drawn_on(name):
    left, right = Figure().subplots(1, 2)
    before = len(right.get_children())
    assert AXES[name](ax=left) is left
    assert len(right.get_children()) == before


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_comes_back_with_something_on_it(name):
    drawn = FIGURES[name]()
    assert isinstance(drawn, Figure)
    assert any(ax.has_data() for ax in drawn.axes)


@pytest.mark.parametrize("name", PICTURES)
def test_what_a_chapter_draws_is_a_picture_with_words(name):
    drawn = PICTURES[name]()
    assert isinstance(drawn, explore.Picture)
    assert any(ax.has_data() or ax.texts for ax in drawn.figure.axes)
    assert "  " not in drawn.alt and "\n" not in drawn.alt


def current():
    """Matplotlib's settings without the backend, which is found when it is first asked for."""
    return {name: matplotlib.rcParams[name] for name in matplotlib.rcParams if name != "backend"}


@pytest.fixture
def settings():
    """Settings that no figure of the lecture has, as somebody's own style sheet would make them."""
    with matplotlib.rc_context({"font.size": 7, "figure.facecolor": "pink", "text.color": "red", "figure.dpi": 60}):
        yield current()


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_arrays_give_the_same_bytes_and_no_setting_changes(name, settings):
    one, other = explore.png(DRAWN[name]()), explore.png(DRAWN[name]())
    assert one == other
    assert one.startswith(b"\x89PNG")
    assert current() == settings


def test_drawing_leaves_settings_alone_when_it_fails(settings):
    with pytest.raises(ShapeError, match="columns=0"):
        explore.draw_pictures({"map": numbers}, columns=0)
    with pytest.raises(ValueError, match="role='photo'"):
        explore.draw_grid(numbers, "photo")
    assert current() == settings


def test_no_figure_stays_open_and_pyplot_is_not_even_loaded():
    code = """
import sys
import numpy as np
from lecture_lib import explore
explore.Picture(explore.draw_grid(np.eye(3)), "a grid")._repr_mimebundle_()
assert "matplotlib.pyplot" not in sys.modules
import matplotlib.pyplot
assert matplotlib.pyplot.get_fignums() == []
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


@pytest.mark.parametrize("theme", style.INKS)
def test_the_page_of_a_picture_has_the_colour_of_the_theme(theme, tmp_path):
    style.use(theme)
    try:
        drawn = explore.draw_grid(np.eye(3))
    finally:
        style.use("light")
    file = tmp_path / "grid.png"
    file.write_bytes(explore.png(drawn))
    with Image.open(file) as picture:
        assert "#" + bytes(picture.convert("RGB").getpixel((0, 0))).hex() == style.INKS[theme]["paper"]


def test_arrays_stay_as_they_were_and_may_be_read_only():
    arrays = [grey.copy(), numbers.copy()]
    for array in arrays:
        array.flags.writeable = False
    explore.png(explore.draw_pictures(dict(enumerate(arrays))))


@pytest.mark.parametrize("count", [1, 3, 4, 5, 9])
def test_no_picture_is_left_out(count):
    drawn = explore.draw_pictures({f"map {at}": numbers for at in range(count)}, columns=4)
    pictures = [ax for ax in drawn.axes if ax.images and ax.get_label() != "scale"]
    assert len(pictures) == count
    assert [ax.get_title() for ax in pictures] == [f"map {at}" for at in range(count)]


def test_each_cell_says_its_number():
    drawn = explore.draw_grid([[0, -4], [0.125, np.nan]], "map")
    assert [text.get_text() for text in drawn.texts] == ["0", "−4", "0.13", "NaN"]
    assert not explore.draw_grid([[0, -4]], "map", numbers=False).texts


def test_a_mark_frames_its_cells():
    drawn = explore.draw_grid(np.eye(4))
    assert explore.mark(drawn, 1, 2, rows=2, cols=1) is drawn
    rim, line = drawn.patches
    assert rim.get_bbox().bounds == line.get_bbox().bounds == (2, 1, 1, 2)
    assert rim.get_linewidth() > line.get_linewidth()


# In a notebook

ALT = 'A grid, "0" < 1 & black'


def test_a_picture_carries_its_words_in_html_and_in_metadata():
    data, metadata = explore.Picture(explore.draw_grid(np.eye(2)), ALT)._repr_mimebundle_()
    assert metadata == {"image/png": {"alt": ALT}}
    assert data["text/plain"] == ALT
    assert data["text/html"].count(f'alt="{html.escape(ALT)}"') == 2
    assert data["image/png"] == explore.png(explore.draw_grid(np.eye(2)))
    assert base64.b64encode(data["image/png"]).decode() in data["text/html"]


@pytest.mark.parametrize("name", DRAWN)
def test_in_the_dark_theme_a_figure_is_as_if_drawn_in_it(name):
    drawn = DRAWN[name]()
    style.use("dark")
    try:
        wanted = DRAWN[name]()
    finally:
        style.use("light")
    light, dark = base.pngs(drawn)
    found, aim = (np.asarray(Image.open(io.BytesIO(each)).convert("RGB"), int) for each in (dark, explore.png(wanted)))
    apart = (abs(found - aim).max(axis=-1) > 40).mean()
    assert apart < 0.002, f"{100 * apart:.2f} % of the pixels differ"
    assert light == explore.png(DRAWN[name]())


@pytest.mark.parametrize("alt", ["", " ", "\n\t"])
def test_no_picture_without_words(alt):
    with pytest.raises(ValueError, match="must say in words") as error:
        explore.Picture(explore.draw_grid(np.eye(2)), alt)
    assert f"alt={alt!r}" in str(error.value)


def test_a_figure_and_its_axes_are_the_same_picture():
    drawn = explore.draw_grid(np.eye(3))
    assert explore.png(drawn) == explore.png(drawn.figure)


def test_a_table_is_shown_as_text_and_as_markup(monkeypatch):
    shown = []
    monkeypatch.setattr(base, "display", lambda table: shown.append(table._repr_mimebundle_()))
    explore.show_table(("name", "a < b"), [("ReLU", 1), ("$x^2$", "<b>")])
    assert shown[0]["text/plain"] == "name   a < b\nReLU   1\n$x^2$  <b>"
    markup = shown[0]["text/html"]
    assert (markup.count("<th "), markup.count("<td "), markup.count("<tr>")) == (2, 4, 3)
    assert "a &lt; b" in markup and "&lt;b&gt;" in markup and "$x^2$" in markup
    with pytest.raises(ValueError, match="must have 2 cells"):
        explore.show_table(("name", "value"), [("ReLU",)])


def test_columns_of_numbers_end_at_the_right_and_their_head_with_them():
    table = explore.Table(
        ("layer", "output", "parameters"), [("C1", "6×28", "1,516"), ("C3", "16", "6 %")]
    )._repr_mimebundle_()
    assert table["text/plain"] == "layer  output  parameters\nC1     6×28         1,516\nC3     16             6 %"
    assert table["text/html"].count("text-align: right") == 3


def test_a_mosaic_has_its_tiles_row_by_row_and_nothing_between_them():
    tiles = explore.mosaic(np.arange(1.0, 4)[:, None, None], 2)
    assert np.array_equal(tiles, [[1, np.nan, 2], [np.nan] * 3, [3, np.nan, np.nan]], equal_nan=True)


def test_a_mosaic_of_colours_has_a_colour_between_its_tiles():
    red, green, blue = np.eye(3, dtype=np.uint8)
    whole = explore.mosaic(np.array([red, green])[:, None, None], 2, 2, blue)
    assert whole.dtype == np.uint8
    assert np.array_equal(whole, [[red, blue, blue, green]])


def test_an_axis_with_a_log_scale_says_so():
    panel = PATH | {"x": [0.1, 2], "y": [0.1, 1], "log": "y", "xlabel": "epochs", "ylabel": "error"}
    (ax,) = explore.draw_plots([panel], {"w1": np.ones(9), "w2": np.ones(9)}, {"col": 3}).axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epochs", "error (log scale)")
