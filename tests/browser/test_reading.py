"""One notebook as it was committed, as a page and as a deck from file://: a quick part of what test_site.py tries of all."""

import nbformat
import pytest

from tools.browser import serious_findings
from tools.notebooks import ROOT
from tools.site import pages


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A site of one notebook, with the pictures that were saved in it: nothing is run."""
    folder = tmp_path_factory.mktemp("site")
    notebook = nbformat.read(ROOT / "notebooks" / "02_convolution.ipynb", as_version=4)
    notebook.metadata["lives"] = "{}"
    page = pages.make(notebook, "02_convolution", folder)
    pages.write_assets(folder)
    pages.write([page], folder)
    return folder


@pytest.mark.parametrize("size", [(390, 844), (1280, 720)], ids=["phone", "laptop"])
def test_a_page_reads_without_a_network_on_a_phone_and_on_a_laptop(folder, offline, size):
    width, height = size
    page = offline("/dev/null")
    page.set_viewport_size({"width": width, "height": height})
    offline(folder / "02_convolution.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    assert page.locator("math").count() > 0
    assert serious_findings(page) == []


def test_a_deck_steps_to_its_end_and_back_again(folder, offline):
    page = offline(folder / "slides" / "02.html")
    count = page.locator(".slide").count()
    page.keyboard.press("PageDown")
    assert page.locator(".slide.here").get_attribute("id") == "2"
    page.keyboard.press("End")
    assert page.locator(".slide.here").get_attribute("id") == str(count)
    page.keyboard.press("Home")
    assert page.locator(".slide.here").get_attribute("id") == "1"
