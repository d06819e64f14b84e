"""The course: the chapters, the engine of their checks, the grader and the kill matrix."""

import sys

if sys.maxsize < 2**32:  # a 32-bit Python
    from .narrow_indices import install

    install()
