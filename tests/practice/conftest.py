"""Nothing is remembered in the project, and what never ends is stopped soon."""

import pytest

from lecture_lib.practice import progress, sandbox


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.setenv(progress.VARIABLE, str(tmp_path / "progress.json"))
    monkeypatch.setattr(sandbox, "PATIENCE", 0.5)
