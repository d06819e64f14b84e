"""The named studies: a question, the runs that answer it, what is measured, a table, a figure."""

from .named import STUDIES, Study

__all__ = ["STUDIES", "Study"]
