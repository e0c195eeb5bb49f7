"""What is measured of photos and of trained nets: the numbers of the curves, counted another way."""

import numpy as np
import pytest

from lecture_lib.chapters.pooling import trainings
from lecture_lib.chapters.pooling.measured import (
    DIGITS,
    KEEP,
    PHOTO_LEVELS,
    accuracies,
    accuracy_curves,
    photo_changes,
    photo_curves,
    saved,
    say_steadier,
)
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import Conv2d
from lecture_lib.transforms import elastic, translate

EXAMPLES = {
    "photo_curves": lambda: photo_curves("bend"),
    "accuracy_curves": lambda: accuracy_curves([trainings.global_race()]),
}


@pytest.mark.parametrize(
    ("move", "change"), [("shift", lambda x: translate(x, 0, 2)), ("bend", lambda x: elastic(x, 2, rng=0))]
)
def test_the_accuracy_is_the_share_of_digits_that_the_net_names_right(move, change):
    race = trainings.global_race()
    images, labels = (each[:DIGITS] for each in load_digits("test"))
    scores = race.nets["global"][3].forward(digits_as_input(change(images)))
    assert accuracies([race], move, [2])["global"][3, 0] == pytest.approx(
        100 * (scores.argmax(axis=1) == labels).mean()
    )


def test_the_curves_are_the_means_over_the_seeds_and_the_table_says_what_is_lost(capsys):
    race = trainings.global_race()
    explorer = accuracy_curves([race])
    found = accuracies([race], "shift")
    assert np.allclose(explorer.array("y0"), found["global"].mean(axis=0).round(1))
    lost = (found["global"][:, 0] - found["global"][:, 2]).mean()
    assert f"−{lost:.1f} ± ".replace("−-", "+") in capsys.readouterr().out.splitlines()[2]


def test_what_a_net_saves_is_counted_against_the_net_of_the_same_seed(capsys):
    race = trainings.robustness_race()
    accuracy_curves([race], "bend")
    said = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()[2:]}
    for name, each in saved(accuracies([race], "bend", [0, 2])).items():
        seeds = [(n[0] - n[1]) - (k[0] - k[1]) for n, k in zip(*(
            accuracies([race], "bend", [0, 2])[kind] for kind in ("none", name)), strict=True)]  # fmt: skip
        assert np.allclose(each[:, 1], seeds)
        assert f"{np.mean(seeds):+.1f} ± {np.std(seeds, ddof=1):.1f}".replace("-", "−") in said[name]
    first = [race.nets[kind][0].state()["0.weight"].value.shape for kind in ("max", "average", "none")]
    assert len(set(first)) == 1


def test_the_net_that_forgets_where_has_three_convolutions_and_learns_longer():
    race, more = trainings.robustness_race(), trainings.global_race()
    nets = race.nets | {"global": more.nets["global"]}
    convolutions = {
        name: sum(isinstance(layer, Conv2d) for layer in each[0].layers.values()) for name, each in nets.items()
    }
    assert convolutions == {"max": 1, "average": 1, "stride": 1, "none": 1, "global": 3}
    steps = {run.name: run.steps for run in (*race.runs, *more.runs)}
    assert steps["global"] > max(steps[name] for name in steps if name != "global")


def test_nets_that_are_not_trained_are_called_so(capsys):
    race = trainings.global_race()
    race.restart()
    accuracy_curves([race])
    assert "Not all nets are trained to the end" in capsys.readouterr().out


def test_a_photo_that_does_not_move_does_not_change_and_pooling_is_steadier(capsys):
    found = photo_changes("shift")
    assert all((each[:, :, 0] == 0).all() for each in found.values())
    say_steadier()
    for line in capsys.readouterr().out.splitlines()[1:]:
        assert "   max 6 of 6, average 6 of 6, stride " in line
    assert np.allclose(photo_curves().array("y3"), found["none"].mean(axis=1).round(1))
    assert 1 in PHOTO_LEVELS["bend"]


def test_an_unknown_move_is_named_with_the_rule():
    with pytest.raises(ValueError, match="move='turn': must be one of shift, bend"):
        photo_changes("turn")


@pytest.mark.parametrize("make", trainings.TRAININGS)
def test_what_was_recorded_of_each_net_is_what_it_reads_now(make):
    race = make()
    for run in race.runs[: len(race.names)]:  # the first seed of each net
        for move, (_, look) in KEEP.items():
            assert np.allclose(run.kept[move][-1], look(run.net), atol=3), (
                "of 1,500; sums are rounded otherwise elsewhere"
            )


def test_of_a_net_that_has_kept_nothing_the_accuracy_is_measured_now():
    race = trainings.robustness_race({"max": lambda: trainings.small_net("max", 2)})
    assert race.unfit and not race.runs[0].kept["shift"]
    race.runs = race.runs[:1]
    assert accuracies([race], "shift", [0])["max"][0, 0] < 40
