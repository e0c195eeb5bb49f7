"""The explorers of architectures in the browser: walking, clicking, scrolling, and editing in a real JupyterLab."""

import pytest

from lecture_lib import widgets
from tests.browser.test_lab import open_cells
from tests.browser.test_view import bare, state_of
from tools.browser import scroll_to_explorer

__all__ = ["bare"]

ROW = "document.querySelector('.lecture-view canvas').lecture.model.get('row')"


@pytest.fixture
def towers(bare):
    """AlexNet with its two towers, drawn."""
    explorer = widgets.architecture()
    bare.evaluate("state => open(state)", state_of(explorer))
    return explorer.view.networks[explorer.view.level]


def names_of_rows_in_sight(page):
    return page.evaluate("view.drawn[0].zones.filter((each) => each.h < 30).map((each) => each.row)")


def test_arrow_keys_of_both_kinds_walk_through_the_layers(bare, towers):
    bare.locator("canvas").focus()
    for key, row in (("ArrowDown", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("ArrowUp", 1), ("End", 23), ("Home", 0)):
        bare.keyboard.press(key)
        assert bare.evaluate("model.get('row')") == row
        assert bare.evaluate("readout()").startswith(f"{towers['rows'][row]['cells'][0]}: {towers['words'][row]}")


def test_the_chosen_row_is_always_in_sight_with_one_more(bare, towers):
    last = len(towers["rows"]) - 1
    for row in [*range(last + 1), *range(last, -1, -1)]:
        bare.evaluate("row => model.set({ row })", row)
        seen = names_of_rows_in_sight(bare)
        assert seen == list(range(seen[0], seen[0] + len(seen)))
        assert {max(row - 1, 0), row, min(row + 1, last)} <= set(seen)


def test_a_click_on_a_volume_or_a_row_chooses_its_layer(bare, towers):
    zones = bare.evaluate("view.drawn[0].zones")
    left, top = bare.evaluate("(({ left, top }) => [left, top])(view.canvas.getBoundingClientRect())")
    for zone in zones[:12]:  # the volumes: drawing does not move them
        bare.mouse.click(left + zone["x"] + zone["w"] / 2, top + zone["y"] + zone["h"] / 2)
        assert bare.evaluate("model.get('row')") == zone["row"]
    row = bare.evaluate("view.drawn[0].zones.at(-3)")
    bare.mouse.click(left + row["x"] + 50, top + row["y"] + 9)
    assert bare.evaluate("model.get('row')") == row["row"]


def test_nothing_of_any_network_is_drawn_outside_of_its_place(bare, towers):
    for level in range(5):
        for margin in (0, 1):
            bare.evaluate("state => model.set(state)", {"level": level, "margin": margin})
            inside = bare.evaluate(
                "view.drawn[0].zones.every((z) => z.x >= 0 && z.x + z.w <= view.width + 1 && z.y + z.h <= view.model.get('height'))"
            )
            assert inside


def test_the_comparison_follows_its_menu(bare, towers):
    bare.evaluate("model.set({ kernel: 4, row: 5 })")
    against = towers["against"][3]
    assert bare.evaluate("readout()").endswith(against["because"][5] + against["words"][0])
    bare.evaluate("model.set({ item: 1 })")
    assert bare.evaluate("readout()").endswith(against["words"][1])


def test_a_student_edits_lenet_by_hand(lab, page):
    open_cells(lab, page, "from lecture_lib import widgets\neditor = widgets.layer_editor()\neditor")
    scroll_to_explorer(page, 0)
    explorer = page.locator(".lecture-explorer")
    words, problem = explorer.locator(".lecture-readout"), explorer.locator(".lecture-problem")
    explorer.locator("canvas").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    field = explorer.locator("input[aria-label^='F:']")
    page.wait_for_function("document.querySelector(\".lecture-explorer input[aria-label^='K:']\").value === '16'")
    field.fill("15")
    field.press("Enter")
    problem.get_by_text("Layer 4, conv2, F: kernel_size=15").wait_for()
    field.fill("3")
    field.press("Enter")
    words.get_by_text("(14 − 3 + 2·0)/1 + 1 = 12").wait_for()
    assert problem.inner_text() == ""
    # Python moves the chosen row after the hand has: the picture must follow.
    explorer.locator("button", has_text="Down").click()
    page.wait_for_function(f"{ROW} === 5")
    explorer.locator("button", has_text="Up").click()
    page.wait_for_function(f"{ROW} === 4")
    explorer.locator("button", has_text="Remove").click()
    words.get_by_text("relu1b: ").wait_for()
    unnamed = explorer.locator("button").evaluate_all(
        "all => all.filter((each) => !each.textContent || !each.title).length"
    )
    assert unnamed == 0
    assert page.problems == []
