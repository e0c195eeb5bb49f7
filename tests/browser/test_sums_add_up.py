"""Who reckons with the numbers as they are printed gets the result that is printed; where it is rounded, ≈ says so."""

import re

import pytest

from lecture_lib.chapters.convolution.lab import convolution_lab
from lecture_lib.chapters.convolution.mixing import channel_mixer
from lecture_lib.chapters.pooling.pooling_lab import pooling_lab
from lecture_lib.style import valued
from tests.browser.test_convolution_alone import choose, said

EXPLORERS = {
    "lab": (convolution_lab, [{"kernel": at, "row": row, "col": 40} for at in range(12) for row in (0, 50)]),
    "mixer": (channel_mixer, [{"row": 9, "col": 40}, {"row": 50, "col": 50}]),
    "pooling": (pooling_lab, [{"row": row, "col": 3} for row in range(4)]),
}


@pytest.mark.parametrize("name", EXPLORERS)
def test_sums_add_up(name, shown):
    make, states = EXPLORERS[name]
    page = shown(make())
    for state in states:
        choose(page, **state)
        words = said(page)
        if "more" in words:
            continue  # not all of the sum is printed
        if (
            name == "lab"
        ):  # what adds and what takes away, and the two together; its terms stand in the window's picture
            three = re.search(r"adds? (≈ )?(\S+), \d+ takes? away (≈ )?(\S+), together (≈ )?(\S+)\.", words).groups()
            adds, takes, result = map(valued, three[1::2])
            step = 10.0 ** -min(
                (len(text.partition(".")[2]) for about, text in zip(three[::2], three[1::2], strict=True) if about),
                default=9,
            )
            assert abs(adds - takes - result) <= 1.5 * step, words  # each of the three is rounded by half a step
            continue
        left, sign, result = re.match(r".*?\] = (.*?) ([=≈]) (\S+?)\.?( |$)", words).groups()[:3]
        if "×" in left:
            total = sum(valued(one) * valued(other) for one, other in re.findall(r"\((\S+?)×(\S+?)\)", left))
            total += valued(left.rsplit(" ", 1)[-1]) if not left.endswith(")") else 0
        else:
            made, inside = re.match(r"(\w+).*?\((.*)\)", left).groups()
            numbers = [valued(each) for each in inside.split(", ")]
            total = {"max": max, "mean": lambda each: sum(each) / len(each), "first": lambda each: each[0]}[made](
                numbers
            )
        step = 10.0 ** -len(result.partition(".")[2])
        assert abs(total - valued(result)) <= (1e-6 * max(1, abs(total)) if sign == "=" else 0.75 * step), words
