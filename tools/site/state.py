"""The explorers of a notebook as one small file: the states of those that live, each array once, compressed, photos as WebP."""

import base64
import copy
import functools
import gzip
import io
import json
import operator
from dataclasses import dataclass, field

import numpy as np
from PIL import Image


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


def pack(lives: dict[str, dict]) -> dict[str, object]:
    """The states of explorers, and the bytes that they refer to.

    Args:
        lives: explorer → what :func:`tools.site.collect.life` gives of one that moves.

    Returns:
        ``states``: explorer → its state; where it holds bytes there is ``{"$": [place, length, width]}`` instead, and for
        photos ``{"$picture": [place, length, 1]}``. ``bytes``: of them all, items of more than a byte shuffled.
    """
    buffers = Buffers()
    states = {explorer: _state(life, buffers) for explorer, life in lives.items()}
    return {"states": states, "bytes": b"".join(buffers.parts)}


FAR = 10
"""Of the 256 steps of a colour: how far those of a photo may be from their own, as the root of the mean of squares."""
LIGHT = 24_000
"""Bytes that a picture without loss may have with all its colours."""
COARSE = 42
"""Else they are rounded to these steps from grey on, three to either side."""


def as_picture(colours: np.ndarray) -> bytes:
    """Colours, uint8 (rows, columns, 3), as a WebP: nearly, if they are a photo's.

    A WebP with loss has half the resolution of colours. Where they change from pixel to pixel, as in a gradient, that would
    be seen: such a picture is kept without loss, and if it is large, with few colours.
    """
    photo = _webp(colours, quality=70)
    with Image.open(io.BytesIO(photo)) as image:
        far = np.asarray(image.convert("RGB"), np.float32) - colours
    if np.square(far).mean() <= FAR**2:
        return photo
    exact = _webp(colours, lossless=True, quality=60)
    if len(exact) <= LIGHT:
        return exact
    coarse = 128 + COARSE * np.rint((colours.astype(np.float32) - 128) / COARSE)
    return _webp(coarse.clip(0, 255).astype(np.uint8), lossless=True, quality=60)


def _webp(colours: np.ndarray, **how: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(colours).save(file, "webp", method=6, **how)
    return file.getvalue()


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
    whole = data + bytes(-len(data) % 15)
    rows = np.frombuffer(whole, np.uint8).reshape(-1, 15).astype(np.uint32)  # of 8 characters
    rows = np.pad(rows, ((0, 0), (0, 1)))
    starts = 15 * np.arange(8)
    at = starts // 8
    codes = rows[:, at] << 16 | rows[:, at + 1] << 8 | rows[:, at + 2]
    codes = FIRST + (codes >> (9 - starts % 8) & 0x7FFF)
    count = -(-8 * len(data) // 15)
    return codes.ravel()[:count].astype("<u2").tobytes().decode("utf-16-le")


def _state(life: dict, buffers: Buffers) -> dict[str, object]:
    state = copy.deepcopy(life["state"])
    for (*way, last), data in life["buffers"]:
        holder = functools.reduce(operator.getitem, way, state)
        values, width = base64.b64decode(data), np.dtype(holder["dtype"]).itemsize
        if holder["role"] == "rgb" and width == 1:
            colours = np.frombuffer(values, np.uint8).reshape(-1, holder["shape"][-2], 3)  # below each other
            holder[last] = {"$picture": buffers.add(as_picture(colours))}
        else:
            holder[last] = {"$": buffers.add(values, width)}
    return state
