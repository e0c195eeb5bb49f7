"""The cheat sheet: its numbers are those that were published, its formulas those of the library, its terms those of the glossary."""

import re

import numpy as np
import pytest
from bs4 import BeautifulSoup

from lecture_lib.activations import ACTIVATIONS
from tools.site import cheat_sheet, glossary

LENET = {  # LeCun et al. 1998 with the changes of the modern one: window, output, parameters, multiply-adds, sees
    "C1": ("5, P 2", "6×28×28", 156, 117_600, 5), "S2": ("2, S 2", "6×14×14", 0, 0, 6),
    "C3": ("5", "16×10×10", 2_416, 240_000, 14), "S4": ("2, S 2", "16×5×5", 0, 0, 16),
    "F5": ("", "120", 48_120, 48_000, 32), "F6": ("", "84", 10_164, 10_080, 32), "output": ("", "10", 850, 840, 32),
    "in all": ("", "", 61_706, 416_520, 0),
}  # fmt: skip
ALEXNET = {  # Krizhevsky et al. 2012 as one tower
    "conv1": ("11, S 4", "96×55×55", 34_944, 105_415_200, 11), "pool1": ("3, S 2", "96×27×27", 0, 0, 19),
    "conv2": ("5, P 2", "256×27×27", 614_656, 447_897_600, 51), "pool2": ("3, S 2", "256×13×13", 0, 0, 67),
    "conv3": ("3, P 1", "384×13×13", 885_120, 149_520_384, 99), "conv4": ("3, P 1", "384×13×13", 1_327_488, 224_280_576, 131),
    "conv5": ("3, P 1", "256×13×13", 884_992, 149_520_384, 163), "pool5": ("3, S 2", "256×6×6", 0, 0, 195),
    "fc6": ("", "4,096", 37_752_832, 37_748_736, 355), "fc7": ("", "4,096", 16_781_312, 16_777_216, 355),
    "fc8": ("", "1,000", 4_097_000, 4_096_000, 355), "in all": ("", "", 62_378_344, 1_135_256_096, 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    """The sheet's page."""
    page = cheat_sheet.write(tmp_path_factory.mktemp("site"), "handout/cheat_sheet.pdf")
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def card(sheet, title):
    """The card of that title, and its words with single spaces."""
    found = next(each for each in sheet.find_all("section") if each.h2.get_text() == title)
    return found, re.sub(r"\s+", " ", found.get_text())


@pytest.mark.parametrize(("title", "published"), [("LeNet-5", LENET), ("AlexNet", ALEXNET)])
def test_the_table_of_a_network_is_the_published_one(sheet, title, published):
    lines = [
        [each.get_text() for each in line.find_all(["th", "td"])] for line in card(sheet, title)[0].table("tr")[1:]
    ]
    number = lambda text: int(text.replace(",", "") or 0)  # noqa: E731
    assert {name: (window, output, *map(number, rest)) for name, window, output, *rest in lines} == published


def test_the_other_forms_of_the_networks_have_their_published_counts(sheet):
    assert "60,000 parameters" in card(sheet, "LeNet-5")[1]
    words = card(sheet, "AlexNet")[1]
    assert "60,965,224 parameters, 724,406,816 multiply-adds" in words and "61,100,840" in words


def test_the_lectures_sizes_and_costs_stand_on_the_sheet(sheet):
    sizes = [each.get_text() for each in card(sheet, "Size of the output")[0].find_all("figcaption")]
    assert sizes == ["S = 1: 5", "S = 2: 3", "S = 3: 2", "P = 1: 7", "D = 2: 3"]
    assert (
        "1 column at" in card(sheet, "Size of the output")[1]
        and "3 → 1, 5 → 2, 7 → 3" in card(sheet, "Size of the output")[1]
    )
    costs = card(sheet, "What a layer costs")[1]
    for each in (
        "= 76 each, 760 in all, 768,000 multiply-adds",
        "120,000,000 weights",
        "75,000",
        "120,422,400",
        "12,443,648, 9.7 times",
    ):
        assert each in costs, each
    assert "3, 5, 7" in card(sheet, "Receptive field")[1] and "sees 10" in card(sheet, "Receptive field")[1]
    assert (
        "gives 55 then, and 54 with 224" in card(sheet, "Pitfalls")[1]
        and "has 75 weights" in card(sheet, "Pitfalls")[1]
    )


def test_the_drawn_numbers_are_those_of_the_lecture(sheet):
    numbers = lambda svg: [float(each.get_text().replace("−", "-")) for each in svg.find_all("text")]  # noqa: E731
    image, kernel, output = map(numbers, card(sheet, "A convolution layer")[0].find_all("svg"))
    image, kernel = np.reshape(image, (6, 6)), np.reshape(kernel, (3, 3))
    sums = [(image[r : r + 3, c : c + 3] * kernel).sum() for r in range(4) for c in range(4)]
    assert output == sums and "= −5" in card(sheet, "A convolution layer")[1] and sums[5] == -5
    _, largest, mean = map(numbers, card(sheet, "Pooling")[0].find_all("svg"))
    assert largest == [6, 8, 3, 4] and mean == [3.25, 5.25, 2, 2]


def test_softmax_of_the_example_is_right(sheet):
    shares = np.exp([2, 1, 0]) / np.exp([2, 1, 0]).sum()
    words = card(sheet, "Class vector")[1]
    assert ", ".join(f"{each:.3f}" for each in shares) in words
    assert f"the loss is {-np.log(shares[0]):.3f}" in words and f"{np.log(10):.2f}" in words


def value(latex, x, alpha):
    """What one of the table's formulas is at x; of "a or b" the one for the side of 0."""
    sides = re.split(r"\\;\\text\{or\}\\;", latex)
    text = sides[-1] if x > 0 else sides[0]
    text, _, rest = text.partition(r",\; s =")
    s = np.log1p(np.exp(x))
    assert not rest or rest.strip() == r"\ln(1 + e^x)"
    for old, new in ((r"\\frac\{(.*)\}\{(.*)\}", r"(\1)/(\2)"), (r"\\tanh\^2 (\w)", r"np.tanh(\1)**2"), (r"\\tanh (\w)", r"np.tanh(\1)"),
                     (r"e\^\{(.*?\)|.*?)\}", r"np.exp(\1)"), (r"e\^x", "np.exp(x)"), (r"\\(max|min)", r"\1"), (r"\\sigma\((.*?)\)", r"sigma(\1)"),
                     (r"\\sigma", r"sigma(beta * x)"), (r"\\beta ?", "beta * "), (r"\\alpha ?(?=\S)", "alpha * "), (r"\\alpha", "alpha"),
                     (r"\\,", ""), (r"(?<=[x)]) +(?=[(a-z])", " * "), (r"(?<=\))\(", " * (")):  # fmt: skip
        text = re.sub(old, new, text)
    known = {
        "np": np,
        "x": x,
        "s": s,
        "alpha": alpha,
        "beta": 1.0,
        "sigma": lambda z: 1 / (1 + np.exp(-z)),
        "max": max,
        "min": min,
    }
    return eval(text, known)  # noqa: S307  our own formulas


@pytest.mark.parametrize("name", [each for each in cheat_sheet.SHOWN if each != "maxout"])
@pytest.mark.parametrize("x", [-2.5, -0.5, 0.75, 2.0])
def test_formula_and_slope_of_an_activation_are_those_that_the_library_computes(name, x):
    function, h = ACTIVATIONS[name], 1e-6
    alpha = function.parameter.default if function.parameter else None
    assert value(cheat_sheet.FORMULAS.get(name, function.formula), x, alpha) == pytest.approx(function.f(x), abs=1e-9)
    measured = (function.f(x + h) - function.f(x - h)) / (2 * h)
    assert value(cheat_sheet.SLOPES[name], x, alpha) == pytest.approx(measured, abs=1e-6)


def test_steepest_slopes_and_means_are_measured_right(sheet):
    lines = {
        line.th.get_text().split()[0]: line("td")[-2:]
        for line in card(sheet, "Activation functions")[0].table("tr")[1:]
    }
    steepest, means = ({name: cells[at].get_text() for name, cells in lines.items()} for at in (0, 1))
    assert steepest["Sigmoid"] == "0.25" and steepest["Tanh"] == steepest["ReLU"] == "1"
    assert means["Sigmoid"] == "0.50" and means["Tanh"] == "0.00" and means["ReLU"] == f"{1 / np.sqrt(2 * np.pi):.2f}"


def test_every_term_is_one_of_the_glossary_and_leads_there(sheet):
    known = {each.name: each.id for each in glossary.terms()}
    shown = {each.get_text(): each["href"] for each in card(sheet, "Terms")[0].select("dt a")}
    assert shown == {name: f"glossary.html#{known[name]}" for name in cheat_sheet.TERMS}


def test_an_equivariant_filter_finds_the_moved_edges(sheet):
    assert float(cheat_sheet.values()["moved"]["apart"]) == 0
