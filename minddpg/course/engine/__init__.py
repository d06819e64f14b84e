"""The engine of the exercise checks: run a learner's code, compare, name the mistake.

This module exports what the file of an exercise needs.
"""

from .check import EXERCISES, exercise
from .exercise import BEHAVIOUR, GRADIENT, KINDS, PROPERTY, Mistake
from .observations import OWN, GradientOf, Observed, layer_pair
from .solution import edited, run
from .submission import InvalidAnswer, NotAttempted, array, arrays, call, name_of, remark

__all__ = [
    "BEHAVIOUR",
    "EXERCISES",
    "GRADIENT",
    "KINDS",
    "OWN",
    "PROPERTY",
    "GradientOf",
    "InvalidAnswer",
    "Mistake",
    "NotAttempted",
    "Observed",
    "array",
    "arrays",
    "call",
    "edited",
    "exercise",
    "layer_pair",
    "name_of",
    "remark",
    "run",
]
