"""Chapter 02: its exercises, figures and precomputed results."""
