"""The site without a browser: what lives without Python, how it is packed, and what becomes of a notebook's cells."""

import base64
import gzip
import io
import json
import re

import ipywidgets
import nbformat
import numpy as np
import pytest
from PIL import Image

from lecture_lib import filters, widgets
from lecture_lib.widgets import Explorer, View
from lecture_lib.widgets.view import control_row, pack, slider
from lecture_lib.widgets.without_python import Life, prepare
from tools.browser import ROOT
from tools.site import packages, run, state
from tools.site.cells import WIDGET, Writer
from tools.site.pages import OWN, slides

IMAGE = np.arange(36).reshape(6, 6)


def small_explorer(answer):
    """Two sliders, linked, of which Python hears the first one and does ``answer(explorer, change)``."""
    first, second, other = slider("First", 0, 0, 3), slider("Second", 0, 0, 3), slider("Other", 0, 0, 3)
    view = View(arrays={"output": pack(np.eye(4), "map")}, panels=[{"kind": "grid", "array": "output"}])
    explorer = Explorer(view, [control_row(first, second, other)], "A picture.", lambda: None)
    explorer.link(first, "kernel")
    explorer.link(second, "item")
    explorer.other = other
    explorer.heard = []
    other.observe(explorer.heard.append, "value")
    first.observe(lambda change: answer(explorer, change), "value")
    return explorer


def test_a_linked_control_that_nobody_hears_lives():
    life = prepare(widgets.step_through(IMAGE, np.ones((3, 3))))
    assert life == Life(moves=True, picks=True, alive=("Play", "Step"), dead=())


def test_a_control_whose_answer_changes_the_picture_is_dead():
    explorer = small_explorer(lambda explorer, change: setattr(explorer.view, "texts", [str(change.new)]))
    life = prepare(explorer)
    assert life.alive == ("Second",) and life.dead == ("First", "Other")
    row = explorer.children[0]
    assert [each.disabled for each in row.children] == [True, False, True]


def test_a_control_whose_answer_only_brings_dead_ones_up_to_date_lives_and_those_are_hidden():
    explorer = small_explorer(lambda explorer, change: setattr(explorer.other, "value", change.new))
    life = prepare(explorer)
    assert life.alive == ("First", "Second") and life.dead == ()
    assert explorer.other.layout.display == "none" and explorer.other.disabled


def test_what_is_tried_out_leaves_no_trace():
    for make in (widgets.convolution_lab, widgets.layer_editor, widgets.pooling_lab, widgets.representations):
        explorer = make()
        before = explorer.view.get_state()
        prepare(explorer)
        after = explorer.view.get_state()
        assert {name for name in before if before[name] != after[name]} <= {"extra"}, make.__name__
        assert explorer.view.extra == {} or make is not widgets.convolution_lab


def test_the_lab_keeps_kernel_stride_and_padding():
    lab = widgets.convolution_lab()
    life = prepare(lab)
    assert life.alive == ("Kernel", "Stride", "Padding") and life.picks
    assert {"Photo", "Border", "Dilation"} <= set(life.dead)
    assert lab.matrix.layout.display == "none" and lab.size.layout.display == "none"  # another kernel's weights


@pytest.mark.parametrize("make", [widgets.draw_a_digit, widgets.same_picture, widgets.both_ways_round])
def test_an_explorer_that_python_computes_has_no_life(make):
    explorer = make()
    life = prepare(explorer)
    assert not life.moves and not life.alive and life.dead


def test_a_picture_that_moves_a_dead_control_is_not_to_be_picked():
    explorer = widgets.representations()
    assert explorer.view.extent and not prepare(explorer).picks


# ---------------------------------------------------------------- packed state


def restored(characters, length):
    """The bytes behind a script's characters."""
    bits = "".join(f"{ord(each) - state.FIRST:015b}" for each in characters)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, 8 * length, 8))


def test_characters_give_back_the_bytes():
    for length in range(1, 40):
        data = np.random.default_rng(length).bytes(length)
        assert restored(state.as_characters(data), length) == data


def test_characters_need_no_escape():
    text = state.as_characters(np.random.default_rng(0).bytes(100_000))
    assert not set(text) & set('"\\\n\r\u2028\u2029\ufeff')
    assert all(0x3000 <= ord(each) < 0xB000 for each in text)


def test_equal_arrays_are_packed_once_and_come_back():
    explorers = [prepare_and_state(widgets.step_through(IMAGE, np.ones((3, 3)))) for _ in range(2)]
    packed = state.pack(dict(explorers))
    once = state.pack(dict(explorers[:1]))
    assert len(packed["bytes"]) == len(once["bytes"])
    (view,) = (each[3] for each in packed["models"][explorers[0][0]].values() if each[1] == "anywidget")
    at, length, width = view["arrays"]["padded"]["data"]["$"]
    items = np.frombuffer(packed["bytes"][at : at + length], np.uint8).reshape(width, -1).T.tobytes()
    assert np.array_equal(np.frombuffer(items, view["arrays"]["padded"]["dtype"]).reshape(6, 6), IMAGE)
    assert "_esm" not in view and "_css" not in view


def prepare_and_state(explorer):
    prepare(explorer)
    return explorer.model_id, ipywidgets.embed.dependency_state([explorer], drop_defaults=False)


def test_the_script_holds_models_and_bytes():
    packed = state.pack(dict([prepare_and_state(widgets.does_it_fit())]))
    text = state.script(packed).decode("utf-16")
    found = re.fullmatch(r'lectureData\((\d+), "(.*?)", (\d+), "(.*?)"\);\n', text)
    models, data = (gzip.decompress(restored(found[at + 1], int(found[at]))) for at in (1, 3))
    assert json.loads(models) == packed["models"] and data == packed["bytes"]


# ---------------------------------------------------------------- cells


def png(width=8, height=4):
    file = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(file, "png")
    return base64.b64encode(file.getvalue()).decode()


def page(tmp_path, *cells, lives=None):
    writer = Writer(lives or {}, tmp_path / "pictures", "pictures/")
    return writer, writer.cells(nbformat.v4.new_notebook(cells=list(cells)))


def code(*outputs, source="x = 1", **metadata):
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)


def shown(data):
    return nbformat.v4.new_output(
        "display_data", data | {"image/png": png()}, metadata={"image/png": {"alt": 'a "white" box'}}
    )


def test_a_picture_becomes_a_file_with_its_alt_text_and_size(tmp_path):
    _, (cell,) = page(tmp_path, code(shown({})))
    name = re.search(r'<img src="pictures/([\w.]+)" alt="a &quot;white&quot; box" width="8" height="4"', cell.html)[1]
    with Image.open(tmp_path / "pictures" / name) as image:
        assert image.size == (8, 4) and image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("moves", [True, False])
def test_an_explorer_without_life_shows_its_still_picture(tmp_path, moves):
    lives = {"id": {"moves": moves, "picks": moves, "alive": [], "dead": ["Photo"]}}
    writer, (cell,) = page(tmp_path, code(shown({WIDGET: {"model_id": "id"}})), lives=lives)
    assert "the live notebook" in cell.html
    assert ('data-explorer="id"' in cell.html) is moves and writer.explorers == ["id"] * moves
    assert ("<noscript>" in cell.html) is moves and "<img" in cell.html


def test_a_progress_bar_is_left_out(tmp_path):
    bar = nbformat.v4.new_output("display_data", {WIDGET: {"model_id": "bar"}, "text/plain": "Training"})
    _, (cell,) = page(tmp_path, code(bar))
    assert "Training" not in cell.html


def test_checks_and_progress_name_the_live_notebook(tmp_path):
    for markup in ('<div role="status">not written yet</div>', '<div><progress value="0" max="6"></progress></div>'):
        _, (cell,) = page(tmp_path, code(nbformat.v4.new_output("display_data", {"text/html": markup})))
        assert "not written yet" not in cell.html and "the live notebook" in cell.html


def test_links_between_notebooks_lead_to_pages(tmp_path):
    _, (cell,) = page(tmp_path, nbformat.v4.new_markdown_cell("[see](03_activations.ipynb), [web](https://x.org)"))
    assert 'href="03_activations.html"' in cell.html and 'href="https://x.org"' in cell.html


def test_each_heading_has_an_id_of_its_own(tmp_path):
    writer, _ = page(tmp_path, *[nbformat.v4.new_markdown_cell("## C1 · A *new* title") for _ in range(3)])
    assert [each.id for each in writer.headings] == [
        "c1-a-new-title",
        "c1-a-new-title-more",
        "c1-a-new-title-more-more",
    ]


def test_code_is_coloured_and_escaped(tmp_path):
    _, (cell,) = page(tmp_path, code(source="assert 1 < 2  # <b>"))
    assert '<span class="k">assert</span>' in cell.html and "&lt;b&gt;" in cell.html and "<b>" not in cell.html


def test_a_deck_follows_the_slide_metadata(tmp_path):
    kinds = ["slide", None, "notes", "fragment", "skip", "slide"]
    made = [
        code(source=str(at), **({"slideshow": {"slide_type": each}} if each else {})) for at, each in enumerate(kinds)
    ]
    deck = slides(page(tmp_path, *made)[1])
    assert [[each.slide for each in slide.parts] for slide in deck] == [["slide", "", "fragment"], ["slide"]]
    assert [len(slide.notes) for slide in deck] == [1, 0]


# ---------------------------------------------------------------- what the build depends on


def test_a_notebook_runs_again_when_a_cell_changes_and_not_for_its_outputs(tmp_path):
    path = tmp_path / "a.ipynb"

    def digest(*cells):
        nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), path)
        return run.digest(path)

    assert digest(code()) == digest(code(shown({})))
    assert digest(code()) != digest(code(source="x = 2"))


def test_packages_are_pinned_and_no_lock_file_is_asked_for():
    asked = json.loads(packages.PINNED.read_text())
    for version in (asked["dependencies"] | asked["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert not list((ROOT / "tools" / "site").rglob("*lock*"))


def test_the_sites_own_files_name_no_address_outside():
    folder = ROOT / "tools" / "site"
    files = [folder / "static" / name for name in OWN] + list((folder / "templates").iterdir())
    assert len(files) > len(OWN)
    for file in files:
        assert not re.search(r"(https?:)?//\w+\.\w", file.read_text()), file.name


def test_explorers_show_what_the_library_computes_after_they_were_prepared():
    lab = widgets.convolution_lab()
    prepare(lab)
    maps = lab.view.arrays["maps"]
    expected = filters.correlate(lab.grey, filters.KERNELS["box_blur"].weights, padding=4)
    names = list(filters.KERNELS)
    found = np.frombuffer(maps[names.index("box_blur")]["data"], maps[0]["dtype"]).reshape(expected.shape)
    assert np.allclose(found, expected, atol=1e-3)
