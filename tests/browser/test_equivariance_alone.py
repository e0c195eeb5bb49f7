"""The explorers of notebook 05 on a page without a server: sliders that come and go, keys, what needs Python."""

import pytest

from lecture_lib.chapters.equivariance import capsule_net
from lecture_lib.chapters.equivariance.average_matrix import average_matrix
from lecture_lib.chapters.equivariance.both_ways_round import both_ways_round
from lecture_lib.chapters.equivariance.capsules import capsule_numbers, routing
from lecture_lib.chapters.equivariance.moved_digit import REACH, moved_digit
from lecture_lib.chapters.equivariance.moving import MOVES, averagings
from lecture_lib.chapters.equivariance.representations import representations
from lecture_lib.data import load_digits

IMAGES, LABELS = (array[:3] for array in load_digits("test"))


def state(page):
    return page.evaluate("explorers[0].state")


def words(page):
    return page.locator(".lecture-readout").inner_text()


def test_every_move_has_a_slider_of_its_own_that_reaches_both_ends(shown):
    page = shown(both_ways_round("camera", "turned", "rotate"))
    moves = page.get_by_role("radiogroup", name="g", exact=True)
    for at, (name, each) in enumerate(MOVES.items()):
        moves.get_by_role("radio").nth(at).check()
        if name == "reflect":
            page.get_by_role("radiogroup", name="How far").get_by_role("radio").first.check()
            assert state(page)["reflect"] == 0
            continue
        assert page.get_by_role("slider").count() == 1  # those of other moves are not there
        slider = page.get_by_role("slider")
        slider.press("End")
        assert state(page)[name] == each.levels[-1]
        slider.press("Home")
        assert state(page)[name] == each.levels[0]


def test_undo_goes_back_to_the_move_and_how_far_it_was(shown):
    page = shown(both_ways_round("camera", "filter", "translate", 8))
    page.get_by_role("radiogroup", name="g", exact=True).get_by_role("radio").nth(3).check()
    page.get_by_role("button", name="Undo").click()
    assert (state(page)["move"], state(page)["translate"]) == (0, 8)


def test_the_arrow_keys_follow_the_move_that_python_names(shown):
    page = shown(both_ways_round("camera", "filter", "translate", 8))
    page.evaluate("models[0].hear({ arrows: [null, 'rotate'] })")
    page.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    assert (state(page)["translate"], state(page)["rotate"]) == (8, 105)


@pytest.mark.parametrize("make", [both_ways_round, representations])
def test_a_picture_that_only_python_moves_stays_where_it_is_on_a_page_without_it(shown, make):
    page = shown(make(), alone=True)
    before = state(page)
    page.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert state(page) == before
    assert all(each.is_disabled() for each in page.get_by_role("slider").all())


@pytest.mark.parametrize("group", averagings())
def test_the_moves_are_stepped_through_without_python(shown, group):
    explorer = average_matrix(group)
    page = shown(explorer, alone=True)
    order = len(averagings()[group].inputs)
    assert page.get_by_role("slider").count() == 1
    page.get_by_role("slider").press("End")
    assert state(page)[f"{group}_moves"] == order
    said = list(map("".join, zip(*(each["text"] for each in explorer.sentence), strict=True)))
    assert words(page) == said[-1]
    page.locator("canvas").focus()
    page.keyboard.press("ArrowLeft")
    assert words(page) == said[-2]
    assert all(each.is_disabled() for each in page.get_by_role("radiogroup", name="Group").get_by_role("radio").all())


def test_routing_and_a_capsules_numbers_live_and_move_when_they_are_asked_to(shown):
    net = capsule_net.trained_capsules()[0]
    explorer = routing(net, IMAGES, LABELS, iterations=3)
    page = shown(explorer, alone=True)
    page.wait_for_timeout(1500)  # longer than a step of playing
    assert state(page) == {"digit": 0, "iteration": 1}
    page.get_by_role("slider", name="Digit number").press("ArrowRight")
    page.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    assert words(page) == explorer.sentence[0]["text"][1][1]
    explorer = capsule_numbers(net, IMAGES, LABELS, dimension=5)
    page = shown(explorer, alone=True)
    page.locator("canvas").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    assert state(page) == {"digit": 0, "dimension": 6, "change": 0.2}
    value = page.evaluate("explorers[0].arrays.values.values[6]")
    assert abs(value - explorer.array("values")[0, 6]) < 1e-6
    assert words(page).startswith("Number 6 of the capsule is ")
    assert words(page).endswith("Added to it: 0.2. All other numbers stay as they are.")


def test_a_digit_is_dragged_through_lenet_without_python(shown):
    explorer = moved_digit()
    page = shown(explorer, alone=True)
    assert words(page).startswith("LeNet-5 reads a 7, right ✓.")
    grid = page.evaluate("explorers[0].drawn[0].grid")
    box = page.locator("canvas").bounding_box()
    x, y = (box[side] + grid[side] + 14 * grid["cell"] for side in ("x", "y"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4.5 * grid["cell"], y - 2.5 * grid["cell"], steps=3)
    page.mouse.up()
    assert (state(page)["right"], state(page)["down"]) == (4, -3)
    changes = explorer.array("changes")[0, -3 + REACH, 4 + REACH]
    shown_changes = page.evaluate("explorers[0].drawn[1].values")
    assert max(abs(a - b) for a, b in zip(shown_changes, changes, strict=True)) < 1e-5


def test_the_photo_is_dragged_to_where_the_pointer_is(shown):
    page = shown(representations())
    grid = page.evaluate("explorers[0].drawn[1].grid")
    box = page.locator("canvas").bounding_box()
    x, y = (box[side] + grid[side] + 56.5 * grid["cell"] for side in ("x", "y"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 12 * grid["cell"], y + 7 * grid["cell"], steps=4)
    page.mouse.up()
    assert (state(page)["right"], state(page)["down"]) == (-12, 7)
