"""The site as a reader opens it: from file://, with no network and no Python."""

import ast
import base64
import os
import re
import shutil

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
from tests.browser.test_lab import EXPLORERS, NOTEBOOKS
from tools.browser import ROOT
from tools.site import packages, pages
from tools.site.__main__ import build
from tools.site.cells import WIDGET

pytestmark = pytest.mark.slow

SHOTS = ROOT / "build" / "site_shots"
SIZES = {"phone": (390, 844), "laptop": (1280, 720), "projector": (1920, 1080)}


@pytest.fixture(scope="session")
def needs_npm():
    if shutil.which("npm") is None and not packages.NPM.exists():
        pytest.skip("no npm")


@pytest.fixture(scope="session")
def site(needs_npm):
    """The whole site, made of the notebooks as they are."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    return build()


@pytest.fixture
def offline(page):
    """Opens a file of the site with the network blocked; at the end nothing was asked for and nothing failed."""
    asked = []
    page.context.set_offline(True)
    page.route(re.compile("^(https?|wss?):"), lambda route: (asked.append(route.request.url), route.abort()))

    def open_(path, anchor=""):
        page.goto(f"file://{path}{anchor}")
        return page

    yield open_
    page.unroute_all()
    page.context.set_offline(False)
    page.goto("about:blank")
    assert asked == [] and page.problems == []


def start_all(page):
    """Wait until every explorer of the page has started."""
    page.wait_for_function(
        "[...document.querySelectorAll('[data-explorer]')].every((each) => each.classList.contains('ready'))",
        timeout=120_000,
    )


def serious(page, modules):
    """What axe-core finds serious or critical."""
    page.evaluate((modules / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })")["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in ("serious", "critical")]


# ---------------------------------------------------------------- the pages


@pytest.mark.parametrize("name", ["index", *NOTEBOOKS])
def test_a_page_opens_from_a_file_without_a_network(site, offline, name):
    page = offline(site / f"{name}.html")
    start_all(page)
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map((each) => Number(each.tagName[1]))")
    assert levels.count(1) == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    assert page.locator(".katex-error").count() == 0
    for theme in ("light", "dark"):
        page.evaluate("theme => lectureTheme.show(theme)", theme)
        page.wait_for_timeout(200)
        page.screenshot(path=SHOTS / f"{name}_{theme}.png")
        assert serious(page, packages.fetch()) == []


@pytest.mark.parametrize("name", ["index", *NOTEBOOKS])
@pytest.mark.parametrize("size", SIZES)
def test_a_page_is_never_wider_than_its_window(site, offline, name, size):
    width, height = SIZES[size]
    page = offline("/dev/null")
    page.set_viewport_size({"width": width, "height": height})
    offline(site / f"{name}.html")
    start_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=SHOTS / f"{name}_{size}.png")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_weighs_at_most_three_megabytes(site, name):
    text = (site / f"{name}.html").read_text()
    pictures = {site / each for each in re.findall(r"pictures/[\w.]+", text)}
    files = [site / f"{name}.html", site / f"{name}.data.js", *pictures]
    assert sum(each.stat().st_size for each in files) <= 3e6


def test_links_of_the_site_lead_to_files_of_it(site):
    files = [*site.glob("*.html"), *(site / "slides").glob("*.html")]
    assert len(files) == 1 + 2 * len(NOTEBOOKS)
    for file in files:
        text = re.sub(r"<pre.*?</pre>", "", file.read_text(), flags=re.DOTALL)
        for link in re.findall(r'(?:href|src)="([^"#]+)', text):
            assert link.startswith(("https://", "data:")) or (file.parent / link).exists(), (file.name, link)


def test_without_scripts_a_page_shows_the_still_pictures(site, browser):
    context = browser.context.browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"file://{site}/02_convolution.html")
        first = page.locator("[data-explorer] img").first
        first.scroll_into_view_if_needed()
        assert first.is_visible() and len(first.get_attribute("alt")) > 20
    finally:
        context.close()


def test_the_theme_follows_the_system_and_the_button(site, offline):
    page = offline(site / "index.html")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Change to light colours").press("Enter")
    assert page.evaluate(ground) != dark
    page.reload()
    assert page.evaluate(ground) != dark
    page.evaluate("localStorage.clear()")
    page.emulate_media(color_scheme="light")


def test_the_keyboard_reaches_the_text_first(site, offline):
    page = offline(site / "02_convolution.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


# ---------------------------------------------------------------- explorers, each on a page without Python


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


def words(place):
    place.page.wait_for_timeout(60)
    return place.locator(".lecture-readout").inner_text()


def chosen(place, *names):
    """What the view's model has chosen now."""
    return place.evaluate(
        "(e, names) => names.map((name) => e.querySelector('.lecture-view canvas').lecture.model.get(name))", names
    )


def control(place, label):
    """The part of a control that takes keys."""
    return place.locator(f"[aria-label^='{label}']:is(select, input, [role=slider])").first


def move(place, label, *keys):
    handle = control(place, label)
    handle.focus()
    for key in keys:
        place.page.keyboard.press(key)


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


# ---------------------------------------------------------------- the decks

OUTSIDE = """() => {
    const slide = document.querySelector(".slide.here");
    return [...slide.querySelectorAll(".part, .part *")].filter((each) => {
        if (each.closest(".katex, noscript") || !each.checkVisibility()) return false;
        const { left, top, right, bottom, width, height } = each.getBoundingClientRect();
        const { overflowX, overflowY } = getComputedStyle(each);
        const bars = /auto|scroll/.test(overflowX + overflowY) && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1);
        return width && height && (bars || left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1);
    }).map((each) => each.outerHTML.slice(0, 120));
}"""


EVERY = os.environ.get("SLIDES") == "all"  # make fuzz
LARGE = NOTEBOOKS if EVERY else ["02_convolution"]  # it shows the same, enlarged as a whole


@pytest.mark.parametrize(
    ("name", "size"), [*((name, "laptop") for name in NOTEBOOKS), *((name, "projector") for name in LARGE)]
)
def test_no_slide_is_cut_off(site, offline, name, size):
    width, height = SIZES[size]
    page = offline("/dev/null")
    page.set_viewport_size({"width": width, "height": height})
    offline(site / "slides" / f"{name[:2]}.html")
    count = page.locator(".slide").count()
    wrong = []
    for at in range(1, count + 1):
        page.wait_for_function("document.querySelector('.slide.here').dataset.ready === 'yes'")
        while page.locator(".slide.here .part.later").count():
            page.keyboard.press("PageDown")
        assert page.locator(".place").inner_text() == f"{at} / {count}"
        small = float(page.locator(".slide.here").get_attribute("data-shrink"))
        outside = page.evaluate(OUTSIDE)
        if small < 0.8 or outside or page.locator(".slide.here.too-long").count():
            wrong.append((at, small, outside))
        page.screenshot(path=SHOTS / f"slide_{name[:2]}_{at:02d}_{size}.png")
        page.keyboard.press("PageDown")
    assert wrong == []


def test_one_press_is_one_slide_or_one_part_of_it(site, offline):
    page = offline(site / "slides" / "02.html")

    def state():
        parts = page.locator(".slide.here .part.fragment:not(.later)").count()
        return int(page.locator(".slide.here").get_attribute("id")), parts

    parts = page.evaluate("lectureDeck.slides.map((each) => each.querySelectorAll('.part.fragment').length)")
    expected = [(at, part) for at, count in enumerate(parts, 1) for part in range(count + 1)]
    assert len(expected) > len(parts)  # there are fragments
    for keys in (["PageDown", "PageUp"], ["ArrowRight", "ArrowLeft"], [" ", "Shift+ "]):
        for at in expected[1:8]:
            page.keyboard.press(keys[0])
            assert state() == at
        for at in reversed(expected[:7]):
            page.keyboard.press(keys[1])
            assert state() == at


def test_a_slider_keeps_its_arrow_keys_and_the_remote_still_steps(site, offline):
    page = offline(site / "slides" / "02.html")
    at = page.evaluate("lectureDeck.slides.findIndex((each) => each.textContent.includes('widgets.does_it_fit'))")
    page.evaluate("at => lectureDeck.go(at, 99)", at)
    page.wait_for_function("document.querySelector('.slide.here').dataset.ready === 'yes'")
    place = page.locator(".slide.here [data-explorer]")
    before = words(place)
    move(place, "N", "ArrowRight")
    assert words(place) != before and page.locator(".slide.here").get_attribute("id") == str(at + 1)
    page.keyboard.press("PageDown")
    assert page.locator(".slide.here").get_attribute("id") == str(at + 2)


def test_after_a_press_on_a_fold_or_a_button_the_arrow_keys_step_on(site, offline):
    page = offline(site / "slides" / "02.html")
    at = page.evaluate("lectureDeck.slides.findIndex((each) => each.querySelector('summary'))")
    page.evaluate("at => lectureDeck.go(at, 99)", at)
    fold = page.locator(".slide.here summary").first
    fold.click()
    page.keyboard.press("Space")  # closes it again
    assert page.locator(".slide.here details[open]").count() == 0
    page.keyboard.press("ArrowRight")
    assert page.locator(".slide.here").get_attribute("id") == str(at + 2)
    page.locator(".back").click()
    page.keyboard.press("ArrowRight")
    assert page.locator(".slide.here").get_attribute("id") == str(at + 2)


def test_speaker_notes_follow_in_a_window_of_their_own(site, offline):
    page = offline(site / "slides" / "02.html")
    with page.context.expect_page() as opened:
        page.keyboard.press("n")
    notes = opened.value
    page.keyboard.press("End")
    last = page.locator(".slide").count()
    assert notes.locator("h1").inner_text() == f"{last} / {last}"
    notes.close()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_slides_of_a_deck_are_accessible(site, offline, name):
    page = offline(site / "slides" / f"{name[:2]}.html")
    for at in range(page.locator(".slide").count()) if EVERY else (0, 1, 2, 5, 8):
        page.evaluate("at => lectureDeck.go(at, 99)", at)
        page.wait_for_function("document.querySelector('.slide.here').dataset.ready === 'yes'")
        for theme in ("light", "dark"):
            page.evaluate("theme => lectureTheme.show(theme)", theme)
            assert (at, theme, serious(page, packages.fetch())) == (at, theme, [])
