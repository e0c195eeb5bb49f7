"""The shipped digits and weights, the scripts that make them, and the whole of MNIST from a user's file."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from lecture_lib.data import load_digits, load_first_layer, load_mnist
from tests.digits_cases import (
    DIGITS,
    KERAS,
    SMALL,
    TEST_COUNTS,
    TEST_IMAGES_MD5,
    TEST_LABELS_MD5,
    TRAIN_COUNTS,
    assert_small,
    idx,
    idx_md5,
    tool,
    write_folder,
    write_npz,
)


@pytest.fixture
def small_database(tmp_path):
    """A database of the form of MNIST in which each image tells where it came from."""
    labels = np.repeat(np.arange(3, dtype=np.uint8), [60, 30, 9])
    images = np.broadcast_to(np.arange(99, dtype=np.uint8)[:, None, None], (99, 28, 28))
    path = tmp_path / "mnist.npz"
    np.savez(path, train_images=images, train_labels=labels, test_images=images[:5], test_labels=labels[:5])
    return path


@pytest.fixture
def trainer(monkeypatch):
    """The training script, made small enough for finite differences, in double precision."""
    module = tool("train_first_layer")
    monkeypatch.setattr(module, "SIDE", 9)
    monkeypatch.setattr(module, "KERNEL_SIZE", 4)
    monkeypatch.setattr(module, "FILTERS", 2)
    return module


@pytest.mark.parametrize(("split", "count"), [("train", 20_000), ("test", 10_000)])
def test_digits_are_pictures_of_28_by_28_with_labels_0_to_9(split, count):
    images, labels = load_digits(split)
    assert images.shape == (count, 28, 28) and labels.shape == (count,)
    assert images.dtype == labels.dtype == np.uint8
    assert images.min() == 0 and images.max() == 255 and set(labels.tolist()) == set(range(10))


def test_the_test_digits_are_the_official_test_set_to_the_last_bit():
    images, labels = load_digits("test")
    assert np.bincount(labels).tolist() == TEST_COUNTS
    assert (idx_md5(images), idx_md5(labels)) == (TEST_IMAGES_MD5, TEST_LABELS_MD5)


def test_the_training_digits_keep_the_share_of_each_class():
    counts = np.bincount(load_digits("train")[1])
    assert np.abs(counts - TRAIN_COUNTS / 3).max() < 1


def test_no_digit_comes_twice_in_training_or_also_in_the_test():
    train, test = ([image.tobytes() for image in load_digits(split)[0]] for split in ("train", "test"))
    assert len(set(train)) == len(train)
    assert not set(train) & set(test)


def test_the_training_digits_are_mixed():
    labels = load_digits("train")[1]
    assert all(set(part.tolist()) == set(range(10)) for part in labels.reshape(-1, 200))


def test_train_is_the_split_when_none_is_named():
    assert load_digits()[0] is load_digits("train")[0]


def test_digits_are_read_only_since_everybody_shares_them():
    for array in (*load_digits("train"), *load_digits("test")):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    "split", ["valid", "", "Train", "first_layer", "../digits/test", None, 0, ["test"], np.zeros(2)]
)
def test_an_unknown_split_is_answered_with_the_known_ones(split):
    with pytest.raises(ValueError, match="must be 'train' or 'test'"):
        load_digits(split)


def test_the_digits_take_at_most_six_megabytes():
    assert sum(file.stat().st_size for file in DIGITS.iterdir()) <= 6_000_000


def test_the_digits_name_their_authors_and_licence():
    text = (DIGITS / "README.md").read_text(encoding="utf-8")
    assert all(name in text for name in ("Yann LeCun", "Corinna Cortes", "Christopher J. C. Burges"))
    assert "https://creativecommons.org/licenses/by-sa/3.0/" in text


@pytest.mark.parametrize("file", sorted(DIGITS.glob("*.npz")), ids=lambda file: file.name)
def test_no_shipped_array_needs_pickle(file):
    with np.load(file, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_the_same_seed_chooses_the_same_digits_and_another_others(small_database, tmp_path):
    made = []
    for folder, seed in (("one", 0), ("two", 0), ("three", 1)):
        (tmp_path / folder).mkdir()
        tool("make_digits").make_digits(small_database, tmp_path / folder, train_digits=33, seed=seed)
        made.append((tmp_path / folder / "train.npz").read_bytes())
    assert made[0] == made[1] != made[2]


def test_the_chosen_digits_keep_their_labels_and_are_chosen_once(small_database, tmp_path):
    tool("make_digits").make_digits(small_database, tmp_path, train_digits=33)
    with np.load(tmp_path / "train.npz") as train, np.load(small_database) as database:
        chosen = train["images"][:, 0, 0]
        assert np.bincount(train["labels"]).tolist() == [20, 10, 3]
        assert len(set(chosen.tolist())) == 33
        assert (database["train_labels"][chosen] == train["labels"]).all()


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=12), st.data())
def test_quotas_are_the_shares_rounded_to_a_neighbour_and_add_up(counts, draw):
    total = draw.draw(st.integers(0, sum(counts)))
    quotas = tool("make_digits").class_quotas(np.array(counts), total)
    assert quotas.sum() == total
    assert (np.abs(quotas - np.array(counts) * total / sum(counts)) < 1).all()
    assert (quotas <= counts).all()


def test_the_trainers_slopes_are_the_slopes_of_its_loss(trainer):
    rng = np.random.default_rng(1)
    weights = {name: value + rng.normal(0, 0.1, value.shape) for name, value in trainer.init(rng).items()}
    images, labels = rng.random((3, 9, 9)), np.array([1, 0, 7])

    def penalised_loss():
        filters = weights["conv_weight"]
        roughness = (np.diff(filters, axis=-1) ** 2).sum() + (np.diff(filters, axis=-2) ** 2).sum()
        loss, _ = trainer.loss_and_slope(trainer.forward(weights, images)[0], labels)
        return loss + trainer.SMOOTHNESS * roughness / 2 + trainer.DECAY * (weights["linear_weight"] ** 2).sum() / 2

    _, slopes = trainer.gradients(weights, images, labels)
    for name, values in weights.items():
        numeric = np.empty(values.size)
        for place, value in enumerate(values.ravel()):
            around = []
            for moved in (value + 1e-6, value - 1e-6):
                values.flat[place] = moved
                around.append(penalised_loss())
            values.flat[place] = value
            numeric[place] = (around[0] - around[1]) / 2e-6
        np.testing.assert_allclose(slopes[name].ravel(), numeric, atol=1e-7, rtol=1e-5)


@pytest.mark.slow
def test_the_trainer_learns_and_repeats_itself(capsys):
    module = tool("train_first_layer")
    images, labels = (array[:400] for array in module.scaled_digits("train"))
    first, again, other = (module.train(images, labels, seed, epochs=2) for seed in (3, 3, 4))
    assert module.accuracy(first, images, labels) > 0.6
    assert all((first[name] == again[name]).all() for name in first)
    assert (first["conv_weight"] != other["conv_weight"]).any()
    output = capsys.readouterr()
    assert output.out == "" and output.err.count("loss") == 6


# The learned filters


def test_the_recorded_accuracy_is_what_the_weights_reach():
    """Computed here anew; rounding of another machine may turn a digit or two of the 10,000."""
    net, (images, labels) = load_first_layer(), load_digits("test")
    right = 0
    for start in range(0, len(images), 500):
        windows = sliding_window_view(images[start : start + 500] / 255, (7, 7), axis=(1, 2))
        maps = np.tensordot(windows, net.conv_weight[:, 0], ((3, 4), (1, 2))) + net.conv_bias
        pooled = np.maximum(maps, 0).reshape(-1, 11, 2, 11, 2, 8).max((2, 4)).transpose(0, 3, 1, 2)  # (N, K, 11, 11)
        scores = pooled.reshape(len(pooled), -1) @ net.linear_weight.T + net.linear_bias
        right += (scores.argmax(1) == labels[start : start + 500]).sum()
    assert abs(right / len(images) - net.test_accuracy) <= 0.0005


def test_the_small_network_reaches_ninety_seven_and_a_half_percent():
    assert 0.975 <= load_first_layer().test_accuracy < 1


def test_the_weights_have_the_shapes_of_pytorch():
    net = load_first_layer()
    arrays = (net.conv_weight, net.conv_bias, net.linear_weight, net.linear_bias)
    assert [array.shape for array in arrays] == [(8, 1, 7, 7), (8,), (10, 968), (10,)]
    assert all(array.dtype == np.float32 and np.isfinite(array).all() for array in arrays)


def test_the_weights_are_read_only():
    net = load_first_layer()
    for array in (net.conv_weight, net.conv_bias, net.linear_weight, net.linear_bias):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_weights_say_what_made_them():
    net = load_first_layer()
    assert net.command == f"python tools/train_first_layer.py --seed {net.seed}"
    assert isinstance(net.test_accuracy, float) and isinstance(net.seed, int)


def test_learned_filters_are_smoother_than_the_same_weights_shuffled():
    """So they show strokes and edges, and not noise."""
    rng = np.random.default_rng(0)

    def roughness(filters):
        return (np.diff(filters, axis=-1) ** 2).mean((-2, -1)) + (np.diff(filters, axis=-2) ** 2).mean((-2, -1))

    filters = load_first_layer().conv_weight[:, 0]
    shuffled = rng.permuted(filters.reshape(8, 49), axis=1).reshape(8, 7, 7)
    assert (roughness(filters) < 0.5 * roughness(shuffled)).all()


@pytest.mark.parametrize("names", [KERAS, {field: field for field in SMALL}], ids=["Keras", "Mnist"])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_mnist_is_read_from_an_npz(tmp_path, names, save):
    save(tmp_path / "mnist.npz", comment=np.arange(3), **{names[field]: array for field, array in SMALL.items()})
    assert_small(load_mnist(tmp_path / "mnist.npz"))


@pytest.mark.parametrize("spelled", [str, lambda name: name.replace("-idx", ".idx")], ids=["-idx", ".idx"])
@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_mnist_is_read_from_its_four_files_whatever_their_names_say_of_packing(tmp_path, spelled, ending, packed):
    write_folder(tmp_path, lambda name: spelled(name) + ending, packed)
    assert_small(load_mnist(str(tmp_path)))
    assert_small(load_mnist(tmp_path / (spelled("t10k-labels-idx1-ubyte") + ending)))


def test_one_set_may_be_packed_and_the_other_not(tmp_path):
    write_folder(tmp_path, train_images=gzip.compress(idx(SMALL["train_images"])))
    assert_small(load_mnist(tmp_path))


def test_the_shipped_test_digits_come_back_from_files_as_they_were(tmp_path):
    images, labels = load_digits("test")
    write_folder(tmp_path, test_images=gzip.compress(idx(images), 1), test_labels=idx(labels))
    mnist = load_mnist(tmp_path)
    assert (idx_md5(mnist.test_images), idx_md5(mnist.test_labels)) == (TEST_IMAGES_MD5, TEST_LABELS_MD5)


def test_sets_without_a_digit_are_sets(tmp_path):
    nothing = {"train_images": np.zeros((0, 28, 28), np.uint8), "train_labels": np.zeros(0, np.uint8)}
    for path in (write_npz(tmp_path, **nothing), write_folder(tmp_path, **{k: idx(v) for k, v in nothing.items()})):
        assert load_mnist(path).train_images.shape == (0, 28, 28)


@pytest.mark.parametrize("path", [3, None, SMALL["train_labels"], b"mnist.npz"])
def test_what_is_no_path_to_mnist_is_a_type_error(path):
    with pytest.raises(TypeError, match=f"path is a {type(path).__name__}: must be the path"):
        load_mnist(path)
