"""Bugs against checkers: find out which checker of chapter 03 accepts which wrong gradient.

The loss is the mean squared difference of p = tanh(x w) and a target.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...nn import gradcheck
from ...nn.layers import Array

CHECKERS = {  # name: tolerance
    "complex step": 1e-10,
    "is_right (03.4)": 1e-6,
    "5 directions": 1e-6,
    "entry by entry": 1e-6,
    "float32, h = 0.01": 0.05,
}
Loss = Callable[[Array], Any]


class Comparison(NamedTuple):
    """The verdict of each checker on each gradient: tables (bugs, checkers)."""

    bugs: list[str]
    checkers: dict[str, float]  # their tolerances, by name
    errors: Array  # relative errors; NaN for a checker that returns no error
    accepted: Array  # booleans


def compare(is_right: Any, w: Array, x: Array, target: Array) -> Comparison:
    """Let every checker judge correct code, seven bugs, and a wrong loss with its own gradient."""
    shifted = np.roll(target, 1, axis=0)
    judged = {name: (_loss(x, target), grad) for name, grad in _gradients(w, x, target).items()}
    judged["wrong loss, correct gradient"] = (_loss(x, shifted), _gradient(w, x, shifted))
    tolerances = np.array([*CHECKERS.values()])
    errors = np.array([_errors(loss, w, grad) for loss, grad in judged.values()])
    accepted = errors <= tolerances
    accepted[:, 1] = [bool(is_right(loss, w, grad, 1e-6)) for loss, grad in judged.values()]
    return Comparison([*judged], CHECKERS, errors, accepted)


def _loss(x: Array, target: Array) -> Loss:
    return lambda w: np.mean((np.tanh(x @ w) - target) ** 2)


def _gradient(w: Array, x: Array, target: Array) -> Array:
    p = np.tanh(x @ w)
    grad: Array = x.T @ (2 / p.size * (p - target) * (1 - p**2))
    return grad


def _gradients(w: Array, x: Array, target: Array) -> dict[str, Array]:
    correct, p = _gradient(w, x, target), np.tanh(x @ w)
    outer, one_off = 2 / p.size * (p - target), correct.copy()
    one_off[2, 0] *= 1.01
    return {
        "correct code": correct,
        "sign flipped": -correct,
        "sum instead of mean": p.size * correct,
        "the 2 forgotten": correct / 2,
        "tanh's slope missing": x.T @ outer,
        "slope at p, not at z": x.T @ (outer * (1 - np.tanh(p) ** 2)),
        "transposed and reshaped": correct.T.reshape(correct.shape),
        "one entry 1 % off": one_off,
    }


def _errors(loss: Loss, w: Array, grad: Array) -> list[float]:
    def single(w: Array) -> Any:
        return np.float32(loss(w.astype(np.float32)))

    central = gradcheck.numerical_gradient(loss, w, 1e-5)
    along = np.random.default_rng(0).standard_normal((5, *w.shape))
    slopes = gradcheck.directional_derivatives(loss, w, along, "central", 1e-5)
    return [
        _relative(grad, gradcheck.complex_step_gradient(loss, w)),
        np.nan,
        _relative(np.tensordot(along, grad, axes=2), slopes),
        float(np.max(np.abs(grad - central) / np.abs(central))),
        _relative(grad, gradcheck.numerical_gradient(single, w, 1e-2)),
    ]


def _relative(analytic: Array, numerical: Array) -> float:
    return float(np.linalg.norm(analytic - numerical) / np.linalg.norm(numerical))
