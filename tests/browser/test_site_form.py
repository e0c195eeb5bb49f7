"""A page of the site with folded code, a check and parts that go deeper: what a reader sees, and what opens."""

import base64
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from lecture_lib.chapters.convolution.does_it_fit import does_it_fit
from tools.browser import serious_findings
from tools.run_notebooks import WIDGET, clean
from tools.site import pages
from tools.site.collect import life


def showing(explorer):
    """The output of a cell that shows an explorer, as the site has it."""
    data, metadata = explorer._repr_mimebundle_()
    picture = base64.b64encode(data["image/png"]).decode()
    return new_output("display_data", {"image/png": picture}, metadata=metadata), {"model_id": explorer.model_id}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with one page, small.html."""
    explorer = does_it_fit()
    output, place = showing(explorer)
    cells = [
        new_markdown_cell("# 7 · Small\n*9 minutes.* One sentence."),
        new_markdown_cell("## S1 · A question?\n*6 minutes.* One more sentence."),
        new_code_cell("# Measure: how often\nx = 1\ny = 2", metadata={"tags": ["fold"]}, outputs=[new_output("stream", text="5")]),
        new_code_cell("assert x == 1", metadata={"tags": ["check"]}),
        new_markdown_cell("### Deeper: does it fit?\n*2 minutes.* Because."),
        new_code_cell("does_it_fit()", metadata={"tags": ["fold"]}, outputs=[output]),
        new_markdown_cell("## S2 · The next\n*1 minute.* " + "Long text. " * 900),
    ]  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=cells)
    clean(notebook)
    output.data[WIDGET] = place
    notebook.metadata["lives"] = json.dumps({explorer.model_id: life(explorer)})
    folder = tmp_path_factory.mktemp("site")
    pages.write_assets(folder)
    pages.write([pages.make(nbformat.reads(nbformat.writes(notebook), 4), "small", folder)], folder)
    return folder


def test_code_is_folded_below_what_it_shows_and_opens(site, offline):
    page = offline(site / "small.html")
    fold = page.locator("details.code")
    assert fold.locator("summary").inner_text().split("\n") == ["Code", "Measure: how often", "2 lines"]
    assert not page.get_by_text("x = 1", exact=False).is_visible() and page.get_by_text("assert").count() == 0
    assert page.locator(".outputs").first.bounding_box()["y"] < fold.bounding_box()["y"]
    fold.locator("summary").press("Enter")
    assert fold.locator("pre").is_visible()


def test_what_goes_deeper_is_closed_and_starts_when_it_is_opened(site, offline):
    page = offline(site / "small.html")
    page.wait_for_timeout(300)
    assert page.locator(".explorer.ready").count() == 0 and not page.get_by_text("Because.").is_visible()
    page.locator("details.deeper > summary").click()
    page.locator(".explorer.ready canvas").first.wait_for()
    assert page.locator(".explorer canvas").first.bounding_box()["width"] > 300


def test_a_link_into_a_deeper_part_opens_it(site, offline):
    page = offline(site / "small.html", "#deeper-does-it-fit")
    assert page.get_by_text("Because.").is_visible()
    page.locator("details.deeper > summary").click()
    page.evaluate("location.hash = '#s2-the-next'")
    page.evaluate("location.hash = '#deeper-does-it-fit'")
    page.get_by_text("Because.").wait_for()


def test_type_has_the_sizes_of_the_design_and_lines_are_short_enough(site, offline):
    page = offline("/dev/null")
    page.set_viewport_size({"width": 1366, "height": 768})
    offline(site / "small.html")
    sizes = [
        page.locator(each).first.evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
        for each in ("h1", "h2", ".markdown-cell > p:not(.minutes)", ".minutes", "main summary", "main summary small")
    ]
    assert [round(each) for each in sizes] == [32, 32, 18, 15, 16, 14]
    assert page.locator("h2").first.inner_text() == "A question?"
    assert page.locator(".minutes").nth(1).inner_text() == "S1 · 6 minutes"
    letters, lines = page.evaluate(
        """() => {
            const text = [...document.querySelectorAll(".markdown-cell > p")].at(-1);
            return [text.textContent.length, text.clientHeight / parseFloat(getComputedStyle(text).lineHeight)];
        }"""
    )
    assert letters / lines <= 110


def test_slides_show_neither_folded_code_nor_deeper_parts(site, offline):
    page = offline(site / "slides" / "small.html")
    words = page.evaluate("[...document.querySelectorAll('.slide')].map((each) => each.textContent).join()")
    assert "One more sentence." in words and "5" in words
    assert not any(each in words for each in ("Measure", "x = 1", "assert", "Because."))


def test_it_is_accessible_open_and_closed(site, offline):
    page = offline(site / "small.html")
    for _ in range(2):
        assert serious_findings(page) == []
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
