"""How much a representation changes when the picture moves: pooling by maximum, by mean, by stride, or none."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ...arguments import as_float, function, listed, one_of
from ...filters import correlate
from ...ops import avg_pool2d, max_pool2d
from ...shapes import ShapeError, integer

KINDS: dict[str, str] = {
    "max": "the largest value of each window",
    "average": "the mean of each window",
    "stride": "the first value of each window, nothing of the others",
    "none": "every value",
}
"""What is kept of a map, by the name of the way to do it."""


def feature_maps(image: np.ndarray, kernels: Sequence[np.ndarray]) -> np.ndarray:
    """What each kernel finds in an image (H, W): its correlation, then ReLU; float64 (K, H', W').

    Raises:
        TypeError, ShapeError: as :func:`lecture_lib.filters.correlate`; the kernels must have one size.

    >>> feature_maps(np.array([[1, 2, 4, 3]]), [np.array([[-1, 1]]), np.array([[1, -1]])])
    array([[[1., 2., 0.]],
    <BLANKLINE>
           [[0., 0., 1.]]])
    """
    kernels = [as_float(f"kernels[{at}]", kernel) for at, kernel in enumerate(listed("kernels", kernels))]
    if len({np.shape(kernel) for kernel in kernels}) != 1:
        raise ShapeError(
            f"kernels has the shapes {[np.shape(kernel) for kernel in kernels]}: must be of one size, at least one"
        )
    return np.maximum(np.stack([correlate(image, kernel) for kernel in kernels]), 0)


def downsample(maps: np.ndarray, kind: str, size: int) -> np.ndarray:
    """Make maps (..., H, W) ``size`` times smaller, windows side by side; ``kind`` is a name of :data:`KINDS`.

    Raises:
        ValueError: an unknown ``kind``.
        TypeError, ShapeError: ``maps`` does not hold numbers, or ``size`` is no integer from 1 to their side.

    >>> [downsample(np.array([[1, 2], [3, 6]]), kind, 2).tolist() for kind in KINDS]
    [[[6.0]], [[3.0]], [[1.0]], [[1.0, 2.0], [3.0, 6.0]]]
    """
    one_of("kind", kind, KINDS)
    maps, size = as_float("maps", maps), integer("size", size, 1)
    if maps.ndim < 2 or min(maps.shape[-2:]) < size:
        raise ShapeError(f"maps has shape {maps.shape}: must be (..., H, W), with sides of at least size={size}")
    if kind == "none":
        return maps
    if kind == "stride":
        rows, cols = (side - side % size for side in maps.shape[-2:])  # as many as windows fit
        return maps[..., :rows:size, :cols:size]
    pooled = (max_pool2d if kind == "max" else avg_pool2d)(maps.reshape(-1, 1, *maps.shape[-2:]), size)
    return pooled.reshape(*maps.shape[:-2], *pooled.shape[-2:])


def relative_change(before: np.ndarray, after: np.ndarray) -> float:
    """‖after − before‖ / ‖before‖: 0 when nothing has changed, √2 for maps as long as each other that are nowhere bright at one place.

    Raises:
        TypeError: an array does not hold real numbers.
        ShapeError: the shapes differ.
        ValueError: ``before`` is zero everywhere, or an array holds NaN or infinity.

    >>> relative_change([3, 4], [3, 9])
    1.0
    """
    before, after = as_float("before", before), as_float("after", after)
    if before.shape != after.shape:
        raise ShapeError(f"after has shape {after.shape}: must be {before.shape}, the shape of before")
    if not (np.isfinite(before).all() and np.isfinite(after).all()):
        raise ValueError("before or after holds NaN or infinity: every number must be finite")
    size = _length(before)
    if size == 0:
        raise ValueError("before is zero everywhere: must hold something that can change")
    return _length(after - before) / size


def _length(array: np.ndarray) -> float:
    # not norm(array) alone: its product wakes a thread on each core, which then waits at work for the next one
    return float(np.linalg.norm(array.ravel(), axis=0))


def changes(
    images: Sequence[np.ndarray],
    move: Callable[[np.ndarray, float], np.ndarray],
    levels: Sequence[float],
    kernels: Sequence[np.ndarray],
    sizes: Sequence[int],
    border: int = 0,
    kinds: Sequence[str] = tuple(KINDS),
) -> Mapping[str, np.ndarray]:
    """How much each image's pooled feature maps change when the image is moved; by kind, float64
    (sizes, images, levels).

    Args:
        images: (H, W) each.
        move: of an image and a level; the level 0 need not be among them.
        kernels: what makes the feature maps.
        sizes: of the pooling windows, as in :func:`downsample`.
        border: pixels of the feature maps that are left out on each side, where other things move in.

    Raises:
        ValueError, TypeError, ShapeError: as :func:`feature_maps`, :func:`downsample` and :func:`relative_change`.

    >>> image = np.array([[0, 0, 8, 0, 0, 0, 0, 0.0]])
    >>> changes([image], lambda image, by: np.roll(image, by, 1), [0, 1], [np.ones((1, 1))], [1])["none"]
    array([[[0.        , 1.41421356]]])
    """
    images, levels, sizes = listed("images", images), listed("levels", levels), listed("sizes", sizes)
    function("move", move)
    border, kinds = integer("border", border, 0), [one_of("kinds", kind, KINDS) for kind in listed("kinds", kinds)]
    found = {kind: np.empty((len(sizes), len(images), len(levels))) for kind in kinds}
    for i, image in enumerate(images):
        inside = (..., *(slice(border, -border or None),) * 2)
        still = feature_maps(image, kernels)[inside]
        for j, level in enumerate(levels):
            moved = feature_maps(move(image, level), kernels)[inside]
            for kind, each in found.items():
                for k, size in enumerate(sizes):
                    each[k, i, j] = relative_change(downsample(still, kind, size), downsample(moved, kind, size))
    return found
