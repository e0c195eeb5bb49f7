"""A lecture hall: 300 phones, simulated on this computer, that vote all at once."""

import tempfile
import time
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from tests.hall import crowd, hall

PHONES, ROUNDS = 300, 5


class Row(NamedTuple):
    """What is done, and how long it takes, in seconds: the median and the longest of some rounds."""

    what: str
    seconds: float
    longest: float
    bound: float


def measure() -> Iterator[Row]:
    """Rows, one after the other; every vote has been counted."""
    answers = [each % 3 for each in range(PHONES)]
    times = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder, hall(folder) as (deck, _):
            port = deck.open()
            start = time.perf_counter()
            assert crowd(port, answers) == [200] * PHONES
            deck.counted([answers.count(each) for each in range(3)])
            times.append(time.perf_counter() - start)
    yield Row(f"{PHONES} phones load the page, ask for the question, vote", median(times), max(times), 2)
