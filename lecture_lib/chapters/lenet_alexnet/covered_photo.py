"""A grey square on a photo, and what a network that names photos still says of it."""

import time
from collections.abc import Iterator

import numpy as np

from ... import style
from ...arguments import one_of
from ...data import crop_photo, imagenet_classes, load_photo, open_image
from ...explore import (
    EVERY,
    Bar,
    Choice,
    Explorer,
    File,
    Free,
    Look,
    Numbers,
    Options,
    Places,
    Press,
    Say,
    in_turn,
    pack,
    stop_between_steps,
)
from ...models import trained_photo_net
from .covered_digit import say_covered, spans
from .photo_covers import (
    COVERED,
    GREY,
    KINDS,
    PLACES,
    SIDE,
    SIZE,
    STRIDE,
    Cover,
    cover_steps,
    recorded_covers,
    uncovered,
)

MINE = "your picture"
NOTHING_OPEN = "No picture of yours is open: press the first icon above, or paste one. "
_NAMES = imagenet_classes()


def _lowest(cover: Cover, kind: int) -> str:
    """Where covering takes most from a kind, and which share of the places changes the answer."""
    known = np.isfinite(cover.most)
    if not known.any():
        return ""
    lowest, other = np.nanmin(cover.covered[..., kind]), (cover.top != cover.kinds[0])[known].mean()
    so_far = "" if known.all() else " so far"
    return (
        f"At the worst place{so_far} {style.percent(float(lowest))} are left. With the square, something else than "
        f"{_NAMES[cover.kinds[0]]} is the most likely at {style.percent(float(other))} of the places{so_far}. "
    )


class _Covering:
    """What Python answers: a picture of one's own is covered place by place, in turn with everything else."""

    def __init__(self):
        self.squares = [crop_photo(load_photo(name), SIDE) for name in COVERED]
        self.covers, self.net, self.run, self.task = recorded_covers(), None, 0, None
        self.mine: tuple[np.ndarray, Cover] | None = None

    def every(self) -> list[tuple[np.ndarray, Cover]]:
        """Squares and what is known of them, with a blank one where no picture is open."""
        shape = PLACES, PLACES
        none = Cover(
            np.zeros(KINDS, int), np.zeros(KINDS), np.zeros((*shape, KINDS)), np.zeros(shape, int), np.zeros(shape)
        )
        blank = np.full((SIDE, SIDE, 3), GREY, np.uint8), none
        return [*zip(self.squares, self.covers, strict=True), self.mine or blank]

    def answer(self, explorer: Explorer, names: set[str]) -> None:
        if "stop" in names:
            self.run += 1
            explorer.update(state={"busy": 0})
        elif "picture" in names:
            photo = open_image(explorer.picture, explorer.picture_name)
            self.net = self.net or trained_photo_net()[0]
            self.mine, self.run = (crop_photo(photo, SIDE), uncovered(self.net, photo)), self.run + 1
            explorer.update(
                state={"photo": len(COVERED), "kind": 0, "busy": 1, "done": [0.0, ""]}, problem="", **self.parts()
            )
            self.task = in_turn(lambda patient: self.slices(explorer, photo, self.run, patient))

    def slices(self, explorer: Explorer, photo: np.ndarray, run: int, patient: bool) -> Iterator[None]:
        """Cover the picture, and show now and then how far it has come; stops once another one was opened."""
        start, last, problem, cover = time.perf_counter(), 0.0, "", self.mine[1]
        try:
            with stop_between_steps(patient) as asked:
                for done in cover_steps(self.net, photo, cover):
                    if asked() or run != self.run or explorer.answer is None:
                        break
                    if (now := time.perf_counter()) - last > EVERY:
                        last, left = now, (now - start) / done * (1 - done)
                        words = f"{100 * done:.0f} %, {left:.0f} s left"
                        explorer.update(state={"done": [done, words]}, **self.progress())
                    yield
        except KeyboardInterrupt:
            problem = "A step was broken off."
        if explorer.answer is not None and (run == self.run or self.mine[1] is cover):
            explorer.update(state={"busy": 0}, problem=problem, **self.progress())

    def progress(self) -> dict[str, object]:
        """Of the declaration what changes while a picture of one's own is covered."""
        arrays, last = self.arrays(), len(COVERED)
        mine = {f"{name}:{last}": arrays[name][last] for name in ("covered", "chances", "most")}
        return {"extra": mine | {"top": arrays["top"]}, "sentence": self.sentence()}

    def arrays(self) -> dict[str, object]:
        """What the browser draws from."""
        found = self.every()
        return {
            "photos": [pack(square, "rgb") for square, _ in found],
            "covered": [[pack(cover.covered[..., kind], "image", _limit(cover, kind)) for kind in range(KINDS)] for _, cover in found],
            "chances": [pack(np.nan_to_num(cover.covered), "curve") for _, cover in found],
            "most": [pack(np.nan_to_num(cover.most), "curve") for _, cover in found],
            "top": pack(np.searchsorted(self.tops(), [cover.top for _, cover in found]).astype(np.int32), "index"),
            "before": pack(np.stack([cover.before for _, cover in found]), "curve"),
        }  # fmt: skip

    def tops(self) -> list[int]:
        """Kinds that are the most likely anywhere; −1 stands for a place that is not computed yet."""
        return sorted({-1, *(int(kind) for _, cover in self.every() for kind in np.unique(cover.top))})

    def labels(self) -> list[list[str]]:
        nothing = ["–"] * KINDS
        return [[_NAMES[kind] for kind in cover.kinds] for cover in self.covers] + [
            [_NAMES[kind] for kind in self.mine[1].kinds] if self.mine else nothing
        ]

    def parts(self) -> dict[str, object]:
        """Of the declaration what depends on the picture that is open."""
        kind = Options(list(range(KINDS)), 0, labels=self.labels(), among="photo")
        return {"indices": {"kind": kind}, "arrays": self.arrays() | _SPANS, "sentence": self.sentence()}

    def sentence(self) -> list[Say]:
        place = ("photo", "row", "col")
        own, shipped = {"photo": [len(COVERED)]}, {"photo": list(range(len(COVERED) + (self.mine is not None)))}
        tops = [
            "with the square here it is not computed yet. "
            if kind < 0
            else f"{{here%}} with the square here; the most likely is now {_NAMES[kind]}, with {{most%}}. "
            for kind in self.tops()
        ]
        says = [
            Say([[f"{label[0].upper()}{label[1:]}: " for label in labels] for labels in self.labels()], at=["photo", "kind"], when=shipped, tag="b"),
            Say("{before%} with nothing covered, ", when=shipped, tag="b", numbers={"before": Look("before", "photo", "kind")}),
            Say(tops, at=[Look("top", *place)], when=shipped,
                numbers={"here": Look("chances", *place, "kind"), "most": Look("most", *place)}),
            Say([[_lowest(cover, kind) for kind in range(KINDS)] for _, cover in self.every()], at=["photo", "kind"], when=shipped),
            say_covered(0),
        ]  # fmt: skip
        return says if self.mine else [Say(NOTHING_OPEN, when=own), *says]


def _limit(cover: Cover, kind: int) -> tuple[float, float]:
    """A scale from 0 to the next tenth above everything that is known of a kind."""
    largest = max(float(np.nanmax(cover.covered[..., kind], initial=0)), float(cover.before[kind]))
    return 0.0, max(1, np.ceil(10 * largest)) / 10


_SPANS = spans((SIZE,), STRIDE, (SIDE, SIDE))


def covered_photo(photo: str = "astronaut") -> Explorer:
    """Explorer of occlusion on photos: move a square over a photo by mouse or arrow keys, and see what is left of a kind.

    Of the shipped photos every place is recorded; of a picture of one's own all are computed, with a bar that shows how much
    is done. (After Zeiler & Fergus 2013, arXiv:1311.2901, figure 7.)

    Args:
        photo: the one that is shown first, of :data:`~.photo_covers.COVERED`.

    Raises:
        ValueError: there is no such photo.
    """
    one_of("photo", photo, COVERED)
    covering = _Covering()
    parts = covering.parts()
    worst = covering.covers[COVERED.index(photo)].covered[..., 0]
    row, col = np.unravel_index(worst.argmin(), worst.shape)
    return Explorer(
        "Covered photo",
        "A photo with a grey square on it, and a map of how likely a network finds one kind of thing in it, for every place of the square.",
        indices={
            "photo": Options([*COVERED, MINE], photo), **parts["indices"],
            "row": Places(PLACES, int(row)), "col": Places(PLACES, int(col)),
            "busy": Numbers(0, 1), "done": Free([0.0, ""], python=False),
        },
        controls=[
            Choice("photo", "Photo", "which photo is covered"),
            Choice("kind", "Kind", "the three that are the most likely with nothing covered: which one the map follows"),
            File("picture", "Your picture", "open a picture from this computer; one that you copied is pasted with Ctrl+V"),
            Press("stop", "■ Stop", "what is computed stays", when={"busy": [1]}),
            Bar("done", "Covering", when={"busy": [1]}),
        ],
        arrays=parts["arrays"],
        panels=[
            {"kind": "grid", "array": "photos", "among": ["photo"], "cover": SIZE, "stride": STRIDE, "grey": f"#{GREY:02x}{GREY:02x}{GREY:02x}",
             "frame": True, "pick": "output", "title": f"what the network gets, {SIDE} × {SIDE}", "size": False, "sign": "→"},
            {"kind": "grid", "array": "covered", "among": ["photo", "kind"], "frame": True, "numbers": False, "mark": "cell", "gaps": True,
             "pick": "output", "title": "how likely the kind is with the square there", "size": False},
        ],
        sentence=parts["sentence"], hover=False, height=424, answer=covering.answer,
    )  # fmt: skip
