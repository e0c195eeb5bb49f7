"""Digits: mnist."""

import gzip
import struct
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from lecture_lib.data import digits, digits_as_input, load_digits, load_mnist
from lecture_lib.shapes import ShapeError
from lecture_lib.storage import StorageError
from tests.digits_cases import (
    IMAGES,
    LABELS,
    NPZ,
    PACKED,
    SMALL,
    assert_small,
    idx,
    picture,
    refused,
    scaled,
    write_folder,
    write_npz,
)


@pytest.mark.parametrize("name", ["mnist.npz", "no\0body", "x" * 5000, "nowhere/train-images-idx3-ubyte"])
def test_a_missing_database_is_missed_in_words(tmp_path, name):
    with pytest.raises(FileNotFoundError, match="no such file or folder; must be mnist.npz, or the folder with train"):
        load_mnist(tmp_path / name)


@pytest.mark.parametrize("inside", ["MNIST/raw", "raw"])
def test_the_folder_of_torchvision_is_read_from_its_root(tmp_path, inside):
    folder = tmp_path / inside
    folder.mkdir(parents=True)
    write_folder(folder)
    assert_small(load_mnist(tmp_path))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("mnist_train.csv", b"label,1x1\n5,0", "a table of text, as Kaggle has MNIST"), ("table", b"label,1x1\n5,0", "a table of text"),
        ("train-00000-of-00001.parquet", b"PAR1", "a table, as Hugging Face has MNIST"), ("table", b"PAR1\x15", "a table, as Hugging Face"),
        ("mnist.pkl.gz", gzip.compress(b"x", mtime=0), "a pickle, and to open one may run any program"), ("mnist", b"\x80\x04\x95", "a pickle"),
        ("training.pt", b"PK\x03\x04", "a pickle"),
    ],
)  # fmt: skip
def test_mnist_in_another_form_is_told_what_it_is_and_what_to_do(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StorageError, match=f"this is {words}.*np.savez\\('mnist.npz', x_train=") as said:
        load_mnist(tmp_path / name)
    assert name in str(said.value)
    if "." in name:
        with pytest.raises(StorageError, match=words):
            load_mnist(tmp_path)


def test_missing_files_of_the_four_are_named(tmp_path):
    write_folder(tmp_path, test_images=None, train_labels=None)
    with pytest.raises(
        FileNotFoundError, match="train-labels-idx1-ubyte, t10k-images-idx3-ubyte not in this folder.*all four"
    ):
        load_mnist(tmp_path)


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
