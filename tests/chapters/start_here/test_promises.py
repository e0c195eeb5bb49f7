"""What notebook 00 promises: colours, buttons, files, and what the other notebooks say at their top."""

import itertools

import nbformat
import numpy as np

from lecture_lib import filters, practice, style
from lecture_lib.chapters import motivation
from lecture_lib.chapters.convolution import step_through
from lecture_lib.explore import watch
from lecture_lib.models import lenet5, summary
from tools.notebooks import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))


def test_behind_the_first_layer_the_maps_get_smaller_and_ten_numbers_come_out():
    shapes = [row.output_shape for row in summary(lenet5(), (1, 28, 28)).rows]
    sides = [side for side, _ in itertools.groupby(shape[1] for shape in shapes if len(shape) == 3)]
    assert sides == sorted(set(sides), reverse=True) and len(sides) >= 3 and shapes[-1] == (10,)


def test_there_are_six_notebooks_and_each_says_at_its_top_what_it_needs():
    assert len(NOTEBOOKS) == 7
    for path in NOTEBOOKS[1:]:
        cells = nbformat.read(path, as_version=4).cells[:6]
        assert any("**You need**" in cell.source for cell in cells), path.name


def test_colours_are_those_that_are_promised():
    black, blue, white, orange = np.array([[0, 0, 0], [0, 0, 255], [255, 255, 255], [255, 128, 0]])

    def nearest(role, value, limit):
        colour = style.colours(np.array([value]), role, limit)[0, :3].astype(int)
        far = {name: abs(colour - each).sum() for name, each in zip(("black", "blue", "white", "orange"), (black, blue, white, orange), strict=True)}  # fmt: skip
        return min(far, key=far.get)

    assert nearest("image", 0.0, (0.0, 255.0)) == "black"
    assert [nearest("map", value, (-1.0, 1.0)) for value in (0.0, 1.0)] == ["black", "white"]
    assert [nearest("weight", value, (-1.0, 1.0)) for value in (0.0, 1.0)] == ["white", "orange"]
    for role in ("map", "weight"):
        red, _, blue_part = style.colours(np.array([-0.75]), role, (-1.0, 1.0))[0, :3].astype(int)
        assert blue_part > 2 * red, role


def test_the_smileys_explorer_has_a_play_button():
    explorer = step_through(np.zeros((6, 7)), filters.KERNELS["emboss"].weights)
    assert "play" in {control["kind"] for control in explorer.controls}


def test_a_recorded_training_offers_to_train_here():
    labels = {control["label"] for control in watch(motivation.pooled_race()).controls}
    assert "▶ Train here" in labels


def test_progress_is_kept_beside_the_folder_of_the_notebooks(monkeypatch, tmp_path):
    monkeypatch.delenv("LECTURE_PROGRESS", raising=False)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert practice.progress.progress_file() == tmp_path / "my_progress.json"


def test_the_errata_are_where_the_link_goes():
    assert (ROOT / "ERRATA.md").is_file() and "](../ERRATA.md)" in NOTEBOOKS[0].read_text(encoding="utf-8")
