"""The shipped digits and weights, the scripts that make them, and the whole of MNIST from a user's file."""

import gzip
import hashlib
import importlib.util
import struct
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from lecture_lib import data
from lecture_lib.data import digits, digits_as_input, load_digits, load_first_layer, load_mnist
from lecture_lib.shapes import ShapeError
from lecture_lib.storage import StorageError

ROOT = Path(data.__file__).parents[2]
DIGITS = Path(data.__file__).parents[1] / "digits"

# Digits

# http://yann.lecun.com/exdb/mnist and every reader of it: class sizes, and MD5 of the unpacked IDX files.
TRAIN_COUNTS = np.array([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
TEST_IMAGES_MD5 = "2646ac647ad5339dbf082846283269ea"
TEST_LABELS_MD5 = "27ae3e4e09519cfbb04c329615203637"


def idx_md5(array):
    """MD5 of the array as the IDX file in which MNIST is published."""
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return hashlib.md5(header + array.tobytes(), usedforsecurity=False).hexdigest()


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


# Tools that make the files; an installed package comes without them


def tool(name):
    path = ROOT / "tools" / f"{name}.py"
    if not path.exists():
        pytest.skip("an installed package has no tools")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def small_database(tmp_path):
    """A database of the form of MNIST in which each image tells where it came from."""
    labels = np.repeat(np.arange(3, dtype=np.uint8), [60, 30, 9])
    images = np.broadcast_to(np.arange(99, dtype=np.uint8)[:, None, None], (99, 28, 28))
    path = tmp_path / "mnist.npz"
    np.savez(path, train_images=images, train_labels=labels, test_images=images[:5], test_labels=labels[:5])
    return path


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


@pytest.fixture
def trainer(monkeypatch):
    """The training script, made small enough for finite differences, in double precision."""
    module = tool("train_first_layer")
    monkeypatch.setattr(module, "SIDE", 9)
    monkeypatch.setattr(module, "KERNEL_SIZE", 4)
    monkeypatch.setattr(module, "FILTERS", 2)
    return module


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


# The whole of MNIST, from files of other people

random = np.random.default_rng(5)
SMALL = {
    "train_images": random.integers(0, 256, (7, 28, 28), dtype=np.uint8),
    "train_labels": np.array([0, 9, 3, 3, 1, 8, 5], np.uint8),
    "test_images": random.integers(0, 256, (4, 28, 28), dtype=np.uint8),
    "test_labels": np.array([2, 0, 9, 4], np.uint8),
}
KERAS = {"train_images": "x_train", "train_labels": "y_train", "test_images": "x_test", "test_labels": "y_test"}
ORIGINAL = {
    "train_images": "train-images-idx3-ubyte",
    "train_labels": "train-labels-idx1-ubyte",
    "test_images": "t10k-images-idx3-ubyte",
    "test_labels": "t10k-labels-idx1-ubyte",
}


def idx(array):
    """The bytes that LeCun's page describes: magic number, lengths, data, most significant byte first."""
    magic = {1: 2049, 3: 2051}[array.ndim]
    return struct.pack(f">{1 + array.ndim}i", magic, *array.shape) + array.tobytes()


def write_folder(folder, spelled=lambda name: name, packed=lambda content: content, **changed):
    for field, name in ORIGINAL.items():
        content = changed[field] if field in changed else packed(idx(SMALL[field]))
        if content is not None:
            (folder / spelled(name)).write_bytes(content)
    return folder


def write_npz(folder, names=KERAS, **changed):
    arrays = {names[field]: array for field, array in (SMALL | changed).items() if array is not None}
    np.savez(folder / "mnist.npz", **arrays)
    return folder / "mnist.npz"


def assert_small(mnist):
    for field, array in SMALL.items():
        loaded = getattr(mnist, field)
        assert loaded.dtype == np.uint8 and loaded.shape == array.shape and (loaded == array).all()
        loaded[0] = 0  # may be changed


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


@pytest.mark.parametrize("name", ["mnist.npz", "no\0body", "x" * 5000, "nowhere/train-images-idx3-ubyte"])
def test_a_missing_database_is_missed_in_words(tmp_path, name):
    with pytest.raises(FileNotFoundError, match="no such file or folder; must be mnist.npz, or the folder with train"):
        load_mnist(tmp_path / name)


def test_missing_files_of_the_four_are_named(tmp_path):
    write_folder(tmp_path, test_images=None, train_labels=None)
    with pytest.raises(
        FileNotFoundError, match="train-labels-idx1-ubyte, t10k-images-idx3-ubyte not in this folder.*all four"
    ):
        load_mnist(tmp_path)


def refused(path, words):
    with pytest.raises(StorageError, match=words) as error:
        load_mnist(path)
    assert str(error.value).startswith("path=")


IMAGES, LABELS = idx(SMALL["train_images"]), idx(SMALL["train_labels"])


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("field", "content", "words"),
    [
        ("train_images", b"", "begins with nothing: must be 00 00 08 03"),
        ("train_images", b"<html>", "begins with 3c 68 74 6d: must be 00 00 08 03"),
        ("train_images", LABELS, "begins with 00 00 08 01: must be 00 00 08 03"),
        ("train_labels", IMAGES, "begins with 00 00 08 03: must be 00 00 08 01"),
        ("train_labels", b"\0\0\x0d" + LABELS[3:], "begins with 00 00 0d 01"),  # floats
        ("train_images", IMAGES[:15], "cut short in its header"),
        ("train_images", IMAGES[:-1], "must hold 5488 bytes behind its header, but holds only 5487"),
        ("train_images", IMAGES[:16], "but holds only 0"),
        ("train_labels", LABELS + b"\0", "must hold 7 bytes behind its header, but holds more"),
        ("train_labels", LABELS[:-1] + b"\x0a", "the train set has the label 10: must be 0 to 9"),
        ("train_labels", idx(SMALL["test_labels"]), "the train set has 7 images and 4 labels: must be as many"),
        ("train_images", idx(np.zeros((7, 28, 27), np.uint8)), r"has shape \(7, 28, 27\): must be \(N, 28, 28\)"),
        ("train_images", struct.pack(">iIII", 2051, 2**32 - 1, 28, 28), "more than 200,000,000 bytes"),
        ("train_labels", struct.pack(">iI", 2049, 2**32 - 1), r"has shape \(4294967295,\): more than 200,000,000"),
        ("train_images", struct.pack(">iIII", 2051, *[2**32 - 1] * 3), "must be .N, 28, 28."),
    ],
)  # fmt: skip
def test_a_wrong_idx_file_is_refused(tmp_path, packed, field, content, words):
    refused(write_folder(tmp_path, **{field: packed(content)}), words)


def test_the_refused_idx_file_is_named(tmp_path):
    refused(write_folder(tmp_path, test_labels=b"?"), "t10k-labels-idx1-ubyte': begins with 3f")


PACKED = gzip.compress(IMAGES, mtime=0)


@pytest.mark.parametrize(
    "content",
    [
        PACKED[:2], PACKED[:12], PACKED[: len(PACKED) // 2], PACKED[:-1],  # cut: EOFError
        PACKED[:200] + bytes(80) + PACKED[280:],  # zlib.error, or the wrong sum
        PACKED[:-8] + bytes(8), PACKED + b"rubbish", PACKED[:2] + b"\x09" + PACKED[3:],  # BadGzipFile
    ],
)  # fmt: skip
def test_a_damaged_gzip_file_is_refused(tmp_path, content):
    refused(write_folder(tmp_path, train_images=content), "damaged or cut short|must hold 5488 bytes")


def test_a_bomb_is_read_one_byte_further_than_its_header_promises(tmp_path, monkeypatch):
    asked = []
    read = gzip.GzipFile.read
    monkeypatch.setattr(gzip.GzipFile, "read", lambda file, size=-1: asked.append(size) or read(file, size))
    refused(write_folder(tmp_path, train_images=gzip.compress(IMAGES + bytes(2**26), 1)), "but holds more")
    assert asked == [4, 12, 5488 + 1]


def test_a_device_is_refused_and_not_waited_for(tmp_path):
    with pytest.raises(StorageError, match="not a file but a folder or a device"):
        load_mnist("/dev/zero" if Path("/dev/zero").exists() else pytest.skip("no /dev/zero"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"train_images": None, "test_labels": None}, "lacks x_train, y_test; must hold x_train, y_train, x_test"),
        ({"train_images": SMALL["train_images"] / 255}, "x_train has dtype float64: must be uint8"),
        ({"train_labels": SMALL["train_labels"].astype(int)}, "y_train has dtype int(64|32): must be uint8"),
        ({"train_images": SMALL["train_images"].reshape(7, 784)}, r"x_train has shape \(7, 784\): must be \(N, 28, 28"),
        ({"test_labels": SMALL["test_labels"][:, None]}, r"y_test has shape \(4, 1\): must be \(N,\)"),
        ({"test_labels": np.array(3, np.uint8)}, r"y_test has shape \(\): must be \(N,\)"),
        ({"test_labels": SMALL["train_labels"]}, "the test set has 4 images and 7 labels: must be as many"),
        ({"test_labels": SMALL["test_labels"] + 6}, "the test set has the label 15: must be 0 to 9"),
        ({"test_labels": np.array([print] * 4)}, "Object arrays cannot be loaded"),
    ],
)
def test_a_foreign_npz_is_refused(tmp_path, changed, words):
    refused(write_npz(tmp_path, **changed), words)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x80\x04N.", IMAGES])
def test_what_is_no_npz_is_refused(tmp_path, content):
    (tmp_path / "mnist.npz").write_bytes(content)
    refused(tmp_path / "mnist.npz", "not a file of this kind, or damaged or cut short")


def test_a_header_that_promises_gigabytes_is_refused_unread(tmp_path):
    path = write_npz(tmp_path, train_images=None)
    with zipfile.ZipFile(path, "a") as archive, archive.open("x_train.npy", "w") as member:
        np.lib.format.write_array_header_1_0(member, {"descr": "|u1", "fortran_order": False, "shape": (10**9, 28, 28)})
    refused(path, "damaged or cut short")


def test_a_true_header_above_the_limit_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(digits, "MAX_MNIST_BYTES", 5487)
    refused(write_npz(tmp_path), "x_train has shape .* more than 5,487 bytes")
    refused(write_folder(tmp_path), "train-images-idx3-ubyte' has shape .* more than 5,487 bytes")
    monkeypatch.setattr(digits, "MAX_MNIST_BYTES", 5488)
    assert_small(load_mnist(tmp_path))


def npz_bytes():
    with tempfile.TemporaryDirectory() as folder:
        return write_npz(Path(folder)).read_bytes()


NPZ = npz_bytes()


@given(st.sampled_from([IMAGES, PACKED, NPZ]), st.data())
def test_a_file_cut_or_changed_anywhere_is_mnist_or_a_storage_error(file, draw):
    hostile = bytearray(file[: draw.draw(st.integers(len(file) // 2, len(file)))])
    for place, value in draw.draw(st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), max_size=4)):
        # Half of the changes meet the header or the zip's table at the end, where they do most harm.
        place = place % len(hostile) if place % 2 else place % 300 - 150
        hostile[place] = value
    with tempfile.TemporaryDirectory() as name:
        if file is NPZ:
            path = Path(name, "mnist.npz")
            path.write_bytes(hostile)
        else:
            path = write_folder(Path(name), train_images=bytes(hostile))
        try:
            assert load_mnist(path).train_images.dtype == np.uint8
        except StorageError as error:
            assert str(error).startswith("path=")


# As a network takes them


def picture(*rows):
    return np.array([rows], np.uint8)


def scaled(values):
    """LeCun et al. 1998, section II.B: the background -0.1, the foreground 1.175."""
    return -0.1 + np.asarray(values) / 255 * 1.275


def test_digits_become_float32_maps_of_one_channel():
    images = load_digits("test")[0][:100]
    x = digits_as_input(images)
    assert x.shape == (100, 1, 28, 28) and x.dtype == np.float32
    np.testing.assert_allclose(x[:, 0], scaled(images), atol=1e-6)


def test_black_becomes_minus_a_tenth_and_white_1_175():
    x = digits_as_input(picture([0, 255], [51, 0]), side=2)
    assert x[0, 0].ravel().tolist() == pytest.approx([-0.1, 1.175, -0.1 + 1.275 / 5, -0.1], abs=1e-6)
    assert x[0, 0, 0, 0] == np.float32(-0.1)


@pytest.mark.parametrize(("side", "variance"), [(28, 0.15), (32, 0.12)])
def test_the_training_digits_have_about_mean_zero_but_less_variance_than_the_paper_says(side, variance):
    x = digits_as_input(load_digits("train")[0][:5000], side=side)
    assert abs(x.mean()) < 0.1 and x.var() == pytest.approx(variance, abs=0.01)


def test_a_larger_side_puts_the_digit_into_the_middle_of_background():
    images = load_digits("test")[0][:3]
    x = digits_as_input(images, side=32)
    assert x.shape == (3, 1, 32, 32)
    assert np.array_equal(x[:, :, 2:30, 2:30], digits_as_input(images))
    inside = np.zeros((32, 32), bool)
    inside[2:30, 2:30] = True
    assert (x[:, 0, ~inside] == np.float32(-0.1)).all()


def test_pictures_of_other_shapes_are_centred_along_each_axis():
    x = digits_as_input(np.full((1, 1, 3), 255, np.uint8), side=5)[0, 0]
    assert (x > 1).tolist() == [[row == 2 and 1 <= column <= 3 for column in range(5)] for row in range(5)]


def test_without_a_generator_or_a_shift_nothing_is_shifted_and_no_chance_is_used():
    images = load_digits("test")[0][:20]
    rng = np.random.default_rng(0)
    plain = digits_as_input(images)
    assert np.array_equal(digits_as_input(images, shift=3), plain)
    assert np.array_equal(digits_as_input(images, rng), plain)
    assert rng.random() == np.random.default_rng(0).random()


@pytest.mark.parametrize(("side", "shift"), [(28, 1), (28, 3), (32, 2), (32, 6)])
def test_each_digit_is_the_plain_one_moved_by_at_most_the_shift_and_what_leaves_is_lost(side, shift):
    images = load_digits("test")[0][:200]
    moved = digits_as_input(images, np.random.default_rng(0), side=side, shift=shift)
    paper = np.pad(
        digits_as_input(images, side=side)[:, 0], ((0, 0), (shift,) * 2, (shift,) * 2), constant_values=np.float32(-0.1)
    )
    crops = sliding_window_view(paper, (side, side), axis=(1, 2))  # (N, 2 shift + 1, 2 shift + 1, side, side)
    fits = (crops == moved[:, :, None]).all(axis=(3, 4))
    assert fits.shape == (200, 2 * shift + 1, 2 * shift + 1) and fits.any(axis=(1, 2)).all()
    clear = fits[fits.sum(axis=(1, 2)) == 1]
    assert clear.any(axis=(0, 2)).all() and clear.any(axis=(0, 1)).all()  # every distance along each axis


def test_the_same_generator_shifts_the_same_way_and_another_another_way():
    images = load_digits("test")[0][:50]
    one, again, other = (digits_as_input(images, np.random.default_rng(seed), shift=2) for seed in (0, 0, 1))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_the_digits_themselves_are_not_changed():
    images = load_digits("test")[0][:5].copy()
    before = images.copy()
    digits_as_input(images, np.random.default_rng(0), shift=2)[...] = 7
    digits_as_input(images)[...] = 7
    assert np.array_equal(images, before)


def test_the_batch_lies_last_in_memory_shifted_or_not():
    images = load_digits("test")[0][:5]
    for x in (digits_as_input(images), digits_as_input(images, np.random.default_rng(0), side=32, shift=1)):
        assert x.transpose(1, 2, 3, 0).flags.c_contiguous


@pytest.mark.parametrize(
    ("images", "settings", "error", "words"),
    [
        (np.zeros((1, 28, 28)), {}, TypeError, "images has dtype float64: must be uint8"),
        (np.zeros((1, 28, 28), np.int64), {}, TypeError, "images has dtype int64"),
        (np.zeros((28, 28), np.uint8), {}, ValueError, "images has shape (28, 28): must be (N, h, w)"),
        (np.zeros((1, 1, 28, 28), np.uint8), {}, ValueError, "images has shape (1, 1, 28, 28)"),
        (np.zeros((0, 28, 28), np.uint8), {}, ValueError, "at least one"),
        (np.zeros((1, 28, 28), np.uint8), {"side": 27}, ValueError, "at most side=27"),
        (np.zeros((1, 28, 28), np.uint8), {"side": 32.0}, TypeError, "side=32.0"),
        (np.zeros((1, 28, 28), np.uint8), {"shift": 0.5}, TypeError, "shift=0.5"),
        (np.zeros((1, 28, 28), np.uint8), {"shift": -1}, ShapeError, "shift=-1: must be at least 0"),
        (np.zeros((1, 28, 28), np.uint8), {"side": 0}, ShapeError, "side=0: must be at least 1"),
    ],
)
def test_what_is_no_batch_of_digits_is_refused_by_name(images, settings, error, words):
    with pytest.raises(error) as caught:
        digits_as_input(images, **settings)
    assert words in str(caught.value)
