"""Test the exercises' checks by mutation: they must reject every mutant of a solution."""
