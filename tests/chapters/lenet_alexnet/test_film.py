"""A training watched with its filters: what is kept of it, what is drawn of it, and that watching changes nothing."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from lecture_lib.chapters.lenet_alexnet.film import film
from lecture_lib.chapters.lenet_alexnet.filmed_run import FilmedRun
from lecture_lib.experiments import Run
from lecture_lib.explore import progress, watch
from lecture_lib.layers import Conv2d, Flatten, Linear, MaxPool2d
from lecture_lib.models import Sequential
from lecture_lib.shapes import ShapeError
from lecture_lib.training import evaluate

rng = np.random.default_rng(0)
X = rng.normal(size=(40, 1, 8, 8)).astype(np.float32)
LABELS = np.arange(40) % 3
PICTURE = X[0, 0]


def net():
    return Sequential({"C1": Conv2d(1, 4, 3), "S2": MaxPool2d(2), "flatten": Flatten(), "out": Linear(36, 3)}).init(0)


def filmed(**settings):
    usual = {"layer": "C1", "aside": (X[30:], LABELS[30:]), "frames": 7, "checks": 3, "epochs": 4, "batch_size": 5}
    return FilmedRun("small", net(), (X[:30], LABELS[:30]), **(usual | settings))


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, with its later versions; every refresh shows."""
    things = []

    class Handle:
        def update(self, thing):
            things.append(thing)

    def display(thing, **_):
        things.append(thing)
        return Handle()

    monkeypatch.setattr(progress, "display", display)
    monkeypatch.setattr(progress, "EVERY", 0.0)
    return things


def moments(explorer):
    return len(explorer.array("epochs"))


def finished():
    """A film of a training that is over."""
    run = filmed()
    list(run)
    return film(run, PICTURE)


EXAMPLES = {"film": finished}


def test_a_film_changes_nothing_of_the_training():
    film = filmed()
    alone = Run("small", net(), (X[:30], LABELS[:30]), epochs=4, batch_size=5)
    assert [record[:6] for record in film] == [record[:6] for record in alone]
    for name, parameter in alone.net.parameters().items():
        assert np.array_equal(parameter.value, film.net.parameters()[name].value)


def test_frames_are_copies_of_the_weights_at_their_step():
    film, other = filmed(), Run("small", net(), (X[:30], LABELS[:30]), epochs=4, batch_size=5)
    weights = {0: other.net["C1"].weight.value.copy()}
    weights |= {record.step: other.net["C1"].weight.value.copy() for record in other}
    list(film)
    assert [frame.step for frame in film.frames] == [0, 4, 8, 12, 16, 20, 24]
    for frame in film.frames:
        assert np.array_equal(frame.weights, weights[frame.step])
    assert [np.isnan(frame.accuracy) for frame in film.frames] == [False, True, True, False, True, True, False]
    assert film.frames[-1].accuracy == evaluate(film.net, (X[30:], LABELS[30:])).accuracy


def test_a_short_run_has_a_frame_for_each_step():
    film = filmed(epochs=1, batch_size=15, frames=60)
    list(film)
    assert [frame.step for frame in film.frames] == [0, 1, 2]


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"layer": "C9"}, ValueError, "C9"),
        ({"layer": "S2"}, ValueError, "layer='S2': must be a layer with weights, not a MaxPool2d"),
        ({"frames": 1}, ShapeError, "frames=1"),
        ({"checks": 1}, ShapeError, "checks=1"),
        ({"frames": 2.5}, TypeError, "frames=2.5"),
    ],
)
def test_a_film_that_cannot_be_made_says_why(settings, error, words):
    with pytest.raises(error, match=words):
        filmed(**settings)


def test_the_explorer_shows_the_filters_and_scipys_maps_of_every_moment(shown):
    run = filmed()
    explorer = film(run, PICTURE)
    watch(run, explorer)
    filters, maps = (explorer.array(name) for name in ("filters", "answers"))
    assert filters.shape == (7, 7, 7)  # two by two filters of 3 × 3, with a line between
    assert maps.shape == (7, 13, 13)
    most = max(np.abs(frame.weights).max() for frame in run.frames)
    largest = max(np.abs(correlate2d(PICTURE, w, "valid")).max() for frame in run.frames for w in frame.weights[:, 0])
    for at, frame in enumerate(run.frames):
        corner = (filters[at, :3, :3].astype(float) - 128) / 127 * most
        assert np.allclose(corner, frame.weights[0, 0], atol=most / 200)
        last = (maps[at, 7:, 7:].astype(float) - 128) / 127 * largest
        assert np.allclose(last, correlate2d(PICTURE, frame.weights[3, 0], "valid"), atol=largest / 200)


def test_the_curves_are_those_of_the_run_and_begin_with_a_gap(shown):
    run = filmed()
    explorer = film(run, PICTURE)
    watch(run, explorer)
    loss, right, aside = (explorer.array(name) for name in ("loss", "right", "aside"))
    assert np.isnan([loss[0], right[0]]).all()
    assert np.allclose(loss[1:], run.loss_curve()[[3, 7, 11, 15, 19, 23]], rtol=1e-5)
    assert np.allclose(right[1:], 100 * (1 - run.error_curve()[[3, 7, 11, 15, 19, 23]]), rtol=1e-5)
    assert np.isclose(aside[-1], 100 * run.frames[-1].accuracy)
    assert explorer.array("epochs").tolist() == pytest.approx([0, 4 / 6, 8 / 6, 2, 16 / 6, 20 / 6, 4])


def test_after_a_stop_the_slider_goes_back_over_what_there_is_and_the_training_goes_on(shown, monkeypatch):
    run = filmed()
    explorer = film(run, PICTURE)
    assert moments(explorer) == 1
    for _ in range(9):
        next(run)
    explorer.refresh("stopped here")
    assert (moments(explorer), explorer.state) == (3, {"moment": 2, "learning": 0})
    assert explorer.sentence[0]["text"][-1] == "stopped here"
    assert explorer.sentence[0]["text"][0].startswith("Before the first step")
    assert explorer.sentence[0]["text"][1].startswith("Step 4 of 24: loss ")
    watch(run, explorer)
    assert run.finished
    assert (moments(explorer), explorer.state["moment"]) == (7, 6)
    assert explorer.sentence[0]["text"][-1].startswith("24 steps in")
    assert len(shown) == 3 and shown[1:] == [explorer] * 2  # the bar, the film, and the film with its last picture


def test_while_it_learns_the_slider_waits(shown, monkeypatch):
    run = filmed()
    explorer = film(run, PICTURE)
    states, usual = [], type(explorer).refresh

    def refresh(self, words="", live=False):
        usual(self, words, live)
        states.append((live, *(each.when["learning"] == [self.state["learning"]] for each in self.parts["controls"])))

    monkeypatch.setattr(type(explorer), "refresh", refresh)
    watch(run, explorer)
    assert states[0] == (True, False, False)  # neither of the controls is of use
    assert states[-1] == (False, True, True)


@pytest.mark.parametrize("at", range(1, 4))
def test_an_interrupt_while_a_frame_is_kept_costs_no_frame(monkeypatch, at):
    usual, run, kept = filmed(), filmed(), FilmedRun._keep
    steps = [record.step for record in usual]

    def interrupted(self, step):
        if step == usual.moments[2 * at]:
            monkeypatch.setattr(FilmedRun, "_keep", kept)
            raise KeyboardInterrupt
        kept(self, step)

    monkeypatch.setattr(FilmedRun, "_keep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(run)
    list(run)
    assert [record.step for record in run.records] == steps
    assert [frame.step for frame in run.frames] == run.moments
    for frame, other in zip(run.frames, usual.frames, strict=True):
        np.testing.assert_array_equal(frame.weights, other.weights)


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
        (lambda: film(Run("r", net(), (X, LABELS)), PICTURE), TypeError, "must be a FilmedRun"),
        (lambda: film(filmed(layer="out"), PICTURE), ShapeError, "must be filters of one channel"),
        (lambda: film(filmed(), X[0]), ShapeError, r"picture has shape \(1, 8, 8\): must be \(H, W\)"),
        (lambda: film(filmed(), "seven"), TypeError, "picture"),
        (lambda: film(filmed(), PICTURE[:2]), ShapeError, r"picture has shape \(2, 8\): .* at least \(3, 3\)"),
        (lambda: film(filmed(), PICTURE * np.inf), ValueError, "picture holds NaN or infinity"),
        (lambda: filmed(layer="C9"), ValueError, "layer='C9': must be one of C1, S2"),
        (lambda: FilmedRun("r", None, (X, LABELS), layer="C1", aside=(X, LABELS)), TypeError, "net is a NoneType"),
        (lambda: watch(None), TypeError, "runs=None: must be an experiments.Run"),
        (lambda: watch(filmed(), 3), TypeError, "picture=3: must be an explorer with refresh"),
    ],
)
def test_what_cannot_be_watched_is_refused(shown, make, error, words):
    with pytest.raises(error, match=words):
        make()
