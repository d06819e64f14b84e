"""The gradient checker accepts correct gradients, and says what is wrong with others."""

import numpy as np
import pytest

from minddpg.nn.gradcheck import (
    check_gradient,
    complex_step_gradient,
    directional_derivatives,
    numerical_gradient,
)

ALL = [numerical_gradient, complex_step_gradient]


def f(x):
    """A function with a known gradient: Σ sin(x) x."""
    return (np.sin(x) * x).sum()


def df(x):
    return np.cos(x) * x + np.sin(x)


@pytest.mark.parametrize(("gradient", "rtol"), [(ALL[0], 1e-8), (ALL[1], 1e-15)])
@pytest.mark.parametrize("shape", [(), (5,), (2, 3)])
def test_both_gradients_are_the_closed_form(gradient, rtol, shape, rng):
    x = rng.uniform(0.5, 1.5, shape)
    result = gradient(f, x)
    assert result.shape == shape
    np.testing.assert_allclose(result, df(x), rtol=rtol)


@pytest.mark.parametrize("method", ["central", "complex"])
def test_directional_derivatives_are_projections_of_the_gradient(method, rng):
    x, directions = rng.standard_normal(6), rng.standard_normal((4, 6))
    slopes = directional_derivatives(f, x, directions, method)
    np.testing.assert_allclose(slopes, directions @ df(x), rtol=1e-7)


@pytest.mark.parametrize("gradient", ALL)
def test_x_is_never_written_to_and_f_may_write_to_its_copy(gradient, rng):
    x = rng.standard_normal(3)
    before = x.copy()

    def vandal(x):
        value = f(x)
        x[:] = 0
        return value

    np.testing.assert_allclose(gradient(vandal, x), df(before), rtol=1e-7)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("gradient", ALL)
def test_a_float32_point_is_differentiated_in_double_precision(gradient, rng):
    x = rng.uniform(0.5, 1.5, 4).astype(np.float32)
    np.testing.assert_allclose(gradient(f, x), df(x.astype(np.float64)), rtol=1e-7)


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("directions", [None, 3])
def test_a_correct_gradient_passes_and_a_wrong_one_fails(method, directions, rng):
    x = rng.uniform(0.5, 1.5, (2, 4))
    report = check_gradient(f, x, df(x), method=method, directions=directions)
    assert report.passed
    assert report
    for wrong in (-df(x), 2 * df(x), df(x) + 1e-3, df(x)[:, ::-1], 0 * df(x), np.nan * df(x)):
        report = check_gradient(f, x, wrong, method=method, directions=directions)
        assert not report.passed
        assert not report


def test_the_complex_step_sees_an_error_that_central_differences_cannot(rng):
    x = rng.uniform(0.5, 1.5, 5)
    slightly_off = df(x) * (1 + 1e-8)
    assert check_gradient(f, x, slightly_off, method="central")
    assert not check_gradient(f, x, slightly_off, method="complex")


def test_the_report_names_the_worst_entry_with_both_numbers(rng):
    x = rng.uniform(0.5, 1.5, 5)
    analytic = df(x)
    analytic[3] += 0.25
    report = check_gradient(f, x, analytic)
    assert report.worst_index == 3
    assert report.analytic[3] - report.numerical[3] == pytest.approx(0.25, rel=1e-6)
    expected = 0.25 / np.linalg.norm(df(x))
    assert report.relative_error == pytest.approx(expected, rel=1e-6)
    for part in (
        "FAILED",
        "entry 3",
        f"{analytic[3]:+.9f}",
        f"numerical {df(x)[3]:+.5f}"[:-1],
        f"{expected:.2g}",
    ):
        assert part in str(report)


def test_the_worst_entry_of_a_matrix_is_a_pair(rng):
    x = rng.standard_normal((2, 3))
    analytic = df(x)
    analytic[1, 2] += 1
    assert check_gradient(f, x, analytic).worst_index == (1, 2)


def test_the_error_is_over_the_whole_vector_so_that_a_tiny_entry_cannot_fail_it():
    def lopsided(x):
        return x[0] + 1e-12 * x[1]

    assert check_gradient(lopsided, np.ones(2), np.array([1.0, 0.0]))


def test_the_analytic_gradient_is_read_before_the_function_runs(rng):
    """A network may return a buffer that its next backward overwrites."""
    x = rng.uniform(0.5, 1.5, 4)
    buffer = df(x)

    def overwriting(x):
        buffer[:] = 99
        return f(x)

    assert check_gradient(overwriting, x, buffer)


def test_a_gradient_that_is_zero_passes_only_as_zero():
    assert check_gradient(lambda x: 3.0, np.ones(2), np.zeros(2))
    assert not check_gradient(lambda x: 3.0, np.ones(2), np.array([0, 1e-9]))


@pytest.mark.parametrize(
    ("x", "analytic", "options", "message"),
    [
        (np.ones(3), np.ones((3, 1)), {}, r"\(3, 1\).*\(3,\)"),
        (np.ones(0), np.ones(0), {}, "nothing to compare"),
        (np.ones(3), np.ones(3), {"method": "forward"}, "forward.*central, complex"),
    ],
)
def test_what_cannot_be_compared_is_refused(x, analytic, options, message):
    with pytest.raises(ValueError, match=message):
        check_gradient(f, x, analytic, **options)


def test_a_report_reads_as_passed_or_failed_with_both_numbers_and_their_difference():
    x = np.array([1.0, 2.0])
    good = check_gradient(lambda v: v @ v, x, 2 * x)
    bad = check_gradient(lambda v: v @ v, x, np.array([2.0, -4.0]))
    assert str(good).startswith("passed: relative error ")
    assert str(bad).startswith("FAILED: relative error ")
    assert "worst entry 1: analytic -4, numerical +4" in str(bad)
    assert str(bad).endswith("difference 8")
    assert (good.method, bad.method) == ("central", "central")
    assert check_gradient(lambda v: v @ v, x, 2 * x, method="complex").method == "complex"


def test_directions_are_the_same_at_each_call_and_work_for_a_vector():
    x = np.arange(1.0, 4.0)
    first, again = (check_gradient(lambda v: v @ v, x, 2 * x, directions=5) for _ in range(2))
    assert first.passed
    np.testing.assert_array_equal(first.analytic, again.analytic)
    assert not check_gradient(lambda v: v @ v, x, 2 * x + [0, 0, 1], directions=5)


def test_the_random_directions_see_what_one_of_them_cannot():
    """An error orthogonal to one direction has a slope along others."""
    x, axes = np.arange(1.0, 7.0), np.eye(6)
    slopes = [check_gradient(lambda v: v @ v, x, axis, directions=4).analytic for axis in axes]
    directions = np.array(slopes).T  # (4, 6), as the checker draws them
    assert np.linalg.matrix_rank(directions) == 4
    for direction in directions:
        hidden = np.linalg.svd(direction[None])[2][1]
        assert abs(hidden @ direction) < 1e-12
        assert not check_gradient(lambda v: v @ v, x, 2 * x + hidden, directions=4)


@pytest.mark.parametrize("method", ["central", "complex"])
def test_the_point_and_the_slopes_are_of_double_precision_whatever_comes_in(method):
    x = np.array([0.1, 0.7], np.float32)
    seen = []

    def f(v):
        seen.append(v.dtype)
        return np.sum(v**3)

    report = check_gradient(f, x, 3 * x.astype(np.float64) ** 2, method=method)
    assert report.passed
    assert {np.dtype(np.float64), np.dtype(np.complex128)} >= set(seen)
    single = numerical_gradient(lambda v: np.float32(v[0]), x, h=0.5)
    assert single.dtype == np.float64


def test_a_gradient_with_an_imaginary_part_is_not_taken_for_a_real_one():
    x = np.array([1.0, 2.0])
    real = check_gradient(lambda v: v @ v, x, 2 * x + 0j)
    assert real.passed
    assert real.analytic.dtype == np.float64
    imaginary = check_gradient(lambda v: v @ v, x, 2 * x + 1j)
    assert not imaginary.passed
    assert imaginary.analytic.dtype == np.complex128


def test_nothing_to_compare_is_an_error_that_says_so():
    message = "^nothing to compare: x has no entries$"
    with pytest.raises(ValueError, match=message):
        check_gradient(np.sum, np.zeros(0), np.zeros(0))


def test_the_step_is_the_one_that_is_asked_for():
    """For x³, central differences give 3 x² + h², and the complex step gives 3 x² − h²."""
    x = np.array([0.5, -2.0])
    cube = lambda x: (x**3).sum()  # noqa: E731
    np.testing.assert_allclose(numerical_gradient(cube, x, 0.1), 3 * x**2 + 0.01, rtol=1e-12)
    np.testing.assert_allclose(complex_step_gradient(cube, x, 0.1), 3 * x**2 - 0.01, rtol=1e-12)


def test_an_unknown_method_is_refused_with_an_explicit_step_too():
    with pytest.raises(ValueError, match="method = 'typo': must be one of central, complex"):
        directional_derivatives(np.sum, np.ones(2), [np.ones(2)], "typo", 1e-3)
