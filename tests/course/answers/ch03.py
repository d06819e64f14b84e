"""Chapter 03: numerical gradients, the relative error, a checker."""

import copy
import math
import warnings
from functools import partial

import numpy as np

from minddpg.nn import gradcheck

# 03.1


def numerical_gradient(f, x, h):
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


def numerical_gradient_flat(f, x, h):
    flat, slopes = x.ravel(), []
    for i in range(flat.size):
        values = []
        for sign in (-1, 1):
            moved = flat.tolist()
            moved[i] += sign * h
            values.append(f(np.reshape(moved, x.shape)))
        slopes.append((values[1] - values[0]) / h / 2)
    return np.reshape(slopes, x.shape).tolist()


def numerical_gradient_restoring(f, x, h):
    grad = np.empty(x.shape)
    entries = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    for entry in entries:
        old = float(entry)
        x[entries.multi_index] = old + h
        ahead = f(x)
        x[entries.multi_index] = old - h
        behind = f(x)
        x[entries.multi_index] = old
        grad[entries.multi_index] = (ahead - behind) / (2 * h)
    return grad


def numerical_gradient_back_and_forth(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        grad[index] += f(x)
        x[index] -= 2 * h
        grad[index] -= f(x)
        x[index] += h
    return grad / (2 * h)


def entrywise(difference):
    """Return a function of gradients whose entries are difference(f, x, x ahead, x behind, h)."""

    def answer(f, x, h):
        grad = np.zeros(x.shape)
        for index in np.ndindex(x.shape):
            ahead, behind = x.copy(), x.copy()
            ahead[index], behind[index] = x[index] + h, x[index] - h
            grad[index] = difference(f, x, ahead, behind, h)
        return grad

    return (answer,)


def never_put_back(f, x, h):
    x, grad = x.copy(), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        ahead = f(x)
        x[index] -= 2 * h
        grad[index] = (ahead - f(x)) / (2 * h)
    return grad


def copied_once(f, x, h):
    ahead, behind, grad = x.copy(), x.copy(), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        ahead[index] += h
        behind[index] -= h
        grad[index] = (f(ahead) - f(behind)) / (2 * h)
    return grad


def never_put_back_in_place(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        ahead = f(x)
        x[index] -= 2 * h
        grad[index] = (ahead - f(x)) / (2 * h)
    return grad


def by_rows(f, x, h):
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += h
        behind[i] -= h
        grad[i] = (f(ahead) - f(behind)) / (2 * h)
    return grad


def first_row(f, x, h):
    grad = np.zeros(x.shape)
    for j in np.ndindex(x.shape[1:]):
        step = np.zeros(x.shape)
        step[(0, *j)] = h
        grad[(0, *j)] = (f(x + step) - f(x - step)) / (2 * h)
    return grad


def returned_within(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        grad[index] = np.array(numerical_gradient(f, x, h))[index]
        return grad


def made_within(f, x, h):
    for index in np.ndindex(x.shape):
        grad = np.zeros(x.shape)
        grad[index] = np.array(numerical_gradient(f, x, h))[index]
    return grad


def without_copies(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up = down = x
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


def five_point(f, x, h):
    one, two = numerical_gradient(f, x, h), numerical_gradient(f, x, 2 * h)
    return (4 * one - two) / 3


def in_float32(f, x, h):
    return numerical_gradient(f, x.astype(np.float32), np.float32(h)).astype(np.float64)


class Differences:
    """A gradient as an object; entries in reverse."""

    def __init__(self, order=reversed):
        self.order = order

    def __call__(self, f, x, h):
        found = {}
        for index in self.order(list(np.ndindex(*np.shape(x)))):
            moved = [np.array(x, dtype=np.float64), np.array(x, dtype=np.float64)]
            moved[0][index] -= h
            moved[1][index] += h
            below, above = map(f, moved)
            found[index] = 0.5 * (above - below) / h
        return np.array([found[index] for index in np.ndindex(x.shape)]).reshape(x.shape)


def numerical_gradient_by_recursion(f, x, h, i=0):
    if i == x.size:
        return np.zeros(x.shape)
    axis = (np.arange(x.size) == i).reshape(x.shape)
    rest = numerical_gradient_by_recursion(f, x, h, i + 1)
    return rest + axis * ((f(x + h * axis) - f(x - h * axis)) / (2.0 * h))


def numerical_gradient_long(f, x, h):
    x = x.astype(np.longdouble)
    axes = np.eye(x.size, dtype=np.longdouble).reshape(-1, *x.shape)
    slopes = [f(x + h * e) / (2 * h) - f(x - h * e) / (2 * h) for e in axes]
    return np.array(slopes).reshape(x.shape)


# 03.2


def relative_error_by_loops(analytic, numerical):
    above = below = 0.0
    for a, n in zip(analytic.flat, numerical.flat, strict=True):
        above += (n - a) ** 2
        below += n**2
    return float((above / below) ** 0.5)


def relative_error(analytic, numerical):
    a, n = np.ravel(analytic), np.ravel(numerical)
    return np.linalg.norm(a - n, 2) / np.sqrt(n @ n)


# 03.3


def complex_step_gradient(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[index] += 1j * h
        grad[index] = f(moved).imag / h
    return grad


def complex_step_gradient_flat(f, x, h):
    axes = np.eye(x.size).reshape((x.size, *x.shape))
    return np.reshape([np.imag(f(x + complex(0, h) * axis) / h) for axis in axes], x.shape)


def complex_step_gradient_subtracting_harmlessly(f, x, h):
    here = f(x)
    axes = np.eye(x.size).reshape((x.size, *x.shape))
    return np.reshape([(f(x + 1j * h * axis) - here).imag / h for axis in axes], x.shape)


def stepped(slope):
    """Return a function of gradients whose entries are slope(f, x, i h e, h)."""

    def answer(f, x, h):
        grad = np.zeros(x.shape)
        for index in np.ndindex(x.shape):
            step = np.zeros(x.shape, complex)
            step[index] = 1j * h
            grad[index] = slope(f, x, step, h)
        return grad

    return (answer,)


def complex_step_into_floats(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        moved = x.copy()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            moved[index] += 1j * h
        grad[index] = np.imag(f(moved)) / h
    return grad


def complex_never_put_back(f, x, h):
    moved, grad = x + 0j, np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        moved[index] += 1j * h
        grad[index] = f(moved).imag / h
    return grad


def complex_rows(f, x, h):
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        moved = x + 0j
        moved[i] += 1j * h
        grad[i] = f(moved).imag / h
    return grad


def complex_step_gradient_by_division(f, x, h):
    slopes = [((f(x + 1j * h * e) - f(x)) / (1j * h)).real for e in unit_arrays(x)]
    return np.array(slopes).reshape(x.shape)


def complex_step_gradient_backwards(f, x, h):
    grad = {}
    for index in reversed(list(np.ndindex(x.shape))):
        z = np.array(x, dtype=np.complex128)
        z.imag[index] = -h
        grad[index] = -complex(f(z)).imag / h
    return [grad[i] for i in np.ndindex(x.shape)] if x.ndim == 1 else _nested(grad, x.shape)


def _nested(grad, shape):
    array = np.empty(shape)
    for index, value in grad.items():
        array[index] = value
    return array.tolist()


def unit_arrays(x):
    return np.eye(x.size).reshape(-1, *x.shape)


# 03.4


def is_right(f, x, grad, tolerance):
    numerical = complex_step_gradient_flat(f, x, 1e-20)
    if np.shape(grad) != np.shape(numerical):
        return 0
    difference, size = np.sum((grad - numerical) ** 2), np.sum(numerical**2)
    if size == 0:
        return int(difference == 0)
    return int(np.sqrt(difference / size) <= tolerance)


def is_right_in_single_steps(f, x, grad, tolerance):
    if np.shape(grad) != np.shape(x) or not np.isfinite(grad).all():
        return False
    numerical = numerical_gradient_flat(f, x, 1e-5)
    error = np.linalg.norm(numerical - grad) / (np.linalg.norm(numerical) + 1e-15)
    return bool(error < tolerance)


def judged(rule, shapes=True, numerical=numerical_gradient, h=1e-6):
    """Return a checker that asks rule(grad, numerical gradient, tolerance)."""

    def answer(f, x, grad, tolerance):
        if shapes and grad.shape != x.shape:
            return False
        return bool(rule(grad, numerical(f, x, h), tolerance))

    return (answer,)


def forward(f, x, h):
    slopes = [(f(x + h * e) - f(x)) / h for e in unit_arrays(x)]
    return np.reshape(slopes, x.shape)


def along_one_direction(f, x, grad, tolerance):
    if grad.shape != x.shape:
        return False
    direction = np.random.default_rng(0).standard_normal(x.shape)
    slope = (f(x + 1e-6 * direction) - f(x - 1e-6 * direction)) / 2e-6
    return bool(abs(np.vdot(grad, direction) - slope) <= tolerance * abs(slope))


def is_right_allowing_nan(f, x, grad, tolerance):
    if grad.shape != x.shape:
        return False
    numerical = numerical_gradient(f, x, 1e-6)
    return not np.linalg.norm(grad - numerical) > tolerance * np.linalg.norm(numerical)


norm = np.linalg.norm
# 03.5


def wrong_layers(f, parameters, grads, rng):
    found = []
    for i in range(len(parameters)):
        e = rng.standard_normal(parameters[i].shape)
        up = [p + 1e-6 * e if j == i else p for j, p in enumerate(parameters)]
        down = [p - 1e-6 * e if j == i else p for j, p in enumerate(parameters)]
        n = (f(up) - f(down)) / 2e-6
        if not abs((grads[i] * e).sum() - n) <= 1e-6 * abs(n):
            found.append(i)
    return found


def wrong_layers_of_copies(f, parameters, grads, rng, h=1e-5):
    """Deep copies, directions of signs, a set."""
    found = set()
    for i, grad in enumerate(grads):
        signs = rng.choice([-1.0, 1.0], size=grad.shape)
        ahead, behind = copy.deepcopy(parameters), copy.deepcopy(parameters)
        ahead[i] += h * signs
        behind[i] -= h * signs
        slope, wanted = np.vdot(grad, signs), 0.5 * (f(ahead) - f(behind)) / h
        if np.isnan(slope) or abs(slope - wanted) > 1e-6 * abs(wanted):
            found.add(i)
    return found


def wrong_layers_backwards(f, parameters, grads, rng):
    """From the last to the first; moves a list of its own, and puts the array back."""
    arrays, good = list(parameters), []
    for i in reversed(range(len(arrays))):
        kept = arrays[i]
        e = rng.uniform(-1, 1, kept.shape)
        arrays[i] = kept + 2e-6 * e
        value = f(arrays)
        arrays[i] = kept - 2e-6 * e
        n = (value - f(arrays)) / 4e-6
        arrays[i] = kept
        if abs(np.tensordot(grads[i], e, grads[i].ndim) - n) <= abs(n) * 1e-6:
            good.append(i)
    return [i for i in range(len(arrays)) if i not in good]


def wrong_layers_along_units(f, parameters, grads, rng):
    """Directions of length 1, and indices as an array."""

    def slopes(i):
        e = rng.normal(size=grads[i].shape)
        e /= np.linalg.norm(e)
        moved = [[*parameters[:i], parameters[i] + s * e, *parameters[i + 1 :]] for s in (H, -H)]
        ahead, behind = map(f, moved)
        return np.sum(e * grads[i]), (ahead - behind) / (2 * H)

    found = np.array([slopes(i) for i in range(len(grads))])
    right = np.abs(found[:, 0] - found[:, 1]) <= 1e-6 * np.abs(found[:, 1])
    return np.flatnonzero(~right)


def wrong_layers_by_complex_steps(f, parameters, grads, rng):
    """Imaginary steps in both directions, to call f twice."""
    found = []
    for i, grad in enumerate(grads):
        e = rng.standard_normal(grad.shape)
        sides = ([*parameters[:i], parameters[i] + s * e, *parameters[i + 1 :]] for s in STEPS)
        ahead, behind = (np.imag(f(side)) for side in sides)
        n = (ahead - behind) / 2e-20
        if not abs(np.sum(grad * e) - n) <= 1e-6 * abs(n):
            found.append(np.int64(i))
    return tuple(found)


def wrong_layers_if(rule, h=1e-6, ahead_only=False):
    """Return an answer that lists i where rule(g·e, numerical slope)."""

    def answer(f, parameters, grads, rng):
        found = []
        for i, grad in enumerate(grads):
            e = rng.standard_normal(grad.shape)
            up, down = list(parameters), list(parameters)
            up[i] = up[i] + h * e
            down[i] = down[i] - (0 if ahead_only else h) * e
            n = (f(up) - f(down)) / (h if ahead_only else 2 * h)
            if rule(np.sum(grad * e), n):
                found.append(i)
        return found

    return (answer,)


def wrong_layers_in_place(f, parameters, grads, rng):
    for i, grad in enumerate(grads):
        parameters[i] += 1e-6 * rng.standard_normal(grad.shape)
    return wrong_layers(f, parameters, grads, rng)


CORRECT = {
    "03.1": [
        (numerical_gradient,),
        (numerical_gradient_flat,),
        (numerical_gradient_restoring,),
        (gradcheck.numerical_gradient,),
        (Differences(),),
        (numerical_gradient_by_recursion,),
        (numerical_gradient_long,),
        (partial(numerical_gradient_by_recursion, i=0),),
    ],
    "03.2": [
        (relative_error,),
        (relative_error_by_loops,),
        (lambda a, n: gradcheck.compare(a, n, 1.0, "").relative_error,),
        (lambda a, n: np.array([math.dist(a.flat, n.flat) / math.hypot(*n.flat)])[0],),
        (lambda a, n: np.sqrt(np.mean((a - n) ** 2) / np.mean(n**2)),),
        (lambda a, n: np.array(norm((a - n) / norm(n))),),
        (lambda a, n: (np.einsum("i,i", d := (n - a).ravel(), d) / np.vdot(n, n)) ** 0.5,),
        (partial(lambda a, n, ord: norm(a.flat - n.ravel(), ord) / norm(n.ravel(), ord), ord=2),),
    ],
    "03.3": [
        (complex_step_gradient,),
        (complex_step_gradient_flat,),
        (complex_step_gradient_subtracting_harmlessly,),
        (gradcheck.complex_step_gradient,),
        (complex_step_gradient_by_division,),
        (complex_step_gradient_backwards,),
        (
            lambda f, x, h: np.reshape(
                [np.imag(f(x + 1j * h * e)) / h for e in unit_arrays(x)], x.shape
            ),
        ),
    ],
    "03.4": [
        (is_right,),
        (is_right_in_single_steps,),
        judged(lambda a, n, tol: norm(a - n) <= tol * norm(n), h=1e-7),
        judged(lambda a, n, tol: norm(a - n) <= tol * norm(n), numerical=complex_step_gradient),
        judged(lambda a, n, tol: math.dist(a.flat, n.flat) <= tol * math.hypot(*n.flat), h=1e-5),
        judged(lambda a, n, tol: a.any() == n.any() and norm(a - n) / (norm(n) or 1) <= tol),
        judged(
            lambda a, n, tol: not (n.any() or a.any()) or norm((a - n) / max(norm(n), 1e-99)) <= tol
        ),
        (lambda f, x, grad, tolerance: np.array(is_right(f, x, grad, tolerance)),),
    ],
    "03.5": [
        (wrong_layers,),
        (wrong_layers_of_copies,),
        (wrong_layers_backwards,),
        (wrong_layers_along_units,),
        (wrong_layers_by_complex_steps,),
        wrong_layers_if(lambda a, n: not abs(a - n) <= 1e-6 * abs(n), h=3e-6),
    ],
}
H, STEPS = 1e-5, (1e-20j, -1e-20j)
INEXACT = "numerical gradient too inexact"
MULTIPLIED, DOWN_ALONE = "multiplied by h instead of divided", "f(x) instead of f(x + h)"
CANCEL = "sum compared with 0 where f is flat"
ONE_ZERO = "one zero is enough where f is flat"

MISTAKEN = {
    "03.1": [
        (entrywise(lambda f, x, up, down, h: (f(up) - f(x)) / h), "forward difference"),
        (entrywise(lambda f, x, up, down, h: (f(x) - f(down)) / h), "backward difference"),
        (entrywise(lambda f, x, up, down, h: (f(up) - f(down)) / h), "h instead of 2h"),
        (entrywise(lambda f, x, up, down, h: f(up) - f(down)), "not divided by the step"),
        (entrywise(lambda f, x, up, down, h: (f(down) - f(up)) / 2 / h), "sign flipped"),
        (entrywise(lambda f, x, up, down, h: (f(up) - f(x)) / 2 / h), "f(x) instead of f(x − h)"),
        ((lambda f, x, h: numerical_gradient(f, x, 1e-5),), "argument ignored: h"),
        ((returned_within,), "only the first entry"),
        ((made_within,), "only the last entry"),
        ((without_copies,), "nothing but zeros"),
        ((never_put_back,), "x not restored"),
        ((copied_once,), "x not restored"),
        ((never_put_back_in_place,), "argument changed in place"),
        ((lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),), "all entries shifted at once"),
        (
            entrywise(lambda f, x, up, down, h: (f(x + h) - f(x - h)) / (2 * h)),
            "all entries shifted at once",
        ),
        ((by_rows,), "whole rows shifted at once"),
        ((first_row,), "only the first row"),
        ((lambda f, x, h: np.ravel(numerical_gradient(f, x, h)),), "another shape"),
        ((numerical_gradient_back_and_forth,), "x put back only up to rounding"),
        (entrywise(lambda f, x, up, down, h: (f(up) - f(down)) / 2 * h), MULTIPLIED),
        (entrywise(lambda f, x, up, down, h: (f(up) - f(down)) / 2), "not divided by h"),
        (entrywise(lambda f, x, up, down, h: (f(x) - f(down)) / (2 * h)), DOWN_ALONE),
        (entrywise(lambda f, x, up, down, h: abs(f(up) - f(down)) / (2 * h)), "sign lost"),
        ((lambda f, x, h: numerical_gradient(f, x, h / 2),), "step of another length"),
        ((five_point,), "five-point formula"),
        ((in_float32,), "float32 instead of float64"),
        ((lambda f, x, h: np.float32(numerical_gradient(f, x, h)),), "float32 instead of float64"),
        ((lambda f, x, h: np.int64(numerical_gradient(f, x, h)),), "whole numbers"),
        ((lambda f, x, h: complex_step_gradient(f, x, h),), "complex step"),
        ((lambda f, x, h: np.zeros(x.shape),), "not what was asked for"),
        (
            (lambda f, x, h: numerical_gradient(lambda flat: f(flat), x.ravel(), h),),
            "not what was asked for",
        ),
        # two at once
        (
            entrywise(lambda f, x, up, down, h: f(x) - f(down)),
            "f(x) instead of f(x + h) and not divided by the step",
        ),
        ((lambda f, x, h: 2 * never_put_back(f, x, h),), "x not restored and factor 2"),
    ],
    "03.2": [
        ((lambda a, n: np.sqrt(np.sum((a - n) ** 2)),), "absolute error"),
        ((lambda a, n: np.sqrt(np.mean((a - n) ** 2)),), "absolute error"),
        ((lambda a, n: abs(a - n).max(),), "absolute error"),
        ((lambda a, n: norm(a - n) / max(1.0, norm(n)),), "absolute error of small gradients"),
        ((lambda a, n: a / n - 1,), "entry by entry"),
        ((lambda a, n: min(1, relative_error(a, n)),), "cut off at 1"),
        ((lambda a, n: relative_error(a, n) < 1e-6,), "a verdict instead of the error"),
        ((lambda a, n: relative_error(abs(a), abs(n)),), "signs lost"),
        ((lambda a, n: norm(a - n) / ((norm(a) + norm(n)) / 2),), "divided by both norms"),
        ((lambda a, n: abs(sum((a - n).flat) / sum(n.flat)),), "no absolute value"),
        ((lambda a, n: norm(a) / norm(n) - 1,), "ratio of norms"),
        ((lambda a, n: max(abs(a / n - 1).flat),), "entry by entry"),
        ((lambda a, n: abs((a - n) / n).mean(),), "entry by entry"),
        ((lambda a, n: abs(a / n - 1),), "entry by entry"),
        ((lambda a, n: relative_error(n, a),), "divided by ‖a‖"),
        ((lambda a, n: norm(a - n) / (norm(n) + norm(a)),), "divided by both norms"),
        ((lambda a, n: norm(a - n) / np.fmax(norm(n), norm(a)),), "divided by both norms"),
        ((lambda a, n: np.sum((a - n) ** 2) / np.sum(n**2),), "squared norms"),
        ((lambda a, n: (a.sum() - n.sum()) / n.sum(),), "no absolute value"),
        ((lambda a, n: (a - n).max() / n.max(),), "no absolute value"),
        ((lambda a, n: abs(a - n).sum() / abs(n).sum(),), "another norm"),
        ((lambda a, n: abs(a - n).max() / abs(n).max(),), "another norm"),
        ((lambda a, n: np.sqrt(np.sum(a**2) / np.sum(n**2)),), "ratio of norms"),
        ((lambda a, n: abs(norm(a) - norm(n)) / norm(n),), "ratio of norms"),
        (
            (lambda a, n: np.sqrt(((a - n) ** 2).sum(axis=0) / (n**2).sum(axis=0)),),
            "one norm for each row",
        ),
        ((lambda a, n: norm(a - n, ord=2) / norm(n, ord=2),), "norm of a matrix"),
        ((lambda a, n: -relative_error(a, n),), "sign flipped"),
        ((lambda a, n: norm(a - n) / (norm(n) + 1e-8),), "absolute error of small gradients"),
        ((lambda a, n: 100 * relative_error(a, n),), "constant factor"),
        (
            (lambda a, n: relative_error(np.float32(a), np.float32(n)),),
            "float32 instead of float64",
        ),
        ((lambda a, n: norm(a - n) / n.sum(),), "divided by a sum with signs"),
        ((lambda a, n: abs(a - n).max() / norm(n),), "another norm"),
        ((lambda a, n: relative_error(a, n) ** 0.5,), "root of the error"),
        ((lambda a, n: np.array([relative_error(a, n)]),), "an axis too many"),
        ((lambda a, n: norm(a + n) / norm(n),), "sum instead of difference"),
        # two at once
        ((lambda a, n: norm(a - n) ** 2 / norm(a) ** 2,), "unknown"),
    ],
    "03.3": [
        (stepped(lambda f, x, step, h: f(x + step).real / h), "real part"),
        (stepped(lambda f, x, step, h: f(x + step).imag), "not divided by the step"),
        (stepped(lambda f, x, step, h: f(x + step).imag / (2 * h)), "2h instead of h"),
        (stepped(lambda f, x, step, h: (f(x + step) - f(x)).real / h), "f(x) subtracted"),
        (stepped(lambda f, x, step, h: (f(x + step.imag) - f(x)) / h), "f(x) subtracted"),
        (
            stepped(lambda f, x, step, h: (f(x + step.imag) - f(x - step.imag)) / (2 * h)),
            "f(x) subtracted",
        ),
        (stepped(lambda f, x, step, h: f(x - step).imag / h), "sign flipped"),
        ((lambda f, x, h: complex_step_gradient(f, x, 1e-20),), "argument ignored: h"),
        ((complex_never_put_back,), "x not restored"),
        ((complex_step_into_floats,), "imaginary part dropped"),
        (stepped(lambda f, x, step, h: np.imag(f(x + step.imag)) / h), "imaginary part dropped"),
        ((lambda f, x, h: f(x + 1j * h).imag / h,), "all entries shifted at once"),
        (stepped(lambda f, x, step, h: f(x + 1j * h).imag / h), "all entries shifted at once"),
        ((complex_rows,), "whole rows shifted at once"),
        (
            (lambda f, x, h: complex_step_gradient(f, x, h) * (np.arange(len(x)) == 0)[:, None],),
            "another shape",  # right for an array's first row, and a table for a vector
        ),
        (stepped(lambda f, x, step, h: abs(f(x + step).imag) / h), "absolute value"),
        (stepped(lambda f, x, step, h: (f(x + step) / (1j * h)).imag), "divided by i h"),
        ((lambda f, x, h: numerical_gradient(f, x, 1e-6),), "differences of real values"),
        (
            (lambda f, x, h: np.float32(complex_step_gradient(f, x, h)),),
            "float32 instead of float64",
        ),
        ((lambda f, x, h: complex_step_gradient_flat(f, x, h).ravel(),), "another shape"),
        # two at once
        (stepped(lambda f, x, step, h: -f(x + step).imag / (2 * h)), "factor −1/2"),
        (stepped(lambda f, x, step, h: (f(x + step) - f(x)).real), "unknown"),
    ],
    "03.4": [
        ((is_right_allowing_nan,), "NaN accepted"),
        (
            judged(lambda a, n, tol: norm(a - n) <= tol * norm(n) if n.any() else a.sum() == 0),
            CANCEL,
        ),
        (
            judged(lambda a, n, tol: norm(a - n) <= tol * norm(n) if n.any() else not a.all()),
            ONE_ZERO,
        ),
        (judged(lambda a, n, tol: max((a - n).flat) <= tol * norm(n)), "no absolute value"),
        (judged(lambda a, n, tol: (n - a).sum() <= tol * norm(n)), "no absolute value"),
        (judged(lambda a, n, tol: abs((n - a).mean()) <= tol * norm(n)), "differences cancel"),
        (judged(lambda a, n, tol: abs(a[0, 0] - n[0, 0]) <= tol * abs(n[0, 0])), "one entry only"),
        (judged(lambda a, n, tol: (abs(a - n) <= tol * abs(n)).all()), "entry by entry"),
        (
            judged(lambda a, n, tol: np.nanmax(abs(a - n) / np.maximum(abs(n), 1e-300)) <= tol),
            "entry by entry and NaN accepted",
        ),
        (
            judged(
                lambda a, n, tol: (
                    abs(norm(a) / (norm(n) or 1) - 1) <= tol if n.any() else not a.any()
                )
            ),
            "norms compared instead of vectors",
        ),
        (judged(lambda a, n, tol: np.sqrt(((a - n) ** 2).sum()) <= tol), "absolute error"),
        (judged(lambda a, n, tol: np.allclose(a, n, rtol=tol)), "absolute error"),
        (judged(lambda a, n, tol: np.allclose(a, n, atol=tol)), "absolute error"),
        (judged(lambda a, n, tol: norm(a - n) <= tol * max(1, norm(n))), "absolute error"),
        (judged(lambda a, n, tol: np.allclose(a, n, tol, 0)), "entry by entry"),
        (
            judged(lambda a, n, tol: norm(n) < 1e-7 or norm(a - n) <= tol * norm(n)),
            "anything accepted where f is flat",
        ),
        (judged(lambda a, n, tol: norm(n - a) < tol * norm(n)), "zeros refused where f is flat"),
        (judged(lambda a, n, tol: norm(n - a) > tol * norm(n)), "verdict turned around"),
        ((lambda f, x, grad, tolerance: 0.5,), "not what was asked for"),
        ((lambda f, x, grad, tolerance: [True],), "not what was asked for"),
        (judged(lambda a, n, tol: norm(a - n) <= tol * norm(n), shapes=False), "shapes broadcast"),
        (judged(lambda a, n, tol: norm(a - n) <= 1e-5 * norm(n)), "argument ignored: tolerance"),
        (judged(lambda a, n, tol: norm(a - n) <= 0.02 * norm(n)), "argument ignored: tolerance"),
        (judged(lambda a, n, tol: relative_error(a, n) <= tol), "zeros refused where f is flat"),
        (
            judged(lambda a, n, tol: not n.any() or relative_error(a, n) <= tol),
            "anything accepted where f is flat",
        ),
        ((lambda f, x, grad, tolerance: True,), "always true"),
        ((lambda f, x, grad, tolerance: False,), "always false"),
        (judged(lambda a, n, tol: ((a - n) ** 2).sum() <= tol * (n**2).sum()), "squared norms"),
        (judged(lambda a, n, tol: norm(a - n) <= tol * norm(a)), "divided by ‖a‖"),
        (judged(lambda a, n, tol: norm(a - n) <= tol * (norm(a) + norm(n))), "divided by ‖a‖"),
        (judged(lambda a, n, tol: abs(a - n).max() <= tol * abs(n).max()), "another norm"),
        (judged(lambda a, n, tol: norm(a - n) <= tol * (norm(n) + 1e-8)), "absolute error"),
        (judged(lambda a, n, tol: norm(a - n) <= tol * norm(n), h=1e-2), INEXACT),
        (judged(lambda a, n, tol: norm(a - n) <= tol * norm(n), h=1e-9), INEXACT),
        (
            judged(lambda a, n, tol: norm(a - n) <= tol * norm(n), numerical=forward, h=1e-8),
            INEXACT,
        ),
        (
            judged(lambda a, n, tol: norm(a - n) <= tol * norm(n), numerical=in_float32, h=1e-2),
            INEXACT,
        ),
        ((along_one_direction,), "one direction instead of all entries"),
        (
            judged(lambda a, n, tol: (norm(a) if norm(n) == 0 else relative_error(a, n)) <= tol),
            "absolute error where f is flat",
        ),
        # two at once
        (
            judged(lambda a, n, tol: norm(a - n) / norm(n) <= tol, shapes=False),
            "shapes broadcast and zeros refused where f is flat",
        ),
        (judged(lambda a, n, tol: not norm(a - n) > 1e-5 * norm(n)), "argument ignored: tolerance"),
    ],
    "03.5": [
        (wrong_layers_if(lambda a, n: abs(a - n) <= 1e-6 * abs(n)), "right instead of wrong"),
        (wrong_layers_if(lambda a, n: abs(a - n) > 1e-6 * abs(n)), "NaN accepted"),
        (wrong_layers_if(lambda a, n: a - n > 1e-6 * abs(n)), "no absolute value and NaN accepted"),
        (
            wrong_layers_if(lambda a, n: abs(a - n) > 1e-6 * n),
            "sign of the slope not removed and NaN accepted",
        ),
        (wrong_layers_if(lambda a, n: not abs(a - n) <= 1e-3 * abs(n)), "another tolerance"),
        (wrong_layers_if(lambda a, n: not abs(a - n) < 1e-6 * abs(n)), "flat functions refused"),
        (wrong_layers_if(lambda a, n: not abs(a - n) <= 1e-6), "absolute error"),
        (wrong_layers_if(lambda a, n: not np.isclose(a, n, 1e-6)), "absolute error"),
        (wrong_layers_if(lambda a, n: not a - n <= 1e-6 * abs(n)), "no absolute value"),
        (wrong_layers_if(lambda a, n: not abs(a / n - 1) <= 1e-6), "flat functions refused"),
        (
            wrong_layers_if(lambda a, n: not abs(a - n) <= 1e-6 * abs(n), ahead_only=True),
            "forward difference",
        ),
        (
            wrong_layers_if(lambda a, n: not abs(a - 2 * n) <= 1e-6 * abs(n)),
            "two slopes that do not match",
        ),
        (
            wrong_layers_if(lambda a, n: not abs(a - n) <= 1e-6 * abs(n), h=1e-2),
            "two slopes that do not match",
        ),
        ((lambda *each: [i + 1 for i in wrong_layers(*each)],), "not what was asked for"),
        ((lambda *each: [i in wrong_layers(*each) for i in range(6)],), "truth values returned"),
        ((lambda *each: wrong_layers(*each)[:1],), "only the first one"),
        ((wrong_layers_in_place,), "argument changed in place"),
    ],
}
