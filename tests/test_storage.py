"""Weights in files: what comes back is what went in, and a foreign file costs no memory and runs no code."""

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib import storage
from lecture_lib.storage import StorageError, load_arrays, read_npz, save_arrays
from tests.storage_cases import (
    KILLED,
    NOTES,
    SHAPES,
    WEIGHTS,
    assert_weights,
    names,
    numbers,
    safetensors,
    write,
)

# There and back


@pytest.mark.parametrize("notes", [None, {}, NOTES])
def test_arrays_and_notes_come_back_as_they_went(tmp_path, notes):
    save_arrays(tmp_path / "net.npz", WEIGHTS, notes)
    arrays, read = load_arrays(str(tmp_path / "net.npz"), SHAPES)
    assert_weights(arrays)
    assert read == (notes or {})
    assert os.listdir(tmp_path) == ["net.npz"]


@given(st.dictionaries(names, numbers, max_size=4), st.dictionaries(st.text(), st.text(), max_size=3), st.booleans())
def test_whatever_is_saved_is_loaded(arrays, notes, turned):
    arrays = {name: array.T if turned else array for name, array in arrays.items()}
    with tempfile.TemporaryDirectory() as folder:
        save_arrays(f"{folder}/net.npz", arrays, notes)
        loaded, read = load_arrays(f"{folder}/net.npz", {name: array.shape for name, array in arrays.items()})
    assert read == notes and list(loaded) == list(arrays)
    for name, array in arrays.items():
        assert loaded[name].dtype == array.dtype and loaded[name].tobytes() == array.tobytes()


def test_pictures_are_saved_packed_and_take_less_room(tmp_path):
    arrays = {"pictures": np.full((40, 40, 3), 128, np.uint8), "weights": np.linspace(0, 1, 50)}
    save_arrays(tmp_path / "packed.npz", arrays, NOTES, packed=True)
    read, notes = read_npz(tmp_path / "packed.npz", {name: array.nbytes for name, array in arrays.items()})
    assert notes == NOTES and (tmp_path / "packed.npz").stat().st_size < 4800
    for name, array in arrays.items():
        assert read[name].dtype == array.dtype and np.array_equal(read[name], array)
    with pytest.raises(StorageError, match="pictures"):
        save_arrays(tmp_path / "plain.npz", arrays)
    with pytest.raises(StorageError, match="int32"):
        save_arrays(tmp_path / "other.npz", {"a": np.zeros(3, np.int32)}, packed=True)


def test_names_that_are_arguments_of_numpy_are_names(tmp_path):
    arrays = {name: np.ones(2) for name in ("file", "allow_pickle", "arr_0", "self", "args")}
    save_arrays(tmp_path / "net.npz", arrays)
    assert list(load_arrays(tmp_path / "net.npz", dict.fromkeys(arrays, (2,)))[0]) == list(arrays)


def test_numpy_reads_what_was_saved_and_what_numpy_saved_is_read(tmp_path):
    save_arrays(tmp_path / "net.npz", WEIGHTS, NOTES)
    with np.load(tmp_path / "net.npz", allow_pickle=False) as file:
        assert sorted(file.files) == sorted([*WEIGHTS, "__notes__"])
        assert json.loads(file["__notes__"].item()) == NOTES
        assert_weights({name: file[name] for name in WEIGHTS})
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "numpy.npz", **WEIGHTS)
        assert_weights(load_arrays(tmp_path / "numpy.npz", SHAPES)[0])


def test_the_same_arrays_give_the_same_file(tmp_path):
    for name in ("one.npz", "two.npz"):
        save_arrays(tmp_path / name, WEIGHTS, NOTES)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_safetensors_are_read_with_their_metadata(tmp_path):
    path = write(tmp_path, safetensors(WEIGHTS, {"format": "pt"}))
    arrays, notes = load_arrays(path, SHAPES)
    assert_weights(arrays)
    assert notes == {"format": "pt"}
    assert load_arrays(write(tmp_path, safetensors(WEIGHTS)), SHAPES)[1] == {}


@pytest.mark.parametrize("kind", ["npz", "safetensors"])
def test_arrays_come_in_the_order_asked_for(tmp_path, kind):
    turned = dict(reversed(WEIGHTS.items()))
    save_arrays(tmp_path / "net.npz", turned)
    write(tmp_path, safetensors(turned))
    assert_weights(load_arrays(tmp_path / f"net.{kind}", {name: list(shape) for name, shape in SHAPES.items()})[0])


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    save_arrays("~/net.npz", WEIGHTS)
    assert (tmp_path / "net.npz").is_file()
    assert_weights(load_arrays("~/net.npz", SHAPES)[0])


# Writing whole or not at all


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path):
    for value in (1, 2):
        save_arrays(tmp_path / "net.npz", {"a": np.array(value / 2)})
    assert load_arrays(tmp_path / "net.npz", {"a": ()})[0] == {"a": 1}


def test_what_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    save_arrays(tmp_path / "net.npz", WEIGHTS)

    def fail(*arguments, **options):
        raise OSError("disk full")

    for module, name in ((np.lib.format, "write_array"), (os, "replace")):
        with monkeypatch.context() as patch, pytest.raises(OSError, match="disk full"):
            patch.setattr(module, name, fail)
            save_arrays(tmp_path / "net.npz", {"a": np.ones(1)})
    assert os.listdir(tmp_path) == ["net.npz"]
    assert_weights(load_arrays(tmp_path / "net.npz", SHAPES)[0])


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="only Linux has files without a name")
def test_a_save_that_is_killed_leaves_the_old_file_and_nothing_else(tmp_path):
    save_arrays(tmp_path / "net.npz", WEIGHTS)
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "net.npz")])
    assert done.returncode == -signal.SIGKILL
    assert os.listdir(tmp_path) == ["net.npz"]
    assert_weights(load_arrays(tmp_path / "net.npz", SHAPES)[0])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named(tmp_path, monkeypatch, number):
    def fail(*arguments, **options):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(np.lib.format, "write_array", fail)
    with pytest.raises(OSError, match="path='.*net.npz': the disk is full, so nothing is saved") as error:
        save_arrays(tmp_path / "net.npz", WEIGHTS)
    assert error.value.errno == number and not os.listdir(tmp_path)


def test_without_nameless_files_a_save_works_the_same(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    save_arrays(tmp_path / "net.npz", WEIGHTS, NOTES)
    assert os.listdir(tmp_path) == ["net.npz"]
    assert_weights(load_arrays(tmp_path / "net.npz", SHAPES)[0])


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_a_file_behind_a_link_is_written_and_the_link_stays(tmp_path):
    synced, link = tmp_path / "synced.npz", tmp_path / "link.npz"
    link.symlink_to(synced)
    save_arrays(link, WEIGHTS)
    assert link.is_symlink()
    assert_weights(load_arrays(synced, SHAPES)[0])


@pytest.mark.parametrize("name", ["net", "net.npy", "net.safetensors", "npz", ".npz", "net.npz.gz", ""])
def test_only_npz_is_written(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StorageError, match="path='.*': must end in .npz$"):
        save_arrays(name, WEIGHTS)
    assert not os.listdir(tmp_path)


def test_a_missing_folder_is_missed_in_words(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no folder '.*nowhere'; make it first"):
        save_arrays(tmp_path / "nowhere" / "net.npz", WEIGHTS)


@pytest.mark.parametrize("function", [save_arrays, load_arrays])
@pytest.mark.parametrize("path", [3, None, b"net.npz", ["net.npz"]])
def test_what_is_no_path_is_a_type_error(function, path):
    with pytest.raises(TypeError, match=f"path is a {type(path).__name__}: must be the path of a file"):
        function(path, {})


@pytest.mark.parametrize(
    ("arrays", "error", "words"),
    [
        ({"__notes__": np.ones(1)}, StorageError, "name '__notes__': must be letters.* not be __notes__"),
        ({"a.npy": np.ones(1)}, StorageError, "name 'a.npy': must .* not end in .npy"),
        ({"": np.ones(1)}, StorageError, "name '': must be letters"),
        ({"../a": np.ones(1)}, StorageError, "name '../a': must be letters"),
        ({"a\0b": np.ones(1)}, StorageError, r"name 'a\\x00b': must be letters"),
        ({3: np.ones(1)}, TypeError, r"name 3 \(int\): must be a text"),
        ({"a": [1.0]}, TypeError, r"arrays\['a'\] is a list: must be a NumPy array"),
        ({"a": np.float32(1)}, TypeError, r"arrays\['a'\] is a float32: must be a NumPy array"),
        ({"a": np.array([None])}, StorageError, r"arrays\['a'\] has dtype object: must be one of float16, float32, fl"),
        ({"a": np.arange(3)}, StorageError, "has dtype int"),
        ({"a": np.ones(3, ">f4")}, StorageError, "has dtype >f4"),
        ({"a": np.ones(3, complex)}, StorageError, "has dtype complex128"),
        ({"a": np.ones(1), "b": np.array([1, np.nan])}, StorageError, r"arrays\['b'\] holds NaN or infinity"),
        ({"a": np.array(-np.inf)}, StorageError, r"arrays\['a'\] holds NaN or infinity"),
    ],
)  # fmt: skip
def test_what_could_not_be_loaded_is_not_saved(tmp_path, arrays, error, words):
    with pytest.raises(error, match=words):
        save_arrays(tmp_path / "net.npz", arrays)
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("notes", [{"seed": 3}, {3: "seed"}, {"seed": None}])
def test_notes_are_texts(tmp_path, notes):
    with pytest.raises(TypeError, match="notes has .*: names and notes must be texts"):
        save_arrays(tmp_path / "net.npz", WEIGHTS, notes)


def test_the_longest_notes_that_are_saved_are_loaded(tmp_path, monkeypatch):
    save_arrays(tmp_path / "net.npz", WEIGHTS, NOTES)
    monkeypatch.setattr(storage, "MAX_NOTES", 4 * len(json.dumps(NOTES)))
    save_arrays(tmp_path / "net.npz", WEIGHTS, NOTES)
    assert load_arrays(tmp_path / "net.npz", SHAPES)[1] == NOTES
    monkeypatch.setattr(storage, "MAX_NOTES", 4 * len(json.dumps(NOTES)) - 1)
    with pytest.raises(StorageError, match="notes take .* bytes: must be at most"):
        save_arrays(tmp_path / "net.npz", WEIGHTS, NOTES)
    with pytest.raises(StorageError, match="its notes are not a short text"):
        load_arrays(tmp_path / "net.npz", SHAPES)


@pytest.mark.parametrize("name", ["net.npz", "net.safetensors", "no\0body.npz", "x" * 5000])
def test_a_missing_file_is_missed_in_words(tmp_path, name):
    with pytest.raises(FileNotFoundError, match="no such file; a relative path starts at the notebook's folder"):
        load_arrays(tmp_path / name, SHAPES)
