"""What notebook 05 draws of its own, from ordinary and odd arrays; ``tests/explore/test_figures.py`` tries each of them."""

import numpy as np
from matplotlib.colors import to_hex

from lecture_lib import style
from lecture_lib.chapters.equivariance import capsule_net
from lecture_lib.chapters.equivariance.figures import (
    angle_curves,
    draw_angles,
    draw_errors,
    draw_moved,
    draw_moved_digits,
    draw_perturbed,
    draw_square,
    draw_stacks,
    draw_turned_digits,
    draw_votes,
)
from lecture_lib.explore import png

rng = np.random.default_rng(0)
grey = rng.integers(0, 256, (8, 9, 3), dtype=np.uint8)[..., 0]
numbers, stack, nothing = rng.normal(size=(8, 9)), rng.normal(size=(3, 4, 5)), np.array([[np.nan]])
broken = np.array([[np.nan, np.inf, 0], [-np.inf, -1e-9, 123456.7]])
EXAMPLES = {"angle_curves": lambda: angle_curves([0, 90, 180], {"p4": np.array([85.0, 85.0, 85.0])})}
PICTURES = {
    "square": lambda: draw_square(grey, grey.T, numbers, numbers.T, numbers.T, "turned"),
    "moved": lambda: draw_moved({"x": grey}),
    "turned digits": lambda: draw_turned_digits(np.stack([grey]), [7]),
    "stacks": lambda: draw_stacks({"φ(x)": stack, "φ(g x)": stack[::-1]}, ["a", "b", "c"]),
    "stack of one filter": lambda: draw_stacks({"one": [nothing]}, ["a"], "weight", height=1),
    "votes": lambda: draw_votes(
        list(capsule_net.routing_steps(np.arange(12.0).reshape(3, 2, 2), 2)), ["house", "boat"]
    ),
    "votes of nothing": lambda: draw_votes(list(capsule_net.routing_steps(np.zeros((1, 1, 2)), 1)), ["house"]),
    "errors": lambda: draw_errors(
        range(6), {"stride 1": {"one": np.arange(6.0)}, "stride 2": {"two": 40 * np.arange(6.0)}}
    ),
    "angles": lambda: draw_angles((0, 90, 180), {"plain": np.array([1, 0, np.nan]), "p4": np.full(3, 100.0)}),
    "moved digits": lambda: draw_moved_digits(
        {"shift": ("pixels", [0, 1], {"MLP": np.array([90.0, 10]), "CNN": np.zeros(2)})}
    ),
    "perturbed": lambda: draw_perturbed(np.abs(stack[None]), ["number 4"], [-0.25, 0, 0.25]),
}


def test_no_words_of_the_votes_lie_over_each_other():
    votes = np.array(
        [[[1.0, 0.4], [-0.4, 1.1]], [[-1.0, 0.3], [0.1, 1.2]], [[0.4, -1.0], [0.6, 1.0]], [[-0.4, 1.0], [0.9, -0.7]]]
    )
    figure = draw_votes(list(capsule_net.routing_steps(votes, 3)), ["house", "boat"]).figure
    png(figure)
    boxes = [text.get_window_extent() for ax in figure.axes for text in [*ax.texts, ax.title] if text.get_text()]
    page = figure.bbox
    for at, one in enumerate(boxes):
        assert page.x0 <= one.x0 and one.x1 <= page.x1 and page.y0 <= one.y0 and one.y1 <= page.y1
        for other in boxes[at + 1 :]:
            assert min(one.x1, other.x1) <= max(one.x0, other.x0) or min(one.y1, other.y1) <= max(one.y0, other.y0)


def test_the_names_of_five_networks_stand_once_in_the_ink_of_the_page():
    right = {name: np.array([90.0, 10]) for name in ("MLP", "CNN", "p4 CNN", "LeNet-5", "capsules")}
    figure = draw_moved_digits({move: ("far", [0, 1], right) for move in ("shift", "rotation", "scale")}).figure
    assert [ax.get_legend() for ax in figure.axes] == [None] * 3
    texts = figure.legends[0].get_texts()
    assert [text.get_text() for text in texts] == list(right)
    assert {to_hex(text.get_color()) for text in texts} == {to_hex(style.inks()["text"])}
