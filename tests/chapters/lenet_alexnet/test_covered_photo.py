"""A covered photo: what the explorer holds, against the recording and the network; a picture of one's own is computed."""

import asyncio
import io
import sys

import numpy as np
import pytest
from PIL import Image

from lecture_lib import data
from lecture_lib.chapters.lenet_alexnet.covered_photo import covered_photo
from lecture_lib.chapters.lenet_alexnet.photo_covers import (
    COVERED,
    KINDS,
    PLACES,
    SIZE,
    STRIDE,
    cover_steps,
    recorded_covers,
    uncovered,
)
from lecture_lib.models import trained_photo_net
from lecture_lib.ops import softmax

NAMES = data.imagenet_classes()
module = sys.modules[covered_photo.__module__]  # its name in the chapter is that of the function


@pytest.fixture(scope="module")
def net():
    return trained_photo_net()[0]


def png(photo):
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "PNG")
    return file.getvalue()


def in_steps(net, photo, cover):
    """A stand-in that fills the places without the network: the share at each place says which it is."""
    for row, col in np.ndindex(PLACES, PLACES):
        done = (row * PLACES + col + 1) / PLACES**2
        cover.covered[row, col], cover.top[row, col], cover.most[row, col] = done, cover.kinds[col % 2], done
        yield done


def test_what_is_shown_of_a_shipped_photo_is_what_was_recorded():
    explorer, covers = covered_photo(), recorded_covers()
    for at, cover in enumerate(covers):
        assert explorer.declared["kind"].labels[at] == [NAMES[kind] for kind in cover.kinds]
        assert np.allclose(explorer.array("before")[at], cover.before)
        for kind in range(KINDS):
            assert np.array_equal(explorer.array("covered")[at][kind], cover.covered[..., kind])
        assert np.array_equal(explorer.array("photos")[at], data.crop_photo(data.load_photo(COVERED[at]), 224))


@pytest.mark.parametrize("name", COVERED)
def test_one_part_of_each_photo_decides_its_answer(name):
    """It starts where most is lost: at least two fifths of the probability."""
    explorer, cover = covered_photo(name), recorded_covers()[COVERED.index(name)]
    row, col = explorer.state["row"], explorer.state["col"]
    assert cover.covered[row, col, 0] == cover.covered[..., 0].min() < 0.6 * cover.before[0]


def test_what_was_recorded_at_one_place_is_the_networks_answer_to_a_photo_painted_there(net):
    cover = recorded_covers()[0]
    row, col = np.unravel_index(cover.covered[..., 0].argmin(), (PLACES, PLACES))
    painted = data.crop_photo(data.load_photo("astronaut"), 224).copy()
    top, left = (max(0, STRIDE * int(at) - SIZE // 2) for at in (row, col))
    painted[top : STRIDE * row + SIZE // 2, left : STRIDE * col + SIZE // 2] = 128
    x = ((painted.astype(np.float32) - 127) / 128).transpose(2, 0, 1)[None]
    before, after = (softmax(net.forward(each))[0] for each in (data.photo_as_input(data.load_photo("astronaut")), x))
    net.forget()
    assert np.allclose(before[cover.kinds], cover.before, atol=2e-3) and before.argmax() == cover.kinds[0]
    assert np.allclose(after[cover.kinds], cover.covered[row, col], atol=2e-3)
    assert after.argmax() == cover.top[row, col] and after.max() == pytest.approx(cover.most[row, col], abs=2e-3)


def test_a_picture_of_ones_own_is_covered_and_said(monkeypatch):
    monkeypatch.setattr(module, "cover_steps", in_steps)
    explorer = covered_photo()
    explorer.open_picture(png(data.load_photo("coffee")), "mine.png")
    last = len(COVERED)
    assert explorer.problem == "" and explorer.state["photo"] == last and explorer.state["busy"] == 0
    assert explorer.declared["kind"].labels[last][0] == "espresso"
    assert np.allclose(explorer.array("covered")[last][1].ravel(), np.arange(1, PLACES**2 + 1) / PLACES**2)
    assert np.array_equal(explorer.array("photos")[last], data.crop_photo(data.load_photo("coffee"), 224))
    texts, top = explorer.sentence[2]["text"], explorer.array("top")[last]
    assert "the most likely is now espresso" in texts[top[0, 0]]
    for at, cover in enumerate(recorded_covers()):  # of all others the words still stand
        shown = texts[explorer.array("top")[at][3, 4]]
        assert NAMES[cover.top[3, 4]] in shown


def test_a_picture_is_covered_in_turn_with_everything_else_and_can_be_stopped(monkeypatch):
    seen = []

    def slow(net, photo, cover):
        for done in in_steps(net, photo, cover):
            seen.append(done)
            yield done

    monkeypatch.setattr(module, "cover_steps", slow)
    monkeypatch.setattr(module, "EVERY", 0)

    async def use():
        explorer = covered_photo()
        explorer.open_picture(png(data.load_photo("coffee")), "mine.png")
        assert not seen and explorer.state["busy"] == 1
        while len(seen) < 5:
            await asyncio.sleep(0.01)
        share, words = explorer.state["done"]
        assert 0 < share < 0.2 and words.endswith("s left")
        explorer.press("stop")
        for _ in range(10):
            await asyncio.sleep(0.01)
        return explorer

    explorer = asyncio.run(use())
    assert len(seen) < PLACES**2 / 2 and explorer.state["busy"] == 0
    shown = explorer.array("covered")[len(COVERED)][0]
    assert np.isfinite(shown).sum() in (len(seen), len(seen) - 1, len(seen) + 1) and np.isnan(shown[-1, -1])
    assert "not computed yet" in explorer.sentence[2]["text"][explorer.array("top")[len(COVERED)][-1, -1]]


def test_what_is_no_picture_is_answered_in_words():
    explorer = covered_photo()
    explorer.open_picture(b"no picture", "notes.txt")
    assert "notes.txt: not a picture" in explorer.problem and explorer.state["photo"] == 0


def test_an_unknown_photo_is_named():
    with pytest.raises(ValueError, match="photo='chelsea': must be one of astronaut"):
        covered_photo("chelsea")


@pytest.mark.slow
def test_covered_again_it_comes_out_as_recorded(net):
    """One photo, the first three rows of places."""
    photo, recorded = data.load_photo("palace"), recorded_covers()[COVERED.index("palace")]
    cover = uncovered(net, photo)
    for done in cover_steps(net, photo, cover):
        if done >= 3 / PLACES:
            break
    assert (cover.kinds == recorded.kinds).all() and np.allclose(cover.before, recorded.before, atol=1e-3)
    assert np.allclose(cover.covered[:3], recorded.covered[:3], atol=1e-3)
    assert (cover.top[:3] == recorded.top[:3]).mean() > 0.95 and np.isnan(cover.covered[-1]).all()


def test_what_the_notebook_says_of_the_covered_photos_is_recorded():
    """Of the kind that is most likely with nothing covered: before, the least and the most with the square."""
    found = {
        name: (cover.before[0], cover.covered[..., 0]) for name, cover in zip(COVERED, recorded_covers(), strict=True)
    }
    before, helmet = found["astronaut"]
    assert (round(100 * before), round(100 * helmet.max())) == (18, 50) and helmet.min() < 0.01
    before, palace = found["palace"]
    assert round(palace.min() / before, 2) == 0.25
    assert found["camera"][1].min() > 0.5
    assert [NAMES[cover.kinds[0]] for cover in recorded_covers()][:3] == ["football helmet", "palace", "tripod"]
