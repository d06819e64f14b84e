"""Chapter 11: its exercises, figures and precomputed results."""
