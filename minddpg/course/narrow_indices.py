"""Let drawn integers index arrays in a 32-bit Python, such as a browser's, as on other systems.

There NumPy's indices have 32 bits, but its generators draw int64. x[drawn] converts them; but
x.take(drawn) and np.bincount(drawn) raise a TypeError, which would stop correct answers.
"""

from typing import Any

import numpy as np
from numpy.random import Generator

MOST = 2**24  # larger numbers are not indices: they stay int64, so that sums of them stay exact


class IndexGenerator(Generator):
    """Draw the same numbers as NumPy's generator, but small integers with the type of indices."""

    def integers(self, low: Any, high: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Draw integers, as NumPy does."""
        drawn = super().integers(low, high, *args, **kwargs)
        largest = max(np.abs(end).max(initial=0) for end in (low, 0 if high is None else high))
        has_default_type = "dtype" not in kwargs and len(args) < 2  # size, dtype
        return drawn.astype(np.intp) if has_default_type and largest <= MOST else drawn

    def choice(self, a: Any, *args: Any, **kwargs: Any) -> Any:
        """Draw entries of an array, or indices below a number, as NumPy does."""
        drawn = super().choice(a, *args, **kwargs)
        are_indices = np.ndim(a) == 0 and np.ndim(drawn) > 0 and a <= MOST
        return drawn.astype(np.intp) if are_indices else drawn

    def __reduce__(self) -> Any:
        """Let copies keep this class."""
        return type(self), (self.bit_generator,)


def install() -> None:
    """Let np.random.default_rng return an IndexGenerator from now on."""
    numpys = np.random.default_rng

    def default_rng(seed: Any = None) -> Generator:
        made = numpys(seed)
        return made if made is seed else IndexGenerator(made.bit_generator)

    np.random.default_rng = default_rng
