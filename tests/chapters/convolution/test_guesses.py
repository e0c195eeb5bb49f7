"""Notebook 02: what its answers must say, worked out by hand."""

import numpy as np

from lecture_lib.chapters import convolution as chapter
from lecture_lib.filters import KERNELS

BY_HAND = {
    "C1": ["4 places across and 4 down", "16 in all", "the filter gives 0"],  # 6 − 3 + 1 = 4; 1 + 1 − 4 + 1 + 1 = 0
    "C2": ["a sum of 0 gives 0", "a sum of 1 gives 100"],
    "C4": ["five ones", "5 would mean: each"],
    "C5": ["180°", "Sobel x changes its sign"],
    "C6": ["28×28", "32 − 5 + 1 = 28", "one number deep"],
    "C7": ["5×5×3", "28×28×6"],
    "C8": ["11×11", "more than 71 % of their power", "less than 22 %"],
    "C9": ["192·16 = 3,072 weights", "16 biases", "16×192 matrix"],
    "C10": ["5 for stride 1", "3 for stride 2", "2 for stride 3", "gives 2.33", "1 column is dropped"],
    "C11": ["7×7", "1 for F = 3", "2 for F = 5", "3 for F = 7"],
    "C12": ["= 32, so 32×32×10", "5·5·3 + 1 = 76 parameters", "ten of them 760"],
    "C13": ["760 before, 760 after", "4 times as many multiply-adds"],  # twice as wide and twice as high
    "C14": ["1 + L(F − 1)", "3, 5, 7, 9.", "3, 7, 15, 31 with"],  # 3, 3 + 2·2, 7 + 2·4, 15 + 2·8
    # ⌊27/2⌋ + 1 = 14; 73·16; 14·14·3·3·8·16; 27 = 2·13 + 1
    "check": ["+ 1 = 14, so 14×14×16", "= 1,168", "14·14·1,152 = 225,792", "1 is left over and dropped"],
}


def test_the_kernels_named_as_symmetric_are_those_that_do_not_change_when_turned():
    named = chapter.guess("C5").controls[0]["why"].partition("these are: ")[2].partition(". ")[0].split("; ")
    turned = [kernel.label for kernel in KERNELS.values() if (np.rot90(kernel.weights, 2) == kernel.weights).all()]
    assert named == turned
    assert "Box blur" in named
    assert "Emboss" not in named


def test_what_the_last_question_drops_is_padding():
    starts = range(0, 30 - 3 + 1, 2)  # 28 columns, and one of padding on each side
    seen = {col for start in starts for col in range(start, start + 3)}
    assert set(range(30)) - seen == {29}
