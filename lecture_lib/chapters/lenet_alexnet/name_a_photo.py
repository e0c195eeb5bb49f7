"""A network that was trained on photos names the shipped ones and the student's own: its five most likely of 1,000 kinds."""

import re
from typing import NamedTuple

import numpy as np

from ... import style
from ...arguments import one_of
from ...data import crop_photo, imagenet_classes, load_photo, open_image, resize
from ...data.photo_input import field_of_crop
from ...explore import Choice, Explorer, File, Look, Numbers, Options, Say, pack
from ...models import PHOTO_NET_INPUT, trained_photo_net
from .photo_answers import CLASSES, PHOTO_ANSWERS, PHOTOS, logits_of, most_likely

SIDE = 256  # pixels of the longer side, as photos are shown
THUMB = 40
COUNT = 5
MOST_OPENED = 100  # pictures of one's own
MINE = "your picture"
NOTHING_OPEN = "No picture of yours is open: press the first icon above, or paste one."
ANYTHING = "It names one of 1,000 kinds, whatever the picture shows. "


class Seen(NamedTuple):
    """A photo as it is shown, and what the network says to it."""

    title: str
    photo: np.ndarray
    square: np.ndarray
    """What the network gets, uint8 (224, 224, 3)."""
    field: list[int]
    """First and last row and column of the square in ``photo``."""
    bars: list[dict[str, object]]
    words: tuple[str, str]
    """What it says, and what else there is to say."""


def words_of(shown: str, logits: np.ndarray, names: list[str]) -> str:
    """How many of the names have the word for what a photo shows, and what the network gives to them together.

    >>> words_of("cow", np.log([6.0, 4.0]), ["sea cow", "cat"])
    'One of the 2 names has the word “cow”: sea cow, with 60 %. '
    """
    guesses = [each for each in most_likely(logits, names, len(names)) if shown in re.findall(r"\w+", each.name)]
    share, count = style.percent(sum(each.probability for each in guesses)), f"{len(names):,}"
    if not guesses:
        return f"None of the {count} names has the word “{shown}”. "
    if len(guesses) == 1:
        return f"One of the {count} names has the word “{shown}”: {guesses[0].name}, with {share}. "
    return f"{len(guesses)} of the {count} names have the word “{shown}”; together they get {share}. "


def _see(photo: np.ndarray, title: str, logits: np.ndarray, words: str) -> Seen:
    guesses, shown = most_likely(logits, imagenet_classes(), COUNT), resize(photo, SIDE)
    bars = [
        {"label": each.name, "value": each.probability, "text": style.percent(each.probability)} for each in guesses
    ]
    rest = max(0.0, 1 - sum(each.probability for each in guesses))
    bars.append({
        "label": f"the other {CLASSES - COUNT} kinds together", "value": rest, "text": style.percent(rest), "role": "rest"
    })  # fmt: skip
    height, width = photo.shape[:2]
    return Seen(
        f"{title}, {width} × {height}", shown, crop_photo(photo, PHOTO_NET_INPUT[1]), field_of_crop(*shown.shape[:2], PHOTO_NET_INPUT[1]), bars,
        (f"{guesses[0].name}, {style.percent(guesses[0].probability)}. ", words),
    )  # fmt: skip


def _shipped() -> list[Seen]:
    recorded, names = PHOTO_ANSWERS.arrays(), imagenet_classes()
    answers = zip(PHOTOS.items(), recorded["logits"], recorded["seconds"], strict=True)
    return [
        _see(load_photo(photo), photo, logits, f"{words_of(shown, logits, names)}It took {seconds:.1f} s when this was recorded.")
        for (photo, shown), logits, seconds in answers
    ]  # fmt: skip


_NONE = Seen(
    MINE, np.full((1, 1, 3), 128, np.uint8), np.full((1, 1, 3), 128, np.uint8), [0] * 4, [], ("", NOTHING_OPEN)
)


class _Photos:
    """What is shown: the shipped photos, and of the student's own the one that is chosen."""

    def __init__(self):
        self.shipped, self.mine, self.net = _shipped(), [], None

    def look(self, content: bytes, name: str) -> Seen:
        """The network's look at a picture; the first one loads it."""
        photo = open_image(content, name)
        self.net = self.net or trained_photo_net()[0]
        logits, seconds = logits_of(self.net, photo)
        return _see(photo, name, logits, f"{ANYTHING}It took {seconds:.1f} s here.")

    def answer(self, explorer: Explorer, names: set[str]) -> None:
        if "picture" in names:
            if len(self.mine) == MOST_OPENED:
                raise ValueError(f"{MOST_OPENED} pictures are open: run the cell again to open more")
            self.mine.append(self.look(explorer.picture, explorer.picture_name))
            explorer.update(state={"photo": len(self.shipped), "mine": len(self.mine)})
        at = explorer.state["mine"]
        if at > len(self.mine):
            raise ValueError("That picture of yours is no longer open: open it again")
        mine, last = self.mine[at - 1] if at else _NONE, len(self.shipped)
        extra = {
            f"photos:{last}": pack(mine.photo, "rgb"), f"squares:{last}": pack(mine.square, "rgb"),
            f"thumbs:{last}": pack(resize(mine.square, THUMB), "rgb"), "fields": self.fields(mine),
        }  # fmt: skip
        explorer.update(extra=extra if at else {}, panels=self.panels(mine), sentence=self.sentence(mine), problem="")

    def fields(self, mine: Seen) -> dict[str, object]:
        return pack(np.array([each.field for each in (*self.shipped, mine)], np.int32), "index")

    def panels(self, mine: Seen) -> list[dict[str, object]]:
        every, side = [*self.shipped, mine], PHOTO_NET_INPUT[1]
        return [
            {"kind": "grid", "array": "photos", "among": ["photo"], "field": [Look("fields", "photo", at) for at in range(4)],
             "titles": [each.title for each in every], "index": "photo", "size": False, "sign": "→"},
            {"kind": "grid", "array": "squares", "among": ["photo"], "size": False, "title": f"what the network gets, {side} × {side}", "sign": "→"},
            {"kind": "bars", "at": ["photo"], "bars": [each.bars for each in every], "title": f"{COUNT} of {CLASSES:,} kinds, bars to 100 %"},
        ]  # fmt: skip

    def sentence(self, mine: Seen) -> list[Say]:
        says = [each.words for each in (*self.shipped, mine)]
        return [Say([bold for bold, _ in says], at=["photo"], tag="b"), Say([rest for _, rest in says], at=["photo"])]


def name_a_photo(photo: str = "chelsea") -> Explorer:
    """Explorer of a network that names photos: EfficientNet-Lite0's five most likely of ImageNet's 1,000 kinds.

    To the shipped photos its answers are recorded; to a picture of one's own, from a file, the clipboard or the camera,
    they are computed.

    Args:
        photo: the one that is shown first, of :data:`~.photo_answers.PHOTOS`.

    Raises:
        ValueError: there is no such photo.

    >>> name_a_photo("rocket").value("photo")
    'rocket'
    """
    one_of("photo", photo, PHOTOS)
    photos = _Photos()
    seen = [*photos.shipped, _NONE]
    return Explorer(
        "Name a photo",
        "A photo with the square that a network gets of it, that square, and the five kinds that the network finds most likely, "
        "as bars with their names and probabilities.",
        indices={
            "photo": Options([*PHOTOS, MINE], photo),
            "mine": Numbers(0, MOST_OPENED, python=True),  # which of the pictures that were opened; 0 is none
        },
        controls=[
            Choice("photo", "Photo", "which photo the network names", pictures="thumbs"),
            File("picture", "Your picture", "open a picture from this computer; one that you copied is pasted with Ctrl+V"),
        ],
        arrays={
            "photos": [pack(each.photo, "rgb") for each in seen], "squares": [pack(each.square, "rgb") for each in seen],
            "thumbs": [pack(resize(each.square, THUMB), "rgb") for each in photos.shipped], "fields": photos.fields(_NONE),
        },
        panels=photos.panels(_NONE), sentence=photos.sentence(_NONE), arrows=(None, "photo"), height=404, hover=False,
        answer=photos.answer,
    )  # fmt: skip
