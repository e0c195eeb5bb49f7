"""Live curves, progress bars, curves with a cursor: what Python does while something takes a while."""

import os
import signal
import threading

import numpy as np
import pytest

from lecture_lib import widgets
from lecture_lib.experiments import Run, runs
from lecture_lib.models import mlp
from lecture_lib.shapes import ShapeError
from lecture_lib.widgets import progress

DATA = np.eye(8, dtype=np.float32), np.arange(8)


def some_runs(**settings):
    return runs({"wide": lambda: mlp([8, 16, 8]), "narrow": lambda: mlp([8, 2, 8])}, DATA, seeds=(0, 1),
                **({"epochs": 30, "batch_size": 4} | settings))  # fmt: skip


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


def array(packed):
    return np.frombuffer(packed["data"], packed["dtype"]).reshape(packed["shape"])


def test_watching_trains_every_run_to_its_end_with_the_weights_that_fit_gives(shown):
    watched, alone = some_runs(), some_runs()
    widgets.watch(watched)
    for one, other in zip(watched, alone, strict=True):
        assert [record[:6] for record in other] == [record[:6] for record in one.records]
        for name, parameter in one.net.parameters().items():
            assert np.array_equal(parameter.value, other.net.parameters()[name].value)
    assert all(run.finished for run in watched)
    assert [each.view for each in shown] == [shown[0].view] * 2  # the second has the final still picture


def test_the_live_curve_is_the_running_mean_of_the_batches_errors(shown):
    watched = some_runs(epochs=100)
    widgets.watch(watched)
    drawn, epochs = (array((shown[0].view.arrays | shown[0].view.extra)[name]) for name in ("error", "epochs"))
    for row, at, run in zip(drawn, epochs, watched, strict=True):
        steps = np.rint(at * 2).astype(int)  # 8 samples in batches of 4
        expected = [100 * np.mean([1 - r.accuracy for r in run.records[max(0, step - 20) : step]]) for step in steps]
        assert np.allclose(row, np.maximum(expected, 100 * progress.FLOOR), atol=1e-4)


def test_the_bar_is_full_at_the_end_and_the_words_say_what_was_learned(shown):
    widgets.watch(some_runs())
    bar = shown[0].children[0]
    assert bar.bar.value == 1
    assert bar.words.value == "done"
    assert shown[0].view.text.startswith("240 steps in")
    assert "wide" in shown[0].view.text


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
    widgets.watch(watched)
    assert signal.getsignal(signal.SIGINT) is before
    assert [len(run.records) for run in watched] == [60, 7, 0, 0]
    assert "Nothing is lost" in shown[-1].view.text
    widgets.watch(watched)
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
    widgets.watch(watched)
    assert "wide, seed 0: step" in shown[0].view.problem
    assert "learning rate" in shown[0].view.problem
    assert [run.finished for run in watched] == [True] * 4
    assert [len(run.records) for run in watched if run.name == "narrow"] == [60, 60]
    assert shown[0].children[0].bar.value == 1


def test_watching_nothing_is_an_error():
    with pytest.raises(ShapeError, match="runs is empty"):
        widgets.watch([])


def test_tracking_gives_every_item_in_order_and_fills_the_bar(shown):
    assert list(widgets.track("abc", "Letters")) == ["a", "b", "c"]
    assert shown[0].bar.value == 1
    assert shown[0].words.value == "3 of 3"
    assert shown[0]._repr_mimebundle_()["text/plain"] == "Letters"


# Curves with a cursor


def test_curves_keep_the_numbers_they_are_given():
    x, y, spread = np.arange(5.0), np.array([[1, 2, 3, 4, 5.0], [5, 4, 3, 2, 1]]), np.full((2, 5), 0.5)
    explorer = widgets.curves(
        x, {"line": y}, spreads={"line": spread}, levels=("Way", ("up", "down")), xlabel="x", ylabel="y", alt="A line, up or down."
    )  # fmt: skip
    arrays = explorer.view.arrays
    assert np.array_equal(array(arrays["y0"]), y)
    assert np.array_equal(array(arrays["low0"]), y - 0.5)
    assert np.array_equal(array(arrays["high0"]), y + 0.5)
    (panel,) = explorer.view.panels
    assert panel["y"][0] < 0.5 < 5.5 < panel["y"][1]
    assert panel["traces"][0]["at"] == ["level"]


@pytest.mark.parametrize(
    ("x", "y", "spreads", "levels"),
    [
        ([0, 1], [1, 2, 3], None, None),
        ([0, 1], [[1, 2]], None, None),
        ([0, 1], [1, 2], None, ("Scale", ["one"])),
        ([0, 1], [1, 2], {"line": [1, 2, 3]}, None),
        ([[0, 1]], [[1, 2]], None, None),
    ],
)
def test_curves_of_the_wrong_length_are_refused(x, y, spreads, levels):
    with pytest.raises(ShapeError, match=r"ys\['line'\] has shape"):
        widgets.curves(x, {"line": y}, spreads=spreads, levels=levels, xlabel="x", ylabel="y", alt="A line.")


def test_an_unknown_scale_of_the_axes_is_refused():
    with pytest.raises(ValueError, match="log='z'"):
        widgets.curves([0, 1], {"line": [1, 2]}, log="z", xlabel="x", ylabel="y", alt="A line.")


def test_logarithmic_axes_end_at_powers_of_ten():
    explorer = widgets.curves([1, 2], {"line": [0.03, 40]}, log="y", xlabel="x", ylabel="y", alt="A line.")
    assert explorer.view.panels[0]["y"] == [0.01, 100]
