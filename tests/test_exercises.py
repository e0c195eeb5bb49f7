"""Answers against numbers worked out by hand; the quiz's key against what the kernel really does."""

import html

import numpy as np
import pytest
from PIL import Image

from lecture_lib import exercises
from lecture_lib.data import load_photo, resize, to_grey
from lecture_lib.exercises import BOX_BLUR, Answer, Option, Quiz, answer, answers
from lecture_lib.exercises.lenet_alexnet import turned_verdicts, untrained_readout
from lecture_lib.exercises.motivation import m3_distances
from lecture_lib.filters import KERNELS, correlate

SECTIONS = [
    *(f"M{number}" for number in range(1, 6)),
    "M check",
    "C1",
    "C2",
    *(f"C{number}" for number in range(4, 15)),
    "check",
    *("A1", "A2", "A2 zigzag", "A3", "A3 dead", "A4", "A4 maxout", "A5", "A6", "A check"),
    *(f"P{number}" for number in range(1, 7)),
    "P check",
    *(f"E{number}" for number in range(1, 9)),
    "E check",
    *("N1", "N1 draw", "N check"),
    *("N3", "N3 turned", "N4", "N4 random"),
]  # C3 is the poll

BY_HAND = {
    "M1": ["200·200·3 = 120,000 inputs", "120,000,000 weights", "480 MB"],  # 4 bytes each
    "M2": ["for every 4 pixels", "a shift by 2 places"],  # strides 2 and 2; 8/4
    "M3": ["by 8 of 128 pixels", "80 grey levels to itself", "82 to"],  # as transforms.distance says, see below
    "M4": ["10·8 = 80", "24", "Shared: 3,"],
    "M5": ["5×5 pixels", "14×14"],  # 5; (5 + 1) + 4·2
    # 150,528·64; 49·3·64; 218²; 12,544·3·64
    "M check": ["= 9,633,792", "= 9,408, 1,024 times fewer", "= 447,105,792", "47,524 times", "2,408,448, a quarter"],
    "C1": ["4 places across and 4 down", "16 in all", "the filter gives 0"],  # 6 − 3 + 1 = 4; 1 + 1 − 4 + 1 + 1 = 0
    "C2": ["a sum of 0 gives 0", "a sum of 1 gives 100"],
    "C4": ["five ones", "5 would be a perfect match"],
    "C5": ["180°", "Sobel x changes its sign"],
    "C6": ["28×28", "32 − 5 + 1 = 28", "one number deep"],
    "C7": ["5×5×3", "28×28×6"],
    "C8": ["7×7"],
    "C9": ["192·16 = 3,072 weights", "16 biases", "16×192 matrix"],
    "C10": ["5 for stride 1", "3 for stride 2", "2 for stride 3", "gives 2.33", "1 column is dropped"],
    "C11": ["7×7", "1 for F = 3", "2 for F = 5", "3 for F = 7"],
    "C12": ["= 32, so 32×32×10", "5·5·3 + 1 = 76 parameters", "ten of them 760"],
    "C13": ["760 before, 760 after", "grow by 4"],  # twice as wide and twice as high
    "C14": ["1 + L(K − 1)", "3, 5, 7, 9.", "3, 7, 15, 31 with"],  # 3, 3 + 2·2, 7 + 2·4, 15 + 2·8
    # ⌊27/2⌋ + 1 = 14; 73·16; 14·14·3·3·8·16; 27 = 2·13 + 1
    "check": ["+ 1 = 14, so 14×14×16", "= 1,168", "14·14·1,152 = 225,792", "1 is left over and dropped"],
    "A1": ["2,220 weights", "what 640 weights can do"],  # 64·30 + 30·10; 64·10
    "A2": ["at most 0.25, at x = 0", "0.25^20, which is 9e-13"],  # 2^-40 = 9.09e-13
    "A2 zigzag": ["both weights grow, or both fall"],
    "A3": ["about 6 between tanh and ReLU"],
    "A3 dead": ["ReLU's slope is 0 at every one", "slope there is 0.01"],
    "A4": ["x = −2 the formula gives −2 and PReLU −3", "for x = 2 they give 3 and 2"],  # 1.5·(−2) = −3 < −2; 1.5·2 = 3
    "A4 maxout": ["convex"],
    # σ(−8) = 1/(1 + 2980.96) = 0.000335350; (1 − p)·p·(1 − p) = 0.000335125
    "A5": ["p = 0.00034", "p − y = −0.9997", "is −0.000335"],
    "A6": ["Swish −0.278 at x = −1.28", "Mish −0.309 at x = −1.19"],  # x = −1 − W(1/e) = −1.2785 for Swish
    # e^−3 = 0.0498; σ′(−3) = 0.04518; 1 − tanh²(3) = 0.009866; at −10: e^−10 = 4.540e-5, its sigmoid a little less
    "A check": [
        "ELU 0.0498, Sigmoid 0.0452, Leaky ReLU 0.01, Tanh 0.00987, ReLU 0.",
        "At −10: Leaky ReLU 0.01, ELU 0.0000454, Sigmoid 0.0000454, Tanh 8.24e-9, ReLU 0.",
    ],
    "P1": ["a quarter: 16,384 of 65,536", "each 64×64", "0 parameters"],  # 4·128² and 4·64²
    "P2": ["[6, 8] and [3, 4]", "is 6 as before", "from 3.25 to 4.25"],  # 13/4; 17/4
    "P3": ["In 6 of the 7 moves"],  # only from the fourth place to the fifth does it change its window
    "P4": ["+ 1 = 3, so 3×3", "2·1 − 2·2 = −2"],
    "P5": ["112, 27 and 3", "= 3.5", "1 column is dropped"],
    "P6": ["4 of the 16", "other 12"],
    # ⌊53/2⌋ + 1 = 27 and 53 = 2·26 + 1; 27·27·64; 56·56·64; 729/3136
    "P check": ["27×27×64", "1 row and column", "46,656 windows", "200,704 pixels", "23.2 %"],
    "E1": ["so 0 of the 256 counts change"],  # a turn moves pixels and changes none
    "E2": ["columns 4 and 95 of 0 to 95"],  # 5 − 1 and 96 − 1
    "E3": ["C1 changes most and output least"],  # as measured here with test digits, see below
    "E4": ["is even 200 %"],  # Sobel x turned by 180° is −Sobel x: twice the map
    "E5": ["With map 1"],
    "E6": ["8·6·4·3·3 = 1,728", "32·24·3·3 = 6,912", "4 times"],
    "E7": ["12 different numbers instead of 144"],
    "E8": ["25/26 = 0.96", "0.01/1.01 = 0.0099"],
    "E check": ["by 3 places; the difference is 0", "By 5: no"],
    "N1 draw": ["= 2.5 pixels", "= 6.7.", "The H is a 4", "with 100 %"],  # 400/160, 400/60; the rest as measured
    "N1": ["= 2,416 parameters", "60·25 + 16 = 1,516", "60,000 numbers", "61,706"],  # 6·3 + 9·4 + 6 crosses
    # 5 − 3 + 1; 32·145; 288·120 + 120; 61,706 − 48,120 + 34,680 + 4,640
    # 37,752,832 + 16,781,312 + 4,097,000 = 58,631,144; 665,784,832 = 724,406,816 − 58,621,952; 213/4 + 1; 216/4 + 1
    "N2": [
        "hold 96 % of the parameters, 58,631,144 of 60,965,224",
        "do 92 % of",
        "665,784,864 of 724,406,816",
        "= 54.25",
        "= 55,",
    ],
    # 25·48·256; 9·192·384; 9·192·256; their sum
    "N2 towers": ["307,200 in conv2", "663,552 in conv4", "442,368 in conv5", "1,413,120 in all"],
    "N3": ["= 2.72 times", "changes nothing", "= 1.65 times"],  # e; every difference stays; √e
    "N3 turned": ["62 % right", "86 % sure"],  # as measured here, see below
    "N4": ["= 150 of 6·10·10 = 600", "14×14 = 196 pixels"],  # 5·5·6; 2·5 = 10; 5 + 1 + 2·4 = 14
    "N4 random": ["Less:", "right in 10 %"],
    "N check": ["32×3×3", "= 4,640", "288 inputs", "34,680", "52,906: 8,800 fewer"],
}


@pytest.mark.parametrize("section", SECTIONS)
def test_an_answer_says_the_numbers_worked_out_by_hand(section):
    text = str(answer(section))
    for words in BY_HAND[section]:
        assert words in text


def test_the_kernels_named_as_symmetric_are_those_that_do_not_change_when_turned():
    named = str(answer("C5")).partition("these are: ")[2].partition(". ")[0].split("; ")
    turned = [kernel.label for kernel in KERNELS.values() if (np.rot90(kernel.weights, 2) == kernel.weights).all()]
    assert named == turned
    assert "Box blur" in named
    assert "Emboss" not in named


@pytest.mark.parametrize("section", SECTIONS)
def test_an_answer_stays_folded_until_it_is_opened(section):
    folded = answer(section)
    page = folded._repr_html_()
    assert page.startswith("<details ")
    assert "open" not in page.partition(">")[0]
    assert f"<p>{html.escape(str(folded))}</p>" in page
    assert str(folded) not in repr(folded)


def test_an_answer_is_text_and_never_markup():
    page = Answer('1 < 2 & "<script>"')._repr_html_()
    assert "1 &lt; 2 &amp; &quot;&lt;script&gt;&quot;" in page
    assert "<script>" not in page


@pytest.mark.parametrize("section", ["C3", "C15", "c1", "", None, 1])
def test_an_unknown_section_is_answered_with_the_known_ones(section):
    with pytest.raises(ValueError, match="must be one of .*C1, C2, C4, .*, C14, check") as error:
        answer(section)
    assert f"section={section!r}" in str(error.value)


def test_no_two_notebooks_answer_a_section_of_the_same_name():
    sections = [section for notebook in answers.NOTEBOOKS for section in notebook.ANSWERS]
    assert len(set(sections)) == len(sections)


def test_the_moved_astronaut_is_about_as_far_from_itself_as_a_brick_wall():
    moved, other = m3_distances()
    photos = [
        np.asarray(Image.fromarray(load_photo(name)).resize((128, 128), Image.Resampling.HAMMING), float)
        for name in ("astronaut", "brick")  # both are square
    ]
    before, after = photos[0], photos[0][:, np.maximum(np.arange(128) - 8, 0)]
    assert np.isclose(moved, np.sqrt(((before - after) ** 2).mean()))
    assert np.isclose(other, np.sqrt(((photos[0] - photos[1]) ** 2).mean()))
    assert abs(moved - other) < 0.1 * other


# The poll: what a box of ninths does, found out


@pytest.fixture(scope="module")
def photo():
    return resize(to_grey(load_photo("camera")), 64).astype(float)


def slide(photo, name):
    return correlate(photo, KERNELS[name].weights, padding=1, border="circular")


def likeness(a, b):
    return np.corrcoef(a.ravel(), b.ravel())[0, 1]


def test_the_box_is_the_polls_kernel():
    assert np.array_equal(KERNELS["box_blur"].weights, np.full((3, 3), 1 / 9))


def test_the_box_blurs(photo):
    blurred = slide(photo, "box_blur")
    assert blurred.var() < photo.var()
    assert np.isclose(blurred.mean(), photo.mean())
    assert abs(np.diff(blurred)).sum() < abs(np.diff(photo)).sum()


def test_the_box_does_not_sharpen(photo):
    assert slide(photo, "sharpen").var() > photo.var() > slide(photo, "box_blur").var()


def test_the_box_does_not_shift():
    impulse = np.zeros((9, 9))
    impulse[4, 4] = 1
    centre = [float((slide(impulse, "box_blur") * axis).sum()) for axis in np.mgrid[:9, :9]]
    assert np.allclose(centre, [4, 4])
    assert np.array_equal(slide(impulse, "shift_left"), np.roll(impulse, -1, axis=1))


def test_the_box_does_not_rotate(photo):
    blurred = slide(photo, "box_blur")
    assert likeness(blurred, photo) > 0.9 > max(likeness(blurred, np.rot90(photo, turns)) for turns in (1, 2, 3))


def test_the_box_does_something_to_a_photo_and_nothing_to_a_single_colour(photo):
    assert not np.allclose(slide(photo, "box_blur"), photo)
    assert np.allclose(slide(np.full((5, 5), 7.0), "box_blur"), 7)


def test_the_key_says_blur_and_nothing_else():
    assert [(option.text, option.right) for option in BOX_BLUR.options] == [
        ("Sharpen the image", False),
        ("Blur the image", True),
        ("Shift the image left", False),
        ("Rotate the image clockwise", False),
        ("Nothing", False),
    ]


@pytest.mark.parametrize(
    "quiz", [value for value in vars(exercises).values() if isinstance(value, Quiz)], ids=lambda quiz: quiz.question
)
def test_every_option_has_feedback_of_its_own_and_one_is_right(quiz):
    assert sum(option.right for option in quiz.options) == 1
    assert all(option.feedback for option in quiz.options)
    for part in ("text", "feedback"):
        assert len({getattr(option, part) for option in quiz.options}) == len(quiz.options)
    assert all(isinstance(option, Option) for option in quiz.options)


def test_the_net_is_surer_of_turned_digits_than_it_should_be():
    sure, right = turned_verdicts()
    assert sure > right + 0.15


def test_random_weights_lay_out_less_than_the_pixels_do():
    pixels, output = untrained_readout()
    assert 0.1 < output < pixels - 0.1
