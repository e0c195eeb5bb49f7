"""What notebook 06 draws of its own, from ordinary and odd arrays; ``tests/explore/test_figures.py`` tries each of them."""

import numpy as np

from lecture_lib import style
from lecture_lib.chapters.lenet_alexnet.figures import (
    draw_centring,
    draw_class_vector,
    draw_connections,
    draw_filter_banks,
    draw_many_maps,
    draw_projections,
    draw_readout,
    draw_reliability,
    draw_time_and_work,
    draw_units,
)
from lecture_lib.models import C3_TABLE

rng = np.random.default_rng(0)
photo = rng.integers(0, 256, (8, 9, 3), dtype=np.uint8)
grey, numbers, stack = photo[..., 0], rng.normal(size=(8, 9)), rng.normal(size=(3, 4, 5))
pixel, ten = np.zeros((1, 1), np.uint8), np.linspace(0, 1, 10)

AXES = {
    "connections": lambda **ax: draw_connections([(0, 1), (1, 2), (0, 1, 2)], 3, **ax),
    "time and work": lambda **ax: draw_time_and_work(["conv1", "fc6"], {"time": [0.5, 0.5], "work": [1, 0]}, **ax),
    "reliability": lambda **ax: draw_reliability({"one": (ten, ten), "turned": (ten[:3], [0.1, np.nan, 0.5])}, **ax),
    "readout": lambda **ax: draw_readout({"trained": {"C1": 0.7, "C3": 0.9}, "random": {"C1": 0.7}}, **ax),
}
FIGURES = {
    "centring": lambda: draw_centring(grey, grey[:5], np.eye(9, dtype=np.uint8), 4),
    "centring of a dot": lambda: draw_centring(pixel + 1, pixel, pixel, 0),
    "filter banks": lambda: draw_filter_banks({"one": np.stack([stack, -stack]), "none": np.zeros((1, 3, 2, 2))}),
    "many maps": lambda: draw_many_maps(photo, stack, "3 maps", columns=2),
    "class vector": lambda: draw_class_vector(grey, {"z": numbers[0], "p": ten}, 3),
    "units": lambda: draw_units(
        {"C1": [("0", stack, np.stack([grey] * 9)), ("1", stack, stack)], "C3": [("0", np.zeros((9, 1, 1)), stack)]}
    ),
    "projections": lambda: draw_projections(np.stack([grey, grey]), {"gradient": stack[:2]}, ["a", "b"]),
}


def test_c3s_table_is_drawn_with_sixty_crosses_in_two_shades():
    ax = draw_connections(C3_TABLE, 6)
    (crosses,) = ax.lines
    drawn = set(zip(*(values.astype(int).tolist() for values in crosses.get_data()), strict=True))
    assert drawn == {(k, each) for k, maps in enumerate(C3_TABLE) for each in maps}
    assert len(drawn) == 60
    assert len({patch.get_facecolor() for patch in ax.patches}) == 2
    assert style.series()[0] == crosses.get_color()
