"""Python for the pages: where its files come from, that they are the right ones, and how they are packed."""

import gzip
import hashlib
import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from lecture_lib.models.efficientnet import PHOTO_NET_WEIGHTS
from tools.site import licences, packing, runtime, safetensors_in_page
from tools.site.state import FIRST

FILES = {"pyodide.js": b"let a;", "one-1.0-py3-none-any.whl": b"PK"}


@pytest.fixture
def few(monkeypatch, tmp_path):
    """Two files are pinned instead of all, nothing is kept yet, and no source is in reach."""
    pins = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
    monkeypatch.setattr(runtime, "PINS", dict.fromkeys([*runtime.GROUPS, "lite"], {}) | {"start": pins})
    monkeypatch.setattr(runtime, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(runtime, "OFFICIAL", (tmp_path / "release.tar.bz2").as_uri())
    monkeypatch.setattr(runtime, "PACKAGE", str(tmp_path / "package-1.0-py3-none-any.whl"))
    monkeypatch.delenv("LECTURE_PYODIDE", raising=False)
    return tmp_path


def a_folder(place, monkeypatch, files):
    folder = place / "folder"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    monkeypatch.setenv("LECTURE_PYODIDE", str(folder))


def a_release(place, monkeypatch, files):
    with tarfile.open(place / "release.tar.bz2", "w:bz2") as archive:
        for name, data in {"README.md": b"", **files}.items():
            entry = tarfile.TarInfo(f"pyodide/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


def a_package(place, monkeypatch, files):
    with zipfile.ZipFile(place / "package-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("package-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: package\nVersion: 1.0\n")
        archive.writestr("package-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("package-1.0.dist-info/RECORD", "")
        for name, data in files.items():
            archive.writestr(f"package/assets/pyodide/{name}", data)


SOURCES = pytest.mark.parametrize("source", [a_folder, a_release, a_package])


@SOURCES
def test_each_source_gives_every_file_as_it_is_and_only_once(few, monkeypatch, source):
    source(few, monkeypatch, FILES)
    found = runtime.obtain()
    assert {file.name: file.read_bytes() for file in found.iterdir()} == FILES
    for each in (few / "folder", few / "release.tar.bz2", few / "package-1.0-py3-none-any.whl"):
        shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink(missing_ok=True)
    assert runtime.obtain() == found


@SOURCES
def test_a_file_that_is_another_is_not_taken(few, monkeypatch, source, capsys):
    source(few, monkeypatch, FILES | {"pyodide.js": b"let b;"})
    assert runtime.obtain() is None
    assert "pyodide.js is not the file that runtime.json names" in capsys.readouterr().err


def test_where_no_source_is_in_reach_there_is_none(few):
    assert runtime.obtain() is None


# ---------------------------------------------------------------- packed


def characters(text, length):
    """What a script's characters stand for, bit by bit."""
    bits = "".join(f"{ord(each) - FIRST:015b}" for each in text)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, 8 * length, 8))


def test_pieces_of_a_part_are_the_part(tmp_path, monkeypatch):
    files = {"/a": bytes(range(256)) * 9, "/b": b"", "/lib/ä": b"x"}
    monkeypatch.setattr(packing, "parts", lambda _: iter([("engine", files)]))
    monkeypatch.setattr(packing.licences, "text", lambda *_: "")
    monkeypatch.setattr(packing, "PIECE", 101)
    monkeypatch.setattr(packing, "CACHE", tmp_path / "kept")
    (tmp_path / "assets").mkdir()
    packing.write(tmp_path, tmp_path)
    about = (tmp_path / "assets" / "python.js").read_text(encoding="utf-8").partition("lecturePacked = ")[2]
    pieces, _ = json.JSONDecoder().raw_decode(about)
    whole = b""
    for at, (name, length) in enumerate(pieces["parts"]["engine"]):
        script = (tmp_path / "python" / name).read_bytes().decode("utf-16")
        head, _, text = script.partition('", ')[2].rpartition(', "')
        assert head == f"{at}, {length}"
        whole += characters(text.removesuffix('");\n'), length)
    unpacked = gzip.decompress(whole)
    size = int.from_bytes(unpacked[:4], "little")
    table, rest = json.loads(unpacked[4 : 4 + size]), unpacked[4 + size :]
    assert dict(table) == {path: len(data) for path, data in files.items()}
    assert rest == b"".join(files.values())
    first = sorted(each.name for each in (tmp_path / "python").iterdir())
    packing.write(tmp_path, tmp_path)
    assert first == sorted(each.name for each in (tmp_path / "python").iterdir())
    files["/b"] = b"changed"
    packing.write(tmp_path, tmp_path)
    assert first != sorted(each.name for each in (tmp_path / "python").iterdir())
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_weights_are_read_in_a_page_as_by_the_package_itself():
    path = Path(PHOTO_NET_WEIGHTS)
    with safe_open(path, framework="numpy") as theirs, safetensors_in_page.safe_open(path, framework="numpy") as ours:
        assert sorted(ours.keys()) == sorted(theirs.keys()) and len(ours.keys()) >= 100
        assert ours.metadata() == theirs.metadata()
        for name in theirs.keys():  # noqa: SIM118  it is no dictionary
            expected, found = theirs.get_tensor(name), ours.get_tensor(name)
            assert expected.dtype == found.dtype and np.array_equal(expected, found)
            for ask in ("get_dtype", "get_shape"):
                assert getattr(ours.get_slice(name), ask)() == getattr(theirs.get_slice(name), ask)()


def test_the_library_is_there_whole_its_large_files_one_by_one():
    inside = {path.removeprefix(packing.SITE_PACKAGES): file for path, file in packing.lecture()}
    assert {"lecture_lib/page/kernel.py", "lecture_lib/explore/script/explorer.js"} <= inside.keys()
    assert {"lecture_lib/digits/train.npz", "lecture_lib/images/chelsea.png"} <= inside.keys()
    assert not [path for path in inside if "__pycache__" in path or "screenshots" in path]


@pytest.fixture
def obtained():
    return runtime.obtain() or pytest.skip(runtime.MISSING)


def test_everything_that_is_shipped_has_its_licence(obtained):
    said = licences.text(obtained, packing.FROM_HERE).lower().replace("-", "_")
    wheels = {name.partition("-")[0] for group in ("start", "scipy", "matplotlib") for name in runtime.PINS[group]}
    for name in {"pyodide", "python", *packing.FROM_HERE, *wheels}:
        assert name.lower().replace("-", "_") in said, name
    assert said.count("copyright") > 20


def test_what_comes_before_the_first_explorer_is_within_its_budget(obtained):
    sizes = {name: len(packing.packed(files)) for name, files in packing.parts(obtained) if name in ("engine", "start")}
    assert sum(sizes.values()) < 22e6


def test_every_file_of_scipy_is_in_one_part_which_comes_when_its_first_file_is_opened(obtained):
    parts = {name: files for name, files in packing.parts(obtained) if name.startswith("scipy")}
    whole = [path for files in parts.values() for path in files]
    assert sorted(whole) == sorted(path for path, _ in packing._wheels(obtained, "scipy"))
    for name, files in parts.items():
        assert f"{packing.SITE_PACKAGES}{name.replace('_', '/', 1)}/__init__.py" in files
    assert {"scipy_stats", "scipy_optimize"} < set(parts)
