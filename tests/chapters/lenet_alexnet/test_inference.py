"""A pass layer by layer: the same numbers as forward, few weights at a time, files, classes."""

import json
import math
import struct

import numpy as np
import pytest
from safetensors.numpy import save_file

from lecture_lib import data, models
from lecture_lib.chapters.convolution.blocks import inception
from lecture_lib.chapters.lenet_alexnet import inference
from lecture_lib.chapters.lenet_alexnet.inference import (
    classify_photo,
    layer_by_layer,
    most_likely,
    random_weights,
    stored_weights,
)
from lecture_lib.layers import Conv2d, Flatten, Linear, StateError
from lecture_lib.models import Sequential, alexnet, lenet5
from lecture_lib.shapes import ShapeError
from lecture_lib.storage import StorageError

x = np.random.default_rng(0).normal(size=(2, 1, 28, 28)).astype(np.float32)


def values(net):
    return {name: parameter.value for name, parameter in net.state().items()}


def test_a_pass_with_the_nets_own_weights_is_forward():
    net, _ = models.trained_lenet5()
    *_, last = layer_by_layer(net, x)
    assert np.allclose(last.output, net.forward(x), atol=1e-5)


def test_every_layer_is_named_with_its_output_and_work():
    runs = list(layer_by_layer(lenet5(), x, random_weights(0)))
    table = models.summary(lenet5(), (1, 28, 28)).rows
    assert [(run.name, run.kind, run.output.shape) for run in runs] == [
        (row.layer, row.kind, (2, *row.output_shape)) for row in table
    ]
    assert [run.multiply_adds for run in runs] == [2 * row.multiply_adds for row in table]
    assert all(run.seconds >= 0 for run in runs)


def test_a_large_layer_in_pieces_gives_what_it_gives_whole(monkeypatch):
    net = lenet5().init(0)
    whole = net.forward(x)
    monkeypatch.setattr(inference, "PIECE", 1000)
    runs = list(layer_by_layer(net, x))
    assert np.allclose(runs[-1].output, whole, atol=1e-5)
    assert max(run.weight_bytes for run in runs if run.kind == "Linear") <= 4 * 1000 + 4 * 12
    assert next(run for run in runs if run.name == "C3").weight_bytes == 4 * 2416


def test_the_net_is_left_as_it_was():
    empty, full = lenet5(), lenet5().init(0)
    before = values(full)
    for net in (empty, full):
        list(layer_by_layer(net, x, random_weights(1), {"C1.bias": np.ones(6, np.float32)}))
    assert set(values(empty).values()) == {None}
    assert all(value is before[name] for name, value in values(full).items())
    assert all(layer._saved is None for layer in empty.layers.values())


def test_a_pass_that_is_stopped_leaves_the_net_as_it_was():
    net = lenet5()
    with pytest.raises(RuntimeError, match="stop"):
        list(layer_by_layer(net, x, lambda name, parameter, rows: (_ for _ in ()).throw(RuntimeError("stop"))))
    assert set(values(net).values()) == {None}


def test_given_arrays_are_taken_instead_of_others():
    kernel = np.zeros((6, 1, 5, 5), np.float32)
    kernel[:, 0, 2, 2] = 1
    first = next(layer_by_layer(lenet5(), x, random_weights(0), {"C1.weight": kernel}))
    assert np.allclose(first.output, np.repeat(x, 6, axis=1), atol=1e-6)


def test_random_weights_have_the_size_that_init_gives_them():
    parameter = Linear(400, 300).weight
    made = random_weights(0)("fc.weight", parameter, slice(0, 300))
    assert made.dtype == np.float32 and made.shape == (300, 400)
    assert made.std() == pytest.approx(math.sqrt(2 / 400), rel=0.02)
    assert not np.array_equal(made, random_weights(1)("fc.weight", parameter, slice(0, 300)))


@pytest.mark.parametrize(
    ("net", "batch", "given", "error", "said"),
    [(lenet5(), x, {"C9.weight": np.ones(1)}, ValueError, "given has 'C9.weight': the network has C1.weight"),
     (lenet5(), x, {"C1.bias": np.ones(5)}, ShapeError, r"given\['C1.bias'\] has shape \(5,\): must be \(6,\)"),
     (lenet5(), x[:, :, 1:], {}, ShapeError, r"layer F5: .* takes \(400,\)"),
     (lenet5(), np.array(["a"]), {}, TypeError, "x has dtype"),
     ("lenet5", x, {}, TypeError, "net is a str: must be a network"),
     (inception(1, 1, 1, 1, 1, 1, 1), x, {}, TypeError, "net holds Concat.* one after another")],
)  # fmt: skip
def test_a_wrong_pass_is_named(net, batch, given, error, said):
    with pytest.raises(error, match=said):
        list(layer_by_layer(net, batch, random_weights(0), given))


def test_without_weights_a_pass_says_what_to_do():
    with pytest.raises(StateError, match="call init"):
        list(layer_by_layer(lenet5(), x))


# Files


def test_weights_from_a_file_are_those_that_load_weights_takes(tmp_path):
    net = lenet5().init(0)
    save_file(
        {name: np.ascontiguousarray(value) for name, value in values(net).items()}, tmp_path / "lenet.safetensors"
    )
    with stored_weights(tmp_path / "lenet.safetensors", lenet5()) as weights:
        *_, last = layer_by_layer(lenet5(), x, weights)
    assert np.allclose(last.output, net.forward(x), atol=1e-5)


def zeros_file(path, state, **given):
    """A file in the safetensors format, all zeros but for ``given``; the zeros take no room on the disk."""
    header, end = {}, 0
    for name, parameter in state.items():
        size = 4 * parameter.size
        header[name] = {"dtype": "F32", "shape": list(parameter.shape), "data_offsets": [end, end + size]}
        end += size
    packed = json.dumps(header).encode()
    packed += b" " * (-len(packed) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(packed)) + packed)
        start = file.tell()
        file.truncate(start + end)
        for name, array in given.items():
            file.seek(start + header[name]["data_offsets"][0])
            file.write(np.asarray(array, np.float32).tobytes())
    return path


def test_with_torchvisions_file_the_five_most_likely_classes_have_names(tmp_path):
    bias = np.zeros(1000, np.float32)
    bias[[281, 282, 285, 287, 7]] = [9, 8, 7, 6, 5]
    path = zeros_file(tmp_path / "alexnet.safetensors", alexnet("torchvision").state(), **{"classifier.6.bias": bias})
    found = classify_photo(data.load_photo("chelsea"), path)
    assert [guess.name for guess in found] == ["tabby", "tiger cat", "Egyptian cat", "lynx", "cock"]
    total = sum(math.exp(each) for each in (9, 8, 7, 6, 5)) + 995
    assert [guess.probability for guess in found] == pytest.approx([math.exp(each) / total for each in (9, 8, 7, 6, 5)])


def test_a_missing_file_says_how_to_make_it():
    with pytest.raises(
        FileNotFoundError, match=r"no such file;[^$]*save_file[^$]*alexnet.safetensors[^$]*Put it beside the notebook"
    ):
        classify_photo(data.load_photo("chelsea"), "no such file.safetensors")


@pytest.mark.parametrize("suffix", [".pth", ".pt", ".bin", ".pkl"])
def test_a_pickle_is_not_opened_and_the_message_says_how_to_convert_it(tmp_path, suffix):
    path = tmp_path / f"alexnet-owt-7be5be79{suffix}"
    path.write_bytes(b"\x80\x04.")
    said = rf"must end in .safetensors, .* is a pickle, .*save_file\(torch.load\('{path.name}', weights_only=True\), 'alexnet-owt-7be5be79.safetensors'\)"
    with pytest.raises(StorageError, match=said):
        classify_photo(data.load_photo("chelsea"), path)


def test_a_file_of_another_network_is_refused_before_it_is_read(tmp_path):
    path = zeros_file(tmp_path / "lenet.safetensors", lenet5().state())
    with pytest.raises(StorageError, match="holds other arrays than are needed; missing: 'features.0.weight'"):
        classify_photo(data.load_photo("chelsea"), path)


def test_a_nan_in_a_piece_is_found(tmp_path):
    net = Sequential({"conv": Conv2d(1, 1, 3), "flatten": Flatten(), "fc": Linear(676, 3)})
    path = zeros_file(tmp_path / "net.safetensors", net.state(), **{"fc.bias": [0, np.nan, 0]})
    with stored_weights(path, net) as weights, pytest.raises(StorageError, match="'fc.bias' holds NaN"):
        list(layer_by_layer(net, x, weights))


# Classes


def test_the_classes_are_a_thousand_different_names_in_torchvisions_order():
    names = data.imagenet_classes()
    assert len(names) == len(set(names)) == 1000
    known = {
        0: "tench",
        1: "goldfish",
        207: "golden retriever",
        281: "tabby",
        508: "computer keyboard",
        999: "toilet tissue",
    }
    assert {at: names[at] for at in known} == known


def test_the_most_likely_comes_first_and_of_equal_ones_the_first():
    found = most_likely(np.array([0, 3, 3, 1]), list("abcd"), 3)
    assert [guess.name for guess in found] == ["b", "c", "d"]
    assert found[0].probability == pytest.approx(math.e**3 / (1 + 2 * math.e**3 + math.e))


@pytest.mark.parametrize(("names", "count"), [(list("abc"), 1), (list("abcd"), 5), (list("abcd"), 0)])
def test_wrong_counts_of_classes_are_refused(names, count):
    with pytest.raises(ShapeError):
        most_likely(np.zeros(4), names, count)
