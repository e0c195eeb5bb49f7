"""Strongest patches of units for photos: how they are found, and a part of what was recorded found again."""

import numpy as np
import pytest

from lecture_lib.chapters.lenet_alexnet.photo_units import (
    DEPTHS,
    PHOTO_UNITS,
    SIDE,
    Found,
    Square,
    come_back,
    cut_patch,
    cut_square,
    field_of,
    in_photo,
    peaks,
    photos,
    recorded_patch,
    smaller,
    squares_of,
    strongest,
    units_of,
)
from lecture_lib.data.photo_input import squares_as_input
from lecture_lib.models import PHOTO_NET_INPUT, trained_photo_net
from lecture_lib.probes import strongest_patches
from lecture_lib.shapes import ReceptiveField


@pytest.fixture(scope="module")
def net():
    return trained_photo_net()[0]


def test_squares_cover_every_pixel_of_a_photo_and_lie_within_it():
    for at, photo in enumerate(photos()):
        height, width = photo.shape[:2]
        small = np.zeros((height, width), int)
        for square in squares_of(at):
            rows, cols = slice(square.top, square.top + square.side), slice(square.left, square.left + square.side)
            assert square.photo == at and small[rows, cols].shape == (square.side, square.side)
            if square.side == min(height, width) // 2:
                small[rows, cols] += 1
        assert (small[1 : height - 1, 1 : width - 1] >= 1).all()


def test_what_the_network_gets_has_the_mean_and_deviation_of_its_training():
    x = squares_as_input(np.full((1, SIDE, SIDE, 3), 255, np.uint8))
    assert x.shape == (1, *PHOTO_NET_INPUT) and np.allclose(x, (255 - 127) / 128)


def test_of_one_photo_two_patches_count_at_most_and_only_where_they_are_apart():
    field, squares = ReceptiveField(3, 1, -1), [Square(0, 0, 0, SIDE)] * 3 + [Square(1, 0, 0, SIDE)]
    response, place = np.array([4.0, 5, 3, 1]), np.array([0, 1, 9, 5])
    found = strongest(response, place, squares, field, 10, window=11)
    assert [(each.response, each.row, each.col) for each in found] == [(5, 0, 1), (3, 0, 9), (1, 0, 5)]
    near = strongest(response, np.array([0, 1, 6, 5]), squares, field, 10, window=11)
    assert [each.response for each in near] == [5, 1]  # 4 is one pixel from 5, 3 is five: less than half a window


def test_a_patch_lies_in_its_photo_where_its_square_does():
    assert in_photo(Found(Square(0, 100, 20, 112), row=0, col=223, response=1.0)) == (100.25, 131.75, 0.5)


def test_a_patch_that_reaches_beyond_its_square_is_filled():
    picture = np.full((SIDE, SIDE, 3), 9, np.uint8)
    patch = cut_patch(picture, Found(Square(0, 0, 0, SIDE), row=0, col=SIDE - 1, response=1.0), 5, 127)
    assert patch.shape == (5, 5, 3) and (patch[2:, :3] == 9).all()
    assert (patch[:2] == 127).all() and (patch[:, 3:] == 127).all()


def test_a_smaller_picture_holds_means():
    picture = np.arange(48.0).reshape(4, 4, 3)
    assert np.allclose(smaller(picture, 2), picture.reshape(2, 2, 2, 2, 3).mean(axis=(1, 3)))
    assert np.allclose(smaller(picture, 4), picture)


def test_units_drawn_at_random_are_none_of_those_chosen():
    for layer, depth in DEPTHS.items():
        units = units_of(layer, 2000)
        assert units[: len(depth.chosen)] == list(depth.chosen) and len(set(units)) == len(units) == 8


def test_the_largest_answer_of_a_map_and_its_place_are_those_of_strongest_patches(net):
    squares = squares_of(0)[:3]
    answers = peaks(net, squares)
    for layer in ("block1.depthwise", "block5.depthwise"):
        images = np.stack([cut_square(each) for each in squares])
        field, places = field_of(net, layer)
        one = strongest_patches(net, images, layer, 7, count=3, prepare=lambda some, _: squares_as_input(some))
        response, place = (each[:, 7] for each in answers[layer])
        order = np.argsort(-response, kind="stable")
        assert one.image[0].tolist() == order.tolist()
        assert np.allclose(one.response[0], response[order], rtol=1e-4)
        assert (one.row[0] * places + one.col[0] == place[order]).all()
        assert (one.top[0] == field.start + field.jump * one.row[0]).all()


@pytest.mark.slow
def test_found_again_a_part_of_the_photos_has_nothing_stronger_and_the_patches_that_were_recorded(net):
    """Five photos: what is recorded of them answers as it did, and what is not recorded does not belong there."""
    recorded, few = PHOTO_UNITS.arrays(), [0, 2, 6, 8, 9]
    squares = [each for photo in few for each in squares_of(photo)]
    answers, met = peaks(net, squares), 0
    for at, (layer, depth) in enumerate(DEPTHS.items()):
        field, places = field_of(net, layer)
        for k, unit in enumerate(recorded["units"][at].astype(int)):
            nine = [recorded_patch(each) for each in recorded["patches"][at, k]]
            response, place = (each[:, unit] for each in answers[layer])
            again = strongest(response, place, squares, field, places, depth.window)
            expected = [each for each in nine if each.square.photo in few]
            for one, two in zip(expected, again, strict=False):
                assert one.response == pytest.approx(two.response, rel=1e-3)
            assert len(again) <= len(expected) or again[len(expected)].response <= nine[-1].response * 1.001
            met += len(expected)
    assert met > 60


@pytest.mark.slow
@pytest.mark.parametrize("at", range(len(DEPTHS)))
def test_what_comes_back_is_computed_again_and_the_window_holds_nine_tenths_of_it(net, at):
    layer, recorded = list(DEPTHS)[at], PHOTO_UNITS.arrays()
    unit = int(recorded["units"][at, 0])
    found = [recorded_patch(each) for each in recorded["patches"][at, 0, :2]]
    pictures, _ = come_back(net, layer, unit, found)
    for rule, each in pictures.items():
        difference = np.abs(each.astype(int) - recorded[f"{rule}{at}"][0, :2].astype(int))
        assert np.quantile(difference, 0.99) <= 3, rule
    energy, field = recorded["energy"][at], field_of(net, layer)[0].size
    within = energy[energy > 0].mean()  # to some units nothing comes back
    assert within == pytest.approx(1) if DEPTHS[layer].window == field else 0.85 < within < 0.95
