"""The site without a browser: what lives without Python, how it is packed, and what becomes of a notebook's cells."""

import base64
import gzip
import io
import json
import re

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.figure import Figure
from PIL import Image

from lecture_lib import data, filters
from lecture_lib.chapters.convolution.does_it_fit import does_it_fit
from lecture_lib.chapters.convolution.lab import convolution_lab
from lecture_lib.chapters.convolution.step_through import step_through
from lecture_lib.chapters.equivariance.both_ways_round import both_ways_round
from lecture_lib.chapters.equivariance.representations import representations
from lecture_lib.chapters.lenet_alexnet.layer_editor import layer_editor
from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.chapters.motivation.same_picture import same_picture
from lecture_lib.chapters.pooling.pooling_lab import pooling_lab
from lecture_lib.explore import Explorer, Numbers, Picture, Press, Slider, join
from tools.notebooks import ROOT
from tools.site import collect, run, state
from tools.site.cells import WIDGET, Writer
from tools.site.pages import OWN, slides

IMAGE = np.arange(36).reshape(6, 6)


def test_a_control_lives_unless_python_alone_answers_it():
    life = collect.life(step_through(IMAGE, np.ones((3, 3))))
    assert life["moves"] and life["lives"] == ["the steps", "Place"] and life["needs"] == []


def test_a_control_that_python_only_adds_to_lives():
    explorer = Explorer(
        "Two", "A picture.",
        indices={"first": Numbers(0, 3, python=True), "second": Numbers(0, 3), "third": Numbers(0, 3, python="also")},
        controls=[Slider(name, name.title()) for name in ("first", "second", "third")] + [Press("again", "Again")],
    )  # fmt: skip
    life = collect.life(explorer)
    assert life["lives"] == ["Second", "Third"] and life["needs"] == ["First", "Again"]


def test_what_shows_and_moves_nothing_has_no_state():
    assert collect.life(Explorer("Still", "A picture.", indices={})) == {"moves": False, "lives": [], "needs": []}


def test_what_is_collected_leaves_no_trace():
    for make in (convolution_lab, does_it_fit, layer_editor, pooling_lab, representations):
        explorer = make()
        before = explorer.get_state()
        collect.life(explorer)
        assert explorer.get_state() == before, make.__name__


def test_the_lab_keeps_kernel_stride_and_padding():
    life = collect.life(convolution_lab())
    assert life["lives"] == ["Kernel", "Stride", "Padding"] and life["moves"]
    assert {"Photo", "Border", "Dilation"} <= set(life["needs"])
    assert (
        "Weights" not in life["needs"] and "Matrix" in life["needs"]
    )  # another kernel's weights: hidden; their size: grey


@pytest.mark.parametrize("make", [same_picture, both_ways_round, representations])
def test_an_explorer_that_python_computes_has_no_life(make):
    life = collect.life(make())
    assert not life["moves"] and not life["lives"] and life["needs"]
    assert "state" not in life  # not even a place to pick in the picture, for a slider would have to follow


def test_a_walk_through_a_network_lives_without_python_and_says_that_drawing_does_not():
    life = collect.life(network_walk(digits=2))
    assert life["moves"] and not life["lives"] and {"Right", "Rotate", "Photo of a digit"} <= set(life["needs"])
    assert {"values", "weights", "biases"} <= set(life["state"]["arrays"])


def test_a_state_is_what_the_script_reads_and_says_that_python_is_away():
    life = collect.life(does_it_fit())
    script = join.script()
    assert life["state"]["alone"] is True and life["state"]["told"] == 0
    assert {name for name in life["state"] if f'"{name}"' not in script} == set()
    read = set(re.findall(r'(?:get|isNew)\("(\w+)"\)', script)) | {
        "indices",
        "controls",
        "panels",
        "slide",
        "flat",
        "sentence",
    }
    assert read <= set(life["state"])


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
    lives = {str(at): collect.life(step_through(IMAGE, np.ones((3, 3)))) for at in range(2)}
    packed, once = state.pack(lives), state.pack({"0": lives["0"]})
    assert len(packed["bytes"]) == len(once["bytes"])
    found = packed["states"]["1"]
    at, length, width = found["arrays"]["padded"]["data"]["$"]
    items = np.frombuffer(packed["bytes"][at : at + length], np.uint8).reshape(width, -1).T.tobytes()
    assert np.array_equal(np.frombuffer(items, found["arrays"]["padded"]["dtype"]).reshape(6, 6), IMAGE)
    assert "_esm" not in found and "_css" not in found


def test_equal_bytes_of_other_widths_are_shuffled_each_in_its_own_way():
    buffers = state.Buffers()
    data = bytes(range(8))
    places = [buffers.add(data, width) for width in (1, 4, 1)]
    assert places == [[0, 8, 1], [8, 8, 4], [0, 8, 1]]
    assert b"".join(buffers.parts) == data + state.shuffled(data, 4)


def unpacked(colours):
    """What a browser makes of a photo that was packed."""
    with Image.open(io.BytesIO(state.as_picture(colours))) as image:
        return np.asarray(image.convert("RGB"))


def test_a_photo_is_packed_small_and_looks_the_same():
    photo = data.resize(data.load_photo("chelsea"), 224)
    assert len(state.as_picture(photo)) < photo.size / 15
    far = unpacked(photo) - photo.astype(float)
    assert np.sqrt(np.square(far).mean()) < 6 and np.abs(far.mean(axis=(0, 1))).max() < 1


def test_colours_that_change_from_pixel_to_pixel_are_packed_as_they_are_and_where_they_are_many_nearly():
    noise = np.random.default_rng(0).integers(0, 256, (200, 100, 3), dtype=np.uint8)
    noise[:50] = 128
    assert np.array_equal(unpacked(noise[:100, :50]), noise[:100, :50])
    found = unpacked(noise)
    assert 0 < np.abs(found - noise.astype(int)).max() <= state.COARSE // 2 + 1
    assert (found[:50] == 128).all()  # grey, which stands for 0, stays


def test_photos_are_packed_as_pictures_and_all_else_byte_by_byte():
    photo = data.resize(data.load_photo("coffee"), 60)
    arrays = {
        name: {"dtype": "uint8", "role": role, "shape": photo.shape}
        for name, role in (("photo", "rgb"), ("map", "image"))
    }
    lives = {"one": {"state": {"arrays": arrays}, "buffers": [
        [["arrays", name, "data"], base64.b64encode(photo.tobytes()).decode()] for name in arrays
    ]}}  # fmt: skip
    packed = state.pack(lives)
    found = packed["states"]["one"]["arrays"]
    (at, length, _), (to, size, _) = found["photo"]["data"]["$picture"], found["map"]["data"]["$"]
    assert packed["bytes"][at : at + length] == state.as_picture(photo)
    assert packed["bytes"][to : to + size] == photo.tobytes()


def test_the_script_holds_states_and_bytes():
    packed = state.pack({"one": collect.life(does_it_fit())})
    text = state.script(packed).decode("utf-16")
    found = re.fullmatch(r'lectureData\((\d+), "(.*?)", (\d+), "(.*?)"\);\n', text)
    states, data = (gzip.decompress(restored(found[at + 1], int(found[at]))) for at in (1, 3))
    assert json.loads(states) == packed["states"] and data == packed["bytes"]


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


def test_a_picture_for_dark_pages_comes_along_and_is_fetched_when_it_is_seen(tmp_path):
    picture = Picture(Figure((1, 1)), "a box")
    data, _ = picture._repr_mimebundle_()
    _, (cell,) = page(tmp_path, code(shown({"text/html": data["text/html"]})))
    light, dark = re.findall(r'<img class="lecture-(?:light|dark)" src="pictures/([\w.]+)"', cell.html)
    with Image.open(tmp_path / "pictures" / dark) as image:
        assert image.convert("RGB").getpixel((0, 0)) == (0x11, 0x11, 0x11)
    assert light != dark and cell.html.count('loading="lazy"') == 2 and "base64" not in cell.html


@pytest.mark.parametrize("moves", [True, False])
def test_an_explorer_without_life_shows_its_still_picture(tmp_path, moves):
    lives = {"id": {"moves": moves, "lives": [], "needs": ["Photo"]}}
    writer, (cell,) = page(tmp_path, code(shown({WIDGET: {"model_id": "id"}})), lives=lives)
    assert "the live notebook" in cell.html
    assert ('data-explorer="id"' in cell.html) is moves and writer.explorers == ["id"] * moves
    assert ("<noscript>" in cell.html) is moves and "<img" in cell.html


def test_a_live_curve_shows_how_the_training_ended(tmp_path):
    lives = {"id": {"moves": False, "lives": [], "needs": []}}
    _, (cell,) = page(tmp_path, code(shown({WIDGET: {"model_id": "id"}})), lives=lives)
    assert "<img" in cell.html and "In the live notebook this picture grows" in cell.html


def test_a_slider_of_ones_own_names_the_live_notebook(tmp_path):
    own = nbformat.v4.new_output("display_data", {WIDGET: {"model_id": "own"}, "text/plain": "interactive(…)"})
    _, (cell,) = page(tmp_path, code(own))
    assert "interactive" not in cell.html and "needs the live notebook" in cell.html


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


def folded(source, *outputs):
    return code(*outputs, source=source, tags=["fold"])


def test_folded_code_stands_closed_below_what_it_shows_with_its_title_and_length(tmp_path):
    _, (cell,) = page(tmp_path, folded("# Measure: how often\nx = 1\ny = 2", shown({})))
    assert "<img" in cell.html and "x = " not in cell.html and "Measure" not in cell.html
    fold = BeautifulSoup(cell.fold, "html.parser").details
    assert "open" not in fold.attrs and fold.summary.get_text() == "Code Measure: how often 2 lines"
    assert fold.pre.get_text().strip() == "x = 1\ny = 2"


def test_of_a_single_call_only_what_it_shows_is_left(tmp_path):
    _, (cell,) = page(tmp_path, folded('guess("C1")', shown({})))
    assert "<img" in cell.html and "guess" not in cell.html + cell.fold


def test_checks_are_for_maintainers_alone(tmp_path):
    assert page(tmp_path, code(source="assert x == 1", tags=["check"]))[1] == []


def texts(*sources):
    return [nbformat.v4.new_markdown_cell(each) for each in sources]


def test_a_deeper_part_goes_to_the_next_heading(tmp_path):
    _, made = page(
        tmp_path, *texts("## One", "### Deeper: why", "more"), code(), *texts("### Deeper: how", "### Two", "end")
    )
    assert [cell.deeper for cell in made] == ["", "deeper-why", "deeper-why", "deeper-why", "deeper-how", "", ""]
    assert made[1].html == '<summary><h3 id="deeper-why">Deeper: why</h3><small class="minutes"></small></summary>'


def test_number_and_minutes_stand_above_the_title(tmp_path):
    writer, (first, second) = page(
        tmp_path, *texts("## C1 · Nine *numbers*\n*6 minutes.* One sentence.", "# A\n*1 minute.*")
    )
    above, title, text = BeautifulSoup(first.html, "html.parser").find_all(["p", "h2"])
    assert above["class"] == ["minutes"] and above.get_text() == "C1 · 6 minutes"
    assert (title["id"], title.get_text(), text.get_text().strip()) == (
        "c1-nine-numbers",
        "Nine numbers",
        "One sentence.",
    )
    assert BeautifulSoup(second.html, "html.parser").get_text(" ").split() == ["1", "minute", "A"]
    assert writer.headings[0].html == "C1 · Nine <em>numbers</em>"


def test_the_minutes_of_a_deeper_part_stand_beside_its_title(tmp_path):
    _, (cell,) = page(tmp_path, *texts("### Deeper: why\n*2 minutes.* Because."))
    soup = BeautifulSoup(cell.html, "html.parser")
    assert soup.summary.small.get_text() == "2 minutes" and soup.find("p").get_text().strip() == "Because."


def test_a_deck_shows_no_folded_code(tmp_path):
    (slide,) = slides(page(tmp_path, *texts("# One"), folded("# Set up\nx = 1"), folded("# Draw\nx = 1", shown({})))[1])
    assert [part.kind for part in slide.parts] == ["markdown", "code"] and "x = " not in slide.parts[1].html


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


def test_the_sites_own_files_name_no_address_outside():
    folder = ROOT / "tools" / "site"
    files = [folder / "static" / name for name in OWN] + [
        each for each in (folder / "templates").rglob("*") if each.is_file()
    ]
    assert len(files) > len(OWN)
    for file in files:
        text = file.read_text().replace(
            '"http://www.w3.org/2000/svg"', ""
        )  # the name of a namespace, which nobody asks for
        assert not re.search(r"(https?:)?//\w+\.\w", text), file.name


def test_explorers_show_what_the_library_computes_after_they_were_collected():
    life = collect.life(convolution_lab())
    expected = filters.correlate(
        data.resize(data.to_grey(data.load_photo("camera")), 112), filters.KERNELS["box_blur"].weights, padding=4
    )
    at = list(filters.KERNELS).index("box_blur")
    encoded = next(encoded for path, encoded in life["buffers"] if path == ["arrays", "maps", at, "data"])
    found = np.frombuffer(base64.b64decode(encoded), life["state"]["arrays"]["maps"][at]["dtype"]).reshape(
        expected.shape
    )
    assert np.allclose(found, expected, atol=1e-3)


def test_each_slide_of_a_deck_with_acts_knows_its_act(tmp_path):
    tags = [[], ["act"], [], ["act"], []]
    cells = [
        nbformat.v4.new_markdown_cell(f"## Slide {at}", metadata={"slideshow": {"slide_type": "slide"}, "tags": each})
        for at, each in enumerate(tags)
    ]
    made = slides(Writer({}, tmp_path, "").cells(nbformat.v4.new_notebook(cells=cells)))
    assert [each.act for each in made] == [1, 1, 1, 2, 2]
    del cells[1].metadata.tags[0], cells[3].metadata.tags[0]
    assert {each.act for each in slides(Writer({}, tmp_path, "").cells(nbformat.v4.new_notebook(cells=cells)))} == {0}
