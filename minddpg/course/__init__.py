"""The course: a folder for each chapter, the engine of the checks, grading, the kill matrix."""
