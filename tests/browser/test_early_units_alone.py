"""What the browser shows of the first units' pictures and maps is what NumPy computes; mouse and keys choose."""

import numpy as np

from lecture_lib import style
from lecture_lib.chapters.convolution.early_units import early_units
from lecture_lib.chapters.convolution.mean_gradients import mean_pictures
from tests.browser.test_convolution_alone import choose, colours, state

PRESS_TILE = """([down, across]) => {
    const { grid } = explorers[0].drawn[0], { left, top } = explorers[0].canvas.getBoundingClientRect();
    return [left + grid.x + (across + 0.5) * grid.cell, top + grid.y + (down + 0.3) * grid.cell];
}"""
"""Where on the page a tile of a sheet lies."""


def test_a_press_and_arrow_keys_choose_a_unit_and_its_colours_are_those_of_its_gradient(shown):
    page = shown(early_units(3))
    page.mouse.click(*page.evaluate(PRESS_TILE, [5, 4]))
    assert state(page, "unit", "down", "across") == [44, 5, 4]
    page.locator("canvas").press("ArrowDown")
    page.locator("canvas").press("ArrowRight")
    assert state(page, "unit", "down", "across") == [53, 6, 5]
    for at, (kind, pictures) in enumerate(mean_pictures().items()):
        choose(page, weights=at)
        assert np.array_equal(colours(page, 1), style.signed_colours(np.moveaxis(pictures.weight[53], 0, -1))), kind


def test_every_tile_of_the_sheet_has_its_units_colours(shown):
    page = shown(early_units(0))
    middle = page.evaluate(
        """() => {
            const { ctx, canvas, drawn: [{ grid }] } = explorers[0], { data, width } = ctx.getImageData(0, 0, canvas.width, canvas.height);
            return Array.from({ length: 96 }, (_, unit) => {
                const [x, y] = [grid.x + ((unit % 8) + 0.5) * grid.cell - 2, grid.y + (Math.floor(unit / 8) + 0.5) * grid.cell - 2];
                return [...data.slice(4 * (Math.floor(y) * width + Math.floor(x)), 4 * (Math.floor(y) * width + Math.floor(x)) + 3)];
            });
        }"""
    )
    assert np.array_equal(middle, style.signed_colours(np.moveaxis(mean_pictures()["trained"].weight, 1, -1))[:, 5, 5])


def test_the_map_shown_is_that_of_unit_photo_and_weights(shown):
    explorer = early_units(7)
    page = shown(explorer)
    for weights, photo, unit in ((0, 0, 7), (0, 1, 44), (1, 0, 20), (1, 1, 95)):
        choose(page, weights=weights, photo=photo, unit=unit)
        coded = explorer.array("maps")[weights][photo][unit]
        assert np.array_equal(colours(page, 3), style.colour_table("map")[coded])
