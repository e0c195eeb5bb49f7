"""The explorers of notebook 03: their tables against SciPy, loops and numbers worked out by hand."""

import numpy as np
import pytest
from scipy.stats import norm

from lecture_lib import widgets
from lecture_lib.activations import ACTIVATIONS, FLAT
from lecture_lib.experiments import weight_path
from lecture_lib.shapes import ShapeError
from lecture_lib.widgets import envelope, functions, paths
from lecture_lib.widgets.view import OWN
from tests.explorers import array, controls

AROUND_ZERO = np.random.default_rng(0).normal(size=(50, 2))
INPUTS = {"positive": np.abs(AROUND_ZERO), "around zero": AROUND_ZERO}


# The zoo


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slider_has_the_default_and_both_ends(name):
    stops, parameter = functions.steps(name), ACTIVATIONS[name].parameter
    if parameter is None or name == "maxout":
        assert stops == (None,)
    else:
        assert (stops[0], stops[-1]) == (parameter.low, parameter.high)
        assert parameter.default in stops
        assert list(stops) == sorted(set(stops))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_curves_of_each_step_are_the_functions(name):
    table = functions.table(name)
    for at, stop in enumerate(functions.steps(name)):
        assert np.array_equal(table["f"][at], ACTIVATIONS[name].f(functions.X, stop))
        assert np.array_equal(table["slope"][at], ACTIVATIONS[name].df(functions.X, stop))


def test_of_relu_as_much_gets_through_as_inputs_are_positive():
    through = functions.table("relu")["through"][0]
    for m, mean in enumerate(functions.MEANS):
        for s, spread in enumerate(functions.SPREADS):
            positive = norm.cdf(mean / spread)
            assert through[m, s] == pytest.approx([100 * np.sqrt(positive), 100 * (1 - positive)], abs=1.1)


def test_sigmoid_is_flat_beyond_the_point_worked_out_by_hand():
    # σ(1 - σ) = 0.01 at σ = (1 - √0.96)/2 = 0.010102, so x = ±ln(0.989898/0.010102) = ±4.5847
    _, flat = functions.table("sigmoid")["through"][0, list(functions.MEANS).index(0), list(functions.SPREADS).index(4)]
    assert FLAT == 0.01
    assert flat == pytest.approx(200 * norm.cdf(-4.5847 / 4), abs=0.4)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_all_inputs_land_somewhere(name):
    shares = functions.table(name)["shares"][..., ::2]
    assert np.allclose(shares.sum(axis=-1), 100)


def shown(explorer):
    return [each for each in explorer.children[0].children if each.layout.display != "none"]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_another_function_brings_its_own_parameter_and_default(name):
    explorer = widgets.zoo("sigmoid" if name != "sigmoid" else "elu")
    controls(explorer)["Function"].value = name
    parameter, has_one = shown(explorer)[1], functions.steps(name) != (None,)
    assert hasattr(parameter, "options") == has_one
    at = 0
    if has_one:
        assert float(parameter.value.replace("−", "-")) == ACTIVATIONS[name].parameter.default
        parameter.index = at = 2
    drawn = array(explorer.view.arrays["f"])[at]
    assert np.allclose(drawn, ACTIVATIONS[name].f(functions.X, functions.steps(name)[at]), atol=1e-6)


def test_the_stops_of_a_slider_never_change():
    # JupyterLab makes the range of such a slider once: new stops would lie beyond it
    explorer = widgets.zoo("sigmoid")
    sliders = [each for each in explorer.children[0].children if hasattr(each, "options")]
    before = [each.options for each in sliders]
    for name in ACTIVATIONS:
        controls(explorer)["Function"].value = name
        assert [each.options for each in sliders] == before
        assert len(shown(explorer)) == 4


def test_every_function_can_stand_beside_the_chosen_one_and_go_again():
    explorer = widgets.zoo("sigmoid", beside=())
    moved = controls(explorer)
    for name, each in ACTIVATIONS.items():
        moved[each.title].value = True
        labels = [trace.get("label") for trace in explorer.view.panels[0]["traces"]]
        assert each.title in labels
        assert name == "sigmoid" or np.allclose(
            array(explorer.view.arrays[f"f {name}"]), each.f(functions.X), atol=1e-6
        )
        moved[each.title].value = False
    assert [trace.get("label") for trace in explorer.view.panels[0]["traces"]] == ["Sigmoid", None]


@pytest.mark.parametrize("wrong", [{"function": "step"}, {"beside": ("relu", "step")}, {"mean": 5}, {"spread": 0}])
def test_the_zoo_names_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match="must be one of"):
        widgets.zoo(**wrong)


def test_a_function_with_a_parameter_has_an_integer_of_the_view_for_it():
    with_one = {name for name in ACTIVATIONS if functions.steps(name) != (None,)}
    assert with_one == set(functions._PLACE)
    explorer = widgets.zoo("swish")
    shown(explorer)[1].index = 3
    assert getattr(explorer.view, functions._PLACE["swish"]) == functions.steps("swish").index(
        1.0
    )  # the link is the browser's
    traces = explorer.view.panels[0]["traces"]
    assert traces[0]["at"] == [functions._PLACE["swish"]]


# The zigzag


def test_the_paths_are_those_of_the_chosen_learning_rate():
    explorer = widgets.zigzag(INPUTS)
    for at, lr in enumerate(paths.RATES):
        controls(explorer)["Learning rate"].index = at
        for number, each in enumerate(INPUTS.values()):
            path = weight_path(each, paths.TARGET, paths.START, lr, paths.STEPS)
            drawn = [array(explorer.view.arrays[f"{name} {number}"]) for name in ("w1", "w2")]
            assert np.allclose(np.transpose(drawn), path, rtol=1e-5, atol=1e-5)


def test_with_positive_inputs_the_words_never_say_that_one_grows_and_one_falls():
    texts = widgets.zigzag(INPUTS).view.texts
    positive, both = [text.split("Around zero")[0] for text in texts], " ".join(texts)
    assert len(texts) == paths.STEPS + 1
    assert not any("one grows, one falls" in text for text in positive)
    assert "one grows, one falls" in both


def test_a_move_too_small_for_two_digits_is_said_to_be_hardly_one():
    path, texts = np.array([[0, 0], [0.004, 0.004], [0.004, 0.1]]), {}
    for step in (1, 2):
        texts[step] = paths._words({"inputs": path}, step)
    assert texts[1] == "Step 1. Inputs: hardly moves; 1.41 from the best."  # (1 - 0.004, -1 - 0.004)
    assert "changed by (0, 0.1)" in texts[2]


def test_weights_that_fly_away_are_reported_and_a_smaller_rate_brings_them_back():
    explorer = widgets.zigzag({"large": 5 * AROUND_ZERO}, lr=0.8)
    assert "Choose a smaller learning rate" in explorer.view.problem
    assert widgets.zigzag({"large": 2 * AROUND_ZERO}, lr=0.05).view.problem == ""
    explorer._repr_mimebundle_()  # the still of such a path can be drawn


@pytest.mark.parametrize("wrong", [{"inputs": INPUTS, "lr": 0.3}, {"inputs": {}}])
def test_the_zigzag_names_what_it_cannot_draw(wrong):
    with pytest.raises(ValueError, match="must"):
        widgets.zigzag(**wrong)


# Maxout's envelope


@pytest.mark.parametrize("target", envelope.TARGETS)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_envelope_is_the_highest_line_everywhere(target, count):
    arrays = {name: array(each) for name, each in widgets.maxout_envelope(target, count).view.arrays.items()}
    assert arrays["lines"].shape == (count, len(envelope.X))
    assert np.allclose(arrays["envelope"], arrays["lines"].max(axis=0), atol=1e-6)
    assert np.allclose(arrays["lines"][arrays["winner"], np.arange(len(envelope.X))], arrays["envelope"], atol=1e-6)


@pytest.mark.parametrize("target", ["|x|", "ReLU", "Leaky ReLU, α = 0.25"])
def test_two_lines_are_enough_for_what_is_made_of_two_lines(target):
    assert "0 away where it is worst" in widgets.maxout_envelope(target, 2).view.text


def test_a_line_moved_by_hand_stays_where_the_hand_put_it():
    explorer = widgets.maxout_envelope("|x|", 2)
    moved = explorer.controls
    moved["which"].value = 2
    assert moved["slope"].value == 1.0  # where the fitted line is
    moved["offset"].value = -1.0
    assert moved["goal"].value == OWN
    assert explorer.view.texts[1] == "1·x − 1"
    assert np.allclose(array(explorer.view.arrays["lines"])[1], envelope.X - 1)
    moved["goal"].value = "ReLU"
    assert "From ReLU the envelope is 0 away" in explorer.view.text


def test_what_the_browser_rounds_is_not_taken_for_a_move():
    explorer = widgets.maxout_envelope("x²", 3)
    line, moved = explorer.view.texts[0], explorer.controls
    moved["slope"].value = 0.05 * round(moved["slope"].value / 0.05)
    assert (moved["goal"].value, explorer.view.texts[0]) == ("x²", line)


def test_fewer_lines_leave_no_line_chosen_that_is_gone():
    explorer = widgets.maxout_envelope("x²", 5)
    explorer.controls["which"].value = 5
    explorer.controls["many"].value = 2
    assert explorer.controls["which"].value == explorer.controls["which"].max == 2
    explorer.controls["slope"].value = 0.5
    assert explorer.view.texts[1].startswith("0.5·x")


def test_the_envelope_names_what_it_cannot_draw():
    with pytest.raises(ValueError, match="target='cosine': must be one of"):
        widgets.maxout_envelope("cosine")
    with pytest.raises(ShapeError, match="Lines=6: must be from 1 to 5"):
        widgets.maxout_envelope(count=6)
