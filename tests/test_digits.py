"""The shipped digits, the script that makes them, and the whole of MNIST from a user's file."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.data import load_digits, load_mnist
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
