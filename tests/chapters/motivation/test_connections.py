"""Connections: the drawing of each step has the lines of its wiring, and says what it takes on a real image."""

import pytest

from lecture_lib import style
from lecture_lib.chapters.motivation import wiring
from lecture_lib.chapters.motivation.connections import STEPS, TITLES, connections, describe_step


@pytest.mark.parametrize("step", STEPS)
def test_the_drawing_of_a_step_has_the_lines_of_its_wiring(step):
    explorer = connections(step, units=5, kernel_size=4, maps=2, pool=3)
    drawn = {
        "dense": wiring.dense(10, 5), "local": wiring.local(10, 4, 2), "shared": wiring.shared(10, 4, 2),
        "pooled": wiring.pooled(7, 3),
    }  # fmt: skip
    wires, weights = explorer.panels
    assert wires["wires"] == drawn[step].describe()
    assert {bar["label"]: bar["value"] for bar in weights["bars"]} == {
        "dense": 50,
        "local": 56,
        "shared": 8,
        "pooled": 0,
    }
    assert [bar["label"] for bar in weights["bars"] if "role" in bar] == [step]
    assert wires["titles"][explorer.state[wires["index"]]] == TITLES[step]
    assert explorer.array("counts")[explorer.state["step"]] == drawn[step].units


def test_only_the_sliders_of_the_chosen_step_can_be_moved():
    explorer = connections("dense")
    free = {
        step: {each.label for each in explorer.parts["controls"] if at in each.when.get("step", [at])}
        for at, step in enumerate(STEPS)
    }
    assert free == {
        "dense": {"Idea", "Units"}, "local": {"Idea", "Window", "Filters"},
        "shared": {"Idea", "Window", "Filters"}, "pooled": {"Idea", "Pooling window"},
    }  # fmt: skip


def test_another_step_brings_its_lines_and_its_words():
    explorer = connections("dense")
    explorer.state = {"step": STEPS.index("shared"), "kernel_size": 4}
    assert explorer.panels[0]["wires"] == wiring.shared(10, 4).describe()
    assert tuple(each["text"] for each in explorer.sentence) == describe_step("shared", 8, 4, 1, 2)


def test_colours_of_shared_weights_are_told_apart():
    explorer = connections("shared", kernel_size=4, maps=2)
    numbers = {weight for *_, weight in explorer.panels[0]["wires"]["lines"]}
    assert numbers == set(range(8))
    assert len(style.SERIES["light"]) >= len(numbers)


def test_a_step_says_what_it_takes_on_a_real_image():
    counts, words = zip(*(describe_step(step, 8, 3, 1, 2) for step in STEPS), strict=True)
    assert counts[0] == "80 lines, 80 weights." and counts[2] == "24 lines, 3 weights."
    words = dict(zip(STEPS, words, strict=True))
    assert "200·200·3·8 = 960,000 weights" in words["dense"]
    assert "take 1,058,508; wired to the whole image they would take 4,704,480,000" in words["local"]  # 198·198·27
    assert "share 3·3·3·1 = 27 weights" in words["shared"]
    assert "198×198 units shrinks to 99×99" in words["pooled"]
