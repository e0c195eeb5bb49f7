"""Does it fit: the table of sizes, and the arguments."""

import numpy as np
import pytest

from lecture_lib.chapters.convolution.does_it_fit import does_it_fit, fit_table
from lecture_lib.explore.still import draw_panels
from lecture_lib.shapes import ShapeError


def test_the_fit_table_has_zero_only_where_nothing_fits():
    table = fit_table()
    for n, f, s, p in np.ndindex(table.shape[:-1]):
        assert (table[n, f, s, p, 0] > 0) == (f + 1 <= n + 1 + 2 * p)


@pytest.mark.parametrize("setting", [(7, 1, 3, 0), (12, 2, 4, 1), (7, 3, 3, 0), (3, 1, 4, 0), (5, 3, 1, 0)])
def test_columns_that_no_window_reaches_are_dropped_at_the_end_or_skipped_between_two_windows(setting):
    n, f, s, p = setting
    out, dropped, padded, _, skipped = fit_table()[n - 1, f - 1, s - 1, p]
    reached = {at * s + col for at in range(out) for col in range(f)}
    assert padded - len(reached) == dropped + (out - 1) * skipped


def test_a_window_that_does_not_fit_at_the_start_is_shown_all_the_same():
    data, _ = does_it_fit(2, 5)._repr_mimebundle_()
    assert data["image/png"]


def test_its_still_picture_shows_the_windows_and_is_no_excuse():
    explorer = does_it_fit()
    assert draw_panels(explorer).figure.axes


def test_all_of_it_lives_without_python():
    explorer = does_it_fit()
    assert explorer.lives == ("N  input", "F  kernel", "S  stride", "P  padding")
    assert explorer.needs_python == ()


def test_a_bad_argument_is_named_with_its_rule():
    with pytest.raises(ShapeError, match="n=99: must be a number from 1 to 12"):
        does_it_fit(99)
