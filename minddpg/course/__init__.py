"""The course: a folder for each chapter, the engine of the checks, grading, the kill matrix."""

import sys

if sys.maxsize < 2**32:  # a 32-bit Python
    from .narrow_indices import install

    install()
