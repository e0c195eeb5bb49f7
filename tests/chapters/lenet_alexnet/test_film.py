"""A training watched with its filters: what is kept of it, what is drawn of it, and that watching changes nothing."""

import itertools

import numpy as np
import pytest
from scipy.signal import correlate2d

from lecture_lib.chapters.lenet_alexnet.film import film
from lecture_lib.experiments import Experiment, Run
from lecture_lib.layers import Conv2d, Flatten, Linear, MaxPool2d
from lecture_lib.models import Sequential
from lecture_lib.shapes import ShapeError
from lecture_lib.training import evaluate

rng = np.random.default_rng(0)
X = rng.normal(size=(40, 1, 8, 8)).astype(np.float32)
LABELS = np.arange(40) % 3
PICTURE = X[0, 0]
ASIDE = X[30:], LABELS[30:]


def net(channels=1):
    layers = {"C1": Conv2d(channels, 4, 3), "S2": MaxPool2d(2), "flatten": Flatten(), "out": Linear(36, 3)}
    return Sequential(layers)


def filmed(folder="nowhere", keep=None, layer="C1", **settings):
    keep = keep or {
        "filters": (7, lambda net: net[layer].weight.value),
        "aside": (3, lambda net: evaluate(net, ASIDE).accuracy),
    }
    usual = {"epochs": 4, "batch_size": 5, "keep": keep, "folder": folder}
    return Experiment("film", {"small": net}, (X[:30], LABELS[:30]), (0,), **(usual | settings))


def finished():
    """A film of a training that is over."""
    race = filmed()
    list(race.train())
    return film(race, PICTURE)


EXAMPLES = {"film": finished}


def moments(explorer):
    return len(explorer.array("epochs"))


def said(explorer):
    return explorer.sentence[0]["text"]


def test_a_film_changes_nothing_of_the_training():
    race, alone = filmed(), Run("small", net().init(0), (X[:30], LABELS[:30]), epochs=4, batch_size=5)
    assert [record[:6] for record in race.train()] == [record[:6] for record in alone]
    for name, parameter in alone.net.parameters().items():
        assert np.array_equal(parameter.value, race.runs[0].net.parameters()[name].value)


def test_frames_are_copies_of_the_weights_at_their_step():
    race, other = filmed(), Run("small", net().init(0), (X[:30], LABELS[:30]), epochs=4, batch_size=5)
    weights = {0: other.net["C1"].weight.value.copy()}
    weights |= {record.step: other.net["C1"].weight.value.copy() for record in other}
    list(race.train())
    (run,) = race.runs
    assert run.moments == {"filters": [0, 4, 8, 12, 16, 20, 24], "aside": [0, 12, 24]}
    for step, each in zip(run.moments["filters"], run.kept["filters"], strict=True):
        assert np.array_equal(each, weights[step])
    assert run.kept["aside"][-1] == evaluate(run.net, ASIDE).accuracy


def test_a_short_run_has_a_frame_for_each_step():
    race = filmed(epochs=1, batch_size=15)
    list(race.train())
    assert race.runs[0].moments["filters"] == [0, 1, 2] and len(race.runs[0].kept["filters"]) == 3


def test_the_explorer_shows_the_filters_and_scipys_maps_of_every_moment():
    explorer = finished()
    frames = explorer.run.kept["filters"]
    filters, maps = (explorer.array(name) for name in ("filters", "answers"))
    assert filters.shape == (7, 7, 7)  # two by two filters of 3 × 3, with a line between
    assert maps.shape == (7, 13, 13)
    most = max(np.abs(each).max() for each in frames)
    largest = max(np.abs(correlate2d(PICTURE, w, "valid")).max() for each in frames for w in each[:, 0])
    for at, each in enumerate(frames):
        corner = (filters[at, :3, :3].astype(float) - 128) / 127 * most
        assert np.allclose(corner, each[0, 0], atol=most / 200)
        last = (maps[at, 7:, 7:].astype(float) - 128) / 127 * largest
        assert np.allclose(last, correlate2d(PICTURE, each[3, 0], "valid"), atol=largest / 200)


def test_the_curves_are_those_of_the_run_and_begin_with_a_gap():
    explorer = finished()
    run = explorer.run
    loss, right, aside = (explorer.array(name) for name in ("loss", "right", "aside"))
    assert np.isnan([loss[0], right[0]]).all()
    assert np.allclose(loss[1:], run.loss_curve()[[3, 7, 11, 15, 19, 23]], rtol=1e-5)
    assert np.allclose(right[1:], 100 * (1 - run.error_curve()[[3, 7, 11, 15, 19, 23]]), rtol=1e-5)
    assert [np.isnan(each) for each in aside] == [False, True, True, False, True, True, False]
    assert np.isclose(aside[-1], 100 * run.kept["aside"][-1])
    assert explorer.array("epochs").tolist() == pytest.approx([0, 4 / 6, 8 / 6, 2, 16 / 6, 20 / 6, 4])


def test_a_recorded_film_is_there_at_once_and_the_same(tmp_path):
    race = filmed(tmp_path)
    list(race.train())
    race.save("the test", "2026-11-30")
    one, other = film(race, PICTURE), film(filmed(tmp_path), PICTURE)
    assert said(other)[-1].startswith("Recorded on 2026-11-30, seed 0. ") and other.state["moment"] == 6
    for name in ("filters", "answers", "loss", "aside"):
        assert np.allclose(one.array(name), other.array(name), atol=1, equal_nan=True)


def test_after_a_stop_the_slider_goes_back_over_what_there_is_and_the_training_goes_on():
    race = filmed()
    for _ in itertools.islice(race.train(), 9):
        pass
    explorer = film(race, PICTURE)
    assert (moments(explorer), explorer.state["moment"], explorer.state["training"]) == (3, 2, 0)
    assert said(explorer)[0].startswith("Before the first step")
    assert said(explorer)[1].startswith("Step 4 of 24: loss ")
    assert said(explorer)[2].startswith("Stopped at ")
    explorer.press("train")
    assert race.finished
    assert (moments(explorer), explorer.state["moment"]) == (7, 6)
    assert said(explorer)[-1].startswith("Trained here, seed 0, ")


def test_a_training_anew_begins_with_the_first_frame(monkeypatch):
    explorer = finished()
    shown, usual = [], explorer.draw
    monkeypatch.setattr("lecture_lib.explore.training.EVERY", 0.0)
    monkeypatch.setattr("lecture_lib.explore.training.SLICE", 0.0)
    monkeypatch.setattr(explorer, "draw", lambda: (usual(), shown.append(moments(explorer))))
    explorer.press("train")
    assert shown[1:] == sorted(shown[1:]) and shown[1] < 7 == shown[-1]


def test_while_it_learns_the_slider_waits():
    play, slider, *_ = finished().parts["controls"]
    for each in (play, slider):
        assert each.when == {"training": [0]} and each.why == "wait until the network has learned"


@pytest.mark.parametrize("at", range(1, 4))
def test_an_interrupt_while_a_frame_is_kept_costs_no_frame(at):
    calls = []

    def look(net):
        calls.append(1)
        if len(calls) == 2 * at + 1:
            raise KeyboardInterrupt
        return net["C1"].weight.value

    usual, run = filmed(), filmed(keep={"filters": (7, look)})
    steps = [record.step for record in usual.train()]
    with pytest.raises(KeyboardInterrupt):
        list(run.train())
    list(run.train())
    assert [record.step for record in run.runs[0].records] == steps
    for one, other in zip(run.runs[0].kept["filters"], usual.runs[0].kept["filters"], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.filterwarnings("error")
def test_a_picture_of_huge_numbers_is_drawn_without_a_warning():
    maps = film(filmed(), np.full((8, 8), 1e300)).array("answers")
    assert np.abs(maps.astype(int) - 128).max() == 127


def test_a_film_of_one_moment_has_curves_and_a_still_picture():
    explorer = film(filmed(), PICTURE)
    assert np.isnan([explorer.array("loss"), explorer.array("right")]).all()
    assert explorer._repr_mimebundle_()[0]["image/png"]


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: film(filmed().runs[0], PICTURE), TypeError, "must be an experiments.Experiment"),
        (lambda: film(filmed(keep={"filters": (3, lambda net: net["C1"].weight.value)}), PICTURE), ValueError,
         "keeps filters: must keep filters and aside"),
        (lambda: film(filmed(layer="out"), PICTURE), ShapeError, "must be filters of one channel"),
        (lambda: film(filmed(), X[0]), ShapeError, r"picture has shape \(1, 8, 8\): must be \(H, W\)"),
        (lambda: film(filmed(), "seven"), TypeError, "picture"),
        (lambda: film(filmed(), PICTURE[:2]), ShapeError, r"picture has shape \(2, 8\): .* at least \(3, 3\)"),
        (lambda: film(filmed(), PICTURE * np.inf), ValueError, "picture holds NaN or infinity"),
    ],
)  # fmt: skip
def test_what_cannot_be_watched_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
