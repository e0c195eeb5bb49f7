"""Notebook 01: the key of every quiz against what is computed or counted here."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from lecture_lib.chapters import motivation as chapter
from lecture_lib.layers import Conv2d, Linear
from lecture_lib.models import lenet5, summary
from tests.chapters.found import answer_to, feedback


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_larger_photo():
    dense = [Linear(side * side * 3, 1000).parameters()["weight"].size for side in (200, 400)]
    conv = [Conv2d(3, 1000, 5).parameters()["weight"].size for _ in (200, 400)]
    assert (dense[1] / dense[0], conv[1] / conv[0]) == (4, 1)
    quiz = chapter.LARGER_PHOTO
    assert answer_to(quiz) == "Fully connected: 4 times as many. Convolution: as many as before"
    for count in (*dense, conv[0]):
        assert f"{count:,}" in feedback(quiz, answer_to(quiz))
    work = [Conv2d(3, 1000, 5).multiply_adds((3, side, side)) for side in (200, 400)]
    assert f"about {work[1] / work[0]:.1f} times" in feedback(
        quiz, "Fully connected: 4 times as many. Convolution: twice"
    )


def test_a_moved_object(rng):
    """Maps move along, a layer over all places answers otherwise, and the maximum of each map does not notice."""
    picture = np.zeros((24, 24))
    picture[5:9, 4:9] = rng.random((4, 5))
    filters, dense = rng.normal(size=(3, 3, 3)), rng.normal(size=(10, 3 * 24 * 24))
    before, after = (
        np.stack([correlate2d(np.roll(picture, by, axis=1), each, "same") for each in filters]).clip(0) for by in (0, 8)
    )
    assert np.allclose(np.roll(before, 8, axis=2), after)  # so A and C are wrong, and the digit stays whole: E
    assert np.allclose(before.max(axis=(1, 2)), after.max(axis=(1, 2)))
    assert not np.allclose(dense @ before.ravel(), dense @ after.ravel(), rtol=0.1)
    assert answer_to(chapter.MOVED_OBJECT) == "Its last layer has a weight of its own for each place of the maps"


def test_local_or_shared():
    lines = [(top, left, a, b) for top in range(24) for left in range(24) for a in range(5) for b in range(5)]
    assert max(top + a for top, _, a, _ in lines) == 27
    local, shared = len(set(lines)), len({(a, b) for _, _, a, b in lines})
    quiz = chapter.LOCAL_OR_SHARED
    assert answer_to(quiz) == f"{local:,} and {shared}" == "14,400 and 25"
    assert {option.text for option in quiz.options} >= {"14,400 and 576", "451,584 and 25"}  # units; 784·576 if dense


def test_cancelled():
    first = np.random.default_rng(0).integers(60, 190, (100, 100))
    second = first + np.random.default_rng(1).permuted(np.repeat([40, -40], 5000)).reshape(100, 100)
    total = sum((int(a) - int(b)) ** 2 for a, b in zip(first.ravel(), second.ravel(), strict=True))
    quiz = chapter.CANCELLED
    assert answer_to(quiz) == f"{(total / 10_000) ** 0.5:.0f} grey levels" == "40 grey levels"
    assert {f"{total / 10_000:,.0f}", f"{total**0.5:,.0f}: it adds up over the pixels"} <= {
        option.text for option in quiz.options
    }


def test_wider_view():
    rows = {row.layer: row for row in summary(lenet5(), (1, 28, 28)).rows}
    quiz = chapter.WIDER_VIEW
    assert "see 14×14 pixels" in quiz.question and rows["C3"].receptive_field == (14, 14)
    assert rows["S2"].receptive_field == (6, 6) and "6×6 pixels, 2 pixels apart" in answer_to(quiz)
    assert rows["S2"].output_shape == (6, 14, 14) and rows["C3"].output_shape == (16, 10, 10)  # by chance; 10×10 places
