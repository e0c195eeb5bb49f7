"""A training that is watched: recorded curves at once, and a button behind which everything else stays alive."""

import asyncio
import os
import signal
import threading

import numpy as np
import pytest

from lecture_lib.experiments import Experiment, Run
from lecture_lib.explore import follow, training, watch
from lecture_lib.models import mlp

DATA = np.eye(8, dtype=np.float32), np.arange(8)
NETS = {"wide": lambda: mlp([8, 16, 8]), "narrow": lambda: mlp([8, 2, 8])}
EXAMPLES = {"watch": lambda: watch(Experiment("example", NETS, DATA, seeds=(0, 1), epochs=3, batch_size=4))}


@pytest.fixture
def race(tmp_path):
    def make(nets=NETS, record=False, **settings):
        def one():
            return Experiment(
                "race", nets, DATA, folder=tmp_path, **{"seeds": (0, 1), "epochs": 60, "batch_size": 4} | settings
            )

        if record:
            trained = one()
            list(trained.train())
            trained.save("the test", "2026-11-30")
        return one()

    return make


def said(explorer):
    return "".join(part["text"] for part in explorer.sentence)


def labels(explorer):
    return [each["label"] for each in explorer.controls if each["kind"] == "press"]


def no_step(*_):
    raise AssertionError("a step that nobody asked for")


def test_watching_shows_the_recording_and_makes_no_step(race, monkeypatch):
    one = race(record=True)
    monkeypatch.setattr(Run, "__next__", no_step)
    seen = watch(one)
    assert said(seen).startswith("Recorded on 2026-11-30, seeds 0, 1. ")
    assert "wide" in said(seen) and labels(seen) == ["▶ Train here"]
    assert np.isfinite(seen.array("error")).all() and np.isfinite(seen.array("mean")).all()
    assert seen.needs_python == ("▶ Train here",)


def test_what_is_not_recorded_is_said(race):
    race(record=True)
    other = race({"wide": NETS["wide"], "new": lambda: mlp([8, 4, 8])})
    assert said(watch(other)).endswith("Not trained yet: new.")
    assert "(wide: epochs is 9 here, 60 in the recording" in said(watch(race(epochs=9)))


def test_the_curves_are_the_running_means_of_the_errors_and_their_means(race):
    one = race(record=True)
    seen = watch(one)
    for row, run in zip(seen.array("error"), one.runs, strict=True):
        steps = np.linspace(0, run.steps - 1, training.POINTS).round().astype(int)
        expected = 100 * np.maximum(run.error_curve(training.WINDOW)[steps], training.FLOOR)
        assert np.allclose(row, expected, atol=1e-4)
    assert np.allclose(seen.array("mean")[1], seen.array("error")[[1, 3]].mean(axis=0), atol=1e-4)


def test_the_axis_of_a_recording_begins_at_the_power_of_ten_below_its_curves_and_else_at_the_lowest_error_drawn(race):
    recorded, new = watch(race(record=True)), watch(race({"new": lambda: mlp([8, 4, 8])}))
    lowest = min(recorded.array(name).min() for name in ("error", "mean"))
    start = recorded.panels[0]["y"][0]
    assert 100 * training.FLOOR <= start < lowest and start in (100 * training.FLOOR, 0.01, 0.1, 1, 10)
    assert new.panels[0]["y"] == [100 * training.FLOOR, 100]


def test_nets_have_a_colour_each_and_a_logarithmic_axis_says_so(race):
    (panel,) = watch(race()).panels
    named = [trace for trace in panel["traces"] if trace["label"]]
    assert [trace["label"] for trace in named] == ["wide", "narrow"] and named[0]["colour"] != named[1]["colour"]
    thin = [trace for trace in panel["traces"] if not trace["label"]]
    assert [trace["colour"] for trace in thin] == [0, 1, 0, 1] and all(trace["width"] < 1 for trace in thin)
    assert panel["log"] == "y" and "log scale" in panel["ylabel"]


def test_of_many_curves_one_is_chosen_and_the_others_step_back(race):
    many = race({f"net {at}": (lambda: mlp([8, 4, 8])) for at in range(7)})
    seen = watch(many)
    (panel,) = seen.panels
    assert {trace["colour"] for trace in panel["traces"][:-1]} == {"line"} and panel["traces"][-1]["at"] == ["net"]
    assert "Net" in seen.lives  # also on a page without Python
    assert "one curve for each of 7 nets, the mean of 2 seeds. The chosen one is thick." in seen.about


async def until(holds):
    for _ in range(2000):
        if holds():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


def test_in_a_notebook_the_button_trains_stops_and_goes_on_and_the_loop_stays_alive(race, monkeypatch):
    monkeypatch.setattr(training, "SLICE", 0.002)
    monkeypatch.setattr(training, "EVERY", 0.0)
    one, alone = race(), race()

    async def lesson():
        seen = watch(one)
        seen.press("train")
        await until(lambda: one.done > 0.1)  # others have their turn while it trains
        assert labels(seen) == ["■ Stop"] and "left" in said(seen) and seen.state["training"] == 1
        seen.press("train")
        await until(lambda: seen.state["training"] == 0)
        assert not one.finished and said(seen).startswith("Stopped at ") and labels(seen) == ["▶ Go on"]
        done = one.done
        await asyncio.sleep(0.05)
        assert one.done == done
        seen.press("train")
        await until(lambda: seen.state["training"] == 0)
        assert one.finished and said(seen).startswith("Trained here, seeds 0, 1, ")

    asyncio.run(lesson())
    list(alone.train())
    for run, other in zip(one.runs, alone.runs, strict=True):
        assert [record[:6] for record in run.records] == [record[:6] for record in other.records]


def test_outside_of_a_notebook_the_button_trains_to_the_end(race):
    one = race()
    watch(one).press("train")
    assert one.finished and not one.recorded


def test_after_a_training_the_recording_can_be_seen_again(race):
    one = race(record=True)
    seen = watch(one)
    seen.press("train")
    assert labels(seen) == ["▶ Train here", "Show the recording"]
    seen.press("record")
    assert one.recorded and said(seen).startswith("Recorded on") and labels(seen) == ["▶ Train here"]


def test_all_nets_grow_side_by_side(race, monkeypatch):
    monkeypatch.setattr(training, "EVERY", 0.0)
    one, reached = race(), []
    seen = watch(one)
    usual = seen.update
    monkeypatch.setattr(
        seen, "update", lambda **parts: (usual(**parts), reached.append([len(r.records) for r in one.runs]))
    )
    seen.press("train")
    assert all(max(each) - min(each) <= 1 for each in reached)


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_of_the_kernel_stops_between_two_steps(race, monkeypatch):
    one, usual = race(), Run.__next__

    def press(self):
        record = usual(self)
        if sum(len(run.records) for run in one.runs) == 9:
            os.kill(os.getpid(), signal.SIGINT)
        return record

    monkeypatch.setattr(Run, "__next__", press)
    before = signal.getsignal(signal.SIGINT)
    seen = watch(one)
    seen.press("train")
    assert signal.getsignal(signal.SIGINT) is before
    assert sum(len(run.records) for run in one.runs) == 9 and said(seen).startswith("Stopped at")
    seen.press("train")
    assert one.finished and not any(run.problem for run in one.runs)


def test_a_second_interrupt_is_not_kept_waiting():
    with pytest.raises(KeyboardInterrupt), training.stop_between_steps() as asked:
        signal.raise_signal(signal.SIGINT)
        assert asked()
        signal.raise_signal(signal.SIGINT)


def test_patient_interrupts_all_wait():
    with training.stop_between_steps(patient=True) as asked:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        assert asked()


def test_beside_the_main_thread_interrupts_are_left_alone():
    seen = []

    def work():
        with training.stop_between_steps() as asked:
            seen.append(asked())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_at_the_very_last_step_stops_nothing(race, monkeypatch):
    one, usual = race(), Run.__next__

    def press(self):
        record = usual(self)
        if one.finished:
            os.kill(os.getpid(), signal.SIGINT)
        return record

    monkeypatch.setattr(Run, "__next__", press)
    seen = watch(one)
    seen.press("train")
    assert one.finished and said(seen).startswith("Trained here")


def test_nets_that_all_diverge_at_their_first_step_are_named_and_nothing_is_claimed(tmp_path):
    nowhere = np.full((8, 8), np.nan), DATA[1]
    seen = watch(Experiment("lost", {"lost": NETS["wide"]}, nowhere, [0], epochs=2, folder=tmp_path))
    seen.press("train")
    assert seen.problem.startswith("lost, seed 0: step 1 of 2")
    assert "Wrong in" not in said(seen)


def test_five_nets_look_different_and_the_seeds_of_one_alike(race):
    (panel,) = watch(race({f"net {at}": (lambda: mlp([8, 8])) for at in range(5)})).panels
    colours = [trace["colour"] for trace in panel["traces"]]
    assert colours[:5] == colours[5:10] == colours[10:] and len(set(colours[:5])) == 5


def test_of_many_trainings_that_end_early_each_net_is_named_once(race):
    one = race({name: lambda: mlp([8, 4, 8]) for name in ("first", "second", "third")})
    for run, problem in zip(one.runs, ("lost", "", "lost", "lost", "", ""), strict=True):
        run.problem = problem
    ended = [run.name for run in one.runs if run.problem]
    seen = watch(one)
    seen._show()
    assert seen.problem.startswith("3 of 6 trainings ended early (") and seen.problem.endswith(", seed 0: lost.")
    assert all(f"{name}: {ended.count(name)} of 2" in seen.problem for name in ended)


def test_a_net_that_diverges_is_named_below_and_the_others_go_on(race):
    one = race(settings={"wide": {"optimiser": "sgd", "lr": 1e30}})
    seen = watch(one)
    seen.press("train")
    assert "wide, seed 0: step" in seen.problem and "learning rate" in seen.problem
    assert all(run.finished for run in one.runs)
    assert all(len(run.records) == run.steps for run in one.runs_of("narrow"))
    assert "wide" not in said(seen)


def test_an_error_of_a_students_function_is_said_below(race):
    broken = []
    one = race(prepare=lambda batch, rng: 1 / 0 if broken else batch)
    seen = watch(one)
    broken.append(True)
    seen.press("train")
    assert seen.problem.endswith("ZeroDivisionError: division by zero") and seen.state["training"] == 0


def test_a_cell_that_is_run_again_ends_its_training(race, monkeypatch):
    monkeypatch.setattr(training, "SLICE", 0.0)
    one = race()

    async def lesson():
        seen = watch(one)
        seen.press("train")
        await until(lambda: one.done > 0)
        seen.close()
        await asyncio.sleep(0.05)
        done = one.done
        await asyncio.sleep(0.05)
        assert one.done == done < 1

    asyncio.run(lesson())


class Shown:
    """What is displayed, and its later versions."""

    def __init__(self):
        self.things = []

    def __call__(self, thing, **_):
        self.things.append(thing)
        return self

    def update(self, thing, **_):
        self.things.append(thing)


def test_what_follows_is_made_anew_once_after_a_training(race, monkeypatch):
    page = Shown()
    monkeypatch.setattr(training, "display", page)
    one = race(record=True)
    follow(one, lambda: f"recorded: {one.recorded}")
    seen = watch(one)
    assert page.things == ["recorded: True"]
    seen.press("train")
    assert page.things == ["recorded: True", "recorded: False"]
    seen.press("record")
    assert page.things[2:] == ["recorded: True"]


def test_what_follows_waits_in_a_notebook_until_the_nets_rest(race, monkeypatch):
    page = Shown()
    monkeypatch.setattr(training, "display", page)
    monkeypatch.setattr(training, "REST", 0)
    one = race(record=True)
    follow(one, lambda: f"recorded: {one.recorded}")

    async def after(*acts):
        for act in acts:
            act()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)

    steps = one.train()
    asyncio.run(after(lambda: next(steps), one.announce, one.announce))
    assert page.things == ["recorded: True", "recorded: False"]
    asyncio.run(after(one.announce, lambda: next(steps)))  # that training will say when it ends
    assert len(page.things) == 2
    asyncio.run(after(one.announce, one.reset, one.announce))
    assert page.things[2:] == ["recorded: True"]


def test_what_make_prints_is_shown_and_an_error_after_a_training_is_said(race, monkeypatch):
    page = Shown()
    monkeypatch.setattr(training, "display", page)
    one = race(record=True)
    follow([one], lambda: print("recorded" if one.recorded else 1 / 0))
    assert page.things == [{"text/plain": "recorded"}]
    watch(one).press("train")
    assert page.things[1:] == [{"text/plain": "ZeroDivisionError: division by zero"}]


def test_what_is_no_experiment_is_named():
    for call in (lambda: follow([3], print), lambda: watch(3)):
        with pytest.raises(TypeError, match="experiment=3: must be an experiments.Experiment"):
            call()
