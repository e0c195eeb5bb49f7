"""Storage: hostile."""

import io
import json
import os
import pickle
import struct
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.storage import StorageError, load_arrays, save_arrays
from tests.storage_cases import (
    FILES,
    NOTES,
    OBJECTS,
    SHAPES,
    WEIGHTS,
    arrays_or_storage_error,
    changes,
    headers,
    npy,
    refused,
    safetensors,
    write,
    write_npz,
)


@pytest.fixture(params=["npz", "safetensors"])
def write_net(request, tmp_path):
    """Writes arrays in one of the two formats, by hand, and returns the path."""

    def npz(arrays):
        return write_npz(tmp_path / "net.npz", {f"{name}.npy": npy(array) for name, array in arrays.items()})

    return npz if request.param == "npz" else lambda arrays: write(tmp_path, safetensors(arrays))


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


@given(headers | st.text(max_size=80))
def test_any_array_header_is_an_array_or_a_storage_error(text):
    line = text.encode("latin1", "replace") + b"\n"
    content = b"\x93NUMPY\1\0" + struct.pack("<H", len(line)) + line + bytes(32)
    with tempfile.TemporaryDirectory() as folder:
        path = write_npz(Path(folder, "net.npz"), {"a.npy": content})
        with pytest.raises(StorageError):
            load_arrays(path, {"a": (4,)})
