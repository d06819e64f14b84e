"""What the course stands on: every equation, checked."""
