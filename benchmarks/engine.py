"""The engine beside PyTorch and beside the machine's matrix product, layer by layer; how cost grows."""

import importlib.util
import math
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import NamedTuple

import numpy as np

from lecture_lib.groups import P4Conv
from lecture_lib.layers import Conv2d
from lecture_lib.models import ALEXNET_INPUT, Sequential, alexnet, lenet5
from lecture_lib.ops import conv2d, conv2d_backward, softmax_cross_entropy
from lecture_lib.training import SGD

from .turns import duel, players

STEP = "LeNet-5, training step"
LENET_BATCH, ALEXNET_BATCH = 64, 8


class Task(NamedTuple):
    """One convolution layer at one batch size."""

    name: str
    x: tuple[int, ...]
    weight: tuple[int, ...]
    stride: int
    padding: int
    groups: int
    output: tuple[int, ...]
    first: bool
    """Whether nobody needs the gradient of its input."""

    @property
    def multiply_adds(self) -> int:
        """Of one forward pass of the batch."""
        return math.prod(self.output) * math.prod(self.weight[1:])


def tasks_of(title: str, model: Sequential, shape: tuple[int, ...], n: int) -> list[Task]:
    """Every convolution layer of a model, for a batch of ``n``."""
    found = []
    convolutions = [row for row in model.rows(shape) if isinstance(row.layer, Conv2d)]
    for number, row in enumerate(convolutions):
        layer = row.layer
        weight = layer.out_channels, layer.in_channels // layer.groups, *layer.kernel_size
        found.append(
            Task(f"{title} {row.name}", (n, *row.input_shape), weight, layer.stride[0], layer.padding[0],
                 layer.groups, (n, *row.output_shape), number == 0)
        )  # fmt: skip
    return found


def tasks() -> list[Task]:
    """Every convolution layer of LeNet-5 and of AlexNet with its two towers, read from the models."""
    return [
        *tasks_of("LeNet-5", lenet5("1998"), (1, 32, 32), LENET_BATCH),
        *tasks_of("AlexNet", alexnet("two_towers"), ALEXNET_INPUT["two_towers"], ALEXNET_BATCH),
    ]


def _arrays(task: Task) -> list[np.ndarray]:
    """Input, weights, biases and the gradient that comes back, the same for every player."""
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape, np.float32) for shape in (task.x, task.weight, task.weight[:1], task.output)]


def _batch_last(x: np.ndarray) -> np.ndarray:
    """The same numbers in memory as this library's own layers leave them; PyTorch gets them as its own do."""
    return np.ascontiguousarray(x.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2)


Functions = dict[str, Callable[[], object]]


def ours(task: Task | str) -> Functions:
    """This library's functions."""
    if task == STEP:
        return {"step": _our_step()}
    x, weight, bias, grad = _arrays(task)
    x, grad = _batch_last(x), _batch_last(grad)
    options = {"stride": task.stride, "padding": task.padding, "groups": task.groups}

    def both():
        conv2d(x, weight, bias, **options)
        conv2d_backward(grad, x, weight, **options, input_grad=not task.first)

    return {"forward": lambda: conv2d(x, weight, bias, **options), "and backward": both}


def _digits() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.random((LENET_BATCH, 1, 28, 28), np.float32), rng.integers(0, 10, LENET_BATCH)


def _our_step() -> Callable[[], object]:
    x, labels = _digits()
    net = lenet5().init(0)
    optimiser = SGD(net.parameters(), lr=1e-3, weight_decay=1e-4)

    def step():
        _, grad = softmax_cross_entropy(net.forward(x, training=True), labels)
        net.backward(grad, input_grad=False)
        optimiser.step()

    return step


def product(task: Task | str) -> Functions:
    """The same multiply-adds as bare matrix products, their operands laid out already."""
    if task == STEP:
        return {"step": lambda: None}
    _, weight, _, grad = _arrays(task)
    g, k = task.groups, task.weight[0]
    rows = weight.reshape(g, k // g, -1)
    back = np.ascontiguousarray(grad.transpose(1, 2, 3, 0)).reshape(g, k // g, -1)
    columns = np.random.default_rng(1).standard_normal((g, rows.shape[2], back.shape[2]), np.float32)
    out, grad_rows, grad_columns = np.empty_like(back), np.empty_like(rows), np.empty_like(columns)

    def both():
        np.matmul(rows, columns, out=out)
        np.matmul(back, columns.transpose(0, 2, 1), out=grad_rows)
        if not task.first:
            np.matmul(rows.transpose(0, 2, 1), back, out=grad_columns)

    return {"forward": lambda: np.matmul(rows, columns, out=out), "and backward": both}


def pytorch(task: Task | str) -> Functions:
    """PyTorch's functions, with its usual number of threads."""
    import torch

    if task == STEP:
        return {"step": _torch_step()}
    x, weight, bias, grad = map(torch.from_numpy, _arrays(task))
    options = task.stride, task.padding, 1, task.groups
    learned = [weight.clone().requires_grad_(), bias.clone().requires_grad_()]
    pixels = x.clone().requires_grad_(not task.first)

    def forward():
        with torch.no_grad():
            torch.conv2d(x, weight, bias, *options)

    def both():
        for tensor in (pixels, *learned):
            tensor.grad = None
        torch.conv2d(pixels, *learned, *options).backward(grad)

    return {"forward": forward, "and backward": both}


def _torch_step() -> Callable[[], object]:
    import torch
    from torch import nn

    x, labels = map(torch.from_numpy, _digits())
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip
    optimiser = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)

    def step():
        optimiser.zero_grad()
        nn.functional.cross_entropy(net(x), labels).backward()
        optimiser.step()

    return step


class Result(NamedTuple):
    """Median seconds of one function of one layer."""

    what: str
    ours: float
    product: float | None
    multiply_adds: int | None
    pytorch: float | None


def measure() -> Iterator[Result]:
    """Each layer forward, and forward and backward; then LeNet-5's training step."""
    opponents = [pytorch] if importlib.util.find_spec("torch") else []
    with players(ours, product, *opponents) as pipes:
        for task in tasks():
            for name, passes in (("forward", 1), ("and backward", 2 if task.first else 3)):
                mine, bare, *others = duel(pipes, task, name)
                work = passes * task.multiply_adds
                yield Result(f"{task.name} {name}", mine, bare, work, others[0] if others else None)
        mine, *others = duel([pipes[0], *pipes[2:]], STEP, "step")
        yield Result(STEP, mine, None, None, others[0] if others else None)


GROWTH = {
    "N": lambda f: ((8 * f, 16, 32, 32), (16, 16, 3, 3)),
    "H W": lambda f: ((8, 16, 32 * f, 32), (16, 16, 3, 3)),
    "C": lambda f: ((8, 16 * f, 32, 32), (16, 16 * f, 3, 3)),
    "K": lambda f: ((8, 32, 32, 32), (64 * f, 32, 3, 3)),
    "F²": lambda f: ((8, 16, 32, 32), (16, 16, 3, 3 * f)),
}
"""Sizes of input and weights when one of them is ``f`` times as large; padding keeps the output's size."""


def slopes() -> Iterator[tuple[str, float]]:
    """Slope of log time against log size, forward and backward: 1 is linear."""
    factors = (1, 2, 4, 8)
    for name, sizes in GROWTH.items():
        times = [_seconds(*sizes(factor)) for factor in factors]
        yield name, float(np.polyfit(np.log(factors), np.log(times), 1)[0])


def _seconds(x_shape: tuple[int, ...], weight_shape: tuple[int, ...]) -> float:
    rng, times = np.random.default_rng(0), []
    x, weight = rng.standard_normal(x_shape, np.float32), rng.standard_normal(weight_shape, np.float32)
    padding = weight_shape[2] // 2, weight_shape[3] // 2
    for _ in range(9):
        start = time.perf_counter()
        out = conv2d(x, weight, padding=padding)
        conv2d_backward(out, x, weight, padding=padding)
        times.append(time.perf_counter() - start)
    return median(times)


def group_ratio(rounds: int = 9) -> float:
    """Time of a p4 convolution, forward and backward, as a multiple of a plain one's with the same multiply-adds."""
    rng = np.random.default_rng(0)
    x = _batch_last(rng.standard_normal((64, 64, 24, 24), np.float32))
    times = {layer.init(rng): [] for layer in (P4Conv(16, 16, 3), Conv2d(64, 64, 3))}
    for _ in range(rounds):  # in turns
        for layer, mine in times.items():
            start = time.perf_counter()
            layer.backward(layer.forward(x))
            mine.append(time.perf_counter() - start)
    ours, plain = map(median, times.values())
    return ours / plain
