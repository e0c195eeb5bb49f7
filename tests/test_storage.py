"""Weights in files: what comes back is what went in, and a foreign file costs no memory and runs no code."""

import errno
import io
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import tempfile
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from lecture_lib import storage
from lecture_lib.storage import StorageError, load_arrays, save_arrays

rng = np.random.default_rng(0)
WEIGHTS = {
    "conv1.weight": rng.normal(size=(4, 3, 2, 2)).astype(np.float32),
    "conv1.bias": rng.normal(size=4),
    "scale": np.array(0.5, np.float16),
}
SHAPES = {name: array.shape for name, array in WEIGHTS.items()}
NOTES = {"seed": "3", "command": "python tools/train.py — ünïcode", "": "\0\ud800"}


def npy(array, **header):
    """A NumPy file; ``header`` replaces what would be said of the array."""
    file = io.BytesIO()
    fields = np.lib.format.header_data_from_array_1_0(array) | header
    np.lib.format.write_array_header_1_0(file, fields)
    return file.getvalue() + array.tobytes()


def write_npz(path, members, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def safetensors(tensors, metadata=None):
    """The format by hand: length of the header, the header as JSON, the data one after the other."""
    names = {"f2": "F16", "f4": "F32", "f8": "F64", "i8": "I64"}
    header, data = {"__metadata__": metadata} if metadata else {}, b""
    for name, array in tensors.items():
        kind, content = array if isinstance(array, tuple) else (names[array.dtype.str[1:]], array)
        span = [len(data), len(data) + content.nbytes]
        header[name] = {"dtype": kind, "shape": list(content.shape), "data_offsets": span}
        data += content.tobytes()
    packed = json.dumps(header).encode()
    return struct.pack("<Q", len(packed)) + packed + data


def write(folder, content, name="net.safetensors"):
    (folder / name).write_bytes(content)
    return folder / name


def assert_weights(arrays):
    assert list(arrays) == list(WEIGHTS)
    for name, array in WEIGHTS.items():
        assert arrays[name].dtype == array.dtype and arrays[name].shape == array.shape
        assert (arrays[name] == array).all()
        arrays[name][...] = 0  # may be changed


# There and back


@pytest.mark.parametrize("notes", [None, {}, NOTES])
def test_arrays_and_notes_come_back_as_they_went(tmp_path, notes):
    save_arrays(tmp_path / "net.npz", WEIGHTS, notes)
    arrays, read = load_arrays(str(tmp_path / "net.npz"), SHAPES)
    assert_weights(arrays)
    assert read == (notes or {})
    assert os.listdir(tmp_path) == ["net.npz"]


floats = st.sampled_from([np.float16, np.float32, np.float64])
numbers = floats.flatmap(
    lambda dtype: arrays_of.arrays(
        dtype,
        arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
        elements={"allow_nan": False, "allow_infinity": False},
    )
)
names = st.from_regex(r"[a-z0-9_.-]*[a-z0-9]", fullmatch=True).filter(
    lambda name: not name.endswith(".npy") and name != "__notes__"
)


@given(st.dictionaries(names, numbers, max_size=4), st.dictionaries(st.text(), st.text(), max_size=3), st.booleans())
def test_whatever_is_saved_is_loaded(arrays, notes, turned):
    arrays = {name: array.T if turned else array for name, array in arrays.items()}
    with tempfile.TemporaryDirectory() as folder:
        save_arrays(f"{folder}/net.npz", arrays, notes)
        loaded, read = load_arrays(f"{folder}/net.npz", {name: array.shape for name, array in arrays.items()})
    assert read == notes and list(loaded) == list(arrays)
    for name, array in arrays.items():
        assert loaded[name].dtype == array.dtype and loaded[name].tobytes() == array.tobytes()


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


KILLED = """
import os, signal, sys
import numpy as np
from lecture_lib import storage

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

np.lib.format.write_array = die
storage.save_arrays(sys.argv[1], {"a": np.ones(3)})
"""


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


# What is refused, and in which words


def refused(path, words, shapes=SHAPES):
    """Refuses with these words and without memory; returns the message."""
    tracemalloc.start()
    with pytest.raises(StorageError, match=words) as error:
        load_arrays(path, shapes)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(error.value).startswith(f"path={str(path)!r}: ")
    assert peak < 5_000_000
    return str(error.value)


@pytest.fixture(params=["npz", "safetensors"])
def write_net(request, tmp_path):
    """Writes arrays in one of the two formats, by hand, and returns the path."""

    def npz(arrays):
        return write_npz(tmp_path / "net.npz", {f"{name}.npy": npy(array) for name, array in arrays.items()})

    return npz if request.param == "npz" else lambda arrays: write(tmp_path, safetensors(arrays))


@pytest.mark.parametrize("name", ["net.npz", "net.safetensors", "no\0body.npz", "x" * 5000])
def test_a_missing_file_is_missed_in_words(tmp_path, name):
    with pytest.raises(FileNotFoundError, match="no such file; a relative path starts at the notebook's folder"):
        load_arrays(tmp_path / name, SHAPES)


@pytest.mark.parametrize("name", ["net.pt", "net", "net.npy", "net.npz.bak"])
def test_another_ending_is_refused(tmp_path, name):
    refused(write(tmp_path, b"", name), "must end in .npz or .safetensors")


@pytest.mark.parametrize("kind", ["npz", "safetensors"])
def test_a_folder_is_refused(tmp_path, kind):
    (tmp_path / f"net.{kind}").mkdir()
    refused(tmp_path / f"net.{kind}", "not a file but a folder or a device; name the file itself")


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_not_called_damaged(tmp_path):
    path = write(tmp_path, safetensors(WEIGHTS))
    path.chmod(0)
    with pytest.raises(PermissionError):
        load_arrays(path, SHAPES)


@pytest.mark.parametrize("kind", ["npz", "safetensors"])
@pytest.mark.parametrize("content", [b"", b"Dear reader,\n" * 9, b"\xff" * 99, pickle.dumps(NOTES), npy(np.ones(3))])
def test_another_kind_of_file_is_refused(tmp_path, kind, content):
    refused(
        write(tmp_path, content, f"net.{kind}"), r"not a file of this kind, or damaged or cut short \(.+\); copy or"
    )


def test_one_format_under_the_name_of_the_other_is_refused(tmp_path):
    save_arrays(tmp_path / "net.npz", WEIGHTS)
    refused(write(tmp_path, (tmp_path / "net.npz").read_bytes()), "not a file of this kind")
    refused(write(tmp_path, safetensors(WEIGHTS), "net.npz"), "not a file of this kind")


def test_a_file_cut_anywhere_is_refused(tmp_path):
    save_arrays(tmp_path / "net.npz", WEIGHTS)
    for kind, content in (("npz", (tmp_path / "net.npz").read_bytes()), ("safetensors", safetensors(WEIGHTS))):
        for length in range(0, len(content), 7):
            refused(write(tmp_path, content[:length], f"net.{kind}"), "damaged or cut short")


def test_missing_and_foreign_names_are_listed(write_net):
    foreign = {"conv1.weight": WEIGHTS["conv1.weight"], "fc.bias": np.ones(1)}
    refused(write_net(foreign), "other arrays than are needed; missing: 'conv1.bias', 'scale'; not needed: 'fc.bias'$")
    refused(write_net(WEIGHTS | {"b": np.ones(1)}), "needed; not needed: 'b'$")
    refused(write_net({}), "needed; missing: 'conv1.weight', 'conv1.bias', 'scale'$")


def test_of_many_names_a_handful_is_listed(write_net):
    many = {f"n{number:02}": np.ones(1) for number in range(17)}
    refused(write_net(WEIGHTS | many), "not needed: 'n00', 'n01', 'n02', 'n03', 'n04' and 12 more$")
    refused(write_net({}), "missing: 'n00', 'n01', 'n02', 'n03', 'n04' and 12 more$", dict.fromkeys(many, (1,)))
    refused(write_net(WEIGHTS | dict(list(many.items())[:5])), "'n04'$")


@pytest.mark.parametrize("shape", [(4, 3, 4), (3, 4, 2, 2), (48,), (4, 3, 2, 2, 1), (4, 3, 2, 3), (0, 3, 2, 2)])
def test_a_wrong_shape_is_named_with_the_right_one(write_net, shape):
    changed = WEIGHTS | {"conv1.weight": np.ones(shape)}
    message = refused(write_net(changed), "'conv1.weight' has shape")
    assert message.endswith(f"'conv1.weight' has shape {shape}: must be (4, 3, 2, 2)")


def test_a_wrong_dtype_is_named_with_the_right_ones(write_net):
    refused(write_net(WEIGHTS | {"conv1.bias": np.arange(4)}), "'conv1.bias' has dtype (int64|I64): must be one of flo")


def test_bfloat16_is_refused_in_words(tmp_path):
    tensors = WEIGHTS | {"conv1.bias": ("BF16", np.zeros(4, np.uint16))}
    message = refused(write(tmp_path, safetensors(tensors)), "'conv1.bias' has dtype BF16")
    assert message.endswith("must be one of float16, float32, float64")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(write_net, value):
    bias = WEIGHTS["conv1.bias"].copy()
    bias[2] = value
    refused(write_net(WEIGHTS | {"conv1.bias": bias}), "'conv1.bias' holds NaN or infinity: every number must be fin")


# Hostile files


class Trap:
    """Unpickled, it would leave a trace."""

    def __reduce__(self):
        return exec, ("import sys; sys.trap_went_off = True",)


OBJECTS = pickle.dumps(Trap())


@pytest.mark.parametrize(
    "content",
    [
        OBJECTS,
        npy(np.zeros(0), descr="|O", shape=(4,)) + OBJECTS,
        npy(np.zeros(0), descr=[("a", "|O")], shape=(4,)) + OBJECTS,
    ],
    ids=["pickle", "array of objects", "record of objects"],
)
def test_a_pickle_is_never_unpacked(tmp_path, content):
    members = {f"{name}.npy": npy(array) for name, array in WEIGHTS.items()} | {"conv1.bias.npy": content}
    refused(write_npz(tmp_path / "net.npz", members), "magic string|Object arrays cannot be loaded|not a short text")
    members["__notes__.npy"], members["conv1.bias.npy"] = content, npy(WEIGHTS["conv1.bias"])
    refused(write_npz(tmp_path / "net.npz", members), "magic string|Object arrays cannot be loaded|not a short text")
    assert not hasattr(sys, "trap_went_off")


@pytest.mark.parametrize("shape", [(10**12,), (2**62, 4), (-1,), (10**5,) * 20])
def test_a_header_that_promises_too_much_is_refused_unread(tmp_path, shape):
    path = write_npz(tmp_path / "net.npz", {"a.npy": npy(np.ones(4), shape=shape)})
    for needed in ((4,), shape):
        refused(path, "damaged or cut short", {"a": needed})


@pytest.mark.parametrize("shape", [(10**12,), (2**62, 4)])
def test_a_safetensors_header_that_promises_too_much_is_refused_unread(tmp_path, shape):
    header = json.dumps({"a": {"dtype": "F64", "shape": shape, "data_offsets": [0, 8 * shape[0]]}}).encode()
    path = write(tmp_path, struct.pack("<Q", len(header)) + header + bytes(32))
    for needed in ((4,), shape):
        refused(path, "damaged or cut short", {"a": needed})


def test_a_long_safetensors_header_is_refused_unread(tmp_path):
    path = write(tmp_path, struct.pack("<Q", 10**7) + b" " * 10**7)
    refused(path, "its header makes itself 10,000,000 bytes long")


def test_a_packed_bomb_is_refused_by_its_header(tmp_path):
    bomb = npy(np.zeros(10**7))
    path = write_npz(tmp_path / "net.npz", {"a.npy": bomb}, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 10**6
    refused(path, "'a' takes 80,000,128 bytes, too many for what is needed", {"a": (4,)})


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packing_is_refused(tmp_path, method):
    path = write_npz(tmp_path / "net.npz", {"a.npy": npy(np.ones(4))}, method)
    refused(path, "'a' is packed in an unusual way", {"a": (4,)})


def test_a_later_array_format_is_read(tmp_path):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.arange(4.0), version=(2, 0))
    path = write_npz(tmp_path / "net.npz", {"a.npy": file.getvalue()})
    assert load_arrays(path, {"a": (4,)})[0]["a"].tolist() == [0, 1, 2, 3]


def test_a_long_header_is_refused_before_it_is_parsed(tmp_path):
    path = write_npz(tmp_path / "net.npz", {"a.npy": npy(np.ones(4), shape=(1,) * 15_000)})
    refused(path, "'?a?'?.*[Hh]eader", {"a": (4,)})


@pytest.mark.parametrize(
    "notes",
    [
        np.array("{"), np.array("[]"), np.array('{"a": 3}'), np.array(""), np.array("[" * 100_000),
        np.array(["{}"]), np.array(b"{}"), np.array(3.0), np.array("a" * 300_000),
    ],
)  # fmt: skip
def test_wrong_notes_are_refused(tmp_path, notes):
    path = write_npz(tmp_path / "net.npz", {"__notes__.npy": npy(notes)})
    with pytest.raises(StorageError, match="damaged or cut short"):
        load_arrays(path, {})


def test_flipped_data_in_an_npz_is_noticed(tmp_path):
    save_arrays(tmp_path / "net.npz", WEIGHTS)
    content = (tmp_path / "net.npz").read_bytes()
    place = content.index(WEIGHTS["conv1.bias"].tobytes())
    write(tmp_path, content[:place] + b"\0" + content[place + 1 :], "net.npz")
    refused(tmp_path / "net.npz", "Bad CRC-32")


def real_files():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "net.npz")
        save_arrays(path, WEIGHTS, NOTES)
        yield "npz", path.read_bytes()
        np.savez_compressed(path, **WEIGHTS)
        yield "npz", path.read_bytes()
        yield "safetensors", safetensors(WEIGHTS, {"format": "pt"})


FILES = list(real_files())


def arrays_or_storage_error(kind, content):
    """The promise of load_arrays: the arrays asked for or a StorageError, never anything else."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), content, f"net.{kind}")
        try:
            arrays, notes = load_arrays(path, SHAPES)
        except StorageError as error:
            assert str(error).startswith(f"path={str(path)!r}: ")
        else:
            assert {name: array.shape for name, array in arrays.items()} == SHAPES
            assert all(np.isfinite(array).all() and str(array.dtype) in storage.DTYPES for array in arrays.values())
            assert all(isinstance(text, str) for item in notes.items() for text in item)


changes = st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), max_size=5)


@given(st.sampled_from(FILES), st.floats(0.5, 1), changes)
def test_a_changed_file_is_arrays_or_a_storage_error(file, kept, changed):
    kind, content = file
    hostile = bytearray(content[: max(1, round(kept * len(content)))])
    for place, value in changed:
        hostile[place % len(hostile)] = value
    arrays_or_storage_error(kind, bytes(hostile))


@given(st.sampled_from(FILES), changes)
def test_a_file_of_the_right_length_with_a_changed_header_is_arrays_or_a_storage_error(file, changed):
    kind, content = file
    hostile = bytearray(content)
    for place, value in changed:
        # The headers of safetensors stand in front, the table of a zip at the end.
        hostile[place % 200 if kind == "safetensors" or place % 2 else -(place % 400) - 1] = value
    arrays_or_storage_error(kind, bytes(hostile))


headers = st.text("{}[]()',:0123456789<>fiO\\ descrshapefortran_orderTrueFalse", max_size=80)


@given(headers | st.text(max_size=80))
def test_any_array_header_is_an_array_or_a_storage_error(text):
    line = text.encode("latin1", "replace") + b"\n"
    content = b"\x93NUMPY\1\0" + struct.pack("<H", len(line)) + line + bytes(32)
    with tempfile.TemporaryDirectory() as folder:
        path = write_npz(Path(folder, "net.npz"), {"a.npy": content})
        with pytest.raises(StorageError):
            load_arrays(path, {"a": (4,)})
