"""A network while it learns: its curves, one layer's filters and their maps of a picture; afterwards at any moment."""

import numpy as np

from ...arguments import as_float, shown
from ...explore import Axis, Explorer, Numbers, Places, Play, Say, Slider, mosaic, pack
from ...ops import conv2d
from ...shapes import ShapeError
from .filmed_run import FilmedRun

LOSS, RIGHT = (0.01, 10.0), (80.0, 100.0)  # limits of the axes; guessing ten digits costs 2.3 nats and is right in 10 %
WINDOW = 20  # batches of the running means
COLUMNS = 2  # of the filters
ROLES = {"filters": "weight", "answers": "map"}
_WAIT = {"when": {"learning": [0]}, "why": "wait until the network has learned"}


class Film(Explorer):
    """What :func:`film` gives: curves and filters that :meth:`refresh` brings up to date."""

    def __init__(self, run: FilmedRun, picture: np.ndarray):
        self.run, self.image = run, picture
        self._frames: list[tuple[np.ndarray, np.ndarray]] = []  # filters and maps, as they are drawn
        plot = {
            "kind": "plot", "cursor": "moment", "share": 1.3, "xlabel": "epochs", "x": [0.0, run.steps / run.steps_per_epoch],
        }  # fmt: skip
        batches = {"label": "batches", "colour": 0, "x": "epochs", "width": 2}
        aside = {"label": "kept aside", "colour": 1, "x": "epochs", "y": "aside", "kind": "points"}
        pictures = {"kind": "grid", "at": ["moment"], "size": False, "numbers": False, "share": 0.75}
        curves = self.curves()
        super().__init__(
            "Film of a training",
            f"The network {run.name} learns: the loss and the accuracy against the epochs, of the batches and of what is kept aside. "
            f"Beside them the filters of {run.layer} as they change, and the maps that they make of a picture.",
            indices={"moment": Places(Axis("epochs", 0)), "learning": Numbers(0, 1)},
            controls=[
                Play("moment", "the training", interval=120, **_WAIT),
                Slider("moment", "Moment", "how far the training was", **_WAIT),
            ],
            arrays=self.packed(curves), arrows=(None, "moment"),
            panels=[
                plot | {"title": "loss", "y": LOSS, "log": "y", "traces": [batches | {"y": "loss"}]},
                plot | {"title": "% right", "y": RIGHT, "traces": [batches | {"y": "right"}, aside]},
                pictures | {"array": "filters", "title": f"filters of {run.layer}"},
                pictures | {"array": "answers", "title": "their maps"},
            ],
        )  # fmt: skip
        self.refresh()

    def curves(self) -> dict[str, np.ndarray]:
        """The curves at every moment so far."""
        run = self.run
        steps = np.array([frame.step for frame in run.frames])
        curves = {"loss": run.loss_curve(WINDOW).clip(*LOSS), "right": 100 * (1 - run.error_curve(WINDOW))}
        begun = {name: np.append(np.nan, curve)[steps] for name, curve in curves.items()}
        aside = np.array([100 * frame.accuracy for frame in run.frames])
        return {"epochs": steps / run.steps_per_epoch, **begun, "aside": aside}

    def packed(self, curves: dict[str, np.ndarray]) -> dict[str, object]:
        """Curves, and the pictures of filters and maps of every moment, ready for the browser."""
        for frame in self.run.frames[len(self._frames) :]:
            maps = conv2d(self.image[None, None], frame.weights)[0]
            self._frames.append((mosaic(frame.weights[:, 0], COLUMNS), mosaic(maps, COLUMNS)))
        pictures = zip(ROLES.items(), zip(*self._frames, strict=True), strict=True)
        return {name: pack(each, "curve") for name, each in curves.items()} | {
            name: _bytes(np.nan_to_num(np.stack(each)), role) for (name, role), each in pictures
        }

    def refresh(self, words: str = "", live: bool = False) -> None:
        """Bring the picture to where the run is, and show its last moment; while ``live`` the slider waits."""
        curves = self.curves()
        last = len(curves["epochs"]) - 1
        texts = [self._words(curves, at) for at in range(last + 1)]
        self.update(
            arrays=self.packed(curves), sentence=Say([*texts[:-1], words or texts[-1]], at=["moment"]),
            state={"moment": last, "learning": int(live)},
        )  # fmt: skip

    def _words(self, curves: dict[str, np.ndarray], at: int) -> str:
        step, aside = self.run.frames[at].step, curves["aside"][at]
        if step == 0:
            return (
                f"Before the first step: the filters are noise, and {aside:.1f} % of the digits kept aside are right."
            )
        words = (
            f"Step {step:,} of {self.run.steps:,}: loss {curves['loss'][at]:.3f}, "
            f"{curves['right'][at]:.1f} % of the last {WINDOW} batches right"
        )
        return words + ("." if np.isnan(aside) else f", {aside:.1f} % of the digits kept aside.")


def _bytes(pictures: np.ndarray, role: str) -> dict[str, object]:
    """Pictures with 0 in the middle of their colours, one byte a pixel: they are sent several times a second."""
    most = float(np.abs(pictures).max()) or 1.0
    return pack((127 * (pictures / most) + 128).round().astype(np.uint8), role, (1, 255))


def film(run: FilmedRun, picture: np.ndarray) -> Film:
    """Explorer of a training: the curves, the filters and their maps grow with it, and can be seen again at any moment.

    Give it to ``watch`` beside the run.

    Args:
        run: films a layer that sees the picture itself.
        picture: (H, W), as the network takes it; not smaller than the filters.

    Raises:
        TypeError: ``run`` is no filmed run, or ``picture`` does not hold real numbers.
        ValueError: ``picture`` holds NaN or infinity.
        ShapeError: the filters have more than one channel, or the picture more than one.
    """
    if not isinstance(run, FilmedRun):
        raise TypeError(f"run={shown(run)}: must be a FilmedRun")
    picture, shape = as_float("picture", picture), run.frames[0].weights.shape
    if len(shape) != 4 or shape[1] != 1:
        raise ShapeError(f"run films {run.layer} with weights {shape}: must be filters of one channel, (K, 1, h, w)")
    if picture.ndim != 2 or np.less(picture.shape, shape[2:]).any():
        raise ShapeError(f"picture has shape {picture.shape}: must be (H, W), at least {shape[2:]} as the filters")
    if not np.isfinite(picture).all():
        raise ValueError("picture holds NaN or infinity: must hold finite numbers")
    return Film(run, picture)
