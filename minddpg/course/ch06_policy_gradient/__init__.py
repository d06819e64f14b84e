"""Chapter 06: its exercises, figures and precomputed results."""
