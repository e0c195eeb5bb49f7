"""A limit of time where there are no threads: looked at between two steps of Python, ten times a second."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Limit:
    """Called as ``with limit(seconds, error):`` it raises ``error`` in what runs longer; outside it limits nothing."""

    def __init__(self):
        self.ends: float | None = None
        self.error: type[BaseException] = TimeoutError

    @contextmanager
    def __call__(self, seconds: float, error: type[BaseException]) -> Iterator[None]:
        before = self.ends, self.error
        self.ends, self.error = time.monotonic() + seconds, error
        try:
            yield
        finally:
            self.ends, self.error = before

    def look(self) -> None:
        """Raise the error if the time is over. Code that goes on all the same is told again, ten times a second."""
        if self.ends is not None and time.monotonic() > self.ends:
            raise self.error
