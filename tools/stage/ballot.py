"""Votes from phones: what counts as one, and how many a device may send. Nothing here knows who has voted."""

import json
import re
import secrets
import time
from collections.abc import Callable
from hashlib import blake2b

MOST = 999
"""Pages that may vote on one question: no answer can have more."""
OF_ONE = 400
"""Of these, those of one device, or of a whole hall that reaches us through one address."""
PLACES = 1024
"""Devices that are told apart, at most; two may share a place, and then what one of them may send."""
RATE, BURST = 400, 4000
"""Connections and requests a second of one device, and those before that counts: 300 phones behind one address are fewer."""
CONNECTIONS, AT_ONCE = 480, 360
"""Connections that are open at the same time, and those of one device among them."""
_PAGE = re.compile(r"[0-9a-f]{16,32}")


class RefusedError(Exception):
    """Something that is no vote, or cannot be counted: an HTTP status and a rule in words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Ballot:
    """One question and the answers to it. A page on a phone has one answer; it may change it.

    >>> ballot = Ballot("1 + 1?", ["1", "2"])
    >>> for answer in (0, 1):
    ...     ballot.take({"ballot": ballot.id, "page": "ab" * 8, "answer": answer}, place=0)
    >>> ballot.tally()
    [0, 1]
    """

    def __init__(self, question: str, options: list[str]) -> None:
        self.question, self.options = question, options
        self.wipe()

    def wipe(self) -> None:
        """Begin anew: pages that have voted may vote again."""
        self.id = secrets.token_hex(4)
        self._answers: dict[str, int] = {}  # page → answer
        self._pages = [0] * PLACES  # that a place has brought

    def tally(self) -> list[int]:
        """Votes for each option."""
        counts = [0] * len(self.options)
        for answer in self._answers.values():
            counts[answer] += 1
        return counts

    def take(self, vote: object, place: int) -> None:
        """Count a vote, as :func:`read` gives it; ``place`` is that of its device.

        Raises:
            RefusedError: 400 for what is no vote, 409 for one on another question, 503 if there are too many pages.
        """
        if not isinstance(vote, dict) or set(vote) != {"ballot", "page", "answer"}:
            raise RefusedError(400, "a vote must have ballot, page and answer, and nothing else")
        page, answer = vote["page"], vote["answer"]
        if not isinstance(page, str) or not _PAGE.fullmatch(page):
            raise RefusedError(400, "page must have 16 to 32 digits of base 16")
        if type(answer) is not int or not 0 <= answer < len(self.options):
            raise RefusedError(400, f"answer must be a whole number from 0 to {len(self.options) - 1}")
        if vote["ballot"] != self.id:
            raise RefusedError(409, "this question is closed")
        if page not in self._answers:
            if len(self._answers) >= MOST or self._pages[place] >= OF_ONE:
                raise RefusedError(503, "too many pages have voted")
            self._pages[place] += 1
        self._answers[page] = answer


def read(body: bytes) -> object:
    """What a phone has sent.

    Raises:
        RefusedError: 400, it is no JSON.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "a vote must be JSON") from None


class Doorman:
    """How much each device sends, without knowing which device it is.

    An address and a key that nobody keeps choose one of 1024 places, and only places are counted: no address is
    stored, and the memory has one size however many there are.

    >>> doorman = Doorman(lambda: 0.0)
    >>> place = doorman.place("192.0.2.7")
    >>> sum(doorman.hears(place) for _ in range(5000)) == BURST
    True
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._key, self._now = secrets.token_bytes(16), now
        self._left, self._seen = [float(BURST)] * PLACES, [now()] * PLACES
        self._open, self._of = 0, [0] * PLACES

    def place(self, address: str) -> int:
        """From 0 to 1023."""
        return int.from_bytes(blake2b(address.encode(), key=self._key, digest_size=2).digest()) % PLACES

    def hears(self, place: int) -> bool:
        """Whether it is not too soon for one more request of this place."""
        now = self._now()
        self._left[place] = min(BURST, self._left[place] + RATE * (now - self._seen[place]))
        self._seen[place] = now
        soon = self._left[place] < 1
        self._left[place] -= not soon
        return not soon

    def lets(self, place: int) -> bool:
        """Whether one more connection of this place is neither too soon nor too many at once; if so, it is open."""
        if not self.hears(place) or self._open >= CONNECTIONS or self._of[place] >= AT_ONCE:
            return False
        self._open += 1
        self._of[place] += 1
        return True

    def ended(self, place: int) -> None:
        """A connection that was let in has ended."""
        self._open -= 1
        self._of[place] -= 1
