"""What the tests of digits share."""

import gzip
import hashlib
import importlib.util
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest

from lecture_lib import data
from lecture_lib.data import load_mnist
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


# Tools that make the files; an installed package comes without them


def tool(name):
    path = ROOT / "tools" / f"{name}.py"
    if not path.exists():
        pytest.skip("an installed package has no tools")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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


def refused(path, words):
    with pytest.raises(StorageError, match=words) as error:
        load_mnist(path)
    assert str(error.value).startswith("path=")


IMAGES, LABELS = idx(SMALL["train_images"]), idx(SMALL["train_labels"])


PACKED = gzip.compress(IMAGES, mtime=0)


def npz_bytes():
    with tempfile.TemporaryDirectory() as folder:
        return write_npz(Path(folder)).read_bytes()


NPZ = npz_bytes()


# As a network takes them


def picture(*rows):
    return np.array([rows], np.uint8)


def scaled(values):
    """LeCun et al. 1998, section II.B: the background -0.1, the foreground 1.175."""
    return -0.1 + np.asarray(values) / 255 * 1.275
