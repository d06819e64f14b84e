"""What the course stands on: checks, exercises, bugs, exact solutions, studies, grading."""
