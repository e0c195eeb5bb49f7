"""A training watched with its filters: what is kept of it, what is drawn of it, and that watching changes nothing."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from lecture_lib import figures, style, widgets
from lecture_lib.experiments import FilmedRun, Run
from lecture_lib.layers import Conv2d, Flatten, Linear, MaxPool2d
from lecture_lib.models import Sequential
from lecture_lib.shapes import ShapeError
from lecture_lib.training import evaluate
from lecture_lib.widgets import progress
from tests.explorers import array

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
    """Nothing is displayed; every refresh shows."""
    monkeypatch.setattr(progress, "display", lambda thing, **_: None)
    monkeypatch.setattr(progress, "EVERY", 0.0)


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
    film = widgets.film(run, PICTURE)
    widgets.watch(run, film)
    filters, maps = (array(film.view.arrays[name]) for name in ("filters", "answers"))
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
    film = widgets.film(run, PICTURE)
    widgets.watch(run, film)
    loss, right, aside = (array(film.view.arrays[name]) for name in ("loss", "right", "aside"))
    assert np.isnan([loss[0], right[0]]).all()
    assert np.allclose(loss[1:], run.loss_curve()[[3, 7, 11, 15, 19, 23]], rtol=1e-5)
    assert np.allclose(right[1:], 100 * (1 - run.error_curve()[[3, 7, 11, 15, 19, 23]]), rtol=1e-5)
    assert np.isclose(aside[-1], 100 * run.frames[-1].accuracy)
    assert array(film.view.arrays["epochs"]).tolist() == pytest.approx([0, 4 / 6, 8 / 6, 2, 16 / 6, 20 / 6, 4])


def test_after_a_stop_the_slider_goes_back_over_what_there_is_and_the_training_goes_on(shown, monkeypatch):
    run = filmed()
    film = widgets.film(run, PICTURE)
    assert film.moment.max == 0
    for _ in range(9):
        next(run)
    film.refresh("stopped here")
    assert (film.moment.max, film.moment.value, film.view.col, film.moment.disabled) == (2, 2, 2, False)
    assert film.view.texts[-1] == "stopped here"
    assert film.view.texts[0].startswith("Before the first step")
    assert film.view.texts[1].startswith("Step 4 of 24: loss ")
    widgets.watch(run, film)
    assert run.finished
    assert (film.moment.max, film.moment.value) == (6, 6)
    assert film.view.texts[-1].startswith("24 steps in")
    assert len([each for each in film.children if isinstance(each, progress._Bar)]) == 1


def test_while_it_learns_the_slider_waits(shown, monkeypatch):
    run = filmed()
    film = widgets.film(run, PICTURE)
    states, usual = [], type(film).refresh

    def refresh(self, words="", live=False):
        usual(self, words, live)
        states.append((live, self.moment.disabled, self.play.disabled))

    monkeypatch.setattr(type(film), "refresh", refresh)
    widgets.watch(run, film)
    assert states[0] == (True, True, True)
    assert states[-1] == (False, False, False)


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
    maps = array(widgets.film(filmed(), np.full((8, 8), 1e300)).view.arrays["answers"])
    assert np.abs(maps.astype(int) - 128).max() == 127


def test_a_second_watch_in_one_explorer_has_one_bar(shown):
    run = filmed()
    film = widgets.film(run, PICTURE)
    widgets.watch(run, film)
    widgets.watch(run, film)
    assert len([each for each in film.children if isinstance(each, progress._Bar)]) == 1


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: widgets.film(Run("r", net(), (X, LABELS)), PICTURE), TypeError, "must be an experiments.FilmedRun"),
        (lambda: widgets.film(filmed(layer="out"), PICTURE), ShapeError, "must be filters of one channel"),
        (lambda: widgets.film(filmed(), X[0]), ShapeError, r"picture has shape \(1, 8, 8\): must be \(H, W\)"),
        (lambda: widgets.film(filmed(), "seven"), TypeError, "picture"),
        (lambda: widgets.film(filmed(), PICTURE[:2]), ShapeError, r"picture has shape \(2, 8\): .* at least \(3, 3\)"),
        (lambda: widgets.film(filmed(), PICTURE * np.inf), ValueError, "picture holds NaN or infinity"),
        (lambda: filmed(layer="C9"), ValueError, "layer='C9': must be one of C1, S2"),
        (lambda: FilmedRun("r", None, (X, LABELS), layer="C1", aside=(X, LABELS)), TypeError, "net is a NoneType"),
        (lambda: widgets.watch(None), TypeError, "runs=None: must be an experiments.Run"),
        (lambda: widgets.watch(filmed(), 3), TypeError, "picture=3: must be an explorer with refresh"),
    ],
)
def test_what_cannot_be_watched_is_refused(shown, make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_c3s_table_is_drawn_with_sixty_crosses_in_two_shades():
    from lecture_lib.models import C3_TABLE

    ax = figures.draw_connections(C3_TABLE, 6)
    (crosses,) = ax.lines
    drawn = set(zip(*(values.astype(int).tolist() for values in crosses.get_data()), strict=True))
    assert drawn == {(k, each) for k, maps in enumerate(C3_TABLE) for each in maps}
    assert len(drawn) == 60
    assert len({patch.get_facecolor() for patch in ax.patches}) == 2
    assert style.series()[0] == crosses.get_color()
