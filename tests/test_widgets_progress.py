"""Live curves, progress bars, curves with a cursor: what Python does while something takes a while."""

import os
import signal
import threading

import numpy as np
import pytest

from lecture_lib import style, widgets
from lecture_lib.experiments import Run, runs
from lecture_lib.models import mlp
from lecture_lib.shapes import ShapeError
from lecture_lib.widgets import progress, view
from tests.explorers import array

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


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_at_the_very_last_step_stops_nothing(shown, monkeypatch):
    watched = some_runs()
    interrupt_after(watched[-1], 60, monkeypatch)
    widgets.watch(watched)
    assert shown[-1].view.text.startswith("240 steps in")
    assert shown[-1].children[0].words.value == "done"


@pytest.mark.skipif(os.name == "nt", reason="signals are sent in another way there")
def test_an_interrupt_before_the_first_step_lets_one_step_go_and_stops(shown, monkeypatch):
    watched, curves_of = some_runs(), progress._Curves

    def press(*args):
        os.kill(os.getpid(), signal.SIGINT)
        return curves_of(*args)

    monkeypatch.setattr(progress, "_Curves", press)
    widgets.watch(watched)
    assert [len(run.records) for run in watched] == [1, 0, 0, 0]
    assert shown[-1].view.text.startswith("Stopped after 1 of 240 steps.")


def test_runs_that_all_diverge_at_their_first_step_are_named_and_nothing_is_claimed(shown):
    lost = Run("lost", mlp([8, 4, 8]).init(0), (np.full((8, 8), np.nan), DATA[1]), epochs=2)
    widgets.watch([lost])
    assert shown[0].view.problem.startswith("lost, seed 0: step 1 of 2")
    assert shown[0].view.text == "0 steps in 0 s."
    assert shown[0].children[0].bar.value == 1


def test_an_error_inside_a_run_leaves_the_others_to_the_next_call(shown):
    broken = Run("broken", mlp([8, 4, 8]).init(0), DATA, prepare=lambda batch, rng: batch if rng is None else 1 / 0)
    fine = Run("fine", mlp([8, 4, 8]).init(0), DATA)
    with pytest.raises(ZeroDivisionError):
        widgets.watch([broken, fine])
    widgets.watch([broken, fine])
    assert fine.finished and not fine.problem
    assert shown[-1].view.problem == "broken, seed 0: step 1 of 1 was broken off: start anew."


def test_a_run_that_is_named_twice_is_watched_once(shown):
    run, *_ = some_runs()
    widgets.watch([run, run])
    (panel,) = shown[0].view.panels
    assert len(panel["traces"]) == 1 and shown[0].view.text.startswith("60 steps in")


def test_one_run_may_be_watched_alone(shown):
    run, *_ = some_runs()
    widgets.watch(run)
    assert run.finished and shown[0].view.text.startswith("60 steps in")


def test_what_finished_runs_took_is_said_again(shown):
    run, *_ = some_runs()
    every = list(run)
    run.records[-1] = every[-1]._replace(seconds=12.0)
    widgets.watch([run])
    assert shown[-1].view.text.startswith("60 steps in 12 s.")


def test_what_is_no_run_is_named():
    with pytest.raises(TypeError, match="runs holds 3: must hold experiments.Run only"):
        widgets.watch([*some_runs(), 3])


def test_watching_nothing_is_an_error():
    with pytest.raises(ShapeError, match="runs is empty"):
        widgets.watch([])


def test_tracking_gives_every_item_in_order_and_fills_the_bar(shown):
    assert list(widgets.track("abc", "Letters")) == ["a", "b", "c"]
    assert shown[0].bar.value == 1
    assert shown[0].words.value == "3 of 3"
    assert shown[0]._repr_mimebundle_()["text/plain"] == "Letters"


def test_a_cell_that_is_run_again_closes_the_bars_of_its_last_run(shown, monkeypatch):
    for run in ("run 1", "run 2"):
        parent = {"metadata": {"cellId": "cell"}, "header": {"msg_id": run}}
        monkeypatch.setattr(view, "get_ipython", lambda parent=parent: type("", (), {"get_parent": lambda _: parent})())
        for _ in widgets.track("ab", "Letters"):
            break
    one, two = shown
    parts = [(each, each.bar, each.words, each.bar.style, each.layout) for each in (one, two)]
    assert [{part.comm is None for part in each} for each in parts] == [{True}, {False}]


def looks(traces):
    return [(trace["colour"] % len(style.series()), trace["dash"]) for trace in traces]


def test_of_thirty_curves_no_two_look_alike():
    lines = {f"line {at}": [at, at] for at in range(30)}
    (panel,) = widgets.curves([0, 1], lines, xlabel="x", ylabel="y", alt="Thirty lines.").view.panels
    assert len(set(looks(panel["traces"]))) == 30


def test_the_runs_of_one_name_look_alike_and_those_of_ten_names_do_not(shown):
    widgets.watch(runs({f"net {at}": lambda: mlp([8, 8]) for at in range(10)}, DATA, seeds=(0, 1)))
    found = looks(shown[0].view.panels[0]["traces"])
    assert found[:10] == found[10:] and len(set(found)) == 10


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
    ],
)
def test_curves_of_the_wrong_length_are_refused(x, y, spreads, levels):
    with pytest.raises(ShapeError, match=r"ys\['line'\] has shape"):
        widgets.curves(x, {"line": y}, spreads=spreads, levels=levels, xlabel="x", ylabel="y", alt="A line.")


def test_an_unknown_scale_of_the_axes_is_refused():
    with pytest.raises(ValueError, match="log='z'"):
        widgets.curves([0, 1], {"line": [1, 2]}, log="z", xlabel="x", ylabel="y", alt="A line.")


LINE = {"line": [1.0, 2.0]}


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"x": [[0, 1]]}, ShapeError, "x has shape (1, 2): must have one axis, with at least two values"),
        ({"x": [1], "ys": {"line": [1]}}, ShapeError, "x has shape (1,)"),
        ({"x": [0, np.nan]}, ValueError, "x must increase"),
        ({"x": [1, 0]}, ValueError, "x must increase"),
        ({"x": [1, 1]}, ValueError, "x must increase"),
        ({"x": [0, 1], "log": "x"}, ValueError, "x begins at 0: must be above 0"),
        ({"ys": {}}, ValueError, "ys is empty"),
        ({"ys": {"line": ["a", "b"]}}, TypeError, "ys['line'] has dtype"),
        ({"ys": {"line": np.zeros((0, 2))}, "levels": ("Level", [])}, ValueError, "levels is empty"),
        ({"spreads": {"lime": [1, 1]}}, ValueError, "spreads='lime': must be one of line"),
        ({"spreads": {"line": [1, -1]}}, ValueError, "spreads['line'] holds -1.0: must be at least 0"),
        ({"limits": (1, 0)}, ValueError, "limits=(1, 0): must be two finite numbers that rise"),
        ({"limits": (0, np.inf)}, ValueError, "limits=(0, inf)"),
        ({"limits": (1,)}, ValueError, "limits=(1,)"),
        ({"limits": (0, 1), "log": "y"}, ValueError, "that rise, above 0"),
    ],
    ids=str,
)
def test_curves_that_no_axes_can_hold_are_refused(settings, error, words):
    with pytest.raises(error) as caught:
        widgets.curves(**({"x": [0, 1], "ys": LINE, "xlabel": "x", "ylabel": "y", "alt": "A line."} | settings))
    assert words in str(caught.value)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("log", ["", "y"])
@pytest.mark.parametrize("y", [[np.nan] * 3, [np.nan, np.inf, 3], [0, 0, 0], [-1, 0, 1], [3, 3, 3], [1e17, 1e17, 1e17]])
def test_whatever_a_curve_holds_its_axis_is_finite_and_rises(y, log):
    explorer = widgets.curves(
        [1, 2, 3], {"line": y}, spreads={"line": [0, 1, 2]}, log=log, xlabel="x", ylabel="y", alt="A line."
    )
    low, high = explorer.view.panels[0]["y"]
    assert type(low) is type(high) is float
    assert np.isfinite([low, high]).all() and low < high and (low > 0 or not log)
    assert "image/png" in explorer._repr_mimebundle_()[0]


def test_a_spread_that_reaches_below_a_logarithmic_axis_ends_at_it():
    explorer = widgets.curves(
        [1, 2], {"line": [2, 50]}, spreads={"line": [3, 1]}, log="y", xlabel="x", ylabel="y", alt="A line."
    )
    assert explorer.view.panels[0]["y"] == [1, 100]
    assert array(explorer.view.arrays["low0"]).tolist() == [1, 49]


def test_logarithmic_axes_end_at_powers_of_ten():
    explorer = widgets.curves([1, 2], {"line": [0.03, 40]}, log="y", xlabel="x", ylabel="y", alt="A line.")
    assert explorer.view.panels[0]["y"] == [0.01, 100]
