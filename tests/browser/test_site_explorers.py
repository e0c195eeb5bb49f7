"""Explorers on pages of the site, each without Python: what is said to live moves, and says the library's numbers."""

import base64
import io
import json
import re
from functools import cache

import nbformat
import numpy as np
import pytest
from PIL import Image

from lecture_lib import ops, style
from lecture_lib.activations import ACTIVATIONS
from lecture_lib.chapters.activations.zoo import X
from lecture_lib.chapters.convolution.steps import conv_steps
from lecture_lib.chapters.motivation.first_layer import SIDES, describe_first_layer
from lecture_lib.filters import KERNELS, correlate
from lecture_lib.shapes import conv_output_size
from tests.browser.test_site import move, start_all, words
from tests.explorers import example, explorers
from tools.site import pages
from tools.site.cells import WIDGET
from tools.site.collect import life
from tools.site.state import as_picture

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def gallery(tmp_path_factory):
    """Makes a page for an explorer of that name: the page, and the explorer."""
    folder = tmp_path_factory.mktemp("gallery")
    pages.write_assets(folder)

    @cache
    def made(name):
        explorer = example(name)
        data, metadata = explorer._repr_mimebundle_()
        data = {WIDGET: {"model_id": explorer.model_id}, "image/png": base64.b64encode(data["image/png"]).decode()}
        output = nbformat.v4.new_output("display_data", data, metadata=metadata)
        cells = [nbformat.v4.new_markdown_cell(f"# {name}"), nbformat.v4.new_code_cell("", outputs=[output])]
        lives = json.dumps({explorer.model_id: life(explorer)})
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"lives": lives})
        kept = nbformat.reads(nbformat.writes(notebook), 4)
        pages.write([pages.make(kept, name, folder)], folder)
        return folder / f"{name}.html", explorer

    return made


@pytest.fixture
def shown(offline, gallery):
    """Open an explorer's page: its element, and the explorer itself."""

    def shown(name):
        path, explorer = gallery(name)
        page = offline(path)
        start_all(page)
        page.wait_for_timeout(100)
        return page.locator("[data-explorer]"), explorer

    return shown


def test_photos_of_a_page_have_the_colours_that_were_packed(shown):
    place, explorer = shown("name_a_photo")
    found = place.evaluate("e => e.querySelector('.lecture').explorer.arrays.photos.map((each) => [...each.values])")
    for values, photo in zip(found, explorer.array("photos"), strict=True):
        with Image.open(io.BytesIO(as_picture(photo))) as image:
            assert np.abs(np.array(values) - np.asarray(image.convert("RGB")).ravel()).max() <= 2


def seen(place):
    """What an explorer shows: its picture, its words, and which controls."""
    return place.evaluate(
        """e => [e.querySelector('canvas').toDataURL(), e.querySelector('.lecture-words').textContent,
            ...[...e.querySelectorAll('.lecture-control')].map((each) => each.hidden)].join()"""
    )


def chosen(place, *names):
    """Where indices stand now."""
    state = place.evaluate("e => e.querySelector('.lecture').explorer.state")
    return [state[name] for name in names]


def places(place, name):
    """How many places an index has now."""
    return place.evaluate("(e, name) => e.querySelector('.lecture').explorer.where.count(name)", name)


def pick(place, *keys):
    place.locator("canvas").first.focus()
    for key in keys:
        place.page.keyboard.press(key)


def nudge(place, element, control):
    """Move a control by a step, in whichever way there is one: something changes."""
    before = seen(place)
    if control.kind == "play":
        element.click()
        for _ in range(60):
            place.page.wait_for_timeout(60)
            if seen(place) != before:
                break
        element.evaluate("e => { if (e.getAttribute('aria-label').startsWith('Pause')) e.click(); }")  # or it has ended
    elif control.kind == "toggle":
        element.click()
    elif control.kind == "guess":  # it shows what it says by itself
        asked = element.inner_text()
        element.locator("input").first.fill("1")
        element.get_by_role("button", name="Show").click()
        assert element.inner_text() != asked
        return
    else:
        part = element.locator(":is(input:checked, select, input:not([type=radio]))").first
        for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
            if seen(place) == before:
                part.focus()
                place.page.keyboard.press(key)
    assert seen(place) != before, f"{control.label} moves nothing"


@pytest.mark.parametrize("name", explorers())
def test_what_is_said_to_live_moves_and_what_is_not_does_not(shown, gallery, offline, name):
    path, explorer = gallery(name)
    if not explorer.moves:
        figure = offline(path).locator("figure")
        assert "needs the live notebook" in figure.inner_text() and figure.locator("img").count() == 1
        return
    place, _ = shown(name)
    before = seen(place)
    if name in ("ask", "vote"):
        before = place.inner_text()
        for answer in place.locator("input[type=radio]").all():
            answer.check()
            assert place.inner_text() != before
        return
    if any(name and explorer.declared[name].python is not True for name in explorer.arrows):
        pick(place, "ArrowRight", "ArrowDown")
        if seen(place) == before:  # it stood in a corner
            pick(place, "ArrowLeft", "ArrowUp", "ArrowLeft")
        assert seen(place) != before
    # A picture of one's own stands in the head: the order on the page is not the declared one.
    place.evaluate("e => e.querySelector('.lecture').explorer.made.forEach(({ el }, at) => (el.dataset.at = at))")
    elements = [place.locator(f"[data-at='{at}']") for at in range(len(explorer.parts["controls"]))]
    controls = list(zip(elements, explorer.parts["controls"], strict=True))
    for element, control in reversed(controls):  # layers come first, and in the next one a unit may be dead
        if control.label in explorer.lives and element.is_visible() and places(place, control.name) > 1:
            nudge(place, element, control)
    place.page.wait_for_function(  # what slides has come to rest
        "e => e.explorer.motion.next === undefined", arg=place.locator(".lecture").element_handle()
    )
    before = seen(place)
    for element, control in controls:
        if control.label not in explorer.needs_python:
            continue
        parts = "descendant-or-self::*[self::select or self::input or self::button][not(ancestor::*[@class='lecture-live'])]"
        for part in element.locator(f"xpath={parts}").all():  # what the camera shows comes behind its grey button
            assert part.get_attribute("type") == "file" or not part.is_enabled()  # the button before it is grey
            part.evaluate("e => { document.activeElement.blur(); e.focus(); }")
            place.page.keyboard.press("ArrowRight")
    assert seen(place) == before
    assert ("the live notebook" in place.inner_text()) is bool(life(explorer)["needs"])


def test_fields_of_a_layer_stand_in_the_order_in_which_they_are_declared(shown):
    place, explorer = shown("receptive_field")
    fields = place.locator(".lecture-rows").locator("input, select").all()
    assert [each.input_value() for each in fields] == [
        str(each) for layer in explorer.state["layers"] for each in layer
    ]


def test_the_lab_convolves_as_numpy_does(shown):
    place, lab = shown("convolution_lab")
    place.get_by_role("radio", name="Sobel y").check()
    move(place, "Stride", "ArrowRight")
    move(place, "Padding", "ArrowRight", "ArrowRight")
    pick(place, "ArrowRight", "ArrowRight", "ArrowUp")
    kernel, stride, padding, row, col = chosen(place, "kernel", "stride", "padding", "row", "col")
    assert (stride, padding) == (2, 3) and kernel != lab.state["kernel"]
    weights = list(KERNELS.values())[kernel].weights
    grey = lab.array("padded")[4:-4, 4:-4]
    expected = correlate(grey, weights, padding=padding)[::stride, ::stride][row, col]
    assert words(place).startswith(f"output[{row}, {col}]: ")
    assert words(place).endswith(f"together {style.number(expected)}.")


def test_step_through_writes_the_sums_of_the_library(shown):
    place, explorer = shown("step_through")
    image = explorer.array("padded")
    steps = list(conv_steps(image, explorer.array("weights")[0]))
    for at in (1, 2):
        move(place, "Place", "ArrowRight")
        assert words(place) == f"output[{steps[at].row}, {steps[at].col}] = {steps[at].equation}"
    pick(place, "ArrowDown")
    row, col = chosen(place, "row", "col")
    (step,) = (each for each in steps if (each.row, each.col) == (row, col))
    assert row == 1 and words(place) == f"output[{row}, {col}] = {step.equation}"


def test_does_it_fit_says_the_librarys_size(shown):
    place, _ = shown("does_it_fit")
    moves = (
        ("N input", "ArrowRight"),
        ("S stride", "ArrowLeft"),
        ("P padding", "ArrowRight"),
        ("F kernel", "ArrowRight"),
    )
    for label, key in moves:
        move(place, label, key)
        n, f, s, p = chosen(place, "n", "f", "stride", "padding")
        assert f"= ({n} − {f} + 2·{p})/{s} + 1 = {conv_output_size(n, f, s, p)}" in words(place).translate(
            str.maketrans("", "", "⌊⌋")
        )


def test_the_zoo_reads_the_functions_values(shown):
    place, _ = shown("zoo")
    pick(place, "ArrowRight", "ArrowRight", "ArrowRight")
    (x,) = chosen(place, "x")
    at = int(np.abs(X - x).argmin())
    function = ACTIVATIONS["sigmoid"]
    assert "Sigmoid" in words(place)
    expected = f"Sigmoid {style.number(float(function.f(X)[at]))} (slope {style.number(float(function.df(X)[at]))})"
    assert f"At x = {style.number(float(X[at]))}: {expected}" in words(place)


def test_the_first_layer_counts_as_the_library_does(shown):
    place, _ = shown("first_layer")
    move(place, "Image side", "ArrowLeft")
    (at,) = chosen(place, "side")
    assert words(place) == "".join(describe_first_layer(SIDES[at], 3, 1000, 5)) and SIDES[at] == 192


def test_connections_follow_the_chosen_unit(shown):
    place, _ = shown("connections")
    start = chosen(place, "unit")[0]
    pick(place, "ArrowRight")
    assert chosen(place, "unit") == [start + 1]


def test_each_layer_has_its_own_last_map(shown):
    place, explorer = shown("layer_responses")
    texts = explorer.sentence[0]["text"]
    for level, each in enumerate(texts):
        place.evaluate("(e, layer) => e.querySelector('.lecture').explorer.choose({ layer })", level)
        move(place, "Map", "End")
        assert chosen(place, "layer", "map") == [level, len(each) - 1]
        assert words(place).startswith(each[-1])


def test_volumes_move_their_window(shown):
    place, explorer = shown("volumes")
    pick(place, "ArrowRight", "ArrowRight", "ArrowDown")
    last = explorer.panels[0]["boxes"][-1]
    assert chosen(place, "row", "col") == [1, 2] and last["h"] > 1 and last["w"] > 2


def test_the_pooling_lab_pools_as_the_library_does(shown):
    place, lab = shown("pooling_lab")
    source = lab.array("padded")[None, None]
    for way, pool in (("max", ops.max_pool2d), ("average", ops.avg_pool2d)):
        place.get_by_role("radio", name=way).check()
        move(place, "F window", "ArrowRight")
        pick(place, "ArrowLeft", "ArrowUp")
        f, stride, row, col = chosen(place, "kernel_size", "stride", "row", "col")
        expected = pool(source, f, stride)[0, 0, row, col]
        assert re.search(rf"output\[{row}, {col}\] = .*{re.escape(style.number(expected))}\. ", words(place))


def test_a_receptive_field_is_the_librarys(shown):
    place, explorer = shown("receptive_field")
    move(place, "Unit in layer", "ArrowLeft")
    (layer,) = chosen(place, "layer")
    layers = explorer.panels[0]["layers"][1:]  # the first one is the input
    assert layer == len(layers) - 2
    assert f"a field of {layers[layer]['seen']} × {layers[layer]['seen']} pixels" in words(place)
