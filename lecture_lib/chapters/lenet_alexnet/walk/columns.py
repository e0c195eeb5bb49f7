"""A network as the columns of a walk: what the browser has to know of each layer, and its weights as they are."""

from collections.abc import Sequence

import numpy as np

from .... import style
from ....data.drawings import SIDE
from ....explore import pack
from ....layers import AvgPool2d, Conv2d, GlobalAvgPool2d, Linear, MaxPool2d, Subsampling
from ....models import BACKGROUND, STROKE, Sequential
from .units import Stage

PRODUCTS = 0.4
"""The scale of products ends at this part of the largest weight times the largest value."""

BRIGHTEST = 99.9
"""Percent of a layer's values, over the digits of the pad, that its white reaches; what is beyond is said to be."""


def columns(net: Sequential, found: Sequence[Stage], known: dict[str, np.ndarray]) -> list[dict[str, object]]:
    """What the browser knows of each layer, the input first; ``known`` are answers to some digits, for scales that stay.

    Numbers of a layer stand in one array of all values, from "offset" on, and after an activation other than
    ReLU, which the browser makes itself, from "shown" on.
    """
    told: list[dict[str, object]] = [{
        "label": "input", "kind": "input", "role": "image", "count": 1, "rows": SIDE, "cols": SIDE, "size": SIDE * SIDE,
        "offset": 0, "limit": [0, STROKE], "ends": [BACKGROUND, STROKE],
    }]  # fmt: skip
    offset, weighted = SIDE * SIDE, 0
    for stage in found:
        (k, h, w), layer = stage.shape, stage.layer
        most = float(np.percentile(np.abs(known[stage.after]), BRIGHTEST)) or 1.0
        column = {
            "label": stage.name, "role": "map", "count": k, "rows": h, "cols": w, "size": k * h * w, "offset": offset,
            "limit": [-most, most], "field": [[getattr(each, name) for each in stage.fields] for name in ("start", "jump", "size")],
        } | _kind(layer, told[-1])  # fmt: skip
        offset += column["size"]
        if stage.after != stage.name:
            act = net[stage.after]
            column |= {"act": act.kind, "relu": act.kind == "ReLU"}
        if column["kind"] in ("conv", "linear"):
            _, largest = style.limits(layer.weight.value, "weight")
            end = PRODUCTS * largest * told[-1]["limit"][1]
            column |= {"weight": weighted, "weighs": [-largest, largest], "products": [-end, end]}
            weighted += 1
        told.append(column)
    for column in told:
        if column.get("act") and not column["relu"]:
            column["shown"], offset = offset, offset + column["size"]
    return told


def _kind(layer: object, below: dict[str, object]) -> dict[str, object]:
    """How a unit is made: "conv", "linear", "max", "mean", or "other", which is not opened; with its windows."""
    if isinstance(layer, Linear):
        return {"kind": "linear"}
    if isinstance(layer, GlobalAvgPool2d):
        side = [below["rows"], below["cols"]]
        return {"kind": "mean", "kernel": side, "stride": side, "padding": [0, 0], "dilation": [1, 1]}
    opened = {Conv2d: "conv", MaxPool2d: "max", AvgPool2d: "mean"}.get(type(layer))
    if opened is None or isinstance(layer, Subsampling):
        return {"kind": "other"}
    made = {name: list(getattr(layer, name)) for name in ("kernel_size", "stride", "padding", "dilation")}
    made["kernel"] = made.pop("kernel_size")
    if opened == "conv":
        made |= {"depth": layer.in_channels // layer.groups, "groups": layer.groups}
    return {"kind": opened} | made


def weighted(found: Sequence[Stage]) -> list[Conv2d | Linear]:
    """The layers with weights, as the browser counts them."""
    return [stage.layer for stage in found if type(stage.layer) in (Conv2d, Linear)]


def packed_weights(found: Sequence[Stage]) -> dict[str, list[dict[str, object]]]:
    """Weights and biases of the layers that have some, exactly as they are."""
    return {
        "weights": [pack(layer.weight.value, "weight") for layer in weighted(found)],
        "biases": [pack(layer.bias.value, "curve") for layer in weighted(found)],
    }


def values(x: np.ndarray, found: Sequence[Stage], told: Sequence[dict], answers: dict[str, np.ndarray]) -> np.ndarray:
    """All that a network says to one input, float32, as :func:`columns` counts it through."""
    parts = [x, *(answers[stage.name] for stage in found)]
    parts += [answers[stage.after] for stage, column in zip(found, told[1:], strict=True) if "shown" in column]
    return np.concatenate([np.ravel(part) for part in parts]).astype(np.float32)
