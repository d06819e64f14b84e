"""Chapter 10: its exercises, figures and precomputed results."""
