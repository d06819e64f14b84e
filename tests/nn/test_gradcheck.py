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
    """A function whose gradient is known: Σ sin(x) x."""
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
def test_a_right_gradient_passes_and_a_wrong_one_fails(method, directions, rng):
    x = rng.uniform(0.5, 1.5, (2, 4))
    right = check_gradient(f, x, df(x), method=method, directions=directions)
    assert right.passed
    assert right
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
    """A network may hand out a buffer that its next backward overwrites."""
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
        (np.ones(3), np.ones(3), {"directions": 0}, "nothing to compare"),
        (np.ones(3), np.ones(3), {"method": "forward"}, "forward.*central, complex"),
    ],
)
def test_what_cannot_be_compared_is_refused(x, analytic, options, message):
    with pytest.raises(ValueError, match=message):
        check_gradient(f, x, analytic, **options)
