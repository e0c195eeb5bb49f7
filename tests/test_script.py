"""The pure functions of the explorers' script, tried by Node's own test runner; skipped where there is no Node."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "script"
FILES = sorted(FOLDER.glob("*.test.mjs"))


@pytest.mark.skipif(
    not shutil.which("node"), reason="no node: install Node.js (Debian, Ubuntu: sudo apt install nodejs)"
)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_script_passes_the_tests_of_node(path):
    done = subprocess.run(["node", "--test", path], capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b(test|it)\(", path.read_text(encoding="utf-8"))  # Node passes an empty file


@pytest.mark.skipif(not FOLDER.exists(), reason="no script has tests of its own yet")
def test_no_file_among_the_tests_of_the_script_is_forgotten():
    assert FILES
    assert {each for each in FOLDER.rglob("*") if "test" in each.name} == set(FILES)
