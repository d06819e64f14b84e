"""The engine of the exercise checks: run a learner's code, compare, name the mistake."""
