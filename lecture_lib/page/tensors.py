"""What the lecture needs of the package ``safetensors``, which there is not for a browser: its files, read with NumPy."""

import json
import os
from types import TracebackType

import numpy as np

_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}


class _Slice:
    """What is known of an array before it is read."""

    def __init__(self, about: dict):
        self.about = about

    def get_dtype(self) -> str:
        return self.about["dtype"]

    def get_shape(self) -> list[int]:
        return self.about["shape"]


class safe_open:  # noqa: N801  the package calls it so
    """An open file: 8 bytes that say how long the header is, the header as JSON, and the arrays' bytes.

    Args:
        path: of a ``.safetensors`` file. framework: here it is always "numpy".
    """

    def __init__(self, path: str | os.PathLike, framework: str = "numpy"):
        with open(path, "rb") as file:
            length = int.from_bytes(file.read(8), "little")
            self._about = json.loads(file.read(length))
            self._data = file.read()
        self._notes = self._about.pop("__metadata__", None)

    def __enter__(self) -> "safe_open":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._data = b""

    def keys(self) -> list[str]:
        return list(self._about)

    def metadata(self) -> dict[str, str] | None:
        return self._notes

    def get_slice(self, name: str) -> _Slice:
        return _Slice(self._about[name])

    def get_tensor(self, name: str) -> np.ndarray:
        """The array of that name."""
        about = self._about[name]
        begin, end = about["data_offsets"]
        return np.frombuffer(self._data[begin:end], _DTYPES[about["dtype"]]).reshape(about["shape"]).copy()
