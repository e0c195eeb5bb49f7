"""Colours and numbers: zero has its own colour, both signs weigh the same, and what is written can be read."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lecture_lib import style
from lecture_lib.explore import join

SIGNED = [role for role in style.ROLES if role != "image"]
PACKAGE = Path(style.__file__).parent
CSS = join.css()
finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture
def theme():
    """Lets a test choose a theme, and sets it back."""
    before = next(name for name, inks in style.INKS.items() if inks is style.inks())
    yield style.use
    style.use(before)


# Scales


@pytest.mark.parametrize("role", style.ROLES)
def test_a_scale_is_256_colours_that_nobody_can_change(role):
    table = style.colour_table(role)
    assert (table.shape, table.dtype) == ((256, 3), np.uint8)
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 0


@pytest.mark.parametrize("role", style.ROLES)
def test_a_scale_begins_and_ends_with_its_first_and_last_colour(role):
    table = style.colour_table(role)
    ends = ["#" + bytes(table[at].tolist()).hex() for at in (0, 255)]
    assert ends == [style.ROLES[role][0], style.ROLES[role][-1]]


@pytest.mark.parametrize("role", SIGNED)
def test_zero_has_a_colour_of_its_own(role):
    table = style.colour_table(role)
    middle = style.ROLES[role][2]
    assert "#" + bytes(table[128].tolist()).hex() == middle
    assert (table == table[128]).all(axis=1).sum() == 1
    assert style.colours(np.array([0.0, -0.0]), role, (-3, 3)).tolist() == [table[128].tolist()] * 2


def test_the_image_scale_is_every_grey_once():
    assert np.array_equal(style.colour_table("image"), np.repeat(np.arange(256), 3).reshape(256, 3))


@given(st.lists(finite.filter(lambda v: abs(v) < 1e300), min_size=1, max_size=20))
def test_both_signs_weigh_the_same(values):
    low, high = style.limits(np.array(values), "map")
    assert low == -high < 0
    there, back = (style.colour_index(np.array(values) * sign, low, high) - 128 for sign in (1, -1))
    assert (np.sign(there) * np.sign(values) >= 0).all()
    assert (abs(there + back) <= 1).all()  # exactly halfway both round up
    assert abs(there).max() <= 127


@given(st.lists(finite.filter(lambda v: abs(v) < 1e300), min_size=2, max_size=20), st.sampled_from(["map", "image"]))
def test_a_larger_value_never_has_an_earlier_colour(values, role):
    values = np.sort(values)
    assert (np.diff(style.colour_index(values, *style.limits(values, role))) >= 0).all()


@pytest.mark.parametrize("role", SIGNED)
def test_the_largest_values_have_the_last_colours(role):
    table = style.colour_table(role)
    assert style.colours(np.array([-7.0, 7.0]), role).tolist() == [table[1].tolist(), table[255].tolist()]


def test_beyond_the_scale_lies_the_colour_of_its_end():
    assert style.colour_index(np.array([-99, 99, -np.inf, np.inf, np.nan]), -5, 5).tolist() == [1, 255, 1, 255, 128]
    assert style.colour_index(np.array([-99, 99, -np.inf, np.inf, np.nan]), 0, 5).tolist() == [0, 255, 0, 255, 0]


@pytest.mark.parametrize("largest", [1e308, 5e-324])
@pytest.mark.parametrize("role", ["map", "image"])
def test_the_largest_and_the_smallest_floats_have_colours(largest, role):
    assert style.colours(np.array([largest, 0]), role).tolist() == [[255] * 3, [0] * 3]


# Limits


def test_a_photos_scale_is_0_to_255_whatever_is_in_it():
    assert style.limits(np.array([3, 9], np.uint8), "image") == (0, 255)


@pytest.mark.parametrize(
    ("values", "role", "expected"),
    [
        ([0, 0.5], "image", (0, 0.5)), ([-5, 2], "map", (-5, 5)), ([True], "map", (-1, 1)), ([0], "image", (0, 1)),
        ([0, 0], "weight", (-1, 1)), ([], "map", (-1, 1)), ([np.nan, 3], "map", (-3, 3)), ([np.inf], "map", (-1, 1)),
        (np.int8([-128, 5]), "map", (-128, 128)), (np.uint8([0, 200]), "map", (-200, 200)),
    ],
)  # fmt: skip
def test_limits_reach_the_largest_finite_value(values, role, expected):
    assert style.limits(np.array(values), role) == expected


def test_a_few_strong_edges_do_not_leave_a_large_picture_in_the_dark():
    values = np.ones(2000)
    assert style.limits(np.r_[values, [1000] * 10], "map") == (-1, 1)
    assert style.limits(np.r_[values[:100], 1000], "map") == (-1000, 1000)
    assert style.limits(np.r_[0 * values, 7], "map") == (-7, 7)


@pytest.mark.parametrize("call", [style.colour_table, lambda role: style.colours(np.eye(2), role)])
def test_an_unknown_role_is_answered_with_the_known_ones(call):
    with pytest.raises(ValueError, match="role='photo': must be one of image, map, weight, gradient, difference"):
        call("photo")


# To be read from the back row


def luminance(colour):
    """WCAG 2.2, relative luminance of an RGB colour 0..255."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (float(v) / 255 for v in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """WCAG 2.2, contrast ratio: 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def rgb(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def test_black_on_white_has_contrast_21():
    assert contrast([0, 0, 0], [255, 255, 255]) == pytest.approx(21)


@pytest.mark.parametrize("role", style.ROLES)
def test_a_number_can_be_read_on_every_colour(role):
    for colour in style.colour_table(role):
        assert contrast(rgb(style.text_colour(colour)), colour) >= 4.5


@pytest.mark.parametrize("theme_name", style.INKS)
def test_text_and_marks_can_be_read_on_the_page(theme_name):
    ink = {name: rgb(colour) for name, colour in style.INKS[theme_name].items()}
    assert contrast(ink["text"], ink["paper"]) >= 7
    assert contrast(ink["text"], ink["faint"]) >= 4.5
    assert contrast(ink["mark"], ink["paper"]) >= 4.5
    assert contrast(ink["line"], ink["paper"]) >= 3  # WCAG 1.4.11, what is no text


@pytest.mark.parametrize("theme_name", style.INKS)
def test_every_curve_could_be_read_as_text_on_its_page(theme_name):
    paper = rgb(style.INKS[theme_name]["paper"])
    assert min(contrast(rgb(colour), paper) for colour in style.SERIES[theme_name]) >= 4.5


@pytest.mark.parametrize("colour", [style.BLUE, style.ORANGE, style.GREEN, style.GREY])
def test_what_does_not_know_its_page_is_seen_on_both(colour):
    for inks in style.INKS.values():
        assert contrast(rgb(colour), rgb(inks["paper"])) >= 3, colour  # WCAG 1.4.11, what is no text


@pytest.mark.parametrize("theme_name", style.INKS)
def test_words_of_every_meaning_can_be_read_on_page_and_panel(theme_name):
    ink = {name: rgb(colour) for name, colour in style.INKS[theme_name].items()}
    for name in ("text", "muted", "act", "mark", "right", "you", "adds", "takes"):
        for page in ("paper", "panel"):
            assert contrast(ink[name], ink[page]) >= 4.5, (name, page)
    assert contrast(ink["on-act"], ink["act"]) >= 4.5
    assert contrast(ink["line"], ink["panel"]) >= 3


def test_each_colour_stands_once_in_the_palette_and_nowhere_else():
    """Others name it; black and white are the inks on a colour, not colours of their own."""
    palette = re.findall(r'"(#[0-9a-f]{6})"', (PACKAGE / "style.py").read_text(encoding="utf-8").split("_HUGE")[0])
    scales = {colour for ramp in style.ROLES.values() for colour in ramp}
    own = [colour for colour in palette if colour not in scales]
    twice = {colour for colour in own if own.count(colour) > 1}
    assert twice == {style.INKS["light"]["line"]}  # a line is alike on both pages
    root = PACKAGE.parent
    files = [
        path
        for kind in ("*.py", "*.js", "*.css")
        for folder in (PACKAGE, root / "tools", root / "lab")
        for path in folder.rglob(kind)
        if not path.name.endswith(".min.js")  # others' bundles
    ]
    for path in files:
        found = set(re.findall(r"#[0-9a-f]{6}\b", path.read_text(encoding="utf-8"))) - {"#000000", "#ffffff"}
        assert path.name == "style.py" or not found, f"{path.name}: {found}"


# Themes


def custom_properties(selector):
    """What a rule of the style sheet says: --lecture-text: #1a1a1a becomes text: #1a1a1a."""
    block = re.search(rf"^{re.escape(selector)} \{{(.*?)\}}", CSS, re.MULTILINE | re.DOTALL)
    return dict(re.findall(r"--lecture-([\w-]+): (#[0-9a-f]{6});", block[1]))


def test_pages_and_figures_have_the_same_inks():
    light = custom_properties(".lecture")
    dark = light | custom_properties('[data-jp-theme-light="false"] .lecture')
    bright = {"bright": style.BRIGHT}
    assert light == style.INKS["light"] | bright
    assert dark == style.INKS["dark"] | bright


def test_the_script_has_the_same_colours():
    colours = json.loads(join.palette().removeprefix("export const PALETTE = ").rstrip(";\n"))
    assert colours["inks"] == style.INKS
    assert colours["series"] == {theme: list(each) for theme, each in style.SERIES.items()}
    assert colours["tables"] == {role: style.colour_table(role).ravel().tolist() for role in style.ROLES}


@pytest.mark.parametrize("name", style.INKS)
def test_a_theme_is_used_until_the_next_one(theme, name):
    theme(name)
    assert style.inks() is style.INKS[name]
    assert style.rc()["figure.facecolor"] == style.rc()["axes.facecolor"] == style.INKS[name]["paper"]
    assert style.rc()["text.color"] == style.INKS[name]["text"]


def test_an_unknown_theme_is_refused_and_changes_nothing(theme):
    theme("dark")
    with pytest.raises(ValueError, match="theme='sepia': must be one of light, dark"):
        theme("sepia")
    assert style.inks() is style.INKS["dark"]


# Numbers

WRITTEN = [
    (0, "0"), (-0.0, "0"), (4, "4"), (-4, "−4"), (255, "255"), (1_000_000, "1000000"), (2.0**53, "9007199254740992"),
    (0.5, "0.5"), (-0.5, "−0.5"), (0.25, "0.25"), (1 / 3, "0.33"), (1 / 9, "0.11"), (0.1, "0.1"), (12.125, "12.13"),
    (-12.125, "−12.13"), (99.996, "100"), (99.99, "99.99"), (-0.999, "−1"), (1.004, "1"), (2.5, "2.5"), (10.1, "10.1"),
    (100.04, "100"), (100.25, "100.3"), (123.46, "123.5"), (-123.45, "−123.5"), (1234.56, "1234.6"), (999.96, "1000"),
    (0.0625, "0.0625"), (1 / 256, "0.00391"), (0.01234, "0.0123"), (-0.099, "−0.099"), (0.09999, "0.1"),
    (0.001, "0.001"), (0.0001, "0.0001"), (0.00012345, "0.000123"), (1e-5, "0.00001"), (1.2345e-5, "0.0000123"),
    (9.999e-7, "0.000001"), (9.99e-7, "9.99e-7"), (-1e-7, "−1e-7"), (1.5e-12, "1.5e-12"), (1e-300, "1e-300"),
    (1e16 - 2, "9999999999999998"), (1e16, "1e16"), (1.2e16, "1.2e16"), (-1.2345e40, "−1.23e40"), (1.005e21, "1.01e21"),
    (2.0**100, "1.27e30"), (9.996e20, "1e21"), (1.06e307, "1.06e307"), (1.7976931348623157e308, "1.8e308"),
    (float("inf"), "∞"), (float("-inf"), "−∞"), (float("nan"), "NaN"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_a_number_is_written_as_a_person_would(value, text):
    assert style.number(value) == text


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float32, np.float64, np.bool_])
def test_numpys_numbers_are_numbers(kind):
    assert style.number(kind(1)) == "1"
    assert style.number(np.array([1], kind)[0]) == "1"


@given(finite)
def test_a_written_number_is_near_the_one_meant(value):
    text = style.number(value)
    assert re.fullmatch(r"−?\d+(\.\d*[1-9])?(e-?[1-9]\d*)?", text)
    size = abs(value)
    assume(size < 1.79e308)  # 1.8e308 is no float
    read = float(text.replace("−", "-"))
    if size < 1e16 and value == int(value):
        assert read == value
    else:
        rough = size >= 1e16 or size < 0.1
        step = 10.0 ** (np.floor(np.log10(size)) - 2) if rough else 0.1 if size >= 100 else 0.01
        assert abs(read - value) <= step * 0.5000001


@given(finite)
def test_a_negative_number_is_the_positive_one_with_a_minus_sign(value):
    assume(style.number(value) != "0")
    assert style.number(-abs(value)) == "−" + style.number(abs(value))


@given(st.floats(-1e6, 1e6))
def test_writing_twice_writes_the_same(value):
    text = style.number(value)
    assert style.number(float(text.replace("−", "-"))) == text


@pytest.mark.parametrize(
    ("value", "error"), [("4.2e-16", TypeError), ([0], TypeError), (1j, TypeError), (np.nan, ValueError)]
)
def test_what_is_no_finite_number_has_no_power_of_ten(value, error):
    with pytest.raises(error, match="value=.*must be a number that is finite"):
        style.tiny(value)


def test_signed_colours_keep_sign_and_share_and_zero_is_grey():
    some = np.random.default_rng(0).normal(size=(5, 4, 4, 3))
    some[0] = 0
    shown = style.signed_colours(some).astype(float) - 128
    largest = np.abs(some[1:]).max(axis=(1, 2, 3), keepdims=True)
    assert (shown[0] == 0).all() and np.allclose(shown[1:] / 127, some[1:] / largest, atol=0.004)


def test_of_signed_colours_a_share_may_lie_beyond_the_scale_and_keeps_its_sign():
    some = np.random.default_rng(0).normal(size=(30, 30, 3))
    shown = style.signed_colours(some, beyond=0.1).astype(int) - 128
    assert (np.sign(shown) * np.sign(some) >= 0).all()
    assert np.mean(np.abs(shown) == 127) == pytest.approx(0.1, abs=0.01)
