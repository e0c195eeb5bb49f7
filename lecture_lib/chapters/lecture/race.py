"""Several nets that learn the same, side by side at any moment: how much each has wrong, and who is the first below a mark."""

import numpy as np

from ... import style
from ...experiments import Experiment, epochs_to, mean_and_spread
from ...explore import Numbers, Play, Say, Slider, Watched, pack

MOMENTS = 80
WINDOW = 20  # batches of the running mean
LOWEST, HIGHEST = 3.0, 100.0  # percent, ends of the axis
PLAYED = 8000  # milliseconds for the whole of it
_WAIT = {"when": {"training": [0]}, "why": "wait until the nets have learned"}


class Race(Watched):
    """What :func:`race` gives: curves that grow side by side, as they were recorded and while the nets learn."""

    def __init__(self, experiment: Experiment, error: float):
        self.experiment, self.error = experiment, error
        most = max(run.steps / run.steps_per_epoch for run in experiment.runs)
        self.epochs = np.linspace(0, most, MOMENTS + 1)
        names = experiment.names
        curves = [
            {"label": name, **style.look(at), "x": "epochs", "y": "wrong", "at": [at], "upto": "moment", "width": 3.5}
            for at, name in enumerate(names)
        ]
        mark = {"label": "", "colour": "line", "dash": 1, "x": "ends", "y": "mark", "width": 1.5, "read": False}
        super().__init__(
            experiment, "",
            f"A race: how much of the last {WINDOW} batches {', '.join(names)} had wrong, against epochs, on a logarithmic "
            f"scale, up to a moment that can be chosen; a line at {style.percent(error)}.",
            indices={"moment": Numbers(0, most, 0, most / MOMENTS)},
            controls=[
                Play("moment", "the race", interval=PLAYED // MOMENTS, **_WAIT),
                Slider("moment", "Epochs", "how far the nets have learned", **_WAIT),
            ],
            arrays={
                "epochs": pack(self.epochs, "curve"), "wrong": self._wrong(), "ends": pack([0, most], "curve"),
                "mark": pack([100 * error] * 2, "curve"),
            },
            panels=[{
                "kind": "plot", "title": f"% wrong in the last {WINDOW} batches, log scale", "log": "y", "xlabel": "epochs",
                "x": [0.0, most], "y": [LOWEST, HIGHEST], "traces": [*curves, mark], "cursor": "moment",
            }],
            arrows=(None, "moment"), height=400,
        )  # fmt: skip

    def _means(self) -> np.ndarray:
        """Percent wrong at each moment so far, the mean over the seeds; (nets, moments)."""
        found = []
        for name in self.experiment.names:
            each = [
                np.interp(self.epochs, np.arange(1, len(curve) + 1) / run.steps_per_epoch, curve, np.nan, np.nan)
                for run in self.experiment.runs_of(name)
                if len(curve := 100 * run.error_curve(WINDOW))
            ]
            found.append(np.mean(each, axis=0) if each else np.full(MOMENTS + 1, np.nan))
        return np.array(found)

    def _wrong(self) -> dict[str, object]:
        return pack(self._means().clip(LOWEST), "curve")

    def draw(self) -> None:
        """Bring the curves to where the runs are; while they learn, all that there is of them is shown."""
        self.update(extra={"wrong": self._wrong()})
        if not self.experiment.recorded:
            begun = np.flatnonzero(np.isfinite(self._means()).any(axis=0))
            self.update(state={"moment": self.epochs[begun[-1] if len(begun) else 0]})

    def sentences(self, story: str) -> list[Say]:
        there = sorted((mean_and_spread(each)[0], name) for name, each in self.arrivals().items())
        texts = [self._words([each for each in there if each[0] <= epoch + 1e-9]) for epoch in self.epochs]
        return [Say(texts, at=["moment"]), *([] if self.experiment.finished else [f" {story}"])]

    def arrivals(self) -> dict[str, np.ndarray]:
        """After how many epochs the runs of each net are below the mark, in the order of their seeds."""
        runs = self.experiment.runs_of
        return {
            name: np.array([epochs_to(run, self.error, WINDOW) for run in runs(name)]) for name in self.experiment.names
        }

    def _words(self, first: list[tuple[float, str]]) -> str:
        words = f"{style.percent(1 - self.error)} right "
        return words + (
            "after: " + ", ".join(f"{name} {mean:.1f}" for mean, name in first) + " epochs."
            if first
            else "so far: nobody."
        )


def race(experiment: Experiment, error: float = 0.10) -> Race:
    """Explorer of a race: curves that grow side by side, recorded first, and a button that trains all nets here.

    Args:
        experiment: several nets that learn the same.
        error: the share of wrong answers below which a net has arrived.
    """
    return Race(experiment, error)
