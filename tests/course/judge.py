"""A small exercise for tests: a mean square, its gradient, its largest |e|; and answers to it."""

import numpy as np

from minddpg.course.engine import GRADIENT, GradientOf, Mistake, arrays, call
from minddpg.course.engine.examine import examine
from minddpg.course.engine.exercise import Exercise

NAMES = ["loss", "grad", "largest"]
SOLUTION = """
def judge(error, scale):
    loss = scale * np.mean(error**2)
    grad = scale * 2 * error / len(error)
    largest = np.max(np.abs(error))
    return loss, grad, largest
"""
MISTAKES = [
    Mistake(
        "root taken", "No root is asked for.", {"np.mean(error**2)": "np.mean(error**2) ** 0.5"}
    ),
    Mistake("square kept", "The slope of e² is 2 e.", {"2 * error": "2 * error**2"}),
    Mistake(
        "largest with its sign", "The largest |e|.", {"np.max(np.abs(error))": "np.max(error)"}
    ),
]


def check_judge(judge, batch_size, seed):
    error = np.random.default_rng(seed).normal(size=batch_size)

    def run(e):
        return arrays(call(judge, e, 0.7 + seed), NAMES, judge)

    loss, grad, largest = run(error)
    return {
        "loss": loss,
        "grad": GradientOf(grad, lambda e: run(e)[0].reshape(1), error),
        "largest": largest,
    }


EXERCISE = Exercise(
    "98.1",
    "A judge",
    GRADIENT,
    stub='''
def judge(error, scale):
    """Return three things."""
    loss = grad = largest = None
    return loss, grad, largest
''',
    statement="Write it.",
    solution=SOLUTION,
    mistakes=MISTAKES,
    compared="all three with the right ones",
    probe=check_judge,
    cases=({"batch_size": 7, "seed": 1}, {"batch_size": 5, "seed": 2}),
)


def verdict_of(judge):
    return examine(EXERCISE, (judge,))


def answer(loss=lambda e, s: s * np.mean(e**2), grad=lambda e, s: 2 * s * e / len(e), largest=None):
    """Return an answer with some parts replaced."""
    return lambda error, scale: (
        loss(error, scale),
        grad(error, scale),
        (largest or (lambda e: np.max(np.abs(e))))(error),
    )
