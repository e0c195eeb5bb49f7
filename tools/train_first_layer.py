"""Train the small network whose eight filters the lecture shows as "learned".

    digit (28, 28) -> convolution, 8 filters of 7x7 -> ReLU -> 2x2 max pooling -> linear -> 10 scores

Learns from the shipped training digits by Adam on the softmax cross-entropy and
writes the weights to ``lecture_lib/digits/first_layer.npz``. A penalty on the
difference between neighbouring weights of a filter removes the pixel noise that
the task leaves undecided, so that strokes and edges can be seen. The same seed
gives the same weights, up to the rounding of the machine's matrix products.
Run from the project's folder::

    python tools/train_first_layer.py

Symbols: N digits in a batch, K filters, F kernel size, M side of a map, P side of a pooled map.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from lecture_lib.data import load_digits

COMMAND = "python tools/train_first_layer.py"
FILE = Path(__file__).resolve().parent.parent / "lecture_lib" / "digits" / "first_layer.npz"
FILTERS, KERNEL_SIZE, SIDE, CLASSES = 8, 7, 28, 10
EPOCHS, BATCH, STEP = 8, 50, 4e-3
SMOOTHNESS, DECAY = 8e-3, 1e-4
SEED = 2  # of the first few, the one whose filters show the most directions; chosen by eye, not by accuracy

Weights = dict[str, np.ndarray]


def init(rng: np.random.Generator) -> Weights:
    """Random weights of variance 2 / fan-in (He et al. 2015, arXiv:1502.01852) and zero biases, float32."""
    pooled = (SIDE - KERNEL_SIZE + 1) // 2
    shapes = {"conv": (FILTERS, 1, KERNEL_SIZE, KERNEL_SIZE), "linear": (CLASSES, FILTERS * pooled * pooled)}
    weights = {}
    for layer, shape in shapes.items():
        deviation = np.sqrt(2 / np.prod(shape[1:]))
        weights[f"{layer}_weight"] = (deviation * rng.standard_normal(shape)).astype(np.float32)
        weights[f"{layer}_bias"] = np.zeros(shape[0], np.float32)
    return weights


def forward(weights: Weights, images: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Scores (N, 10) of ``images`` (N, 28, 28) in 0..1, and what the backward pass needs."""
    filters = weights["conv_weight"]
    k, f = len(filters), filters.shape[-1]
    windows = sliding_window_view(images, (f, f), axis=(1, 2))  # (N, M, M, F, F)
    n, m = windows.shape[:2]
    columns = windows.reshape(n * m * m, f * f)
    maps = columns @ filters.reshape(k, f * f).T + weights["conv_bias"]  # (N M M, K)
    blocks = maps.reshape(n, m // 2, 2, m // 2, 2, k).transpose(0, 5, 1, 3, 2, 4)  # (N, K, P, P, 2, 2)
    blocks = blocks.reshape(n, k, m // 2, m // 2, 4)
    winner = blocks.argmax(-1)[..., None]
    # ReLU keeps the order, so it may come after the maximum, where it has a quarter of the values to look at.
    pooled = np.maximum(np.take_along_axis(blocks, winner, -1), 0).reshape(n, -1)  # (N, K P P)
    scores = pooled @ weights["linear_weight"].T + weights["linear_bias"]
    return scores, {"columns": columns, "winner": winner, "pooled": pooled}


def loss_and_slope(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """Mean softmax cross-entropy, and its derivative (N, 10) by the scores."""
    shifted = scores - scores.max(1, keepdims=True)
    log_shares = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    rows = np.arange(len(labels))
    slope = np.exp(log_shares)
    slope[rows, labels] -= 1
    return float(-log_shares[rows, labels].mean()), slope / len(labels)


def backward(weights: Weights, seen: dict[str, np.ndarray], slope: np.ndarray) -> Weights:
    """Derivative of the loss by each weight, from its derivative by the scores."""
    k, f = len(weights["conv_weight"]), weights["conv_weight"].shape[-1]
    winner, pooled = seen["winner"], seen["pooled"]
    n, _, p = winner.shape[:3]
    to_pooled = (slope @ weights["linear_weight"]) * (pooled > 0)
    to_blocks = np.zeros((n, k, p, p, 4), slope.dtype)
    np.put_along_axis(to_blocks, winner, to_pooled.reshape(winner.shape), -1)
    to_maps = to_blocks.reshape(n, k, p, p, 2, 2).transpose(0, 2, 4, 3, 5, 1).reshape(-1, k)  # (N M M, K)
    return {
        "conv_weight": (to_maps.T @ seen["columns"]).reshape(k, 1, f, f),
        "conv_bias": to_maps.sum(0),
        "linear_weight": slope.T @ pooled,
        "linear_bias": slope.sum(0),
    }


def roughness_slope(filters: np.ndarray) -> np.ndarray:
    """Derivative of half the sum of squared differences between neighbouring weights."""
    slope = np.zeros_like(filters)
    down, right = np.diff(filters, axis=-2), np.diff(filters, axis=-1)
    slope[..., 1:, :] += down
    slope[..., :-1, :] -= down
    slope[..., 1:] += right
    slope[..., :-1] -= right
    return slope


def gradients(weights: Weights, images: np.ndarray, labels: np.ndarray) -> tuple[float, Weights]:
    """Cross-entropy of one batch, and the slopes with the penalties added."""
    scores, seen = forward(weights, images)
    loss, slope = loss_and_slope(scores, labels)
    slopes = backward(weights, seen, slope)
    slopes["conv_weight"] += SMOOTHNESS * roughness_slope(weights["conv_weight"])
    slopes["linear_weight"] += DECAY * weights["linear_weight"]
    return loss, slopes


def train(images: np.ndarray, labels: np.ndarray, seed: int, epochs: int = EPOCHS) -> Weights:
    """Weights after ``epochs`` passes of Adam (Kingma & Ba 2015, arXiv:1412.6980) over the digits."""
    rng = np.random.default_rng(seed)
    weights = init(rng)
    mean = {name: np.zeros_like(value) for name, value in weights.items()}
    square = {name: np.zeros_like(value) for name, value in weights.items()}
    steps = epochs * (len(images) // BATCH)
    t = 0
    for epoch in range(epochs):
        order, losses = rng.permutation(len(images)), []
        for start in range(0, len(images) - BATCH + 1, BATCH):
            batch = order[start : start + BATCH]
            loss, slopes = gradients(weights, images[batch], labels[batch])
            losses.append(loss)
            t += 1
            step = STEP * (1 - (t - 1) / steps)  # falls to zero, so that the last batches do not shake the result
            for name, slope in slopes.items():
                mean[name] += 0.1 * (slope - mean[name])
                square[name] += 0.001 * (slope**2 - square[name])
                ahead = mean[name] / (1 - 0.9**t)
                weights[name] -= np.float32(step) * ahead / (np.sqrt(square[name] / (1 - 0.999**t)) + 1e-8)
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}", file=sys.stderr)
    return weights


def accuracy(weights: Weights, images: np.ndarray, labels: np.ndarray) -> float:
    """Share of ``images`` whose highest score is at their label."""
    parts = range(0, len(images), 500)
    right = sum((forward(weights, images[i : i + 500])[0].argmax(1) == labels[i : i + 500]).sum() for i in parts)
    return float(right / len(images))


def scaled_digits(split: str) -> tuple[np.ndarray, np.ndarray]:
    """The shipped digits as float32 in 0..1, and their labels."""
    images, labels = load_digits(split)
    return images.astype(np.float32) / 255, labels


def main() -> None:
    """Train, measure on the test digits and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--file", type=Path, default=FILE, help="where to write; default: the shipped file")
    arguments = parser.parse_args()
    weights = train(*scaled_digits("train"), arguments.seed)
    reached = accuracy(weights, *scaled_digits("test"))
    print(f"accuracy on the test digits: {reached:.4f}", file=sys.stderr)
    command = f"{COMMAND} --seed {arguments.seed}"
    np.savez_compressed(arguments.file, **weights, test_accuracy=reached, seed=arguments.seed, command=command)


if __name__ == "__main__":
    main()
