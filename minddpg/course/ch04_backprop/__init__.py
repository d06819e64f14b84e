"""Chapter 04: its exercises, figures and precomputed results."""
