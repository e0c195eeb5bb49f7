"""What was recorded fits what the notebooks declare, comes out again when it is trained, and nothing trains unasked."""

import time

import numpy as np
import pytest

from lecture_lib import explore
from lecture_lib.experiments import RECORDINGS, Run, accuracies
from tools.make_recordings import computed, measurements, timed, trainings

TRAININGS = {name: (make, weights) for name, make, weights in trainings()}
COMPUTED = computed()
MEASURED = [pytest.param(ask, id=f"{chapter} {at}") for at, (chapter, ask) in enumerate(measurements())]


@pytest.mark.parametrize("name", TRAININGS)
def test_a_recording_fits_its_declaration_and_is_shown_without_a_step(name, monkeypatch):
    def step(*_):
        raise AssertionError("a step that nobody asked for")

    monkeypatch.setattr(Run, "__next__", step)
    race = TRAININGS[name][0]()
    assert race.name == name and race.finished and race.unfit == []
    assert race.recording.command == f"make recordings ONLY={name}"
    explore.watch(race)
    for net in (net for nets in race.nets.values() for net in nets if TRAININGS[name][1]):
        assert all(np.isfinite(array.value).all() for array in net.state().values())


def test_recordings_are_those_of_the_trainings_and_small():
    assert {path.stem for path in RECORDINGS.glob("*.npz")} == {*TRAININGS, *COMPUTED, "accuracies"}
    assert sum(path.stat().st_size for path in RECORDINGS.iterdir()) <= 12e6


@pytest.mark.parametrize("name", COMPUTED)
def test_what_was_computed_has_the_shapes_that_are_declared(name):
    arrays = COMPUTED[name].arrays()
    assert {each: array.shape for each, array in arrays.items()} == dict(COMPUTED[name].shapes)


def error_at_end(run):
    """Share that was wrong in the last quarter of the steps: steadier than the last batches."""
    return np.mean([1 - record.accuracy for record in run.records[-max(1, run.steps // 4) :]])


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in TRAININGS if not name.endswith("_rate_search")])
def test_trained_again_it_comes_out_as_recorded(name):
    """With its first seed; on another machine sums are rounded otherwise, so bounds are those of the recorded spread."""
    race = TRAININGS[name][0]()
    recorded = {each: [error_at_end(run) for run in race.runs_of(each) if not run.problem] for each in race.names}
    diverged = {run.name for run in race.runs if run.seed == race.seeds[0] and run.problem}
    race.restart()
    race.runs = [run for run in race.runs if run.seed == race.seeds[0]]
    for _ in race.train():
        pass
    assert {run.name for run in race.runs if run.problem} == diverged
    for run in (run for run in race.runs if run.name not in diverged):
        mean, spread = np.mean(recorded[run.name]), np.std(recorded[run.name])
        assert abs(error_at_end(run) - mean) <= max(4 * spread, 0.25 * mean, 0.01), run.name


def test_what_cannot_say_how_much_of_it_is_done_shows_that_it_runs(capsys):
    with timed("a name"):
        while "a name" not in capsys.readouterr().err:  # before it has ended
            time.sleep(0.05)
    assert capsys.readouterr().err.endswith(" s\n")


# Accuracies


@pytest.mark.parametrize("ask", MEASURED)
def test_what_notebooks_ask_of_recorded_nets_is_read_and_not_measured(ask, monkeypatch):
    def evaluate(*_, **__):
        raise AssertionError("measured anew: make recordings ONLY=accuracies")

    monkeypatch.setattr(accuracies, "evaluate", evaluate)
    ask()


def test_one_accuracy_of_each_chapter_is_measured_again(monkeypatch):
    """Of every hundredth; the slow test measures all."""
    asked, again = [], accuracies.evaluate
    lookup = accuracies.recorded()

    def now(net, data, prepare):
        key = accuracies._asked(net, data, prepare)
        asked.append(key)
        if len(asked) % 100 == 1:
            assert again(net, data, prepare=prepare).accuracy == pytest.approx(lookup[key], abs=1e-9), len(asked)
        return lookup[key]

    monkeypatch.setattr(accuracies, "_accuracy", now)
    for _, ask in measurements():
        ask()
    assert len(set(asked)) >= 0.9 * len(lookup)


@pytest.mark.slow
@pytest.mark.parametrize("ask", MEASURED)
def test_measured_again_the_accuracies_are_those_recorded(ask):
    """On another machine sums are rounded otherwise: a digit in a thousand may fall to the other side."""
    with accuracies.collected() as found:
        ask()
    assert found
    lookup = accuracies.recorded()
    assert max(abs(found[each] - lookup[each]) for each in found) <= 0.0051
