"""The notebooks and explorers in a real JupyterLab: mouse, keyboard, upload, screen-reader names."""

import io
import shutil

import nbformat
import numpy as np
import pytest
from PIL import Image

from tools.browser import ROOT, change_theme, run_all, scroll_to_explorer
from tools.run_notebooks import METADATA

EXPLORERS = {
    "step": "import numpy as np\nfrom lecture_lib import widgets\nwidgets.step_through(np.arange(36).reshape(6, 6), np.ones((3, 3)))",
    "lab": "from lecture_lib import widgets\nlab = widgets.convolution_lab()\nlab",
    "fit": "from lecture_lib import widgets\nwidgets.does_it_fit()",
    "volumes": "from lecture_lib import widgets\nwidgets.volumes()",
    "mixer": "from lecture_lib import widgets\nwidgets.channel_mixer()",
    "branch": "from lecture_lib import widgets\nwidgets.inception_branch()",
    "field": "from lecture_lib import widgets\nwidgets.receptive_field()",
    "learned": "from lecture_lib import widgets\nwidgets.learned_filters()",
    "architecture": "from lecture_lib import widgets\nwidgets.architecture()",
    "layer editor": "from lecture_lib import widgets\nwidgets.layer_editor('VGG-like')",
}

NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def open_cells(lab, page, *sources):
    """A new notebook of the given cells, opened and run, with its explorers drawn."""
    name = f"{len(list(lab.folder.glob('*.ipynb')))}.ipynb"  # a new name, or JupyterLab asks about the changed file
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), lab.folder / name)
    lab.open(page, name)
    run_all(page)
    # After many cells the first explorer has left the page's window, and nothing draws it there.
    page.evaluate("window.jupyterapp.shell.currentWidget.content.scrollToItem(0, 'start')")
    page.wait_for_function("document.querySelector('.lecture-view canvas')?.lecture?.explorer")


@pytest.fixture
def show(lab, page):
    """Open a notebook with the given cells and run it."""

    def show(*sources):
        open_cells(lab, page, *sources)
        page.wait_for_timeout(200)
        return page

    yield show
    assert page.problems == []


@pytest.fixture(scope="module")
def gallery(lab, browser):
    """A notebook with one cell for every explorer."""
    open_cells(lab, browser, *EXPLORERS.values())
    return browser


@pytest.fixture
def explorer(gallery):
    """Scroll to one explorer of the gallery; returns its element."""

    def explorer(name):
        index = list(EXPLORERS).index(name)
        scroll_to_explorer(gallery, index)
        return gallery.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}'] .lecture-explorer")

    return explorer


def model(page, name):
    return page.evaluate("name => document.querySelector('.lecture-view canvas').lecture.model.get(name)", name)


def readout(page):
    return page.locator(".lecture-readout").first.inner_text()


def source_of(page, index):
    return page.evaluate(
        "i => window.jupyterapp.shell.currentWidget.content.widgets[i].model.sharedModel.source", index
    )


def output_text(page, source):
    """Run ``source`` in a new cell at the end and return what it printed."""
    page.evaluate(
        """async (source) => {
            const panel = window.jupyterapp.shell.currentWidget, notebook = panel.content;
            notebook.activeCellIndex = notebook.widgets.length - 1;
            await window.jupyterapp.commands.execute('notebook:insert-cell-below');
            notebook.activeCell.model.sharedModel.setSource(source);
            await window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        source,
    )
    return page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCell.outputArea.model.toJSON()[0]?.text")


# Sliders that say something else to a screen reader than what is read beside them.
NOT_AS_SHOWN = """(e) => [...e.querySelectorAll('.widget-inline-hbox')].flatMap((control) => {
    const [handle, shown] = [control.querySelector('[role=slider]'), control.querySelector('.widget-readout')?.textContent];
    return handle && shown && handle.ariaValueText !== shown ? [`${shown}: ${handle.outerHTML}`] : [];
})"""


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPLORERS)
def test_every_control_has_a_name_for_screen_readers(explorer, name):
    unnamed = explorer(name).evaluate("""(e) =>
        [...e.querySelectorAll('select, input, [role=slider], canvas')].filter((c) => c.offsetParent && c.type !== 'file'
            && !c.getAttribute('aria-label') && !c.labels?.[0]?.textContent).map((c) => c.outerHTML)""")
    assert unnamed == []
    assert explorer(name).evaluate(NOT_AS_SHOWN) == []
    assert explorer(name).locator("[role=status]").count() == 1
    bare = "(all) => all.filter((b) => b.offsetParent && !b.getAttribute('aria-label') && !b.textContent.trim()).length"
    assert explorer(name).locator("button").evaluate_all(bare) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_fits_a_slide_and_the_width_of_the_page(explorer, name):
    element = explorer(name)
    for width in (1280, 1000):
        element.page.set_viewport_size({"width": width, "height": 720})
        element.page.wait_for_timeout(200)
        inside, needed, height = element.evaluate(
            "e => [e.clientWidth, e.scrollWidth, e.getBoundingClientRect().height]"
        )
        assert needed <= inside + 1
        assert height <= 600
    element.page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.parametrize(
    "name", [NOTEBOOKS[0], *(pytest.param(name, marks=pytest.mark.slow) for name in NOTEBOOKS[1:])]
)
def test_before_it_is_run_a_notebook_shows_still_pictures_with_alt_text(lab, page, name):
    shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", lab.folder)
    lab.open(page, f"{name}.ipynb")
    cells = nbformat.read(lab.folder / f"{name}.ipynb", as_version=4).cells
    pictures = [
        at
        for at, cell in enumerate(cells)
        if any("image/png" in each.get("data", {}) for each in cell.get("outputs", []))
    ]
    assert pictures
    for at in pictures:
        page.evaluate("at => window.jupyterapp.shell.currentWidget.content.scrollToItem(at, 'start')", at)
        image = page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{at}'] .jp-OutputArea img").first
        assert len(image.get_attribute("alt")) > 20
        assert image.evaluate("(each) => each.decode().then(() => each.naturalWidth)") > 100


@pytest.mark.parametrize(
    ("name", "control", "key", "trait"),
    [
        ("lab", "Stride", "ArrowRight", "stride"), ("fit", "N  input", "ArrowLeft", "n"),
        *(pytest.param(*each, marks=pytest.mark.slow) for each in [
            ("lab", "Padding", "ArrowRight", "padding"), ("lab", "Dilation", "ArrowRight", "dilation"),
            ("fit", "P  padding", "ArrowRight", "padding"), ("step", "Step", "ArrowRight", "step"),
            ("field", "Unit in layer", "ArrowLeft", "layer"),
        ]),
    ],
)  # fmt: skip
def test_a_slider_follows_the_arrow_keys(show, name, control, key, trait):
    page = show(EXPLORERS[name])
    before = model(page, trait)
    page.get_by_role("slider", name=control.replace("  ", " ")).first.focus()
    page.keyboard.press(key)
    page.wait_for_timeout(400)
    assert abs(model(page, trait) - before) == 1
    assert page.locator(".lecture-explorer").first.evaluate(NOT_AS_SHOWN) == []


def test_a_menu_follows_the_arrow_keys_and_python_hears_of_it(show):
    page = show(EXPLORERS["lab"])
    page.get_by_role("combobox", name="Kernel").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(400)
    assert model(page, "kernel") == 4
    assert output_text(page, "print(lab.kernel.value, [cell.value for cell in lab.matrix.children])").startswith(
        "Sharpen ['0', '-1'"
    )


@pytest.mark.slow
def test_typing_right_after_choosing_by_name_starts_from_that_kernel(show):
    page = show(EXPLORERS["lab"])
    page.get_by_role("combobox", name="Kernel").select_option("Sharpen")
    page.get_by_role("textbox", name="kernel row 1, column 1").focus()
    page.wait_for_timeout(400)
    page.get_by_role("textbox", name="kernel row 1, column 1").fill("3")
    page.wait_for_timeout(400)
    assert (
        output_text(page, "print(lab.typed.tolist(), lab.kernel.index)")
        == "[[3.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]] 12\n"
    )


@pytest.mark.slow
def test_a_busy_kernel_never_takes_a_slider_back(show):
    page = show(EXPLORERS["lab"])
    stride = page.get_by_role("slider", name="Stride")
    page.evaluate(
        "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code: 'import time; time.sleep(2)' })"
    )
    stride.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)  # sent, but the kernel is busy
    page.keyboard.press("ArrowRight")
    seen = set()
    for _ in range(60):
        seen.add((model(page, "stride"), stride.get_attribute("aria-valuenow")))
        page.wait_for_timeout(50)
    assert seen == {(3, "3.0")}
    assert output_text(page, "print(lab.stride.value)") == "3\n"


def test_a_slider_follows_the_mouse(show):
    page = show(EXPLORERS["lab"])
    handle = page.get_by_role("slider", name="Stride").bounding_box()
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(handle["x"] + 400, handle["y"] + 8, steps=12)
    page.mouse.up()
    assert model(page, "stride") == 4
    assert page.evaluate("document.querySelector('canvas').lecture.drawn[2].part.rows") == 32


def test_clicking_an_output_cell_steps_there(show):
    page = show(EXPLORERS["step"])
    grid = page.evaluate("document.querySelector('canvas').lecture.drawn[3].grid")
    canvas = page.locator(".lecture-view canvas").bounding_box()
    page.mouse.click(canvas["x"] + grid["x"] + 2.5 * grid["cell"], canvas["y"] + grid["y"] + 1.5 * grid["cell"])
    assert model(page, "step") == 6
    assert readout(page).endswith("= 135")  # nine times the middle pixel, 15


@pytest.mark.slow
def test_play_steps_by_itself_until_the_end(show):
    page = show(EXPLORERS["step"].replace("np.ones((3, 3))", "np.ones((3, 3)), interval=50"))
    page.locator(".jupyter-widgets button").first.click()
    page.wait_for_function("document.querySelector('canvas').lecture.model.get('step') === 15", timeout=10_000)


@pytest.mark.slow
def test_taking_layers_away_leaves_the_receptive_field_alive(show):
    page = show(EXPLORERS["field"])
    page.get_by_role("slider", name="Layers").focus()
    page.keyboard.press("Home")
    page.wait_for_function("document.querySelector('canvas').lecture.model.get('layers').length === 2")
    page.wait_for_timeout(200)
    assert "1 conv 3×3" in readout(page)
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('canvas').lecture.model.get('layers').length === 7")
    page.locator("canvas").focus()
    page.keyboard.press("ArrowLeft")
    assert model(page, "layer") == 6


@pytest.mark.slow
def test_views_follow_the_dark_theme(show):
    page = show(EXPLORERS["fit"])
    corner = "document.querySelector('canvas').lecture.ctx.getImageData(2, 2, 1, 1).data[0]"
    assert page.evaluate(corner) == 255
    change_theme(page, dark=True)
    dark = page.evaluate(corner)
    change_theme(page, dark=False)
    assert dark < 40
    assert page.evaluate(corner) == 255


def test_keys_in_an_explorer_never_change_the_notebook(show):
    page = show(EXPLORERS["lab"], "print('untouched')")
    for control in (
        page.get_by_role("slider", name="Stride"),
        page.get_by_role("combobox", name="Kernel"),
        page.locator("canvas"),
    ):
        control.focus()
        for key in ("d", "d", "x", "a", "ArrowUp", "ArrowDown", "ArrowLeft"):
            page.keyboard.press(key)
    assert source_of(page, 0) == EXPLORERS["lab"]
    assert source_of(page, 1) == "print('untouched')"
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length") == 2


@pytest.mark.slow
def test_the_matrix_has_as_many_cells_as_the_kernel(show):
    page = show(EXPLORERS["lab"])
    for size in (1, 2, 3, 4, 5):
        page.get_by_label("Matrix").select_option(f"{size} × {size}")
        page.wait_for_function(
            "size => [...document.querySelectorAll('.lecture-matrix input')].filter((each) => each.offsetWidth).length === size ** 2",
            arg=size,
        )
        names = [f"kernel row {row + 1}, column {col + 1}" for row in range(size) for col in range(size)]
        for name in names:
            assert page.get_by_role("textbox", name=name).is_visible()


def test_text_in_the_matrix_is_refused_in_words_and_loses_nothing(show):
    page = show(EXPLORERS["lab"])
    cell = page.get_by_role("textbox", name="kernel row 2, column 2")
    before = readout(page)
    cell.fill("abc")
    page.get_by_text("must be a number").wait_for()
    assert "kernel row 2, column 2 is 'abc'" in page.locator(".lecture-problem").inner_text()
    assert readout(page) == before
    cell.fill("1/2")
    page.wait_for_function("document.querySelector('.lecture-problem').textContent === ''")
    assert "×0.5)" in readout(page)


HTML = "<img src=x onerror='window.hacked = 1'><script>window.hacked = 1</script>"
RETURNS_HTML = f"""from lecture_lib.chapters.convolution import check
def output_size(n, f, s, p):
    print({HTML!r})
    return {HTML!r}
check(output_size)"""


def test_text_that_looks_like_html_stays_text_wherever_it_is_typed_or_returned(show):
    page = show(EXPLORERS["lab"], RETURNS_HTML)
    page.get_by_role("textbox", name="kernel row 2, column 2").fill(HTML)
    page.get_by_text("must be a number").wait_for()
    assert "<img src=x" in page.locator(".lecture-problem").inner_text()
    assert "<img src=x" in page.locator(".jp-OutputArea").last.inner_text()
    assert page.locator(".jp-OutputArea img[src=x], .jp-OutputArea script, .lecture-problem *").count() == 0
    assert page.evaluate("window.hacked") is None


def test_a_students_own_picture_is_shown_and_a_broken_one_named(show):
    page = show(EXPLORERS["lab"])
    buffer = io.BytesIO()
    Image.fromarray(np.full((90, 60, 3), (200, 200, 200), np.uint8)).save(buffer, "PNG")

    def upload(name, content):
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Your picture").click()
        chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": content})

    upload("mine.png", buffer.getvalue())
    page.wait_for_function("document.querySelector('canvas').lecture.arrays.padded.shape.join() === '136,93'")
    assert "(200×8)" in readout(page)
    for name, content in (("cut.png", buffer.getvalue()[:60]), ("<img src=x onerror=alert(1)>.png", b"not a picture")):
        upload(name, content)
        page.wait_for_function("document.querySelector('.lecture-problem').textContent.length > 20")
        assert "(200×8)" in readout(page)
    assert page.locator(".lecture-explorer img").count() == 0


@pytest.mark.slow
def test_running_a_cell_again_leaves_no_widget_behind(show):
    page = show(EXPLORERS["lab"])
    count = "import ipywidgets\nprint(len(ipywidgets.widgets.widget._instances))"
    first = output_text(page, count)
    for _ in range(3):
        page.evaluate("""async () => { const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = 0; await window.jupyterapp.commands.execute('notebook:run-cell'); }""")
    page.wait_for_timeout(500)
    assert output_text(page, count) == first


@pytest.mark.slow
def test_volumes_count_what_the_sliders_say(show):
    page = show(EXPLORERS["volumes"])
    page.get_by_role("slider", name="K filters").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("Weights 825 + biases 11").wait_for()
    page.get_by_role("slider", name="F kernel").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.get_by_role("slider", name="W width").focus()
    page.keyboard.press("Home")
    page.get_by_text("F = 9 does not fit into W + 2P = 5").wait_for()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.lecture-problem').textContent === ''")


# Training with a live curve

TRAINING = """import numpy as np
from lecture_lib import experiments, widgets
from lecture_lib.models import mlp
data = np.random.default_rng(0).normal(size=(400, 784)).astype(np.float32), np.arange(400) % 10
runs = experiments.runs({"wide": lambda: mlp([784, 200, 10])}, data, seeds=(0,), epochs=200, batch_size=20)"""


def run_cell(page, index, wait=True):
    """Run one cell; returns when it has finished, or at once."""
    page.evaluate(
        """([index, wait]) => {
            window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
            const done = window.jupyterapp.commands.execute('notebook:run-cell');
            return wait ? done : null;
        }""",
        [index, wait],
    )


def test_a_training_shows_its_curve_stops_at_an_interrupt_and_goes_on(show):
    page = show(TRAINING, "import time\nwidgets.watch(runs)", EXPLORERS["fit"])
    run_cell(page, 0)
    run_cell(page, 1, wait=False)
    page.wait_for_function(
        "document.querySelector('.lecture-readout')?.textContent.startsWith('wide, seed 0, 1 of 1: step')"
    )
    assert " s left" in page.locator(".widget-hbox", has=page.locator(".progress")).first.inner_text()
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    page.wait_for_function("document.querySelector('.lecture-readout')?.textContent.startsWith('Stopped after')")
    done = int(output_text(page, "print(len(runs[0].records))"))
    assert 0 < done < 4000
    run_cell(page, 1)
    page.wait_for_function("document.querySelector('.lecture-readout')?.textContent.startsWith('4,000 steps in')")
    assert output_text(page, "print(len(runs[0].records), runs[0].finished)") == "4000 True\n"
    curve = page.evaluate("[...document.querySelector('canvas').lecture.arrays.error.values]")
    assert not np.isnan(curve).any()
    kinds = page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets[1].outputArea.model.toJSON().map((o) => o.output_type)"
    )
    assert kinds == ["display_data"]


@pytest.mark.slow
def test_plain_keys_in_an_explorer_are_no_shortcuts_and_commands_are(show):
    page = show(EXPLORERS["fit"])
    page.get_by_role("slider").first.focus()
    page.evaluate(
        "window.addEventListener('keydown', (event) => {"
        " window.told = event.target.hasAttribute('data-lm-suppress-shortcuts'); }, { capture: true })"
    )
    for key, told in (("ArrowRight", True), ("c", True), ("Alt+q", False), ("Escape", False), ("End", True)):
        page.keyboard.press(key)
        assert page.evaluate("window.told") is told
