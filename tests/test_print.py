"""What the library prints arrives in any pipe: one of Windows knows 256 characters only."""

import os
import subprocess
import sys

import pytest

from tools.notebooks import ROOT

CODE = """
import numpy as np
from lecture_lib import models, shapes
from lecture_lib.activations import ACTIVATIONS
from lecture_lib.chapters import activations, convolution, equivariance, lenet_alexnet, motivation, pooling
print(models.summary(models.lenet5("modern"), (1, 28, 28)))
for chapter in (activations, convolution, equivariance, lenet_alexnet, motivation, pooling):
    print(chapter.progress())
    for exercise in chapter.desk.exercises:
        print(repr(chapter.check(exercise.solution)), exercise.task, exercise.hints, *(each.words for each in exercise.mistakes))
    for quiz in chapter.quizzes.QUIZZES.values():
        print(quiz)
print(*ACTIVATIONS.values())
"""


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437", "utf-8"])
def test_what_is_printed_into_a_pipe_of_any_encoding_arrives(encoding, tmp_path):
    here = os.environ | {
        "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT), "LECTURE_PROGRESS": str(tmp_path / "progress.json"),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", CODE], env=here, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(encoding)[-2000:]
    said = done.stdout.decode(encoding)
    assert "is right in all" in said
    assert ("\u2713" in said) == (encoding == "utf-8")
