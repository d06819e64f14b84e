"""Chapter 05, the critic's side: a step of Adam, and what can go wrong in it."""

from typing import Any

import numpy as np

from ...nn.layers import Array
from ..engine.exercise import Row

BETAS, EPSILON = (0.9, 0.999), 1e-8


def adam(
    averages: Any = lambda m, v, g, b1, b2: (b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2),
    correct: Any = lambda x, beta, t: x / (1 - beta**t),
    correct_square: Any = None,
    step: Any = lambda m, v, g: m / (np.sqrt(v) + EPSILON),
    move: Any = lambda theta, rate, by: theta - rate * by,
    kept: Any = lambda plain, corrected, old: plain,
    used: Any = lambda new, old: new,
) -> Any:
    """Answer rightly; with another part, as if that mistake had been made."""

    def adam_step(theta: Array, g: Array, mean: Array, square: Array, t: int, rate: float) -> Any:
        new = averages(mean, square, g, *BETAS)
        m, v = used(new, (mean, square))
        corrected = correct(m, BETAS[0], t), (correct_square or correct)(v, BETAS[1], t)
        return move(theta, rate, step(*corrected, g)), *kept(new, corrected, (mean, square))

    return adam_step


def _uncorrected(x: Array, beta: float, t: int) -> Array:
    return x


def _of_mean(m: Array, v: Array, b2: float) -> Any:
    return m, b2 * v + (1 - b2) * m**2


def _other(beta: float) -> float:
    return BETAS[1] if beta == BETAS[0] else BETAS[0]


def _all(mistake: str, why: str, *answers: Any) -> list[Row]:
    return [Row(mistake, (answer,), why) for answer in answers]


def _folded(theta: Array, g: Array, mean: Array, square: Array, t: int, rate: float) -> Any:
    """Both corrections in one factor, as section 2 of the paper suggests for speed."""
    b1, b2 = BETAS
    m, v = b1 * mean + (1 - b1) * g, b2 * square + (1 - b2) * g**2
    factor = np.sqrt(1 - b2**t) / (1 - b1**t)
    return theta - rate * factor * m / (np.sqrt(v) + EPSILON), m, v


adam_step = adam()
ROWS = (
    *_all(
        "no bias correction",
        "m and v start at 0 and are too small at first: divide them by 1 − β^t before use.",
        adam(correct=_uncorrected),
    ),
    *_all(
        "correction of the mean only",
        "v starts at 0 as well: it too is divided, by 1 − β2^t, before use.",
        adam(correct_square=_uncorrected),
    ),
    *_all(
        "correction of the square only",
        "m starts at 0 as well: it too is divided, by 1 − β1^t, before use.",
        adam(correct=_uncorrected, correct_square=lambda x, b, t: x / (1 - b**t)),
    ),
    *_all(
        "t off by one",
        "At the first step t is 1, and m̂ is the gradient itself. Take step as it is given.",
        adam(correct=lambda x, b, t: x / (1 - b ** (t - 1.0))),
        adam(correct=lambda x, b, t: x / (1 - b ** (t + 1))),
    ),
    *_all(
        "t missing in the correction",
        "1 − β is right at the first step alone: the correction is 1 − β^t, and fades.",
        adam(correct=lambda x, b, t: x / (1 - b)),
    ),
    *_all(
        "correction multiplied instead of divided",
        "m and v start too small, and 1 − β^t is below one: divide by it.",
        adam(correct=lambda x, b, t: x * (1 - b**t)),
    ),
    *_all(
        "corrected averages kept",
        "m̂ and v̂ are for this step only. The next one goes on from m and v as they are.",
        adam(kept=lambda plain, corrected, old: corrected),
    ),
    *_all(
        "averages not kept",
        "You return m and v as they came. The next step needs the new ones.",
        adam(kept=lambda plain, corrected, old: old),
        adam(kept=lambda plain, corrected, old: (plain[0], old[1])),
        adam(kept=lambda plain, corrected, old: (old[0], plain[1])),
    ),
    *_all(
        "averages of the step before",
        "θ moves by m and v with this gradient in them: first the averages, then the step.",
        adam(used=lambda new, old: old),
    ),
    *_all(
        "ε under the root",
        "ε is added to √v̂, not to v̂: look at the entry whose gradient is tiny.",
        adam(step=lambda m, v, g: m / np.sqrt(v + EPSILON)),
    ),
    *_all(
        "ε beside the uncorrected root",
        "Some libraries do so; in algorithm 1, ε is added to the root of v̂. Where a gradient is"
        " tiny, the two differ.",
        _folded,
    ),
    *_all(
        "ε missing",
        "Where a gradient is 0, 0 / 0 is left. ε, added to √v̂, prevents it.",
        adam(step=lambda m, v, g: m / np.sqrt(v)),
    ),
    *_all(
        "root missing",
        "v̂ averages g²: without the root, a step grows where gradients are small, and its unit is"
        " wrong.",
        adam(step=lambda m, v, g: m / (v + EPSILON)),
    ),
    *_all(
        "β1 and β2 swapped",
        "β1 = 0.9 belongs to m, β2 = 0.999 to v.",
        adam(
            averages=lambda m, v, g, b1, b2: (b2 * m + (1 - b2) * g, b1 * v + (1 - b1) * g**2),
            correct=lambda x, b, t: x / (1 - _other(b) ** t),
        ),
        adam(averages=lambda m, v, g, b1, b2: (b2 * m + (1 - b2) * g, b1 * v + (1 - b1) * g**2)),
        adam(correct=lambda x, b, t: x / (1 - _other(b) ** t)),
    ),
    *_all(
        "β and 1 − β swapped",
        "An average keeps β of what it was, and takes in 1 − β of what is new.",
        adam(lambda m, v, g, b1, b2: ((1 - b1) * m + b1 * g, (1 - b2) * v + b2 * g**2)),
        adam(lambda m, v, g, b1, b2: ((1 - b1) * m + b1 * g, b2 * v + (1 - b2) * g**2)),
        adam(lambda m, v, g, b1, b2: (b1 * m + (1 - b1) * g, (1 - b2) * v + b2 * g**2)),
    ),
    *_all(
        "1 − β missing",
        "What is new enters an average with the weight 1 − β; otherwise it is a growing sum.",
        adam(lambda m, v, g, b1, b2: (b1 * m + g, b2 * v + g**2)),
        adam(lambda m, v, g, b1, b2: (b1 * m + g, b2 * v + (1 - b2) * g**2)),
        adam(lambda m, v, g, b1, b2: (b1 * m + (1 - b1) * g, b2 * v + g**2)),
    ),
    *_all(
        "square missing",
        "v averages g², which is never negative: √v̂ is the typical size of a gradient.",
        adam(lambda m, v, g, b1, b2: (b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g)),
        adam(lambda m, v, g, b1, b2: (b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * np.abs(g))),
    ),
    *_all(
        "m squared instead of g",
        "v averages the square of the gradient itself, not of its average.",
        adam(lambda m, v, g, b1, b2: _of_mean(b1 * m + (1 - b1) * g, v, b2)),
    ),
    *_all(
        "gradient instead of its average",
        "θ moves by m̂, the average. With g itself this is RMSProp.",
        adam(step=lambda m, v, g: g / (np.sqrt(v) + EPSILON)),
    ),
    *_all(
        "plain gradient descent",
        "θ moves by the gradient itself. The averages are right, but not used.",
        adam(step=lambda m, v, g: g),
    ),
    *_all(
        "θ not moved",
        "θ comes back as it was given.",
        adam(move=lambda theta, rate, by: theta + 0 * by),
    ),
    *_all(
        "ascends",
        "The loss is descended: θ moves against the gradient.",
        adam(move=lambda theta, rate, by: theta + rate * by),
    ),
    *_all(
        "learning rate missing",
        "The step is to be multiplied by the learning rate.",
        adam(move=lambda theta, rate, by: theta - by),
    ),
    *_all(
        "the step instead of θ",
        "You return by how much θ moves. Return θ after it.",
        adam(move=lambda theta, rate, by: rate * by),
        adam(move=lambda theta, rate, by: -rate * by),
    ),
)
