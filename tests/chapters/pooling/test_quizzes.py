"""Notebook 04: the key of every quiz against what is computed or counted here."""

import numpy as np
import pytest

from lecture_lib.chapters import pooling as chapter
from tests.chapters.found import answer_to, feedback


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_pooled_volume(rng):
    volume = rng.normal(size=(64, 56, 56))
    out = volume.reshape(64, 28, 2, 28, 2).max(axis=(2, 4))
    depth, rows, cols = out.shape
    assert answer_to(chapter.POOLED_VOLUME) == f"{rows}×{cols}×{depth}, no parameters"


def test_a_bright_pixel():
    bright = np.zeros((8, 8))
    bright[3, 5] = 100
    largest = max(bright[i : i + 2, j : j + 2].max() for i in range(0, 8, 2) for j in range(0, 8, 2))
    mean = max(bright[i : i + 2, j : j + 2].mean() for i in range(0, 8, 2) for j in range(0, 8, 2))
    strided = max(bright[i, j] for i in (0, 2, 4, 6) for j in (0, 2, 4, 6))
    assert (largest, mean, strided) == (100, 25, 0)
    assert answer_to(chapter.BRIGHT_PIXEL) == "Max pooling: 100. Stride: nothing"
    assert "25 is what average pooling" in feedback(chapter.BRIGHT_PIXEL, "25 in both")


def test_a_pooled_gradient():
    window, gradient, h = np.array([[1.0, 5.0], [3.0, 2.0]]), 4, 1e-4
    found = np.zeros((2, 2))
    for place in np.ndindex(2, 2):
        step = np.zeros((2, 2))
        step[place] = h
        found[place] = gradient * ((window + step).max() - (window - step).max()) / (2 * h)
    quiz = chapter.POOLED_GRADIENT
    assert "holds [[1, 5], [3, 2]]" in quiz.question
    assert "output is 4." in quiz.question
    assert answer_to(quiz) == str(np.rint(found).astype(int).tolist())


def test_a_map_that_moves_by_strides(rng):
    quiz = chapter.MOVED_BY_STRIDES
    map_ = rng.permutation(64 * 64).reshape(64, 64)
    before, after = (each.reshape(16, 4, 16, 4).max(axis=(1, 3)) for each in (map_, np.roll(map_, 8, axis=1)))
    [by] = [k for k in range(16) if np.array_equal(after, np.roll(before, k, axis=1))]
    assert "F = S = 4" in quiz.question
    assert "by 8 pixels" in quiz.question
    assert answer_to(quiz) == f"They move by {by}, and are the same values"
    assert not np.isin(np.roll(map_, 1, axis=1).reshape(16, 4, 16, 4).max(axis=(1, 3)), before).all()


def test_a_wanted_size():
    quiz = chapter.WANTED_SIZE
    settings = [tuple(int(part[-1]) for part in option.text.split(", ")) for option in quiz.options]
    does = []
    for f, s in settings:
        starts = range(0, 55 - f + 1, s)
        if len(starts) == 27 and {start + k for start in starts for k in range(f)} == set(range(55)):
            does.append(f"F = {f}, S = {s}")
        assert f"+ 1 = {len(starts)}" in feedback(quiz, f"F = {f}, S = {s}")
    assert [answer_to(quiz)] == does
