"""Explorers on pages of the site, each without Python: what lives, moves, and says the library's numbers."""

import ast
import base64
import re

import ipywidgets
import nbformat
import numpy as np
import pytest

from lecture_lib import ops, style
from lecture_lib.activations import ACTIVATIONS
from lecture_lib.filters import KERNELS, correlate
from lecture_lib.shapes import conv_output_size
from lecture_lib.steps import conv_steps
from lecture_lib.widgets.first_layer import SIDES, describe_first_layer
from lecture_lib.widgets.functions import X
from lecture_lib.widgets.without_python import prepare
from tests.browser.test_lab import EXPLORERS
from tests.browser.test_site import control, move, start_all, words
from tools.site import pages
from tools.site.cells import WIDGET

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def explorers():
    """Every explorer, made here, with how it lives."""
    made = {}
    for name, source in EXPLORERS.items():
        tree = ast.parse(source)
        last = ast.Expression(tree.body.pop().value)
        space = {}
        exec(compile(tree, name, "exec"), space)  # noqa: S102 - the sources stand in test_lab.py
        explorer = eval(compile(last, name, "eval"), space)  # noqa: S307
        made[name] = explorer, prepare(explorer)
    return made


@pytest.fixture(scope="session")
def gallery(explorers, needs_npm, tmp_path_factory):
    """A site with a page for each of them; pages by explorer."""
    folder, made = tmp_path_factory.mktemp("gallery"), {}
    for name, (explorer, life) in explorers.items():
        data, metadata = explorer._repr_mimebundle_()
        state = ipywidgets.embed.dependency_state([explorer], drop_defaults=False) if life.moves else {}
        lives = {explorer.model_id: vars(life) | {"state": state}}
        data = {WIDGET: {"model_id": explorer.model_id}, "image/png": base64.b64encode(data["image/png"]).decode()}
        output = nbformat.v4.new_output("display_data", data, metadata=metadata)
        cells = [nbformat.v4.new_markdown_cell(f"# {name}"), nbformat.v4.new_code_cell("", outputs=[output])]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"lives": lives})
        made[name] = pages.make(notebook, f"{len(made):02d}_explorer", folder)
    pages.write_assets(folder)
    pages.write(list(made.values()), folder)
    return {name: folder / f"{page.name}.html" for name, page in made.items()}


@pytest.fixture
def shown(offline, gallery, explorers):
    """Open an explorer's page: its element, and the explorer itself."""

    def shown(name):
        page = offline(gallery[name])
        start_all(page)
        page.wait_for_timeout(100)
        return page.locator("[data-explorer]"), explorers[name][0]

    return shown


def seen(place):
    """What an explorer shows: its picture and its words."""
    place.page.wait_for_timeout(60)
    return place.evaluate(
        "e => e.querySelector('.lecture-view canvas').toDataURL() + e.querySelector('.lecture-words').textContent"
    )


def chosen(place, *names):
    """What the view's model has chosen now."""
    return place.evaluate(
        "(e, names) => names.map((name) => e.querySelector('.lecture-view canvas').lecture.model.get(name))", names
    )


def pick(place, *keys):
    place.locator(".lecture-view canvas").focus()
    for key in keys:
        place.page.keyboard.press(key)


def nudge(place, label, _):
    """Move a control by a step, in whichever way there is one: something changes."""
    before = seen(place)
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"):
        move(place, label, key)
        if seen(place) != before:
            return
    raise AssertionError(f"{label} moves nothing")


def play(place, _, life):
    """Press play, from the start: something changes after a while."""
    move(place, life.alive[life.alive.index("Play") + 1], "Home")
    before = seen(place)
    start, stop, *_ = place.locator(".widget-play button").all()
    start.click()
    for _ in range(60):
        if seen(place) != before:
            return stop.click()
    raise AssertionError("nothing plays")


@pytest.mark.parametrize("name", EXPLORERS)
def test_what_is_said_to_live_moves_and_what_is_not_does_not(shown, explorers, gallery, offline, name):
    explorer, life = explorers[name]
    if not life.moves:
        figure = offline(gallery[name]).locator("figure")
        assert "needs the live notebook" in figure.inner_text() and figure.locator("img").count() == 1
        return
    place, _ = shown(name)
    before = seen(place)
    if name == "quiz":
        for answer in place.locator("input[type=radio]").all():
            answer.check()
            assert seen(place) != before
        return
    if life.picks:
        pick(place, "ArrowRight", "ArrowDown")
        if seen(place) == before:  # it stood in a corner
            pick(place, "ArrowLeft", "ArrowUp", "ArrowLeft")
        assert seen(place) != before
    for label in reversed(life.alive):  # layers come first, and in the next one a unit may be dead
        (play if label == "Play" else nudge)(place, label, life)
    before = seen(place)
    for each in place.locator(":is(select, input, button, textarea)[disabled]").all():
        assert not each.is_enabled()
    for label in life.dead:
        each = control(place, label)
        if each.count() and each.get_attribute("role") == "slider":
            each.evaluate("e => e.focus()")
            place.page.keyboard.press("ArrowRight")
    assert seen(place) == before
    assert ("the live notebook" in place.inner_text()) is bool(life.dead)


def test_the_lab_convolves_as_numpy_does(shown):
    place, lab = shown("lab")
    move(place, "Kernel", "ArrowUp")
    move(place, "Stride", "ArrowRight")
    move(place, "Padding", "ArrowRight", "ArrowRight")
    pick(place, "ArrowRight", "ArrowRight", "ArrowUp")
    kernel, stride, padding, row, col = chosen(place, "kernel", "stride", "padding", "row", "col")
    assert (stride, padding) == (2, 3) and kernel != lab.kernel.index
    weights = list(KERNELS.values())[kernel].weights
    expected = correlate(lab.grey, weights, padding=padding)[::stride, ::stride][row, col]
    assert words(place).startswith(f"output[{row}, {col}] = ")
    assert words(place).endswith(f"= {style.number(expected)}")


def test_step_through_writes_the_sums_of_the_library(shown):
    place, _ = shown("step")
    steps = list(conv_steps(np.arange(36).reshape(6, 6), np.ones((3, 3))))
    for at in (1, 2):
        move(place, "Step", "ArrowRight")
        assert words(place) == f"output[{steps[at].row}, {steps[at].col}] = {steps[at].equation}"
    pick(place, "ArrowDown")
    row, col = chosen(place, "row", "col")
    (step,) = (each for each in steps if (each.row, each.col) == (row, col))
    assert row == 1 and words(place) == f"output[{row}, {col}] = {step.equation}"


def test_does_it_fit_says_the_librarys_size(shown):
    place, _ = shown("fit")
    for label, key in (("N", "ArrowRight"), ("S", "ArrowLeft"), ("P", "ArrowRight"), ("F", "ArrowRight")):
        move(place, label, key)
        n, f, s, p = chosen(place, "n", "f", "stride", "padding")
        assert f"= ({n} − {f} + 2·{p})/{s} + 1 = {conv_output_size(n, f, s, p)}" in words(place).translate(
            str.maketrans("", "", "⌊⌋")
        )


def test_volumes_move_their_window(shown):
    place, explorer = shown("volumes")
    pick(place, "ArrowRight", "ArrowRight", "ArrowDown")
    last = explorer.view.boxes[-1]
    assert chosen(place, "row", "col") == [1, 2] and last["h"] > 1 and last["w"] > 2


def test_the_pooling_lab_pools_as_the_library_does(shown):
    place, lab = shown("pooling lab")
    for way, pool in (("max", ops.max_pool2d), ("average", ops.avg_pool2d)):
        if way == "average":
            control(place, "Keep").select_option(label="average")
        move(place, "F", "ArrowRight")
        pick(place, "ArrowLeft", "ArrowUp")
        f, stride, row, col = chosen(place, "f", "stride", "row", "col")
        expected = pool(lab.map[None, None], f, stride)[0, 0, row, col]
        assert re.search(rf"output\[{row}, {col}\] = .*{re.escape(style.number(expected))}\. ", words(place))


def test_the_zoo_reads_the_functions_values(shown):
    place, _ = shown("zoo")
    pick(place, "ArrowRight", "ArrowRight", "ArrowRight")
    (at,) = chosen(place, "col")
    function = ACTIVATIONS["relu"] if "ReLU" in words(place) else None
    assert function is not None
    expected = f"ReLU {style.number(float(function.f(X)[at]))} (slope {style.number(float(function.df(X)[at]))})"
    assert words(place).startswith(f"x {style.number(float(X[at]))}: ") and expected in words(place)


def test_the_first_layer_counts_as_the_library_does(shown):
    place, _ = shown("first layer")
    move(place, "Image side", "ArrowLeft")
    (at,) = chosen(place, "step")
    assert words(place) == describe_first_layer(SIDES[at], 3, 1000, 5) and SIDES[at] == 192


def test_connections_follow_the_chosen_unit(shown):
    place, _ = shown("connections")
    start = chosen(place, "col")[0]
    pick(place, "ArrowRight")
    assert chosen(place, "col") == [start + 1]


def test_a_receptive_field_is_the_librarys(shown):
    place, explorer = shown("field")
    move(place, "Unit in layer", "ArrowLeft")
    (layer,) = chosen(place, "layer")
    assert layer == len(explorer.view.layers) - 2
    assert explorer.view.layers[layer]["field"] in words(place)


@pytest.mark.parametrize(("name", "slider"), [("what units see", "Unit"), ("layer responses", "Map")])
def test_each_layer_has_its_own_last_unit(shown, name, slider):
    place, explorer = shown(name)
    layer, before = control(place, "Layer"), 0
    layer.focus()
    place.page.keyboard.press("Home")
    for level, count in enumerate(explorer.view.counts):
        move(place, slider, "End")
        assert chosen(place, "level", "kernel") == [level, count - 1]
        assert words(place).startswith(explorer.view.texts[before + count - 1])
        before += count
        move(place, "Layer", "ArrowDown" if layer.evaluate("e => e.tagName") == "SELECT" else "ArrowRight")
