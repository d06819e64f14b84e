"""Chapter 00: its exercises, figures and precomputed results."""
