"""Models: small."""

import inspect
import math

import numpy as np
import pytest
from safetensors.numpy import save_file

from lecture_lib.chapters.convolution.blocks import inception, inception_branch, nin_block
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import (
    StateError,
)
from lecture_lib.models import (
    LENET5_WEIGHTS,
    alexnet,
    lenet5,
    mlp,
    small_cnn,
    summary,
    trained_lenet5,
)
from lecture_lib.ops import softmax_cross_entropy
from lecture_lib.shapes import ShapeError
from lecture_lib.storage import StorageError
from lecture_lib.training import SGD, evaluate
from tests.models_cases import (
    CHANGES,
    TORCHVISION,
    X,
    foreign,
    look,
    small_arrays,
    small_net,
    torch_lenet,
)

# Real size, and PyTorch


@pytest.fixture(scope="module")
def from_torchvision(tmp_path_factory):
    """Arrays as torchvision's weights are, in half precision, and AlexNet as it comes out of a file of them."""
    arrays = {}
    for number, (name, shape) in enumerate(TORCHVISION.items()):
        deviation = math.sqrt(2 / math.prod(shape[1:])) if len(shape) > 1 else 0.1
        some = np.random.default_rng(number).standard_normal(100_003, np.float32)
        arrays[name] = np.resize((deviation * some).astype(np.float16), shape)
    path = tmp_path_factory.mktemp("torchvision") / "alexnet.safetensors"
    save_file(arrays, path, {"format": "pt"})
    net = alexnet("torchvision")
    assert net.load_weights(path) == {"format": "pt"}
    path.unlink()  # 122 MB
    return arrays, net


# The small nets


@pytest.mark.parametrize(
    ("options", "parameters"),
    [
        ({}, 80 + 1_168 + 10 * (16 * 7 * 7) + 10),
        ({"channels": (4,)}, 40 + 10 * (4 * 14 * 14) + 10),
        ({"channels": (4, 4, 4)}, 40 + 148 + 148 + 10 * (4 * 3 * 3) + 10),
        ({"classes": 3}, 80 + 1_168 + 3 * (16 * 7 * 7) + 3),
        ({"pooling": "none"}, 80 + 1_168 + 10 * (16 * 28 * 28) + 10),
        ({"global_pooling": True}, 80 + 1_168 + 10 * 16 + 10),
        ({"in_channels": 3}, 224 + 1_168 + 10 * (16 * 7 * 7) + 10),
        ({"side": 32}, 80 + 1_168 + 10 * (16 * 8 * 8) + 10),
    ],
    ids=str,
)
def test_the_small_nets_parameters_are_those_of_the_formulas(options, parameters):
    shape = options.get("in_channels", 1), options.get("side", 28), options.get("side", 28)
    assert summary(small_cnn(**options), shape).total_parameters == parameters


@pytest.mark.parametrize("make", CHANGES, ids=lambda make: make.__name__)
def test_every_option_changes_the_net(make):
    usual, changes = CHANGES[make]
    assert set(changes) == set(inspect.signature(make).parameters)
    base = look(make(**usual))
    assert look(make(**usual)) == base
    for name, value in changes.items():
        assert look(make(**usual | {name: value})) != base, name


def test_the_four_ways_to_pool_make_four_nets_three_of_them_of_one_size():
    nets = {pooling: small_cnn(pooling=pooling) for pooling in ("max", "average", "stride", "none")}
    assert len({str(look(net)) for net in nets.values()}) == 4
    sizes = {name: summary(net, (1, 28, 28)).total_parameters for name, net in nets.items()}
    assert sizes["max"] == sizes["average"] == sizes["stride"] < sizes["none"]


def test_an_mlp_has_an_activation_between_all_layers_and_none_at_its_end():
    assert list(mlp([6, 5, 4, 3], "tanh").layers) == ["flatten", "fc1", "tanh1", "fc2", "tanh2", "fc3"]
    assert mlp([6, 5, 4, 3]).output_shape((1, 2, 3)) == (3,)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: lenet5("1999"), ValueError, "variant='1999': must be one of 1998, modern"),
        (lambda: lenet5(1998), ValueError, "variant=1998"),
        (lambda: alexnet("three_towers"), ValueError, "must be one of two_towers, one_tower, torchvision"),
        (lambda: mlp([4]), ShapeError, "sizes=[4]: must hold at least"),
        (lambda: mlp([4, 0]), ShapeError, "out_features=0"),
        (lambda: mlp([4, 3, 2], "rele"), ValueError, "name='rele'"),
        (lambda: small_cnn(pooling="median"), ValueError, "must be one of max, average, stride, none"),
        (lambda: small_cnn(activation="rele"), ValueError, "name='rele'"),
        (lambda: small_cnn((0,)), ShapeError, "out_channels=0"),
        (lambda: small_cnn(classes=0), ShapeError, "classes=0"),
        (lambda: small_cnn((2, 2, 2), side=4), ShapeError, "layer pool3"),
        (lambda: nin_block(0, 1, 1), ShapeError, "in_channels=0"),
        (lambda: inception_branch(3, 0, 1, 3), ShapeError, "out_channels=0"),
        (lambda: inception(3, 1, 1, 1, 1, 1, 0), ShapeError, "out_channels=0"),
    ],
)
def test_a_wrong_option_is_named(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.parametrize("notes", [None, {"seed": "3", "by": "a test"}])
def test_a_net_gives_the_same_after_saving_and_loading_and_its_notes_come_back(tmp_path, notes):
    net = small_net().init(0)
    net.forward(5 * X, training=True)  # running averages of its own
    net.save_weights(tmp_path / "net.npz", notes)
    other = small_net().init(1)
    before = other.forward(X)
    assert other.load_weights(tmp_path / "net.npz") == (notes or {})
    assert not np.array_equal(other.forward(X), before)
    assert np.array_equal(other.forward(X), net.forward(X))


@pytest.mark.parametrize("make, shape", [(lambda: lenet5("1998"), (1, 32, 32)), (lenet5, (1, 28, 28))])
def test_both_lenets_come_back_from_their_files(tmp_path, make, shape):
    x = np.random.default_rng(0).random((2, *shape), np.float32)
    net, other = make().init(0), make()
    net.save_weights(tmp_path / "net.npz")
    other.load_weights(tmp_path / "net.npz")
    assert np.array_equal(other.forward(x), net.forward(x))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_weights_of_any_float_are_read_from_both_kinds_of_file_as_float32_or_as_asked(tmp_path, dtype):
    arrays = small_arrays(dtype)
    save_file(arrays, tmp_path / "net.safetensors", {"from": "elsewhere"})
    np.savez(tmp_path / "net.npz", **arrays)
    for name, notes in (("net.safetensors", {"from": "elsewhere"}), ("net.npz", {})):
        net = small_net()
        assert net.load_weights(tmp_path / name) == notes
        for key, parameter in net.state().items():
            assert parameter.value.dtype == np.float32
            assert np.array_equal(parameter.value, arrays[key].astype(np.float32))
        net.load_weights(tmp_path / name, np.float64)
        assert all(parameter.value.dtype == np.float64 for parameter in net.state().values())
        assert np.isfinite(net.forward(X)).all()


@pytest.mark.parametrize("kind", ["npz", "safetensors"])
@pytest.mark.parametrize("what", foreign(small_arrays()))
def test_a_foreign_file_changes_nothing_and_is_named_with_what_is_wrong(tmp_path, kind, what):
    arrays, words = foreign(small_arrays())[what]
    path = tmp_path / f"net.{kind}"
    if kind == "npz":
        np.savez(path, **arrays)
    else:
        save_file(arrays, path)
    net = small_net().init(0)
    before = {name: (parameter.value, parameter.value.copy()) for name, parameter in net.state().items()}
    with pytest.raises(StorageError) as error:
        net.load_weights(path)
    assert str(path) in str(error.value) and words in str(error.value)
    for name, parameter in net.state().items():
        value, copy = before[name]
        assert parameter.value is value and np.array_equal(value, copy)


def test_a_missing_file_is_missed(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.npz"):
        small_net().load_weights(tmp_path / "nothing.npz")


def test_old_gradients_are_forgotten_with_the_old_weights(tmp_path):
    net = small_net().init(0)
    net.save_weights(tmp_path / "net.npz")
    net.backward(np.ones_like(net.forward(X)))
    net.load_weights(tmp_path / "net.npz")
    assert all(parameter.grad is None for parameter in net.state().values())


def test_a_net_without_weights_has_none_to_save(tmp_path):
    with pytest.raises(StateError, match=r"has no features\.0\.weight yet: call init"):
        small_net().save_weights(tmp_path / "net.npz")
    assert not list(tmp_path.iterdir())


def test_a_loaded_net_can_be_trained_on(tmp_path):
    net = small_net().init(0)
    net.save_weights(tmp_path / "net.npz")
    net.load_weights(tmp_path / "net.npz")
    _, grad = softmax_cross_entropy(net.forward(X, training=True), np.array([0, 1, 2]))
    net.backward(grad, input_grad=False)
    before = net.state()["features.0.weight"].value.copy()
    SGD(net.parameters(), 0.1).step()
    assert not np.array_equal(net.state()["features.0.weight"].value, before)


def test_the_shipped_lenet_names_as_many_test_digits_as_its_notes_say():
    net, notes = trained_lenet5()
    assert notes.keys() >= {"command", "seed", "test_accuracy", "training_digits"}
    images, labels = load_digits("test")
    score = evaluate(net, (images, labels), prepare=digits_as_input)
    assert score.accuracy == pytest.approx(float(notes["test_accuracy"]), abs=2e-4) and score.accuracy >= 0.992
    assert LENET5_WEIGHTS.stat().st_size < 500_000
    other, _ = trained_lenet5()
    assert other is not net and other["C1"].weight.value is not net["C1"].weight.value


def test_a_file_in_torchvisions_layout_fills_alexnet(from_torchvision):
    arrays, net = from_torchvision
    for name, parameter in net.state().items():
        assert parameter.value.dtype == np.float32 and parameter.value.shape == TORCHVISION[name]
        assert np.array_equal(parameter.value.ravel()[::999], arrays[name].ravel()[::999].astype(np.float32)), name


def test_alexnet_with_torchvisions_weights_gives_what_pytorch_gives(from_torchvision):
    torch = pytest.importorskip("torch")
    from torch.nn.functional import conv2d, linear, max_pool2d

    _, net = from_torchvision
    weights = {name: torch.from_numpy(parameter.value) for name, parameter in net.state().items()}

    def of(layer):
        return weights[f"{layer}.weight"], weights[f"{layer}.bias"]

    x = np.random.default_rng(0).standard_normal((1, 3, 224, 224), np.float32)
    with torch.no_grad():  # torchvision/models/alexnet.py, line by line
        out = torch.from_numpy(x)
        out = max_pool2d(conv2d(out, *of("features.0"), stride=4, padding=2).relu(), 3, 2)
        out = max_pool2d(conv2d(out, *of("features.3"), padding=2).relu(), 3, 2)
        out = conv2d(out, *of("features.6"), padding=1).relu()
        out = conv2d(out, *of("features.8"), padding=1).relu()
        out = max_pool2d(conv2d(out, *of("features.10"), padding=1).relu(), 3, 2)
        out = linear(out.flatten(1), *of("classifier.1")).relu()
        out = linear(out, *of("classifier.4")).relu()
        expected = linear(out, *of("classifier.6")).numpy()
    assert expected.shape == (1, 1000) and expected.std() > 0.1
    np.testing.assert_allclose(net.forward(x), expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())


def test_lenet_with_pytorchs_weights_gives_its_logits_and_its_gradients_step_after_step():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    theirs, ours = torch_lenet(torch), lenet5().init(0, np.float64)
    pairs = list(zip(ours.parameters().items(), theirs.parameters(), strict=True))
    for (_, parameter), tensor in pairs:
        parameter.value = tensor.detach().numpy().copy()
    images, labels = load_digits("train")
    x, labels = digits_as_input(images[:8]).astype(np.float64), labels[:8]
    ours_sgd = SGD(ours.parameters(), lr=0.05, momentum=0.9)
    theirs_sgd = torch.optim.SGD(theirs.parameters(), lr=0.05, momentum=0.9)
    for _ in range(2):
        expected = theirs(torch.tensor(x))
        loss = torch.nn.functional.cross_entropy(expected, torch.tensor(labels.astype(np.int64)))
        theirs_sgd.zero_grad()
        loss.backward()
        out = ours.forward(x, training=True)
        found, grad = softmax_cross_entropy(out, labels)
        ours.backward(grad, input_grad=False)
        np.testing.assert_allclose(out, expected.detach().numpy(), rtol=1e-10, atol=1e-12)
        assert found == pytest.approx(loss.item(), rel=1e-12)
        for (name, parameter), tensor in pairs:
            np.testing.assert_allclose(parameter.grad, tensor.grad.numpy(), rtol=1e-8, atol=1e-13, err_msg=name)
        ours_sgd.step()
        theirs_sgd.step()
    for (name, parameter), tensor in pairs:
        np.testing.assert_allclose(parameter.value, tensor.detach().numpy(), rtol=1e-10, atol=1e-13, err_msg=name)
