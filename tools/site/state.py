"""The explorers of a notebook as one small file: the states of those that live, each array once, compressed."""

import base64
import copy
import functools
import gzip
import json
import operator
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Buffers:
    """Byte strings one behind the other, equal ones once."""

    parts: list[bytes] = field(default_factory=list)
    places: dict[tuple[bytes, int], int] = field(default_factory=dict)
    length: int = 0

    def add(self, data: bytes, width: int = 1) -> list[int]:
        """Place, length and item width of ``data``."""
        if (data, width) not in self.places:
            self.places[data, width] = self.length
            self.parts.append(shuffled(data, width))
            self.length += len(data)
        return [self.places[data, width], len(data), width]


def shuffled(data: bytes, width: int) -> bytes:
    """First bytes of all items, then all second ones, …: floats that are alike become runs that compress well.

    >>> shuffled(b"AaBbCc", 2)
    b'ABCabc'
    """
    return np.frombuffer(data, np.uint8).reshape(-1, width).T.tobytes() if width > 1 else data


MOST_BYTES = 2_050_000
"""Of the script of one page, as far as fewer colours can bring it there: its pictures and words are to stay below 3 MB with it."""
ROUGH = (1, 4, 8, 16, 24)
"""Steps to which the colours of photos are rounded; the finest that will do is taken."""


def small_script(lives: dict[str, dict]) -> bytes:
    """The states of explorers as :func:`script` gives them, their photos with fewer colours where they would be too heavy."""
    for step in ROUGH:
        made = script(pack(lives, step))
        if len(made) <= MOST_BYTES:
            break
    return made


def rounded(colours: bytes, step: int) -> bytes:
    """Each byte to the nearest multiple of ``step``, 255 where that is 256; the greys of photos stay grey.

    >>> list(rounded(bytes([0, 7, 9, 128, 255]), 16))
    [0, 0, 16, 128, 255]
    """
    values = np.frombuffer(colours, np.uint8).astype(np.int32)
    return np.minimum(255, (values + step // 2) // step * step).astype(np.uint8).tobytes()


def pack(lives: dict[str, dict], step: int = 1) -> dict[str, object]:
    """The states of explorers, and the bytes that they refer to.

    Args:
        lives: explorer → what :func:`tools.site.collect.life` gives of one that moves.
        step: to which the colours of photos are rounded.

    Returns:
        ``states``: explorer → its state; where it holds bytes there is ``{"$": [place, length, width]}`` instead.
        ``bytes``: of them all, items of more than a byte shuffled.
    """
    buffers = Buffers()
    states = {explorer: _state(life, buffers, step) for explorer, life in lives.items()}
    return {"states": states, "bytes": b"".join(buffers.parts)}


def script(packed: dict[str, object]) -> bytes:
    """What was packed, as a classic script in UTF-16, which a browser also loads from file://.

    A character of UTF-16 holds 15 of the bits, so that the file is a fifth smaller than with base64.
    """
    text = json.dumps(packed["states"], ensure_ascii=False, separators=(",", ":")).encode()
    parts = [gzip.compress(each, 9, mtime=0) for each in (text, packed["bytes"])]
    arguments = ", ".join(f'{len(each)}, "{as_characters(each)}"' for each in parts)
    return f"\ufefflectureData({arguments});\n".encode("utf-16-le")


FIRST = 0x3000
"""From here on there are 2 ** 15 characters that stand for themselves in a script: no quotes, no ends of lines, no surrogates."""


def as_characters(data: bytes) -> str:
    """Bytes as characters of 15 bits each.

    >>> [ord(each) - FIRST for each in as_characters(bytes([0b10000000, 0b00000011, 0b10000000]))]
    [16385, 24576]
    """
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    bits = np.append(bits, np.zeros(-len(bits) % 15, np.uint8)).reshape(-1, 15)
    codes = FIRST + bits @ (1 << np.arange(14, -1, -1))
    return codes.astype("<u2").tobytes().decode("utf-16-le")


def _state(life: dict, buffers: Buffers, step: int) -> dict[str, object]:
    state = copy.deepcopy(life["state"])
    for (*way, last), data in life["buffers"]:
        holder = functools.reduce(operator.getitem, way, state)
        values, width = base64.b64decode(data), np.dtype(holder["dtype"]).itemsize
        if holder["role"] == "rgb" and width == 1:
            values = rounded(values, step)
        holder[last] = {"$": buffers.add(values, width)}
    return state
