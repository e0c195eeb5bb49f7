"""Pages of the site printed to PDF by the Chromium that is installed here."""

import importlib.util
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .publication import publication

LANGUAGE = "en"
PROGRAM = ("playwright", "pypdf")


def missing() -> str:
    """What has to be installed before anything can be printed, in words; empty if nothing has."""
    if lacking := [each for each in PROGRAM if not importlib.util.find_spec(each)]:
        return f"install {' and '.join(lacking)} (python -m pip install --editable '.[test]')"
    from ..browser import HOW_TO_GET_CHROMIUM, chromium  # noqa: PLC0415  it needs what was just looked for

    return "" if chromium() else HOW_TO_GET_CHROMIUM


def print_page(page: Path, pdf: Path, title: str, media: str) -> Path:
    """Print a page to A4 when it says that it is ready (``data-ready`` of an element).

    Args:
        media: "screen" or "print": the styles it is printed with.

    Raises:
        RuntimeError: a sheet (class "sheet") holds more than fits, or what the page says in ``data-problems``, or a script failed.
    """
    with ThreadPoolExecutor(1) as own:  # a thread has one browser at most, and who calls may have one
        own.submit(_print, page, pdf, media).result()
    _describe(pdf, title)
    return pdf


def _print(page: Path, pdf: Path, media: str) -> None:
    from ..browser import browser_page  # noqa: PLC0415

    pdf.parent.mkdir(parents=True, exist_ok=True)
    with browser_page() as opened:
        opened.emulate_media(media=media, color_scheme="light", reduced_motion="reduce")
        opened.goto(page.as_uri())
        opened.wait_for_selector("[data-ready]", state="attached", timeout=240_000)
        if problems := [*opened.problems, *opened.evaluate(_PROBLEMS)]:
            raise RuntimeError(f"{pdf.name}: " + "; ".join(problems))
        opened.pdf(path=pdf, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)


_PROBLEMS = """() => {
    const cut = (each) => each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1;
    const sheets = [...document.querySelectorAll('.sheet, .sheet .slide')].filter(cut);
    const said = document.body.dataset.problems?.split('\\n').filter(Boolean) ?? [];
    return [...said, ...sheets.map((each) => `cut off: ${each.className}: ${each.textContent.trim().slice(0, 80)}`)];
}"""


def _describe(pdf: Path, title: str) -> None:
    """Say in the file what it is, by whom and in which language."""
    from pypdf import PdfWriter  # noqa: PLC0415
    from pypdf.generic import NameObject, TextStringObject  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # Chromium's table of objects begins one too low
    writer = PdfWriter(clone_from=pdf)
    writer.pdf_header = "%PDF-1.7"
    writer.add_metadata({"/Title": title, "/Author": publication().author, "/Subject": "Convolutional networks"})
    writer.root_object[NameObject("/Lang")] = TextStringObject(LANGUAGE)
    writer.write(pdf)
