"""What the library asks of the package ``safetensors``, in Python alone: Pyodide has no such package.

It goes with the pages under the package's name; https://github.com/huggingface/safetensors describes the format.
"""

import json
from pathlib import Path

import numpy as np

DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "u1"}


class safe_open:  # noqa: N801  it has the package's name
    """An open file: its arrays by name."""

    def __init__(self, path: Path, framework: str):
        data = Path(path).read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        self._table = json.loads(data[8:start])
        self._notes, self._data = self._table.pop("__metadata__", None), memoryview(data)[start:]

    def __enter__(self) -> "safe_open":
        return self

    def __exit__(self, *_: object) -> None:
        self._data.release()

    def keys(self) -> list[str]:
        """The names of the arrays."""
        return list(self._table)

    def metadata(self) -> dict[str, str] | None:
        """The file's notes."""
        return self._notes

    def get_slice(self, name: str) -> "Slice":
        """What an array is, before it is read."""
        return Slice(self._table[name])

    def get_tensor(self, name: str) -> np.ndarray:
        """An array."""
        about = self._table[name]
        begin, end = about["data_offsets"]
        return np.frombuffer(self._data[begin:end].tobytes(), DTYPES[about["dtype"]]).reshape(about["shape"])


class Slice:
    """The dtype and shape of an array in a file."""

    def __init__(self, about: dict[str, object]):
        self._about = about

    def get_dtype(self) -> str:
        """The dtype in the words of the format: "F32"."""
        return self._about["dtype"]

    def get_shape(self) -> list[int]:
        """The shape."""
        return self._about["shape"]
