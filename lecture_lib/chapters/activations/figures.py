"""Pictures of notebook 03: functions and their slopes, and what each of them costs."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ... import style
from ...activations import activation
from ...arguments import check_number, real
from ...explore.figure import Picture, new_axes, new_figure, styled
from ...explore.plots import DASHES
from ...shapes import ShapeError, integer


def _look(at: int) -> dict[str, object]:
    """Colour and dashes of the curve number ``at``."""
    return {"color": style.series()[at % len(style.series())], "ls": DASHES[style.look(at)["dash"]]}


@styled
def draw_zoo(x: np.ndarray, functions: Mapping[str, tuple[np.ndarray, np.ndarray]], columns: int = 4) -> Picture:
    """Each function with its slope in a small plot of its own.

    Args:
        x: (n,). functions: name → value and slope, (n,) each. columns: plots in a row, from 1 to 20.

    Raises:
        ShapeError: ``columns`` is out of range.
    """
    if integer("columns", columns, 1) > 20:
        raise ShapeError(f"columns={columns}: must be from 1 to 20")
    rows = -(-len(functions) // columns)
    figure = new_figure(style.WIDTH, 1.84 * rows + 0.4)
    figure.subplots_adjust(left=0.04, right=0.99, bottom=0.05, top=0.93 - 0.02 * (rows < 3), wspace=0.16, hspace=0.5)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax in axes[len(functions) :]:
        ax.axis("off")
    for ax, (name, (value, slope)) in zip(axes, functions.items(), strict=False):
        ax.axhline(0, color=style.inks()["line"], lw=1)
        ax.axvline(0, color=style.inks()["line"], lw=1)
        value_line = ax.plot(x, value, lw=3, **_look(0))[0]
        slope_line = ax.plot(x, slope, lw=2.5, **_look(1))[0]
        ax.set(title=name, xlim=(x[0], x[-1]), ylim=(-1.4, 3.2), xticks=[-4, 0, 4], yticks=[-1, 0, 1, 2, 3])
        ax.tick_params(labelsize=11)
    spare = axes[-1] if len(functions) < len(axes) else axes[0]
    spare.legend([value_line, slope_line], ["value f", "slope f′"], loc="center", frameon=False)
    return Picture(figure, f"{len(functions)} small plots, each a function and its slope: {', '.join(functions)}.")


@styled
def draw_curves(
    x: np.ndarray, ys: Mapping[str, np.ndarray], *, xlabel: str = "", ylabel: str = "", title: str = "", alt: str = "",
) -> Picture:  # fmt: skip
    """Curves on one pair of axes, each with its name in the legend: x (n,), each of ``ys`` (n,); ``alt`` adds words to their names."""
    ax = new_axes(None, style.WIDTH, 3.8)
    for at, (name, y) in enumerate(ys.items()):
        ax.plot(x, y, lw=3, label=name, **_look(at))
    ax.grid(color=style.inks()["faint"])
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.legend(frameon=False, fontsize=13)
    return Picture(ax, f"Curves of {', '.join(ys)}. {alt}".rstrip())


def draw_two_layers(seed: int = 0, names: tuple[str, str] = ("nothing in between", "ReLU in between")) -> Picture:
    """One output of two random layers, 64 → 30 → 10, while one input moves: with nothing between them, and with ReLU, so named."""
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(30, 64)) / 8, rng.normal(size=(10, 30)) / 5
    x = np.linspace(-10, 10, 201)
    inputs = np.repeat(rng.normal(size=(1, 64)), len(x), axis=0)
    inputs[:, 0] = x
    sums = inputs @ first.T
    outputs = dict(zip(names, ((sums @ second.T)[:, 0], (np.maximum(sums, 0) @ second.T)[:, 0]), strict=True))
    return draw_curves(
        x, outputs, xlabel="first input", ylabel="first output",
        alt="The first output of two layers against the first input: with nothing in between a straight line, with ReLU a bent one.",
    )  # fmt: skip


def draw_max_and_prelu(alpha: float = 1.5) -> Picture:
    """max(αx, x), and PReLU with the slope α, on one pair of axes."""
    x = np.linspace(-2, 2, 401)
    found = {
        "max(αx, x)": np.maximum(alpha * x, x),
        "PReLU: αx left of 0, x right of it": activation("prelu").f(x, alpha),
    }
    left = {name: y[0] / x[0] for name, y in found.items()}
    return draw_curves(
        x, found, xlabel="x", title=f"α = {alpha:g}",
        alt="Bent lines through 0. " + "; ".join(
            f"{name} has slope {left[name]:g} on the left and {y[-1] / x[-1]:g} on the right" for name, y in found.items()) + ".",
    )  # fmt: skip


def draw_dips(names: Sequence[str] = ("mish", "swish", "relu")) -> Picture:
    """Some activations between −6 and 3, and where each is lowest.

    Raises:
        ValueError: an unknown name.
    """
    x = np.linspace(-6, 3, 901)
    found = {activation(name).title: activation(name).f(x) for name in names}
    return draw_curves(
        x, found, xlabel="x", ylabel="f(x)",
        alt="Lowest between −6 and 3: " + ", ".join(f"{name} {style.number(round(y.min(), 2))}" for name, y in found.items()) + ".",
    )  # fmt: skip


@styled
def draw_race(
    epochs: Mapping[str, Sequence[float]], most: float | Mapping[str, float], *, colours: Sequence[int] | None = None,
    title: str = "",
) -> Picture:  # fmt: skip
    """How many epochs each took: a bar for the mean, a dot for each seed, an arrow for what did not get there.

    Args:
        epochs: name → one number a seed; infinity means not within ``most``, none at all that it is not trained yet.
        most: how many epochs there were, for all or for each name.
        colours: of each bar its place in the series' colours; None takes them in turn.

    Raises:
        ValueError: ``most`` is not above 0 and finite.
    """
    long = dict(most) if isinstance(most, Mapping) else dict.fromkeys(epochs, most)
    for each in long.values():
        check_number("most", each, "above 0 that is finite", lambda each: 0 < each < math.inf)
    ax = new_axes(None, style.WIDTH, 0.62 * len(epochs) + 1.2)
    words = []
    for at, (name, values) in enumerate(epochs.items()):
        each = np.asarray(values, float)
        there = np.isfinite(each)
        late = (
            f"{(~there).sum()} of {len(each)} not yet\n after {style.number(round(long[name], 2))} epochs"
            if each.size
            else "not trained yet"
        )
        words.append(f"{name}: {each.mean():.1f}" if each.size and there.all() else f"{name}: {' '.join(late.split())}")
        colour = _look(colours[at] if colours else at)["color"]
        if not each.size:
            ax.text(0, at, f" {late}", va="center", fontsize=12)
            continue
        wide = each.mean() if there.all() else long[name]
        ax.barh(at, wide, color=colour, height=0.6, alpha=1 if there.all() else 0.25)
        dots = np.full(there.sum(), at)
        ax.plot(each[there], dots, "o", ms=9, color=style.inks()["paper"], mec=style.inks()["text"], mew=1.5)
        if not there.all():
            ax.text(long[name], at, f" {late}", va="center", fontsize=12)
    ax.set(
        yticks=range(len(epochs)),
        yticklabels=list(epochs),
        xlim=(0, 1.25 * max(long.values())),
        xlabel="epochs",
        title=title,
    )
    ax.invert_yaxis()
    ax.grid(axis="x", color=style.inks()["faint"])
    ax.set_axisbelow(True)
    return Picture(ax, f"{title or 'Epochs'}: a bar for each, with a dot for each seed. {'; '.join(words)}.")


@styled
def draw_costs(costs: Mapping[str, float], xlabel: str = "") -> Picture:
    """What each costs as a bar with its number, one below the other: name → a number.

    Raises:
        TypeError: a cost is no number.
    """
    costs = {name: real(str(name), cost) for name, cost in costs.items()}
    ax = new_axes(None, style.WIDTH, 0.37 * len(costs) + 0.9)
    ax.barh(range(len(costs)), list(costs.values()), height=0.62, color=_look(0)["color"])
    for at, cost in enumerate(costs.values()):
        ax.text(cost, at, f" {cost:.1f}×", va="center")
    ax.set(yticks=range(len(costs)), yticklabels=list(costs), xlim=(0, 1.15 * max(costs.values())), xlabel=xlabel)
    ax.invert_yaxis()
    return Picture(ax, f"Bars: {xlabel}. {'; '.join(f'{name}: {cost:.1f}×' for name, cost in costs.items())}.")
