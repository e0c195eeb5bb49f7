"""Live curves and progress bars: what Python does while something takes a while."""

import os
import signal
import threading

import numpy as np
import pytest

from lecture_lib import style
from lecture_lib.experiments import Run, runs
from lecture_lib.explore import progress, rerun, track, watch
from lecture_lib.models import mlp
from lecture_lib.shapes import ShapeError

DATA = np.eye(8, dtype=np.float32), np.arange(8)


def some_runs(**settings):
    return runs({"wide": lambda: mlp([8, 16, 8]), "narrow": lambda: mlp([8, 2, 8])}, DATA, seeds=(0, 1),
                **({"epochs": 30, "batch_size": 4} | settings))  # fmt: skip


def said(explorer):
    """The sentence below the pictures."""
    return "".join(part["text"] for part in explorer.sentence)


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, in order; a shown thing's later versions follow it."""
    things = []

    class Handle:
        def update(self, thing):
            things.append(thing)

    def display(thing, **_):
        things.append(thing)
        return Handle()

    monkeypatch.setattr(progress, "display", display)
    return things


def test_watching_trains_every_run_to_its_end_with_the_weights_that_fit_gives(shown):
    watched, alone = some_runs(), some_runs()
    watch(watched)
    for one, other in zip(watched, alone, strict=True):
        assert [record[:6] for record in other] == [record[:6] for record in one.records]
        for name, parameter in one.net.parameters().items():
            assert np.array_equal(parameter.value, other.net.parameters()[name].value)
    assert all(run.finished for run in watched)
    assert shown[1:] == [shown[1]] * 2  # behind the bar; the second has the final still picture


def test_the_live_curve_is_the_running_mean_of_the_batches_errors(shown):
    watched = some_runs(epochs=100)
    watch(watched)
    drawn, epochs = (shown[1].array(name) for name in ("error", "epochs"))
    for row, at, run in zip(drawn, epochs, watched, strict=True):
        steps = np.rint(at * 2).astype(int)  # 8 samples in batches of 4
        expected = [100 * np.mean([1 - r.accuracy for r in run.records[max(0, step - 20) : step]]) for step in steps]
        assert np.allclose(row, np.maximum(expected, 100 * progress.FLOOR), atol=1e-4)


def test_the_bar_is_full_at_the_end_and_the_words_say_what_was_learned(shown):
    watch(some_runs())
    assert shown[0].value("done") == [1, "done"]
    assert said(shown[1]).startswith("240 steps in")
    assert "wide" in said(shown[1])


def interrupt_after(run, step, monkeypatch):
    """Press ■ while a run makes a step."""
    usual = Run.__next__

    def press(self):
        record = usual(self)
        if self is run and record.step == step:
            os.kill(os.getpid(), signal.SIGINT)
        return record

    monkeypatch.setattr(Run, "__next__", press)


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_stops_between_two_steps_and_the_same_call_goes_on(shown, monkeypatch):
    watched, alone = some_runs(), some_runs()
    interrupt_after(watched[1], 7, monkeypatch)
    before = signal.getsignal(signal.SIGINT)
    watch(watched)
    assert signal.getsignal(signal.SIGINT) is before
    assert [len(run.records) for run in watched] == [60, 7, 0, 0]
    assert "Nothing is lost" in said(shown[-1])
    watch(watched)
    assert [len(run.records) for run in watched] == [60] * 4
    for one, other in zip(watched, alone, strict=True):
        assert [record[:6] for record in other] == [record[:6] for record in one.records]


def test_a_second_interrupt_is_not_kept_waiting():
    with pytest.raises(KeyboardInterrupt), progress.stop_between_steps() as asked:
        signal.raise_signal(signal.SIGINT)
        assert asked()
        signal.raise_signal(signal.SIGINT)


def test_beside_the_main_thread_interrupts_are_left_alone():
    seen = []

    def work():
        with progress.stop_between_steps() as asked:
            seen.append(asked())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]


def test_a_run_that_diverges_is_named_and_the_others_go_on(shown):
    watched = some_runs(settings={"wide": {"optimiser": "sgd", "lr": 1e30}})
    watch(watched)
    assert "wide, seed 0: step" in shown[1].problem
    assert "learning rate" in shown[1].problem
    assert [run.finished for run in watched] == [True] * 4
    assert [len(run.records) for run in watched if run.name == "narrow"] == [60, 60]
    assert shown[0].value("done")[0] == 1


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_at_the_very_last_step_stops_nothing(shown, monkeypatch):
    watched = some_runs()
    interrupt_after(watched[-1], 60, monkeypatch)
    watch(watched)
    assert said(shown[-1]).startswith("240 steps in")
    assert shown[0].value("done")[1] == "done"


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_before_the_first_step_lets_one_step_go_and_stops(shown, monkeypatch):
    watched, curves_of = some_runs(), progress._Curves

    def press(*args):
        os.kill(os.getpid(), signal.SIGINT)
        return curves_of(*args)

    monkeypatch.setattr(progress, "_Curves", press)
    watch(watched)
    assert [len(run.records) for run in watched] == [1, 0, 0, 0]
    assert said(shown[-1]).startswith("Stopped after 1 of 240 steps.")


def test_runs_that_all_diverge_at_their_first_step_are_named_and_nothing_is_claimed(shown):
    lost = Run("lost", mlp([8, 4, 8]).init(0), (np.full((8, 8), np.nan), DATA[1]), epochs=2)
    watch([lost])
    assert shown[1].problem.startswith("lost, seed 0: step 1 of 2")
    assert said(shown[1]) == "0 steps in 0 s."
    assert shown[0].value("done")[0] == 1


def test_an_error_inside_a_run_leaves_the_others_to_the_next_call(shown):
    broken = Run("broken", mlp([8, 4, 8]).init(0), DATA, prepare=lambda batch, rng: batch if rng is None else 1 / 0)
    fine = Run("fine", mlp([8, 4, 8]).init(0), DATA)
    with pytest.raises(ZeroDivisionError):
        watch([broken, fine])
    watch([broken, fine])
    assert fine.finished and not fine.problem
    assert shown[-1].problem == "broken, seed 0: step 1 of 1 was broken off: start anew."


def test_a_run_that_is_named_twice_is_watched_once(shown):
    run, *_ = some_runs()
    watch([run, run])
    (panel,) = shown[1].panels
    assert len(panel["traces"]) == 1 and said(shown[1]).startswith("60 steps in")


def test_one_run_may_be_watched_alone(shown):
    run, *_ = some_runs()
    watch(run)
    assert run.finished and said(shown[1]).startswith("60 steps in")


def test_what_finished_runs_took_is_said_again(shown):
    run, *_ = some_runs()
    every = list(run)
    run.records[-1] = every[-1]._replace(seconds=12.0)
    watch([run])
    assert said(shown[-1]).startswith("60 steps in 12 s.")


def test_what_is_no_run_is_named():
    with pytest.raises(TypeError, match="runs holds 3: must hold experiments.Run only"):
        watch([*some_runs(), 3])


def test_watching_nothing_is_an_error():
    with pytest.raises(ShapeError, match="runs is empty"):
        watch([])


def test_tracking_gives_every_item_in_order_and_fills_the_bar(shown):
    assert list(track("abc", "Letters")) == ["a", "b", "c"]
    assert shown[0].value("done") == [1, "3 of 3"]
    assert shown[0]._repr_mimebundle_()[0]["text/plain"] == "Letters"


def test_a_cell_that_is_run_again_closes_the_bars_of_its_last_run(shown, monkeypatch):
    for run in ("run 1", "run 2"):
        parent = {"metadata": {"cellId": "cell"}, "header": {"msg_id": run}}
        monkeypatch.setattr(
            rerun, "get_ipython", lambda parent=parent: type("", (), {"get_parent": lambda _: parent})()
        )
        for _ in track("ab", "Letters"):
            break
    one, two = shown
    assert [each.comm is None for each in (one, one.layout, two)] == [True, True, False]


def looks(traces):
    return [(trace["colour"] % len(style.series()), trace["dash"]) for trace in traces]


def test_the_runs_of_one_name_look_alike_and_those_of_ten_names_do_not(shown):
    watch(runs({f"net {at}": lambda: mlp([8, 8]) for at in range(10)}, DATA, seeds=(0, 1)))
    found = looks(shown[1].panels[0]["traces"])
    assert found[:10] == found[10:] and len(set(found)) == 10
