"""What nets read of digits that moved, and of shuffled ones: each number counted here by another road."""

import numpy as np
import pytest

from lecture_lib import ops, training
from lecture_lib.chapters import motivation as chapter
from lecture_lib.chapters.motivation import shifts
from lecture_lib.chapters.motivation.trainings import cnn, mlp, pooled_cnn

photo = np.add.outer(np.arange(300.0), np.arange(300.0))
EXAMPLES = {
    "likeness_curves": lambda: chapter.likeness_curves(photo, photo[:, ::-1]),
    "moved_digits": lambda: chapter.moved_digits(chapter.shift_race()),
    "shift_curves": lambda: chapter.shift_curves(chapter.shift_race()),
}


@pytest.fixture(scope="module")
def race():
    return chapter.shift_race()


def right(net, images, labels):
    return 100 * np.mean(training.predict(net, images, prepare=chapter.prepare).argmax(axis=1) == labels)


def test_the_accuracy_at_a_shift_counts_digits_that_were_moved_there(race):
    images, labels = (each[:200] for each in chapter.movable_digits())
    found = chapter.shift_accuracy(race, (-3, 0))
    net = race.nets["CNN"][1]
    assert found["CNN"].shape == (5, 2, 2)
    assert found["CNN"][1, 0, 0] == pytest.approx(
        right(net, np.roll(images, -3, axis=2), labels)
    )  # whole digits: no ink wraps
    assert found["CNN"][1, 1, 0] == pytest.approx(right(net, np.roll(images, -3, axis=1), labels))
    assert found["CNN"][1, 0, 1] == found["CNN"][1, 1, 1] == pytest.approx(right(net, images, labels))


def test_the_guess_asks_for_what_the_curves_show(race):
    explorer = chapter.shift_curves(race)
    for at, (name, percent) in enumerate(chapter.moved_by(4).items()):
        curve = explorer.array(f"mean {at}")
        assert percent == pytest.approx(curve[:, [4, 12]].mean(), abs=1e-4)
        assert f"{name}: " in explorer.about


def test_the_sentence_says_the_curves_values_and_which_way(race):
    explorer = chapter.shift_curves(race)
    bold = explorer.sentence[0]["text"]
    for direction, (back, forth) in enumerate(shifts._WAYS.values()):
        for by, way in ((-5, back), (5, forth)):
            values = [explorer.array(f"mean {at}")[direction, by + 8] for at in (0, 1)]
            assert bold[direction][by + 8] == f"Moved by 5 {way}: MLP {values[0]:.0f} %, CNN {values[1]:.0f} % right. "
    assert bold[0][8].startswith("Where they stood: MLP ")


def test_the_digit_beside_the_curves_moves_as_far_as_they_say(race):
    moved = chapter.shift_curves(race).array("moved")
    assert np.array_equal(np.argwhere(moved[0, 8 + 3]), np.argwhere(moved[0, 8]) + [0, 3])
    assert np.array_equal(np.argwhere(moved[1, 8 - 2]), np.argwhere(moved[1, 8]) - [2, 0])


def test_nets_of_other_names_are_measured_and_three_of_them_stand_side_by_side():
    nets = dict.fromkeys(("one", "two", "three", "four"), mlp)
    race = chapter.shift_race(nets, epochs=1)
    for each in race.nets.values():
        for net in each:
            net.init(0)
    assert list(chapter.shift_accuracy(race, (0,))) == list(nets)
    assert [panel["title"] for panel in chapter.moved_digits(race).panels[1:]] == ["one", "two", "three"]


def test_pixels_in_order_are_read_by_the_nets_that_learned_them(race):
    again = chapter.shuffled_race()
    images, labels = (each[:1000] for each in chapter.movable_digits())
    before, after = chapter.order_accuracy(race, again)["MLP"]
    assert before == pytest.approx([right(net, images, labels) for net in race.nets["MLP"]])
    assert abs(after - before).max() < 2


def test_the_nets_of_m2_are_trained_in_the_same_way_and_both_cnns_have_about_as_many_parameters(race):
    pooled = chapter.pooled_race()
    declared = {name: each for group in (race, pooled) for (name, _), each in group.recording.declared.items()}
    training = [{key: each for key, each in one.items() if key != "net"} for one in declared.values()]
    assert len(training) == 3 and training[0] == training[1] == training[2]
    assert race.seeds == pooled.seeds
    counts = [sum(each.size for each in make().parameters().values()) for make in (cnn, pooled_cnn)]
    assert abs(counts[1] / counts[0] - 1) < 0.05


def test_far_from_the_border_shifts_by_whole_places_change_nothing_and_others_do():
    """Two reasons why the pooled net is not level: places of the last map are 4 pixels apart, and the padding."""
    net = chapter.pooled_race().nets["pooled CNN"][0]
    digits = np.pad(chapter.movable_digits()[0][:20], [(0, 0), (16, 16), (16, 16)])

    def largest(images):
        maps = chapter.prepare(images)
        for layer in list(net.layers.values())[:-3]:
            maps = layer.forward(maps)
        return maps.max(axis=(2, 3))

    here = largest(digits)
    change = {by: np.abs(largest(np.roll(digits, by, axis)) - here).max() for axis in (1, 2) for by in (2, 4, 8)}
    rounding = 1e-6 * here.max()  # BLAS may add the same products in another order
    assert max(change[4], change[8]) <= rounding < change[2] / 1000


def test_likeness_is_the_correlation_of_two_lists():
    rng = np.random.default_rng(0)
    image = rng.random((5, 9))
    pairs = [(image[r, c], image[r, c + 2]) for r in range(5) for c in range(7)]
    assert chapter.likeness(image, 2) == pytest.approx(np.corrcoef(*zip(*pairs, strict=True))[0, 1])
    assert chapter.likeness(photo, 1) == pytest.approx(1)


def test_the_first_explorer_stands_on_a_digit_that_is_read_and_soon_lost():
    explorer = chapter.first_look()
    verdicts = explorer.array("net 0")[2, 8]
    assert explorer.state == {"digit": 2, "right": 0, "down": 0}
    assert verdicts[8].argmax() == 2 and verdicts[8 + 4].argmax() != 2 and verdicts[8 + 4].max() > 0.9


# What was recorded of single digits


def test_recorded_verdicts_are_what_the_nets_say():
    """On another machine sums are rounded otherwise."""
    images, _ = chapter.movable_digits()
    ten, _ = shifts._ten()
    assert all((images == each).all(axis=(1, 2)).any() for each in ten)
    found = shifts.verdicts_known({name: nets[0] for name, nets in chapter.shift_race().nets.items()})
    assert list(found) == ["MLP", "CNN"]
    for name, verdicts in found.items():
        for down, right in ((0, 0), (-8, 8), (3, -5)):
            moved = np.roll(ten, (down, right), axis=(1, 2))  # whole digits: no ink wraps
            scores = training.predict(chapter.shift_race().nets[name][0], moved, prepare=chapter.prepare)
            assert verdicts[:, down + 8, right + 8] == pytest.approx(ops.softmax(scores), abs=1e-4)


@pytest.mark.slow
def test_computed_again_all_verdicts_are_those_recorded():
    recorded = shifts.VERDICTS.arrays()["verdicts"]
    assert recorded == pytest.approx(shifts.VERDICTS.make()["verdicts"], abs=1e-4)


def test_a_net_that_is_not_as_it_was_recorded_is_asked_anew():
    net, other = (chapter.shift_race().nets["CNN"][0] for _ in "ab")
    parameter = next(iter(other.state().values()))
    parameter.value = np.nextafter(parameter.value, np.float32(9))
    seed = chapter.shift_race().nets["CNN"][1]
    assert list(shifts.verdicts_known({"CNN": net})) == ["CNN"]
    for each in (other, seed, mlp().init(0)):
        assert shifts.verdicts_known({"CNN": each}) == {}
    assert shifts.verdicts_known({"another name": net}) == {}
