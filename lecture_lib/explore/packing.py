"""Arrays as the browser gets them, and back."""

from collections.abc import Mapping, Sequence

import numpy as np

from .. import style


@np.errstate(all="ignore")  # what is too small for float32 is 0
def pack(
    array: np.ndarray,
    role: str,
    limit: tuple[float, float] | None = None,
    ends: tuple[float, float] | None = None,
) -> dict[str, object]:
    """Make an array ready for the browser: (..., rows, cols), or (..., rows, cols, 3) for the role "rgb".

    Roles are those of ``style`` and three without colours of their own: "rgb", "index" (whole numbers to look
    something up) and "curve" (numbers to draw lines from).

    uint8 and int32 stay; everything else becomes float32, or float64 where its numbers are too large for that. ``limit`` is
    the range of the colour scale, ``ends`` what its ends stand for where the array holds places in the colours instead of values.

    >>> pack(np.array([[0.0, -2.0]]), "map")["limit"]
    [-2.0, 2.0]
    """
    array = np.asarray(array)
    if array.dtype not in (np.uint8, np.int32):
        exact = np.abs(array).max(initial=0) <= 2**24  # whole numbers beyond are none of float32's
        array = array.astype(np.float32 if exact else np.float64)
    limit = limit or ((0, 255) if role in ("rgb", "index", "curve") else style.limits(array, role))
    data = np.ascontiguousarray(array)
    return {
        "shape": list(data.shape), "dtype": data.dtype.name, "data": data.tobytes(), "role": role,
        "limit": [float(edge) for edge in limit], "ends": [float(end) for end in ends or limit],
    }  # fmt: skip


def unpack(packed: dict | Sequence[dict]) -> np.ndarray | list[np.ndarray]:
    """The array that was packed, or the list of them; read-only.

    >>> unpack(pack(np.eye(2), "map")).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    if not isinstance(packed, Mapping):
        return [unpack(each) for each in packed]
    return np.frombuffer(packed["data"], packed["dtype"]).reshape(packed["shape"])
