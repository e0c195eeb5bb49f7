"""Notebook 05: the key of every quiz against what is computed or counted here."""

import numpy as np
import pytest
from scipy.ndimage import convolve as ring_convolve
from scipy.ndimage import correlate as ring_correlate
from scipy.signal import correlate2d

from lecture_lib.chapters import equivariance as chapter
from lecture_lib.filters import KERNELS
from tests.chapters.found import answer_to, feedback


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_the_smallest_shift_that_the_maps_follow(rng):
    picture, kernel = rng.normal(size=(16, 16)), rng.normal(size=(3, 3))

    def maps(x):
        small = ring_correlate(x, kernel, mode="wrap")[::2, ::2]
        return small.reshape(4, 2, 4, 2).max(axis=(1, 3))

    followed = [
        by
        for by in range(1, 16)
        if any(np.allclose(maps(np.roll(picture, by, 1)), np.roll(maps(picture), k, 1)) for k in range(4))
    ]
    assert followed == [4, 8, 12]
    assert answer_to(chapter.SHIFT_AND_STRIDE) == f"{followed[0]} pixels"


def test_what_moves_along(rng):
    """Invariant: the same after a shift. Equivariant: pictures that look alike to it look alike after a shift."""
    picture, kernel = rng.integers(0, 9, (28, 28)).astype(float), rng.normal(size=(3, 3))
    dense = rng.normal(size=(10, 784))

    def move(x):
        return np.roll(x, 5, axis=1)

    def rectified(x):
        return ring_convolve(x, kernel, mode="wrap").clip(0)

    representations = {
        "How many pixels have each grey": lambda x: np.bincount(x.astype(int).ravel(), minlength=9),
        "A convolution, then the maximum of each map": lambda x: rectified(x).max(),
        "A fully connected layer with random weights, from 784 pixels to 10 numbers": lambda x: dense @ x.ravel(),
        "A convolution, then ReLU": rectified,
        "The pixel in the upper left corner": lambda x: x[0, 0],
    }
    invariant = {name: np.allclose(phi(move(picture)), phi(picture)) for name, phi in representations.items()}
    assert list(invariant.values()) == [True, True, False, False, False]

    unseen = np.linalg.svd(dense)[2][-1].reshape(28, 28)  # nothing to the dense layer
    corner = np.zeros((28, 28))
    corner[0, -5] = 1  # nothing to the pixel in the corner, until it moves there
    for name, twin in (
        ("A fully connected layer with random weights, from 784 pixels to 10 numbers", picture + 10 * unseen),
        ("The pixel in the upper left corner", picture + corner),
    ):
        phi = representations[name]
        assert np.allclose(phi(twin), phi(picture))
        assert not np.allclose(phi(move(twin)), phi(move(picture)))  # so there is no M_g
    assert np.allclose(rectified(move(picture)), move(rectified(picture)))
    assert answer_to(chapter.MOVES_ALONG) == "A convolution, then ReLU"


def test_a_quarter_turn(rng):
    photo = rng.normal(size=(9, 9))
    same = []
    for name in ("sobel_x", "emboss", "laplacian_4", "shift_left"):
        kernel = KERNELS[name].weights
        turned_first, turned_last = correlate2d(np.rot90(photo), kernel), np.rot90(correlate2d(photo, kernel))
        same.append(np.allclose(turned_first, turned_last))
    assert same == [option.right for option in chapter.QUARTER_TURN.options[:4]]
    assert answer_to(chapter.QUARTER_TURN).startswith("Laplacian")


def test_a_stride_follows_turns_where_the_windows_reach_the_last_pixel(rng):
    kernel = rng.normal(size=(3, 3))

    def strided(picture, turn):
        return correlate2d(picture, np.rot90(kernel, turn), "valid")[::2, ::2]

    exact = []
    for n in (12, 13, 14, 16):
        picture = rng.normal(size=(n, n))
        exact.append(np.allclose(strided(np.rot90(picture), 1), np.rot90(strided(picture, 0))))
    assert exact == [option.right for option in chapter.STRIDED_TURNS.options[:4]]
    assert answer_to(chapter.STRIDED_TURNS) == "13×13"
    for size, windows in (("12×12", 5), ("13×13", 6)):
        assert f"{windows} a row" in feedback(chapter.STRIDED_TURNS, size)


def test_turns_alone_make_no_convolution_of_a_matrix(rng):
    places = np.arange(25).reshape(5, 5)
    turns = [np.eye(25)[np.rot90(places, turn).ravel()] for turn in range(4)]
    matrix = rng.normal(size=(25, 25))
    mean = np.mean([turn.T @ matrix @ turn for turn in turns], axis=0)
    shift = np.eye(25)[np.roll(places, 1, axis=1).ravel()]
    assert all(np.allclose(mean @ turn, turn @ mean) for turn in turns)
    assert not np.allclose(mean @ shift, shift @ mean)
    assert not np.allclose(matrix @ turns[1], turns[1] @ matrix)
    assert (
        len({frozenset(np.flatnonzero(turn[:, at])[0] for turn in turns) for at in range(25)}) == 7
    )  # no single orbit
    assert answer_to(chapter.TURNS_ALONE) == "Equivariant to turns, but no convolution"
    assert f"There are {len(np.unique(mean.round(9)))} different numbers" in feedback(
        chapter.TURNS_ALONE, "Equivariant"
    )


def test_votes_that_cancel_make_no_capsule():
    votes = np.array([[[0.0, 1], [0, 1]]] * 5 + [[[0.0, 1], [0, -1]]] * 5)
    logits = np.zeros((10, 2))
    for _ in range(3):
        couplings = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        s = (couplings[:, :, None] * votes).sum(axis=0)
        square = (s**2).sum(axis=1, keepdims=True)
        v = np.sqrt(square) / (1 + square) * s
        logits += (votes * v).sum(axis=2)
    a, b = np.linalg.norm(v, axis=1)
    assert a > 0.95 and b < 1e-9
    assert answer_to(chapter.VOTES_CANCEL) == "A is nearly 1 long, and B is 0"
    assert f"A has the length {a:.2f}" in feedback(chapter.VOTES_CANCEL, "A is nearly 1 long, and B is 0")
