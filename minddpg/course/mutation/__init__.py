"""Mutation testing of the exercises' checks: every mutant of a solution must be rejected."""
