"""A spot on its way through two windows: what is said of each place, worked out by hand."""

import numpy as np

from lecture_lib.chapters.pooling.moving_spot import moving_spot


def test_only_at_the_border_between_the_windows_the_pooled_rows_change():
    explorer = moving_spot()
    for at, (largest, mean) in enumerate(zip(explorer.array("max"), explorer.array("average"), strict=True)):
        assert largest.tolist() == [[1, 0]] if at < 4 else [[0, 1]]
        assert np.array_equal(mean, largest / 4)
    finding, compared = (say["text"] for say in explorer.sentence)
    same = [text.partition(": ")[2] for text in compared[1:]]
    assert ["max" in each for each in same] == ["average" in each for each in same] == [True] * 3 + [False] + [True] * 3
    assert ["stride" in each for each in same] == [False, True, True, False, False, True, True]
    assert [at for at, text in enumerate(finding) if "not by" not in text] == [0, 4]
