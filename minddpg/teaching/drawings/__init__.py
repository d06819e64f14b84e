"""The course's diagrams, and figures whose drawing is long: a file for each chapter."""
