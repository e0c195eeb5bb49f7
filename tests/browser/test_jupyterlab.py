"""Explorers in a real JupyterLab: what Python answers, keys that stay in an explorer, uploads, trainings, the theme."""

import io

import nbformat
import numpy as np
import pytest
from PIL import Image

from lecture_lib.chapters.convolution.lab import MARGIN, SIDE
from tests.browser.hand import PRODUCTS, answered, type_cell
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
    answered(page, "×8)", stride=2, dilation=2)
    page.get_by_role("radio", name="Sharpen").check()
    answered(page, "×5)", stride=2, dilation=2)  # Python hears when the hand rests
    state = output_text(
        page, "print(lab.state['stride'], lab.state['dilation'], lab.value('kernel'), lab.state['typed'][1])"
    )
    assert state == "2 2 sharpen ['-1', '5', '-1']\n"


def test_setting_the_state_in_python_stands_the_explorer_there(show):
    page = show(LAB)
    output_text(page, "lab.state = {'stride': 3, 'row': 7, 'col': 5, 'dilation': 2}")
    page.wait_for_function("document.querySelector('.lecture-readout').textContent.startsWith('output[7, 5]: ')")
    answered(page, "×8)", stride=3, row=7, col=5, dilation=2)
    assert page.get_by_label("Stride", exact=True).get_attribute("aria-valuetext") == "3"
    assert page.get_by_label("Dilation", exact=True).get_attribute("aria-valuetext") == "2"


@pytest.mark.slow
def test_typing_right_after_choosing_by_name_starts_from_that_kernel(show):
    page = show(LAB)
    page.get_by_role("radio", name="Sharpen").check()
    canvas = page.locator(".lecture-stage > canvas").first
    while not page.locator(".lecture-edit").count():  # it opens once Python has said what the kernel's numbers are
        canvas.press("Enter")
    assert page.locator(".lecture-edit").input_value() == "0"
    page.locator(".lecture-edit").fill("3")
    page.locator(".lecture-edit").press("Enter")
    answered(page, "×3)")
    assert page.get_by_role("radio", name="Your own").is_checked()
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
    before = readout(page), page.evaluate(PRODUCTS)
    type_cell(page, 1, 1, "abc")
    page.get_by_text("must be a number").wait_for()
    assert "kernel row 2, column 2 is 'abc'" in page.locator(".lecture-problem").first.inner_text()
    assert (readout(page), page.evaluate(PRODUCTS)) == before
    type_cell(page, 1, 1, "1/2")
    page.wait_for_function("document.querySelector('.lecture-problem').textContent === ''")
    answered(page, "×0.5)")
    assert readout(page) != before[0]


HTML = "<img src=x onerror='window.hacked = 1'><script>window.hacked = 1</script>"
RETURNS_HTML = f"""from lecture_lib.chapters.convolution import check
def output_size(n, f, s, p):
    print({HTML!r})
    return {HTML!r}
check(output_size)"""


def test_text_that_looks_like_html_stays_text_wherever_it_is_typed_or_returned(show):
    page = show(LAB, RETURNS_HTML)
    type_cell(page, 1, 1, HTML)
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
    answered(page, "(200×8)")
    assert (
        output_text(page, "print(lab.array('padded').shape)")
        == f"{(SIDE + 2 * MARGIN, round(SIDE * 60 / 90) + 2 * MARGIN)}\n"
    )
    for name, content in (("cut.png", buffer.getvalue()[:60]), ("<img src=x onerror=alert(1)>.png", b"not a picture")):
        upload(name, content)
        page.wait_for_function("document.querySelector('.lecture-problem').textContent.length > 20")
        assert "(200×8)" in page.evaluate(PRODUCTS)
    assert page.locator(".lecture img:not(.lecture-small)").count() == 0  # but those on the chips of the kernels


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
    answered(page, "(200×8)", timeout=60_000)


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
from lecture_lib.experiments import Experiment
from lecture_lib.explore import follow, watch
from lecture_lib.models import mlp
data = np.random.default_rng(0).normal(size=(400, 784)).astype(np.float32), np.arange(400) % 10
nets = {"wide": lambda: mlp([784, 200, 10]), "narrow": lambda: mlp([784, 50, 10])}
race = Experiment("nowhere", nets, data, seeds=(0, 1), epochs=100, batch_size=20)"""


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
        timeout=120_000,  # a training of 18 s of processor time, on a machine that may have other work
    )


def test_a_training_is_started_stopped_and_gone_on_with_while_everything_else_stays_alive(show):
    page = show(TRAINING + "\nwatch(race)", "follow(race, lambda: print(f'{100 * race.done:.0f} % are done'))")
    below = "window.jupyterapp.shell.currentWidget.content.widgets[1].outputArea.node.innerText"
    assert page.evaluate(below).strip() == "0 % are done"
    page.get_by_role("button", name="Train here").click()
    begins(page, "Training here: ")
    assert output_text(page, "print(0 < race.done < 1)") == "True\n"  # a cell has its turn, too
    page.get_by_role("button", name="Stop").click()
    begins(page, "Stopped at ")
    done = output_text(page, "print(f'{100 * race.done:.0f} % are done')").strip()
    assert done != "0 % are done"
    page.wait_for_function(f"done => {below}.trim() === done", arg=done)
    page.get_by_role("button", name="Go on").click()
    begins(page, "Training here: ")
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()")
    assert output_text(page, "print(any(run.problem for run in race.runs), race.finished)") == "False False\n"
    page.wait_for_timeout(1000)
    if page.get_by_role("button", name="Go on").count():  # it came in a slice; between two of them it passes by
        page.get_by_role("button", name="Go on").click()
    begins(page, "Trained here, seeds 0, 1, ")
    assert output_text(page, "print([len(run.records) for run in race.runs])") == "[2000, 2000, 2000, 2000]\n"
    page.wait_for_function(f"{below}.trim() === '100 % are done'")
