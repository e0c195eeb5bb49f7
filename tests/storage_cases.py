"""What the tests of storage share."""

import io
import json
import pickle
import struct
import tempfile
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
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


KILLED = """
import os, signal, sys
import numpy as np
from lecture_lib import storage

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

np.lib.format.write_array = die
storage.save_arrays(sys.argv[1], {"a": np.ones(3)})
"""


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


# Hostile files


class Trap:
    """Unpickled, it would leave a trace."""

    def __reduce__(self):
        return exec, ("import sys; sys.trap_went_off = True",)


OBJECTS = pickle.dumps(Trap())


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


headers = st.text("{}[]()',:0123456789<>fiO\\ descrshapefortran_orderTrueFalse", max_size=80)
