"""Units for photos and covered photos, on a page without Python."""

import numpy as np
import pytest

from lecture_lib.chapters.lenet_alexnet.covered_photo import covered_photo
from lecture_lib.chapters.lenet_alexnet.photo_covers import COVERED, recorded_covers
from lecture_lib.chapters.lenet_alexnet.what_photo_units_see import what_photo_units_see
from tests.browser.test_lenet_alexnet_alone import choose, click, said, state

CHIPS = "[...document.querySelectorAll('.lecture-chips')].at(-1).querySelectorAll('span')"


def test_the_chips_say_what_the_maps_of_the_chosen_depth_show(shown):
    explorer = what_photo_units_see()
    page = shown(explorer)
    for level in (0, 4, 3):
        choose(page, layer=level)
        words = page.evaluate(f"[...{CHIPS}].map((each) => each.textContent)")
        assert words == explorer.declared["unit"].labels[level]
        page.locator(".lecture-chips input").last.check(force=True)
        assert state(page, "unit") == [7] and said(page).startswith(explorer.sentence[0]["text"][level][7])


def test_keys_go_from_patch_to_patch_and_the_photo_follows(shown):
    explorer = what_photo_units_see("block 15", 3)
    page, photo = shown(explorer), explorer.array("photo")[4, 3]
    names = explorer.panels[2]["titles"]
    page.locator("canvas").focus()
    for key, place in (("ArrowRight", (0, 1)), ("ArrowDown", (1, 1)), ("End", (2, 2))):
        page.keyboard.press(key)
        assert state(page, "row", "col") == list(place)
        assert f"Framed: number {3 * place[0] + place[1] + 1}, " in said(page)
        shown_name = page.evaluate("explorers[0].where.place(explorers[0].get('panels')[2].index)")
        assert names[shown_name] == names[photo[place]]
    click(page, 0, 1, 0)
    assert state(page, "row", "col") == [1, 0]


def test_a_patch_is_painted_in_its_own_colours(shown):
    explorer = what_photo_units_see("block 1", 3)  # red
    page = shown(explorer)
    patch = explorer.array("patches")[0][3, 0]
    row, col = 5, 5
    found = page.evaluate(
        """([r, c]) => { const { x, y, cell } = explorers[0].drawn[0].grid, { ctx } = explorers[0], tile = cell - 4;
        const at = [x + (c + 0.5) * tile / 11, y + (r + 0.5) * tile / 11].map((each) => Math.round(each * devicePixelRatio));
        return [...ctx.getImageData(...at, 1, 1).data].slice(0, 3); }""",
        [row, col],
    )
    assert np.abs(np.array(found) - patch[row, col]).max() <= 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_square_moves_by_keys_and_the_sentence_says_what_is_left(shown, theme):
    page = shown(covered_photo("palace"), theme=theme)
    cover = recorded_covers()[COVERED.index("palace")]
    page.locator("canvas").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert state(page, "row", "col") == [0, 1]
    assert said(page).startswith(
        f"Palace: {100 * cover.before[0]:.0f} % with nothing covered, {100 * cover.covered[0, 1, 0]:.0f} % with"
    )
    assert "(Rows 0 to 31, columns 0 to 47 are covered.)" in said(page)
    choose(page, kind=1)
    assert said(page).startswith("Bell cote: ")
    choose(page, photo=len(COVERED))
    assert said(page).startswith("No picture of yours is open")
