"""Explorers in a real JupyterLab: what Python answers, keys that stay in an explorer, uploads, trainings, the theme."""

import io

import nbformat
import numpy as np
import pytest
from PIL import Image

from tools.browser import change_theme, run_all
from tools.run_notebooks import METADATA

LAB = "from lecture_lib.chapters.convolution.lab import convolution_lab\nlab = convolution_lab()\nlab"
FIT = "from lecture_lib.chapters.convolution.does_it_fit import does_it_fit\ndoes_it_fit()"


@pytest.fixture
def show(lab, page):
    """Open a notebook with the given cells and run it; its first explorer is drawn."""

    def show(*sources):
        name = f"{len(list(lab.folder.glob('*.ipynb')))}.ipynb"  # a new name, or JupyterLab asks about the changed file
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), lab.folder / name)
        lab.open(page, name)
        run_all(page)
        page.evaluate("window.jupyterapp.shell.currentWidget.content.scrollToItem(0, 'start')")
        return page

    yield show
    assert page.problems == []


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


def press_in_kernel(page, code):
    page.evaluate(
        "code => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code })", code
    )


def test_python_answers_a_control_and_hears_of_the_others_when_the_hand_rests(show):
    page = show(LAB)
    page.get_by_label("Stride", exact=True).press("ArrowRight")
    page.get_by_label("Dilation", exact=True).press("ArrowRight")
    page.wait_for_function("document.querySelector('.lecture-readout').textContent.includes('×8)')")
    page.get_by_label("Kernel", exact=True).select_option("Sharpen")
    page.wait_for_function("document.querySelector('.lecture-cells input').value === '0'")
    state = output_text(
        page, "print(lab.state['stride'], lab.state['dilation'], lab.value('kernel'), lab.state['typed'][1])"
    )
    assert state == "2 2 sharpen ['-1', '5', '-1']\n"


def test_setting_the_state_in_python_stands_the_explorer_there(show):
    page = show(LAB)
    output_text(page, "lab.state = {'stride': 3, 'row': 7, 'col': 5, 'dilation': 2}")
    page.wait_for_function("document.querySelector('.lecture-readout').textContent.startsWith('output[7, 5] = ')")
    assert page.get_by_label("Stride", exact=True).get_attribute("aria-valuetext") == "3"
    assert page.get_by_label("Dilation", exact=True).get_attribute("aria-valuetext") == "2"


@pytest.mark.slow
def test_typing_right_after_choosing_by_name_starts_from_that_kernel(show):
    page = show(LAB)
    page.get_by_label("Kernel", exact=True).select_option("Sharpen")
    cell = page.get_by_label("Weights, row 1, column 1", exact=True)
    cell.focus()
    page.wait_for_function("document.querySelector('.lecture-cells input').value === '0'")
    cell.fill("3")
    page.wait_for_function("document.querySelector('.lecture select').selectedOptions[0].text.startsWith('Your own')")
    assert (
        output_text(page, "print(lab.state['typed'], lab.state['kernel'])")
        == "[['3', '-1', '0'], ['-1', '5', '-1'], ['0', '-1', '0']] 12\n"
    )


@pytest.mark.slow
def test_a_busy_kernel_never_takes_a_slider_back(show):
    page = show(LAB)
    stride = page.get_by_label("Stride", exact=True)
    press_in_kernel(page, "import time; time.sleep(2)")
    stride.press("ArrowRight")
    page.wait_for_timeout(400)  # sent, but the kernel is busy
    stride.press("ArrowRight")
    seen = set()
    for _ in range(60):
        seen.add(stride.get_attribute("aria-valuetext"))
        page.wait_for_timeout(50)
    assert seen == {"3"}
    assert output_text(page, "print(lab.state['stride'])") == "3\n"


@pytest.mark.slow
def test_while_python_is_busy_only_the_newest_question_is_kept(show):
    page = show(
        LAB
        + "\nlab.asked = []\nanswer, lab.answer = lab.answer, lambda e, names: (lab.asked.append(e.state['dilation']), answer(e, names))\nlab"
    )
    press_in_kernel(page, "import time; time.sleep(1.5)")
    dilation = page.get_by_label("Dilation", exact=True)
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"):
        dilation.press(key)
    page.wait_for_timeout(2500)
    asked = output_text(page, "print(lab.asked)")
    assert asked.endswith("3]\n") and asked.count(",") <= 1


def test_keys_in_an_explorer_never_change_the_notebook(show):
    page = show(LAB, "print('untouched')")
    for control in (
        page.get_by_label("Stride", exact=True),
        page.get_by_label("Kernel", exact=True),
        page.get_by_role("button", name="Reset").first,
        page.locator(".lecture canvas").first,
    ):
        control.focus()
        for key in ("d", "d", "x", "a", "ArrowUp", "ArrowDown", "ArrowLeft"):
            page.keyboard.press(key)
    assert source_of(page, 0) == LAB
    assert source_of(page, 1) == "print('untouched')"
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length") == 2


@pytest.mark.slow
def test_plain_keys_in_an_explorer_are_no_shortcuts_and_commands_are(show):
    page = show(FIT)
    page.get_by_role("slider").first.focus()
    page.evaluate(
        "window.addEventListener('keydown', (event) => {"
        " window.told = event.target.hasAttribute('data-lm-suppress-shortcuts'); }, { capture: true })"
    )
    for key, told in (("ArrowRight", True), ("c", True), ("Alt+q", False), ("Escape", False), ("End", True)):
        page.keyboard.press(key)
        assert page.evaluate("window.told") is told


def test_text_in_the_matrix_is_refused_in_words_and_loses_nothing(show):
    page = show(LAB)
    cell = page.get_by_label("Weights, row 2, column 2", exact=True)
    before = readout(page)
    cell.fill("abc")
    page.get_by_text("must be a number").wait_for()
    assert "kernel row 2, column 2 is 'abc'" in page.locator(".lecture-problem").first.inner_text()
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
    page = show(LAB, RETURNS_HTML)
    page.get_by_label("Weights, row 2, column 2", exact=True).fill(HTML)
    page.get_by_text("must be a number").first.wait_for()
    assert "<img src=x" in page.locator(".lecture-problem").first.inner_text()
    assert "<img src=x" in page.locator(".jp-OutputArea").last.inner_text()
    assert page.locator(".jp-OutputArea img[src=x], .jp-OutputArea script, .lecture-problem *").count() == 0
    assert page.evaluate("window.hacked") is None


def test_a_students_own_picture_is_shown_and_a_broken_one_named(show):
    page = show(LAB)
    buffer = io.BytesIO()
    Image.fromarray(np.full((90, 60, 3), (200, 200, 200), np.uint8)).save(buffer, "PNG")

    def upload(name, content):
        page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})

    upload("mine.png", buffer.getvalue())
    page.wait_for_function("document.querySelector('.lecture-readout').textContent.includes('(200×8)')")
    assert output_text(page, "print(lab.array('padded').shape)") == "(136, 93)\n"
    for name, content in (("cut.png", buffer.getvalue()[:60]), ("<img src=x onerror=alert(1)>.png", b"not a picture")):
        upload(name, content)
        page.wait_for_function("document.querySelector('.lecture-problem').textContent.length > 20")
        assert "(200×8)" in readout(page)
    assert page.locator(".lecture img").count() == 0


@pytest.mark.slow
def test_a_picture_of_more_megabytes_than_a_message_may_have_is_made_smaller_on_its_way(show):
    page, buffer = show(LAB), io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (2400, 2400, 3), np.uint8)
    noise[:1200] = 200
    Image.fromarray(noise).save(buffer, "PNG")
    assert len(buffer.getvalue()) > 8_000_000
    page.locator("input[type=file]").set_input_files(
        {"name": "large.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    )
    page.wait_for_function("document.querySelector('.lecture-readout').textContent.includes('(200×8)')", timeout=60_000)


@pytest.mark.slow
def test_running_a_cell_again_leaves_no_widget_behind(show):
    page = show(LAB)
    count = "import ipywidgets\nprint(len(ipywidgets.widgets.widget._instances))"
    first = output_text(page, count)
    for _ in range(3):
        page.evaluate("""async () => { const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = 0; await window.jupyterapp.commands.execute('notebook:run-cell'); }""")
    page.wait_for_timeout(500)
    assert output_text(page, count) == first


@pytest.mark.slow
def test_explorers_follow_the_dark_theme(show):
    page = show(FIT)
    corner = "[...document.querySelector('.lecture canvas').getContext('2d').getImageData(2, 2, 1, 1).data][0]"
    assert page.evaluate(corner) == 255
    change_theme(page, dark=True)
    dark = page.evaluate(corner)
    change_theme(page, dark=False)
    assert dark < 40
    assert page.evaluate(corner) == 255


TRAINING = """import numpy as np
from lecture_lib import experiments
from lecture_lib.explore import watch
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


def begins(page, words):
    page.wait_for_function(
        "words => [...document.querySelectorAll('.lecture-readout')].some((each) => each.textContent.startsWith(words))",
        arg=words,
    )


def test_a_training_shows_its_curve_stops_at_an_interrupt_and_goes_on(show):
    page = show(TRAINING, "import time")
    page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.setSource('watch(runs)')")
    run_cell(page, 1, wait=False)
    begins(page, "wide, seed 0, 1 of 1: step")
    assert " s left" in page.locator(".lecture-progress").first.inner_text()
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    begins(page, "Stopped after")
    done = int(output_text(page, "print(len(runs[0].records))"))
    assert 0 < done < 4000
    run_cell(page, 1)
    begins(page, "4,000 steps in")
    assert output_text(page, "print(len(runs[0].records), runs[0].finished)") == "4000 True\n"
    kinds = page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets[1].outputArea.model.toJSON().map((o) => o.output_type)"
    )
    assert kinds == ["display_data", "display_data"]  # the bar, the curve
