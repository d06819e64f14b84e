"""Grading a folder of submissions, each notebook where it can spoil nothing else."""
