"""The engine of the checks: run a learner's code, compare its results, name the mistake.

The file of an exercise needs only what this module exports.
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
