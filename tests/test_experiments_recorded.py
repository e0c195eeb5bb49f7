"""Recorded first, trained when asked: what stands for a declaration, and races that stop, go on and run side by side."""

import itertools

import numpy as np
import pytest

from lecture_lib.experiments import Experiment, Run
from lecture_lib.layers import StateError
from lecture_lib.models import mlp
from lecture_lib.storage import StorageError
from lecture_lib.training import evaluate
from tests.experiments_cases import DATA, LABELS, NETS, X, same, values, without_time

SETTINGS = {"seeds": (0, 1), "epochs": 3, "batch_size": 12, "lr": 0.01}


@pytest.fixture
def race(tmp_path):
    """Makes a race whose recording lies in a folder of the test's own."""

    def make(nets=NETS, data=DATA, **settings):
        return Experiment("race", nets, data, folder=tmp_path, **{**SETTINGS, **settings})

    return make


@pytest.fixture
def recorded(race):
    one = race()
    assert len(list(one.train())) == one.runs[0].steps * len(one.runs)
    one.save("the test", "2026-11-30")
    return one


def test_what_is_not_recorded_is_not_trained_and_says_so(race):
    one = race()
    assert one.recording is None and one.unfit == ["relu: not recorded", "tanh: not recorded"]
    assert not one.finished and one.done == 0 and not any(run.records for run in one.runs)


def test_a_recording_stands_for_its_declaration_with_records_and_weights(race, recorded):
    again = race()
    assert again.recorded and again.finished and again.unfit == []
    assert (again.recording.command, again.recording.date) == ("the test", "2026-11-30")
    for one, other in zip(recorded.runs, again.runs, strict=True):
        for record, back in zip(one.records, other.records, strict=True):
            assert back[:3] == record[:3] and back[3:] == pytest.approx(record[3:], rel=1e-6)
        assert all(np.allclose(values(other.net)[at], each, atol=1e-3) for at, each in values(one.net).items())
        assert evaluate(other.net, DATA).accuracy == pytest.approx(evaluate(one.net, DATA).accuracy, abs=0.021)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lr": 0.02}, "lr is 0.02 here, 0.01 in the recording"),
        ({"schedule": "cosine"}, "schedule is cosine here, constant in the recording"),
        ({"data": (X[::-1], LABELS)}, "samples: not the same"), ({"data": (X, LABELS[::-1])}, "labels: not the same"),
        ({"prepare": lambda x, rng=None: 2 * x}, "prepare: not the same"),
        ({"nets": {name: lambda: mlp([6, 9, 4]) for name in NETS}}, "net: not the same"),
        ({"nets": {name: lambda: mlp([6, 8, 4], gain=1.0) for name in NETS}}, "net: not the same"),
    ],
)  # fmt: skip
def test_a_recording_of_something_else_is_refused_in_words(race, recorded, change, words):
    other = race(**change)
    assert not any(run.records for run in other.runs)
    assert words in other.unfit[0]


def test_defaults_that_are_written_out_and_rounding_change_nothing(race, recorded):
    assert race(optimiser="adam", schedule="constant", data=(X + 1e-7, LABELS)).unfit == []


def test_a_name_that_is_not_recorded_is_not_trained_yet_and_the_others_stand(race, recorded):
    other = race({"relu": NETS["relu"], "mish": lambda: mlp([6, 8, 4], "mish")}, seeds=(0, 1, 2))
    assert other.unfit == ["mish: not recorded", "relu, seed 2: not recorded"]
    assert [(run.name, run.seed) for run in other.runs if run.finished] == [("relu", 0), ("relu", 1)]
    steps = sum(run.steps for run in other.runs if not run.finished)
    assert len(list(other.train())) == steps and other.finished  # what is missing, and nothing else


def test_a_damaged_recording_is_named(race, recorded):
    recorded.path.write_bytes(recorded.path.read_bytes()[:-300])
    with pytest.raises(StorageError, match="damaged"):
        race()


def test_weights_that_were_not_kept_are_asked_for_in_words(race, recorded):
    recorded.save("the test", "2026-11-30", weights=False)
    net = race().nets["relu"][0]
    with pytest.raises(StateError, match=r"call init\(rng\)"):
        net.forward(X)


def test_only_what_has_finished_is_recorded(race):
    one = race()
    next(one.train())
    with pytest.raises(ValueError, match="has not finished"):
        one.save("the test", "2026-11-30")


def test_side_by_side_and_with_stops_the_numbers_are_those_of_each_alone(race):
    one, steps = race(settings={"tanh": {"epochs": 5}}), 0
    for stop in (0, 1, 7, 8, 20):
        steps += sum(1 for _ in itertools.islice(one.train(), stop))
    steps += sum(1 for _ in one.train())
    assert steps == sum(run.steps for run in one.runs)
    for run in one.runs:
        epochs = 5 if run.name == "tanh" else 3
        alone = Run("", NETS[run.name]().init(run.seed), DATA, run.seed, epochs=epochs, batch_size=12, lr=0.01)
        assert without_time(alone) == without_time(run.records) and same(values(alone.net), values(run.net))


def test_no_run_is_ever_more_than_a_step_ahead_of_its_share(race):
    one = race(settings={"tanh": {"epochs": 6}})
    for _ in one.train():
        shares = [len(run.records) / run.steps for run in one.runs]
        assert max(shares) - min(shares) <= max(1 / run.steps for run in one.runs) + 1e-9


def test_training_what_is_recorded_starts_anew_and_a_reset_goes_back(race, recorded):
    one = race()
    before = [run.records for run in one.runs]
    next(one.train())
    assert not one.recorded and sum(len(run.records) for run in one.runs) == 1
    for run in one.runs[1:]:
        assert same(values(run.net), values(NETS[run.name]().init(run.seed)))
    one.reset()
    assert one.recorded and one.finished and [run.records for run in one.runs] == before


def test_a_run_that_diverges_is_recorded_with_its_reason(race):
    hot = {"nets": {"deep": lambda: mlp([6, 8, 8, 4])}, "optimiser": "sgd", "lr": 1e30, "epochs": 20}
    wild = race(**hot)
    list(wild.train())
    wild.save("the test", "2026-11-30")
    again = race(**hot)
    assert again.finished and [run.problem for run in again.runs] == [run.problem for run in wild.runs]
    assert all("the loss is" in run.problem for run in again.runs)


def test_what_is_kept_of_a_net_at_moments_is_recorded(race):
    keep = {"bias": (4, lambda net: list(net.state().values())[-1].value)}
    one = race({"relu": NETS["relu"]}, keep=keep)
    list(one.train())
    one.save("the test", "2026-11-30")
    again = race({"relu": NETS["relu"]}, keep=keep)
    for run, back in zip(one.runs, again.runs, strict=True):
        assert back.moments["bias"] == [0, 4, 8, 12] and len(back.kept["bias"]) == 4
        assert np.allclose(back.kept["bias"], run.kept["bias"])
        assert not np.array_equal(run.kept["bias"][0], run.kept["bias"][-1])


def test_of_one_moment_it_is_the_last_that_is_kept(race):
    last = race({"relu": NETS["relu"]}, keep={"bias": (1, lambda net: list(net.state().values())[-1].value)})
    assert all(run.moments["bias"] == [12] and not run.kept["bias"] for run in last.runs)
    list(last.train())
    for run in last.runs:
        assert np.array_equal(run.kept["bias"], [list(run.net.state().values())[-1].value])


def test_first_weights_may_be_those_of_another_net(race):
    taught = mlp([6, 8, 4]).init(7)

    def first(net, seed):
        for name, parameter in net.state().items():
            parameter.value = taught.state()[name].value.copy()
        return net

    one = race({"relu": lambda: mlp([6, 8, 4])}, first=first)
    assert all(same(values(run.net), values(taught)) for run in one.runs)
    list(one.train())
    one.save("the test", "2026-11-30")
    assert race({"relu": lambda: mlp([6, 8, 4])}, first=first).unfit == []
    assert race({"relu": lambda: mlp([6, 8, 4])}).unfit == ["relu: first weights: not the same"]


def test_every_net_meets_every_seed_and_each_seed_every_net_before_the_next(race):
    one = race(seeds=(4, 2))
    assert [(run.name, run.seed) for run in one.runs] == [("relu", 4), ("tanh", 4), ("relu", 2), ("tanh", 2)]
    for run in one.runs:
        assert same(values(run.net), values(NETS[run.name]().init(run.seed)))
    assert len({id(run.net) for run in one.runs}) == 4


def test_a_net_may_have_settings_of_its_own(race):
    own = {"tanh": {"lr": 0.5, "epochs": 4}}
    relu, tanh = race(seeds=[0], settings=own).runs
    assert tanh.steps == 4 * relu.steps_per_epoch and relu.steps == 3 * relu.steps_per_epoch
    assert next(relu).lr == 0.01 and next(tanh).lr == 0.5
    assert own == {"tanh": {"lr": 0.5, "epochs": 4}}


def test_three_seeds_are_usual(tmp_path):
    assert [run.seed for run in Experiment("usual", {"relu": NETS["relu"]}, DATA, folder=tmp_path).runs] == [0, 1, 2]


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"nets": {}}, ValueError, "nets is empty"),
        ({"seeds": ()}, ValueError, "seeds is empty"),
        ({"settings": {"elu": {}}}, ValueError, "settings='elu': must be one of relu, tanh"),
        ({"lr": -1}, ValueError, "lr=-1"),
    ],
)
def test_what_breaks_a_rule_is_named(race, settings, error, words):
    with pytest.raises(error) as caught:
        race(**settings)
    assert words in str(caught.value)


def test_one_net_for_two_runs_is_refused(race):
    net = mlp([6, 8, 4])
    for nets, seeds in (({"a": lambda: net}, (0, 1)), ({"a": lambda: net, "b": lambda: net}, (0,))):
        with pytest.raises(ValueError, match="must make a new one each time"):
            race(nets, seeds=seeds)


def test_who_asked_hears_of_other_nets_until_the_end(race):
    one, heard = race(), []
    end = one.when_trained(lambda: heard.append(1))
    one.announce()
    end()
    end()
    one.announce()
    assert heard == [1]
