"""A network while it learns: its curves, one layer's filters and their maps of a picture; afterwards at any moment."""

import numpy as np

from ...arguments import as_float, shown
from ...experiments import Experiment, Run
from ...explore import Axis, Places, Play, Say, Slider, Watched, mosaic, pack
from ...ops import conv2d
from ...shapes import ShapeError

LOSS, RIGHT = (0.01, 10.0), (80.0, 100.0)  # limits of the axes; guessing ten digits costs 2.3 nats and is right in 10 %
WINDOW = 20  # batches of the running means
COLUMNS = 2  # of the filters
ROLES = {"filters": "weight", "answers": "map"}
_WAIT = {"when": {"training": [0]}, "why": "wait until the network has learned"}


class Film(Watched):
    """What :func:`film` gives: curves and filters that grow while the network learns."""

    def __init__(self, experiment: Experiment, picture: np.ndarray, layer: str):
        self.experiment, self.image = experiment, picture
        self._filmed: tuple[Run | None, list] = (None, [])  # of which run, and its filters and maps as they are drawn
        run = self.run
        plot = {
            "kind": "plot", "cursor": "moment", "share": 1.3, "xlabel": "epochs", "x": [0.0, run.steps / run.steps_per_epoch],
        }  # fmt: skip
        batches = {"label": "batches", "colour": 0, "x": "epochs", "width": 2}
        aside = {"label": "kept aside", "colour": 1, "x": "epochs", "y": "aside", "kind": "points"}
        pictures = {"kind": "grid", "at": ["moment"], "size": False, "numbers": False, "share": 0.75}
        super().__init__(
            experiment, "Film of a training",
            f"The network {run.name} learns: the loss, on a logarithmic scale, and the accuracy against the epochs, of the "
            f"batches and of what is kept aside. Beside them the filters of {layer} as they change, and the maps that they "
            "make of a picture.",
            indices={"moment": Places(Axis("epochs", 0))},
            controls=[
                Play("moment", "the training", interval=120, **_WAIT),
                Slider("moment", "Moment", "how far the training was", **_WAIT),
            ],
            arrays=self.packed(), arrows=(None, "moment"),
            panels=[
                plot | {"title": "loss, log scale", "y": LOSS, "log": "y", "traces": [batches | {"y": "loss"}]},
                plot | {"title": "% right", "y": RIGHT, "traces": [batches | {"y": "right"}, aside]},
                pictures | {"array": "filters", "title": f"filters of {layer}"},
                pictures | {"array": "answers", "title": "their maps"},
            ],
        )  # fmt: skip

    @property
    def run(self) -> Run:
        """The training that is filmed."""
        return self.experiment.runs[0]

    def curves(self) -> dict[str, np.ndarray]:
        """The curves at every moment so far."""
        run = self.run
        steps = np.array(run.moments["filters"][: len(run.kept["filters"])])
        curves = {"loss": run.loss_curve(WINDOW).clip(*LOSS), "right": 100 * (1 - run.error_curve(WINDOW))}
        begun = {name: np.append(np.nan, curve)[steps] for name, curve in curves.items()}
        asked = dict(zip(run.moments["aside"], run.kept["aside"], strict=False))
        aside = np.array([100 * float(asked.get(step, np.nan)) for step in steps])
        return {"epochs": steps / run.steps_per_epoch, **begun, "aside": aside}

    def packed(self) -> dict[str, object]:
        """Curves, and the pictures of filters and maps of every moment, ready for the browser."""
        run = self.run
        if self._filmed[0] is not run:
            self._filmed = run, []
        frames = self._filmed[1]
        for weights in run.kept["filters"][len(frames) :]:
            maps = conv2d(self.image[None, None], weights)[0]
            frames.append((mosaic(weights[:, 0], COLUMNS), mosaic(maps, COLUMNS)))
        pictures = zip(ROLES.items(), zip(*frames, strict=True), strict=True)
        return {name: pack(each, "curve") for name, each in self.curves().items()} | {
            name: _bytes(np.nan_to_num(np.stack(each)), role) for (name, role), each in pictures
        }

    def draw(self) -> None:
        """Bring the picture to where the run is, and show its last moment."""
        self.update(arrays=self.packed(), state={"moment": len(self.run.kept["filters"]) - 1})

    def sentences(self, story: str) -> Say:
        curves = self.curves()
        texts = [self._words(curves, at) for at in range(len(curves["epochs"]) - 1)]
        return Say([*texts, story], at=["moment"])

    def _words(self, curves: dict[str, np.ndarray], at: int) -> str:
        step, aside = self.run.moments["filters"][at], curves["aside"][at]
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
    return pack((127 * (pictures / most) + 128).round().astype(np.uint8), role, (1, 255), ends=(-most, most))


def film(experiment: Experiment, picture: np.ndarray, layer: str = "C1") -> Film:
    """Explorer of a training: the curves, the filters and their maps as they were recorded, at any moment.

    Its button trains the net here; then they grow while it learns.

    Args:
        experiment: keeps "filters", the weights of a layer that sees the picture itself, and "aside", an accuracy, such as
            :func:`lecture_lib.chapters.lenet_alexnet.trainings.lenet_training`.
        picture: (H, W), as the network takes it; not smaller than the filters.
        layer: the name of that layer.

    Raises:
        TypeError: ``experiment`` is none, or ``picture`` does not hold real numbers.
        ValueError: ``experiment`` does not keep the two, or ``picture`` holds NaN or infinity.
        ShapeError: the filters have more than one channel, or the picture more than one.
    """
    if not isinstance(experiment, Experiment):
        raise TypeError(f"experiment={shown(experiment)}: must be an experiments.Experiment")
    run = experiment.runs[0]
    if not {"filters", "aside"} <= run.kept.keys():
        raise ValueError(f"experiment keeps {', '.join(run.kept) or 'nothing'}: must keep filters and aside")
    picture, shape = as_float("picture", picture), run.kept["filters"][0].shape
    if len(shape) != 4 or shape[1] != 1:
        raise ShapeError(f"the experiment keeps weights {shape}: must be filters of one channel, (K, 1, h, w)")
    if picture.ndim != 2 or np.less(picture.shape, shape[2:]).any():
        raise ShapeError(f"picture has shape {picture.shape}: must be (H, W), at least {shape[2:]} as the filters")
    if not np.isfinite(picture).all():
        raise ValueError("picture holds NaN or infinity: must hold finite numbers")
    return Film(experiment, picture, layer)
