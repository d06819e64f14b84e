"""Check a hand-written gradient: compare it with one that needs only the function's values.

n is the number of entries of x; f maps an array like x to a scalar. Three ways to differentiate:

    central differences   (f(x + h e) − f(x − h e)) / 2h   any float64 f; about ten digits at best
    complex step          Im f(x + i h e) / h              f must compute in complex128; all sixteen
    random directions     along a few random e             any n, however large, for a few calls

The error is that of the whole vector, ‖analytic − numerical‖₂ / ‖numerical‖₂. A ratio entry by
entry would fail correct code wherever the true derivative is tiny.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .layers import Array

Function = Callable[[Array], Any]
STEPS = {"central": 1e-6, "complex": 1e-30}
TOLERANCES = {"central": 1e-6, "complex": 1e-10}


def numerical_gradient(f: Function, x: Array, h: float = STEPS["central"]) -> Array:
    """Differentiate f at x by central differences of step h, in float64: shape of x, 2n calls."""
    return directional_derivatives(f, x, _axes(x), "central", h).reshape(np.shape(x))


def complex_step_gradient(f: Function, x: Array, h: float = STEPS["complex"]) -> Array:
    """Differentiate f at x by the complex step (Squire & Trapp, 1998): shape of x, n calls.

    Nothing is subtracted, so h can be so small that only rounding errors remain. f must be
    analytic: no abs, comparisons of real parts only, no array of floats in between.
    """
    return directional_derivatives(f, x, _axes(x), "complex", h).reshape(np.shape(x))


def directional_derivatives(
    f: Function, x: Array, directions: Iterable[Array], method: str, h: float | None = None
) -> Array:
    """Differentiate f at x along each of K directions, of x's shape: (K,), for large n.

    Raises:
        ValueError: the method is not known.
    """
    if method not in STEPS:
        raise ValueError(f"method = {method!r}: must be one of {', '.join(STEPS)}")
    x, h = np.asarray(np.real(x), np.float64), STEPS[method] if h is None else h
    if method == "complex":
        return np.array([np.imag(f(x + 1j * h * e)) / h for e in directions], np.float64)
    both = ((np.real(f(x + h * e)), np.real(f(x - h * e))) for e in directions)
    return np.array([(ahead - behind) / (2 * h) for ahead, behind in both], np.float64)


@dataclass(frozen=True, eq=False)
class GradientReport:
    """The result of a gradient check. True if it passed; printing it shows the worst entry."""

    analytic: Array  #: as given, or its slopes along the directions
    numerical: Array  #: same shape
    relative_error: float  #: ‖analytic − numerical‖₂ / ‖numerical‖₂
    worst_index: int | tuple[int, ...]  #: of the largest difference
    tolerance: float  #: the largest relative error that passes
    method: str  #: "central" or "complex"

    @property
    def passed(self) -> bool:
        """True if the relative error is within the tolerance; False for NaN."""
        return self.relative_error <= self.tolerance

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        a, n = self.analytic[self.worst_index], self.numerical[self.worst_index]
        return (
            f"{'passed' if self.passed else 'FAILED'}: relative error {self.relative_error:.2g}"
            f" ({self.method}, tolerance {self.tolerance:g}, shape {self.analytic.shape})\n"
            f"worst entry {self.worst_index}: analytic {a:+.10g}, numerical {n:+.10g},"
            f" difference {abs(a - n):.2g}"
        )


def check_gradient(
    f: Function, x: Array, analytic: Array, *, method: str = "central", directions: int = 0
) -> GradientReport:
    """Compare an analytic gradient of f at x with a numerical one.

    Args:
        f: maps a perturbed copy of x to a scalar. It must compute in float64 (for "central") or
            in complex128; otherwise the check measures f's own rounding.
        analytic: the gradient under test, of x's shape. It is copied before f is first called,
            because f may overwrite it.
        method: "central" (tolerance 1e-6) or "complex" (tolerance 1e-10).
        directions: the number of random directions along which slopes are compared, the same
            ones at each call; 0 compares every entry.

    Raises:
        ValueError: shapes differ, x is empty, or the method is unknown.
    """
    x, analytic = np.array(x), np.array(analytic)
    if analytic.shape != x.shape:
        raise ValueError(f"analytic has shape {analytic.shape}, not {x.shape} as x")
    if x.size == 0:
        raise ValueError("nothing to compare: x has no entries")
    if directions:
        along = np.random.default_rng(0).standard_normal((directions, *x.shape))
        numerical = directional_derivatives(f, x, along, method)
        analytic = np.tensordot(along, analytic, axes=x.ndim)
    else:
        numerical = directional_derivatives(f, x, _axes(x), method).reshape(x.shape)
    return compare(analytic, numerical, TOLERANCES[method], method)


def compare(analytic: Array, numerical: Array, tolerance: float, method: str) -> GradientReport:
    """Compare an array with a reference of the same shape."""
    if not np.any(np.imag(analytic)):
        analytic = np.real(analytic)  # a complex network's gradient at a real point
    difference = np.abs(analytic - numerical)
    error, size = float(np.linalg.norm(difference)), float(np.linalg.norm(numerical))
    worst = np.unravel_index(int(np.argmax(difference)), difference.shape)
    ratio = error / size if size else (np.inf if error else 0.0)
    index = int(worst[0]) if len(worst) == 1 else tuple(map(int, worst))
    return GradientReport(analytic, numerical, ratio, index, tolerance, method)


def _axes(x: Array) -> Iterator[Array]:
    """Yield the unit vectors of x's shape."""
    for i in np.ndindex(np.shape(x)):
        axis = np.zeros(np.shape(x))
        axis[i] = 1
        yield axis
