"""Notebook 06: what its answers must say, worked out by hand."""

from lecture_lib.chapters.lenet_alexnet.classes import readouts, sure_and_right
from lecture_lib.chapters.lenet_alexnet.guesses import GUESSES, learned_in

BY_HAND = {
    "N": [
        "At 6 pixels it reads a 2",
        "to the left at 6, up at 6, down at 5",
        "a weight of its own for each place",
    ],  # as measured
    "N1 draw": [
        "= 2.5 pixels",
        "= 6.7.",
        "The H is a 4",
        "with more than 99 %",
    ],  # 400/160, 400/60; the rest as measured
    "N1 epochs": ["between 0.25 and 0.50 epochs", "needs no tidy filters"],
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
    "N2 names": [
        "maze, with 19 %",
        "stone wall gets < 1 %",
        "60,965,224 parameters, this network 4,631,000",
    ],  # as recorded
    # 25·48·256; 9·192·384; 9·192·256; their sum
    "N2 towers": ["307,200 in conv2", "663,552 in conv4", "442,368 in conv5", "1,413,120 in all"],
    "N3": ["= 2.72 times", "changes nothing", "= 1.65 times"],  # e; every difference stays; √e
    "N3 turned": ["61 % right", "86 % sure"],  # as measured here, see below
    "N4": ["= 150 of 6·10·10 = 600", "14×14 = 196 pixels"],  # 5·5·6; 2·5 = 10; 5 + 1 + 2·4 = 14
    # 3 + 2·2 + 2·2; + 2·4 + 4·4 + 4·8 + 2·8 + 2·16 + 2·16 + 3·(4·16); + 4·16 + 3·(4·32) + 2·32
    "N4 photos": ["sees 11×11 pixels, in block 10 339×339, in block 15 851×851"],
    "N4 random": ["Less:", "right in 10 %"],
    "N check": ["32×3×3", "= 4,640", "288 inputs", "34,680", "52,906: 8,800 fewer"],
}


def test_the_net_is_surer_of_turned_digits_than_it_should_be():
    sure, right = sure_and_right("turned by 45°")
    assert sure > right + 0.15


def test_random_weights_lay_out_less_than_the_pixels_do():
    read = readouts()["random weights"]
    assert 0.1 < read["output"].min() <= read["output"].max() < read["input"].min() - 0.1


def test_noise_has_no_right_answer():
    sure, right = sure_and_right("noise")
    assert 0.1 < sure < 1 and right != right


def test_the_guess_about_epochs_and_filters_is_read_from_the_recording():
    before, after, alike = learned_in()
    assert (before, after) == (0.25, 0.5) and 0.9 < alike < 1
    assert GUESSES["N1 epochs"].measured() == ("between a tenth and one", "much like the noise before")
