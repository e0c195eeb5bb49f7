"""Networks and the list of layers on a page without a server: walking, clicking, scrolling, what can be undone."""

import pytest

from lecture_lib.chapters.lenet_alexnet.layer_editor import layer_editor
from lecture_lib.chapters.lenet_alexnet.networks import networks


@pytest.fixture(scope="module")
def towers():
    return networks()


def row(page):
    return page.evaluate("explorers[0].state.row")


def said(page):
    return "".join(page.locator(".lecture-readout > *").all_text_contents())


def choose(page, **changes):
    page.evaluate("changes => explorers[0].choose(changes)", changes)


def test_arrow_keys_of_both_kinds_walk_through_the_layers(shown, towers):
    page = shown(towers)
    page.locator("canvas").focus()
    names, words = (each["text"][2] for each in towers.sentence[:2])
    for key, at in (("ArrowDown", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("ArrowUp", 1), ("End", 23), ("Home", 0)):
        page.keyboard.press(key)
        assert row(page) == at
        assert said(page).startswith(f"{names[at]}{words[at]}")
        assert names[at] == f"{towers.panels[0]['networks'][2]['rows'][at]['name']}: "


def test_a_click_on_a_volume_or_on_a_name_chooses_its_layer(shown, towers):
    page = shown(towers)
    zones = page.evaluate("explorers[0].drawn[0].zones")
    assert {zone["choose"]["row"] for zone in zones} == set(range(24))  # every layer can be pressed
    for zone in zones:
        page.locator("canvas").click(position={"x": zone["x"] + zone["w"] / 2, "y": zone["y"] + zone["h"] / 2})
        assert row(page) == zone["choose"]["row"]


@pytest.mark.parametrize("sides", [0, 1])
def test_no_volume_of_alexnet_is_too_small_to_be_seen(shown, towers, sides):
    page = shown(towers)
    choose(page, sides=sides)
    assert page.evaluate("explorers[0].drawn[0].zones.slice(0, 12).every((zone) => zone.h >= 120)")


def test_a_list_that_breaks_off_shows_where_and_keeps_the_volumes_before(shown):
    editor = layer_editor()
    editor.state = {"row": 4}
    editor.state = {"kernel_size": 15}
    page = shown(editor)
    zones = page.evaluate("explorers[0].drawn[0].zones")
    assert len(zones) == 3 + 13  # three volumes, and every name


def test_nothing_of_any_network_is_drawn_outside_of_its_place(shown, towers):
    page = shown(towers)
    for network in range(5):
        for sides in (0, 1):
            choose(page, network=network, sides=sides)
            inside = page.evaluate(
                "explorers[0].drawn[0].zones.every((z) => z.x >= 0 && z.x + z.w <= explorers[0].width + 1 && z.y + z.h <= explorers[0].get('height'))"
            )
            assert inside


def test_a_smaller_network_brings_the_row_within_it(shown, towers):
    page = shown(towers)
    choose(page, row=23)
    choose(page, network=1)
    assert row(page) == len(towers.panels[0]["networks"][1]["rows"]) - 1


def test_the_comparison_follows_its_menu(shown, towers):
    page = shown(towers)
    choose(page, other=4, row=5)
    because, words = (each["text"][2][4] for each in towers.sentence[2:])
    assert said(page).endswith(because[5] + words[0])
    choose(page, measure=1)
    assert said(page).endswith(words[1])
    choose(page, other=0)
    assert words[1] not in said(page)


def test_what_a_press_has_done_can_be_undone_and_a_press_that_did_nothing_costs_no_step(shown):
    page, editor = shown(layer_editor()), layer_editor()
    before = page.evaluate("explorers[0].state")
    for name in ("Add", "Add"):
        page.get_by_role("button", name=name, exact=True).click()
    assert page.evaluate("models[0].sent.map(([content]) => content.press)") == ["add", "add"]
    editor.press("add")  # Python's part; the second press has changed nothing
    page.evaluate("state => models[0].hear({ _state: state, heard: models[0].state.told })", editor.state)
    assert page.evaluate("explorers[0].state.layers.length") == 13
    page.get_by_role("button", name="Undo").click()
    assert page.evaluate("explorers[0].state.layers") == before["layers"]
    assert page.evaluate("models[0].state._state.layers") == before["layers"]


def test_a_layer_shows_the_numbers_that_it_has(shown):
    page = shown(layer_editor())
    assert page.get_by_label("K", exact=True).input_value() == "6"
    assert not page.get_by_label("C", exact=True).is_visible()
    choose(page, row=0)
    assert page.get_by_label("C", exact=True).input_value() == "1"
    assert page.get_by_role("button", name="Remove").is_disabled()
