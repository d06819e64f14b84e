"""Grading a folder of hand-ins, each notebook where it can spoil nothing else."""
