"""What the races have shown: recorded ones, and ones that nobody has trained."""

import math

import numpy as np
import pytest

from lecture_lib.chapters.activations import trainings
from lecture_lib.chapters.activations.results import (
    advice,
    best_revived,
    draw_epochs,
    epochs_of,
    flat_before_training,
    health,
    health_table,
    learned_slopes,
    ratio_of,
    times,
)

RACE = trainings.activation_race()
EXAMPLES = {"learned_slopes": lambda: learned_slopes(trainings.prelu_training())}


def test_the_race_was_run_with_the_rates_that_had_the_fewest_errors_with_another_seed():
    search, wrong = trainings.rate_search(), {}
    for run in search.runs:
        title, rate = run.name.rsplit(", ", 1)
        assert run.finished
        if not run.problem:
            wrong.setdefault(title, {})[float(rate)] = np.mean([1 - record.accuracy for record in run.records])
    assert not set(search.seeds) & set(RACE.seeds) and len(trainings.RATES) == 5
    declared = {name: each for (name, _), each in RACE.recording.declared.items()}
    assert {name: each["lr"] for name, each in declared.items()} == {
        name: min(found, key=found.get) for name, found in wrong.items()
    }
    epochs = {name: each["epochs"] for name, each in declared.items()}
    assert epochs == dict.fromkeys(RACE.names, 4) | {"Sigmoid": 6}


def test_a_ratio_is_that_of_the_means():
    epochs = epochs_of(RACE)
    assert ratio_of(RACE, "Sigmoid") == (pytest.approx(np.mean(epochs["Sigmoid"]) / np.mean(epochs["ReLU"])), False)
    assert times(RACE, "ReLU") == "1.0 times"


def test_who_has_not_come_there_has_taken_all_its_epochs_at_least():
    raw = trainings.raw_race()
    assert not np.isfinite(epochs_of(raw)["Tanh"]).all()
    assert ratio_of(raw, "Tanh") == (pytest.approx(4 / np.mean(epochs_of(raw)["ReLU"])), True)
    assert times(raw, "Tanh").startswith("at least ")


def test_another_name_in_the_race_is_not_measured_yet_and_draws():
    race = trainings.activation_race(["sigmoid", "tanh", "relu", "leaky_relu", "mish"])
    assert epochs_of(race)["Mish"] == [math.inf] * 5
    assert times(race, "Mish") == times(race, "ELU") == "not measured"
    assert times(race, "Sigmoid") == times(RACE, "Sigmoid")
    assert "Mish: not trained yet" in draw_epochs(race).alt
    assert "Tanh, raw pixels: 5 of 5 not yet after 4 epochs" in draw_epochs(RACE, trainings.raw_race()).alt


def test_without_relu_nothing_is_compared_with_it():
    assert times(trainings.activation_race(["tanh", "elu"]), "Tanh") == "not measured"


def test_rates_that_diverge_are_no_error():
    race = trainings.activation_race(["relu"], {"ReLU": 1e6})
    run = race.runs[0]
    for _ in run:
        pass
    assert run.problem and times(race, "ReLU") == "not measured" and draw_epochs(race)
    hot = trainings.hot_race([0.03, 1e6])
    for run in hot.runs:
        for _ in run:
            pass
    assert health_table(trainings.hot_race([0.05])).lines[1] == ["lr 0.05", "not trained yet", ""]
    assert [row[:2] for row in health_table(hot).lines[2:]] == [["lr 1e+06", "5 of 5 diverged"]]
    assert set(health(hot)) == {"lr 0.03"}


def test_raw_pixels_saturate_tanh():
    flat = flat_before_training("tanh")
    assert flat["raw pixels"] > 0.5 > flat["scaled pixels"]
    assert flat_before_training("elu")["raw pixels"] > 0  # any activation can be asked


def test_the_advice_says_what_was_not_measured():
    hot = trainings.hot_race()
    table = advice(RACE, trainings.raw_race(), hot, trainings.revival_race(hot), 2.0)
    assert [row[2] for row in table.lines[1:]] == [
        "with raw pixels",
        "agrees",
        "for dead units",
        "not measured",
        "not told apart",
        "agrees",
    ]
    other = trainings.hot_race([0.05, 0.5])
    table = advice(
        trainings.activation_race(["mish", "relu"]),
        trainings.raw_race(),
        other,
        trainings.revival_race(other),
        2.0,
    )
    assert [row[2] for row in table.lines[1:]] == [
        "with raw pixels",
        "not measured",
        "not measured",
        "not measured",
        "not measured",
        "not measured",
    ]


def test_of_each_slope_the_net_counts_that_reads_most():
    revival = trainings.revival_race()
    for slope in trainings.REVIVED:
        rows = {name: read.mean() for name, (_, read) in health(revival).items() if f"α = {slope:g} at" in name}
        assert rows[best_revived(revival, slope)] == max(rows.values())
    assert best_revived(trainings.revival_race(trainings.hot_race([0.05])), 0.0) is None


def test_what_is_kept_is_what_the_nets_give():
    hot = trainings.hot_race()
    for name, (dead, read) in health(hot).items():
        for net, share, digits in zip(hot.nets[name], dead, read, strict=True):
            assert trainings.dead_share(net) == pytest.approx(share, abs=0.01)  # weights are recorded rounded
            assert trainings.right(net) == pytest.approx(digits, abs=0.01)


def test_one_slope_stands_out_and_is_said():
    explorer = learned_slopes(trainings.prelu_training())
    paths = explorer.array("paths")
    assert paths.shape == (8, 181) and (paths[:, 0] == 0.25).all()
    far = int(np.abs(paths[:, -1] - 0.25).argmax())
    assert explorer.state["channel"] == far
    assert f"to {paths[far, -1]:.2f}".rstrip("0") in explorer.sentence[1]["text"][far]


def test_test_digits_are_no_training_digits():
    images, labels = trainings.test_digits()
    assert images.shape == (500, 28, 28) and len(labels) == 500


def test_a_net_of_which_a_seed_diverged_says_so_and_is_never_the_best():
    revival = trainings.revival_race()
    lost = {name: sum(bool(run.problem) for run in revival.runs_of(name)) for name in revival.names}
    rows = {row[0]: row[1] for row in health_table(revival).lines[1:]}
    assert any(lost.values()) and set(health(revival)) == {name for name in lost if not lost[name]}
    assert all(rows[name].startswith(f"{lost[name]} of 5 diverged") for name in lost if lost[name])


@pytest.mark.parametrize("race", [trainings.activation_race, trainings.raw_race])
def test_maxout_with_lines_that_nobody_learned_is_not_raced(race):
    with pytest.raises(ValueError, match="maxout.*would stay fixed"):
        race(["relu", "maxout"])
