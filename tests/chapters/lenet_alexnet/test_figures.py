"""What notebook 06 draws of its own, from ordinary and odd arrays; ``tests/explore/test_figures.py`` tries each of them."""

import numpy as np

from lecture_lib import style
from lecture_lib.chapters.lenet_alexnet.classes import Calibration, calibration
from lecture_lib.chapters.lenet_alexnet.figures import (
    draw_centring,
    draw_codes,
    draw_connections,
    draw_first_maps,
    draw_projections,
    draw_readout,
    draw_reliability,
    draw_small_maps,
    draw_time_and_work,
    draw_units,
    draw_way_back,
)
from lecture_lib.chapters.lenet_alexnet.inference import KINDS, LayerRun
from lecture_lib.models import C3_TABLE

rng = np.random.default_rng(0)
grey = rng.integers(0, 256, (8, 9), dtype=np.uint8)
numbers, stack = rng.normal(size=(8, 9)), rng.normal(size=(3, 4, 5))
EMPTY = Calibration(np.array([0, 1]), np.zeros(1, int), np.full(1, np.nan), np.full(1, np.nan))
pixel, ten = np.zeros((1, 1), np.uint8), np.linspace(0, 1, 10)

PICTURES = {
    "connections": lambda: draw_connections([(0, 1), (1, 2), (0, 1, 2)], 3),
    "time and work": lambda: draw_time_and_work(
        [LayerRun("conv1", KINDS[1], ten, 0.5, 9), LayerRun("relu1", KINDS[4], ten, 0.5, 0)]
    ),
    "reliability": lambda: draw_reliability({"one": calibration(np.eye(3), [0, 1, 2], 2), "none": EMPTY}, fewest=2),
    "readout": lambda: draw_readout(
        {"trained": {"C1": np.array([0.7]), "C3": np.array([0.9])}, "random": {"C1": np.array([0.7, 0.5])}}
    ),
    "codes": lambda: draw_codes(np.stack([numbers] * 10)),
    "first maps": lambda: draw_first_maps(stack, grey, stack),
    "small maps": lambda: draw_small_maps(stack),
    "way back": lambda: draw_way_back({"image": numbers, "pixels": numbers}),
    "centring": lambda: draw_centring(grey, grey[:5], np.eye(9, dtype=np.uint8), 4),
    "centring of a dot": lambda: draw_centring(pixel + 1, pixel, pixel, 0),
    "units": lambda: draw_units(
        {"C1": [("0", stack, np.stack([grey] * 9)), ("1", stack, stack)], "C3": [("0", np.zeros((9, 1, 1)), stack)]}
    ),
    "projections": lambda: draw_projections(np.stack([grey, grey]), {"gradient": stack[:2]}, ["a", "b"]),
}


def test_c3s_table_is_drawn_with_sixty_crosses_in_two_shades():
    ax = draw_connections(C3_TABLE, 6).figure.axes[0]
    (crosses,) = ax.lines
    drawn = set(zip(*(values.astype(int).tolist() for values in crosses.get_data()), strict=True))
    assert drawn == {(k, each) for k, maps in enumerate(C3_TABLE) for each in maps}
    assert len(drawn) == 60
    assert len({patch.get_facecolor() for patch in ax.patches}) == 2
    assert style.series()[0] == crosses.get_color()


def test_shares_of_time_and_work_add_up_and_layers_of_a_kind_stand_together():
    passed = [LayerRun(*each) for each in (("a", KINDS[1], ten, 1.0, 30), ("relu1", KINDS[4], ten, 1.0, 0), ("b", KINDS[0], ten, 2.0, 10),
                                           ("relu2", KINDS[4], ten, 4.0, 0))]  # fmt: skip
    said = "depthwise convolutions {} %, 25 %; 1×1 convolutions {} %, 75 %; other convolutions 0 %, 0 %; fully connected 0 %, 0 %; all others {} %, 0 %."
    assert draw_time_and_work(passed).alt.endswith(said.format(25, 12, 62))
    no_clock = [each._replace(seconds=0.0) for each in passed]  # a browser's may stand still
    assert draw_time_and_work(no_clock).alt.endswith(said.format(0, 0, 0))
