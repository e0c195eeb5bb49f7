"""The lecture's pictures: each is drawn, and says in words what there is to see."""

import numpy as np

from lecture_lib import data, models
from lecture_lib.chapters.lecture import (
    draw_agenda,
    draw_coarser,
    draw_filters,
    draw_maps,
    draw_moved,
    draw_network,
    draw_one_photo_twice,
    draw_patch_rows,
    draw_same,
)

rng = np.random.default_rng(0)
DIGIT = data.load_digits("test")[0][0]
PHOTO = rng.integers(0, 256, (12, 12)).astype(np.uint8)
MAPS = rng.normal(size=(6, 8, 8))

PICTURES = {
    "agenda": lambda: draw_agenda(2),
    "moved digit": lambda: draw_moved(DIGIT, range(0, 9, 2)),
    "same photo": lambda: draw_same({"photo": PHOTO, "moved": np.roll(PHOTO, 2, axis=1)}),
    "one photo twice": lambda: draw_one_photo_twice(PHOTO, PHOTO[::-1]),
    "coarser": lambda: draw_coarser({"edges": MAPS[0], "pooled": MAPS[0, ::2, ::2]}),
    "rows of patches": lambda: draw_patch_rows({"C1": list(MAPS[:5]), "C3": list(MAPS[:5])}),
    "filters": lambda: draw_filters(MAPS[:, :3, :3]),
    "maps": lambda: draw_maps(PHOTO, MAPS),
    "network": lambda: draw_network(models.trained_lenet5()[0], DIGIT),
}


def test_the_agenda_ticks_the_acts_behind_and_lights_the_present_one():
    ticks = [[text.get_text() for text in draw_agenda(act).figure.axes[0].texts].count("✓") for act in (1, 2, 3, 4)]
    assert ticks == [0, 1, 2, 3]
