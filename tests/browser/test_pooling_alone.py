"""What the explorers of notebook 04 show on a page without a server is what NumPy computes."""

import re

import numpy as np
import pytest

from lecture_lib import style
from lecture_lib.chapters.pooling.pool_through import pool_through
from lecture_lib.chapters.pooling.pooling_lab import pooling_lab
from lecture_lib.chapters.pooling.shift_and_pool import shift_and_pool
from lecture_lib.ops import avg_pool2d, max_pool2d
from lecture_lib.style import number

LECTURE = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
WAYS = (max_pool2d, avg_pool2d, lambda x, f, s: x[..., : x.shape[-1] + 1 - f : s, : x.shape[-1] + 1 - f : s])


def words(page):
    return page.locator(".lecture-readout").inner_text()


def choose(page, **changes):
    page.evaluate("changes => explorers[0].choose(changes)", changes)


def painted(page, title):
    """The colour of every cell of a panel as it is on the screen, beside its number and inside of its frame."""
    return np.array(
        page.evaluate(
            """title => {
                const { grid } = explorers[0].drawn.find(({ panel }) => panel.title === title);
                const { ctx, canvas, width } = explorers[0];
                const [zoom, inside] = [canvas.width / width, grid.cell < 22 ? 0.5 : 0.15];
                return Array.from({ length: grid.rows }, (_, r) => Array.from({ length: grid.cols }, (_, c) =>
                    [...ctx.getImageData(Math.floor((grid.x + (c + inside) * grid.cell) * zoom),
                        Math.floor((grid.y + (r + inside) * grid.cell) * zoom), 1, 1).data].slice(0, 3)));
            }""",
            title,
        )
    )


def shows(page, title, array, scale):
    """Whether a panel shows an array, cell by cell; ``scale`` is role and limits of its colours."""
    return np.array_equal(painted(page, title), style.colours(array, *scale))


def framed(page, title):
    """Which cells of a panel are framed in the bright colour: row and column of each, on a scale of half cells."""
    return page.evaluate(
        """title => {
            const { grid } = explorers[0].drawn.find(({ panel }) => panel.title === title);
            const { ctx, canvas, width } = explorers[0];
            const zoom = canvas.width / width;
            const bright = [1, 3, 5].map((at) => parseInt(explorers[0].ink.bright.slice(at, at + 2), 16));
            const found = [];
            for (let r = 0; r < grid.rows; r++) for (let c = 0; c < grid.cols; c++) {
                const edges = [[0.5, 0], [0.5, 1], [0, 0.5], [1, 0.5]].map(([x, y]) =>
                    ctx.getImageData(Math.round((grid.x + (c + x) * grid.cell) * zoom), Math.round((grid.y + (r + y) * grid.cell) * zoom), 1, 1).data);
                if (edges.every((edge) => bright.every((each, i) => Math.abs(edge[i] - each) < 80))) found.push([r, c]);
            }
            return found;
        }""",
        title,
    )


def test_each_setting_of_the_lab_shows_numpys_map_and_window(shown):
    explorer = pooling_lab("coffee", side=16)
    source = explorer.array("padded").astype(float)
    page = shown(explorer, alone=True)
    for kind, pool in enumerate(WAYS):
        for f in (1, 2, 3, 8):
            for s in (1, 2, 4):
                expected = pool(source[None, None], f, s)[0, 0]
                row, col = len(expected) // 2, 0  # the line into the output lies on no other cell
                choose(page, kind=kind, kernel_size=f, stride=s)
                choose(page, row=row, col=col)
                sizes = page.evaluate("explorers[0].drawn.map(({ size }) => size)")
                assert sizes == [[16, 16], [f, f], list(expected.shape)]
                window = source[row * s : row * s + f, col * s : col * s + f]
                said = words(page)
                assert said.startswith(
                    f"output[{row}, {col}] = {('max', 'mean', 'first of ')[kind]}({number(window[0, 0])}"
                )
                assert re.search(rf"\) [=≈] {re.escape(number(expected[row, col]))}\. ", said)
                assert f"⌊(16 − {f})/{s}⌋ + 1 = {len(expected)} rows and columns." in said
                assert shows(page, "output", expected, explorer.scale("maps"))
                assert shows(page, "the window", window, explorer.scale("padded"))
                largest = [list(np.unravel_index(window.argmax(), window.shape))]
                assert f == 1 or framed(page, "the window") == (largest if kind == 0 else [])


def test_the_map_that_is_shown_is_numpys_number_for_number(shown):
    explorer = pooling_lab("coffee", side=16, kernel_size=3, stride=2)
    source = explorer.array("padded")
    page = shown(explorer)
    for kind, pool in enumerate(WAYS):
        choose(page, kind=kind)
        shown_map = page.evaluate(
            """() => {
                const { map, skip, stride, rows, cols } = explorers[0].where.windows();
                return Array.from({ length: rows }, (_, r) => Array.from({ length: cols }, (_, c) =>
                    map.values[map.offset + (skip + r * stride) * map.cols + skip + c * stride]));
            }"""
        )
        assert np.allclose(shown_map, pool(source[None, None], 3, 2)[0, 0], rtol=1e-5, atol=1e-3)


def test_the_lab_pools_as_the_library_does_when_it_is_moved_by_keys(shown):
    explorer = pooling_lab()
    map_ = explorer.array("padded").astype(float)
    page = shown(explorer, alone=True)
    for way, pool in (("max", max_pool2d), ("average", avg_pool2d)):
        page.get_by_role("radio", name=way).check()
        page.get_by_label("F window", exact=True).press("ArrowRight")
        page.locator("canvas").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowUp")
        at = page.evaluate("explorers[0].state")
        expected = pool(map_[None, None], at["kernel_size"], at["stride"])[0, 0, at["row"], at["col"]]
        assert re.search(rf"output\[{at['row']}, {at['col']}\] = .*{re.escape(number(expected))}\. ", words(page))
    for label in ("Photo", "Filter", "Map"):
        assert page.get_by_role("radiogroup", name=label).get_by_role("radio").first.is_disabled()


def test_a_window_that_does_not_fit_is_said_in_words(shown):
    page = shown(pooling_lab(side=4, kernel_size=6))
    assert words(page).startswith("No output: a window of 6 × 6 does not fit into 4 × 4 pixels.")
    choose(page, kernel_size=4)
    assert "The window is the whole map: global pooling." in words(page)


def test_stepping_fills_the_gradient_window_by_window(shown):
    explorer = pool_through(LECTURE, gradient=np.array([[1, 2], [3, 4]]))
    page = shown(explorer)
    expected = np.zeros((4, 4))
    for step, (place, share) in enumerate([((1, 1), 1), ((1, 3), 2), ((2, 0), 3), ((3, 3), 4)]):
        choose(page, step=step)
        expected[place] = share
        at = page.evaluate("explorers[0].where.places(explorers[0].get('panels')[3].at)")
        assert np.array_equal(explorer.array("back")[0][tuple(at)], expected)
        assert shows(page, "input's gradient so far", expected, explorer.scale("back"))
        assert words(page) == explorer.sentence[0]["text"][0][step]
        assert list(place) in framed(page, "input")


@pytest.mark.parametrize("level", [0, 3, 16])
def test_the_slider_chooses_the_moved_map_and_its_sentence(shown, level):
    explorer = shift_and_pool(size=8)
    page = shown(explorer, alone=True)
    slider = page.get_by_label("How far", exact=True)
    slider.evaluate("(el, at) => { el.value = at; el.dispatchEvent(new Event('input')); }", level)
    assert page.evaluate("explorers[0].drawn.map(({ panel }) => explorers[0].where.places(panel.at))") == [[level]] * 4
    assert page.evaluate("explorers[0].drawn.map(({ size }) => size)") == [[64, 64], [8, 8], [8, 8], [8, 8]]
    for kind, title in (("none", "not pooled"), ("max", "max"), ("average", "average"), ("stride", "stride")):
        assert shows(page, title, explorer.array(kind)[level], explorer.scale(kind))
        assert not shows(page, title, explorer.array(kind)[level - 1], explorer.scale(kind))
    assert words(page) == "".join(say["text"][level] for say in explorer.sentence)


def test_arrow_keys_move_the_photo(shown):
    explorer = shift_and_pool(size=8)
    page = shown(explorer)
    choose(page, level=0)
    page.locator("canvas").focus()
    for key, place in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 16), ("Home", 0)):
        page.keyboard.press(key)
        assert words(page) == "".join(say["text"][place] for say in explorer.sentence)


def test_nothing_moves_until_it_is_asked_to(shown):
    page = shown(pool_through(LECTURE, interval=50))
    page.wait_for_timeout(400)
    assert page.evaluate("explorers[0].state.step") == 0
