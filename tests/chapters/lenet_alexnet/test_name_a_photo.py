"""A network names photos: what is shown of each, what is said, and a picture of one's own of any size."""

import importlib
import io

import numpy as np
import pytest
from PIL import Image

from lecture_lib import data, ops
from lecture_lib.chapters.lenet_alexnet.name_a_photo import COUNT, MINE, name_a_photo, words_of
from lecture_lib.chapters.lenet_alexnet.photo_answers import PHOTO_ANSWERS, PHOTOS, logits_of, most_likely
from lecture_lib.models import trained_photo_net

NAMES = data.imagenet_classes()
module = importlib.import_module(
    "lecture_lib.chapters.lenet_alexnet.name_a_photo"
)  # the chapter has a function of that name


@pytest.fixture(scope="module")
def explorer():
    return name_a_photo()


@pytest.fixture
def quick(monkeypatch):
    """A network that finds class 7 most likely, at once."""
    monkeypatch.setattr(module, "trained_photo_net", lambda: (object(), {}))
    scores = np.zeros(1000, np.float32)
    scores[7] = 9
    monkeypatch.setattr(module, "logits_of", lambda net, photo: (scores, 0.25))


def said(explorer):
    at = explorer.state["photo"]
    return "".join(each["text"][at] for each in explorer.sentence)


def file_of(picture, kind="PNG"):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind)
    return file.getvalue()


# ---------------------------------------------------------------- what the network says


def test_the_most_likely_comes_first_and_of_equal_ones_the_first():
    found = most_likely(np.array([0, 3, 3, 1]), list("abcd"), 3)
    assert [guess.name for guess in found] == ["b", "c", "d"]
    assert found[0].probability == pytest.approx(np.e**3 / (1 + 2 * np.e**3 + np.e))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name != "chelsea" else []) for name in PHOTOS]
)
def test_computed_again_the_scores_come_out_as_recorded(name):
    """On another machine sums are rounded otherwise."""
    recorded = PHOTO_ANSWERS.arrays()["logits"][list(PHOTOS).index(name)]
    scores, seconds = logits_of(trained_photo_net()[0], data.load_photo(name))
    assert np.abs(scores - recorded).max() < 1e-3 and seconds > 0


@pytest.mark.parametrize("at", range(len(PHOTOS)))
def test_bars_are_the_five_largest_probabilities_and_what_is_left(explorer, at):
    chances = ops.softmax(PHOTO_ANSWERS.arrays()["logits"][at].astype(float))
    best = np.argsort(-chances)[:COUNT]
    *five, rest = explorer.panels[2]["bars"][at]
    assert [bar["label"] for bar in five] == [NAMES[each] for each in best]
    assert [bar["value"] for bar in five] == pytest.approx(chances[best].tolist())
    assert (
        rest["value"] == pytest.approx(np.delete(chances, best).sum())
        and rest["label"] == "the other 995 kinds together"
    )


def test_of_none_of_the_thousand_kinds_that_is_said_and_of_others_what_they_get_together(explorer):
    words = dict(zip(PHOTOS, explorer.sentence[1]["text"], strict=False))
    chances = ops.softmax(PHOTO_ANSWERS.arrays()["logits"].astype(float))
    for at, (photo, shown) in enumerate(PHOTOS.items()):
        named = [number for number, name in enumerate(NAMES) if shown in name.replace("-", " ").split()]
        if not named:
            assert words[photo].startswith(f"None of the 1,000 names has the word “{shown}”.")
        else:
            assert f"{100 * chances[at, named].sum():.0f} %" in words[photo] or "< 1 %" in words[photo]
    assert [photo for photo in PHOTOS if words[photo].startswith("None")] == ["astronaut", "brick", "rocket"]


def test_the_words_of_three_photos_are_in_no_name_and_no_kind_gets_much_of_them():
    chances = dict(zip(PHOTOS, ops.softmax(PHOTO_ANSWERS.arrays()["logits"].astype(float)), strict=True))
    words = {word for name in NAMES for word in name.replace("-", " ").split()}
    assert [photo for photo, shown in PHOTOS.items() if shown not in words] == ["astronaut", "brick", "rocket"]
    assert max(chances[photo].max() for photo in ("astronaut", "brick", "rocket", "chelsea")) < 0.4
    cats = [at for at, name in enumerate(NAMES) if "cat" in name.split()]
    assert len(cats) == 5 and round(100 * chances["chelsea"][cats].sum()) == 74


def test_a_word_counts_as_a_whole_only():
    logits = np.log([5.0, 3.0, 2.0])
    assert words_of("cat", logits, ["tiger cat", "catamaran", "polecat"]).startswith("One of the 3 names has the word")
    assert "together they get 80 %" in words_of("cat", logits, ["tiger cat", "cat", "dog"])


# ---------------------------------------------------------------- what the network gets


def test_the_square_is_what_the_network_gets(explorer):
    for at, name in enumerate(PHOTOS):
        photo = data.load_photo(name)
        square = explorer.array("squares")[at]
        x = ((square.astype(np.float32) / 255 - 127 / 255) / (128 / 255)).transpose(2, 0, 1)
        assert np.allclose(x, data.photo_as_input(photo)[0], atol=1e-6)
        top, bottom, left, right = explorer.array("fields")[at]
        side = min(bottom - top, right - left) + 1
        shown = explorer.array("photos")[at][top : top + side, left : left + side]
        assert np.corrcoef(shown.ravel(), data.resize(square, side).ravel())[0, 1] > 0.95


# ---------------------------------------------------------------- a picture of one's own


def test_before_one_is_open_your_picture_is_empty_and_says_how(explorer):
    explorer.state = {"photo": len(PHOTOS)}
    assert explorer.value("photo") == MINE and said(explorer) == module.NOTHING_OPEN
    assert explorer.panels[2]["bars"][-1] == []
    explorer._repr_mimebundle_()


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 4000, 3), (4000, 3, 3), (3000, 4000, 3), (50, 40)])
def test_a_picture_of_any_size_is_named(quick, shape):
    explorer = name_a_photo()
    explorer.open_picture(file_of(np.full(shape, 90, np.uint8)), "mine.png")
    assert explorer.problem == "" and explorer.value("photo") == MINE
    assert explorer.panels[0]["titles"][-1] == f"mine.png, {shape[1]} × {shape[0]}"
    assert said(explorer).startswith(
        f"{NAMES[7]}, 89 %. It names one of 1,000 kinds, whatever the picture shows. It took 0.2"
    )
    last = len(PHOTOS)
    assert explorer.extra[f"squares:{last}"]["shape"] == [224, 224, 3]
    assert max(explorer.extra[f"photos:{last}"]["shape"]) == module.SIDE


def test_what_is_no_picture_is_said_and_what_stood_before_stays(quick):
    explorer = name_a_photo("coffee")
    explorer.open_picture(b"milk", "notes.png")
    assert "notes.png: not a picture" in explorer.problem and explorer.value("photo") == "coffee"


def test_undo_goes_back_through_ones_own_pictures(quick):
    explorer = name_a_photo()
    for name in ("one", "two"):
        explorer.open_picture(file_of(np.zeros((9, 9, 3), np.uint8)), name)
    explorer.state = {"mine": 1}
    assert explorer.panels[0]["titles"][-1].startswith("one, ")
    explorer.state = {"mine": 0, "photo": 2}
    assert explorer.panels[0]["titles"][-1].startswith(MINE) and said(explorer).startswith("tiger cat")
    explorer.state = {"mine": 7}
    assert "no longer open" in explorer.problem


def test_more_pictures_than_are_kept_are_refused_in_words(quick, monkeypatch):
    monkeypatch.setattr(module, "MOST_OPENED", 1)
    explorer = name_a_photo()
    for _ in range(2):
        explorer.open_picture(file_of(np.zeros((9, 9, 3), np.uint8)))
    assert explorer.problem == "1 pictures are open: run the cell again to open more."


def test_an_own_picture_gets_the_answer_of_the_network_itself():
    explorer, photo = name_a_photo(), data.load_photo("coffee")
    explorer.open_picture(file_of(photo), "cup.png")
    assert [bar["label"] for bar in explorer.panels[2]["bars"][-1]] == [
        bar["label"] for bar in explorer.panels[2]["bars"][3]
    ]
