"""The parts that tables and figures of studies share."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from minddpg.experiments.plots import seed_dots
from minddpg.experiments.tables import (
    decimals_for,
    exact_return,
    learning_table,
    markdown_table,
    read_rows,
    rounded,
)


def test_a_table_of_small_returns_tells_its_variants_apart():
    rows = [
        {"variant": name, "env_id": "E", "seed": seed, "step": 9, "when": when, "value": value}
        | {"measure": "return"}
        for name, value in (("a", -0.00123), ("b", -0.00456))
        for when in ("last", "best")
        for seed in range(2)
    ]
    table = learning_table(rows)
    assert "| a | -0.00123 (too few seeds) | -0.00123 | -0.00123 | -0.00123 (too few" in table
    assert "| b | -0.00456, -0.00456 |" in table
    for values, wanted in (
        ([], 1),
        ([0.0], 1),
        ([1.0], 1),
        ([-2e3, 0.1], 1),
        ([0.5, 0.01], 3),
        ([1e-9], 11),
    ):
        assert decimals_for(values) == wanted


def ends(*returns, exact, **rounding):
    """Return the rows of the last policies of seeds 0, 1, … with these returns."""
    return [
        {"variant": "a", "env_id": "E", "seed": seed, "when": "last"}
        | {"measure": measure, "value": rounded(value, **rounding)}
        for seed, mean in enumerate(returns)
        for measure, value in (("return", mean), ("regret", exact - mean))
    ]


def test_the_exact_return_is_right_to_a_decimal_whatever_the_runs_were():
    """The numbers are from Pendulum: rows of the first edition have only six digits."""
    exact = -139.651186
    for returns, rounding in (
        ((-1553.8123, -149.2071), {}),
        ((-149.2071, -1553.8123), {}),
        ((-1553.8123,), {"decimals": 3}),
    ):
        assert f"{exact_return(ends(*returns, exact=exact, **rounding)):.1f}" == "-139.7", returns
    assert rounded(-1553.8123) == -1553.81
    assert rounded(-1553.8123, decimals=3) == -1553.812
    assert rounded(0.000123456789, decimals=3) == 0.000123457


def test_a_bar_inside_a_cell_does_not_split_it():
    assert markdown_table(("a", "b"), [("|x|", "y")]) == (
        "| a | b |\n| --- | --- |\n| \\|x\\| | y |\n"
    )


@pytest.mark.parametrize("horizontal", [False, True])
def test_every_seed_is_a_dot_near_its_place(horizontal):
    axes = Figure().subplots()
    values = np.array([5.0, 5.0, -3.0])
    seed_dots(axes, 2, values, horizontal=horizontal, width=0.4, color="red")
    (line,) = axes.get_lines()
    places, shown = line.get_ydata(), line.get_xdata()
    if not horizontal:
        places, shown = shown, places
    np.testing.assert_array_equal(shown, values)
    np.testing.assert_allclose(places, [1.8, 2.0, 2.2])
    assert (line.get_linestyle(), line.get_color()) == ("None", "red")


def test_dots_keep_close_to_their_place_unless_told_otherwise():
    axes = Figure().subplots()
    seed_dots(axes, 2, np.arange(3.0))
    (line,) = axes.get_lines()
    assert 0 < np.ptp(line.get_xdata()) < 0.5  # half of the distance to the next group
    assert np.mean(line.get_xdata()) == 2
    seed_dots(axes, 1, np.array([7.0]))
    assert axes.get_lines()[1].get_xdata() == [1]  # a single dot is in the middle


def test_names_that_look_like_numbers_stay_text(tmp_path):
    (tmp_path / "r.csv").write_text("variant,bug,seed,value\n1e3,,7,\n")
    assert read_rows(tmp_path / "r.csv") == [{"variant": "1e3", "seed": 7.0}]
