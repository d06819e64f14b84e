"""Chapter 12: its exercises, figures and precomputed results."""
