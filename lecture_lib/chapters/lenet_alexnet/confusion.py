"""The confusion matrix of a network, and the digits behind each of its cells."""

import numpy as np

from ...arguments import as_float
from ...explore import Explorer, Places, Say, pack
from ...ops import check_labels
from ...shapes import ShapeError

SHOWN = 24  # digits behind a cell


def confusion(
    probabilities: np.ndarray, images: np.ndarray, labels: np.ndarray, *, label: int = 4, answer: int = 9
) -> Explorer:
    """Explorer of mistakes: choose a cell of the confusion matrix by mouse or arrow keys, and see the digits behind it.

    Of mistakes the surest come first; of right answers the least sure.

    Args:
        probabilities: a network's, (N, M). images: uint8 (N, H, W). labels: what they are, (N,).
        label, answer: the cell to start with: the class, and what the network says.

    Raises:
        ShapeError: arrays do not fit to each other, or the cell is outside.
        ValueError: labels do not fit.

    >>> confusion(np.eye(2), np.zeros((2, 2, 2), np.uint8), [0, 0], label=0, answer=1).array("counts").tolist()
    [[1, 1], [0, 0]]
    """
    probabilities, images = as_float("probabilities", probabilities), np.asarray(images)
    if probabilities.ndim != 2 or images.ndim != 3 or len(probabilities) != len(images) or images.size == 0:
        raise ShapeError(f"probabilities {probabilities.shape} and images {images.shape}: must be (N, M) and (N, H, W)")
    labels = check_labels(labels, *probabilities.shape)
    classes = probabilities.shape[1]
    said, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    counts = np.bincount(classes * labels.astype(int) + said, minlength=classes**2).reshape(classes, classes)
    tiles = np.zeros((classes, classes, SHOWN, *images.shape[1:]), np.uint8)
    confidence = np.zeros((classes, classes, SHOWN))
    texts = [[""] * classes for _ in range(classes)]
    for i, j in np.ndindex(classes, classes):
        behind = np.flatnonzero((labels == i) & (said == j))
        order = behind[np.argsort(sure[behind] if i == j else -sure[behind], kind="stable")][:SHOWN]
        tiles[i, j, : len(order)], confidence[i, j, : len(order)] = images[order], sure[order]
        texts[i][j] = _describe(i, j, counts, sure[behind])
    most = max(1, int((counts * ~np.eye(classes, dtype=bool)).max()))  # of the mistakes
    return Explorer(
        "Confusion matrix",
        "The confusion matrix of a network: true classes down, answers across, with the number of digits in each cell, and "
        "beside it the digits of the cell that is chosen, with the network's confidence.",
        indices={"label": Places(classes, label), "answer": Places(classes, answer)},
        arrays={
            "counts": pack(counts.astype(np.int32), "weight", (-most, most)), "tiles": pack(tiles, "image"),
            "confidence": pack(confidence, "curve"), "shown": pack(np.minimum(counts, SHOWN).astype(np.int32), "index"),
        },
        panels=[
            {"kind": "grid", "array": "counts", "heads": ["it is", "the net says"], "diagonal": True, "numbers": True,
             "mark": "cell", "pick": "output", "title": "how often", "size": False},
            {"kind": "sheet", "array": "tiles", "at": ["label", "answer"], "columns": 6, "counts": "shown",
             "captions": "confidence", "title": "the digits, and how sure the net is", "share": 1.1, "size": False},
        ],
        sentence=Say(texts, at=["label", "answer"]), arrows=("label", "answer"), height=430, hover=False,
    )  # fmt: skip


def _describe(i: int, j: int, counts: np.ndarray, sure: np.ndarray) -> str:
    """One cell in words."""
    total, count = int(counts[i].sum()), int(counts[i, j])
    if count == 0:
        return f"No {i} was taken for {j}." if i != j else f"No {i} was right."
    mean = f"mean confidence {100 * sure.mean():.0f} %"
    if i == j:
        shown = f"The {SHOWN} least sure of them." if count > SHOWN else "The least sure first."
        return f"{count:,} of {total:,} digits {i} are right, {mean}. {shown}"
    back = f"The other way round, {j} for {i}: {counts[j, i]}."
    shown = f" The {SHOWN} surest are shown." if count > SHOWN else ""
    return f"{count} of {total:,} digits {i} were taken for {j}, {mean}.{shown} {back}"
