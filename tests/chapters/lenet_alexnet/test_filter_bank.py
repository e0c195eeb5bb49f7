"""Gabor filters beside their formula, and the bank made by hand."""

import math

import numpy as np
import pytest

from lecture_lib import ops
from lecture_lib.chapters.lenet_alexnet.filter_bank import gabor, hand_made_bank
from lecture_lib.shapes import ShapeError


def test_a_gabor_filter_is_its_formula_at_every_place():
    found = gabor(5, 3.0, 0.7, 0.4, sigma=1.5, aspect=2.0)
    for row in range(5):
        for col in range(5):
            x, y = col - 2, row - 2
            u, v = x * math.cos(0.7) + y * math.sin(0.7), -x * math.sin(0.7) + y * math.cos(0.7)
            bell = math.exp(-(u * u + 4 * v * v) / (2 * 1.5**2))
            assert found[row, col] == pytest.approx(bell * math.cos(2 * math.pi * u / 3 + 0.4))


def test_a_gabor_filter_turned_by_a_right_angle_is_the_turned_filter():
    upright, level = gabor(7, 4.0), gabor(7, 4.0, math.pi / 2)
    assert np.allclose(np.rot90(upright), level)


def test_a_line_is_the_same_mirrored_and_an_edge_is_its_opposite():
    line, edge = gabor(9, 5.0, phase=0), gabor(9, 5.0, phase=math.pi / 2)
    assert np.allclose(line, line[:, ::-1])
    assert np.allclose(edge, -edge[:, ::-1])


@pytest.mark.parametrize("wrong", [{"wavelength": 0}, {"sigma": -1}, {"aspect": 0}, {"wavelength": math.nan}])
def test_a_gabor_filter_needs_lengths_above_zero(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))}=.*above 0"):
        gabor(**{"size": 5, "wavelength": 3.0} | wrong)
    with pytest.raises(ShapeError, match="size=0"):
        gabor(0, 3.0)


def test_the_bank_fits_alexnet_and_an_area_of_one_grey_gives_nothing():
    bank = hand_made_bank()
    assert bank.shape == (96, 3, 11, 11) and bank.dtype == np.float32
    grey = ops.conv2d(np.full((1, 3, 11, 11), 0.7, np.float32), bank)
    assert np.abs(grey).max() < 1e-5
    assert np.allclose((bank.astype(float) ** 2).sum(axis=(1, 2, 3)), 1)


def test_one_tower_sees_no_colour_and_the_other_no_grey():
    bank = hand_made_bank().astype(float)
    assert np.allclose(bank[:48, 0], bank[:48, 1]) and np.allclose(bank[:48, 0], bank[:48, 2])
    assert np.abs(bank[48:].sum(axis=1)).max() < 1e-6  # what all three colours share


def test_no_two_filters_of_the_bank_are_alike():
    flat = hand_made_bank().reshape(96, -1).astype(float)
    alike = flat @ flat.T - np.eye(96)
    assert alike.max() < 0.97


def test_each_direction_of_the_bank_answers_most_to_its_own_stripes():
    bank, angles = hand_made_bank()[:48].astype(float), np.pi * np.arange(8) / 8
    for first in range(0, 48, 8):
        wave = (0.36, 0.55, 0.82)[first // 16] * 11
        phase = (0, np.pi / 2)[first // 8 % 2]
        stripes = np.stack([gabor(11, wave, angle, phase, sigma=1e6) for angle in angles])
        answers = np.abs(np.einsum("khw,shw->ks", bank[first : first + 8, 0], stripes))
        assert answers.argmax(axis=1).tolist() == list(range(8))
