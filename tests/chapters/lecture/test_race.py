"""A race: its curves and its winners are those of the trainings, and nothing of them shows before its moment."""

import numpy as np
import pytest

from lecture_lib.chapters.lecture.race import MOMENTS, WINDOW, race
from lecture_lib.experiments import Experiment
from lecture_lib.models import mlp

X = np.eye(12, dtype=np.float32)
LABELS = np.arange(12) % 3


def small(folder="nowhere"):
    nets = {"wide": lambda: mlp([12, 24, 3]), "narrow": lambda: mlp([12, 2, 3])}
    return Experiment(
        "race", nets, (X, LABELS), (0, 1), {"narrow": {"epochs": 30}}, epochs=20, batch_size=4, lr=0.1, folder=folder
    )


def finished():
    """A race that is over."""
    experiment = small()
    list(experiment.train())
    return race(experiment, 0.25)


EXAMPLES = {"race": finished}


@pytest.fixture(scope="module")
def over():
    return finished()


def test_a_net_arrives_when_its_last_20_batches_have_no_more_wrong_than_the_mark(over):
    for name, each in over.arrivals().items():
        for run, epochs in zip(over.experiment.runs_of(name), each, strict=True):
            wrong = [1 - record.accuracy for record in run.records]
            below = [at for at in range(WINDOW, len(wrong) + 1) if np.mean(wrong[at - WINDOW : at]) <= 0.25 + 1e-12]
            assert epochs == (below[0] / run.steps_per_epoch if below else np.inf)
    assert np.isfinite(over.arrivals()["wide"]).all()


def test_a_curve_is_the_mean_of_its_seeds_and_ends_with_the_shortest(over):
    epochs, wrong = over.array("epochs"), over.array("wrong")
    assert wrong.shape == (2, MOMENTS + 1) and epochs[-1] == 30
    runs = over.experiment.runs_of("wide")
    assert np.isnan(wrong[0][epochs > 20]).all() and np.isnan(wrong[:, 0]).all()
    at = int(np.flatnonzero(np.isclose(epochs, 15))[0])
    step = 15 * runs[0].steps_per_epoch
    assert wrong[0, at] == pytest.approx(max(3, 100 * np.mean([run.error_curve(WINDOW)[step - 1] for run in runs])))


def test_the_words_name_who_has_arrived_and_nobody_before(over):
    said = over.sentence[0]["text"]
    assert said[0] == "75 % right so far: nobody."
    first = min(each.mean() for each in over.arrivals().values())
    for epoch, words in zip(over.epochs, said, strict=True):
        assert ("nobody" in words) == (epoch < first - 1e-9)


def test_it_learns_here_when_asked_and_shows_all_of_it():
    explorer = race(small(), 0.25)
    assert explorer.state["moment"] == 0 and np.isnan(explorer.array("wrong")).all()
    explorer.press("train")
    assert explorer.experiment.finished and explorer.state["moment"] == 30
    assert np.array_equal(explorer.array("wrong"), finished().array("wrong"), equal_nan=True)
