"""Without a browser there are no PDFs, and nobody is led to one."""

from tools.site import cheat_sheet, handout, pages, paper
from tools.site.__main__ import take_home


def without_browser(monkeypatch):
    monkeypatch.setattr(paper, "missing", lambda: "install chromium (somehow)")


def test_a_site_without_a_browser_says_so_in_one_line_and_links_to_no_pdf(tmp_path, monkeypatch, capsys):
    without_browser(monkeypatch)
    assert take_home(None, tmp_path) is False
    assert capsys.readouterr().out == "The site has no PDFs: install chromium (somehow).\n"
    pages.render(
        "index.html",
        tmp_path / "index.html",
        pages=[],
        lecture=pages.Page("lecture", "", "", [], [], []),
        printed=False,
    )
    for name in ("index.html", cheat_sheet.PAGE):
        assert ".pdf" not in (tmp_path / name).read_text(encoding="utf-8"), name


def test_a_site_with_pdfs_links_to_all_of_them(tmp_path):
    pages.render(
        "index.html", tmp_path / "index.html", pages=[], lecture=pages.Page("lecture", "", "", [], [], []), printed=True
    )
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    for name in (cheat_sheet.PDF, *(each.file for each in handout.VERSIONS)):
        assert f'href="handout/{name}"' in index, name


def test_a_handout_without_a_browser_says_what_to_install(monkeypatch, capsys):
    without_browser(monkeypatch)
    assert handout.main() == 1
    assert "install chromium (somehow)" in capsys.readouterr().out


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(paper.importlib.util, "find_spec", lambda name: None)
    assert paper.missing() == "install playwright and pypdf (python -m pip install --editable '.[test]')"
