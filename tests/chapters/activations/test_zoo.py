"""The zoo of activation functions: its tables against SciPy, the functions themselves, and numbers worked out by hand."""

import numpy as np
import pytest
from scipy.stats import norm

from lecture_lib.activations import ACTIVATIONS
from lecture_lib.chapters.activations.landing import FLAT
from lecture_lib.chapters.activations.zoo import MEANS, PARAMETERS, SPREADS, X, steps, table, zoo


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slider_has_the_default_and_both_ends(name):
    stops, parameter = steps(name), ACTIVATIONS[name].parameter
    if parameter is None or name == "maxout":
        assert stops == (None,)
    else:
        assert (stops[0], stops[-1]) == (parameter.low, parameter.high)
        assert parameter.default in stops
        assert list(stops) == sorted(set(stops))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_curves_of_each_step_are_the_functions(name):
    for at, stop in enumerate(steps(name)):
        assert np.array_equal(table(name)["f"][at], ACTIVATIONS[name].f(X, stop))
        assert np.array_equal(table(name)["slope"][at], ACTIVATIONS[name].df(X, stop))


def test_of_relu_as_much_gets_through_as_inputs_are_positive():
    through = table("relu")["through"][0]
    for m, mean in enumerate(MEANS):
        for s, spread in enumerate(SPREADS):
            positive = norm.cdf(mean / spread)
            assert through[m, s] == pytest.approx([100 * np.sqrt(positive), 100 * (1 - positive)], abs=1.1)


def test_sigmoid_is_flat_beyond_the_point_worked_out_by_hand():
    # σ(1 - σ) = 0.01 at σ = (1 - √0.96)/2 = 0.010102, so x = ±ln(0.989898/0.010102) = ±4.5847
    _, flat = table("sigmoid")["through"][0, MEANS.index(0), SPREADS.index(4)]
    assert FLAT == 0.01
    assert flat == pytest.approx(200 * norm.cdf(-4.5847 / 4), abs=0.4)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_all_inputs_land_somewhere(name):
    shares = table(name)["shares"][..., ::2]
    assert np.allclose(shares.sum(axis=-1), 100)


def of_use(explorer):
    """Names of the controls that are not hidden."""
    state = explorer.state
    return [
        each.name for each in explorer.parts["controls"] if all(state[name] in at for name, at in each.when.items())
    ]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_another_function_brings_its_own_parameter_and_default(name):
    explorer = zoo("sigmoid" if name != "sigmoid" else "elu")
    explorer.state = {"function": list(ACTIVATIONS).index(name)}
    has_one = steps(name) != (None,)
    assert [each for each in of_use(explorer) if each in PARAMETERS.values()] == ([PARAMETERS[name]] if has_one else [])
    at = 0
    if has_one:
        assert explorer.value(PARAMETERS[name]) == ACTIVATIONS[name].parameter.default
        explorer.state = {PARAMETERS[name]: (at := 2)}
    drawn = explorer.array("f")[at]
    assert np.allclose(drawn, ACTIVATIONS[name].f(X, steps(name)[at]), atol=1e-6)


def test_a_parameter_stays_where_it_is_while_other_functions_are_looked_at():
    explorer = zoo("swish")
    explorer.state = {"swish_beta": 3}
    before = explorer.indices
    for at in range(len(ACTIVATIONS)):
        explorer.state = {"function": at}
    assert explorer.indices == before
    assert explorer.state["swish_beta"] == 3


def labels(explorer):
    return [trace.get("label") for trace in explorer.panels[0]["traces"]]


def test_every_function_can_stand_beside_the_chosen_one_and_go_again():
    explorer = zoo("sigmoid", beside=())
    for name, each in ACTIVATIONS.items():
        explorer.state = {f"beside_{name}": 1}
        assert each.title in labels(explorer)
        assert name == "sigmoid" or np.allclose(explorer.array(f"f {name}"), each.f(X), atol=1e-6)
        explorer.state = {f"beside_{name}": 0}
    assert labels(explorer) == ["Sigmoid", None]


@pytest.mark.parametrize("wrong", [{"function": "step"}, {"beside": ("relu", "step")}, {"mean": 5}, {"spread": 0}])
def test_the_zoo_names_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match="must be one of"):
        zoo(**wrong)


def test_a_function_with_a_parameter_has_an_index_for_it():
    assert {name for name in ACTIVATIONS if steps(name) != (None,)} == set(PARAMETERS)
    explorer = zoo("swish")
    assert explorer.state["swish_beta"] == steps("swish").index(1.0)
    assert explorer.panels[0]["traces"][0]["at"] == ["swish_beta"]


def test_parameter_mean_and_spread_live_without_python():
    assert {"Mean", "Spread", "α", "β"} == set(zoo().lives)


def test_the_cursor_stands_at_numbers_of_the_curves():
    index = zoo().declared["x"]
    places = (X - index.low) / index.step
    assert np.allclose(places, np.arange(len(X))) and index.high == X[-1]


def test_at_most_five_curves_are_strong_and_are_said():
    explorer = zoo("sigmoid", beside=list(ACTIVATIONS))
    strong = [trace for trace in explorer.panels[1]["traces"] if trace["label"]]
    assert len(strong) == 5 and len({(trace["colour"], trace["dash"]) for trace in strong}) == 5
    assert len(explorer.panels[1]["traces"]) == len(ACTIVATIONS)
    assert explorer.sentence[1]["text"].count("(slope") == 5
