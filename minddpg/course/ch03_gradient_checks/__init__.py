"""Chapter 03: its exercises, figures and precomputed results."""
