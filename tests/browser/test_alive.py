"""A notebook opened in JupyterLab: alive without a cell being run, pictures where nothing lives, words before a NameError."""

import json
import shutil

import nbformat
import pytest

from tests.browser.hand import answered
from tools.notebooks import ROOT
from tools.run_notebooks import METADATA, WIDGET, run

WATCH = """() => {
    window.wrong = [];
    new MutationObserver((changes) => changes.forEach(({ target }) => {
        const words = /Error displaying widget|model not found/.exec(target.textContent);
        if (words) window.wrong.push(words[0]);
    })).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
PANEL = "window.jupyterapp.shell.currentWidget"
CELLS = [
    ("markdown", "# A notebook", []),
    (
        "code",
        "# Set up: what is used below\nfrom lecture_lib.chapters.convolution import convolution_lab\nwidth = 3",
        ["fold"],
    ),
    ("code", "convolution_lab()", ["fold"]),
    ("code", "print(width)", []),
    ("code", "assert width == 3", ["check"]),
    ("code", "ran = 'to the end'", []),
]


@pytest.fixture(scope="session")
def committed(tmp_path_factory):
    """A notebook as it is committed: run, with pictures and without widgets."""
    notebook = nbformat.v4.new_notebook(metadata=METADATA)
    for kind, source, tags in CELLS:
        new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        notebook.cells.append(new(source, metadata={"tags": tags} if tags else {}))
    path = tmp_path_factory.mktemp("committed") / "notebook.ipynb"
    nbformat.write(notebook, path)
    run(path)
    return path


@pytest.fixture
def made(lab, committed):
    """Lays a copy of the committed notebook into JupyterLab's folder, changed as a student may; returns its name."""

    def made(trusted=True, cell=None, wake=True):
        notebook = nbformat.read(committed, as_version=4)
        notebook.metadata["lecture"]["wake"] = wake
        if cell:
            notebook.cells[3].source = cell
        name = f"{len(list(lab.folder.glob('*.ipynb')))}.ipynb"  # a new name, or JupyterLab asks about the changed file
        nbformat.write(notebook, lab.folder / name)
        if trusted:
            lab.trust(name)
        return name

    return made


def opened(lab, page, name):
    """Open with a new kernel; from the first moment the page is watched for an error in an explorer's place."""
    if not page.url.startswith(lab.url):
        page.goto(f"{lab.url}/lab?reset&token={lab.token}")
        page.wait_for_function("window.jupyterapp?.commands.hasCommand('docmanager:open')", timeout=60_000)
    page.evaluate(WATCH)
    lab.open(page, name)


def awake(page, timeout=120_000):
    page.wait_for_function(
        "document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .lecture-wake')?.dataset.state === 'awake'",
        timeout=timeout,
    )


def python_answers(page):
    page.get_by_label("Stride", exact=True).press("ArrowRight")
    answered(page, "×8)", stride=2)
    page.get_by_label("Dilation", exact=True).press("ArrowRight")
    answered(page, "×8)", stride=2, dilation=2)


def output(page, at):
    return page.evaluate(f"at => {PANEL}.content.widgets[at].outputArea.model.toJSON()", at)


def bar(page):
    return page.locator(".lecture-wake:visible")


def test_an_opened_notebook_is_alive_and_nothing_else_has_changed(lab, page, made):
    opened(lab, page, made())
    awake(page)
    assert page.evaluate(f"[{PANEL}.content.activeCellIndex, {PANEL}.content.mode]") == [0, "command"]
    assert page.evaluate(f"{PANEL}.content.model.dirty") is False
    python_answers(page)
    assert page.evaluate("window.wrong") == page.problems == []


def test_saved_and_opened_the_next_day_it_shows_pictures_at_once_and_then_lives(lab, page, made):
    name = made()
    opened(lab, page, name)
    awake(page)
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    saved = nbformat.read(lab.folder / name, as_version=4)
    assert WIDGET in saved.cells[2].outputs[0].data and "image/png" in saved.cells[2].outputs[0].data
    page.goto("about:blank")
    page.goto(f"{lab.url}/lab?reset&token={lab.token}")
    page.wait_for_function("window.jupyterapp?.commands.hasCommand('docmanager:open')", timeout=60_000)
    page.evaluate(WATCH)
    page.evaluate(
        """async (path) => {
            const { serviceManager, commands, shell } = window.jupyterapp;
            await serviceManager.sessions.shutdownAll();
            window.stills = 0;
            new MutationObserver(() => (window.stills = Math.max(window.stills, document.querySelectorAll(".lecture-living img:not(.lecture-small)").length)))
                .observe(document.body, { childList: true, subtree: true });
            await commands.execute('docmanager:open', { path, factory: 'Notebook' });
        }""",
        name,
    )
    awake(page)
    python_answers(page)
    assert page.evaluate("[window.stills > 0, window.wrong]") == [
        True,
        [],
    ]  # that of yesterday, and for a moment today's
    assert page.locator(".lecture-living img:not(.lecture-small)").count() == 0
    assert page.problems == []


HEIGHTS = """() => {
    const { node } = window.jupyterapp.shell.currentWidget.content.widgets[2].outputArea;
    window.heights = [];
    const look = () => (window.heights.push(node.offsetHeight), requestAnimationFrame(look));
    look();
}"""


def test_while_it_wakes_the_place_of_an_explorer_is_never_lower_than_before_or_afterwards(lab, page, made):
    opened(lab, page, made(wake=False))
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) img.lecture-light")
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})  # explorers take longer than what is usual
    page.evaluate(HEIGHTS)
    page.evaluate("window.jupyterapp.commands.execute('lecture:wake')")
    awake(page)
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .lecture-living .lecture canvas")
    page.wait_for_function(f"!{PANEL}.content.widgets[2].outputArea.node.style.minHeight", timeout=30_000)
    heights = page.evaluate("window.heights")
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    assert min(heights) >= min(heights[0], heights[-1]) - 1


def test_the_whole_lab_with_its_last_controls_fits_a_laptops_screen(lab, page, made):
    page.set_viewport_size({"width": 1366, "height": 768})
    opened(lab, page, made())
    awake(page)
    settings = json.loads((ROOT / "tools/overrides.json").read_text(encoding="utf-8"))
    assert settings["@jupyterlab/statusbar-extension:plugin"] == {"visible": False}
    if page.locator("#jp-main-statusbar").is_visible():  # where these settings are not installed yet
        page.evaluate("window.jupyterapp.commands.execute('statusbar:toggle')")
    page.wait_for_selector("#jp-main-statusbar", state="hidden")
    shown = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer").bounding_box()["height"]
    cell = page.evaluate(f"{PANEL}.content.widgets[2].node.offsetHeight")  # with the line for its folded code
    assert 600 < cell <= shown


def test_a_page_that_is_loaded_anew_keeps_what_lives(lab, page, made):
    name = made()
    opened(lab, page, name)
    awake(page)
    python_answers(page)
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.goto(f"{lab.url}/lab/tree/{name}?reset&token={lab.token}")
    page.get_by_label("Dilation", exact=True).wait_for()
    answered(page, "×8)", stride=2, dilation=2)
    assert page.get_by_label("Stride", exact=True).get_attribute("aria-valuetext") == "2"
    assert output(page, 3)[0]["text"] == "3\n"


def test_a_notebook_that_nobody_trusts_runs_nothing_until_it_is_asked_to(lab, page, made):
    opened(lab, page, made(trusted=False, cell="print(width + 1)"))  # signed is what stands in a file, not its name
    bar(page).get_by_text("Its explorers are pictures.").wait_for()
    assert page.locator(".lecture").count() == 0
    bar(page).get_by_role("button", name="Wake up").click()
    awake(page)
    python_answers(page)


def test_it_stops_at_an_error_and_says_where(lab, page, made):
    opened(lab, page, made(cell="print(wide)"))
    bar(page).get_by_text("Woke up to cell 3 of 5, which stopped with an error.").wait_for(timeout=60_000)
    assert output(page, 3)[0]["ename"] == "NameError"  # a typing mistake has its traceback
    reply = page.evaluate(
        f"{PANEL}.sessionContext.session.kernel.requestExecute({{ code: 'ran' }}).done.then((m) => m.content.ename)"
    )
    assert reply == "NameError"  # the cells below it have not run


def test_stop_stops_and_wake_up_begins_again(lab, page, made):
    opened(lab, page, made(cell="import time\ntime.sleep(0 if 'once' in globals() else (once := 60))"))
    bar(page).get_by_text("waking up: 3 of 5").wait_for(timeout=60_000)
    page.wait_for_timeout(500)
    bar(page).get_by_role("button", name="Stop").click()
    bar(page).get_by_text("Stopped at cell 3 of 5.").wait_for()
    bar(page).get_by_role("button", name="Wake up").click()
    awake(page)


def test_after_a_restart_of_python_the_notebook_offers_to_wake_up_again(lab, page, made):
    opened(lab, page, made())
    awake(page)
    page.evaluate(f"{PANEL}.sessionContext.restartKernel()")
    bar(page).get_by_text("Python has started anew: explorers stand still.").wait_for()
    bar(page).get_by_role("button", name="Wake up").click()
    awake(page)
    python_answers(page)
    assert page.evaluate("window.wrong") == []


def test_a_cell_that_is_run_first_says_what_to_run_and_shows_no_traceback(lab, page, made):
    opened(lab, page, made(wake=False))
    run_cell(page, 3)
    (said,) = output(page, 3)
    assert said["data"]["text/plain"] == (
        "'width' is made in the cell under “A notebook” that begins with “# Set up: what is used below”: run that cell "
        "first. Or all of them at once: Run → Run All Above Selected Cell."
    )
    page.get_by_text("Run → Run All Above Selected Cell").first.wait_for()
    assert page.locator("[data-mime-type='application/vnd.jupyter.error'], [data-mime-type$=stderr]").count() == 0
    page.evaluate(f"{PANEL}.content.widgets[3].model.sharedModel.setSource('print(width, 1)')")  # not saved
    run_cell(page, 3)
    assert output(page, 3)[0]["data"]["text/plain"].startswith("'width' is made in the cell under")
    page.evaluate(f"{PANEL}.content.widgets[3].model.sharedModel.setSource('print(wide)')")
    run_cell(page, 3)
    assert output(page, 3)[0]["ename"] == "NameError"


def run_cell(page, at):
    page.evaluate(
        f"at => {{ {PANEL}.content.activeCellIndex = at; return window.jupyterapp.commands.execute('notebook:run-cell'); }}",
        at,
    )


def test_cells_are_shown_to_their_reader(lab, page, made):
    opened(lab, page, made())
    awake(page)
    cell = lambda at: page.locator(f".jp-Cell[data-windowed-list-index='{at}']")  # noqa: E731
    title = "getComputedStyle(each.querySelector('.jp-Placeholder-contentContainer'), '::before').content"
    assert "Set up: what is used below   ·   3 lines" in cell(1).evaluate(f"each => {title}")
    assert cell(1).bounding_box()["height"] < 40
    assert cell(2).locator(".jp-InputPlaceholder").bounding_box()["height"] <= 12
    assert not cell(4).is_visible() and cell(5).is_visible()
    page.evaluate("window.jupyterapp.commands.execute('lecture:checks')")
    assert cell(4).is_visible()
    page.evaluate("window.jupyterapp.commands.execute('lecture:checks')")
    bar_ = cell(1).get_by_role("button", name="Show the code: Set up: what is used below")
    bar_.focus()
    page.keyboard.press("Tab")
    assert not bar_.evaluate("each => each === document.activeElement")  # it lets go of the keyboard
    bar_.focus()
    page.keyboard.press("Enter")
    cell(1).get_by_text("width = 3").wait_for()
    page.evaluate(f"{PANEL}.content.activeCellIndex = 2")
    page.evaluate("window.jupyterapp.commands.execute('notebook:show-cell-code')")
    cell(2).get_by_text("convolution_lab()").wait_for()


def test_the_setting_keeps_a_notebook_asleep(lab, page, made):
    page.goto(f"{lab.url}/lab?reset&token={lab.token}")
    setting = f"{lab.url}/lab/api/settings/lecture:alive?token={lab.token}"
    try:
        answer = page.request.put(
            setting, data={"raw": '{"wakeUp": false}'}, headers={"Authorization": f"token {lab.token}"}
        )
        assert answer.ok
        page.goto(f"{lab.url}/lab?reset&token={lab.token}")
        opened(lab, page, made())
        page.wait_for_timeout(1500)
        assert WIDGET not in output(page, 2)[0]["data"]
        assert page.locator(".lecture, .lecture-wake:visible").count() == 0
    finally:
        page.request.put(setting, data={"raw": "{}"}, headers={"Authorization": f"token {lab.token}"})
        page.goto("about:blank")  # a page that is open keeps the setting it was opened with


@pytest.mark.slow
def test_a_notebook_of_the_lecture_wakes_up_whole(lab, page):
    shutil.copy(ROOT / "notebooks" / "02_convolution.ipynb", lab.folder)
    lab.trust("02_convolution.ipynb")
    opened(lab, page, "02_convolution.ipynb")
    awake(page)
    lives = "each => each.outputArea?.node.querySelector('.lecture')"
    assert page.evaluate(f"{PANEL}.content.widgets.filter({lives}).length") > 10
    assert page.evaluate("window.wrong") == page.problems == []
