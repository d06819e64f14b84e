"""Chapter 07: its exercises, figures and precomputed results."""
